/*
 * brute.h — the audience by brute force, for comparison: person by person,
 * stay by stay, from DESIGN 5.1 alone. It shares only the geometry of points
 * and countries with the program.
 */
#ifndef TEST_BRUTE_H
#define TEST_BRUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cap/cap.h"
#include "geo/point.h"

#define BRUTE_STAYS 4
#define BRUTE_OPEN  INT32_MAX

struct brute_stay {
	bool has_point;
	struct geo_point point;
	char country[3];
	char subdivision[8];
	int32_t from, to;
};

struct brute_person {
	int64_t id;
	char ref[32];
	char citizenships[32]; /* "FR;RU" */
	char languages[32];
	char groups[64];
	const char *status;
	unsigned channels;
	struct brute_stay stays[BRUTE_STAYS];
	size_t n;
};

struct brute_counts {
	uint64_t persons, stays, place_unknown;
};

/* Set hit[i] for each person concerned. at: NULL, or the instant. expr: NULL, or
 * what replaces the alert's own expressions. False when an expression or <sent> cannot be read. */
bool brute_audience(const struct cap_alert *, const struct brute_person *, size_t n,
		    const int64_t *at, const char *expr, bool *hit, struct brute_counts *);

/* Evaluate straight from the text, without a tree. -1: cannot be read. */
int brute_expr(const char *text, const struct brute_person *, const struct brute_stay *,
	       int64_t sent);

#endif
