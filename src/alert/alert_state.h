/*
 * alert_state.h — the life of one version of an alert. Pure.
 *
 *            submit          approve          send
 *   draft ──────────→ submitted ─────→ approved ────→ live ──→ updated
 *     ↑                  │                │             ├────→ cancelled
 *     └───── return ─────┴──── return ────┘             └────→ expired ──→ cancelled
 *
 * Approval freezes the bytes, identifier, sender and sent. updated: a newer
 * version of the thread went live. A Cancel message is a version of its own,
 * live from the moment that it ends the others; it may correct what has expired.
 */
#ifndef ALERT_ALERT_STATE_H
#define ALERT_ALERT_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/* The numbers are stored: never change one. */
#define ALERT_STATES(X)               \
	X(DRAFT, 0, "draft")          \
	X(SUBMITTED, 10, "submitted") \
	X(APPROVED, 20, "approved")   \
	X(LIVE, 30, "live")           \
	X(UPDATED, 40, "updated")     \
	X(CANCELLED, 50, "cancelled") \
	X(EXPIRED, 60, "expired")

enum alert_state {
#define X(name, number, text) ALERT_##name = (number),
	ALERT_STATES(X)
#undef X
};

#define ALERT_EVENTS(X)           \
	X(SUBMIT, "submit")       \
	X(RETURN, "return")       \
	X(APPROVE, "approve")     \
	X(SEND, "send")           \
	X(SUPERSEDE, "supersede") \
	X(CANCEL, "cancel")       \
	X(EXPIRE, "expire")

enum alert_event {
#define X(name, text) ALERT_ON_##name,
	ALERT_EVENTS(X)
#undef X
};

const char *alert_state_name(enum alert_state);
const char *alert_event_name(enum alert_event);
/* False for a number that no state has. */
bool alert_state_of_number(long long number, enum alert_state *ret) CHECKED;

/* The state after the event; false when this state does not allow it. */
bool alert_move(enum alert_state, enum alert_event, enum alert_state *ret) CHECKED;

#endif
