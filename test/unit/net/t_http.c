/*
 * The HTTP server over real sockets: what it answers, what it refuses, what it
 * cuts. Requests are written byte by byte, so that they can be wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "net/http_server.h"

#define PATIENCE_MS 10000

static struct http_body *feed;
static atomic_int handled;
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
	atomic_fetch_add(&handled, 1);
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
	buf_addf(&res->body, "method=%.*s path=%.*s a=%.*s peer=%.*s agent=%.*s cookie=%.*s body=%zu",
		SV_ARG(http_method_name(r)), SV_ARG(path), SV_ARG(http_query(r, "a")), SV_ARG(http_peer(r)),
		SV_ARG(http_get_header(r, "user-agent")), SV_ARG(http_cookie(r, "sid")),
		http_request_body(r).n);
	for (i = 0; i < http_form_count(r); i++) {
		http_form_at(r, i, &name, &value);
		buf_addf(&res->body, " %.*s=[%.*s]", SV_ARG(name), SV_ARG(value));
	}
	if (!http_query(r, "a").p)
		buf_adds(&res->body, " no-a");
}

static struct http_server *
start(const struct http_settings *set)
{
	struct http_server *s = NULL;
	struct err e = ERR_INIT;

	if (http_server_start(&s, set, handler, NULL, &e) != RC_OK)
		fail_msg("%s", e.text);
	assert_true(http_server_port(s) > 0);
	return s;
}

static int
dial(const struct http_server *s)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons(http_server_port(s));
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

/* Errors do not count: the server may have closed already. */
static void
say(int fd, struct sv v)
{
	while (v.n > 0) {
		ssize_t n = send(fd, v.p, v.n, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		v = sv_from(v, (size_t)n);
	}
}

/* True when the peer closed within PATIENCE_MS. */
static bool
read_to_end(int fd, struct buf *out)
{
	struct pollfd p = {fd, POLLIN, 0};
	char block[65536];
	ssize_t n;

	for (;;) {
		if (poll(&p, 1, PATIENCE_MS) <= 0)
			return false;
		n = recv(fd, block, sizeof(block), 0);
		if (n <= 0)
			return true;
		buf_add(out, (struct sv){block, (size_t)n});
	}
}

static void
ask(const struct http_server *s, struct sv request, struct buf *out)
{
	int fd = dial(s);

	buf_reset(out);
	say(fd, request);
	assert_true(read_to_end(fd, out));
	close(fd);
}

static bool
holds(const struct buf *b, const char *what)
{
	return sv_find(buf_sv(b), sv_of(what)) < b->n;
}

#define END "Connection: close\r\n\r\n"
#define HOST "Host: a\r\n"

static void
requests_are_understood(void **state)
{
	static const struct {
		const char *name;
		struct sv in;
		const char *want[4];
	} cases[] = {
		{"plain", SV_INIT("GET /x?b=1&a=2+3%21 HTTP/1.1\r\n" HOST "User-Agent:  me \r\n" END),
			{"HTTP/1.1 201 Created\r\n", "method=GET path=/x a=2 3! peer=127.0.0.1 agent=me ", "X-Count: 7\r\n"}},
		{"decoded path", SV_INIT("GET /%D0%A1%20a+b HTTP/1.1\r\n" HOST END),
			{"path=/\320\241 a+b a=", " no-a"}},
		{"empty value is there", SV_INIT("GET /x?a= HTTP/1.1\r\n" HOST END), {"a= peer"}},
		{"absolute form", SV_INIT("GET http://a/x?a=1 HTTP/1.1\r\n" HOST END), {"path=/x a=1 "}},
		{"absolute form, no path", SV_INIT("GET http://a HTTP/1.1\r\n" HOST END), {"path=/ a="}},
		{"asterisk", SV_INIT("OPTIONS * HTTP/1.1\r\n" HOST END), {"path=* "}},
		{"odd method", SV_INIT("PURGE / HTTP/1.1\r\n" HOST END), {"method=PURGE"}},
		{"HTTP/1.0 without Host", SV_INIT("GET / HTTP/1.0\r\n\r\n"), {" 201 ", "path=/ "}},
		{"no header but Host", SV_INIT("GET / HTTP/1.0\r\nHost:\r\n\r\n"), {" 201 "}},
		{"cookies", SV_INIT("GET / HTTP/1.1\r\n" HOST "Cookie: a=b; sid=xyz=; sid2=q\r\n" END),
			{"cookie=xyz= body"}},
		{"form", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
			"Content-Length: 14\r\n" END "name=a+b&x=%26"), {"body=14 name=[a b] x=[&]"}},
		{"form of another type", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\n"
			"Content-Length: 3\r\n" END "a=b"), {"body=3 no-a"}},
		{"chunked form", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
			"Transfer-Encoding: chunked\r\n" END "3\r\na=b\r\n2\r\n&c\r\n0\r\n\r\n"), {"body=5 a=[b] c=[]"}},
		{"an empty body", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END), {" 201 ", "body=0"}},
		{"204", SV_INIT("GET /nothing HTTP/1.1\r\n" HOST END), {"HTTP/1.1 204 No Content\r\n"}},
		{"too large an answer", SV_INIT("GET /overflow HTTP/1.1\r\n" HOST END), {"HTTP/1.1 500 "}},
	};
	struct http_settings set = {.host = "127.0.0.1"};
	struct http_server *s = start(&set);
	struct buf out = BUF_INIT(2 * LIMIT_HTTP_PAGE);
	struct http_counts n;
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ask(s, cases[i].in, &out);
		for (k = 0; k < 4 && cases[i].want[k]; k++)
			if (!holds(&out, cases[i].want[k]))
				fail_msg("%s: no \"%s\" in: %.400s", cases[i].name, cases[i].want[k], buf_str(&out));
	}
	ask(s, SV("GET /large HTTP/1.1\r\n" HOST END), &out);
	assert_true(out.n > LIMIT_HTTP_PAGE);
	http_server_counts(s, &n);
	assert_int_equal(n.requests, ARRAY_LEN(cases) + 1);
	assert_int_equal(n.refused, 0);
	http_server_stop(&s, 0);
	buf_fini(&out);
}

static void
malformed_requests_are_refused(void **state)
{
	static const char long_name[] = "GET / HTTP/1.1\r\n" HOST;
	/* status 0: closed without an answer is fine too, a 400 also. */
	static const struct {
		const char *name;
		struct sv in;
		unsigned status;
	} cases[] = {
		{"encoding and length", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
		{"length and encoding", SV_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"), 400},
		{"two lengths", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), 400},
		{"two equal lengths", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\ncontent-length: 3\r\n\r\nabc"), 400},
		{"a list of lengths", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\nabc"), 400},
		{"a signed length", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc"), 400},
		{"a negative length", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: -3\r\n\r\nabc"), 400},
		{"a hexadecimal length", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\nabc"), 400},
		{"an empty length", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"), 400},
		{"a length beyond 64 bits", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n"), 413},
		{"a length beyond the limit", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n"), 413},
		{"unknown encoding", SV_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"), 400},
		{"two encodings in one", SV_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 400},
		{"two encoding lines", SV_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
		{"encoding in HTTP/1.0", SV_INIT("POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
		{"two hosts", SV_INIT("GET / HTTP/1.1\r\n" HOST "Host: b\r\n\r\n"), 400},
		{"two equal hosts", SV_INIT("GET / HTTP/1.1\r\n" HOST HOST "\r\n"), 400},
		{"no host", SV_INIT("GET / HTTP/1.1\r\nAccept: */*\r\n\r\n"), 400},
		{"host with a slash", SV_INIT("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400},
		{"host with a user", SV_INIT("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), 400},
		{"host list", SV_INIT("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), 400},
		{"space before the colon", SV_INIT("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), 400},
		{"tab in a name", SV_INIT("GET / HTTP/1.1\r\n" HOST "X\tY: a\r\n\r\n"), 400},
		{"bracket in a name", SV_INIT("GET / HTTP/1.1\r\n" HOST "X(Y): a\r\n\r\n"), 400},
		{"UTF-8 in a name", SV_INIT("GET / HTTP/1.1\r\n" HOST "\303\234: a\r\n\r\n"), 400},
		{"empty name", SV_INIT("GET / HTTP/1.1\r\n" HOST ": a\r\n\r\n"), 400},
		{"no colon", SV_INIT("GET / HTTP/1.1\r\n" HOST "abc\r\n\r\n"), 400},
		{"NUL in a name", SV_INIT("GET / HTTP/1.1\r\n" HOST "X\0Y: a\r\n\r\n"), 400},
		{"NUL in a value", SV_INIT("GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n"), 400},
		{"two NULs in a value", SV_INIT("GET / HTTP/1.1\r\n" HOST "X: a\0\0b\r\n\r\n"), 400},
		{"two NULs and a header", SV_INIT("GET / HTTP/1.1\r\n" HOST "X: a\0\0Y: b\r\n\r\n"), 400},
		{"bare CR in a value", SV_INIT("GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n"), 400},
		{"escape in a value", SV_INIT("GET / HTTP/1.1\r\n" HOST "X: a\33[0m\r\n\r\n"), 400},
		{"DEL in a value", SV_INIT("GET / HTTP/1.1\r\n" HOST "X: a\177\r\n\r\n"), 400},
		{"bare LF after the request line", SV_INIT("GET / HTTP/1.1\n" HOST "\r\n"), 400},
		{"bare LF after a header", SV_INIT("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"), 400},
		{"bare LF after the last header", SV_INIT("GET / HTTP/1.1\r\nHost: a\n\r\n"), 400},
		{"bare LF as the empty line", SV_INIT("GET / HTTP/1.1\r\n" HOST "\n"), 400},
		{"bare LF throughout", SV_INIT("GET / HTTP/1.1\nHost: a\n\n"), 400},
		{"bare LF hides a header", SV_INIT("GET / HTTP/1.1\r\n" HOST "X: a\nContent-Length: 3\r\n\r\nabc"), 400},
		{"folded line", SV_INIT("GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n"), 400},
		{"folded first line", SV_INIT("GET / HTTP/1.1\r\n X: a\r\n" HOST "\r\n"), 400},
		{"folded empty line", SV_INIT("GET / HTTP/1.1\r\n" HOST " \r\n\r\n"), 400},
		{"HTTP/0.9", SV_INIT("GET /\r\n\r\n"), 0},
		{"HTTP/2.0", SV_INIT("GET / HTTP/2.0\r\n" HOST "\r\n"), 0},
		{"HTTP/1.2", SV_INIT("GET / HTTP/1.2\r\n" HOST "\r\n"), 400},
		{"lower-case version", SV_INIT("GET / http/1.1\r\n" HOST "\r\n"), 0},
		{"two spaces before the target", SV_INIT("GET  / HTTP/1.1\r\n" HOST "\r\n"), 0},
		{"two spaces before the version", SV_INIT("GET /  HTTP/1.1\r\n" HOST "\r\n"), 0},
		{"space at the end", SV_INIT("GET / HTTP/1.1 \r\n" HOST "\r\n"), 0},
		{"space in the target", SV_INIT("GET /a b HTTP/1.1\r\n" HOST "\r\n"), 0},
		{"tab as a separator", SV_INIT("GET\t/\tHTTP/1.1\r\n" HOST "\r\n"), 0},
		{"illegal method", SV_INIT("G(T / HTTP/1.1\r\n" HOST "\r\n"), 400},
		{"no method", SV_INIT(" / HTTP/1.1\r\n" HOST "\r\n"), 0},
		{"target without a slash", SV_INIT("GET x HTTP/1.1\r\n" HOST "\r\n"), 400},
		{"UTF-8 in the target", SV_INIT("GET /\303\234 HTTP/1.1\r\n" HOST "\r\n"), 400},
		{"NUL in the target", SV_INIT("GET /a\0b HTTP/1.1\r\n" HOST "\r\n"), 0},
		{"coded NUL in the path", SV_INIT("GET /a%00b HTTP/1.1\r\n" HOST "\r\n"), 400},
		{"coded NUL in the query", SV_INIT("GET /?a=%00b HTTP/1.1\r\n" HOST "\r\n"), 400},
		{"not HTTP", SV_INIT("\26\3\1\2\0\1\0\1\374\3\3\r\n\r\n"), 0},
	};
	struct http_settings set = {.host = "127.0.0.1", .body_max = 1000};
	struct http_server *s = start(&set);
	struct buf out = BUF_INIT(100000), in = BUF_INIT(100000);
	char want[32];
	size_t i;

	(void)state;
	atomic_store(&handled, 0);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ask(s, cases[i].in, &out);
		snprintf(want, sizeof(want), "HTTP/1.1 %u ", cases[i].status ? cases[i].status : 400);
		if (cases[i].status == 0 && (out.n == 0 || sv_starts(buf_sv(&out), SV("HTTP/1.1 505 "))))
			continue;
		if (!sv_starts(buf_sv(&out), sv_of(want)))
			fail_msg("%s: got %.300s", cases[i].name, buf_str(&out));
	}
	assert_int_equal(atomic_load(&handled), 0);

	/* Heads that are too large. */
	buf_adds(&in, long_name);
	buf_adds(&in, "X: ");
	buf_add_fill(&in, 'a', LIMIT_HTTP_HEADER);
	buf_adds(&in, "\r\n\r\n");
	ask(s, buf_sv(&in), &out);
	assert_true(sv_starts(buf_sv(&out), SV("HTTP/1.1 431 ")));
	buf_reset(&in);
	buf_adds(&in, long_name);
	for (i = 0; i < LIMIT_HTTP_HEADERS; i++)
		buf_adds(&in, "X: a\r\n");
	buf_adds(&in, "\r\n");
	ask(s, buf_sv(&in), &out);
	assert_true(sv_starts(buf_sv(&out), SV("HTTP/1.1 431 ")));
	buf_reset(&in);
	buf_adds(&in, "GET /");
	buf_add_fill(&in, 'a', LIMIT_HTTP_URL);
	buf_adds(&in, " HTTP/1.1\r\n" HOST "\r\n");
	ask(s, buf_sv(&in), &out);
	assert_true(sv_starts(buf_sv(&out), SV("HTTP/1.1 414 ")));
	/* A chunked body that grows over the limit is cut off. */
	buf_reset(&in);
	buf_adds(&in, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n7D0\r\n");
	buf_add_fill(&in, 'a', 2000);
	buf_adds(&in, "\r\n0\r\n\r\n");
	ask(s, buf_sv(&in), &out);
	assert_int_equal(out.n, 0);
	assert_int_equal(atomic_load(&handled), 0);
	http_server_stop(&s, 0);
	buf_fini(&in);
	buf_fini(&out);
}

/* One answer's head off a kept connection; the body must be of length n_body. */
static void
read_answer(int fd, struct buf *out, size_t n_body)
{
	struct pollfd p = {fd, POLLIN, 0};
	size_t head;
	char c;

	buf_reset(out);
	while (!sv_ends(buf_sv(out), SV("\r\n\r\n"))) {
		assert_true(poll(&p, 1, PATIENCE_MS) > 0);
		assert_int_equal(recv(fd, &c, 1, 0), 1);
		buf_addc(out, c);
	}
	head = out->n;
	while (out->n < head + n_body) {
		assert_true(poll(&p, 1, PATIENCE_MS) > 0);
		assert_int_equal(recv(fd, &c, 1, 0), 1);
		buf_addc(out, c);
	}
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
		{"a tag wins over a date", "GET", "If-None-Match: \"a\"\r\nIf-Modified-Since: Tue, 22 Sep 2026 02:10:00 GMT\r\n", 200},
		{"same date", "GET", "If-Modified-Since: Tue, 22 Sep 2026 02:10:00 GMT\r\n", 304},
		{"later date", "GET", "If-Modified-Since: Wed, 23 Sep 2026 02:10:00 GMT\r\n", 304},
		{"earlier date", "GET", "If-Modified-Since: Tue, 22 Sep 2026 02:09:59 GMT\r\n", 200},
		{"bad date", "GET", "If-Modified-Since: yesterday\r\n", 200},
	};
	struct http_settings set = {.host = "127.0.0.1"};
	struct http_server *s = start(&set);
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
	struct http_server *s = start(&set);
	struct buf out = BUF_INIT(100000);
	size_t first, second, third;

	(void)state;
	ask(s, SV("GET /1 HTTP/1.1\r\n" HOST "\r\n"
		"POST /2 HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
		"GET /3 HTTP/1.1\r\n" HOST END), &out);
	first = sv_find(buf_sv(&out), SV("path=/1 "));
	second = sv_find(buf_sv(&out), SV("path=/2 "));
	third = sv_find(buf_sv(&out), SV("path=/3 "));
	assert_true(first < second && second < third && third < out.n);
	http_server_stop(&s, 0);
	buf_fini(&out);
}

/* Sends a byte of text now and then until the server closes; false when it did not
 * within PATIENCE_MS. */
static bool
drip(int fd, struct sv text)
{
	struct pollfd p = {fd, POLLIN, 0};
	int64_t until = time_mono_ms() + PATIENCE_MS;
	size_t i = 0;
	char c;

	while (time_mono_ms() < until) {
		if (i < text.n)
			say(fd, (struct sv){text.p + i++, 1});
		if (poll(&p, 1, 20) > 0 && recv(fd, &c, 1, 0) <= 0)
			return true;
	}
	return false;
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
		{"slow request line", SV_INIT(""), SV_INIT("GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")},
		{"slow header", SV_INIT("GET / HTTP/1.1\r\n" HOST), SV_INIT("X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")},
		{"slow body", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\n"), SV_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")},
	};
	struct http_settings set = {.host = "127.0.0.1", .deadline_ms = 300, .idle_s = 60};
	struct http_server *s = start(&set);
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
			fail_msg("%s: cut after %d ms", cases[i].name, (int)(time_mono_ms() - began));
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
	assert_true(drip(fd, SV("X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
	close(fd);
	http_server_stop(&s, 0);
	buf_fini(&out);
}

static void
an_address_has_its_limit(void **state)
{
	struct http_settings set = {.host = "127.0.0.1", .per_address = 3};
	struct http_server *s = start(&set);
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
	struct http_server *s = start(&set);
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

static void
bad_addresses_are_told(void **state)
{
	struct http_settings set = {.host = "127.0.0.1"};
	struct http_server *s = start(&set), *second = NULL, *six = NULL;
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
	struct http_body_info info = {{text, sizeof(text)}, "application/atom+xml", "public, max-age=60",
		1790043000, more}; /* 2026-09-22T02:10:00Z */

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
		cmocka_unit_test(malformed_requests_are_refused),
		cmocka_unit_test(shared_bodies_are_kept_by_caches),
		cmocka_unit_test(pipelined_requests_are_answered_in_order),
		cmocka_unit_test(slow_requests_are_cut_at_their_deadline),
		cmocka_unit_test(an_address_has_its_limit),
		cmocka_unit_test(stopping_lets_a_request_finish),
		cmocka_unit_test(bad_addresses_are_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_feed, drop_feed);
}
