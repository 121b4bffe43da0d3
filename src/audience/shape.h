/*
 * shape.h — one polygon or circle prepared for many questions. Pure.
 *
 * A polygon's edges are filed by bands of latitude, so that a point is compared
 * with the edges at its height only. Each comparison is the one that
 * geo_ring_contains makes, so both always give the same answer.
 */
#ifndef AUDIENCE_SHAPE_H
#define AUDIENCE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "geo/point.h"

struct shape;

/* The ring must outlive the result. */
struct shape *shape_of_ring(const struct geo_ring *) CHECKED;
struct shape *shape_of_circle(const struct geo_circle *) CHECKED;
void shape_free(struct shape **); /* NULL inside is fine; leaves NULL */

bool shape_contains(const struct shape *, struct geo_point);
bool shape_meets_country(const struct shape *, uint16_t country);
struct geo_box shape_box(const struct shape *);

#define SHAPE_ROWS    720  /* cells of 0.25 degrees, from the south pole up */
#define SHAPE_COLUMNS 1440 /* from -180 eastwards */

enum shape_cell { SHAPE_OUT, SHAPE_EDGE, SHAPE_IN };

/* The cell of a point: row * SHAPE_COLUMNS + column. 90 N and 180 E belong to the last. */
uint32_t shape_cell_of(struct geo_point);

/* The rows of cells that the shape may touch: [*ret_from, *ret_to). */
void shape_rows(const struct shape *, unsigned *ret_from, unsigned *ret_to);

/* Judge a whole row of cells: SHAPE_IN means that every point of the cell is
 * inside, SHAPE_OUT that none is, SHAPE_EDGE that each must be asked. */
void shape_row(const struct shape *, unsigned row, uint8_t ret[SHAPE_COLUMNS]);

#endif
