/*
 * tally.c — counts by what rows have in common (place, profile, channels),
 * spread over the names they stand for at the end.
 *
 * A person's second stay in the audience may be in another country than the
 * first. Such persons are few: their rows are kept, and their countries found by
 * one more pass over them, sorted.
 */
#include "audience/tally.h"

#include "audience/index_int.h"
#include "base/map.h"
#include "base/mem.h"
#include "people/contact.h"

struct entry {
	struct sv name;
	uint64_t n;
};

struct table {
	struct map *counts;
	struct entry *entries;
	size_t n;
};

/* Which person was where: only persons with several stays. */
struct visit {
	uint32_t person;
	uint16_t place;
};

struct tally {
	const struct index *ix;
	uint64_t *by_place; /* persons, counted at their first stay */
	uint64_t *by_profile;
	uint64_t by_channels[256];
	uint16_t *first_place; /* of each person */
	struct visit *more;
	size_t n_more, cap_more;
	struct table tables[AUDIENCE_TABLES];
};

struct tally *
tally_new(const struct index *ix)
{
	struct tally *t = MEM_NEW(struct tally);

	t->ix = ix;
	t->by_place = MEM_NEW_N(uint64_t, index_places(ix));
	t->by_profile = MEM_NEW_N(uint64_t, index_profiles(ix));
	t->first_place = MEM_NEW_N(uint16_t, ix->n_persons);
	return t;
}

void
tally_free(struct tally **pt)
{
	struct tally *t = *pt;
	size_t i;

	if (!t)
		return;
	for (i = 0; i < AUDIENCE_TABLES; i++) {
		map_free(&t->tables[i].counts);
		mem_free(t->tables[i].entries);
	}
	mem_free(t->by_place);
	mem_free(t->by_profile);
	mem_free(t->first_place);
	mem_free(t->more);
	MEM_FREE(pt);
}

void
tally_stay(struct tally *t, size_t stay, bool again)
{
	uint32_t person = t->ix->person[stay];
	uint16_t place = t->ix->place[stay];

	if (!again) {
		t->by_place[place]++;
		t->first_place[person] = place;
		return;
	}
	t->more = mem_grow(t->more, &t->cap_more, t->n_more + 1, sizeof(*t->more));
	t->more[t->n_more++] = (struct visit){person, place};
}

void
tally_person(struct tally *t, size_t row)
{
	t->by_profile[t->ix->person_profile[row]]++;
	t->by_channels[t->ix->channels[row]]++;
}

static void
add(struct table *table, struct sv name, uint64_t n)
{
	*map_at(table->counts, name, 0, NULL) += (int64_t)n;
}

static struct sv
country_of(const struct tally *t, uint16_t place)
{
	struct sv country, subdivision;

	index_place_text(t->ix, place, &country, &subdivision);
	return country;
}

static int
visit_cmp(const void *pa, const void *pb)
{
	const struct visit *a = pa, *b = pb;

	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

/* Further countries of persons with several stays: each once, and not the one
 * that the first stay was counted in. */
static void
count_more(struct tally *t, struct table *countries)
{
	size_t i, k;

	if (t->n_more)
		qsort(t->more, t->n_more, sizeof(*t->more), visit_cmp);
	for (i = 0; i < t->n_more; i++) {
		const struct visit *v = &t->more[i];
		struct sv country = country_of(t, v->place);
		bool known = sv_eq(country, country_of(t, t->first_place[v->person]));

		for (k = i; !known && k > 0 && t->more[k - 1].person == v->person; k--)
			known = sv_eq(country, country_of(t, t->more[k - 1].place));
		if (!known)
			add(countries, country, 1);
	}
}

static int
entry_cmp(const void *pa, const void *pb)
{
	return sv_cmp(((const struct entry *)pa)->name, ((const struct entry *)pb)->name);
}

static void
table_finish(struct table *table)
{
	size_t i;

	table->n = map_count(table->counts);
	table->entries = MEM_NEW_N(struct entry, table->n + 1);
	for (i = 0; i < table->n; i++)
		table->entries[i] = (struct entry){map_key(table->counts, i),
						   (uint64_t)map_value(table->counts, i)};
	qsort(table->entries, table->n, sizeof(*table->entries), entry_cmp);
}

static void
spread_profile(struct tally *t, size_t profile)
{
	struct index_person texts;
	struct sv_split split;
	struct sv one = SV_NONE;
	uint64_t n = t->by_profile[profile];

	index_profile_text(t->ix, profile, &texts);
	split = sv_split_of(texts.citizenships, ';');
	while (sv_split_next(&split, &one))
		add(&t->tables[AUDIENCE_BY_CITIZENSHIP], one, n);
	add(&t->tables[AUDIENCE_BY_LANGUAGE],
	    sv_head(texts.languages, sv_find_char(texts.languages, ';')), n);
}

static void
spread_channels(struct tally *t, unsigned mask)
{
	static const struct {
		enum channel number;
		const char *name;
	} channels[] = {
#define X(name, number, text) {CHANNEL_##name, text},
		CHANNELS(X)
#undef X
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(channels); i++)
		if (channels[i].number != CHANNEL_NONE && (mask >> channels[i].number & 1))
			add(&t->tables[AUDIENCE_BY_CHANNEL], sv_of(channels[i].name),
			    t->by_channels[mask]);
}

void
tally_finish(struct tally *t)
{
	size_t i;
	unsigned mask;

	for (i = 0; i < AUDIENCE_TABLES; i++)
		t->tables[i].counts = map_new(3);
	for (i = 0; i < index_places(t->ix); i++)
		if (t->by_place[i])
			add(&t->tables[AUDIENCE_BY_COUNTRY], country_of(t, (uint16_t)i),
			    t->by_place[i]);
	count_more(t, &t->tables[AUDIENCE_BY_COUNTRY]);
	for (i = 0; i < index_profiles(t->ix); i++)
		if (t->by_profile[i])
			spread_profile(t, i);
	for (mask = 0; mask < ARRAY_LEN(t->by_channels); mask++)
		if (t->by_channels[mask])
			spread_channels(t, mask);
	for (i = 0; i < AUDIENCE_TABLES; i++)
		table_finish(&t->tables[i]);
}

size_t
tally_entries(const struct tally *t, enum audience_table table)
{
	return t->tables[table].n;
}

struct sv
tally_entry(const struct tally *t, enum audience_table table, size_t i, uint64_t *ret_n)
{
	BUG_ON(i >= t->tables[table].n);
	*ret_n = t->tables[table].entries[i].n;
	return t->tables[table].entries[i].name;
}
