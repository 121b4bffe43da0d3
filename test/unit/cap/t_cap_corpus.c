/*
 * t_cap_corpus.c — every message of the corpus.
 *
 * What the official schema of its version refuses is refused on level schema. What it
 * takes is valid, or is refused by a rule of the text of the standard: which and why, stands
 * in the table `reviewed`. Writing loses no element.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "cap/cap_read.h"
#include "cap/cap_write.h"
#include "corpus_rows.h"

/* What the schema of its own version takes and we refuse: a file, or the beginning of the
 * paths of many; all the rules that may refuse it; why a person with the standard in hand
 * refuses it too. */
static const struct {
	const char *path, *rules, *why;
} reviewed[] = {
	{"DEFRA+cap-xml/hist_416bdcf__test__lib__functions__data__capAlert.json.emb01.xml",
	 "invalid-polygon", "the polygon is the word \"points\""},
	{"DEFRA+cap-xml/hist_7aafe3f__test__lib__functions__data__capAlert.json.emb01.xml",
	 "invalid-polygon", "the polygon is the word \"points\""},
	{"DEFRA+cap-xml/hist_8aa77c5__test__lib__functions__data__capUpdate.json.emb01.xml",
	 "missing-references invalid-polygon", "an Update of nothing, and the word \"points\""},
	{"DEFRA+cap-xml/hist_8e4c9b0__capAlert.json.emb01.xml", "invalid-polygon",
	 "the polygon is the word \"points\""},
	{"DEFRA+cap-xml/hist_8edbdc1__test__lib__models__message.js.emb01.xml", "invalid-polygon",
	 "the polygon is the word \"points\""},
	{"DEFRA+cap-xml/hist_57a3b69__test__lib__functions__data__getMessage-valid.xml",
	 "circular-reference", "it lists sender, identifier and sent of its own"},
	{"DEFRA+cap-xml/test__lib__functions__data__getMessage-valid.xml", "circular-reference",
	 "it lists sender, identifier and sent of its own"},
	{"DEFRA+cap-xml/hist_aaefc79__test__lib__functions__data__nws-alert.xml", "invalid-polygon",
	 "the polygon is two points and three dots"},
	{"DEFRA+cap-xml/test__lib__functions__data__nws-alert.xml", "invalid-polygon",
	 "the polygon is two points and three dots"},
	{"alphagov+emergency-alerts-api/tests__app__v2__broadcast__sample_cap_xml_documents.py.emb0",
	 "invalid-polygon", "a polygon is the template mark {}"},
	{"google+cap-library/testdata__canada_errors.cap", "missing-references",
	 "an Update of nothing; the source means it as a fault"},
	{"nijel+hass-cap-alerts/tests__test_cap_parser.py.emb18.xml", "missing-references",
	 "an Update of nothing"},
	{"openbroadcaster+obplayer/hist_", "invalid-sender", "the sender is \"OB Self Test\""},
	{"filtered-alert-hub+filtered-alert-hub/", "invalid-circle time-form invalid-references",
	 "an empty <circle>; times without an offset, also inside references"},
	{"kelvinn+capparselib/hist_8b2081b__test__data__weather.cap", "invalid-polygon",
	 "an empty <polygon>, where three points and more are demanded (CAP 1.1, 3.2.4)"},
	{"kelvinn+capparselib/tests__resources__weather.cap", "invalid-polygon",
	 "an empty <polygon>"},
	{"willglynn+oasiscap/fixtures__nws-5c2cf27b1f56885d61654dc47fa411d5.xml", "invalid-polygon",
	 "an empty <polygon>"},
};

static bool needed[ARRAY_LEN(reviewed)];

static bool
is_cap(const struct corpus_row *r)
{
	return sv_starts(r->kind, SV("cap"));
}

static void
load(struct buf *b, struct arena *a, const struct corpus_row *r)
{
	struct err e = ERR_INIT;

	buf_reset(b);
	if (file_read(b, corpus_path(a, "corpus/", r->path), &e) != RC_OK)
		fail_msg("%s", e.text);
}

/* Is there a row for that path which names that rule? */
static bool
is_reviewed(struct sv path, const char *rule)
{
	struct sv rest, word;
	size_t i;

	for (i = 0; i < ARRAY_LEN(reviewed); i++) {
		if (!sv_starts(path, sv_of(reviewed[i].path)))
			continue;
		rest = sv_of(reviewed[i].rules);
		while (sv_word(&rest, &word)) {
			if (sv_eq(word, sv_of(rule)))
				return needed[i] = true;
		}
	}
	return false;
}

/* The schema's word holds for what the schema can say; what it takes and we refuse was
 * looked at by hand. */
static void
judge(const struct corpus_row *row, const struct cap_findings *f)
{
	size_t i, schema = 0;

	for (i = 0; i < f->n; i++) {
		if (f->v[i].warning)
			continue;
		schema += f->v[i].level == CAP_LEVEL_SCHEMA;
		if (sv_eq(row->xsd, SV("valid")) && !is_reviewed(row->path, f->v[i].rule))
			fail_msg("%.*s:%d: %s: %.*s", SV_ARG(row->path), f->v[i].line, f->v[i].rule,
				 SV_ARG(f->v[i].message));
	}
	if (sv_eq(row->xsd, SV("invalid")) && schema == 0)
		fail_msg("%.*s: we find no fault that the schema has found", SV_ARG(row->path));
	if (sv_eq(row->xsd, SV("valid")) && schema > 0)
		fail_msg("%.*s: the schema takes it and we say it does not", SV_ARG(row->path));
}

static void
verdicts_agree_with_the_schema(void **state)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct err e = ERR_INIT;
	size_t i, n = 0;
	enum rc rc;

	(void)state;
	if (n_rows == 0)
		skip();
	for (i = 0; i < n_rows; i++) {
		arena_reset(a);
		load(&text, a, &rows[i]);
		rc = cap_read(&m, &f, a, buf_sv(&text), &e);
		if (!is_cap(&rows[i])) {
			/* Feeds, schemas, other roots, what is not XML at all. */
			if (rc == RC_OK)
				fail_msg("%.*s was taken for a message", SV_ARG(rows[i].path));
			continue;
		}
		n++;
		if (rc != RC_OK)
			fail_msg("%.*s: %s", SV_ARG(rows[i].path), e.text);
		judge(&rows[i], f);
		if (sv_eq(rows[i].kind, SV("cap1.2")) != (m->version == CAP_VERSION_1_2))
			fail_msg("%.*s: taken for CAP %s", SV_ARG(rows[i].path),
				 cap_version_name(m->version));
	}
	assert_true(n > 500);
	for (i = 0; i < ARRAY_LEN(reviewed); i++) {
		if (!needed[i])
			fail_msg("%s: nothing to excuse (%s)", reviewed[i].path, reviewed[i].why);
	}
	buf_fini(&text);
	arena_free(&a);
}

static size_t
count_elements(const xmlNode *node)
{
	size_t n = 0;

	for (; node != NULL; node = node->next) {
		if (node->type != XML_ELEMENT_NODE ||
		    xmlStrEqual(node->name, (const xmlChar *)"Signature"))
			continue;
		n += 1 + count_elements(node->children);
	}
	return n;
}

/* Elements of a text, by libxml2's own tree. */
static size_t
elements_of(struct sv text)
{
	xmlDocPtr doc =
		xmlReadMemory(text.p, (int)text.n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
	size_t n;

	assert_non_null(doc);
	n = count_elements(xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	return n;
}

static void
writing_loses_nothing_and_is_stable(void **state)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(LIMIT_CAP_FILE), one = BUF_INIT(16 * MIB),
		   two = BUF_INIT(16 * MIB);
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	if (n_rows == 0)
		skip();
	for (i = 0; i < n_rows; i++) {
		if (!is_cap(&rows[i]))
			continue;
		arena_reset(a);
		load(&text, a, &rows[i]);
		assert_int_equal(cap_read(&m, &f, a, buf_sv(&text), &e), RC_OK);
		buf_reset(&one);
		cap_write(&one, m);
		assert_true(buf_ok(&one));
		if (sv_eq(rows[i].xsd, SV("valid")) && !sv_eq(rows[i].kind, SV("cap1.0")) &&
		    elements_of(buf_sv(&text)) != elements_of(buf_sv(&one)))
			fail_msg("%.*s: %zu elements became %zu", SV_ARG(rows[i].path),
				 elements_of(buf_sv(&text)), elements_of(buf_sv(&one)));
		assert_int_equal(cap_read(&m, &f, a, buf_sv(&one), &e), RC_OK);
		buf_reset(&two);
		cap_write(&two, m);
		if (!sv_eq(buf_sv(&one), buf_sv(&two)))
			fail_msg("%.*s: written twice, two texts", SV_ARG(rows[i].path));
	}
	buf_fini(&text);
	buf_fini(&one);
	buf_fini(&two);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_agree_with_the_schema),
		cmocka_unit_test(writing_loses_nothing_and_is_stable),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_corpus, close_corpus);
}
