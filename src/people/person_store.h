/*
 * person_store.h — persons in the store: reading for audiences and messages,
 * counting, forgetting. Details stay sealed here.
 */
#ifndef PEOPLE_PERSON_STORE_H
#define PEOPLE_PERSON_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "people/contact.h"

struct map;
struct sealer;
struct store;

/* One row of person. Texts are borrowed until the callback returns. */
struct person_row {
	int64_t id;
	struct sv ref;
	struct sv citizenships;
	struct sv languages;
	struct sv groups;
	struct sv sealed; /* the name, SEALED_NAME; may be empty */
};

struct contact_row {
	int64_t person;
	int64_t n; /* 1, 2, …: the order of the ladder */
	enum channel channel;
	enum contact_state state;
	struct sv sealed; /* SEALED_EMAIL or SEALED_PHONE, see contact_sealed_kind */
};

typedef enum rc person_row_fn(void *arg, const struct person_row *, struct err *);
typedef enum rc contact_row_fn(void *arg, const struct contact_row *, struct err *);

/* Call fn for each of the persons that is there, ids ascending. The ids must be
 * ascending and without repeats. A fn that returns other than RC_OK ends it. fn must
 * not use the store. RC_IO, RC_TIMEOUT. */
enum rc person_rows(struct store *, const int64_t *ids, size_t n, person_row_fn *, void *arg,
		    struct err *) CHECKED;
/* The same for their contact points, by person, then n; also those out of use. */
enum rc person_contacts(struct store *, const int64_t *ids, size_t n, contact_row_fn *, void *arg,
			struct err *) CHECKED;

/* All persons' ids, ascending; the caller frees *ret with MEM_FREE. */
enum rc person_all_ids(struct store *, int64_t **ret, size_t *ret_n, struct err *) CHECKED;

/* The enum sealed_kind (sealer.h) of what such a contact point holds. */
int contact_sealed_kind(enum channel);

/* RC_NOTFOUND with a sentence. */
enum rc person_find(struct store *, struct sv ref, int64_t *ret_id, struct err *) CHECKED;

/* Set the state of a contact point (a bounce, an opt-out) and log the change. In a
 * transaction of the caller's. RC_NOTFOUND. */
enum rc person_contact_set(struct store *, int64_t person, int64_t n, enum contact_state,
			   struct err *) CHECKED;

struct person_counts {
	int64_t persons;
	int64_t stays;
	int64_t residents;          /* persons with an open-ended stay */
	int64_t dual;               /* persons with two or more citizenships */
	int64_t no_channel;         /* persons without a contact point in use */
	struct map *by_country;     /* persons with a stay in it; by alpha-2, "" unknown */
	struct map *by_citizenship; /* a dual national counts in both */
	struct map *by_language;    /* by the preferred one */
	struct map *by_channel;     /* persons with one in use */
};

enum rc person_count(struct store *, struct person_counts *ret, struct err *) CHECKED;
void person_counts_fini(struct person_counts *);

/* Forget: first the key is destroyed, through the sealer, then rows go and a
 * tombstone and a change row come, in one transaction. Interrupted between the
 * two it is finished by doing it again, or by the replay below. RC_NOTFOUND: no such ref. */
enum rc person_forget(struct store *, struct sealer *, struct sv ref, int64_t now, int64_t *ret_id,
		      struct err *) CHECKED;

/* The second half alone: rows, tombstone, change row. In a transaction of the caller's,
 * after the sealer has forgotten the person. Repeatable. */
enum rc person_remove(struct store *, int64_t id, int64_t now, struct err *) CHECKED;

/* After a restore, and at each start: remove persons whose keys are gone (tombstones of
 * the key store), and lift the counter of ids over every id that ever had a key.
 * *ret_gone is the number of persons removed. */
enum rc person_replay(struct store *, struct sealer *, int64_t *ret_gone, struct err *) CHECKED;

#endif
