# store_trouble.sh — the database locked for longer than anybody waits, gone, no
# database, cut off; the disk full. Each time exit 3 or a clear refusal with one
# sentence, and afterwards everything that was promised is there.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

# A small disk of the test's own.
mkdir disk
if mount -t tmpfs -o size=24m,mode=700 tocsin-test disk 2>/dev/null; then
	mounted=yes
	small_end() {
		s_code=$?
		trap - EXIT
		for t_pid in $t_pids; do
			kill "$t_pid" 2>/dev/null && wait "$t_pid" 2>/dev/null
		done
		cd / && umount "$T/disk"
		t_pids=
		(exit $s_code)
		t_end
	}
	trap small_end EXIT
else
	mounted=no
fi
ln -s disk/data data

live_init --data disk/data || exit 1
"$TOCSIN" people sample --count 1200 --seed 9 >people.csv
"$TOCSIN" people import --data data people.csv >/dev/null || exit 1
as anna alert new "$TOP/test/e2e/world.xml" >/dev/null
live_approve 1 || exit 1
"$TOCSIN" alert show 1 --xml --data data >frozen.xml

persons() {
	"$TOCSIN" people count --data data --json | t_number persons
}
state() {
	"$TOCSIN" alert show 1 --data data | sed -n '1s/.*: //p'
}

# says NAME CODE TEXT COMMAND…: exit CODE and one sentence that holds TEXT.
says() {
	s_name=$1
	s_want=$2
	s_text=$3
	shift 3
	s_got=0
	"$@" >out 2>err </dev/null || s_got=$?
	[ $s_got -eq "$s_want" ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$s_text" err
	t_result "$s_name" $? "exit $s_got, expected $s_want, and one sentence with: $s_text" \
		"$(head -c 1000 err)"
}

# Locked by another process.
before=$(persons)
mkfifo hold
sqlite3 disk/data/tocsin.sqlite <hold >lock.out 2>&1 &
t_pids="$t_pids $!"
lock=$!
exec 3>hold
echo 'PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE; SELECT 1;' >&3
t_wait 5 grep -q '^1$' lock.out
as anna alert send 1 >send.out 2>send.err </dev/null &
sending=$!
says "locked: an import is exit 3 and says so" 3 "locked" "$TOCSIN" people import --data data people.csv
s_got=0
wait $sending || s_got=$?
t_is "locked: a send is exit 3" $s_got 3
t_has "locked: and says so" send.err "locked"
t_ok "locked: reading goes on" "$TOCSIN" people count --data data
exec 3>&-
wait $lock
t_is "then nobody is lost" "$(persons)" "$before"
t_is "and nothing was promised" "$(state)" approved

# Gone, something else, cut off. A copy, so that the rest can go on.
cp -R disk/data other
rm -f other/tocsin.sqlite*
says "gone: exit 3" 3 "other/tocsin.sqlite" "$TOCSIN" people count --data other
t_exit "gone: the service does not start" 3 "$TOCSIN" serve --data other
t_is "gone: and none is made in its place" "$(ls other/tocsin.sqlite 2>/dev/null)" ""
head -c 100000 /dev/urandom >other/tocsin.sqlite
says "no database: exit 3" 3 "not a Tocsin database (expected" "$TOCSIN" people count --data other
size=$(stat -c %s disk/data/tocsin.sqlite)
head -c $((size / 2)) disk/data/tocsin.sqlite >other/tocsin.sqlite
says "cut off: exit 3" 3 "other/tocsin.sqlite" "$TOCSIN" people import --data other people.csv
: >other/tocsin.sqlite
t_exit "empty: exit 3" 3 "$TOCSIN" people count --data other

# The disk is full. Without a small one: a limit on the size of a file.
if [ $mounted = yes ]; then
	fill() {
		dd if=/dev/zero of=disk/fill bs=4096 2>/dev/null
		dd if=/dev/zero of=disk/fill2 bs=512 2>/dev/null
	}
	empty() {
		rm -f disk/fill disk/fill2
	}
	full() {
		"$@"
	}
else
	fill() { :; }
	empty() { :; }
	full() {
		(
			trap '' XFSZ
			# shellcheck disable=SC3045
			ulimit -f 64
			"$@"
		)
	}
fi
"$TOCSIN" people sample --count 4000 --seed 10 | sed 's/^P/N/; s/@/.n@/' >more.csv
sqlite3 disk/data/tocsin.sqlite 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
fill
says "full: an import is exit 3 and says so" 3 "full" full "$TOCSIN" people import --data data more.csv
says "full: a send is exit 3 and says so" 3 "full" full as anna alert send 1
empty
t_is "with space again who was there is there" "$(persons)" "$before"
t_is "nothing was promised" "$(state)" approved
t_ok "people can be imported" "$TOCSIN" people import --data data more.csv

# The disk fills up under the service, between the promise and the sending.
"$TOCSIN" audience --refs --data data frozen.xml >refs
sink
live_serve serve.log || exit 1
dispatch=$(live_role dispatch)
kill -STOP "$dispatch"
as boris alert return 1 --word "more people" >/dev/null
as anna alert submit 1 >/dev/null
as boris alert approve 1 --size "$(live_size 1)" >/dev/null
t_ok "the alert is sent" as anna alert send 1
fill
kill -CONT "$dispatch"
if [ $mounted = yes ]; then
	t_wait 10 grep -q "store.failed.*full" serve.log
	t_result "the log says that the disk is full" $? "$(tail -n 5 serve.log)"
	empty
fi
t_wait 20 live_sent 1
t_result "with space again everything leaves" $? "$(cat show.out)" "$(tail -n 5 serve.log)"
awk -F, 'FNR == NR { concerned[$1] = 1; next } ($1 in concerned) && $5 != "" { print $5 }' \
	refs people.csv more.csv | sort -u >want
sink_pairs sink.mbox | sort >pairs
sort -u pairs | cut -d' ' -f1 | sort -u >got
t_ok "to everybody, nobody else" cmp got want
t_kill TERM "$SERVE_PID"
t_ok "the audit log holds together" "$TOCSIN" audit verify --data data
