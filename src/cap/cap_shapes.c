/*
 * cap_shapes.c — numbers, points, polygons and circles. Pure.
 *
 * Polygons of thousands of points are usual, so one loop reads the plain form of a point; any
 * other point goes the long way, which also says what is wrong with it.
 */
#include "base/arena.h"
#include "base/utf8.h"
#include "cap/cap_values.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A number of at most 15 digits off the front: digits and the power of ten are exact in
 * double, so one division rounds as it should. NULL: of another form. */
static const char *
plain_number(const char *p, const char *end, double *ret)
{
	static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
					1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	bool negative = p < end && *p == '-';
	uint64_t digits = 0;
	const char *from, *point;
	double value;

	p += negative;
	for (from = p; p < end && is_digit(*p); p++)
		digits = digits * 10 + (uint64_t)(*p - '0');
	if (p == from || p - from > 15)
		return NULL;
	point = p;
	if (p < end && *p == '.') {
		for (p++; p < end && is_digit(*p); p++)
			digits = digits * 10 + (uint64_t)(*p - '0');
		/* The point is one of them. */
		if (p - from > 16)
			return NULL;
		point++;
	}
	value = (double)digits / powers[p - point];
	*ret = negative ? -value : value;
	return p;
}

bool
cap_parse_decimal(struct sv v, double *ret)
{
	const char *end = v.n > 0 ? v.p + v.n : v.p;

	if (v.n > 0 && plain_number(v.p, end, ret) == end)
		return true;
	/* XML Schema takes "5." as well. */
	if (v.n > 1 && v.p[v.n - 1] == '.' && is_digit(v.p[v.n - 2]) &&
	    sv_find_char(v, '.') == v.n - 1)
		v.n--;
	return sv_to_double(v, ret);
}

/* The next run without white space, and where its first comma is (its length without one). */
static bool
next_pair(struct sv *rest, struct sv *ret, size_t *ret_comma)
{
	const char *p = rest->p, *end = p + rest->n, *from, *comma = NULL;

	while (p < end && is_space(*p))
		p++;
	for (from = p; p < end && !is_space(*p); p++) {
		if (*p == ',' && comma == NULL)
			comma = p;
	}
	if (p == from)
		return false;
	*ret = sv_range(from, p);
	*ret_comma = (size_t)((comma != NULL ? comma : p) - from);
	*rest = sv_range(p, end);
	return true;
}

static bool
in_range(struct geo_point p)
{
	return p.lat >= -90 && p.lat <= 90 && p.lon >= -180 && p.lon <= 180;
}

/* "lat,lon" with the comma at that place. */
static bool
parse_point(struct sv v, size_t comma, struct geo_point *ret)
{
	struct geo_point p;

	if (comma == v.n || !cap_parse_decimal((struct sv){v.p, comma}, &p.lat) ||
	    !cap_parse_decimal((struct sv){v.p + comma + 1, v.n - comma - 1}, &p.lon) ||
	    !in_range(p))
		return false;
	*ret = p;
	return true;
}

/* The plain form of a point off the front, up to white space or the end; else NULL. */
static const char *
plain_point(const char *p, const char *end, struct geo_point *ret)
{
	p = plain_number(p, end, &ret->lat);
	if (p == NULL || p == end || *p != ',')
		return NULL;
	p = plain_number(p + 1, end, &ret->lon);
	if (p == NULL || (p < end && !is_space(*p)) || !in_range(*ret))
		return NULL;
	return p;
}

/* Not a polygon: why? It could be read up to the point that `bad` starts with. */
static enum rc
refuse_polygon(struct sv v, struct sv bad, size_t max, size_t n_read, struct err *e)
{
	struct sv rest = v, word;
	size_t comma, n = 0;

	while (v.n > 0 && next_pair(&rest, &word, &comma))
		n++;
	if (n > max)
		return err_set(e, RC_LIMIT,
			       "%zu points are more than we accept (expected at most %zu)", n, max);
	if (n < 4)
		return err_set(e, RC_SYNTAX,
			       "%zu point%s (expected four or more, the last equal to "
			       "the first)",
			       n, n == 1 ? "" : "s");
	if (bad.n > 0 && next_pair(&bad, &word, &comma))
		return err_set(e, RC_SYNTAX,
			       "point %zu, \"%.*s\" (expected latitude,longitude "
			       "in degrees such as \"55.75,37.62\")",
			       n_read + 1, SV_ARG(utf8_cut(word, 60)));
	return err_set(e, RC_SYNTAX,
		       "the last point is not the first one again "
		       "(expected a closed polygon)");
}

enum rc
cap_parse_polygon(struct geo_ring *ret, struct arena *a, struct sv v, size_t max, struct err *e)
{
	const char *p = v.p, *end = v.n > 0 ? p + v.n : p, *next;
	/* A point takes three bytes, and one to stand off the next. */
	size_t n = 0, comma, room = (v.n + 1) / 4 < max ? (v.n + 1) / 4 : max;
	struct geo_point *points = arena_alloc(a, room * sizeof(*points));
	struct sv rest, word;

	for (;;) {
		while (p < end && is_space(*p))
			p++;
		if (p == end)
			break;
		if (n == room)
			return refuse_polygon(v, sv_range(p, end), max, n, e);
		next = plain_point(p, end, &points[n]);
		if (next == NULL) {
			rest = sv_range(p, end);
			if (!next_pair(&rest, &word, &comma) ||
			    !parse_point(word, comma, &points[n]))
				return refuse_polygon(v, sv_range(p, end), max, n, e);
			next = rest.p;
		}
		p = next;
		n++;
	}
	arena_trim(a, points, n * sizeof(*points));
	if (n < 4 || points[0].lat < points[n - 1].lat || points[0].lat > points[n - 1].lat ||
	    points[0].lon < points[n - 1].lon || points[0].lon > points[n - 1].lon)
		return refuse_polygon(v, SV_NONE, max, n, e);
	ret->points = points;
	ret->n = n;
	return RC_OK;
}

enum rc
cap_parse_circle(struct geo_circle *ret, struct sv v, struct err *e)
{
	struct geo_circle c;
	struct sv rest = v, centre, radius, more;

	if (!sv_word(&rest, &centre) || !sv_word(&rest, &radius) || sv_word(&rest, &more))
		return err_set(e, RC_SYNTAX,
			       "\"%.*s\" (expected latitude,longitude, a space and a radius "
			       "in kilometres)",
			       SV_ARG(utf8_cut(v, 60)));
	if (!parse_point(centre, sv_find_char(centre, ','), &c.centre))
		return err_set(e, RC_SYNTAX,
			       "centre \"%.*s\" (expected latitude,longitude in degrees "
			       "such as \"55.75,37.62\")",
			       SV_ARG(utf8_cut(centre, 60)));
	if (!cap_parse_decimal(radius, &c.radius_km) || c.radius_km < 0)
		return err_set(e, RC_SYNTAX, "radius \"%.*s\" (expected kilometres, 0 or more)",
			       SV_ARG(utf8_cut(radius, 60)));
	*ret = c;
	return RC_OK;
}
