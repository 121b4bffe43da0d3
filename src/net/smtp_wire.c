/*
 * smtp_wire.c — addresses and data as SMTP wants them. Pure.
 */
#include "net/smtp_wire.h"

#include "base/limits.h"

bool
smtp_address_ok(struct sv a)
{
	bool quoted = false, domain = false;
	size_t i, at = 0;

	if (a.n == 0 || a.n > LIMIT_EMAIL)
		return false;
	for (i = 0; i < a.n; i++) {
		char c = a.p[i];

		if (c < ' ' || c >= 0x7f)
			return false;
		if (quoted) {
			if (c == '\\' && ++i >= a.n)
				return false;
			if (a.p[i] < ' ' || a.p[i] >= 0x7f)
				return false;
			quoted = c != '"';
			continue;
		}
		if (c == '"' && !domain && (i == 0 || a.p[i - 1] == '.')) {
			quoted = true;
		} else if (c == '@') {
			if (domain || i == 0)
				return false;
			domain = true;
			at = i;
		} else if (strchr(" <>()\\,;\"", c)) {
			return false;
		} else if ((c == '[' || c == ']' || c == ':') && !domain) {
			return false;
		}
	}
	return domain && !quoted && at + 1 < a.n;
}

bool
smtp_hello_ok(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (v.p[i] <= ' ' || v.p[i] >= 0x7f)
			return false;
	return v.n > 0 && v.n <= LIMIT_EMAIL;
}

bool
smtp_body_ok(struct sv body)
{
	return body.n > 0 && body.n <= LIMIT_MESSAGE && !memchr(body.p, '\0', body.n);
}

void
smtp_add_data(struct buf *out, struct sv body)
{
	const char *p = body.p, *end = body.p + body.n;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end, *cr;
		const char *next = nl ? nl + 1 : end;

		cr = memchr(p, '\r', (size_t)(stop - p));
		if (cr && cr + 1 < stop) { /* alone, in the middle */
			stop = cr;
			next = cr + 1;
		} else if (cr) {
			stop = cr;
		}
		if (stop > p && *p == '.')
			buf_addc(out, '.');
		buf_add(out, sv_range(p, stop));
		buf_add(out, SV("\r\n"));
		p = next;
	}
	buf_add(out, SV(".\r\n"));
}

uint64_t
smtp_data_size(struct sv body)
{
	uint64_t n = body.n;
	size_t i;

	/* A byte more for each line end of one byte, two for a last line without one. */
	for (i = 0; i < body.n; i++) {
		if (body.p[i] == '\n')
			n += i == 0 || body.p[i - 1] != '\r';
		else if (body.p[i] == '\r')
			n += i + 1 == body.n || body.p[i + 1] != '\n';
	}
	if (body.n > 0 && body.p[body.n - 1] != '\n' && body.p[body.n - 1] != '\r')
		n += 2;
	return n;
}

bool
smtp_is_8bit(struct sv body)
{
	size_t i;

	for (i = 0; i < body.n; i++)
		if ((unsigned char)body.p[i] >= 0x80)
			return true;
	return false;
}
