/*
 * simplify.c — the ways to a covering ring, one after the other, and the proof.
 *
 * Each way makes an outline that covers the ring: the ring itself, its outer
 * boundary, its hull; outline_shrink (shrink.h) then takes corners away. What comes out
 * is read like any ring, must be simple, and must cover the original by ring_covers;
 * else the next way is tried. The box at the end covers by how it is made.
 */
#include "geo/simplify.h"

#include "base/arena.h"
#include "base/limits.h"
#include "geo/outline.h"
#include "geo/ring_check.h"
#include "geo/shrink.h"

#define DECIMALS 5 /* about a metre */

struct job {
	const struct geo_ring *ring;
	struct unrolled u;
	struct ring_verdict verdict;
	size_t wanted; /* points written */
	int decimals;
	double square_km; /* of the original; 0: not known yet */
	struct arena *arena;
};

const char *
simplify_way_name(enum simplify_way way)
{
	static const char *const names[] = {
		[SIMPLIFY_SAME] = "left as it is",
		[SIMPLIFY_EDGES] = "edges moved outward",
		[SIMPLIFY_OUTLINE] = "edges of the outer boundary moved outward",
		[SIMPLIFY_HULL] = "edges of the convex hull moved outward",
		[SIMPLIFY_BOX] = "a box around it",
	};

	return names[way];
}

static struct geo_ring
ring_of(struct arena *a, const struct corner *corners, size_t n)
{
	struct geo_point *points = ARENA_NEW_N(a, struct geo_point, n + 1);
	size_t i;

	for (i = 0; i < n; i++)
		points[i] = corners[i].p;
	points[n] = points[0];
	return (struct geo_ring){points, n + 1};
}

/* A grid that is fine against the ring: a thousandth of it or less. */
static int
decimals_for(const struct unrolled *u)
{
	double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;
	double size;
	size_t i;

	for (i = 0; i < u->n; i++) {
		west = lower(west, u->corners[i].x);
		east = higher(east, u->corners[i].x);
		south = lower(south, u->corners[i].p.lat);
		north = higher(north, u->corners[i].p.lat);
	}
	size = higher(east - west, north - south);
	return size > 0.01 ? DECIMALS : size > 0.001 ? DECIMALS + 1 : SHRINK_DECIMALS_MAX;
}

/* The inside to the left. Around a pole the inside is on the pole's side. */
static void
turn_round(struct corner *c, size_t n, int *turns)
{
	size_t i;

	for (i = 0; i < (n + 1) / 2; i++) {
		struct corner swap = c[i];

		c[i] = c[n - i];
		c[n - i] = swap;
	}
	for (i = 0; i <= n; i++) /* the first corner is at turn 0 again, or near it */
		c[i] = corner_shift(c[i], -*turns);
	*turns = -*turns;
}

static bool
pole_is_north(const struct geo_ring *r)
{
	double south = 90, north = -90;
	size_t i;

	for (i = 0; i < r->n; i++) {
		south = lower(south, r->points[i].lat);
		north = higher(north, r->points[i].lat);
	}
	return north >= -south;
}

/* The outline that a way begins with. */
static bool
outline_of(struct job *j, enum simplify_way way, bool apart, struct corner **ret, size_t *ret_n,
	   int *ret_turns)
{
	bool simple = (j->verdict.faults & (RING_NOT_SIMPLE | RING_TOO_COMPLEX)) == 0;
	int inside;

	*ret_turns = 0;
	if ((j->verdict.faults & RING_MANY_TURNS) != 0)
		return false;
	if (way == SIMPLIFY_OUTLINE)
		return !simple && outline_trace(ret, ret_n, &j->u, apart, j->arena);
	if (way == SIMPLIFY_HULL)
		return j->u.turns == 0 && outline_hull(ret, ret_n, &j->u, j->arena);
	if (!simple)
		return false;
	*ret = arena_alloc(j->arena, (j->u.n + 1) * sizeof(**ret));
	memcpy(*ret, j->u.corners, (j->u.n + 1) * sizeof(**ret));
	*ret_n = j->u.n;
	*ret_turns = j->u.turns;
	inside = j->u.turns == 0 ? j->verdict.winding
				 : (pole_is_north(j->ring) ? j->u.turns : -j->u.turns);
	if (inside < 0)
		turn_round(*ret, *ret_n, ret_turns);
	return true;
}

/* The proof: simple, few enough, and it covers the original. */
static bool
proved(const struct job *j, const struct geo_ring *made)
{
	struct ring_verdict v;

	if (made->n > j->wanted)
		return false;
	ring_check(&v, j->arena, made);
	if ((v.faults & (RING_NOT_SIMPLE | RING_TOO_COMPLEX | RING_MANY_TURNS)) != 0)
		return false;
	return (v.turns != 0 || v.winding > 0) && ring_covers(made, j->ring);
}

static bool
try_way(struct job *j, enum simplify_way way, bool apart, struct simplified *ret)
{
	struct corner *corners;
	struct geo_ring made;
	int turns, decimals;
	size_t n;

	if (!outline_of(j, way, apart, &corners, &n, &turns))
		return false;
	if (way == SIMPLIFY_OUTLINE) {
		made = ring_of(j->arena, corners, n);
		j->square_km = fabs(ring_square_km(&made));
	}
	if (!outline_shrink(corners, &n, turns, j->wanted - 1, j->decimals, &decimals, j->arena))
		return false;
	made = ring_of(j->arena, corners, n);
	if (!proved(j, &made))
		return false;
	ret->ring = made;
	ret->way = way;
	ret->decimals = decimals;
	return true;
}

/* The ends of a range of degrees, moved outward to whole steps of the grid. */
static void
widen(double *low, double *high)
{
	const double scale = 1e5;
	double l = floor(*low * scale), h = ceil(*high * scale);

	if (l == h) { /* a box needs some width */
		l -= 1;
		h += 1;
	}
	*low = l / scale;
	*high = h / scale;
}

static double
lon_home(double x)
{
	return x > 180 ? x - 360 : x < -180 ? x + 360 : x;
}

/* A parallel from one longitude to another, with stops where it is long. */
static size_t
put_parallel(struct geo_point *p, double lat, double from, double to)
{
	size_t n = fabs(to - from) < RING_NEARLY_HALF ? 1 : 3, i;

	for (i = 0; i <= n; i++) {
		double x = i == n ? to : from + (to - from) / (double)n * (double)i;

		p[i] = (struct geo_point){lat, lon_home(round(x * 1e5) / 1e5)};
	}
	return n + 1;
}

static void
make_box(const struct job *j, struct simplified *ret)
{
	struct geo_point *p = ARENA_NEW_N(j->arena, struct geo_point, SIMPLIFY_MIN);
	struct geo_box box = geo_ring_box(j->ring);
	double south = box.south, north = box.north, west = box.west, east = box.east;
	size_t n = 0;

	if (west > east)
		east += 360;
	widen(&south, &north);
	widen(&west, &east);
	if (east - west >= 360 || (j->verdict.faults & RING_MANY_TURNS) != 0) {
		west = -180;
		east = 180;
	}
	south = higher(south, -90);
	north = lower(north, 90);
	n += put_parallel(p, south, west, east);
	n += put_parallel(p + n, north, east, west);
	p[n++] = p[0];
	ret->ring = (struct geo_ring){p, n};
	ret->way = SIMPLIFY_BOX;
	ret->decimals = DECIMALS;
}

enum rc
ring_simplify(struct simplified *ret, struct arena *a, const struct geo_ring *ring, size_t wanted,
	      struct err *e)
{
	struct job j = {.ring = ring, .wanted = wanted, .arena = a};
	struct simplified s = {0};
	enum simplify_way way;

	if (ring->n < 1)
		return err_set(e, RC_SYNTAX, "a polygon without points (expected some)");
	if (ring->n > LIMIT_CAP_POINTS)
		return err_set(e, RC_LIMIT, "a polygon of %zu points (expected at most %d)",
			       ring->n, LIMIT_CAP_POINTS);
	if (wanted < SIMPLIFY_MIN)
		return err_set(e, RC_LIMIT, "a polygon of at most %zu points (expected %d or more)",
			       wanted, SIMPLIFY_MIN);
	ring_check(&j.verdict, a, ring);
	if ((j.verdict.faults & ~(unsigned)(RING_HALF_TURN | RING_OVER_HALF)) == 0) {
		j.square_km = fabs(ring_square_km(ring));
		if (ring->n <= wanted) {
			*ret = (struct simplified){*ring, SIMPLIFY_SAME, 0, j.square_km, 0};
			return RC_OK;
		}
	}
	ring_unroll(&j.u, arena_alloc(a, (ring->n + 1) * sizeof(*j.u.corners)), ring);
	j.decimals = decimals_for(&j.u);
	for (way = SIMPLIFY_EDGES; way < SIMPLIFY_BOX; way++)
		if (try_way(&j, way, false, &s) ||
		    (way == SIMPLIFY_OUTLINE && try_way(&j, way, true, &s)))
			break;
	if (way == SIMPLIFY_BOX)
		make_box(&j, &s);
	s.square_km = fabs(ring_square_km(&s.ring));
	s.added_percent = j.square_km > 0 ? 100 * (s.square_km / j.square_km - 1) : INFINITY;
	*ret = s;
	return RC_OK;
}
