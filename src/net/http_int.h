/*
 * http_int.h — what the files of the HTTP server share.
 */
#ifndef NET_HTTP_INT_H
#define NET_HTTP_INT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/limits.h"
#include "net/http_form.h"
#include "net/http_guard.h"
#include "net/http_multipart.h"
#include "net/http_server.h"
#include "net/http_watch.h"

struct MHD_Connection;
struct MHD_Response;
struct arena;

struct http_request {
	enum http_method method;
	struct sv method_name;
	struct sv target; /* where it lay in the block; its bytes are the library's */
	struct sv path;   /* decoded */
	bool target_ok;
	bool begun;   /* the head was looked at */
	bool in_hand; /* counted as active */
	struct http_field fields[LIMIT_HTTP_HEADERS];
	size_t n_fields;
	bool too_many_fields;
	struct sv peer;
	struct arena *arena; /* made when first needed */
	struct http_pairs query;
	struct http_pairs form;
	struct http_parts parts; /* of a multipart/form-data body */
	bool query_ok;
	struct buf body;
	size_t counted; /* of it, in the server's sum */
};

struct http_conn {
	struct http_watched watched;
	struct http_request request; /* one at a time, RFC 9112 9.3.2 */
};

struct arena *http_request_arena(struct http_request *);

/* Name and value pairs of an answer, each followed by a NUL. */
struct http_headers {
	struct buf text;
	size_t n;
};
void http_headers_free(struct http_headers **);
void http_headers_apply(const struct http_headers *, struct MHD_Response *);
bool http_header_ok(struct sv name, struct sv value);

/* RC_SYNTAX, RC_IO. */
enum rc http_listen(int *ret_fd, uint16_t *ret_port, const struct http_settings *, struct err *)
	CHECKED;

/* Queue an answer; false: the library does not take it, the connection has to go. A status and
 * its sentence; or what a handler filled in, as 304 where the client has it already. */
bool http_answer_plain(struct MHD_Connection *, unsigned status);
bool http_answer(const struct http_request *, struct MHD_Connection *, struct http_response *,
		 bool *ret_unchanged);

/* The prepared answer, whole or 304; borrowed. */
struct MHD_Response *http_body_full(const struct http_body *);
struct MHD_Response *http_body_unchanged(const struct http_body *);
int64_t http_body_time(const struct http_body *);

#endif
