/*
 * shapes.c — from the table of the build to rings, grid and the country of a point.
 *
 * The grid answers like a whole walk north to the pole would: a walk ends at
 * the first cell that no edge touches, because such a cell has one owner all
 * over. Those owners are found in the same way, from north to south. An edge
 * lies in every cell that its box touches, so a walk meets it several times;
 * it counts in the first cell only.
 */
#include "geo/shapes.h"

#include <math.h>
#include <pthread.h>

#include "base/err.h"
#include "base/mem.h"
#include "geo/country_table.h"
#include "geo/exact.h"

#define CELLS           (SHAPES_COLS * SHAPES_ROWS)
#define NEAREST_LAND_KM 10.0

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct shapes all;

/* An arc of the table: where its points stand in a scratch array. */
struct arc {
	uint32_t first, n;
};

static uint32_t
take_varint(const unsigned char **at)
{
	uint32_t value = 0;
	int shift = 0;

	do {
		value |= (uint32_t)(**at & 0x7f) << shift;
		shift += 7;
	} while (*(*at)++ & 0x80);
	return value;
}

static int32_t
take_signed(const unsigned char **at)
{
	uint32_t v = take_varint(at);

	return v & 1 ? ~(int32_t)(v >> 1) : (int32_t)(v >> 1);
}

static struct geo_point
point_of(int32_t x, int32_t y)
{
	struct geo_point p;

	p.lon = fmin(180, x * 360.0 / (country_grid_x - 1) - 180);
	p.lat = fmin(90, fmax(-90, y * country_lat_step + country_lat_base));
	return p;
}

static struct geo_point *
unfold_arcs(struct arc *arcs)
{
	const unsigned char *at = country_arcs;
	struct geo_point *points = NULL;
	size_t cap = 0, n = 0, i;

	for (i = 0; i < country_arcs_n; i++) {
		int32_t x = 0, y = 0;
		uint32_t k;

		arcs[i].first = (uint32_t)n;
		arcs[i].n = take_varint(&at);
		points = mem_grow(points, &cap, n + arcs[i].n, sizeof(*points));
		for (k = 0; k < arcs[i].n; k++) {
			x += take_signed(&at);
			y += take_signed(&at);
			points[n++] = point_of(x, y);
		}
	}
	BUG_ON(at != country_arcs + country_arcs_size);
	return points;
}

static struct geo_box
plain_box(const struct geo_ring *r)
{
	struct geo_box box = {90, 180, -90, -180};
	size_t i;

	for (i = 0; i < r->n; i++) {
		box.south = fmin(box.south, r->points[i].lat);
		box.north = fmax(box.north, r->points[i].lat);
		box.west = fmin(box.west, r->points[i].lon);
		box.east = fmax(box.east, r->points[i].lon);
	}
	return box;
}

/* Copy an arc behind the ring's points; its first point is there already if any is. */
static size_t
unfold_one(struct geo_point *to, size_t n, const struct geo_point *from, struct arc arc, bool back)
{
	uint32_t k;

	for (k = n > 0 ? 1 : 0; k < arc.n; k++)
		to[n++] = from[arc.first + (back ? arc.n - 1 - k : k)];
	return n;
}

static void
unfold_rings(struct shapes *s, const struct geo_point *from, const struct arc *arcs)
{
	const unsigned char *at = country_lists;
	size_t points_n = 0, rings_n = 0, c;

	for (c = 0; c < country_rows_n; c++) {
		uint32_t rings = take_varint(&at);

		s->first_ring[c] = (uint32_t)rings_n;
		for (; rings > 0; rings--) {
			struct geo_point *to = s->points + points_n;
			uint32_t left = take_varint(&at);
			size_t n = 0, i;

			for (; left > 0; left--) {
				int32_t arc = take_signed(&at);

				n = unfold_one(to, n, from, arcs[arc < 0 ? ~arc : arc], arc < 0);
			}
			for (i = 0; i < n; i++)
				s->owner[points_n + i] = (uint16_t)c;
			s->rings[rings_n].points = to;
			s->rings[rings_n].n = n;
			s->boxes[rings_n] = plain_box(&s->rings[rings_n]);
			rings_n++;
			points_n += n;
		}
	}
	s->first_ring[c] = (uint32_t)rings_n;
	BUG_ON(rings_n != country_rings_n || points_n != country_points_n);
}

size_t
shapes_col(double lon)
{
	double at = (lon + 180) * (SHAPES_COLS / 360);

	return at < 0 ? 0 : at >= SHAPES_COLS ? SHAPES_COLS - 1 : (size_t)at;
}

size_t
shapes_row(double lat)
{
	double at = (90 - lat) * (SHAPES_ROWS / 180);

	return at < 0 ? 0 : at >= SHAPES_ROWS ? SHAPES_ROWS - 1 : (size_t)at;
}

/* Count (fill NULL) or enter an edge in every cell that its box touches. */
static void
cells_enter(const struct shapes *s, size_t edge, uint32_t *count, uint32_t *fill)
{
	struct geo_point a = s->points[edge], b = s->points[edge + 1];
	size_t col, c0 = shapes_col(fmin(a.lon, b.lon)), c1 = shapes_col(fmax(a.lon, b.lon));
	size_t row, r0 = shapes_row(fmax(a.lat, b.lat)), r1 = shapes_row(fmin(a.lat, b.lat));

	for (row = r0; row <= r1; row++)
		for (col = c0; col <= c1; col++) {
			size_t cell = row * SHAPES_COLS + col;

			if (fill != NULL)
				fill[--count[cell]] = (uint32_t)edge;
			else
				count[cell]++;
		}
}

static void
cells_enter_all(const struct shapes *s, uint32_t *count, uint32_t *fill)
{
	size_t r, i;

	for (r = 0; r < country_rings_n; r++) {
		size_t first = (size_t)(s->rings[r].points - s->points);

		for (i = 0; i + 1 < s->rings[r].n; i++)
			cells_enter(s, first + i, count, fill);
	}
}

static void
set_toggle(struct country_set *set, uint16_t country)
{
	set->word[country / 64] ^= UINT64_C(1) << country % 64;
}

static void
set_add(struct country_set *set, uint16_t country)
{
	set->word[country / 64] |= UINT64_C(1) << country % 64;
}

bool
country_set_has(const struct country_set *set, uint16_t country)
{
	return set->word[country / 64] >> country % 64 & 1;
}

/* The lowest number in the set. */
static uint16_t
set_first(const struct country_set *set)
{
	size_t c;

	for (c = 0; c < country_rows_n; c++)
		if (set->word[c / 64] == 0)
			c |= 63;
		else if (country_set_has(set, (uint16_t)c))
			return (uint16_t)c;
	return COUNTRY_NONE;
}

/* Walk north from p, the first cell being at `row`: countries whose edges are crossed an
 * odd number of times, and those (on) whose edge p lies on. */
static void
walk_north(const struct shapes *s, struct geo_point p, size_t row, struct country_set *odd,
	   struct country_set *on)
{
	size_t start = row, col = shapes_col(p.lon);

	for (;; row--) {
		size_t cell = row * SHAPES_COLS + col;
		uint32_t i;

		if (s->cell_start[cell] == s->cell_start[cell + 1]) {
			if (s->cell_owner[cell] != COUNTRY_NONE)
				set_toggle(odd, s->cell_owner[cell]);
			return;
		}
		for (i = s->cell_start[cell]; i < s->cell_start[cell + 1]; i++) {
			uint32_t edge = s->cell_edges[i];
			struct geo_point a = s->points[edge], b = s->points[edge + 1];
			size_t last;
			enum exact_seen seen;

			if ((a.lon < p.lon && b.lon < p.lon) || (a.lon > p.lon && b.lon > p.lon))
				continue;
			last = shapes_row(fmin(a.lat, b.lat));
			if (row != (last < start ? last : start))
				continue; /* counted further south */
			seen = exact_edge(a, b, 0, p, 0);
			if (seen == EXACT_ON)
				set_add(on, s->owner[edge]);
			else if (seen == EXACT_BELOW)
				set_toggle(odd, s->owner[edge]);
		}
		if (row == 0)
			return;
	}
}

void
shapes_at(const struct shapes *s, struct geo_point p, struct country_set *ret)
{
	struct country_set on = {{0}};
	struct geo_point other = p;
	size_t i;

	*ret = on;
	if (p.lon >= 180) { /* the same meridian; only its eastern side has edges that count */
		walk_north(s, p, shapes_row(p.lat), ret, &on);
		*ret = (struct country_set){{0}};
		p.lon = -180;
	} else if (p.lon <= -180) {
		other.lon = 180;
		walk_north(s, other, shapes_row(p.lat), ret, &on);
		*ret = (struct country_set){{0}};
	}
	walk_north(s, p, shapes_row(p.lat), ret, &on);
	for (i = 0; i < COUNTRY_SET_WORDS; i++)
		ret->word[i] |= on.word[i];
}

static void
find_owners(struct shapes *s)
{
	size_t col, row;

	for (col = 0; col < SHAPES_COLS; col++)
		for (row = 1; row < SHAPES_ROWS; row++) {
			size_t cell = row * SHAPES_COLS + col;
			struct country_set odd = {{0}}, on = {{0}};
			struct geo_point p;

			if (s->cell_start[cell] != s->cell_start[cell + 1])
				continue;
			p.lat = 90 - ((double)row + 0.5) * (180.0 / SHAPES_ROWS);
			p.lon = ((double)col + 0.5) * (360.0 / SHAPES_COLS) - 180;
			walk_north(s, p, row - 1, &odd, &on);
			s->cell_owner[cell] = set_first(&odd);
		}
}

static void
unfold(void)
{
	struct arc *arcs = MEM_NEW_N(struct arc, country_arcs_n);
	struct geo_point *from = unfold_arcs(arcs);
	size_t i;

	BUG_ON(country_rows_n > 64 * COUNTRY_SET_WORDS);
	all.points = MEM_NEW_N(struct geo_point, country_points_n);
	all.owner = MEM_NEW_N(uint16_t, country_points_n);
	all.rings = MEM_NEW_N(struct geo_ring, country_rings_n);
	all.boxes = MEM_NEW_N(struct geo_box, country_rings_n);
	all.first_ring = MEM_NEW_N(uint32_t, country_rows_n + 1);
	unfold_rings(&all, from, arcs);
	mem_free(from);
	mem_free(arcs);

	all.cell_start = MEM_NEW_N(uint32_t, CELLS + 1);
	cells_enter_all(&all, all.cell_start, NULL);
	for (i = 1; i <= CELLS; i++)
		all.cell_start[i] += all.cell_start[i - 1];
	all.cell_edges = MEM_NEW_N(uint32_t, all.cell_start[CELLS]);
	cells_enter_all(&all, all.cell_start, all.cell_edges);
	all.cell_owner = MEM_NEW_N(uint16_t, CELLS);
	for (i = 0; i < CELLS; i++)
		all.cell_owner[i] = COUNTRY_NONE;
	find_owners(&all);
}

const struct shapes *
shapes_get(void)
{
	BUG_ON(pthread_once(&once, unfold) != 0);
	return &all;
}

bool
country_has_shape(uint16_t country)
{
	size_t n;

	country_rings(country, &n);
	return n > 0;
}

const struct geo_ring *
country_rings(uint16_t country, size_t *ret_n)
{
	const struct shapes *s = shapes_get();

	BUG_ON(country >= country_rows_n);
	*ret_n = s->first_ring[country + 1] - s->first_ring[country];
	return s->rings + s->first_ring[country];
}

bool
shapes_box_meets(const struct geo_box *plain, const struct geo_box *box)
{
	const double slack = 1e-9; /* over the rounding of a turn */
	double east = box->west <= box->east ? box->east : box->east + 360;
	int turn;

	if (plain->south > box->north || plain->north < box->south)
		return false;
	for (turn = -1; turn <= 1; turn++)
		if (plain->west + 360 * turn <= east + slack &&
		    plain->east + 360 * turn >= box->west - slack)
			return true;
	return false;
}

/* The nearest edge of any country that comes within `best` km of p; ties go to the lower
 * number. */
static uint16_t
nearest_land(const struct shapes *s, struct geo_point p, double best)
{
	struct geo_circle reach = {p, best};
	struct geo_box box = geo_circle_box(&reach);
	size_t row, first = shapes_col(box.west);
	size_t cols = (shapes_col(box.east) + SHAPES_COLS - first) % SHAPES_COLS + 1;
	uint16_t found = COUNTRY_NONE;

	for (row = shapes_row(box.north); row <= shapes_row(box.south); row++) {
		size_t k;

		for (k = 0; k < cols; k++) {
			size_t cell = row * SHAPES_COLS + (first + k) % SHAPES_COLS;
			uint32_t i;

			for (i = s->cell_start[cell]; i < s->cell_start[cell + 1]; i++) {
				uint32_t edge = s->cell_edges[i];
				struct geo_point a = s->points[edge], b = s->points[edge + 1];
				double km;

				if (fmax(a.lat, b.lat) < box.south ||
				    fmin(a.lat, b.lat) > box.north)
					continue;
				km = geo_segment_km(p, a, b);
				if (km < best || (km <= best && s->owner[edge] < found)) {
					best = km;
					found = s->owner[edge];
				}
			}
		}
	}
	return found;
}

uint16_t
country_at(struct geo_point p)
{
	const struct shapes *s = shapes_get();
	struct country_set set;
	uint16_t found;

	shapes_at(s, p, &set);
	found = set_first(&set);
	return found != COUNTRY_NONE ? found : nearest_land(s, p, NEAREST_LAND_KM);
}
