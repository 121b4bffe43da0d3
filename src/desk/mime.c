/*
 * mime.c — see mime.h.
 */
#include "desk/mime.h"
#include "base/buf.h"
#include "base/utf8.h"

#define WORD_BYTES 45 /* of text in an encoded word: 60 characters of base64 */
#define BODY_BYTES 57 /* of text in a line of 76 characters */

static void
add_base64(struct buf *b, struct sv v)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)v.p;
	size_t left = v.n;
	char four[4];

	while (left > 0) {
		unsigned bits = (unsigned)p[0] << 16;

		if (left > 1)
			bits |= (unsigned)p[1] << 8;
		if (left > 2)
			bits |= p[2];
		four[0] = letters[bits >> 18];
		four[1] = letters[bits >> 12 & 63];
		four[2] = left > 1 ? letters[bits >> 6 & 63] : '=';
		four[3] = left > 2 ? letters[bits & 63] : '=';
		buf_add(b, (struct sv){four, 4});
		p += left > 3 ? 3 : left;
		left -= left > 3 ? 3 : left;
	}
}

/* Printable ASCII that no reader can take for an encoded word. */
static bool
is_plain(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (v.p[i] < 0x20 || v.p[i] > 0x7e)
			return false;
	return v.n <= 60 && sv_find(v, SV("=?")) == v.n;
}

static void
add_words(struct buf *b, struct sv text)
{
	bool first = true;

	while (text.n > 0) {
		struct sv word = utf8_cut(text, WORD_BYTES);

		if (word.n == 0) /* not UTF-8: as bytes */
			word = sv_head(text, WORD_BYTES);
		if (!first)
			buf_adds(b, "\r\n ");
		buf_adds(b, "=?UTF-8?B?");
		add_base64(b, word);
		buf_adds(b, "?=");
		text = sv_from(text, word.n);
		first = false;
	}
}

static void
add_text(struct buf *b, struct sv text)
{
	struct buf clean = BUF_INIT(64 * 1024);
	size_t i;

	for (i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		buf_addc(&clean, c < 0x20 || c == 0x7f ? ' ' : text.p[i]);
	}
	if (is_plain(buf_sv(&clean)))
		buf_add(b, buf_sv(&clean));
	else
		add_words(b, buf_sv(&clean));
	buf_fini(&clean);
}

void
mime_header(struct buf *b, const char *name, struct sv text)
{
	buf_addf(b, "%s: ", name);
	add_text(b, text);
	buf_adds(b, "\r\n");
}

/* RFC 5322 atoms and spaces stand as they are; everything else as encoded words. */
static bool
is_phrase(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		char c = v.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == ' ' || c == '-'))
			return false;
	}
	return v.n <= 60;
}

void
mime_mailbox(struct buf *b, const char *name, struct sv display, struct sv address)
{
	buf_addf(b, "%s: ", name);
	if (display.n > 0) {
		if (is_phrase(display))
			buf_add(b, display);
		else
			add_words(b, display);
		/* A folded line keeps every line under 78. */
		buf_adds(b, "\r\n ");
	}
	buf_addf(b, "<%.*s>\r\n", SV_ARG(address));
}

void
mime_base64(struct buf *b, struct sv text)
{
	while (text.n > 0) {
		add_base64(b, sv_head(text, BODY_BYTES));
		buf_adds(b, "\r\n");
		text = sv_from(text, BODY_BYTES);
	}
}
