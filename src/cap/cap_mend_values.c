/*
 * cap_mend_values.c — other forms of times, values, references and addresses
 * to the one of CAP. Pure.
 *
 * Each answers true only when the text is not right already, can be read in one way,
 * and the strict parser takes the result.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_mend_int.h"
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

/* Take the prefix off. */
static bool
take(struct sv *v, struct sv prefix)
{
	if (!sv_starts(*v, prefix))
		return false;
	*v = sv_from(*v, prefix.n);
	return true;
}

static bool
take_digits(struct sv *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i == v->n || !is_digit(v->p[i]))
			return false;
	}
	*v = sv_from(*v, n);
	return true;
}

static void
skip_space(struct sv *v)
{
	while (v->n > 0 && is_space(v->p[0]))
		*v = sv_from(*v, 1);
}

/* Z, UTC, GMT, ±hh:mm, ±hhmm, ±hh, with the minus in three forms; "+hh:mm" into out. */
static bool
mend_offset(struct sv v, struct buf *out)
{
	struct sv hours;

	if (sv_eq_nocase(v, SV("Z")) || sv_eq(v, SV("UTC")) || sv_eq(v, SV("GMT"))) {
		buf_adds(out, "-00:00");
		return true;
	}
	if (take(&v, SV("+")))
		buf_addc(out, '+');
	else if (take(&v, SV("-")) || take(&v, SV("\xE2\x88\x92")) || take(&v, SV("\xE2\x80\x93")))
		buf_addc(out, '-');
	else
		return false;
	hours = v;
	if (!take_digits(&v, 2))
		return false;
	buf_add(out, sv_head(hours, 2));
	buf_addc(out, ':');
	if (v.n == 0) {
		buf_adds(out, "00");
		return true;
	}
	(void)take(&v, SV(":"));
	buf_add(out, v);
	return take_digits(&v, 2) && v.n == 0;
}

/* "hh:mm:ss" or "hh:mm", and a fraction, off the front. */
static bool
mend_clock(struct sv *v, struct buf *out, bool *ret_fraction)
{
	struct sv from = *v;
	bool fraction = false;

	if (!take_digits(v, 2) || !take(v, SV(":")) || !take_digits(v, 2))
		return false;
	buf_add(out, sv_head(from, 5));
	from = *v;
	if (!take(v, SV(":"))) {
		buf_adds(out, ":00");
		*ret_fraction = false;
		return true;
	}
	if (!take_digits(v, 2))
		return false;
	buf_add(out, sv_head(from, 3));
	if (take(v, SV("."))) {
		if (v->n == 0 || !is_digit(v->p[0]))
			return false;
		for (; v->n > 0 && is_digit(v->p[0]); *v = sv_from(*v, 1))
			fraction = fraction || v->p[0] != '0';
	}
	*ret_fraction = fraction;
	return true;
}

/* 24:00:00 is midnight at the end of the day (ISO 8601). */
static void
turn_midnight(struct buf *b)
{
	struct sv v = buf_sv(b);
	struct buf turned = BUF_INIT(64);
	int32_t day;

	if (sv_eq(sv_head(sv_from(v, 11), 8), SV("24:00:00")) &&
	    time_parse_date(sv_head(v, 10), &day) && !sv_starts(v, SV("9999-12-31"))) {
		time_add_date(&turned, day + 1);
		buf_adds(&turned, "T00:00:00");
		buf_add(&turned, sv_from(v, 19));
		buf_reset(b);
		buf_add(b, buf_sv(&turned));
	}
	buf_fini(&turned);
}

bool
cap_mend_time(struct arena *a, struct sv v, struct sv *ret, bool *ret_fraction)
{
	struct buf b = BUF_INIT(64);
	struct sv rest = v;
	struct time_at at;
	bool fraction = false, done = false;

	if (v.n < 16 || v.n > 60 ||
	    (cap_parse_time(v, &at) && !sv_eq(sv_head(sv_from(v, 11), 8), SV("24:00:00"))))
		return false;
	buf_add(&b, sv_head(v, 10));
	buf_addc(&b, 'T');
	rest = sv_from(v, 10);
	if (rest.p[0] == 'T' || rest.p[0] == 't')
		rest = sv_from(rest, 1);
	else if (is_space(rest.p[0]))
		skip_space(&rest);
	else
		goto out;
	if (!mend_clock(&rest, &b, &fraction))
		goto out;
	skip_space(&rest);
	if (!mend_offset(rest, &b))
		goto out;
	if (!fraction)
		turn_midnight(&b);
	if (!cap_parse_time(buf_sv(&b), &at))
		goto out;
	*ret = arena_sv(a, buf_sv(&b));
	*ret_fraction = fraction;
	done = true;
out:
	buf_fini(&b);
	return done;
}

/* Letters and digits of both in order, without regard to case; spaces, hyphens and
 * underscores do not count, other characters do. */
static bool
spelled_alike(struct sv v, const char *value)
{
	size_t i;
	char c, w;

	for (i = 0; i < v.n; i++) {
		c = v.p[i];
		if (is_space(c) || c == '-' || c == '_')
			continue;
		w = *value;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (w >= 'A' && w <= 'Z')
			w = (char)(w + ('a' - 'A'));
		if (c != w)
			return false;
		value++;
	}
	return *value == '\0' && v.n > 0;
}

bool
cap_mend_value(const char *const *values, struct sv v, struct sv *ret)
{
	int i;

	if (cap_value_find(values, v) != 0)
		return false;
	for (i = 0; values[i] != NULL; i++) {
		if (spelled_alike(v, values[i])) {
			*ret = sv_of(values[i]);
			return true;
		}
	}
	return false;
}

bool
cap_mend_language(struct arena *a, struct sv v, struct sv *ret)
{
	char *p;
	size_t i;

	if (v.n == 0 || v.n > LIMIT_LANGUAGE || cap_is_language(v) || sv_find_char(v, '_') == v.n)
		return false;
	p = arena_str(a, v);
	for (i = 0; i < v.n; i++) {
		if (p[i] == '_')
			p[i] = '-';
	}
	if (!cap_is_language((struct sv){p, v.n}))
		return false;
	*ret = (struct sv){p, v.n};
	return true;
}

bool
cap_mend_web(struct arena *a, struct sv v, struct sv *ret)
{
	struct sv host = sv_head(v, sv_find_char(v, '/')), with;
	bool absolute;
	size_t dot;

	if (!sv_eq_nocase(sv_head(v, 4), SV("www.")))
		return false;
	dot = sv_find_char(sv_from(host, 4), '.');
	if (dot == 0 || dot + 1 >= host.n - 4)
		return false;
	with = arena_fmt(a, "http://%.*s", SV_ARG(v));
	if (!cap_is_uri(with, &absolute) || !absolute)
		return false;
	*ret = with;
	return true;
}

static void
add_reference(struct buf *b, struct sv sender, struct sv identifier, struct sv sent)
{
	if (buf_sv(b).n > 0)
		buf_addc(b, ' ');
	buf_add(b, sender);
	buf_addc(b, ',');
	buf_add(b, identifier);
	buf_addc(b, ',');
	buf_add(b, sent);
}

/* A time, right or to be mended. */
static bool
sent_of(struct arena *a, struct sv v, struct sv *ret)
{
	struct time_at at;
	bool fraction;

	*ret = v;
	return cap_parse_time(v, &at) || cap_mend_time(a, v, ret, &fraction);
}

static bool
is_between(char c, bool semicolon)
{
	return is_space(c) || c == ',' || (semicolon && c == ';');
}

/* Words between white space, commas and, when asked, semicolons: every third of them,
 * and no other, is a time. */
static bool
part_references(struct arena *a, struct sv v, bool semicolon, struct buf *b)
{
	struct sv word[3] = {SV_NONE, SV_NONE, SV_NONE}, sent;
	size_t i = 0, from, n = 0;

	for (;;) {
		while (i < v.n && is_between(v.p[i], semicolon))
			i++;
		if (i == v.n)
			return n > 0 && n % 3 == 0;
		for (from = i; i < v.n && !is_between(v.p[i], semicolon); i++)
			;
		word[n % 3] = (struct sv){v.p + from, i - from};
		if (sent_of(a, word[n % 3], &sent) != (n % 3 == 2))
			return false;
		if (n % 3 == 2) {
			if (!cap_is_name(word[0]) || !cap_is_name(word[1]))
				return false;
			add_reference(b, word[0], word[1], sent);
		}
		n++;
	}
}

/* Every item has its form but for the time. */
static bool
mend_sents(struct arena *a, struct sv v, struct buf *b)
{
	struct sv rest = v, item, tail, sent;
	struct cap_reference r;
	size_t comma;
	bool ok, any = false;

	while (cap_next_reference(&rest, &item, &r, &ok)) {
		comma = sv_find_char(item, ',');
		r.sender = sv_head(item, comma);
		tail = sv_from(item, comma + 1);
		comma = sv_find_char(tail, ',');
		r.identifier = sv_head(tail, comma);
		if (!cap_is_name(r.sender) || !cap_is_name(r.identifier) ||
		    !sent_of(a, sv_from(tail, comma + 1), &sent))
			return false;
		any = any || !ok;
		add_reference(b, r.sender, r.identifier, sent);
	}
	return any;
}

static bool
references_ok(struct sv v)
{
	struct sv rest = v, item;
	struct cap_reference r;
	bool ok;

	while (cap_next_reference(&rest, &item, &r, &ok)) {
		if (!ok)
			return false;
	}
	return true;
}

bool
cap_mend_references(struct arena *a, struct sv v, struct sv *ret)
{
	struct buf b = BUF_INIT(2 * LIMIT_CAP_FILE);
	bool done;

	if (references_ok(v))
		return false;
	done = mend_sents(a, v, &b);
	if (!done) {
		buf_reset(&b);
		done = part_references(a, v, false, &b);
	}
	if (!done) {
		buf_reset(&b);
		done = part_references(a, v, true, &b);
	}
	if (done)
		*ret = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return done;
}
