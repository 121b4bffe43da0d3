/*
 * edge_tree.c — see edge_tree.h.
 */
#include "geo/edge_tree.h"

#include "base/arena.h"

static const struct edge_box nothing = {INFINITY, -INFINITY, INFINITY, -INFINITY};

void
edge_tree_init(struct edge_tree *t, struct arena *a, size_t n)
{
	size_t i;

	t->leaves = 1;
	while (t->leaves < n)
		t->leaves *= 2;
	t->boxes = arena_alloc(a, 2 * t->leaves * sizeof(*t->boxes));
	for (i = 0; i < 2 * t->leaves; i++)
		t->boxes[i] = nothing;
}

struct edge_box
edge_box_of(const struct corner *a, const struct corner *b)
{
	return (struct edge_box){lower(a->x, b->x), higher(a->x, b->x), lower(a->p.lat, b->p.lat),
				 higher(a->p.lat, b->p.lat)};
}

static void
leaf_put(struct edge_tree *t, size_t i, struct edge_box box)
{
	size_t node = t->leaves + i;

	t->boxes[node] = box;
	for (node /= 2; node > 0; node /= 2) {
		const struct edge_box *l = &t->boxes[2 * node], *r = l + 1;
		struct edge_box sum = {lower(l->west, r->west), higher(l->east, r->east),
				       lower(l->south, r->south), higher(l->north, r->north)};
		struct edge_box *was = &t->boxes[node];

		if (sum.west == was->west && sum.east == was->east && sum.south == was->south &&
		    sum.north == was->north)
			return;
		*was = sum;
	}
}

void
edge_tree_set(struct edge_tree *t, size_t i, const struct corner *from, const struct corner *to)
{
	leaf_put(t, i, edge_box_of(from, to));
}

void
edge_tree_drop(struct edge_tree *t, size_t i)
{
	leaf_put(t, i, nothing);
}

size_t
edge_tree_next(const struct edge_tree *t, const struct edge_box *q, size_t from)
{
	size_t node = t->leaves + from;

	if (from >= t->leaves)
		return t->leaves;
	while (node % 2 == 0)
		node /= 2; /* the largest part of the tree that begins with it */
	for (;;) {
		const struct edge_box *b = &t->boxes[node];

		if (b->west <= q->east && b->east >= q->west && b->south <= q->north &&
		    b->north >= q->south) {
			if (node >= t->leaves)
				return node - t->leaves;
			node *= 2;
			continue;
		}
		while (node % 2 != 0)
			node /= 2;
		if (node == 0)
			return t->leaves;
		node++;
	}
}
