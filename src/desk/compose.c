/*
 * compose.c — see compose.h. All infos in the chosen language are told, in
 * their order: they may differ in area or audience, but nobody is told which
 * of them is "theirs". A block (audience/plan.h) that lacks the language is told in
 * the next best one: it may be the one that matters to the reader.
 */
#include "desk/compose.h"
#include "audience/plan.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "cap/cap_choose.h"

struct sv
compose_language(const struct compose *c, struct sv languages)
{
	if (c->cap->n_infos == 0)
		return SV("en");
	return cap_language(&c->cap->infos[cap_choose_info(c->cap, languages)]);
}

static struct sv
headline(const struct cap_info *info)
{
	return info->headline.n > 0 ? info->headline : info->event;
}

static const char *
kind_of(const struct cap_alert *cap, struct sv language)
{
	switch (cap->msgtype) {
	case CAP_MSGTYPE_UPDATE:
		return i18n(language, I18N_UPDATE);
	case CAP_MSGTYPE_CANCEL:
		return i18n(language, I18N_CANCELLED);
	default:
		return i18n(language, I18N_SECURITY_ALERT);
	}
}

static const struct cap_info *
first_in(const struct cap_alert *cap, struct sv language)
{
	size_t i;

	for (i = 0; i < cap->n_infos; i++)
		if (sv_eq_nocase(cap_language(&cap->infos[i]), language))
			return &cap->infos[i];
	return NULL;
}

/* The word EXERCISE, also in a live installation for an alert that is a drill. */
static bool
is_exercise(const struct compose *c)
{
	return c->practice || c->cap->status != CAP_STATUS_ACTUAL;
}

struct sv
compose_subject(struct arena *a, const struct compose *c, struct sv language)
{
	const struct cap_info *info = first_in(c->cap, language);
	const char *exercise = is_exercise(c) ? i18n(language, I18N_EXERCISE) : "";

	if (!c->concerned)
		return arena_fmt(a, "%s%s%s", exercise, exercise[0] != '\0' ? ": " : "",
				 i18n(language, I18N_NOT_CONCERNED));
	return arena_fmt(a, "%s%s%s: %.*s", exercise, exercise[0] != '\0' ? ": " : "",
			 kind_of(c->cap, language), info != NULL ? (int)headline(info).n : 0,
			 info != NULL && headline(info).n > 0 ? headline(info).p : "");
}

static void
add_part(struct buf *b, struct sv language, enum i18n_key title, struct sv text)
{
	if (text.n > 0)
		buf_addf(b, "\n%s\n%.*s\n", i18n(language, title), SV_ARG(text));
}

static void
add_places(struct buf *b, struct sv language, const struct cap_info *info)
{
	bool some = false;
	size_t i;

	for (i = 0; i < info->n_areas; i++) {
		if (info->areas[i].desc.n == 0)
			continue;
		if (!some)
			buf_addf(b, "\n%s\n", i18n(language, I18N_WHERE));
		buf_addf(b, "%.*s\n", SV_ARG(info->areas[i].desc));
		some = true;
	}
}

static void
add_info(struct buf *b, const struct compose *c, struct sv language, const struct cap_info *info)
{
	buf_addf(b, "%s\n%.*s\n", kind_of(c->cap, language), SV_ARG(headline(info)));
	if (info->expires.ok && c->cap->msgtype != CAP_MSGTYPE_CANCEL) {
		buf_addf(b, "%s ", i18n(language, I18N_IN_FORCE_UNTIL));
		time_add_date(
			b, time_utc_day(info->expires.at.utc + info->expires.at.offset_min * 60));
		buf_addf(b, " %.*s\n", SV_ARG(sv_from(info->expires.text, 11)));
	}
	add_part(b, language, I18N_HAPPENING, info->description);
	add_part(b, language, I18N_TO_DO, info->instruction);
	add_places(b, language, info);
	add_part(b, language, I18N_CONTACT, info->contact);
	add_part(b, language, I18N_MORE_INFORMATION, info->web);
}

static struct sv
primary(struct sv tag)
{
	return sv_head(tag, sv_find_char(tag, '-'));
}

/* How well an info serves a reader of that language: 3 best. */
static int
fitness(const struct cap_info *info, struct sv language)
{
	struct sv own = cap_language(info);

	if (sv_eq_nocase(own, language))
		return 3;
	if (sv_eq_nocase(primary(own), primary(language)))
		return 2;
	return sv_eq_nocase(primary(own), SV("en")) ? 1 : 0;
}

bool
compose_tells(const struct cap_alert *cap, size_t i, struct sv language)
{
	int own = fitness(&cap->infos[i], language), other;
	size_t k;

	for (k = 0; own < 3 && k < cap->n_infos; k++) {
		if (k == i || !plan_same_block(&cap->infos[k], &cap->infos[i]))
			continue;
		other = fitness(&cap->infos[k], language);
		if (other > own || (other == own && k < i))
			return false;
	}
	return true;
}

/* Where a reader learns whether the message is true. */
static void
add_check(struct buf *b, const struct compose *c, struct sv language)
{
	if (c->code.n == 0)
		return;
	if (c->check.n > 0)
		buf_addf(b, "\n%s %.*s, %s %.*s\n", i18n(language, I18N_IS_GENUINE),
			 SV_ARG(c->check), i18n(language, I18N_CODE), SV_ARG(c->code));
	else
		buf_addf(b, "\n%s: %.*s\n", i18n(language, I18N_ALERT_CODE), SV_ARG(c->code));
}

void
compose_body(struct buf *b, const struct compose *c, struct sv language)
{
	bool first = true;
	size_t i;

	if (is_exercise(c))
		buf_addf(b, "%s — %s\n\n", i18n(language, I18N_EXERCISE),
			 i18n(language, I18N_EXERCISE_NOTE));
	if (!c->concerned)
		buf_addf(b, "%s.\n\n", i18n(language, I18N_NOT_CONCERNED));
	for (i = 0; i < c->cap->n_infos; i++) {
		if (!compose_tells(c->cap, i, language))
			continue;
		if (!first)
			buf_adds(b, "\n----\n\n");
		add_info(b, c, cap_language(&c->cap->infos[i]), &c->cap->infos[i]);
		first = false;
	}
	if (c->link.n > 0)
		buf_addf(b, "\n%s: %.*s\n", i18n(language, I18N_FULL_ALERT), SV_ARG(c->link));
	add_check(b, c, language);
	buf_addf(b, "\n-- \n%s %.*s.\n", i18n(language, I18N_REGISTERED_WITH),
		 SV_ARG(c->authority));
	if (c->contact.n > 0)
		buf_addf(b, "%s: %.*s\n", i18n(language, I18N_CONTACT), SV_ARG(c->contact));
}
