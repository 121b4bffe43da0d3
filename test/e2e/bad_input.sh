# bad_input.sh — what somebody may get wrong on the command line or in a file: the
# exit says of which kind it is, one sentence says what, where and what was
# expected, and nothing in the store has changed.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

live_init || exit 1
header=ref,name,citizenships,languages,email,phone,country,latitude,longitude,from,to,groups
printf '%s\n' "$header" 'p1,Ann Other,RU;DE,ru,ann@example.org,+447700900123,GE,,,2026-01-01,,staff' \
	>one.csv
"$TOCSIN" people import --data data one.csv >/dev/null || exit 1
cp "$TOP/test/e2e/world.xml" world.xml
as anna alert new world.xml >/dev/null || exit 1

# What the store holds, as far as these commands could change it.
state() {
	"$TOCSIN" people count --data data --json
	"$TOCSIN" alert list --data data
	"$TOCSIN" officer list --data data
}
state >before

# refused NAME CODE TEXT COMMAND…: exit CODE, one line on stderr that begins with
# "tocsin: " and holds TEXT, the store as it was.
refused() {
	r_name=$1
	r_code=$2
	r_text=$3
	shift 3
	r_got=0
	"$@" >out 2>err </dev/null || r_got=$?
	state >after
	[ $r_got -eq "$r_code" ] && [ "$(wc -l <err)" -eq 1 ] && grep -q '^tocsin: ' err &&
		grep -qF -e "$r_text" err && cmp -s before after
	t_result "$r_name" $? "exit $r_got, expected $r_code, and one sentence with: $r_text" \
		"$(head -c 1000 err)" "$(diff before after)"
}

# CSV: one bad line a file, named by number, field and what was expected.
bad_line() {
	printf '%s\n' "$header" "$3" >bad.csv
	refused "CSV: $1" 1 "bad.csv: line 2: $2" "$TOCSIN" people import --data data bad.csv
}
bad_line "a quote that is never closed" "a quote is never closed" \
	'x,"Ann,RU,en,,,GE,,,2026-01-01,,'
bad_line "too few fields" "5 fields (expected 12)" 'x,Ann,RU,en,ann@example.org'
bad_line "an unknown citizenship" 'citizenships: "XX" is not an ISO 3166-1 code (expected two letters' \
	'x,Ann,XX,en,,,GE,,,2026-01-01,,'
bad_line "an unknown country" 'country: "QQ" is not an ISO 3166 code (expected' \
	'x,Ann,RU,en,,,QQ,,,2026-01-01,,'
bad_line "an unknown subdivision" 'country: "GE-ZZ" is not an ISO 3166 code (expected' \
	'x,Ann,RU,en,,,GE-ZZ,,,2026-01-01,,'
bad_line "no e-mail address" 'email: "nonsense" is not an e-mail address (expected' \
	'x,Ann,RU,en,nonsense,,GE,,,2026-01-01,,'
bad_line "a national phone number" 'phone: "0301234567" is not a phone number in international form (expected' \
	'x,Ann,RU,en,,0301234567,GE,,,2026-01-01,,'
bad_line "a latitude off the earth" 'latitude: "91" is not a number of degrees (expected -90 to 90)' \
	'x,Ann,RU,en,,,,91,10,2026-01-01,,'
bad_line "half a coordinate" "longitude: empty, but latitude is not" \
	'x,Ann,RU,en,,,GE,1,,2026-01-01,,'
bad_line "a day that is none" 'from: "2026-02-30" is not a date (expected' \
	'x,Ann,RU,en,,,GE,,,2026-02-30,,'
bad_line "an end before the beginning" "to: 2026-01-01 is before the stay's first day" \
	'x,Ann,RU,en,,,GE,,,2026-03-01,2026-01-01,'
bad_line "a language that is none" 'languages: "e n" is not a BCP 47 language tag (expected' \
	'x,Ann,RU,e n,,,GE,,,2026-01-01,,'
bad_line "nobody's line" "ref: empty (expected what you call the person)" \
	',Ann,RU,en,,,GE,,,2026-01-01,,'
bad_line "bytes that are no text" "not UTF-8 at byte" "$(printf 'x,A\377,RU,en,,,GE,,,2026-01-01,,')"

printf '%s\n' "$header" 'p2,Good,RU,en,,,GE,,,2026-01-01,,' 'p3,Bad,XX,en,,,GE,,,2026-01-01,,' \
	'p4,Bad,RU,en,,,QQ,,,2026-01-01,,' >mixed.csv
t_exit "--strict refuses a file with bad lines" 1 "$TOCSIN" people import --strict --data data mixed.csv
t_has "and names the first" err "mixed.csv: line 3: citizenships"
t_has "and the second" err "mixed.csv: line 4: country"
t_has "and says that nothing was imported" err "2 of 3 lines are bad: nothing was imported"
state >after
t_ok "which is true" cmp before after
t_exit "without --strict the good line is imported" 1 "$TOCSIN" people import --data data mixed.csv
t_is "and only that" "$("$TOCSIN" people count --data data --json | t_number persons)" 2
state >before

echo 'ref,name' >bad.csv
refused "CSV: a header without its columns" 2 'line 1: the header has no column "citizenships"' \
	"$TOCSIN" people import --data data bad.csv
: >bad.csv
refused "CSV: an empty file" 2 "the file is empty (expected the header ref,name," \
	"$TOCSIN" people import --data data bad.csv
refused "CSV: a file that is none" 2 "none.csv: cannot be read: No such file" \
	"$TOCSIN" people import --data data none.csv

# CAP.
{
	echo '<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
	sed 1d world.xml
} >doctype.xml
refused "CAP: DOCTYPE" 1 "doctype.xml: line 1: a DOCTYPE" as anna alert new doctype.xml
head -c 900 world.xml >cut.xml
refused "CAP: cut within a tag or a text" 1 "cut.xml: line " as anna alert new cut.xml
sed '/<\/info>/,$d' world.xml >cut.xml
refused "CAP: cut between two tags" 1 "it ends in the middle" as anna alert new cut.xml
: >cut.xml
refused "CAP: an empty file" 1 "cut.xml: " as anna alert new cut.xml
refused "CAP: a file that is none" 2 "none.xml: " as anna alert new none.xml
head -c 5000000 /dev/zero | tr '\0' ' ' >big.xml
refused "CAP: over 4 MiB" 1 "big.xml: " as anna alert new big.xml
for command in repair thread show; do
	t_exit "cap $command says no to it" 1 "$TOCSIN" cap $command big.xml
	t_is "and names it once" "$(cat err)" "tocsin: big.xml: larger than 4194304 bytes, refused unread"
done
sed 's|<urgency>.*|<urgency>Soon</urgency>|' world.xml >bad.xml
refused "CAP: an urgency that is none" 1 \
	'bad.xml: line 13: /alert/info[1]/urgency: "Soon" (expected Immediate' as anna alert new bad.xml
t_exit "cap check says no to it" 1 "$TOCSIN" cap check bad.xml
t_exit "and to a DOCTYPE" 1 "$TOCSIN" cap check doctype.xml

sed 's|<polygon>.*|<geocode><valueName>ISO3166-1</valueName><value>QQ</value></geocode>|' \
	world.xml >geocode.xml
t_exit "an unknown country as geocode: audience says so" 0 "$TOCSIN" audience --data data geocode.xml
t_has "where and what" err 'line 24: geocode "QQ" is not an ISO 3166 code (expected'
t_ok "a draft can be made of it" as anna alert new geocode.xml
t_has "and its author is told the same" out 'line 24: geocode "QQ" is not an ISO 3166 code (expected'
state >before

# Expressions: the column, what was found, what was expected, what was meant.
wrong_expr() {
	refused "expression: $1" 2 "--expr: column $2" "$TOCSIN" audience --data data --expr "$1" world.xml
}
wrong_expr 'citizn:RU' '1: found "citizn"'
grep -qF '(did you mean "citizen"?)' err
t_result "and suggests the word meant" $? "$(cat err)"
wrong_expr 'citizen:QQ' '9: "QQ" is not an ISO 3166-1 code'
wrong_expr 'dual and in:QQ' '13: "QQ" is not an ISO 3166 code'
wrong_expr 'citizen:RU and' '15: found the end'
wrong_expr '(citizen:RU' '12: found the end'
wrong_expr 'dual)' '5: found ")"'
wrong_expr 'citizen:RU xor dual' '12: found "xor"'
wrong_expr 'status:fine' '8: "fine" is not a status (expected one of'
wrong_expr 'group:"a b' '7: the quote is not closed'
wrong_expr '' '1: the expression is empty'
sed 's|</contact>|&<parameter><valueName>audience</valueName><value>dual and citizn:RU</value></parameter>|' \
	world.xml >expr.xml
refused "an expression with a typo in the alert" 1 \
	'expr.xml: info 1: audience expression: column 10: found "citizn"' as anna alert new expr.xml

# Commands and options.
refused "an unknown command" 2 'there is no command "sned"' "$TOCSIN" sned
t_exit "an unknown second word" 2 "$TOCSIN" alert sned 1
t_has "is named" err 'there is no command "alert sned"'
t_has "with those that there are" err "alert send"
refused "an unknown option" 2 "people import: there is no option --strct" \
	"$TOCSIN" people import --strct --data data one.csv
refused "an argument too many" 2 '"2" is one argument too many' "$TOCSIN" alert show 1 2 --data data
refused "an argument missing" 2 "usage: tocsin alert show ID" "$TOCSIN" alert show --data data
refused "a number that is none" 2 '--size: "many" is not a whole number' \
	as boris alert approve 1 --size many
refused "no officer" 2 "Add --as OFFICER" "$TOCSIN" alert submit 1 --data data
printf 'wrong\n' >mallory.pw
refused "a wrong name" 1 "the name or the password is wrong" as mallory alert submit 1
cp anna.pw keep.pw
printf 'wrong\n' >anna.pw
refused "a wrong password" 1 "the name or the password is wrong" as anna alert submit 1
mv keep.pw anna.pw

# Things that are not there.
refused "an alert that is none: show" 1 "there is no alert 99" "$TOCSIN" alert show 99 --data data
refused "submit" 1 "there is no alert 99" as anna alert submit 99
refused "approve" 1 "there is no alert 99" as boris alert approve 99 --size 1
refused "send" 1 "there is no alert 99" as anna alert send 99
refused "cancel" 1 "there is no alert 99" as anna alert cancel 99
refused "update" 1 "there is no alert 99" as anna alert update 99 world.xml
refused "an id that is none" 2 '"first" is no alert (expected a number' as anna alert submit first
refused "a person who is none" 1 'nobody is enrolled under the ref "zz"' as anna people forget zz
refused "an export that is none" 1 "there is no export request 9" as anna export approve 9
refused "an officer who is none" 1 "there is no officer named zoe" as anna officer grant zoe warden
refused "a role that is none" 2 'there is no role "chief" (expected author, approver' \
	as anna officer grant boris chief
mkdir empty
for command in status "people count" "alert list" serve "audit verify" "backup b"; do
	# shellcheck disable=SC2086
	refused "a data folder that is none: $command" 2 "empty is no data folder" \
		"$TOCSIN" $command --data empty
done
refused "a backup that is none" 2 "none: no such file" "$TOCSIN" restore none --data other
refused "an installation that is one already" 1 "is an installation already, nothing was changed" \
	"$TOCSIN" init --practice --data data

# The configuration: line, name, reason.
wrong_line() {
	printf '%s\n' "$3" >bad.conf
	refused "configuration: $1" 1 "bad.conf: line $2" "$TOCSIN" check-config bad.conf
}
wrong_line "an unknown name" "2: there is no setting smtp.prot (did you mean smtp.port?)" '[smtp]
prot = 25'
wrong_line "text for a number" "2: smtp.port: expected a whole number from 1 to 65535" '[smtp]
port = "25"'
wrong_line "a number too large" "2: smtp.port: expected a whole number from 1 to 65535" '[smtp]
port = 70000'
wrong_line "a word that is none of those" '3: log.level: "loud" is not one of debug|info|warn|error' '
[log]
level = "loud"'
wrong_line "a string without an end" "2: the string is not closed" '[smtp]
host = "relay'
wrong_line "a name set twice" "3: smtp.port was set before, in line 2" '[smtp]
port = 1
port = 2'
wrong_line "a line that says nothing" "1: expected name = value" 'hello'
refused "a configuration that is none" 2 "none.conf: " "$TOCSIN" check-config none.conf
cp data/tocsin.conf keep.conf
printf '[smtp]\nprot = 25\n' >data/tocsin.conf
t_exit "the service does not start with a wrong line" 2 "$TOCSIN" serve --data data
t_has "and names it" err "data/tocsin.conf: line 2: there is no setting smtp.prot"
mv keep.conf data/tocsin.conf
# A folder that lost a file keeps the others.
cksum data/keys/sign.key data/keys/sign.crt >keys.before
mv data/tocsin.conf keep.conf
t_exit "init refuses a folder that lost its configuration" 1 "$TOCSIN" init --practice --data data
t_has "and says so" err "holds an installation already, nothing was changed"
cksum data/keys/sign.key data/keys/sign.crt >keys.after
t_ok "the signing key is still the same" cmp keys.before keys.after
mv keep.conf data/tocsin.conf
mv data/keys/keys.sqlite keep.keys
t_exit "no second key store is made where one is missing" 1 \
	"$TOCSIN" people import --data data one.csv
t_ok "none is there" test ! -e data/keys/keys.sqlite
mv keep.keys data/keys/keys.sqlite
t_ok "the configuration made by init is good" "$TOCSIN" check-config --data data
t_ok "the audit log holds together" "$TOCSIN" audit verify --data data
