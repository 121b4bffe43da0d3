/*
 * t_cap_corpus.c — every message of the corpus.
 *
 * What the official schema refuses is refused. What it takes is valid, or is
 * refused by a rule of the text of the standard: which, stands in the table
 * `reviewed`, each looked at by hand. Writing loses no element.
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
#include "corpus.h"

/* Files of CAP 1.2 that the schema takes and we refuse: part of the path, the rules. */
static const struct {
	const char *path, *rules;
} reviewed[] = {
	{"DEFRA+cap-xml/hist_416bdcf__test__lib__functions__data__capAlert.json.emb01.xml",
	 "invalid-polygon"},
	{"DEFRA+cap-xml/hist_57a3b69__test__lib__functions__data__getMessage-valid.xml",
	 "circular-reference"},
	{"DEFRA+cap-xml/hist_7aafe3f__test__lib__functions__data__capAlert.json.emb01.xml",
	 "invalid-polygon"},
	{"DEFRA+cap-xml/hist_8aa77c5__test__lib__functions__data__capUpdate.json.emb01.xml",
	 "missing-references invalid-polygon"},
	{"DEFRA+cap-xml/hist_8e4c9b0__capAlert.json.emb01.xml", "invalid-polygon"},
	{"DEFRA+cap-xml/hist_8edbdc1__test__lib__models__message.js.emb01.xml", "invalid-polygon"},
	{"DEFRA+cap-xml/hist_aaefc79__test__lib__functions__data__nws-alert.xml",
	 "invalid-polygon"},
	{"DEFRA+cap-xml/test__lib__functions__data__getMessage-valid.xml", "circular-reference"},
	{"DEFRA+cap-xml/test__lib__functions__data__nws-alert.xml", "invalid-polygon"},
	{"alphagov+emergency-alerts-api/tests__app__v2__broadcast__sample_cap_xml_documents.py.emb06.xml",
	 "invalid-polygon"},
	{"alphagov+emergency-alerts-api/tests__app__v2__broadcast__sample_cap_xml_documents.py.emb07.xml",
	 "invalid-polygon"},
	{"google+cap-library/testdata__canada_errors.cap", "missing-references"},
	{"nijel+hass-cap-alerts/tests__test_cap_parser.py.emb18.xml", "missing-references"},
	{"openbroadcaster+obplayer/hist_2474978__obplayer__alerts__data__testalerts__2example_CAPCP_with_Embedded_Large_Audio_File.xml",
	 "invalid-sender"},
	{"openbroadcaster+obplayer/hist_381fa6d__obplayer__alerts__data__testalerts__2016_03_01T07_54_04_04_00IC0B0D06C_882E_1195_7170_24D9BF99FAD9.xml",
	 "invalid-sender"},
	{"openbroadcaster+obplayer/hist_526690c__obplayer__alerts__data__testalerts__4example_CAPCP_with_External_Large_Audio_File.xml",
	 "invalid-sender"},
	{"openbroadcaster+obplayer/hist_a897607__obplayer__alerts__data__testalerts__2019-01-01T00_04_07_02Iurn3oid32.49.0.1.124.0322195743.2019_001.xml",
	 "invalid-sender"},
	{"openbroadcaster+obplayer/hist_d1dbc0b__obplayer__alerts__data__testalerts__1example_CAPCP_No_Attachment.xml",
	 "invalid-sender"},
};

static struct arena *arena; /* rows */
static struct corpus_row *rows;
static size_t n_rows;

static int
open_corpus(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	arena = arena_new();
	if (corpus_here(arena) && corpus_rows(&rows, &n_rows, arena, &e) != RC_OK) {
		printf("# %s\n", e.text);
		return -1;
	}
	return 0;
}

static int
close_corpus(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

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

/* The errors' rule names, each once, separated by spaces. */
static struct sv
rules_of(struct arena *a, const struct cap_findings *f)
{
	struct buf b = BUF_INIT(4096);
	struct sv all;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (f->v[i].warning || sv_find(buf_sv(&b), sv_of(f->v[i].rule)) < buf_sv(&b).n)
			continue;
		buf_addf(&b, "%s%s", buf_sv(&b).n > 0 ? " " : "", f->v[i].rule);
	}
	all = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return all;
}

static const char *
reviewed_rules(struct sv path)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(reviewed); i++) {
		if (sv_eq(path, sv_of(reviewed[i].path)))
			return reviewed[i].rules;
	}
	return "";
}

static void
verdicts_agree_with_the_schema(void **state)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct err e = ERR_INIT;
	struct sv got;
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
		got = rules_of(a, f);
		if (sv_eq(rows[i].xsd, SV("invalid")) && f->errors == 0)
			fail_msg("%.*s is valid, but not to the schema", SV_ARG(rows[i].path));
		if (!sv_eq(rows[i].kind, SV("cap1.2"))) {
			if (m->version == CAP_VERSION_1_2)
				fail_msg("%.*s: taken for CAP 1.2", SV_ARG(rows[i].path));
		} else if (sv_eq(rows[i].xsd, SV("valid")) &&
			   !sv_eq(got, sv_of(reviewed_rules(rows[i].path)))) {
			fail_msg("%.*s: \"%.*s\", reviewed \"%s\"", SV_ARG(rows[i].path),
				 SV_ARG(got), reviewed_rules(rows[i].path));
		}
	}
	assert_true(n > 500);
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
