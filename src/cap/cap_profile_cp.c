/*
 * cap_profile_cp.c — the Canadian Profile of CAP: Introduction and Rule Set, beta 0.4 and
 * 1.0 (the numbers of its rules stand in cap_rules.def), with the Event References and
 * the form of the Location References. Pure.
 *
 * A list is named with its version, as in profile:CAP-CP:Event:0.4; every version counts.
 */
#include "cap/cap_profile_int.h"

#define CP_CODE     SV("profile:CAP-CP:")
#define CP_EVENT    SV("profile:CAP-CP:Event:")
#define CP_LOCATION SV("profile:CAP-CP:Location:")

static const struct sv events[] = {
#define CAP_CP_EVENT(code) SV_INIT(code),
#include "cap/cap_cp_events.def"
#undef CAP_CP_EVENT
};

bool
cap_claims_cp(struct sv code)
{
	return sv_starts(code, CP_CODE) && code.n > CP_CODE.n;
}

static bool
is_event(struct sv code)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(events); i++) {
		if (sv_eq(code, events[i]))
			return true;
	}
	return false;
}

/* A code of the Standard Geographical Classification, 00 for all of Canada, or "none". */
static bool
is_location(struct sv v)
{
	size_t i;

	if (sv_eq(v, SV("none")))
		return true;
	for (i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			return false;
	}
	return v.n >= 2 && v.n <= 7;
}

static void
judge_event_code(struct cap_judge *j, size_t i)
{
	const struct cap_info *info = &j->alert->infos[i];
	const struct cap_pair *p, *first = NULL;
	size_t k;

	for (k = 0; k < info->event_codes.n; k++) {
		p = &info->event_codes.v[k];
		if (!sv_starts(p->name, CP_EVENT))
			continue;
		if (first == NULL)
			first = p;
		else if (sv_eq(p->name, first->name) && !sv_eq(p->value, first->value))
			cap_tell_at(&j->sink, CAP_RULE_CP_SECOND_EVENT, p->line,
				    cap_pair_path(j, i, "/eventCode", k),
				    "\"%.*s\" beside \"%.*s\" (expected one event a message)",
				    SV_ARG(cap_quote(&j->sink, p->value)),
				    SV_ARG(cap_quote(&j->sink, first->value)));
		if (!is_event(p->value))
			cap_tell_at(&j->sink, CAP_RULE_CP_EVENT_UNLISTED, p->line,
				    cap_pair_path(j, i, "/eventCode", k),
				    "\"%.*s\" (expected a code of the CAP-CP Event References)",
				    SV_ARG(cap_quote(&j->sink, p->value)));
	}
	if (first == NULL)
		cap_tell_at(&j->sink, CAP_RULE_CP_EVENT_CODE, info->line, cap_info_path(j, i, ""),
			    "no eventCode of the CAP-CP Event References (expected a valueName "
			    "such as profile:CAP-CP:Event:0.4)");
}

static void
judge_geocodes(struct cap_judge *j, size_t i, size_t at)
{
	const struct cap_area *area = &j->alert->infos[i].areas[at];
	const struct cap_pair *g;
	bool any = false;
	size_t k;

	for (k = 0; k < area->geocodes.n; k++) {
		g = &area->geocodes.v[k];
		if (!sv_starts(g->name, CP_LOCATION))
			continue;
		any = true;
		if (!is_location(g->value))
			cap_tell_at(&j->sink, CAP_RULE_CP_GEOCODE_FORM, g->line,
				    cap_geocode_path(j, i, at, k),
				    "\"%.*s\" (expected two to seven digits, or none)",
				    SV_ARG(cap_quote(&j->sink, g->value)));
	}
	if (!any)
		cap_tell_at(&j->sink, CAP_RULE_CP_GEOCODE, area->line, cap_area_path(j, i, at, ""),
			    "no geocode of the CAP-CP Location References (expected a valueName "
			    "such as profile:CAP-CP:Location:0.3)");
}

/* Each <info> says its language; the message has English and French. */
static void
judge_languages(struct cap_judge *j)
{
	const struct cap_alert *a = j->alert;
	bool english = false, french = false;
	struct sv language;
	size_t i;

	for (i = 0; i < a->n_infos; i++) {
		language = cap_language(&a->infos[i]);
		english |= sv_eq_nocase(language, SV("en-CA")) ||
			   sv_eq_nocase(language, SV("en-US"));
		french |= sv_eq_nocase(language, SV("fr-CA"));
		if (a->infos[i].language.n == 0)
			cap_tell_at(&j->sink, CAP_RULE_CP_LANGUAGE, a->infos[i].line,
				    cap_info_path(j, i, ""), "no <language> (expected one)");
	}
	if (a->n_infos > 0 && !(english && french))
		cap_tell_at(&j->sink, CAP_RULE_CP_TWO_LANGUAGES, a->line, SV("/alert"),
			    "no <info> in %s (expected one in en-CA and one in fr-CA)",
			    english  ? "French"
			    : french ? "English"
				     : "English, and none in French");
}

void
cap_judge_cp(struct cap_judge *j)
{
	size_t i, k;

	cap_judge_message(j, cap_claims_cp, "profile:CAP-CP:1.0 or 0.4");
	cap_judge_event_codes(j);
	judge_languages(j);
	for (i = 0; i < j->alert->n_infos; i++) {
		judge_event_code(j, i);
		cap_judge_expires(j, i);
		cap_judge_sender_name(j, i);
		cap_judge_response(j, i);
		cap_judge_instruction(j, i);
		cap_judge_area(j, i);
		for (k = 0; k < j->alert->infos[i].n_areas; k++)
			judge_geocodes(j, i, k);
		cap_judge_shape(j, i);
	}
}
