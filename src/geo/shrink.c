/*
 * shrink.c — the corners of an outline taken away one by one, the one first
 * that adds least area.
 *
 * Two steps, both outward:
 *   remove     a corner that bends inward (or not at all): its neighbours are joined
 *   collapse   an edge between two corners that bend outward: the edges before and
 *              after it are drawn out until they meet, and the meeting point, moved
 *              outward onto the grid of decimals, stands for both corners
 * A step is taken only when its new edges meet no other edge: so the outline
 * stays simple. There is always one that can be taken: an outline that bends inward
 * somewhere has a pocket with a free corner (the two-ears theorem), one that
 * does not has, with five corners, an edge whose neighbours meet.
 *
 * An outline around a pole is an open chain whose ends are kept, and its edges
 * are met by copies a turn away.
 *
 * At the end the corners that were kept move outward onto the grid as well. All
 * signs are exact (exact.h); areas only choose the order.
 */
#include "geo/shrink.h"

#include "base/arena.h"
#include "geo/edge_tree.h"
#include "geo/ring_check.h"

#define NONE      UINT32_MAX
#define SLACK     1e-9
#define LOOKS     512 /* at edges, per corner, in all */
#define MAX_LOOKS 8000000
#define ROUNDS    64 /* of trying again what was in the way */

enum step { REMOVE, COLLAPSE, STEPS };

struct slot {
	struct corner c;
	uint32_t prev, next;
	uint32_t heap; /* place in the heap; NONE: no corner here, or one that is kept */
	double cost[STEPS];
};

struct shrink {
	struct slot *s;
	uint32_t *heap;
	size_t n_heap;
	struct edge_tree tree;
	size_t alive;
	int turns;
	uint32_t last; /* the slot of the turned first corner; NONE without turns */
	int decimals;
	size_t looks;
};

/* A new edge between corners that are there or not yet (NONE). */
struct link {
	uint32_t from, to;
	struct corner a, b;
};

static double
slot_cost(const struct slot *s)
{
	return lower(s->cost[REMOVE], s->cost[COLLAPSE]);
}

static void
heap_put(struct shrink *k, size_t at, uint32_t slot)
{
	k->heap[at] = slot;
	k->s[slot].heap = (uint32_t)at;
}

static void
heap_sift(struct shrink *k, size_t at)
{
	uint32_t slot = k->heap[at];
	double cost = slot_cost(&k->s[slot]);

	while (at > 0 && slot_cost(&k->s[k->heap[(at - 1) / 2]]) > cost) {
		heap_put(k, at, k->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	for (;;) {
		size_t low = 2 * at + 1;

		if (low + 1 < k->n_heap &&
		    slot_cost(&k->s[k->heap[low + 1]]) < slot_cost(&k->s[k->heap[low]]))
			low++;
		if (low >= k->n_heap || slot_cost(&k->s[k->heap[low]]) >= cost)
			break;
		heap_put(k, at, k->heap[low]);
		at = low;
	}
	heap_put(k, at, slot);
}

static void
heap_drop(struct shrink *k, uint32_t slot)
{
	size_t at = k->s[slot].heap;
	uint32_t moved = k->heap[--k->n_heap];

	k->s[slot].heap = NONE;
	if (moved == slot)
		return;
	heap_put(k, at, moved);
	heap_sift(k, at);
}

static double
cross(const struct corner *a, const struct corner *b, const struct corner *p)
{
	return (b->x - a->x) * (p->p.lat - a->p.lat) - (b->p.lat - a->p.lat) * (p->x - a->x);
}

/* The area of a triangle, as it is on the sphere but for a constant. */
static double
triangle(const struct corner *a, const struct corner *b, const struct corner *c)
{
	return fabs(cross(a, b, c)) * cos(b->p.lat * (M_PI / 180));
}

/* Where a → b and d → c meet beyond b and c. False when they do not, or far away. */
static bool
draw_out(const struct corner *a, const struct corner *b, const struct corner *c,
	 const struct corner *d, struct corner *ret)
{
	double ux = b->x - a->x, uy = b->p.lat - a->p.lat;
	double wx = c->x - d->x, wy = c->p.lat - d->p.lat;
	double det = ux * wy - uy * wx;
	double t;

	if (!(det < 0))
		return false;
	t = ((c->x - b->x) * wy - (c->p.lat - b->p.lat) * wx) / det;
	ret->x = b->x + t * ux;
	ret->p.lat = b->p.lat + t * uy;
	return t >= 0 && fabs(ret->p.lat) < 90 && fabs(ret->x - a->x) < RING_NEARLY_HALF &&
	       fabs(ret->x - d->x) < RING_NEARLY_HALF;
}

static double
cost_remove(const struct shrink *k, uint32_t b)
{
	const struct slot *s = &k->s[b];
	const struct corner *a = &k->s[s->prev].c, *c = &k->s[s->next].c;

	if (k->alive < 4 || fabs(c->x - a->x) >= RING_NEARLY_HALF || corner_side(a, &s->c, c) > 0)
		return INFINITY;
	return triangle(a, &s->c, c);
}

static double
cost_collapse(const struct shrink *k, uint32_t b)
{
	const struct slot *s = &k->s[b];
	uint32_t next = s->next;
	const struct corner *a, *c, *d;
	struct corner p;

	if (k->alive < 5 || next == k->last) /* the turned first corner is kept */
		return INFINITY;
	a = &k->s[s->prev].c;
	c = &k->s[next].c;
	d = &k->s[k->s[next].next].c;
	if (corner_side(a, &s->c, c) <= 0 || corner_side(&s->c, c, d) <= 0 ||
	    !draw_out(a, &s->c, c, d, &p))
		return INFINITY;
	return triangle(&p, &s->c, c);
}

static void
judge(struct shrink *k, uint32_t slot)
{
	if (slot == NONE || k->s[slot].heap == NONE)
		return;
	k->s[slot].cost[REMOVE] = cost_remove(k, slot);
	k->s[slot].cost[COLLAPSE] = cost_collapse(k, slot);
	heap_sift(k, k->s[slot].heap);
}

static bool
corners_meet(const struct corner *a, const struct corner *b, const struct corner *p,
	     const struct corner *q)
{
	return corner_side(a, b, p) * corner_side(a, b, q) <= 0 &&
	       corner_side(p, q, a) * corner_side(p, q, b) <= 0;
}

/* Does the way from `at` to q begin along the way from `at` to p? */
static bool
runs_back(const struct corner *p, const struct corner *at, const struct corner *q)
{
	return corner_side(p, at, q) == 0 && corner_cmp_x(p, at) * corner_cmp_x(q, at) >= 0 &&
	       corner_cmp_y(p, at) * corner_cmp_y(q, at) >= 0;
}

/* Does the new edge meet the edge of slot e, shifted, but where both may? */
static bool
link_meets(const struct shrink *k, const struct link *l, uint32_t e, int shift)
{
	uint32_t end = k->s[e].next;
	struct corner p = corner_shift(k->s[e].c, shift);
	struct corner q = corner_shift(k->s[end].c, shift);
	bool seam_from = k->last != NONE && l->from == 0 && end == k->last && shift == -k->turns;
	bool seam_to = k->last != NONE && l->to == k->last && e == 0 && shift == k->turns;

	if ((shift == 0 && end == l->from) || seam_from)
		return runs_back(&p, &q, &l->b);
	if ((shift == 0 && e == l->to) || seam_to)
		return runs_back(&l->a, &p, &q);
	return corners_meet(&l->a, &l->b, &p, &q);
}

/* Is a new edge free of all edges but those of the slots gone[0 … 2]? */
static bool
link_free(struct shrink *k, const struct link *l, const uint32_t gone[3])
{
	const struct edge_box own = edge_box_of(&l->a, &l->b);
	int copies = k->turns != 0 ? 1 : 0;
	int shift;
	size_t e;

	for (shift = -copies; shift <= copies; shift++) {
		struct edge_box box = own;

		box.west -= 360.0 * shift + (shift != 0 ? SLACK : 0);
		box.east -= 360.0 * shift - (shift != 0 ? SLACK : 0);
		for (e = edge_tree_next(&k->tree, &box, 0); e < k->tree.leaves;
		     e = edge_tree_next(&k->tree, &box, e + 1)) {
			if (k->looks == 0)
				return false;
			k->looks--;
			if (e == gone[0] || e == gone[1] || e == gone[2])
				continue;
			if (link_meets(k, l, (uint32_t)e, shift))
				return false;
		}
	}
	return true;
}

static void
edge_set(struct shrink *k, uint32_t from)
{
	edge_tree_set(&k->tree, from, &k->s[from].c, &k->s[k->s[from].next].c);
}

static void
judge_around(struct shrink *k, uint32_t slot)
{
	uint32_t from = slot;
	int i;

	for (i = 0; i < 2 && k->s[from].prev != NONE; i++)
		from = k->s[from].prev;
	for (i = 0; i < 5 && from != NONE; i++) {
		judge(k, from);
		from = k->s[from].next;
	}
}

static bool
take_remove(struct shrink *k, uint32_t b)
{
	uint32_t a = k->s[b].prev, c = k->s[b].next;
	const uint32_t gone[3] = {a, b, b};
	struct link l = {a, c, k->s[a].c, k->s[c].c};

	if (!link_free(k, &l, gone))
		return false;
	heap_drop(k, b);
	k->s[a].next = c;
	k->s[c].prev = a;
	edge_tree_drop(&k->tree, b);
	edge_set(k, a);
	k->alive--;
	judge_around(k, a);
	return true;
}

static bool
take_collapse(struct shrink *k, uint32_t b)
{
	uint32_t a = k->s[b].prev, c = k->s[b].next, d = k->s[c].next;
	const uint32_t gone[3] = {a, b, c};
	struct corner p, g;
	struct link before, after;

	if (!draw_out(&k->s[a].c, &k->s[b].c, &k->s[c].c, &k->s[d].c, &p) ||
	    !grid_outside(&g, p.x, p.p.lat, k->decimals, false, &k->s[a].c, &k->s[b].c, &k->s[c].c,
			  &k->s[d].c))
		return false;
	before = (struct link){a, NONE, k->s[a].c, g};
	after = (struct link){NONE, d, g, k->s[d].c};
	/* The rounded point must still be a corner that bends outward. */
	if (corner_side(&k->s[a].c, &g, &k->s[d].c) <= 0 || !link_free(k, &before, gone) ||
	    !link_free(k, &after, gone))
		return false;
	heap_drop(k, c);
	k->s[b].c = g;
	k->s[b].next = d;
	k->s[d].prev = b;
	edge_tree_drop(&k->tree, c);
	edge_set(k, a);
	edge_set(k, b);
	k->alive--;
	judge_around(k, b);
	return true;
}

/* Forget what was in the way: it may have gone. */
static void
judge_all(struct shrink *k)
{
	size_t i;

	for (i = 0; i < k->n_heap; i++) {
		struct slot *s = &k->s[k->heap[i]];

		s->cost[REMOVE] = cost_remove(k, k->heap[i]);
		s->cost[COLLAPSE] = cost_collapse(k, k->heap[i]);
	}
	for (i = k->n_heap; i-- > 0;)
		heap_sift(k, i);
}

static bool
take_steps(struct shrink *k, size_t wanted)
{
	bool moved = false;
	int rounds = 0;

	judge_all(k);
	while (k->alive > wanted) {
		uint32_t slot = k->n_heap > 0 ? k->heap[0] : NONE;
		enum step step;

		if (k->looks == 0)
			return false;
		if (slot == NONE || slot_cost(&k->s[slot]) == INFINITY) {
			if (!moved || rounds++ == ROUNDS)
				return false;
			moved = false;
			judge_all(k);
			continue;
		}
		step = k->s[slot].cost[REMOVE] <= k->s[slot].cost[COLLAPSE] ? REMOVE : COLLAPSE;
		if (step == REMOVE ? take_remove(k, slot) : take_collapse(k, slot)) {
			moved = true;
		} else {
			k->s[slot].cost[step] = INFINITY;
			heap_sift(k, k->s[slot].heap);
		}
	}
	return true;
}

/* Move corner v outward onto the coarsest grid that allows it. */
static bool
round_corner(struct shrink *k, uint32_t v, const struct corner *a, const struct corner *c,
	     int *used)
{
	const struct corner old = k->s[v].c;
	uint32_t prev = k->s[v].prev, next = k->s[v].next;
	const uint32_t gone[3] = {prev == NONE ? v : prev, v, v};
	struct corner g;
	int decimals;

	for (decimals = k->decimals; decimals <= SHRINK_DECIMALS_MAX; decimals++) {
		struct link before, after;

		if (!grid_outside(&g, old.x, old.p.lat, decimals, false, a, &old, &old, c))
			continue;
		before = (struct link){prev, NONE, *a, g};
		after = (struct link){NONE, next, g, *c};
		if (!corner_same(&g, &old) &&
		    ((prev != NONE && !link_free(k, &before, gone)) || !link_free(k, &after, gone)))
			continue;
		k->s[v].c = g;
		if (prev != NONE)
			edge_set(k, prev);
		edge_set(k, v);
		*used = decimals > *used ? decimals : *used;
		return true;
	}
	return false;
}

/* The first corner of an outline with turns is two: both ends of the chain move. */
static bool
round_ends(struct shrink *k, int *used)
{
	uint32_t before = k->s[k->last].prev, after = k->s[0].next;
	struct corner a = corner_shift(k->s[before].c, -k->turns);

	if (!round_corner(k, 0, &a, &k->s[after].c, used))
		return false;
	k->s[k->last].c = corner_shift(k->s[0].c, k->turns);
	edge_set(k, before);
	return true;
}

static void
shrink_init(struct shrink *k, const struct corner *corners, size_t n, int turns, struct arena *a)
{
	size_t slots = n + (turns != 0 ? 1 : 0);
	size_t i;

	k->s = ARENA_NEW_N(a, struct slot, slots);
	k->heap = ARENA_NEW_N(a, uint32_t, slots);
	k->alive = n;
	k->turns = turns;
	k->last = turns != 0 ? (uint32_t)n : NONE;
	k->looks = n < MAX_LOOKS / LOOKS ? n * LOOKS : MAX_LOOKS;
	edge_tree_init(&k->tree, a, slots);
	for (i = 0; i < slots; i++) {
		struct slot *s = &k->s[i];

		s->c = corners[i];
		s->prev = i > 0 ? (uint32_t)i - 1 : turns != 0 ? NONE : (uint32_t)n - 1;
		s->next = i + 1 < slots ? (uint32_t)i + 1 : turns != 0 ? NONE : 0;
		s->heap = NONE;
		if (turns == 0 || (i > 0 && i < n))
			heap_put(k, k->n_heap++, (uint32_t)i);
		if (i < n)
			edge_tree_set(&k->tree, i, &corners[i], &corners[i + 1]);
	}
}

bool
outline_shrink(struct corner *corners, size_t *n, int turns, size_t wanted, int decimals,
	       int *ret_decimals, struct arena *a)
{
	struct shrink k = {.decimals = decimals};
	uint32_t i, first;
	size_t out = 0;

	shrink_init(&k, corners, *n, turns, a);
	if (turns != 0 && !round_ends(&k, &decimals))
		return false;
	if (!take_steps(&k, wanted))
		return false;
	/* Some slot is alive: the first, or one that comes after it. */
	for (first = 0; turns == 0 && k.s[first].heap == NONE; first++)
		;
	for (i = first; out < k.alive; i = k.s[i].next, out++) {
		const struct slot *s = &k.s[i];

		if (turns == 0 || i != 0) {
			if (!round_corner(&k, i, &k.s[s->prev].c, &k.s[s->next].c, &decimals))
				return false;
		}
	}
	for (i = first, out = 0; out < k.alive; i = k.s[i].next)
		corners[out++] = k.s[i].c;
	corners[out] = corner_shift(corners[0], turns);
	*n = out;
	*ret_decimals = decimals;
	return true;
}
