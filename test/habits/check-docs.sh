# tools/check-docs finds documents that speak of what is not there.
. "$TOP/test/lib/harness.sh"

check=$TOP/tools/check-docs
mkdir -p src/base doc etc
printf '[smtp]\n#host = "x"\n' >etc/tocsin.conf
echo 'room base 0' >src/FLOORS
cat >tocsin <<'END'
#!/bin/sh
case "$*" in
--help) printf 'usage: tocsin\n\n  cap check           x\n  serve               y\n' ;;
'manual --list') printf 'tocsin.1\n' ;;
'manual tocsin') printf '.Dd January 1, 2026\n.Dt TOCSIN 1\n.Os\n.Sh NAME\n.Nm tocsin\n.Nd warn\n' ;;
*' --help') printf '%s\n' "usage: tocsin ${*% --help} X" '  --json   x' ;;
esac
END
chmod +x tocsin
TOCSIN=$T/tocsin
export TOCSIN
printf 'run: x\n' >Makefile
echo x >doc/a.md
good='See [a](doc/a.md), `make run`, `tocsin cap check F`, `tocsin serve`, `doc/a.md`, `a/b`.'
try() {
	printf '%s\n\n%s\n' "$good" "$2" >README.md
	"$check" . >out 2>&1
	t_is "$1: exit" $? 1
	t_has "$1: words" out "$3"
}
echo "$good" >README.md
t_exit 'a good tree' 0 "$check" .
try 'a dead link' '[b](doc/b.md)' 'README.md:3: the link leads nowhere: doc/b.md'
try 'a file that is gone' 'in `src/base/gone.c`' 'there is no src/base/gone.c'
try 'no such target' '`make coffee`' 'make has no target coffee'
try 'no such command' '`tocsin fly`' 'tocsin has no command fly'
try 'no such second word' '`tocsin cap fly FILE`' 'tocsin has no command cap fly'
try 'no such option' '`tocsin cap check --jsn F`' 'tocsin cap check has no --jsn'
try 'no such option of one word' '`tocsin serve --json --fast`' 'tocsin serve has no --fast'
try 'no such setting' '```toml
[smtp]
host = "a"
hose = "b"
```' 'README.md:6: there is no setting smtp.hose'
try 'a room on another floor' '| 3 | `src/base` | x |' 'src/FLOORS does not put base on floor 3'
try 'in a block' '```
$ build/tocsin cap fly x   # why
```' 'README.md:4: tocsin has no command cap fly'
echo "$good" >README.md
echo 'X(EXERCISE, "EXERCISE")' >src/base/i18n.def
t_exit 'a sentence nobody says' 1 "$check" .
echo 'say(I18N_EXERCISE);' >src/base/a.c
t_exit 'a sentence that is said' 0 "$check" .
sed -i 's/\.Nd warn/.Nd/; s/usage: tocsin \$/how: tocsin $/' tocsin
t_exit 'a bad manual, a bad help' 1 "$check" .
t_has 'the manual' out 'manual of tocsin:'
t_has 'the help' out 'tocsin serve --help does not begin with its usage line'
