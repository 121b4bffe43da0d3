/*
 * cap_profile_au.c — OASIS "CAP v1.2 Australia Profile v1.0" (CAP-AU-STD), with
 * AUeventLIST 1.0. Pure.
 *
 * The list is named by its place on the web or by a name below that of the profile; both
 * are in use.
 */
#include "cap/cap_profile_int.h"

#define AU_CODE  SV("urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0")
#define AU_BELOW SV("urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0:")
#define AU_LIST  SV("urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0:AUeventLIST")
#define AU_PLACE SV("https://govshare.gov.au/xmlui/handle/10772/6495")

static const struct event {
	const char *code, *general, *special;
} events[] = {
#define CAP_AU_EVENT(code, general, special) {code, general, special},
#include "cap/cap_au_events.def"
#undef CAP_AU_EVENT
};

/* Lists that a geocode may be of: addresses, states, places, postcodes. */
static const char *const geocode_lists[] = {
	"http://www.psma.com.au/?product=g-naf",
	"http://www.iso.org/iso/country_codes.html",
	"http://www.ga.gov.au/place-name/",
	"http://www.psma.com.au/?product=postcode-boundaries",
};

bool
cap_claims_au(struct sv code)
{
	return sv_eq(code, AU_CODE);
}

static bool
is_event_list(struct sv name)
{
	return sv_eq(name, AU_PLACE) || sv_starts(name, AU_LIST);
}

static bool
is_geocode_list(struct sv name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(geocode_lists); i++) {
		if (sv_eq(name, sv_of(geocode_lists[i])))
			return true;
	}
	return sv_starts(name, AU_BELOW);
}

static const struct event *
event_of(struct sv code)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(events); i++) {
		if (sv_eq(code, sv_of(events[i].code)))
			return &events[i];
	}
	return NULL;
}

/* A local part and a domain, of the characters that addresses of agencies have. */
static bool
is_address(struct sv v)
{
	size_t at = sv_find_char(v, '@'), i;
	char c;

	for (i = 0; i < v.n; i++) {
		c = v.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '.' && c != '-' && c != '_' && i != at && !(c == '+' && i < at))
			return false;
	}
	return at > 0 && at + 1 < v.n;
}

/* The list's events are English: an <info> of another language may have its own words. */
static void
judge_event(struct cap_judge *j, size_t i, const struct event *e, struct sv code)
{
	const struct cap_info *info = &j->alert->infos[i];

	if (!sv_eq_nocase(sv_head(cap_language(info), 2), SV("en")) ||
	    sv_eq(info->event, sv_of(e->general)) ||
	    (e->special[0] != '\0' && sv_eq(info->event, sv_of(e->special))))
		return;
	cap_tell_at(&j->sink, CAP_RULE_AU_EVENT_MISMATCH, cap_info_line(j, i, CAP_INFO_EVENT),
		    cap_info_path(j, i, "/event"), "\"%.*s\" with the code %.*s (expected %s%s%s)",
		    SV_ARG(cap_quote(&j->sink, info->event)), SV_ARG(code), e->general,
		    e->special[0] != '\0' ? " or " : "", e->special);
}

static void
judge_event_code(struct cap_judge *j, size_t i)
{
	const struct cap_info *info = &j->alert->infos[i];
	const struct cap_pair *p, *first = NULL;
	const struct event *e;
	size_t k;

	for (k = 0; k < info->event_codes.n; k++) {
		p = &info->event_codes.v[k];
		if (!is_event_list(p->name))
			continue;
		if (first == NULL) {
			first = p;
			e = event_of(p->value);
			if (e != NULL)
				judge_event(j, i, e, p->value);
			else
				cap_tell_at(&j->sink, CAP_RULE_AU_EVENT_UNLISTED, p->line,
					    cap_pair_path(j, i, "/eventCode", k),
					    "\"%.*s\" (expected a code of AUeventLIST 1.0)",
					    SV_ARG(cap_quote(&j->sink, p->value)));
		} else if (!sv_eq(p->value, first->value)) {
			cap_tell_at(&j->sink, CAP_RULE_AU_EVENT_CODE, p->line,
				    cap_pair_path(j, i, "/eventCode", k),
				    "\"%.*s\" beside \"%.*s\" (expected one code of AUeventLIST)",
				    SV_ARG(cap_quote(&j->sink, p->value)),
				    SV_ARG(cap_quote(&j->sink, first->value)));
		}
	}
	if (first == NULL)
		cap_tell_at(&j->sink, CAP_RULE_AU_EVENT_CODE, info->line, cap_info_path(j, i, ""),
			    "no eventCode of AUeventLIST (expected one, with the valueName %s)",
			    AU_PLACE.p);
}

/* The first <info> of a language says what the event is called in it. */
static void
judge_same_event(struct cap_judge *j, size_t i)
{
	const struct cap_info *infos = j->alert->infos;
	size_t k;

	for (k = 0; k < i; k++) {
		if (sv_eq_nocase(cap_language(&infos[k]), cap_language(&infos[i])))
			break;
	}
	if (k < i && !sv_eq(infos[k].event, infos[i].event))
		cap_tell_at(&j->sink, CAP_RULE_AU_EVENTS_DIFFER,
			    cap_info_line(j, i, CAP_INFO_EVENT), cap_info_path(j, i, "/event"),
			    "\"%.*s\", but \"%.*s\" in <info> %zu of the same language (expected "
			    "the same)",
			    SV_ARG(cap_quote(&j->sink, infos[i].event)),
			    SV_ARG(cap_quote(&j->sink, infos[k].event)), k + 1);
}

static void
judge_areas(struct cap_judge *j, size_t i)
{
	const struct cap_info *info = &j->alert->infos[i];
	const struct cap_area *area;
	size_t k, g;

	cap_judge_area(j, i);
	for (k = 0; k < info->n_areas; k++) {
		area = &info->areas[k];
		for (g = 0; g < area->geocodes.n; g++) {
			if (is_geocode_list(area->geocodes.v[g].name))
				break;
		}
		if (g == area->geocodes.n)
			cap_tell_at(&j->sink, CAP_RULE_AU_GEOCODE, area->line,
				    cap_area_path(j, i, k, ""),
				    "no geocode of a list that the profile names (expected one, "
				    "such as the state by ISO 3166-2)");
	}
	cap_judge_shape(j, i);
}

void
cap_judge_au(struct cap_judge *j)
{
	const struct cap_alert *a = j->alert;
	size_t i;

	cap_judge_message(j, cap_claims_au, AU_CODE.p);
	if (a->sender.n > 0 && !is_address(a->sender))
		cap_tell_at(&j->sink, CAP_RULE_AU_SENDER, cap_alert_line(j, CAP_ALERT_SENDER),
			    SV("/alert/sender"),
			    "\"%.*s\" (expected an e-mail address of the agency)",
			    SV_ARG(cap_quote(&j->sink, a->sender)));
	if (a->status == CAP_STATUS_TEST)
		cap_tell_at(&j->sink, CAP_RULE_AU_TEST, cap_alert_line(j, CAP_ALERT_STATUS),
			    SV("/alert/status"),
			    "status Test is logged and not broadcast (expected Actual or Exercise, "
			    "if anybody is to see it)");
	cap_judge_event_codes(j);
	cap_judge_categories(j);
	for (i = 0; i < a->n_infos; i++) {
		judge_event_code(j, i);
		judge_same_event(j, i);
		if (a->msgtype == CAP_MSGTYPE_CANCEL && a->infos[i].effective.text.n > 0)
			cap_tell_at(&j->sink, CAP_RULE_AU_CANCEL_EFFECTIVE,
				    cap_info_line(j, i, CAP_INFO_EFFECTIVE),
				    cap_info_path(j, i, "/effective"),
				    "<effective> in a Cancel (expected none)");
		cap_judge_expires(j, i);
		cap_judge_sender_name(j, i);
		cap_judge_response(j, i);
		cap_judge_instruction(j, i);
		judge_areas(j, i);
	}
}
