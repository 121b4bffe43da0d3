/*
 * t_cap_write.c — the canonical form.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cap/cap_write.h"
#include "sample.h"

static void
sample_comes_back_as_it_is_but_for_pairs(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct sv want;
	struct err e;

	(void)state;
	/* The sample is in the fixed form already, once pairs stand on lines of their own. */
	want = sample_with(a, "<eventCode><valueName>own</valueName><value>MOB</value></eventCode>",
			   "<eventCode>\n      <valueName>own</valueName>\n"
			   "      <value>MOB</value>\n    </eventCode>");
	assert_int_equal(cap_read(&m, &f, a, want, &e), RC_OK);
	cap_write(&b, m);
	want = sv_head(want, sv_find(want, SV("      <geocode>")));
	assert_true(sv_starts(buf_sv(&b), want));
	want = SV("      <geocode>\n        <valueName>ISO3166-1</valueName>\n"
		  "        <value>RU</value>\n      </geocode>\n      <altitude>100</altitude>\n"
		  "      <ceiling>2000</ceiling>\n    </area>\n  </info>\n</alert>\n");
	assert_true(sv_ends(buf_sv(&b), want));
	buf_fini(&b);
	arena_free(&a);
}

static void
texts_are_escaped(void **state)
{
	static const struct {
		struct sv in, want;
	} cases[] = {
		{SV_INIT("a<b>&\"c'"), SV_INIT("a&lt;b&gt;&amp;\"c'")},
		{SV_INIT("a\r\nb\tc"), SV_INIT("a&#13;\nb\tc")},
		{SV_INIT("a\x01\0b\x1F"
			 "c"),
		 SV_INIT("abc")},
		{SV_INIT("a\xEF\xBF\xBF"
			 "b"),
		 SV_INIT("ab")},
		{SV_INIT("a\xC3"), SV_INIT("a")},
		{SV_INIT("\xFF\xFE"
			 "a\x80<"),
		 SV_INIT("a&lt;")},
		{SV_INIT("\xD0\x96\xF0\x9F\x9A\xA8"), SV_INIT("\xD0\x96\xF0\x9F\x9A\xA8")},
		{SV_INIT(""), SV_INIT("")},
	};
	struct buf b = BUF_INIT(1 << 20);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&b);
		cap_write_text(&b, cases[i].in);
		if (!sv_eq(buf_sv(&b), cases[i].want))
			fail_msg("case %zu: \"%s\"", i, buf_str(&b));
	}
	buf_fini(&b);
}

/* A message made in memory: enumerations and times without texts, awkward texts. */
static void
made_in_memory_it_is_stable(void **state)
{
	static const struct sv texts[] = {
		SV_INIT(" \x01 padded \r\n"),
		SV_INIT("\r"),
		SV_INIT("a\r\rb"),
		SV_INIT("]]>"),
		SV_INIT("<![CDATA[x]]>"),
		SV_INIT("&amp;"),
		SV_INIT("\xE2\x80\xA8"),
	};
	struct cap_alert made;
	struct cap_info info;
	struct arena *a = arena_new();
	struct buf one = BUF_INIT(1 << 20), two = BUF_INIT(1 << 20);
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		memset(&made, 0, sizeof(made));
		memset(&info, 0, sizeof(info));
		made.identifier = SV("1");
		made.sender = SV("a@b");
		made.sent.ok = true;
		made.sent.at = (struct time_at){1790032200, 180};
		made.status = CAP_STATUS_EXERCISE;
		made.msgtype = CAP_MSGTYPE_ALERT;
		made.scope = CAP_SCOPE_PUBLIC;
		made.infos = &info;
		made.n_infos = 1;
		info.event = texts[i];
		info.headline = texts[i];
		buf_reset(&one);
		cap_write(&one, &made);
		assert_true(sv_find(buf_sv(&one), SV("<sent>2026-09-22T02:10:00+03:00</sent>")) <
			    buf_sv(&one).n);
		arena_reset(a);
		assert_int_equal(cap_read(&m, &f, a, buf_sv(&one), &e), RC_OK);
		assert_int_equal(m->status, CAP_STATUS_EXERCISE);
		buf_reset(&two);
		cap_write(&two, m);
		if (!sv_eq(buf_sv(&one), buf_sv(&two)))
			fail_msg("text %zu: \"%s\" and \"%s\"", i, buf_str(&one), buf_str(&two));
	}
	buf_fini(&one);
	buf_fini(&two);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample_comes_back_as_it_is_but_for_pairs),
		cmocka_unit_test(texts_are_escaped),
		cmocka_unit_test(made_in_memory_it_is_stable),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
