/*
 * t_cap_read.c — the tree that is built, and what is refused before or while
 * it is built. Hostile inputs must be refused fast: the bound is generous for a busy
 * machine and far below what any of them costs without its guard.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/time.h"
#include "sample.h"

#define FAST_MS 1000
#define HEAD    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"

static void
tree_of_the_sample(void **state)
{
	struct arena *a = arena_new();
	const struct cap_alert *m;
	const struct cap_findings *f;
	const struct cap_info *in;
	struct err e;

	(void)state;
	assert_int_equal(cap_read(&m, &f, a, SV(SAMPLE), &e), RC_OK);
	assert_int_equal(f->errors, 0);
	assert_int_equal(f->n, 0);
	assert_true(sv_eq(m->identifier, SV("EMB-2026-14")));
	assert_true(sv_eq(m->ns, SV(CAP_NS)));
	assert_int_equal(m->status, CAP_STATUS_ACTUAL);
	assert_int_equal(m->msgtype, CAP_MSGTYPE_UPDATE);
	assert_int_equal(m->scope, CAP_SCOPE_PUBLIC);
	assert_true(m->sent.ok);
	/* date -u -d 2026-09-21T23:10:00Z +%s */
	assert_int_equal(m->sent.at.utc, 1790032200);
	assert_int_equal(m->sent.at.offset_min, 180);
	assert_null(m->note.p);
	assert_int_equal(m->n_references, 1);
	assert_true(sv_eq(m->references[0].identifier, SV("EMB-2026-13")));
	assert_int_equal(m->n_infos, 1);
	in = &m->infos[0];
	assert_int_equal(in->line, 10);
	assert_true(sv_eq(cap_language(in), SV("en")));
	assert_int_equal(in->categories.n, 1);
	assert_int_equal(in->responses.n, 1);
	assert_int_equal(in->urgency, CAP_URGENCY_IMMEDIATE);
	assert_int_equal(in->severity, CAP_SEVERITY_SEVERE);
	assert_int_equal(in->certainty, CAP_CERTAINTY_OBSERVED);
	assert_false(in->onset.ok);
	assert_null(in->onset.text.p);
	assert_int_equal(in->event_codes.n, 1);
	assert_true(sv_eq(in->event_codes.v[0].value, SV("MOB")));
	assert_int_equal(in->n_resources, 1);
	assert_true(sv_eq(in->resources[0].size, SV("1234")));
	assert_int_equal(in->n_areas, 1);
	assert_int_equal(in->areas[0].n_polygons, 1);
	assert_int_equal(in->areas[0].polygons[0].ring.n, 4);
	assert_int_equal(in->areas[0].polygons[0].line, 36);
	assert_int_equal(in->areas[0].n_circles, 1);
	assert_true(in->areas[0].circles[0].circle.radius_km == 40);
	assert_true(sv_eq(in->areas[0].geocodes.v[0].name, SV("ISO3166-1")));
	arena_free(&a);
}

static void
texts_are_resolved_and_trimmed(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{"  two  words\n ", "two  words"},
		{"a &lt;b&gt; &amp; &quot;c&apos;", "a <b> & \"c'"},
		{"&#x41;&#66;", "AB"},
		{"a<!-- not this -->b", "ab"},
		{"<![CDATA[<i>&amp;]]>", "<i>&amp;"},
		{"a<?pi x?>b", "ab"},
		{"", ""},
		{"&#32;", ""},
	};
	struct arena *a = arena_new();
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		arena_reset(a);
		assert_int_equal(cap_read(&m, &f, a,
					  sample_with(a, "Leave while you can", cases[i].in), &e),
				 RC_OK);
		assert_non_null(m->infos[0].headline.p);
		if (!sv_eq(m->infos[0].headline, sv_of(cases[i].want)))
			fail_msg("\"%s\" became \"%.*s\"", cases[i].in,
				 SV_ARG(m->infos[0].headline));
	}
	arena_free(&a);
}

static void
encodings_and_spellings(void **state)
{
	struct arena *a = arena_new();
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct err e;
	struct sv text;
	struct buf b = BUF_INIT(1 << 20);

	(void)state;
	/* a byte order mark */
	buf_adds(&b, "\xEF\xBB\xBF" SAMPLE);
	assert_int_equal(cap_read(&m, &f, a, buf_sv(&b), &e), RC_OK);
	assert_int_equal(f->errors, 0);
	/* ISO-8859-1: 0xE9 is é */
	text = sample_with(a, "UTF-8", "ISO-8859-1");
	buf_reset(&b);
	buf_add(&b, sv_head(text, sv_find(text, SV("Leave"))));
	buf_adds(&b, "Evacu\xE9");
	buf_add(&b, sv_from(text, sv_find(text, SV("Leave"))));
	assert_int_equal(cap_read(&m, &f, a, buf_sv(&b), &e), RC_OK);
	assert_true(sv_starts(m->infos[0].headline, SV("Evacu\xC3\xA9Leave")));
	/* a prefix on every element */
	text = SV("<c:alert xmlns:c='urn:oasis:names:tc:emergency:cap:1.2'>"
		  "<c:identifier>1</c:identifier><identifier>2</identifier></c:alert>");
	assert_int_equal(cap_read(&m, &f, a, text, &e), RC_OK);
	assert_true(sv_eq(m->identifier, SV("1")));
	/* "Very Likely" reads as Likely, and is a fault */
	assert_int_equal(cap_read(&m, &f, a, sample_with(a, ">Observed<", ">Very Likely<"), &e),
			 RC_OK);
	assert_int_equal(m->infos[0].certainty, CAP_CERTAINTY_LIKELY);
	/* a type attribute is of the schema's own language, but CAP has no use for it */
	assert_int_equal(
		cap_read(&m, &f, a,
			 sample_with(a, "<event>",
				     "<event xmlns:i='http://www.w3.org/2001/XMLSchema-instance' "
				     "i:type='x'>"),
			 &e),
		RC_OK);
	assert_int_equal(f->n, 1);
	assert_string_equal(f->v[0].rule, "schema-attribute");
	/* signatures are counted, not read */
	assert_int_equal(
		cap_read(&m, &f, a,
			 sample_with(a, "</info>\n",
				     "</info><Signature xmlns='http://www.w3.org/2000/09/xmldsig#'"
				     " Id='s'><SignedInfo>x</SignedInfo></Signature>"),
			 &e),
		RC_OK);
	assert_int_equal(m->n_signatures, 1);
	assert_int_equal(f->n, 0);
	buf_fini(&b);
	arena_free(&a);
}

/* CAP 1.1 and 1.0 come to the same tree, judged by their own schemas. */
static void
older_versions(void **state)
{
	static const struct {
		const char *from, *to, *want; /* rules found behind old-version */
	} cases[] = {
		{"cap:1.2", "cap:1.1", ""},
		{"cap:1.2\">", "cap:1.1\"><!-- -->", ""},
		{"<mimeType>image/png</mimeType>", "", ""},
		{">100<", ">low<", ""},
		{">Evacuate<", ">AllClear<", "invalid-value"},
		{"T02:10:00+03:00</sent>", "T02:10:00Z</sent>", "time-form"},
		{"T02:10:00+03:00</sent>", "T02:10:00.5+03:00</sent>", "time-form"},
		{"T02:10:00+03:00</sent>", "T02:10:00</sent>", "time-form"},
		{"T02:10:00+03:00</sent>", "T02:10</sent>", "invalid-time"},
		{"</info>\n", "</info><Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>",
		 "unknown-element"},
		{"<scope>Public</scope>", "", "missing-element"},
	};
	static const char old[] =
		"<alert xmlns='http://www.incident.com/cap/1.0'><identifier>1</identifier>"
		"<sender>a@b.example</sender><sent>2005-03-01T10:00:00Z</sent>"
		"<status>Actual</status><msgType>Alert</msgType><password>x</password><info>"
		"<event>e</event><urgency>Past</urgency><severity>Minor</severity>"
		"<certainty>Very Likely</certainty><eventCode> SAME = CEM</eventCode>"
		"<parameter>plain</parameter><area><areaDesc>d</areaDesc>"
		"<geocode>fips6=006109</geocode></area></info></alert>";
	struct arena *a = arena_new();
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct buf text = BUF_INIT(1 << 20);
	struct sv changed;
	struct err e;
	size_t i, at;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		changed = sample_with(a, cases[i].from, cases[i].to);
		at = sv_find(changed, SV("cap:1.2"));
		buf_reset(&text);
		buf_add(&text, sv_head(changed, at));
		if (at < changed.n) {
			buf_adds(&text, "cap:1.1");
			buf_add(&text, sv_from(changed, at + 7));
		}
		assert_int_equal(cap_read(&m, &f, a, buf_sv(&text), &e), RC_OK);
		assert_int_equal(m->version, CAP_VERSION_1_1);
		assert_int_equal(m->infos[0].n_areas, 1);
		assert_string_equal(f->v[0].rule, "old-version");
		assert_true(f->v[0].warning);
		assert_int_equal(f->errors, cases[i].want[0] != '\0');
		if (f->errors > 0 && strcmp(f->v[1].rule, cases[i].want) != 0)
			fail_msg("%s: %s, want %s", cases[i].to, f->v[1].rule, cases[i].want);
		/* Only the one that has no time has no instant. */
		assert_int_equal(m->sent.ok, strcmp(cases[i].want, "invalid-time") != 0);
	}
	assert_int_equal(cap_read(&m, &f, a, sv_of(old), &e), RC_OK);
	assert_int_equal(m->version, CAP_VERSION_1_0);
	/* date -u -d 2005-03-01T10:00:00Z +%s */
	assert_int_equal(m->sent.at.utc, 1109671200);
	assert_int_equal(m->infos[0].certainty, CAP_CERTAINTY_LIKELY);
	assert_true(sv_eq(m->infos[0].event_codes.v[0].name, SV("SAME")));
	assert_true(sv_eq(m->infos[0].event_codes.v[0].value, SV("CEM")));
	assert_true(sv_eq(m->infos[0].parameters.v[0].value, SV("plain")));
	assert_true(sv_eq(m->infos[0].areas[0].geocodes.v[0].value, SV("006109")));
	assert_int_equal(f->errors, 1);
	for (i = 0; i < f->n && strcmp(f->v[i].rule, "password") != 0; i++)
		;
	assert_true(i < f->n);
	buf_fini(&text);
	arena_free(&a);
}

/* n times `piece` between head and tail. */
static struct sv
grown(struct arena *a, const char *head, const char *piece, size_t n, const char *tail)
{
	struct buf b = BUF_INIT(64 * MIB);
	struct sv v;
	size_t i;

	buf_adds(&b, head);
	for (i = 0; i < n; i++)
		buf_adds(&b, piece);
	buf_adds(&b, tail);
	v = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return v;
}

/* The piece with each number below n in it: names that are all different. */
static struct sv
numbered(struct arena *a, const char *piece, int n)
{
	struct buf b = BUF_INIT(64 * MIB);
	const char *p;
	struct sv v;
	int i;

	buf_adds(&b, HEAD);
	for (i = 0; i < n; i++) {
		for (p = piece; *p != '\0'; p++) {
			if (*p == '%')
				buf_add_i64(&b, i);
			else if (p == piece || p[-1] != '%')
				buf_addc(&b, *p);
		}
	}
	buf_adds(&b, "</alert>");
	v = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return v;
}

static void
refuse(struct sv text, const char *rule, int line)
{
	struct arena *a = arena_new();
	const struct cap_alert *m = NULL;
	const struct cap_findings *f = NULL;
	struct cap_refusal why = {"", 0};
	struct err e = ERR_INIT;
	int64_t from = time_mono_ms();
	enum rc rc = cap_read_told(&m, &f, &why, a, text, &e);

	if (rc != RC_SYNTAX && rc != RC_LIMIT)
		fail_msg("%s: got %s", rule, rc_name(rc));
	assert_string_equal(why.rule, rule);
	if (line > 0)
		assert_int_equal(why.line, line);
	assert_true(e.text[0] != '\0');
	assert_null(m);
	assert_null(f);
	if (time_mono_ms() - from > FAST_MS)
		fail_msg("%s took %d ms", rule, (int)(time_mono_ms() - from));
	arena_free(&a);
}

static void
small_faults_are_refused(void **state)
{
	static const struct {
		const char *in, *rule;
		int line;
	} cases[] = {
		{"", "not-well-formed", 1},
		{"no xml at all", "not-well-formed", 1},
		{HEAD, "not-well-formed", 1},
		{HEAD "\n<info>\n</alert>", "not-well-formed", 3},
		{HEAD "&nbsp;</alert>", "not-well-formed", 1},
		{HEAD "</alert><alert/>", "not-well-formed", 1},
		{HEAD "<x:a/></alert>", "not-well-formed", 1},
		{HEAD "<note>\xC3(</note></alert>", "not-well-formed", 1},
		{HEAD "<note>\x01</note></alert>", "not-well-formed", 1},
		{HEAD "<note>&#0;</note></alert>", "not-well-formed", 1},
		{"<alert/>", "no-alert", 1},
		{"\n<feed xmlns=\"http://www.w3.org/2005/Atom\"/>", "no-alert", 2},
		{"<alert xmlns=\"urn:oasis:names:tc:emergency:alerts:1.2\"/>", "no-alert", 1},
		{"<!DOCTYPE alert>" HEAD "</alert>", "doctype", 1},
		{"<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n" HEAD
		 "<note>&x;</note></alert>",
		 "doctype", 2},
		{"<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">"
		 "<!ENTITY c \"&b;&b;&b;&b;\">]>" HEAD "<note>&c;</note></alert>",
		 "doctype", 1},
		{"<?xml version=\"1.0\" encoding=\"UTF-7\"?>" HEAD "</alert>", "encoding", 1},
		{"<?xml version='1.0' encoding = 'EBCDIC-CP-US'?>" HEAD "</alert>", "encoding", 1},
		{"\xFF\xFE<\0a\0", "encoding", 1},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		refuse(sv_of(cases[i].in), cases[i].rule, cases[i].line);
	refuse(SV(HEAD "\n<note>a\0b</note></alert>"), "nul-byte", 2);
}

static void
bombs_are_refused_fast(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	refuse(grown(a, HEAD, "0123456789", MIB, "</alert>"), "too-large", 1);
	refuse(grown(a, HEAD, "<info>", 10000, ""), "too-deep", 1);
	refuse(grown(a, "", "<a>", 10000, ""), "no-alert", 1);
	refuse(grown(a, HEAD, "<x>", 10000, ""), "too-deep", 1);
	refuse(grown(a, "<alert", " a=\"b\"", 130000, "/>"), "tag-too-long", 1);
	refuse(grown(a, HEAD "<note", " a='>'", 130000, "/></alert>"), "tag-too-long", 1);
	/* Quotes and '<' where there is no tag must not hide one. */
	refuse(grown(a, "<!--'-->" HEAD "<note", " a='>'", 130000, "/></alert>"), "tag-too-long",
	       1);
	refuse(grown(a, HEAD "<!-- < ' --><note", " a='>'", 130000, "/></alert>"), "tag-too-long",
	       1);
	refuse(grown(a, HEAD "<![CDATA[<']]><note", " a='>'", 130000, "/></alert>"), "tag-too-long",
	       1);
	refuse(grown(a, HEAD "<?x <'?><note", " a='>'", 130000, "/></alert>"), "tag-too-long", 1);
	refuse(grown(a, HEAD "<note>it's</note><note", " a='>'", 130000, "/></alert>"),
	       "tag-too-long", 1);
	refuse(grown(a, HEAD "<a x='<' y='>' ", " a='>'", 130000, "/></alert>"), "tag-too-long", 1);
	refuse(grown(a, HEAD "<info>", "<parameter/>", 300000, "</info></alert>"), "too-many", 1);
	refuse(grown(a, HEAD "<info>", "<parameter><valueName/><value/></parameter>", 1000000,
		     "</info></alert>"),
	       "too-large", 1);
	refuse(grown(a, HEAD, "<info/>", LIMIT_CAP_INFOS + 1, "</alert>"), "too-many", 1);
	refuse(grown(a, HEAD "<info>", "<area/>", LIMIT_CAP_AREAS + 1, "</info></alert>"),
	       "too-many", 1);
	refuse(grown(a, HEAD "<info><area><polygon>", "1,1 ", LIMIT_CAP_POINTS + 1,
		     "</polygon></area></info></alert>"),
	       "too-many", 1);
	refuse(numbered(a, "<x%d/>", 400000), "too-many", 1);
	refuse(numbered(a, "<?x%d?>", 300000), "too-many", 1);
	refuse(numbered(a, "<x a%d='' b%d=''/>", 100000), "too-many", 1);
	refuse(grown(a, HEAD "<!--", "-", 4000000, ""), "not-well-formed", 0);
	refuse(grown(a, HEAD "<note>", "&lt", 1000000, "</note></alert>"), "not-well-formed", 0);
	arena_free(&a);
}

static void
findings_are_bounded(void **state)
{
	struct arena *a = arena_new();
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct err e;
	int64_t from = time_mono_ms();

	(void)state;
	assert_int_equal(cap_read(&m, &f, a, grown(a, HEAD, "<x/>\n", 60000, "</alert>"), &e),
			 RC_OK);
	assert_int_equal(f->n, LIMIT_CAP_FINDINGS + 1);
	assert_true(time_mono_ms() - from < FAST_MS);
	arena_free(&a);
}

/* What a reader has read before makes no difference, and the tree outlives it. */
static void
one_reader_for_many(void **state)
{
	static const char *const bad[] = {"",
					  "<alert/>",
					  HEAD "<info><x:a",
					  HEAD "</alert>x",
					  HEAD "<info>",
					  "<!DOCTYPE a>",
					  HEAD "<note>\xFF</note>"};
	struct cap_reader *r = cap_reader_open();
	struct arena *keep = arena_new(), *a = arena_new();
	const struct cap_alert *m = NULL, *m2;
	const struct cap_findings *f, *f2;
	struct cap_refusal why, why2;
	struct err e = ERR_INIT, e2 = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		arena_reset(a);
		assert_int_not_equal(cap_reader_read(r, &m2, &f2, &why, a, sv_of(bad[i]), &e),
				     RC_OK);
		assert_int_not_equal(cap_read_told(&m2, &f2, &why2, a, sv_of(bad[i]), &e2), RC_OK);
		assert_string_equal(why.rule, why2.rule);
		assert_int_equal(why.line, why2.line);
		assert_string_equal(e.text, e2.text);
		assert_int_equal(cap_reader_read(r, &m, &f, &why, keep, SV(SAMPLE), &e), RC_OK);
		assert_int_equal(f->n, 0);
	}
	/* Names by the hundred: the parser is not kept with them. */
	assert_int_equal(cap_reader_read(r, &m2, &f2, &why, a, numbered(a, "<x%d/>", 2000), &e),
			 RC_OK);
	assert_int_equal(cap_reader_read(r, &m, &f, &why, keep, SV(SAMPLE), &e), RC_OK);
	cap_reader_close(&r);
	assert_null(r);
	assert_true(sv_eq(m->infos[0].headline, SV("Leave while you can")));
	assert_int_equal(m->infos[0].headline.p[m->infos[0].headline.n], '\0');
	arena_free(&keep);
	arena_free(&a);
}

/* Every prefix of a message ends in an answer, and only the whole is well-formed. */
static void
truncation_is_found(void **state)
{
	struct arena *a = arena_new();
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct sv text = SV(SAMPLE);
	struct err e;
	size_t n;

	(void)state;
	for (n = 0; n < text.n - 1; n++) {
		arena_reset(a);
		if (cap_read(&m, &f, a, sv_head(text, n), &e) == RC_OK)
			fail_msg("the first %zu bytes were taken for a whole message", n);
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree_of_the_sample),
		cmocka_unit_test(texts_are_resolved_and_trimmed),
		cmocka_unit_test(encodings_and_spellings),
		cmocka_unit_test(older_versions),
		cmocka_unit_test(small_faults_are_refused),
		cmocka_unit_test(bombs_are_refused_fast),
		cmocka_unit_test(findings_are_bounded),
		cmocka_unit_test(truncation_is_found),
		cmocka_unit_test(one_reader_for_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
