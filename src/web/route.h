/*
 * route.h — which function answers which request: one table.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/sv.h"
#include "desk/officer_store.h"
#include "net/http_server.h"

struct web;

enum route_who {
	ROUTE_ALL,     /* everybody; forms only from our own pages */
	ROUTE_OPEN,    /* everybody, forms from anywhere: for what changes nothing */
	ROUTE_NEAR,    /* this host and private networks, not through a proxy */
	ROUTE_OFFICER, /* who has a session; others are led to the sign-in page */
};

struct visit {
	struct web *web;
	const struct http_request *req;
	struct http_response *res;
	struct sv part; /* what stands for the '*' of the pattern: never empty, no '/' */
	/* for ROUTE_OFFICER */
	struct sv session; /* its token */
	struct officer officer;
	struct arena *arena; /* until the answer is made */
};

typedef void route_fn(const struct visit *);

struct route {
	enum http_method method; /* GET goes for HEAD too */
	const char *pattern;     /* at most one '*' */
	enum route_who who;
	route_fn *answer;
};

extern const struct route routes[];
extern const size_t routes_n;

/* Whether the path is of the pattern; *ret_part is what '*' stands for. Pure. */
bool route_match(const char *pattern, struct sv path, struct sv *ret_part) CHECKED;

/* Whether an address is this host's or of a private network. Pure. */
bool route_is_near(struct sv address);

/* The handler of the HTTP server; arg is the struct web. */
void route_answer(const struct http_request *, struct http_response *, void *arg);

#endif
