/*
 * shapes.h — the countries' shapes in memory, with a grid over their edges.
 * For the files of this room.
 *
 * Edge number e runs from points[e] to points[e + 1]; the last point of a ring
 * begins none. All rings lie within [-180, 180] without a jump (tools/geoprep
 * cut them), so these edges never take a turn.
 */
#ifndef GEO_SHAPES_H
#define GEO_SHAPES_H

#include "geo/country.h"

#define SHAPES_COLS 720 /* half a degree */
#define SHAPES_ROWS 360 /* from the north */

struct shapes {
	struct geo_point *points;
	uint16_t *owner; /* of each point: its country */
	struct geo_ring *rings;
	struct geo_box *boxes; /* of each ring; west <= east */
	uint32_t *first_ring;  /* of each country; one more at the end */
	uint32_t *cell_start;  /* row by row; one more at the end */
	uint32_t *cell_edges;  /* each edge in every cell that its box touches */
	uint16_t *cell_owner;  /* of cells without an edge: the country, or COUNTRY_NONE */
};

/* A set of countries, by number. */
#define COUNTRY_SET_WORDS 8
struct country_set {
	uint64_t word[COUNTRY_SET_WORDS];
};

/* Unfolded at the first call; the same for the life of the process. */
const struct shapes *shapes_get(void);

/* The column or row of a coordinate; grows with lon, falls with lat, never out of range. */
size_t shapes_col(double lon);
size_t shapes_row(double lat);

/* The countries that contain p; a border belongs to both sides. */
void shapes_at(const struct shapes *, struct geo_point p, struct country_set *ret);
bool country_set_has(const struct country_set *, uint16_t country);

/* Do the boxes share a point? `plain` has west <= east. */
bool shapes_box_meets(const struct geo_box *plain, const struct geo_box *);

#endif
