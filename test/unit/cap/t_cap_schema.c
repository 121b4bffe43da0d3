/*
 * t_cap_schema.c — against the official schema, on messages changed at random:
 * what it refuses we refuse, and what it takes we refuse by no rule of level
 * schema. The changes are repeatable.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include "base/rand.h"
#include "cap/cap_read.h"
#include "corpus.h"
#include "sample.h"

#define CHANGES 4000

static void
silent(void *user, xmlErrorPtr what)
{
	(void)user;
	(void)what;
}

/* What to put in place of something: near misses of each type. */
static const char *const pieces[] = {
	" ",
	"",
	"x",
	"Z",
	",",
	"-",
	"+",
	".",
	"0",
	"9",
	":",
	"T",
	"\n",
	"&lt;",
	"&#32;",
	"%",
	"#",
	"[",
	"<!-- c -->",
	"<x/>",
	"<note/>",
	"<info/>",
	"Unknown",
	"Actual",
	"Very Likely",
	"1.5",
	"-0",
	"2026-09-22T02:10:00+03:00",
	"2026-13-01T00:00:00-00:00",
	"2024-02-29T23:59:59-14:00",
	"0000-01-01T00:00:00-00:00",
	"<![CDATA[ ]]>",
	"<![CDATA[x]]>",
	" xml:lang=\"en\"",
	"en-US",
	"http://a/b?c#d",
	"http://a b/",
	"//",
	"mailto:",
	"1:a",
	"/>",
	"<value>v</value>",
	"<valueName>n</valueName>",
	"<status>Test</status>",
	"<language/>",
};

/* A place after which to cut: behind '>' or '<' at random, else anywhere. */
static size_t
place(struct rand *r, struct sv v)
{
	size_t at = (size_t)rand_below(r, v.n), i;
	uint64_t how = rand_below(r, 4);

	if (how == 0)
		return at;
	for (i = at; i < v.n; i++) {
		if (v.p[i] == (how == 1 ? '<' : '>'))
			return how == 1 ? i : i + 1;
	}
	return at;
}

static struct sv
line_at(struct sv v, size_t at)
{
	size_t from = at, to = at;

	while (from > 0 && v.p[from - 1] != '\n')
		from--;
	while (to < v.n && v.p[to] != '\n')
		to++;
	return (struct sv){v.p + from, (to < v.n ? to + 1 : to) - from};
}

/* One change: drop, double or move a line, or put a piece in place of some bytes. */
static struct sv
change(struct arena *a, struct rand *r, struct sv v)
{
	struct buf b = BUF_INIT(4 * LIMIT_CAP_FILE);
	struct sv line = line_at(v, (size_t)rand_below(r, v.n)), out;
	size_t from = (size_t)(line.p - v.p), to = from + line.n, at = place(r, v);
	uint64_t how = rand_below(r, 8);

	if (how < 3) {
		buf_add(&b, sv_head(v, how == 0 ? from : to));
		if (how == 1)
			buf_add(&b, line);
		if (how == 2)
			buf_add(&b, line_at(v, at));
		buf_add(&b, sv_from(v, to));
	} else {
		buf_add(&b, sv_head(v, at));
		buf_adds(&b, pieces[rand_below(r, ARRAY_LEN(pieces))]);
		buf_add(&b, sv_from(v, at + (how < 6 ? 0 : (size_t)rand_below(r, 8))));
	}
	out = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return out;
}

/* -1 not well-formed (namespaces included), 0 valid, else invalid. */
static int
official(xmlSchemaPtr schema, struct sv text)
{
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	xmlDocPtr doc =
		xmlCtxtReadMemory(parser, text.p, (int)text.n, NULL, NULL,
				  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	bool namespaces_ok = parser->nsWellFormed != 0;
	xmlSchemaValidCtxtPtr ctx;
	int verdict;

	xmlFreeParserCtxt(parser);
	if (doc == NULL || !namespaces_ok) {
		xmlFreeDoc(doc);
		return -1;
	}
	ctx = xmlSchemaNewValidCtxt(schema);
	xmlSchemaSetValidStructuredErrors(ctx, silent, NULL);
	verdict = xmlSchemaValidateDoc(ctx, doc);
	xmlSchemaFreeValidCtxt(ctx);
	xmlFreeDoc(doc);
	return verdict;
}

static void
judge(xmlSchemaPtr schema, struct arena *a, struct sv text, size_t *counts)
{
	const struct cap_alert *m;
	const struct cap_findings *f;
	struct err e = ERR_INIT;
	int theirs = official(schema, text);
	size_t i;
	enum rc rc = cap_read(&m, &f, a, text, &e);

	if (theirs < 0) {
		counts[0]++;
		if (rc == RC_OK)
			fail_msg("taken, though it is not well-formed: %.*s", SV_ARG(text));
	} else if (theirs > 0) {
		counts[1]++;
		if (rc == RC_OK && f->errors == 0)
			fail_msg("valid, but not to the schema: %.*s", SV_ARG(text));
	} else {
		counts[2]++;
		if (rc != RC_OK)
			fail_msg("the schema takes it, we: %s: %.*s", e.text, SV_ARG(text));
		for (i = 0; i < f->n; i++) {
			/* libxml2 takes quotes, brackets and the like in a URI; RFC 3986 does not. */
			if (f->v[i].level == CAP_LEVEL_SCHEMA &&
			    strcmp(f->v[i].rule, "invalid-uri") != 0)
				fail_msg("the schema takes it, we: %d %s %.*s: %.*s", f->v[i].line,
					 f->v[i].rule, SV_ARG(f->v[i].message), SV_ARG(text));
		}
	}
}

static void
changed_messages_agree_with_the_schema(void **state)
{
	struct arena *a = arena_new();
	xmlSchemaParserCtxtPtr parser;
	xmlSchemaPtr schema;
	struct rand r;
	struct sv text;
	size_t i, counts[3] = {0, 0, 0};

	(void)state;
	if (!corpus_here(a)) {
		arena_free(&a);
		skip();
	}
	parser = xmlSchemaNewParserCtxt(corpus_path(a, "", SV("CAP-v1.2.official.xsd")));
	schema = xmlSchemaParse(parser);
	assert_non_null(schema);
	judge(schema, a, SV(SAMPLE), counts);
	assert_int_equal(counts[2], 1);
	rand_init(&r, 20260922);
	for (i = 0; i < CHANGES; i++) {
		arena_reset(a);
		text = change(a, &r, SV(SAMPLE));
		if (rand_below(&r, 3) == 0)
			text = change(a, &r, text);
		judge(schema, a, text, counts);
	}
	/* All three kinds were met often. */
	printf("# %zu not well-formed, %zu invalid, %zu valid\n", counts[0], counts[1], counts[2]);
	assert_true(counts[0] > CHANGES / 20 && counts[1] > CHANGES / 20 &&
		    counts[2] > CHANGES / 20);
	xmlSchemaFree(schema);
	xmlSchemaFreeParserCtxt(parser);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changed_messages_agree_with_the_schema),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
