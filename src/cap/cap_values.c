/*
 * cap_values.c — times, numbers, polygons, circles, references and tokens. Pure.
 */
#include "cap/cap_values.h"

#include "base/arena.h"
#include "base/utf8.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool
cap_parse_time(struct sv v, struct time_at *ret)
{
	struct time_at t;

	if (!time_parse_cap(v, &t) || t.offset_min > 14 * 60 || t.offset_min < -14 * 60)
		return false;
	/* A leap second is a form of RFC 3339, not of XML Schema. */
	if (v.p[17] == '6')
		return false;
	*ret = t;
	return true;
}

/* Take digits off the front; returns how many. */
static size_t
take_digits(struct sv *v)
{
	size_t n = 0;

	while (n < v->n && is_digit(v->p[n]))
		n++;
	*v = sv_from(*v, n);
	return n;
}

bool
cap_parse_datetime(struct sv v, struct time_at *ret, bool *ret_ok)
{
	char plain[] = "yyyy-mm-ddThh:mm:ss+00:00";
	struct sv rest = v, offset;
	struct time_at t;
	size_t year;
	bool negative = v.n > 0 && v.p[0] == '-', midnight;

	if (negative)
		rest = sv_from(rest, 1);
	v = rest;
	year = take_digits(&rest);
	/* "-mm-ddThh:mm:ss" follows the year. */
	if (year < 4 || year > 18 || (year > 4 && v.p[0] == '0') || rest.n < 15)
		return false;
	memcpy(plain, year == 4 ? v.p : "2000", 4);
	memcpy(plain + 4, rest.p, 15);
	/* Leap years come again every 400 years. */
	if (year > 4)
		memcpy(plain, "2", 1), memcpy(plain + 1, v.p + year - 3, 3);
	rest = sv_from(rest, 15);
	if (rest.n > 0 && rest.p[0] == '.') {
		rest = sv_from(rest, 1);
		if (take_digits(&rest) == 0)
			return false;
	}
	offset = rest.n == 1 && rest.p[0] == 'Z' ? SV("+00:00") : rest;
	if (offset.n == 6)
		memcpy(plain + 19, offset.p, 6);
	else if (offset.n != 0)
		return false;
	midnight = memcmp(plain + 11, "24:00:00", 8) == 0;
	if (midnight)
		memcpy(plain + 11, "00", 2);
	if (!cap_parse_time((struct sv){plain, sizeof(plain) - 1}, &t))
		return false;
	if (midnight)
		t.utc += TIME_DAY;
	*ret = t;
	*ret_ok = year == 4 && !negative;
	return true;
}

bool
cap_parse_decimal(struct sv v, double *ret)
{
	/* XML Schema takes "5." as well. */
	if (v.n > 1 && v.p[v.n - 1] == '.' && is_digit(v.p[v.n - 2]) &&
	    sv_find_char(v, '.') == v.n - 1)
		v.n--;
	return sv_to_double(v, ret);
}

/* The next run without white space, and where its first comma is (its length without
 * one): polygons of thousands of points are read with it. */
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

/* "lat,lon" with the comma at that place. */
static bool
parse_point(struct sv v, size_t comma, struct geo_point *ret)
{
	struct geo_point p;

	if (comma == v.n || !cap_parse_decimal((struct sv){v.p, comma}, &p.lat) ||
	    !cap_parse_decimal((struct sv){v.p + comma + 1, v.n - comma - 1}, &p.lon))
		return false;
	if (p.lat < -90 || p.lat > 90 || p.lon < -180 || p.lon > 180)
		return false;
	*ret = p;
	return true;
}

enum rc
cap_parse_polygon(struct geo_ring *ret, struct arena *a, struct sv v, size_t max, struct err *e)
{
	struct geo_point *points;
	struct sv rest = v, word;
	size_t comma, n = 0;

	if (v.n > 0) {
		while (next_pair(&rest, &word, &comma))
			n++;
	}
	if (n > max)
		return err_set(e, RC_LIMIT,
			       "%zu points are more than we accept (expected at most %zu)", n, max);
	if (n < 4)
		return err_set(e, RC_SYNTAX,
			       "%zu point%s (expected four or more, the last equal to "
			       "the first)",
			       n, n == 1 ? "" : "s");
	points = ARENA_NEW_N(a, struct geo_point, n);
	n = 0;
	for (rest = v; next_pair(&rest, &word, &comma); n++) {
		if (!parse_point(word, comma, &points[n]))
			return err_set(e, RC_SYNTAX,
				       "point %zu, \"%.*s\" (expected latitude,longitude "
				       "in degrees such as \"55.75,37.62\")",
				       n + 1, SV_ARG(utf8_cut(word, 60)));
	}
	if (points[0].lat < points[n - 1].lat || points[0].lat > points[n - 1].lat ||
	    points[0].lon < points[n - 1].lon || points[0].lon > points[n - 1].lon)
		return err_set(e, RC_SYNTAX,
			       "the last point is not the first one again "
			       "(expected a closed polygon)");
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

bool
cap_next_reference(struct sv *rest, struct sv *ret_item, struct cap_reference *ret, bool *ret_ok)
{
	struct cap_reference r;
	struct sv item, tail;
	size_t comma;

	if (!sv_word(rest, &item))
		return false;
	*ret_item = item;
	*ret_ok = false;
	comma = sv_find_char(item, ',');
	r.sender = sv_head(item, comma);
	tail = sv_from(item, comma + 1);
	comma = sv_find_char(tail, ',');
	r.identifier = sv_head(tail, comma);
	r.sent.text = sv_from(tail, comma + 1);
	if (cap_is_name(r.sender) && cap_is_name(r.identifier) &&
	    cap_parse_time(r.sent.text, &r.sent.at)) {
		r.sent.ok = true;
		*ret = r;
		*ret_ok = true;
	}
	return true;
}

bool
cap_next_quoted(struct sv *rest, struct sv *ret_item, bool *ret_ok)
{
	struct sv v = *rest;
	size_t i = 0, from;

	while (i < v.n && is_space(v.p[i]))
		i++;
	if (i == v.n)
		return false;
	*ret_ok = true;
	if (v.p[i] == '"') {
		from = i + 1;
		i = from + sv_find_char(sv_from(v, from), '"');
		*ret_item = (struct sv){v.p + from, i - from};
		if (i == v.n)
			*ret_ok = false;
		else
			i++;
		if (i < v.n && !is_space(v.p[i]))
			*ret_ok = false;
	} else {
		from = i;
		while (i < v.n && !is_space(v.p[i])) {
			if (v.p[i] == '"')
				*ret_ok = false;
			i++;
		}
		*ret_item = (struct sv){v.p + from, i - from};
	}
	*rest = sv_from(v, i);
	return true;
}

bool
cap_is_name(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		if (is_space(v.p[i]) || v.p[i] == ',' || v.p[i] == '<' || v.p[i] == '&')
			return false;
	}
	return v.n > 0;
}

bool
cap_is_language(struct sv v)
{
	size_t i, run = 0;
	bool first = true;

	for (i = 0; i < v.n; i++) {
		if (v.p[i] == '-') {
			if (run == 0)
				return false;
			run = 0;
			first = false;
		} else if (is_letter(v.p[i]) || (!first && is_digit(v.p[i]))) {
			if (++run > 8)
				return false;
		} else {
			return false;
		}
	}
	return run > 0;
}

bool
cap_is_integer(struct sv v)
{
	size_t i = v.n > 0 && (v.p[0] == '-' || v.p[0] == '+') ? 1 : 0;
	size_t from = i;

	for (; i < v.n; i++) {
		if (!is_digit(v.p[i]))
			return false;
	}
	return v.n > from && v.n - from <= 18;
}

/* RFC 2045, 5.1: printable ASCII but space and tspecials. */
static bool
is_token(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		if (v.p[i] <= ' ' || v.p[i] > '~' || strchr("()<>@,;:\\\"/[]?=", v.p[i]) != NULL)
			return false;
	}
	return v.n > 0;
}

bool
cap_is_mime_type(struct sv v)
{
	struct sv type = sv_trim(sv_head(v, sv_find_char(v, ';')));
	size_t slash = sv_find_char(type, '/');

	return is_token(sv_head(type, slash)) && is_token(sv_from(type, slash + 1));
}

#define L4(a, b, c, d) [a] = 1, [b] = 1, [c] = 1, [d] = 1
static const unsigned char base64_alphabet[256] = {
	L4('A', 'B', 'C', 'D'), L4('E', 'F', 'G', 'H'), L4('I', 'J', 'K', 'L'),
	L4('M', 'N', 'O', 'P'), L4('Q', 'R', 'S', 'T'), L4('U', 'V', 'W', 'X'),
	L4('Y', 'Z', 'a', 'b'), L4('c', 'd', 'e', 'f'), L4('g', 'h', 'i', 'j'),
	L4('k', 'l', 'm', 'n'), L4('o', 'p', 'q', 'r'), L4('s', 't', 'u', 'v'),
	L4('w', 'x', 'y', 'z'), L4('0', '1', '2', '3'), L4('4', '5', '6', '7'),
	L4('8', '9', '+', '/'),
};
#undef L4

bool
cap_is_base64(struct sv v)
{
	size_t n;

	return cap_base64_size(v, &n);
}

bool
cap_base64_size(struct sv v, size_t *ret)
{
	size_t i = 0, from, n = 0, pad = 0;

	/* In runs, because an embedded picture is the bulk of a message. */
	while (i < v.n) {
		from = i;
		while (i < v.n && base64_alphabet[(unsigned char)v.p[i]])
			i++;
		if (i > from && pad > 0)
			return false;
		n += i - from;
		if (i == v.n)
			break;
		if (v.p[i] == '=') {
			pad++;
			n++;
		} else if (!is_space(v.p[i])) {
			return false;
		}
		i++;
	}
	if (n % 4 != 0 || pad > 2)
		return false;
	*ret = n / 4 * 3 - pad;
	return true;
}

bool
cap_is_sha1(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		if (!is_hex(v.p[i]))
			return false;
	}
	return v.n == 40;
}
