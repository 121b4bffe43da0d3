/*
 * expr_int.h — the table of predicates, for the files of the expression.
 */
#ifndef AUDIENCE_EXPR_INT_H
#define AUDIENCE_EXPR_INT_H

#include "audience/expr.h"

struct expr_predicate {
	enum expr_kind kind;
	struct sv name;
	enum expr_value takes;
};

/* All of them, in the order of EXPR_PREDICATES. */
const struct expr_predicate *expr_predicates(size_t *ret_n);

/* The one of that kind; NULL for EXPR_NOT, _AND, _OR. */
const struct expr_predicate *expr_predicate_of(enum expr_kind);

#endif
