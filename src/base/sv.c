/*
 * sv.c — see sv.h.
 */
#include <math.h>
#include <string.h>

#include "base/sv.h"

struct sv
sv_of(const char *s)
{
	if (s == NULL)
		return SV_NONE;
	return (struct sv){s, strlen(s)};
}

struct sv
sv_range(const char *p, const char *end)
{
	return (struct sv){p, (size_t)(end - p)};
}

bool
sv_eq(struct sv a, struct sv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool
sv_eq_nocase(struct sv a, struct sv b)
{
	size_t i;

	if (a.n != b.n)
		return false;
	for (i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

int
sv_cmp(struct sv a, struct sv b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

bool
sv_starts(struct sv v, struct sv prefix)
{
	return v.n >= prefix.n && sv_eq(sv_head(v, prefix.n), prefix);
}

bool
sv_ends(struct sv v, struct sv suffix)
{
	return v.n >= suffix.n && sv_eq(sv_from(v, v.n - suffix.n), suffix);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

struct sv
sv_trim(struct sv v)
{
	while (v.n > 0 && is_space(v.p[0])) {
		v.p++;
		v.n--;
	}
	while (v.n > 0 && is_space(v.p[v.n - 1]))
		v.n--;
	return v;
}

struct sv
sv_from(struct sv v, size_t at)
{
	if (at > v.n)
		at = v.n;
	return (struct sv){v.p != NULL ? v.p + at : NULL, v.n - at};
}

struct sv
sv_head(struct sv v, size_t n)
{
	return (struct sv){v.p, n < v.n ? n : v.n};
}

size_t
sv_find_char(struct sv v, char c)
{
	const char *hit = v.n > 0 ? memchr(v.p, c, v.n) : NULL;

	return hit != NULL ? (size_t)(hit - v.p) : v.n;
}

size_t
sv_find(struct sv v, struct sv needle)
{
	size_t at = 0;

	if (needle.n == 0)
		return 0;
	while (v.n - at >= needle.n) {
		at += sv_find_char(sv_from(v, at), needle.p[0]);
		if (v.n - at < needle.n)
			break;
		if (memcmp(v.p + at, needle.p, needle.n) == 0)
			return at;
		at++;
	}
	return v.n;
}

struct sv_split
sv_split_of(struct sv v, char sep)
{
	return (struct sv_split){v, sep, false};
}

bool
sv_split_next(struct sv_split *s, struct sv *ret)
{
	size_t at;

	if (s->done)
		return false;
	at = sv_find_char(s->rest, s->sep);
	*ret = sv_head(s->rest, at);
	if (at == s->rest.n)
		s->done = true;
	else
		s->rest = sv_from(s->rest, at + 1);
	return true;
}

bool
sv_word(struct sv *rest, struct sv *ret)
{
	struct sv v = *rest;
	size_t n = 0;

	while (v.n > 0 && is_space(v.p[0]))
		v = sv_from(v, 1);
	while (n < v.n && !is_space(v.p[n]))
		n++;
	*rest = sv_from(v, n);
	if (n == 0)
		return false;
	*ret = sv_head(v, n);
	return true;
}

bool
sv_to_u64(struct sv v, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i;

	if (v.n == 0)
		return false;
	for (i = 0; i < v.n; i++) {
		unsigned digit = (unsigned char)v.p[i] - (unsigned)'0';

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret = value;
	return true;
}

bool
sv_to_i64(struct sv v, int64_t *ret)
{
	bool negative = v.n > 0 && v.p[0] == '-';
	uint64_t value;

	if (!sv_to_u64(negative ? sv_from(v, 1) : v, &value))
		return false;
	if (value > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return false;
	*ret = negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

/* Up to 15 digits and a power of ten up to 22 are exact in double, so one
 * division rounds correctly; longer texts go through long double and strtod's
 * digits are not needed for degrees. */
bool
sv_to_double(struct sv v, double *ret)
{
	static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
					1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
					1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	bool negative = false, point = false;
	uint64_t digits = 0;
	size_t i = 0, n_digits = 0, after = 0;
	char text[48];
	char *end;

	if (v.n == 0 || v.n > 40)
		return false;
	if (v.p[0] == '-' || v.p[0] == '+') {
		negative = v.p[0] == '-';
		i = 1;
	}
	for (; i < v.n; i++) {
		if (v.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (v.p[i] < '0' || v.p[i] > '9')
			return false;
		n_digits++;
		if (n_digits <= 15)
			digits = digits * 10 + (uint64_t)(v.p[i] - '0');
		after += point;
	}
	if (n_digits == 0 || (point && after == 0))
		return false;
	if (n_digits <= 15) {
		double value = (double)digits / powers[after];

		*ret = negative ? -value : value;
		return true;
	}
	/* The program never calls setlocale, so strtod reads a point. */
	memcpy(text, v.p, v.n);
	text[v.n] = '\0';
	*ret = strtod(text, &end);
	return *end == '\0' && isfinite(*ret);
}

/* FNV-1a over eight bytes at a time with a final mix: good spread, short. */
uint64_t
sv_hash(struct sv v, uint64_t seed)
{
	uint64_t h = seed ^ 0x9e3779b97f4a7c15u ^ (uint64_t)v.n;
	size_t i = 0;

	for (; i + 8 <= v.n; i += 8) {
		uint64_t w;

		memcpy(&w, v.p + i, 8);
		h = (h ^ w) * 0x100000001b3u;
		h ^= h >> 29;
	}
	for (; i < v.n; i++)
		h = (h ^ (unsigned char)v.p[i]) * 0x100000001b3u;
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	h ^= h >> 32;
	return h;
}
