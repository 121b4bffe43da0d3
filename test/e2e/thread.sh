# thread.sh — tocsin cap thread: what it prints, in any order, of files good and bad; and
# what we send ourselves, given back to it: exactly the last version is in force, and
# after a cancellation none.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

# message IDENTIFIER SENT TYPE REFERENCES HEADLINE
message() {
	cat <<-EOF
		<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
		<identifier>$1</identifier><sender>desk@example.org</sender><sent>$2</sent>
		<status>${STATUS:-Actual}</status><msgType>$3</msgType><scope>Public</scope>
		${4:+<references>$4</references>}
		<info><language>en</language><category>Security</category><event>Unrest</event>
		<urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
		<expires>2026-09-22T12:00:00-00:00</expires><senderName>Embassy</senderName>
		<headline>$5</headline><area><areaDesc>a</areaDesc><circle>41,44 10</circle></area></info>
		</alert>
	EOF
}
first=desk@example.org,D-1,2026-09-21T08:00:00+02:00
second=desk@example.org,D-2,2026-09-21T10:00:00-00:00
message D-1 2026-09-21T06:00:00-00:00 Alert "" "Stay inside" >one.xml
sed -n '/<identifier>/s,.*,<sent>2026-09-21T06:00:00Z</sent>,p; /alert/p' one.xml >nameless.xml
t_exit "a message without a name" 1 "$TOCSIN" cap thread --at 2026-09-22T02:00:00Z nameless.xml
t_has "has a line for its sender" out "(no sender), 1 message"
t_has "and one for itself" out "unclear: (no identifier) has sent"
message D-2 2026-09-21T10:00:00-00:00 Update "$first" "Leave the centre" >two.xml
message D-3 2026-09-21T20:00:00-00:00 Cancel "$second" "It is over" >three.xml
STATUS=Test
message T-1 2026-09-21T11:00:00-00:00 Cancel "$second" "A test" >test.xml
STATUS=
message D-5 2026-09-21T21:00:00-00:00 Update desk@example.org,D-4,2026-09-21T09:00:00-00:00 \
	"Again" >lost.xml

t_ok "three in wrong order" "$TOCSIN" cap thread --at 2026-09-21T12:00:00Z three.xml one.xml two.xml
cat >want <<'EOF'
At 2026-09-21T12:00:00Z: 3 messages, 1 thread, 1 alert in force

desk@example.org, 3 messages, 1 alert in force
  superseded      Alert  2026-09-21T06:00:00-00:00  D-1
                  Stay inside
                  by D-2, 2026-09-21T10:00:00-00:00
  in-force        Update  2026-09-21T10:00:00-00:00  D-2
                  Leave the centre
                  until 2026-09-22T12:00:00Z
  not-yet-sent    Cancel  2026-09-21T20:00:00-00:00  D-3
                  It is over
                  until 2026-09-22T12:00:00Z
EOF
cp out told
t_ok "as it must be told" diff want told
"$TOCSIN" cap thread --at 2026-09-21T12:00:00Z one.xml two.xml three.xml >again
t_ok "the same in another order" cmp told again
t_ok "after the cancel" "$TOCSIN" cap thread --at 2026-09-21T20:00:00Z one.xml two.xml three.xml
cat >want <<'EOF'
At 2026-09-21T20:00:00Z: 3 messages, 1 thread, 0 alerts in force

desk@example.org, 3 messages, 0 alerts in force
  superseded      Alert  2026-09-21T06:00:00-00:00  D-1
                  Stay inside
                  by D-2, 2026-09-21T10:00:00-00:00
  cancelled       Update  2026-09-21T10:00:00-00:00  D-2
                  Leave the centre
                  by D-3, 2026-09-21T20:00:00-00:00
  withdrawal      Cancel  2026-09-21T20:00:00-00:00  D-3
                  It is over
EOF
cp out told
t_ok "nothing is in force, and by whom" diff want told
t_ok "a test cancels nothing actual" \
	"$TOCSIN" cap thread --json --at 2026-09-21T12:00:00Z test.xml two.xml one.xml
t_has "the alert holds" out '"in_force":["D-2"]'
t_has "and it is said" out '"kind":"other-status","doubt":false'
t_is "one object a thread" "$(wc -l <out | tr -d ' ')" 1
t_exit "a reference to what was not given" 1 \
	"$TOCSIN" cap thread --json --at 2026-09-21T22:00:00Z lost.xml one.xml
t_has "is dangling" out \
	'"kind":"dangling","doubt":true,"of":{"sender":"desk@example.org","identifier":"D-5"'
t_has "and named" out \
	'"reference":{"sender":"desk@example.org","identifier":"D-4","sent":"2026-09-21T09:00:00-00:00"}'
t_is "they are two threads" "$(wc -l <out | tr -d ' ')" 2
echo '<html/>' >page.xml
t_exit "what is no CAP message is named" 1 \
	"$TOCSIN" cap thread --at 2026-09-21T12:00:00Z one.xml page.xml two.xml
t_has "on stderr" err "page.xml: "
t_has "and the rest is told" out "in-force        Update"
t_exit "a file that is not there" 2 "$TOCSIN" cap thread one.xml nowhere.xml page.xml
t_has "is named too" err "nowhere.xml"
t_has "and the rest is told" out "1 message, 1 thread"
sed -i '/<expires>/s,<expires>[^<]*</expires>,,' one.xml
t_ok "without expires" "$TOCSIN" cap thread --at 2026-09-24T05:59:59Z one.xml
t_has "it holds for 72 hours" out "until 2026-09-24T06:00:00Z"
t_ok "or as many as asked for" "$TOCSIN" cap thread --hours 2 --at 2026-09-21T08:00:00Z one.xml
t_has "and then no longer" out "expired         Alert"
t_exit "--at wants a time" 2 "$TOCSIN" cap thread --at tomorrow one.xml
t_exit "--hours a number" 2 "$TOCSIN" cap thread --hours 0 one.xml
t_exit "a file is needed" 2 "$TOCSIN" cap thread

# What we write: an alert, its update, the update's update, and the cancellation of all.
live_init || exit 1
"$TOCSIN" people sample --count 50 --seed 3 | "$TOCSIN" people import --data data - >/dev/null
# leaves ID: it is approved, sent, and exported as it left.
leaves() {
	live_approve "$1" && as anna alert send "$1" >/dev/null &&
		"$TOCSIN" alert show "$1" --xml --data data >"ours-$1.xml"
	t_result "message $1 leaves" $?
}
# holds NAME: what cap thread says of all that left so far; in_force has the identifiers.
holds() {
	"$TOCSIN" cap thread --json ours-*.xml >thread.json
	t_is "$1: nothing is left open" $? 0
	t_is "$1: one thread" "$(wc -l <thread.json | tr -d ' ')" 1
	t_has "$1: no finding" thread.json '"findings":[]'
	sed 's/.*"in_force":\(\[[^]]*\]\).*/\1/' thread.json >in_force
}
identifier() {
	sed -n 's,.*<identifier>\(.*\)</identifier>.*,\1,p' "ours-$1.xml" | head -1
}
references() {
	sed -n 's,.*<references>\(.*\)</references>.*,\1,p' "ours-$1.xml" | wc -w | tr -d ' '
}
as anna alert new "$TOP/test/e2e/world.xml" >/dev/null
leaves 1
holds "the alert"
t_is "it is in force" "$(cat in_force)" "[\"$(identifier 1)\"]"
for id in 2 3; do
	as anna alert update $((id - 1)) "$TOP/test/e2e/world.xml" >/dev/null
	leaves $id
	holds "update $((id - 1))"
	t_is "exactly the last is in force" "$(cat in_force)" "[\"$(identifier $id)\"]"
	t_is "it lists every one before it" "$(references $id)" $((id - 1))
done
t_ok "it is cancelled" as boris alert cancel 3
"$TOCSIN" alert show 4 --xml --data data >ours-4.xml
holds "the cancellation"
t_is "none is in force" "$(cat in_force)" "[]"
t_is "it lists every one before it" "$(references 4)" 3
t_is "all three are cancelled" \
	"$(grep -o '"state":"cancelled"' thread.json | wc -l | tr -d ' ')" 3

# What the public gets is the same.
live_serve serve.log || exit 1
url=$(sed -n 's/^Tocsin serves at //p' serve.log | tail -1)
url=${url%/}
for id in 1 2 3 4; do
	curl -sf "$url/alert/$(identifier $id).xml" >"public-$id.xml"
	t_ok "the public gets message $id as it left" cmp "public-$id.xml" "ours-$id.xml"
done
