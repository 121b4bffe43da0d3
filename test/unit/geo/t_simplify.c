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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_stars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
