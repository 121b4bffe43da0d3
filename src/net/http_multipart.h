/*
 * http_multipart.h — the parts of a multipart/form-data body (RFC 7578, RFC 2046 5.1.1), as
 * browsers and curl write it. Pure.
 *
 * Strict: every line of a part's head ends in CR LF, each part is a named form-data field,
 * nothing stands before the first boundary or behind the last. What is unlike that is refused
 * as a whole. A part's bytes are not decoded: RFC 7578, 4.7 knows no transfer encodings.
 */
#ifndef NET_HTTP_MULTIPART_H
#define NET_HTTP_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/sv.h"

struct http_part {
	struct sv name;
	struct sv filename; /* as the sender wrote it, not a path to use; p NULL: no file */
	struct sv data;     /* any bytes */
};

#define HTTP_PARTS_MAX 16

struct http_parts {
	struct http_part v[HTTP_PARTS_MAX];
	size_t n;
};

/* Whether a Content-Type is multipart/form-data, with any parameters. */
bool http_is_multipart(struct sv content_type) CHECKED;

/* Texts point into `body`. False: not of that form, or more than HTTP_PARTS_MAX parts. */
bool http_multipart_parse(struct http_parts *ret, struct sv content_type, struct sv body) CHECKED;

/* The first of that name; NULL when there is none. */
const struct http_part *http_parts_find(const struct http_parts *, const char *name);

#endif
