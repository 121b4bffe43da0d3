/*
 * http_guard.c — the checks on a request's head. Pure.
 */
#include "net/http_guard.h"

#include <stdint.h>

#include "base/limits.h"

/* RFC 9110, 5.6.2 */
static bool
is_token_byte(unsigned char c)
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		return true;
	return c != '\0' && memchr("!#$%&'*+-.^_`|~", c, 15) != NULL;
}

static bool
is_token(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (!is_token_byte((unsigned char)v.p[i]))
			return false;
	return v.n > 0;
}

/* RFC 9110, 5.5: visible bytes, space, tab and obs-text. */
static bool
is_value(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* RFC 3986, 3.2.2 and 3.2.3: a name or address, perhaps a port; nothing that could end a host. */
static bool
is_host(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];

		if (c <= ' ' || c >= 0x7f || strchr("/?#@\\<>\"^`{|},", c))
			return false;
	}
	return true;
}

bool
http_guard_target(struct sv t)
{
	size_t i;

	for (i = 0; i < t.n; i++)
		if (t.p[i] <= ' ' || t.p[i] >= 0x7f)
			return false;
	return sv_starts(t, SV("/")) || sv_starts(t, SV("http://")) ||
	       sv_starts(t, SV("https://")) || sv_eq(t, SV("*"));
}

/* The chain of pieces from the method to the empty line, each at its place. */
static bool
is_whole(const struct http_head *h)
{
	const char *at = h->method.p + h->method.n + 1;
	size_t i, k;

	if (h->target.p != at)
		return false;
	at += h->target.n + 1;
	if (h->version.p != at)
		return false;
	at += h->version.n + 2;
	for (i = 0; i < h->n_fields; i++) {
		const struct http_field *f = &h->fields[i];
		const char *value = f->name.p + f->name.n + 1;

		if (f->name.p != at || f->value.p < value)
			return false;
		for (k = 0; value + k < f->value.p; k++)
			if (value[k] != ' ' && value[k] != '\t')
				return false;
		at = f->value.p + f->value.n + 2;
	}
	return at + 2 == h->method.p + h->size;
}

static size_t
count_named(const struct http_head *h, struct sv name)
{
	size_t i, n = 0;

	for (i = 0; i < h->n_fields; i++)
		n += sv_eq_nocase(h->fields[i].name, name);
	return n;
}

struct sv
http_field_find(const struct http_field *f, size_t n, const char *name)
{
	struct sv want = sv_of(name);
	size_t i;

	for (i = 0; i < n; i++) {
		if (!sv_eq_nocase(f[i].name, want))
			continue;
		/* Present but empty must differ from absent. */
		return f[i].value.n ? sv_trim(f[i].value) : SV("");
	}
	return SV_NONE;
}

/* How the body's length is said (RFC 9112, 6.1 to 6.3). */
static unsigned
check_framing(const struct http_head *h)
{
	size_t lengths = count_named(h, SV("Content-Length"));
	size_t encodings = count_named(h, SV("Transfer-Encoding"));
	struct sv v;
	uint64_t n;

	if (lengths > 1 || encodings > 1 || (lengths && encodings))
		return 400;
	if (encodings) {
		v = http_field_find(h->fields, h->n_fields, "Transfer-Encoding");
		if (!sv_eq_nocase(v, SV("chunked")) || !sv_eq(h->version, SV("HTTP/1.1")))
			return 400;
		return 411;
	}
	if (lengths) {
		v = http_field_find(h->fields, h->n_fields, "Content-Length");
		if (!sv_to_u64(v, &n))
			return 400;
		if (n > h->body_max)
			return 413;
	}
	return 0;
}

unsigned
http_guard_head(const struct http_head *h)
{
	size_t hosts = count_named(h, SV("Host"));
	size_t i;

	if (h->size > LIMIT_HTTP_HEADER)
		return 431;
	if (!is_token(h->method) || !is_whole(h))
		return 400;
	if (!sv_eq(h->version, SV("HTTP/1.1")) && !sv_eq(h->version, SV("HTTP/1.0")))
		return 400;
	for (i = 0; i < h->n_fields; i++)
		if (!is_token(h->fields[i].name) || !is_value(h->fields[i].value))
			return 400;
	if (hosts > 1 || (hosts == 0 && sv_eq(h->version, SV("HTTP/1.1"))))
		return 400;
	if (hosts && !is_host(http_field_find(h->fields, h->n_fields, "Host")))
		return 400;
	return check_framing(h);
}
