/*
 * http_form.c — query and form fields. Pure.
 */
#include "net/http_form.h"

#include "base/arena.h"
#include "base/limits.h"

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
http_decode(struct sv *ret, struct arena *a, struct sv text, bool plus)
{
	size_t i, n = 0;
	char *out;

	if (memchr(text.n ? text.p : "", '\0', text.n))
		return false;
	if (sv_find_char(text, '%') == text.n && (!plus || sv_find_char(text, '+') == text.n)) {
		*ret = text.p ? text : SV("");
		return true;
	}
	out = arena_alloc(a, text.n);
	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '+' && plus) {
			c = ' ';
		} else if (c == '%' && text.n - i > 2) {
			int hi = hex_value(text.p[i + 1]), lo = hex_value(text.p[i + 2]);

			if (hi >= 0 && lo >= 0) {
				c = (char)(hi << 4 | lo);
				i += 2;
				if (c == '\0')
					return false;
			}
		}
		out[n++] = c;
	}
	*ret = (struct sv){out, n};
	return true;
}

static size_t
count_fields(struct sv text)
{
	struct sv_split s = sv_split_of(text, '&');
	struct sv field;
	size_t n = 0;

	while (sv_split_next(&s, &field))
		n += field.n > 0;
	return n;
}

bool
http_pairs_parse(struct http_pairs *ret, struct arena *a, struct sv text)
{
	struct sv_split s = sv_split_of(text, '&');
	struct http_pairs got = {NULL, 0};
	size_t n = count_fields(text);
	struct sv field;

	if (n > LIMIT_HTTP_FIELDS)
		return false;
	if (n > 0)
		got.v = ARENA_NEW_N(a, struct http_pair, n);
	while (sv_split_next(&s, &field)) {
		size_t eq = sv_find_char(field, '=');
		struct http_pair *p;

		if (field.n == 0)
			continue;
		p = &got.v[got.n];
		if (!http_decode(&p->name, a, sv_head(field, eq), true) ||
		    !http_decode(&p->value, a, sv_from(field, eq + 1), true))
			return false;
		got.n++;
	}
	*ret = got;
	return true;
}

struct sv
http_pairs_find(const struct http_pairs *f, const char *name)
{
	struct sv want = sv_of(name);
	size_t i;

	for (i = 0; i < f->n; i++)
		if (sv_eq(f->v[i].name, want))
			return f->v[i].value;
	return SV_NONE;
}
