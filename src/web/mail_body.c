/*
 * mail_body.c — see mail_body.h. A run ends with the first line that is shorter than the one
 * before, or is no base64.
 */
#include "web/mail_body.h"
#include "base/buf.h"

static int
digit_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Whole groups of four, padded at the end. */
static bool
is_base64(struct sv line)
{
	size_t i, n = line.n;

	if (n == 0 || n % 4 != 0)
		return false;
	n -= line.p[n - 1] == '=';
	n -= n < line.n && line.p[n - 1] == '=';
	for (i = 0; i < n; i++)
		if (digit_of(line.p[i]) < 0)
			return false;
	return true;
}

static void
add_line(struct buf *b, struct sv line)
{
	unsigned bits = 0;
	int digit, n = 0;
	size_t i;

	for (i = 0; i < line.n && (digit = digit_of(line.p[i])) >= 0; i++) {
		bits = (bits << 6 | (unsigned)digit) & 0xffffff;
		n += 6;
		if (n >= 8) {
			n -= 8;
			buf_addc(b, (char)(unsigned char)(bits >> n & 0xff));
		}
	}
}

void
mail_body_add(struct buf *b, struct sv text)
{
	struct sv_split lines = sv_split_of(text, '\n');
	size_t before = 0;
	struct sv line;

	while (sv_split_next(&lines, &line)) {
		line = sv_trim(line);
		if (!is_base64(line) || (before == 0 && line.n < MAIL_BODY_LINE)) {
			before = 0;
			continue;
		}
		add_line(b, line);
		before = line.n < before ? 0 : line.n;
		if (before == 0)
			buf_addc(b, '\n');
	}
}
