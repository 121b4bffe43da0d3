/*
 * cap_values.c — times, references and tokens. Pure.
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
	char plain[sizeof("yyyy-mm-ddThh:mm:ss+00:00")];
	struct time_at t;
	bool midnight = v.n == sizeof(plain) - 1 && memcmp(v.p + 11, "24:00:00", 8) == 0;

	/* The last day that four digits can write has no next one. */
	if (midnight && memcmp(v.p, "9999-12-31", 10) == 0)
		return false;
	if (midnight) {
		memcpy(plain, v.p, v.n);
		memcpy(plain + 11, "00", 2);
		v.p = plain;
	}
	if (!time_parse_cap(v, &t) || t.offset_min > 14 * 60 || t.offset_min < -14 * 60)
		return false;
	/* A leap second is a form of RFC 3339, not of XML Schema. */
	if (v.p[17] == '6')
		return false;
	if (midnight)
		t.utc += TIME_DAY;
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

#define RUN 32

/* No branch and a fixed length: compilers make it a few wide instructions. */
static bool
run_is_base64(const char *p)
{
	unsigned char c, other = 0;
	int i;

	for (i = 0; i < RUN; i++) {
		c = (unsigned char)p[i];
		/* '/' stands before '0' */
		other |= (unsigned char)!((unsigned char)((c | 0x20) - 'a') <= 'z' - 'a' ||
					  (unsigned char)(c - '/') <= '9' - '/' || c == '+');
	}
	return other == 0;
}

bool
cap_base64_size(struct sv v, size_t *ret)
{
	size_t i = 0, from, n = 0, pad = 0;

	/* In runs, because an embedded picture is the bulk of a message. */
	while (i < v.n) {
		from = i;
		while (v.n - i >= RUN && run_is_base64(v.p + i))
			i += RUN;
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
