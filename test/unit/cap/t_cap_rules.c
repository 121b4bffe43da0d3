/*
 * t_cap_rules.c — one change to a valid message, and the findings it must give.
 *
 * Expected findings come from CAP 1.2, 3.2 and 3.3, and from its schema.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/file.h"
#include "cap/cap_rule.h"
#include "corpus.h"
#include "sample.h"

#define SHAPES                                       \
	"<polygon>50,30 50,31 51,31 50,30</polygon>" \
	"\n      <circle>55.75,37.62 40</circle>\n      "
#define GEOCODE "<geocode><valueName>ISO3166-1</valueName><value>RU</value></geocode>"

/* A second info that is well made by itself, and the end of the message. */
#define INFO(language, category, event, code, headline, instruction)                               \
	"<info><language>" language "</language><category>" category "</category><event>" event    \
	"</event><responseType>Evacuate</responseType><urgency>Immediate</urgency>"                \
	"<severity>Severe</severity><certainty>Observed</certainty><eventCode><valueName>own"      \
	"</valueName><value>" code "</value></eventCode><expires>2026-09-23T02:10:00+03:00"        \
	"</expires><senderName>Embassy</senderName><headline>" headline "</headline><description>" \
	"Many are called.</description><instruction>" instruction "</instruction><web>"            \
	"https://embassy.example/</web><contact>+1 555 0100</contact><area><areaDesc>All"          \
	"</areaDesc><circle>55,37 9</circle></area></info></alert>"

static const struct {
	const char *from, *to;
	const char *want; /* "line rule path" of each finding, '\n' between */
} cases[] = {
	{"Leave", "Leave", ""},
	/* structure */
	{"<sender>desk@embassy.example</sender>\n", "", "2 missing-element /alert"},
	{"<event>Mobilisation</event>", "", "10 missing-element /alert/info[1]"},
	{"<status>Actual</status>", "<status>Actual</status><status>Test</status>",
	 "6 repeated-element /alert/status[2]"},
	{"<scope>Public</scope>\n", "<scope>Public</scope><source>x</source>\n",
	 "8 wrong-order /alert/source"},
	{"<polygon>50,30 50,31 51,31 50,30</polygon>\n      <circle>55.75,37.62 40</circle>",
	 "<circle>55.75,37.62 40</circle>\n      <polygon>50,30 50,31 51,31 50,30</polygon>",
	 "37 wrong-order /alert/info[1]/area[1]/polygon[1]"},
	{"<headline>", "<password>x</password><headline>",
	 "22 unknown-element /alert/info[1]/password"},
	{"<headline>", "<headline xmlns=\"urn:other\">x</headline><headline>",
	 "22 unknown-element /alert/info[1]/headline"},
	{"Leave while", "Leave <b>while</b>", "22 unknown-element /alert/info[1]/headline"},
	{"<identifier>", "<identifier id=\"1\">", "3 unknown-attribute /alert/identifier"},
	{"<identifier>",
	 "<identifier xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\" "
	 "x:nil=\"true\">",
	 "3 unknown-attribute /alert/identifier"},
	{"cap:1.2\">",
	 "cap:1.2\" xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\" "
	 "x:schemaLocation=\"a b\">",
	 ""},
	{"  <info>\n", "  and <info>\n", "10 unexpected-text /alert"},
	{"<value>MOB</value>", "", "18 missing-element /alert/info[1]/eventCode[1]"},
	{"<value>RU</value>", "<value>RU</value><value>UA</value>",
	 "38 repeated-element /alert/info[1]/area[1]/geocode[1]/value[2]"},
	{"cap:1.2", "cap:1.1", "2 old-version /alert"},
	/* types */
	{">Actual<", "> Actual<", "6 invalid-value /alert/status"},
	{">Actual<", ">actual<", "6 invalid-value /alert/status"},
	{">Update<", "><", "7 invalid-value /alert/msgType"},
	{">Public<", ">World<", "8 invalid-value /alert/scope"},
	{">Security<", ">War<", "12 invalid-value /alert/info[1]/category[1]"},
	{">Evacuate<", ">Run<", "14 invalid-value /alert/info[1]/responseType[1]"},
	{">Observed<", ">Very Likely<", "17 certainty-very-likely /alert/info[1]/certainty"},
	{">en<", ">e n<", "11 invalid-language /alert/info[1]/language"},
	{"2026-09-22T02:10:00+03:00</sent>", "2026-09-22T02:10:00Z</sent>",
	 "5 invalid-time /alert/sent"},
	{"2026-09-22T02:10:00+03:00</sent>", "2026-09-22T02:10:00.5+03:00</sent>",
	 "5 invalid-time /alert/sent"},
	{"2026-09-22T02:10:00+03:00</sent>", "2026-09-22T02:10:00,03:00</sent>",
	 "5 invalid-time /alert/sent"},
	{"2026-09-23T02:10:00+03:00", "2026-02-30T02:10:00+03:00",
	 "20 invalid-time /alert/info[1]/expires"},
	{"2026-09-23T02:10:00+03:00", "2026-09-23T02:10:00+15:00",
	 "20 invalid-time /alert/info[1]/expires"},
	{">1234<", ">12 kB<", "30 invalid-number /alert/info[1]/resource[1]/size"},
	{">1234<", ">-1<", "30 invalid-size /alert/info[1]/resource[1]/size"},
	{">100<", ">low<", "39 invalid-number /alert/info[1]/area[1]/altitude"},
	{"https://embassy.example/alerts/14", "https://embassy.example/a b",
	 "25 uri-form /alert/info[1]/web"},
	{"https://embassy.example/alerts/14", "https://embassy.example/{id}|^",
	 "25 uri-form /alert/info[1]/web"},
	{"https://embassy.example/alerts/14", "https://embassy.example/%zz",
	 "25 invalid-uri /alert/info[1]/web"},
	{"2026-09-23T02:10:00+03:00", "2026-09-23T24:00:00+03:00", ""},
	/* conditions of the alert */
	{"EMB-2026-14", "EMB 2026", "3 invalid-identifier /alert/identifier"},
	{"EMB-2026-14", "", "3 invalid-identifier /alert/identifier"},
	{"EMB-2026-14", "A&amp;B", "3 invalid-identifier /alert/identifier"},
	{"desk@embassy.example", "desk,embassy", "4 invalid-sender /alert/sender"},
	{">Public<", ">Restricted<", "8 missing-restriction /alert/scope"},
	{"Public</scope>", "Restricted</scope><restriction>staff</restriction>", ""},
	{"Public</scope>", "Public</scope><restriction>staff</restriction>",
	 "8 restriction-scope-mismatch /alert/restriction"},
	{">Public<", ">Private<", "8 missing-addresses /alert/scope"},
	{"Public</scope>", "Private</scope><addresses>a \"b c\"</addresses>", ""},
	{"Public</scope>", "Private</scope><addresses>a \"b c</addresses>",
	 "8 invalid-addresses /alert/addresses"},
	{"</references>", "</references><incidents>\"a\"b</incidents>",
	 "9 invalid-incidents /alert/incidents"},
	{"<references>desk@embassy.example,EMB-2026-13,2026-09-21T20:00:00+03:00</references>", "",
	 "7 missing-references /alert/msgType"},
	{"Update</msgType>\n  <scope>Public</scope>\n"
	 "  <references>desk@embassy.example,EMB-2026-13,2026-09-21T20:00:00+03:00</references>",
	 "Alert</msgType>\n  <scope>Public</scope>\n", ""},
	{">desk@embassy.example,EMB-2026-13,2026-09-21T20:00:00+03:00<", "> <",
	 "7 missing-references /alert/msgType\n9 empty-element /alert/references"},
	{"EMB-2026-13,", "", "9 invalid-references /alert/references"},
	{"EMB-2026-13,2026-09-21T20:00:00+03:00", "EMB-2026-13,2026-09-21",
	 "9 invalid-references /alert/references"},
	{"EMB-2026-13,2026-09-21T20:00:00+03:00", "EMB-2026-14,2026-09-22T02:10:00+03:00",
	 "9 circular-reference /alert/references"},
	/* the same instant in another offset is still the message itself */
	{"EMB-2026-13,2026-09-21T20:00:00+03:00", "EMB-2026-14,2026-09-21T23:10:00-00:00",
	 "9 circular-reference /alert/references"},
	{"EMB-2026-13,2026-09-21T20:00:00+03:00", "EMB-2026-13,2026-09-22T02:10:01+03:00",
	 "9 postdated-reference /alert/references"},
	{"2026-09-22T02:10:00+03:00</sent>", "2026-09-21T23:10:00+00:00</sent>",
	 "5 utc-plus-zero /alert/sent"},
	{"2026-09-22T02:10:00+03:00</sent>", "2026-09-21T23:10:00-00:00</sent>", ""},
	/* info */
	{">Mobilisation<", "><", "13 empty-required /alert/info[1]/event"},
	{">en<", "><", "11 empty-element /alert/info[1]/language"},
	{"2026-09-23T02:10:00+03:00", "2026-09-22T02:10:00+03:00",
	 "20 expires-not-after-start /alert/info[1]/expires"},
	{"https://embassy.example/alerts/14", "alerts/14",
	 "25 web-not-absolute /alert/info[1]/web"},
	{"Leave while you can",
	 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
	 "890123456789012345678901234567890123456789012345678901234567890123456789",
	 ""},
	{"Leave while you can",
	 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
	 "890123456789012345678901234567890123456789012345678901234567890123456789!",
	 "22 headline-too-long /alert/info[1]/headline"},
	/* resource */
	{">image/png<", ">picture<", "29 invalid-mime-type /alert/info[1]/resource[1]/mimeType"},
	{"https://embassy.example/map.png", "map.png",
	 "31 relative-uri-without-deref /alert/info[1]/resource[1]/uri"},
	{"https://embassy.example/map.png</uri>", "map.png</uri><derefUri>aGVsbG8=</derefUri>",
	 "30 size-mismatch /alert/info[1]/resource[1]/size"},
	{"https://embassy.example/map.png</uri>", "map.png</uri><derefUri>a*</derefUri>",
	 "31 invalid-deref-uri /alert/info[1]/resource[1]/derefUri"},
	{"da39a3ee", "da39a3e", "32 invalid-digest /alert/info[1]/resource[1]/digest"},
	/* area */
	{"51,31 50,30<", "50,30<", "36 invalid-polygon /alert/info[1]/area[1]/polygon[1]"},
	{"51,31 50,30<", "51,31 50,31<", "36 invalid-polygon /alert/info[1]/area[1]/polygon[1]"},
	{"51,31 50", "91,31 50", "36 invalid-polygon /alert/info[1]/area[1]/polygon[1]"},
	{"51,31 50,30", "51,31\n50,30", ""},
	{"55.75,37.62 40", "55.75,37.62", "37 invalid-circle /alert/info[1]/area[1]/circle[1]"},
	{"55.75,37.62 40", "55.75,37.62 -1", "37 invalid-circle /alert/info[1]/area[1]/circle[1]"},
	{"55.75,37.62 40", "55.75,37.62 0",
	 "37 circle-radius-zero /alert/info[1]/area[1]/circle[1]"},
	{"      <altitude>100</altitude>\n", "",
	 "39 ceiling-without-altitude /alert/info[1]/area[1]/ceiling"},
	{">2000<", ">99.5<", "40 ceiling-below-altitude /alert/info[1]/area[1]/ceiling"},
	{">Border region<", "> <", "35 empty-required /alert/info[1]/area[1]/areaDesc"},
	/* as bytes */
	{"<?xml version", "\xEF\xBB\xBF<?xml version", "1 byte-order-mark /alert"},
	{"UTF-8", "ISO-8859-1", "1 latin-1 /alert"},
	{"<sender>desk@", "<sender> desk@", "4 invalid-sender /alert/sender"},
	{"EMB-2026-14<", "EMB-2026-14\n<", "3 invalid-identifier /alert/identifier"},
	/* texts that people read */
	{"called up.", "called&lt;br/&gt;up.", "23 html-tags /alert/info[1]/description"},
	{"called up.", "<![CDATA[called <b>up</b>.]]>", "23 html-tags /alert/info[1]/description"},
	{"called up.", "called up &lt; 60 &gt; 18.", ""},
	{"+1 555 0100", "Desk &lt;desk@embassy.example&gt;", ""},
	{"Public</scope>", "Public</scope><code>a</code><code>&lt;p&gt;b</code>",
	 "8 html-tags /alert/code[2]"},
	{">own<", ">own&lt;/p&gt;<", "18 html-tags /alert/info[1]/eventCode[1]/valueName"},
	{"called up.", "called&amp;nbsp;up.", "23 html-entities /alert/info[1]/description"},
	{"called up.", "called&amp;#160;up.", "23 html-entities /alert/info[1]/description"},
	{"called up.", "called up &amp; out; R&amp;D;", ""},
	{"called up.", "called \xC2\x93up\xC2\x94", "23 damaged-text /alert/info[1]/description"},
	{"called up.", "called \xEF\xBF\xBD up", "23 damaged-text /alert/info[1]/description"},
	{"called up.", "\xC2\xAB\xD0\xB0\xC2\xBB \xEF\xBC\x8C", ""},
	/* advice on the alert */
	{"EMB-2026-13,", "EMB-2026-14,", "9 reused-identifier /alert/references"},
	{"desk@embassy.example,EMB-2026-13,", "post@embassy.example,EMB-2026-14,", ""},
	{"<references>", "<references>desk@embassy.example,EMB-2026-13,2026-09-21T17:00:00-00:00 ",
	 "9 repeated-reference /alert/references"},
	{">Update<", ">Alert<", "7 alert-with-references /alert/msgType"},
	{">Actual<", ">Exercise<", "6 missing-note /alert/status"},
	{">Update<", ">Error<", "7 missing-note /alert/msgType"},
	{">Actual<", ">Test<", "6 not-actionable /alert/status"},
	{">Actual<", ">Draft<", "6 not-actionable /alert/status"},
	{">Actual<", ">System<", ""},
	{"desk@embassy.example<", "Embassy<", "4 sender-not-global /alert/sender"},
	{"desk@embassy.example<", "urn:x:embassy<", ""},
	/* advice on an info */
	{">en<", ">english<", "11 unusual-language /alert/info[1]/language"},
	{">en<", ">jp-JP<", "11 unusual-language /alert/info[1]/language"},
	{">en<", ">fil<", ""},
	{">en<", ">x-pig-latin<", ""},
	{"<responseType>Evacuate</responseType>", "", "10 missing-response-type /alert/info[1]"},
	{"<expires>2026-09-23T02:10:00+03:00</expires>", "", "10 missing-expires /alert/info[1]"},
	{"<senderName>Embassy</senderName>", "", "10 missing-sender-name /alert/info[1]"},
	{"<headline>Leave while you can</headline>", "", "10 missing-headline /alert/info[1]"},
	{"<description>Men are called up.</description>", "",
	 "10 missing-description /alert/info[1]"},
	{"<instruction>Take the road south.</instruction>", "",
	 "10 missing-instruction /alert/info[1]"},
	{"<web>https://embassy.example/alerts/14</web>", "", "10 missing-web /alert/info[1]"},
	{"<contact>+1 555 0100</contact>", "", "10 missing-contact /alert/info[1]"},
	{">Immediate<", ">Unknown<", "15 unknown-urgency /alert/info[1]/urgency"},
	{">Severe<", ">Unknown<", "16 unknown-severity /alert/info[1]/severity"},
	{">Observed<", ">Unknown<", "17 unknown-certainty /alert/info[1]/certainty"},
	{">own<", ">s.a.m.e.<", "18 acronym-form /alert/info[1]/eventCode[1]"},
	{">own<", ">SAME<", ""},
	{">ISO3166-1<", ">fips6<", "38 acronym-form /alert/info[1]/area[1]/geocode[1]"},
	{"<expires>", "<onset>2026-09-23T02:10:00+03:00</onset><expires>",
	 "20 onset-not-before-expires /alert/info[1]/onset"},
	{"<expires>", "<onset>2026-09-23T02:09:59+03:00</onset><expires>", ""},
	{"Men are called up.", "Leave while you can",
	 "23 headline-repeated /alert/info[1]/description"},
	{"Take the road south.", "Men are called up.",
	 "24 description-repeated /alert/info[1]/instruction"},
	{"https://embassy.example/alerts/14", "mailto:desk@embassy.example",
	 "25 web-not-http /alert/info[1]/web"},
	{"https://embassy.example/alerts/14", "HTTP://embassy.example/", ""},
	/* advice on a resource */
	{">image/png<", ">image/jpg<", "29 unusual-mime-type /alert/info[1]/resource[1]/mimeType"},
	{">image/png<", ">picture/png<",
	 "29 unusual-mime-type /alert/info[1]/resource[1]/mimeType"},
	{">image/png<", ">IMAGE/PNG<", ""},
	{"<uri>https://embassy.example/map.png</uri>", "",
	 "27 resource-without-content /alert/info[1]/resource[1]"},
	/* advice on an area */
	{SHAPES GEOCODE, "", "34 area-without-shape /alert/info[1]/area[1]"},
	{SHAPES, "", "34 geocode-alone /alert/info[1]/area[1]"},
	{">100<", ">-100<", "39 negative-altitude /alert/info[1]/area[1]/altitude"},
	{">2000<", ">-5<",
	 "40 ceiling-below-altitude /alert/info[1]/area[1]/ceiling\n"
	 "40 negative-altitude /alert/info[1]/area[1]/ceiling"},
	/* two infos beside each other */
	{"</alert>", INFO("ru", "Security", "Call-up", "MOB", "Go now", "Go south"), ""},
	{"</alert>", INFO("ru", "Safety", "Call-up", "MOB", "Go now", "Go south"),
	 "43 categories-differ /alert/info[2]/category[1]"},
	{"</alert>", INFO("ru", "Security", "Call-up", "ALL", "Go now", "Go south"),
	 "43 event-codes-differ /alert/info[2]/eventCode[1]"},
	{"</alert>", INFO("en", "Security", "Call-up", "MOB", "Go now", "Go south"),
	 "43 events-differ /alert/info[2]/event"},
	{"</alert>", INFO("ru", "Security", "Mobilisation", "MOB", "Go now", "Go south"), ""},
	{"</alert>", INFO("ru", "Security", "Call-up", "MOB", "Leave while you can", "Go south"),
	 "43 same-text /alert/info[2]/headline"},
	{"</alert>", INFO("ru", "Security", "Call-up", "MOB", "Go now", "Take the road south."),
	 "43 same-text /alert/info[2]/instruction"},
	{"</alert>", INFO("en-GB", "Security", "Call-up", "MOB", "Leave while you can", "Go south"),
	 ""},
};

static struct sv
told(struct arena *a, const struct cap_findings *f)
{
	struct buf b = BUF_INIT(1 << 20);
	struct sv all;
	size_t i;

	for (i = 0; i < f->n; i++)
		buf_addf(&b, "%s%d %s %.*s", i > 0 ? "\n" : "", f->v[i].line, f->v[i].rule,
			 SV_ARG(f->v[i].path));
	all = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return all;
}

static void
each_change_gives_its_findings(void **state)
{
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	struct sv got;
	size_t i, k, errors;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		arena_reset(a);
		if (cap_read(&alert, &findings, a, sample_with(a, cases[i].from, cases[i].to),
			     &e) != RC_OK)
			fail_msg("case %zu (%s): %s", i, cases[i].to, e.text);
		got = told(a, findings);
		if (!sv_eq(got, sv_of(cases[i].want)))
			fail_msg("case %zu (%s): got \"%.*s\", want \"%s\"", i, cases[i].to,
				 SV_ARG(got), cases[i].want);
		for (k = 0, errors = 0; k < findings->n; k++)
			errors += !findings->v[k].warning;
		assert_int_equal(findings->errors, errors);
	}
	arena_free(&a);
}

/* What takes a second change to show. */
static void
two_changes_give_their_findings(void **state)
{
	static const struct {
		const char *from, *to, *from2, *to2, *want;
	} pairs[] = {
		{"<alert xmlns", "<c:alert xmlns:c=\"urn:oasis:names:tc:emergency:cap:1.2\" xmlns",
		 "</alert>", "</c:alert>", "2 namespace-prefix /alert"},
		{"  <info>\n", "<!--", "  </info>\n", "-->", "2 missing-info /alert"},
		{"<area>", "<!--", "</area>", "-->", "10 missing-area /alert/info[1]"},
		{">Evacuate<", ">None<", "<instruction>Take the road south.</instruction>", "", ""},
		{">Update<", ">Cancel<", "<contact>+1 555 0100</contact>", "", ""},
		{">Update<", ">Cancel<", ">Severe<", ">Unknown<", ""},
		{">Actual<", ">Exercise<", "Public</scope>", "Public</scope><note>Blue Sea</note>",
		 ""},
		{">Actual<", ">Test<", "Public</scope>",
		 "Restricted</scope><restriction>staff</restriction>", ""},
		{"https://embassy.example/map.png</uri>",
		 "map.png</uri><derefUri>aGVsbG8=</derefUri>", ">1234<", ">5<", ""},
	};
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	struct sv text;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(pairs); i++) {
		arena_reset(a);
		text = sample_with(a, pairs[i].from, pairs[i].to);
		text = text_with(a, text, pairs[i].from2, pairs[i].to2);
		assert_int_equal(cap_read(&alert, &findings, a, text, &e), RC_OK);
		if (!sv_eq(told(a, findings), sv_of(pairs[i].want)))
			fail_msg("case %zu: got \"%.*s\", want \"%s\"", i,
				 SV_ARG(told(a, findings)), pairs[i].want);
	}
	arena_free(&a);
}

/* 700,000 letters of base64 are 525,000 bytes; 512 KiB are 524,288. */
static void
large_content_is_named(void **state)
{
	static const struct {
		size_t letters;
		const char *size, *want;
	} sizes[] = {
		{700000, ">525000<", "31 large-deref-uri /alert/info[1]/resource[1]/derefUri"},
		{699048, ">524286<", ""},
	};
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	struct err e = ERR_INIT;
	struct sv text;
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		arena_reset(a);
		buf_reset(&b);
		buf_adds(&b, "map.png</uri><derefUri>");
		for (k = 0; k < sizes[i].letters; k++)
			buf_addc(&b, 'A');
		buf_adds(&b, "</derefUri>");
		text = sample_with(a, "map.png</uri>", buf_str(&b));
		text = text_with(a, text, ">1234<", sizes[i].size);
		assert_int_equal(cap_read(&alert, &findings, a, text, &e), RC_OK);
		if (!sv_eq(told(a, findings), sv_of(sizes[i].want)))
			fail_msg("%zu: \"%.*s\"", sizes[i].letters, SV_ARG(told(a, findings)));
	}
	buf_fini(&b);
	arena_free(&a);
}

/* However many warnings, the message stays valid, and errors still find room. */
static void
warnings_do_not_crowd_out_errors(void **state)
{
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	struct err e = ERR_INIT;
	struct sv text;
	size_t i;

	(void)state;
	buf_adds(&b, "Public</scope>");
	for (i = 0; i < LIMIT_CAP_FINDINGS; i++)
		buf_adds(&b, "<code>&lt;b&gt;</code>");
	text = sample_with(a, "Public</scope>", buf_str(&b));
	assert_int_equal(cap_read(&alert, &findings, a, text, &e), RC_OK);
	assert_int_equal(findings->errors, 0);
	assert_int_equal(findings->n, LIMIT_CAP_FINDINGS / 2 + 1);
	assert_string_equal(findings->v[findings->n - 1].rule, "too-many-warnings");
	text = text_with(a, text, ">1234<", ">-1<");
	assert_int_equal(cap_read(&alert, &findings, a, text, &e), RC_OK);
	assert_int_equal(findings->errors, 1);
	buf_fini(&b);
	arena_free(&a);
}

/* Every rule about a message that was read has a case above. */
static void
each_rule_has_a_case(void **state)
{
	const char *name;
	size_t i;
	int r;

	(void)state;
	for (r = CAP_RULE_OLD_VERSION; r < CAP_RULE_TOO_MANY_FINDINGS; r++) {
		/* t_cap_read has the first three, the tests above the next. */
		if (r == CAP_RULE_SCHEMA_ATTRIBUTE || r == CAP_RULE_TIME_FORM ||
		    r == CAP_RULE_PASSWORD || r == CAP_RULE_MISSING_INFO ||
		    r == CAP_RULE_MISSING_AREA || r == CAP_RULE_LARGE_DEREF_URI ||
		    r == CAP_RULE_TOO_MANY_WARNINGS || r == CAP_RULE_PREFIX)
			continue;
		/* Those of the profiles are tried in t_cap_profile.c, those of feeds in
		 * t_cap_feed.c. */
		if (cap_rule_row((enum cap_rule)r)->level == CAP_LEVEL_PROFILE ||
		    sv_starts(sv_of(cap_rule_row((enum cap_rule)r)->name), SV("feed-")))
			continue;
		name = cap_rule_row((enum cap_rule)r)->name;
		for (i = 0; i < ARRAY_LEN(cases); i++) {
			if (strstr(cases[i].want, name) != NULL)
				break;
		}
		if (i == ARRAY_LEN(cases))
			fail_msg("no case for the rule %s", name);
	}
}

/* As it stands in a page of Markdown, where '<' would begin a tag. */
static struct sv
in_page(struct arena *a, const char *text)
{
	struct buf b = BUF_INIT(4096);
	struct sv made;

	for (; *text != '\0'; text++) {
		if (*text == '&')
			buf_adds(&b, "&amp;");
		else if (*text == '<')
			buf_adds(&b, "&lt;");
		else
			buf_addc(&b, *text);
	}
	made = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return made;
}

static void
must_have(const struct buf *page, struct sv row)
{
	if (sv_find(buf_sv(page), row) == buf_sv(page).n)
		fail_msg("doc/cap-rules.md has no row%.*s", SV_ARG(row));
}

static size_t
count_in(struct sv text, struct sv what)
{
	size_t n = 0, at;

	while ((at = sv_find(text, what)) < text.n) {
		text = sv_from(text, at + what.n);
		n++;
	}
	return n;
}

/* doc/cap-rules.md has two rows for each rule and no others, and says the same. */
static void
each_rule_is_documented(void **state)
{
	const char *top = getenv("TOP");
	struct arena *a = arena_new();
	struct buf doc = BUF_INIT(1 << 20);
	const struct cap_rule_row *row;
	struct err e = ERR_INIT;
	int r;

	(void)state;
	if (file_read(&doc, arena_fmt(a, "%s/doc/cap-rules.md", top != NULL ? top : ".").p, &e) !=
	    RC_OK)
		fail_msg("%s", e.text);
	for (r = 0; r < CAP_RULES; r++) {
		row = cap_rule_row((enum cap_rule)r);
		must_have(&doc,
			  arena_fmt(a, "\n| `%s` | %s | %s | %s | %s |\n", row->name,
				    cap_level_name(row->level), row->warning ? "warning" : "error",
				    row->section, row->google));
		must_have(&doc, arena_fmt(a, "\n| `%s` | %.*s | %.*s |\n", row->name,
					  SV_ARG(in_page(a, row->meaning)),
					  SV_ARG(in_page(a, row->mend))));
	}
	assert_int_equal(count_in(buf_sv(&doc), SV("\n| `")), 2 * CAP_RULES);
	buf_fini(&doc);
	arena_free(&a);
}

/* How to mend it is a sentence, and none that the finding says already. */
static void
each_rule_says_how_to_mend(void **state)
{
	const struct cap_rule_row *row;
	int r, k;

	(void)state;
	for (r = 0; r < CAP_RULES; r++) {
		row = cap_rule_row((enum cap_rule)r);
		if (strlen(row->mend) < 10 || row->mend[0] < 'A' || row->mend[0] > 'Z' ||
		    !sv_ends(sv_of(row->mend), SV(".")) || strcmp(row->mend, row->meaning) == 0)
			fail_msg("%s: \"%s\" is no sentence that helps", row->name, row->mend);
		for (k = 0; k < r; k++) {
			if (strcmp(cap_rule_row((enum cap_rule)k)->name, row->name) == 0)
				fail_msg("%s is there twice", row->name);
		}
	}
}

static bool
some_rule_names(struct sv google)
{
	struct sv_split names;
	struct sv name;
	int r;

	for (r = 0; r < CAP_RULES; r++) {
		names = sv_split_of(sv_of(cap_rule_row((enum cap_rule)r)->google), ',');
		while (sv_split_next(&names, &name)) {
			if (sv_eq(sv_trim(name), google))
				return true;
		}
	}
	return false;
}

/* Everything that google/cap-library finds has a rule that finds it. */
static void
each_google_rule_is_covered(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	struct err e = ERR_INIT;
	struct sv_split lines, cells;
	struct sv line, source, name;
	size_t n = 0;

	(void)state;
	if (!corpus_here(a)) {
		arena_free(&a);
		skip();
	}
	if (file_read(&b, corpus_path(a, "", SV("google-rules.tsv")), &e) != RC_OK)
		fail_msg("%s", e.text);
	lines = sv_split_of(buf_sv(&b), '\n');
	assert_true(sv_split_next(&lines, &line));
	while (sv_split_next(&lines, &line)) {
		cells = sv_split_of(line, '\t');
		if (!sv_split_next(&cells, &source) || !sv_split_next(&cells, &name))
			continue;
		n++;
		if (!some_rule_names(name))
			fail_msg("%.*s: no rule finds %.*s", SV_ARG(source), SV_ARG(name));
	}
	assert_true(n > 100);
	buf_fini(&b);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_gives_its_findings),
		cmocka_unit_test(two_changes_give_their_findings),
		cmocka_unit_test(large_content_is_named),
		cmocka_unit_test(warnings_do_not_crowd_out_errors),
		cmocka_unit_test(each_rule_has_a_case),
		cmocka_unit_test(each_rule_is_documented),
		cmocka_unit_test(each_rule_says_how_to_mend),
		cmocka_unit_test(each_google_rule_is_covered),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
