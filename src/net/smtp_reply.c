/*
 * smtp_reply.c — reading SMTP replies. Pure.
 */
#include "net/smtp_reply.h"

#include "base/limits.h"
#include "base/utf8.h"

void
smtp_reader_init(struct smtp_reader *r)
{
	buf_init(&r->line, LIMIT_SMTP_LINE);
	buf_init(&r->lines, LIMIT_SMTP_REPLY);
	r->enhanced[0] = '\0';
	r->code = 0;
	r->done = false;
}

void
smtp_reader_fini(struct smtp_reader *r)
{
	buf_fini(&r->line);
	buf_fini(&r->lines);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The length of a status code of RFC 3463 at the front of text, or 0: its class must be the
 * reply's own, and a space or the end must follow. */
static size_t
enhanced_length(struct sv text, int code)
{
	size_t at = 1, k, start;

	if (text.n < 5 || text.p[0] - '0' != code / 100)
		return 0;
	for (k = 0; k < 2; k++) {
		if (at >= text.n || text.p[at] != '.')
			return 0;
		start = ++at;
		while (at < text.n && is_digit(text.p[at]))
			at++;
		if (at == start || at - start > 3)
			return 0;
	}
	return at == text.n || text.p[at] == ' ' ? at : 0;
}

/* One line without its end. False: not a reply line. */
static bool
take_line(struct smtp_reader *r, struct sv line, bool *ret_last)
{
	struct sv text;
	size_t n;
	int code;

	if (line.n < 3 || line.p[0] < '2' || line.p[0] > '5' || !is_digit(line.p[1]) ||
	    !is_digit(line.p[2]) || (line.n > 3 && line.p[3] != ' ' && line.p[3] != '-'))
		return false;
	code = (line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 + (line.p[2] - '0');
	if (r->code != 0 && r->code != code)
		return false;
	text = sv_from(line, 4);
	n = enhanced_length(text, code);
	if (n > 0) {
		if (r->code == 0) {
			memcpy(r->enhanced, text.p, n);
			r->enhanced[n] = '\0';
		}
		text = sv_from(text, n + 1);
	}
	r->code = code;
	buf_add(&r->lines, text);
	buf_addc(&r->lines, '\n');
	*ret_last = line.n == 3 || line.p[3] == ' ';
	return buf_ok(&r->lines);
}

enum smtp_read
smtp_reader_next(struct smtp_reader *r, struct sv *input, struct smtp_reply *ret)
{
	if (r->done) {
		buf_reset(&r->lines);
		r->enhanced[0] = '\0';
		r->code = 0;
		r->done = false;
	}
	while (input->n > 0) {
		size_t end = sv_find_char(*input, '\n');
		struct sv line = sv_head(*input, end);
		bool last = false, ok;

		if (end == input->n || r->line.n > 0) {
			buf_add(&r->line, line);
			if (!buf_ok(&r->line))
				return SMTP_READ_BAD;
			line = buf_sv(&r->line);
		}
		if (end == input->n) {
			*input = SV_NONE;
			return SMTP_READ_MORE;
		}
		*input = sv_from(*input, end + 1);
		if (sv_ends(line, SV("\r")))
			line.n--;
		ok = line.n <= LIMIT_SMTP_LINE && take_line(r, line, &last);
		buf_reset(&r->line);
		if (!ok)
			return SMTP_READ_BAD;
		if (last) {
			r->done = true;
			ret->code = r->code;
			ret->enhanced = sv_of(r->enhanced);
			ret->lines = buf_sv(&r->lines);
			return SMTP_READ_REPLY;
		}
	}
	return SMTP_READ_MORE;
}

void
smtp_reply_text(struct buf *out, const struct smtp_reply *r, size_t max)
{
	struct sv rest = sv_trim(r->lines);
	size_t start = out->n;
	uint32_t c;
	char b[4];

	while (rest.n > 0 && out->n - start < max) {
		size_t n;

		if (!utf8_next(&rest, &c)) {
			rest = sv_from(rest, 1);
			c = '?';
		}
		if (c == '\n')
			c = ' ';
		if (c < ' ' || (c >= 0x7f && c < 0xa0))
			continue;
		n = utf8_put(b, c);
		if (out->n - start + n > max)
			return;
		buf_add(out, (struct sv){b, n});
	}
}

static bool
is_ref_byte(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != '\0' && strchr("-_.@+=$", c) != NULL);
}

struct sv
smtp_reply_ref(struct sv text)
{
	static const struct sv marks[] = {SV_INIT("queued as "), SV_INIT("id=")};
	size_t i;

	for (i = 0; i < ARRAY_LEN(marks); i++) {
		size_t at = sv_find(text, marks[i]);
		struct sv rest;
		size_t n = 0;

		if (at == text.n)
			continue;
		rest = sv_from(text, at + marks[i].n);
		while (n < rest.n && is_ref_byte(rest.p[n]))
			n++;
		while (n > 0 && rest.p[n - 1] == '.')
			n--;
		if (n > 0)
			return sv_head(rest, n);
	}
	return SV_NONE;
}

void
smtp_offer_read(struct smtp_offer *ret, const struct smtp_reply *r)
{
	struct sv_split s = sv_split_of(r->lines, '\n');
	struct smtp_offer o = {false, false, false, false, 0};
	bool first = true;
	struct sv line, word;

	while (sv_split_next(&s, &line)) {
		bool greeting = first;

		first = false;
		if (greeting || !sv_word(&line, &word))
			continue;
		o.pipelining |= sv_eq_nocase(word, SV("PIPELINING"));
		o.eightbitmime |= sv_eq_nocase(word, SV("8BITMIME"));
		o.starttls |= sv_eq_nocase(word, SV("STARTTLS"));
		if (sv_eq_nocase(word, SV("SIZE"))) {
			o.size = true;
			if (!sv_word(&line, &word) || !sv_to_u64(word, &o.size_max))
				o.size_max = 0;
		}
	}
	*ret = o;
}
