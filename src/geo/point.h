/*
 * point.h — points, rings and circles on the sphere. Pure.
 *
 * Degrees WGS 84; lat in [-90, 90], lon in [-180, 180]. Ring edges are straight
 * in latitude/longitude and take the shorter way across the antimeridian; a
 * ring is closed (first equal to last); inside is even-odd; a point on an edge
 * or vertex is inside (DESIGN 5.1). Distances: great circle on a sphere of
 * radius 6371.0088 km.
 */
#ifndef GEO_POINT_H
#define GEO_POINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

#define GEO_EARTH_KM 6371.0088

struct geo_point {
	double lat;
	double lon;
};

struct geo_ring {
	const struct geo_point *points; /* closed */
	size_t n;
};

struct geo_circle {
	struct geo_point centre;
	double radius_km;
};

/* A box in latitude/longitude; west > east when it crosses the antimeridian. */
struct geo_box {
	double south, west, north, east;
};

bool geo_point_ok(struct geo_point); /* finite and in range */
double geo_distance_km(struct geo_point, struct geo_point);
bool geo_ring_contains(const struct geo_ring *, struct geo_point);
bool geo_circle_contains(const struct geo_circle *, struct geo_point);
struct geo_box geo_ring_box(const struct geo_ring *);
struct geo_box geo_circle_box(const struct geo_circle *);
bool geo_box_contains(const struct geo_box *, struct geo_point);
/* Great-circle-free distance used for "nearest land": from a point to the segment a–b, km. */
double geo_segment_km(struct geo_point, struct geo_point a, struct geo_point b);

#endif
