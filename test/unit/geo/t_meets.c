/*
 * t_meets.c — what meets a country: cases by hand, then random points, rings
 * and circles against GEOS and against a plain walk over every edge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <geos_c.h>

#include <math.h>

#include "base/mem.h"
#include "base/rand.h"
#include "geo/country.h"

#define P(...) {__VA_ARGS__}, sizeof((struct geo_point[]){__VA_ARGS__}) / sizeof(struct geo_point)

static void
rings_table(void **state)
{
	static const struct {
		const char *name, *code;
		struct geo_point ring[8];
		size_t n;
		bool want;
	} cases[] = {
		{"a square in Russia", "RU", P({55, 37}, {55, 38}, {56, 38}, {56, 37}, {55, 37}),
		 true},
		{"that square", "UA", P({55, 37}, {55, 38}, {56, 38}, {56, 37}, {55, 37}), false},
		{"around Iceland", "IS", P({60, -30}, {60, -10}, {70, -10}, {70, -30}, {60, -30}),
		 true},
		{"around Iceland", "GB", P({60, -30}, {60, -10}, {70, -10}, {70, -30}, {60, -30}),
		 false},
		{"inside the hole of South Africa", "LS",
		 P({-29.5, 28}, {-29.5, 28.5}, {-29.4, 28.5}, {-29.5, 28}), true},
		{"inside the hole of South Africa", "ZA",
		 P({-29.5, 28}, {-29.5, 28.5}, {-29.4, 28.5}, {-29.5, 28}), false},
		{"a line over Chile", "CL", P({-33, -80}, {-33, -60}, {-33, -80}, {-33, -80}),
		 true},
		{"a single point in Bern", "CH",
		 P({46.95, 7.45}, {46.95, 7.45}, {46.95, 7.45}, {46.95, 7.45}), true},
		{"Fiji over 180", "FJ",
		 P({-20, 176}, {-20, -178}, {-15, -178}, {-15, 176}, {-20, 176}), true},
		{"only east of 180", "FJ",
		 P({-18, -180}, {-18, -178}, {-16, -178}, {-16, -180}, {-18, -180}), true},
		{"the long way is not meant", "BR",
		 P({-20, 176}, {-20, -178}, {-15, -178}, {-15, 176}, {-20, 176}), false},
		{"Chukotka from the east", "RU",
		 P({60, -175}, {60, 175}, {70, 175}, {70, -175}, {60, -175}), true},
		{"touching 180 from the east", "RU",
		 P({66, -180}, {66, -179}, {67, -179}, {66, -180}), true},
		{"around the south pole", "AQ", P({-60, 0}, {-60, 120}, {-60, -120}, {-60, 0}),
		 true},
		{"around the south pole", "AR", P({-60, 0}, {-60, 120}, {-60, -120}, {-60, 0}),
		 false},
		{"around the south pole, inland", "AQ",
		 P({-88, 0}, {-88, 120}, {-88, -120}, {-88, 0}), true},
		{"around the north pole", "GL", P({80, 0}, {80, 120}, {80, -120}, {80, 0}), true},
		{"in the ocean", "PT", P({30, -40}, {30, -39}, {31, -39}, {30, -40}), false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct geo_ring ring = {cases[i].ring, cases[i].n};

		if (country_meets_ring(country_by_code(sv_of(cases[i].code)), &ring) !=
		    cases[i].want)
			fail_msg("%s, %s: expected %s", cases[i].name, cases[i].code,
				 cases[i].want ? "yes" : "no");
	}
}

static void
circles_table(void **state)
{
	static const struct {
		const char *name, *code;
		struct geo_circle c;
		bool want;
	} cases[] = {
		{"radius 0 in Bern", "CH", {{46.95, 7.45}, 0}, true},
		{"radius 0 at sea", "CH", {{30, -40}, 0}, false},
		{"Dover to France", "FR", {{51.13, 1.31}, 40}, true}, /* Cap Gris-Nez: 33 km */
		{"Dover, short of France", "FR", {{51.13, 1.31}, 25}, false},
		{"over 180 to Taveuni", "FJ", {{-16.9, -179.3}, 100}, true},
		{"over the pole", "RU", {{89, -90}, 1200}, true},
		{"over the pole, short", "RU", {{89, -90}, 600}, false},
		{"larger than the country", "IS", {{65, -18}, 3000}, true},
		{"half the earth", "NZ", {{40, -5}, 10000}, false},
		{"more than half", "NZ", {{40, -5}, 19900}, true},
		{"over the long straight 49th parallel", "CA", {{48.95, -105}, 6}, true},
		{"short of the 49th parallel", "CA", {{48.9, -105}, 6}, false},
		{"the whole earth", "TV", {{0, 0}, 20100}, true},
		{"negative", "CH", {{46.95, 7.45}, -1}, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		if (country_meets_circle(country_by_code(sv_of(cases[i].code)), &cases[i].c) !=
		    cases[i].want)
			fail_msg("%s, %s: expected %s", cases[i].name, cases[i].code,
				 cases[i].want ? "yes" : "no");
}

static GEOSGeometry *
geos_ring(const struct geo_ring *r)
{
	GEOSCoordSequence *seq = GEOSCoordSeq_create((unsigned)r->n, 2);
	unsigned i;

	for (i = 0; i < r->n; i++)
		GEOSCoordSeq_setXY(seq, i, r->points[i].lon, r->points[i].lat);
	return GEOSGeom_createPolygon(GEOSGeom_createLinearRing(seq), NULL, 0);
}

/* One country as GEOS sees it, ring by ring. */
struct oracle {
	GEOSGeometry **areas;
	const GEOSPreparedGeometry **prepared;
	size_t n;
};

static struct oracle
oracle_of(uint16_t country)
{
	struct oracle o;
	const struct geo_ring *rings = country_rings(country, &o.n);
	size_t i;

	o.areas = MEM_NEW_N(GEOSGeometry *, o.n);
	o.prepared = MEM_NEW_N(const GEOSPreparedGeometry *, o.n);
	for (i = 0; i < o.n; i++) {
		o.areas[i] = geos_ring(&rings[i]);
		o.prepared[i] = GEOSPrepare(o.areas[i]);
	}
	return o;
}

static void
oracle_fini(struct oracle *o)
{
	size_t i;

	for (i = 0; i < o->n; i++) {
		GEOSPreparedGeom_destroy(o->prepared[i]);
		GEOSGeom_destroy(o->areas[i]);
	}
	mem_free(o->areas);
	mem_free(o->prepared);
}

/* Even-odd over the rings; on any of them is inside. */
static bool
oracle_contains(const struct oracle *o, struct geo_point p)
{
	GEOSGeometry *g = GEOSGeom_createPointFromXY(p.lon, p.lat);
	bool inside = false;
	size_t i;

	for (i = 0; i < o->n; i++) {
		if (GEOSPreparedIntersects(o->prepared[i], g) != 1)
			continue;
		inside = !inside;
		if (GEOSTouches(o->areas[i], g) == 1) {
			inside = true;
			break;
		}
	}
	GEOSGeom_destroy(g);
	return inside;
}

/* A ring that does not cross 180 meets the country when a border does, or when its first
 * point is in the country. */
static bool
oracle_meets(const struct oracle *o, const struct geo_ring *ring)
{
	GEOSGeometry *g = geos_ring(ring);
	bool meets = oracle_contains(o, ring->points[0]);
	size_t i;

	for (i = 0; i < o->n && !meets; i++) {
		GEOSGeometry *line;

		if (GEOSPreparedIntersects(o->prepared[i], g) != 1)
			continue;
		line = GEOSBoundary(o->areas[i]);
		meets = GEOSIntersects(line, g) == 1;
		GEOSGeom_destroy(line);
	}
	GEOSGeom_destroy(g);
	return meets;
}

/* A random point near the country, or on it. */
static struct geo_point
point_near(struct rand *r, uint16_t country, double spread)
{
	size_t n;
	const struct geo_ring *rings = country_rings(country, &n);
	const struct geo_ring *ring = &rings[rand_below(r, n)];
	struct geo_point p = ring->points[rand_below(r, ring->n)];

	p.lat = fmin(90, fmax(-90, p.lat + (rand_unit(r) - 0.5) * spread));
	p.lon = fmin(180, fmax(-180, p.lon + (rand_unit(r) - 0.5) * spread));
	return p;
}

static const char *const some[] = {"CH", "LS", "ZA", "IT", "NO", "ID",
				   "GR", "RU", "FJ", "AQ", "VA"};

static void
against_geos(void **state)
{
	int inside = 0, meets = 0, i;
	struct rand r;
	size_t c;

	(void)state;
	rand_init(&r, 11);
	initGEOS(NULL, NULL);
	for (c = 0; c < ARRAY_LEN(some); c++) {
		uint16_t country = country_by_code(sv_of(some[c]));
		struct oracle o = oracle_of(country);

		for (i = 0; i < 400; i++) {
			struct geo_point p = point_near(&r, country, i % 4 == 0 ? 0 : 4);
			struct geo_point single[4] = {p, p, p, p}, box[5];
			struct geo_ring ring = {single, 4};
			double size = pow(10, rand_unit(&r) * 3 - 2.5);
			bool want = oracle_contains(&o, p);

			assert_int_equal(country_meets_ring(country, &ring), want);
			inside += want;

			box[0] = box[4] = p;
			box[1] = (struct geo_point){p.lat, fmin(180, p.lon + size)};
			box[2] = (struct geo_point){fmin(90, p.lat + size), box[1].lon};
			box[3] = (struct geo_point){box[2].lat, p.lon + (box[1].lon - p.lon) / 3};
			ring = (struct geo_ring){box, 5};
			want = oracle_meets(&o, &ring);
			if (country_meets_ring(country, &ring) != want)
				fail_msg("%s, case %d: expected %d", some[c], i, want);
			meets += want;
		}
		oracle_fini(&o);
	}
	finishGEOS();
	assert_in_range(inside, 400, 4000);
	assert_in_range(meets, 400, 4000);
}

/* Is p in the country, by every edge of every ring; *best shrinks to the nearest edge. */
static bool
plain_contains(uint16_t country, struct geo_point p, double *best)
{
	bool inside = false, on = false;
	size_t n, k, j;
	const struct geo_ring *rings = country_rings(country, &n);

	for (k = 0; k < n; k++) {
		inside ^= geo_ring_contains(&rings[k], p);
		for (j = 0; j + 1 < rings[k].n; j++) {
			struct geo_point edge[3] = {rings[k].points[j], rings[k].points[j + 1],
						    rings[k].points[j]};
			struct geo_ring flat = {edge, 3};

			if (fmin(edge[0].lat, edge[1].lat) > p.lat + 0.1 ||
			    fmax(edge[0].lat, edge[1].lat) < p.lat - 0.1)
				continue;
			on |= geo_ring_contains(&flat, p);
			*best = fmin(*best, geo_segment_km(p, edge[0], edge[1]));
		}
	}
	return inside || on;
}

static void
country_at_without_grid(void **state)
{
	struct rand r;
	int land = 0, coast = 0, i;

	(void)state;
	rand_init(&r, 5);
	for (i = 0; i < 200; i++) {
		struct geo_point p = point_near(&r, (uint16_t)rand_below(&r, country_count()),
						i % 3 == 0 ? 0 : 1);
		uint16_t want = COUNTRY_NONE, nearest = COUNTRY_NONE;
		double best = 10;
		size_t c;

		for (c = 0; c < country_count() && want == COUNTRY_NONE; c++) {
			double before = best;

			if (plain_contains((uint16_t)c, p, &best))
				want = (uint16_t)c;
			else if (best < before)
				nearest = (uint16_t)c;
		}
		land += want != COUNTRY_NONE;
		coast += want == COUNTRY_NONE && nearest != COUNTRY_NONE;
		assert_int_equal(country_at(p), want != COUNTRY_NONE ? want : nearest);
	}
	assert_in_range(land, 50, 190);
	assert_true(coast > 5);
}

/* A circle that does not meet the country holds none of its points, and growing it never
 * makes it meet less. */
static void
circles_against_points(void **state)
{
	struct rand r;
	int meets = 0, i, k;

	(void)state;
	rand_init(&r, 8);
	for (i = 0; i < 400; i++) {
		uint16_t country = country_by_code(sv_of(some[(size_t)i % ARRAY_LEN(some)]));
		struct geo_circle c = {point_near(&r, country, 10), pow(10, rand_unit(&r) * 3)};
		bool got = country_meets_circle(country, &c);

		meets += got;
		for (k = 0; k < 50 && !got; k++) {
			struct geo_point p = point_near(&r, country, 0);

			assert_false(geo_circle_contains(&c, p));
		}
		if (got) {
			c.radius_km *= 1.01;
			assert_true(country_meets_circle(country, &c));
		}
	}
	assert_in_range(meets, 20, 380);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rings_table),
		cmocka_unit_test(circles_table),
		cmocka_unit_test(against_geos),
		cmocka_unit_test(country_at_without_grid),
		cmocka_unit_test(circles_against_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
