/*
 * index.h — every stay and person in memory, as columns, to be asked "whom
 * does this alert concern?" without a look into the store.
 *
 * A stay is 26 bytes in the columns: latitude, longitude, from, to, place
 * (country and subdivision, interned), profile (citizenships, languages, groups,
 * interned together) and person. Coordinates are whole 1e-7 degrees where that
 * is exactly the stored number, as it is for anything written with at most
 * seven decimals; others stand beside in full, so that no answer depends on
 * rounding. Rows are in the order of 0.25 degree cells, so that an area is a
 * number of runs; those without coordinates follow, then the tail: rows added
 * since the index was built, in no order.
 *
 * A person changed later is dead where it stood and stands again in the tail.
 * One thread at a time may change an index; many may read it meanwhile not.
 */
#ifndef AUDIENCE_INDEX_H
#define AUDIENCE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "geo/point.h"

struct index;
struct index_builder;

#define INDEX_OPEN INT32_MAX /* the last day of a stay without end */

/* Which channels a person has a contact point in use for; bit = enum channel. */
#define INDEX_CHANNEL(c) ((uint8_t)(1u << (c)))

struct index_person {
	int64_t id;
	struct sv ref;
	struct sv citizenships, languages, groups; /* as stored: ';' between */
	uint8_t channels;
};

struct index_stay {
	bool has_point;
	struct geo_point point;
	struct sv country, subdivision; /* "RU", "RU-MOW"; may be empty */
	int32_t from, to;               /* days, both included; INDEX_OPEN */
};

/* Building: each person is followed by its stays. Nothing is allocated per
 * person. Ids ascending is fastest, any order is right. Texts are copied. */
struct index_builder *index_builder_new(void) CHECKED;
void index_builder_free(struct index_builder **);
void index_builder_person(struct index_builder *, const struct index_person *);
void index_builder_stay(struct index_builder *, const struct index_stay *);
/* Takes the builder and leaves NULL, also on failure. RC_LIMIT: more persons, stays,
 * places or text than the columns can number. */
enum rc index_builder_finish(struct index **ret, struct index_builder **, struct err *) CHECKED;

void index_free(struct index **);

/* Later changes. index_remove forgets the person, if there; index_add puts a person
 * (whom the caller removed first) into the tail, then its stays. */
void index_remove(struct index *, int64_t id);
void index_add(struct index *, const struct index_person *);
void index_add_stay(struct index *, const struct index_stay *);
/* The tail or the dead have grown so much that building afresh pays. */
bool index_stale(const struct index *);

/* Reading. Person rows are 0 … index_rows()-1, dead ones included. */
uint32_t index_rows(const struct index *);
uint64_t index_persons(const struct index *); /* living */
uint64_t index_stays(const struct index *);   /* of the living */
size_t index_bytes(const struct index *);     /* memory of the columns */
bool index_find(const struct index *, struct sv ref, uint32_t *ret_row);
bool index_find_id(const struct index *, int64_t id, uint32_t *ret_row);
void index_get(const struct index *, uint32_t row, struct index_person *ret); /* borrowed */
/* Call fn for each stay of the person, in no particular order. */
typedef void index_stay_fn(void *arg, uint32_t stay, const struct index_stay *);
void index_each_stay(const struct index *, uint32_t row, index_stay_fn *, void *arg);

#endif
