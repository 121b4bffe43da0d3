/*
 * route.c — see route.h. What is in no row of the table does not exist; what is
 * there for another method is 405 with Allow.
 */
#include "web/route.h"
#include "base/arena.h"
#include "web/answer.h"
#include "web/desk_page.h"
#include "web/public.h"
#include "web/session.h"
#include "web/web_int.h"

const struct route routes[] = {
	{HTTP_GET, "/", ROUTE_ALL, public_list},
	{HTTP_GET, "/alert/*.xml", ROUTE_ALL, public_xml},
	{HTTP_GET, "/alert/*", ROUTE_ALL, public_alert},
	{HTTP_GET, "/feed.atom", ROUTE_ALL, public_feed},
	{HTTP_GET, "/verify", ROUTE_ALL, public_verify},
	{HTTP_POST, "/verify", ROUTE_OPEN, public_verify_text},
	{HTTP_GET, "/fingerprint", ROUTE_ALL, public_fingerprint},
	{HTTP_GET, "/certificate.pem", ROUTE_ALL, public_certificate},
	{HTTP_GET, "/style.css", ROUTE_ALL, public_style},
	{HTTP_GET, "/desk.css", ROUTE_ALL, public_desk_style},
	{HTTP_GET, "/healthz", ROUTE_ALL, public_health},
	{HTTP_GET, "/metrics", ROUTE_NEAR, public_metrics},
	{HTTP_GET, SESSION_SIGN_IN, ROUTE_ALL, session_page},
	{HTTP_POST, SESSION_SIGN_IN, ROUTE_ALL, session_begin},
	{HTTP_POST, "/desk/signout", ROUTE_OFFICER, session_end_here},
	{HTTP_GET, "/desk", ROUTE_OFFICER, desk_page_list},
	{HTTP_GET, "/desk/alert/*", ROUTE_OFFICER, desk_page_alert},
};
const size_t routes_n = ARRAY_LEN(routes);

bool
route_match(const char *pattern, struct sv path, struct sv *ret_part)
{
	struct sv p = sv_of(pattern);
	size_t star = sv_find_char(p, '*');
	struct sv head = sv_head(p, star), tail = sv_from(p, star + 1), part;

	if (star == p.n) {
		if (!sv_eq(p, path))
			return false;
		*ret_part = SV_NONE;
		return true;
	}
	if (path.n <= head.n + tail.n || !sv_starts(path, head) || !sv_ends(path, tail))
		return false;
	part = sv_head(sv_from(path, head.n), path.n - head.n - tail.n);
	if (sv_find_char(part, '/') < part.n)
		return false;
	*ret_part = part;
	return true;
}

/* 172.16.0.0/12: the second number is 16 to 31. */
static bool
is_172_16(struct sv address)
{
	struct sv rest = sv_from(address, 4);
	uint64_t second;

	return sv_starts(address, SV("172.")) &&
	       sv_to_u64(sv_head(rest, sv_find_char(rest, '.')), &second) && second >= 16 &&
	       second <= 31;
}

bool
route_is_near(struct sv address)
{
	static const char *const heads[] = {"127.", "10.", "192.168.", "fc", "fd", "fe80:"};
	size_t i;

	if (sv_starts(address, SV("::ffff:")))
		address = sv_from(address, 7);
	for (i = 0; i < ARRAY_LEN(heads); i++)
		if (sv_starts(address, sv_of(heads[i])))
			return true;
	return sv_eq(address, SV("::1")) || is_172_16(address);
}

static bool
came_by_proxy(const struct http_request *req)
{
	return http_get_header(req, "Forwarded").p != NULL ||
	       http_get_header(req, "X-Forwarded-For").p != NULL ||
	       http_get_header(req, "Via").p != NULL;
}

/* True when the visitor may; a change must come from our own pages. Otherwise the
 * answer says what instead. */
static bool
admit(struct visit *v, const struct route *r)
{
	if (r->method != HTTP_GET && r->who != ROUTE_OPEN && !session_from_here(v))
		return false;
	switch (r->who) {
	case ROUTE_ALL:
	case ROUTE_OPEN:
		return true;
	case ROUTE_NEAR:
		if (route_is_near(http_peer(v->req)) && !came_by_proxy(v->req))
			return true;
		answer_line(v->res, 403, "only for this host and its private network");
		return false;
	case ROUTE_OFFICER:
		return session_admit(v) && (r->method == HTTP_GET || session_form_ok(v));
	}
	return false;
}

static void
answer_not_allowed(struct visit *v)
{
	struct buf allow = BUF_INIT(128);
	struct sv path = http_path(v->req), part;
	size_t i;

	for (i = 0; i < routes_n; i++) {
		if (!route_match(routes[i].pattern, path, &part))
			continue;
		if (allow.n > 0)
			buf_adds(&allow, ", ");
		buf_adds(&allow, routes[i].method == HTTP_GET ? "GET, HEAD" : "POST");
	}
	if (allow.n == 0) {
		public_missing(v);
	} else {
		answer_line(v->res, 405, "this page does not take that method");
		http_header(v->res, "Allow", buf_sv(&allow));
	}
	buf_fini(&allow);
}

void
route_answer(const struct http_request *req, struct http_response *res, void *arg)
{
	struct visit v = {.web = arg, .req = req, .res = res};
	enum http_method method = http_method(req) == HTTP_HEAD ? HTTP_GET : http_method(req);
	size_t i;

	for (i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];

		if (r->method != method || !route_match(r->pattern, http_path(req), &v.part))
			continue;
		v.arena = r->who == ROUTE_OFFICER ? arena_new() : NULL;
		if (admit(&v, r))
			r->answer(&v);
		arena_free(&v.arena);
		return;
	}
	answer_not_allowed(&v);
}
