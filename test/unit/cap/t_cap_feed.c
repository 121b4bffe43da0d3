/*
 * t_cap_feed.c — feeds and envelopes: each rule from both sides on a small text,
 * and the corpus's feeds with what their owners' own tests say is wrong with them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cap/cap_feed.h"
#include "corpus.h"

#define MESSAGE                                                           \
	"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>\n"          \
	"<identifier>1</identifier><sender>a@example.org</sender>\n"      \
	"<sent>2026-09-22T02:10:00+03:00</sent><status>Actual</status>\n" \
	"<msgType>Alert</msgType><scope>Public</scope></alert>"
#define HEAD      "<feed xmlns='http://www.w3.org/2005/Atom'>\n"
#define ABOUT(id) "<id>" id "</id><title>t</title><updated>2026-09-22T02:10:00Z</updated>\n"
#define LINK      "<link type='application/cap+xml' href='http://example.org/1.xml'/>"
#define EDXL      "<d:EDXLDistribution xmlns:d='urn:oasis:names:tc:emergency:EDXL:DE:1.0'>\n"
#define EDXLZ     "</d:EDXLDistribution>"

struct feed_case {
	const char *text;
	const char *want; /* "LINE RULE PATH" each, joined by "; " */
};

static const struct feed_case cases[] = {
	{HEAD ABOUT("f") "<entry>" ABOUT("1") LINK "</entry></feed>", ""},
	{HEAD ABOUT("f") "<entry>" ABOUT("1") "<content>" MESSAGE "</content></entry></feed>",
	 "4 missing-info /feed/entry[1]/alert"},
	{HEAD "<title>t</title><updated>2026-09-22T02:10:00Z</updated><entry>" ABOUT("1") LINK
	 "</entry></feed>",
	 "1 feed-no-id /feed"},
	{HEAD "<id>f</id><title> </title><updated>yesterday</updated><entry>" ABOUT("1") LINK
	 "</entry></feed>",
	 "1 feed-no-title /feed; 1 feed-invalid-time /feed"},
	{HEAD ABOUT("f") "<entry>" LINK "</entry></feed>",
	 "3 feed-no-id /feed/entry[1]; 3 feed-no-title /feed/entry[1]; "
	 "3 feed-no-updated /feed/entry[1]"},
	{HEAD ABOUT("f") "<entry>" ABOUT("1") LINK "</entry>\n<entry>" ABOUT("1") LINK
	 "</entry></feed>",
	 "5 feed-repeated-id /feed/entry[2]"},
	{HEAD ABOUT("f") "<entry>" ABOUT("1") "</entry></feed>",
	 "3 feed-no-message /feed/entry[1]"},
	{HEAD ABOUT("f") "<entry>" ABOUT("1") "<link type='image/png' href='http://example.org/p'/>"
					      "</entry></feed>",
	 "3 feed-no-message /feed/entry[1]"},
	{HEAD ABOUT("f") "<entry>" ABOUT(
		 "1") "<link href='http://example.org/1.xml'/>"
		      "<link type='text/html' href='http://example.org/1'/></entry></feed>",
	 "3 feed-link-type /feed/entry[1]"},
	{HEAD ABOUT("f") "<entry>" ABOUT(
		 "1") "<link href='http://example.org/1.xml'/>"
		      "<link href='http://example.org/2.xml'/></entry></feed>",
	 "3 feed-no-message /feed/entry[1]"},
	{HEAD ABOUT("f") "<foo/><x:foo xmlns:x='urn:x'/><entry>" ABOUT("1") LINK "</entry></feed>",
	 "3 feed-unknown-element /feed"},
	{HEAD ABOUT("f") "</feed>", "1 feed-empty /feed"},
	{HEAD ABOUT("f") MESSAGE "</feed>", "1 feed-empty /feed; 3 feed-alert-outside-entry /feed"},
	/* The message inside is judged, where it stands. */
	{HEAD ABOUT("f") "<entry>" ABOUT(
		 "1") "<content>\n"
		      "<c:alert xmlns:c='urn:oasis:names:tc:emergency:cap:1.2'>\n"
		      "<c:identifier>1</c:identifier><c:sender>a b</c:sender>\n"
		      "<c:sent>2026-09-22T02:10:00+03:00</c:sent>\n"
		      "<c:status>actual</c:status><c:msgType>Alert</c:msgType>\n"
		      "<c:scope>Public</c:scope></c:alert></content></entry></feed>",
	 "5 missing-info /feed/entry[1]/alert; 5 namespace-prefix /feed/entry[1]/alert; "
	 "6 invalid-sender /feed/entry[1]/alert/sender; 8 invalid-value "
	 "/feed/entry[1]/alert/status"},
	{"<rss version='2.0'><channel><pubDate>Tue, 22 Sep 2026 02:10:00 GMT</pubDate>\n"
	 "<item><title>t</title><guid>1</guid><link>http://example.org/1.xml</link></item>"
	 "</channel></rss>",
	 ""},
	{"<rss version='2.0'><channel>\n<item><description>d</description></item>"
	 "</channel></rss>",
	 "1 feed-no-date /rss/channel; 2 feed-no-guid /rss/channel/item[1]; "
	 "2 feed-no-message /rss/channel/item[1]"},
	{"<rss version='2.0'><channel><pubDate>x</pubDate>\n<item><guid>1</guid>"
	 "<link>http://example.org/1.xml</link></item></channel></rss>",
	 "2 feed-no-title /rss/channel/item[1]"},
	{"<rss version='2.0'/>", "1 feed-empty /rss"},
	{EDXL "<d:contentObject><d:xmlContent><d:embeddedXMLContent>" MESSAGE
	      "</d:embeddedXMLContent></d:xmlContent></d:contentObject>" EDXLZ,
	 "2 missing-info /EDXLDistribution/contentObject[1]/alert"},
	{EDXL "<d:contentObject><d:nonXMLContent><d:mimeType>application/cap+xml</d:mimeType>"
	      "<d:uri>http://example.org/1.xml</d:uri></d:nonXMLContent></d:contentObject>" EDXLZ,
	 ""},
	{EDXL "<d:contentObject><d:nonXMLContent><d:mimeType>text/plain</d:mimeType>"
	      "<d:uri>http://example.org/1.txt</d:uri></d:nonXMLContent></d:contentObject>" EDXLZ,
	 "2 feed-no-message /EDXLDistribution/contentObject[1]"},
	{EDXL EDXLZ, "1 feed-no-message /EDXLDistribution"},
};

static struct sv
told(struct arena *a, const struct cap_findings *f, bool errors_only)
{
	struct buf b = BUF_INIT(MIB);
	struct sv text;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (errors_only && f->v[i].warning)
			continue;
		if (b.n > 0)
			buf_adds(&b, "; ");
		buf_addf(&b, "%d %s %.*s", f->v[i].line, f->v[i].rule, SV_ARG(f->v[i].path));
	}
	text = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return text;
}

static void
each_text_gives_its_findings(void **state)
{
	const struct cap_findings *findings;
	const struct cap_feed *feed;
	struct cap_refusal refusal;
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		if (cap_feed_read(&feed, &findings, &refusal, a, sv_of(cases[i].text), &e) != RC_OK)
			fail_msg("case %zu: %s", i, e.text);
		if (!sv_eq(told(a, findings, false), sv_of(cases[i].want)))
			fail_msg("case %zu: got \"%.*s\", expected \"%s\"", i,
				 SV_ARG(told(a, findings, false)), cases[i].want);
	}
	arena_free(&a);
}

static void
what_is_no_feed_is_refused(void **state)
{
	static const struct {
		const char *text, *rule;
		int line;
	} bad[] = {
		{"<?xml version='1.0'?>\n<someotherxml/>", "no-feed", 2},
		{MESSAGE, "no-feed", 1},
		{"invalid", "not-well-formed", 1},
		{"<feed></fee", "not-well-formed", 1},
		{"\n<!DOCTYPE feed><feed/>", "doctype", 2},
		{"", "not-well-formed", 1},
	};
	const struct cap_findings *findings;
	const struct cap_feed *feed;
	struct cap_refusal refusal;
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		if (cap_feed_read(&feed, &findings, &refusal, a, sv_of(bad[i].text), &e) == RC_OK)
			fail_msg("case %zu was read", i);
		assert_string_equal(refusal.rule, bad[i].rule);
		assert_int_equal(refusal.line, bad[i].line);
		assert_true(e.text[0] != '\0');
	}
	arena_free(&a);
}

/* What is inside comes out whole: the link, or a message that reads alone. */
static void
entries_hold_what_the_feed_has(void **state)
{
	const struct cap_findings *findings;
	const struct cap_alert *alert;
	const struct cap_feed *feed;
	struct cap_refusal refusal;
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	const char *text = HEAD ABOUT("f") "<entry>" ABOUT("1") LINK
		"</entry>\n"
		"<entry xmlns:c='urn:oasis:names:tc:emergency:cap:1.2'>" ABOUT(
			"2") "<content><c:alert><c:identifier>7</c:identifier></c:alert>"
			     "</content></entry></feed>";

	(void)state;
	assert_int_equal(cap_feed_read(&feed, &findings, &refusal, a, sv_of(text), &e), RC_OK);
	assert_int_equal(feed->kind, CAP_FEED_ATOM);
	assert_int_equal(feed->n_entries, 2);
	assert_true(sv_eq(feed->entries[0].link, SV("http://example.org/1.xml")));
	assert_true(feed->entries[0].message.p == NULL);
	assert_true(sv_eq(feed->entries[1].id, SV("2")));
	/* The prefix was declared outside of the message. */
	assert_int_equal(cap_read(&alert, &findings, a, feed->entries[1].message, &e), RC_OK);
	assert_true(sv_eq(alert->identifier, SV("7")));
	arena_free(&a);
}

/* Files of google/cap-library: errors that its own tests expect of them, by our names and
 * where they stand. "" is a feed that its tests call good. */
static const struct {
	const char *file, *errors;
	size_t entries;
} known[] = {
	{"testdata__ny_index.rss", "", 2},
	{"testdata__earthquake_index.atom", "", 1},
	{"testdata__empty_weather_index.atom", "", 0},
	{"testdata__weather.atom", "", 1},
	{"testdata__canada_signed.atom", "", 1},
	{"testdata__bushfire_valid.edxlde", "", 7},
	{"testdata__invalid.rss",
	 "5 feed-no-title /rss/channel/item[1]; 5 feed-no-message /rss/channel/item[1]", 1},
	{"testdata__invalid_element.atom",
	 "5 feed-unknown-element /feed; 8 feed-no-message /feed/entry[1]", 1},
	{"testdata__no_entries.atom", "9 feed-alert-outside-entry /feed", 0},
};

/* A file of google/cap-library as a feed; its texts are in the arena. */
static const struct cap_feed *
read_known(const struct cap_findings **ret, struct arena *a, const char *file)
{
	const struct cap_feed *feed = NULL;
	struct cap_refusal refusal;
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	struct err e = ERR_INIT;

	if (file_read(&text, corpus_path(a, "corpus/google+cap-library/", sv_of(file)), &e) !=
		    RC_OK ||
	    cap_feed_read(&feed, ret, &refusal, a, buf_sv(&text), &e) != RC_OK)
		fail_msg("%s: %s", file, e.text);
	buf_fini(&text);
	return feed;
}

static void
feeds_of_the_corpus(void **state)
{
	const struct cap_findings *findings;
	const struct cap_feed *feed;
	struct arena *a = arena_new();
	struct sv got;
	size_t i;

	(void)state;
	if (!corpus_here(a)) {
		arena_free(&a);
		skip();
	}
	for (i = 0; i < ARRAY_LEN(known); i++) {
		feed = read_known(&findings, a, known[i].file);
		got = told(a, findings, true);
		if (!sv_eq(got, sv_of(known[i].errors)))
			fail_msg("%s: got \"%.*s\", expected \"%s\"", known[i].file, SV_ARG(got),
				 known[i].errors);
		assert_int_equal(feed->n_entries, known[i].entries);
	}
	arena_free(&a);
}

/* The lines of the findings, each once: errors, or those of one rule. */
static struct sv
lines_of(struct arena *a, const struct cap_findings *f, const char *rule)
{
	struct buf b = BUF_INIT(MIB);
	struct sv text;
	int last = 0;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (rule != NULL ? strcmp(f->v[i].rule, rule) != 0 : f->v[i].warning)
			continue;
		if (f->v[i].line != last)
			buf_addf(&b, b.n > 0 ? " %d" : "%d", f->v[i].line);
		last = f->v[i].line;
	}
	text = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return text;
}

/* What google/cap-library's tests say of messages inside feeds, by line. */
static void
messages_in_feeds_of_the_corpus(void **state)
{
	static const struct {
		const char *file, *errors, *markup;
	} inside[] = {
		{"testdata__bushfire_valid.edxlde", "", "39 115 189 263 337 411 485"},
		{"testdata__bushfire_invalid.edxlde", "94 115", "39 125 199 273 347 421"},
		{"testdata__weather_invalid.atom", "28", ""},
	};
	const struct cap_findings *findings;
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	if (!corpus_here(a)) {
		arena_free(&a);
		skip();
	}
	for (i = 0; i < ARRAY_LEN(inside); i++) {
		(void)read_known(&findings, a, inside[i].file);
		assert_string_equal(lines_of(a, findings, NULL).p, inside[i].errors);
		assert_string_equal(lines_of(a, findings, "html-tags").p, inside[i].markup);
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_gives_its_findings),
		cmocka_unit_test(what_is_no_feed_is_refused),
		cmocka_unit_test(entries_hold_what_the_feed_has),
		cmocka_unit_test(feeds_of_the_corpus),
		cmocka_unit_test(messages_in_feeds_of_the_corpus),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
