/*
 * t_cap_mend_corpus.c — every message and wrapper of the corpus through the lenient reader.
 *
 * The comparison is made with libxml2's own tree: each element with its text that was in the
 * message is in the mended one, or in the record of a mend.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/map.h"
#include "cap/cap_mend.h"
#include "cap/cap_write.h"
#include "corpus_rows.h"

static void
load(struct buf *b, struct arena *a, const struct corpus_row *r)
{
	struct err e = ERR_INIT;

	buf_reset(b);
	if (file_read(b, corpus_path(a, "corpus/", r->path), &e) != RC_OK)
		fail_msg("%s", e.text);
}

static bool
is_cap_ns(const xmlNode *n)
{
	static const char *const known[] = {"urn:oasis:names:tc:emergency:cap:1.2",
					    "urn:oasis:names:tc:emergency:cap:1.1",
					    "http://www.incident.com/cap/1.0"};
	size_t i;

	for (i = 0; n->ns != NULL && i < ARRAY_LEN(known); i++) {
		if (xmlStrEqual(n->ns->href, (const xmlChar *)known[i]))
			return true;
	}
	return false;
}

/* The alerts of a tree in the order of the text; none inside another. */
static void
collect_alerts(xmlNode *n, xmlNode **v, size_t *ret_n, size_t room)
{
	for (; n != NULL; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		if (is_cap_ns(n) && xmlStrEqual(n->name, (const xmlChar *)"alert")) {
			assert_true(*ret_n < room);
			v[(*ret_n)++] = n;
		} else {
			collect_alerts(n->children, v, ret_n, room);
		}
	}
}

/* "name\ntext" of an element: its own runs of text, joined and trimmed. */
static struct sv
entry_of(struct arena *a, const xmlNode *n, struct sv *ret_text)
{
	struct buf b = BUF_INIT(16 * MIB);
	const xmlNode *c;
	struct sv all;

	for (c = n->children; c != NULL; c = c->next) {
		if (c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE)
			buf_adds(&b, (const char *)c->content);
	}
	*ret_text = arena_sv(a, sv_trim(buf_sv(&b)));
	all = arena_fmt(a, "%s\n%.*s", (const char *)n->name, SV_ARG(*ret_text));
	buf_fini(&b);
	return all;
}

static bool
is_signature(const xmlNode *n)
{
	return xmlStrEqual(n->name, (const xmlChar *)"Signature");
}

static void
count_elements(struct map *m, struct arena *a, const xmlNode *n)
{
	struct sv text;

	for (; n != NULL; n = n->next) {
		if (n->type != XML_ELEMENT_NODE || is_signature(n))
			continue;
		*map_at(m, entry_of(a, n, &text), 0, NULL) += 1;
		count_elements(m, a, n->children);
	}
}

/* A mend speaks of that text: it is its `from`, or the element stands in it. */
static bool
is_in_a_mend(struct arena *a, const struct cap_lenient *l, const xmlNode *n, struct sv text)
{
	struct buf b = BUF_INIT(64 * MIB);
	bool found = false;
	size_t i;

	buf_addc(&b, '>');
	cap_write_text(&b, text);
	for (i = 0; i < l->n_mends && !found; i++) {
		found = text.n > 0
				? sv_eq(sv_trim(l->mends[i].from), text) ||
					  sv_find(l->mends[i].from, buf_sv(&b)) < l->mends[i].from.n
				: sv_find(l->mends[i].from,
					  arena_fmt(a, "<%s", (const char *)n->name)) <
					  l->mends[i].from.n;
	}
	buf_fini(&b);
	return found;
}

/* Each element below n is counted in m, or in a mend. */
static void
check_elements(const char *file, struct map *m, struct arena *a, const struct cap_lenient *l,
	       const xmlNode *n)
{
	struct sv text, entry;
	int64_t *left;

	for (; n != NULL; n = n->next) {
		if (n->type != XML_ELEMENT_NODE || is_signature(n))
			continue;
		entry = entry_of(a, n, &text);
		left = map_at(m, entry, 0, NULL);
		if (*left > 0)
			--*left;
		else if (!is_in_a_mend(a, l, n, text))
			fail_msg("%s: line %ld: <%s> with \"%.*s\" was lost", file, xmlGetLineNo(n),
				 (const char *)n->name, SV_ARG(sv_head(text, 80)));
		check_elements(file, m, a, l, n->children);
	}
}

static void
compare(const char *file, struct arena *a, const struct cap_lenient *l, xmlNode *alert)
{
	xmlDocPtr doc = xmlReadMemory(l->xml.p, (int)l->xml.n, NULL, NULL,
				      XML_PARSE_NONET | XML_PARSE_NOERROR);
	struct map *m = map_new(1);

	if (doc == NULL)
		fail_msg("%s: the mended text is not well-formed", file);
	count_elements(m, a, xmlDocGetRootElement(doc)->children);
	check_elements(file, m, a, l, alert->children);
	map_free(&m);
	xmlFreeDoc(doc);
}

/* A second look at a mended message finds nothing to mend, and the strict reader and
 * writer give the same bytes where the message is valid. */
static void
check_stable(const char *file, struct arena *a, const struct cap_lenient *l)
{
	const struct cap_lenient *again;
	struct cap_refusal refusal;
	struct buf b = BUF_INIT(64 * MIB);
	struct err e = ERR_INIT;
	size_t n;

	if (cap_read_lenient(&again, &n, &refusal, a, l->xml, 0, &e) != RC_OK)
		fail_msg("%s: mended, it is refused: %s", file, e.text);
	if (n != 1 || again->n_mends > 0 || !sv_eq(again->xml, l->xml))
		fail_msg("%s: mended twice: %zu mends more, the first %s", file, again->n_mends,
			 again->n_mends > 0 ? cap_mend_row(again->mends[0].kind)->name : "none");
	if (l->findings->errors == 0) {
		cap_write(&b, l->alert);
		if (!sv_eq(buf_sv(&b), l->xml))
			fail_msg("%s: written by cap_write it differs", file);
	}
	buf_fini(&b);
}

/* The manifest's name of each kind that holds messages. */
static bool
holds_alerts(const struct corpus_row *r)
{
	return sv_eq(r->well_formed, SV("yes")) && !sv_eq(r->n_alerts, SV("0"));
}

static void
nothing_is_lost(void **state)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	const struct cap_lenient *l;
	struct cap_refusal refusal;
	struct err e = ERR_INIT;
	xmlNode *alerts[128];
	size_t i, k, n, n_alerts, before = 0, after = 0, files = 0, all = 0, mends = 0;
	const struct cap_alert *strict;
	const struct cap_findings *findings;
	const char *file;
	bool valid;
	xmlDocPtr doc;

	(void)state;
	if (n_rows == 0)
		skip();
	for (i = 0; i < n_rows; i++) {
		if (!holds_alerts(&rows[i]))
			continue;
		arena_reset(a);
		load(&text, a, &rows[i]);
		file = arena_str(a, rows[i].path);
		if (cap_read_lenient(&l, &n, &refusal, a, buf_sv(&text), 0, &e) != RC_OK)
			fail_msg("%s: %s", file, e.text);
		doc = xmlReadMemory(buf_str(&text), (int)buf_sv(&text).n, NULL, NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_HUGE);
		assert_non_null(doc);
		n_alerts = 0;
		collect_alerts(xmlDocGetRootElement(doc), alerts, &n_alerts, ARRAY_LEN(alerts));
		if (n != n_alerts)
			fail_msg("%s: %zu alerts, %zu in it", file, n, n_alerts);
		for (k = 0; k < n; k++) {
			if (l[k].alert == NULL)
				fail_msg("%s: %.*s", file, SV_ARG(l[k].sentence));
			compare(file, a, &l[k], alerts[k]);
			check_stable(file, a, &l[k]);
			mends += l[k].n_mends;
		}
		valid = cap_read(&strict, &findings, a, buf_sv(&text), &e) == RC_OK &&
			findings->errors == 0;
		before += valid;
		for (valid = true, k = 0; k < n; k++)
			valid = valid && l[k].findings->errors == 0;
		after += valid;
		files++;
		all += n;
		xmlFreeDoc(doc);
	}
	printf("# %zu files with %zu alerts, %zu mends: %zu files valid before, %zu after\n", files,
	       all, mends, before, after);
	assert_true(files > 500);
	assert_true(after > before);
	buf_fini(&text);
	arena_free(&a);
}

/* Of a valid message of CAP 1.2 nothing but its form changes. */
static void
a_valid_message_keeps_its_meaning(void **state)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(LIMIT_CAP_FILE), written = BUF_INIT(64 * MIB);
	const struct cap_lenient *l;
	const struct cap_alert *strict;
	const struct cap_findings *findings;
	struct cap_refusal refusal;
	struct err e = ERR_INIT;
	size_t i, k, n, same = 0;
	enum cap_mend_kind kind;

	(void)state;
	if (n_rows == 0)
		skip();
	for (i = 0; i < n_rows; i++) {
		if (!sv_eq(rows[i].kind, SV("cap1.2")))
			continue;
		arena_reset(a);
		load(&text, a, &rows[i]);
		if (cap_read(&strict, &findings, a, buf_sv(&text), &e) != RC_OK ||
		    findings->errors > 0)
			continue;
		assert_int_equal(cap_read_lenient(&l, &n, &refusal, a, buf_sv(&text), 0, &e),
				 RC_OK);
		assert_int_equal(n, 1);
		assert_int_equal(l->findings->errors, 0);
		for (k = 0; k < l->n_mends; k++) {
			kind = l->mends[k].kind;
			if (kind != CAP_MEND_BOM && kind != CAP_MEND_ENCODING &&
			    kind != CAP_MEND_SIGNATURE && kind != CAP_MEND_EMPTY &&
			    kind != CAP_MEND_REPEATED_POINT && kind != CAP_MEND_WHITE_SPACE)
				fail_msg("%.*s: valid, and yet mended: %s", SV_ARG(rows[i].path),
					 cap_mend_row(kind)->name);
		}
		buf_reset(&written);
		cap_write(&written, strict);
		if (l->n_mends == 0 && !sv_eq(buf_sv(&written), l->xml))
			fail_msg("%.*s: no mend, and yet another text", SV_ARG(rows[i].path));
		same += l->n_mends == 0;
	}
	assert_true(same > 20);
	buf_fini(&text);
	buf_fini(&written);
	arena_free(&a);
}

/* Files of the corpus without an alert, by whatever name, give none. */
static void
what_is_no_alert_gives_none(void **state)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	const struct cap_lenient *l;
	struct cap_refusal refusal;
	struct err e = ERR_INIT;
	size_t i, n;

	(void)state;
	if (n_rows == 0)
		skip();
	for (i = 0; i < n_rows; i++) {
		if (holds_alerts(&rows[i]))
			continue;
		arena_reset(a);
		load(&text, a, &rows[i]);
		if (cap_read_lenient(&l, &n, &refusal, a, buf_sv(&text), 0, &e) == RC_OK)
			fail_msg("%.*s: %zu alerts", SV_ARG(rows[i].path), n);
	}
	buf_fini(&text);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(a_valid_message_keeps_its_meaning),
		cmocka_unit_test(what_is_no_alert_gives_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_corpus, close_corpus);
}
