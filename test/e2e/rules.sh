# rules.sh — the safety rules of the house from the shell: practice and live never
# mix, a cancellation corrects exactly those who were reached, an update tells those
# it no longer concerns, two people grant and export, forgetting leaves nothing, and
# without the role keys nothing is opened.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

# The word EXERCISE at the head of each subject: plain, or what base64 makes of its
# first letters (the translation follows behind it).
exercises() {
	cat "$@" | grep -cE '^Subject: (EXERCISE|=\?UTF-8\?B\?RVhFUkNJU0U)'
}

# Practice: no way out, EXERCISE in every message.
"$TOCSIN" init --practice --data practice >/dev/null || exit 1
SMTP_PORT=$(t_port)
sed -i "s|^#port = 25\$|port = $SMTP_PORT|; s|^#port = 8080\$|port = 0|" practice/tocsin.conf
sink
"$TOCSIN" people sample --count 300 --seed 31 | "$TOCSIN" people import --data practice - >/dev/null
t_start practice.log "$TOCSIN" serve --data practice
practice=$t_pid
t_wait 10 grep -q '^Tocsin serves' practice.log
"$TOCSIN" alert new "$TOP/test/e2e/world.xml" --as duty --data practice >/dev/null
"$TOCSIN" alert submit 1 --as duty --data practice >/dev/null
size=$("$TOCSIN" alert show 1 --data practice | sed -n 's/^concerns \([0-9]*\) persons.*/\1/p')
t_exit "practice: its author cannot approve it either" 1 \
	"$TOCSIN" alert approve 1 --size "$size" --as duty --data practice
t_ok "practice: another one can" "$TOCSIN" alert approve 1 --size "$size" --as second --data practice
t_ok "practice: it is sent" "$TOCSIN" alert send 1 --as duty --data practice
practice_sent() {
	"$TOCSIN" alert show 1 --data practice >show.out &&
		! grep -qE ', (ready|claimed|in-flight|in-doubt|retry-wait) |outbox [1-9]' show.out
}
t_wait 20 practice_sent
t_result "practice: everything is written" $? "$(cat show.out)"
files=$(find practice/outbox -name '*.eml' | wc -l)
[ "$files" -gt 0 ]
t_result "practice: into its folder ($files)" $?
t_is "practice: the word EXERCISE in every message" \
	"$(exercises practice/outbox/*/*.eml)" "$files"
t_is "practice: the mail server sees nothing" "$(grep -c '^X-Rcpt-Args' sink.mbox 2>/dev/null)" ""
"$TOCSIN" alert show 1 --xml --data practice >frozen.xml
t_has "practice: the status is Exercise" frozen.xml "<status>Exercise</status>"
t_lacks "practice: and not Actual" frozen.xml "<status>Actual</status>"
t_kill TERM "$practice"
t_kill TERM "$SINK_PID"

# Live: an exercise reaches the group drill alone.
live_init || exit 1
"$TOCSIN" people sample --count 4000 --seed 32 |
	awk -F, -v OFS=, 'NR > 1 && NR % 40 == 0 { $12 = "drill" } { print }' >people.csv
"$TOCSIN" people import --data data people.csv >/dev/null || exit 1
: >sink.mbox
sink
live_serve serve.log || exit 1

# concerned ID: the e-mail addresses of those whom the frozen alert concerns, without Tocsin's outbox.
concerned() {
	"$TOCSIN" alert show "$1" --xml --data data >frozen.xml
	"$TOCSIN" audience --refs --data data frozen.xml >refs
	awk -F, 'NR == FNR { c[$1] = 1; next } ($1 in c) && $5 != "" { print $5 }' refs people.csv | sort -u
}
recipients() {
	sink_pairs sink.mbox | cut -d' ' -f1 | sort -u
}
sed 's|<status>Actual|<status>Exercise|' "$TOP/test/e2e/world.xml" >drill.xml
as anna alert new drill.xml >/dev/null
live_approve 1
concerned 1 >all
awk -F, '$12 ~ /drill/ && $5 != "" { print $5 }' people.csv | sort -u | comm -12 - all >want
as anna alert send 1 >/dev/null
t_wait 20 live_sent 1
recipients >got
[ -s want ] && cmp -s got want
t_result "live: an exercise reaches the group drill and nobody else" $? "$(wc -l got want)"
t_is "live: with the word EXERCISE in each" "$(exercises sink.mbox)" \
	"$(wc -l <want | tr -d ' ')"

# An update whose area is smaller goes to its own and to those written to before.
: >sink.mbox
as anna alert new "$TOP/test/e2e/world.xml" >/dev/null
live_approve 2
concerned 2 >first
as anna alert send 2 >/dev/null
t_wait 20 live_sent 2
recipients >got
t_ok "an alert goes to those it concerns" cmp got first
: >sink.mbox
sed 's|<polygon>.*</polygon>|<geocode><valueName>ISO3166-1</valueName><value>RU</value></geocode>|
	s|<headline>|&Update: |' "$TOP/test/e2e/world.xml" >smaller.xml
as anna alert update 2 smaller.xml >/dev/null
live_approve 3
concerned 3 >second
as anna alert send 3 >/dev/null
t_wait 20 live_sent 3
recipients >got
sort -u first second >want
t_ok "its update goes to its own and to everyone written to before" cmp got want
t_is "each once" "$(grep -c '^X-Rcpt-Args' sink.mbox)" "$(wc -l <want | tr -d ' ')"
comm -23 first second >others
[ -s others ]
t_result "some are no longer concerned" $? "$(wc -l others)"

# A cancellation in the middle: the relay goes away after 400 messages.
t_kill TERM "$SINK_PID"
: >sink.mbox
sink -M 400
as anna alert new "$TOP/test/e2e/world.xml" >/dev/null
live_approve 4
as anna alert send 4 >/dev/null
given_back() {
	"$TOCSIN" alert show 4 --data data >show.out &&
		grep -q ', accepted ' show.out && ! grep -qE ', in-flight ' show.out
}
wait "$SINK_PID"
t_wait 20 given_back
t_result "the relay goes away in the middle" $? "$(cat show.out)"
doubts=$(sed -n 's/^audience .*, in-doubt \([0-9]*\).*/\1/p' show.out)
t_ok "one officer cancels in the middle" as boris alert cancel 4
sink
t_wait 40 live_sent 5
t_result "the correction leaves" $? "$(cat show.out)"
"$TOCSIN" alert show 5 --data data >show.out
t_has "it is a Cancel" show.out "Cancel, Actual"
sink_pairs sink.mbox >pairs
ids=$(cut -d' ' -f2 pairs | sort -u | wc -l)
t_is "nothing twice" "$ids" "$(wc -l <pairs)"
# Two messages to those who got the alert, none to the others. Who was cut off in the
# middle may have got it: those few get the correction too.
cut -d' ' -f1 pairs | sort | uniq -c | awk '{ n[$1]++ } END { print n[2] + 0, n[1] + 0, length(n) }' >times
read -r both one kinds <times
[ "$both" -ge 390 ] && [ "$one" -le "${doubts:-0}" ] && [ "$kinds" -le 2 ]
t_result "the correction went to exactly those who may have got the alert" $? \
	"both, one, kinds: $(cat times); in doubt: ${doubts:-0}"
[ "$both" -lt "$(wc -l <first)" ]
t_result "which were not all" $? "$(cat times)"
t_exit "what is cancelled cannot be updated" 1 as anna alert update 4 smaller.xml

# An export: one asks, another approves, the asker alone can open it, once.
public=$("$TOCSIN" export key carla.key)
t_ok "an export is asked for" as anna export request --alert 2 --to "$public" --reason drill
t_exit "who asked cannot approve it" 1 as anna export approve 1
t_exit "it cannot be fetched before" 1 as anna export fetch 1 out.box
t_ok "another officer approves it" as boris export approve 1
t_exit "only who asked can fetch it" 1 as boris export fetch 1 out.box
t_ok "she fetches it" as anna export fetch 1 out.box
t_exit "once" 1 as anna export fetch 1 again.box
t_lacks "nothing in it is clear" out.box "$(head -1 first)"
t_ok "the key opens it" "$TOCSIN" export open --key carla.key out.box
t_is "it holds those concerned" "$(awk -F, 'NR > 1 && $5 != "" { print $5 }' out | sort -u)" "$(cat first)"
"$TOCSIN" export key other.key >/dev/null
t_exit "another key does not" 1 "$TOCSIN" export open --key other.key out.box

# Two people.
t_ok "an officer is added" as anna officer add carla
sed -n 's/^Password, shown this once: //p' out >carla.pw
t_ok "an author needs one administrator" as anna officer grant carla author
t_ok "an approver is asked for" as anna officer grant carla approver
t_lacks "and is none yet" out "is approver now"
t_exit "who asked cannot confirm" 1 as anna officer confirm 1
t_ok "another administrator can" as boris officer confirm 1
"$TOCSIN" officer list --data data >officers
grep -q '^carla.*approver' officers
t_result "now she is" $? "$(cat officers)"

# Without the role keys.
: >sink.mbox
as anna alert new "$TOP/test/e2e/world.xml" >/dev/null
live_approve 6
keys=$(live_role keys)
kill -STOP "$keys"
as anna alert send 6 >/dev/null
waits() {
	"$TOCSIN" alert show 6 --data data | grep -q 'not yet in the outbox 0'
}
t_wait 10 waits
t_is "without the role keys nothing is sent" "$(grep -c '^X-Rcpt-Args' sink.mbox)" 0
kill -9 "$keys"
t_wait 40 live_sent 6
t_result "with it again everything leaves" $? "$(cat show.out)" "$(tail -n 5 serve.log)"
concerned 6 >want
recipients >got
t_ok "to everybody" cmp got want

# Forgetting: no bytes of the name or the address in any file.
line=$(awk -F, 'NR > 1 && $5 != "" && length($2) > 12' people.csv | head -n 1)
ref=$(printf '%s' "$line" | cut -d, -f1)
name=$(printf '%s' "$line" | cut -d, -f2)
address=$(printf '%s' "$line" | cut -d, -f5)
phone=$(printf '%s' "$line" | cut -d, -f6)
t_ok "a person is forgotten" as anna people forget "$ref"
t_kill TERM "$SERVE_PID"
for text in "$name" "$address" ${phone:+"$phone"}; do
	grep -rlaF -e "$text" data >found
	t_is "no file holds a byte of it" "$(cat found)" ""
done
for address in $(head -n 3 want); do
	t_lacks "no address in the log" serve.log "$address"
done
t_ok "the audit log holds together" "$TOCSIN" audit verify --data data
