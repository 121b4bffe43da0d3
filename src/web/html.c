/*
 * html.c — see html.h. One escaping serves text and attributes, and XML as well as HTML:
 * the five characters that mean something are written as references that both know.
 */
#include "web/html.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"

static const char *
reference_of(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Allowed in XML 1.0 (2.2), and no control character. */
static bool
is_written(uint32_t c)
{
	return c == '\t' || c == '\n' || (c >= 0x20 && c < 0x7f) ||
	       (c >= 0xa0 && c != 0xfffe && c != 0xffff);
}

void
html_text(struct buf *b, struct sv text)
{
	while (text.n > 0) {
		struct sv from = text;
		uint32_t c;

		if (!utf8_next(&text, &c)) {
			buf_adds(b, "\xef\xbf\xbd");
			text = sv_from(from, 1);
		} else if (reference_of(c) != NULL) {
			buf_adds(b, reference_of(c));
		} else if (!is_written(c)) {
			buf_addc(b, ' ');
		} else {
			buf_add(b, sv_head(from, from.n - text.n));
		}
	}
}

void
html_attr(struct buf *b, struct sv text)
{
	html_text(b, text);
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

static void
add_percent(struct buf *b, char c)
{
	buf_addf(b, "%%%02X", (unsigned)(unsigned char)c);
}

void
html_segment(struct buf *b, struct sv text)
{
	size_t i;

	for (i = 0; i < text.n; i++) {
		if (is_unreserved(text.p[i]))
			buf_addc(b, text.p[i]);
		else
			add_percent(b, text.p[i]);
	}
}

bool
html_url_ok(struct sv url)
{
	static const char *const schemes[] = {"http://", "https://", "mailto:", "tel:"};
	size_t i;

	/* A path of this site; "//host" and "/\host" would lead elsewhere. */
	if (url.n > 0 && url.p[0] == '/')
		return url.n == 1 || (url.p[1] != '/' && url.p[1] != '\\');
	if (url.n > 0 && url.p[0] == '#')
		return true;
	for (i = 0; i < ARRAY_LEN(schemes); i++) {
		struct sv s = sv_of(schemes[i]);

		if (url.n > s.n && sv_eq_nocase(sv_head(url, s.n), s))
			return true;
	}
	return false;
}

void
html_url(struct buf *b, struct sv url)
{
	size_t i;

	if (url.n > 0 && !html_url_ok(url))
		url = SV("#");
	for (i = 0; i < url.n; i++) {
		char c = url.p[i];

		if (c == '&')
			buf_adds(b, "&amp;");
		else if (is_unreserved(c) || (c != '\0' && strchr(":/?#[]@!$()*+,;=%", c) != NULL))
			buf_addc(b, c);
		else
			add_percent(b, c);
	}
}

static void
put_argument(struct buf *b, struct sv kind, struct sv arg)
{
	if (kind.n == 0)
		html_text(b, arg);
	else if (sv_eq(kind, SV("url")))
		html_url(b, arg);
	else if (sv_eq(kind, SV("seg")))
		html_segment(b, arg);
	else
		BUG_ON(true); /* no such kind of place */
}

void
html_put(struct buf *b, const char *form, const struct sv *args, size_t n)
{
	struct sv rest = sv_of(form);
	size_t used = 0;

	for (;;) {
		size_t open = sv_find_char(rest, '{'), close;

		buf_add(b, sv_head(rest, open));
		if (open == rest.n)
			break;
		rest = sv_from(rest, open + 1);
		close = sv_find_char(rest, '}');
		BUG_ON(close == rest.n || used == n);
		put_argument(b, sv_head(rest, close), args[used++]);
		rest = sv_from(rest, close + 1);
	}
	BUG_ON(used != n);
}
