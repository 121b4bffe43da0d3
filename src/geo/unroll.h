/*
 * unroll.h — a ring laid flat: each corner with the turns of longitude that it
 * stands away from the first. For the files of this room.
 *
 * Corners are the points without repetitions: one that stands where the one
 * before it stands is left out, so is the closing one. One more corner follows
 * the last: the first again, turned by what the whole ring turns.
 */
#ifndef GEO_UNROLL_H
#define GEO_UNROLL_H

#include <math.h>
#include <stdint.h>

#include "geo/exact.h"

struct corner {
	struct geo_point p;
	double x;    /* p.lon + 360 * turn, rounded: grows with the true value */
	int turn;    /* in [-2, 2] */
	uint32_t at; /* the number of the edge that begins here */
};

struct unrolled {
	struct corner *corners; /* n + 1 of them */
	size_t n;
	int turns; /* of the whole ring */
	size_t repeated, first_repeated;
	size_t half_turn; /* the first edge of about half a turn, or the number of points */
	bool antimeridian;
	bool many_turns; /* corners stop where a turn left [-2, 2] */
};

/* Lay the ring flat into `room` for r->n + 1 corners; r->n is at least 1. */
void ring_unroll(struct unrolled *ret, struct corner *room, const struct geo_ring *r);

/* Which way a simple ring without turns runs: 1 counter-clockwise, -1 clockwise. Exact, by
 * its southernmost corner; 0 where that is the tip of a spike. */
int ring_winding(const struct unrolled *);

/* fmin and fmax for numbers: one instruction each. */
static inline double
lower(double a, double b)
{
	return a < b ? a : b;
}

static inline double
higher(double a, double b)
{
	return a > b ? a : b;
}

/* The sign of a's longitude against b's, exact. */
static inline int
corner_cmp_x(const struct corner *a, const struct corner *b)
{
	if (LIKELY(a->turn == b->turn))
		return (a->p.lon > b->p.lon) - (a->p.lon < b->p.lon);
	return exact_lon_cmp(a->p.lon, a->turn, b->p.lon, b->turn);
}

static inline int
corner_cmp_y(const struct corner *a, const struct corner *b)
{
	return (a->p.lat > b->p.lat) - (a->p.lat < b->p.lat);
}

static inline bool
corner_same(const struct corner *a, const struct corner *b)
{
	return corner_cmp_y(a, b) == 0 && corner_cmp_x(a, b) == 0;
}

/* The corner some turns further east. */
static inline struct corner
corner_shift(struct corner a, int shift)
{
	a.turn += shift;
	a.x += 360.0 * shift;
	return a;
}

/* The corners before and after number i, which may be n. */
static inline struct corner
corner_before(const struct unrolled *u, size_t i)
{
	return i > 0 ? u->corners[i - 1] : corner_shift(u->corners[u->n - 1], -u->turns);
}

static inline struct corner
corner_after(const struct unrolled *u, size_t i)
{
	return i < u->n ? u->corners[i + 1] : corner_shift(u->corners[1], u->turns);
}

/* exact_side. On one turn the error bound is Shewchuk's (1997, 4.3): each difference and
 * product is wrong by at most 2^-53 of itself. */
static inline int
corner_side(const struct corner *a, const struct corner *b, const struct corner *p)
{
	if (LIKELY(a->turn == b->turn && a->turn == p->turn)) {
		double bx = b->p.lon - a->p.lon, by = b->p.lat - a->p.lat;
		double px = p->p.lon - a->p.lon, py = p->p.lat - a->p.lat;
		double left = bx * py, right = by * px;
		double det = left - right;
		double bound = 4e-16 * (fabs(left) + fabs(right));

		if (det > bound)
			return 1;
		if (det < -bound)
			return -1;
		if ((bx == 0 || py == 0) && (by == 0 || px == 0))
			return 0;
	}
	return exact_side(a->p, a->turn, b->p, b->turn, p->p, p->turn);
}

#endif
