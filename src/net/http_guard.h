/*
 * http_guard.h — what a request's head must look like before anybody acts on
 * it (RFC 9112, 2 to 6), beyond what libmicrohttpd checks. Pure.
 *
 * libmicrohttpd parses in place: it writes NUL over the separators and gives
 * out pointers into the block as it arrived. Whether each line ended in CR LF
 * therefore shows in the distance from one piece to the next: two bytes, not
 * one. Folded lines and NUL bytes break the same chain. What it does not show
 * are the lines of a chunked body, where a bare LF is taken too; so a body
 * must come with its length (RFC 9110, 15.5.12).
 */
#ifndef NET_HTTP_GUARD_H
#define NET_HTTP_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/sv.h"

struct http_field {
	struct sv name;
	struct sv value; /* white space behind it is part of it */
};

struct http_head {
	size_t size; /* from the method's first byte to behind the empty line */
	struct sv method;
	struct sv target; /* where it lay; its bytes may have been changed since */
	struct sv version;
	const struct http_field *fields;
	size_t n_fields;
	size_t body_max;
};

/* A target's bytes: visible ASCII, of origin, absolute or asterisk form. */
bool http_guard_target(struct sv) CHECKED;

/* 0 when the request may pass, else the status to refuse it with: 400, 411, 413, 431. */
unsigned http_guard_head(const struct http_head *) CHECKED;

/* The first field of that name, white space off its end; p is NULL when there is none. */
struct sv http_field_find(const struct http_field *, size_t n, const char *name);

#endif
