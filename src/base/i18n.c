/*
 * i18n.c — catalogues compiled in by tools/pocompile, and what is known of languages
 * that have none. Pure.
 */
#include "base/compiler.h"
#include "base/i18n_int.h"

/* Languages by ISO 639 code, each named in itself. */
static const struct {
	struct sv code;
	const char *name;
	bool rtl;
} known[] = {
	{SV_INIT("am"), "አማርኛ", false},
	{SV_INIT("ar"), "العربية", true},
	{SV_INIT("az"), "azərbaycanca", false},
	{SV_INIT("be"), "беларуская", false},
	{SV_INIT("bg"), "български", false},
	{SV_INIT("bn"), "বাংলা", false},
	{SV_INIT("bs"), "bosanski", false},
	{SV_INIT("ca"), "català", false},
	{SV_INIT("ckb"), "کوردیی ناوەندی", true},
	{SV_INIT("cs"), "čeština", false},
	{SV_INIT("da"), "dansk", false},
	{SV_INIT("de"), "Deutsch", false},
	{SV_INIT("el"), "Ελληνικά", false},
	{SV_INIT("en"), "English", false},
	{SV_INIT("es"), "español", false},
	{SV_INIT("et"), "eesti", false},
	{SV_INIT("fa"), "فارسی", true},
	{SV_INIT("fi"), "suomi", false},
	{SV_INIT("fil"), "Filipino", false},
	{SV_INIT("fr"), "français", false},
	{SV_INIT("he"), "עברית", true},
	{SV_INIT("hi"), "हिन्दी", false},
	{SV_INIT("hr"), "hrvatski", false},
	{SV_INIT("hu"), "magyar", false},
	{SV_INIT("hy"), "հայերեն", false},
	{SV_INIT("id"), "Indonesia", false},
	{SV_INIT("it"), "italiano", false},
	{SV_INIT("ja"), "日本語", false},
	{SV_INIT("ka"), "ქართული", false},
	{SV_INIT("kk"), "қазақ тілі", false},
	{SV_INIT("km"), "ខ្មែរ", false},
	{SV_INIT("ko"), "한국어", false},
	{SV_INIT("ky"), "кыргызча", false},
	{SV_INIT("lt"), "lietuvių", false},
	{SV_INIT("lv"), "latviešu", false},
	{SV_INIT("mn"), "монгол", false},
	{SV_INIT("ms"), "Melayu", false},
	{SV_INIT("my"), "မြန်မာ", false},
	{SV_INIT("ne"), "नेपाली", false},
	{SV_INIT("nl"), "Nederlands", false},
	{SV_INIT("no"), "norsk", false},
	{SV_INIT("pl"), "polski", false},
	{SV_INIT("ps"), "پښتو", true},
	{SV_INIT("pt"), "português", false},
	{SV_INIT("ro"), "română", false},
	{SV_INIT("ru"), "русский", false},
	{SV_INIT("sk"), "slovenčina", false},
	{SV_INIT("sl"), "slovenščina", false},
	{SV_INIT("so"), "Soomaali", false},
	{SV_INIT("sq"), "shqip", false},
	{SV_INIT("sr"), "српски", false},
	{SV_INIT("sv"), "svenska", false},
	{SV_INIT("sw"), "Kiswahili", false},
	{SV_INIT("ta"), "தமிழ்", false},
	{SV_INIT("tg"), "тоҷикӣ", false},
	{SV_INIT("th"), "ไทย", false},
	{SV_INIT("ti"), "ትግርኛ", false},
	{SV_INIT("tr"), "Türkçe", false},
	{SV_INIT("ug"), "ئۇيغۇرچە", true},
	{SV_INIT("uk"), "українська", false},
	{SV_INIT("ur"), "اردو", true},
	{SV_INIT("uz"), "o‘zbek", false},
	{SV_INIT("vi"), "Tiếng Việt", false},
	{SV_INIT("yi"), "ייִדיש", true},
	{SV_INIT("zh"), "中文", false},
};

/* Scripts written from right to left, ISO 15924. */
static const struct sv rtl_scripts[] = {
	SV_INIT("Arab"), SV_INIT("Hebr"), SV_INIT("Syrc"), SV_INIT("Thaa"), SV_INIT("Nkoo"),
};

static struct sv
primary(struct sv tag)
{
	return sv_head(tag, sv_find_char(tag, '-'));
}

const struct i18n_language *
i18n_at(size_t i)
{
	return i < i18n_languages_count ? &i18n_languages[i] : NULL;
}

const struct i18n_language *
i18n_match(struct sv tag)
{
	const struct i18n_language *near = &i18n_languages[0];
	size_t i;

	for (i = 0; i < i18n_languages_count; i++) {
		struct sv have = sv_of(i18n_languages[i].tag);

		if (sv_eq_nocase(have, tag))
			return &i18n_languages[i];
		if (near == &i18n_languages[0] && sv_eq_nocase(have, primary(tag)))
			near = &i18n_languages[i];
	}
	return near;
}

const char *
i18n(struct sv tag, enum i18n_key key)
{
	return i18n_match(tag)->texts[key];
}

/* BCP 47: a script is four letters right behind the language and its extensions of
 * three; it says more than the language does. */
static bool
script_of(struct sv tag, struct sv *ret)
{
	struct sv_split parts = sv_split_of(tag, '-');
	struct sv part;
	bool first = true;

	while (sv_split_next(&parts, &part)) {
		if (!first && part.n == 4 && (part.p[0] < '0' || part.p[0] > '9')) {
			*ret = part;
			return true;
		}
		if (!first && part.n != 3)
			break;
		first = false;
	}
	return false;
}

bool
i18n_rtl(struct sv tag)
{
	struct sv script;
	size_t i;

	if (script_of(tag, &script)) {
		for (i = 0; i < ARRAY_LEN(rtl_scripts); i++)
			if (sv_eq_nocase(script, rtl_scripts[i]))
				return true;
		return false;
	}
	for (i = 0; i < ARRAY_LEN(known); i++)
		if (sv_eq_nocase(known[i].code, primary(tag)))
			return known[i].rtl;
	return false;
}

const char *
i18n_name(struct sv tag)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++)
		if (sv_eq_nocase(known[i].code, primary(tag)))
			return known[i].name;
	return NULL;
}
