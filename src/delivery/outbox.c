/*
 * outbox.c — the states of a delivery and the one table of their moves.
 * The drawing is in outbox.h; the order of durable steps in outbox_store.c.
 */
#include "delivery/outbox.h"

#include "base/err.h"

static const struct {
	enum outbox_state state;
	const char *name;
} states[] = {
#define X(name, number, text) {OUTBOX_##name, text},
	OUTBOX_STATES(X)
#undef X
};

static const char *const events[] = {
#define X(name, text) text,
	OUTBOX_EVENTS(X)
#undef X
};

_Static_assert(ARRAY_LEN(states) == OUTBOX_STATE_COUNT, "OUTBOX_STATE_COUNT");
_Static_assert(ARRAY_LEN(events) == OUTBOX_EVENT_COUNT, "OUTBOX_EVENT_COUNT");

/* What stops a row that no peer has yet. */
#define STOPS(from)                                             \
	{from, OUTBOX_ON_SUPPRESS, OUTBOX_SUPPRESSED},          \
		{from, OUTBOX_ON_OPT_OUT, OUTBOX_OPTED_OUT},    \
		{from, OUTBOX_ON_SUPERSEDE, OUTBOX_SUPERSEDED}, \
		{from, OUTBOX_ON_CANCEL, OUTBOX_CANCELLED},     \
		{from, OUTBOX_ON_EXPIRE, OUTBOX_EXPIRED},       \
	{                                                       \
		from, OUTBOX_ON_FAIL, OUTBOX_FAILED             \
	}

static const struct {
	enum outbox_state from;
	enum outbox_event on;
	enum outbox_state to;
} moves[] = {
	{OUTBOX_READY, OUTBOX_ON_CLAIM, OUTBOX_CLAIMED},
	{OUTBOX_RETRY_WAIT, OUTBOX_ON_CLAIM, OUTBOX_CLAIMED},
	{OUTBOX_IN_DOUBT, OUTBOX_ON_CLAIM, OUTBOX_CLAIMED},
	STOPS(OUTBOX_READY),
	STOPS(OUTBOX_RETRY_WAIT),
	STOPS(OUTBOX_IN_DOUBT),

	/* One that was in doubt before becomes ready too: its count of doubts stays. */
	{OUTBOX_CLAIMED, OUTBOX_ON_RELEASE, OUTBOX_READY},
	{OUTBOX_CLAIMED, OUTBOX_ON_LAPSE, OUTBOX_READY},
	{OUTBOX_CLAIMED, OUTBOX_ON_START, OUTBOX_IN_FLIGHT},
	STOPS(OUTBOX_CLAIMED),

	{OUTBOX_IN_FLIGHT, OUTBOX_ON_RELEASE, OUTBOX_READY},
	{OUTBOX_IN_FLIGHT, OUTBOX_ON_LAPSE, OUTBOX_IN_DOUBT},
	{OUTBOX_IN_FLIGHT, OUTBOX_ON_LOSE, OUTBOX_IN_DOUBT},
	{OUTBOX_IN_FLIGHT, OUTBOX_ON_ACCEPT, OUTBOX_ACCEPTED},
	{OUTBOX_IN_FLIGHT, OUTBOX_ON_RETRY, OUTBOX_RETRY_WAIT},
	{OUTBOX_IN_FLIGHT, OUTBOX_ON_REFUSE, OUTBOX_FAILED},
	{OUTBOX_IN_FLIGHT, OUTBOX_ON_BOUNCE, OUTBOX_BOUNCED},
	{OUTBOX_IN_FLIGHT, OUTBOX_ON_FAIL, OUTBOX_FAILED},
	{OUTBOX_IN_FLIGHT, OUTBOX_ON_EXPIRE, OUTBOX_EXPIRED},

	{OUTBOX_ACCEPTED, OUTBOX_ON_DELIVER, OUTBOX_DELIVERED},
	{OUTBOX_ACCEPTED, OUTBOX_ON_UNDELIVER, OUTBOX_UNDELIVERED},
	{OUTBOX_ACCEPTED, OUTBOX_ON_BOUNCE, OUTBOX_BOUNCED},
	/* A receipt can come before the answer that a crash lost. */
	{OUTBOX_IN_DOUBT, OUTBOX_ON_DELIVER, OUTBOX_DELIVERED},
};

#undef STOPS

int
outbox_index(enum outbox_state s)
{
	int i;

	for (i = 0; i < (int)ARRAY_LEN(states); i++)
		if (states[i].state == s)
			return i;
	bug_at(__FILE__, __LINE__, "unknown delivery state");
}

enum outbox_state
outbox_at(int i)
{
	BUG_ON(i < 0 || i >= (int)ARRAY_LEN(states));
	return states[i].state;
}

const char *
outbox_name(enum outbox_state s)
{
	return states[outbox_index(s)].name;
}

const char *
outbox_event_name(enum outbox_event on)
{
	BUG_ON((unsigned)on >= ARRAY_LEN(events));
	return events[on];
}

bool
outbox_of_number(int64_t number, enum outbox_state *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(states); i++) {
		if ((int64_t)states[i].state == number) {
			*ret = states[i].state;
			return true;
		}
	}
	return false;
}

bool
outbox_is_due(enum outbox_state s)
{
	return s == OUTBOX_READY || s == OUTBOX_RETRY_WAIT || s == OUTBOX_IN_DOUBT;
}

bool
outbox_is_held(enum outbox_state s)
{
	return s == OUTBOX_CLAIMED || s == OUTBOX_IN_FLIGHT;
}

static const enum outbox_state *
find(enum outbox_state from, enum outbox_event on)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].from == from && moves[i].on == on)
			return &moves[i].to;
	return NULL;
}

bool
outbox_can(enum outbox_state from, enum outbox_event on)
{
	return find(from, on) != NULL;
}

enum outbox_state
outbox_move(enum outbox_state from, enum outbox_event on)
{
	const enum outbox_state *to = find(from, on);

	BUG_ON(to == NULL);
	return *to;
}
