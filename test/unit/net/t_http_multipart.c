/* Forms with files, as browsers and curl send them, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "net/http_multipart.h"

#define TYPE     "multipart/form-data; boundary=XY"
#define FIELD(n) "Content-Disposition: form-data; name=\"" n "\"\r\n"
#define TEXT     "--XY\r\n" FIELD("text") "\r\nhello\r\n"
#define FILE_    "; filename=\"a.xml\"\r\nContent-Type: text/xml\r\n\r\n"
#define PART     "--XY\r\nContent-Disposition: form-data; name=\"file\"" FILE_
#define END      "--XY--\r\n"
#define SIXTEEN  TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT

/* want: name=data, or name@filename=data for a file, behind '|'; NULL: refused. */
static const struct {
	const char *name, *type;
	struct sv body;
	const char *want;
} cases[] = {
	{"a field", TYPE, SV_INIT(TEXT END), "|text=hello"},
	{"nothing", TYPE, SV_INIT("--XY--\r\n"), ""},
	{"no CR LF at the end", TYPE, SV_INIT(TEXT "--XY--"), "|text=hello"},
	{"a field and a file", TYPE, SV_INIT(TEXT PART "<alert/>\r\n" END),
	 "|text=hello|file@a.xml=<alert/>"},
	{"an empty file", TYPE, SV_INIT(PART "\r\n" END), "|file@a.xml="},
	{"no file chosen", TYPE,
	 SV_INIT("--XY\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n"
		 "Content-Type: application/octet-stream\r\n\r\n\r\n" END),
	 "|file@="},
	{"line ends inside", TYPE, SV_INIT(PART "\r\na\n\r\n\r\nb\r\n\r\n" END),
	 "|file@a.xml=\r\na\n\r\n\r\nb\r\n"},
	{"nearly a delimiter inside", TYPE, SV_INIT(PART "\r\n--X\r\n--\r\n -XY\r\n" END),
	 "|file@a.xml=\r\n--X\r\n--\r\n -XY"},
	{"NUL in a file", TYPE, SV_INIT(PART "a\0b\r\n" END), "|file@a.xml=a\0b"},
	{"a quoted boundary", "Multipart/Form-Data; charset=utf-8; Boundary=\"X:Y\"",
	 SV_INIT("--X:Y\r\n" FIELD("a") "\r\nb\r\n--X:Y--\r\n"), "|a=b"},
	{"names in other letters", TYPE,
	 SV_INIT("--XY\r\ncontent-disposition: Form-Data; NAME=text\r\n\r\nhello\r\n" END),
	 "|text=hello"},
	{"a semicolon in quotes", TYPE,
	 SV_INIT("--XY\r\nContent-Disposition: form-data; filename=\"; name=\\\"x\\\"\"; "
		 "name=\"f\"\r\n\r\n1\r\n" END),
	 "|f@; name=\\\"x\\\"=1"},
	{"sixteen", TYPE, SV_INIT(SIXTEEN END),
	 "|text=hello|text=hello|text=hello|text=hello|text=hello|text=hello|text=hello|text=hello"
	 "|text=hello|text=hello|text=hello|text=hello|text=hello|text=hello|text=hello|text=hello"},

	{"seventeen", TYPE, SV_INIT(SIXTEEN TEXT END), NULL},
	{"another type", "application/x-www-form-urlencoded", SV_INIT(TEXT END), NULL},
	{"no boundary", "multipart/form-data", SV_INIT(TEXT END), NULL},
	{"an empty boundary", "multipart/form-data; boundary=", SV_INIT("--\r\n----\r\n"), NULL},
	{"a boundary of illegal bytes", "multipart/form-data; boundary=\"a\tb\"",
	 SV_INIT("--a\tb--\r\n"), NULL},
	{"a boundary of 71",
	 "multipart/form-data; boundary="
	 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	 SV_INIT("--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa--"),
	 NULL},
	{"an open quote", "multipart/form-data; boundary=\"XY", SV_INIT(TEXT END), NULL},
	{"empty", TYPE, SV_INIT(""), NULL},
	{"no end", TYPE, SV_INIT(TEXT), NULL},
	{"cut in the data", TYPE, SV_INIT("--XY\r\n" FIELD("a") "\r\nhel"), NULL},
	{"cut in the head", TYPE, SV_INIT("--XY\r\n" FIELD("a")), NULL},
	{"text in front", TYPE, SV_INIT("x\r\n" TEXT END), NULL},
	{"text behind", TYPE, SV_INIT(TEXT END "x"), NULL},
	{"bare LF in the head", TYPE,
	 SV_INIT("--XY\nContent-Disposition: form-data; name=\"a\"\n\nb\n--XY--\n"), NULL},
	{"a bare LF between fields", TYPE,
	 SV_INIT("--XY\r\nX: y\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n" END),
	 NULL},
	{"NUL in the head", TYPE, SV_INIT("--XY\r\nX: \0\r\n" FIELD("a") "\r\nb\r\n" END), NULL},
	{"no disposition", TYPE, SV_INIT("--XY\r\nContent-Type: text/plain\r\n\r\nb\r\n" END),
	 NULL},
	{"no name", TYPE, SV_INIT("--XY\r\nContent-Disposition: form-data\r\n\r\nb\r\n" END), NULL},
	{"an attachment", TYPE,
	 SV_INIT("--XY\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nb\r\n" END), NULL},
	{"two dispositions", TYPE, SV_INIT("--XY\r\n" FIELD("a") FIELD("b") "\r\nb\r\n" END), NULL},
	{"base64", TYPE,
	 SV_INIT("--XY\r\n" FIELD("a") "Content-Transfer-Encoding: base64\r\n\r\nYg==\r\n" END),
	 NULL},
	{"no head", TYPE, SV_INIT("--XY\r\n\r\nb\r\n" END), NULL},
};

static void
forms(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_parts p = {.n = 0};
		struct buf got = BUF_INIT(4000);
		bool ok = http_multipart_parse(&p, sv_of(cases[i].type), cases[i].body);

		for (k = 0; k < p.n; k++) {
			buf_addf(&got, "|%.*s", SV_ARG(p.v[k].name));
			if (p.v[k].filename.p != NULL)
				buf_addf(&got, "@%.*s", SV_ARG(p.v[k].filename));
			buf_addc(&got, '=');
			buf_add(&got, p.v[k].data);
		}
		if (ok != (cases[i].want != NULL))
			fail_msg("%s: accepted is %d", cases[i].name, ok);
		/* A C string ends at a NUL in the data; so does the comparison. */
		if (ok && !sv_eq(sv_of(buf_str(&got)), sv_of(cases[i].want)))
			fail_msg("%s: got \"%s\"", cases[i].name, buf_str(&got));
		buf_fini(&got);
	}
}

/* Every prefix of a good body is refused, but that without the last CR LF. */
static void
prefixes(void **state)
{
	static const struct sv whole = SV_INIT(TEXT PART "<alert/>\r\n" END);
	struct http_parts p;
	size_t n;

	(void)state;
	for (n = 0; n < whole.n - 2; n++)
		if (http_multipart_parse(&p, SV(TYPE), sv_head(whole, n)))
			fail_msg("the first %zu bytes are taken", n);
	assert_true(http_multipart_parse(&p, SV(TYPE), sv_head(whole, n)));
}

static void
finds(void **state)
{
	struct http_parts p;

	(void)state;
	assert_true(http_multipart_parse(&p, SV(TYPE), SV(TEXT PART "x\r\n" END)));
	assert_ptr_equal(http_parts_find(&p, "file"), &p.v[1]);
	assert_null(http_parts_find(&p, "fil"));
	assert_true(http_is_multipart(SV(" multipart/FORM-data ;x=y")));
	assert_false(http_is_multipart(SV("multipart/form-data2")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(finds),
	};

	return cmocka_run_group_tests_name("http_multipart", tests, NULL, NULL);
}
