/*
 * cap_profile_ipaws.c — OASIS "CAP v1.2 USA IPAWS Profile v1.0", with the limits of the
 * channels behind it: the Emergency Alert System (47 CFR 11.31) and Wireless Emergency
 * Alerts (47 CFR 10.430). Pure.
 *
 * A message goes to every channel that no parameter BLOCKCHANNEL takes out.
 */
#include "base/arena.h"
#include "base/utf8.h"
#include "cap/cap_profile_int.h"

#define SAME_LOCATIONS_MAX 31  /* 47 CFR 11.31 (c): of one EAS message */
#define WEA_POINTS_MAX     100 /* of a polygon, the last included */

static const struct sv same_events[] = {
#define CAP_SAME_EVENT(code, event) SV_INIT(code),
#include "cap/cap_same_events.def"
#undef CAP_SAME_EVENT
};

/* Values of EAS-ORG: 47 CFR 11.31 (d). */
static const struct sv originators[] = {SV_INIT("EAS"), SV_INIT("CIV"), SV_INIT("WXR"),
					SV_INIT("PEP")};

/* Values of BLOCKCHANNEL that IPAWS-OPEN knows. */
static const char *const channels[] = {"CMAS", "EAS", "NWEM", "PUBLIC", "CAPEXCH"};

/* Texts for mobile phones: 47 CFR 10.430. */
static const struct {
	struct sv name;
	size_t max; /* characters */
} wea_texts[] = {
	{SV_INIT("CMAMtext"), 90},
	{SV_INIT("CMAMlongtext"), 360},
};

bool
cap_claims_ipaws(struct sv code)
{
	return sv_eq(code, SV("IPAWSv1.0"));
}

static bool
listed(const struct sv *list, size_t n, struct sv v)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (sv_eq(v, list[i]))
			return true;
	}
	return false;
}

static bool
is_digits(struct sv v, size_t n)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			return false;
	}
	return v.n == n;
}

/* The profile wants the offset of the place; UTC is hardly that of any in the United States. */
static void
judge_offset(struct cap_judge *j, const struct cap_time *t, int line, struct sv path)
{
	if (t->ok && t->at.offset_min == 0)
		cap_tell_at(&j->sink, CAP_RULE_IPAWS_OFFSET, line, path,
			    "%.*s is in UTC (expected the offset of local time)", SV_ARG(t->text));
}

static void
judge_times(struct cap_judge *j, size_t i)
{
	const struct cap_info *info = &j->alert->infos[i];

	if (info->expires.text.n == 0)
		cap_tell_at(&j->sink, CAP_RULE_IPAWS_EXPIRES, info->line, cap_info_path(j, i, ""),
			    "no <expires> (expected one)");
	judge_offset(j, &info->expires, cap_info_line(j, i, CAP_INFO_EXPIRES),
		     cap_info_path(j, i, "/expires"));
	if (info->effective.text.n > 0)
		cap_tell_at(&j->sink, CAP_RULE_IPAWS_TIME_IGNORED,
			    cap_info_line(j, i, CAP_INFO_EFFECTIVE),
			    cap_info_path(j, i, "/effective"),
			    "<effective> is ignored (expected none: the message holds from when it "
			    "is issued)");
	if (info->onset.text.n > 0)
		cap_tell_at(&j->sink, CAP_RULE_IPAWS_TIME_IGNORED,
			    cap_info_line(j, i, CAP_INFO_ONSET), cap_info_path(j, i, "/onset"),
			    "<onset> is ignored (expected none: the message holds from when it is "
			    "issued)");
}

static void
judge_event_code(struct cap_judge *j, size_t i)
{
	const struct cap_info *info = &j->alert->infos[i];
	const struct cap_pair *p;
	size_t k, n = 0;

	for (k = 0; k < info->event_codes.n; k++) {
		p = &info->event_codes.v[k];
		if (!sv_eq(p->name, SV("SAME")))
			continue;
		n++;
		if (n > 1)
			cap_tell_at(&j->sink, CAP_RULE_IPAWS_EVENT_CODE, p->line,
				    cap_pair_path(j, i, "/eventCode", k),
				    "one more eventCode SAME (expected one alone)");
		else if (p->value.n != 3)
			cap_tell_at(&j->sink, CAP_RULE_IPAWS_EVENT_CODE, p->line,
				    cap_pair_path(j, i, "/eventCode", k),
				    "\"%.*s\" (expected a SAME code of three letters)",
				    SV_ARG(cap_quote(&j->sink, p->value)));
		else if (!listed(same_events, ARRAY_LEN(same_events), p->value))
			cap_tell_at(&j->sink, CAP_RULE_IPAWS_EVENT_UNLISTED, p->line,
				    cap_pair_path(j, i, "/eventCode", k),
				    "\"%.*s\" (expected a code of 47 CFR 11.31)",
				    SV_ARG(cap_quote(&j->sink, p->value)));
	}
	if (n == 0)
		cap_tell_at(&j->sink, CAP_RULE_IPAWS_EVENT_CODE, info->line,
			    cap_info_path(j, i, ""),
			    "no eventCode with the valueName SAME (expected one)");
}

static bool
is_blocked(const struct cap_info *info, struct sv channel)
{
	size_t k;

	for (k = 0; k < info->parameters.n; k++) {
		if (sv_eq(info->parameters.v[k].name, SV("BLOCKCHANNEL")) &&
		    sv_eq_nocase(info->parameters.v[k].value, channel))
			return true;
	}
	return false;
}

static void
judge_channel(struct cap_judge *j, size_t i, size_t k)
{
	const struct cap_pair *p = &j->alert->infos[i].parameters.v[k];
	size_t c;

	for (c = 0; c < ARRAY_LEN(channels); c++) {
		if (sv_eq_nocase(p->value, sv_of(channels[c])))
			return;
	}
	cap_tell_at(&j->sink, CAP_RULE_IPAWS_CHANNEL, p->line, cap_pair_path(j, i, "/parameter", k),
		    "BLOCKCHANNEL \"%.*s\" (expected CMAS, EAS, NWEM, PUBLIC or CAPEXCH)",
		    SV_ARG(cap_quote(&j->sink, p->value)));
}

static void
judge_wea_text(struct cap_judge *j, size_t i, size_t k)
{
	const struct cap_pair *p = &j->alert->infos[i].parameters.v[k];
	size_t t, n;

	for (t = 0; t < ARRAY_LEN(wea_texts); t++) {
		if (!sv_eq(p->name, wea_texts[t].name))
			continue;
		n = utf8_count(p->value);
		if (n > wea_texts[t].max)
			cap_tell_at(&j->sink, CAP_RULE_IPAWS_WEA_TEXT, p->line,
				    cap_pair_path(j, i, "/parameter", k),
				    "%s of %zu characters (expected at most %zu)",
				    wea_texts[t].name.p, n, wea_texts[t].max);
	}
}

static void
judge_parameters(struct cap_judge *j, size_t i)
{
	const struct cap_info *info = &j->alert->infos[i];
	const struct cap_pair *p;
	bool originator = false;
	size_t k;

	for (k = 0; k < info->parameters.n; k++) {
		p = &info->parameters.v[k];
		if (sv_eq(p->name, SV("BLOCKCHANNEL"))) {
			judge_channel(j, i, k);
		} else if (sv_eq(p->name, SV("EAS-ORG"))) {
			originator = true;
			if (!listed(originators, ARRAY_LEN(originators), p->value))
				cap_tell_at(&j->sink, CAP_RULE_IPAWS_ORIGINATOR, p->line,
					    cap_pair_path(j, i, "/parameter", k),
					    "EAS-ORG \"%.*s\" (expected EAS, CIV, WXR or PEP)",
					    SV_ARG(cap_quote(&j->sink, p->value)));
		} else {
			judge_wea_text(j, i, k);
		}
	}
	if (!originator && !(is_blocked(info, SV("EAS")) && is_blocked(info, SV("NWEM"))))
		cap_tell_at(
			&j->sink, CAP_RULE_IPAWS_NO_ORIGINATOR, info->line, cap_info_path(j, i, ""),
			"no parameter EAS-ORG (expected one, or BLOCKCHANNEL for EAS and NWEM)");
}

/* Returns the number of SAME geocodes of the area. */
static size_t
judge_geocodes(struct cap_judge *j, size_t i, size_t at)
{
	const struct cap_area *area = &j->alert->infos[i].areas[at];
	const struct cap_pair *g;
	size_t k, n = 0;

	for (k = 0; k < area->geocodes.n; k++) {
		g = &area->geocodes.v[k];
		if (!sv_eq(g->name, SV("SAME")))
			continue;
		n++;
		if (!is_digits(g->value, 6))
			cap_tell_at(&j->sink, CAP_RULE_IPAWS_GEOCODE_FORM, g->line,
				    cap_geocode_path(j, i, at, k),
				    "SAME \"%.*s\" (expected six digits PSSCCC)",
				    SV_ARG(cap_quote(&j->sink, g->value)));
	}
	if (n == 0)
		cap_tell_at(&j->sink, CAP_RULE_IPAWS_GEOCODE, area->line,
			    cap_area_path(j, i, at, ""),
			    "no geocode with the valueName SAME (expected one or more)");
	return n;
}

static void
judge_polygons(struct cap_judge *j, size_t i, size_t at)
{
	const struct cap_area *area = &j->alert->infos[i].areas[at];
	const struct cap_polygon *p;
	size_t k;

	for (k = 0; k < area->n_polygons; k++) {
		p = &area->polygons[k];
		if (p->ok && p->ring.n > WEA_POINTS_MAX)
			cap_tell_at(&j->sink, CAP_RULE_IPAWS_WEA_POLYGON, p->line,
				    arena_fmt(j->sink.arena,
					      "/alert/info[%zu]/area[%zu]/polygon[%zu]", i + 1,
					      at + 1, k + 1),
				    "%zu points (expected at most %d: mobile phones get no more)",
				    p->ring.n, WEA_POINTS_MAX);
	}
}

static void
judge_areas(struct cap_judge *j, size_t i)
{
	const struct cap_info *info = &j->alert->infos[i];
	bool phones = !is_blocked(info, SV("CMAS"));
	size_t k, n = 0;

	cap_judge_area(j, i);
	for (k = 0; k < info->n_areas; k++) {
		n += judge_geocodes(j, i, k);
		if (phones)
			judge_polygons(j, i, k);
	}
	if (n > SAME_LOCATIONS_MAX && !is_blocked(info, SV("EAS")))
		cap_tell_at(&j->sink, CAP_RULE_IPAWS_MANY_GEOCODES, info->line,
			    cap_info_path(j, i, ""),
			    "%zu SAME geocodes (expected at most %d: EAS takes no more)", n,
			    SAME_LOCATIONS_MAX);
}

void
cap_judge_ipaws(struct cap_judge *j)
{
	const struct cap_info *info;
	size_t i;

	cap_judge_message(j, cap_claims_ipaws, "IPAWSv1.0");
	judge_offset(j, &j->alert->sent, cap_alert_line(j, CAP_ALERT_SENT), SV("/alert/sent"));
	cap_judge_event_codes(j);
	cap_judge_categories(j);
	for (i = 0; i < j->alert->n_infos; i++) {
		info = &j->alert->infos[i];
		judge_times(j, i);
		judge_event_code(j, i);
		if (info->description.n == 0)
			cap_tell_at(&j->sink, CAP_RULE_IPAWS_DESCRIPTION, info->line,
				    cap_info_path(j, i, ""), "no <description> (expected one)");
		cap_judge_instruction(j, i);
		judge_parameters(j, i);
		judge_areas(j, i);
	}
}
