/*
 * http_answer.c — an answer into the library's hands: a refusal, a shared body
 * (whole or as 304), a handler's own.
 */
#include <string.h>

#include <microhttpd.h>

#include "base/mem.h"
#include "base/time.h"
#include "net/http_int.h"

bool
http_answer_plain(struct MHD_Connection *mhd, unsigned status)
{
	static const struct {
		unsigned status;
		const char *text;
	} texts[] = {
		{400, "400: the request is malformed\n"},
		{411, "411: send the body with its length, not in chunks\n"},
		{413, "413: the body is too large\n"},
		{414, "414: the address is too long\n"},
		{431, "431: the request's header is too large\n"},
		{500, "500: the answer could not be made\n"},
	};
	const char *text = "";
	size_t i;
	struct MHD_Response *m;
	bool ok;

	for (i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].status == status)
			text = texts[i].text;
	m = MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
					    MHD_RESPMEM_PERSISTENT);
	BUG_ON(!m ||
	       MHD_add_response_header(m, "Content-Type", "text/plain; charset=utf-8") != MHD_YES ||
	       MHD_add_response_header(m, "X-Content-Type-Options", "nosniff") != MHD_YES ||
	       MHD_add_response_header(m, "Cache-Control", "no-store") != MHD_YES);
	ok = MHD_queue_response(mhd, status, m) == MHD_YES;
	MHD_destroy_response(m);
	return ok;
}

/* RFC 9110, 13.2.2: If-None-Match wins over If-Modified-Since. */
static bool
is_unchanged(const struct http_request *r, const struct http_body *b)
{
	bool named = false;
	int64_t since;
	struct sv v;
	size_t i;

	if (r->method != HTTP_GET && r->method != HTTP_HEAD)
		return false;
	for (i = 0; i < r->n_fields; i++) {
		if (!sv_eq_nocase(r->fields[i].name, SV("If-None-Match")))
			continue;
		named = true;
		if (http_etag_match(r->fields[i].value, http_body_etag(b)))
			return true;
	}
	if (named || http_body_time(b) == 0)
		return false;
	v = http_get_header(r, "If-Modified-Since");
	return v.n > 0 && time_parse_http(v, &since) && http_body_time(b) <= since;
}

static bool
answer_shared(const struct http_request *r, struct MHD_Connection *mhd, struct http_response *res,
	      bool *ret_unchanged)
{
	bool ok;

	BUG_ON(res->headers); /* a shared body has its headers from http_body_new */
	if (res->status == 200 && is_unchanged(r, res->shared)) {
		*ret_unchanged = true;
		ok = MHD_queue_response(mhd, 304, http_body_unchanged(res->shared)) == MHD_YES;
	} else {
		ok = MHD_queue_response(mhd, res->status, http_body_full(res->shared)) == MHD_YES;
	}
	http_body_unref(&res->shared);
	return ok;
}

static bool
answer_own(struct MHD_Connection *mhd, struct http_response *res)
{
	struct MHD_Response *m;
	bool ok;

	if (!buf_ok(&res->body)) {
		buf_fini(&res->body);
		return http_answer_plain(mhd, 500);
	}
	if (res->body.n > 0) {
		/* The bytes now belong to the library. */
		m = MHD_create_response_from_buffer_with_free_callback(res->body.n, res->body.p,
								       mem_free);
		if (m)
			buf_init(&res->body, LIMIT_HTTP_PAGE);
	} else {
		m = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	}
	BUG_ON(!m);
	http_headers_apply(res->headers, m);
	ok = MHD_queue_response(mhd, res->status, m) == MHD_YES;
	MHD_destroy_response(m);
	return ok;
}

bool
http_answer(const struct http_request *r, struct MHD_Connection *mhd, struct http_response *res,
	    bool *ret_unchanged)
{
	*ret_unchanged = false;
	return res->shared ? answer_shared(r, mhd, res, ret_unchanged) : answer_own(mhd, res);
}
