/*
 * index_store.h — the index from the store, and kept true by the change log.
 */
#ifndef AUDIENCE_INDEX_STORE_H
#define AUDIENCE_INDEX_STORE_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"

struct index;
struct store;

/* Load everybody. *ret_seq is the change that the result is true up to. The
 * caller holds no transaction. RC_IO, RC_TIMEOUT, RC_LIMIT. */
enum rc index_store_load(struct index **ret, int64_t *ret_seq, struct store *, struct err *)
	CHECKED;

/* Apply the changes after *seq and move it on; when much has changed *ix is
 * replaced by one loaded afresh. On failure both stay usable and as true as they were.
 * Call it before each answer: with nothing new it is one small query. */
enum rc index_store_apply(struct index **ix, int64_t *seq, struct store *, struct err *) CHECKED;

#endif
