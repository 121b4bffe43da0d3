/*
 * index_int.h — the columns themselves, for the files of this room.
 */
#ifndef AUDIENCE_INDEX_INT_H
#define AUDIENCE_INDEX_INT_H

#include "audience/index.h"
#include "audience/shape.h"
#include "base/buf.h"

struct map;

/* In the column lat: the point stands in full at exact[lon]; there is no point. */
#define LAT_EXACT   INT32_MIN
#define LAT_NONE    (INT32_MIN + 1)

#define COORD_SCALE 1e7

struct index {
	/* Stays. Rows [0, n_points) are in the order of cells, [n_points, n_sorted)
	 * have no coordinates, [n_sorted, n_stays) are the tail. */
	int32_t *lat, *lon; /* 1e-7 degrees */
	int32_t *from, *to;
	uint16_t *place;
	uint32_t *profile;
	uint32_t *person;
	size_t n_points, n_sorted, n_stays, cap_stays;
	struct geo_point *exact;
	size_t n_exact, cap_exact;

	/* The cells that hold anything, ascending, and where each begins. */
	uint32_t *cell;
	uint32_t *cell_start; /* n_cells + 1 */
	uint32_t row_first[SHAPE_ROWS + 1];
	size_t n_cells;

	/* Persons. */
	int64_t *id;
	uint32_t *ref_at; /* n_persons + 1 */
	uint32_t *person_profile;
	uint8_t *channels;
	size_t n_persons, n_built, cap_persons;
	bool ascending; /* ids of the rows [0, n_built) */
	uint64_t *dead; /* a bit for each person row */
	size_t n_dead, cap_dead;
	char *refs;
	size_t n_refs, cap_refs;

	/* Interned texts, numbered from 0. A place is country, subdivision and the
	 * country's length in one byte; a profile is citizenships, languages, groups
	 * and the first two lengths in four bytes each. */
	struct map *places, *profiles;
	uint16_t *place_country; /* geo/country.h, or COUNTRY_NONE */
	size_t cap_places;
	struct buf scratch;

	const char *full; /* which column ran out of numbers, or NULL */
};

static inline bool
index_bit(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

static inline void
index_bit_set(uint64_t *bits, size_t i)
{
	bits[i / 64] |= (uint64_t)1 << (i % 64);
}

static inline bool
index_dead(const struct index *ix, uint32_t person)
{
	return person / 64 < ix->cap_dead && index_bit(ix->dead, person);
}

/* The point of a stay that has one. */
static inline struct geo_point
index_point(const struct index *ix, size_t stay)
{
	if (ix->lat[stay] == LAT_EXACT)
		return ix->exact[(uint32_t)ix->lon[stay]];
	return (struct geo_point){ix->lat[stay] / COORD_SCALE, ix->lon[stay] / COORD_SCALE};
}

struct index *index_new(void) CHECKED;
size_t index_places(const struct index *);
size_t index_profiles(const struct index *);
void index_place_text(const struct index *, size_t place, struct sv *ret_country,
		      struct sv *ret_subdivision);
/* Fills in the three lists. */
void index_profile_text(const struct index *, size_t profile, struct index_person *ret);

#endif
