/*
 * http_server.h — the HTTP/1.1 server, a thin seam over libmicrohttpd with the
 * guard that it lacks.
 *
 * Polling threads of its own call the handler; it may block (that holds up the
 * other connections of its thread, never those of the other threads), so a
 * page that everybody reads is kept as a struct http_body and costs no call
 * into the store. The handler runs on several threads at once.
 *
 * Refused before the handler sees it, with 400 (or a closed connection, where
 * not even the request line can be read): Transfer-Encoding together with
 * Content-Length, two Content-Length or Host, no Host in HTTP/1.1, a header
 * name or value with an illegal byte, a folded line, a bare LF or NUL anywhere
 * in the head, a method or target of illegal form, a coded NUL. 411: a body in
 * chunks, whose lines nobody could check. 413: a body over body_max. 414, 431:
 * target or head too large. A body for which there is no room beside those of others is cut
 * off. Empty lines before a request line are let pass.
 *
 * A connection whose request is not there, or not answered to its end, at the
 * deadline is cut. One over the limit of its address is closed at once; over
 * the limit of all, new ones wait in the system's queue.
 */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct http_server;
struct http_request;
struct http_body;

struct http_settings {
	const char *host;     /* an address: "127.0.0.1", "::1", "0.0.0.0", "::" */
	uint16_t port;        /* 0: any free one, see http_server_port */
	unsigned threads;     /* 0: one per processor, at least 2 */
	unsigned connections; /* in all; 0: 4000 */
	unsigned per_address; /* from one address (of IPv6: one /64); 0: no limit, for a proxy */
	unsigned idle_s;      /* a kept connection without a request; 0: 30 */
	unsigned deadline_ms; /* one request from its first byte to its answer's last; 0: 30000 */
	size_t body_max;      /* 0: LIMIT_HTTP_BODY */
	size_t bodies_max;    /* of all requests under way together; 0: LIMIT_HTTP_BODIES */
	size_t body_small;    /* taken also beyond these; 0: LIMIT_HTTP_BODY_SMALL */
};

/* The answer that a handler fills in. It starts as 200 without headers and with an
 * empty body. */
struct http_response {
	unsigned status;
	struct http_body *shared;     /* when set: sent instead of body; the reference passes on */
	struct buf body;              /* max LIMIT_HTTP_PAGE; a failed buf is answered with 500 */
	struct http_headers *headers; /* by http_header */
};

typedef void http_handler_fn(const struct http_request *, struct http_response *, void *arg);

/* RC_IO (address in use, no right, ...), RC_SYNTAX (host is not an address). */
enum rc http_server_start(struct http_server **ret, const struct http_settings *, http_handler_fn *,
			  void *arg, struct err *) CHECKED;
uint16_t http_server_port(const struct http_server *);
const char *http_server_url(const struct http_server *); /* "http://127.0.0.1:8080" */

/* Accept nobody new; requests under way get up to grace_ms, then their connections are
 * cut; ends the threads. NULL inside is fine; leaves NULL. */
void http_server_stop(struct http_server **, unsigned grace_ms);

/* Figures since the start, for /metrics. */
struct http_counts {
	uint64_t requests;
	uint64_t not_modified;
	uint64_t refused;     /* by the guard */
	uint64_t timed_out;   /* cut at their deadline */
	uint64_t turned_away; /* over per_address */
	uint64_t open;        /* connections now */
};
void http_server_counts(const struct http_server *, struct http_counts *ret);

/*
 * The request. Every sv is valid until the handler returns. Look-ups give the
 * empty sv with p NULL when there is no such thing, and p not NULL when it is there but empty.
 */
enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_OTHER
};

enum http_method http_method(const struct http_request *);
struct sv http_method_name(const struct http_request *);
struct sv http_path(
	const struct http_request *); /* decoded, starts with '/'; may hold any byte but NUL */
struct sv http_query(const struct http_request *,
		     const char *name); /* decoded, the first of that name */
struct sv http_get_header(const struct http_request *, const char *name);
struct sv http_cookie(const struct http_request *, const char *name);
struct sv http_peer(const struct http_request
			    *); /* "192.0.2.1", "2001:db8::1": the address of the connection */
struct sv http_request_body(const struct http_request *); /* whole; at most body_max */

/* Fields of an application/x-www-form-urlencoded body, decoded, or of a multipart/form-data
 * body those that are no files; of other types: none. Without NUL. */
struct sv http_form(const struct http_request *, const char *name); /* the first of that name */
/* The bytes of a file in a multipart/form-data body; p is NULL when there is none of that name. */
struct sv http_form_file(const struct http_request *, const char *name);
size_t http_form_count(const struct http_request *);
void http_form_at(const struct http_request *, size_t i, struct sv *ret_name, struct sv *ret_value);

/*
 * The answer's headers. name and value of illegal form (control bytes) are a
 * bug of the caller: they must not contain what came from outside unchecked.
 * Content-Length, Date and Connection are the server's own.
 */
void http_header(struct http_response *, const char *name, struct sv value);
void http_headerf(struct http_response *, const char *name, const char *fmt, ...) PRINTF(3, 4);

/*
 * A body made once and sent to many without copying. Immutable; counted
 * references from any thread. The ETag is a strong one over data and
 * content_type, so two bodies with equal bytes have equal tags. Where a
 * request's If-None-Match names it (RFC 9110, 13.1.2), GET and HEAD are answered with
 * 304; If-Modified-Since counts where there is no If-None-Match.
 */
struct http_body_header {
	const char *name;
	const char *value;
};

struct http_body_info {
	struct sv data; /* copied */
	const char *content_type;
	const char *cache_control;              /* NULL: none */
	int64_t last_modified;                  /* UTC seconds; 0: none */
	const struct http_body_header *headers; /* more, ended by a NULL name; may be NULL */
};

struct http_body *http_body_new(const struct http_body_info *) CHECKED;
struct http_body *http_body_ref(struct http_body *);
void http_body_unref(struct http_body **); /* NULL inside is fine; leaves NULL */
struct sv http_body_data(const struct http_body *);
struct sv http_body_etag(const struct http_body *); /* with its quotes */

/* True when an If-None-Match value names etag, compared weakly; "*" names any. Pure. */
bool http_etag_match(struct sv if_none_match, struct sv etag);

#endif
