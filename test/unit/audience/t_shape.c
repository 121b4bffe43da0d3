/*
 * t_shape.c — a prepared shape answers like the plain one, everywhere: random
 * rings and circles, across the antimeridian and round the poles, points on
 * vertices, edges and cell borders; and what it says of cells holds for their points.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "audience/shape.h"
#include "base/mem.h"
#include "base/rand.h"

#define MAX_POINTS 400

static double
snap(double v, double step)
{
	return step > 0 ? nearbyint(v / step) * step : v;
}

static double
lon_home(double lon)
{
	while (lon > 180)
		lon -= 360;
	while (lon < -180)
		lon += 360;
	return lon;
}

/* A star round a centre, or loose points; on a grid now and then, so that
 * upright edges, repeated points and borders of cells occur. */
static struct geo_ring
random_ring(struct rand *r, struct geo_point *points)
{
	static const double steps[] = {0, 0.25, 1, 0.001};
	size_t n = 3 + (size_t)rand_below(r, rand_below(r, 4) ? 12 : MAX_POINTS - 4), i;
	double step = steps[rand_below(r, 4)];
	double lat = rand_unit(r) * 180 - 90, lon = rand_unit(r) * 360 - 180;
	double size = rand_unit(r) * (rand_below(r, 3) ? 5 : 90);
	bool loose = rand_below(r, 3) == 0;

	if (rand_below(r, 4) == 0)
		lon = 179.9;
	for (i = 0; i < n; i++) {
		double angle = 2 * M_PI * (double)i / (double)n;
		double reach = size * (0.2 + rand_unit(r));

		points[i].lat = loose ? rand_unit(r) * 180 - 90 : lat + reach * sin(angle);
		points[i].lon = loose ? rand_unit(r) * 360 - 180 : lon + reach * cos(angle);
		points[i].lat = fmin(90, fmax(-90, snap(points[i].lat, step)));
		points[i].lon = lon_home(snap(points[i].lon, step));
	}
	points[n] = points[0];
	return (struct geo_ring){points, n + 1};
}

/* Round the earth once: the cap over a pole. */
static struct geo_ring
polar_ring(struct rand *r, struct geo_point *points)
{
	size_t n = 4 + (size_t)rand_below(r, 40), i;
	double lat = rand_below(r, 2) ? 70 : -70;

	for (i = 0; i < n; i++) {
		points[i].lat = lat + rand_unit(r) * 10;
		points[i].lon = lon_home(-180 + 360 * (double)i / (double)n);
	}
	points[n] = points[0];
	return (struct geo_ring){points, n + 1};
}

static struct geo_point
random_point(struct rand *r, const struct geo_ring *ring)
{
	struct geo_point p = {rand_unit(r) * 180 - 90, rand_unit(r) * 360 - 180};
	size_t i = (size_t)rand_below(r, ring->n);
	struct geo_point v = ring->points[i];

	switch (rand_below(r, 8)) {
	case 0:
		return v;
	case 1: /* level with, or on the meridian of, a vertex */
		return rand_below(r, 2) ? (struct geo_point){v.lat, p.lon}
					: (struct geo_point){p.lat, v.lon};
	case 2: /* the middle of an edge, exact when on a grid */
		return (struct geo_point){
			(v.lat + ring->points[(i + 1) % ring->n].lat) / 2,
			lon_home((v.lon + ring->points[(i + 1) % ring->n].lon) / 2)};
	case 3: /* near a vertex */
		return (struct geo_point){fmin(90, fmax(-90, v.lat + (rand_unit(r) - 0.5) * 0.5)),
					  lon_home(v.lon + (rand_unit(r) - 0.5) * 0.5)};
	case 4: /* a corner of cells */
		return (struct geo_point){snap(p.lat, 0.25), snap(p.lon, 0.25)};
	case 5:
		return (struct geo_point){p.lat, rand_below(r, 2) ? 180 : -180};
	case 6:
		return (struct geo_point){rand_below(r, 2) ? 90 : -90, p.lon};
	default:
		return p;
	}
}

/* The verdict on the point's cell, read from its row. */
static unsigned
cell_verdict(const struct shape *s, struct geo_point p)
{
	uint8_t row[SHAPE_COLUMNS];
	uint32_t cell = shape_cell_of(p);

	shape_row(s, cell / SHAPE_COLUMNS, row);
	return row[cell % SHAPE_COLUMNS];
}

static void
check_ring(struct rand *r, const struct geo_ring *ring)
{
	struct shape *s = shape_of_ring(ring);
	unsigned k;

	for (k = 0; k < 60; k++) {
		struct geo_point p = random_point(r, ring);
		bool want = geo_ring_contains(ring, p);
		unsigned cell = cell_verdict(s, p);

		if (shape_contains(s, p) != want ||
		    (cell != SHAPE_EDGE && (cell == SHAPE_IN) != want))
			fail_msg(
				"%.17g,%.17g: plain says %d, prepared %d, cell %u (ring of %zu from "
				"%.17g,%.17g)",
				p.lat, p.lon, want, shape_contains(s, p), cell, ring->n,
				ring->points[0].lat, ring->points[0].lon);
	}
	shape_free(&s);
}

static void
test_rings(void **state)
{
	struct geo_point points[MAX_POINTS];
	struct rand r;
	unsigned i;

	(void)state;
	rand_init(&r, 7);
	for (i = 0; i < 1500; i++) {
		struct geo_ring ring = i % 10 == 9 ? polar_ring(&r, points)
						   : random_ring(&r, points);

		check_ring(&r, &ring);
	}
}

static void
test_circles(void **state)
{
	struct rand r;
	unsigned i, k;

	(void)state;
	rand_init(&r, 8);
	for (i = 0; i < 600; i++) {
		static const double sizes[] = {0, 0.5, 30, 500, 9000, 20100};
		struct geo_circle c = {{rand_unit(&r) * 180 - 90, rand_unit(&r) * 360 - 180},
				       sizes[rand_below(&r, 6)] * rand_unit(&r)};
		struct geo_point points[2] = {c.centre, c.centre};
		struct geo_ring near = {points, 2};
		struct shape *s;

		if (i % 5 == 0)
			c.centre.lat = i % 2 ? 90 : -89.9;
		if (i % 7 == 0)
			c.centre.lon = 180;
		points[0] = points[1] = c.centre;
		s = shape_of_circle(&c);
		for (k = 0; k < 40; k++) {
			struct geo_point p = random_point(&r, &near);
			bool want = geo_circle_contains(&c, p);
			unsigned cell = cell_verdict(s, p);

			assert_int_equal(shape_contains(s, p), want);
			if (cell != SHAPE_EDGE)
				assert_int_equal(cell == SHAPE_IN, want);
		}
		assert_true(shape_contains(s, c.centre));
		shape_free(&s);
	}
}

static void
test_cells(void **state)
{
	static const struct {
		double lat, lon;
		uint32_t row, column;
	} cases[] = {
		{-90, -180, 0, 0},
		{90, 180, 719, 1439},
		{0, 0, 360, 720},
		{-0.0001, -0.0001, 359, 719},
		{89.75, 179.75, 719, 1439},
		{89.74, 179.74, 718, 1438},
		{41.7151, 44.8271, 526, 899},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(shape_cell_of((struct geo_point){cases[i].lat, cases[i].lon}),
				 cases[i].row * SHAPE_COLUMNS + cases[i].column);
}

/* Most cells of a large shape need no look at their points: else the index is
 * right and slow. A square of 10 degrees has 40 x 40 cells, its edge about 160. */
static void
test_few_edges(void **state)
{
	static const struct geo_point points[] = {
		{0.1, 0.1}, {0.1, 10.1}, {10.1, 10.1}, {10.1, 0.1}, {0.1, 0.1}};
	struct geo_ring ring = {points, ARRAY_LEN(points)};
	struct shape *s = shape_of_ring(&ring);
	unsigned row, last, c, n[3] = {0};
	uint8_t cells[SHAPE_COLUMNS];

	(void)state;
	shape_rows(s, &row, &last);
	for (; row < last; row++) {
		shape_row(s, row, cells);
		for (c = 0; c < SHAPE_COLUMNS; c++)
			n[cells[c]]++;
	}
	assert_int_equal(n[SHAPE_IN], 39 * 39);
	assert_int_equal(n[SHAPE_EDGE], 41 * 41 - 39 * 39);
	shape_free(&s);
}

/* Many edges that each run half round the earth must not make a huge file. */
static void
test_hostile(void **state)
{
	size_t n = 20001, i;
	struct geo_point *points = mem_alloc(n * sizeof(*points));
	struct geo_ring ring = {points, n};
	struct shape *s;

	(void)state;
	for (i = 0; i < n; i++)
		points[i] =
			(struct geo_point){-60 + 120 * (double)(i % 10000) / 1e4, i % 2 ? 89 : -89};
	points[n - 1] = points[0];
	s = shape_of_ring(&ring);
	for (i = 0; i < 50; i++) {
		struct geo_point p = {(double)i - 25, (double)i * 3 - 75};

		assert_int_equal(shape_contains(s, p), geo_ring_contains(&ring, p));
	}
	shape_free(&s);
	mem_free(points);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rings),   cmocka_unit_test(test_circles),
		cmocka_unit_test(test_cells),   cmocka_unit_test(test_few_edges),
		cmocka_unit_test(test_hostile),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("audience/shape", tests, NULL, NULL);
}
