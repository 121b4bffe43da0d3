# tools/check-arrows finds each kind of include that FLOORS forbids, and passes a good tree.
. "$TOP/test/lib/harness.sh"

check=$TOP/tools/check-arrows
mkdir -p src/low src/mid src/side src/top
cat >src/FLOORS <<'END'
room top 2
room mid 1 side
room side 1
room low 0
foreign sqlite3.h mid
END
echo '#include <stdio.h>' >src/low/a.c
printf '#include "low/a.h"\n#include "side/a.h"\n#include <sqlite3.h>\n' >src/mid/a.c
printf '#include "mid/a.h"\n#include "top/a_int.h"\n' >src/top/a.c
t_exit 'a good tree' 0 "$check" .

# case NAME FILE LINE TEXT: with the line in the file, the check says the text.
case_bad() {
	cp "$2" saved
	printf '%s\n' "$3" >>"$2"
	"$check" . >out 2>&1
	code=$?
	mv saved "$2"
	t_is "$1: exit" $code 1
	t_has "$1: words" out "$4"
}
case_bad 'upward' src/low/a.c '#include "mid/a.h"' 'src/low/a.c:2: low (floor 0) may not include mid/a.h'
: >src/side/a.c
case_bad 'beside, not listed' src/side/a.c '#include "mid/a.h"' 'side (floor 1) may not include mid/a.h'
case_bad "another room's private header" src/top/a.c '  #  include "mid/a_int.h"' 'for files of mid only'
case_bad 'no room' src/top/a.c '#include "a.h"' 'names no room'
case_bad 'an unknown room' src/top/a.c '#include "attic/a.h"' 'attic is no room'
case_bad 'a foreign header' src/top/a.c '#include <sqlite3.h>' '<sqlite3.h> is not for top'
case_bad 'an unlisted header' src/top/a.c '#include <curses.h>' '<curses.h> is neither C, POSIX nor'
case_bad 'a ring on one floor' src/FLOORS 'room ring 3 ring2
room ring2 3 ring' 'ring can reach itself'
case_bad 'a listed room of another floor' src/FLOORS 'room high 3 low' 'high lists low'
case_bad 'nonsense' src/FLOORS 'door x' 'expected `room'
mkdir src/attic && echo >src/attic/a.c
t_exit 'a folder that is no room' 1 "$check" .
