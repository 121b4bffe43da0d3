/*
 * reach_store.h — the table `reach`: how far we got with each person in a thread.
 *
 * A person without a row is unreached. Rows only move forward: writing an
 * earlier state than the stored one changes nothing.
 */
#ifndef ANSWERS_REACH_STORE_H
#define ANSWERS_REACH_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "answers/reach.h"
#include "base/compiler.h"
#include "base/err.h"

struct store;

struct reach_row {
	int64_t thread;
	int64_t person;
	enum reach_event on;
};

/* Apply the events. Inside the caller's transaction. RC_IO, RC_TIMEOUT. */
enum rc reach_write(struct store *, const struct reach_row *, size_t n, int64_t now, struct err *)
	CHECKED;

/* The same event for many persons of one thread; ascending ids are fastest. */
enum rc reach_write_all(struct store *, int64_t thread, const int64_t *persons, size_t n,
			enum reach_event, int64_t now, struct err *) CHECKED;

/* Persons by state, by reach_index. ret[0], the unreached, counts stored rows
 * only: those without a row are the caller's audience less the sum. */
enum rc reach_counts(struct store *, int64_t thread, int64_t ret[REACH_STATE_COUNT], struct err *)
	CHECKED;

/* RC_NOTFOUND never: a person without a row is unreached. */
enum rc reach_get(struct store *, int64_t thread, int64_t person, enum reach_state *ret,
		  struct err *) CHECKED;

#endif
