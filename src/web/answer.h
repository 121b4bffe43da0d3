/*
 * answer.h — headers that every answer carries, and short answers.
 */
#ifndef WEB_ANSWER_H
#define WEB_ANSWER_H

#include "base/sv.h"
#include "net/http_server.h"

#define ANSWER_HTML        "text/html; charset=utf-8"
#define ANSWER_TEXT        "text/plain; charset=utf-8"

#define ANSWER_HEADERS_MAX 16

/* Fill in the headers of a public shared body, ended by a NULL name. language: of its
 * words, when it was chosen from several; NULL: there is only one. Borrowed. */
void answer_public_headers(struct http_body_header *ret, const char *language);

/* The same headers for a page of its own that everybody may have; language is a tag. */
void answer_page_headers(struct http_response *, struct sv language);

/* The same headers for an answer of its own that nobody may keep. */
void answer_private_headers(struct http_response *, const char *content_type);

/* One plain line. */
void answer_line(struct http_response *, unsigned status, const char *line);

/* 303: look there, by GET. A constant path or one of our own making. */
void answer_see(struct http_response *, struct sv path);

#endif
