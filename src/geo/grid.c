/*
 * grid.c — points with few decimals.
 *
 * A point of the grid is a whole number divided by a power of ten, which is the
 * double that reading its decimal text gives.
 */
#include "geo/shrink.h"

#define REACH 6 /* cells around; a corner sharper than that needs a finer grid */

static double
scale_of(int decimals)
{
	static const double scale[SHRINK_DECIMALS_MAX + 1] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};

	return scale[decimals];
}

/* The corner number (kx, ky) of the grid; false when it is off the earth or too far around it. */
static bool
grid_corner(struct corner *ret, double kx, double ky, double scale)
{
	double turn = floor((kx + 180 * scale) / (360 * scale));

	if (fabs(ky) > 90 * scale || fabs(turn) > 2)
		return false;
	ret->turn = (int)turn;
	ret->p.lat = ky / scale;
	ret->p.lon = (kx - turn * 360 * scale) / scale;
	ret->x = ret->p.lon + 360.0 * ret->turn;
	ret->at = 0;
	return true;
}

bool
grid_outside(struct corner *ret, double x, double lat, int decimals, bool strict,
	     const struct corner *a, const struct corner *b, const struct corner *c,
	     const struct corner *d)
{
	const double scale = scale_of(decimals);
	double kx = floor(x * scale), ky = floor(lat * scale);
	const int most = strict ? -1 : 0; /* of the side */
	double best = INFINITY;
	struct corner g;
	int reach, i, j;

	/* Ring by ring around the cell; one more after the first hit, since rings are square. */
	for (reach = 0; reach <= REACH; reach++) {
		bool had = best < INFINITY;

		for (i = -reach; i <= reach + 1; i++)
			for (j = -reach; j <= reach + 1; j++) {
				double far;

				if (i > -reach && i < reach + 1 && j > -reach && j < reach + 1)
					continue;
				if (!grid_corner(&g, kx + i, ky + j, scale))
					continue;
				far = (g.x - x) * (g.x - x) + (g.p.lat - lat) * (g.p.lat - lat);
				if (far >= best || corner_side(a, b, &g) > most ||
				    corner_side(c, d, &g) > most)
					continue;
				best = far;
				*ret = g;
			}
		if (had)
			break;
	}
	return best < INFINITY;
}
