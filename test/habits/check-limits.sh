# tools/check-limits finds long files and functions, and holds the list of exceptions tight.
. "$TOP/test/lib/harness.sh"

check=$TOP/tools/check-limits
mkdir -p src/room tools
lines() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "\tx++;" }'
}
# A function of N lines in all, its type above it not counted.
function_of() {
	printf 'int\nlong_one(void)\n{\n'
	lines $(($1 - 3))
	printf '}\n'
}
function_of 80 >src/room/a.c
lines 600 >src/room/b.h
t_exit 'at the limits' 0 "$check" .
function_of 81 >src/room/a.c
t_exit 'a function over it' 1 "$check" .
t_has 'which one' out 'src/room/a.c:2: long_one has 81 lines (at most 80)'
echo 'src/room/a.c long_one 81' >tools/limits.allow
t_exit 'allowed' 0 "$check" .
echo 'src/room/a.c long_one 85' >tools/limits.allow
t_exit 'allowed too generously' 1 "$check" .
t_has 'says what is there' out 'src/room/a.c long_one is 81 now, not 85'
function_of 90 >src/room/a.c
t_exit 'grown over its exception' 1 "$check" .
function_of 10 >src/room/a.c
t_exit 'an exception not needed' 1 "$check" .
echo 'src/room/gone.c lines 700' >tools/limits.allow
t_exit 'an exception for nothing' 1 "$check" .
: >tools/limits.allow
lines 601 >src/room/b.h
t_exit 'a file over it' 1 "$check" .
t_has 'which file' out 'src/room/b.h:1: the file has 601 lines (at most 600)'
