# tools/count-tests.awk: what counts as passed, failed and skipped.
. "$TOP/test/lib/harness.sh"

count() {
	awk -v corpus="$1" -f "$TOP/tools/count-tests.awk" log 2>why
}
# one NAME RESULT STDOUT: a line as meson writes it.
one() {
	printf '{"name": "p:%s", "stdout": "%s", "result": "%s", "returncode": 0}\n' "$1" "$3" "$2"
}
one 'unit / a' OK '1..2\nok 1 - x\nok 2 - y\n' >log
t_is 'TAP lines are tests' "$(count yes)" '2 0 0'
one 'unit / a' OK 'hello\n' >log
t_is 'without TAP one' "$(count yes)" '1 0 0'
one 'unit / a' FAIL '1..3\nok 1\nnot ok 2 - y\nok 3\n' >log
t_is 'a failed line' "$(count yes)" '2 1 0'
one 'unit / a' ERROR '1..2\nok 1\nok 2\n' >log
t_is 'a program that failed although its lines are good' "$(count yes)" '2 1 0'
one 'unit / a' TIMEOUT '' >log
t_is 'a time-out' "$(count yes)" '0 1 0'
one 'unit / a' OK 'say \"ok 7\" and \\nok 8\nok 1\n' >log
t_is 'escaped text is no line' "$(count yes)" '1 0 0'
one 'golden / a' SKIP '1..0 # SKIP the corpus is absent (TOCSIN_CORPUS=x)\n' >log
t_is 'the corpus is absent' "$(count no)" '0 0 1'
t_has 'the reason is said' why 'skipped: golden / a: the corpus is absent'
t_is 'the corpus is there' "$(count yes)" '0 1 0'
one 'golden / a' SKIP 'no chromium\n' >log
t_is 'any other reason' "$(count no)" '0 1 0'
one 'unit / a' OK '1..2\nthe corpus is absent\nok 1 # SKIP a\nok 2\n' >log
t_is 'one line skipped' "$(count no)" '1 0 1'
one 'unit / a' SKIP '1..1\nthe corpus is absent\nok 1 # SKIP a\n' >log
t_is 'all lines skipped' "$(count no)" '0 0 1'
one 'unit / a' OK '1..2\nthe corpus is absent\nok 1 # SKIP a\nok 2\n' >log
t_is 'one line skipped without a reason' "$(count yes)" '1 1 0'
one 'unit / a' FAIL '1..2\n# skipped: the corpus is absent\nnot ok 1 # SKIP a\nok 2\n' >log
t_is "cmocka's way to skip" "$(count no)" '1 0 1'
t_has 'the line that says why' why 'skipped: unit / a: skipped: the corpus is absent'
one 'unit / a' FAIL '1..2\n# the corpus is absent\nnot ok 1 # SKIP a\nnot ok 2\n' >log
t_is 'a skip and a failure' "$(count no)" '0 1 1'
