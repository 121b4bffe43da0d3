/*
 * edge_tree.h — boxes over the edges of a ring, by their number. For the
 * files of this room.
 *
 * Neighbours in a ring are neighbours in the plane, so a binary tree over the
 * numbers finds the edges near a box in about the logarithm of their count. The
 * edge of a number may change and vanish.
 */
#ifndef GEO_EDGE_TREE_H
#define GEO_EDGE_TREE_H

#include <stddef.h>

#include "geo/unroll.h"

struct arena;

struct edge_box {
	double west, east, south, north; /* west > east: no edge */
};

struct edge_tree {
	struct edge_box *boxes; /* node 1 is the root; leaf i is node leaves + i */
	size_t leaves;
};

/* n numbers without edges; they live in the arena. */
void edge_tree_init(struct edge_tree *, struct arena *, size_t n);
void edge_tree_set(struct edge_tree *, size_t i, const struct corner *from,
		   const struct corner *to);
void edge_tree_drop(struct edge_tree *, size_t i);

struct edge_box edge_box_of(const struct corner *from, const struct corner *to);

/* The first number >= from whose box meets this one; tree->leaves when there is none. */
size_t edge_tree_next(const struct edge_tree *, const struct edge_box *, size_t from);

#endif
