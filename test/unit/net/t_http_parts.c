/* The pure parts of the HTTP server: fields, guard, tags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "net/http_form.h"
#include "net/http_guard.h"
#include "net/http_server.h"

static void
fields_are_decoded(void **state)
{
	/* want: name=value pairs between '|' as WHATWG URL 5.1 gives them; NULL: refused */
	static const struct {
		const char *name;
		struct sv in;
		const char *want;
	} cases[] = {
		{"empty", SV_INIT(""), ""},
		{"one", SV_INIT("a=b"), "|a=b"},
		{"no value", SV_INIT("a"), "|a="},
		{"no name", SV_INIT("=b"), "|=b"},
		{"empty fields vanish", SV_INIT("&&a=b&&"), "|a=b"},
		{"only the first '=' counts", SV_INIT("a=b=c"), "|a=b=c"},
		{"plus is a space", SV_INIT("a+b=c+d"), "|a b=c d"},
		{"coded plus stays", SV_INIT("a=%2B"), "|a=+"},
		{"coded separators", SV_INIT("a%3Db=c%26d"), "|a=b=c&d"},
		{"UTF-8", SV_INIT("n=%d0%A1%D0%B0"), "|n=\320\241\320\260"},
		{"percent at the end", SV_INIT("a=5%"), "|a=5%"},
		{"percent and one digit", SV_INIT("a=5%4"), "|a=5%4"},
		{"percent and no digits", SV_INIT("a=5%zz"), "|a=5%zz"},
		{"twice", SV_INIT("a=1&a=2"), "|a=1|a=2"},
		{"coded NUL", SV_INIT("a=%00"), NULL},
		{"NUL", SV_INIT("a=\0"), NULL},
	};
	struct arena *a = arena_new();
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf got = BUF_INIT(1000);
		struct http_pairs p = {NULL, 0};
		bool ok = http_pairs_parse(&p, a, cases[i].in);

		for (k = 0; k < p.n; k++)
			buf_addf(&got, "|%.*s=%.*s", SV_ARG(p.v[k].name), SV_ARG(p.v[k].value));
		if (ok != (cases[i].want != NULL))
			fail_msg("%s: accepted is %d", cases[i].name, ok);
		if (ok && !sv_eq(buf_sv(&got), sv_of(cases[i].want)))
			fail_msg("%s: got \"%s\"", cases[i].name, buf_str(&got));
		buf_fini(&got);
	}
	arena_free(&a);
}

static void
too_many_fields_are_refused(void **state)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(4 * LIMIT_HTTP_FIELDS);
	struct http_pairs p = {NULL, 0};
	size_t i;

	(void)state;
	for (i = 0; i < LIMIT_HTTP_FIELDS; i++)
		buf_adds(&text, "a&");
	assert_true(http_pairs_parse(&p, a, buf_sv(&text)));
	assert_int_equal(p.n, LIMIT_HTTP_FIELDS);
	buf_adds(&text, "a");
	assert_false(http_pairs_parse(&p, a, buf_sv(&text)));
	assert_null(http_pairs_find(&p, "b").p);
	assert_non_null(http_pairs_find(&p, "a").p);
	buf_fini(&text);
	arena_free(&a);
}

static void
targets_are_checked(void **state)
{
	static const struct {
		struct sv in;
		bool want;
	} cases[] = {
		{SV_INIT("/"), true},
		{SV_INIT("/a?b=c&d"), true},
		{SV_INIT("*"), true},
		{SV_INIT("http://example.org/a"), true},
		{SV_INIT(""), false},
		{SV_INIT("a"), false},
		{SV_INIT("example.org:443"), false},
		{SV_INIT("/a b"), false},
		{SV_INIT("/a\tb"), false},
		{SV_INIT("/\177"), false},
		{SV_INIT("/\303\244"), false},
		{SV_INIT("/\1"), false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		if (http_guard_target(cases[i].in) != cases[i].want)
			fail_msg("target \"%.*s\"", SV_ARG(cases[i].in));
}

static void
tags_are_compared_weakly(void **state)
{
	/* RFC 9110, 8.8.3.2 and 13.1.2; the answer's tag is "abc" */
	static const struct {
		struct sv in;
		bool want;
	} cases[] = {
		{SV_INIT("\"abc\""), true},
		{SV_INIT("W/\"abc\""), true},
		{SV_INIT("*"), true},
		{SV_INIT(" * "), true},
		{SV_INIT("\"x\", \"abc\""), true},
		{SV_INIT("\"x\",W/\"abc\" , \"y\""), true},
		{SV_INIT(",, \"abc\""), true},
		{SV_INIT("\"a,b\", \"abc\""), true},
		{SV_INIT(""), false},
		{SV_INIT("abc"), false},
		{SV_INIT("\"abc"), false},
		{SV_INIT("\"ab\""), false},
		{SV_INIT("\"abcd\""), false},
		{SV_INIT("\"ABC\""), false},
		{SV_INIT("w/\"abc\""), false},
		{SV_INIT("\"x\"\"abc\""), false},
		{SV_INIT("*, \"x\""), false},
		{SV_INIT("\"x, \"abc\""), false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		if (http_etag_match(cases[i].in, SV("\"abc\"")) != cases[i].want)
			fail_msg("If-None-Match: %.*s", SV_ARG(cases[i].in));
		if (http_etag_match(cases[i].in, SV("W/\"abc\"")) != cases[i].want)
			fail_msg("If-None-Match: %.*s, weak answer", SV_ARG(cases[i].in));
	}
}

static void
bodies_have_tags_of_their_bytes(void **state)
{
	struct http_body_info info = {.data = SV("<feed/>"),
				      .content_type = "application/atom+xml"};
	struct http_body *a = http_body_new(&info), *b = http_body_new(&info), *c, *d;

	(void)state;
	info.content_type = "text/html";
	c = http_body_new(&info);
	info.data = SV("<feed>");
	d = http_body_new(&info);
	assert_true(sv_eq(http_body_etag(a), http_body_etag(b)));
	assert_false(sv_eq(http_body_etag(a), http_body_etag(c)));
	assert_false(sv_eq(http_body_etag(c), http_body_etag(d)));
	/* printf 'text/html\0<feed>' | sha256sum, the first 16 bytes */
	assert_true(sv_eq(http_body_etag(d), SV("\"6979e8bc3bed1d11a975685dbc11e3a9\"")));
	http_body_unref(&a);
	assert_null(a);
	a = http_body_ref(b);
	http_body_unref(&b);
	assert_true(sv_eq(http_body_data(a), SV("<feed/>")));
	http_body_unref(&a);
	http_body_unref(&c);
	http_body_unref(&d);
	http_body_unref(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_decoded),
		cmocka_unit_test(too_many_fields_are_refused),
		cmocka_unit_test(targets_are_checked),
		cmocka_unit_test(tags_are_compared_weakly),
		cmocka_unit_test(bodies_have_tags_of_their_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
