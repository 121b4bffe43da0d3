/*
 * http_form.h — fields of a query or of an application/x-www-form-urlencoded
 * body, and percent-decoding. Pure.
 *
 * As browsers do (WHATWG URL, 5.1), a '%' that no two hexadecimal digits
 * follow stands for itself. A decoded NUL is refused everywhere.
 */
#ifndef NET_HTTP_FORM_H
#define NET_HTTP_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/sv.h"

struct arena;

struct http_pair {
	struct sv name;
	struct sv value;
};

struct http_pairs {
	struct http_pair *v; /* in the arena */
	size_t n;
};

/* Texts point into `text` or the arena. False: a NUL, or more than
 * LIMIT_HTTP_FIELDS fields. */
bool http_pairs_parse(struct http_pairs *ret, struct arena *, struct sv text) CHECKED;

/* The first of that name; p is NULL when there is none. */
struct sv http_pairs_find(const struct http_pairs *, const char *name);

/* plus: '+' is a space. The result is `text` itself where nothing had to be
 * decoded. False: a NUL. */
bool http_decode(struct sv *ret, struct arena *, struct sv text, bool plus) CHECKED;

#endif
