/*
 * t_exact.c — the signs against whole numbers of 128 bits, made by hand: every
 * coordinate is a whole number of 2^-44 degrees, which a double holds exactly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/rand.h"
#include "geo/exact.h"

#define UNIT INT64_C(0x100000000000) /* 2^44: one degree */
#define TURN (360 * UNIT)

struct grid {
	int64_t lat, lon;
	int turn;
};

static struct geo_point
degrees(struct grid g)
{
	struct geo_point p = {ldexp((double)g.lat, -44), ldexp((double)g.lon, -44)};

	return p;
}

/* |u| * |v| as two 64-bit words. */
static void
multiply(uint64_t u, uint64_t v, uint64_t *hi, uint64_t *lo)
{
	uint64_t u0 = u & 0xffffffff, u1 = u >> 32, v0 = v & 0xffffffff, v1 = v >> 32;
	uint64_t mid1 = u1 * v0, mid2 = u0 * v1, low = u0 * v0;
	uint64_t mid = (low >> 32) + (mid1 & 0xffffffff) + (mid2 & 0xffffffff);

	*lo = (low & 0xffffffff) | mid << 32;
	*hi = u1 * v1 + (mid1 >> 32) + (mid2 >> 32) + (mid >> 32);
}

/* The sign of u*v - w*x. */
static int
compare_products(int64_t u, int64_t v, int64_t w, int64_t x)
{
	int left = (u > 0) - (u < 0), right = (w > 0) - (w < 0);
	uint64_t lh, ll, rh, rl;

	left *= (v > 0) - (v < 0);
	right *= (x > 0) - (x < 0);
	if (left != right)
		return left > right ? 1 : -1;
	multiply((uint64_t)llabs(u), (uint64_t)llabs(v), &lh, &ll);
	multiply((uint64_t)llabs(w), (uint64_t)llabs(x), &rh, &rl);
	if (lh == rh && ll == rl)
		return 0;
	return (lh > rh || (lh == rh && ll > rl)) ? left : -left;
}

static int
side_by_hand(struct grid a, struct grid b, struct grid p)
{
	int64_t bx = b.lon - a.lon + (b.turn - a.turn) * TURN;
	int64_t px = p.lon - a.lon + (p.turn - a.turn) * TURN;

	return compare_products(bx, p.lat - a.lat, b.lat - a.lat, px);
}

static int64_t
coordinate(struct rand *r, int64_t limit)
{
	int64_t v = (int64_t)rand_below(r, (uint64_t)(2 * limit * UNIT + 1)) - limit * UNIT;

	switch (rand_below(r, 4)) {
	case 0: /* whole degrees */
		return v / UNIT * UNIT;
	case 1: /* few bits */
		return v / (UNIT >> 6) * (UNIT >> 6);
	default:
		return v;
	}
}

static struct grid
any_point(struct rand *r)
{
	struct grid g;

	g.lat = coordinate(r, 90);
	g.lon = coordinate(r, 180);
	g.turn = (int)rand_below(r, 3) - 1;
	return g;
}

/* A point on or a hair beside the line a – b. */
static struct grid
point_near(struct rand *r, struct grid a, struct grid b)
{
	int64_t parts = 1 + (int64_t)rand_below(r, 64),
		t = (int64_t)rand_below(r, 65) % (parts + 1);
	int64_t dx = b.lon - a.lon + (b.turn - a.turn) * TURN;
	struct grid p = a;

	p.lon += dx / parts * t + (int64_t)rand_below(r, 3) - 1;
	p.lat += (b.lat - a.lat) / parts * t + (int64_t)rand_below(r, 3) - 1;
	for (; p.lon > 180 * UNIT; p.turn++)
		p.lon -= TURN;
	for (; p.lon < -180 * UNIT; p.turn--)
		p.lon += TURN;
	return p;
}

static void
side_is_exact(void **state)
{
	struct rand r;
	int on_line = 0, i;

	(void)state;
	rand_init(&r, 20260101);
	for (i = 0; i < 300000; i++) {
		struct grid a = any_point(&r), b = any_point(&r), p;
		int want;

		p = rand_below(&r, 4) == 0 ? any_point(&r) : point_near(&r, a, b);
		want = side_by_hand(a, b, p);
		on_line += want == 0;
		assert_int_equal(exact_side(degrees(a), a.turn, degrees(b), b.turn, degrees(p),
					    p.turn),
				 want);
	}
	assert_true(on_line > 1000); /* the hard case did occur */
}

static void
lon_cmp_is_exact(void **state)
{
	struct rand r;
	int i;

	(void)state;
	rand_init(&r, 7);
	for (i = 0; i < 100000; i++) {
		struct grid a = any_point(&r), b = any_point(&r);
		int64_t d;

		if (rand_below(&r, 2) == 0)
			b.lon = (a.lon > 0 ? a.lon - TURN : a.lon + TURN);
		if (llabs(b.lon) > 180 * UNIT)
			continue;
		d = a.lon - b.lon + (a.turn - b.turn) * TURN;
		assert_int_equal(exact_lon_cmp(degrees(a).lon, a.turn, degrees(b).lon, b.turn),
				 (d > 0) - (d < 0));
	}
}

static void
shorter_turn(void **state)
{
	static const struct {
		double a, b;
		int want;
	} cases[] = {
		{0, 0, 0},
		{10, 20, 0},
		{-90, 90, 0},
		{90, -90, 0},
		{0, 180, 0},
		{179, -179, 1},
		{-179, 179, -1},
		{-180, 180, -1},
		{180, -180, 1},
		{-90, 90.5, -1},
		{91, -90, 1},
		/* half a turn and a hair that the difference cannot show */
		{-1e-20, 180, -1},
		{1e-20, 180, 0},
		{1e-20, -180, 1},
		{-1e-20, -180, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(exact_shorter_turn(cases[i].a, cases[i].b), cases[i].want);
}

static void
meet(void **state)
{
	static const struct {
		struct geo_point a, b;
		int tb;
		struct geo_point c, d;
		int tc;
		bool want;
	} cases[] = {
		{{0, 0}, {10, 10}, 0, {0, 10}, {10, 0}, 0, true},    /* a cross */
		{{0, 0}, {10, 10}, 0, {10, 10}, {20, 0}, 0, true},   /* end to end */
		{{0, 0}, {10, 10}, 0, {5, 5}, {5, 9}, 0, true},      /* a T */
		{{0, 0}, {10, 10}, 0, {2, 2}, {3, 3}, 0, true},      /* one on the other */
		{{0, 0}, {10, 10}, 0, {11, 11}, {12, 12}, 0, false}, /* same line, apart */
		{{0, 0}, {10, 10}, 0, {0, 1}, {9, 10}, 0, false},    /* beside it */
		{{5, 5}, {5, 5}, 0, {0, 0}, {10, 10}, 0, true},      /* a point on it */
		{{5, 6}, {5, 6}, 0, {0, 0}, {10, 10}, 0, false},     /* a point beside it */
		{{5, 5}, {5, 5}, 0, {5, 5}, {5, 5}, 0, true},
		{{0, 170}, {0, -170}, 1, {-5, -175}, {5, -175}, 1, true},
		{{0, 170}, {0, -170}, 1, {-5, -175}, {5, -175}, 0, false},
		{{0, -170}, {0, 170}, -1, {-5, 180}, {5, 180}, -1, true},
		{{0, -170}, {0, 170}, -1, {-5, 169}, {5, 169}, -1, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(exact_meet(cases[i].a, cases[i].b, cases[i].tb, cases[i].c,
					    cases[i].d, cases[i].tc),
				 cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(side_is_exact),
		cmocka_unit_test(lon_cmp_is_exact),
		cmocka_unit_test(shorter_turn),
		cmocka_unit_test(meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
