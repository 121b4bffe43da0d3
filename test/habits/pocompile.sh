# tools/pocompile refuses catalogues that are not whole, and says where.
. "$TOP/test/lib/harness.sh"

po=$BUILD/tools/pocompile
printf 'X(A, "One")\nX(B, "Two \\"x\\"")\n' >d.def
cat >good.po <<'END'
msgid ""
msgstr ""
"Language: fr\n"
"X-Name: français\n"
"X-Direction: ltr\n"

# a remark
msgid "One"
msgstr "Un"

msgid "Two "
"\"x\""
msgstr "Deux"
END
t_exit 'a whole catalogue' 0 "$po" out.c d.def good.po
t_has 'its language' out.c '{"fr", "français", false, texts_1},'
t_has 'its text' out.c '"Deux",'
rm out.c
try() {
	sed "$2" good.po >bad.po
	"$po" out.c d.def bad.po >out 2>&1
	t_is "$1: exit" $? 1
	t_has "$1: words" out "$3"
}
try 'missing' '/"One"/,/"Un"/d' '"One" is not translated'
try 'empty' 's/"Un"/""/' 'bad.po:10: "One" has an empty translation'
try 'unknown' 's/"One"/"Once"/' '"Once" is not a sentence'
try 'twice' '$a\
msgid "One"\
msgstr "Une"' 'translated twice'
try 'fuzzy' 's/^# a remark/#, fuzzy/' 'bad.po:7: fuzzy'
try 'no name' '/X-Name/d' 'the header lacks'
try 'a strange direction' 's/ltr/up/' 'expected ltr or rtl'
try 'nonsense' '$a\
hello' 'bad.po:14: expected msgid'
t_exit 'no such file' 1 "$po" out.c d.def none.po
[ ! -e out.c ]
t_result 'nothing was written' $?
