/*
 * expr.c — the audience expression written back and judged on one person and
 * one stay: the plain meaning that resolve.c's columns have to agree with.
 */
#include "audience/expr.h"

#include "audience/expr_int.h"
#include "base/buf.h"

static const struct expr_predicate predicates[] = {
#define X(kind, text, takes) {EXPR_##kind, SV_INIT(text), EXPR_TAKES_##takes},
	EXPR_PREDICATES(X)
#undef X
};

static const char *const status_names[] = {
#define X(name, text) text,
	EXPR_STATUSES(X)
#undef X
};

const struct expr_predicate *
expr_predicates(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(predicates);
	return predicates;
}

const struct expr_predicate *
expr_predicate_of(enum expr_kind kind)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(predicates); i++)
		if (predicates[i].kind == kind)
			return &predicates[i];
	return NULL;
}

const char *
expr_status_name(enum expr_status status)
{
	BUG_ON((size_t)status >= ARRAY_LEN(status_names));
	return status_names[status];
}

/* A group goes without quotes when the reader would take it so. */
static bool
group_is_plain(struct sv group)
{
	size_t i;

	for (i = 0; i < group.n; i++) {
		char c = group.p[i];

		if ((unsigned char)c <= ' ' || c == '(' || c == ')' || c == '"' || c == '\\')
			return false;
	}
	return group.n > 0;
}

void
expr_write_leaf(struct buf *out, const struct expr_node *node)
{
	const struct expr_predicate *p = expr_predicate_of(node->kind);
	size_t i;

	BUG_ON(!p);
	buf_add(out, p->name);
	if (p->takes == EXPR_TAKES_NONE)
		return;
	buf_addc(out, ':');
	if (p->takes != EXPR_TAKES_GROUP || group_is_plain(node->value)) {
		buf_add(out, node->value);
		return;
	}
	buf_addc(out, '"');
	for (i = 0; i < node->value.n; i++) {
		char c = node->value.p[i];

		if (c == '"' || c == '\\')
			buf_addc(out, '\\');
		buf_addc(out, c);
	}
	buf_addc(out, '"');
}

/* How tight the words bind: parentheses are written only where they are needed. */
static int
binding(enum expr_kind kind)
{
	switch (kind) {
	case EXPR_OR:
		return 0;
	case EXPR_AND:
		return 1;
	default:
		return 2;
	}
}

static void
write_node(struct buf *out, const struct expr_node *node, int within)
{
	int own = binding(node->kind);

	if (own < within)
		buf_addc(out, '(');
	switch (node->kind) {
	case EXPR_NOT:
		buf_adds(out, "not ");
		write_node(out, node->left, 2);
		break;
	case EXPR_AND:
	case EXPR_OR:
		write_node(out, node->left, own);
		buf_adds(out, node->kind == EXPR_AND ? " and " : " or ");
		write_node(out, node->right, own);
		break;
	default:
		expr_write_leaf(out, node);
		break;
	}
	if (own < within)
		buf_addc(out, ')');
}

void
expr_write(struct buf *out, const struct expr *expr)
{
	write_node(out, expr->root, 0);
}

static bool
list_has(struct sv list, struct sv item)
{
	struct sv_split split = sv_split_of(list, ';');
	struct sv one;

	while (sv_split_next(&split, &one))
		if (sv_eq(one, item))
			return true;
	return false;
}

/* RFC 4647, 3.3.1: the range is the tag, or a prefix of it that ends before a '-'. */
static bool
language_matches(struct sv list, struct sv range)
{
	struct sv_split split = sv_split_of(list, ';');
	struct sv tag;

	while (sv_split_next(&split, &tag)) {
		if (tag.n < range.n || !sv_eq_nocase(sv_head(tag, range.n), range))
			continue;
		if (tag.n == range.n || tag.p[range.n] == '-')
			return true;
	}
	return false;
}

static bool
has_two(struct sv list)
{
	struct sv_split split = sv_split_of(list, ';');
	struct sv first = SV_NONE, one;

	while (sv_split_next(&split, &one)) {
		if (one.n == 0)
			continue;
		if (first.n && !sv_eq(one, first))
			return true;
		first = one;
	}
	return false;
}

bool
expr_about_stay(enum expr_kind kind)
{
	return kind == EXPR_IN || kind == EXPR_RESIDENT || kind == EXPR_VISITOR ||
	       kind == EXPR_ARRIVING;
}

bool
expr_leaf_holds(const struct expr_node *node, const struct expr_person *person,
		const struct expr_stay *stay)
{
	switch (node->kind) {
	case EXPR_CITIZEN:
		return list_has(person->citizenships, node->value);
	case EXPR_DUAL:
		return has_two(person->citizenships);
	case EXPR_LANGUAGE:
		return language_matches(person->languages, node->value);
	case EXPR_GROUP:
		return list_has(person->groups, node->value);
	case EXPR_STATUS:
		return person->status == node->status;
	case EXPR_IN:
		return sv_eq(stay->country, node->value) || sv_eq(stay->subdivision, node->value);
	case EXPR_RESIDENT:
		return stay->open_ended;
	case EXPR_VISITOR:
		return !stay->open_ended;
	case EXPR_ARRIVING:
		return stay->arriving;
	default:
		break;
	}
	BUG_ON(!expr_predicate_of(node->kind));
	return false;
}

static bool
node_holds(const struct expr_node *node, const struct expr_person *person,
	   const struct expr_stay *stay)
{
	switch (node->kind) {
	case EXPR_NOT:
		return !node_holds(node->left, person, stay);
	case EXPR_AND:
		return node_holds(node->left, person, stay) &&
		       node_holds(node->right, person, stay);
	case EXPR_OR:
		return node_holds(node->left, person, stay) ||
		       node_holds(node->right, person, stay);
	default:
		return expr_leaf_holds(node, person, stay);
	}
}

bool
expr_holds(const struct expr *expr, const struct expr_person *person, const struct expr_stay *stay)
{
	return node_holds(expr->root, person, stay);
}
