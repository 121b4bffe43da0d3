/*
 * exact.h — signs that are never wrong. Pure.
 *
 * Coordinates are doubles in degrees; a longitude may stand some whole turns
 * (multiples of 360) further east, which a double cannot hold without
 * rounding. A turn is therefore carried beside it as a small integer in
 * [-2, 2], and every answer here is the sign of the true value.
 */
#ifndef GEO_EXACT_H
#define GEO_EXACT_H

#include "geo/point.h"

/* The sign (-1, 0, 1) of (a + 360 * ta) - (b + 360 * tb), longitudes in [-180, 180]. */
int exact_lon_cmp(double a, int ta, double b, int tb);

/* The turns to add to b so that a → b goes the shorter way: -1, 0 or 1. At
 * exactly half a turn the edge stays as it is written: 0. */
int exact_shorter_turn(double a, double b);

/* The side of p seen from a → b: 1 left, -1 right, 0 on the line. Each point
 * has its turns. */
int exact_side(struct geo_point a, int ta, struct geo_point b, int tb, struct geo_point p, int tp);

/* How p lies to the edge a → b. Over all edges of a ring, an odd number of EXACT_BELOW is
 * inside: an edge counts from its western end (included) to its eastern (excluded). */
enum exact_seen {
	EXACT_APART,
	EXACT_ON,    /* on the edge, ends included */
	EXACT_BELOW, /* the meridian that runs north from p crosses it */
};
enum exact_seen exact_edge(struct geo_point a, struct geo_point b, int tb, struct geo_point p,
			   int tp);

/* Do a → b and c → d share a point? a stands at turn 0, b at tb, c and d both at tc. */
bool exact_meet(struct geo_point a, struct geo_point b, int tb, struct geo_point c,
		struct geo_point d, int tc);

#endif
