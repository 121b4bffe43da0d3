/*
 * explain.h — why an alert concerns one person, or why not, in words. Pure.
 */
#ifndef AUDIENCE_EXPLAIN_H
#define AUDIENCE_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "audience/expr.h"

struct buf;
struct index;
struct plan;

/* Append lines: the verdict, then for each block and stay what matched and what
 * did not. Returns whether the person is concerned. No contact details and no
 * name are in it; citizenships, groups and places are. */
bool audience_explain(struct buf *, const struct index *, const struct plan *, uint32_t row,
		      enum expr_status);

#endif
