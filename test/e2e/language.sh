# language.sh — the reader's language: which infos are shown and why; and the author's:
# a draft that breaks the authority's promise, or only claims a language, is held back.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

end=$(date -u -d '+2 days' +%Y-%m-%dT%H:%M:%S-00:00)
# info LANGUAGE HEADLINE DESCRIPTION INSTRUCTION [LATITUDE]
info() {
	cat <<-EOF
		<info>${1:+<language>$1</language>}<category>Security</category><event>Unrest</event>
		<urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
		<expires>$end</expires><senderName>Embassy</senderName><headline>$2</headline>
		<description>$3</description><instruction>$4</instruction><contact>1</contact>
		<area><areaDesc>a</areaDesc><circle>${5:-41},44 10</circle></area></info>
	EOF
}
alert() {
	echo '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>L-1</identifier>'
	echo '<sender>desk@example.org</sender><sent>2026-09-21T06:00:00-00:00</sent>'
	echo '<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>'
	cat
	echo '</alert>'
}
en() { info "$1" "Stay inside" "Shots were heard in the centre." "Do not go out." 41; }
ru() { info ru "Не выходите" "В центре слышны выстрелы." "Оставайтесь дома." 41; }
port_en() { info "$1" "Leave the port" "A ship is burning." "Go inland." 42; }
port_ru() { info ru "Уходите из порта" "Горит судно." "Идите от берега." 42; }
{ en ""; ru; port_en ""; port_ru; } | alert >both.xml
{ en en; ru; port_en en; } | alert >half.xml

t_ok "who reads Russian" "$TOCSIN" cap show --language "de;ru-RU" both.xml
t_has "is told why" out "language      ru, because ru-RU was asked for and this covers it"
t_is "of every info in it" "$(grep -c '^Info . of 4, ru' out)" 2
t_is "and of none else" "$(grep -c '^Info ' out)" 2
t_has "with both places" out "Уходите из порта"
t_ok "who reads none of them" "$TOCSIN" cap show --language "de;*;bad tag" both.xml
t_has "gets English" out "en-US, because the alert has none of the languages asked for and this is English"
t_is "all of it" "$(grep -c '^Info . of 4, en-US' out)" 2
t_ok "where one place lacks the language" "$TOCSIN" cap show --language ru half.xml
t_has "it is said" out "info 3, en; there is nothing like it in the language chosen"
t_lacks "only of that one" out "info 1, en; there"
t_ok "without a wish all are shown" "$TOCSIN" cap show both.xml
t_is "all four" "$(grep -c '^Info ' out)" 4
t_exit "the XML is the whole message" 2 "$TOCSIN" cap show --xml --language ru both.xml

live_init || exit 1
t_set data/tocsin.conf authority languages '"en;ru"'
# stops NAME FILE TEXT: lint of the draft says it, and it cannot be submitted for it.
id=0
stops() {
	id=$((id + 1))
	as anna alert new "$2" >/dev/null
	t_exit "$1 stops" 1 "$TOCSIN" alert lint $id --data data
	t_has "$1: it is said" out "$3"
	t_exit "$1: it is held back" 1 as anna alert submit $id
	t_has "$1: with the reason" err "alert $id cannot be submitted: "
}
t_ok "both promised languages" "$TOCSIN" alert lint both.xml --data data
en en | alert >only.xml
stops "a promised language that is missing" only.xml \
	"stop missing-language: info 1 (en) is not told in ru, which every alert promises"
stops "or missing for one place" half.xml "stop missing-language: info 3 (en) is not told in ru"
{ en en; en ru; } | alert >copy.xml
stops "a copy" copy.xml \
	"stop copied-language: infos 1 and 2 claim to be en and ru but have the same text"
{ en en; info ru "Ne vykhodite" "Vystrely v tsentre." "Bud'te doma."; } | alert >latin.xml
stops "another script" latin.xml "stop wrong-script: info 2 claims to be ru"
{ en en; ru; } | alert | sed 's,<senderName>[^<]*</senderName>,,' >source.xml
stops "no source" source.xml "stop no-source: info 1"
{ en en; ru; } | alert | sed 's,<instruction>[^<]*</instruction>,,' >action.xml
stops "no action" action.xml "stop no-action: info 1"
{ en en; ru; } | alert | sed 's,<expires>[^<]*</expires>,,' >expiry.xml
stops "no expiry" expiry.xml "stop no-expiry: info 1"
sed -e 's|<msgType>Alert|<msgType>Cancel|' \
	-e 's|<scope>Public</scope>|&<references>s@example.org,a,2026-09-20T00:00:00-00:00</references>|' \
	expiry.xml >cancel.xml
t_ok "a cancel needs no end" "$TOCSIN" alert lint cancel.xml --data data
stops "a draft is none, whatever it says" cancel.xml "stop no-expiry: info 1"
{ en en; ru | sed 's,41,43,'; } | alert >area.xml
t_ok "another area is advice" "$TOCSIN" alert lint area.xml --data data
t_has "which says what differs" out "advice block-differs: info 2 (ru) differs from info 1 (en)"
{ en en; ru; } | sed 's,44 10,44 0,' | alert >zero.xml
t_ok "a shape that is odd is advice" "$TOCSIN" alert lint zero.xml --data data
t_has "from the check of messages" out "advice circle-radius-zero: line "
