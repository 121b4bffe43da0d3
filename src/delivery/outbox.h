/*
 * outbox.h — messages we have promised to deliver: states and their moves.
 * See tocsin-outbox(7). Pure.
 *
 *                    ┌──────── retry-wait ←───────┐
 *                    ↓                            │ retry
 *   ready ──────→ claimed ────────→ in-flight ────┼──→ accepted ──→ delivered
 *     ↑   claim    │    start          │   │      │       └───────→ undelivered
 *     ├────────────┘ release, lapse    │   │      └──→ bounced, failed
 *     ├────────────────────────────────┘   │ lose, lapse
 *     │              release               ↓
 *     │                                in-doubt ──→ claimed: sent again, same id
 *
 *   From every state that has not reached a peer (ready, retry-wait, in-doubt,
 *   claimed) also: superseded, cancelled, expired, failed, suppressed, opted-out.
 *   A person without a usable contact point has one row no-channel or opted-out.
 *
 * One function moves a row. A move that is not in the table is a bug.
 */
#ifndef DELIVERY_OUTBOX_H
#define DELIVERY_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * The numbers are stored: never change one. A person's furthest state is the
 * greatest number among the person's rows, which is why there are gaps.
 */
#define OUTBOX_STATES(X)                                                                \
	X(NO_CHANNEL, 10, "no-channel") /* no contact point that we can use */          \
	X(OPTED_OUT, 15, "opted-out")   /* the person wants none there */               \
	X(SUPPRESSED, 20, "suppressed") /* not sent by a rule of ours */                \
	X(SUPERSEDED, 25, "superseded") /* a later version took its place */            \
	X(CANCELLED, 30, "cancelled")                                                   \
	X(EXPIRED, 35, "expired")         /* the alert ended before it went */          \
	X(FAILED, 40, "failed")           /* refused, or tried often enough */          \
	X(BOUNCED, 45, "bounced")         /* refused: no such address */                \
	X(UNDELIVERED, 50, "undelivered") /* taken, then reported as not delivered */   \
	X(RETRY_WAIT, 60, "retry-wait")   /* due at next_at */                          \
	X(READY, 62, "ready")             /* promised, on disk */                       \
	X(IN_DOUBT, 64, "in-doubt")       /* the peer may have it; due at next_at */    \
	X(CLAIMED, 70, "claimed")         /* a dispatcher holds it, nothing is out */   \
	X(IN_FLIGHT, 72, "in-flight")     /* on its way: may reach the peer any time */ \
	X(ACCEPTED, 80, "accepted")       /* the peer took it: handed over */           \
	X(DELIVERED, 90, "delivered")     /* a receipt says so */

enum outbox_state {
#define X(name, number, text) OUTBOX_##name = (number),
	OUTBOX_STATES(X)
#undef X
};

#define OUTBOX_STATE_COUNT 16

#define OUTBOX_EVENTS(X)                                                         \
	X(CLAIM, "claim")         /* a dispatcher takes it */                    \
	X(RELEASE, "release")     /* given back; the peer cannot have it */      \
	X(LAPSE, "lapse")         /* its dispatcher is gone */                   \
	X(START, "start")         /* handed to a session from here on */         \
	X(ACCEPT, "accept")       /* the peer took it */                         \
	X(RETRY, "retry")         /* the peer: not now */                        \
	X(REFUSE, "refuse")       /* the peer: never */                          \
	X(BOUNCE, "bounce")       /* the peer: no such address */                \
	X(LOSE, "lose")           /* the connection ended before the answer */   \
	X(FAIL, "fail")           /* attempts used up, or cannot be made */      \
	X(DELIVER, "deliver")     /* receipt: delivered */                       \
	X(UNDELIVER, "undeliver") /* receipt or bounce message: not delivered */ \
	X(SUPPRESS, "suppress")                                                  \
	X(OPT_OUT, "opt-out")                                                    \
	X(SUPERSEDE, "supersede")                                                \
	X(CANCEL, "cancel")                                                      \
	X(EXPIRE, "expire")

enum outbox_event {
#define X(name, text) OUTBOX_ON_##name,
	OUTBOX_EVENTS(X)
#undef X
};

#define OUTBOX_EVENT_COUNT 17

const char *outbox_name(enum outbox_state);
const char *outbox_event_name(enum outbox_event);
/* 0 … OUTBOX_STATE_COUNT-1 in the order above, for arrays of counts. */
int outbox_index(enum outbox_state);
enum outbox_state outbox_at(int index);
/* False for a number that no state has. */
bool outbox_of_number(int64_t number, enum outbox_state *ret) CHECKED;

/* May be claimed once next_at is there. Exactly these rows have a next_at. */
bool outbox_is_due(enum outbox_state);
/* Claimed or in flight: exactly these rows have a claim. */
bool outbox_is_held(enum outbox_state);

/* Whether the table has the move; and the move, which must be there. */
bool outbox_can(enum outbox_state, enum outbox_event);
enum outbox_state outbox_move(enum outbox_state, enum outbox_event);

#endif
