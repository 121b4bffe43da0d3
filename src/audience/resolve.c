/*
 * resolve.c — for each block: the stays in its area, as bits (whole runs of
 * cells where a shape covers them, point by point along its edge, by place for
 * geocodes and unknown places), then of these the ones in time and for which
 * the expression holds. The stays of all blocks together give the persons and
 * the counts.
 */
#include "audience/resolve.h"

#include "audience/area.h"
#include "audience/index_int.h"
#include "audience/match.h"
#include "audience/plan.h"
#include "audience/tally.h"
#include "base/mem.h"

struct audience {
	const struct index *ix;
	uint64_t *stays;   /* bits of the stays that make somebody concerned */
	uint64_t *persons; /* bits of person rows */
	struct audience_counts counts;
	struct tally *tally;
	int64_t *ids;
	struct sv *refs;
};

static size_t
words(size_t bits)
{
	return bits / 64 + 1;
}

/* Set the bits [from, to). */
static void
bits_set_run(uint64_t *bits, size_t from, size_t to)
{
	size_t first = from / 64, last = to / 64;
	uint64_t head = ~(uint64_t)0 << (from % 64);
	uint64_t tail = ((uint64_t)1 << (to % 64)) - 1;

	if (from >= to)
		return;
	if (first == last) {
		bits[first] |= head & tail;
		return;
	}
	bits[first] |= head;
	memset(bits + first + 1, 0xFF, (last - first - 1) * sizeof(*bits));
	bits[last] |= tail;
}

static void
ask_each(const struct index *ix, const struct shape *s, size_t from, size_t to, uint64_t *hit)
{
	size_t i;

	for (i = from; i < to; i++)
		if (!index_bit(hit, i) && ix->lat[i] != LAT_NONE &&
		    shape_contains(s, index_point(ix, i)))
			index_bit_set(hit, i);
}

static void
hit_shape(const struct index *ix, const struct shape *s, uint64_t *hit)
{
	uint8_t cells[SHAPE_COLUMNS];
	unsigned row, last;

	shape_rows(s, &row, &last);
	for (; row < last; row++) {
		size_t c = ix->row_first[row], end = ix->row_first[row + 1];

		if (c == end)
			continue;
		shape_row(s, row, cells);
		for (; c < end; c++) {
			switch (cells[ix->cell[c] % SHAPE_COLUMNS]) {
			case SHAPE_IN:
				bits_set_run(hit, ix->cell_start[c], ix->cell_start[c + 1]);
				break;
			case SHAPE_EDGE:
				ask_each(ix, s, ix->cell_start[c], ix->cell_start[c + 1], hit);
				break;
			default:
				break;
			}
		}
	}
	ask_each(ix, s, ix->n_sorted, ix->n_stays, hit);
}

/* Geocodes, and the stays without coordinates. */
static void
hit_places(const struct index *ix, const struct area *area, uint64_t *hit)
{
	size_t i, n = index_places(ix);
	uint8_t *named = mem_zero(n, 1);
	bool any = false;

	for (i = 0; i < n; i++) {
		struct sv country, subdivision;

		index_place_text(ix, i, &country, &subdivision);
		named[i] = area_names(area, ix->place_country[i], subdivision);
		any |= named[i];
	}
	for (i = 0; any && i < ix->n_stays; i++)
		if (named[ix->place[i]])
			index_bit_set(hit, i);
	for (i = ix->n_points; i < ix->n_stays; i++)
		if (ix->lat[i] == LAT_NONE && !index_bit(hit, i) &&
		    area_meets(area, ix->place_country[ix->place[i]]))
			index_bit_set(hit, i);
	mem_free(named);
}

static uint64_t
in_time(const struct index *ix, const struct plan_block *b, size_t first, uint64_t asked)
{
	uint64_t got = 0, rest = asked;
	unsigned k;

	for (k = 0; rest; k++, rest >>= 1)
		got |= (uint64_t)((rest & 1) && ix->from[first + k] <= b->from_max &&
				  ix->to[first + k] >= b->to_min)
		       << k;
	return got;
}

static void
resolve_block(struct audience *a, const struct plan *plan, const struct plan_block *b,
	      const struct audience_statuses *statuses, uint64_t *hit)
{
	const struct index *ix = a->ix;
	struct match *match = NULL;
	size_t i, n = words(ix->n_stays);

	if (b->empty)
		return;
	memset(hit, 0, n * sizeof(*hit));
	for (i = 0; i < area_shapes(b->area); i++)
		hit_shape(ix, area_shape(b->area, i), hit);
	hit_places(ix, b->area, hit);
	if (b->expr)
		match = match_new(ix, b->expr, plan_arriving_from(plan), statuses);
	for (i = 0; i < n; i++) {
		uint64_t asked = hit[i] & ~a->stays[i];

		if (!asked)
			continue;
		asked = in_time(ix, b, i * 64, asked);
		if (asked && match)
			asked = match_word(match, i * 64, asked);
		a->stays[i] |= asked;
	}
	match_free(&match);
}

/* The dead count for nothing; the others make their person concerned. */
static void
count(struct audience *a)
{
	const struct index *ix = a->ix;
	size_t w, n = words(ix->n_stays);

	for (w = 0; w < n; w++) {
		uint64_t rest = a->stays[w];
		unsigned k;

		for (k = 0; rest; k++, rest >>= 1) {
			size_t i = w * 64 + k;

			if (!(rest & 1))
				continue;
			if (index_dead(ix, ix->person[i])) {
				a->stays[w] &= ~((uint64_t)1 << k);
				continue;
			}
			a->counts.stays++;
			a->counts.place_unknown += ix->lat[i] == LAT_NONE;
			tally_stay(a->tally, i, index_bit(a->persons, ix->person[i]));
			index_bit_set(a->persons, ix->person[i]);
		}
	}
	n = words(ix->n_persons);
	for (w = 0; w < n; w++) {
		uint64_t rest = a->persons[w];
		unsigned k;

		for (k = 0; rest; k++, rest >>= 1) {
			if (!(rest & 1))
				continue;
			a->counts.persons++;
			a->counts.no_channel += ix->channels[w * 64 + k] == 0;
			tally_person(a->tally, w * 64 + k);
		}
	}
	tally_finish(a->tally);
}

struct audience *
audience_resolve(const struct index *ix, const struct plan *plan,
		 const struct audience_statuses *statuses)
{
	struct audience *a = MEM_NEW(struct audience);
	uint64_t *hit = MEM_NEW_N(uint64_t, words(ix->n_stays));
	size_t i;

	a->ix = ix;
	a->stays = MEM_NEW_N(uint64_t, words(ix->n_stays));
	a->persons = MEM_NEW_N(uint64_t, words(ix->n_persons));
	a->tally = tally_new(ix);
	for (i = 0; i < plan_blocks(plan); i++)
		resolve_block(a, plan, plan_block(plan, i), statuses, hit);
	mem_free(hit);
	count(a);
	return a;
}

void
audience_free(struct audience **pa)
{
	struct audience *a = *pa;

	if (!a)
		return;
	tally_free(&a->tally);
	mem_free(a->stays);
	mem_free(a->persons);
	mem_free(a->ids);
	mem_free(a->refs);
	MEM_FREE(pa);
}

const struct audience_counts *
audience_counts(const struct audience *a)
{
	return &a->counts;
}

size_t
audience_entries(const struct audience *a, enum audience_table table)
{
	return tally_entries(a->tally, table);
}

struct sv
audience_entry(const struct audience *a, enum audience_table table, size_t i, uint64_t *ret_n)
{
	return tally_entry(a->tally, table, i, ret_n);
}

bool
audience_has_row(const struct audience *a, uint32_t row)
{
	BUG_ON(row >= a->ix->n_persons);
	return index_bit(a->persons, row);
}

bool
audience_has_id(const struct audience *a, int64_t id)
{
	uint32_t row;

	return index_find_id(a->ix, id, &row) && index_bit(a->persons, row);
}

static int
id_cmp(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;

	return (a > b) - (a < b);
}

const int64_t *
audience_ids(struct audience *a, size_t *ret_n)
{
	size_t i, n = 0;
	bool sorted = true;

	if (!a->ids) {
		a->ids = MEM_NEW_N(int64_t, a->counts.persons + 1);
		for (i = 0; i < a->ix->n_persons; i++) {
			if (!index_bit(a->persons, i))
				continue;
			a->ids[n++] = a->ix->id[i];
			if (n > 1 && a->ids[n - 2] > a->ids[n - 1])
				sorted = false;
		}
		if (!sorted)
			qsort(a->ids, n, sizeof(*a->ids), id_cmp);
	}
	*ret_n = (size_t)a->counts.persons;
	return a->ids;
}

static int
ref_cmp(const void *pa, const void *pb)
{
	return sv_cmp(*(const struct sv *)pa, *(const struct sv *)pb);
}

const struct sv *
audience_refs(struct audience *a, size_t *ret_n)
{
	struct index_person p;
	uint32_t i;
	size_t n = 0;

	if (!a->refs) {
		a->refs = MEM_NEW_N(struct sv, a->counts.persons + 1);
		for (i = 0; i < a->ix->n_persons; i++) {
			if (!index_bit(a->persons, i))
				continue;
			index_get(a->ix, i, &p);
			a->refs[n++] = p.ref;
		}
		qsort(a->refs, n, sizeof(*a->refs), ref_cmp);
	}
	*ret_n = (size_t)a->counts.persons;
	return a->refs;
}
