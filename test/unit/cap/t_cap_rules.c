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
#include "sample.h"

static const struct {
	const char *from, *to;
	const char *want; /* "line rule path" of each finding, '\n' between */
} cases[] = {
	{"Leave", "Leave", ""},
	/* structure */
	{"<sender>desk@embassy.example</sender>\n", "", "2 missing-element /alert"},
	{"  <info>\n", "  <info/><info>\n",
	 "10 missing-element /alert/info[1]\n10 missing-element /alert/info[1]\n"
	 "10 missing-element /alert/info[1]\n10 missing-element /alert/info[1]\n"
	 "10 missing-element /alert/info[1]"},
	{"<status>Actual</status>", "<status>Actual</status><status>Test</status>",
	 "6 repeated-element /alert/status[2]"},
	{"<scope>Public</scope>\n", "<scope>Public</scope><source>x</source>\n",
	 "8 wrong-order /alert/source"},
	{"<polygon>50,30 51,30 51,31 50,30</polygon>\n      <circle>55.75,37.62 40</circle>",
	 "<circle>55.75,37.62 40</circle>\n      <polygon>50,30 51,30 51,31 50,30</polygon>",
	 "33 wrong-order /alert/info[1]/area[1]/polygon[1]"},
	{"<headline>", "<password>x</password><headline>",
	 "21 unknown-element /alert/info[1]/password"},
	{"<headline>", "<headline xmlns=\"urn:other\">x</headline><headline>",
	 "21 unknown-element /alert/info[1]/headline"},
	{"Leave while", "Leave <b>while</b>", "21 unknown-element /alert/info[1]/headline"},
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
	 "34 repeated-element /alert/info[1]/area[1]/geocode[1]/value[2]"},
	{"cap:1.2", "cap:1.1", "2 wrong-namespace /alert"},
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
	{">1234<", ">12 kB<", "26 invalid-number /alert/info[1]/resource[1]/size"},
	{">1234<", ">-1<", "26 invalid-size /alert/info[1]/resource[1]/size"},
	{">100<", ">low<", "35 invalid-number /alert/info[1]/area[1]/altitude"},
	{"https://embassy.example/alerts/14", "https://embassy.example/a b",
	 "22 invalid-uri /alert/info[1]/web"},
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
	 "22 web-not-absolute /alert/info[1]/web"},
	{"Leave while you can",
	 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
	 "890123456789012345678901234567890123456789012345678901234567890123456789",
	 ""},
	{"Leave while you can",
	 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
	 "890123456789012345678901234567890123456789012345678901234567890123456789!",
	 "21 headline-too-long /alert/info[1]/headline"},
	/* resource */
	{">image/png<", ">picture<", "25 invalid-mime-type /alert/info[1]/resource[1]/mimeType"},
	{"https://embassy.example/map.png", "map.png",
	 "27 relative-uri-without-deref /alert/info[1]/resource[1]/uri"},
	{"https://embassy.example/map.png</uri>", "map.png</uri><derefUri>aGVsbG8=</derefUri>", ""},
	{"https://embassy.example/map.png</uri>", "map.png</uri><derefUri>a*</derefUri>",
	 "27 invalid-deref-uri /alert/info[1]/resource[1]/derefUri"},
	{"da39a3ee", "da39a3e", "28 invalid-digest /alert/info[1]/resource[1]/digest"},
	/* area */
	{"51,31 50,30<", "50,30<", "32 invalid-polygon /alert/info[1]/area[1]/polygon[1]"},
	{"51,31 50,30<", "51,31 50,31<", "32 invalid-polygon /alert/info[1]/area[1]/polygon[1]"},
	{"51,31 50", "91,31 50", "32 invalid-polygon /alert/info[1]/area[1]/polygon[1]"},
	{"51,31 50,30", "51,31\n50,30", ""},
	{"55.75,37.62 40", "55.75,37.62", "33 invalid-circle /alert/info[1]/area[1]/circle[1]"},
	{"55.75,37.62 40", "55.75,37.62 -1", "33 invalid-circle /alert/info[1]/area[1]/circle[1]"},
	{"55.75,37.62 40", "55.75,37.62 0",
	 "33 circle-radius-zero /alert/info[1]/area[1]/circle[1]"},
	{"      <altitude>100</altitude>\n", "",
	 "35 ceiling-without-altitude /alert/info[1]/area[1]/ceiling"},
	{">2000<", ">99.5<", "36 ceiling-below-altitude /alert/info[1]/area[1]/ceiling"},
	{">Border region<", "> <", "31 empty-required /alert/info[1]/area[1]/areaDesc"},
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

/* Every rule about a message that was read has a case above. */
static void
each_rule_has_a_case(void **state)
{
	const char *name;
	size_t i;
	int r;

	(void)state;
	for (r = CAP_RULE_WRONG_NAMESPACE; r < CAP_RULE_TOO_MANY_FINDINGS; r++) {
		if (r == CAP_RULE_SCHEMA_ATTRIBUTE)
			continue; /* t_cap_read */
		/* Those of the profiles are tried in t_cap_profile.c. */
		if (cap_rule_row((enum cap_rule)r)->level == CAP_LEVEL_PROFILE)
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

/* doc/cap-rules.md has one row for each rule, and says the same. */
static void
each_rule_is_documented(void **state)
{
	const char *top = getenv("TOP");
	struct arena *a = arena_new();
	struct buf doc = BUF_INIT(1 << 20);
	const struct cap_rule_row *row;
	struct err e = ERR_INIT;
	struct sv want;
	int r;

	(void)state;
	if (file_read(&doc, arena_fmt(a, "%s/doc/cap-rules.md", top != NULL ? top : ".").p, &e) !=
	    RC_OK)
		fail_msg("%s", e.text);
	for (r = 0; r < CAP_RULES; r++) {
		row = cap_rule_row((enum cap_rule)r);
		want = arena_fmt(a, "\n| `%s` | %s | %s | %s | %s | %s | %s |\n", row->name,
				 cap_level_name(row->level), row->warning ? "warning" : "error",
				 row->section, row->google, row->meaning, row->mend);
		if (sv_find(buf_sv(&doc), want) == buf_sv(&doc).n)
			fail_msg("doc/cap-rules.md has no row%.*s", SV_ARG(want));
	}
	buf_fini(&doc);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_gives_its_findings),
		cmocka_unit_test(each_rule_has_a_case),
		cmocka_unit_test(each_rule_is_documented),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
