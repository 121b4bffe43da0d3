/*
 * crowd.c — see crowd.h.
 */
#include "crowd.h"

#include <math.h>
#include <stdio.h>

#include "audience/index.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/sv.h"
#include "geo/country.h"

static void
text(char *out, size_t size, const char *value)
{
	snprintf(out, size, "%s", value);
}

#define PICK(r, list) (list)[rand_below((r), sizeof(list) / sizeof((list)[0]))]

static double
wrap(double lon)
{
	return lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
}

static struct geo_point
place(struct rand *r, const struct geo_point *near, size_t n)
{
	struct geo_point p = {rand_unit(r) * 180 - 90, rand_unit(r) * 360 - 180};
	double spread;

	if (n == 0 || rand_below(r, 8) == 0)
		return p;
	p = near[rand_below(r, n)];
	if (rand_below(r, 6) == 0)
		return p;
	spread = rand_below(r, 2) ? 0.05 : 2;
	p.lat = fmin(90, fmax(-90, p.lat + (rand_unit(r) - 0.5) * spread));
	p.lon = wrap(p.lon + (rand_unit(r) - 0.5) * spread);
	if (rand_below(r, 3)) { /* as people write them: a few decimals */
		p.lat = nearbyint(p.lat * 1e4) / 1e4;
		p.lon = nearbyint(p.lon * 1e4) / 1e4;
	}
	return p;
}

static void
stay_make(struct brute_stay *s, struct rand *r, const struct geo_point *near, size_t n,
	  int32_t about)
{
	static const char *const countries[] = {"RU", "GE", "AM", "FR", "US", "AU", "FJ", "BR",
						"CA", "ID", "PH", "DE", "AQ", "GB", ""};
	static const char *const subdivisions[] = {"RU-MOW", "RU-SPE", "US-CA", "AU-NSW"};

	s->has_point = rand_below(r, 5) != 0;
	if (s->has_point)
		s->point = place(r, near, n);
	text(s->country, sizeof(s->country), PICK(r, countries));
	if (s->has_point && rand_below(r, 4)) {
		uint16_t c = n ? country_at(s->point) : COUNTRY_NONE;

		text(s->country, sizeof(s->country), c == COUNTRY_NONE ? "" : country_code(c));
	}
	if (rand_below(r, 5) == 0) {
		text(s->subdivision, sizeof(s->subdivision), PICK(r, subdivisions));
		snprintf(s->country, sizeof(s->country), "%.2s", s->subdivision);
	}
	s->from = about + (int32_t)rand_below(r, 12) - 8;
	s->to = s->from + (int32_t)rand_below(r, 6);
	if (rand_below(r, 2) == 0) { /* long ones, so that any alert finds somebody */
		s->from = 10957;     /* 2000-01-01 */
		s->to = rand_below(r, 2) ? BRUTE_OPEN : 25000;
	}
}

struct brute_person *
crowd_new(size_t n, uint64_t seed, const struct geo_point *near, size_t n_near, int32_t about)
{
	static const char *const citizenships[] = {"RU", "FR;RU", "DE", "", "US", "AM;GE;RU", "FR"};
	static const char *const languages[] = {"ru", "en;ru", "pt-BR", "fr;en", "", "de"};
	static const char *const groups[] = {"", "staff", "a b;staff", "drill", "or", "\"q\""};
	static const char *const statuses[] = {"unreached", "handed-over", "reached", "answered"};
	struct brute_person *people = MEM_NEW_N(struct brute_person, n);
	struct rand r;
	size_t i, k;

	rand_init(&r, seed);
	for (i = 0; i < n; i++) {
		struct brute_person *p = &people[i];

		p->id = (int64_t)i * 3 + 1;
		/* so that the order of refs is not that of ids */
		snprintf(p->ref, sizeof(p->ref), "p%llu-%zu",
			 (unsigned long long)rand_below(&r, 1000), i);
		text(p->citizenships, sizeof(p->citizenships), PICK(&r, citizenships));
		text(p->languages, sizeof(p->languages), PICK(&r, languages));
		text(p->groups, sizeof(p->groups), PICK(&r, groups));
		p->status = PICK(&r, statuses);
		p->channels = (unsigned)rand_below(&r, 4) * 2; /* none, e-mail, SMS, both */
		p->n = (size_t)(rand_below(&r, 10) == 0 ? rand_below(&r, BRUTE_STAYS + 1) : 1);
		for (k = 0; k < p->n; k++)
			stay_make(&p->stays[k], &r, near, n_near, about);
	}
	return people;
}

static struct index_person
person_of(const struct brute_person *p)
{
	return (struct index_person){p->id,
				     sv_of(p->ref),
				     sv_of(p->citizenships),
				     sv_of(p->languages),
				     sv_of(p->groups),
				     (uint8_t)p->channels};
}

static struct index_stay
stay_of(const struct brute_stay *s)
{
	return (struct index_stay){s->has_point,          s->point, sv_of(s->country),
				   sv_of(s->subdivision), s->from,  s->to};
}

struct index *
crowd_index(const struct brute_person *people, size_t from, size_t to)
{
	struct index_builder *b = index_builder_new();
	struct index *ix = NULL;
	size_t i, k;

	for (i = from; i < to; i++) {
		struct index_person p = person_of(&people[i]);

		index_builder_person(b, &p);
		for (k = 0; k < people[i].n; k++) {
			struct index_stay s = stay_of(&people[i].stays[k]);

			index_builder_stay(b, &s);
		}
	}
	BUG_ON(index_builder_finish(&ix, &b, NULL) != RC_OK);
	return ix;
}

void
crowd_add(struct index *ix, const struct brute_person *person)
{
	struct index_person p = person_of(person);
	size_t k;

	index_add(ix, &p);
	for (k = 0; k < person->n; k++) {
		struct index_stay s = stay_of(&person->stays[k]);

		index_add_stay(ix, &s);
	}
}
