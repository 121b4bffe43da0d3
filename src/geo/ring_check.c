/*
 * ring_check.c — is a ring simple, which way does it run, how far?
 *
 * 1. The ring is laid flat (unroll.h) and cut into chains whose edges all run
 *    into one quarter of the sky. Edges of one chain cannot meet but in order; the box of
 *    any stretch of it is that of its two ends.
 * 2. Where all corners turn to the same side and the longitude turns back only
 *    twice, the ring is convex and therefore simple: done.
 * 3. Else chains whose boxes meet are halved until single edges remain, which
 *    exact signs decide. Few chains are paired with each other; many are
 *    sorted along the axis on which fewer of them lie abreast, and each is
 *    paired with those that are open when it begins.
 * 4. A ring that is a whole turn wide or runs around a pole meets itself also
 *    across 360 degrees: then every chain has copies, whole turns away.
 *
 * Every look at two boxes costs a step, and steps are counted.
 */
#include "geo/ring_check.h"

#include "base/arena.h"
#include "base/err.h"
#include "geo/unroll.h"

#define SMALL      128 /* corners kept on the stack */
#define FEW_CHAINS 48
#define STEPS_EACH 128  /* per corner */
#define SLACK      1e-9 /* degrees: copies of rounded longitudes */

struct chain {
	uint32_t first, last; /* corners */
};

/* A chain, perhaps some turns away. */
struct item {
	double low, high; /* on the axis of the sweep */
	uint32_t chain;
	int shift;
};

struct box {
	double west, east, south, north;
};

struct check {
	const struct unrolled *u;
	struct ring_verdict *v;
	struct chain *chains;
	struct box *boxes; /* of the chains */
	size_t n_chains;
	size_t steps;
};

static void
fault_set(struct check *c, enum ring_fault fault, struct ring_place *place, const struct corner *a,
	  const struct corner *b, struct geo_point at)
{
	if ((c->v->faults & fault) != 0)
		return;
	c->v->faults |= fault;
	*place = (struct ring_place){{a->at, b->at}, at};
}

/* On which side of the path from → at → to does q begin when seen from `at`? 1 left, -1
 * right, 0 along the path or not to be told. */
static int
path_side(const struct corner *from, const struct corner *at, const struct corner *to,
	  const struct corner *q)
{
	int bend = corner_side(from, at, to);
	int first = corner_side(from, at, q), second = corner_side(at, to, q);

	if (bend == 0)
		return first;
	if (bend > 0)
		return first > 0 && second > 0 ? 1 : first < 0 || second < 0 ? -1 : 0;
	return first < 0 && second < 0 ? -1 : first > 0 || second > 0 ? 1 : 0;
}

/*
 * Two edges i and j that meet in one point, an end of at least one. The path
 * through that point along each edge is known; does the second change sides?
 */
static bool
passes_through(const struct unrolled *u, size_t i, size_t j, int shift)
{
	struct corner path[2][3]; /* of each edge: from, at, to */
	const size_t edge[2] = {i, j};
	struct corner ends[2][2];
	struct corner at;
	int side, k, e;

	for (k = 0; k < 2; k++)
		for (e = 0; e < 2; e++)
			ends[k][e] = corner_shift(u->corners[edge[k] + (size_t)e], k * shift);
	if (corner_side(&ends[0][0], &ends[0][1], &ends[1][0]) == 0)
		at = ends[1][0];
	else if (corner_side(&ends[0][0], &ends[0][1], &ends[1][1]) == 0)
		at = ends[1][1];
	else
		at = corner_side(&ends[1][0], &ends[1][1], &ends[0][0]) == 0 ? ends[0][0]
									     : ends[0][1];
	for (k = 0; k < 2; k++) {
		path[k][0] = ends[k][0];
		path[k][1] = at;
		path[k][2] = ends[k][1];
		if (corner_same(&at, &ends[k][0]))
			path[k][0] = corner_shift(corner_before(u, edge[k]), k * shift);
		else if (corner_same(&at, &ends[k][1]))
			path[k][2] = corner_shift(corner_after(u, edge[k] + 1), k * shift);
	}
	side = path_side(&path[0][0], &at, &path[0][2], &path[1][0]);
	return side != 0 && side == -path_side(&path[0][0], &at, &path[0][2], &path[1][2]);
}

/* Near where a → b meets c → d, which are not parallel. */
static struct geo_point
meeting_point(const struct corner *a, const struct corner *b, const struct corner *c,
	      const struct corner *d)
{
	double ux = b->x - a->x, uy = b->p.lat - a->p.lat;
	double wx = d->x - c->x, wy = d->p.lat - c->p.lat;
	double det = ux * wy - uy * wx;
	double t = det == 0 ? 0 : ((c->x - a->x) * wy - (c->p.lat - a->p.lat) * wx) / det;

	t = lower(1, higher(0, t));
	return (struct geo_point){a->p.lat + t * uy, remainder(a->x + t * ux, 360)};
}

static bool
neighbours(const struct unrolled *u, size_t i, size_t j, int shift)
{
	return (j == i + 1 && shift == 0) || (i == j + 1 && shift == 0) ||
	       (i == u->n - 1 && j == 0 && shift == u->turns) ||
	       (j == u->n - 1 && i == 0 && shift == -u->turns);
}

/* Do two single edges meet, the second shifted? */
static void
judge_edges(struct check *c, size_t i, size_t j, int shift)
{
	const struct unrolled *u = c->u;
	const struct corner *a = &u->corners[i], *b = a + 1;
	struct corner far[2] = {corner_shift(u->corners[j], shift),
				corner_shift(u->corners[j + 1], shift)};
	const struct corner *p = &far[0], *q = &far[1];
	struct geo_point at;
	int sp, sq, sa, sb;

	if (i == j || neighbours(u, i, j, shift))
		return;
	sp = corner_side(a, b, p);
	sq = corner_side(a, b, q);
	if (sp * sq > 0)
		return;
	sa = corner_side(p, q, a);
	sb = corner_side(p, q, b);
	if (sa * sb > 0)
		return;
	if (sp == 0 && sq == 0) { /* on one line, and the boxes meet */
		at = corner_cmp_x(a, p) * corner_cmp_x(b, p) <= 0 &&
				     corner_cmp_y(a, p) * corner_cmp_y(b, p) <= 0
			     ? p->p
			     : a->p;
		fault_set(c, RING_TOUCHES, &c->v->touch, a, &u->corners[j], at);
		return;
	}
	at = meeting_point(a, b, p, q);
	if ((sp * sq < 0 && sa * sb < 0) || passes_through(u, i, j, shift))
		fault_set(c, RING_CROSSES, &c->v->crossing, a, &u->corners[j], at);
	else
		fault_set(c, RING_TOUCHES, &c->v->touch, a, &u->corners[j], at);
}

/* Do the boxes of two stretches meet? Longitudes of copies were rounded twice. */
static bool
stretches_meet(const struct corner *a, const struct corner *b, const struct corner *p,
	       const struct corner *q, int shift)
{
	double turn = 360.0 * shift;
	double slack = shift == 0 ? 0 : SLACK;

	return higher(a->p.lat, b->p.lat) >= lower(p->p.lat, q->p.lat) &&
	       higher(p->p.lat, q->p.lat) >= lower(a->p.lat, b->p.lat) &&
	       higher(a->x, b->x) + slack >= lower(p->x, q->x) + turn &&
	       higher(p->x, q->x) + turn + slack >= lower(a->x, b->x);
}

/* The same for two whole chains of the ring itself: most pairs end here. */
static bool
chains_meet(const struct check *c, size_t i, size_t j)
{
	const struct box *a = &c->boxes[i], *b = &c->boxes[j];

	return a->east >= b->west && b->east >= a->west && a->north >= b->south &&
	       b->north >= a->south;
}

/* Halve two stretches of chains until single edges remain. At most as deep as their
 * logarithms together. */
static void
judge_stretches(struct check *c, struct chain s, struct chain t, int shift)
{
	const struct corner *v = c->u->corners;
	struct chain half;

	if (c->steps == 0) {
		c->v->faults |= RING_TOO_COMPLEX;
		return;
	}
	c->steps--;
	if (!stretches_meet(&v[s.first], &v[s.last], &v[t.first], &v[t.last], shift))
		return;
	if (s.last - s.first == 1 && t.last - t.first == 1) {
		judge_edges(c, s.first, t.first, shift);
		return;
	}
	if (s.last - s.first >= t.last - t.first) {
		half = (struct chain){s.first, s.first + (s.last - s.first) / 2};
		judge_stretches(c, half, t, shift);
		half = (struct chain){half.last, s.last};
		if ((c->v->faults & RING_CROSSES) == 0)
			judge_stretches(c, half, t, shift);
	} else {
		half = (struct chain){t.first, t.first + (t.last - t.first) / 2};
		judge_stretches(c, s, half, shift);
		half = (struct chain){half.last, t.last};
		if ((c->v->faults & RING_CROSSES) == 0)
			judge_stretches(c, s, half, shift);
	}
}

static bool
decided(const struct check *c)
{
	return (c->v->faults & (RING_CROSSES | RING_TOO_COMPLEX)) != 0;
}

static int
item_cmp(const void *a, const void *b)
{
	const struct item *i = a, *j = b;

	if (i->low != j->low)
		return i->low < j->low ? -1 : 1;
	if (i->chain != j->chain)
		return i->chain < j->chain ? -1 : 1;
	return (i->shift > j->shift) - (i->shift < j->shift);
}

/* Into the order of item_cmp. The items lie along an axis, most of them evenly: each is put into
 * the drawer of its place on the axis, and what is then nearly in order is put in order. Items
 * that crowd into few drawers would take long so; they are sorted the common way. */
static struct item *
items_in_order(struct item *items, size_t n, struct arena *scratch)
{
	uint32_t *from = ARENA_NEW_N(scratch, uint32_t, n + 1);
	uint32_t *drawer = arena_alloc(scratch, n * sizeof(*drawer));
	struct item *out = arena_alloc(scratch, n * sizeof(*out)), it;
	double low = INFINITY, high = -INFINITY, scale;
	size_t i, j, moves = 0;

	for (i = 0; i < n; i++) {
		low = lower(low, items[i].low);
		high = higher(high, items[i].low);
	}
	scale = high > low ? (double)(n - 1) / (high - low) : 0;
	for (i = 0; i < n; i++) {
		drawer[i] = (uint32_t)((items[i].low - low) * scale);
		from[drawer[i] + 1]++;
	}
	for (i = 0; i < n; i++)
		from[i + 1] += from[i];
	for (i = 0; i < n; i++)
		out[from[drawer[i]]++] = items[i];
	for (i = 1; i < n; i++) {
		it = out[i];
		for (j = i; j > 0 && item_cmp(&out[j - 1], &it) > 0; j--, moves++)
			out[j] = out[j - 1];
		out[j] = it;
		if (moves > 16 * n) {
			qsort(out, n, sizeof(*out), item_cmp);
			break;
		}
	}
	return out;
}

/* Every chain with its copies, sorted along one axis. */
static struct item *
items_sorted(const struct check *c, struct arena *scratch, int copies, bool by_lat, size_t *ret_n)
{
	struct item *items =
		ARENA_NEW_N(scratch, struct item, c->n_chains * (size_t)(2 * copies + 1));
	size_t i, n = 0;
	int shift;

	for (i = 0; i < c->n_chains; i++) {
		const struct corner *a = &c->u->corners[c->chains[i].first];
		const struct corner *b = &c->u->corners[c->chains[i].last];

		for (shift = -copies; shift <= copies; shift++) {
			struct item *it = &items[n++];

			it->chain = (uint32_t)i;
			it->shift = shift;
			it->low = by_lat ? lower(a->p.lat, b->p.lat)
					 : lower(a->x, b->x) + 360.0 * shift - SLACK;
			it->high = by_lat ? higher(a->p.lat, b->p.lat)
					  : higher(a->x, b->x) + 360.0 * shift + SLACK;
		}
	}
	*ret_n = n;
	return items_in_order(items, n, scratch);
}

/* Pair each chain with those that are open on the axis where it begins. */
static void
sweep(struct check *c, struct arena *scratch, int copies, bool by_lat)
{
	size_t n, i, j, open = 0;
	struct item *items = items_sorted(c, scratch, copies, by_lat, &n);

	for (i = 0; i < n && !decided(c); i++) {
		struct item it = items[i];

		for (j = 0; j < open && !decided(c);) {
			struct item was = items[j];

			if (was.high < it.low) {
				items[j] = items[--open];
				continue;
			}
			j++;
			if (was.shift == 0 && it.shift == 0 && c->steps > 0 &&
			    !chains_meet(c, was.chain, it.chain)) {
				c->steps--;
				continue;
			}
			/* Of two copies the same pair comes by elsewhere, one of them at home. */
			if (was.shift == 0)
				judge_stretches(c, c->chains[was.chain], c->chains[it.chain],
						it.shift);
			else if (it.shift == 0)
				judge_stretches(c, c->chains[it.chain], c->chains[was.chain],
						was.shift);
			else if (c->steps > 0)
				c->steps--;
		}
		/* The front of the list is free: what was there has been looked at. */
		items[open++] = it;
	}
}

/* Meet the ring's chains with each other. */
static void
judge_chains(struct check *c, struct arena *scratch)
{
	const struct unrolled *u = c->u;
	double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;
	double lon_sum = 0, lat_sum = 0;
	struct box few_boxes[FEW_CHAINS];
	int copies;
	size_t i, j;

	c->boxes = few_boxes;
	if (c->n_chains > FEW_CHAINS)
		c->boxes = arena_alloc(scratch, c->n_chains * sizeof(*c->boxes));
	for (i = 0; i < c->n_chains; i++) {
		const struct corner *a = &u->corners[c->chains[i].first];
		const struct corner *b = &u->corners[c->chains[i].last];
		struct box *box = &c->boxes[i];

		*box = (struct box){lower(a->x, b->x), higher(a->x, b->x),
				    lower(a->p.lat, b->p.lat), higher(a->p.lat, b->p.lat)};
		west = lower(west, box->west);
		east = higher(east, box->east);
		south = lower(south, box->south);
		north = higher(north, box->north);
		lon_sum += fabs(b->x - a->x);
		lat_sum += fabs(b->p.lat - a->p.lat);
	}
	/* A band right around the earth, drawn as a box, meets itself on purpose. */
	copies = u->turns == 0 && east - west <= 360 ? 0 : (int)((east - west + SLACK) / 360);
	if (copies > 0 || c->n_chains > FEW_CHAINS) {
		sweep(c, scratch, copies, lat_sum * (east - west) < lon_sum * (north - south));
		return;
	}
	for (i = 0; i < c->n_chains; i++)
		for (j = i + 1; j < c->n_chains && !decided(c); j++)
			if (chains_meet(c, i, j))
				judge_stretches(c, c->chains[i], c->chains[j], 0);
}

/* Cut into chains; find spikes, bends to both sides, and whether all is on one line. */
static void
judge_corners(struct check *c, bool *ret_convex, bool *ret_line)
{
	const struct unrolled *u = c->u;
	struct corner before = corner_before(u, 0);
	const struct corner *a = &before, *b, *d;
	int qx = 0, qy = 0, heading = 0, first_heading = 0;
	bool left = false, right = false;
	unsigned reversals = 0;
	size_t i;

	for (i = 0; i < u->n; i++, a = b) {
		int dx, dy, side, now;

		b = &u->corners[i];
		d = b + 1;
		dx = corner_cmp_x(d, b);
		dy = corner_cmp_y(d, b);
		if (i == 0 || dx * qx < 0 || dy * qy < 0) {
			if (i > 0)
				c->chains[c->n_chains - 1].last = (uint32_t)i;
			c->chains[c->n_chains++] = (struct chain){(uint32_t)i, (uint32_t)u->n};
			qx = qy = 0;
		}
		qx = dx != 0 ? dx : qx;
		qy = dy != 0 ? dy : qy;
		now = dx != 0 ? dx : dy;
		if (i == 0)
			first_heading = now;
		else if (now != heading)
			reversals++;
		heading = now;
		side = corner_side(a, b, d);
		if (side > 0)
			left = true;
		else if (side < 0)
			right = true;
		else if (corner_cmp_x(b, a) * dx < 0 || corner_cmp_y(b, a) * dy < 0)
			fault_set(c, RING_SPIKE, &c->v->spike, a, b, b->p);
	}
	if (heading != first_heading)
		reversals++;
	*ret_convex = left != right && reversals == 2 && u->turns == 0;
	*ret_line = !left && !right && u->turns == 0;
}

/* The sign of the area, of a ring that meets itself. */
static int
area_sign(const struct unrolled *u)
{
	const struct corner *v = u->corners;
	double area = 0;
	size_t i;

	for (i = 0; i < u->n; i++)
		area += (v[i].x - v[0].x) * (v[i + 1].p.lat - v[0].p.lat) -
			(v[i + 1].x - v[0].x) * (v[i].p.lat - v[0].p.lat);
	return (area > 0) - (area < 0);
}

static void
judge_unrolled(struct check *c, struct arena *scratch)
{
	struct ring_verdict *v = c->v;
	bool convex, line;

	if (c->u->n >= 2)
		judge_corners(c, &convex, &line);
	if (c->u->n < 2 || line) {
		v->faults &= ~(unsigned)RING_SPIKE;
		v->faults |= RING_NO_AREA;
		return;
	}
	c->steps = STEPS_EACH * c->u->n;
	if (!convex)
		judge_chains(c, scratch);
	if (v->turns == 0)
		v->winding = (v->faults & (RING_NOT_SIMPLE | RING_TOO_COMPLEX)) == 0
				     ? ring_winding(c->u)
				     : area_sign(c->u);
}

/* More than half of the earth? No ring that is half a turn wide or less encloses that. */
static bool
over_half(const struct unrolled *u, const struct geo_ring *r)
{
	const double half = 2 * M_PI * GEO_EARTH_KM * GEO_EARTH_KM;
	double west = INFINITY, east = -INFINITY;
	size_t i;

	for (i = 0; i <= u->n; i++) {
		west = lower(west, u->corners[i].x);
		east = higher(east, u->corners[i].x);
	}
	return east - west > 180 && fabs(ring_square_km(r)) > half;
}

void
ring_check(struct ring_verdict *ret, struct arena *scratch, const struct geo_ring *r)
{
	struct corner few_corners[SMALL + 1], *corners = few_corners;
	struct chain few_chains[SMALL], *chains = few_chains;
	struct ring_verdict v = {0};
	struct unrolled u;
	struct check c = {.u = &u, .v = &v};
	size_t i;

	BUG_ON(r->n == 0 || r->n > UINT32_MAX / 2);
	if (r->n > SMALL) {
		corners = arena_alloc(scratch, (r->n + 1) * sizeof(*corners));
		chains = arena_alloc(scratch, r->n * sizeof(*chains));
	}
	c.chains = chains;
	ring_unroll(&u, corners, r);
	v.n = u.n;
	v.repeated = u.repeated;
	v.first_repeated = u.first_repeated;
	v.turns = u.turns;
	v.antimeridian = u.antimeridian;
	if (u.half_turn < r->n) {
		v.faults |= RING_HALF_TURN;
		v.half_turn =
			(struct ring_place){{u.half_turn, u.half_turn}, r->points[u.half_turn]};
	}
	for (i = 0; i <= u.n; i++)
		v.at_pole = v.at_pole || fabs(corners[i].p.lat) >= 90;
	if (u.many_turns || u.turns > 1 || u.turns < -1) {
		v.faults |= RING_MANY_TURNS;
	} else {
		judge_unrolled(&c, scratch);
		if (over_half(&u, r))
			v.faults |= RING_OVER_HALF;
	}
	*ret = v;
}

/* sin(y) averaged over an edge from y0 to y1, less the sine of `zero`. */
static double
mean_sine(double y0, double y1, double zero)
{
	double mid = (y0 + y1) / 2, h = (y1 - y0) / 2;
	double sinc_less_1 = fabs(h) < 1e-2 ? -h * h / 6 * (1 - h * h / 20) : sin(h) / h - 1;
	double rise = 2 * cos((mid + zero) / 2) * sin((mid - zero) / 2);

	return rise + sin(mid) * sinc_less_1;
}

double
ring_square_km(const struct geo_ring *r)
{
	const double rad = M_PI / 180;
	double sum = 0, zero = r->points[0].lat * rad;
	double south = 90, north = -90;
	int turns = 0;
	size_t i;

	for (i = 0; i < r->n; i++) {
		const struct geo_point *a = &r->points[i];
		const struct geo_point *b = &r->points[i + 1 < r->n ? i + 1 : 0];
		int turn = exact_shorter_turn(a->lon, b->lon);

		sum -= (b->lon - a->lon + 360.0 * turn) * rad *
		       mean_sine(a->lat * rad, b->lat * rad, zero);
		turns += turn;
		south = lower(south, a->lat);
		north = higher(north, a->lat);
	}
	if (turns % 2 != 0) { /* what lies between the ring and its pole */
		double level = fabs((double)turns) * 2 * M_PI;

		sum = turns > 0 ? -sum : sum; /* the mean sine over the turn, less sin(zero) */
		sum += sin(zero) * level;
		sum = north >= -south ? level - sum : level + sum;
	}
	return sum * GEO_EARTH_KM * GEO_EARTH_KM;
}
