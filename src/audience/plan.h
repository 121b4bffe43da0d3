/*
 * plan.h — an alert as the questions that decide whom it concerns: blocks of
 * infos with their area, interval and expression (DESIGN 5.1). Pure.
 *
 * Infos equal in all but language and text are one block. An alert concerns the
 * union of its blocks.
 */
#ifndef AUDIENCE_PLAN_H
#define AUDIENCE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct area;
struct buf;
struct cap_alert;
struct cap_info;
struct expr;

#define PLAN_NO_EXPIRES (72 * 3600) /* how long without <expires>, seconds */
#define PLAN_DAY_BEFORE (14 * 3600) /* a day begins that much before 00:00 UTC */
#define PLAN_DAY_AFTER  (12 * 3600) /* and ends that much after 24:00 UTC */

struct plan;

struct plan_options {
	bool has_at;
	int64_t at;              /* this instant replaces every info's interval */
	const struct expr *expr; /* replaces the alert's own expressions; may be NULL */
};

struct plan_block {
	const struct cap_info *info; /* the first of the block */
	size_t first;                /* its place in the alert, from 0 */
	size_t infos;                /* how many are in the block */
	struct area *area;
	const struct expr *expr; /* NULL: everybody in the area */
	int64_t start, end;      /* [start, end); end == start + 1 for an instant */
	/* The same in days: a stay overlaps when from <= from_max && to >= to_min. An
	 * interval that is empty has from_max < to_min and nothing overlaps it. */
	int32_t from_max, to_min;
	bool empty;
};

/* The alert must outlive the result. options may be NULL. RC_SYNTAX: an expression
 * cannot be read (the sentence names info and column), two in one info, or no usable <sent>. */
enum rc plan_new(struct plan **ret, const struct cap_alert *, const struct plan_options *,
		 struct err *) CHECKED;
void plan_free(struct plan **); /* NULL inside is fine; leaves NULL */

const struct cap_alert *plan_alert(const struct plan *);
size_t plan_blocks(const struct plan *);
const struct plan_block *plan_block(const struct plan *, size_t i);
bool plan_asks_status(const struct plan *);
/* A stay that begins on such a day or later is "arriving". */
int32_t plan_arriving_from(const struct plan *);

/* Everything in the alert that concerns nobody though one may think so, a line
 * each: "info 1: geocode …". Empty when there is nothing to say. */
void plan_write_problems(struct buf *, const struct plan *);

/* Equal in all but language and text. Other parameters than the expression
 * count as text: their values are often words. */
bool plan_same_block(const struct cap_info *, const struct cap_info *) CHECKED;

/* When a stay's day begins and ends, as instants: the widened ones. */
int64_t plan_day_start(int32_t from);
int64_t plan_day_end(int32_t to);

#endif
