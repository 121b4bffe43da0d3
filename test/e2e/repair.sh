# repair.sh — `tocsin cap repair`: the message on stdout, the mends on stderr, several
# alerts to files of their own that never replace another, and what each exit means.
. "$TOP/test/lib/harness.sh"

G=$TOP/test/golden/cap-repair
message() {
	cat <<XML
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>$1</identifier>
<sender>a@b.example</sender>
<sent>2026-09-21T23:10:00Z</sent>
<status>Actual</status>
<msgType>Alert</msgType>
<scope>Public</scope>
<info><category>Met</category><event>Storm</event><urgency>Expected</urgency>
<severity>Severe</severity><certainty>Likely</certainty>
<area><areaDesc>Coast</areaDesc>$2</area></info>
</alert>
XML
}
message one '<polygon>50,30 50,31 51,31</polygon>' >one.xml

t_ok "a message with faults becomes valid" "$TOCSIN" cap repair one.xml
cp out mended.xml
sed -n 1p out >first
t_has "stdout is the message alone" first '<?xml version="1.0" encoding="UTF-8"?>'
t_is "and nothing behind it" "$(tail -n 1 out)" '</alert>'
t_is "a mend is one line on stderr" "$(sed -n 1p err)" \
	'one.xml:4: time-form /alert/sent: 2026-09-21T23:10:00Z → 2026-09-21T23:10:00-00:00'
t_is "the next" "$(sed -n 2p err)" \
	'one.xml:10: unclosed-ring /alert/info[1]/area[1]/polygon[1]: 50,30 50,31 51,31 → 50,30 50,31 51,31 50,30'
t_is "and the sum" "$(sed -n 3p err)" 'one.xml: 2 mends, valid'
t_ok "the check agrees" "$TOCSIN" cap check mended.xml
t_ok "a second repair" "$TOCSIN" cap repair mended.xml
t_is "says that there is nothing to do" "$(cat err)" 'mended.xml: 0 mends, valid'
cp out again.xml
t_ok "and changes no byte" cmp again.xml mended.xml

t_got=0
"$TOCSIN" cap repair - <one.xml >piped.xml 2>err || t_got=$?
t_is "standard input" "$t_got" 0
t_ok "gives the same" cmp piped.xml mended.xml

t_exit "still not valid is 1" 1 "$TOCSIN" cap repair "$G/faults.in"
t_has "with the errors counted" err ': 11 mends, still not valid, 1 error; see tocsin cap check'
t_exit "not well-formed is 1" 1 "$TOCSIN" cap repair "$G/cut.in"
t_has "and said in a sentence" err 'line 3: not well-formed XML: it ends in the middle'
t_is "with nothing on stdout" "$(cat out)" ''
t_exit "no such file is 2" 2 "$TOCSIN" cap repair absent.xml

# Several alerts.
t_exit "several on stdout are refused" 2 "$TOCSIN" cap repair "$G/feed.in"
t_is "nothing is printed" "$(cat out)" ''
t_is "in one sentence" "$(cat err)" \
	"tocsin: $G/feed.in holds 2 alerts, which are not one message (expected --into DIR for a file each, or --json)"
t_exit "several files as well" 2 "$TOCSIN" cap repair one.xml mended.xml
t_exit "into a folder they go" 1 "$TOCSIN" cap repair --into made "$G/feed.in" one.xml
t_is "the names are told" "$(cat out)" "made/feed-1.xml
made/feed-2.xml
made/one-1.xml"
t_ok "each is a message" "$TOCSIN" cap check made/feed-1.xml made/one-1.xml
t_ok "the same as on stdout" cmp made/one-1.xml mended.xml
echo mine >made/one-1.xml
t_ok "a name that is taken" "$TOCSIN" cap repair --into made one.xml
t_is "is left alone" "$(cat made/one-1.xml)" mine
t_is "and another found" "$(cat out)" made/one-1.2.xml
mkdir 'a folder'
cp one.xml 'a folder/-x;y .tar.xml'
t_ok "a name with more than letters" "$TOCSIN" cap repair --into made 'a folder/-x;y .tar.xml'
t_is "becomes a plain one" "$(cat out)" 'made/_x_y_.tar-1.xml'
: >file
t_exit "a folder that cannot be made is 3" 3 "$TOCSIN" cap repair --into file/x one.xml
t_is "no half file is left" "$(find made -type f ! -name '*.xml')" ''

# On request only: fewer points.
teeth=$(awk 'BEGIN { for (i = 0; i < 200; i++) printf "50.%d,30.%03d ", 1 + i % 2, i }')
message two "<polygon>${teeth}49,30.199 49,30.000 50.1,30.000</polygon>" >two.xml
t_ok "many points stay" "$TOCSIN" cap repair two.xml
t_lacks "without a request" err simplified
t_ok "and become fewer on request" "$TOCSIN" cap repair --simplify 100 two.xml
t_has "which is recorded" err 'simplified /alert/info[1]/area[1]/polygon[1]'
points=$(sed -n 's,.*<polygon>\(.*\)</polygon>,\1,p' out | wc -w)
[ "$points" -ge 5 ] && [ "$points" -le 100 ]
t_result "at most 100" $? "$points points"
t_exit "a number too small is 2" 2 "$TOCSIN" cap repair --simplify 3 two.xml
