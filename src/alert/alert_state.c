/*
 * alert_state.c — the table of moves; the drawing is in alert_state.h.
 */
#include "alert/alert_state.h"

static const struct {
	enum alert_state from;
	enum alert_event on;
	enum alert_state to;
} moves[] = {
	{ALERT_DRAFT, ALERT_ON_SUBMIT, ALERT_SUBMITTED},
	{ALERT_SUBMITTED, ALERT_ON_RETURN, ALERT_DRAFT},
	{ALERT_SUBMITTED, ALERT_ON_APPROVE, ALERT_APPROVED},
	{ALERT_APPROVED, ALERT_ON_RETURN, ALERT_DRAFT},
	{ALERT_APPROVED, ALERT_ON_SEND, ALERT_LIVE},
	{ALERT_LIVE, ALERT_ON_SUPERSEDE, ALERT_UPDATED},
	{ALERT_LIVE, ALERT_ON_CANCEL, ALERT_CANCELLED},
	{ALERT_LIVE, ALERT_ON_EXPIRE, ALERT_EXPIRED},
	{ALERT_EXPIRED, ALERT_ON_CANCEL, ALERT_CANCELLED},
};

const char *
alert_state_name(enum alert_state s)
{
	switch (s) {
#define X(name, number, text) \
	case ALERT_##name:    \
		return text;
		ALERT_STATES(X)
#undef X
	}
	return "unknown";
}

const char *
alert_event_name(enum alert_event on)
{
	static const char *const names[] = {
#define X(name, text) text,
		ALERT_EVENTS(X)
#undef X
	};

	return names[on];
}

bool
alert_state_of_number(long long number, enum alert_state *ret)
{
	static const enum alert_state states[] = {
#define X(name, n, text) ALERT_##name,
		ALERT_STATES(X)
#undef X
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(states); i++) {
		if ((long long)states[i] == number) {
			*ret = states[i];
			return true;
		}
	}
	return false;
}

bool
alert_move(enum alert_state from, enum alert_event on, enum alert_state *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(moves); i++) {
		if (moves[i].from == from && moves[i].on == on) {
			*ret = moves[i].to;
			return true;
		}
	}
	return false;
}
