/*
 * t_simplify.c — simpler rings that cover: cases by hand, then random rings and
 * the corpus's large polygons against GEOS.
 *
 * GEOS works in the plane, so a ring over the antimeridian is given to it moved by
 * whole degrees; every result is judged as it was written with its decimals and read back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <geos_c.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/rand.h"
#include "geo/ring_check.h"
#include "geo/simplify.h"

#define P(...) {__VA_ARGS__}, sizeof((struct geo_point[]){__VA_ARGS__}) / sizeof(struct geo_point)
#define ROOM   8192

static GEOSGeometry *
geos_polygon(const struct geo_ring *r, double east)
{
	GEOSCoordSequence *seq = GEOSCoordSeq_create((unsigned)r->n, 2);
	unsigned i;

	for (i = 0; i < r->n; i++) {
		double lon = r->points[i].lon + east;

		GEOSCoordSeq_setXY(seq, i, lon > 180 ? lon - 360 : lon, r->points[i].lat);
	}
	return GEOSGeom_createPolygon(GEOSGeom_createLinearRing(seq), NULL, 0);
}

/* The ring as a reader of its text would have it. */
static struct geo_ring
written(const struct simplified *s, struct geo_point *room)
{
	char text[64];
	size_t i;

	assert_in_range(s->ring.n, 4, ROOM);
	for (i = 0; i < s->ring.n; i++) {
		snprintf(text, sizeof(text), "%.*f", s->decimals, s->ring.points[i].lat);
		assert_true(sscanf(text, "%lf", &room[i].lat) == 1);
		snprintf(text, sizeof(text), "%.*f", s->decimals, s->ring.points[i].lon);
		assert_true(sscanf(text, "%lf", &room[i].lon) == 1);
	}
	return (struct geo_ring){room, s->ring.n};
}

/* What GEOS says of the cover: it is valid, and it covers the original's boundary. */
static void
geos_agrees(const char *what, const struct geo_ring *made, const struct geo_ring *ring, double east)
{
	GEOSGeometry *outer = geos_polygon(made, east), *inner = geos_polygon(ring, east);

	if (GEOSisValid(outer) != 1)
		fail_msg("%s: GEOS finds the result not valid", what);
	if (GEOSCovers(outer, GEOSGetExteriorRing(inner)) != 1)
		fail_msg("%s: GEOS finds that the result does not cover the ring", what);
	GEOSGeom_destroy(outer);
	GEOSGeom_destroy(inner);
}

static struct simplified
simplify_checked(const char *what, struct arena *a, const struct geo_ring *ring, size_t wanted,
		 double east)
{
	static struct geo_point room[ROOM];
	struct simplified s;
	struct ring_verdict v;
	struct err e = ERR_INIT;
	struct geo_ring read;

	if (ring_simplify(&s, a, ring, wanted, &e) != RC_OK)
		fail_msg("%s: %s", what, e.text);
	if (s.way == SIMPLIFY_SAME)
		return s;
	read = written(&s, room);
	ring_check(&v, a, &read);
	if (s.ring.n > wanted || (v.faults & RING_NOT_SIMPLE) != 0)
		fail_msg("%s: %zu points, faults %#x", what, s.ring.n, v.faults);
	if (v.turns == 0 && v.winding != 1)
		fail_msg("%s: runs clockwise", what);
	if (!ring_covers(&read, ring) && s.way != SIMPLIFY_BOX)
		fail_msg("%s: as it is written, it does not cover the ring", what);
	if (isfinite(east))
		geos_agrees(what, &read, ring, east);
	return s;
}

/* A star or coast around (lat, lon): far[k] degrees out, on `decimals`. */
static void
make_star(struct rand *r, struct geo_point *p, size_t n, struct geo_point mid, double size,
	  double rough, double scale)
{
	double far = 1;
	size_t i;

	for (i = 0; i + 1 < n; i++) {
		double angle = 2 * M_PI * (double)i / (double)(n - 1);

		far = far * 0.9 + 0.1 + rough * (rand_unit(r) - 0.5);
		if (far < 0.2)
			far = 0.2;
		p[i].lat = round((mid.lat + size * far * sin(angle)) * scale) / scale;
		p[i].lon = round((mid.lon + size * far * cos(angle)) * scale) / scale;
		p[i].lon = remainder(p[i].lon, 360);
	}
	p[n - 1] = p[0];
}

static void
random_stars(void **state)
{
	static const size_t wanted[] = {9, 20, 100};
	static struct geo_point p[ROOM];
	struct arena *a = arena_new();
	size_t ways[SIMPLIFY_BOX + 1] = {0};
	struct rand r;
	int round;

	(void)state;
	initGEOS(NULL, NULL);
	rand_init(&r, 11);
	for (round = 0; round < 600; round++) {
		size_t n = 101 + rand_below(&r, round % 10 == 0 ? 3000 : 400);
		struct geo_point mid = {rand_unit(&r) * 100 - 50, rand_unit(&r) * 360 - 180};
		double size = pow(10, -3.0 + 4 * rand_unit(&r));
		double scale = round % 2 == 0 ? 1e6 : 1e15;
		struct geo_ring ring = {p, n};
		struct ring_verdict v;
		struct simplified s;
		bool moved;
		char what[64];

		make_star(&r, p, n, mid, size, rand_unit(&r) * 0.5, scale);
		snprintf(what, sizeof(what), "star %d", round);
		ring_check(&v, a, &ring);
		moved = v.antimeridian;
		if (moved && scale > 1e6) /* moving would round */
			continue;
		s = simplify_checked(what, a, &ring, wanted[round % 3], moved ? INFINITY : 0);
		ways[s.way]++;
		arena_reset(a);
	}
	/* Stars of so many corners rarely need more than the first way. */
	print_message("# stars: edges %zu, outline %zu, hull %zu, box %zu\n", ways[SIMPLIFY_EDGES],
		      ways[SIMPLIFY_OUTLINE], ways[SIMPLIFY_HULL], ways[SIMPLIFY_BOX]);
	assert_int_equal(ways[SIMPLIFY_BOX], 0);
	finishGEOS();
	arena_free(&a);
}

/* Rings that meet themselves: random walks and scattered points, and stars with loops. */
static void
random_knots(void **state)
{
	static struct geo_point p[ROOM];
	struct arena *a = arena_new();
	size_t ways[SIMPLIFY_BOX + 1] = {0};
	struct rand r;
	int round;

	(void)state;
	initGEOS(NULL, NULL);
	rand_init(&r, 5);
	for (round = 0; round < 600; round++) {
		size_t n = 10 + rand_below(&r, 150), i;
		struct geo_ring ring = {p, n};
		struct simplified s;
		char what[64];

		make_star(&r, p, n, (struct geo_point){20, 30}, 3, 0.3, 1e6);
		if (round % 3 == 0)
			for (i = 1; i + 1 < n; i++) {
				p[i].lat = 10 + (double)rand_below(&r, 1000) / 100;
				p[i].lon = 10 + (double)rand_below(&r, 1000) / 100;
			}
		p[n - 1] = p[0];
		for (i = 2; round % 3 == 1 && i + 2 < n; i += 7) { /* two corners change places */
			struct geo_point swap = p[i];

			p[i] = p[i + 1];
			p[i + 1] = swap;
		}
		for (i = 3; round % 3 == 2 && i + 2 < n; i += 11) /* a corner on a far one */
			p[i] = p[n / 2];
		snprintf(what, sizeof(what), "knot %d", round);
		s = simplify_checked(what, a, &ring, 9 + rand_below(&r, 60), 0);
		ways[s.way]++;
		arena_reset(a);
	}
	print_message("# knots: same %zu, edges %zu, outline %zu, hull %zu, box %zu\n",
		      ways[SIMPLIFY_SAME], ways[SIMPLIFY_EDGES], ways[SIMPLIFY_OUTLINE],
		      ways[SIMPLIFY_HULL], ways[SIMPLIFY_BOX]);
	assert_true(ways[SIMPLIFY_OUTLINE] > 300);
	assert_int_equal(ways[SIMPLIFY_BOX], 0);
	finishGEOS();
	arena_free(&a);
}

static const struct {
	const char *name;
	struct geo_point ring[12];
	size_t n;
	size_t wanted;
	enum simplify_way way;
	double most; /* percent added at most */
} by_hand[] = {
	{"small enough", P({0, 0}, {0, 2}, {2, 0}, {0, 0}), 9, SIMPLIFY_SAME, 0},
	{"small enough, clockwise", P({0, 0}, {2, 0}, {0, 2}, {0, 0}), 9, SIMPLIFY_SAME, 0},
	{"a corner twice", P({0, 0}, {0, 2}, {0, 2}, {2, 0}, {0, 0}), 9, SIMPLIFY_SAME, 0},
	{"points along an edge",
	 P({0, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 4}, {2, 4}, {3, 4}, {4, 4}, {4, 0}, {0, 0}),
	 9, SIMPLIFY_EDGES, 1e-6},
	{"a small notch before a large one",
	 P({0, 0}, {0, 8}, {8, 8}, {8, 5}, {7.9, 4.9}, {8, 4.8}, {8, 3}, {3, 2}, {8, 1}, {8, 0},
	   {0, 0}),
	 9, SIMPLIFY_EDGES, 0.1},
	/* 9 points written are 8 corners: two are cut corners of a square of 10, each 0.1 % of it */
	{"cut corners",
	 P({0, 1}, {0, 9}, {1, 10}, {9, 10}, {10, 9}, {10, 5}, {10, 1}, {9, 0}, {5, 0}, {1, 0},
	   {0, 1}),
	 9, SIMPLIFY_EDGES, 1},
	{"over the antimeridian",
	 P({0, 178}, {0, 179}, {0, 180}, {0, -179}, {0, -178}, {1, -178}, {2, -178}, {2, 179},
	   {2, 178}, {0, 178}),
	 9, SIMPLIFY_EDGES, 1e-6},
	{"around the south pole",
	 P({-60, 0}, {-65, 30}, {-60, 60}, {-65, 90}, {-60, 120}, {-65, 150}, {-60, -160},
	   {-65, -120}, {-60, -80}, {-60, -40}, {-60, 0}),
	 9, SIMPLIFY_EDGES, 20},
	{"around the north pole, westward",
	 P({70, 0}, {65, -30}, {70, -60}, {65, -90}, {70, -120}, {65, -150}, {70, 160}, {65, 120},
	   {70, 80}, {70, 40}, {70, 0}),
	 9, SIMPLIFY_EDGES, 20},
	{"bow-tie", P({0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}), 9, SIMPLIFY_OUTLINE, 1e-2},
	{"a spike outward", P({0, 0}, {0, 2}, {1, 2}, {1, 5}, {1, 2}, {2, 2}, {2, 0}, {0, 0}), 9,
	 SIMPLIFY_OUTLINE, 1e-2},
	{"a spike inward", P({0, 0}, {0, 2}, {1, 2}, {1, 1}, {1, 2}, {2, 2}, {2, 0}, {0, 0}), 9,
	 SIMPLIFY_OUTLINE, 1e-6},
	{"a line", P({0, 0}, {1, 1}, {2, 2}, {0, 0}), 9, SIMPLIFY_BOX, INFINITY},
	{"a point", P({5, 5}, {5, 5}, {5, 5}, {5, 5}), 9, SIMPLIFY_BOX, INFINITY},
	{"at the pole itself",
	 P({89, 0}, {89.5, 0}, {90, 0}, {90, 5}, {90, 10}, {90, 20}, {89.5, 20}, {89, 20}, {89, 15},
	   {89, 10}, {89, 0}),
	 9, SIMPLIFY_EDGES, 1e-6},
	{"twice around", P({0, 0}, {0, 120}, {0, -120}, {1, 0}, {1, 120}, {1, -120}, {0, 0}), 9,
	 SIMPLIFY_BOX, INFINITY},
};

static void
table(void **state)
{
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(by_hand); i++) {
		struct geo_ring ring = {by_hand[i].ring, by_hand[i].n};
		struct simplified s =
			simplify_checked(by_hand[i].name, a, &ring, by_hand[i].wanted, INFINITY);
		size_t k;

		if (s.way != by_hand[i].way)
			fail_msg("%s: %s", by_hand[i].name, simplify_way_name(s.way));
		if (!(s.added_percent <= by_hand[i].most))
			fail_msg("%s: %f %% added, expected at most %f", by_hand[i].name,
				 s.added_percent, by_hand[i].most);
		for (k = 0; k < ring.n; k++)
			if (!geo_ring_contains(&s.ring, ring.points[k]))
				fail_msg("%s: point %zu is outside", by_hand[i].name, k);
	}
	arena_free(&a);
}

/* Points inside the original are inside the result, by the rule of geo/point.h. */
static void
nobody_is_left_out(void **state)
{
	static struct geo_point p[ROOM];
	struct arena *a = arena_new();
	struct rand r;
	int round, k;

	(void)state;
	rand_init(&r, 3);
	for (round = 0; round < 60; round++) {
		struct geo_point mid = {rand_unit(&r) * 160 - 80, 175 + rand_unit(&r) * 10};
		struct geo_ring ring = {p, 200};
		struct simplified s;
		size_t inside = 0;

		make_star(&r, p, ring.n, mid, 5, 0.4, 1e5);
		for (k = 0; k < 200; k++) {
			p[k].lat = fmax(-90, fmin(90, p[k].lat));
			p[k].lon = remainder(p[k].lon, 360);
		}
		s = simplify_checked("over the antimeridian", a, &ring, 20, INFINITY);
		for (k = 0; k < 500; k++) {
			struct geo_point q = {mid.lat + 12 * (rand_unit(&r) - 0.5),
					      remainder(mid.lon + 12 * (rand_unit(&r) - 0.5), 360)};

			if (!geo_ring_contains(&ring, q))
				continue;
			inside++;
			if (!geo_ring_contains(&s.ring, q))
				fail_msg("round %d: %.6f,%.6f was inside", round, q.lat, q.lon);
		}
		assert_true(inside > 0);
		arena_reset(a);
	}
	arena_free(&a);
}

static void
covers_table(void **state)
{
	static const struct geo_point notch[] = {{0, 0}, {0, 6}, {4, 6}, {4, 4},
						 {2, 3}, {4, 2}, {4, 0}, {0, 0}};
	static const struct {
		const char *name;
		struct geo_point ring[8];
		size_t n;
		bool want;
	} cases[] = {
		{"itself", P({0, 0}, {0, 6}, {4, 6}, {4, 4}, {2, 3}, {4, 2}, {4, 0}, {0, 0}), true},
		{"inside", P({1, 1}, {1, 5}, {1.5, 3}, {1, 1}), true},
		{"up to the notch's corner", P({1, 1}, {1, 5}, {2, 3}, {1, 1}), true},
		{"over the notch, between its corners", P({4, 2}, {1, 3}, {4, 4}, {4, 2}), false},
		{"through the notch's corner into it", P({1, 3}, {3, 3}, {1, 4}, {1, 3}), false},
		{"along the upper edge across the notch", P({4, 0}, {1, 3}, {4, 6}, {4, 0}), false},
		{"outside", P({5, 5}, {5, 6}, {6, 6}, {5, 5}), false},
		{"out through an edge", P({1, 1}, {1, 7}, {2, 1}, {1, 1}), false},
		{"along an edge from within, to its end", P({0, 1}, {0, 6}, {1, 3}, {0, 1}), true},
		{"along an edge and beyond", P({0, 1}, {0, 7}, {1, 3}, {0, 1}), false},
		{"in the notch", P({3.5, 2.8}, {3.5, 3.2}, {3.9, 3}, {3.5, 2.8}), false},
	};
	struct geo_ring outer = {notch, ARRAY_LEN(notch)};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct geo_ring ring = {cases[i].ring, cases[i].n};

		if (ring_covers(&outer, &ring) != cases[i].want)
			fail_msg("%s: expected %s", cases[i].name, cases[i].want ? "yes" : "no");
	}
}

/* ring_covers against GEOS, on a grid where everything touches. */
static void
covers_against_geos(void **state)
{
	struct arena *a = arena_new();
	struct rand r;
	size_t told[2] = {0, 0};
	int round;

	(void)state;
	initGEOS(NULL, NULL);
	rand_init(&r, 9);
	for (round = 0; round < 60000; round++) {
		struct geo_point p[8], q[5];
		struct geo_ring outer = {p, 8}, inner = {q, 5};
		struct ring_verdict v;
		GEOSGeometry *o, *i;
		bool want, got;
		size_t k;

		for (k = 0; k < 7; k++)
			p[k] = (struct geo_point){(double)rand_below(&r, 5),
						  (double)rand_below(&r, 5)};
		p[7] = p[0];
		for (k = 0; k < 4; k++)
			q[k] = (struct geo_point){(double)rand_below(&r, 4) + 0.5 * (round % 2),
						  (double)rand_below(&r, 4) + 0.5 * (round % 2)};
		q[4] = q[0];
		if (q[0].lat == q[1].lat && q[0].lon == q[1].lon && q[0].lat == q[2].lat &&
		    q[0].lon == q[2].lon && q[0].lat == q[3].lat && q[0].lon == q[3].lon)
			continue; /* GEOS says of a line of no length on the edge: not covered */
		ring_check(&v, a, &outer);
		arena_reset(a);
		if ((v.faults & RING_NOT_SIMPLE) != 0)
			continue;
		o = geos_polygon(&outer, 0);
		i = geos_polygon(&inner, 0);
		want = GEOSCovers(o, GEOSGetExteriorRing(i)) == 1;
		got = ring_covers(&outer, &inner);
		GEOSGeom_destroy(o);
		GEOSGeom_destroy(i);
		told[want]++;
		if (want != got)
			fail_msg("round %d: got %d, GEOS says %d", round, got, want);
	}
	assert_true(told[true] > 100 && told[false] > 1000);
	finishGEOS();
	arena_free(&a);
}

static void
limits(void **state)
{
	static const struct geo_point p[] = {{0, 0}, {0, 1}, {1, 0}, {0, 0}};
	struct geo_ring ring = {p, 4}, none = {p, 0};
	struct arena *a = arena_new();
	struct simplified s;
	struct err e;

	(void)state;
	assert_int_equal(ring_simplify(&s, a, &ring, SIMPLIFY_MIN - 1, &e), RC_LIMIT);
	assert_int_equal(ring_simplify(&s, a, &none, 100, &e), RC_SYNTAX);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(covers_table),
		cmocka_unit_test(covers_against_geos),
		cmocka_unit_test(random_stars),
		cmocka_unit_test(random_knots),
		cmocka_unit_test(nobody_is_left_out),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
