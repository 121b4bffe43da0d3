/*
 * change.h — the log of changes that keeps every role's copies true.
 *
 * Whoever writes something that an index or a cache holds appends a row in the
 * same transaction. seq comes from a locked counter row, so that it grows in
 * the order of the commits on PostgreSQL too. A reader that applied all rows up
 * to seq N asks for those after N.
 */
#ifndef STORE_CHANGE_H
#define STORE_CHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct store;

#define CHANGE_KINDS(X)                                                 \
	X(PERSON, "person")   /* enrolled, moved, changed, forgotten */ \
	X(ALERT, "alert")     /* an alert's state or text */            \
	X(OUTBOX, "outbox")   /* work for the dispatcher */             \
	X(SETTING, "setting") /* hold and the like */

enum change_kind {
#define X(name, text) CHANGE_##name,
	CHANGE_KINDS(X)
#undef X
};

/* Append one row for each of the n ids, in order. Inside a transaction. */
enum rc change_add(struct store *, enum change_kind, const int64_t *ids, size_t n, struct err *)
	CHECKED;

/* Take n numbers off a named counter row in a transaction; *ret_first is the first. Used for
 * change seqs and for ids of persons and alerts, so that ids are dense. */
enum rc counter_take(struct store *, const char *name, int64_t n, int64_t *ret_first, struct err *)
	CHECKED;

/* The newest seq; 0 when there is none. */
enum rc change_last(struct store *, int64_t *ret_seq, struct err *) CHECKED;

/* Call fn for each row after seq, in order, at most `most`; *ret_seq is the last
 * one given. A fn that returns other than RC_OK ends it. */
typedef enum rc change_fn(void *arg, int64_t seq, enum change_kind, int64_t id, struct err *);
enum rc change_read(struct store *, int64_t after, size_t most, change_fn *, void *arg,
		    int64_t *ret_seq, struct err *) CHECKED;

#endif
