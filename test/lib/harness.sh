# harness.sh — what test scripts share: TAP lines, a folder of their own, processes
# that end with the script. Sourced: . "$TOP/test/lib/harness.sh"
#
# Given by the build: TOP (source), BUILD (build folder), TOCSIN (the binary),
# FAULTS (yes: the binary has fault points). Here: T (a fresh folder, the current
# one, removed at the end), CORPUS.

set -u
: "${TOP:?run me through meson test}" "${BUILD:?}" "${TOCSIN:?}"
CORPUS=${TOCSIN_CORPUS:-$TOP/../shared}
T=$(mktemp -d "${TMPDIR:-/tmp}/tocsin-test.XXXXXX")
t_count=0
t_failed=0
t_pids=

t_end() {
	t_code=$?
	trap - EXIT
	for t_pid in $t_pids; do
		kill "$t_pid" 2>/dev/null && wait "$t_pid" 2>/dev/null
	done
	cd / && rm -rf "$T"
	if [ $t_code -ne 0 ]; then
		echo "Bail out! the script ended early with exit $t_code"
	else
		echo "1..$t_count"
	fi
	exit $t_code
}
trap t_end EXIT
trap 'exit 130' HUP INT TERM
cd "$T" || exit 3

# One result: t_result NAME 0|other [TEXT…]; the text is shown when it is bad.
t_result() {
	t_count=$((t_count + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $t_count - $1"
		return 0
	fi
	t_failed=$((t_failed + 1))
	echo "not ok $t_count - $1"
	shift 2
	printf '%s\n' "$@" | sed 's/^/#   /'
	return 1
}

# t_ok NAME COMMAND…: it exits 0.
t_ok() {
	t_name=$1
	shift
	t_exit "$t_name" 0 "$@"
}

# t_exit NAME CODE COMMAND…: it exits with CODE. Its output is left in $T/out and
# $T/err.
t_exit() {
	t_name=$1
	t_want=$2
	shift 2
	t_got=0
	"$@" >"$T/out" 2>"$T/err" </dev/null || t_got=$?
	[ "$t_got" -eq "$t_want" ]
	t_result "$t_name" $? "exit $t_got, expected $t_want: $*" "$(head -c 2000 "$T/out")" \
		"$(head -c 2000 "$T/err")"
}

# t_is NAME GOT WANT: equal texts.
t_is() {
	[ "$2" = "$3" ]
	t_result "$1" $? "got:      $2" "expected: $3"
}

# t_has NAME FILE TEXT: a line of the file holds the text.
t_has() {
	grep -qF -e "$3" "$2"
	t_result "$1" $? "$2 does not hold: $3" "$(head -c 2000 "$2")"
}

# t_lacks NAME FILE TEXT: no line of the file holds it.
t_lacks() {
	! grep -qF -e "$3" "$2"
	t_result "$1" $? "$2 holds: $3"
}

# The rest of the script needs the corpus: without it, one skip that says so.
t_need_corpus() {
	[ -d "$CORPUS/cap" ] && return
	trap - EXIT
	cd / && rm -rf "$T"
	echo "1..0 # SKIP the corpus is absent (TOCSIN_CORPUS=$CORPUS)"
	exit 0
}

# t_start LOG COMMAND…: in the background until the script ends; its id in $t_pid.
t_start() {
	t_log=$1
	shift
	"$@" >"$t_log" 2>&1 </dev/null &
	t_pid=$!
	t_pids="$t_pids $t_pid"
}

# t_wait SECONDS COMMAND…: until it succeeds; 1 when it never does.
t_wait() {
	t_until=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -le "$t_until" ] || return 1
		sleep 0.05
	done
}

# t_kill SIGNAL PID: and wait until it is gone.
t_kill() {
	kill "-$1" "$2" 2>/dev/null
	wait "$2" 2>/dev/null
	return 0
}

t_port() {
	"$BUILD/test/lib/freeport"
}

# A number out of Prometheus text or one-line JSON on stdin: t_number KEY.
t_number() {
	sed -n "s/.*\"\{0,1\}$1\"\{0,1\}[: ] *\(-\{0,1\}[0-9][0-9.]*\).*/\1/p" | head -1
}

# t_set FILE TABLE KEY VALUE: put one setting into a tocsin.conf; VALUE is TOML.
t_set() {
	awk -v table="[$2]" -v key="$3" -v value="$4" '
		{ print }
		$0 == table { print key " = " value; done = 1 }
		END { if (!done) print table "\n" key " = " value }' "$1" >"$1.new" &&
		mv "$1.new" "$1"
}

# t_serve DIR: serve the installation on a free port until the script ends, log in
# $T/serve.log; t_url is its address, t_pid the supervisor. Fails when it is not ready in 10 s.
t_serve() {
	grep -q '^port = ' "$1/tocsin.conf" || t_set "$1/tocsin.conf" web port 0
	t_start "$T/serve.log" "$TOCSIN" serve --data "$1"
	t_wait 10 grep -q '^Tocsin serves at ' "$T/serve.log" || return 1
	t_url=$(sed -n 's/^Tocsin serves at //p' "$T/serve.log" | tail -1)
}
