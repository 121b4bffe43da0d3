/*
 * cap_mend_shapes.c — polygons and circles written another way, repeated points
 * and rings that are not closed. Pure.
 *
 * Coordinates keep their digits: points are moved as text. Nothing is done to a
 * polygon with a point that cannot be read or is out of range: it may have latitude
 * and longitude swapped, and that is not ours to decide.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_mend_int.h"
#include "cap/cap_values.h"
#include "geo/simplify.h"

struct vertex {
	struct sv text;
	struct geo_point at;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A number off the front, as text. */
static bool
take_number(struct sv *v, struct sv *ret)
{
	size_t n = 0;
	double number;

	while (n < v->n && ((v->p[n] >= '0' && v->p[n] <= '9') || v->p[n] == '.' ||
			    ((v->p[n] == '-' || v->p[n] == '+') && n == 0)))
		n++;
	*ret = sv_head(*v, n);
	*v = sv_from(*v, n);
	return cap_parse_decimal(*ret, &number);
}

static size_t
skip_space(struct sv *v)
{
	size_t n = 0;

	while (n < v->n && is_space(v->p[n]))
		n++;
	*v = sv_from(*v, n);
	return n;
}

/* "lat , lon" off the front, as "lat,lon" into out. */
static bool
take_pair(struct sv *rest, struct buf *out, bool *ret_point)
{
	struct sv lat, lon;

	if (!take_number(rest, &lat))
		return false;
	skip_space(rest);
	if (rest->n == 0 || rest->p[0] != ',')
		return false;
	*rest = sv_from(*rest, 1);
	skip_space(rest);
	if (!take_number(rest, &lon))
		return false;
	if (sv_find_char(lat, '.') < lat.n || sv_find_char(lon, '.') < lon.n)
		*ret_point = true;
	buf_add(out, lat);
	buf_addc(out, ',');
	buf_add(out, lon);
	return true;
}

/* Points with white space between them, or each with a semicolon; then some number
 * has a decimal point, else the comma might be one. */
static bool
mend_points(struct sv v, struct buf *out)
{
	struct sv rest = v;
	size_t n_space = 0, n_semicolon = 0, space;
	bool point = false;

	for (;;) {
		if (!take_pair(&rest, out, &point))
			return false;
		space = skip_space(&rest);
		if (rest.n > 0 && rest.p[0] == ';') {
			rest = sv_from(rest, 1);
			n_semicolon += rest.n > 0; /* one at the very end parts nothing */
			skip_space(&rest);
		} else if (rest.n > 0) {
			if (space == 0)
				return false;
			n_space++;
		}
		if (rest.n == 0)
			return n_semicolon == 0 || (n_space == 0 && point);
		buf_addc(out, ' ');
	}
}

static bool
mend_centre(struct sv v, struct buf *out)
{
	struct sv rest = v, radius;
	bool point;

	if (!take_pair(&rest, out, &point) || skip_space(&rest) == 0)
		return false;
	if (!take_number(&rest, &radius) || rest.n > 0)
		return false;
	buf_addc(out, ' ');
	buf_add(out, radius);
	return true;
}

/* Do the words have the form they should: "lat,lon" each, or "lat,lon radius"? */
static bool
words_ok(struct sv v, bool circle)
{
	struct sv rest = v, word, number, tail;
	size_t n = 0;

	while (sv_word(&rest, &word)) {
		tail = word;
		n++;
		if (!take_number(&tail, &number))
			return false;
		if (circle && n == 2 && tail.n == 0)
			continue;
		if (tail.n == 0 || tail.p[0] != ',')
			return false;
		tail = sv_from(tail, 1);
		if (!take_number(&tail, &number) || tail.n > 0)
			return false;
	}
	return !circle || n == 2;
}

bool
cap_mend_separators(struct arena *a, struct sv v, bool circle, struct sv *ret)
{
	struct buf b = BUF_INIT(2 * LIMIT_CAP_FILE);
	bool done;

	if (words_ok(v, circle))
		return false;
	done = circle ? mend_centre(v, &b) : mend_points(v, &b);
	if (done)
		*ret = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return done;
}

bool
cap_mend_breaks(struct arena *a, struct sv v, struct sv *ret)
{
	char *p;
	size_t i, n = 0;
	bool done = false;

	for (i = 0; i < v.n && !done; i++)
		done = is_space(v.p[i]) && (v.p[i] != ' ' || (i + 1 < v.n && is_space(v.p[i + 1])));
	if (!done)
		return false;
	p = arena_alloc(a, v.n + 1);
	for (i = 0; i < v.n; i++) {
		if (!is_space(v.p[i]))
			p[n++] = v.p[i];
		else if (n > 0 && p[n - 1] != ' ')
			p[n++] = ' ';
	}
	*ret = (struct sv){p, n};
	return true;
}

static bool
same_point(struct geo_point p, struct geo_point q)
{
	return !(p.lat < q.lat) && !(p.lat > q.lat) && !(p.lon < q.lon) && !(p.lon > q.lon);
}

/* The points, when all can be read and are in range. */
static bool
vertices_of(struct arena *a, struct sv v, struct vertex **ret, size_t *ret_n)
{
	struct sv rest = v, word;
	struct vertex *p;
	size_t n = 0, comma;

	while (sv_word(&rest, &word))
		n++;
	if (n == 0 || n > LIMIT_CAP_POINTS)
		return false;
	p = ARENA_NEW_N(a, struct vertex, n);
	n = 0;
	for (rest = v; sv_word(&rest, &word); n++) {
		comma = sv_find_char(word, ',');
		if (comma == word.n || !cap_parse_decimal(sv_head(word, comma), &p[n].at.lat) ||
		    !cap_parse_decimal(sv_from(word, comma + 1), &p[n].at.lon) ||
		    p[n].at.lat < -90 || p[n].at.lat > 90 || p[n].at.lon < -180 ||
		    p[n].at.lon > 180)
			return false;
		p[n].text = word;
	}
	*ret = p;
	*ret_n = n;
	return true;
}

static struct sv
write_points(struct arena *a, const struct vertex *p, size_t n, bool first_again)
{
	struct buf b = BUF_INIT(2 * LIMIT_CAP_FILE);
	struct sv all;
	size_t i;

	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(&b, ' ');
		buf_add(&b, p[i].text);
	}
	if (first_again) {
		buf_addc(&b, ' ');
		buf_add(&b, p[0].text);
	}
	all = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return all;
}

/* Three or more different points. */
static bool
is_area(const struct vertex *p, size_t n)
{
	size_t i, second = 0;

	for (i = 1; i < n; i++) {
		if (same_point(p[i].at, p[0].at))
			continue;
		if (second == 0)
			second = i;
		else if (!same_point(p[i].at, p[second].at))
			return true;
	}
	return false;
}

bool
cap_mend_repeated_points(struct arena *a, struct sv v, struct sv *ret)
{
	struct vertex *p;
	size_t n, kept, i;

	if (!vertices_of(a, v, &p, &n) || !is_area(p, n))
		return false;
	for (kept = 1, i = 1; i < n; i++) {
		if (!same_point(p[i].at, p[kept - 1].at))
			p[kept++] = p[i];
	}
	if (kept == n)
		return false;
	*ret = write_points(a, p, kept, false);
	return true;
}

bool
cap_mend_unclosed(struct arena *a, struct sv v, struct sv *ret)
{
	struct vertex *p;
	size_t n;

	if (!vertices_of(a, v, &p, &n) || !is_area(p, n) || same_point(p[0].at, p[n - 1].at))
		return false;
	*ret = write_points(a, p, n, true);
	return true;
}

bool
cap_mend_simplified(struct arena *a, struct sv v, size_t max_points, struct sv *ret)
{
	struct buf b = BUF_INIT(LIMIT_CAP_FILE);
	struct simplified s;
	struct geo_ring ring;
	struct err e = ERR_INIT;
	size_t i;
	bool done = false;

	/* A ring that is simple and small enough comes back as it is; one that crosses itself
	 * becomes its outer boundary. */
	if (cap_parse_polygon(&ring, a, v, LIMIT_CAP_POINTS, &e) != RC_OK ||
	    ring_simplify(&s, a, &ring, max_points, &e) != RC_OK || s.way == SIMPLIFY_SAME)
		goto out;
	for (i = 0; i < s.ring.n; i++)
		buf_addf(&b, "%s%.*f,%.*f", i > 0 ? " " : "", s.decimals, s.ring.points[i].lat,
			 s.decimals, s.ring.points[i].lon);
	if (!buf_ok(&b))
		goto out;
	*ret = arena_sv(a, buf_sv(&b));
	done = true;
out:
	buf_fini(&b);
	return done;
}
