/* Contact states: every pair of state and event, against DESIGN 3.5. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "answers/reach.h"

static const enum reach_state all[] = {REACH_UNREACHED, REACH_HANDED_OVER, REACH_REACHED,
				       REACH_ANSWERED};

static void
moves(void **state)
{
	/* What each event proves by itself. */
	static const struct {
		enum reach_event on;
		enum reach_state proves;
	} events[] = {
		{REACH_ON_ACCEPTED, REACH_HANDED_OVER},
		{REACH_ON_RECEIPT, REACH_REACHED},
		{REACH_ON_REPLY, REACH_REACHED},
		{REACH_ON_ANSWER, REACH_ANSWERED},
	};
	size_t i, k;
	enum reach_state want;

	(void)state;
	for (i = 0; i < ARRAY_LEN(events); i++) {
		for (k = 0; k < ARRAY_LEN(all); k++) {
			want = all[k] > events[i].proves ? all[k] : events[i].proves;
			assert_int_equal(reach_move(all[k], events[i].on), want);
		}
	}
}

static void
names(void **state)
{
	enum reach_state s = REACH_ANSWERED;
	int i;

	(void)state;
	for (i = 0; i < REACH_STATE_COUNT; i++)
		assert_int_equal(reach_index(all[i]), i);
	assert_string_equal(reach_name(REACH_HANDED_OVER), "handed over");
	assert_true(reach_of_number(20, &s));
	assert_int_equal(s, REACH_REACHED);
	assert_false(reach_of_number(21, &s));
	assert_int_equal(s, REACH_REACHED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
