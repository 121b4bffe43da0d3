/*
 * t_cap_choose.c — language tags, and which language a reader gets and why. Expected values
 * are from RFC 4647 3.4, RFC 5646, the IANA registry, CLDR's likely subtags, and the order
 * that cap_choose.h names.
 */
#include "test/lib/unit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_choose.h"
#include "cap/cap_language.h"

static const struct cap_alert *
alert_in(struct arena *a, const char *languages)
{
	struct cap_alert *alert = ARENA_NEW(a, struct cap_alert);
	struct cap_info *infos = ARENA_NEW_N(a, struct cap_info, 16);
	struct sv rest = sv_of(languages), word;

	while (sv_word(&rest, &word))
		if (!sv_eq(word, SV("-")))
			infos[alert->n_infos++].language = word;
		else
			alert->n_infos++;
	alert->infos = infos;
	return alert;
}

static const struct {
	const char *has, *wants; /* "-": an info without language */
	const char *gets, *why;
	size_t wish;
} wishes[] = {
	{"en ru", "ru", "ru", "exact", 1},
	{"en ru", "RU", "ru", "exact", 1},
	{"en ru", "ru-RU", "ru", "lookup", 1},
	{"en ru", "ru;en", "ru", "exact", 1},
	{"en ru", " ; ru", "ru", "exact", 1},
	{"en ru", "ru,en", "ru", "exact", 1},
	{"en ru", "de;ru", "ru", "exact", 2},
	{"en ru", "de", "en", "english", 0},
	{"ka ru", "de", "ka", "first", 0},
	{"ka ru", "", "ka", "first", 0},
	{"ka en-GB ru", "", "en-GB", "english", 0},
	{"ka - ru", "", "en-US", "english", 0},
	{"- ru", "en-US", "en-US", "exact", 1},
	{"- ru", "en", "en-US", "primary", 1},
	{"- en", "en", "en", "exact", 1},
	{"en -", "en-GB", "en", "lookup", 1},
	{"ru -", "ru-RU;en", "ru", "lookup", 1},
	/* the reader's next language comes after the primary subtag */
	{"pt-BR en", "pt-PT;en", "pt-BR", "primary", 1},
	{"pt-BR pt-PT en", "pt-PT;en", "pt-PT", "exact", 1},
	{"pt-BR pt-PT en", "pt", "pt-BR", "primary", 1},
	{"fr-CA fr en", "fr-CH", "fr", "lookup", 1},
	{"fr-CA en", "fr-CH-1990;en", "fr-CA", "primary", 1},
	/* scripts: another one only when the wanted one is not there, and then it is said */
	{"zh-Hans zh-Hant", "zh-TW", "zh-Hant", "primary", 1},
	{"zh-Hant zh-Hans", "zh-CN", "zh-Hans", "primary", 1},
	{"zh-Hant zh-Hans", "zh", "zh-Hans", "primary", 1},
	{"zh-Hans en", "zh-Hant;en", "zh-Hans", "other-script", 1},
	{"zh-CN zh-TW en", "zh-HK", "zh-TW", "primary", 1},
	{"zh zh-TW en", "zh-Hant-HK", "zh-TW", "primary", 1},
	{"zh en", "zh-TW;en", "zh", "lookup", 1},
	{"sr-Latn sr-Cyrl", "sr", "sr-Cyrl", "primary", 1},
	{"sr-Cyrl sr-Latn", "sr-Latn-RS", "sr-Latn", "lookup", 1},
	{"sr-Cyrl sr-Latn", "sr-ME", "sr-Latn", "primary", 1},
	{"sr-Cyrl en", "sr-Latn;en", "sr-Cyrl", "other-script", 1},
	{"sr-Latn en", "sh;en", "sr-Latn", "exact", 1},
	/* grandfathered, deprecated, extended */
	{"en zh", "zh-cmn", "zh", "exact", 1},
	{"en zh-Hans", "zh-cmn-Hans-CN", "zh-Hans", "lookup", 1},
	{"en cmn-Hans", "zh-Hans", "cmn-Hans", "exact", 1},
	{"en yue", "zh-yue-HK", "yue", "lookup", 1},
	{"en zh-HK", "yue;en", "zh-HK", "primary", 1},
	{"en zh-guoyu", "zh", "zh-guoyu", "exact", 1},
	{"en he", "iw-IL", "he", "lookup", 1},
	{"en iw", "he", "iw", "exact", 1},
	{"en id", "in", "id", "exact", 1},
	{"en yi", "ji", "yi", "exact", 1},
	{"en lb", "i-lux", "lb", "exact", 1},
	{"en no", "nb-NO", "no", "lookup", 1},
	{"en nb", "no", "nb", "exact", 1},
	{"en no", "nn;en", "no", "primary", 1},
	{"en nb nn", "nn-NO", "nn", "lookup", 1},
	{"en fil", "tl", "fil", "exact", 1},
	{"en ar", "arz", "ar", "primary", 1},
	/* what is no wish */
	{"en ru", "*", "en", "english", 0},
	{"en ru", "*;ru", "ru", "exact", 2},
	{"en ru ch", "*-CH;ru", "ru", "exact", 2},
	{"en ru", "ru-*-RU", "ru", "lookup", 1},
	{"en ru", "r\xC3\xBC;ru", "ru", "exact", 2},
	{"en ru", "q=0.8;ru", "ru", "exact", 2},
	{"en ru", "ru-;en", "en", "exact", 2},
	{"en ru", "abcdefghi", "en", "english", 0},
	{"en ru", "1234", "en", "english", 0},
	/* what senders write */
	{"ka en_US", "en-US", "en_US", "exact", 1},
	{"ka pt_BR", "pt", "pt_BR", "primary", 1},
	{"English ru", "ru", "ru", "exact", 1},
	{"!! en", "!!", "en", "english", 0},
	{"!!", "ru", "!!", "first", 0},
	{"zh-Hant", "zh-Hant-TW-x-private", "zh-Hant", "lookup", 1},
	{"zh-Hant", "zh-Hant-TW-a-bbb-x-private-and-much-more-than-fits", "zh-Hant", "lookup", 1},
};

static void
choices(void **state)
{
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(wishes); i++) {
		struct cap_choice c =
			cap_choose_language(alert_in(a, wishes[i].has), sv_of(wishes[i].wants));

		if (!sv_eq(c.language, sv_of(wishes[i].gets)) ||
		    strcmp(cap_choice_name(c.reason), wishes[i].why) != 0 ||
		    c.wish_number != wishes[i].wish || (c.wish.n > 0) != (wishes[i].wish > 0))
			fail_msg("has %s, wants %s: %.*s, %s, wish %zu", wishes[i].has,
				 wishes[i].wants, SV_ARG(c.language), cap_choice_name(c.reason),
				 c.wish_number);
		assert_int_equal(cap_choice_is_fallback(&c), wishes[i].wish == 0);
	}
	arena_free(&a);
}

/* The choice is of a language: all its infos, none of the others. */
static void
all_infos(void **state)
{
	static const struct {
		const char *has, *wants, *shown;
	} cases[] = {
		{"en ru en ru en", "ru", ".x.x."},
		{"en ru en ru en", "de", "x.x.x"},
		{"iw en he HE", "he", "x.xx"},
		{"- en en-US", "en-US", "x.x"},
		{"zh-Hans zh-Hant zh-hans", "zh-CN", "x.x"},
		{"??? en ???", "", ".x."},
		{"ka ??? ka", "", "x.x"},
	};
	struct arena *a = arena_new();
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		const struct cap_alert *alert = alert_in(a, cases[i].has);
		struct cap_choice c = cap_choose_language(alert, sv_of(cases[i].wants));

		assert_int_equal(alert->n_infos, strlen(cases[i].shown));
		for (k = 0; k < alert->n_infos; k++)
			if (cap_choice_shows(alert, &c, k) != (cases[i].shown[k] == 'x'))
				fail_msg("has %s, wants %s: info %zu", cases[i].has, cases[i].wants,
					 k + 1);
		assert_int_equal(strchr(cases[i].shown, 'x') - cases[i].shown, c.index);
		assert_int_equal(cap_choose_info(alert, sv_of(cases[i].wants)), c.index);
		assert_false(cap_choice_shows(alert, &c, alert->n_infos));
	}
	arena_free(&a);
}

static void
sentences(void **state)
{
	static const struct {
		const char *has, *wants, *says;
	} cases[] = {
		{"en ru", "ru", "ru, because it was asked for"},
		{"en ru", "ru-RU", "ru, because ru-RU was asked for and this covers it"},
		{"en pt-BR", "pt-PT",
		 "pt-BR, because pt-PT was asked for and this is the nearest text of the same "
		 "language"},
		{"en zh-Hans", "zh-TW",
		 "zh-Hans, because zh-TW was asked for and this is the same language in another "
		 "script"},
		{"ka en", "ru",
		 "en, because the alert has none of the languages asked for and this is English"},
		{"ka hy", "ru",
		 "ka, because the alert has neither a language asked for nor English and this is "
		 "its first"},
		{"", "ru", "none, because the alert has no info block"},
	};
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(4 * KIB);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct cap_choice c =
			cap_choose_language(alert_in(a, cases[i].has), sv_of(cases[i].wants));

		buf_reset(&b);
		cap_choice_say(&b, &c);
		assert_sv(buf_sv(&b), sv_of(cases[i].says));
	}
	buf_fini(&b);
	arena_free(&a);
}

static void
scripts(void **state)
{
	static const struct {
		const char *language, *script;
	} cases[] = {
		{"ru", "Cyrl"},      {"uk-UA", "Cyrl"}, {"sr", NULL},          {"sr-Cyrl", "Cyrl"},
		{"sr-Latn", "Latn"}, {"ar", "Arab"},    {"fa-IR", "Arab"},     {"iw", "Hebr"},
		{"zh-Hant", "Hant"}, {"zh", "Hani"},    {"ja", "Jpan"},        {"ko-KR", "Kore"},
		{"el", "Grek"},      {"hi", "Deva"},    {"ka", "Geor"},        {"am", "Ethi"},
		{"en", "Latn"},      {"uz", NULL},      {"tlh", NULL},         {"???", NULL},
		{"ru-Latn", "Latn"}, {"", NULL},        {"ru-x-latn", "Cyrl"},
	};
	static const struct {
		const char *script, *text;
		bool in;
	} texts[] = {
		{"Cyrl", "Do not go out", false},
		{"Cyrl", "Go out: Не", true},
		{"Hani", "別出門", true},
		{"Hant", "別出門", true},
		{"Jpan", "外出しない", true},
		{"Hani", "しない", false},
		{"Kore", "밖", true},
		{"Arab", "لا تخرج", true},
		{"Arab", "112؟", false},
		{"Geor", "არ", true},
		{"Latn", "Не 112", false},
		{"Latn", "é", true},
		{"Cyrl", "", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = cap_language_script(sv_of(cases[i].language));

		if ((got == NULL) != (cases[i].script == NULL) ||
		    (got != NULL && strcmp(got, cases[i].script) != 0))
			fail_msg("%s: %s", cases[i].language, got != NULL ? got : "none");
	}
	for (i = 0; i < ARRAY_LEN(texts); i++)
		if (cap_script_in(texts[i].script, sv_of(texts[i].text)) != texts[i].in)
			fail_msg("%s in %s", texts[i].script, texts[i].text);
	assert_false(cap_letters_in(SV("112, 50%")));
	assert_true(cap_letters_in(SV("112 м")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(choices),
		cmocka_unit_test(all_infos),
		cmocka_unit_test(sentences),
		cmocka_unit_test(scripts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
