/*
 * The table of moves against a second writing of it: for each state, the
 * events it allows and where they lead, as in the list of states.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "delivery/outbox.h"
#include "delivery/retry.h"

/* One line a state; a letter an event in the order of OUTBOX_EVENTS:
 * Claim Release Lapse Start Accept Retry reFuse Bounce Lose fail Deliver
 * Undeliver suppress opt-out supersede cancel expire. '.' is forbidden, else the new state:
 * c claimed, r ready, w retry-wait, d in-doubt, f in-flight, A accepted, D delivered, U undelivered,
 * B bounced, F failed, S suppressed, O opted-out, P superseded, X cancelled, E expired. */
static const struct {
	enum outbox_state from;
	const char *to;
} want[] = {
	{OUTBOX_NO_CHANNEL, "................."},  {OUTBOX_OPTED_OUT, "................."},
	{OUTBOX_SUPPRESSED, "................."},  {OUTBOX_SUPERSEDED, "................."},
	{OUTBOX_CANCELLED, "................."},   {OUTBOX_EXPIRED, "................."},
	{OUTBOX_FAILED, "................."},      {OUTBOX_BOUNCED, "................."},
	{OUTBOX_UNDELIVERED, "................."}, {OUTBOX_RETRY_WAIT, "c........F..SOPXE"},
	{OUTBOX_READY, "c........F..SOPXE"},       {OUTBOX_IN_DOUBT, "c........FD.SOPXE"},
	{OUTBOX_CLAIMED, ".rrf.....F..SOPXE"},     {OUTBOX_IN_FLIGHT, ".rd.AwFBdF......E"},
	{OUTBOX_ACCEPTED, ".......B..DU....."},    {OUTBOX_DELIVERED, "................."},
};

static const struct {
	char c;
	enum outbox_state s;
} letters[] = {
	{'c', OUTBOX_CLAIMED},    {'r', OUTBOX_READY},       {'w', OUTBOX_RETRY_WAIT},
	{'d', OUTBOX_IN_DOUBT},   {'f', OUTBOX_IN_FLIGHT},   {'A', OUTBOX_ACCEPTED},
	{'D', OUTBOX_DELIVERED},  {'U', OUTBOX_UNDELIVERED}, {'B', OUTBOX_BOUNCED},
	{'F', OUTBOX_FAILED},     {'S', OUTBOX_SUPPRESSED},  {'O', OUTBOX_OPTED_OUT},
	{'P', OUTBOX_SUPERSEDED}, {'X', OUTBOX_CANCELLED},   {'E', OUTBOX_EXPIRED},
};

static enum outbox_state
state_of(char c)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(letters); i++)
		if (letters[i].c == c)
			return letters[i].s;
	fail_msg("no state has the letter %c", c);
	return OUTBOX_READY;
}

static void
moves(void **state)
{
	size_t i;
	int on;

	(void)state;
	assert_int_equal(ARRAY_LEN(want), OUTBOX_STATE_COUNT);
	for (i = 0; i < ARRAY_LEN(want); i++) {
		assert_int_equal(strlen(want[i].to), OUTBOX_EVENT_COUNT);
		for (on = 0; on < OUTBOX_EVENT_COUNT; on++) {
			if (want[i].to[on] == '.') {
				assert_false(outbox_can(want[i].from, (enum outbox_event)on));
				continue;
			}
			assert_true(outbox_can(want[i].from, (enum outbox_event)on));
			assert_int_equal(outbox_move(want[i].from, (enum outbox_event)on),
					 state_of(want[i].to[on]));
		}
	}
}

/* A person who is written to on two rungs is shown by the one that got furthest. */
static void
furthest(void **state)
{
	static const enum outbox_state order[] = {
		OUTBOX_NO_CHANNEL, OUTBOX_OPTED_OUT, OUTBOX_SUPPRESSED, OUTBOX_CANCELLED,
		OUTBOX_FAILED,     OUTBOX_BOUNCED,   OUTBOX_RETRY_WAIT, OUTBOX_READY,
		OUTBOX_CLAIMED,    OUTBOX_IN_FLIGHT, OUTBOX_ACCEPTED,   OUTBOX_DELIVERED};
	size_t i;

	(void)state;
	for (i = 1; i < ARRAY_LEN(order); i++)
		assert_true(order[i - 1] < order[i]);
}

static void
numbers(void **state)
{
	enum outbox_state s = OUTBOX_READY;
	int i;

	(void)state;
	for (i = 0; i < OUTBOX_STATE_COUNT; i++) {
		assert_int_equal(outbox_index(outbox_at(i)), i);
		assert_true(outbox_of_number(outbox_at(i), &s));
		assert_int_equal(s, outbox_at(i));
		assert_false(outbox_is_due(s) && outbox_is_held(s));
	}
	assert_false(outbox_of_number(61, &s));
	assert_string_equal(outbox_name(OUTBOX_IN_FLIGHT), "in-flight");
	assert_string_equal(outbox_event_name(OUTBOX_ON_OPT_OUT), "opt-out");
}

static void
delays(void **state)
{
	static const struct retry_policy p = {30, 3600, 12};
	static const struct {
		int64_t attempts, least;
	} cases[] = {{1, 30}, {2, 60}, {3, 120}, {7, 1920}, {8, 3600}, {40, 3600}};
	uint64_t noise;
	int64_t d;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(retry_delay_s(&p, cases[i].attempts, 0), cases[i].least);
		for (noise = 1; noise < 5000; noise += 7) {
			d = retry_delay_s(&p, cases[i].attempts, noise);
			assert_true(d >= cases[i].least &&
				    d <= cases[i].least + cases[i].least / 4);
		}
	}
	assert_int_equal(retry_pause_s(1, 0), 1);
	assert_int_equal(retry_pause_s(7, 0), 60);
	assert_int_equal(retry_pause_s(1000, 0), 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves),
		cmocka_unit_test(furthest),
		cmocka_unit_test(numbers),
		cmocka_unit_test(delays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
