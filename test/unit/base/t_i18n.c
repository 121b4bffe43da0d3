/*
 * t_i18n.c — the choice of a catalogue, and what is known of languages without one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/i18n.h"

static void
match(void **state)
{
	static const struct {
		struct sv tag;
		const char *want;
	} cases[] = {
		{SV_INIT("ru"), "ru"},        {SV_INIT("RU"), "ru"},
		{SV_INIT("uk-UA"), "uk"},     {SV_INIT("es-419"), "es"},
		{SV_INIT("ar-SY"), "ar"},     {SV_INIT("fr-Latn-CA"), "fr"},
		{SV_INIT("en-US"), "en"},     {SV_INIT("de"), "en"},
		{SV_INIT(""), "en"},          {SV_INIT("-"), "en"},
		{SV_INIT("rus"), "en"},       {SV_INIT("r"), "en"},
		{SV_INIT("not a tag"), "en"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(i18n_match(cases[i].tag)->tag, cases[i].want);
	assert_string_equal(i18n_match(SV_NONE)->tag, "en");
}

static void
texts(void **state)
{
	const struct i18n_language *l;
	size_t i, key;

	(void)state;
	assert_string_equal(i18n(SV("en"), I18N_EXERCISE), "EXERCISE");
	assert_string_equal(i18n(SV("fr"), I18N_EXERCISE), "EXERCISE · EXERCICE");
	assert_string_equal(i18n(SV("fr-BE"), I18N_WHERE), "Où");
	assert_string_equal(i18n(SV("uk"), I18N_TO_DO), "Що робити");
	assert_string_equal(i18n(SV("de"), I18N_WHERE), "Where");
	for (i = 0; (l = i18n_at(i)) != NULL; i++)
		for (key = 0; key < I18N_KEYS; key++)
			assert_true(l->texts[key][0] != '\0');
	assert_int_equal(i, 6);
	assert_string_equal(i18n_at(0)->tag, "en");
}

static void
direction(void **state)
{
	static const struct {
		struct sv tag;
		bool want;
	} cases[] = {
		{SV_INIT("ar"), true},          {SV_INIT("fa-IR"), true},
		{SV_INIT("he"), true},          {SV_INIT("ru"), false},
		{SV_INIT("az-Arab"), true},     {SV_INIT("ur-Latn"), false},
		{SV_INIT("zh-min-Arab"), true}, {SV_INIT("ar-1994"), true},
		{SV_INIT("xx"), false},         {SV_INIT(""), false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(i18n_rtl(cases[i].tag), cases[i].want);
	for (i = 0; i18n_at(i) != NULL; i++)
		assert_int_equal(i18n_at(i)->rtl, i18n_rtl(sv_of(i18n_at(i)->tag)));
}

static void
names(void **state)
{
	size_t i;

	(void)state;
	assert_string_equal(i18n_name(SV("ka")), "ქართული");
	assert_string_equal(i18n_name(SV("DE-at")), "Deutsch");
	assert_null(i18n_name(SV("xx")));
	for (i = 0; i18n_at(i) != NULL; i++)
		assert_string_equal(i18n_at(i)->name, i18n_name(sv_of(i18n_at(i)->tag)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(match),
		cmocka_unit_test(texts),
		cmocka_unit_test(direction),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
