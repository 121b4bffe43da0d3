/*
 * utf8.c — see utf8.h; the ranges are those of RFC 3629, section 4.
 */
#include "base/utf8.h"

/* Bytes of the valid character at p, of which n are there; 0 when invalid. */
static size_t
char_len(const unsigned char *p, size_t n)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t len, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (len > n)
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0; /* overlong */
	else if (p[0] == 0xed)
		high = 0x9f; /* surrogates */
	else if (p[0] == 0xf0)
		low = 0x90; /* overlong */
	else if (p[0] == 0xf4)
		high = 0x8f; /* beyond U+10FFFF */
	if (p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return len;
}

size_t
utf8_bad_at(struct sv v)
{
	const unsigned char *p = (const unsigned char *)v.p;
	size_t at = 0, len;

	while (at < v.n) {
		uint64_t eight;

		/* Eight ASCII bytes at a time: most text is. */
		while (v.n - at >= 8 &&
		       (memcpy(&eight, p + at, 8), (eight & 0x8080808080808080u) == 0))
			at += 8;
		if (at == v.n)
			break;
		len = char_len(p + at, v.n - at);
		if (len == 0)
			return at;
		at += len;
	}
	return v.n;
}

bool
utf8_valid(struct sv v)
{
	return utf8_bad_at(v) == v.n;
}

bool
utf8_next(struct sv *rest, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)rest->p;
	size_t len = rest->n > 0 ? char_len(p, rest->n) : 0;
	uint32_t c;
	size_t i;

	if (len == 0)
		return false;
	c = len == 1 ? p[0] : (uint32_t)(p[0] & (0x7f >> len));
	for (i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3fu);
	*rest = sv_from(*rest, len);
	*ret = c;
	return true;
}

size_t
utf8_put(char out[4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		if (c >= 0xd800 && c <= 0xdfff)
			return 0;
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	if (c > 0x10ffff)
		return 0;
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

size_t
utf8_count(struct sv v)
{
	size_t i, n = 0;

	for (i = 0; i < v.n; i++)
		n += ((unsigned char)v.p[i] & 0xc0) != 0x80;
	return n;
}

struct sv
utf8_cut(struct sv v, size_t n)
{
	if (n >= v.n)
		return v;
	while (n > 0 && ((unsigned char)v.p[n] & 0xc0) == 0x80)
		n--;
	return sv_head(v, n);
}

bool
utf8_has_control(struct sv v)
{
	uint32_t c;

	while (utf8_next(&v, &c))
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0))
			return true;
	return false;
}
