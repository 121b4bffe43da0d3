/*
 * area.h — the areas of one <info>, compiled: which stays they concern
 * (DESIGN 5.1, "area and time"). Pure.
 *
 * A stay with coordinates is concerned when its point is inside or on a
 * polygon, within a circle, or a geocode names its recorded country or
 * subdivision. One without coordinates is concerned when a geocode names its
 * country or recorded subdivision, or any shape meets its country. An area that
 * has nothing we can read concerns nobody, and area_problems says so.
 */
#ifndef AUDIENCE_AREA_H
#define AUDIENCE_AREA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/sv.h"
#include "geo/point.h"

struct area;
struct cap_info;
struct shape;

enum area_hit { AREA_NO, AREA_INSIDE, AREA_PLACE_UNKNOWN };

struct area_stay {
	bool has_point;
	struct geo_point point;
	uint16_t country;      /* geo/country.h; COUNTRY_NONE */
	struct sv subdivision; /* "RU-MOW", or empty */
};

/* The info must outlive the result. */
struct area *area_new(const struct cap_info *) CHECKED;
void area_free(struct area **); /* NULL inside is fine; leaves NULL */

enum area_hit area_test(const struct area *, const struct area_stay *);

/* A geocode names the country as a whole, or exactly this subdivision. */
bool area_names(const struct area *, uint16_t country, struct sv subdivision);
/* A shape meets the country. Computed at the first call for it and kept: one
 * thread at a time. */
bool area_meets(const struct area *, uint16_t country);

size_t area_shapes(const struct area *);
const struct shape *area_shape(const struct area *, size_t i);

/* What concerns nobody though the author may think so, one sentence each:
 * unreadable shapes, unknown codes, other schemes, areas with nothing. */
size_t area_problems(const struct area *);
struct sv area_problem(const struct area *, size_t i);

#endif
