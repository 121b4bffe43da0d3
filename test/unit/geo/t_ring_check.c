/*
 * t_ring_check.c — faults of rings: cases by hand, then thousands of random
 * rings against GEOS.
 *
 * GEOS judges the ring of a polygon in the plane (OGC Simple Features). Where a
 * ring does not turn around the earth, both notions are the same: not simple is
 * not valid. GEOS knows nothing of the antimeridian, so the oracle is given the
 * ring laid flat on whole or half degrees, which is exact.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <geos_c.h>

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/rand.h"
#include "geo/ring_check.h"

#define P(...) {__VA_ARGS__}, sizeof((struct geo_point[]){__VA_ARGS__}) / sizeof(struct geo_point)
#define SIMPLE 0u

static const struct {
	const char *name;
	struct geo_point ring[16];
	size_t n;
	unsigned faults;
	int winding, turns;
} cases[] = {
	{"a triangle, counter-clockwise", P({0, 0}, {0, 2}, {2, 0}, {0, 0}), SIMPLE, 1, 0},
	{"a triangle, clockwise", P({0, 0}, {2, 0}, {0, 2}, {0, 0}), SIMPLE, -1, 0},
	{"a square with points along its edges",
	 P({0, 0}, {0, 1}, {0, 2}, {1, 2}, {2, 2}, {2, 1}, {2, 0}, {0, 0}), SIMPLE, 1, 0},
	{"an arrow", P({0, 0}, {1, 1}, {0, 2}, {3, 1}, {0, 0}), SIMPLE, 1, 0},
	{"repeated points", P({0, 0}, {0, 0}, {0, 2}, {0, 2}, {2, 0}, {0, 0}), SIMPLE, 1, 0},
	{"the closing point repeated", P({0, 0}, {0, 2}, {2, 0}, {0, 0}, {0, 0}), SIMPLE, 1, 0},
	{"bow-tie", P({0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}), RING_CROSSES, 0, 0},
	{"five-pointed star", P({3, 0}, {-2, 2}, {1, -3}, {1, 3}, {-2, -2}, {3, 0}), RING_CROSSES,
	 -1, 0},
	{"crossing in a vertex", P({0, 0}, {1, 1}, {2, 2}, {2, 0}, {1, 1}, {0, 2}, {0, 0}),
	 RING_CROSSES, 0, 0},
	{"crossing through a vertex on an edge", P({0, 0}, {2, 2}, {2, 0}, {1, 1}, {0, 2}, {0, 0}),
	 RING_CROSSES, 0, 0},
	{"pinched in a vertex", P({0, 0}, {1, 1}, {0, 2}, {2, 2}, {1, 1}, {2, 0}, {0, 0}),
	 RING_TOUCHES, 1, 0},
	{"a vertex on a far edge", P({0, 0}, {0, 4}, {4, 4}, {0, 2}, {4, 0}, {0, 0}), RING_TOUCHES,
	 1, 0},
	{"along a far edge", P({0, 0}, {0, 4}, {4, 4}, {0, 3}, {0, 1}, {4, 0}, {0, 0}),
	 RING_TOUCHES, 1, 0},
	{"a spike outward", P({0, 0}, {0, 2}, {1, 2}, {1, 5}, {1, 2}, {2, 2}, {2, 0}, {0, 0}),
	 RING_SPIKE | RING_TOUCHES, 1, 0},
	{"a spike that stops short: the next edge leaves from within the one before it",
	 P({0, 0}, {0, 5}, {0, 2}, {2, 2}, {2, 0}, {0, 0}), RING_SPIKE | RING_TOUCHES, 1, 0},
	{"there and back", P({0, 0}, {1, 1}, {2, 2}, {0, 0}), RING_NO_AREA, 0, 0},
	{"two points", P({0, 0}, {1, 1}, {1, 1}, {0, 0}), RING_NO_AREA, 0, 0},
	{"one point", P({5, 5}, {5, 5}, {5, 5}, {5, 5}), RING_NO_AREA, 0, 0},
	{"decimals on one line", P({0.1, 0.1}, {0.2, 0.2}, {0.3, 0.3}, {0.1, 0.1}), RING_NO_AREA, 0,
	 0},
	{"over the antimeridian", P({0, 170}, {0, -170}, {10, -170}, {10, 170}, {0, 170}), SIMPLE,
	 1, 0},
	{"bow-tie over the antimeridian", P({0, 170}, {10, -170}, {10, 170}, {0, -170}, {0, 170}),
	 RING_CROSSES, 0, 0},
	{"touching the antimeridian from both sides",
	 P({0, 170}, {0, 180}, {0, -180}, {0, -170}, {10, -170}, {10, 170}, {0, 170}), SIMPLE, 1,
	 0},
	{"around the south pole", P({-60, 0}, {-60, 120}, {-60, -120}, {-60, 0}), SIMPLE, 0, 1},
	{"around the north pole, westward", P({60, 0}, {60, -120}, {60, 120}, {60, 0}), SIMPLE, 0,
	 -1},
	{"around a pole and over itself at the seam",
	 P({60, 0}, {60, 120}, {60, -120}, {55, 10}, {70, 10}, {60, 0}), RING_CROSSES, 0, 1},
	{"around a pole, touching itself across the seam",
	 P({60, 0}, {60, 120}, {60, -120}, {50, -20}, {40, 15}, {60, 10}, {50, 2}, {60, 0}),
	 RING_TOUCHES, 0, 1},
	{"the shorter way goes over the antimeridian, four corners",
	 P({-10, -179}, {-10, 179}, {10, 179}, {10, -179}, {-10, -179}), SIMPLE, -1, 0},
	{"half a turn", P({0, 0}, {0, 180}, {10, 90}, {0, 0}), RING_HALF_TURN, 1, 0},
	{"nearly half a turn", P({0, 0}, {10, 90}, {0, 179.5}, {0, 0}), RING_HALF_TURN, -1, 0},
	{"twice around", P({0, 0}, {0, 120}, {0, -120}, {1, 0}, {1, 120}, {1, -120}, {0, 0}),
	 RING_MANY_TURNS, 0, 2},
	{"more than half of the earth",
	 P({-80, -180}, {-80, -90}, {-80, 0}, {-80, 90}, {-80, 180}, {80, 180}, {80, 90}, {80, 0},
	   {80, -90}, {80, -180}, {-80, -180}),
	 RING_OVER_HALF, 1, 0},
	{"around the equator, the north", P({0, 0}, {0, 120}, {0, -120}, {0, 0}), SIMPLE, 0, 1},
	{"around the south, taken for the north",
	 P({-80, 0}, {81, 60}, {-80, 120}, {-80, -120}, {-80, 0}), RING_OVER_HALF, 0, 1},
};

static void
table(void **state)
{
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct geo_ring ring = {cases[i].ring, cases[i].n};
		struct ring_verdict v;

		ring_check(&v, a, &ring);
		if (v.faults != cases[i].faults)
			fail_msg("%s: faults %#x, expected %#x", cases[i].name, v.faults,
				 cases[i].faults);
		if (cases[i].winding != 0 && v.winding != cases[i].winding)
			fail_msg("%s: winding %d", cases[i].name, v.winding);
		if (v.turns != cases[i].turns)
			fail_msg("%s: %d turns", cases[i].name, v.turns);
	}
	arena_free(&a);
}

/* The faults stay when the ring is written from another point, and when it is moved over the
 * antimeridian (whole degrees, so nothing is rounded). */
static void
table_turned(void **state)
{
	struct arena *a = arena_new();
	struct geo_point moved[16];
	size_t i, k, j;
	double east;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		size_t n = cases[i].n - 1;

		if (n < 3 || cases[i].faults == RING_HALF_TURN || cases[i].ring[1].lat == 0.2)
			continue;
		for (k = 0; k < n; k++)
			for (east = 0; east < 360; east += 45) {
				struct geo_ring ring = {moved, n + 1};
				struct ring_verdict v;

				for (j = 0; j <= n; j++) {
					moved[j] = cases[i].ring[(k + j) % n];
					moved[j].lon = remainder(moved[j].lon + east, 360);
				}
				ring_check(&v, a, &ring);
				if (v.faults != cases[i].faults)
					fail_msg("%s, from point %zu, %.0f degrees east: faults "
						 "%#x, expected %#x",
						 cases[i].name, k, east, v.faults, cases[i].faults);
			}
	}
	arena_free(&a);
}

static void
places(void **state)
{
	const struct geo_point tie[] = {{0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}};
	const struct geo_point twice[] = {{0, 0}, {0, 2}, {0, 2}, {0, 2}, {2, 0}, {0, 0}};
	struct geo_ring ring = {tie, ARRAY_LEN(tie)};
	struct arena *a = arena_new();
	struct ring_verdict v;

	(void)state;
	ring_check(&v, a, &ring);
	assert_int_equal(v.crossing.edge[0], 0);
	assert_int_equal(v.crossing.edge[1], 2);
	assert_true(fabs(v.crossing.at.lat - 1) < 1e-12 && fabs(v.crossing.at.lon - 1) < 1e-12);
	ring = (struct geo_ring){twice, ARRAY_LEN(twice)};
	ring_check(&v, a, &ring);
	assert_int_equal(v.n, 3);
	assert_int_equal(v.repeated, 2);
	assert_int_equal(v.first_repeated, 2);
	arena_free(&a);
}

static bool
geos_simple(const struct geo_point *points, size_t n)
{
	GEOSCoordSequence *seq = GEOSCoordSeq_create((unsigned)n, 2);
	GEOSGeometry *ring, *polygon;
	unsigned i;
	bool valid;

	for (i = 0; i < n; i++)
		GEOSCoordSeq_setXY(seq, i, points[i].lon, points[i].lat);
	ring = GEOSGeom_createLinearRing(seq);
	assert_non_null(ring);
	polygon = GEOSGeom_createPolygon(ring, NULL, 0);
	valid = GEOSisValid(polygon) == 1;
	GEOSGeom_destroy(polygon);
	return valid;
}

static void
print_ring(const struct geo_point *points, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		print_message("%.17g,%.17g ", points[i].lat, points[i].lon);
	print_message("\n");
}

/* Kinds of random rings; each closes itself. Below 45 degrees from the middle. */
enum kind { ON_GRID, SCATTERED, STAR, WALK, COMB, KINDS };

static void
random_ring(struct rand *r, enum kind kind, struct geo_point *p, size_t n)
{
	size_t i;

	for (i = 0; i + 1 < n; i++) {
		double angle = 2 * M_PI * (double)i / (double)(n - 1);
		double far = 1 + (double)rand_below(r, 1000) / 40;

		switch (kind) {
		case ON_GRID:
			p[i].lat = (double)rand_below(r, 5);
			p[i].lon = (double)rand_below(r, 5);
			break;
		case SCATTERED:
			p[i].lat = (double)rand_below(r, 1000000) / 50000;
			p[i].lon = (double)rand_below(r, 1000000) / 50000;
			break;
		case STAR:
			p[i].lat = far * sin(angle);
			p[i].lon = far * cos(angle);
			break;
		case WALK:
			p[i] = (struct geo_point){0, 0};
			if (i > 0) {
				p[i].lat = p[i - 1].lat + (double)rand_below(r, 3) - 1;
				p[i].lon = p[i - 1].lon + (double)rand_below(r, 3) - 1;
			}
			break;
		default:
			p[i].lat = i == 0 ? -1 : i + 2 == n ? -1 : (double)((i & 1) * 7);
			p[i].lon = (double)i / 10 + (double)rand_below(r, 3) / 20;
			break;
		}
	}
	p[n - 1] = p[0];
}

static void
random_rings_against_geos(void **state)
{
	struct rand r;
	struct arena *a = arena_new();
	struct geo_point points[400];
	size_t told[2] = {0, 0};
	int round;

	(void)state;
	rand_init(&r, 7);
	initGEOS(NULL, NULL);
	for (round = 0; round < 20000; round++) {
		enum kind kind = (enum kind)(round % KINDS);
		size_t n = 4 + rand_below(&r, kind == STAR || kind == COMB ? 300 : 12);
		struct geo_ring ring = {points, n};
		struct ring_verdict v;
		bool simple;

		random_ring(&r, kind, points, n);
		ring_check(&v, a, &ring);
		assert_true((v.faults & (RING_TOO_COMPLEX | RING_MANY_TURNS)) == 0);
		simple = (v.faults & RING_NOT_SIMPLE) == 0;
		told[simple]++;
		if (simple != geos_simple(points, n)) {
			print_ring(points, n);
			fail_msg("round %d: faults %#x, GEOS says %s", round, v.faults,
				 simple ? "not valid" : "valid");
		}
		arena_reset(a);
	}
	/* Both answers must have been tried. */
	assert_true(told[false] > 4000 && told[true] > 4000);
	finishGEOS();
	arena_free(&a);
}

/* Far more points than fit the stack, and shapes made to be slow. */
static void
large_rings(void **state)
{
	enum { N = 100001 };
	struct geo_point *p = MEM_NEW_N(struct geo_point, N);
	struct geo_ring ring = {p, N};
	struct arena *a = arena_new();
	struct ring_verdict v;
	size_t i;

	(void)state;
	for (i = 0; i < N; i++) { /* a coast with a small bay at each point */
		double angle = 2 * M_PI * (double)(i % (N - 1)) / (N - 1);
		double far = 40 + (i % 2 == 0 ? 0.01 : 0) + sin(angle * 700);

		p[i] = (struct geo_point){far * sin(angle), far * cos(angle)};
	}
	ring_check(&v, a, &ring);
	assert_int_equal(v.faults, 0);
	assert_int_equal(v.winding, 1);
	for (i = 0; i < N; i++) /* long teeth, one beside the other, in both directions in turn */
		p[i] = (struct geo_point){i % 2 == 0 ? -50 : 50 - (double)i / N,
					  -40 + 80 * (double)i / N};
	p[N - 2] = (struct geo_point){-60, 0};
	p[N - 1] = p[0];
	ring_check(&v, a, &ring);
	assert_int_equal(v.faults, 0);
	for (i = 0; i < N; i++) { /* a spiral: many chains abreast on both axes */
		double angle = 2 * M_PI * (double)i / 60;
		double far = 40 * (double)(i < N / 2 ? i : N - i) / N + (i < N / 2 ? 0.01 : 0);

		p[i] = (struct geo_point){far * sin(angle), far * cos(angle)};
	}
	p[N - 1] = p[0];
	ring_check(&v, a, &ring);
	assert_true((v.faults & (RING_TOO_COMPLEX | RING_CROSSES)) != 0);
	arena_free(&a);
	MEM_FREE(&p);
}

static void
areas(void **state)
{
	const double sphere = 4 * M_PI * GEO_EARTH_KM * GEO_EARTH_KM;
	static const struct {
		const char *name;
		struct geo_point ring[8];
		size_t n;
		double part; /* of the sphere */
	} table[] = {
		{"an eighth", P({0, 0}, {0, 90}, {90, 90}, {90, 0}, {0, 0}), 0.125},
		{"clockwise", P({0, 0}, {90, 0}, {90, 90}, {0, 90}, {0, 0}), -0.125},
		{"a band of 60° by 30° at the equator",
		 P({0, 0}, {0, 60}, {30, 60}, {30, 0}, {0, 0}), 1.0 / 6 / 4},
		{"over the antimeridian", P({0, 150}, {0, -150}, {30, -150}, {30, 150}, {0, 150}),
		 1.0 / 6 / 4},
		{"north of 30", P({30, 0}, {30, 120}, {30, -120}, {30, 0}), 0.25},
		{"north of 30, westward", P({30, 0}, {30, -120}, {30, 120}, {30, 0}), 0.25},
		{"south of -30", P({-30, 0}, {-30, 120}, {-30, -120}, {-30, 0}), 0.25},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(table); i++) {
		struct geo_ring ring = {table[i].ring, table[i].n};
		double got = ring_square_km(&ring) / sphere;

		if (fabs(got - table[i].part) > 1e-12)
			fail_msg("%s: %.15f of the earth, expected %.15f", table[i].name, got,
				 table[i].part);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),       cmocka_unit_test(table_turned),
		cmocka_unit_test(places),      cmocka_unit_test(random_rings_against_geos),
		cmocka_unit_test(large_rings), cmocka_unit_test(areas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
