/*
 * shrink.h — fewer corners, the edges moving outward only. For the files of
 * this room.
 */
#ifndef GEO_SHRINK_H
#define GEO_SHRINK_H

#include <stdbool.h>

#include "geo/unroll.h"

struct arena;

#define SHRINK_DECIMALS_MAX 7

/*
 * A simple outline with its inside to the left: n corners, and corners[n] is the
 * first again, turned by `turns`. Corners are taken away until `wanted` are left, then
 * rounded to `decimals` or, where that is not possible without uncovering something, more;
 * *ret_decimals is what all of them need. False when it cannot be done. Scratch memory
 * comes from the arena.
 */
bool outline_shrink(struct corner *corners, size_t *n, int turns, size_t wanted, int decimals,
		    int *ret_decimals, struct arena *);

/*
 * A point of the grid of so many decimals, near (x, lat), that lies to the right of a → b and
 * c → d, or on them unless `strict`; the nearest. False when there is none near.
 */
bool grid_outside(struct corner *ret, double x, double lat, int decimals, bool strict,
		  const struct corner *a, const struct corner *b, const struct corner *c,
		  const struct corner *d);

#endif
