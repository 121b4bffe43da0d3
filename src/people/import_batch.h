/*
 * import_batch.h — for files of this room: the persons of one batch of lines, and
 * writing them in one transaction.
 */
#ifndef PEOPLE_IMPORT_BATCH_H
#define PEOPLE_IMPORT_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/limits.h"
#include "people/person.h"

struct arena;
struct person_line;
struct sealer;
struct store;

struct import_person {
	struct person p;  /* p.id: 0 until found or taken */
	bool seen_before; /* earlier in this file: add, do not replace */
	bool known;       /* in the store already */
	struct contact contacts[LIMIT_CONTACTS];
	struct stay *stays;
	size_t stays_cap;
	int64_t next_stay; /* n of the first stay to be added */
	int64_t next_contact;
	uint64_t line; /* the last one that was merged */
};

struct import_batch {
	struct import_person **list;
	size_t n, cap;
	size_t lines;
	struct arena *arena;                        /* everything of the batch */
	void (*bad)(void *arg, const struct err *); /* a line whose lists do not fit any more */
	void *arg;
};

/* Add one line to a person of the batch. RC_LIMIT: more than a person may have; nothing
 * is added then. */
enum rc import_merge(struct import_person *, const struct person_line *, struct arena *,
		     struct err *) CHECKED;

/* Write the batch in one transaction; each p.id is set on success. *ret_created counts
 * persons that were not in the store. */
enum rc import_write(struct store *, struct sealer *, struct import_batch *, int64_t now,
		     uint64_t *ret_created, struct err *) CHECKED;

#endif
