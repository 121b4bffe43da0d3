/*
 * t_cap_mend.c — the lenient reader: what is mended, and what looks like it and must
 * not be. Every case is mended twice: the second time there is nothing to do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/limits.h"
#include "cap/cap_mend.h"
#include "cap/cap_write.h"
#include "sample.h"

#define NS_12 "urn:oasis:names:tc:emergency:cap:1.2"

/* In the sample `from` becomes `to`; then the names of the mends, and what the mended
 * text has ("": no matter). valid: without an error afterwards. */
static const struct {
	const char *what, *from, *to, *mends, *has;
	bool valid;
} cases[] = {
	{"nothing", "<alert", "<alert", "", "<polygon>50,30 51,30 51,31 50,30</polygon>", true},

	/* times */
	{"Z", "2026-09-22T02:10:00+03:00</sent>", "2026-09-21T23:10:00Z</sent>", "time-form",
	 "<sent>2026-09-21T23:10:00-00:00</sent>", true},
	{"z and t", "2026-09-22T02:10:00+03:00</sent>", "2026-09-21t23:10:00z</sent>", "time-form",
	 "<sent>2026-09-21T23:10:00-00:00</sent>", true},
	{"+00:00 stays", "2026-09-22T02:10:00+03:00</sent>", "2026-09-21T23:10:00+00:00</sent>", "",
	 "<sent>2026-09-21T23:10:00+00:00</sent>", true},
	{"a fraction", "2026-09-22T02:10:00+03:00</sent>", "2026-09-22T02:10:00.734+03:00</sent>",
	 "time-fraction", "<sent>2026-09-22T02:10:00+03:00</sent>", true},
	{"a fraction of nothing", "2026-09-22T02:10:00+03:00</sent>",
	 "2026-09-22T02:10:00.000+03:00</sent>", "time-form",
	 "<sent>2026-09-22T02:10:00+03:00</sent>", true},
	{"a dot alone", "2026-09-22T02:10:00+03:00</sent>", "2026-09-22T02:10:00.+03:00</sent>", "",
	 "<sent>2026-09-22T02:10:00.+03:00</sent>", false},
	{"no colon in the offset", "2026-09-22T02:10:00+03:00</sent>",
	 "2026-09-22T02:10:00+0330</sent>", "time-form", "<sent>2026-09-22T02:10:00+03:30</sent>",
	 true},
	{"hours alone in the offset", "2026-09-22T02:10:00+03:00</sent>",
	 "2026-09-22T02:10:00+03</sent>", "time-form", "<sent>2026-09-22T02:10:00+03:00</sent>",
	 true},
	{"one digit in the offset", "2026-09-22T02:10:00+03:00</sent>",
	 "2026-09-22T02:10:00+3</sent>", "", "<sent>2026-09-22T02:10:00+3</sent>", false},
	{"a real minus sign", "2026-09-22T02:10:00+03:00</sent>",
	 "2026-09-22T02:10:00\xE2\x88\x92"
	 "05:00</sent>",
	 "time-form", "<sent>2026-09-22T02:10:00-05:00</sent>", true},
	{"a space for T", "2026-09-22T02:10:00+03:00</sent>", "2026-09-22 02:10:00 +03:00</sent>",
	 "time-form", "<sent>2026-09-22T02:10:00+03:00</sent>", true},
	{"no T at all", "2026-09-22T02:10:00+03:00</sent>", "2026-09-22:02:10:00+03:00</sent>", "",
	 "<sent>2026-09-22:02:10:00+03:00</sent>", false},
	{"UTC", "2026-09-22T02:10:00+03:00</sent>", "2026-09-21T23:10:00 UTC</sent>", "time-form",
	 "<sent>2026-09-21T23:10:00-00:00</sent>", true},
	{"a zone of several countries", "2026-09-22T02:10:00+03:00</sent>",
	 "2026-09-21T23:10:00 CST</sent>", "", "<sent>2026-09-21T23:10:00 CST</sent>", false},
	{"no offset", "2026-09-22T02:10:00+03:00</sent>", "2026-09-22T02:10:00</sent>", "",
	 "<sent>2026-09-22T02:10:00</sent>", false},
	{"a comma for the sign", "2026-09-22T02:10:00+03:00</sent>",
	 "2026-09-22T02:10:00,03:00</sent>", "", "<sent>2026-09-22T02:10:00,03:00</sent>", false},
	{"no seconds", "2026-09-22T02:10:00+03:00</sent>", "2026-09-22T02:10+03:00</sent>",
	 "time-form", "<sent>2026-09-22T02:10:00+03:00</sent>", true},
	{"the end of a day", "2026-09-23T02:10:00+03:00</expires>",
	 "2026-12-31T24:00:00+03:00</expires>", "time-form",
	 "<expires>2027-01-01T00:00:00+03:00</expires>", true},
	{"an hour too many", "2026-09-23T02:10:00+03:00</expires>",
	 "2026-12-31T24:00:01Z</expires>", "", "<expires>2026-12-31T24:00:01Z</expires>", false},
	{"no such day", "2026-09-23T02:10:00+03:00</expires>", "2026-02-30T01:00:00Z</expires>", "",
	 "<expires>2026-02-30T01:00:00Z</expires>", false},
	{"a day for a time", "2026-09-23T02:10:00+03:00</expires>", "2026-09-23</expires>", "",
	 "<expires>2026-09-23</expires>", false},
	{"the American order", "2026-09-23T02:10:00+03:00</expires>",
	 "09/23/2026 02:10:00 +03:00</expires>", "", "09/23/2026 02:10:00 +03:00", false},

	/* values of lists, languages */
	{"lower case", ">Actual<", ">actual<", "value-spelling", "<status>Actual</status>", true},
	{"two words", ">Evacuate<", ">all clear<", "value-spelling",
	 "<responseType>AllClear</responseType>", true},
	{"another word", ">Actual<", ">Real<", "", "<status>Real</status>", false},
	{"a longer word", ">Severe<", ">Severely<", "", "<severity>Severely</severity>", false},
	{"Very Likely", ">Observed<", ">Very Likely<", "very-likely",
	 "<certainty>Likely</certainty>", true},
	{"Very Likely elsewhere", ">Immediate<", ">Very Likely<", "",
	 "<urgency>Very Likely</urgency>", false},
	{"Most Likely", ">Observed<", ">Most Likely<", "", "<certainty>Most Likely</certainty>",
	 false},
	{"an underscore", ">en<", ">en_GB<", "language-form", "<language>en-GB</language>", true},
	{"no language", ">en<", ">en GB<", "", "<language>en GB</language>", false},

	/* white space */
	{"around a value", ">Actual<", "> Actual\n<", "white-space", "<status>Actual</status>",
	 true},
	{"around an identifier", ">EMB-2026-14<", "> EMB-2026-14 <", "white-space",
	 "<identifier>EMB-2026-14</identifier>", true},
	{"inside an identifier", ">EMB-2026-14<", ">EMB 2026-14<", "",
	 "<identifier>EMB 2026-14</identifier>", false},
	{"inside a sender", ">desk@embassy.example</sender>", ">The Desk</sender>", "",
	 "<sender>The Desk</sender>", false},
	{"a no-break space around a code", "<references>", "<code>\xC2\xA0x y</code><references>",
	 "white-space", "<code>x y</code>", true},
	{"around a text", ">Leave while you can<", "> Leave  while\n you can <", "",
	 "<headline>Leave  while\n you can</headline>", true},
	{"breaks in a polygon", "50,30 51,30 51,31 50,30", "\n50,30  51,30\n\t51,31 50,30\n",
	 "white-space white-space", "<polygon>50,30 51,30 51,31 50,30</polygon>", true},

	/* references */
	{"commas between references", "T20:00:00+03:00</references>",
	 "T20:00:00+03:00,a@b,1,2026-09-20T20:00:00+03:00</references>", "references-form",
	 "EMB-2026-13,2026-09-21T20:00:00+03:00 a@b,1,2026-09-20T20:00:00+03:00</references>",
	 true},
	{"a space after each comma", "desk@embassy.example,EMB-2026-13,2026-09-21T20:00:00+03:00",
	 "a@b, 1, 2026-09-21T20:00:00+03:00", "references-form",
	 ">a@b,1,2026-09-21T20:00:00+03:00<", true},
	{"semicolons between references", "T20:00:00+03:00</references>",
	 "T20:00:00+03:00;a@b,1,2026-09-20T20:00:00Z</references>", "references-form",
	 "T20:00:00+03:00 a@b,1,2026-09-20T20:00:00-00:00</references>", true},
	{"a semicolon in an identifier", ",EMB-2026-13,2026-09-21T20:00:00+03:00",
	 ",EMB;13,2026-09-21T17:00:00Z", "references-form", ",EMB;13,2026-09-21T17:00:00-00:00<",
	 true},
	{"a line feed between references", "T20:00:00+03:00</references>",
	 "T20:00:00+03:00\na@b,1,2026-09-20T20:00:00+03:00</references>", "", "", true},
	{"a sender with a space", "<references>desk@embassy.example", "<references>The Desk", "",
	 "<references>The Desk,EMB-2026-13,", false},
	{"a reference without time", ",EMB-2026-13,2026-09-21T20:00:00+03:00", ",EMB-2026-13", "",
	 "", false},

	/* web */
	{"www", ">https://embassy.example/alerts/14<", ">www.embassy.example/14<", "web-scheme",
	 "<web>http://www.embassy.example/14</web>", true},
	{"no www", ">https://embassy.example/alerts/14<", ">embassy.example/14<", "",
	 "<web>embassy.example/14</web>", false},
	{"www and no more", ">https://embassy.example/alerts/14<", ">www.<", "", "<web>www.</web>",
	 false},

	/* shapes */
	{"a space after the comma", "50,30 51,30 51,31 50,30", "50.5, 30 51, 30 51, 31 50.5, 30",
	 "shape-separators", "<polygon>50.5,30 51,30 51,31 50.5,30</polygon>", true},
	{"a space before the comma", "50,30 51,30 51,31 50,30", "50 ,30 51 ,30 51 ,31 50 ,30",
	 "shape-separators", "<polygon>50,30 51,30 51,31 50,30</polygon>", true},
	{"semicolons", "50,30 51,30 51,31 50,30", "50.0,30;51,30;51,31;50.0,30;",
	 "shape-separators", "<polygon>50.0,30 51,30 51,31 50.0,30</polygon>", true},
	{"semicolons, and the comma may be decimal", "50,30 51,30 51,31 50,30",
	 "50,30;51,30;51,31;50,30", "", "<polygon>50,30;51,30;51,31;50,30</polygon>", false},
	{"decimal commas", "50,30 51,30 51,31 50,30", "50,1,30,1 51,1,30,1 51,1,31,1 50,1,30,1", "",
	 "<polygon>50,1,30,1 51,1,30,1", false},
	{"spaces and semicolons", "50,30 51,30 51,31 50,30", "50.5,30 51,30;51,31 50,30", "", "",
	 false},
	{"spaces in pairs, commas between", "50,30 51,30 51,31 50,30",
	 "50.5 30.5, 51.5 30.5, 51.5 31.5, 50.5 30.5", "", "<polygon>50.5 30.5, 51.5 30.5", false},
	{"no commas", "50,30 51,30 51,31 50,30", "50 30 51 30 51 31 50 30", "", "", false},
	{"three coordinates", "50,30 51,30 51,31 50,30", "50,30,0 51,30,0 51,31,0 50,30,0", "", "",
	 false},
	{"not closed", "50,30 51,30 51,31 50,30", "50,30 51,30 51,31", "unclosed-ring",
	 "<polygon>50,30 51,30 51,31 50,30</polygon>", true},
	{"not closed, two different points", "50,30 51,30 51,31 50,30", "50,30 51,30 50,30 51,30",
	 "", "<polygon>50,30 51,30 50,30 51,30</polygon>", false},
	{"closed in other digits", "50,30 51,30 51,31 50,30", "50,30 51,30 51,31 50.0,30.00", "",
	 "<polygon>50,30 51,30 51,31 50.0,30.00</polygon>", true},
	{"not closed, swapped", "50,30 51,30 51,31 50,30", "130,50 130,51 131,51", "",
	 "<polygon>130,50 130,51 131,51</polygon>", false},
	{"a point again", "50,30 51,30 51,31 50,30", "50,30 51,30 51.0,30 51,31 50,30 50,30",
	 "repeated-point", "<polygon>50,30 51,30 51,31 50,30</polygon>", true},
	{"a point later again", "50,30 51,30 51,31 50,30", "50,30 51,30 51,31 51.5,32 51,31 50,30",
	 "", "51,31 51.5,32 51,31", true},
	{"one point only", "50,30 51,30 51,31 50,30", "50,30 50,30 50,30 50,30", "",
	 "<polygon>50,30 50,30 50,30 50,30</polygon>", true},
	{"all at once", "50,30 51,30 51,31 50,30", "50, 30\n50, 30 51, 30 51, 31",
	 "shape-separators repeated-point unclosed-ring",
	 "<polygon>50,30 51,30 51,31 50,30</polygon>", true},
	{"a circle with spaces", "55.75,37.62 40", "55.75, 37.62 40", "shape-separators",
	 "<circle>55.75,37.62 40</circle>", true},
	{"a circle without radius", "55.75,37.62 40", "55.75,37.62", "",
	 "<circle>55.75,37.62</circle>", false},
	{"a circle of three commas", "55.75,37.62 40", "55.75,37.62,40", "",
	 "<circle>55.75,37.62,40</circle>", false},
	{"a circle in miles", "55.75,37.62 40", "55.75,37.62 40 mi", "", "40 mi</circle>", false},

	/* elements */
	{"order", "<status>Actual</status>\n  <msgType>Update</msgType>",
	 "<msgType>Update</msgType>\n  <status>Actual</status>", "order",
	 "<status>Actual</status>\n  <msgType>Update</msgType>", true},
	{"areas keep their order", "<area>", "<area><areaDesc>B</areaDesc></area><area>", "",
	 "<areaDesc>B</areaDesc>\n    </area>\n    <area>\n      <areaDesc>Border", true},
	{"twice the same", "<scope>", "<scope> public</scope><scope>",
	 "white-space value-spelling repeated-element", "<scope>Public</scope>\n  <references>",
	 true},
	{"twice, and different", "<scope>", "<scope>Private</scope><scope>", "",
	 "<scope>Private</scope>\n  <scope>Public</scope>", false},
	{"two categories alike", "<category>", "<category>Security</category><category>", "",
	 "<category>Security</category>\n    <category>Security</category>", true},
	{"empty", "<references>", "<source/><note> </note><references>",
	 "empty-element empty-element", "<scope>Public</scope>\n  <references>", true},
	{"empty and required", ">Mobilisation<", "><", "", "<event></event>", false},
	{"empty beside a full one", "<event>", "<event/><event>", "empty-element",
	 "<event>Mobilisation</event>", true},
	{"an empty pair", "<web>",
	 "<parameter><valueName/><value> </value></parameter><parameter/><web>",
	 "empty-element empty-element", "<headline>", true},
	{"half a pair", "<resource>",
	 "<parameter><valueName>a</valueName><value/></parameter><resource>", "",
	 "<valueName>a</valueName>\n      <value></value>", true},
	{"an empty area", "<area>", "<area/><area>", "empty-element", "", true},
	{"an area with an empty name", "<area>", "<area><areaDesc/></area><area>", "",
	 "<areaDesc></areaDesc>", false},
	{"an info with nothing", "<info>", "<info/><info>", "", "<info>\n  </info>", false},
	{"not an element of CAP", "<msgType>", "<password>x</password><msgType>", "unknown-element",
	 "<status>Actual</status>\n  <msgType>", true},
	{"of another namespace", "<event>", "<x:event xmlns:x=\"urn:x\">no</x:event><event>",
	 "unknown-element", "<event>Mobilisation</event>", true},
	{"of CAP, in the wrong place", "<scope>", "<headline>Now</headline><scope>", "",
	 "</info>\n  <headline>Now</headline>\n</alert>", false},
	{"an alert in an alert", "<info>", "<alert><note>in</note></alert><info>", "",
	 "<alert>\n    <note>in</note>\n  </alert>\n</alert>", false},
	{"an attribute", "<event>", "<event kind=\"x\">", "unknown-attribute",
	 "<event>Mobilisation</event>", true},
	{"a hint of the schema", "<alert",
	 "<alert xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
	 "xsi:schemaLocation=\"a b\"",
	 "", "<alert xmlns=\"" NS_12 "\">\n", true},
	{"text between", "<info>", "and <info>", "text-between", "</references>\n  <info>", true},
	{"text instead of elements", "<area>", "<area>Berlin</area><area>", "", ">Berlin</area>",
	 false},
	{"markup", ">Leave while you can<", ">Leave <b>while</b><br/>you <i>can</i><",
	 "markup-in-text", "<headline>Leave while\nyou can</headline>", true},
	{"an end tag forgotten", "<headline>Leave while you can</headline>",
	 "<headline>Leave<description>while you can</description></headline>", "",
	 "<headline>Leave\n      <description>while you can</description>\n    </headline>", false},
	{"an escaped markup", ">Leave while you can<", ">Leave &lt;b&gt;now&lt;/b&gt;<", "",
	 "<headline>Leave &lt;b&gt;now&lt;/b&gt;</headline>", true},
	{"name=value", "<resource>", "<parameter> Depth = 11=8 mi.</parameter><resource>",
	 "name-value", "<valueName>Depth</valueName>\n      <value>11=8 mi.</value>", true},
	{"no name", "<resource>", "<parameter>=a</parameter><resource>", "",
	 "<parameter>=a</parameter>", false},
	{"several pairs in one", "<valueName>ISO3166-1</valueName><value>RU</value>",
	 "<valueName>A</valueName><value>1</value><valueName>B</valueName><value>1</value>",
	 "several-pairs",
	 "<value>1</value>\n      </geocode>\n      <geocode>\n        <valueName>B</valueName>",
	 true},
	{"names, then values", "<valueName>ISO3166-1</valueName><value>RU</value>",
	 "<valueName>A</valueName><valueName>B</valueName><value>1</value><value>2</value>", "",
	 "<valueName>A</valueName>\n        <valueName>B</valueName>\n        <value>1</value>",
	 false},
	{"another case", "<circle>", "<Polygon><p>1,1 2,2</p> 3,3</Polygon><circle>", "",
	 "</ceiling>\n      <Polygon><p>1,1 2,2</p> 3,3</Polygon>\n    </area>", false},
	{"no type", "<mimeType>image/png</mimeType>", "", "mime-type",
	 "</resourceDesc>\n      <mimeType>application/octet-stream</mimeType>\n      <size>",
	 true},
	{"an empty type", "image/png", " ", "mime-type",
	 "<mimeType>application/octet-stream</mimeType>", true},
	{"no description of it", "<resourceDesc>map</resourceDesc>", "", "", "", false},
	{"CAP 1.1", NS_12, "urn:oasis:names:tc:emergency:cap:1.1", "version",
	 "<alert xmlns=\"" NS_12 "\">", true},
	{"CAP 1.0", NS_12, "http://www.incident.com/cap/1.0", "version",
	 "<alert xmlns=\"" NS_12 "\">", true},
	{"a prefix", "<event>Mobilisation</event>",
	 "<c:event xmlns:c=\"" NS_12 "\">Mobilisation</c:event>", "", "<event>Mobilisation", true},
	{"children without namespace", "<event>", "<event xmlns=\"\">", "namespace",
	 "<event>Mobilisation</event>", true},
	{"a child of another version", "<event>",
	 "<event xmlns=\"urn:oasis:names:tc:emergency:cap:1.1\">", "namespace",
	 "<event>Mobilisation</event>", true},
	{"a signature", "</alert>",
	 "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><a/></Signature></alert>",
	 "signature-left-out", "</info>\n</alert>", true},

	/* never */
	{"altitude in words", ">100</altitude>", ">100 ft</altitude>", "", ">100 ft</altitude>",
	 false},
	{"a size in words", ">1234<", ">1 KB<", "", "<size>1 KB</size>", false},
	{"no scope", "<scope>Public</scope>", "", "", "", false},
	{"no language stays so", "<language>en</language>", "", "", "<info>\n    <category>", true},
};

static struct arena *arena;

static int
open_arena(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The names of the mends in order, separated by spaces. */
static struct sv
names_of(const struct cap_lenient *l)
{
	struct buf b = BUF_INIT(1 << 20);
	struct sv all;
	size_t i;

	for (i = 0; i < l->n_mends; i++)
		buf_addf(&b, "%s%s", i > 0 ? " " : "", cap_mend_row(l->mends[i].kind)->name);
	all = arena_sv(arena, buf_sv(&b));
	buf_fini(&b);
	return all;
}

static const struct cap_lenient *
mend(const char *what, struct sv text, size_t max_points, size_t want)
{
	const struct cap_lenient *l;
	struct cap_refusal refusal;
	struct err e = ERR_INIT;
	size_t n;

	if (cap_read_lenient(&l, &n, &refusal, arena, text, max_points, &e) != RC_OK)
		fail_msg("%s: %s", what, e.text);
	if (n != want)
		fail_msg("%s: %zu alerts, want %zu", what, n, want);
	return l;
}

static void
each_case_is_mended_or_left(void **state)
{
	const struct cap_lenient *l, *again;
	struct sv text;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		text = sample_with(arena, cases[i].from, cases[i].to);
		l = mend(cases[i].what, text, 0, 1);
		if (!sv_eq(names_of(l), sv_of(cases[i].mends)))
			fail_msg("%s: mends \"%.*s\", want \"%s\"", cases[i].what,
				 SV_ARG(names_of(l)), cases[i].mends);
		if (cases[i].has[0] != '\0' && sv_find(l->xml, sv_of(cases[i].has)) == l->xml.n)
			fail_msg("%s: no \"%s\" in\n%.*s", cases[i].what, cases[i].has,
				 SV_ARG(l->xml));
		if (cases[i].valid != (l->alert != NULL && l->findings->errors == 0))
			fail_msg("%s: %zu errors, the first of %zu: %.*s", cases[i].what,
				 l->findings->errors, l->findings->n,
				 SV_ARG(l->findings->n > 0 ? l->findings->v[0].message : SV("")));
		again = mend(cases[i].what, l->xml, 0, 1);
		if (again->n_mends > 0 || !sv_eq(again->xml, l->xml))
			fail_msg("%s: mended again, \"%.*s\"", cases[i].what,
				 SV_ARG(names_of(again)));
	}
}

static struct sv
wrapped(const char *head, const char *tail)
{
	struct sv body = sv_from(SV(SAMPLE), sv_find(SV(SAMPLE), SV("<alert")));

	return arena_fmt(arena, "%s%.*s%s", head, SV_ARG(body), tail);
}

/* The bytes around a message: what comes out is the same message. */
static void
bytes_around_a_message_go(void **state)
{
	const struct cap_lenient *l, *plain = mend("plain", SV(SAMPLE), 0, 1);
	struct sv escaped;
	struct buf b = BUF_INIT(1 << 20);
	struct {
		const char *what;
		struct sv text;
		const char *mends;
	} list[16];
	size_t n = 0, i;

	(void)state;
	cap_write_text(&b, wrapped("", ""));
	escaped = arena_sv(arena, buf_sv(&b));
	buf_fini(&b);
#define ADD(w, t, m) list[n].what = (w), list[n].text = (t), list[n++].mends = (m)
	ADD("a mark", arena_fmt(arena, "\xEF\xBB\xBF%s", SAMPLE), "byte-order-mark");
	ADD("lines before", arena_fmt(arena, "\n \n%s", SAMPLE), "text-before");
	ADD("lines before, no declaration", wrapped("\n\n", ""), "");
	ADD("a header before", arena_fmt(arena, "HTTP/1.1 200 OK\r\n\r\n%s", SAMPLE),
	    "text-before");
	ADD("text behind", arena_fmt(arena, "%s-- sent by X", SAMPLE), "text-after");
	ADD("a wrapper", wrapped("<alerts>", "</alerts>"), "wrapper");
	ADD("a wrapper of CAP", wrapped("<alerts xmlns=\"" NS_12 "\">", "</alerts>"), "wrapper");
	ADD("EDXL",
	    wrapped("<d:EDXLDistribution xmlns:d=\"urn:oasis:names:tc:emergency:EDXL:DE:1.0\">"
		    "<d:contentObject><d:xmlContent><d:embeddedXMLContent>",
		    "</d:embeddedXMLContent></d:xmlContent></d:contentObject>"
		    "</d:EDXLDistribution>"),
	    "wrapper");
	ADD("SOAP",
	    wrapped("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>",
		    "</s:Body></s:Envelope>"),
	    "wrapper");
	ADD("Atom",
	    wrapped("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x &lt; y</title><entry>"
		    "<content>",
		    "</content></entry></feed>"),
	    "wrapper");
	ADD("CDATA",
	    wrapped("<r><![CDATA[<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n", "]]></r>"),
	    "wrapper");
	ADD("escaped", arena_fmt(arena, "<r>%.*s</r>", SV_ARG(escaped)), "wrapper");
	ADD("UTF-16 by name only", wrapped("<?xml version=\"1.0\" encoding=\"utf-16\"?>\n", ""),
	    "encoding");
#undef ADD
	for (i = 0; i < n; i++) {
		l = mend(list[i].what, list[i].text, 0, 1);
		if (!sv_eq(names_of(l), sv_of(list[i].mends)))
			fail_msg("%s: mends \"%.*s\", want \"%s\"", list[i].what,
				 SV_ARG(names_of(l)), list[i].mends);
		if (!sv_eq(l->xml, plain->xml))
			fail_msg("%s: another message\n%.*s", list[i].what, SV_ARG(l->xml));
	}
}

static const char accents[] = "<headline>Caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x9A\xA8</headline>";

/* UTF-16 of UTF-8, by hand for the characters of this file only. */
static struct sv
to_utf16(struct sv v, bool big, bool mark)
{
	struct buf b = BUF_INIT(1 << 20);
	struct sv all, rest = v;
	uint32_t c, unit[2];
	size_t i, n;

	if (mark)
		buf_add(&b, big ? SV("\xFE\xFF") : SV("\xFF\xFE"));
	while (rest.n > 0) {
		c = (unsigned char)rest.p[0];
		n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
		c = n == 1 ? c : c & (0x7FU >> n);
		for (i = 1; i < n; i++)
			c = c << 6 | ((unsigned char)rest.p[i] & 0x3F);
		rest = sv_from(rest, n);
		unit[0] = c < 0x10000 ? c : 0xD800 + ((c - 0x10000) >> 10);
		unit[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
		for (i = 0; i < (c < 0x10000 ? 1U : 2U); i++) {
			buf_addc(&b, (char)(big ? unit[i] >> 8 : unit[i] & 0xFF));
			buf_addc(&b, (char)(big ? unit[i] & 0xFF : unit[i] >> 8));
		}
	}
	all = arena_sv(arena, buf_sv(&b));
	buf_fini(&b);
	return all;
}

static void
encodings_become_utf8(void **state)
{
	struct sv utf8 = sample_with(arena, "<headline>Leave while you can</headline>", accents);
	struct sv declared = arena_fmt(arena, "<?xml version=\"1.0\" encoding=\"UTF-16\"?>%.*s",
				       SV_ARG(sv_from(utf8, sv_find(utf8, SV("\n")))));
	const struct cap_lenient *want = mend("UTF-8", utf8, 0, 1), *l;
	struct sv text;
	int i;

	(void)state;
	assert_int_equal(want->n_mends, 0);
	for (i = 0; i < 8; i++) {
		text = to_utf16(i & 4 ? declared : utf8, i & 1, i & 2);
		l = mend("UTF-16", text, 0, 1);
		if (!sv_eq(names_of(l), SV("encoding")) || !sv_eq(l->xml, want->xml))
			fail_msg("way %d: \"%.*s\"", i, SV_ARG(names_of(l)));
	}
	text = sample_with(arena, "encoding=\"UTF-8\"", "encoding=\"windows-1252\"");
	text = arena_fmt(arena, "%.*s<note>\x80 caf\xE9</note>%.*s",
			 SV_ARG(sv_head(text, sv_find(text, SV("<references>")))),
			 SV_ARG(sv_from(text, sv_find(text, SV("<references>")))));
	l = mend("Windows-1252", text, 0, 1);
	assert_true(sv_eq(names_of(l), SV("encoding")));
	assert_true(sv_find(l->xml, SV("<note>\xE2\x82\xAC caf\xC3\xA9</note>")) < l->xml.n);
	text = sample_with(arena, "encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"");
	text = arena_fmt(arena, "%.*s<note>caf\xE9</note>%.*s",
			 SV_ARG(sv_head(text, sv_find(text, SV("<references>")))),
			 SV_ARG(sv_from(text, sv_find(text, SV("<references>")))));
	l = mend("ISO-8859-1", text, 0, 1);
	assert_true(sv_eq(names_of(l), SV("encoding")));
	assert_true(sv_find(l->xml, SV("<note>caf\xC3\xA9</note>")) < l->xml.n);
}

/* What cannot be read is refused, whatever stands around it. */
static void
some_bytes_are_refused(void **state)
{
	static const struct {
		const char *what;
		struct sv text;
		const char *rule;
	} list[] = {
		{"nothing", SV_INIT(""), "not-well-formed"},
		{"text", SV_INIT("no tags at all"), "not-well-formed"},
		{"another root", SV_INIT("<feed/>"), "no-alert"},
		{"no namespace", SV_INIT("<alert><identifier>1</identifier></alert>"), "no-alert"},
		{"another namespace", SV_INIT("<alert xmlns='urn:x'/>"), "no-alert"},
		{"talk of an alert", SV_INIT("<feed><p>&lt;alert&gt; is a word</p></feed>"),
		 "no-alert"},
		{"a type of its own", SV_INIT("\n<!DOCTYPE alert [<!ENTITY x 'y'>]><alert/>"),
		 "doctype"},
		{"cut", SV_INIT("<alert xmlns='" NS_12 "'><identifier>1</ident"),
		 "not-well-formed"},
		{"bytes of no encoding",
		 SV_INIT("<alert xmlns='" NS_12 "'><note>caf\xE9</note></alert>"),
		 "not-well-formed"},
		{"half a UTF-16", SV_INIT("\xFF\xFE<\0a\0l"), "nul-byte"},
		{"a letter that UTF-16 has not", SV_INIT("\xFE\xFF\0<\xDC\0"), "nul-byte"},
		{"a UTF-32", SV_INIT("\xFF\xFE\0\0<\0\0\0"), "nul-byte"},
		{"another encoding", SV_INIT("<?xml version='1.0' encoding='KOI8-R'?><alert/>"),
		 "encoding"},
	};
	const struct cap_lenient *l;
	struct cap_refusal refusal = {"", 0};
	struct err e = ERR_INIT;
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_LEN(list); i++) {
		assert_int_not_equal(cap_read_lenient(&l, &n, &refusal, arena, list[i].text, 0, &e),
				     RC_OK);
		if (strcmp(refusal.rule, list[i].rule) != 0)
			fail_msg("%s: refused by %s (%s), want %s", list[i].what, refusal.rule,
				 e.text, list[i].rule);
	}
}

/* Lines and paths are those of the bytes that came in. */
static void
a_mend_says_where(void **state)
{
	struct sv text = arena_fmt(
		arena, "junk\n<wrap>\n%.*s</wrap>\n",
		SV_ARG(sv_from(sample_with(arena, "<area>\n",
					   "<area><areaDesc>A</areaDesc></area>\n<area v=\"1\">\n"),
			       sv_find(SV(SAMPLE), SV("<alert")))));
	const struct cap_lenient *l = mend("where", text, 0, 1);
	struct sv before = sv_head(text, sv_find(text, SV("<area v")));
	int line = 1;
	size_t i;

	(void)state;
	for (i = 0; i < before.n; i++)
		line += before.p[i] == '\n';
	assert_true(sv_eq(names_of(l), SV("text-before wrapper unknown-attribute")));
	assert_int_equal(l->mends[0].line, 1);
	assert_true(sv_eq(l->mends[0].from, SV("junk\n")));
	assert_int_equal(l->mends[1].line, 3);
	assert_true(sv_eq(l->mends[1].from, SV("/wrap")));
	assert_int_equal(l->mends[2].line, line);
	assert_true(sv_eq(l->mends[2].path, SV("/alert/info[1]/area[2]")));
	assert_true(sv_eq(l->mends[2].from, SV("v=\"1\"")));
	assert_int_equal(l->mends[2].to.n, 0);
}

static void
alerts_of_a_feed_stand_apart(void **state)
{
	struct sv one = wrapped("", ""), two = sample_with(arena, "EMB-2026-14", "EMB-2026-15");
	const struct cap_lenient *l;

	(void)state;
	two = sv_from(two, sv_find(two, SV("<alert")));
	l = mend("two",
		 arena_fmt(arena, "<feed><entry>%.*s</entry><entry>%.*s</entry></feed>",
			   SV_ARG(one), SV_ARG(two)),
		 0, 2);
	assert_true(sv_eq(l[0].alert->identifier, SV("EMB-2026-14")));
	assert_true(sv_eq(l[1].alert->identifier, SV("EMB-2026-15")));
	assert_int_equal(l[0].findings->errors + l[1].findings->errors, 0);
}

/* On request: fewer points that cover the old ones; without it: never. */
static void
a_polygon_is_made_simpler_on_request(void **state)
{
	struct buf ring = BUF_INIT(1 << 20);
	const struct cap_lenient *l;
	const struct geo_ring *got;
	struct sv text;
	int i;

	(void)state;
	/* A comb of 200 teeth along 50 N. */
	for (i = 0; i < 200; i++)
		buf_addf(&ring, "50.%d,30.%03d ", i % 2 == 0 ? 1 : 2, i);
	buf_adds(&ring, "49,30.199 49,30.000 50.1,30.000");
	text = sample_with(arena, "50,30 51,30 51,31 50,30", buf_str(&ring));
	l = mend("as it is", text, 0, 1);
	assert_int_equal(l->n_mends, 0);
	l = mend("few enough", text, 300, 1);
	assert_int_equal(l->n_mends, 0);
	l = mend("simpler", text, 50, 1);
	assert_true(sv_eq(names_of(l), SV("simplified")));
	assert_int_equal(l->findings->errors, 0);
	got = &l->alert->infos[0].areas[0].polygons[0].ring;
	assert_in_range(got->n, 5, 50);
	for (i = 0; i < 200; i++) {
		/* The tip and the foot of each tooth are inside or on the line. */
		assert_true(geo_ring_contains(got, (struct geo_point){i % 2 == 0 ? 50.1 : 50.2,
								      30 + i / 1000.0}));
	}
	buf_fini(&ring);
}

static void
each_mend_has_a_case(void **state)
{
	/* Those that only whole bytes or a request show. */
	static const char apart[] = "byte-order-mark encoding text-before text-after wrapper "
				    "simplified";
	const char *name;
	size_t i;
	int k;

	(void)state;
	for (k = 0; k < CAP_MENDS; k++) {
		name = cap_mend_row((enum cap_mend_kind)k)->name;
		if (strstr(apart, name) != NULL)
			continue;
		for (i = 0; i < ARRAY_LEN(cases); i++) {
			if (strstr(cases[i].mends, name) != NULL)
				break;
		}
		if (i == ARRAY_LEN(cases))
			fail_msg("no case for the mend %s", name);
	}
}

/* doc/cap-mends.md has one row for each mend, and says the same. */
static void
each_mend_is_documented(void **state)
{
	const char *top = getenv("TOP");
	struct buf doc = BUF_INIT(1 << 20);
	const struct cap_mend_row *row;
	struct err e = ERR_INIT;
	struct sv want;
	int k;

	(void)state;
	if (file_read(&doc, arena_fmt(arena, "%s/doc/cap-mends.md", top != NULL ? top : ".").p,
		      &e) != RC_OK)
		fail_msg("%s", e.text);
	for (k = 0; k < CAP_MENDS; k++) {
		row = cap_mend_row((enum cap_mend_kind)k);
		want = arena_fmt(arena, "\n| `%s` | %s | %s |\n", row->name, row->what, row->why);
		if (sv_find(buf_sv(&doc), want) == buf_sv(&doc).n)
			fail_msg("doc/cap-mends.md has no row%.*s", SV_ARG(want));
	}
	buf_fini(&doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_is_mended_or_left),
		cmocka_unit_test(bytes_around_a_message_go),
		cmocka_unit_test(encodings_become_utf8),
		cmocka_unit_test(some_bytes_are_refused),
		cmocka_unit_test(a_mend_says_where),
		cmocka_unit_test(alerts_of_a_feed_stand_apart),
		cmocka_unit_test(a_polygon_is_made_simpler_on_request),
		cmocka_unit_test(each_mend_has_a_case),
		cmocka_unit_test(each_mend_is_documented),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
