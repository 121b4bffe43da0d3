# tools/check-style finds each thing it is there for, and lets the neighbours pass.
. "$TOP/test/lib/harness.sh"

check=$TOP/tools/check-style
mkdir -p src/web src/store src/people
good='/* x — a file. */'
try() {
	printf '%s\n%s\n' "$good" "$3" >"$2"
	"$check" . >out 2>&1
	code=$?
	rm "$2"
	if [ -n "$4" ]; then
		t_is "$1: exit" $code 1
		t_has "$1: words" out "$2:2: $4"
	else
		t_is "$1" "$code $(cat out)" '0 '
	fi
}
# Split so that this file does not trip over itself.
do=TO
slash=/
try 'SQL elsewhere' src/people/a.c '	q("SELECT ref FROM person WHERE 1");' 'SQL belongs'
try 'SQL in small letters' src/people/a.c '	q("insert into person");' 'SQL belongs'
try 'SQL in its place' src/people/a_store.c '	q("SELECT ref FROM person WHERE 1");' ''
try 'SQL in store/' src/store/a.c '	q("DELETE FROM person");' ''
try 'words that are no SQL' src/people/a.c '	e("select one of the people");' ''
try 'HTML by printf' src/web/page.c '	buf_addf(b, "<b>%s</b>", x);' 'markup is formatted'
try 'HTML by html_*' src/web/html_page.c '	buf_addf(b, "<b>%s</b>", x);' ''
try 'unfinished' src/web/a.c "	/* ${do}DO: later */" 'unfinished business'
try 'a machine path' src/web/a.c "	open(\"${slash}home/me/x\");" 'a path of one machine'
try 'blanks at the end' src/web/a.c '	x();	 ' 'blanks at the end'
try 'indented with spaces' src/web/a.c '        x();' 'indented with spaces'
try 'a typedef' src/web/a.c 'typedef struct x y;' 'a typedef that is no function type'
try 'a typedef of functions' src/web/a.c 'typedef int hook(int);' ''
try 'a line comment' src/web/a.c '	x(); // why' '// comment'
try 'an address in a string' src/web/a.c '	x("http://example.org/");' ''
try 'too wide' src/web/a.c "	x(\"$(printf '%090d' 0)\");" 'wider than 100'
try 'letters count, not bytes' src/web/a.c "	x(\"$(printf 'é%.0s' $(seq 60))\");" ''
try 'excused' src/web/a.c '    x(); /* style: shown as it is */' ''
printf '%s\nint\nf(void)\n{\nagain:\n\tx();\n\tgoto again;\n}\n' "$good" >src/web/a.c
t_exit 'goto backward' 1 "$check" .
t_has 'goto backward: words' out 'src/web/a.c:7: goto again jumps backward'
printf '%s\nint\nf(void)\n{\n\tgoto out;\nout:\n\tx();\n}\n\nint\ng(void)\n{\n\tgoto out;\nout:\n\tx();\n}\n' \
	"$good" >src/web/a.c
t_exit 'goto forward' 0 "$check" .
printf '%s\nint x;' "$good" >src/web/a.c
t_exit 'no last newline' 1 "$check" .
printf 'int x;\n' >src/web/a.c
t_exit 'no opening comment' 1 "$check" .
