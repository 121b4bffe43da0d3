/* The pages and the feed as bytes: their size, order, escaping, and the feed as XML. */
#include <stdio.h>
#include <stdlib.h>

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "lib/unit.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "cap/cap_read.h"
#include "web/page.h"

#define NASTY "<script>alert(1)</script>"

static const struct page_site site = {
	.authority = SV_INIT("Embassy & Consulate"),
	.contact = SV_INIT("+995 32 227 47 47"),
	.url = SV_INIT("https://alerts.example.org"),
	.installation = SV_INIT("0123abcd"),
};

static struct sv
message(struct arena *a, const char *type, const char *headline, const char *instruction)
{
	return arena_fmt(
		a,
		"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"
		"<identifier>x-1-1</identifier><sender>a@example.org</sender>"
		"<sent>2026-11-22T08:20:00+04:00</sent><status>Actual</status>"
		"<msgType>%s</msgType><scope>Public</scope>"
		"<info><language>en</language><category>Safety</category><event>Unrest</event>"
		"<urgency>Immediate</urgency><severity>Severe</severity>"
		"<certainty>Observed</certainty><expires>2026-11-23T08:20:00+04:00</expires>"
		"<headline>%s</headline><description>What.</description>"
		"<instruction>%s</instruction><web>javascript:alert(1)</web>"
		"<area><areaDesc>Here</areaDesc></area></info></alert>",
		type, headline, instruction);
}

static struct page_alert
facts(struct arena *a, struct sv xml)
{
	const struct cap_findings *findings;
	struct page_alert p = {
		.identifier = SV("x-1-1"),
		.headline = SV("headline of the row"),
		.state = ALERT_LIVE,
		.expires = {1795494000, 240},
		.sent = 1795321200,
		.changed = 1795321260,
	};
	struct err e = ERR_INIT;

	if (cap_read(&p.cap, &findings, a, xml, &e) != RC_OK)
		fail_msg("%s", e.text);
	return p;
}

static bool
has(const struct buf *b, const char *what)
{
	return sv_find(buf_sv(b), sv_of(what)) < b->n;
}

static size_t
place(const struct buf *b, const char *what)
{
	if (!has(b, what))
		fail_msg("not on the page: %s", what);
	return sv_find(buf_sv(b), sv_of(what));
}

static void
test_sample_size(void **state)
{
	struct buf path = BUF_INIT(4096), text = BUF_INIT(LIMIT_CAP_FILE), page = BUF_INIT(MIB);
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	struct page_alert p;
	size_t i, note, largest = 0;

	(void)state;
	buf_addf(&path, "%s/assets/sample/alert.xml", getenv("TOP"));
	if (file_read(&text, buf_str(&path), &e) != RC_OK)
		fail_msg("%s", e.text);
	p = facts(a, buf_sv(&text));
	p.exercise = true;
	assert_true(p.cap->n_infos >= 6);
	for (i = 0; i < p.cap->n_infos; i++) {
		struct sv language = cap_language(&p.cap->infos[i]);

		buf_reset(&page);
		page_alert(&page, &site, &p, language, &note);
		assert_true(buf_ok(&page));
		largest = page.n > largest ? page.n : largest;
		if (sv_eq(language, SV("ar")))
			assert_true(has(&page, "<html lang=\"ar\" dir=\"rtl\">"));
		assert_false(has(&page, "<script"));
		assert_false(has(&page, "style="));
	}
	print_message("# largest page: %zu bytes\n", largest);
	assert_in_range(largest, 1, 14 * KIB);
	arena_free(&a);
	buf_fini(&path);
	buf_fini(&text);
	buf_fini(&page);
}

static void
test_escaped(void **state)
{
	struct arena *a = arena_new();
	struct page_alert p = facts(a, message(a, "Alert", "&lt;script&gt;alert(1)&lt;/script&gt;",
					       "&lt;script&gt;alert(1)&lt;/script&gt;"));
	struct page_site other = site;
	struct buf b = BUF_INIT(MIB);
	size_t from, to, note;

	(void)state;
	other.authority = SV(NASTY);
	other.contact = SV(NASTY);
	p.headline = SV(NASTY);
	p.newest = SV("\"><b>");
	p.state = ALERT_UPDATED;
	page_alert(&b, &other, &p, SV("en"), &note);
	p.state = ALERT_LIVE;
	page_list(&b, &other, &p, 1, SV("en"), &from, &to);
	page_feed(&b, &other, &p, 1, 0);
	assert_false(has(&b, "<script"));
	assert_false(has(&b, "javascript:"));
	assert_false(has(&b, "\"><b>"));
	assert_true(has(&b, "&lt;script&gt;"));
	arena_free(&a);
	buf_fini(&b);
}

static void
test_order(void **state)
{
	struct arena *a = arena_new();
	struct page_alert p = facts(a, message(a, "Alert", "Leave", "1. Pack.\n2) Go.\n- Write."));
	struct buf b = BUF_INIT(MIB);
	size_t note;

	(void)state;
	page_alert(&b, &site, &p, SV("en"), &note);
	assert_true(place(&b, "<h1>Leave</h1>") < place(&b, "In force until"));
	assert_true(place(&b, "In force until") < place(&b, "What is happening"));
	assert_true(place(&b, "What is happening") < place(&b, "What to do"));
	assert_true(place(&b, "What to do") < place(&b, ">Where<"));
	/* The clock is the alert's, with its offset. */
	place(&b, "<time datetime=\"2026-11-23T08:20:00+04:00\" dir=\"ltr\">2026-11-23 08:20 "
		  "(UTC+04:00)</time>");
	place(&b, "<ol>\n<li>Pack.</li>\n<li>Go.</li>\n<li>Write.</li>\n</ol>");
	assert_false(has(&b, "EXERCISE"));
	assert_false(has(&b, "carries the electronic signature"));
	arena_free(&a);
	buf_fini(&b);
}

/* What an alert that does not hold any more says before anything else. */
static void
test_states(void **state)
{
	static const struct {
		enum alert_state state;
		const char *says;
	} cases[] = {
		{ALERT_UPDATED, "This alert was updated and is no longer valid."},
		{ALERT_CANCELLED, "This alert was cancelled and is no longer valid."},
		{ALERT_EXPIRED, "This alert has ended"},
	};
	struct arena *a = arena_new();
	struct page_alert p = facts(a, message(a, "Alert", "Leave", "Go."));
	struct buf b = BUF_INIT(MIB);
	size_t i, note;

	(void)state;
	p.newest = SV("x-1-2");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		p.state = cases[i].state;
		page_alert(&b, &site, &p, SV("en"), &note);
		assert_true(place(&b, cases[i].says) < place(&b, "<h1>"));
		assert_true(place(&b, "href=\"/alert/x-1-2?lang=en\"") < place(&b, "<h1>"));
	}
	arena_free(&a);
	buf_fini(&b);
}

#define INFO(language, headline, place)                                                \
	"<info><language>" language "</language><category>Safety</category>"           \
	"<event>Unrest</event><urgency>Immediate</urgency><severity>Severe</severity>" \
	"<certainty>Observed</certainty><expires>2026-11-23T08:20:00+04:00</expires>"  \
	"<headline>" headline "</headline><area><areaDesc>" place "</areaDesc>"        \
	"<geocode><valueName>ISO3166-1</valueName><value>" place "</value></geocode>"  \
	"</area></info>"

/* Two places: a reader of Russian is told of both, of the second in English, because nobody is
 * asked which of them is theirs. */
static void
test_blocks(void **state)
{
	static const char xml[] =
		"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>x-1-1"
		"</identifier><sender>a@example.org</sender><sent>2026-11-22T08:20:00+04:00</sent>"
		"<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>" INFO(
			"en", "First", "GE") INFO("ru", "Первое", "GE") INFO("en", "Second", "AM")
			INFO("ru", "Третье", "AZ") INFO("ru", "Четвёртое", "AZ") "</alert>";
	struct arena *a = arena_new();
	struct page_alert p = facts(a, sv_of(xml));
	struct buf b = BUF_INIT(MIB);
	size_t note;

	(void)state;
	page_alert(&b, &site, &p, SV("ru"), &note);
	assert_true(place(&b, "<h1>Первое</h1>") < place(&b, "Second"));
	assert_true(place(&b, "<section lang=\"en\" dir=\"ltr\">") < place(&b, "Second"));
	assert_true(place(&b, "Second") < place(&b, "Третье"));
	assert_true(place(&b, "Третье") < place(&b, "Четвёртое"));
	assert_false(has(&b, "First"));
	arena_free(&a);
	buf_fini(&b);
}

/* In a mirror every link is from file to file, and the page says what it is. */
static void
test_mirror(void **state)
{
	static const struct page_mirror copy = {1795321200, 1795407600,
						SV_INIT("https://alerts.example.org")};
	struct arena *a = arena_new();
	struct page_alert p = facts(a, message(a, "Alert", "Leave", "Go."));
	struct page_site mirror = site;
	struct buf b = BUF_INIT(MIB);
	size_t from, to, note;

	(void)state;
	mirror.mirror = &copy;
	p.newest = SV("x-1-2");
	p.state = ALERT_UPDATED;
	page_alert(&b, &mirror, &p, SV("en"), &note);
	place(&b, "href=\"../style.css\"");
	place(&b, "href=\"../index.en.html\"");
	place(&b, "href=\"../alert/x-1-2.en.html\"");
	place(&b, "href=\"../alert/x-1-1.xml\"");
	place(&b, "This page is a copy of <bdi>https://alerts.example.org</bdi>.");
	place(&b, "2026-11-22 04:20 (UTC)");
	place(&b, "2026-11-23 04:20 (UTC)");
	p.state = ALERT_LIVE;
	page_list(&b, &mirror, &p, 1, SV("en"), &from, &to);
	place(&b, "href=\"alert/x-1-1.en.html\"");
	place(&b, "href=\"index.uk.html\"");
	page_feed(&b, &mirror, &p, 1, 1795321260);
	place(&b, "<id>https://alerts.example.org/alert/x-1-1</id>");
	place(&b, "href=\"alert/x-1-1.html\"");
	assert_false(has(&b, "href=\"/"));
	assert_false(has(&b, "href=\"https://alerts"));
	arena_free(&a);
	buf_fini(&b);
}

static void
test_notice(void **state)
{
	struct buf b = BUF_INIT(MIB);
	size_t from, to;

	(void)state;
	page_list(&b, &site, NULL, 0, SV("en"), &from, &to);
	assert_sv(sv_head(sv_from(buf_sv(&b), from), to - from),
		  SV("<p>No alerts are in force</p>\n"));
	buf_reset(&b);
	page_notice(&b, SV("en"), 1795321200);
	place(&b, "We cannot check for alerts right now.");
	place(&b, "2026-11-22 04:20 (UTC)");
	buf_fini(&b);
}

static xmlXPathContextPtr
open_feed(const struct buf *b)
{
	xmlDocPtr doc = xmlReadMemory(b->p, (int)b->n, "feed", NULL, XML_PARSE_NONET);
	xmlXPathContextPtr c;

	assert_non_null(doc);
	c = xmlXPathNewContext(doc);
	assert_int_equal(
		xmlXPathRegisterNs(c, BAD_CAST "a", BAD_CAST "http://www.w3.org/2005/Atom"), 0);
	return c;
}

static void
expect(xmlXPathContextPtr c, const char *path, const char *want)
{
	xmlXPathObjectPtr o = xmlXPathEval(BAD_CAST path, c);
	xmlChar *got;

	assert_non_null(o);
	got = xmlXPathCastToString(o);
	if (xmlStrcmp(got, BAD_CAST want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", path, (const char *)got, want);
	xmlFree(got);
	xmlXPathFreeObject(o);
}

/* RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have, once. */
static void
test_feed(void **state)
{
	struct arena *a = arena_new();
	struct page_alert p[2];
	struct buf b = BUF_INIT(MIB);
	xmlXPathContextPtr c;
	xmlDocPtr doc;

	(void)state;
	p[0] = facts(a, message(a, "Update", "Leave &amp; go", "Go."));
	p[1] = facts(a, message(a, "Alert", "Stay", "Wait."));
	p[0].identifier = SV("x-1-2");
	page_feed(&b, &site, p, 2, 1795321260);
	c = open_feed(&b);
	doc = c->doc;
	expect(c, "count(/a:feed/a:id)", "1");
	expect(c, "string(/a:feed/a:id)", "https://alerts.example.org/feed.atom");
	expect(c, "string(/a:feed/a:title)", "Embassy & Consulate");
	expect(c, "string(/a:feed/a:updated)", "2026-11-22T04:21:00Z");
	expect(c, "string(/a:feed/a:author/a:name)", "Embassy & Consulate");
	expect(c, "string(/a:feed/a:link[@rel='self']/@href)",
	       "https://alerts.example.org/feed.atom");
	expect(c, "count(/a:feed/a:entry)", "2");
	expect(c, "count(/a:feed/a:entry[a:id and a:title and a:updated])", "2");
	expect(c, "string(/a:feed/a:entry[1]/a:id)", "https://alerts.example.org/alert/x-1-2");
	expect(c, "string(/a:feed/a:entry[2]/a:id)", "https://alerts.example.org/alert/x-1-1");
	expect(c, "string(/a:feed/a:entry[1]/a:title)", "Leave & go");
	expect(c, "string(/a:feed/a:entry[1]/a:updated)", "2026-11-22T04:21:00Z");
	expect(c, "string(/a:feed/a:entry[1]/a:published)", "2026-11-22T04:20:00Z");
	expect(c, "string(/a:feed/a:entry[1]/a:link[@type='application/cap+xml']/@href)",
	       "https://alerts.example.org/alert/x-1-2.xml");
	expect(c, "string(/a:feed/a:entry[1]/a:category[1]/@term)", "Update");
	xmlXPathFreeContext(c);
	xmlFreeDoc(doc);
	arena_free(&a);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample_size), cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_order),       cmocka_unit_test(test_states),
		cmocka_unit_test(test_blocks),      cmocka_unit_test(test_mirror),
		cmocka_unit_test(test_notice),      cmocka_unit_test(test_feed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("web/page", tests, NULL, NULL);
}
