/*
 * attempts.h — how often somebody tried to sign in lately. Pure but for its own
 * memory: a fixed table, so that it cannot be made to grow.
 */
#ifndef WEB_ATTEMPTS_H
#define WEB_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/sv.h"

#define ATTEMPTS_WINDOW_S 900
#define ATTEMPTS_NAME     10 /* in a window, for one name */
#define ATTEMPTS_ADDRESS  30 /* … from one address (of IPv6: one /64) */
/* Codes that are nobody's, and messages, from one address. Many people may share one; at this
 * rate a code of 60 bits is not found by trying. */
#define ATTEMPTS_ASKED 300

#define ATTEMPTS_SLOTS 4096
#define ATTEMPTS_WAYS  8

struct attempts_slot {
	uint64_t key; /* 0: free */
	int64_t from; /* when its window began */
	unsigned n;
};

struct attempts {
	uint64_t seed; /* random, so that nobody can choose who shares a slot */
	struct attempts_slot slots[ATTEMPTS_SLOTS];
};

/* Whether the address may try once more; nothing is counted. */
bool attempts_left(struct attempts *, struct sv address, unsigned most, int64_t now) CHECKED;
void attempts_count(struct attempts *, struct sv address, int64_t now);

/* Count one attempt; false when it is one too many. */
bool attempts_allow(struct attempts *, struct sv name, struct sv address, int64_t now) CHECKED;

/* It was the right one: the name begins anew. */
void attempts_forgive(struct attempts *, struct sv name);

#endif
