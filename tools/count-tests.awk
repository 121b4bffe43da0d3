# count-tests.awk — add up one `meson test` run from its testlog.json.
#
# Prints "PASSED FAILED SKIPPED" on stdout, and on stderr what was skipped and
# why. A TAP test counts by its lines, any other as one. -v corpus=no says that
# the corpus is absent: only then, and only where the test's own words name it,
# is a skip a skip; else it is a failure. With -v only_bad=1 it prints the output of
# the tests that went wrong instead.

# The value of a string field, still escaped, with every \\ as \001.
function field(key,    s) {
	if (!match($0, "\"" key "\": \"[^\"\\\\]*(\\\\.[^\"\\\\]*)*\""))
		return ""
	s = substr($0, RSTART + length(key) + 5, RLENGTH - length(key) - 6)
	gsub(/\\\\/, "\001", s)
	return s
}

function plain(s) {
	gsub(/\\t/, "\t", s)
	gsub(/\\"/, "\"", s)
	gsub(/\\n/, "\n", s)
	gsub(/\001/, "\\", s)
	return s
}

function skip(what, why,    n, i, line, first) {
	n = split(why, line, "\n")
	first = line[1]
	for (i = n; i >= 1; i--)
		if (line[i] ~ /[Cc]orpus|TOCSIN_CORPUS/)
			first = line[i]
	sub(/^# */, "", first)
	if (corpus == "no" && why ~ /[Cc]orpus|TOCSIN_CORPUS/) {
		skipped++
		if (!only_bad)
			printf "skipped: %s: %s\n", what, first > "/dev/stderr"
	} else {
		failed++
		if (!only_bad)
			printf "FAILED: %s: was skipped (%s); only an absent corpus is a reason\n",
				what, first == "" ? "no reason given" : first > "/dev/stderr"
	}
}

{
	name = field("name")
	sub(/^[^:]*:/, "", name)
	out = field("stdout")
	err = field("stderr")
	result = field("result")
	ok = not_ok = skips = 0
	n = split(out, line, /\\n/)
	said = ""
	for (i = 1; i <= n; i++) {
		# cmocka says "not ok" of what it skips.
		if (line[i] ~ /^(not )?ok [0-9]+.*# *[Ss][Kk][Ii][Pp]/) {
			skip(name, plain(line[i]) "\n" said)
			skips++
		} else if (line[i] ~ /^ok [0-9]/)
			ok++
		else if (line[i] ~ /^not ok [0-9]/)
			not_ok++
		else
			said = said plain(line[i]) "\n"
	}
	passed += ok
	if (result == "SKIP") {
		if (skips > 0)
			next
		why = plain(out) plain(err)
		sub(/^1\.\.0 *# *[Ss][Kk][Ii][Pp][Pp]?[Ee]?[Dd]? */, "", why)
		skip(name, why)
		next
	}
	if (result == "OK" || result == "EXPECTEDFAIL") {
		if (ok + not_ok == 0 && out !~ /^1\.\.|\\n1\.\.|ok [0-9]+.*# *[Ss][Kk][Ii][Pp]/)
			passed++
		next
	}
	if (result == "FAIL" && not_ok == 0 && skips > 0 && /"returncode": 0[,}]/)
		next
	failed += not_ok > 0 ? not_ok : 1
	if (only_bad)
		printf "\n---- %s: %s\n%s%s", name, result, plain(out), plain(err)
}

END {
	if (!only_bad)
		print passed + 0, failed + 0, skipped + 0
}
