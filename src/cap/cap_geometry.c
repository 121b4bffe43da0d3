/*
 * cap_geometry.c — the shapes of an area: one by one, then against each other
 * and against the country that a geocode names.
 *
 * What a ring's faults are is geo/ring_check.h's to say. Countries are known here by a box of
 * whole degrees, which costs nothing; a margin makes room for their waters.
 */
#include "cap/cap_geometry.h"

#include <math.h>

#include "cap/cap_values.h"
#include "geo/country.h"
#include "geo/ring_check.h"

#define RADIUS_MAX    2000.0 /* km: a storm's whole field; larger ones are metres or slips */
#define HALF_ROUND_KM (M_PI * GEO_EARTH_KM)
#define WATERS        5.0  /* degrees around a country's box: its waters, and some */
#define FAR           20.0 /* degrees between shapes of one area: a doubt, if swapping mends it */
#define NEAR          5.0
#define COUNTRIES_MAX 8 /* of one area's geocodes that are looked at */

#define POINT_FMT     "%.8g,%.8g"
#define POINT_ARG(p)  (p).lat, (p).lon

static struct cap_spot
spot_of(const struct cap_frame *f, const char *name, size_t i, int line)
{
	return (struct cap_spot){f, sv_of(name), i + 1, line};
}

/* Was it told of this message already? */
static bool
told(const struct cap_sink *s, enum cap_rule rule)
{
	const char *name = cap_rule_row(rule)->name;
	size_t i;

	for (i = s->n; i-- > 0;)
		if (s->v[i].rule == name)
			return true;
	return false;
}

static struct geo_point
edge_end(const struct geo_ring *r, size_t edge)
{
	return r->points[edge + 1 < r->n ? edge + 1 : 0];
}

static void
tell_meeting(struct cap_sink *s, struct cap_spot at, const struct geo_ring *r, enum cap_rule rule,
	     const struct ring_place *p, const char *how)
{
	struct geo_point a = r->points[p->edge[0]], b = edge_end(r, p->edge[0]);
	struct geo_point c = r->points[p->edge[1]], d = edge_end(r, p->edge[1]);

	cap_tell(s, rule, at,
		 "the edge from " POINT_FMT " to " POINT_FMT " %s the edge from " POINT_FMT
		 " to " POINT_FMT " near %.5f,%.5f (expected edges that meet only at the corner "
		 "between them)",
		 POINT_ARG(a), POINT_ARG(b), how, POINT_ARG(c), POINT_ARG(d), POINT_ARG(p->at));
}

static void
tell_meetings(struct cap_sink *s, struct cap_spot at, const struct geo_ring *r,
	      const struct ring_verdict *v)
{
	if ((v->faults & RING_CROSSES) != 0)
		tell_meeting(s, at, r, CAP_RULE_POLYGON_CROSSES, &v->crossing, "crosses");
	else if ((v->faults & RING_SPIKE) != 0)
		tell_meeting(s, at, r, CAP_RULE_POLYGON_TOUCHES, &v->spike, "is run back by");
	else if ((v->faults & RING_TOUCHES) != 0)
		tell_meeting(s, at, r, CAP_RULE_POLYGON_TOUCHES, &v->touch, "touches");
	if ((v->faults & RING_NO_AREA) != 0)
		cap_tell(s, CAP_RULE_POLYGON_NO_AREA, at,
			 "%zu points enclose nothing: %s (expected three corners or more around an "
			 "area)",
			 r->n,
			 v->n == 0  ? "all are one point"
			 : v->n < 3 ? "there are two different ones"
				    : "all lie on one line");
	if ((v->faults & RING_TOO_COMPLEX) != 0)
		cap_tell(s, CAP_RULE_POLYGON_COMPLEX, at,
			 "%zu points in an order that takes too long to judge (expected a simple "
			 "outline)",
			 r->n);
}

/* Where on the earth, and which way round. */
static void
tell_place(struct cap_sink *s, struct cap_spot at, const struct geo_ring *r,
	   const struct ring_verdict *v)
{
	if ((v->faults & RING_MANY_TURNS) != 0) {
		cap_tell(s, CAP_RULE_POLYGON_HUGE, at,
			 "the corners run more than once around the earth (expected an outline)");
		return;
	}
	if ((v->faults & RING_OVER_HALF) != 0)
		cap_tell(s, CAP_RULE_POLYGON_HUGE, at,
			 "it encloses more than half of the earth (expected the area concerned)");
	if (v->turns != 0)
		cap_tell(s, CAP_RULE_POLYGON_POLE, at,
			 "the corners run once around the earth (expected an outline that readers "
			 "understand without knowing which pole is meant)");
	else if (v->antimeridian)
		cap_tell(s, CAP_RULE_POLYGON_ANTIMERIDIAN, at,
			 "an edge goes over the 180th meridian (expected polygons that end there)");
	if ((v->faults & RING_HALF_TURN) != 0)
		cap_tell(s, CAP_RULE_POLYGON_HALF_TURN, at,
			 "the edge from " POINT_FMT " to " POINT_FMT " spans half of the earth "
			 "(expected edges of less than %.0f degrees)",
			 POINT_ARG(v->half_turn.at), POINT_ARG(edge_end(r, v->half_turn.edge[0])),
			 RING_NEARLY_HALF);
	if (v->winding < 0 && (v->faults & RING_CROSSES) == 0 &&
	    !told(s, CAP_RULE_POLYGON_CLOCKWISE))
		cap_tell(s, CAP_RULE_POLYGON_CLOCKWISE, at,
			 "the corners run clockwise (expected counter-clockwise, as GeoJSON and "
			 "map databases have it)");
}

/* A corner at 0,0 exactly, and the others far away or all of them there. */
static bool
at_zero(const struct geo_ring *r)
{
	bool zero = false, far = true, near = true;
	size_t i;

	for (i = 0; i < r->n; i++) {
		double off = fmax(fabs(r->points[i].lat), fabs(r->points[i].lon));

		if (off == 0) {
			zero = true;
			continue;
		}
		far = far && off > 10;
		near = near && off < 1;
	}
	return zero && (far || near);
}

static void
judge_ring(struct cap_sink *s, struct cap_spot at, const struct geo_ring *r)
{
	struct ring_verdict v;

	ring_check(&v, s->arena, r);
	if (v.repeated > 0)
		cap_tell(s, CAP_RULE_POLYGON_REPEATED, at,
			 "point %zu, " POINT_FMT ", repeats the one before it%s (expected each "
			 "corner once)",
			 v.first_repeated + 1, POINT_ARG(r->points[v.first_repeated]),
			 v.repeated > 1 ? ", and more do" : "");
	tell_meetings(s, at, r, &v);
	tell_place(s, at, r, &v);
	if (r->n > CAP_GEOMETRY_POINTS)
		cap_tell(s, CAP_RULE_POLYGON_POINTS, at,
			 "%zu points (expected at most %d; a simpler polygon that covers this one "
			 "can be had)",
			 r->n, CAP_GEOMETRY_POINTS);
	if (at_zero(r))
		cap_tell(s, CAP_RULE_SHAPE_NULL, at,
			 "a corner at 0,0, in the sea off Africa (expected real coordinates)");
}

/* "a,b a,b …" that can be read the other way round only, by half of the pairs or more: one
 * alone is a slip of another kind. */
static bool
reads_swapped(struct sv text)
{
	struct sv rest = text, word;
	size_t n = 0, needed = 0;

	while (sv_word(&rest, &word)) {
		size_t comma = sv_find_char(word, ',');
		double first, second;

		if (!cap_parse_decimal(sv_head(word, comma), &first) ||
		    !cap_parse_decimal(sv_from(word, comma + 1), &second) || fabs(first) > 180 ||
		    fabs(second) > 90)
			return false;
		if (fabs(first) > 90)
			needed++;
		n++;
	}
	return n > 0 && 2 * needed >= n;
}

static void
judge_unread(struct cap_sink *s, struct cap_spot at, struct sv text)
{
	if (reads_swapped(text))
		cap_tell(s, CAP_RULE_SHAPE_SWAPPED, at,
			 "\"%.*s\" looks like longitude,latitude (expected latitude,longitude)",
			 SV_ARG(cap_quote(s, text)));
}

static void
judge_circle(struct cap_sink *s, struct cap_spot at, const struct cap_circle *c)
{
	double km = c->circle.radius_km;

	if (!(km > 0))
		cap_tell(s, CAP_RULE_CIRCLE_RADIUS_ZERO, at,
			 "\"%.*s\" has radius 0 (expected the kilometres around the point)",
			 SV_ARG(cap_quote(s, c->text)));
	else if (km > RADIUS_MAX)
		cap_tell(s, CAP_RULE_CIRCLE_RADIUS_LARGE, at,
			 "\"%.*s\" has a radius of %.7g km%s (expected kilometres, at most %.0f)",
			 SV_ARG(cap_quote(s, c->text)), km,
			 km >= HALF_ROUND_KM ? ", which is the whole earth" : ", perhaps metres",
			 RADIUS_MAX);
	if (c->circle.centre.lat == 0 && c->circle.centre.lon == 0)
		cap_tell(s, CAP_RULE_SHAPE_NULL, at,
			 "a circle around 0,0, in the sea off Africa (expected real coordinates)");
}

/* The countries that the area's geocodes name. */
static size_t
named_countries(const struct cap_area *a, uint16_t ret[COUNTRIES_MAX])
{
	size_t i, n = 0;

	for (i = 0; i < a->geocodes.n && n < COUNTRIES_MAX; i++) {
		struct sv name = a->geocodes.v[i].name, value = a->geocodes.v[i].value;
		bool iso = sv_find(name, SV("3166")) < name.n;
		uint16_t country;

		/* Two letters under 3166-2 are a part of an unnamed country. */
		if (!iso || (value.n == 2 && sv_ends(name, SV("-2"))))
			continue;
		country = place_country(value);
		if (country != COUNTRY_NONE)
			ret[n++] = country;
	}
	return n;
}

static bool
lon_ranges_meet(double west, double east, double plain_west, double plain_east)
{
	if (west <= east)
		return west <= plain_east && east >= plain_west;
	return east >= plain_west || west <= plain_east; /* over the antimeridian */
}

static bool
box_near(const struct geo_box *box, const struct geo_box *country, double margin)
{
	return box->south <= country->north + margin && box->north >= country->south - margin &&
	       (lon_ranges_meet(box->west, box->east, country->west - margin,
				country->east + margin) ||
		/* a margin may reach over the antimeridian */
		lon_ranges_meet(box->west, box->east, country->west - margin + 360, 180) ||
		lon_ranges_meet(box->west, box->east, -180, country->east + margin - 360));
}

/* The box with latitude and longitude in each other's place; false where that is none. */
static bool
box_swap(const struct geo_box *box, struct geo_box *ret)
{
	if (box->west > box->east || box->west < -90 || box->east > 90)
		return false;
	*ret = (struct geo_box){box->west, box->south, box->east, box->north};
	return true;
}

static double
box_apart(const struct geo_box *a, const struct geo_box *b)
{
	double lat = fabs((a->south + a->north) - (b->south + b->north)) / 2;
	double lon = fabs(remainder((a->west + a->east) / 2 - (b->west + b->east) / 2, 360));

	return fmax(lat, lon);
}

struct shape {
	struct cap_spot at;
	struct geo_box box;
};

static bool
near_any(const struct geo_box *box, const uint16_t *countries, size_t n, double margin)
{
	struct geo_box country;
	size_t i;

	for (i = 0; i < n; i++)
		if (!country_box(countries[i], &country) || box_near(box, &country, margin))
			return true; /* of a country without a shape nothing is said */
	return false;
}

static void
judge_country(struct cap_sink *s, const struct shape *shape, const uint16_t *countries, size_t n)
{
	struct geo_box swapped;

	if (near_any(&shape->box, countries, n, WATERS))
		return;
	if (box_swap(&shape->box, &swapped) && near_any(&swapped, countries, n, 0))
		cap_tell(s, CAP_RULE_SHAPE_SWAPPED, shape->at,
			 "it lies in %s only when latitude and longitude change places (expected "
			 "latitude,longitude)",
			 country_name(countries[0]));
	else
		cap_tell(s, CAP_RULE_SHAPE_ELSEWHERE, shape->at,
			 "it is far from %s, which the geocode names (expected a shape there)",
			 country_name(countries[0]));
}

static void
judge_against_first(struct cap_sink *s, const struct shape *first, const struct shape *shape)
{
	struct geo_box swapped;

	if (box_apart(&first->box, &shape->box) > FAR && box_swap(&shape->box, &swapped) &&
	    box_apart(&first->box, &swapped) < NEAR)
		cap_tell(s, CAP_RULE_SHAPE_SWAPPED, shape->at,
			 "it lies beside the area's first shape only when latitude and longitude "
			 "change places (expected latitude,longitude in both)");
}

/* Each shape with its box against the countries named, or against the first shape. */
static void
judge_places(struct cap_sink *s, const struct cap_frame *f)
{
	const struct cap_area *a = f->object;
	struct shape first = {.at = {.frame = NULL}}, shape;
	uint16_t countries[COUNTRIES_MAX];
	size_t i, n = named_countries(a, countries);

	if (n == 0 && a->n_polygons + a->n_circles < 2)
		return;
	for (i = 0; i < a->n_polygons + a->n_circles; i++) {
		if (i < a->n_polygons) {
			const struct cap_polygon *p = &a->polygons[i];

			if (!p->ok)
				continue;
			shape.at = spot_of(f, "polygon", i, p->line);
			shape.box = geo_ring_box(&p->ring);
		} else {
			const struct cap_circle *c = &a->circles[i - a->n_polygons];

			if (!c->ok || c->circle.radius_km > RADIUS_MAX)
				continue;
			shape.at = spot_of(f, "circle", i - a->n_polygons, c->line);
			shape.box = geo_circle_box(&c->circle);
		}
		if (n > 0)
			judge_country(s, &shape, countries, n);
		else if (first.at.frame == NULL)
			first = shape;
		else
			judge_against_first(s, &first, &shape);
	}
}

void
cap_geometry_area(struct cap_sink *s, const struct cap_frame *f)
{
	const struct cap_area *a = f->object;
	size_t i;

	for (i = 0; i < a->n_polygons; i++) {
		struct cap_spot at = spot_of(f, "polygon", i, a->polygons[i].line);

		if (a->polygons[i].ok)
			judge_ring(s, at, &a->polygons[i].ring);
		else
			judge_unread(s, at, a->polygons[i].text);
	}
	for (i = 0; i < a->n_circles; i++) {
		struct cap_spot at = spot_of(f, "circle", i, a->circles[i].line);
		struct sv rest = a->circles[i].text, centre;

		if (a->circles[i].ok)
			judge_circle(s, at, &a->circles[i]);
		else if (sv_word(&rest, &centre))
			judge_unread(s, at, centre);
	}
	judge_places(s, f);
}
