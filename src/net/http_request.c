/*
 * http_request.c — what a handler reads of a request, and the headers of its answer.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <microhttpd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "net/http_int.h"

struct arena *
http_request_arena(struct http_request *r)
{
	if (!r->arena)
		r->arena = arena_new();
	return r->arena;
}

enum http_method
http_method(const struct http_request *r)
{
	return r->method;
}

struct sv
http_method_name(const struct http_request *r)
{
	return r->method_name;
}

struct sv
http_path(const struct http_request *r)
{
	return r->path;
}

struct sv
http_query(const struct http_request *r, const char *name)
{
	return http_pairs_find(&r->query, name);
}

struct sv
http_get_header(const struct http_request *r, const char *name)
{
	return http_field_find(r->fields, r->n_fields, name);
}

struct sv
http_cookie(const struct http_request *r, const char *name)
{
	struct sv want = sv_of(name), pair;
	size_t i;

	for (i = 0; i < r->n_fields; i++) {
		struct sv_split s;

		if (!sv_eq_nocase(r->fields[i].name, SV("Cookie")))
			continue;
		s = sv_split_of(r->fields[i].value, ';');
		while (sv_split_next(&s, &pair)) {
			size_t eq = sv_find_char(pair, '=');

			if (eq < pair.n && sv_eq(sv_trim(sv_head(pair, eq)), want)) {
				pair = sv_trim(sv_from(pair, eq + 1));
				return pair.n ? pair : SV("");
			}
		}
	}
	return SV_NONE;
}

struct sv
http_peer(const struct http_request *r)
{
	return r->peer;
}

struct sv
http_request_body(const struct http_request *r)
{
	return buf_sv(&r->body);
}

struct sv
http_form(const struct http_request *r, const char *name)
{
	const struct http_part *p = http_parts_find(&r->parts, name);

	if (p != NULL && p->filename.p == NULL)
		return p->data;
	return http_pairs_find(&r->form, name);
}

struct sv
http_form_file(const struct http_request *r, const char *name)
{
	const struct http_part *p = http_parts_find(&r->parts, name);

	return p != NULL && p->filename.p != NULL ? p->data : SV_NONE;
}

size_t
http_form_count(const struct http_request *r)
{
	return r->form.n;
}

void
http_form_at(const struct http_request *r, size_t i, struct sv *ret_name, struct sv *ret_value)
{
	BUG_ON(i >= r->form.n);
	*ret_name = r->form.v[i].name;
	*ret_value = r->form.v[i].value;
}

bool
http_header_ok(struct sv name, struct sv value)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (name.p[i] <= ' ' || name.p[i] >= 0x7f || name.p[i] == ':')
			return false;
	for (i = 0; i < value.n; i++)
		if (((unsigned char)value.p[i] < ' ' && value.p[i] != '\t') || value.p[i] == 0x7f)
			return false;
	return name.n > 0;
}

void
http_header(struct http_response *res, const char *name, struct sv value)
{
	struct http_headers *h = res->headers;

	BUG_ON(!http_header_ok(sv_of(name), value));
	if (!h) {
		h = res->headers = MEM_NEW(struct http_headers);
		buf_init(&h->text, LIMIT_HTTP_HEADER);
	}
	buf_adds(&h->text, name);
	buf_addc(&h->text, '\0');
	buf_add(&h->text, value);
	buf_addc(&h->text, '\0');
	BUG_ON(!buf_ok(&h->text) || ++h->n > LIMIT_HTTP_HEADERS);
}

void
http_headerf(struct http_response *res, const char *name, const char *fmt, ...)
{
	char text[LIMIT_HTTP_URL + 512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	BUG_ON(n < 0 || (size_t)n >= sizeof(text));
	http_header(res, name, sv_of(text));
}

void
http_headers_free(struct http_headers **ph)
{
	if (*ph) {
		buf_fini(&(*ph)->text);
		mem_free(*ph);
	}
	*ph = NULL;
}

void
http_headers_apply(const struct http_headers *h, struct MHD_Response *r)
{
	const char *p;
	size_t i;

	if (!h)
		return;
	p = buf_str(&h->text);
	for (i = 0; i < h->n; i++) {
		const char *value = p + strlen(p) + 1;

		BUG_ON(MHD_add_response_header(r, p, value) != MHD_YES);
		p = value + strlen(value) + 1;
	}
}
