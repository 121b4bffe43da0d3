/*
 * country.h — the world's countries, embedded at build time.
 *
 * Shapes: Natural Earth 1:10m by way of the npm package world-atlas. Codes and
 * names: Debian's iso-codes (ISO 3166-1 and -2). A country is a small number
 * 0 … country_count()-1, stable within one build only: what is stored is
 * the code. Some codes have no shape (country_has_shape). Kosovo is XK.
 */
#ifndef GEO_COUNTRY_H
#define GEO_COUNTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/sv.h"
#include "geo/point.h"

#define COUNTRY_NONE 0xFFFFu

size_t country_count(void);
/* By ISO 3166-1 alpha-2 (also alpha-3 and three digits), any case. COUNTRY_NONE. */
uint16_t country_by_code(struct sv code);
const char *country_code(uint16_t); /* alpha-2 */
const char *country_name(uint16_t); /* English short name */

/* "RU-MOW": known to ISO 3166-2? Exact upper case form. */
bool subdivision_known(struct sv code);
/* The country of "RU" or "RU-MOW"; COUNTRY_NONE when the text is neither a known country
 * nor a known subdivision. */
uint16_t place_country(struct sv code);

/* The country of a point: the one whose shape contains it (on a border the first by
 * code), else the nearest land within 10 km, else COUNTRY_NONE. The shapes are unfolded
 * once, at the first call, in a thread-safe way. */
uint16_t country_at(struct geo_point);

/* A box of whole degrees around the country's shape, west <= east (one that reaches over the
 * antimeridian has every longitude); false when it has no shape. Costs nothing. */
bool country_box(uint16_t, struct geo_box *ret);

bool country_has_shape(uint16_t);
/* Borrowed for the life of the process; *ret_n rings, outer and inner alike
 * (even-odd over all of them). Each lies within [-180, 180]. */
const struct geo_ring *country_rings(uint16_t, size_t *ret_n);

/* Does the shape share at least a point with the country's? False when it has none. */
bool country_meets_ring(uint16_t, const struct geo_ring *);
bool country_meets_circle(uint16_t, const struct geo_circle *);

#endif
