/*
 * meets.c — does a country share at least a point with a ring or a circle?
 *
 * With a ring: either two edges meet, or one of the two lies wholly on one
 * side of the other's edges, and then one point of each ring tells. With a
 * circle: its centre is in the country, or some edge comes near enough.
 */
#include <math.h>

#include "base/err.h"
#include "geo/exact.h"
#include "geo/shapes.h"

#define SLACK 1e-9 /* degrees: a first look may see too much, never too little */

struct ring_edge {
	struct geo_point a, b;
	int turn;          /* of b */
	double west, east; /* unrolled, with slack */
};

static struct ring_edge
ring_edge_of(const struct geo_ring *ring, size_t i)
{
	struct ring_edge e;
	double end;

	e.a = ring->points[i];
	e.b = ring->points[i + 1 < ring->n ? i + 1 : 0];
	e.turn = exact_shorter_turn(e.a.lon, e.b.lon);
	end = e.b.lon + 360.0 * e.turn;
	e.west = fmin(e.a.lon, end) - SLACK;
	e.east = fmax(e.a.lon, end) + SLACK;
	return e;
}

/* Does the edge meet an edge of the country in this cell? */
static bool
cell_meets(const struct shapes *s, size_t cell, uint16_t country, const struct ring_edge *e)
{
	uint32_t i;
	int turn;

	for (i = s->cell_start[cell]; i < s->cell_start[cell + 1]; i++) {
		uint32_t edge = s->cell_edges[i];
		struct geo_point c = s->points[edge], d = s->points[edge + 1];

		if (s->owner[edge] != country)
			continue;
		for (turn = -1; turn <= 1; turn++)
			if (fmin(c.lon, d.lon) + 360 * turn <= e->east &&
			    fmax(c.lon, d.lon) + 360 * turn >= e->west &&
			    exact_meet(e->a, e->b, e->turn, c, d, turn))
				return true;
	}
	return false;
}

/* The latitudes of the edge between two unrolled longitudes, with slack. */
static void
edge_lat_range(const struct ring_edge *e, double west, double east, double *ret_low,
	       double *ret_high)
{
	double dx = e->b.lon + 360.0 * e->turn - e->a.lon;
	double low = fmin(e->a.lat, e->b.lat), high = fmax(e->a.lat, e->b.lat);

	if (fabs(dx) > 1e-3) { /* else too steep to gain by it */
		double slope = (e->b.lat - e->a.lat) / dx;
		double y1 = e->a.lat + slope * (west - e->a.lon);
		double y2 = e->a.lat + slope * (east - e->a.lon);

		low = fmax(low, fmin(y1, y2));
		high = fmin(high, fmax(y1, y2));
	}
	*ret_low = low - 1e-6;
	*ret_high = high + 1e-6;
}

/* Follow the edge column by column. */
static bool
edge_meets(const struct shapes *s, uint16_t country, const struct ring_edge *e)
{
	const double width = 360.0 / SHAPES_COLS;
	int col = (int)floor((e->west + 180) / width);
	int last = (int)floor((e->east + 180) / width);

	for (; col <= last; col++) {
		size_t home = (size_t)(col + 2 * SHAPES_COLS) % SHAPES_COLS;
		double low, high;
		size_t row, end;

		edge_lat_range(e, col * width - 180 - SLACK, (col + 1) * width - 180 + SLACK, &low,
			       &high);
		end = shapes_row(low);
		for (row = shapes_row(high); row <= end; row++)
			if (cell_meets(s, row * SHAPES_COLS + home, country, e))
				return true;
	}
	return false;
}

/* The box of those of the country's rings that come near `box`; false when none does. */
static bool
near_box(const struct shapes *s, uint16_t country, const struct geo_box *box, struct geo_box *ret)
{
	struct geo_box near = {90, 180, -90, -180};
	bool any = false;
	uint32_t r;

	for (r = s->first_ring[country]; r < s->first_ring[country + 1]; r++) {
		if (!shapes_box_meets(&s->boxes[r], box))
			continue;
		any = true;
		near.south = fmin(near.south, s->boxes[r].south);
		near.north = fmax(near.north, s->boxes[r].north);
		near.west = fmin(near.west, s->boxes[r].west);
		near.east = fmax(near.east, s->boxes[r].east);
	}
	*ret = near;
	return any;
}

bool
country_meets_ring(uint16_t country, const struct geo_ring *ring)
{
	const struct shapes *s = shapes_get();
	struct country_set set;
	struct geo_box box, near;
	uint32_t r;
	size_t i;

	BUG_ON(country >= country_count());
	if (ring->n == 0)
		return false;
	box = geo_ring_box(ring);
	if (!near_box(s, country, &box, &near))
		return false;
	shapes_at(s, ring->points[0], &set);
	if (country_set_has(&set, country))
		return true;
	for (i = 0; i < ring->n; i++) {
		struct ring_edge e = ring_edge_of(ring, i);
		struct geo_box own = {fmin(e.a.lat, e.b.lat), e.west, fmax(e.a.lat, e.b.lat),
				      e.east};

		if (shapes_box_meets(&near, &own) && edge_meets(s, country, &e))
			return true;
	}
	for (r = s->first_ring[country]; r < s->first_ring[country + 1]; r++)
		if (shapes_box_meets(&s->boxes[r], &box) &&
		    geo_ring_contains(ring, s->rings[r].points[0]))
			return true;
	return false;
}

/* The least distance to the edge between the parts t0 and t1 of its way, which is short
 * enough for the distance to have one valley. */
static double
valley_km(struct geo_point p, struct geo_point a, struct geo_point b, double t0, double t1)
{
	double d0 = 0, d1 = 0;
	int i;

	for (i = 0; i < 60; i++) {
		double step = (t1 - t0) / 3;
		struct geo_point u = {a.lat + (t0 + step) * (b.lat - a.lat),
				      a.lon + (t0 + step) * (b.lon - a.lon)};
		struct geo_point v = {a.lat + (t1 - step) * (b.lat - a.lat),
				      a.lon + (t1 - step) * (b.lon - a.lon)};

		d0 = geo_distance_km(p, u);
		d1 = geo_distance_km(p, v);
		if (d0 < d1)
			t1 -= step;
		else
			t0 += step;
	}
	return fmin(d0, d1);
}

/* An edge within [-180, 180], of any length. */
static bool
edge_near(struct geo_point p, struct geo_point a, struct geo_point b, double km)
{
	double degrees = fabs(b.lat - a.lat) + fabs(b.lon - a.lon);
	double from_a = geo_distance_km(p, a);
	int parts = (int)ceil(degrees);
	int i;

	if (from_a <= km || geo_distance_km(p, b) <= km)
		return true;
	/* No point of the edge is further from a than this, along it. */
	if (from_a - degrees * (M_PI / 180) * GEO_EARTH_KM > km)
		return false;
	for (i = 0; i < parts; i++)
		if (valley_km(p, a, b, (double)i / parts, (double)(i + 1) / parts) <= km)
			return true;
	return false;
}

static bool
ring_near(const struct geo_ring *ring, const struct geo_circle *c, const struct geo_box *box)
{
	size_t i;

	for (i = 0; i + 1 < ring->n; i++) {
		struct geo_point a = ring->points[i], b = ring->points[i + 1];
		struct geo_box own = {fmin(a.lat, b.lat), fmin(a.lon, b.lon), fmax(a.lat, b.lat),
				      fmax(a.lon, b.lon)};

		if (shapes_box_meets(&own, box) && edge_near(c->centre, a, b, c->radius_km))
			return true;
	}
	return false;
}

bool
country_meets_circle(uint16_t country, const struct geo_circle *c)
{
	const struct shapes *s = shapes_get();
	struct country_set set;
	struct geo_box box;
	uint32_t r;

	BUG_ON(country >= country_count());
	if (!(c->radius_km >= 0))
		return false;
	shapes_at(s, c->centre, &set);
	if (country_set_has(&set, country))
		return true;
	box = geo_circle_box(c);
	for (r = s->first_ring[country]; r < s->first_ring[country + 1]; r++)
		if (shapes_box_meets(&s->boxes[r], &box) && ring_near(&s->rings[r], c, &box))
			return true;
	return false;
}
