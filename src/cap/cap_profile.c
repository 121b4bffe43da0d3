/*
 * cap_profile.c — the profiles by name, the rules that several of them have, and how
 * their findings join those of the reader. Pure.
 *
 * A value that could not be read was reported by the reader; the rules here then say
 * nothing of it.
 */
#include "cap/cap_profile.h"

#include "base/arena.h"
#include "cap/cap_compare.h"
#include "cap/cap_profile_int.h"

const char cap_profile_names[] = "none, ipaws, cap-cp or au";

static const struct {
	const char *name;
	void (*judge)(struct cap_judge *);
	bool (*claims)(struct sv code);
} profiles[] = {
	[CAP_PROFILE_NONE] = {"none", NULL, NULL},
	[CAP_PROFILE_IPAWS] = {"ipaws", cap_judge_ipaws, cap_claims_ipaws},
	[CAP_PROFILE_CP] = {"cap-cp", cap_judge_cp, cap_claims_cp},
	[CAP_PROFILE_AU] = {"au", cap_judge_au, cap_claims_au},
};

bool
cap_profile_find(struct sv name, enum cap_profile *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(profiles); i++) {
		if (sv_eq(name, sv_of(profiles[i].name))) {
			*ret = (enum cap_profile)i;
			return true;
		}
	}
	return false;
}

const char *
cap_profile_name(enum cap_profile p)
{
	BUG_ON((size_t)p >= ARRAY_LEN(profiles));
	return profiles[p].name;
}

static bool
has_claim(const struct cap_alert *a, bool (*claims)(struct sv))
{
	size_t i;

	for (i = 0; i < a->codes.n; i++) {
		if (claims(a->codes.v[i]))
			return true;
	}
	return false;
}

bool
cap_profile_claimed(enum cap_profile p, const struct cap_alert *a)
{
	BUG_ON((size_t)p >= ARRAY_LEN(profiles));
	return p != CAP_PROFILE_NONE && has_claim(a, profiles[p].claims);
}

/* What a profile demands of a message and the standard only advises: told once, by the
 * profile. */
static const struct {
	enum cap_rule profile, advice;
} stronger[] = {
	{CAP_RULE_PROFILE_INFO, CAP_RULE_MISSING_INFO},
	{CAP_RULE_PROFILE_EVENT_CODES, CAP_RULE_EVENT_CODES_DIFFER},
	{CAP_RULE_PROFILE_CATEGORIES, CAP_RULE_CATEGORIES_DIFFER},
	{CAP_RULE_PROFILE_AREA, CAP_RULE_MISSING_AREA},
	{CAP_RULE_PROFILE_EXPIRES, CAP_RULE_MISSING_EXPIRES},
	{CAP_RULE_PROFILE_SENDER_NAME, CAP_RULE_MISSING_SENDER_NAME},
	{CAP_RULE_PROFILE_RESPONSE, CAP_RULE_MISSING_RESPONSE},
	{CAP_RULE_PROFILE_INSTRUCTION, CAP_RULE_MISSING_INSTRUCTION},
	{CAP_RULE_PROFILE_SHAPE, CAP_RULE_GEOCODE_ALONE},
	{CAP_RULE_IPAWS_EXPIRES, CAP_RULE_MISSING_EXPIRES},
	{CAP_RULE_IPAWS_DESCRIPTION, CAP_RULE_MISSING_DESCRIPTION},
	{CAP_RULE_IPAWS_WEA_POLYGON, CAP_RULE_POLYGON_POINTS},
	{CAP_RULE_AU_EVENTS_DIFFER, CAP_RULE_EVENTS_DIFFER},
	{CAP_RULE_AU_TEST, CAP_RULE_NOT_ACTIONABLE},
};

/* The advice on the same thing that no finding of the profile has taken over; all->n when
 * there is none. */
static size_t
advice_on(const struct cap_findings *all, const bool *taken, const struct cap_finding *f)
{
	const char *rule = NULL;
	size_t i;

	for (i = 0; i < ARRAY_LEN(stronger); i++) {
		if (f->rule == cap_rule_row(stronger[i].profile)->name)
			rule = cap_rule_row(stronger[i].advice)->name;
	}
	for (i = 0; rule != NULL && i < all->n; i++) {
		if (all->v[i].rule == rule && all->v[i].warning && !taken[i] &&
		    sv_starts(all->v[i].path, f->path))
			return i;
	}
	return all->n;
}

/* Advice that is told by the profile as well is left out; its place, the more exact, stays.
 * Both lists are bounded by LIMIT_CAP_FINDINGS. */
static const struct cap_findings *
merge(const struct cap_findings *found, struct cap_sink *more, struct arena *arena)
{
	struct cap_findings *all = ARENA_NEW(arena, struct cap_findings);
	bool *taken = ARENA_NEW_N(arena, bool, found->n + 1);
	struct cap_finding *v;
	size_t i, k, n = 0;

	for (k = 0; k < more->n; k++) {
		i = advice_on(found, taken, &more->v[k]);
		if (i == found->n)
			continue;
		taken[i] = true;
		more->v[k].line = found->v[i].line;
		more->v[k].path = found->v[i].path;
	}
	cap_sink_sort(more);
	v = ARENA_NEW_N(arena, struct cap_finding, found->n + more->n);
	for (i = k = 0; i < found->n || k < more->n;) {
		if (k == more->n || (i < found->n && found->v[i].line <= more->v[k].line)) {
			if (!taken[i])
				v[n++] = found->v[i];
			i++;
		} else {
			v[n++] = more->v[k++];
		}
	}
	all->v = v;
	all->n = n;
	all->errors = found->errors + more->errors;
	return all;
}

const struct cap_findings *
cap_profile_judge(enum cap_profile p, const struct cap_alert *alert,
		  const struct cap_findings *found, struct arena *arena)
{
	struct cap_judge j = {.sink = {.arena = arena}, .alert = alert};

	BUG_ON((size_t)p >= ARRAY_LEN(profiles));
	if (p == CAP_PROFILE_NONE)
		return found;
	profiles[p].judge(&j);
	return j.sink.n == 0 ? found : merge(found, &j.sink, arena);
}

int
cap_alert_line(const struct cap_judge *j, size_t place)
{
	const struct cap_alert *a = j->alert;

	return a->lines != NULL && a->lines[place] > 0 ? a->lines[place] : a->line;
}

int
cap_info_line(const struct cap_judge *j, size_t i, size_t place)
{
	const struct cap_info *info = &j->alert->infos[i];

	return info->lines != NULL && info->lines[place] > 0 ? info->lines[place] : info->line;
}

struct sv
cap_info_path(struct cap_judge *j, size_t i, const char *child)
{
	return arena_fmt(j->sink.arena, "/alert/info[%zu]%s", i + 1, child);
}

struct sv
cap_pair_path(struct cap_judge *j, size_t i, const char *child, size_t k)
{
	return arena_fmt(j->sink.arena, "/alert/info[%zu]%s[%zu]", i + 1, child, k + 1);
}

struct sv
cap_area_path(struct cap_judge *j, size_t i, size_t area, const char *child)
{
	return arena_fmt(j->sink.arena, "/alert/info[%zu]/area[%zu]%s", i + 1, area + 1, child);
}

struct sv
cap_geocode_path(struct cap_judge *j, size_t i, size_t area, size_t k)
{
	return arena_fmt(j->sink.arena, "/alert/info[%zu]/area[%zu]/geocode[%zu]", i + 1, area + 1,
			 k + 1);
}

void
cap_judge_message(struct cap_judge *j, bool (*claims)(struct sv), const char *code)
{
	const struct cap_alert *a = j->alert;

	if (!has_claim(a, claims))
		cap_tell_at(&j->sink, CAP_RULE_PROFILE_CODE, a->line, SV("/alert"),
			    "no <code> with %s (expected one: it claims the profile)", code);
	if (a->n_infos == 0 && a->msgtype != CAP_MSGTYPE_ACK && a->msgtype != CAP_MSGTYPE_ERROR)
		cap_tell_at(&j->sink, CAP_RULE_PROFILE_INFO, a->line, SV("/alert"),
			    "no <info> (expected one or more, but in an Ack or Error)");
}

void
cap_judge_event_codes(struct cap_judge *j)
{
	const struct cap_alert *a = j->alert;
	size_t i;

	for (i = 1; i < a->n_infos; i++) {
		if (!cap_pairs_same(a->infos[i].event_codes, a->infos[0].event_codes))
			cap_tell_at(&j->sink, CAP_RULE_PROFILE_EVENT_CODES, a->infos[i].line,
				    cap_info_path(j, i, ""),
				    "other event codes than in the first <info> (expected the "
				    "same: one message is about one event)");
	}
}

void
cap_judge_categories(struct cap_judge *j)
{
	const struct cap_alert *a = j->alert;
	size_t i;

	for (i = 1; i < a->n_infos; i++) {
		if (!cap_texts_same(a->infos[i].categories, a->infos[0].categories))
			cap_tell_at(&j->sink, CAP_RULE_PROFILE_CATEGORIES, a->infos[i].line,
				    cap_info_path(j, i, ""),
				    "other categories than in the first <info> (expected the "
				    "same)");
	}
}

static void
tell_info(struct cap_judge *j, enum cap_rule rule, size_t i, const char *missing)
{
	cap_tell_at(&j->sink, rule, j->alert->infos[i].line, cap_info_path(j, i, ""),
		    "no %s (expected one)", missing);
}

void
cap_judge_area(struct cap_judge *j, size_t i)
{
	if (j->alert->infos[i].n_areas == 0)
		tell_info(j, CAP_RULE_PROFILE_AREA, i, "<area>");
}

void
cap_judge_expires(struct cap_judge *j, size_t i)
{
	if (j->alert->infos[i].expires.text.n == 0)
		tell_info(j, CAP_RULE_PROFILE_EXPIRES, i, "<expires>");
}

void
cap_judge_sender_name(struct cap_judge *j, size_t i)
{
	if (j->alert->infos[i].sender_name.n == 0)
		tell_info(j, CAP_RULE_PROFILE_SENDER_NAME, i, "<senderName>");
}

void
cap_judge_response(struct cap_judge *j, size_t i)
{
	if (j->alert->infos[i].responses.n == 0)
		tell_info(j, CAP_RULE_PROFILE_RESPONSE, i, "<responseType>");
}

void
cap_judge_instruction(struct cap_judge *j, size_t i)
{
	if (j->alert->infos[i].instruction.n == 0)
		tell_info(j, CAP_RULE_PROFILE_INSTRUCTION, i, "<instruction>");
}

void
cap_judge_shape(struct cap_judge *j, size_t i)
{
	const struct cap_info *info = &j->alert->infos[i];
	size_t k;

	for (k = 0; k < info->n_areas; k++) {
		if (info->areas[k].n_polygons + info->areas[k].n_circles > 0)
			return;
	}
	if (info->n_areas > 0)
		cap_tell_at(&j->sink, CAP_RULE_PROFILE_SHAPE, info->areas[0].line,
			    cap_area_path(j, i, 0, ""),
			    "no <polygon> or <circle> in any <area> (expected one: geocodes tell "
			    "the place less exactly)");
}
