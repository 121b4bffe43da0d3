/*
 * cap_geometry.h — what is wrong with the shapes of an area. Pure: the open element
 * and its values in, findings out. For files of this room only.
 *
 * CAP 1.2, 3.2.4 demands of a polygon four pairs and that it closes; the reader
 * says that. Whatever is told here is a warning: the standard allows it, but readers
 * differ about what it means, or it is a slip.
 */
#ifndef CAP_CAP_GEOMETRY_H
#define CAP_CAP_GEOMETRY_H

#include "cap/cap_sink.h"

/* Consumers for mobile phones take no more points than this, the closing one included. */
#define CAP_GEOMETRY_POINTS 100

/* At the end of <area>. */
void cap_geometry_area(struct cap_sink *, const struct cap_frame *);

#endif
