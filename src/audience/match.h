/*
 * match.h — an expression turned into tables over the index's columns, judged
 * for 64 stays at a time. Agrees with expr_holds, which fills the tables. Pure.
 */
#ifndef AUDIENCE_MATCH_H
#define AUDIENCE_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include "audience/resolve.h"
#include "base/compiler.h"

struct expr;
struct index;
struct match;

/* All must outlive the result. statuses may be NULL. */
struct match *match_new(const struct index *, const struct expr *, int32_t arriving_from,
			const struct audience_statuses *) CHECKED;
void match_free(struct match **); /* NULL inside is fine; leaves NULL */

/* Of the stays first … first + 63 that have their bit in asked: those for which
 * the expression holds. Bits of rows past the end must not be asked. */
uint64_t match_word(const struct match *, size_t first, uint64_t asked);

#endif
