/*
 * reach.c — the contact states and their moves, as one table.
 */
#include "answers/reach.h"

#include "base/err.h"

static const struct {
	enum reach_state state;
	const char *name;
} states[] = {
#define X(name, number, text) {REACH_##name, text},
	REACH_STATES(X)
#undef X
};

_Static_assert(ARRAY_LEN(states) == REACH_STATE_COUNT, "REACH_STATE_COUNT");

/* Every pair is here, so that a missing one is a bug and not a silent no. */
static const struct {
	enum reach_state from;
	enum reach_event on;
	enum reach_state to;
} moves[] = {
	{REACH_UNREACHED, REACH_ON_ACCEPTED, REACH_HANDED_OVER},
	{REACH_UNREACHED, REACH_ON_RECEIPT, REACH_REACHED},
	{REACH_UNREACHED, REACH_ON_REPLY, REACH_REACHED},
	{REACH_UNREACHED, REACH_ON_ANSWER, REACH_ANSWERED},
	{REACH_HANDED_OVER, REACH_ON_ACCEPTED, REACH_HANDED_OVER},
	{REACH_HANDED_OVER, REACH_ON_RECEIPT, REACH_REACHED},
	{REACH_HANDED_OVER, REACH_ON_REPLY, REACH_REACHED},
	{REACH_HANDED_OVER, REACH_ON_ANSWER, REACH_ANSWERED},
	{REACH_REACHED, REACH_ON_ACCEPTED, REACH_REACHED},
	{REACH_REACHED, REACH_ON_RECEIPT, REACH_REACHED},
	{REACH_REACHED, REACH_ON_REPLY, REACH_REACHED},
	{REACH_REACHED, REACH_ON_ANSWER, REACH_ANSWERED},
	{REACH_ANSWERED, REACH_ON_ACCEPTED, REACH_ANSWERED},
	{REACH_ANSWERED, REACH_ON_RECEIPT, REACH_ANSWERED},
	{REACH_ANSWERED, REACH_ON_REPLY, REACH_ANSWERED},
	{REACH_ANSWERED, REACH_ON_ANSWER, REACH_ANSWERED},
};

int
reach_index(enum reach_state s)
{
	int i;

	for (i = 0; i < (int)ARRAY_LEN(states); i++)
		if (states[i].state == s)
			return i;
	bug_at(__FILE__, __LINE__, "unknown contact state");
}

const char *
reach_name(enum reach_state s)
{
	return states[reach_index(s)].name;
}

bool
reach_of_number(long long number, enum reach_state *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(states); i++) {
		if ((long long)states[i].state == number) {
			*ret = states[i].state;
			return true;
		}
	}
	return false;
}

enum reach_state
reach_move(enum reach_state from, enum reach_event on)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].from == from && moves[i].on == on)
			return moves[i].to;
	bug_at(__FILE__, __LINE__, "contact state: a move that is not in the table");
}
