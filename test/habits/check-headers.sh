# tools/check-headers finds headers that lean on others and functions without a contract.
. "$TOP/test/lib/harness.sh"

check=$TOP/tools/check-headers
mkdir -p src/room
cat >src/room/a.h <<'END'
/* a.h — fine. */
#ifndef ROOM_A_H
#define ROOM_A_H

#include <stddef.h>

size_t a_size(void);

#endif
END
cat >src/room/a.c <<'END'
#include "room/a.h"

static size_t
hidden(void)
{
	return 1;
}

size_t
a_size(void)
{
	return hidden();
}
END
t_exit 'a good tree' 0 "$check" .
printf '\nint\nloose(int a,\n      int b)\n{\n\treturn a + b;\n}\n' >>src/room/a.c
t_exit 'a public function without a header' 1 "$check" .
t_has 'which one' out 'src/room/a.c: loose is public'
printf 'int loose(int, int);\n' >>src/room/a.h
t_exit 'declared' 0 "$check" .
sed 's/a_size/b_size/; s/_A_H/_B_H/; /include/d' src/room/a.h >src/room/b.h
t_exit 'a header that needs another' 1 "$check" .
t_has 'which header' out 'src/room/b.h does not compile alone'
sed 's/_A_H/_C_H/' src/room/a.h >src/room/b.h
t_exit 'a wrong guard' 1 "$check" .
t_has 'what was expected' out 'no guard #ifndef ROOM_B_H'
