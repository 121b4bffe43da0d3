/*
 * point.c — rings and circles.
 *
 * A ring lives on the cylinder of longitudes, so a point is judged by the
 * meridian that runs north from it: inside when it crosses the ring an odd
 * number of times. An edge counts from its western end (included) to its
 * eastern end (excluded), which makes a vertex count once. All comparisons are
 * exact (exact.h), the turns of longitude included.
 *
 * A ring that runs once around the earth has no inside of its own; it is taken
 * to enclose the pole that is nearer to its most polar vertex (north when
 * equal). Latitude 90 is an edge of the plane like any other: the pole counts
 * with the longitude that it is written with.
 */
#include "geo/point.h"

#include <math.h>

#include "geo/exact.h"

#define RAD(deg) ((deg) * (M_PI / 180))
#define DEG(rad) ((rad) * (180 / M_PI))

/* Boxes are for a first look, so they may be larger than what they hold, never smaller. */
#define BOX_SLACK 1e-9

bool
geo_point_ok(struct geo_point p)
{
	return isfinite(p.lat) && isfinite(p.lon) && fabs(p.lat) <= 90 && fabs(p.lon) <= 180;
}

/* cos that is 0 at the poles, so that all longitudes meet there. */
static double
cos_lat(double lat)
{
	return fabs(lat) >= 90 ? 0 : cos(RAD(lat));
}

double
geo_distance_km(struct geo_point a, struct geo_point b)
{
	double dlon = RAD(remainder(b.lon - a.lon, 360)) / 2;
	double cc = cos_lat(a.lat) * cos_lat(b.lat);
	double s = sin(RAD((b.lat - a.lat) / 2));
	double t = sin(RAD((b.lat + a.lat) / 2));
	double near = s * s + cc * sin(dlon) * sin(dlon);
	/* The same to the antipode: sharp where the first is not. */
	double far = t * t + cc * cos(dlon) * cos(dlon);

	return 2 * GEO_EARTH_KM * atan2(sqrt(near), sqrt(far));
}

static bool
lon_between(double lon, double a, double b)
{
	return a < b ? lon >= a && lon <= b : lon >= b && lon <= a;
}

/* The edge as seen from p on every turn on which they can meet. */
static enum exact_seen
edge_see_round(struct geo_point a, struct geo_point b, int tb, struct geo_point p)
{
	enum exact_seen got = EXACT_APART;
	int tp;

	if (tb == 0 && fabs(p.lon) < 180)
		return lon_between(p.lon, a.lon, b.lon) ? exact_edge(a, b, 0, p, 0) : EXACT_APART;
	for (tp = -1; tp <= 1; tp++) {
		enum exact_seen now = exact_edge(a, b, tb, p, tp);

		if (now == EXACT_ON)
			return EXACT_ON;
		if (now == EXACT_BELOW)
			got = EXACT_BELOW;
	}
	return got;
}

bool
geo_ring_contains(const struct geo_ring *r, struct geo_point p)
{
	double south = 90, north = -90;
	bool inside = false;
	int turns = 0;
	size_t i;

	for (i = 0; i < r->n; i++) {
		struct geo_point a = r->points[i];
		struct geo_point b = r->points[i + 1 < r->n ? i + 1 : 0];
		int tb = exact_shorter_turn(a.lon, b.lon);

		switch (edge_see_round(a, b, tb, p)) {
		case EXACT_ON:
			return true;
		case EXACT_BELOW:
			inside = !inside;
			break;
		case EXACT_APART:
			break;
		}
		turns += tb;
		south = fmin(south, a.lat);
		north = fmax(north, a.lat);
	}
	/* Around the earth: the way north met nothing yet p is on the north pole's side. */
	if (turns % 2 != 0 && north >= -south)
		inside = !inside;
	return inside;
}

bool
geo_circle_contains(const struct geo_circle *c, struct geo_point p)
{
	return geo_distance_km(c->centre, p) <= c->radius_km;
}

/* A longitude that left [-180, 180] by some turns, back in it. */
static double
lon_home(double lon)
{
	return lon > 180 || lon < -180 ? remainder(lon, 360) : lon;
}

/* The box of an unrolled range of longitudes. */
static void
box_set_lon(struct geo_box *box, double west, double east)
{
	if (west >= -180 && east <= 180) {
		box->west = west;
		box->east = east;
		return;
	}
	west -= BOX_SLACK;
	east += BOX_SLACK;
	box->west = -180;
	box->east = 180;
	if (east - west < 360) {
		box->west = lon_home(west);
		box->east = lon_home(east);
	}
}

struct geo_box
geo_ring_box(const struct geo_ring *r)
{
	struct geo_box box = {90, 180, -90, -180};
	double west = 180, east = -180;
	int turns = 0;
	size_t i;

	for (i = 0; i < r->n; i++) {
		struct geo_point a = r->points[i];
		struct geo_point b = r->points[i + 1 < r->n ? i + 1 : 0];
		double lon = a.lon + 360.0 * turns;

		box.south = fmin(box.south, a.lat);
		box.north = fmax(box.north, a.lat);
		west = fmin(west, lon);
		east = fmax(east, lon);
		turns += exact_shorter_turn(a.lon, b.lon);
	}
	if (turns != 0) { /* around the earth */
		west = -360;
		east = 360;
		if (turns % 2 != 0 && box.north >= -box.south)
			box.north = 90;
		else if (turns % 2 != 0)
			box.south = -90;
	}
	if (r->n > 0)
		box_set_lon(&box, west, east);
	return box;
}

struct geo_box
geo_circle_box(const struct geo_circle *c)
{
	double reach = DEG(c->radius_km / GEO_EARTH_KM) + BOX_SLACK;
	struct geo_box box = {c->centre.lat - reach, -180, c->centre.lat + reach, 180};
	double wide;

	if (box.south <= -90 || box.north >= 90) { /* over a pole: every longitude */
		box.south = fmax(box.south, -90);
		box.north = fmin(box.north, 90);
		return box;
	}
	wide = DEG(asin(fmin(1, sin(RAD(reach)) / cos_lat(c->centre.lat)))) + BOX_SLACK;
	if (wide < 180) {
		box.west = lon_home(c->centre.lon - wide);
		box.east = lon_home(c->centre.lon + wide);
	}
	return box;
}

static bool
box_has_lon(const struct geo_box *box, double lon)
{
	if (box->west <= box->east)
		return lon >= box->west && lon <= box->east;
	return lon >= box->west || lon <= box->east;
}

bool
geo_box_contains(const struct geo_box *box, struct geo_point p)
{
	if (!(p.lat >= box->south && p.lat <= box->north))
		return false;
	return box_has_lon(box, p.lon) || (fabs(p.lon) == 180 && box_has_lon(box, -p.lon));
}

double
geo_segment_km(struct geo_point p, struct geo_point a, struct geo_point b)
{
	double scale = cos_lat(p.lat);
	double ax = remainder(a.lon - p.lon, 360);
	double dx = b.lon - a.lon + 360.0 * exact_shorter_turn(a.lon, b.lon);
	double dy = b.lat - a.lat;
	double ex = dx * scale;
	double length2 = ex * ex + dy * dy;
	double t = 0;
	struct geo_point nearest;

	if (length2 > 0)
		t = fmin(1, fmax(0, -(ax * scale * ex + (a.lat - p.lat) * dy) / length2));
	nearest.lat = a.lat + t * dy;
	nearest.lon = a.lon + t * dx;
	return geo_distance_km(p, nearest);
}
