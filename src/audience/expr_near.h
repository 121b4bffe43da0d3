/*
 * expr_near.h — the word that was probably meant. Pure.
 */
#ifndef AUDIENCE_EXPR_NEAR_H
#define AUDIENCE_EXPR_NEAR_H

#include <stddef.h>

#include "base/sv.h"

struct near {
	struct sv best; /* SV_NONE: nothing is near */
	size_t distance;
};

struct near near_none(void);

/* Keep the candidate when it is the nearest so far and near at all: at most two
 * letters off, and less than half of the word. */
void near_try(struct near *, struct sv word, struct sv candidate);

/* Keep `meant` when the word is exactly the alias: "&&" for "and". */
void near_try_alias(struct near *, struct sv word, struct sv alias, struct sv meant);

#endif
