/*
 * index.c — the columns: appending to them, and reading persons and stays back.
 * index_build.c puts them in order.
 */
#include <math.h>

#include "audience/index_int.h"

#include "base/map.h"
#include "base/mem.h"
#include "geo/country.h"

#define STALE_LEAST 4096 /* persons in the tail before building afresh can pay */
#define SCRATCH_MAX 65536

struct index *
index_new(void)
{
	struct index *ix = MEM_NEW(struct index);

	ix->places = map_new(1);
	ix->profiles = map_new(2);
	ix->ascending = true;
	buf_init(&ix->scratch, SCRATCH_MAX);
	return ix;
}

void
index_free(struct index **pix)
{
	struct index *ix = *pix;

	if (!ix)
		return;
	mem_free(ix->lat);
	mem_free(ix->lon);
	mem_free(ix->from);
	mem_free(ix->to);
	mem_free(ix->place);
	mem_free(ix->profile);
	mem_free(ix->person);
	mem_free(ix->exact);
	mem_free(ix->cell);
	mem_free(ix->cell_start);
	mem_free(ix->id);
	mem_free(ix->ref_at);
	mem_free(ix->person_profile);
	mem_free(ix->channels);
	mem_free(ix->dead);
	mem_free(ix->refs);
	map_free(&ix->places);
	map_free(&ix->profiles);
	mem_free(ix->place_country);
	buf_fini(&ix->scratch);
	MEM_FREE(pix);
}

/* The number of the text in scratch; the text's last bytes are lengths. */
static size_t
intern(struct index *ix, struct map *map, size_t max, const char *what, bool *ret_fresh)
{
	int64_t *at;

	*ret_fresh = false;
	if (!buf_ok(&ix->scratch)) {
		ix->full = "a person's lists";
		return 0;
	}
	at = map_at(map, buf_sv(&ix->scratch), (int64_t)map_count(map), ret_fresh);
	if ((size_t)*at < max)
		return (size_t)*at;
	ix->full = what;
	return 0;
}

static uint32_t
profile_number(struct index *ix, const struct index_person *p)
{
	uint32_t lengths[2] = {(uint32_t)p->citizenships.n, (uint32_t)p->languages.n};
	bool fresh;

	buf_reset(&ix->scratch);
	buf_add(&ix->scratch, p->citizenships);
	buf_add(&ix->scratch, p->languages);
	buf_add(&ix->scratch, p->groups);
	buf_add(&ix->scratch, (struct sv){(const char *)lengths, sizeof(lengths)});
	return (uint32_t)intern(ix, ix->profiles, UINT32_MAX, "kinds of person", &fresh);
}

static uint16_t
place_number(struct index *ix, const struct index_stay *s)
{
	bool fresh;
	size_t number;

	buf_reset(&ix->scratch);
	buf_add(&ix->scratch, s->country);
	buf_add(&ix->scratch, s->subdivision);
	buf_addc(&ix->scratch, (char)s->country.n);
	number = intern(ix, ix->places, UINT16_MAX, "places", &fresh);
	if (fresh) {
		ix->place_country = mem_grow(ix->place_country, &ix->cap_places, number + 1,
					     sizeof(*ix->place_country));
		ix->place_country[number] = country_by_code(s->country);
	}
	return (uint16_t)number;
}

void
index_add(struct index *ix, const struct index_person *p)
{
	size_t row = ix->n_persons;

	if (row + 1 >= ix->cap_persons) {
		size_t n = ix->cap_persons = row + row / 2 + 64;

		ix->id = mem_resize(ix->id, n, sizeof(*ix->id));
		ix->ref_at = mem_resize(ix->ref_at, n, sizeof(*ix->ref_at));
		ix->person_profile = mem_resize(ix->person_profile, n, sizeof(*ix->person_profile));
		ix->channels = mem_resize(ix->channels, n, sizeof(*ix->channels));
	}
	if (row >= UINT32_MAX - 1 || ix->n_refs + p->ref.n > UINT32_MAX) {
		ix->full = "persons";
		return;
	}
	ix->refs = mem_grow(ix->refs, &ix->cap_refs, ix->n_refs + p->ref.n, 1);
	if (p->ref.n)
		memcpy(ix->refs + ix->n_refs, p->ref.p, p->ref.n);
	ix->ref_at[row] = (uint32_t)ix->n_refs;
	ix->n_refs += p->ref.n;
	ix->ref_at[row + 1] = (uint32_t)ix->n_refs;
	ix->id[row] = p->id;
	ix->person_profile[row] = profile_number(ix, p);
	ix->channels[row] = p->channels;
	ix->n_persons++;
}

/* Whole 1e-7 degrees when dividing them gives back exactly this number. */
static bool
coordinate_pack(double degrees, int32_t *ret)
{
	double whole = nearbyint(degrees * COORD_SCALE);

	if (!(fabs(whole) <= 180 * COORD_SCALE) || whole / COORD_SCALE != degrees)
		return false;
	*ret = (int32_t)whole;
	return true;
}

static void
point_pack(struct index *ix, const struct index_stay *s, int32_t *lat, int32_t *lon)
{
	if (!s->has_point || !geo_point_ok(s->point)) {
		*lat = LAT_NONE;
		*lon = 0;
		return;
	}
	if (coordinate_pack(s->point.lat, lat) && coordinate_pack(s->point.lon, lon))
		return;
	if (ix->n_exact == INT32_MAX) {
		ix->full = "points with many decimals";
		return;
	}
	ix->exact = mem_grow(ix->exact, &ix->cap_exact, ix->n_exact + 1, sizeof(*ix->exact));
	ix->exact[ix->n_exact] = s->point;
	*lat = LAT_EXACT;
	*lon = (int32_t)ix->n_exact++;
}

void
index_add_stay(struct index *ix, const struct index_stay *s)
{
	size_t row = ix->n_stays;

	BUG_ON(ix->n_persons == 0 && !ix->full);
	if (row == ix->cap_stays) {
		size_t n = ix->cap_stays = row + row / 2 + 64;

		ix->lat = mem_resize(ix->lat, n, sizeof(*ix->lat));
		ix->lon = mem_resize(ix->lon, n, sizeof(*ix->lon));
		ix->from = mem_resize(ix->from, n, sizeof(*ix->from));
		ix->to = mem_resize(ix->to, n, sizeof(*ix->to));
		ix->place = mem_resize(ix->place, n, sizeof(*ix->place));
		ix->profile = mem_resize(ix->profile, n, sizeof(*ix->profile));
		ix->person = mem_resize(ix->person, n, sizeof(*ix->person));
	}
	if (row >= UINT32_MAX - 64)
		ix->full = "stays";
	if (ix->full)
		return;
	point_pack(ix, s, &ix->lat[row], &ix->lon[row]);
	ix->from[row] = s->from;
	ix->to[row] = s->to;
	ix->place[row] = place_number(ix, s);
	ix->person[row] = (uint32_t)(ix->n_persons - 1);
	ix->profile[row] = ix->person_profile[ix->n_persons - 1];
	ix->n_stays++;
}

void
index_remove(struct index *ix, int64_t id)
{
	uint32_t row;
	size_t had = ix->cap_dead;

	if (!index_find_id(ix, id, &row))
		return;
	ix->dead = mem_grow(ix->dead, &ix->cap_dead, ix->n_persons / 64 + 1, sizeof(*ix->dead));
	if (ix->cap_dead > had)
		memset(ix->dead + had, 0, (ix->cap_dead - had) * sizeof(*ix->dead));
	index_bit_set(ix->dead, row);
	ix->n_dead++;
}

bool
index_stale(const struct index *ix)
{
	size_t tail = ix->n_persons - ix->n_built + ix->n_dead;

	return ix->full || tail > STALE_LEAST + ix->n_built / 8;
}

uint32_t
index_rows(const struct index *ix)
{
	return (uint32_t)ix->n_persons;
}

uint64_t
index_persons(const struct index *ix)
{
	return ix->n_persons - ix->n_dead;
}

uint64_t
index_stays(const struct index *ix)
{
	uint64_t n = 0;
	size_t i;

	if (ix->n_dead == 0)
		return ix->n_stays;
	for (i = 0; i < ix->n_stays; i++)
		n += !index_dead(ix, ix->person[i]);
	return n;
}

size_t
index_bytes(const struct index *ix)
{
	return ix->cap_stays * (4 * sizeof(int32_t) + sizeof(uint16_t) + 2 * sizeof(uint32_t)) +
	       ix->cap_exact * sizeof(struct geo_point) + (ix->n_cells * 2 + 1) * sizeof(uint32_t) +
	       ix->cap_persons * (sizeof(int64_t) + 2 * sizeof(uint32_t) + 1) + ix->cap_refs +
	       ix->cap_dead * sizeof(uint64_t);
}

static struct sv
ref_of(const struct index *ix, uint32_t row)
{
	return (struct sv){ix->refs + ix->ref_at[row], ix->ref_at[row + 1] - ix->ref_at[row]};
}

bool
index_find(const struct index *ix, struct sv ref, uint32_t *ret_row)
{
	uint32_t row;

	for (row = 0; row < ix->n_persons; row++)
		if (sv_eq(ref_of(ix, row), ref) && !index_dead(ix, row)) {
			*ret_row = row;
			return true;
		}
	return false;
}

bool
index_find_id(const struct index *ix, int64_t id, uint32_t *ret_row)
{
	size_t low = 0, high = ix->ascending ? ix->n_built : 0, row;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ix->id[mid] < id)
			low = mid + 1;
		else
			high = mid;
	}
	if (ix->ascending && low < ix->n_built && ix->id[low] == id &&
	    !index_dead(ix, (uint32_t)low)) {
		*ret_row = (uint32_t)low;
		return true;
	}
	for (row = ix->ascending ? ix->n_built : 0; row < ix->n_persons; row++)
		if (ix->id[row] == id && !index_dead(ix, (uint32_t)row)) {
			*ret_row = (uint32_t)row;
			return true;
		}
	return false;
}

size_t
index_places(const struct index *ix)
{
	return map_count(ix->places);
}

size_t
index_profiles(const struct index *ix)
{
	return map_count(ix->profiles);
}

void
index_place_text(const struct index *ix, size_t place, struct sv *ret_country,
		 struct sv *ret_subdivision)
{
	struct sv key = map_key(ix->places, place);
	size_t n = (unsigned char)key.p[key.n - 1];

	*ret_country = sv_head(key, n);
	*ret_subdivision = (struct sv){key.p + n, key.n - 1 - n};
}

void
index_profile_text(const struct index *ix, size_t profile, struct index_person *ret)
{
	struct sv key = map_key(ix->profiles, profile);
	uint32_t lengths[2];

	key.n -= sizeof(lengths);
	memcpy(lengths, key.p + key.n, sizeof(lengths));
	ret->citizenships = sv_head(key, lengths[0]);
	key = sv_from(key, lengths[0]);
	ret->languages = sv_head(key, lengths[1]);
	ret->groups = sv_from(key, lengths[1]);
}

void
index_get(const struct index *ix, uint32_t row, struct index_person *ret)
{
	BUG_ON(row >= ix->n_persons);
	index_profile_text(ix, ix->person_profile[row], ret);
	ret->id = ix->id[row];
	ret->ref = ref_of(ix, row);
	ret->channels = ix->channels[row];
}

void
index_each_stay(const struct index *ix, uint32_t row, index_stay_fn *fn, void *arg)
{
	size_t i;

	for (i = 0; i < ix->n_stays; i++) {
		struct index_stay s = {.from = ix->from[i], .to = ix->to[i]};

		if (ix->person[i] != row)
			continue;
		s.has_point = ix->lat[i] != LAT_NONE;
		if (s.has_point)
			s.point = index_point(ix, i);
		index_place_text(ix, ix->place[i], &s.country, &s.subdivision);
		fn(arg, (uint32_t)i, &s);
	}
}
