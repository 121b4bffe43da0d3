# verify.sh — whether a message is genuine, asked as the public asks: the code out of an
# e-mail that was really delivered, its text, the served file; changed, foreign, unsigned,
# replaced, cancelled and restricted ones.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

live_init || exit 1
port=$(t_port)
url=http://127.0.0.1:$port
sed -i "s|^port = 0\$|port = $port|" data/tocsin.conf
t_set data/tocsin.conf authority url "\"$url\""
t_set data/tocsin.conf authority contact '"+995 32 227 47 47"'
"$TOCSIN" people sample --count 40 --seed 51 | "$TOCSIN" people import --data data - >/dev/null || exit 1
sink
live_serve serve.log || exit 1

# code_of FILE: by hand: 15 hex digits of SHA-256, each 5 of them 4 digits of Crockford's base 32.
code_of() {
	hex=$(sha256sum "$1" | cut -c 1-15)
	for part in $(echo "$hex" | sed 's/...../& /g'); do
		n=$((0x$part))
		for shift in 15 10 5 0; do
			printf %s 0123456789ABCDEFGHJKMNPQRSTVWXYZ | cut -c $(((n >> shift & 31) + 1)) | tr -d '\n'
		done
		printf -
	done | sed 's/-$//'
}

# send ID: approved and on its way until nothing waits.
send() {
	live_approve "$1" && as anna alert send "$1" >/dev/null && t_wait 20 live_sent "$1"
}

# texts FILE: the plain text of every message in the sink's file, one behind the other.
texts() {
	tr -d '\r' <"$1" | awk '/^X-Client-Addr/ { head = 1; body = "" }
		head && /^$/ { head = 0; next }
		!head && /^[A-Za-z0-9+\/=]+$/ { print }
		/^$/ { print "" }' | while read -r line; do
		[ -z "$line" ] && continue
		printf '%s' "$line" | base64 -d 2>/dev/null
	done
}

served() {
	curl -sf "$url/alert/$1.xml" -o "$2"
}

verdict() {
	sed -n 's/.*<title>\(.*\)<\/title>.*/\1/p' page.html
}
by_code() {
	curl -s -G -o page.html --data-urlencode "code=$1" "$url/verify"
	verdict
}
by_file() {
	curl -s -o page.html -F "text=" -F "file=@$1" "$url/verify"
	verdict
}
by_text() {
	curl -s -o page.html -F "text=<$1" -F "file=;filename=" "$url/verify"
	verdict
}

compare="We issued an alert with this code. Compare the text."

as anna alert new "$TOP/test/e2e/world.xml" >/dev/null
send 1 || exit 1
"$TOCSIN" alert show 1 --xml --data data >one.xml
id=$(sed -n 's/.*<identifier>\(.*\)<\/identifier>.*/\1/p' one.xml)
served "$id" served.xml
t_ok "the served file is the frozen one" cmp one.xml served.xml
code=$(code_of served.xml)
texts sink.mbox >mail.txt
t_has "the e-mail says where to check it, and its code" mail.txt "$url/verify, code $code"
t_is "so do all of them" "$(grep -c "$url/verify, .*$code" mail.txt)" \
	"$(grep -c '^X-Rcpt-Args' sink.mbox)"
curl -s -o page.html "$url/alert/$id"
t_has "the public page has the code" page.html "$code"

t_is "the code of the e-mail" "$(by_code "$code")" "$compare"
headline=$(sed -n 's/.*<headline>\(.*\)<\/headline>.*/\1/p' one.xml | head -n 1)
t_has "shows the true text" page.html "$headline"
t_lacks "and calls nothing genuine" page.html Genuine
t_is "in small letters without dashes" "$(by_code "$(echo "$code" | tr -d - | tr A-Z a-z)")" "$compare"
t_is "a wrong code" "$(by_code 0000-0000-0000)" "We know no message of ours with this code"

tr -d '\r' <sink.mbox >mail.eml
t_is "the e-mail's file" "$(by_file mail.eml)" "$compare"
t_is "the e-mail's text" "$(by_text mail.txt)" "$compare"
printf 'Go to the airport at once. XYZZYMARK\nIs this message genuine? code %s\n' "$code" >false.txt
t_is "a false text with the true code" "$(by_text false.txt)" "$compare"
t_has "shows the true text beside" page.html "$headline"
t_lacks "and calls nothing genuine" page.html Genuine
t_lacks "and does not repeat the false text" page.html airport

t_is "the served file" "$(by_file served.xml)" "Genuine"
t_is "its text, pasted" "$(by_text served.xml)" "Genuine"
sed 's/<headline>/<headline>Not: /' served.xml >changed.xml
t_is "a changed one" "$(by_file changed.xml)" \
	"Not from us as it stands: the signature does not fit the text"
t_has "says whom to ask" page.html "+995 32 227 47 47"
sed '/<Signature/,/<\/Signature>/d; s/<\/alert>$//' served.xml | sed '/<Signature/d' >unsigned.xml
grep -q '</alert>' unsigned.xml || echo '</alert>' >>unsigned.xml
t_is "one without its signature" "$(by_file unsigned.xml)" "Not signed: anybody can have written it"
openssl req -x509 -newkey rsa:2048 -nodes -keyout foreign.key -out foreign.crt -days 2 \
	-subj "/CN=Embassy of Example" 2>/dev/null
"$TOCSIN" cap sign --key foreign.key --cert foreign.crt unsigned.xml >foreign.xml
t_is "one signed by somebody else" "$(by_file foreign.xml)" "Signed by somebody we do not know"
openssl x509 -in foreign.crt -noout -fingerprint -sha256 | sed 's/.*=//; s/://g; s/..../& /g; s/ $//' >fp
t_has "says by whom" page.html "$(cat fp)"
"$TOCSIN" cap sign --key data/keys/sign.key --cert data/keys/sign.crt unsigned.xml >again.xml
t_is "the same words signed by us again" "$(by_file again.xml)" "Genuine"
sed 's/<identifier>/<identifier>x/' unsigned.xml >other.xml
"$TOCSIN" cap sign --key data/keys/sign.key --cert data/keys/sign.crt other.xml >ours.xml
t_is "our signature under something never published" "$(by_file ours.xml)" \
	"Signed with our key, but not an alert that we published"

head -c 5000000 /dev/zero | tr '\0' x >large.txt
t_is "5 MB are refused" "$(curl -s -o page.html -w '%{http_code}' -F 'file=@large.txt' "$url/verify")" 413
t_is "nothing is no question" "$(curl -s -o page.html -w '%{http_code}' -F 'text=' "$url/verify")" 400
t_has "and says what to do" page.html 'role="alert"'

# Replaced, then withdrawn.
sed 's|<headline>|&Update: |' "$TOP/test/e2e/world.xml" >newer.xml
as anna alert update 1 newer.xml >/dev/null
send 2 || exit 1
replaced() {
	[ "$(by_file served.xml)" = "Genuine, but replaced by a later alert" ]
}
t_wait 10 replaced
t_result "the first is genuine, and replaced" $? "$(verdict)"
"$TOCSIN" alert show 2 --xml --data data >two.xml
second=$(sed -n 's/.*<identifier>\(.*\)<\/identifier>.*/\1/p' two.xml)
t_has "with the way to the newest" page.html "/alert/$second"
as boris alert cancel 2 >/dev/null
withdrawn() {
	[ "$(by_file two.xml)" = "Genuine, but cancelled" ]
}
t_wait 10 withdrawn
t_result "the second is genuine, and cancelled" $? "$(verdict)"
t_is "its code still leads to it" "$(by_code "$(code_of two.xml)")" "$compare"
t_has "and says that it is cancelled" page.html "This alert was cancelled and is no longer valid."

# What is not public.
: >sink.mbox
sed 's|<scope>Public</scope>|<scope>Restricted</scope><restriction>Staff</restriction>|
	s|<headline>|&Only for staff: |' "$TOP/test/e2e/world.xml" >staff.xml
as anna alert new staff.xml >/dev/null
send 4 || exit 1
"$TOCSIN" alert show 4 --xml --data data >four.xml
texts sink.mbox >mail.txt
t_has "its message has a code too" mail.txt "$url/verify, code $(code_of four.xml)"
known() {
	[ "$(by_code "$(code_of four.xml)")" = "We issued a message with this code. It is not public." ]
}
t_wait 10 known
t_result "the code is known" $? "$(verdict)"
t_is "and the file" "$(by_file four.xml)" "Genuine, but not public"
t_lacks "and its text is not told" page.html "Only for staff"

# Every language, and the printed page.
for language in ar en es fr ru uk; do
	curl -s -o page.html "$url/verify?lang=$language"
	t_has "$language: the page" page.html "<html lang=\"$language\""
done
"$TOCSIN" keys fingerprint --data data >fp.txt 2>/dev/null
openssl x509 -in data/keys/sign.crt -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' >fp
curl -s "$url/fingerprint" | sed -n 's/.*class="fingerprint"[^>]*>//p' | sed 's/<[^>]*>//g; s/ //g' >fp.page
t_is "the fingerprint is that of the certificate" "$(cat fp.page)" "$(cat fp)"
curl -s -o cert.pem "$url/certificate.pem"
t_ok "which can be fetched" cmp cert.pem data/keys/sign.crt

grep -rlaF XYZZYMARK data serve.log >found
t_is "nothing that was pasted is kept" "$(cat found)" ""
