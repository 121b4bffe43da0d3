/*
 * cap_mend_tidy.c — the children of one element: what is empty goes, what must be
 * single and is there again with the same text goes, the rest is put in order. Pure.
 *
 * Each pass is linear in the children.
 */
#include "base/arena.h"
#include "cap/cap_mend_int.h"

/* Nothing in it, though it has elements: an <info> was to say something and stays. */
static bool
is_hollow(const struct cap_node *n)
{
	const struct cap_node *c;

	if (n->text.n > 0 || n->el->type == CAP_TYPE_INFO)
		return false;
	for (c = n->first; c != NULL; c = c->next) {
		if (n->el->type != CAP_TYPE_PAIR || c->place >= CAP_PAIR_CHILDREN ||
		    c->text.n > 0 || c->first != NULL)
			return false;
	}
	return true;
}

bool
cap_node_is_empty(const struct cap_node *n)
{
	if (n->el == NULL)
		return false;
	if (cap_element_kind(n->el) != NULL)
		return is_hollow(n);
	return n->text.n == 0 && n->first == NULL;
}

/* May it be absent: by the list, or since another of its name says something? */
static bool
may_go(const struct cap_node *n, const size_t *full)
{
	return !cap_element_required(n->el) || full[n->place] > 0;
}

static bool
same_text(const struct cap_node *a, const struct cap_node *b)
{
	return a->first == NULL && b->first == NULL && sv_eq(a->text, b->text);
}

/* Take out what is empty, and what must be single and is there again with the same text. */
static void
drop_needless(struct cap_mending *m, struct cap_node *n, const struct cap_kind *kind)
{
	size_t full[CAP_MAX_CHILDREN] = {0};
	struct cap_node *first[CAP_MAX_CHILDREN] = {NULL};
	bool differ[CAP_MAX_CHILDREN] = {false};
	struct cap_node **link = &n->first, *c;

	for (c = n->first; c != NULL; c = c->next) {
		if (c->place < kind->n)
			full[c->place] += !cap_node_is_empty(c);
	}
	n->last = NULL;
	while (*link != NULL) {
		c = *link;
		if (c->place < kind->n && cap_node_is_empty(c) && may_go(c, full)) {
			cap_mend_tell_gone(m, CAP_MEND_EMPTY, c);
			*link = c->next;
			continue;
		}
		n->last = c;
		link = &c->next;
	}
	for (c = n->first; c != NULL; c = c->next) {
		if (c->place == kind->n || cap_element_many(c->el))
			continue;
		if (first[c->place] == NULL)
			first[c->place] = c;
		else if (!same_text(c, first[c->place]))
			differ[c->place] = true;
	}
	n->last = NULL;
	for (link = &n->first; *link != NULL;) {
		c = *link;
		if (c->place < kind->n && !cap_element_many(c->el) && c != first[c->place] &&
		    !differ[c->place]) {
			cap_mend_tell(m, CAP_MEND_REPEATED, c, c->text, SV(""));
			*link = c->next;
			continue;
		}
		n->last = c;
		link = &c->next;
	}
}

static void
put_in_order(struct cap_mending *m, struct cap_node *n, const struct cap_kind *kind)
{
	struct cap_node *first[CAP_MAX_CHILDREN + 1] = {NULL}, *last[CAP_MAX_CHILDREN + 1] = {NULL};
	struct cap_node *c, *next;
	size_t furthest = 0, i;

	for (c = n->first; c != NULL; c = next) {
		next = c->next;
		c->next = NULL;
		if (c->place < furthest && furthest < kind->n)
			cap_mend_tell(m, CAP_MEND_ORDER, c,
				      arena_fmt(m->arena, "after <%s>",
						kind->children[furthest].name.p),
				      arena_fmt(m->arena, "before <%s>",
						kind->children[furthest].name.p));
		else if (c->place < kind->n)
			furthest = c->place;
		if (last[c->place] != NULL)
			last[c->place]->next = c;
		else
			first[c->place] = c;
		last[c->place] = c;
	}
	n->first = NULL;
	n->last = NULL;
	for (i = 0; i <= kind->n; i++) {
		if (first[i] == NULL)
			continue;
		if (n->last != NULL)
			n->last->next = first[i];
		else
			n->first = first[i];
		n->last = last[i];
	}
}

void
cap_mend_tidy(struct cap_mending *m, struct cap_node *n, const struct cap_kind *kind)
{
	drop_needless(m, n, kind);
	put_in_order(m, n, kind);
}
