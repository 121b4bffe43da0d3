/*
 * t_sample.c — sample people: the same for the same seed, all of them importable,
 * none of them reachable.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "people/csv.h"
#include "people/person_csv.h"
#include "people/sample.h"

#define DAY   20718 /* 2026-09-22 */
#define COUNT 5000

static void
make(struct buf *ret, uint64_t seed, uint64_t from, uint64_t n)
{
	uint64_t i;

	for (i = from; i < from + n; i++)
		sample_person(ret, seed, i, DAY);
}

static void
same_again(void **state)
{
	struct buf one = BUF_INIT(MIB), two = BUF_INIT(MIB), other = BUF_INIT(MIB);

	(void)state;
	make(&one, 7, 0, 100);
	make(&two, 7, 0, 40);
	make(&two, 7, 40, 60);
	make(&other, 8, 0, 100);
	assert_true(sv_eq(buf_sv(&one), buf_sv(&two)));
	assert_false(sv_eq(buf_sv(&one), buf_sv(&other)));
	buf_fini(&one);
	buf_fini(&two);
	buf_fini(&other);
}

static bool
reserved_email(struct sv v)
{
	return sv_ends(v, SV("@example.org")) || sv_ends(v, SV("@example.com")) ||
	       sv_ends(v, SV("@example.net"));
}

static bool
reserved_phone(struct sv v)
{
	return sv_starts(v, SV("+447700900")) || sv_starts(v, SV("+3363998")) ||
	       sv_starts(v, SV("+493023125")) ||
	       (sv_starts(v, SV("+1")) && v.n == 12 && sv_starts(sv_from(v, 5), SV("55501")));
}

struct seen {
	size_t dual, resident, visitor, nowhere, subdivision, no_contact, non_ascii;
};

static void
look_at(const struct person_line *l, struct seen *s)
{
	size_t i;

	for (i = 0; i < l->contact_count; i++)
		assert_true(l->contacts[i].channel == CHANNEL_EMAIL
				    ? reserved_email(l->contacts[i].text)
				    : reserved_phone(l->contacts[i].text));
	s->dual += sv_find_char(l->citizenships, ';') < l->citizenships.n;
	s->resident += l->stay.to_day == STAY_OPEN;
	s->visitor += l->stay.to_day != STAY_OPEN;
	s->nowhere += !l->stay.has_point;
	s->subdivision += l->stay.subdivision[0] != '\0';
	s->no_contact += l->contact_count == 0;
	s->non_ascii += l->name.n > 0 && ((unsigned char)l->name.p[0] & 0x80) != 0;
}

static void
all_importable(void **state)
{
	struct buf csv = BUF_INIT(4 * MIB);
	struct csv *c = csv_new();
	struct arena *a = arena_new();
	struct person_header header;
	struct csv_record r;
	struct seen s = {0};
	struct err e = ERR_INIT;
	struct sv rest;
	size_t lines = 0;
	bool have_header = false;
	enum rc rc;

	(void)state;
	sample_header(&csv);
	make(&csv, 1, 0, COUNT);
	rest = buf_sv(&csv);
	while (rest.n > 0) {
		csv_feed(c, sv_head(rest, MIB));
		rest = sv_from(rest, MIB);
		while ((rc = csv_next(c, &r, &e)) == RC_OK) {
			struct person_line line;

			if (!have_header) {
				assert_int_equal(person_csv_header(&header, &r, &e), RC_OK);
				have_header = true;
				continue;
			}
			if (person_csv_line(&line, &header, &r, a, &e) != RC_OK)
				fail_msg("%s", e.text);
			look_at(&line, &s);
			lines++;
		}
		assert_int_equal(rc, RC_NOTFOUND);
	}
	assert_true(lines > COUNT && lines < 2 * COUNT);
	/* Some of every kind that an audience tells apart. */
	assert_true(s.dual > 100 && s.resident > 1000 && s.visitor > 1000 && s.nowhere > 100 &&
		    s.subdivision > 500 && s.no_contact > 20 && s.non_ascii > 500);
	csv_free(&c);
	arena_free(&a);
	buf_fini(&csv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_again),
		cmocka_unit_test(all_importable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
