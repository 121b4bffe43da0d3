/*
 * simplify.h — a simpler ring that covers another one. Pure.
 *
 * For consumers that take no more than so many points: edges only move
 * outward, so that nobody who was inside is outside afterwards; the result has no
 * self-intersection, runs counter-clockwise, and its points are rounded
 * (outward as well), so that writing them with `decimals` digits after the point and
 * reading them back gives exactly this ring. That it covers the original is
 * proved by exact arithmetic before it is returned.
 */
#ifndef GEO_SIMPLIFY_H
#define GEO_SIMPLIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "geo/point.h"

struct arena;

#define SIMPLIFY_MIN     9   /* points written; a box around the earth needs as many */
#define SIMPLIFY_DEFAULT 100 /* what warning systems for mobile phones take at most */

/* How far from the original the way had to go; each is tried when the one before failed. */
enum simplify_way {
	SIMPLIFY_SAME,    /* nothing to do: the original, as it is */
	SIMPLIFY_EDGES,   /* edges moved outward, step by step */
	SIMPLIFY_OUTLINE, /* the same, from the outer boundary of a ring that meets itself */
	SIMPLIFY_HULL,    /* from the convex hull */
	SIMPLIFY_BOX,     /* a box in latitude and longitude */
};

struct simplified {
	struct geo_ring ring; /* closed; in the arena (SIMPLIFY_SAME: the original's points) */
	enum simplify_way way;
	int decimals;         /* that write every coordinate exactly: 5 to 7 (SAME: 0, unknown) */
	double square_km;     /* of the result, on the sphere */
	double added_percent; /* of the original's area; of a ring that meets itself, of its
	                        * outer boundary's; 0 for SAME; INFINITY when that is
	                        * none or not known */
};

/* A simple ring of at most `wanted` points, the closing one included, that covers `ring`, with
 * little area added. A ring that is simple and small enough already comes back as it is. All points
 * geo_point_ok. Scratch memory is taken from the arena as well: pass a short-lived one.
 *   RC_OK
 *   RC_LIMIT   wanted < SIMPLIFY_MIN, or more points than LIMIT_CAP_POINTS
 *   RC_SYNTAX  no ring: fewer than one point */
enum rc ring_simplify(struct simplified *ret, struct arena *, const struct geo_ring *ring,
		      size_t wanted, struct err *) CHECKED;

/* Does `outer`, which must be simple, cover every point of `inner` and of its edges?
 * Exact. Takes time by the product of both sizes. False when either runs more than once
 * around the earth; when only one of both runs around a pole, false unless it is certain. */
bool ring_covers(const struct geo_ring *outer, const struct geo_ring *inner);

/* The name of a way, for messages: "edges moved outward" … */
const char *simplify_way_name(enum simplify_way);

#endif
