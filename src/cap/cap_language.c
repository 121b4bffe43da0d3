/*
 * cap_language.c — see cap_language.h. The tables hold what matters for finding a
 * reader's text, not the whole registry.
 */
#include <string.h>

#include "base/utf8.h"
#include "cap/cap_language.h"

/* IANA language subtag registry: grandfathered tags with their preferred value, whole. */
static const struct {
	struct sv old, now;
} whole[] = {
	{SV_INIT("art-lojban"), SV_INIT("jbo")},
	{SV_INIT("i-hak"), SV_INIT("hak")},
	{SV_INIT("i-klingon"), SV_INIT("tlh")},
	{SV_INIT("i-lux"), SV_INIT("lb")},
	{SV_INIT("i-navajo"), SV_INIT("nv")},
	{SV_INIT("no-bok"), SV_INIT("nb")},
	{SV_INIT("no-nyn"), SV_INIT("nn")},
	{SV_INIT("zh-guoyu"), SV_INIT("zh")},
	{SV_INIT("zh-hakka"), SV_INIT("hak")},
	{SV_INIT("zh-min-nan"), SV_INIT("nan")},
	{SV_INIT("zh-xiang"), SV_INIT("hsn")},
	{SV_INIT("en-gb-oed"), SV_INIT("en-gb")},
	/* RFC 2277 4.5: what somebody who reads English can understand. */
	{SV_INIT("i-default"), SV_INIT("en")},
};

/* First subtags: deprecated ones of the registry, and the encompassing language where it is
 * what everybody writes (Unicode CLDR, languageAlias). */
static const struct {
	struct sv old, now;
} primaries[] = {
	{SV_INIT("iw"), SV_INIT("he")},     {SV_INIT("in"), SV_INIT("id")},
	{SV_INIT("ji"), SV_INIT("yi")},     {SV_INIT("jw"), SV_INIT("jv")},
	{SV_INIT("mo"), SV_INIT("ro")},     {SV_INIT("sh"), SV_INIT("sr-latn")},
	{SV_INIT("tl"), SV_INIT("fil")},    {SV_INIT("no"), SV_INIT("nb")},
	{SV_INIT("cmn"), SV_INIT("zh")},    {SV_INIT("arb"), SV_INIT("ar")},
	{SV_INIT("zsm"), SV_INIT("ms")},    {SV_INIT("pes"), SV_INIT("fa")},
	{SV_INIT("prs"), SV_INIT("fa-af")},
};

static const struct {
	struct sv member, family;
} families[] = {
	{SV_INIT("nb"), SV_INIT("no")},  {SV_INIT("nn"), SV_INIT("no")},
	{SV_INIT("yue"), SV_INIT("zh")}, {SV_INIT("wuu"), SV_INIT("zh")},
	{SV_INIT("nan"), SV_INIT("zh")}, {SV_INIT("hak"), SV_INIT("zh")},
	{SV_INIT("hsn"), SV_INIT("zh")}, {SV_INIT("gan"), SV_INIT("zh")},
	{SV_INIT("arz"), SV_INIT("ar")}, {SV_INIT("apc"), SV_INIT("ar")},
	{SV_INIT("ary"), SV_INIT("ar")}, {SV_INIT("acm"), SV_INIT("ar")},
};

/* Languages written in two scripts: which, by region; the last row of a language is for all
 * other regions (Unicode CLDR, likelySubtags). */
static const struct {
	struct sv language, region, script;
} likely[] = {
	{SV_INIT("zh"), SV_INIT("tw"), SV_INIT("hant")},
	{SV_INIT("zh"), SV_INIT("hk"), SV_INIT("hant")},
	{SV_INIT("zh"), SV_INIT("mo"), SV_INIT("hant")},
	{SV_INIT("zh"), SV_INIT(""), SV_INIT("hans")},
	{SV_INIT("yue"), SV_INIT("cn"), SV_INIT("hans")},
	{SV_INIT("yue"), SV_INIT(""), SV_INIT("hant")},
	{SV_INIT("sr"), SV_INIT("me"), SV_INIT("latn")},
	{SV_INIT("sr"), SV_INIT(""), SV_INIT("cyrl")},
	{SV_INIT("az"), SV_INIT("ir"), SV_INIT("arab")},
	{SV_INIT("az"), SV_INIT(""), SV_INIT("latn")},
	{SV_INIT("uz"), SV_INIT("af"), SV_INIT("arab")},
	{SV_INIT("uz"), SV_INIT(""), SV_INIT("latn")},
	{SV_INIT("pa"), SV_INIT("pk"), SV_INIT("arab")},
	{SV_INIT("pa"), SV_INIT(""), SV_INIT("guru")},
	{SV_INIT("mn"), SV_INIT("cn"), SV_INIT("mong")},
	{SV_INIT("mn"), SV_INIT(""), SV_INIT("cyrl")},
	{SV_INIT("kk"), SV_INIT("cn"), SV_INIT("arab")},
	{SV_INIT("kk"), SV_INIT(""), SV_INIT("cyrl")},
};

/* Languages written in one script. */
static const struct {
	const char *script;
	struct sv languages;
} one_script[] = {
	{"Cyrl", SV_INIT("ru uk be bg mk ky tg tt os ce")},
	{"Arab", SV_INIT("ar fa ur ps ckb sd ug")},
	{"Hebr", SV_INIT("he yi")},
	{"Hani", SV_INIT("zh yue wuu nan hak hsn gan")},
	{"Jpan", SV_INIT("ja")},
	{"Kore", SV_INIT("ko")},
	{"Grek", SV_INIT("el")},
	{"Deva", SV_INIT("hi mr ne")},
	{"Beng", SV_INIT("bn as")},
	{"Taml", SV_INIT("ta")},
	{"Telu", SV_INIT("te")},
	{"Knda", SV_INIT("kn")},
	{"Mlym", SV_INIT("ml")},
	{"Gujr", SV_INIT("gu")},
	{"Orya", SV_INIT("or")},
	{"Sinh", SV_INIT("si")},
	{"Thai", SV_INIT("th")},
	{"Laoo", SV_INIT("lo")},
	{"Mymr", SV_INIT("my")},
	{"Khmr", SV_INIT("km")},
	{"Tibt", SV_INIT("bo dz")},
	{"Geor", SV_INIT("ka")},
	{"Armn", SV_INIT("hy")},
	{"Ethi", SV_INIT("am ti")},
	{"Thaa", SV_INIT("dv")},
	{"Latn",
	 SV_INIT("en fr de es pt it nl pl cs sk sl hr ro hu fi sv da nb nn et lv lt is ga mt "
		 "sq tr id ms vi fil sw so eu ca gl")},
};

/* Blocks of Unicode 15 in which a script's letters lie. A script may have several rows. */
static const struct {
	char script[5];
	uint32_t from, to;
} letters[] = {
	{"Latn", 'A', 'Z'},         {"Latn", 'a', 'z'},       {"Latn", 0xC0, 0x24F},
	{"Latn", 0x1E00, 0x1EFF},   {"Cyrl", 0x400, 0x52F},   {"Cyrl", 0x1C80, 0x1C8F},
	{"Cyrl", 0x2DE0, 0x2DFF},   {"Cyrl", 0xA640, 0xA69F}, {"Grek", 0x370, 0x3FF},
	{"Grek", 0x1F00, 0x1FFF},   {"Armn", 0x530, 0x58F},   {"Hebr", 0x590, 0x5FF},
	{"Arab", 0x620, 0x6FF},     {"Arab", 0x750, 0x77F},   {"Arab", 0x8A0, 0x8FF},
	{"Arab", 0xFB50, 0xFDFF},   {"Arab", 0xFE70, 0xFEFF}, {"Thaa", 0x780, 0x7BF},
	{"Deva", 0x900, 0x97F},     {"Beng", 0x980, 0x9FF},   {"Guru", 0xA00, 0xA7F},
	{"Gujr", 0xA80, 0xAFF},     {"Orya", 0xB00, 0xB7F},   {"Taml", 0xB80, 0xBFF},
	{"Telu", 0xC00, 0xC7F},     {"Knda", 0xC80, 0xCFF},   {"Mlym", 0xD00, 0xD7F},
	{"Sinh", 0xD80, 0xDFF},     {"Thai", 0xE00, 0xE7F},   {"Laoo", 0xE80, 0xEFF},
	{"Tibt", 0xF00, 0xFFF},     {"Mymr", 0x1000, 0x109F}, {"Geor", 0x10A0, 0x10FF},
	{"Geor", 0x1C90, 0x1CBF},   {"Geor", 0x2D00, 0x2D2F}, {"Ethi", 0x1200, 0x139F},
	{"Ethi", 0x2D80, 0x2DDF},   {"Khmr", 0x1780, 0x17FF}, {"Mong", 0x1800, 0x18AF},
	{"Hani", 0x3400, 0x4DBF},   {"Hani", 0x4E00, 0x9FFF}, {"Hani", 0xF900, 0xFAFF},
	{"Hani", 0x20000, 0x3FFFF}, {"Hans", 0x3400, 0x4DBF}, {"Hans", 0x4E00, 0x9FFF},
	{"Hant", 0x3400, 0x4DBF},   {"Hant", 0x4E00, 0x9FFF}, {"Jpan", 0x3040, 0x30FF},
	{"Jpan", 0x4E00, 0x9FFF},   {"Kore", 0x1100, 0x11FF}, {"Kore", 0x3130, 0x318F},
	{"Kore", 0xAC00, 0xD7AF},
};

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
all_letters(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (!is_letter(v.p[i]))
			return false;
	return v.n > 0;
}

/* Lower case, '-', without "*" in later parts, cut between parts; false when it is no tag. */
static bool
take_parts(struct cap_tag *t, struct sv text)
{
	char copy[256];
	struct sv_split parts;
	struct sv part;
	bool full = false;
	size_t i;

	if (text.n == 0 || text.n > sizeof(copy))
		return false;
	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		copy[i] = c == '_' ? '-' : c;
		if (!is_letter(copy[i]) && !is_digit(copy[i]) && copy[i] != '-' && copy[i] != '*')
			return false;
	}
	t->n = 0;
	parts = sv_split_of((struct sv){copy, text.n}, '-');
	while (sv_split_next(&parts, &part)) {
		if (part.n == 0 || part.n > 8)
			return false;
		if (t->n == 0 && !all_letters(part))
			return false; /* "*-CH" too: a place is no language */
		if (sv_find_char(part, '*') < part.n && part.n > 1)
			return false;
		full |= t->n + 1 + part.n > LIMIT_LANGUAGE;
		if (full || part.p[0] == '*')
			continue;
		if (t->n > 0)
			t->text[t->n++] = '-';
		memcpy(t->text + t->n, part.p, part.n);
		t->n += part.n;
	}
	return t->n > 0;
}

/* The first n bytes by `now`. */
static void
replace_head(struct cap_tag *t, size_t n, struct sv now)
{
	if (t->n - n + now.n > sizeof(t->text))
		return;
	memmove(t->text + now.n, t->text + n, t->n - n);
	memcpy(t->text, now.p, now.n);
	t->n = t->n - n + now.n;
}

bool
cap_tag_of(struct cap_tag *ret, struct sv text)
{
	struct cap_tag t;
	struct sv first, second;
	size_t i;

	if (!take_parts(&t, sv_trim(text)))
		return false;
	for (i = 0; i < ARRAY_LEN(whole); i++) {
		struct sv old = whole[i].old;

		if (sv_starts(cap_tag_sv(&t), old) && (t.n == old.n || t.text[old.n] == '-')) {
			replace_head(&t, old.n, whole[i].now);
			break;
		}
	}
	/* An extended language subtag is the language: zh-yue is yue (RFC 5646, 4.5). */
	first = cap_tag_primary(&t);
	second = sv_from(cap_tag_sv(&t), first.n + 1);
	second = sv_head(second, sv_find_char(second, '-'));
	if (first.n <= 3 && second.n == 3 && all_letters(second))
		replace_head(&t, first.n + 1, SV(""));
	for (i = 0; i < ARRAY_LEN(primaries); i++) {
		if (sv_eq(cap_tag_primary(&t), primaries[i].old)) {
			replace_head(&t, primaries[i].old.n, primaries[i].now);
			break;
		}
	}
	*ret = t;
	return true;
}

struct sv
cap_tag_sv(const struct cap_tag *t)
{
	return (struct sv){t->text, t->n};
}

struct sv
cap_tag_primary(const struct cap_tag *t)
{
	struct sv v = cap_tag_sv(t);

	return sv_head(v, sv_find_char(v, '-'));
}

struct sv
cap_tag_family(const struct cap_tag *t)
{
	struct sv first = cap_tag_primary(t);
	size_t i;

	for (i = 0; i < ARRAY_LEN(families); i++)
		if (sv_eq(first, families[i].member))
			return families[i].family;
	return first;
}

/* The part of that many letters behind the first, before any single letter. */
static struct sv
part_of(const struct cap_tag *t, size_t n)
{
	struct sv_split parts = sv_split_of(cap_tag_sv(t), '-');
	struct sv part;

	(void)sv_split_next(&parts, &part);
	while (sv_split_next(&parts, &part) && part.n > 1)
		if (part.n == n && all_letters(part))
			return part;
	return SV("");
}

struct sv
cap_tag_script(const struct cap_tag *t)
{
	struct sv script = part_of(t, 4), region = part_of(t, 2);
	size_t i;

	if (script.n > 0)
		return script;
	for (i = 0; i < ARRAY_LEN(likely); i++)
		if (sv_eq(likely[i].language, cap_tag_primary(t)) &&
		    (likely[i].region.n == 0 || sv_eq(likely[i].region, region)))
			return likely[i].script;
	return SV("");
}

bool
cap_language_same(struct sv a, struct sv b)
{
	struct cap_tag ta, tb;

	if (!cap_tag_of(&ta, a) || !cap_tag_of(&tb, b))
		return sv_eq_nocase(sv_trim(a), sv_trim(b));
	return sv_eq(cap_tag_sv(&ta), cap_tag_sv(&tb));
}

const char *
cap_language_script(struct sv tag)
{
	struct cap_tag t;
	struct sv script, rest, language;
	size_t i;

	if (!cap_tag_of(&t, tag))
		return NULL;
	script = part_of(&t, 4);
	for (i = 0; script.n > 0 && i < ARRAY_LEN(letters); i++)
		if (sv_eq_nocase(sv_of(letters[i].script), script))
			return letters[i].script;
	for (i = 0; script.n == 0 && i < ARRAY_LEN(one_script); i++) {
		rest = one_script[i].languages;
		while (sv_word(&rest, &language))
			if (sv_eq(language, cap_tag_primary(&t)))
				return one_script[i].script;
	}
	return NULL;
}

bool
cap_script_in(const char *script, struct sv text)
{
	uint32_t c;
	size_t i;

	while (utf8_next(&text, &c))
		for (i = 0; i < ARRAY_LEN(letters); i++)
			if (c >= letters[i].from && c <= letters[i].to &&
			    strcmp(letters[i].script, script) == 0)
				return true;
	return false;
}

bool
cap_letters_in(struct sv text)
{
	uint32_t c;
	size_t i;

	while (utf8_next(&text, &c))
		for (i = 0; i < ARRAY_LEN(letters); i++)
			if (c >= letters[i].from && c <= letters[i].to)
				return true;
	return false;
}
