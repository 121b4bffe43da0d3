/*
 * t_cap_google_text.c — changes that google/cap-library's own tests of its validator and
 * parser make to a message of theirs, made to one of ours: each reason that they expect is
 * found here, in the same place.
 *
 * A reason is matched by the column of our rules that names it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cap/cap_rule.h"

#define INFO_START                                                                              \
	"<category>Security</category><event>Storm is near</event><urgency>Immediate</urgency>" \
	"<severity>Severe</severity><certainty>Likely</certainty>"                              \
	"<expires>2003-04-03T14:39:01-05:00</expires><senderName>Office</senderName>"           \
	"<headline>A storm is near</headline>"                                                  \
	"<description>A storm comes from the sea.</description>"                                \
	"<instruction>Stay in the house.</instruction>"
#define GOOD                                                                                     \
	"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"                                 \
	"<identifier>ID-1</identifier><sender>desk@office.example</sender>"                      \
	"<sent>2003-04-02T14:39:01-05:00</sent><status>Actual</status><msgType>Update</msgType>" \
	"<scope>Public</scope><note>a note</note>"                                               \
	"<references>a,b,2002-04-02T14:39:01-05:00</references>"                                 \
	"<incidents>i1 i2</incidents>"                                                           \
	"<info><language>en-US</language>" INFO_START "<web>https://office.example/</web>"       \
	"<contact>the desk</contact>"                                                            \
	"<resource><resourceDesc>map</resourceDesc><mimeType>image/gif</mimeType>"               \
	"<uri>https://office.example/map</uri></resource>"                                       \
	"<area><areaDesc>coast</areaDesc><polygon>1,2 3,4 5,6 1,2</polygon>"                     \
	"<circle>1,2 3</circle>"                                                                 \
	"<geocode><valueName>G1</valueName><value>V1</value></geocode>"                          \
	"<altitude>5.5</altitude><ceiling>6.5</ceiling></area></info></alert>"

#define AREA     "/alert/info[1]/area[1]"
#define RESOURCE "/alert/info[1]/resource[1]"

static const struct {
	const char *from, *to, *reason, *path;
} cases[] = {
	/* the alert */
	{"</scope>", "</scope><restriction>x</restriction>", "RESTRICTION_SCOPE_MISMATCH",
	 "/alert/restriction"},
	{"a,b,2002-04-02", "desk@office.example,ID-1,2003-02-02", "CIRCULAR_REFERENCE",
	 "/alert/references"},
	{"a,b,2002", "a,b,2023", "POSTDATED_REFERENCE", "/alert/references"},
	{"a,b,2002-04-02T14:39:01-05:00", "a,b,c", "INVALID_REFERENCES", "/alert/references"},
	{"ID-1<", "ID-1,<", "INVALID_IDENTIFIER", "/alert/identifier"},
	{"</sender>", "</sender><sender>desk@office.example</sender>", "DUPLICATE_ELEMENT",
	 "/alert/sender[2]"},
	{"2003-04-02T14:39:01-05:00</sent>", "2003-14-02T14:39:01-05:00</sent>", "INVALID_DATE",
	 "/alert/sent"},
	{">Public<", ">Invalid<", "INVALID_ENUM_VALUE", "/alert/scope"},
	{"</incidents>", "</incidents>invalid", "INVALID_CHARACTERS", "/alert"},
	{"<scope>Public</scope>", "<scoep>Public</scoep>", "UNSUPPORTED_ELEMENT", "/alert/scoep"},
	{"<scope>Public</scope>", "", "MISSING_REQUIRED_ELEMENT", "/alert"},
	{"<note>", "<address>blah</address><note>", "UNSUPPORTED_ELEMENT", "/alert/address"},
	{"a note", "a&amp;nbsp;note", "TEXT_CONTAINS_HTML_ENTITIES", "/alert/note"},
	{"a note", "a&lt;b>note&lt;/b>", "TEXT_CONTAINS_HTML_TAGS", "/alert/note"},
	/* an info */
	{"en-US", "12345", "INVALID_LANGUAGE", "/alert/info[1]/language"},
	{"en-US", "toolonglang", "INVALID_LANGUAGE", "/alert/info[1]/language"},
	{"en-US", "en_US", "INVALID_LANGUAGE", "/alert/info[1]/language"},
	{"en-US", "??", "INVALID_LANGUAGE", "/alert/info[1]/language"},
	{"https://office.example/<", "some non full absolute uri<", "INVALID_WEB",
	 "/alert/info[1]/web"},
	{"<language>", "<audience>an audience</audience><language>", "INVALID_SEQUENCE",
	 "/alert/info[1]"},
	{"storm comes", "storm&amp;nbsp;comes", "TEXT_CONTAINS_HTML_ENTITIES",
	 "/alert/info[1]/description"},
	{"the sea", "the &lt;strong>sea&lt;/strong>", "TEXT_CONTAINS_HTML_TAGS",
	 "/alert/info[1]/description"},
	{"</info>",
	 "</info><info><language>fr-CA</language><category>Security</category>"
	 "<event>L'orage est pres</event><urgency>Immediate</urgency><severity>Severe</severity>"
	 "<certainty>Likely</certainty><headline>Un orage est pres</headline>"
	 "<description>Un orage vient de la mer.</description>"
	 "<instruction>Stay in the house.</instruction></info>",
	 "SAME_TEXT_DIFFERENT_LANGUAGE", "/alert/info[2]/instruction"},
	/* a resource */
	{"image/gif", "foo-type/bar", "INVALID_MIME_TYPE", RESOURCE "/mimeType"},
	{"</uri>", "</uri><derefUri>foo</derefUri>", "INVALID_DEREF_URI", RESOURCE "/derefUri"},
	{"https://office.example/map", "some invalid uri", "INVALID_URI", RESOURCE "/uri"},
	{"https://office.example/map", "some/relative/path", "RELATIVE_URI_MISSING_DEREF_URI",
	 RESOURCE "/uri"},
	/* an area */
	{"1,2 3,4 5,6 1,2", "1,2 3,4 5,6 7,8", "INVALID_POLYGON", AREA "/polygon[1]"},
	{"1,2 3,4 5,6 1,2", "1,2 3,4 1,2", "INVALID_POLYGON", AREA "/polygon[1]"},
	{"1,2 3,4 5,6 1,2", "3,4 a,b 5,6 3,4", "INVALID_POLYGON", AREA "/polygon[1]"},
	{"1,2 3,4 5,6 1,2", "300,200 3,4 5,6 7,8", "INVALID_POLYGON", AREA "/polygon[1]"},
	{"1,2 3<", "invalid<", "INVALID_CIRCLE", AREA "/circle[1]"},
	{"1,2 3<", "1,2 -3<", "INVALID_CIRCLE", AREA "/circle[1]"},
	{"1,2 3<", "1, 2 3<", "INVALID_CIRCLE", AREA "/circle[1]"},
	{"<altitude>5.5</altitude>", "", "INVALID_AREA", AREA},
	{">5.5<", ">7.5<", "INVALID_ALTITUDE_CEILING_RANGE", AREA "/ceiling"},
	{">5.5<", ">-1<", "INVALID_VALUE", AREA "/altitude"},
	{">6.5<", ">-1<", "INVALID_VALUE", AREA "/ceiling"},
	{">G1<", ">G&amp;nbsp;1<", "TEXT_CONTAINS_HTML_ENTITIES", AREA "/geocode[1]/valueName"},
	{">G1<", ">G&lt;b>1<", "TEXT_CONTAINS_HTML_TAGS", AREA "/geocode[1]/valueName"},
};

/* Language tags that its tests call good. */
static const char *const languages[] = {"en",        "EN",         "fr-CA",       "en-scouse",
					"de-1901",   "sgn-CH-de",  "zh-cmn-Hans", "zh-Hans-HK",
					"i-klingon", "x-pig-latin"};

static const struct cap_findings *
judged(struct arena *a, const char *from, const char *to)
{
	struct sv text = SV(GOOD);
	size_t at = sv_find(text, sv_of(from));
	const struct cap_findings *f;
	const struct cap_alert *alert;
	struct err e = ERR_INIT;

	if (at == text.n)
		fail_msg("the message has no \"%s\"", from);
	text = arena_fmt(a, "%.*s%s%.*s", SV_ARG(sv_head(text, at)), to,
			 SV_ARG(sv_from(text, at + strlen(from))));
	if (cap_read(&alert, &f, a, text, &e) != RC_OK)
		fail_msg("%s", e.text);
	return f;
}

static bool
has_reason(const struct cap_findings *f, const char *reason, const char *path)
{
	struct sv_split names;
	struct sv name;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (!sv_starts(f->v[i].path, sv_of(path)))
			continue;
		names = sv_split_of(sv_of(cap_rule_named(f->v[i].rule)->google), ',');
		while (sv_split_next(&names, &name)) {
			if (sv_eq(sv_trim(name), sv_of(reason)))
				return true;
		}
	}
	return false;
}

static void
each_reason_is_found(void **state)
{
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		arena_reset(a);
		/* and it comes of the change */
		if (has_reason(judged(a, "<alert", "<alert"), cases[i].reason, cases[i].path))
			fail_msg("%s without any change", cases[i].reason);
		if (!has_reason(judged(a, cases[i].from, cases[i].to), cases[i].reason,
				cases[i].path))
			fail_msg("\"%s\" -> \"%s\": no %s at %s", cases[i].from, cases[i].to,
				 cases[i].reason, cases[i].path);
	}
	arena_free(&a);
}

static void
what_is_good_has_no_error(void **state)
{
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	assert_int_equal(judged(a, "<alert", "<alert")->errors, 0);
	for (i = 0; i < ARRAY_LEN(languages); i++)
		assert_int_equal(judged(a, "en-US", languages[i])->errors, 0);
	assert_int_equal(judged(a, "<language>en-US</language>", "")->errors, 0);
	assert_int_equal(judged(a, "https://office.example/map</uri>",
				"some/relative/path</uri><derefUri>aaaa</derefUri>")
				 ->errors,
			 0);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reason_is_found),
		cmocka_unit_test(what_is_good_has_no_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
