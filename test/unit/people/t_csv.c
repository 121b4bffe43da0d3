/*
 * t_csv.c — the CSV reader: well-formed and malformed records, and that chunk
 * borders make no difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "people/csv.h"

/* "1:a|b" for a record that begins on line 1, "!line 2: …" for a bad one; each followed by '\n'. */
static void
read_all(struct buf *out, struct sv text, size_t chunk)
{
	struct csv *c = csv_new();
	struct csv_record r;
	struct err e = ERR_INIT;
	bool more = true;
	enum rc rc;
	size_t i;

	while (more) {
		more = text.n > 0;
		if (more)
			csv_feed(c, sv_head(text, chunk));
		else
			csv_end(c);
		text = sv_from(text, chunk);
		while ((rc = csv_next(c, &r, &e)) != RC_NOTFOUND) {
			if (rc != RC_OK) {
				buf_addf(out, "!%s\n", e.text);
				continue;
			}
			buf_addf(out, "%llu:", (unsigned long long)r.line);
			for (i = 0; i < r.n; i++) {
				if (i > 0)
					buf_addc(out, '|');
				buf_add(out, r.fields[i]);
			}
			buf_addc(out, '\n');
		}
	}
	csv_free(&c);
}

static const struct {
	const char *name;
	struct sv in;
	const char *want;
} cases[] = {
	{"nothing", SV_INIT(""), ""},
	{"plain", SV_INIT("a,b\nc,d\n"), "1:a|b\n2:c|d\n"},
	{"no last line end", SV_INIT("a,b\nc,d"), "1:a|b\n2:c|d\n"},
	{"CR LF", SV_INIT("a,b\r\nc,d\r\n"), "1:a|b\n2:c|d\n"},
	{"CR at the very end", SV_INIT("a,b\r"), "1:a|b\n"},
	{"CR inside", SV_INIT("a\rb,c\n"), "1:a\rb|c\n"},
	{"byte order mark",
	 SV_INIT("\xEF\xBB\xBF"
		 "a,b\n"),
	 "1:a|b\n"},
	{"empty fields", SV_INIT(",,\n"), "1:||\n"},
	{"empty lines", SV_INIT("a\n\n\r\nb\n"), "1:a\n4:b\n"},
	{"quoted", SV_INIT("\"a,b\",c\n"), "1:a,b|c\n"},
	{"doubled quote", SV_INIT("\"a\"\"b\"\n"), "1:a\"b\n"},
	{"quoted nothing", SV_INIT("\"\",x\n"), "1:|x\n"},
	{"line end in quotes", SV_INIT("\"a\nb\",c\nd,e\n"), "1:a\nb|c\n3:d|e\n"},
	{"CR LF in quotes", SV_INIT("\"a\r\nb\",c\r\n"), "1:a\r\nb|c\n"},
	{"CR LF after a quote", SV_INIT("\"a\"\r\nb\r\n"), "1:a\n2:b\n"},
	{"UTF-8", SV_INIT("Анна,東京\n"), "1:Анна|東京\n"},
	{"quote inside", SV_INIT("a\"b,c\nd\n"),
	 "!line 1: a quote inside a field that does not begin with one\n2:d\n"},
	{"text after a quote", SV_INIT("a\n\"b\"c,d\ne\n"),
	 "1:a\n!line 2: text after a closing quote (expected a comma or the line's end)\n3:e\n"},
	{"quote left open", SV_INIT("a\n\"b,c\nd\ne\n"),
	 "1:a\n!line 2: a quote is never closed\n3:d\n4:e\n"},
	{"quote left open, another later", SV_INIT("\"b,c\nd,\"x\"\ne\n"),
	 "!line 1: text after a closing quote (expected a comma or the line's end)\n2:d|x\n3:e\n"},
	{"NUL", SV_INIT("a\nb\0c,d\ne\n"),
	 "1:a\n!line 2: a NUL at byte 2 (expected UTF-8 text)\n3:e\n"},
	{"not UTF-8", SV_INIT("a\nb\xFF\ne\n"),
	 "1:a\n!line 2: not UTF-8 at byte 2 (expected UTF-8 text)\n3:e\n"},
	{"not UTF-8 in quotes", SV_INIT("\"a\n\xC3\nb\"\ne\n"),
	 "!line 1: not UTF-8 at byte 4 (expected UTF-8 text)\n4:e\n"},
};

static void
tables(void **state)
{
	static const size_t chunks[] = {1, 2, 3, 7, 1000};
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		for (k = 0; k < ARRAY_LEN(chunks); k++) {
			struct buf out = BUF_INIT(10000);

			read_all(&out, cases[i].in, chunks[k]);
			if (strcmp(buf_str(&out), cases[i].want) != 0)
				fail_msg("%s, chunks of %zu: got\n%s", cases[i].name, chunks[k],
					 buf_str(&out));
			buf_fini(&out);
		}
}

static void
long_lines(void **state)
{
	struct buf in = BUF_INIT(MIB), out = BUF_INIT(MIB);
	size_t i;

	(void)state;
	buf_adds(&in, "a\n");
	buf_add_fill(&in, 'x', 3 * LIMIT_CSV_LINE);
	buf_adds(&in, "\nb\n\"");
	/* A quote left open before many lines costs its own line. */
	for (i = 0; i < LIMIT_CSV_LINE / 4; i++)
		buf_adds(&in, "y,z\n");
	read_all(&out, buf_sv(&in), 1000);
	assert_true(sv_starts(buf_sv(&out),
			      SV("1:a\n!line 2: longer than a line can be (65536 bytes)\n3:b\n"
				 "!line 4: a quote is never closed\n5:y|z\n6:y|z\n")));
	assert_true(sv_ends(buf_sv(&out), SV("16387:y|z\n")));
	/* One byte less than too long. */
	buf_reset(&in);
	buf_reset(&out);
	buf_add_fill(&in, 'x', LIMIT_CSV_LINE - 1);
	buf_adds(&in, "\nb");
	read_all(&out, buf_sv(&in), 777);
	assert_true(sv_ends(buf_sv(&out), SV("xx\n2:b\n")));
	buf_fini(&in);
	buf_fini(&out);
}

static void
writing(void **state)
{
	static const struct {
		struct sv in;
		const char *want;
	} fields[] = {
		{SV_INIT(""), ""},
		{SV_INIT("plain"), "plain"},
		{SV_INIT("a,b"), "\"a,b\""},
		{SV_INIT("say \"x\""), "\"say \"\"x\"\"\""},
		{SV_INIT("a\nb"), "\"a\nb\""},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(fields); i++) {
		struct buf out = BUF_INIT(100);

		csv_add_field(&out, fields[i].in);
		assert_string_equal(buf_str(&out), fields[i].want);
		buf_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(writing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
