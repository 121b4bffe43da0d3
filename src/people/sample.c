/*
 * sample.c — one person at a time, from a stream of numbers of its own, so that any
 * person can be made without those before.
 */
#include "people/sample.h"

#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/rand.h"
#include "people/person_csv.h"
#include "people/sample_table.h"

#define STAYS_MAX 3

/* True in `percent` of a hundred. */
static bool
chance(struct rand *r, unsigned percent)
{
	return rand_below(r, 100) < percent;
}

static const struct sample_origin *
draw_origin(struct rand *r)
{
	uint64_t total = 0, at;
	size_t i;

	for (i = 0; i < sample_origin_count; i++)
		total += sample_origins[i].weight;
	at = rand_below(r, total);
	for (i = 0; at >= sample_origins[i].weight; i++)
		at -= sample_origins[i].weight;
	return &sample_origins[i];
}

static const struct sample_city *
draw_city(struct rand *r)
{
	uint64_t total = 0, at;
	size_t i;

	for (i = 0; i < sample_city_count; i++)
		total += sample_cities[i].weight;
	at = rand_below(r, total);
	for (i = 0; at >= sample_cities[i].weight; i++)
		at -= sample_cities[i].weight;
	return &sample_cities[i];
}

static void
code_to(char *to, size_t cap, const char *code)
{
	size_t n = strlen(code);

	BUG_ON(n >= cap);
	memcpy(to, code, n + 1);
}

/* Near a city, within some 15 km; some stays say only the country. */
static void
draw_stay(struct stay *s, struct rand *r, int32_t day)
{
	const struct sample_city *c = draw_city(r);

	memset(s, 0, sizeof(*s));
	code_to(s->country, sizeof(s->country), c->country);
	if (c->subdivision[0] != '\0' && chance(r, 70))
		code_to(s->subdivision, sizeof(s->subdivision), c->subdivision);
	s->has_point = chance(r, 92);
	s->point.lat = c->lat + (rand_unit(r) - 0.5) * 0.2;
	s->point.lon = c->lon + (rand_unit(r) - 0.5) * 0.2;
	if (chance(r, 55)) {
		s->from_day = day - 30 - (int32_t)rand_below(r, 3000);
		s->to_day = STAY_OPEN;
	} else {
		s->from_day = day - 20 + (int32_t)rand_below(r, 60);
		s->to_day = s->from_day + (int32_t)rand_below(r, 28);
	}
}

/* Ranges that regulators keep free for films and books. */
static void
draw_phone(struct buf *ret, struct rand *r)
{
	static const char *const area[] = {"202", "212", "305", "312", "415"};

	switch (rand_below(r, 4)) {
	case 0:
		buf_addf(ret, "+447700900%03u", (unsigned)rand_below(r, 1000));
		break;
	case 1:
		buf_addf(ret, "+1%s55501%02u", area[rand_below(r, ARRAY_LEN(area))],
			 (unsigned)rand_below(r, 100));
		break;
	case 2:
		buf_addf(ret, "+33639980%03u", (unsigned)rand_below(r, 1000));
		break;
	default:
		buf_addf(ret, "+493023125%03u", (unsigned)rand_below(r, 1000));
	}
}

static void
draw_citizenships(struct buf *ret, struct rand *r, const struct sample_origin *o)
{
	const struct sample_origin *other = draw_origin(r);
	int order = strcmp(o->citizenship, other->citizenship);

	if (!chance(r, 12) || order == 0)
		buf_adds(ret, o->citizenship);
	else
		buf_addf(ret, "%s;%s", order < 0 ? o->citizenship : other->citizenship,
			 order < 0 ? other->citizenship : o->citizenship);
}

static void
draw_groups(struct buf *ret, struct rand *r)
{
	static const struct {
		const char *name;
		unsigned percent;
	} groups[] = {{"drill", 2}, {"staff", 4}, {"students", 6}, {"wardens", 1}};
	size_t i;

	for (i = 0; i < ARRAY_LEN(groups); i++) {
		if (!chance(r, groups[i].percent))
			continue;
		if (ret->n > 0)
			buf_addc(ret, ';');
		buf_adds(ret, groups[i].name);
	}
}

struct draft {
	struct buf ref, name, citizenships, email, phone, groups;
	struct contact contacts[2];
	struct stay stays[STAYS_MAX];
};

static size_t
draw_contacts(struct draft *d, struct rand *r, const char *given, const char *family, uint64_t i)
{
	static const char *const domains[] = {"example.org", "example.com", "example.net"};
	size_t n = 0;

	if (chance(r, 94)) {
		buf_addf(&d->email, "%s.%s.%llu@%s", given, family, (unsigned long long)i + 1,
			 domains[rand_below(r, ARRAY_LEN(domains))]);
		d->contacts[n++] = (struct contact){CHANNEL_EMAIL, buf_sv(&d->email)};
	}
	if (chance(r, 62)) {
		draw_phone(&d->phone, r);
		d->contacts[n++] = (struct contact){CHANNEL_SMS, buf_sv(&d->phone)};
	}
	return n;
}

void
sample_header(struct buf *ret)
{
	buf_adds(ret, PERSON_CSV_HEADER "\n");
}

void
sample_person(struct buf *ret, uint64_t seed, uint64_t i, int32_t day)
{
	struct draft d = {.ref = BUF_INIT(64),
			  .name = BUF_INIT(256),
			  .citizenships = BUF_INIT(64),
			  .email = BUF_INIT(254),
			  .phone = BUF_INIT(32),
			  .groups = BUF_INIT(256)};
	const struct sample_origin *o;
	const struct sample_name *given, *family;
	struct person p = {0};
	struct rand r;
	size_t n;

	rand_init(&r, seed ^ (i * 0x9E3779B97F4A7C15u));
	o = draw_origin(&r);
	given = &o->given[rand_below(&r, o->given_n)];
	family = &o->family[rand_below(&r, o->family_n)];
	buf_addf(&d.ref, "P%07llu", (unsigned long long)i + 1);
	buf_addf(&d.name, "%s %s", given->text, family->text);
	draw_citizenships(&d.citizenships, &r, o);
	draw_groups(&d.groups, &r);
	p.contact_count = draw_contacts(&d, &r, given->ascii, family->ascii, i);
	p.contacts = d.contacts;
	p.stay_count = chance(&r, 80) ? 1 : 2 + rand_below(&r, STAYS_MAX - 1);
	for (n = 0; n < p.stay_count; n++)
		draw_stay(&d.stays[n], &r, day);
	p.stays = d.stays;
	p.ref = buf_sv(&d.ref);
	p.name = buf_sv(&d.name);
	p.citizenships = buf_sv(&d.citizenships);
	p.languages = sv_of(o->languages);
	p.groups = buf_sv(&d.groups);
	for (n = 0; n < p.stay_count; n++)
		person_csv_add(ret, &p, n);
	buf_fini(&d.ref);
	buf_fini(&d.name);
	buf_fini(&d.citizenships);
	buf_fini(&d.email);
	buf_fini(&d.phone);
	buf_fini(&d.groups);
}
