/*
 * reach.h — how far we got with a person in a thread (DESIGN 3.5). Pure.
 *
 *   unreached ─→ handed over ─→ reached ─→ answered
 *
 * Only forward; steps may be left out (an answer proves all before it). What is
 * no proof of reading, an SMTP 250 or a GET, is *handed over* and no more.
 */
#ifndef ANSWERS_REACH_H
#define ANSWERS_REACH_H

#include <stdbool.h>

#include "base/compiler.h"

/* The numbers are stored, and the greater is the further: never change one. */
#define REACH_STATES(X)                                                                    \
	X(UNREACHED, 0, "unreached")      /* nothing left our house yet */                 \
	X(HANDED_OVER, 10, "handed over") /* a server or an operator has it */             \
	X(REACHED, 20, "reached")         /* handset receipt, reply, "I have read this" */ \
	X(ANSWERED, 30, "answered")

enum reach_state {
#define X(name, number, text) REACH_##name = (number),
	REACH_STATES(X)
#undef X
};

#define REACH_STATE_COUNT 4

#define REACH_EVENTS(X)                                                         \
	X(ACCEPTED, "accepted") /* a peer took the message */                   \
	X(RECEIPT, "receipt")   /* the handset, or the person pressed "read" */ \
	X(REPLY, "reply")       /* something came back that is no answer yet */ \
	X(ANSWER, "answer")

enum reach_event {
#define X(name, text) REACH_ON_##name,
	REACH_EVENTS(X)
#undef X
};

const char *reach_name(enum reach_state);
/* 0 … REACH_STATE_COUNT-1 in the order above, for arrays of counts. */
int reach_index(enum reach_state);
/* False for a number that no state has. */
bool reach_of_number(long long number, enum reach_state *ret) CHECKED;

/* The state after the event: the same when it proves nothing new. */
enum reach_state reach_move(enum reach_state, enum reach_event);

#endif
