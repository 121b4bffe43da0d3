/*
 * fanout_store.h — from the audience to rows of the outbox, and their counts.
 *
 * The audience was written when the alert was sent, in pieces. A piece becomes
 * rows and is marked done in one transaction: a restart repeats nothing and
 * forgets nothing. The ladder has one rung: the first usable contact point.
 */
#ifndef DELIVERY_FANOUT_STORE_H
#define DELIVERY_FANOUT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "delivery/outbox.h"

struct store;

struct outbox_ladder {
	uint32_t usable; /* bit 1 << enum channel: there is a route for it */
	bool practice;   /* every contact point is written to the folder instead */
};

struct outbox_fanned {
	int64_t alert; /* 0: nothing was left to do */
	int64_t rows;
	int64_t ready; /* of them */
};

/* The next undone piece of an alert in force; in order. Inside the caller's transaction. RC_IO,
 * RC_TIMEOUT; RC_SYNTAX when the piece cannot be read. */
enum rc outbox_fan_out(struct store *, const struct outbox_ladder *, int64_t now,
		       struct outbox_fanned *ret, struct err *) CHECKED;

/*
 * Of one alert version, read as of one moment, by outbox_index. Rows by state
 * sum to rows. Persons by furthest state, and those not fanned out yet, sum to the
 * audience; `unaccounted` is what is missing, and always 0.
 */
struct outbox_counts {
	int64_t rows;
	int64_t rows_by[OUTBOX_STATE_COUNT];
	int64_t audience;
	int64_t persons_by[OUTBOX_STATE_COUNT];
	int64_t not_fanned_out;
	int64_t unaccounted;
};

enum rc outbox_count(struct store *, int64_t alert, struct outbox_counts *ret, struct err *)
	CHECKED;

/* Of the whole outbox: rows not at an end, and since when the oldest has been due (0: none). */
struct outbox_open {
	int64_t due;
	int64_t oldest_due;
	int64_t held;
	int64_t pieces; /* not fanned out */
};

enum rc outbox_open_work(struct store *, struct outbox_open *ret, struct err *) CHECKED;

#endif
