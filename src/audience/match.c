/*
 * match.c — each predicate becomes a table of one byte for each profile, place
 * or person, or a comparison of days; a word of 64 stays is looked up bit by
 * bit, and "not", "and", "or" are operations on words. What cannot change the
 * answer any more is not looked up.
 */
#include "audience/match.h"

#include "audience/index_int.h"
#include "base/mem.h"

enum by { BY_NONE, BY_PROFILE, BY_PLACE, BY_PERSON, BY_OPEN, BY_CLOSED, BY_ARRIVING };

struct leaf {
	enum by by;
	uint8_t *holds; /* by the column's value; belongs to the leaf */
};

struct match {
	const struct index *ix;
	const struct expr *expr;
	int32_t arriving_from;
	struct leaf *leaves;
	uint8_t *status; /* of each person row, when the expression asks */
};

static uint8_t *
status_column(const struct index *ix, const struct audience_statuses *s)
{
	uint8_t *column = mem_zero(ix->n_persons, 1);
	size_t row, low, high;

	for (row = 0; s && s->n && row < ix->n_persons; row++) {
		int64_t id = ix->id[row];

		low = 0;
		high = s->n;
		while (low < high) {
			size_t mid = low + (high - low) / 2;

			if (s->persons[mid] < id)
				low = mid + 1;
			else
				high = mid;
		}
		if (low < s->n && s->persons[low] == id)
			column[row] = s->status[low];
	}
	return column;
}

static uint8_t *
table_by_profile(const struct index *ix, const struct expr_node *node)
{
	size_t i, n = index_profiles(ix);
	uint8_t *t = mem_zero(n, 1);

	for (i = 0; i < n; i++) {
		struct expr_person person = {.status = EXPR_STATUS_UNREACHED};
		struct index_person texts;

		index_profile_text(ix, i, &texts);
		person.citizenships = texts.citizenships;
		person.languages = texts.languages;
		person.groups = texts.groups;
		t[i] = expr_leaf_holds(node, &person, NULL);
	}
	return t;
}

static uint8_t *
table_by_place(const struct index *ix, const struct expr_node *node)
{
	size_t i, n = index_places(ix);
	uint8_t *t = mem_zero(n, 1);

	for (i = 0; i < n; i++) {
		struct expr_stay stay = {.open_ended = false};

		index_place_text(ix, i, &stay.country, &stay.subdivision);
		t[i] = expr_leaf_holds(node, NULL, &stay);
	}
	return t;
}

static uint8_t *
table_by_person(const struct match *m, const struct expr_node *node)
{
	size_t i;
	uint8_t *t = mem_zero(m->ix->n_persons, 1);

	for (i = 0; i < m->ix->n_persons; i++)
		t[i] = m->status[i] == (uint8_t)node->status;
	return t;
}

static void
prepare(struct match *m, const struct expr_node *node)
{
	struct leaf *leaf;

	if (node->left)
		prepare(m, node->left);
	if (node->right)
		prepare(m, node->right);
	if (node->left)
		return;
	leaf = &m->leaves[node->leaf];
	switch (node->kind) {
	case EXPR_IN:
		leaf->by = BY_PLACE;
		leaf->holds = table_by_place(m->ix, node);
		break;
	case EXPR_RESIDENT:
		leaf->by = BY_OPEN;
		break;
	case EXPR_VISITOR:
		leaf->by = BY_CLOSED;
		break;
	case EXPR_ARRIVING:
		leaf->by = BY_ARRIVING;
		break;
	case EXPR_STATUS:
		leaf->by = BY_PERSON;
		leaf->holds = table_by_person(m, node);
		break;
	default:
		leaf->by = BY_PROFILE;
		leaf->holds = table_by_profile(m->ix, node);
		break;
	}
}

struct match *
match_new(const struct index *ix, const struct expr *expr, int32_t arriving_from,
	  const struct audience_statuses *statuses)
{
	struct match *m = MEM_NEW(struct match);

	m->ix = ix;
	m->expr = expr;
	m->arriving_from = arriving_from;
	m->leaves = MEM_NEW_N(struct leaf, expr->leaves);
	if (expr->asks_status)
		m->status = status_column(ix, statuses);
	prepare(m, expr->root);
	return m;
}

void
match_free(struct match **pm)
{
	struct match *m = *pm;
	size_t i;

	if (!m)
		return;
	for (i = 0; i < m->expr->leaves; i++)
		mem_free(m->leaves[i].holds);
	mem_free(m->leaves);
	mem_free(m->status);
	MEM_FREE(pm);
}

static bool
leaf_holds(const struct match *m, const struct leaf *leaf, size_t stay)
{
	const struct index *ix = m->ix;

	switch (leaf->by) {
	case BY_PROFILE:
		return leaf->holds[ix->profile[stay]];
	case BY_PLACE:
		return leaf->holds[ix->place[stay]];
	case BY_PERSON:
		return leaf->holds[ix->person[stay]];
	case BY_OPEN:
		return ix->to[stay] == INDEX_OPEN;
	case BY_CLOSED:
		return ix->to[stay] != INDEX_OPEN;
	case BY_ARRIVING:
		return ix->from[stay] >= m->arriving_from;
	case BY_NONE:
		break;
	}
	BUG_ON(leaf->by == BY_NONE);
	return false;
}

static uint64_t
leaf_word(const struct match *m, const struct leaf *leaf, size_t first, uint64_t asked)
{
	uint64_t got = 0, rest = asked;
	unsigned k;

	for (k = 0; rest; k++, rest >>= 1)
		if (rest & 1)
			got |= (uint64_t)leaf_holds(m, leaf, first + k) << k;
	return got;
}

static uint64_t
node_word(const struct match *m, const struct expr_node *node, size_t first, uint64_t asked)
{
	uint64_t left;

	if (!asked)
		return 0;
	switch (node->kind) {
	case EXPR_NOT:
		return asked & ~node_word(m, node->left, first, asked);
	case EXPR_AND:
		left = node_word(m, node->left, first, asked);
		return node_word(m, node->right, first, left);
	case EXPR_OR:
		left = node_word(m, node->left, first, asked);
		return left | node_word(m, node->right, first, asked & ~left);
	default:
		return leaf_word(m, &m->leaves[node->leaf], first, asked);
	}
}

uint64_t
match_word(const struct match *m, size_t first, uint64_t asked)
{
	return node_word(m, m->expr->root, first, asked);
}
