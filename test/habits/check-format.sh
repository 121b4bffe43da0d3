# tools/check-format finds what .clang-format would write differently, and --fix writes it.
. "$TOP/test/lib/harness.sh"

check=$TOP/tools/check-format
mkdir -p src tools
cp "$TOP/.clang-format" .
printf 'int\nf(int a)\n{\n\treturn a;\n}\n' >src/good.c
t_exit 'a good tree' 0 "$check" .
printf 'int f(int a){\n  return a;}\n' >src/bad.c
t_exit 'another form' 1 "$check" .
t_has 'which file' out src/bad.c
t_exit 'fixed' 0 "$check" --fix .
t_exit 'and good' 0 "$check" .
t_is 'to the house form' "$(cat src/bad.c)" "$(cat src/good.c)"
