/*
 * brute.c — see brute.h.
 */
#include "brute.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "geo/country.h"

/* ---- expressions: a recursive evaluator over the characters ---- */

struct cursor {
	const char *p;
	const struct brute_person *person;
	const struct brute_stay *stay;
	int64_t sent;
	bool bad;
};

static bool eval_or(struct cursor *);

static void
skip(struct cursor *c)
{
	while (*c->p && isspace((unsigned char)*c->p))
		c->p++;
}

/* Is this word next, whole? Eat it then. */
static bool
eat(struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	skip(c);
	if (strncasecmp(c->p, word, n) != 0)
		return false;
	if (c->p[n] && !isspace((unsigned char)c->p[n]) && c->p[n] != '(' && c->p[n] != ')')
		return false;
	c->p += n;
	return true;
}

static bool
in_list(const char *list, const char *want, bool language)
{
	char copy[128], *at = copy, *one;

	snprintf(copy, sizeof(copy), "%s", list);
	while ((one = strsep(&at, ";")) != NULL) {
		size_t n = strlen(want);

		if (!language && strcmp(one, want) == 0)
			return true;
		if (language && strncasecmp(one, want, n) == 0 && (one[n] == '\0' || one[n] == '-'))
			return true;
	}
	return false;
}

static void
value(struct cursor *c, char *out, size_t size)
{
	size_t n = 0;

	if (*c->p == '"') {
		for (c->p++; *c->p && *c->p != '"'; c->p++) {
			if (*c->p == '\\' && c->p[1])
				c->p++;
			if (n + 1 < size)
				out[n++] = *c->p;
		}
		if (*c->p == '"')
			c->p++;
		else
			c->bad = true;
	} else {
		for (; *c->p && !isspace((unsigned char)*c->p) && !strchr("()", *c->p); c->p++)
			if (n + 1 < size)
				out[n++] = *c->p;
	}
	out[n] = '\0';
}

static bool
eval_predicate(struct cursor *c)
{
	char v[128];

	skip(c);
	if (eat(c, "dual"))
		return strchr(c->person->citizenships, ';') != NULL;
	if (eat(c, "resident"))
		return c->stay->to == BRUTE_OPEN;
	if (eat(c, "visitor"))
		return c->stay->to != BRUTE_OPEN;
	if (eat(c, "arriving"))
		return (int64_t)c->stay->from * 86400 - 14 * 3600 > c->sent;
#define TAKE(word)                                     \
	(strncasecmp(c->p, word, strlen(word)) == 0 && \
	 (c->p += strlen(word), value(c, v, sizeof(v)), true))
	if (TAKE("citizen:"))
		return in_list(c->person->citizenships, v, false);
	if (TAKE("language:"))
		return in_list(c->person->languages, v, true);
	if (TAKE("group:"))
		return in_list(c->person->groups, v, false);
	if (TAKE("in:"))
		return strcmp(v, c->stay->country) == 0 ||
		       (v[0] && strcmp(v, c->stay->subdivision) == 0);
	if (TAKE("status:"))
		return strcmp(v, c->person->status) == 0;
#undef TAKE
	c->bad = true;
	return false;
}

static bool
eval_not(struct cursor *c)
{
	bool v;

	if (c->bad)
		return false;
	if (eat(c, "not"))
		return !eval_not(c);
	skip(c);
	if (*c->p != '(')
		return eval_predicate(c);
	c->p++;
	v = eval_or(c);
	skip(c);
	if (*c->p == ')')
		c->p++;
	else
		c->bad = true;
	return v;
}

static bool
eval_and(struct cursor *c)
{
	bool v = eval_not(c);

	while (!c->bad && eat(c, "and"))
		v = eval_not(c) & v;
	return v;
}

static bool
eval_or(struct cursor *c)
{
	bool v = eval_and(c);

	while (!c->bad && eat(c, "or"))
		v = eval_and(c) | v;
	return v;
}

int
brute_expr(const char *text, const struct brute_person *person, const struct brute_stay *stay,
	   int64_t sent)
{
	struct cursor c = {text, person, stay, sent, false};
	bool v = eval_or(&c);

	skip(&c);
	return c.bad || *c.p ? -1 : v;
}

/* ---- area ---- */

static bool
names_iso(struct sv name)
{
	static const char *const known[] = {"ISO3166-1",  "ISO3166-2", "ISO3166", "ISO 3166-1",
					    "ISO 3166-2", "ISO 3166",  "country"};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sv_eq_nocase(name, sv_of(known[i])))
			return true;
	return false;
}

static bool
geocode_hits(const struct cap_pair *g, const struct brute_stay *s)
{
	if (!names_iso(g->name))
		return false;
	if (s->country[0] && country_by_code(g->value) == country_by_code(sv_of(s->country)))
		return true;
	return s->subdivision[0] && sv_eq_nocase(g->value, sv_of(s->subdivision));
}

/* Does any shape of the info meet the country? Each asked once: known holds 0 for
 * "not asked", 1 for no, 2 for yes, by country. */
static bool
shapes_meet(const struct cap_info *info, uint16_t country, uint8_t *known)
{
	size_t a, i;
	bool yes = false;

	if (country == COUNTRY_NONE)
		return false;
	if (known[country])
		return known[country] == 2;
	for (a = 0; a < info->n_areas; a++) {
		const struct cap_area *area = &info->areas[a];

		for (i = 0; i < area->n_polygons; i++)
			yes = yes || (area->polygons[i].ok &&
				      country_meets_ring(country, &area->polygons[i].ring));
		for (i = 0; i < area->n_circles; i++)
			yes = yes || (area->circles[i].ok &&
				      country_meets_circle(country, &area->circles[i].circle));
	}
	known[country] = yes ? 2 : 1;
	return yes;
}

static bool
area_hits(const struct cap_info *info, const struct brute_stay *s, uint8_t *known)
{
	size_t a, i;

	for (a = 0; a < info->n_areas; a++) {
		const struct cap_area *area = &info->areas[a];

		for (i = 0; i < area->geocodes.n; i++)
			if (geocode_hits(&area->geocodes.v[i], s))
				return true;
		for (i = 0; s->has_point && i < area->n_polygons; i++)
			if (area->polygons[i].ok &&
			    geo_ring_contains(&area->polygons[i].ring, s->point))
				return true;
		for (i = 0; s->has_point && i < area->n_circles; i++)
			if (area->circles[i].ok &&
			    geo_circle_contains(&area->circles[i].circle, s->point))
				return true;
	}
	return !s->has_point && shapes_meet(info, country_by_code(sv_of(s->country)), known);
}

/* ---- time ---- */

/* CAP's form, or nearly: a fraction, Z, or no offset at all (UTC). */
static bool
when(const struct cap_time *t, int64_t *ret)
{
	int y, mo, d, h, mi, s, oh = 0, om = 0, n = 0;
	char text[64], sign = '+';
	const char *rest;
	struct tm tm;

	if (t->ok) {
		*ret = t->at.utc;
		return true;
	}
	snprintf(text, sizeof(text), "%.*s", SV_ARG(t->text));
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &n) != 6 || n != 19)
		return false;
	rest = text + n;
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (strcmp(rest, "") != 0 && strcmp(rest, "Z") != 0 &&
	    (sscanf(rest, "%c%2d:%2d", &sign, &oh, &om) != 3 || strlen(rest) != 6))
		return false;
	memset(&tm, 0, sizeof(tm));
	tm.tm_year = y - 1900;
	tm.tm_mon = mo - 1;
	tm.tm_mday = d;
	tm.tm_hour = h;
	tm.tm_min = mi;
	tm.tm_sec = s;
	*ret = (int64_t)timegm(&tm) - (sign == '-' ? -60 : 60) * (oh * 60 + om);
	return true;
}

static bool
time_hits(const struct cap_info *info, int64_t sent, const int64_t *at, const struct brute_stay *s)
{
	int64_t begins = (int64_t)s->from * 86400 - 50400;
	int64_t ends = s->to == BRUTE_OPEN ? INT64_MAX : (int64_t)s->to * 86400 + 86400 + 43200;
	int64_t start, stop;

	if (!when(&info->effective, &start))
		start = sent;
	if (!when(&info->expires, &stop))
		stop = start + 72 * 3600;
	if (at)
		return begins <= *at && *at < ends;
	return start < stop && begins < stop && ends > start;
}

bool
brute_audience(const struct cap_alert *alert, const struct brute_person *people, size_t n,
	       const int64_t *at, const char *expr, bool *hit, struct brute_counts *counts)
{
	uint8_t *known = calloc(alert->n_infos + 1, country_count());
	size_t i, k, j;
	int64_t sent;
	bool readable = when(&alert->sent, &sent);

	if (!known)
		abort();
	if (!readable)
		sent = 0;
	memset(counts, 0, sizeof(*counts));
	memset(hit, 0, n * sizeof(*hit));
	for (i = 0; i < n; i++) {
		const struct brute_person *p = &people[i];
		bool matched[BRUTE_STAYS] = {false};

		for (j = 0; j < alert->n_infos; j++) {
			const struct cap_info *info = &alert->infos[j];
			struct sv own = cap_parameter(info, SV("audience"));
			char text[4200];

			snprintf(text, sizeof(text), "%.*s", SV_ARG(own));
			for (k = 0; k < p->n; k++) {
				int holds = 1;

				if (expr || own.p)
					holds = brute_expr(expr ? expr : text, p, &p->stays[k],
							   sent);
				if (holds < 0)
					readable = false;
				if (holds > 0 && time_hits(info, sent, at, &p->stays[k]) &&
				    area_hits(info, &p->stays[k], known + j * country_count()))
					matched[k] = true;
			}
		}
		for (k = 0; k < p->n; k++) {
			counts->stays += matched[k];
			counts->place_unknown += matched[k] && !p->stays[k].has_point;
			hit[i] = hit[i] || matched[k];
		}
		counts->persons += hit[i];
	}
	free(known);
	return readable;
}
