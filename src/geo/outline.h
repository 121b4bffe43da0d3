/*
 * outline.h — an outline around a ring that is none itself: its outer boundary
 * or its convex hull. For the files of this room.
 */
#ifndef GEO_OUTLINE_H
#define GEO_OUTLINE_H

#include <stdbool.h>

#include "geo/unroll.h"

struct arena;

/* The outer boundary of a ring without turns that meets itself, counter-clockwise: at most
 * 2 * n + 64 corners, one more at the end, in the arena. Where two edges cross, the corner is
 * moved outward onto a fine grid; `apart`: also where the ring touches itself, which is needed
 * where the boundary comes by twice. False when it cannot be followed. */
bool outline_trace(struct corner **ret, size_t *ret_n, const struct unrolled *, bool apart,
		   struct arena *);

/* The convex hull, counter-clockwise, with the first corner again at the end, in the arena.
 * False when it has no area. */
bool outline_hull(struct corner **ret, size_t *ret_n, const struct unrolled *, struct arena *);

#endif
