/*
 * index_build.c — from rows in the order of arrival to rows in the order of
 * cells: count by cell, then move each column by itself, so that the most
 * memory ever held is the columns, one more column and the permutation.
 */
#include "audience/index_int.h"

#include "base/mem.h"

#define CELLS ((size_t)SHAPE_ROWS * SHAPE_COLUMNS)

struct index_builder {
	struct index *ix;
};

struct index_builder *
index_builder_new(void)
{
	struct index_builder *b = MEM_NEW(struct index_builder);

	b->ix = index_new();
	return b;
}

void
index_builder_free(struct index_builder **pb)
{
	if (!*pb)
		return;
	index_free(&(*pb)->ix);
	MEM_FREE(pb);
}

void
index_builder_person(struct index_builder *b, const struct index_person *p)
{
	struct index *ix = b->ix;

	if (ix->n_persons && p->id <= ix->id[ix->n_persons - 1])
		ix->ascending = false;
	index_add(ix, p);
}

void
index_builder_stay(struct index_builder *b, const struct index_stay *s)
{
	index_add_stay(b->ix, s);
}

/* The cell of each row; those without coordinates come after all cells. */
static uint32_t *
cells_of(const struct index *ix)
{
	uint32_t *cell = mem_alloc(ix->n_stays * sizeof(*cell));
	size_t i;

	for (i = 0; i < ix->n_stays; i++)
		cell[i] = ix->lat[i] == LAT_NONE ? (uint32_t)CELLS
						 : shape_cell_of(index_point(ix, i));
	return cell;
}

/* *start[c] becomes where cell c begins; the result says for each new row
 * which old one comes there. */
static uint32_t *
order_by_cell(const uint32_t *cell, size_t n, uint32_t *start)
{
	uint32_t *order = mem_alloc(n * sizeof(*order));
	size_t i;

	for (i = 0; i < n; i++)
		start[cell[i] + 1]++;
	for (i = 0; i <= CELLS; i++)
		start[i + 1] += start[i];
	for (i = 0; i < n; i++)
		order[start[cell[i]]++] = (uint32_t)i;
	for (i = CELLS + 1; i > 0; i--) /* each has moved to where the next begins */
		start[i] = start[i - 1];
	start[0] = 0;
	return order;
}

static void
move_u32(uint32_t **from, const uint32_t *order, size_t n)
{
	uint32_t *to = mem_alloc(n * sizeof(*to));
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = (*from)[order[i]];
	mem_free(*from);
	*from = to;
}

static void
move_i32(int32_t **from, const uint32_t *order, size_t n)
{
	int32_t *to = mem_alloc(n * sizeof(*to));
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = (*from)[order[i]];
	mem_free(*from);
	*from = to;
}

static void
move_u16(uint16_t **from, const uint32_t *order, size_t n)
{
	uint16_t *to = mem_alloc(n * sizeof(*to));
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = (*from)[order[i]];
	mem_free(*from);
	*from = to;
}

/* Keep the cells that hold anything. */
static void
cells_list(struct index *ix, const uint32_t *start)
{
	size_t c, n = 0;

	for (c = 0; c < CELLS; c++)
		n += start[c] != start[c + 1];
	ix->cell = mem_alloc((n + 1) * sizeof(*ix->cell));
	ix->cell_start = mem_alloc((n + 1) * sizeof(*ix->cell_start));
	for (c = 0; c < CELLS; c++) {
		if (c % SHAPE_COLUMNS == 0)
			ix->row_first[c / SHAPE_COLUMNS] = (uint32_t)ix->n_cells;
		if (start[c] == start[c + 1])
			continue;
		ix->cell[ix->n_cells] = (uint32_t)c;
		ix->cell_start[ix->n_cells++] = start[c];
	}
	ix->row_first[SHAPE_ROWS] = (uint32_t)ix->n_cells;
	ix->cell_start[ix->n_cells] = start[CELLS];
}

enum rc
index_builder_finish(struct index **ret, struct index_builder **pb, struct err *e)
{
	struct index *ix = (*pb)->ix;
	uint32_t *cell = NULL, *order = NULL, *start = NULL;
	enum rc rc = RC_OK;
	size_t n = ix->n_stays;

	if (ix->full) {
		rc = err_set(e, RC_LIMIT, "the audience index has no room for more %s", ix->full);
		goto out;
	}
	start = MEM_NEW_N(uint32_t, CELLS + 2);
	cell = cells_of(ix);
	order = order_by_cell(cell, n, start);
	MEM_FREE(&cell);
	move_i32(&ix->lat, order, n);
	move_i32(&ix->lon, order, n);
	move_i32(&ix->from, order, n);
	move_i32(&ix->to, order, n);
	move_u16(&ix->place, order, n);
	move_u32(&ix->profile, order, n);
	move_u32(&ix->person, order, n);
	ix->cap_stays = n;
	cells_list(ix, start);
	ix->n_points = start[CELLS];
	ix->n_sorted = n;
	ix->n_built = ix->n_persons;
	*ret = ix;
	(*pb)->ix = NULL;
out:
	mem_free(cell);
	mem_free(order);
	mem_free(start);
	index_builder_free(pb);
	return rc;
}
