# profile.sh — cap check --profile: a third verdict beside those of the schema and the
# standard, its findings among the others by line, and the names that there are.
. "$TOP/test/lib/harness.sh"

# message CODE EVENTCODE: a message that the standard takes.
message() {
	cat <<XML
<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>EX-1</identifier>
  <sender>desk@county.example</sender>
  <sent>2026-09-22T02:10:00-05:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <code>$1</code>
  <info>
    <language>en-US</language>
    <category>Met</category>
    <event>Tornado</event>
    <responseType>Shelter</responseType>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Observed</certainty>
    <eventCode><valueName>SAME</valueName><value>$2</value></eventCode>
    <expires>2026-09-22T04:10:00-05:00</expires>
    <senderName>County</senderName>
    <headline>Tornado near the town</headline>
    <description>A tornado moves north.</description>
    <instruction>Go to a cellar.</instruction>
    <web>https://county.example/</web>
    <contact>desk@county.example</contact>
    <parameter><valueName>EAS-ORG</valueName><value>CIV</value></parameter>
    <area>
      <areaDesc>The county</areaDesc>
      <circle>30.5,-90.5 12</circle>
      <geocode><valueName>SAME</valueName><value>022001</value></geocode>
    </area>
  </info>
</alert>
XML
}
message IPAWSv1.0 TOR >good.xml
message IPAWSv1.0 TORNADO >event.xml
message own TOR | sed 's,<size>,,; s,>Severe<,>Bad<,' >two.xml
message IPAWSv1.0 TOR | sed '/<instruction>/d' >advice.xml
{ echo '<!DOCTYPE alert>'; sed 1d good.xml; } >doctype.xml

# verdicts FILE PROFILE: the line of verdicts.
verdicts() {
	"$TOCSIN" cap check --profile "$2" "$1" | sed -n "s/^$1: schema /schema /p"
}

for name in ipaws cap-cp au none; do
	"$TOCSIN" cap check --profile $name good.xml >/dev/null 2>err
	[ ! -s err ]
	t_result "there is a profile $name" $? "$(cat err)"
done
t_exit "an unknown profile is refused" 2 "$TOCSIN" cap check --profile usa good.xml
t_has "with its name" err "--profile usa"
t_has "and those that there are" err "none, ipaws, cap-cp or au"
t_is "it looked at no file" "$(wc -c <out | tr -d ' ')" 0

t_ok "a message that keeps the profile is valid" "$TOCSIN" cap check --profile ipaws good.xml
t_is "all three verdicts say so" "$(verdicts good.xml ipaws)" \
	"schema valid, specification valid, profile ipaws valid"
t_is "without a profile there are two" "$(verdicts good.xml none)" \
	"schema valid, specification valid, profile not judged"
t_ok "the same message needs no profile" "$TOCSIN" cap check good.xml

t_exit "a message that breaks the profile alone is not valid" 1 \
	"$TOCSIN" cap check --profile ipaws event.xml
t_has "the finding has level, rule and path" out \
	'event.xml:18: profile ipaws-event-code /alert/info[1]/eventCode[1]: "TORNADO"'
t_has "and says how to mend it" out '  mend: Keep one <eventCode>'
t_is "only the third verdict is bad" "$(verdicts event.xml ipaws)" \
	"schema valid, specification valid, profile ipaws not valid (1 error)"
t_ok "by the standard it is valid" "$TOCSIN" cap check event.xml
"$TOCSIN" cap check --json --profile ipaws event.xml >out
t_has "JSON has the verdicts too" out \
	'"verdicts":{"schema":"valid","spec":"valid","profile":"not valid"}'

"$TOCSIN" cap check --profile ipaws two.xml >out
t_is "findings stand in the order of lines" \
	"$(sed -n 's/^two.xml:\([0-9]*\): \([a-z]*\) \([a-z-]*\) .*/\1 \2 \3/p' out | tr '\n' ';')" \
	"2 profile profile-code;16 schema invalid-value;"

t_ok "a warning of the profile leaves it valid" "$TOCSIN" cap check --profile ipaws advice.xml
t_has "and is told as one" out 'warning, profile profile-instruction /alert/info[1]'
t_lacks "and once" out 'spec missing-instruction'

t_exit "what is refused as a whole" 1 "$TOCSIN" cap check --profile ipaws doctype.xml
t_has "is not judged by a profile" out 'profile not judged'
