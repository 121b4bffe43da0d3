/*
 * t_lint.c — the drafting check: what stops a draft, what is advice, and what is neither.
 */
#include <stdio.h>

#include "test/lib/unit.h"

#include "alert/lint.h"
#include "alert/lint_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_read.h"

#define NOW INT64_C(1790000000) /* 2026-09-21T14:13:20Z */

/* An info in short. Marks in `odd`: s no senderName, a no instruction, x no expires, o over,
 * p no place, h no headline, t no description, c no contact, 2 another area, 3 another expires,
 * u another urgency. */
struct brief {
	const char *language, *headline, *description, *instruction, *odd;
};

#define EN                                                                                   \
	{                                                                                    \
		"en", "Stay inside", "Shots were heard in the centre.", "Do not go out.", "" \
	}
#define RU                                                                                \
	{                                                                                 \
		"ru", "Не выходите", "В центре слышны выстрелы.", "Оставайтесь дома.", "" \
	}

static struct cap_info
make_info(struct arena *a, const struct brief *b)
{
	struct cap_info info = {0};
	struct cap_area *area = ARENA_NEW(a, struct cap_area);
	struct cap_circle *circle = ARENA_NEW(a, struct cap_circle);
	bool over = strchr(b->odd, 'o') != NULL, other = strchr(b->odd, '3') != NULL;

	info.language = sv_of(b->language);
	info.urgency = strchr(b->odd, 'u') != NULL ? CAP_URGENCY_FUTURE : CAP_URGENCY_IMMEDIATE;
	if (strchr(b->odd, 's') == NULL)
		info.sender_name = SV("Embassy");
	if (strchr(b->odd, 'h') == NULL)
		info.headline = sv_of(b->headline);
	if (strchr(b->odd, 't') == NULL)
		info.description = sv_of(b->description);
	if (strchr(b->odd, 'a') == NULL)
		info.instruction = sv_of(b->instruction);
	if (strchr(b->odd, 'c') == NULL)
		info.contact = SV("+1 555 0100");
	if (strchr(b->odd, 'x') == NULL)
		info.expires = (struct cap_time){over    ? SV("2026-09-21T14:13:20-00:00")
						 : other ? SV("2026-09-23T14:13:20-00:00")
							 : SV("2026-09-22T14:13:20-00:00"),
						 {NOW + (over    ? 0
							 : other ? 2 * TIME_DAY
								 : TIME_DAY),
						  0},
						 true};
	circle->text = strchr(b->odd, '2') != NULL ? SV("1,1 1") : SV("41.7,44.8 20");
	area->desc = SV("a");
	area->circles = circle;
	area->n_circles = 1;
	info.areas = area;
	info.n_areas = strchr(b->odd, 'p') == NULL;
	return info;
}

static const struct {
	const char *name;
	enum cap_msgtype type;
	const char *promised;
	struct brief infos[5];
	const char *want; /* names, '!' behind a stop */
} cases[] = {
	{"complete", CAP_MSGTYPE_ALERT, "", {EN}, ""},
	{"in two languages", CAP_MSGTYPE_ALERT, "", {EN, RU}, ""},
	{"nothing but a place",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"en", "h", "d", "i", "sahtxc"}},
	 "no-headline! no-source! no-threat no-action! no-contact no-expiry!"},
	{"nothing but white space",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"en", "h", "d", " \n", ""}},
	 "no-action!"},
	{"no place", CAP_MSGTYPE_ALERT, "", {{"en", "Stay", "Shots", "Stay", "p"}}, "no-place!"},
	{"over", CAP_MSGTYPE_UPDATE, "", {{"en", "Stay", "Shots", "Stay", "o"}}, "is-over!"},
	{"of a cancel less is asked",
	 CAP_MSGTYPE_CANCEL,
	 "",
	 {{"en", "It is over", "Nothing happened", "", "ax"}},
	 "no-action no-expiry"},
	{"but who says so",
	 CAP_MSGTYPE_CANCEL,
	 "",
	 {{"en", "Over", "All is well", "i", "s"}},
	 "no-source!"},
	{"an update is asked the same",
	 CAP_MSGTYPE_UPDATE,
	 "",
	 {{"en", "h", "d", "i", "a"}},
	 "no-action!"},

	{"promised and there", CAP_MSGTYPE_ALERT, "en;ru", {EN, RU}, ""},
	{"promised and missing", CAP_MSGTYPE_ALERT, "en; ru", {EN}, "missing-language!"},
	{"two promised and missing",
	 CAP_MSGTYPE_ALERT,
	 "fr;en;ru",
	 {EN},
	 "missing-language! missing-language!"},
	{"the first is missing", CAP_MSGTYPE_ALERT, "en;ru", {RU}, "missing-language!"},
	{"another form of it is it", CAP_MSGTYPE_ALERT, "EN-us;ru-RU", {EN, RU}, ""},
	{"without language it is en-US",
	 CAP_MSGTYPE_ALERT,
	 "en",
	 {{NULL, "Stay", "Shots", "Stay", ""}},
	 ""},
	{"another script of it is not",
	 CAP_MSGTYPE_ALERT,
	 "zh-Hant",
	 {{"zh-Hans", "别出门", "有枪声", "留在家里", ""}},
	 "missing-language!"},
	{"one block lacks it",
	 CAP_MSGTYPE_ALERT,
	 "en;ru",
	 {EN, RU, {"en", "Leave the port", "A ship burns in the port.", "Go inland.", "2"}},
	 "missing-language!"},
	{"unpromised, the same is advice",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN, RU, {"en", "Leave the port", "A ship burns in the port.", "Go inland.", "2"}},
	 "not-in-language"},
	{"two blocks, both in both, in any order",
	 CAP_MSGTYPE_ALERT,
	 "en;ru",
	 {EN,
	  {"ru", "Уходите из порта", "Горит судно.", "Уходите от берега.", "2"},
	  RU,
	  {"en", "Leave the port", "A ship burns in the port.", "Go inland.", "2"}},
	 ""},
	{"another area",
	 CAP_MSGTYPE_ALERT,
	 "en;ru",
	 {EN, {"ru", "Не выходите", "Слышны выстрелы.", "Сидите дома.", "2"}},
	 "block-differs"},
	{"another end and urgency",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN, {"ru", "Не выходите", "Слышны выстрелы.", "Сидите дома.", "3u"}},
	 "block-differs"},

	{"a copy",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN, {"fr", "Stay inside", "Shots were heard in the centre.", "Do not go out.", ""}},
	 "copied-language!"},
	{"a copy with another look",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN, {"fr", "Restez", "SHOTS were  heard\n(in the centre) 12:30!", "Restez", ""}},
	 "copied-language!"},
	{"nearly a copy",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"en", "One", "Stay in your homes, lock the doors and wait for word from the police", "i",
	   ""},
	  {"fr", "Un", "Stay in your homes, lock the doors and wait for word from the gendarmes",
	   "b", ""}},
	 "copied-language!"},
	{"names in common are no copy",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"en", "One",
	   "Avoid Rustaveli Avenue, Freedom Square and Pushkin Street in Tbilisi tonight", "i", ""},
	  {"de", "Zwei",
	   "Meiden Sie Rustaveli, den Freedom Square und die Pushkin Street in Tbilisi", "b", ""}},
	 ""},
	{"the headline alone",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN,
	  {"fr", "Stay inside now", "Des tirs.", "Restez.", ""},
	  {"de", "Stay inside now", "Schüsse.", "Bleiben Sie.", ""}},
	 "copied-language!"},
	{"one word may be the same in both",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"en", "Tsunami", "A wave comes.", "Run!", ""},
	  {"fr", "Tsunami", "Une vague arrive.", "Courez !", ""}},
	 ""},
	{"of one language, two places",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN, {"en-GB", "Stay inside", "Shots were heard in the centre.", "Do not go out.", ""}},
	 ""},
	{"near languages: advice",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"nb", "Bli inne", "Det skytes i sentrum av byen.", "Bli hjemme.", ""},
	  {"da", "Bliv inde", "Det skytes i sentrum av byen.", "Bliv hjemme.", ""}},
	 "copied-language"},
	{"one written Chinese: advice",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"zh-HK", "留在室内", "市中心传出枪声。", "请勿外出。", ""},
	  {"yue-HK", "留在室内", "市中心传出枪声。", "请勿外出。", ""}},
	 "copied-language"},
	{"told once of each copy",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN,
	  {"fr", "Stay inside", "Shots were heard in the centre.", "Do not go out.", ""},
	  {"de", "Stay inside", "Shots were heard in the centre.", "Do not go out.", ""}},
	 "copied-language! copied-language!"},

	{"the script of another",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN, {"ru", "Ne vykhodite", "V tsentre vystrely.", "Doma.", ""}},
	 "wrong-script!"},
	{"a language is what it says",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN, {"ru-Latn", "Ne vykhodite", "V tsentre vystrely.", "Doma.", ""}},
	 ""},
	{"the other way round",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {RU, {"en", "Не выходите!", "Стреляют.", "Оставайтесь внутри.", ""}},
	 "wrong-script!"},
	{"arabic, chinese, georgian, amharic without a letter of it",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"ar", "One", "Two three", "Four", ""},
	  {"zh", "Five", "Six seven", "Eight", ""},
	  {"ka", "Nine", "Ten eleven", "Twelve", ""},
	  {"am", "Uno", "Dos tres", "Cuatro", ""}},
	 "wrong-script! wrong-script! wrong-script! wrong-script!"},
	{"and with",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"ar", "ابق في الداخل", "إطلاق نار.", "لا تخرج.", ""},
	  {"zh", "别出门", "有枪声。", "留在家里。", ""},
	  {"ka", "დარჩით შიგნით", "სროლაა.", "არ გახვიდეთ.", ""},
	  {"am", "ውስጥ ይቆዩ", "ተኩስ አለ።", "አይውጡ።", ""}},
	 ""},
	{"serbian may be either",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN, {"sr", "Ostanite unutra", "Cuje se pucnjava.", "Ne izlazite.", ""}},
	 ""},
	{"one part of it",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {{"en", "Stay", "Gunfire in the centre.", "Wait for word from us.", ""},
	  {"ru", "Не выходите", "Стреляют.", "Stay where you are.", ""}},
	 "part-untranslated"},
	{"figures are no language",
	 CAP_MSGTYPE_ALERT,
	 "",
	 {EN, {"ru", "Не выходите", "Стреляют.", "112!", ""}},
	 ""},
};

static void
findings(void **state)
{
	struct buf got = BUF_INIT(KIB);
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct lint_rules rules = {false, NOW, sv_of(cases[i].promised), NULL};
		struct cap_info *infos = ARENA_NEW_N(a, struct cap_info, 5);
		struct cap_alert alert = {.status = CAP_STATUS_ACTUAL, .infos = infos};
		const struct lint *l;
		size_t stops = 0;

		alert.msgtype = cases[i].type;
		while (alert.n_infos < 5 && cases[i].infos[alert.n_infos].headline != NULL) {
			infos[alert.n_infos] = make_info(a, &cases[i].infos[alert.n_infos]);
			alert.n_infos++;
		}
		l = alert_lint(a, &alert, &rules);
		buf_reset(&got);
		for (k = 0; k < l->n; k++) {
			buf_addf(&got, "%s%s%s", k > 0 ? " " : "", l->v[k].name,
				 l->v[k].stop ? "!" : "");
			stops += l->v[k].stop;
			assert_true(l->v[k].text.n > 20);
		}
		if (strcmp(buf_str(&got), cases[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\": %.*s", cases[i].name, buf_str(&got),
				 cases[i].want, l->n > 0 ? (int)l->v[0].text.n : 0,
				 l->n > 0 ? l->v[0].text.p : "");
		assert_int_equal(stops, l->stops);
		arena_free(&a);
	}
	buf_fini(&got);
}

static void
sentences(void **state)
{
	static const struct brief en = EN, other = {"ru", "Не выходите", "Слышны выстрелы.",
						    "Сидите дома.", "23"};
	struct arena *a = arena_new();
	struct cap_info infos[2] = {make_info(a, &en), make_info(a, &other)};
	struct cap_alert alert = {.status = CAP_STATUS_ACTUAL, .infos = infos, .n_infos = 1};
	struct lint_rules rules = {false, NOW, SV("en;ka"), NULL};
	const struct lint *l = alert_lint(a, &alert, &rules);

	(void)state;
	assert_int_equal(l->n, 1);
	assert_sv(l->v[0].text, SV("info 1 (en) is not told in ka, which every alert promises: add "
				   "an info with language ka and the same area and times"));
	alert.n_infos = 2;
	rules.languages = SV_NONE;
	l = alert_lint(a, &alert, &rules);
	assert_int_equal(l->n, 1);
	assert_sv(l->v[0].text, SV("info 2 (ru) differs from info 1 (en) in more than language and "
				   "text: expires, area"));
	arena_free(&a);
}

static void
statuses(void **state)
{
	static const struct {
		enum cap_status status;
		bool practice, stops;
	} of[] = {
		{CAP_STATUS_ACTUAL, false, false}, {CAP_STATUS_EXERCISE, false, false},
		{CAP_STATUS_TEST, false, false},   {CAP_STATUS_SYSTEM, false, true},
		{CAP_STATUS_DRAFT, false, true},   {CAP_STATUS_SYSTEM, true, false},
		{CAP_STATUS_DRAFT, true, false},
	};
	static const struct brief en = EN;
	struct arena *a = arena_new();
	struct cap_info info = make_info(a, &en);
	struct cap_alert alert = {.infos = &info, .n_infos = 1};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(of); i++) {
		struct lint_rules rules = {of[i].practice, NOW, SV_NONE, NULL};

		alert.status = of[i].status;
		assert_int_equal(alert_lint(a, &alert, &rules)->stops, of[i].stops);
	}
	alert.n_infos = 0;
	alert.status = CAP_STATUS_ACTUAL;
	{
		struct lint_rules rules = {false, NOW, SV("en;ru"), NULL};
		const struct lint *l = alert_lint(a, &alert, &rules);

		assert_int_equal(l->n, 1);
		assert_string_equal(l->v[0].name, "no-info");
		assert_true(l->v[0].stop);
	}
	arena_free(&a);
}

/* What the reader of messages found: shapes are passed on as advice, form is not. */
static void
of_the_reader(void **state)
{
	static const struct brief en = EN, ru = RU;
	struct arena *a = arena_new();
	struct cap_info infos[2] = {make_info(a, &en), make_info(a, &ru)};
	struct cap_alert alert = {.status = CAP_STATUS_ACTUAL, .infos = infos, .n_infos = 2};
	struct cap_finding *v = ARENA_NEW_N(a, struct cap_finding, 30);
	struct cap_findings all = {v, 7, 1};
	struct lint_rules rules = {false, NOW, SV_NONE, &all};
	const struct lint *l;
	size_t i;

	(void)state;
	for (i = 0; i < 30; i++) {
		v[i].rule = "circle-radius-zero";
		v[i].level = CAP_LEVEL_SPEC;
		v[i].warning = true;
		v[i].line = (int)i + 1;
		v[i].path = SV("/alert/info[1]/area[1]/circle[1]");
		v[i].message = SV("\"1,1 0\" has radius 0");
	}
	v[1].rule = "utc-plus-zero";
	v[1].path = SV("/alert/sent");
	v[2].rule = "missing-area";
	v[3].warning = false;
	v[4].rule = "html-tags";
	v[4].path = SV("/alert/info[2]/description");
	v[5].path = SV("/alert/info[2]/area[1]/circle[1]"); /* the same place in Russian */
	v[6].rule = "geocode-alone";
	l = alert_lint(a, &alert, &rules);
	assert_int_equal(l->n, 2);
	assert_int_equal(l->stops, 0);
	assert_string_equal(l->v[0].name, "circle-radius-zero");
	assert_sv(l->v[0].text,
		  SV("line 1, /alert/info[1]/area[1]/circle[1]: \"1,1 0\" has radius 0"));
	assert_string_equal(l->v[1].name, "html-tags");
	all.n = 30;
	l = alert_lint(a, &alert, &rules);
	assert_int_equal(l->n, 21);
	assert_sv(l->v[20].text, SV("5 more of this kind: see tocsin cap check"));
	arena_free(&a);
}

static void
copies(void **state)
{
	static const struct {
		const char *a, *b;
		bool copy;
	} of[] = {
		{"", "", false},
		{"112", "112", false}, /* no word: nothing was to be translated */
		{"Stay", "STAY!", true},
		{"stay  inside", "Stay\tinside 24 h", false},
		{"stay inside 24", "Stay inside 48.", true},
		{"ЁЛКА Мир", "ёлка мир", true},
		{"Ärger Œuvre", "ärger œuvre", true},
		{"别出门", "别出门。", true},
		{"别出门", "别下楼", false},
		{"a b c d e f g h i j", "a b c d e f g h i x", true},
		{"a b c d e f g h i j", "a b c d e f g h y x", false},
		{"a b c d e f g", "a b c d e f x", false},
		{"j i h g f e d c b a", "a b c d e f g h i j", true},
		{"\xFF\xFE stay", "stay", true},
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(of); i++) {
		struct lint_words x = lint_words_of(a, sv_of(of[i].a));
		struct lint_words y = lint_words_of(a, sv_of(of[i].b));

		if (lint_is_copy(&x, &y) != of[i].copy || lint_is_copy(&y, &x) != of[i].copy)
			fail_msg("\"%s\" and \"%s\"", of[i].a, of[i].b);
	}
	arena_free(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings), cmocka_unit_test(sentences),
		cmocka_unit_test(statuses), cmocka_unit_test(of_the_reader),
		cmocka_unit_test(copies),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
