/*
 * ring_check.h — what is wrong with a ring. Pure.
 *
 * Edges are numbered from 0: edge i runs from point i to the next. They are
 * straight in latitude/longitude and take the shorter way across the antimeridian
 * (geo/point.h), so a ring lives on the cylinder of longitudes. Every yes and
 * no is that of exact arithmetic; points and areas named along are near enough
 * to be shown. A point that repeats the one before it is counted and otherwise
 * passed over; so is the last point when it repeats the first.
 *
 * The notion of simple is that of OGC Simple Features for the ring of a polygon: no
 * two edges share a point, but for neighbours the one between them.
 */
#ifndef GEO_RING_CHECK_H
#define GEO_RING_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "geo/point.h"

struct arena;

enum ring_fault {
	/* The ring passes through itself: two parts of it lie on both sides of each other. */
	RING_CROSSES = 1 << 0,
	/* It meets itself in a point without passing through, or along a stretch. */
	RING_TOUCHES = 1 << 1,
	/* An edge runs back along the one before it. */
	RING_SPIKE = 1 << 2,
	/* Fewer than three points apart from each other, or all of them on one line. */
	RING_NO_AREA = 1 << 3,
	/* An edge spans half a turn of longitude or nearly so: which way round is a guess. */
	RING_HALF_TURN = 1 << 4,
	/* It runs around the earth more than once, or two turns away from its start: nothing else
	 * but RING_HALF_TURN is then judged. */
	RING_MANY_TURNS = 1 << 5,
	/* It encloses more than half of the earth. */
	RING_OVER_HALF = 1 << 6,
	/* Whether it crosses or touches itself would cost too much to find out. */
	RING_TOO_COMPLEX = 1 << 7,
};

/* A ring is simple when it has none of these. */
#define RING_NOT_SIMPLE (RING_CROSSES | RING_TOUCHES | RING_SPIKE | RING_NO_AREA)

/* Two edges and a point at or near where they meet; for a half turn one edge, twice. */
struct ring_place {
	size_t edge[2];
	struct geo_point at;
};

struct ring_verdict {
	unsigned faults;            /* of enum ring_fault */
	struct ring_place crossing; /* one of each kind, when there is that fault */
	struct ring_place touch;
	struct ring_place spike;
	struct ring_place half_turn;
	size_t n;              /* points told apart from the one before, the last one not counted */
	size_t repeated;       /* points equal to the one before */
	size_t first_repeated; /* its number, from 0, when there is one */
	int winding;           /* 1 counter-clockwise (north up), -1 clockwise; 0 without area, or
			    * with turns */
	int turns; /* of longitude: 1 or -1 when it runs around a pole, eastward or westward */
	bool antimeridian; /* an edge crosses it */
	bool at_pole;      /* a point is a pole */
};

/* Edges of this many degrees of longitude or more are nearly half a turn. */
#define RING_NEARLY_HALF 179.0

/* Judge a ring of at least one point, all of them geo_point_ok. Rings of more than a
 * hundred points or so take memory from `scratch`. The work is bounded: about n log n
 * for shapes as they are drawn; what would cost much more is RING_TOO_COMPLEX. A ring
 * that crosses itself is told so at the first crossing. */
void ring_check(struct ring_verdict *ret, struct arena *scratch, const struct geo_ring *);

/* The area in km² that the ring encloses on the sphere of GEO_EARTH_KM, its edges straight in
 * latitude/longitude: positive when counter-clockwise; of a ring that crosses itself, the sum
 * of its signed parts. Around a pole: that of the pole's side, positive. */
double ring_square_km(const struct geo_ring *);

#endif
