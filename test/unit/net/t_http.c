/*
 * The HTTP server over real sockets: what it answers, what it cuts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/time.h"
#include "http_client.h"

static struct http_body *feed;
static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate = PTHREAD_COND_INITIALIZER;
static bool gate_open;
static bool gate_reached;

static void
wait_at_gate(void)
{
	pthread_mutex_lock(&gate_lock);
	gate_reached = true;
	pthread_cond_broadcast(&gate);
	while (!gate_open)
		pthread_cond_wait(&gate, &gate_lock);
	pthread_mutex_unlock(&gate_lock);
}

static void
handler(const struct http_request *r, struct http_response *res, void *arg)
{
	struct sv path = http_path(r), name, value;
	size_t i;

	(void)arg;
	if (sv_eq(path, SV("/feed"))) {
		res->shared = http_body_ref(feed);
		return;
	}
	if (sv_eq(path, SV("/gate")))
		wait_at_gate();
	if (sv_eq(path, SV("/nothing"))) {
		res->status = 204;
		return;
	}
	if (sv_eq(path, SV("/overflow"))) {
		buf_add_fill(&res->body, 'x', LIMIT_HTTP_PAGE);
		buf_addc(&res->body, 'x');
		return;
	}
	if (sv_eq(path, SV("/large"))) {
		buf_add_fill(&res->body, 'x', LIMIT_HTTP_PAGE);
		return;
	}
	http_header(res, "Content-Type", SV("text/plain; charset=utf-8"));
	http_headerf(res, "X-Count", "%d", 7);
	res->status = 201;
	buf_addf(&res->body,
		 "method=%.*s path=%.*s a=%.*s peer=%.*s agent=%.*s cookie=%.*s body=%zu",
		 SV_ARG(http_method_name(r)), SV_ARG(path), SV_ARG(http_query(r, "a")),
		 SV_ARG(http_peer(r)), SV_ARG(http_get_header(r, "user-agent")),
		 SV_ARG(http_cookie(r, "sid")), http_request_body(r).n);
	for (i = 0; i < http_form_count(r); i++) {
		http_form_at(r, i, &name, &value);
		buf_addf(&res->body, " %.*s=[%.*s]", SV_ARG(name), SV_ARG(value));
	}
	if (http_form_file(r, "f").p)
		buf_addf(&res->body, " text=[%.*s] file=[%zu]", SV_ARG(http_form(r, "t")),
			 http_form_file(r, "f").n);
	if (!http_query(r, "a").p)
		buf_adds(&res->body, " no-a");
}

static const struct {
	const char *name;
	struct sv in;
	const char *want[4];
} requests[] = {
	{"plain",
	 SV_INIT("GET /x?b=1&a=2+3%21 HTTP/1.1\r\n" HOST "User-Agent:  me \r\n" END),
	 {"HTTP/1.1 201 Created\r\n", "method=GET path=/x a=2 3! peer=127.0.0.1 agent=me ",
	  "X-Count: 7\r\n"}},
	{"decoded path",
	 SV_INIT("GET /%D0%A1%20a+b HTTP/1.1\r\n" HOST END),
	 {"path=/\320\241 a+b a=", " no-a"}},
	{"empty value is there", SV_INIT("GET /x?a= HTTP/1.1\r\n" HOST END), {"a= peer"}},
	{"absolute form", SV_INIT("GET http://a/x?a=1 HTTP/1.1\r\n" HOST END), {"path=/x a=1 "}},
	{"absolute form, no path", SV_INIT("GET http://a HTTP/1.1\r\n" HOST END), {"path=/ a="}},
	{"asterisk", SV_INIT("OPTIONS * HTTP/1.1\r\n" HOST END), {"path=* "}},
	{"odd method", SV_INIT("PURGE / HTTP/1.1\r\n" HOST END), {"method=PURGE"}},
	{"HTTP/1.0 without Host", SV_INIT("GET / HTTP/1.0\r\n\r\n"), {" 201 ", "path=/ "}},
	{"no header but Host", SV_INIT("GET / HTTP/1.0\r\nHost:\r\n\r\n"), {" 201 "}},
	{"cookies",
	 SV_INIT("GET / HTTP/1.1\r\n" HOST "Cookie: a=b; sid=xyz=; sid2=q\r\n" END),
	 {"cookie=xyz= body"}},
	{"form",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST
		 "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
		 "Content-Length: 14\r\n" END "name=a+b&x=%26"),
	 {"body=14 name=[a b] x=[&]"}},
	{"form of another type",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\n"
		 "Content-Length: 3\r\n" END "a=b"),
	 {"body=3 no-a"}},
	{"form of parts",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=b\r\n"
		 "Content-Length: 126\r\n" END
		 "--b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nx&y\r\n"
		 "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\0\r\n"
		 "--b--\r\n"),
	 {" 201 ", "text=[x&y] file=[1] no-a"}},
	{"parts that are none",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=b\r\n"
		 "Content-Length: 5\r\n" END "--b\r\n"),
	 {" 400 "}},
	{"NUL in a part's text",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=b\r\n"
		 "Content-Length: 59\r\n" END
		 "--b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n\0\r\n--b--\r\n"),
	 {" 400 "}},
	{"an empty body",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END),
	 {" 201 ", "body=0"}},
	{"204", SV_INIT("GET /nothing HTTP/1.1\r\n" HOST END), {"HTTP/1.1 204 No Content\r\n"}},
	{"too large an answer", SV_INIT("GET /overflow HTTP/1.1\r\n" HOST END), {"HTTP/1.1 500 "}},
};

static void
requests_are_understood(void **state)
{
	struct http_settings set = {.host = "127.0.0.1"};
	struct http_server *s = start(&set, handler);
	struct buf out = BUF_INIT(2 * LIMIT_HTTP_PAGE);
	struct http_counts n;
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(requests); i++) {
		ask(s, requests[i].in, &out);
		for (k = 0; k < 4 && requests[i].want[k]; k++)
			if (!holds(&out, requests[i].want[k]))
				fail_msg("%s: no \"%s\" in: %.400s", requests[i].name,
					 requests[i].want[k], buf_str(&out));
	}
	ask(s, SV("GET /large HTTP/1.1\r\n" HOST END), &out);
	assert_true(out.n > LIMIT_HTTP_PAGE);
	http_server_counts(s, &n);
	assert_int_equal(n.requests, ARRAY_LEN(requests) + 1);
	assert_int_equal(n.refused, 0);
	http_server_stop(&s, 0);
	buf_fini(&out);
}

static void
shared_bodies_are_kept_by_caches(void **state)
{
	static const struct {
		const char *name;
		const char *method;
		const char *header; /* %s is the tag */
		unsigned want;
	} cases[] = {
		{"plain", "GET", "", 200},
		{"head", "HEAD", "", 200},
		{"post", "POST", "Content-Length: 0\r\nIf-None-Match: *\r\n", 200},
		{"same tag", "GET", "If-None-Match: %s\r\n", 304},
		{"same tag, head", "HEAD", "If-None-Match: W/%s\r\n", 304},
		{"in a list", "GET", "If-None-Match: \"a\", %s\r\n", 304},
		{"on two lines", "GET", "If-None-Match: \"a\"\r\nif-none-match: %s\r\n", 304},
		{"any", "GET", "If-None-Match: *\r\n", 304},
		{"another tag", "GET", "If-None-Match: \"a\"\r\n", 200},
		{"a tag wins over a date", "GET",
		 "If-None-Match: \"a\"\r\nIf-Modified-Since: Tue, 22 Sep 2026 02:10:00 GMT\r\n",
		 200},
		{"same date", "GET", "If-Modified-Since: Tue, 22 Sep 2026 02:10:00 GMT\r\n", 304},
		{"later date", "GET", "If-Modified-Since: Wed, 23 Sep 2026 02:10:00 GMT\r\n", 304},
		{"earlier date", "GET", "If-Modified-Since: Tue, 22 Sep 2026 02:09:59 GMT\r\n",
		 200},
		{"bad date", "GET", "If-Modified-Since: yesterday\r\n", 200},
	};
	struct http_settings set = {.host = "127.0.0.1"};
	struct http_server *s = start(&set, handler);
	struct buf in = BUF_INIT(1000), out = BUF_INIT(100000);
	struct http_counts n;
	char want[32];
	size_t i;
	int fd = dial(s);

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) { /* all on one connection */
		const char *mark = strstr(cases[i].header, "%s");
		bool body = cases[i].want == 200 && strcmp(cases[i].method, "HEAD") != 0;

		buf_reset(&in);
		buf_addf(&in, "%s /feed HTTP/1.1\r\n" HOST, cases[i].method);
		if (mark) {
			buf_add(&in, sv_range(cases[i].header, mark));
			buf_add(&in, http_body_etag(feed));
			buf_adds(&in, mark + 2);
		} else {
			buf_adds(&in, cases[i].header);
		}
		buf_adds(&in, "\r\n");
		say(fd, buf_sv(&in));
		read_answer(fd, &out, body ? http_body_data(feed).n : 0);
		snprintf(want, sizeof(want), "HTTP/1.1 %u ", cases[i].want);
		if (!sv_starts(buf_sv(&out), sv_of(want)))
			fail_msg("%s: got %.300s", cases[i].name, buf_str(&out));
		if (body && !sv_ends(buf_sv(&out), http_body_data(feed)))
			fail_msg("%s: not the body", cases[i].name);
		assert_true(holds(&out, "ETag: \""));
		assert_true(holds(&out, "Cache-Control: public, max-age=60\r\n"));
		assert_true(holds(&out, "Vary: Accept-Language\r\n"));
		assert_int_equal(holds(&out, "Content-Length: 20000\r\n"), cases[i].want == 200);
		assert_int_equal(holds(&out, "X-Frame-Options: DENY\r\n"), cases[i].want == 200);
		assert_int_equal(holds(&out, "Last-Modified: Tue, 22 Sep 2026 02:10:00 GMT\r\n"),
				 cases[i].want == 200);
	}
	http_server_counts(s, &n);
	assert_int_equal(n.not_modified, 7);
	assert_int_equal(n.requests, ARRAY_LEN(cases));
	close(fd);
	http_server_stop(&s, 0);
	buf_fini(&in);
	buf_fini(&out);
}

static void
pipelined_requests_are_answered_in_order(void **state)
{
	struct http_settings set = {.host = "127.0.0.1"};
	struct http_server *s = start(&set, handler);
	struct buf out = BUF_INIT(100000);
	size_t first, second, third;

	(void)state;
	ask(s,
	    SV("GET /1 HTTP/1.1\r\n" HOST "\r\n"
	       "POST /2 HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
	       "GET /3 HTTP/1.1\r\n" HOST END),
	    &out);
	first = sv_find(buf_sv(&out), SV("path=/1 "));
	second = sv_find(buf_sv(&out), SV("path=/2 "));
	third = sv_find(buf_sv(&out), SV("path=/3 "));
	assert_true(first < second && second < third && third < out.n);
	http_server_stop(&s, 0);
	buf_fini(&out);
}

static void
slow_requests_are_cut_at_their_deadline(void **state)
{
	static const struct {
		const char *name;
		struct sv at_once;
		struct sv slowly;
	} cases[] = {
		{"silent", SV_INIT(""), SV_INIT("")},
		{"slow request line", SV_INIT(""),
		 SV_INIT("GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")},
		{"slow header", SV_INIT("GET / HTTP/1.1\r\n" HOST),
		 SV_INIT("X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")},
		{"slow body", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\n"),
		 SV_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")},
	};
	struct http_settings set = {.host = "127.0.0.1", .deadline_ms = 300, .idle_s = 60};
	struct http_server *s = start(&set, handler);
	struct buf out = BUF_INIT(2 * LIMIT_HTTP_PAGE);
	struct http_counts n;
	int64_t began;
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		fd = dial(s);
		began = time_mono_ms();
		say(fd, cases[i].at_once);
		if (!drip(fd, cases[i].slowly))
			fail_msg("%s: not cut", cases[i].name);
		if (time_mono_ms() - began < 250)
			fail_msg("%s: cut after %d ms", cases[i].name,
				 (int)(time_mono_ms() - began));
		close(fd);
		http_server_counts(s, &n);
		assert_int_equal(n.timed_out, i + 1);
	}
	/* Somebody who asks for much and reads nothing. */
	fd = dial(s);
	say(fd, SV("GET /large HTTP/1.1\r\n" HOST END));
	began = time_mono_ms();
	do
		http_server_counts(s, &n);
	while (n.timed_out == ARRAY_LEN(cases) && time_mono_ms() < began + PATIENCE_MS);
	assert_int_equal(n.timed_out, ARRAY_LEN(cases) + 1);
	assert_true(read_to_end(fd, &out));
	assert_true(out.n < LIMIT_HTTP_PAGE);
	close(fd);
	/* On a kept connection the clock starts anew. */
	fd = dial(s);
	say(fd, SV("GET /1 HTTP/1.1\r\n" HOST "\r\n"));
	read_answer(fd, &out, 0);
	say(fd, SV("GET /2 HTTP/1.1\r\n" HOST));
	assert_true(drip(
		fd,
		SV("X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
	close(fd);
	http_server_stop(&s, 0);
	buf_fini(&out);
}

static void
an_address_has_its_limit(void **state)
{
	struct http_settings set = {.host = "127.0.0.1", .per_address = 3};
	struct http_server *s = start(&set, handler);
	struct buf out = BUF_INIT(100000);
	struct http_counts n;
	int64_t until;
	int fd[3];
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		fd[i] = dial(s);
		say(fd[i], SV("GET / HTTP/1.1\r\n" HOST "\r\n"));
		read_answer(fd[i], &out, 0);
	}
	ask(s, SV("GET / HTTP/1.1\r\n" HOST "\r\n"), &out);
	assert_int_equal(out.n, 0);
	http_server_counts(s, &n);
	assert_int_equal(n.turned_away, 1);
	assert_int_equal(n.open, 3);
	/* The three go on, and when one leaves there is room for another. */
	say(fd[1], SV("GET / HTTP/1.1\r\n" HOST END));
	assert_true(read_to_end(fd[1], &out));
	close(fd[1]);
	until = time_mono_ms() + PATIENCE_MS;
	do
		http_server_counts(s, &n);
	while (n.open > 2 && time_mono_ms() < until);
	assert_int_equal(n.open, 2);
	ask(s, SV("GET / HTTP/1.1\r\n" HOST END), &out);
	assert_true(holds(&out, " 201 "));
	close(fd[0]);
	close(fd[2]);
	http_server_stop(&s, 0);
	buf_fini(&out);
}

static void *
ask_at_gate(void *arg)
{
	int fd = *(int *)arg;
	struct buf out = BUF_INIT(100000);
	bool ok;

	say(fd, SV("GET /gate HTTP/1.1\r\n" HOST END));
	ok = read_to_end(fd, &out) && holds(&out, "path=/gate");
	buf_fini(&out);
	return ok ? arg : NULL;
}

static void *
stop_with_grace(void *arg)
{
	http_server_stop(arg, PATIENCE_MS);
	return NULL;
}

static void
stopping_lets_a_request_finish(void **state)
{
	struct http_settings set = {.host = "127.0.0.1", .idle_s = 60};
	struct http_server *s = start(&set, handler);
	pthread_t asker, stopper;
	void *answered = NULL;
	int fd = dial(s), idle = dial(s);
	struct buf out = BUF_INIT(1000);

	(void)state;
	pthread_create(&asker, NULL, ask_at_gate, &fd);
	pthread_mutex_lock(&gate_lock);
	while (!gate_reached)
		pthread_cond_wait(&gate, &gate_lock);
	pthread_mutex_unlock(&gate_lock);
	pthread_create(&stopper, NULL, stop_with_grace, &s);
	pthread_mutex_lock(&gate_lock);
	gate_open = true;
	pthread_cond_broadcast(&gate);
	pthread_mutex_unlock(&gate_lock);
	pthread_join(asker, &answered);
	pthread_join(stopper, NULL);
	assert_non_null(answered);
	assert_null(s);
	assert_true(read_to_end(idle, &out)); /* the one without a request was closed */
	close(fd);
	close(idle);
	buf_fini(&out);
}

/* A part of a body that waits for its rest takes up room; a later one that has none is cut. */
static void
bodies_share_their_room(void **state)
{
	struct http_settings set = {.host = "127.0.0.1", .bodies_max = 850, .body_small = 100};
	struct http_server *s = start(&set, handler);
	struct buf out = BUF_INIT(64 * KIB), body = BUF_INIT(KIB), small = BUF_INIT(KIB);
	int64_t until = time_mono_ms() + PATIENCE_MS;
	int fd = dial(s);

	(void)state;
	buf_adds(&body, "POST / HTTP/1.1\r\n" HOST "Content-Length: 800\r\n" END);
	buf_add_fill(&body, 'x', 799);
	say(fd, buf_sv(&body));
	buf_reset(&body);
	buf_adds(&body, "POST / HTTP/1.1\r\n" HOST "Content-Length: 300\r\n" END);
	buf_add_fill(&body, 'x', 300);
	do
		ask(s, buf_sv(&body), &out);
	while (holds(&out, "body=300") && time_mono_ms() < until);
	assert_int_equal(out.n, 0);
	/* A small one is taken all the same: who signs in is not kept out by others' files. */
	buf_adds(&small, "POST / HTTP/1.1\r\n" HOST "Content-Length: 100\r\n" END);
	buf_add_fill(&small, 'x', 100);
	ask(s, buf_sv(&small), &out);
	assert_true(holds(&out, "body=100"));
	close(fd);
	do
		ask(s, buf_sv(&body), &out);
	while (!holds(&out, "body=300") && time_mono_ms() < until);
	assert_true(holds(&out, "body=300"));
	http_server_stop(&s, 0);
	buf_fini(&out);
	buf_fini(&body);
	buf_fini(&small);
}

static void
bad_addresses_are_told(void **state)
{
	struct http_settings set = {.host = "127.0.0.1"};
	struct http_server *s = start(&set, handler), *second = NULL, *six = NULL;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(strncmp(http_server_url(s), "http://127.0.0.1:", 17), 0);
	set.port = http_server_port(s);
	assert_int_equal(http_server_start(&second, &set, handler, NULL, &e), RC_IO);
	assert_null(second);
	assert_non_null(strstr(e.text, "127.0.0.1"));
	set.host = "localhost";
	assert_int_equal(http_server_start(&second, &set, handler, NULL, &e), RC_SYNTAX);
	set.host = "::1";
	set.port = 0;
	if (http_server_start(&six, &set, handler, NULL, &e) == RC_OK) /* where IPv6 is there */
		assert_int_equal(strncmp(http_server_url(six), "http://[::1]:", 13), 0);
	http_server_stop(&six, 0);
	http_server_stop(&s, 0);
	http_server_stop(&s, 0);
}

static int
make_feed(void **state)
{
	static const struct http_body_header more[] = {
		{"Vary", "Accept-Language"},
		{"X-Frame-Options", "DENY"},
		{NULL, NULL},
	};
	static char text[20000];
	struct http_body_info info = {{text, sizeof(text)},
				      "application/atom+xml",
				      "public, max-age=60",
				      1790043000,
				      more}; /* 2026-09-22T02:10:00Z */

	(void)state;
	memset(text, 'f', sizeof(text));
	feed = http_body_new(&info);
	return 0;
}

static int
drop_feed(void **state)
{
	(void)state;
	http_body_unref(&feed);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_understood),
		cmocka_unit_test(shared_bodies_are_kept_by_caches),
		cmocka_unit_test(pipelined_requests_are_answered_in_order),
		cmocka_unit_test(slow_requests_are_cut_at_their_deadline),
		cmocka_unit_test(an_address_has_its_limit),
		cmocka_unit_test(stopping_lets_a_request_finish),
		cmocka_unit_test(bodies_share_their_room),
		cmocka_unit_test(bad_addresses_are_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_feed, drop_feed);
}
