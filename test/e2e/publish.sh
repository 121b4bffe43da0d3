# publish.sh — the signed mirror: each file is what is served, every link leads to a file, the
# list and its signature hold for openssl and sha256sum, and what is not ours is left alone.
. "$TOP/test/lib/harness.sh"

port=$(t_port)
url=http://127.0.0.1:$port
"$TOCSIN" init --practice --data data >/dev/null || exit 1
sed -i "s|^#port = 8080\$|port = $port|" data/tocsin.conf
t_set data/tocsin.conf authority url "\"$url\""
"$TOCSIN" people sample --count 20 --seed 7 | "$TOCSIN" people import --data data - >/dev/null || exit 1

# send ID: submitted, approved by another, sent.
send() {
	"$TOCSIN" alert submit "$1" --as duty --data data >/dev/null &&
		"$TOCSIN" alert approve "$1" --as second --data data --size \
			"$("$TOCSIN" alert show "$1" --data data | sed -n 's/^concerns \([0-9]*\) persons.*/\1/p')" >/dev/null &&
		"$TOCSIN" alert send "$1" --as duty --data data >/dev/null
}
publish() {
	"$TOCSIN" publish mirror --data data --next 6 >publish.out
}

sed 's|<scope>Public</scope>|<scope>Restricted</scope><restriction>Staff</restriction>|
	s|<headline>|&Only for staff: |' "$TOP/test/e2e/world.xml" >staff.xml
"$TOCSIN" alert new "$TOP/assets/sample/alert.xml" --as duty --data data >/dev/null
for file in "$TOP/test/e2e/world.xml" staff.xml "$TOP/test/e2e/world.xml"; do
	"$TOCSIN" alert new "$file" --as duty --data data >/dev/null || exit 1
done
for n in 2 3 4; do
	send $n || exit 1
done
"$TOCSIN" alert cancel 4 --as second --data data >/dev/null || exit 1
t_start serve.log "$TOCSIN" serve --data data
t_wait 10 grep -q '^Tocsin serves' serve.log || exit 1

t_ok "it is written while the service runs" publish

# The files of alerts are those that are public.
for n in 2 4 5; do
	"$TOCSIN" alert show $n --xml --data data | sed -n 's/.*<identifier>\(.*\)<\/identifier>.*/\1/p'
done | sort >want
(cd mirror/alert && ls ./*.xml) | sed 's/^\.\///; s/\.xml$//' | sort >got
t_ok "the alerts are those that are public" cmp got want
grep -rl "Only for staff" mirror >found
t_is "a restricted one is nowhere" "$(cat found)" ""

# Bytes, and words, as they are served.
for path in style.css certificate.pem $(sed 's|.*|alert/&.xml|' want); do
	curl -sf "$url/$path" | cmp -s - "mirror/$path"
	t_result "served byte for byte: $path" $?
done
words() {
	sed '/class="copy"/d; s/<[^>]*>//g' "$1"
}
same_words() {
	curl -sf "$url/$1" >served.html && words served.html >served.words &&
		words "mirror/$2" >mirror.words && cmp -s served.words mirror.words
}
: >differ
for language in ar en es fr ru uk; do
	same_words "?lang=$language" "index.$language.html" || echo "index.$language" >>differ
	same_words "fingerprint?lang=$language" "fingerprint.$language.html" || echo "fingerprint.$language" >>differ
	[ -f "mirror/verify.$language.html" ] || echo "verify.$language" >>differ
done
for id in $(cat want); do
	same_words "alert/$id" "alert/$id.html" || echo "$id" >>differ
	for language in en ru; do
		same_words "alert/$id?lang=$language" "alert/$id.$language.html" || echo "$id.$language" >>differ
	done
done
cmp -s mirror/index.html mirror/index.en.html || echo index >>differ
t_is "every page has the words that are served" "$(cat differ)" ""
curl -sf "$url/feed.atom" | sed 's/href="[^"]*"//' >served.words
sed 's/href="[^"]*"//' mirror/feed.atom >mirror.words
t_ok "and the feed" cmp served.words mirror.words
xmllint --noout mirror/feed.atom
t_result "which is XML" $?

# Links from file to file; nothing asked of a server.
: >dead
find mirror -name '*.html' -o -name '*.atom' | while read -r page; do
	grep -o 'href="[^"]*"' "$page" | sed 's/^href="//; s/"$//; s/#.*//' | sort -u | while read -r link; do
		case $link in
		"" | mailto:* | tel:* | https://*) ;;
		"$url/verify") ;;
		/* | http:*) echo "$page: $link" >>dead ;;
		*) [ -f "$(dirname "$page")/$link" ] || echo "$page: $link" >>dead ;;
		esac
	done
done
t_is "every link leads to a file" "$(cat dead)" ""
grep -L 'class="copy"' $(find mirror -name '*.html') >lacking
t_is "every page says that it is a copy" "$(cat lacking)" ""
t_has "of what" mirror/index.html "$url"
t_lacks "the page that checks has no form" mirror/verify.en.html "<form"

# As its own page says it is checked.
t_has "the commands are on the page" mirror/verify.en.html "openssl dgst -sha256 -verify key.pem"
cd mirror || exit 1
find . -type f ! -name 'SHA256SUMS*' | sed 's|^\./||' | sort >../want
sed 's/^[0-9a-f]*  //' SHA256SUMS | sort >../got
t_ok "the list names every file" cmp ../got ../want
t_ok "sha256sum finds them whole" sha256sum --check --strict --quiet SHA256SUMS
openssl x509 -in certificate.pem -noout -pubkey >../key.pem
t_ok "openssl finds the signature good" openssl dgst -sha256 -verify ../key.pem -signature SHA256SUMS.sig SHA256SUMS
for xml in alert/*.xml; do
	xmlsec1 --verify --trusted-pem certificate.pem "$xml" >/dev/null 2>&1
	t_result "xmlsec1 finds $(basename "$xml") good" $?
done
cd .. || exit 1
made=$(date -u -d "$(sed -n 's/^Made: //p' mirror/mirror.txt)" +%s)
next=$(date -u -d "$(sed -n 's/^Next before: //p' mirror/mirror.txt)" +%s)
t_is "the note says when the next is expected" $((next - made)) 21600
[ $(($(date +%s) - made)) -lt 100 ]
t_result "and when it was made" $?
cp mirror/SHA256SUMS changed
sed -i 's/^\(.*\)  index.html$/0\1  index.html/' changed
t_exit "a changed list is found out" 1 \
	openssl dgst -sha256 -verify key.pem -signature mirror/SHA256SUMS.sig changed

# Again: what did not change stays; what is no longer public goes; the rest is left alone.
(cd mirror && ls -i alert/*.xml style.css certificate.pem) >before
echo mine >mirror/alert/mine.html
echo mine >mirror/notes.txt
sleep_until_next_second() {
	[ "$(date +%s)" -gt "$made" ]
}
t_wait 5 sleep_until_next_second
t_ok "it can be run again" publish
(cd mirror && ls -i alert/*.xml style.css certificate.pem) >after
t_ok "files that did not change are not written" cmp before after
gone=$("$TOCSIN" alert show 4 --xml --data data | sed -n 's/.*<identifier>\(.*\)<\/identifier>.*/\1/p')
sqlite3 data/tocsin.sqlite "UPDATE alert SET ended = 1 WHERE id = 4"
cp "mirror/alert/$gone.ru.html" kept
echo changed by hand >>"mirror/alert/$gone.ru.html"
t_ok "and when an alert is long over" publish
[ ! -e "mirror/alert/$gone.xml" ] && [ ! -e "mirror/alert/$gone.html" ]
t_result "its pages are removed" $? "$(cat publish.out)"
[ -e "mirror/alert/$gone.ru.html" ] && [ "$(cat mirror/alert/mine.html mirror/notes.txt)" = "mine
mine" ]
t_result "what somebody else wrote is not" $?
cd mirror || exit 1
t_ok "the new list holds" sha256sum --check --strict --quiet SHA256SUMS
t_ok "and its signature" openssl dgst -sha256 -verify ../key.pem -signature SHA256SUMS.sig SHA256SUMS
cd .. || exit 1

# Stopped in the middle: the next run makes it whole.
rm mirror/SHA256SUMS.sig mirror/index.html
echo half >mirror/index.ru.html
t_ok "after a run that was stopped" publish
(cd mirror && sha256sum --check --strict --quiet SHA256SUMS &&
	openssl dgst -sha256 -verify ../key.pem -signature SHA256SUMS.sig SHA256SUMS) >/dev/null
t_result "everything is there again" $?

"$TOCSIN" init --practice --data elsewhere >/dev/null || exit 1
cp mirror/SHA256SUMS kept.list
"$TOCSIN" publish mirror --data elsewhere 2>refused.err
t_is "the mirror of another installation is refused" "$?" 1
t_has "and it is said why" refused.err "the mirror of another installation"
t_ok "and nothing in it is touched" cmp kept.list mirror/SHA256SUMS

mkdir foreign
echo mine >foreign/index.html
t_exit "a folder with somebody's index.html is refused" 1 "$TOCSIN" publish foreign --data data
t_is "and nothing in it is touched" "$(ls foreign):$(cat foreign/index.html)" "index.html:mine"
mkdir outside linked && ln -s ../outside linked/alert
t_exit "a link out of the folder is not followed" 1 "$TOCSIN" publish linked --data data
t_is "and nothing is written" "$(ls outside):$(ls linked)" ":alert"
t_exit "a folder that cannot be made" 3 "$TOCSIN" publish none/none --data data
t_exit "no folder is a wrong usage" 2 "$TOCSIN" publish --data data

"$TOCSIN" backup b.sqlite --data data >/dev/null && "$TOCSIN" keys backup k.sqlite --data data >/dev/null
mkdir -p -m 700 again/keys && cp data/keys/master.key again/keys/ || exit 1
"$TOCSIN" restore b.sqlite --keys k.sqlite --data again >/dev/null || exit 1
t_exit "a restored backup is not published before its release" 1 "$TOCSIN" publish other --data again
[ ! -e other ]
t_result "nothing is written then" $?
