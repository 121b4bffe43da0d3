/*
 * cap_mend_bytes.c — bytes as they came to bytes that the parser may have. Pure.
 *
 * In order: UTF-16 to UTF-8, the byte order mark, what stands before and behind
 * the tags, an encoding that the parser is not given. Line feeds that go are counted.
 */
#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cap/cap_mend_int.h"

#define BOM "\xEF\xBB\xBF"

/* Windows-1252, 0x80 to 0x9F; 0 where it has no character. */
static const uint16_t cp1252[32] = {
	0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static void
tell(struct cap_mend_list *list, struct arena *a, enum cap_mend_kind kind, int line, struct sv from,
     struct sv to)
{
	cap_mend_add(list, a, (struct cap_mend){kind, line, SV(""), arena_sv(a, from), to});
}

static int
count_lines(struct sv v)
{
	size_t i;
	int n = 0;

	for (i = 0; i < v.n; i++)
		n += v.p[i] == '\n';
	return n;
}

/* At offset i of UTF-16 text, high byte first or not; i + 1 is inside. */
static uint32_t
unit_at(struct sv v, size_t i, bool big)
{
	unsigned char one = (unsigned char)v.p[i], two = (unsigned char)v.p[i + 1];

	return big ? (uint32_t)one << 8 | two : (uint32_t)two << 8 | one;
}

/* False when a surrogate stands alone or a byte is left over. */
static bool
utf16_to_utf8(struct arena *a, struct sv v, bool big, struct sv *ret)
{
	/* Two bytes become at most three. */
	char *out;
	size_t i, n = 0;
	uint32_t c, low;

	if (v.n % 2 != 0)
		return false;
	out = arena_alloc(a, v.n / 2 * 3 + 4);
	for (i = 0; i < v.n; i += 2) {
		c = unit_at(v, i, big);
		if (c >= 0xD800 && c < 0xDC00 && i + 3 < v.n) {
			low = unit_at(v, i + 2, big);
			if (low < 0xDC00 || low > 0xDFFF)
				return false;
			c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
			i += 2;
		}
		if (c >= 0xD800 && c <= 0xDFFF)
			return false;
		n += utf8_put(out + n, c);
	}
	*ret = (struct sv){out, n};
	return true;
}

/* The mark FE FF or FF FE, or "<" and a NUL at the very front (XML 1.0, appendix F). */
static bool
is_utf16(struct sv v, bool *ret_big)
{
	if (v.n < 4)
		return false;
	*ret_big = unit_at(v, 0, true) == 0xFEFF || unit_at(v, 0, true) == '<';
	return *ret_big || (unit_at(v, 0, false) == 0xFEFF && unit_at(v, 2, false) != 0) ||
	       (unit_at(v, 0, false) == '<' && unit_at(v, 2, false) < 0x80);
}

static bool
cp1252_to_utf8(struct arena *a, struct sv v, struct sv *ret)
{
	char *out = arena_alloc(a, 3 * v.n + 4);
	size_t i, n = 0;
	unsigned char c;
	uint32_t u;

	for (i = 0; i < v.n; i++) {
		c = (unsigned char)v.p[i];
		u = c >= 0x80 && c < 0xA0 ? cp1252[c - 0x80] : c;
		if (u == 0)
			return false;
		n += utf8_put(out + n, u);
	}
	*ret = (struct sv){out, n};
	return true;
}

/* The length of "<?xml … ?>" in front, and what it says of the encoding; 0 without one. */
static size_t
declaration(struct sv v, struct sv *ret_encoding)
{
	struct sv decl;
	size_t end, at;

	*ret_encoding = SV_NONE;
	if (!sv_starts(v, SV("<?xml")))
		return 0;
	end = sv_find(sv_head(v, LIMIT_CAP_TAG), SV("?>"));
	if (end >= v.n || end >= LIMIT_CAP_TAG)
		return 0;
	decl = sv_head(v, end);
	at = sv_find(decl, SV("encoding"));
	if (at < decl.n) {
		decl = sv_trim(sv_from(decl, at + sizeof("encoding") - 1));
		decl = sv_trim(sv_from(decl, 1)); /* "=" */
		if (decl.n > 1)
			*ret_encoding = sv_head(sv_from(decl, 1),
						sv_find_char(sv_from(decl, 1), decl.p[0]));
	}
	return end + 2;
}

/* An encoding that the guard refuses and we can read: the text becomes UTF-8 and loses
 * its declaration, which is no longer true. */
static void
mend_encoding(struct cap_plain *p, struct arena *a, struct cap_mend_list *list, bool converted)
{
	struct sv name, body;
	size_t n = declaration(p->text, &name);

	if (n == 0 || name.n == 0)
		return;
	body = sv_from(p->text, n);
	if (converted) {
		/* whatever it says, it is no longer so */
	} else if (sv_eq_nocase(name, SV("windows-1252")) || sv_eq_nocase(name, SV("cp1252"))) {
		if (!cp1252_to_utf8(a, body, &body))
			return;
	} else if (sv_eq_nocase(sv_head(name, 6), SV("UTF-16"))) {
		/* A declaration that can be read in bytes is in front of bytes. */
		if (!utf8_valid(body))
			return;
	} else {
		return;
	}
	if (!converted)
		tell(list, a, CAP_MEND_ENCODING, 1, name, SV("UTF-8"));
	p->lines_before += count_lines(sv_head(p->text, n));
	p->text = body;
}

struct cap_plain
cap_plain_of(struct arena *a, struct sv bytes, struct cap_mend_list *list)
{
	struct cap_plain p = {bytes, 0};
	struct sv before, after;
	size_t at;
	bool big, converted = false;

	if (bytes.n > LIMIT_CAP_FILE)
		return p; /* the guard refuses it */
	if (is_utf16(p.text, &big) && utf16_to_utf8(a, p.text, big, &p.text)) {
		converted = true;
		tell(list, a, CAP_MEND_ENCODING, 1, big ? SV("UTF-16BE") : SV("UTF-16LE"),
		     SV("UTF-8"));
	}
	if (sv_starts(p.text, SV(BOM))) {
		p.text = sv_from(p.text, sizeof(BOM) - 1);
		if (!converted)
			tell(list, a, CAP_MEND_BOM, 1, SV("EF BB BF"), SV(""));
	}
	at = sv_find_char(p.text, '<');
	before = sv_head(p.text, at);
	/* White space before a root without declaration is XML. */
	if (at > 0 && at < p.text.n &&
	    (sv_trim(before).n > 0 || sv_starts(sv_from(p.text, at), SV("<?xml")))) {
		tell(list, a, CAP_MEND_LEADING, 1, before, SV(""));
		p.lines_before = count_lines(before);
		p.text = sv_from(p.text, at);
	}
	for (at = p.text.n; at > 0 && p.text.p[at - 1] != '>'; at--)
		;
	after = sv_from(p.text, at);
	if (at > 0 && sv_trim(after).n > 0) {
		tell(list, a, CAP_MEND_TRAILING,
		     1 + p.lines_before + count_lines(sv_head(p.text, at)), after, SV(""));
		p.text = sv_head(p.text, at);
	}
	mend_encoding(&p, a, list, converted);
	return p;
}
