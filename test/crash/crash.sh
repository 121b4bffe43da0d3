# crash.sh — what the scripts of this folder share: an installation to die in, made
# once and copied for each death. Sourced after harness.sh and live.sh.

# crash_make PEOPLE: $T/made, an approved alert for everybody; the refs' e-mail
# addresses in $T/want.
crash_make() {
	live_init || exit 1
	"$TOCSIN" people sample --count "$1" --seed 11 >people.csv
	"$TOCSIN" people import --data data people.csv >/dev/null || exit 1
	as anna alert new "$TOP/test/e2e/world.xml" >/dev/null
	live_approve 1 || exit 1
	"$TOCSIN" alert show 1 --xml --data data >frozen.xml
	"$TOCSIN" audience --refs --data data frozen.xml >refs
	awk -F, 'NR == FNR { concerned[$1] = 1; next } ($1 in concerned) && $5 != "" { print $5 }' \
		refs people.csv | sort -u >want
	mv data made
	sink
}

# The copy of $T/made that is worked on from here, with the role keys.
crash_begin() {
	crash_stop_keys
	rm -rf data
	cp -R made data
	: >sink.mbox
	crash_keys
}

crash_keys() {
	rm -f data/run/keys.sock
	t_start keys.log "$TOCSIN" serve --data data --role keys
	keys_pid=$t_pid
	t_wait 10 test -S data/run/keys.sock || exit 1
}

keys_pid=
crash_stop_keys() {
	[ -z "$keys_pid" ] || t_kill TERM "$keys_pid"
	keys_pid=
}

# crash_at POINT:PASS COMMAND…: the command ends there, which is exit 86.
crash_at() {
	c_point=$1
	shift
	c_code=0
	TOCSIN_FAULT=$c_point timeout 20 "$@" >crash.log 2>&1 </dev/null || c_code=$?
	[ $c_code -eq 86 ]
}

crash_dispatch_at() {
	crash_at "$1" "$TOCSIN" serve --data data --role dispatch
}

# crash_finish ID: a dispatcher without a fault, until nothing of the alert waits.
crash_finish() {
	t_start dispatch.log "$TOCSIN" serve --data data --role dispatch
	c_pid=$t_pid
	c_rc=0
	t_wait 20 live_sent "$1" || c_rc=1
	t_kill TERM "$c_pid"
	return $c_rc
}

# crash_sums: in show.out persons by state add up to the audience, messages too.
crash_sums() {
	! grep -q "NOT ACCOUNTED" show.out && awk '
		/^(audience|messages) / {
			n = split($0, part, /[:,] */); total = part[1]; sub(/.* /, "", total)
			for (i = 2; i <= n; i++) { sub(/.* /, "", part[i]); sum[NR] += part[i] }
			if (sum[NR] != total) exit bad = 1
			seen++
		}
		END { exit bad || seen != 2 }' show.out
}

# crash_kept NAME IN_FLIGHT: the promise to everybody was kept (DESIGN 3.7); empty
# in $why when it was.
crash_kept() {
	why=
	sink_pairs sink.mbox | sort >pairs
	sort -u pairs >once
	cut -d' ' -f1 once | cmp -s - want ||
		why="$why; not everybody once: $(wc -l <once) of $(wc -l <want)"
	c_again=$(($(wc -l <pairs) - $(wc -l <once)))
	[ $c_again -le "$2" ] || why="$why; $c_again sent again, $2 were in flight"
	crash_sums || why="$why; sums: $(cat show.out)"
	"$TOCSIN" audit verify --data data >/dev/null 2>audit.err || why="$why; $(cat audit.err)"
	[ -z "$why" ]
	t_result "$1" $? "$why" "$(tail -qn 3 crash.log dispatch.log)"
}
