/*
 * What the HTTP server refuses before a handler sees it, over real sockets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdatomic.h>

#include "base/limits.h"
#include "http_client.h"

static atomic_int handled;

static void
handler(const struct http_request *r, struct http_response *res, void *arg)
{
	(void)r;
	(void)res;
	(void)arg;
	atomic_fetch_add(&handled, 1);
}

/* status 0: closed without an answer is fine too, a 400 also. */
static const struct {
	const char *name;
	struct sv in;
	unsigned status;
} malformed[] = {
	{"encoding and length",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST
		 "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	 400},
	{"length and encoding",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST
		 "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
	 400},
	{"two lengths",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
	 400},
	{"two equal lengths",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\ncontent-length: 3\r\n\r\nabc"),
	 400},
	{"a list of lengths", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\nabc"),
	 400},
	{"a signed length", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc"),
	 400},
	{"a negative length", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: -3\r\n\r\nabc"),
	 400},
	{"a hexadecimal length",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\nabc"), 400},
	{"an empty length", SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"), 400},
	{"a length beyond 64 bits",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n"), 413},
	{"a length beyond the limit",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n"), 413},
	{"a body in chunks",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n"
		 "3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n"),
	 411},
	{"unknown encoding", SV_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"),
	 400},
	{"two encodings in one",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
	 400},
	{"two encoding lines",
	 SV_INIT("POST / HTTP/1.1\r\n" HOST
		 "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	 400},
	{"encoding in HTTP/1.0",
	 SV_INIT("POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
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
	{"bare LF hides a header",
	 SV_INIT("GET / HTTP/1.1\r\n" HOST "X: a\nContent-Length: 3\r\n\r\nabc"), 400},
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

static void
malformed_requests_are_refused(void **state)
{
	struct http_settings set = {.host = "127.0.0.1", .body_max = 1000};
	struct http_server *s = start(&set, handler);
	struct buf out = BUF_INIT(100000);
	char want[32];
	size_t i;

	(void)state;
	atomic_store(&handled, 0);
	for (i = 0; i < ARRAY_LEN(malformed); i++) {
		ask(s, malformed[i].in, &out);
		snprintf(want, sizeof(want), "HTTP/1.1 %u ",
			 malformed[i].status ? malformed[i].status : 400);
		if (malformed[i].status == 0 &&
		    (out.n == 0 || sv_starts(buf_sv(&out), SV("HTTP/1.1 505 "))))
			continue;
		if (!sv_starts(buf_sv(&out), sv_of(want)))
			fail_msg("%s: got %.300s", malformed[i].name, buf_str(&out));
	}
	assert_int_equal(atomic_load(&handled), 0);
	/* The count can move: one that is right reaches the handler. */
	ask(s, SV("GET / HTTP/1.1\r\n" HOST END), &out);
	assert_int_equal(atomic_load(&handled), 1);
	http_server_stop(&s, 0);
	buf_fini(&out);
}

static void
large_requests_are_refused(void **state)
{
	static const char head[] = "GET / HTTP/1.1\r\n" HOST;
	struct http_settings set = {.host = "127.0.0.1", .body_max = 1000};
	struct http_server *s = start(&set, handler);
	struct buf out = BUF_INIT(100000), in = BUF_INIT(100000);
	size_t i;

	(void)state;
	atomic_store(&handled, 0);
	buf_adds(&in, head);
	buf_adds(&in, "X: ");
	buf_add_fill(&in, 'a', LIMIT_HTTP_HEADER);
	buf_adds(&in, "\r\n\r\n");
	ask(s, buf_sv(&in), &out);
	assert_true(sv_starts(buf_sv(&out), SV("HTTP/1.1 431 ")));
	buf_reset(&in);
	buf_adds(&in, head);
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
	assert_int_equal(atomic_load(&handled), 0);
	http_server_stop(&s, 0);
	buf_fini(&in);
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_requests_are_refused),
		cmocka_unit_test(large_requests_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
