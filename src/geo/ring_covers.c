/*
 * ring_covers.c — does a simple ring cover another ring wholly?
 *
 * An edge that begins inside and never leaves is inside. It leaves where it
 * properly crosses an edge of the outer ring, or where it goes on to the
 * outside from a point that both share; each is decided by exact signs. So one point
 * that is inside and no edge that leaves prove the whole.
 */
#include "base/mem.h"
#include "geo/ring_check.h"
#include "geo/simplify.h"
#include "geo/unroll.h"

#define SLACK 1e-9 /* degrees: longitudes moved by turns are rounded */

struct span {
	double west, east;
};

static struct span
span_of(const struct unrolled *u)
{
	struct span s = {INFINITY, -INFINITY};
	size_t i;

	for (i = 0; i <= u->n; i++) {
		s.west = lower(s.west, u->corners[i].x);
		s.east = higher(s.east, u->corners[i].x);
	}
	return s;
}

/* 1 when the inside is to the left of the edges, -1 to the right, 0 when there is none. */
static int
inside_of(const struct unrolled *u, const struct geo_ring *r)
{
	double south = 90, north = -90;
	size_t i;

	if (u->turns == 0)
		return ring_winding(u);
	for (i = 0; i < r->n; i++) {
		south = lower(south, r->points[i].lat);
		north = higher(north, r->points[i].lat);
	}
	return north >= -south ? u->turns : -u->turns;
}

/* Does the way from corner b of the outer ring towards q begin within the ring? */
static bool
cone_has(const struct corner *a, const struct corner *b, const struct corner *c,
	 const struct corner *q, int inside)
{
	int first = inside * corner_side(a, b, q), second = inside * corner_side(b, c, q);

	if (inside * corner_side(a, b, c) > 0)
		return first >= 0 && second >= 0;
	return first >= 0 || second >= 0;
}

static bool
between(const struct corner *p, const struct corner *q, const struct corner *v)
{
	return corner_cmp_x(p, v) * corner_cmp_x(q, v) <= 0 &&
	       corner_cmp_y(p, v) * corner_cmp_y(q, v) <= 0;
}

/* Does the edge p → q leave through the outer edge b → c, which follows a? */
static bool
leaves(const struct corner *p, const struct corner *q, const struct corner *a,
       const struct corner *b, const struct corner *c, int inside)
{
	int sb = corner_side(p, q, b), sc = corner_side(p, q, c);
	int sp, sq;

	if (sb * sc > 0)
		return false;
	sp = inside * corner_side(b, c, p);
	sq = inside * corner_side(b, c, q);
	if (sp * sq > 0)
		return false;
	if (sb * sc < 0)
		return sp < 0 || sq < 0;
	if (sb != 0 || !between(p, q, b))
		return false;
	if (!corner_same(b, q) && !cone_has(a, b, c, q, inside))
		return true;
	return !corner_same(b, p) && !cone_has(a, b, c, p, inside);
}

static bool
edge_leaves(const struct unrolled *outer, const struct corner *p, const struct corner *q, int shift,
	    int inside)
{
	const double west = lower(p->x, q->x) + 360.0 * shift - SLACK;
	const double east = higher(p->x, q->x) + 360.0 * shift + SLACK;
	const double south = lower(p->p.lat, q->p.lat), north = higher(p->p.lat, q->p.lat);
	size_t i;

	for (i = 0; i < outer->n; i++) {
		const struct corner *b = &outer->corners[i], *c = b + 1;
		struct corner a, from, to;

		if (higher(b->x, c->x) < west || lower(b->x, c->x) > east ||
		    higher(b->p.lat, c->p.lat) < south || lower(b->p.lat, c->p.lat) > north)
			continue;
		a = corner_before(outer, i);
		from = corner_shift(*p, shift);
		to = corner_shift(*q, shift);
		if (leaves(&from, &to, &a, b, c, inside))
			return true;
	}
	return false;
}

static bool
covers_unrolled(const struct unrolled *outer, const struct unrolled *inner, int inside)
{
	struct span o = span_of(outer), n = span_of(inner);
	int shift;
	size_t i;

	for (shift = -4; shift <= 4; shift++) {
		if (n.west + 360.0 * shift > o.east + SLACK ||
		    n.east + 360.0 * shift < o.west - SLACK)
			continue;
		for (i = 0; i < inner->n; i++)
			if (edge_leaves(outer, &inner->corners[i], &inner->corners[i + 1], shift,
					inside))
				return false;
	}
	return true;
}

bool
ring_covers(const struct geo_ring *outer, const struct geo_ring *inner)
{
	struct corner *corners[2] = {NULL, NULL};
	struct unrolled o, i;
	bool covers = false;
	int inside;

	if (outer->n == 0 || inner->n == 0)
		return false;
	corners[0] = MEM_NEW_N(struct corner, outer->n + 1);
	corners[1] = MEM_NEW_N(struct corner, inner->n + 1);
	ring_unroll(&o, corners[0], outer);
	ring_unroll(&i, corners[1], inner);
	if (o.many_turns || i.many_turns || abs(o.turns) > 1 || abs(i.turns) > 1 || o.n < 3)
		goto out;
	if (i.turns != 0 && o.turns == 0)
		goto out; /* a ring around the earth lies within none that is not */
	inside = inside_of(&o, outer);
	covers = inside != 0 && geo_ring_contains(outer, inner->points[0]) &&
		 covers_unrolled(&o, &i, inside);
out:
	MEM_FREE(&corners[0]);
	MEM_FREE(&corners[1]);
	return covers;
}
