/*
 * html.h — the only way for text to get into a page (or an XML feed): escaped
 * for the place where it stands. Pure.
 */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/sv.h"

struct buf;

/* Text between tags. Control characters other than tab and LF become spaces, bytes that
 * are not UTF-8 become U+FFFD; good for XML 1.0 too. */
void html_text(struct buf *, struct sv);

/* The value of an attribute in double quotes. */
void html_attr(struct buf *, struct sv);

/* A whole address as the value of href in double quotes: http, https, mailto, tel, or a path of
 * this site; nothing stays nothing, anything else becomes "#". */
void html_url(struct buf *, struct sv);

/* Whether html_url would write it as it is meant, not as "#". */
bool html_url_ok(struct sv) CHECKED;

/* One segment of a path, or a query's value: all but unreserved characters (RFC 3986, 2.3)
 * percent-encoded. */
void html_segment(struct buf *, struct sv);

/*
 * Append a template, a string literal in which each {…} takes the next argument:
 *   {}     text or the value of an attribute
 *   {url}  a whole address      {seg}  a segment of one
 * Fewer or more arguments than places are a bug.
 */
void html_put(struct buf *, const char *form, const struct sv *args, size_t n);

/* html_put(b, "<p>{}</p>", HTML(text)) */
#define HTML(...)                           \
	((const struct sv[]){__VA_ARGS__}), \
		(sizeof((const struct sv[]){__VA_ARGS__}) / sizeof(struct sv))

#endif
