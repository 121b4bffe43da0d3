/*
 * t_point.c — rings, circles, boxes and distances: cases by hand, and random
 * rings against a second reading of the rule in whole numbers: the ring is
 * rolled out onto the plane, closed by way of a pole when it runs around the
 * earth, and each copy of the point casts a ray east.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/rand.h"
#include "geo/point.h"

#define P(...) {__VA_ARGS__}, sizeof((struct geo_point[]){__VA_ARGS__}) / sizeof(struct geo_point)

static const struct ring_case {
	const char *name;
	struct geo_point ring[10];
	size_t n;
	struct geo_point p;
	bool want;
} ring_cases[] = {
	{"middle", P({0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}), {5, 5}, true},
	{"vertex", P({0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}), {10, 10}, true},
	{"first vertex", P({0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}), {0, 0}, true},
	{"on the southern edge", P({0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}), {0, 3}, true},
	{"on the eastern edge", P({0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}), {3, 10}, true},
	{"a hair outside", P({0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}), {-1e-15, 3}, false},
	{"in line with an edge", P({0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}), {0, 11}, false},
	{"south of a vertex", P({0, 0}, {5, 5}, {0, 10}, {10, 5}, {0, 0}), {0, 5}, false},
	{"on a slope", P({0, 0}, {3, 9}, {9, 9}, {0, 0}), {1, 3}, true},
	{"beside a slope", P({0, 0}, {3, 9}, {9, 9}, {0, 0}), {1 - 1e-15, 3}, false},
	/* 0.1, 0.2, 0.3 as doubles: 3 * 0.1 is a little more than 0.3 */
	{"decimal slope", P({0, 0}, {0.3, 0.3}, {1, 0}, {0, 0}), {0.1, 0.1}, true},
	{"bow tie, in a wing", P({0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}), {2, 5}, true},
	{"bow tie, at the knot", P({0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}), {5, 5}, true},
	{"bow tie, beside", P({0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}), {5, 2}, false},
	{"twice around is out",
	 P({0, 0}, {0, 9}, {9, 9}, {9, 0}, {0, 0}, {0, 9}, {9, 9}, {9, 0}, {0, 0}),
	 {5, 5},
	 false},
	{"twice around, on the edge",
	 P({0, 0}, {0, 9}, {9, 9}, {9, 0}, {0, 0}, {0, 9}, {9, 9}, {9, 0}, {0, 0}),
	 {9, 5},
	 true},
	{"not closed counts as closed", P({0, 0}, {0, 10}, {10, 10}, {10, 0}), {5, 0}, true},

	{"single point, there", P({4, 4}, {4, 4}, {4, 4}, {4, 4}), {4, 4}, true},
	{"single point, elsewhere", P({4, 4}, {4, 4}, {4, 4}, {4, 4}), {4, 4.5}, false},
	{"there and back, on it", P({0, 0}, {10, 10}, {0, 0}, {0, 0}), {5, 5}, true},
	{"there and back, off it", P({0, 0}, {10, 10}, {0, 0}, {0, 0}), {5, 6}, false},

	{"antimeridian, east of it",
	 P({0, 170}, {0, -170}, {9, -170}, {9, 170}, {0, 170}),
	 {5, -175},
	 true},
	{"antimeridian, west of it",
	 P({0, 170}, {0, -170}, {9, -170}, {9, 170}, {0, 170}),
	 {5, 175},
	 true},
	{"antimeridian, 180", P({0, 170}, {0, -170}, {9, -170}, {9, 170}, {0, 170}), {5, 180}, true},
	{"antimeridian, -180",
	 P({0, 170}, {0, -170}, {9, -170}, {9, 170}, {0, 170}),
	 {5, -180},
	 true},
	{"antimeridian, on its edge",
	 P({0, 170}, {0, -170}, {9, -170}, {9, 170}, {0, 170}),
	 {9, -180},
	 true},
	{"antimeridian, not the long way",
	 P({0, 170}, {0, -170}, {9, -170}, {9, 170}, {0, 170}),
	 {5, 0},
	 false},
	{"antimeridian, a slope", P({0, 178}, {4, -178}, {0, -178}, {0, 178}), {2, 180}, true},
	{"antimeridian, above the slope",
	 P({0, 178}, {4, -178}, {0, -178}, {0, 178}),
	 {2.5, 180},
	 false},
	{"edge at 180, point at -180",
	 P({0, 170}, {0, 180}, {9, 180}, {9, 170}, {0, 170}),
	 {5, -180},
	 true},
	{"edge at -180, point at 180",
	 P({0, -170}, {0, -180}, {9, -180}, {9, -170}, {0, -170}),
	 {5, 180},
	 true},
	{"edge at 180, point beyond",
	 P({0, 170}, {0, 180}, {9, 180}, {9, 170}, {0, 170}),
	 {5, -179},
	 false},
	{"both spellings of 180",
	 P({0, 170}, {0, 180}, {9, -180}, {9, 170}, {0, 170}),
	 {5, 175},
	 true},
	{"half a turn is as written",
	 P({0, -90}, {0, 90}, {9, 90}, {9, -90}, {0, -90}),
	 {5, 0},
	 true},
	{"half a turn, other half",
	 P({0, -90}, {0, 90}, {9, 90}, {9, -90}, {0, -90}),
	 {5, 180},
	 false},
	{"a band with a stop on its way",
	 P({0, -180}, {0, 0}, {0, 180}, {9, 180}, {9, 0}, {9, -180}, {0, -180}),
	 {5, -100},
	 true},

	{"around the north pole", P({70, 0}, {70, 120}, {70, -120}, {70, 0}), {80, 50}, true},
	{"around the north pole, the pole",
	 P({70, 0}, {70, 120}, {70, -120}, {70, 0}),
	 {90, 7},
	 true},
	{"around the north pole, on it",
	 P({70, 0}, {70, 120}, {70, -120}, {70, 0}),
	 {70, 180},
	 true},
	{"around the north pole, south",
	 P({70, 0}, {70, 120}, {70, -120}, {70, 0}),
	 {69, 50},
	 false},
	{"around the south pole", P({-70, 0}, {-60, -120}, {-70, 120}, {-70, 0}), {-80, 50}, true},
	{"around the south pole, north",
	 P({-70, 0}, {-60, -120}, {-70, 120}, {-70, 0}),
	 {-50, 50},
	 false},
	{"by way of the pole",
	 P({70, -180}, {70, 0}, {70, 180}, {90, 180}, {90, -180}, {70, -180}),
	 {80, 5},
	 true},
	{"a corner at the pole", P({60, 0}, {90, 0}, {90, 30}, {60, 30}, {60, 0}), {90, 15}, true},
	{"the pole by another longitude",
	 P({60, 0}, {90, 0}, {90, 30}, {60, 30}, {60, 0}),
	 {90, 40},
	 false},
};

static void
ring_table(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(ring_cases); i++) {
		const struct ring_case *c = &ring_cases[i];
		struct geo_ring ring = {c->ring, c->n};
		struct geo_box box = geo_ring_box(&ring);

		if (geo_ring_contains(&ring, c->p) != c->want)
			fail_msg("%s: expected %s", c->name, c->want ? "inside" : "outside");
		if (c->want && !geo_box_contains(&box, c->p))
			fail_msg("%s: the box does not hold it", c->name);
	}
}

/* Whole numbers: quarters of a degree. */
struct whole {
	int64_t x, y;
};

#define TURN (360 * 4)

static int64_t
cross(struct whole a, struct whole b, struct whole p)
{
	return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

static bool
on_edge(struct whole a, struct whole b, struct whole p)
{
	return cross(a, b, p) == 0 && (p.x - a.x) * (p.x - b.x) <= 0 &&
	       (p.y - a.y) * (p.y - b.y) <= 0;
}

static bool
crosses_east(struct whole a, struct whole b, struct whole p)
{
	if ((a.y > p.y) == (b.y > p.y))
		return false;
	return a.y < b.y ? cross(a, b, p) > 0 : cross(b, a, p) > 0;
}

static bool
contains_by_hand(const struct whole *ring, size_t n, struct whole p)
{
	struct whole flat[40];
	int64_t shift = 0, low = ring[0].y, high = ring[0].y, pole;
	bool inside = false;
	size_t i, real;
	int turn;

	for (i = 0; i < n; i++) {
		if (i > 0 && ring[i].x - ring[i - 1].x > TURN / 2)
			shift -= TURN;
		if (i > 0 && ring[i].x - ring[i - 1].x < -TURN / 2)
			shift += TURN;
		flat[i].x = ring[i].x + shift;
		flat[i].y = ring[i].y;
		low = ring[i].y < low ? ring[i].y : low;
		high = ring[i].y > high ? ring[i].y : high;
	}
	real = n - 1;
	pole = high >= -low ? 91 * 4 : -91 * 4;
	flat[n++] = (struct whole){flat[real].x, pole};
	flat[n++] = (struct whole){flat[0].x, pole};
	flat[n++] = flat[0];
	for (turn = -8; turn <= 8; turn++) {
		struct whole q = {p.x + turn * TURN, p.y};

		for (i = 0; i + 1 < n; i++) {
			if (i < real && on_edge(flat[i], flat[i + 1], q))
				return true;
			inside ^= crosses_east(flat[i], flat[i + 1], q);
		}
	}
	return inside;
}

static struct whole
random_whole(struct rand *r, int spread)
{
	struct whole w;

	if (spread == 0) { /* the whole earth in 30-degree steps, poles and 180 often */
		w.x = ((int64_t)rand_below(r, 13) - 6) * 120;
		w.y = ((int64_t)rand_below(r, 7) - 3) * 120;
	} else { /* a small place over the antimeridian */
		w.x = (int64_t)rand_below(r, (uint64_t)spread) - spread / 2;
		w.y = (int64_t)rand_below(r, (uint64_t)spread) - spread / 2;
		w.x += w.x < 0 ? TURN / 2 : -TURN / 2;
	}
	return w;
}

static void
random_rings(void **state)
{
	static const int spreads[] = {0, 8, 12, 40, 300};
	struct rand r;
	int inside = 0, i, k;

	(void)state;
	rand_init(&r, 42);
	for (i = 0; i < 20000; i++) {
		int spread = spreads[i % 5];
		size_t n = 3 + rand_below(&r, 12), j;
		struct whole whole[20];
		struct geo_point points[20];
		struct geo_ring ring = {points, n + 1};
		struct geo_box box;

		for (j = 0; j < n; j++)
			whole[j] = random_whole(&r, spread);
		whole[n] = whole[0];
		for (j = 0; j <= n; j++)
			points[j] =
				(struct geo_point){(double)whole[j].y / 4, (double)whole[j].x / 4};
		box = geo_ring_box(&ring);
		for (k = 0; k < 20; k++) {
			struct whole w = random_whole(&r, spread);
			struct geo_point p = {(double)w.y / 4, (double)w.x / 4};
			bool want = contains_by_hand(whole, n + 1, w);

			inside += want;
			assert_int_equal(geo_ring_contains(&ring, p), want);
			assert_true(!want || geo_box_contains(&box, p));
		}
	}
	assert_in_range(inside, 50000, 350000); /* both answers are common */
}

static void
distances(void **state)
{
	static const struct {
		struct geo_point a, b;
		double km, within;
	} cases[] = {
		{{0, 0}, {0, 0}, 0, 0},
		{{12.3, 180}, {12.3, -180}, 0, 0},
		{{90, 0}, {90, 123}, 0, 0},
		{{0, 0}, {0, 1}, 111.195080, 1e-6}, /* pi R / 180 */
		{{0, 179.5}, {0, -179.5}, 111.195080, 1e-6},
		{{0, 0}, {90, 0}, 10007.557221, 1e-5},  /* pi R / 2 */
		{{0, 0}, {0, 180}, 20015.114442, 1e-5}, /* pi R */
		{{30, 20}, {-30, -160}, 20015.114442, 1e-5},
		{{80, 0}, {80, 180}, 2223.901605, 1e-5}, /* over the pole: 20 degrees */
		/* Nashville to Los Angeles airport, 2887.2600 km on R = 6372.8 in many tables */
		{{36.12, -86.67}, {33.94, -118.40}, 2886.448430, 1e-4},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		double km = geo_distance_km(cases[i].a, cases[i].b);

		if (fabs(km - cases[i].km) > cases[i].within)
			fail_msg("case %zu: %.9f km, expected %.6f", i, km, cases[i].km);
		assert_true(km == geo_distance_km(cases[i].b, cases[i].a));
	}
}

static void
circles(void **state)
{
	static const struct {
		const char *name;
		struct geo_circle c;
		struct geo_point p;
		bool want;
	} cases[] = {
		{"radius 0, the centre", {{10, 20}, 0}, {10, 20}, true},
		{"radius 0, beside", {{10, 20}, 0}, {10, 20.0000001}, false},
		{"radius 0, 180 is -180", {{10, 180}, 0}, {10, -180}, true},
		{"radius 0 at the pole", {{90, 0}, 0}, {90, 77}, true},
		{"a degree north", {{10, 20}, 111.2}, {11, 20}, true},
		{"a degree north, short", {{10, 20}, 111.19}, {11, 20}, false},
		{"over the antimeridian", {{0, 179.9}, 30}, {0, -179.9}, true},
		{"over the antimeridian, short", {{0, 179.9}, 22}, {0, -179.9}, false},
		{"over the pole", {{89, 0}, 230}, {89, 180}, true},
		{"over the pole, short", {{89, 0}, 220}, {89, 180}, false},
		{"the whole earth", {{0, 0}, 20016}, {0, 180}, true},
		{"negative", {{10, 20}, -1}, {10, 20}, false},
		{"not a number", {{10, 20}, NAN}, {10, 20}, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct geo_box box = geo_circle_box(&cases[i].c);

		if (geo_circle_contains(&cases[i].c, cases[i].p) != cases[i].want)
			fail_msg("%s", cases[i].name);
		if (cases[i].want && !geo_box_contains(&box, cases[i].p))
			fail_msg("%s: the box does not hold it", cases[i].name);
	}
}

/* Whatever a circle holds, its box holds. */
static void
circle_boxes(void **state)
{
	struct rand r;
	int held = 0, i;

	(void)state;
	rand_init(&r, 3);
	for (i = 0; i < 200000; i++) {
		struct geo_circle c = {{rand_unit(&r) * 180 - 90, rand_unit(&r) * 360 - 180},
				       pow(10, rand_unit(&r) * 4.4)};
		struct geo_point p = {rand_unit(&r) * 180 - 90, rand_unit(&r) * 360 - 180};
		struct geo_box box = geo_circle_box(&c);

		if (!geo_circle_contains(&c, p))
			continue;
		held++;
		assert_true(geo_box_contains(&box, p));
	}
	assert_true(held > 1000);
}

static void
segments(void **state)
{
	static const struct {
		struct geo_point p, a, b;
		double km, within;
	} cases[] = {
		{{0, 0}, {1, -1}, {1, 1}, 111.19508, 0.02},          /* beside the middle */
		{{0, 0}, {0, 1}, {0, 2}, 111.19508, 1e-4},           /* before the end */
		{{0, 0}, {0, -1}, {0, 1}, 0, 1e-9},                  /* on it */
		{{0, 180}, {0.5, 179}, {0.5, -179}, 55.59754, 0.01}, /* over the antimeridian */
		{{0, -179.9}, {0, 179}, {0, 179.9}, 22.239016, 1e-4},
		{{60, 10}, {60, 10.1}, {60, 10.1}, 5.559753, 1e-3}, /* a single point; cos 60 = 1/2 */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		double km = geo_segment_km(cases[i].p, cases[i].a, cases[i].b);

		if (fabs(km - cases[i].km) > cases[i].within)
			fail_msg("case %zu: %.9f km, expected %.6f", i, km, cases[i].km);
	}
}

static void
points_ok(void **state)
{
	static const struct {
		struct geo_point p;
		bool want;
	} cases[] = {
		{{0, 0}, true},         {{90, 180}, true},      {{-90, -180}, true},
		{{90.0001, 0}, false},  {{0, 180.0001}, false}, {{NAN, 0}, false},
		{{0, INFINITY}, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(geo_point_ok(cases[i].p), cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring_table),   cmocka_unit_test(random_rings),
		cmocka_unit_test(distances),    cmocka_unit_test(circles),
		cmocka_unit_test(circle_boxes), cmocka_unit_test(segments),
		cmocka_unit_test(points_ok),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
