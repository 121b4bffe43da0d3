/*
 * expr_near.c — near misses by the number of letters to change.
 */
#include "audience/expr_near.h"

#include <stdint.h>

/* Letters to add, drop, change or swap with their neighbour to make a into b,
 * ASCII case aside; more than 15 letters are far from everything. */
static size_t
edit_distance(struct sv a, struct sv b)
{
	enum { MAX = 15 };
	size_t d[MAX + 1][MAX + 1];
	size_t i, j;

	if (a.n > MAX || b.n > MAX)
		return MAX;
	for (i = 0; i <= a.n; i++)
		d[i][0] = i;
	for (j = 0; j <= b.n; j++)
		d[0][j] = j;
	for (i = 1; i <= a.n; i++) {
		for (j = 1; j <= b.n; j++) {
			bool same = sv_eq_nocase((struct sv){a.p + i - 1, 1},
						 (struct sv){b.p + j - 1, 1});
			size_t best = d[i - 1][j - 1] + !same;

			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[a.n][b.n];
}

void
near_try(struct near *near, struct sv word, struct sv candidate)
{
	size_t d = edit_distance(word, candidate);

	if (d < near->distance && d <= 2 && 2 * d < candidate.n + 1) {
		near->distance = d;
		near->best = candidate;
	}
}

struct near
near_none(void)
{
	return (struct near){SV_NONE, SIZE_MAX};
}

void
near_try_alias(struct near *near, struct sv word, struct sv alias, struct sv meant)
{
	if (sv_eq(word, alias))
		*near = (struct near){meant, 0};
}
