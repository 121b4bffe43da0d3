/*
 * cap_compare.c — the <info> blocks of one message beside each other
 * (CAP 1.2, 3.2.2). Pure.
 *
 * There are at most LIMIT_CAP_INFOS of them; texts of unlike length, the usual
 * case, are told apart without being read.
 */
#include "cap/cap_compare.h"

/* Lists as sets: order and repetition do not matter. */
static bool
texts_within(struct cap_texts a, struct cap_texts b)
{
	size_t i, k;

	for (i = 0; i < a.n; i++) {
		for (k = 0; k < b.n && !sv_eq(a.v[i], b.v[k]); k++)
			;
		if (k == b.n)
			return false;
	}
	return true;
}

static bool
pairs_within(struct cap_pairs a, struct cap_pairs b)
{
	size_t i, k;

	for (i = 0; i < a.n; i++) {
		/* Usually in the same order. */
		if (i < b.n && sv_eq(a.v[i].name, b.v[i].name) && sv_eq(a.v[i].value, b.v[i].value))
			continue;
		for (k = 0; k < b.n; k++) {
			if (sv_eq(a.v[i].name, b.v[k].name) && sv_eq(a.v[i].value, b.v[k].value))
				break;
		}
		if (k == b.n)
			return false;
	}
	return true;
}

static struct sv
primary_of(const struct cap_info *info)
{
	struct sv tag = cap_language(info);

	return sv_head(tag, sv_find_char(tag, '-'));
}

/* A single word is often the same in two languages. */
static bool
is_sentence(struct sv v)
{
	return sv_find_char(v, ' ') < v.n;
}

static void
judge_copy(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *alert,
	   enum cap_info_child place)
{
	const struct cap_info *info = f->object, *other;
	size_t at = f->children[place].at, i;
	struct sv mine = *(const struct sv *)(const void *)((const char *)info + at);

	if (!is_sentence(mine))
		return;
	for (i = 0; i + 1 < alert->n_infos; i++) {
		other = &alert->infos[i];
		if (!sv_eq(mine, *(const struct sv *)(const void *)((const char *)other + at)) ||
		    sv_eq_nocase(primary_of(info), primary_of(other)))
			continue;
		cap_tell(s, CAP_RULE_SAME_TEXT, cap_spot_child(f, place),
			 "the same text for \"%.*s\" and \"%.*s\" (expected a translation)",
			 SV_ARG(cap_quote(s, cap_language(other))),
			 SV_ARG(cap_quote(s, cap_language(info))));
		return;
	}
}

static void
judge_event(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *alert)
{
	const struct cap_info *info = f->object, *other;
	size_t i;

	/* The first of the same language speaks for all of it. */
	for (i = 0; i + 1 < alert->n_infos; i++) {
		other = &alert->infos[i];
		if (!sv_eq_nocase(cap_language(info), cap_language(other)))
			continue;
		if (!sv_eq(info->event, other->event))
			cap_tell(s, CAP_RULE_EVENTS_DIFFER, cap_spot_child(f, CAP_INFO_EVENT),
				 "\"%.*s\", but \"%.*s\" in <info> %zu of the same language "
				 "(expected one event)",
				 SV_ARG(cap_quote(s, info->event)),
				 SV_ARG(cap_quote(s, other->event)), i + 1);
		return;
	}
}

void
cap_compare_info(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *alert)
{
	const struct cap_info *info = f->object, *first = &alert->infos[0];

	if (!texts_within(info->categories, first->categories) ||
	    !texts_within(first->categories, info->categories))
		cap_tell(s, CAP_RULE_CATEGORIES_DIFFER, cap_spot_child(f, CAP_INFO_CATEGORY),
			 "other categories than in the first <info> (expected the same)");
	if (!pairs_within(info->event_codes, first->event_codes) ||
	    !pairs_within(first->event_codes, info->event_codes))
		cap_tell(s, CAP_RULE_EVENT_CODES_DIFFER, cap_spot_child(f, CAP_INFO_EVENT_CODE),
			 "other event codes than in the first <info> (expected the same)");
	judge_event(s, f, alert);
	judge_copy(s, f, alert, CAP_INFO_EVENT);
	judge_copy(s, f, alert, CAP_INFO_HEADLINE);
	judge_copy(s, f, alert, CAP_INFO_DESCRIPTION);
	judge_copy(s, f, alert, CAP_INFO_INSTRUCTION);
}
