/*
 * answer.c — see answer.h.
 */
#include "web/answer.h"

#define POLICY                                                                              \
	"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " \
	"object-src 'none'"

/* Name and value of what goes with every answer. */
#define EVERY_ANSWER(X)                                \
	X("Content-Security-Policy", POLICY)           \
	X("X-Content-Type-Options", "nosniff")         \
	X("X-Frame-Options", "DENY")                   \
	X("Cross-Origin-Opener-Policy", "same-origin") \
	X("Permissions-Policy", "camera=(), geolocation=(), microphone=()")

void
answer_public_headers(struct http_body_header *ret, const char *language)
{
	size_t n = 0;

#define X(name, value) ret[n++] = (struct http_body_header){name, value};
	EVERY_ANSWER(X)
#undef X
	ret[n++] = (struct http_body_header){"Referrer-Policy", "no-referrer"};
	if (language != NULL) {
		ret[n++] = (struct http_body_header){"Content-Language", language};
		ret[n++] = (struct http_body_header){"Vary", "Accept-Language"};
	} else {
		/* Files and feeds are for everybody's programs. */
		ret[n++] = (struct http_body_header){"Access-Control-Allow-Origin", "*"};
	}
	ret[n] = (struct http_body_header){NULL, NULL};
}

void
answer_private_headers(struct http_response *res, const char *content_type)
{
#define X(name, value) http_header(res, name, SV(value));
	EVERY_ANSWER(X)
#undef X
	/* Not "no-referrer": with it browsers send "Origin: null" from our own forms. */
	http_header(res, "Referrer-Policy", SV("same-origin"));
	http_header(res, "Cache-Control", SV("no-store"));
	http_header(res, "Content-Type", sv_of(content_type));
}

void
answer_page_headers(struct http_response *res, struct sv language)
{
#define X(name, value) http_header(res, name, SV(value));
	EVERY_ANSWER(X)
#undef X
	http_header(res, "Referrer-Policy", SV("no-referrer"));
	http_header(res, "Cache-Control", SV("public, max-age=10"));
	http_header(res, "Content-Type", SV(ANSWER_HTML));
	http_header(res, "Content-Language", language);
	http_header(res, "Vary", SV("Accept-Language"));
}

void
answer_line(struct http_response *res, unsigned status, const char *line)
{
	res->status = status;
	answer_private_headers(res, ANSWER_TEXT);
	buf_adds(&res->body, line);
	buf_addc(&res->body, '\n');
}

void
answer_see(struct http_response *res, struct sv path)
{
	res->status = 303;
	answer_private_headers(res, ANSWER_TEXT);
	http_header(res, "Location", path);
}
