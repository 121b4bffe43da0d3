/*
 * t_compose.c — what a reader of which languages is told.
 */
#include "test/lib/unit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_read.h"
#include "desk/compose.h"

#define INFO(language, headline, country)                                                 \
	"<info><language>" language "</language><category>Security</category>"            \
	"<event>Unrest</event><urgency>Immediate</urgency><severity>Severe</severity>"    \
	"<certainty>Observed</certainty><expires>2026-09-22T17:13:20+03:00</expires>"     \
	"<headline>" headline "</headline><description>D " headline "</description>"      \
	"<area><areaDesc>" country "</areaDesc><geocode><valueName>ISO3166-1</valueName>" \
	"<value>" country "</value></geocode></area></info>"
#define ALERT(status, type, references, infos)                                             \
	"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>i</identifier>" \
	"<sender>s</sender><sent>2026-09-21T00:00:00-00:00</sent><status>" status          \
	"</status><msgType>" type "</msgType><scope>Public</scope>" references infos "</alert>"
#define REFERENCE "<references>s,h,2026-09-20T00:00:00-00:00</references>"

static const struct cap_alert *
read_alert(struct arena *a, const char *xml)
{
	const struct cap_findings *findings;
	const struct cap_alert *cap;
	struct err e = ERR_INIT;

	if (cap_read(&cap, &findings, a, sv_of(xml), &e) != RC_OK || findings->errors > 0)
		fail_msg("%s", findings->n > 0 ? findings->v[0].message.p : e.text);
	return cap;
}

static void
languages(void **state)
{
	static const char all[] = ALERT("Actual", "Alert", "",
					INFO("fr-CA", "F", "GE") INFO("en-GB", "E", "GE")
						INFO("zh-Hant", "Z", "GE") INFO("ru", "R", "GE"));
	static const char no_english[] =
		ALERT("Actual", "Alert", "", INFO("ka", "K", "GE") INFO("ru", "R", "GE"));
	static const struct {
		const char *xml, *reads, *gets;
	} cases[] = {
		{all, "ru", "ru"},
		{all, "ru;en", "ru"},
		{all, "RU", "ru"},
		{all, "ru-RU", "ru"}, /* lookup: cut at the end */
		{all, "zh-Hant-TW-x-private", "zh-Hant"},
		{all, "fr", "fr-CA"}, /* the same primary subtag */
		{all, "fr-FR", "fr-CA"},
		{all, "en", "en-GB"},
		{all, "de;ru", "ru"}, /* the next language */
		{all, "de", "en-GB"}, /* English */
		{all, "", "en-GB"},
		{no_english, "de", "ka"}, /* the first */
		{no_english, "", "ka"},
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct compose c = {.cap = read_alert(a, cases[i].xml), .concerned = true};

		assert_sv(compose_language(&c, sv_of(cases[i].reads)), sv_of(cases[i].gets));
	}
	arena_free(&a);
}

static void
subjects(void **state)
{
	static const struct {
		const char *status, *type, *references;
		bool practice, concerned;
		const char *en;
	} cases[] = {
		{"Actual", "Alert", "", false, true, "Security alert: E"},
		{"Actual", "Update", REFERENCE, false, true, "Update: E"},
		{"Actual", "Cancel", REFERENCE, false, true, "Cancelled: E"},
		{"Exercise", "Alert", "", false, true, "EXERCISE: Security alert: E"},
		{"Test", "Alert", "", false, true, "EXERCISE: Security alert: E"},
		{"Actual", "Alert", "", true, true, "EXERCISE: Security alert: E"},
		{"Actual", "Update", REFERENCE, false, false,
		 "This alert has changed and no longer concerns you"},
	};
	struct arena *a = arena_new();
	struct buf body = BUF_INIT(64 * KIB);
	struct sv ru;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct sv xml = arena_fmt(
			a, ALERT("%s", "%s", "%s", INFO("en", "E", "GE") INFO("ru", "Р", "GE")),
			cases[i].status, cases[i].type, cases[i].references);
		struct compose c = {.cap = read_alert(a, xml.p),
				    .practice = cases[i].practice,
				    .concerned = cases[i].concerned,
				    .authority = SV("Embassy")};
		bool exercise = sv_starts(sv_of(cases[i].en), SV("EXERCISE"));

		assert_sv(compose_subject(a, &c, SV("en")), sv_of(cases[i].en));
		ru = compose_subject(a, &c, SV("ru"));
		assert_true(!cases[i].concerned || sv_ends(ru, SV("Р")));
		assert_false(sv_ends(ru, SV("E")));
		buf_reset(&body);
		compose_body(&body, &c, SV("en"));
		assert_int_equal(sv_starts(buf_sv(&body), SV("EXERCISE")), exercise);
		assert_int_equal(sv_find(buf_sv(&body), SV("no longer concerns you")) < body.n,
				 !cases[i].concerned);
	}
	buf_fini(&body);
	arena_free(&a);
}

static void
bodies(void **state)
{
	static const char xml[] =
		ALERT("Actual", "Alert", "", INFO("en", "E", "GE") INFO("ru", "Р", "GE"));
	struct arena *a = arena_new();
	struct buf body = BUF_INIT(64 * KIB);
	struct compose c = {.cap = read_alert(a, xml),
			    .concerned = true,
			    .authority = SV("Embassy"),
			    .contact = SV("+1 555 0100"),
			    .link = SV("https://a.example/alert/7"),
			    .code = SV("ABCD-EFGH-JKMN"),
			    .check = SV("https://a.example/verify")};

	(void)state;
	compose_body(&body, &c, SV("en"));
	assert_sv(buf_sv(&body), SV("Security alert\nE\nIn force until 2026-09-22 17:13:20+03:00\n"
				    "\nWhat is happening\nD E\n\nWhere\nGE\n"
				    "\nRead the full alert: https://a.example/alert/7\n"
				    "\nIs this message genuine? https://a.example/verify, code "
				    "ABCD-EFGH-JKMN\n"
				    "\n-- \nYou get this because you are registered with Embassy.\n"
				    "Contact: +1 555 0100\n"));
	buf_reset(&body);
	compose_body(&body, &c, SV("ru"));
	assert_true(sv_find(buf_sv(&body), SV("D Р")) < body.n);
	assert_true(sv_find(buf_sv(&body), SV("D E")) == body.n);
	assert_true(sv_find(buf_sv(&body), SV("\nЭто сообщение подлинное? "
					      "https://a.example/verify, код ABCD-EFGH-JKMN\n")) <
		    body.n);
	/* Without an address of pages the code is still there, to be read out to the desk. */
	buf_reset(&body);
	c.check = SV_NONE;
	compose_body(&body, &c, SV("en"));
	assert_true(sv_find(buf_sv(&body), SV("\nCode of this alert: ABCD-EFGH-JKMN\n")) < body.n);
	assert_true(sv_find(buf_sv(&body), SV("genuine")) == body.n);
	buf_fini(&body);
	arena_free(&a);
}

/* Blocks about different places: who reads Russian is told of both, of the second in
 * English, because nobody is asked which of them is theirs. */
static void
blocks(void **state)
{
	static const char xml[] =
		ALERT("Actual", "Alert", "",
		      INFO("en", "E1", "GE") INFO("ru", "R1", "GE") INFO("fr", "F2", "AM")
			      INFO("en", "E2", "AM") INFO("ru", "R3", "AZ") INFO("ru", "R4", "AZ"));
	static const struct {
		const char *language, *told, *untold;
	} cases[] = {
		{"ru", "R1 E2 R3 R4", "E1 F2"},
		{"en", "E1 E2 R3", "R1 F2 R4"},
		{"fr", "E1 F2 R3", "R1 E2 R4"},
	};
	struct arena *a = arena_new();
	struct buf body = BUF_INIT(64 * KIB);
	struct compose c = {
		.cap = read_alert(a, xml), .concerned = true, .authority = SV("Embassy")};
	struct sv list, word;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&body);
		compose_body(&body, &c, sv_of(cases[i].language));
		for (list = sv_of(cases[i].told); sv_word(&list, &word);)
			if (sv_find(buf_sv(&body), word) == body.n)
				fail_msg("%s: %.*s is not told", cases[i].language, SV_ARG(word));
		for (list = sv_of(cases[i].untold); sv_word(&list, &word);)
			if (sv_find(buf_sv(&body), word) < body.n)
				fail_msg("%s: %.*s is told", cases[i].language, SV_ARG(word));
	}
	buf_fini(&body);
	arena_free(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages),
		cmocka_unit_test(subjects),
		cmocka_unit_test(bodies),
		cmocka_unit_test(blocks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
