/*
 * t_cap_runs.c — long plain texts, which go by the parser, wherever one can stand: what is read
 * is the text as it is written, and lines behind it are counted. In the tables '%' stands for a
 * hundred lines, so that the message is long enough for that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sample.h"

#define LINE                                                                                 \
	"Stay inside, close the windows > and wait; more is to be said at \"one o'clock\", " \
	"says the desk\n"

static struct sv
unfold(struct arena *a, const char *text)
{
	struct buf b = BUF_INIT(100000);
	struct sv all;
	int i;

	for (; *text != '\0'; text++) {
		if (*text != '%')
			buf_add(&b, (struct sv){text, 1});
		for (i = 0; *text == '%' && i < 100; i++)
			buf_add(&b, SV(LINE));
	}
	all = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return all;
}

static void
texts_are_whole(void **state)
{
	static const struct {
		const char *inside; /* of <description>, in place of the sample's */
		const char *want;
		int lines; /* more than in the sample */
		size_t n_found;
		const char *rule; /* of the first finding, or NULL */
	} cases[] = {
		{"%", "%", 100, 0, NULL},
		{" \n%", "%", 101, 0, NULL},
		{"%&amp;", "%&", 100, 0, NULL},
		{"%\xC3\xA9", "%\xC3\xA9", 100, 0, NULL},
		{"%]", "%]", 100, 0, NULL},
		{"<![CDATA[<b>%]]>", "<b>%", 100, 1, "html-tags"},
		{"a<!-- <b> % <c> -->b", "ab", 100, 0, NULL},
		{"<!-- it's <b> -->%<!-- it's -->", "%", 100, 0, NULL},
		{"<?pi <b>% ?>b", "b", 100, 0, NULL},
		/* a child of a text is told and left out; what stands around it is the text */
		{"%<b>%</b>%", "%%", 300, 1, "unknown-element"},
		{"so <b>x</b>%", "so %", 100, 1, "unknown-element"},
		{"<b>%</b>x", "x", 100, 1, "unknown-element"},
		{"x</description>%<instruction/><description>y", "x", 100, 4, "unexpected-text"},
	};
	struct arena *a = arena_new();
	struct cap_reader *r = cap_reader_open();
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct cap_refusal refusal;
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sv want = sv_trim(unfold(a, cases[i].want));
		struct sv text = text_with(a, SV(SAMPLE), "Men are called up.",
					   unfold(a, cases[i].inside).p);
		const struct cap_info *in;

		print_message("# case %zu\n", i);
		assert_int_equal(cap_reader_read(r, &m, &f, &refusal, a, text, &e), RC_OK);
		in = &m->infos[0];
		assert_int_equal(in->description.n, want.n);
		assert_memory_equal(in->description.p, want.p, want.n);
		assert_int_equal(in->description.p[in->description.n], '\0');
		assert_int_equal(in->areas[0].polygons[0].line, 36 + cases[i].lines);
		assert_int_equal(f->n, cases[i].n_found);
		if (cases[i].rule != NULL)
			assert_string_equal(f->v[0].rule, cases[i].rule);
	}
	cap_reader_close(&r);
	arena_free(&a);
}

/* Errors are those of the message itself. */
static void
errors_stay(void **state)
{
	struct arena *a = arena_new();
	struct sv text = text_with(a, SV(SAMPLE), "Men are called up.", unfold(a, "%</b>").p);
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct cap_refusal refusal;
	struct err e;

	(void)state;
	assert_int_equal(cap_read_told(&m, &f, &refusal, a, text, &e), RC_SYNTAX);
	assert_string_equal(refusal.rule, "not-well-formed");
	assert_int_equal(refusal.line, 123);
	text = text_with(a, SV(SAMPLE), "</alert>\n", unfold(a, "</alert>\n%").p);
	assert_int_equal(cap_read_told(&m, &f, &refusal, a, text, &e), RC_SYNTAX);
	assert_string_equal(refusal.rule, "not-well-formed");
	assert_int_equal(refusal.line, 44);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_whole),
		cmocka_unit_test(errors_stay),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
