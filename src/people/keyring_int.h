/*
 * keyring_int.h — for files of this room: the key store's SQL and what the
 * keyring asks of it.
 */
#ifndef PEOPLE_KEYRING_INT_H
#define PEOPLE_KEYRING_INT_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct store;
struct tombstone;

typedef enum rc key_row_fn(void *arg, int64_t person, struct sv wrapped, struct err *);

/* Call fn for those of the ids (ascending) that have a key. */
enum rc key_rows(struct store *, const int64_t *ids, size_t n, key_row_fn *, void *arg,
		 struct err *) CHECKED;
/* One of the ids with a tombstone; RC_NOTFOUND without a sentence when none has. */
enum rc key_tombstone_of(struct store *, const int64_t *ids, size_t n, int64_t *ret, struct err *)
	CHECKED;
enum rc key_add(struct store *, int64_t person, struct sv wrapped, struct err *) CHECKED;
enum rc key_destroy(struct store *, const int64_t *ids, size_t n, int64_t now, struct err *)
	CHECKED;
enum rc key_tombstones(struct store *, int64_t after, struct tombstone *ret, size_t cap,
		       size_t *ret_n, struct err *) CHECKED;
enum rc key_highest(struct store *, int64_t *ret, struct err *) CHECKED;

#endif
