/*
 * outline.c — the outer boundary of a ring that meets itself, and the convex hull.
 *
 * The boundary is walked with the outside to the right, from the southernmost
 * corner. Along an edge the next thing met decides: at a proper crossing the
 * walk turns right onto the other edge; where corners are met, it takes, of all
 * ways that leave that point, the first counter-clockwise from where it came.
 * Which way is taken is decided by exact signs; only the order of crossings along one edge
 * comes from doubles, and whoever calls proves the result.
 *
 * Where edges cross the boundary bends inward. That corner is moved to a point of the grid on
 * the outer side of both edges, so that both stay covered and the boundary does not
 * meet itself there when it comes by again. With `apart` so are the ring's own
 * corners where it meets itself; with many edges through one corner that fails.
 */
#include "geo/outline.h"

#include "base/arena.h"
#include "geo/edge_tree.h"
#include "geo/shrink.h"

#define LOOKS     256 /* at edges, per corner, in all */
#define MAX_LOOKS 4000000
#define AHEAD     1e-12 /* how much further along an edge the next crossing has to be */

/* On the way from one corner of the ring to a neighbour, in either direction. */
struct way {
	size_t from, to; /* corners, below n */
	size_t edge;
};

struct walk {
	const struct unrolled *u;
	struct edge_tree tree;
	struct corner *out;
	size_t n, max;
	bool apart;
	size_t looks; /* at edges, that may still be taken */
};

static struct way
way_of(const struct walk *w, size_t edge, bool forward)
{
	size_t end = edge + 1 < w->u->n ? edge + 1 : 0;

	return forward ? (struct way){edge, end, edge} : (struct way){end, edge, edge};
}

static bool
between(const struct corner *p, const struct corner *q, const struct corner *v)
{
	return corner_cmp_x(p, v) * corner_cmp_x(q, v) <= 0 &&
	       corner_cmp_y(p, v) * corner_cmp_y(q, v) <= 0;
}

/* 0 when r lies in the half turn counter-clockwise from at → back (itself left out), 1 when in the
 * other half, 2 when along at → back. */
static int
half_of(const struct corner *back, const struct corner *at, const struct corner *r)
{
	int side = corner_side(at, back, r);

	if (side != 0)
		return side > 0 ? 0 : 1;
	return between(at, back, r) || between(at, r, back) ? 2 : 1;
}

/* Turning counter-clockwise from at → back, does at → r come before at → s? */
static bool
comes_before(const struct corner *back, const struct corner *at, const struct corner *r,
	     const struct corner *s)
{
	int hr = half_of(back, at, r), hs = half_of(back, at, s);

	if (hr != hs)
		return hr < hs;
	return corner_side(at, r, s) > 0;
}

/* Of the ways that leave the point `at`, the first counter-clockwise from `back`. Returns how
 * many there are: more than two where the ring meets itself. */
static size_t
choose_way(struct walk *w, const struct corner *back, const struct corner *at, struct way *ret)
{
	const struct corner *v = w->u->corners;
	struct edge_box box = edge_box_of(at, at);
	size_t e, n = 0;

	for (e = edge_tree_next(&w->tree, &box, 0); e < w->tree.leaves;
	     e = edge_tree_next(&w->tree, &box, e + 1)) {
		int k;

		if (w->looks > 0)
			w->looks--;
		if (corner_side(&v[e], &v[e + 1], at) != 0 || !between(&v[e], &v[e + 1], at))
			continue;
		for (k = 0; k < 2; k++) {
			struct way way = way_of(w, e, k == 0);

			if (corner_same(&v[way.to], at))
				continue;
			if (n == 0 || comes_before(back, at, &v[way.to], &v[ret->to]))
				*ret = way;
			n++;
		}
	}
	return n;
}

static bool
put(struct walk *w, struct corner c)
{
	if (w->n == w->max)
		return false;
	if (w->n == 0 || !corner_same(&w->out[w->n - 1], &c))
		w->out[w->n++] = c;
	return true;
}

/* Where along the way, from 0 to 1, is the corner? */
static double
part_of(const struct corner *a, const struct corner *b, double x, double lat)
{
	double dx = b->x - a->x, dy = b->p.lat - a->p.lat;

	return fabs(dx) > fabs(dy) ? (x - a->x) / dx : (lat - a->p.lat) / dy;
}

/* What is met first on a way beyond part `from`. */
struct met {
	double part;
	bool crossing;
	struct corner at; /* a corner, or about where the edges cross */
	size_t edge;      /* that crosses */
};

static struct met
first_met(struct walk *w, const struct way *way, double from)
{
	const struct corner *v = w->u->corners;
	const struct corner *a = &v[way->from], *b = &v[way->to];
	struct edge_box box = edge_box_of(a, b);
	struct met met = {1, false, *b, 0};
	size_t e;
	int k;

	for (e = edge_tree_next(&w->tree, &box, 0); e < w->tree.leaves;
	     e = edge_tree_next(&w->tree, &box, e + 1)) {
		const struct corner *p = &v[e], *q = &v[e + 1];
		int sp = corner_side(a, b, p), sq = corner_side(a, b, q);
		double part;

		if (w->looks == 0)
			break;
		w->looks--;
		for (k = 0; k < 2; k++) {
			const struct corner *c = k == 0 ? p : q;

			if ((k == 0 ? sp : sq) != 0 || !between(a, b, c) || corner_same(c, a))
				continue;
			part = part_of(a, b, c->x, c->p.lat);
			if (part > from + AHEAD && part < met.part)
				met = (struct met){part, false, *c, 0};
		}
		if (sp * sq < 0 && corner_side(p, q, a) * corner_side(p, q, b) < 0) {
			double ux = b->x - a->x, uy = b->p.lat - a->p.lat;
			double wx = q->x - p->x, wy = q->p.lat - p->p.lat;
			double det = ux * wy - uy * wx;
			struct corner at = *a;

			part = ((p->x - a->x) * wy - (p->p.lat - a->p.lat) * wx) / det;
			at.x = a->x + part * ux;
			at.p.lat = a->p.lat + part * uy;
			if (part > from + AHEAD && part < met.part)
				met = (struct met){part, true, at, e};
		}
	}
	return met;
}

/* A corner that bends inward where the ring meets itself: off both edges, so that the next
 * time the boundary comes by it does not meet itself. */
static bool
put_outside(struct walk *w, const struct corner *near, const struct corner *a,
	    const struct corner *b, const struct corner *c, const struct corner *d)
{
	struct corner g;

	return grid_outside(&g, near->x, near->p.lat, SHRINK_DECIMALS_MAX, true, a, b, c, d) &&
	       put(w, g);
}

/* Follow the boundary until it is back where it began. */
static bool
follow(struct walk *w, size_t start)
{
	const struct corner *v = w->u->corners;
	struct corner below = v[start];
	struct way first, way;
	double part = 0;

	/* Nothing is south of the start, or west of it on its latitude. */
	below.p.lat -= 1;
	if (choose_way(w, &below, &v[start], &first) == 0 || !put(w, v[start]))
		return false;
	way = first;
	for (;;) {
		const struct corner *a = &v[way.from], *b = &v[way.to];
		struct met met = first_met(w, &way, part);

		if (w->looks == 0)
			return false;
		if (met.crossing) {
			bool forward = corner_side(a, b, &v[met.edge + 1]) < 0;
			struct way next = way_of(w, met.edge, forward);

			if (!put_outside(w, &met.at, a, b, &v[next.from], &v[next.to]))
				return false;
			way = next;
		} else {
			size_t ways;

			if (corner_same(&met.at, &v[start]))
				return true;
			ways = choose_way(w, a, &met.at, &way);
			if (ways == 0)
				return false;
			if (w->apart && ways > 2 && corner_side(a, &met.at, &v[way.to]) < 0) {
				if (!put_outside(w, &met.at, a, &met.at, &met.at, &v[way.to]))
					return false;
			} else if (!put(w, met.at)) {
				return false;
			}
		}
		part = part_of(&v[way.from], &v[way.to], met.at.x, met.at.p.lat);
	}
}

static size_t
lowest(const struct unrolled *u)
{
	const struct corner *v = u->corners;
	size_t i, low = 0;

	for (i = 1; i < u->n; i++)
		if (v[i].p.lat < v[low].p.lat ||
		    (v[i].p.lat == v[low].p.lat && corner_cmp_x(&v[i], &v[low]) < 0))
			low = i;
	return low;
}

bool
outline_trace(struct corner **ret, size_t *ret_n, const struct unrolled *u, bool apart,
	      struct arena *a)
{
	struct walk w = {.u = u, .max = 2 * u->n + 64, .apart = apart};

	size_t i;

	if (u->turns != 0)
		return false;
	w.looks = u->n < MAX_LOOKS / LOOKS ? 64 + u->n * LOOKS : MAX_LOOKS;
	edge_tree_init(&w.tree, a, u->n);
	for (i = 0; i < u->n; i++)
		edge_tree_set(&w.tree, i, &u->corners[i], &u->corners[i + 1]);
	w.out = ARENA_NEW_N(a, struct corner, w.max + 1);
	if (!follow(&w, lowest(u)) || w.n < 3)
		return false;
	w.out[w.n] = w.out[0];
	*ret = w.out;
	*ret_n = w.n;
	return true;
}

static int
by_lon(const void *a, const void *b)
{
	int cmp = corner_cmp_x(a, b);

	return cmp != 0 ? cmp : corner_cmp_y(a, b);
}

bool
outline_hull(struct corner **ret, size_t *ret_n, const struct unrolled *u, struct arena *a)
{
	struct corner *sorted = ARENA_NEW_N(a, struct corner, u->n + 1);
	struct corner *hull = ARENA_NEW_N(a, struct corner, 2 * u->n + 2);
	size_t i, low, n = 0;

	if (u->n < 3)
		return false;
	memcpy(sorted, u->corners, u->n * sizeof(*sorted));
	qsort(sorted, u->n, sizeof(*sorted), by_lon);
	for (i = 0; i < u->n; i++) { /* the southern half, eastward */
		while (n >= 2 && corner_side(&hull[n - 2], &hull[n - 1], &sorted[i]) <= 0)
			n--;
		hull[n++] = sorted[i];
	}
	low = n;
	for (i = u->n - 1; i-- > 0;) { /* the northern half, westward */
		while (n > low && corner_side(&hull[n - 2], &hull[n - 1], &sorted[i]) <= 0)
			n--;
		hull[n++] = sorted[i];
	}
	n--; /* the first again */
	if (n < 3)
		return false;
	*ret = hull;
	*ret_n = n;
	return true;
}
