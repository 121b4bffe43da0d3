# promise.sh — an officer's command dies just before or just after its commit: the
# promise was not made, or it is kept. The same for people and for the practice
# folder.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"
. "$TOP/test/crash/crash.sh"

crash_make 1500
TOCSIN_FAULT_LOG=$T/points
export TOCSIN_FAULT_LOG

state() {
	"$TOCSIN" alert show 1 --data data | sed -n '1s/.*: //p'
}

# die POINT COMMAND… of an officer.
die() {
	d_who=$2
	d_point=$1
	shift 2
	TOCSIN_PASSWORD_FILE=$T/$d_who.pw crash_at "$d_point" "$TOCSIN" "$@" --as "$d_who" --data data
	t_result "$* dies at $d_point" $? "$(tail -3 crash.log)"
}

crash_begin
die send.before-commit:1 anna alert send 1
t_is "before its commit nothing was promised" "$(state)" approved
t_start dispatch.log "$TOCSIN" serve --data data --role dispatch
t_wait 10 test -S data/run/dispatch.sock
t_kill TERM "$t_pid"
t_is "nobody is written to" "$(grep -c '^X-Rcpt-Args' sink.mbox)" 0
t_ok "it can be sent again" as anna alert send 1
crash_finish 1
crash_kept "and everybody is written to once" 0

crash_begin
die send.committed:1 anna alert send 1
t_is "after its commit it is live" "$(state)" live
crash_finish 1
crash_kept "and everybody is written to" 0
t_exit "it cannot be sent twice" 1 as anna alert send 1

# In the middle of a send, which is cancelled.
crash_middle() {
	crash_begin
	as anna alert send 1 >/dev/null
	crash_dispatch_at outbox.answered:400
	in_flight=$(live_rows 1 in-flight)
}

crash_middle
die cancel.before-commit:1 boris alert cancel 1
t_is "before its commit the alert is live" "$(state)" live
crash_finish 1
crash_kept "and goes on" "$in_flight"
t_exit "without a correction" 1 "$TOCSIN" alert show 2 --data data

crash_middle
die cancel.committed:1 boris alert cancel 1
t_is "after its commit the alert is cancelled" "$(state)" cancelled
sink_pairs sink.mbox | cut -d' ' -f1 | sort -u >got
: >sink.mbox
crash_finish 2
sink_pairs sink.mbox | cut -d' ' -f1 | sort >corrected
t_is "the correction goes out, once to each" "$(sort -u corrected | wc -l)" "$(wc -l <corrected)"
t_is "to everyone who got the alert" "$(comm -23 got corrected | wc -l | tr -d ' ')" 0
others=$(comm -13 got corrected | wc -l | tr -d ' ')
[ "$others" -le "$in_flight" ]
t_result "and to nobody else but the $in_flight who may have got it" $? "$others others"
t_is "nothing more of the alert itself" \
	"$(grep -c "$(printf '^Subject: A message to everybody')" sink.mbox)" 0
t_ok "the audit log holds together" "$TOCSIN" audit verify --data data

# People: import and forgetting.
persons() {
	"$TOCSIN" people count --data data --json | t_number persons
}
"$TOCSIN" people sample --count 6000 --seed 12 | sed 's/^P/N/' >more.csv
before=$(awk -F, 'FNR > 1 && !seen[$1]++' people.csv | wc -l | tr -d ' ')
after=$(awk -F, 'FNR > 1 && !seen[$1]++' people.csv more.csv | wc -l | tr -d ' ')
for point in people.import_written:1 people.import_written:2 people.keys_made:1 people.keys_made:2; do
	crash_begin
	crash_stop_keys # by the command itself
	crash_at $point "$TOCSIN" people import --data data more.csv
	t_result "people import dies at $point" $? "$(tail -3 crash.log)"
	[ "$(persons)" -ge "$before" ]
	t_result "nobody is lost" $? "$(persons), expected at least $before"
	t_ok "the same file can be imported again" "$TOCSIN" people import --data data more.csv
	t_is "and everybody is enrolled once" "$(persons)" "$after"
done

ref=$(sed -n 5p people.csv | cut -d, -f1)
for point in people.key_destroyed people.forgotten; do
	crash_begin
	crash_stop_keys
	die $point:1 anna people forget "$ref"
	crash_keys # finishes what was begun
	t_is "the person is gone" "$(persons)" $((before - 1))
	t_exit "and cannot be forgotten twice" 1 as anna people forget "$ref"
	t_ok "the audit log holds together" "$TOCSIN" audit verify --data data
done

# The folder of a practice installation.
crash_stop_keys
rm -rf data
"$TOCSIN" init --practice --data data >/dev/null
"$TOCSIN" people import --data data people.csv >/dev/null
"$TOCSIN" alert new "$TOP/test/e2e/world.xml" --as duty --data data >/dev/null
"$TOCSIN" alert submit 1 --as duty --data data >/dev/null
"$TOCSIN" alert approve 1 --size "$(live_size 1)" --as second --data data >/dev/null
"$TOCSIN" alert send 1 --as duty --data data >/dev/null
crash_keys
crash_dispatch_at file.written:1
t_result "dies when the folder holds a batch" $? "$(tail -3 crash.log)"
crash_finish 1
t_result "the rest is written after that" $? "$(cat show.out)"
t_is "one file a message" "$(find data/outbox -type f -name '*.eml' | wc -l)" "$(live_rows 1 accepted)"
crash_sums
t_result "the sums are right" $? "$(cat show.out)"

grep -hoE 'FAULT\("[a-z._-]*"\)' -r "$TOP/src" | cut -d'"' -f2 | grep -vE '^(outbox|fanout)\.' |
	sort -u >source
grep -vE '^(outbox|fanout)\.' points | sort -u >all
comm -23 source all >missed
t_is "every other point of the source was passed" "$(cat missed)" ""
