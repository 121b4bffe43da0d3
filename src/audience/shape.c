/*
 * shape.c — polygons and circles prepared for many points.
 *
 * A point is judged as in geo/point.c: by the meridian that runs north from it,
 * an edge counting from its western end (included) to its eastern end
 * (excluded), with exact signs. Here each edge is turned to run from west to
 * east and filed under the bands of longitude that it spans, so that a point
 * meets only the edges above and below it. The width of the bands is chosen so
 * that the file has a bounded number of entries for each edge, whatever the shape.
 *
 * For cells, every edge marks the cells that it touches, generously; between
 * marked cells of a row nothing changes, so one point of each run decides it.
 */
#include "audience/shape.h"

#include <math.h>

#include "base/err.h"
#include "base/mem.h"
#include "geo/country.h"
#include "geo/exact.h"

#define CELL         0.25
#define CELL_SLACK   1e-9 /* degrees; far above any rounding of a coordinate */
#define BANDS_MAX    16384
#define ENTRIES_EDGE 8 /* of the file, for each edge, on average */
#define ROW_BYTES    (SHAPE_COLUMNS / 8)

/* No point of a cell is further from its centre: half a cell north, half a cell
 * east, and ten metres for all rounding. */
#define CELL_REACH_KM (CELL * M_PI / 180 * GEO_EARTH_KM + 0.01)

/* From west to east; the east end stands one turn further where it crosses 180. */
struct edge {
	struct geo_point west, east;
	int turn;
};

struct shape {
	bool is_ring;
	struct geo_circle circle;
	const struct geo_ring *ring;
	struct geo_box box;
	unsigned row_from, row_to;

	/* of a ring */
	struct edge *edges;
	size_t n_edges;
	bool flipped; /* runs round the earth and holds the north pole */
	double band_west;
	double band_scale; /* bands a degree */
	size_t bands;
	uint32_t *band_start; /* bands + 1 */
	uint32_t *band_edges;
	uint8_t *touched; /* a bit for each cell of the rows, ROW_BYTES a row */
};

static unsigned
row_of(double lat)
{
	double r = floor((lat + 90) / CELL);

	if (r < 0)
		return 0;
	return r >= SHAPE_ROWS ? SHAPE_ROWS - 1 : (unsigned)r;
}

uint32_t
shape_cell_of(struct geo_point p)
{
	double c = floor((p.lon + 180) / CELL);
	unsigned column = c < 0 ? 0 : c >= SHAPE_COLUMNS ? SHAPE_COLUMNS - 1 : (unsigned)c;

	return row_of(p.lat) * SHAPE_COLUMNS + column;
}

static void
edges_make(struct shape *s)
{
	const struct geo_ring *r = s->ring;
	double south = 90, north = -90;
	int turns = 0;
	size_t i;

	s->edges = MEM_NEW_N(struct edge, r->n ? r->n : 1);
	for (i = 0; i < r->n; i++) {
		struct geo_point a = r->points[i];
		struct geo_point b = r->points[i + 1 < r->n ? i + 1 : 0];
		int turn = exact_shorter_turn(a.lon, b.lon);
		struct edge *e = &s->edges[s->n_edges++];

		turns += turn;
		south = fmin(south, a.lat);
		north = fmax(north, a.lat);
		if (turn > 0 || (turn == 0 && a.lon <= b.lon))
			*e = (struct edge){a, b, turn};
		else
			*e = (struct edge){b, a, -turn};
	}
	s->flipped = turns % 2 != 0 && north >= -south;
}

static size_t
band_of(const struct shape *s, double lon)
{
	double b = (lon - s->band_west) * s->band_scale;

	if (b <= 0)
		return 0;
	return b >= (double)s->bands ? s->bands - 1 : (size_t)b;
}

/* The one or two ranges of bands that an edge spans. */
static size_t
bands_spanned(const struct shape *s, const struct edge *e, size_t ret[2][2])
{
	ret[0][0] = band_of(s, e->west.lon);
	ret[0][1] = band_of(s, e->east.lon);
	if (e->turn == 0)
		return 1;
	ret[1][0] = 0;
	ret[1][1] = ret[0][1];
	ret[0][1] = s->bands - 1;
	if (ret[1][1] >= ret[0][0]) { /* few wide bands: both parts share one */
		ret[0][0] = 0;
		return 1;
	}
	return 2;
}

static void
bands_make(struct shape *s)
{
	double west = 180, east = -180, wide = 0, extent;
	size_t i, k, b, ranges[2][2];
	uint32_t *at;

	for (i = 0; i < s->n_edges; i++) {
		const struct edge *e = &s->edges[i];

		west = e->turn ? -180 : fmin(west, e->west.lon);
		east = e->turn ? 180 : fmax(east, e->east.lon);
		wide += e->east.lon - e->west.lon + 360.0 * e->turn;
	}
	extent = east - west;
	s->bands = 1;
	if (extent > 0 && wide > 0) {
		double n = ENTRIES_EDGE * (double)s->n_edges * extent / wide;

		s->bands = n < 1 ? 1 : n > BANDS_MAX ? BANDS_MAX : (size_t)n;
		s->band_scale = (double)s->bands / extent;
	}
	s->band_west = west;
	s->band_start = MEM_NEW_N(uint32_t, s->bands + 1);
	for (i = 0; i < s->n_edges; i++)
		for (k = bands_spanned(s, &s->edges[i], ranges); k-- > 0;)
			for (b = ranges[k][0]; b <= ranges[k][1]; b++)
				s->band_start[b + 1]++;
	for (b = 0; b < s->bands; b++)
		s->band_start[b + 1] += s->band_start[b];
	s->band_edges = MEM_NEW_N(uint32_t, s->band_start[s->bands] + 1u);
	at = MEM_NEW_N(uint32_t, s->bands);
	for (i = 0; i < s->n_edges; i++)
		for (k = bands_spanned(s, &s->edges[i], ranges); k-- > 0;)
			for (b = ranges[k][0]; b <= ranges[k][1]; b++)
				s->band_edges[s->band_start[b] + at[b]++] = (uint32_t)i;
	mem_free(at);
}

static void
touch(struct shape *s, long column, double low, double high)
{
	unsigned row = row_of(low - CELL_SLACK), last = row_of(high + CELL_SLACK);
	size_t c = (size_t)((column + 2L * SHAPE_COLUMNS) % SHAPE_COLUMNS);

	for (; row <= last; row++)
		s->touched[(size_t)(row - s->row_from) * ROW_BYTES + c / 8] |=
			(uint8_t)(1u << (c % 8));
}

/* Mark every cell that the edge touches, column by column. */
static void
edge_touch(struct shape *s, const struct edge *e)
{
	double west = e->west.lon, east = e->east.lon + 360.0 * e->turn;
	double slope = east > west ? (e->east.lat - e->west.lat) / (east - west) : 0;
	double low = fmin(e->west.lat, e->east.lat), high = fmax(e->west.lat, e->east.lat);
	long first = (long)floor((west - CELL_SLACK + 180) / CELL);
	long last = (long)floor((east + CELL_SLACK + 180) / CELL);
	long c;

	if (last - first >= SHAPE_COLUMNS) { /* all the way round: once is enough */
		first = 0;
		last = SHAPE_COLUMNS - 1;
	}
	for (c = first; c <= last; c++) {
		double lon0 = fmax(west, (double)c * CELL - 180 - CELL_SLACK);
		double lon1 = fmin(east, (double)(c + 1) * CELL - 180 + CELL_SLACK);
		double y0 = e->west.lat + (lon0 - west) * slope;
		double y1 = e->west.lat + (lon1 - west) * slope;

		if (last - first < 2) /* near-upright edges: a slope may be without bounds */
			touch(s, c, low, high);
		else
			touch(s, c, fmax(low, fmin(y0, y1) - CELL_SLACK),
			      fmin(high, fmax(y0, y1) + CELL_SLACK));
	}
}

struct shape *
shape_of_ring(const struct geo_ring *ring)
{
	struct shape *s = MEM_NEW(struct shape);
	size_t i;

	s->is_ring = true;
	s->ring = ring;
	s->box = geo_ring_box(ring);
	s->row_from = row_of(s->box.south - 2 * CELL_SLACK);
	s->row_to = row_of(s->box.north + 2 * CELL_SLACK) + 1;
	edges_make(s);
	bands_make(s);
	s->touched = mem_zero(s->row_to - s->row_from, ROW_BYTES);
	for (i = 0; i < s->n_edges; i++)
		edge_touch(s, &s->edges[i]);
	return s;
}

struct shape *
shape_of_circle(const struct geo_circle *circle)
{
	struct shape *s = MEM_NEW(struct shape);

	s->circle = *circle;
	s->box = geo_circle_box(circle);
	s->row_from = row_of(s->box.south - CELL_SLACK);
	s->row_to = row_of(s->box.north + CELL_SLACK) + 1;
	return s;
}

void
shape_free(struct shape **ps)
{
	struct shape *s = *ps;

	if (!s)
		return;
	mem_free(s->edges);
	mem_free(s->band_start);
	mem_free(s->band_edges);
	mem_free(s->touched);
	MEM_FREE(ps);
}

/* 1: the meridian north of p crosses the edge; 0: it does not; -1: p is on it.
 * |p.lon| < 180. */
static int
edge_see(const struct edge *e, struct geo_point p)
{
	double low, high;
	int turn = 0, before_east, side;

	if (e->turn == 0) {
		if (p.lon < e->west.lon || p.lon > e->east.lon)
			return 0;
		before_east = p.lon < e->east.lon;
	} else if (p.lon >= e->west.lon) {
		before_east = 1;
	} else {
		if (p.lon > e->east.lon)
			return 0;
		before_east = p.lon < e->east.lon;
		turn = 1;
	}
	low = e->west.lat < e->east.lat ? e->west.lat : e->east.lat;
	high = e->west.lat < e->east.lat ? e->east.lat : e->west.lat;
	if (p.lat > high)
		return 0;
	if (p.lat < low)
		return before_east;
	if (e->turn == 0 && e->west.lon == e->east.lon)
		return -1; /* a meridian or a single point, and p within it */
	side = exact_side(e->west, 0, e->east, e->turn, p, turn);
	if (side == 0)
		return -1;
	return side < 0 && before_east;
}

static bool
ring_contains(const struct shape *s, struct geo_point p)
{
	bool inside = s->flipped;
	size_t b;
	uint32_t i;

	if (fabs(p.lon) >= 180) /* stands at both ends of the bands */
		return geo_ring_contains(s->ring, p);
	b = band_of(s, p.lon);
	for (i = s->band_start[b]; i < s->band_start[b + 1]; i++) {
		int seen = edge_see(&s->edges[s->band_edges[i]], p);

		if (seen < 0)
			return true;
		inside ^= seen > 0;
	}
	return inside;
}

bool
shape_contains(const struct shape *s, struct geo_point p)
{
	if (!geo_box_contains(&s->box, p))
		return false;
	return s->is_ring ? ring_contains(s, p) : geo_circle_contains(&s->circle, p);
}

bool
shape_meets_country(const struct shape *s, uint16_t country)
{
	return s->is_ring ? country_meets_ring(country, s->ring)
			  : country_meets_circle(country, &s->circle);
}

struct geo_box
shape_box(const struct shape *s)
{
	return s->box;
}

void
shape_rows(const struct shape *s, unsigned *ret_from, unsigned *ret_to)
{
	*ret_from = s->row_from;
	*ret_to = s->row_to;
}

static struct geo_point
cell_centre(unsigned row, unsigned column)
{
	return (struct geo_point){(row + 0.5) * CELL - 90, (column + 0.5) * CELL - 180};
}

static void
ring_row(const struct shape *s, unsigned row, uint8_t *ret)
{
	const uint8_t *touched = s->touched + (size_t)(row - s->row_from) * ROW_BYTES;
	uint8_t run = SHAPE_EDGE;
	unsigned c;

	for (c = 0; c < SHAPE_COLUMNS; c++) {
		if (touched[c / 8] >> (c % 8) & 1) {
			ret[c] = SHAPE_EDGE;
			run = SHAPE_EDGE;
			continue;
		}
		if (run == SHAPE_EDGE)
			run = shape_contains(s, cell_centre(row, c)) ? SHAPE_IN : SHAPE_OUT;
		ret[c] = run;
	}
}

/* The difference of longitude, in degrees, within which the points of latitude
 * lat are nearer to the centre than km: -1 for none of them, 181 for all. */
static double
circle_reach(const struct shape *s, double lat, double km)
{
	const double rad = M_PI / 180;
	double cc = cos(lat * rad) * cos(s->circle.centre.lat * rad);
	double far = sin(fmin(km / GEO_EARTH_KM, M_PI) / 2);
	double up = sin((lat - s->circle.centre.lat) * rad / 2);
	double over = far * far - up * up; /* haversine law, solved for the longitude */

	if (km < 0 || over < 0)
		return -1;
	if (km >= M_PI * GEO_EARTH_KM || over >= cc || cc < 1e-9)
		return 181;
	return 2 * asin(sqrt(over / cc)) / rad;
}

static void
circle_row(const struct shape *s, unsigned row, uint8_t *ret)
{
	double lat = cell_centre(row, 0).lat;
	double in = circle_reach(s, lat, s->circle.radius_km - CELL_REACH_KM);
	double out = circle_reach(s, lat, s->circle.radius_km + CELL_REACH_KM);
	unsigned c;

	for (c = 0; c < SHAPE_COLUMNS; c++) {
		double d = fabs(cell_centre(row, c).lon - s->circle.centre.lon);

		if (d > 180)
			d = 360 - d;
		ret[c] = d < in ? SHAPE_IN : d > out ? SHAPE_OUT : SHAPE_EDGE;
	}
}

void
shape_row(const struct shape *s, unsigned row, uint8_t ret[SHAPE_COLUMNS])
{
	if (row < s->row_from || row >= s->row_to)
		memset(ret, SHAPE_OUT, SHAPE_COLUMNS);
	else if (s->is_ring)
		ring_row(s, row, ret);
	else
		circle_row(s, row, ret);
}
