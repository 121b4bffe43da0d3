/*
 * mime.c — see mime.h.
 */
#include "desk/mime.h"
#include "base/buf.h"
#include "base/utf8.h"

#define LINE_CHARS     76
#define WORD_FRAME     12 /* of "=?UTF-8?B?" and "?=" */
#define WORD_BYTES     45 /* of text in an encoded word: 60 characters of base64 */
#define NAME_MAX_CHARS 30 /* of a header's name */
#define BODY_BYTES     57 /* of text in a line of 76 characters */

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

/* Encoded words, one a line; a line with one has at most 76 characters (RFC 2047, 2), of
 * which `used` stand already. */
static void
add_words(struct buf *b, struct sv text, size_t used)
{
	size_t room = (LINE_CHARS - WORD_FRAME - used) / 4 * 3;
	bool first = true;

	while (text.n > 0) {
		struct sv word = utf8_cut(text, room < WORD_BYTES ? room : WORD_BYTES);

		if (word.n == 0) /* not UTF-8: as bytes */
			word = sv_head(text, 1);
		if (!first)
			buf_adds(b, "\r\n ");
		buf_adds(b, "=?UTF-8?B?");
		add_base64(b, word);
		buf_adds(b, "?=");
		text = sv_from(text, word.n);
		first = false;
		room = WORD_BYTES;
	}
}

/* Line ends and other control characters become spaces. */
static void
add_clean(struct buf *b, struct sv text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		buf_addc(b, (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f ? ' ' : text.p[i]);
}

void
mime_header(struct buf *b, const char *name, struct sv text)
{
	struct buf clean = BUF_INIT(64 * 1024);

	BUG_ON(strlen(name) > NAME_MAX_CHARS);
	buf_addf(b, "%s: ", name);
	add_clean(&clean, sv_head(text, 32 * 1024));
	if (is_plain(buf_sv(&clean)))
		buf_add(b, buf_sv(&clean));
	else
		add_words(b, buf_sv(&clean), strlen(name) + 2);
	buf_adds(b, "\r\n");
	buf_fini(&clean);
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
	struct buf clean = BUF_INIT(64 * 1024);

	BUG_ON(strlen(name) > NAME_MAX_CHARS);
	buf_addf(b, "%s: ", name);
	if (display.n > 0) {
		add_clean(&clean, sv_head(display, 32 * 1024));
		if (is_phrase(buf_sv(&clean)))
			buf_add(b, buf_sv(&clean));
		else
			add_words(b, buf_sv(&clean), strlen(name) + 2);
		/* A folded line keeps every line under 78. */
		buf_adds(b, "\r\n ");
	}
	buf_addc(b, '<');
	add_clean(b, address);
	buf_adds(b, ">\r\n");
	buf_fini(&clean);
}

static size_t
add_byte(struct buf *b, char line[BODY_BYTES], size_t n, char c)
{
	line[n++] = c;
	if (n < BODY_BYTES)
		return n;
	add_base64(b, (struct sv){line, n});
	buf_adds(b, "\r\n");
	return 0;
}

void
mime_base64(struct buf *b, struct sv text)
{
	char line[BODY_BYTES];
	size_t i, n = 0;

	for (i = 0; i < text.n; i++) {
		/* The text's own line ends are CRLF before they are encoded (RFC 2045, 6.8). */
		if (text.p[i] == '\n' && (i == 0 || text.p[i - 1] != '\r'))
			n = add_byte(b, line, n, '\r');
		n = add_byte(b, line, n, text.p[i]);
	}
	if (n > 0) {
		add_base64(b, (struct sv){line, n});
		buf_adds(b, "\r\n");
	}
}
