/*
 * t_person_csv.c — the people CSV: every kind of bad line with its number and
 * reason, and what good lines come to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "people/csv.h"
#include "people/person_csv.h"

/* Read the one record of a text. */
static void
one_record(struct csv *c, struct csv_record *ret, struct sv text)
{
	struct err e = ERR_INIT;

	csv_reset(c);
	csv_feed(c, text);
	csv_end(c);
	assert_int_equal(csv_next(c, ret, &e), RC_OK);
}

static enum rc
read_line(struct person_line *ret, struct sv text, struct arena *a, struct err *e)
{
	struct csv *c = csv_new();
	struct person_header header;
	struct csv_record r;
	enum rc rc;

	one_record(c, &r, SV(PERSON_CSV_HEADER));
	assert_int_equal(person_csv_header(&header, &r, e), RC_OK);
	one_record(c, &r, text);
	rc = person_csv_line(ret, &header, &r, a, e);
	csv_free(&c);
	return rc;
}

static void
headers(void **state)
{
	static const struct {
		struct sv in;
		const char *says; /* NULL: fine */
	} cases[] = {
		{SV_INIT(PERSON_CSV_HEADER), NULL},
		{SV_INIT("groups,to,from,longitude,latitude,country,phone,email,languages,"
			 "citizenships,name,ref"),
		 NULL},
		{SV_INIT("ref,name,citizenships,languages,email,phone,country,latitude,longitude,"
			 "from,to"),
		 "no column \"groups\""},
		{SV_INIT(PERSON_CSV_HEADER ",age"), "column \"age\" that is not known"},
		{SV_INIT(PERSON_CSV_HEADER ",ref"), "\"ref\" twice"},
		{SV_INIT("P1,Anna,FR"), "\"P1\" that is not known"},
	};
	struct csv *c = csv_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct person_header h;
		struct csv_record r;
		struct err e = ERR_INIT;
		enum rc rc;

		one_record(c, &r, cases[i].in);
		rc = person_csv_header(&h, &r, &e);
		if (cases[i].says == NULL) {
			assert_int_equal(rc, RC_OK);
			continue;
		}
		assert_int_equal(rc, RC_SYNTAX);
		assert_non_null(strstr(e.text, cases[i].says));
		assert_non_null(strstr(e.text, "line 1"));
	}
	csv_free(&c);
}

static const struct {
	struct sv in;
	const char *says;
} bad[] = {
	{SV_INIT("P1"), "line 1: 1 fields (expected 12)"},
	{SV_INIT("P1,,,,,,RU,,,2026-01-01,,,"), "line 1: 13 fields (expected 12)"},
	{SV_INIT(",,,,,,RU,,,2026-01-01,,"), "line 1: ref: empty"},
	{SV_INIT("\"a\nb\",,,,,,RU,,,2026-01-01,,"), "line 1: ref: holds a control"},
	{SV_INIT("12345678901234567890123456789012345678901234567890123456789012345,,,,,,RU,,,"
		 "2026-01-01,,"),
	 "line 1: ref: 65 bytes (at most 64)"},
	{SV_INIT("P1,\"a\x01\",,,,,RU,,,2026-01-01,,"), "line 1: name: holds a control"},
	{SV_INIT("P1,,XX,,,,RU,,,2026-01-01,,"),
	 "line 1: citizenships: \"XX\" is not an ISO 3166-1 code (expected two letters such as "
	 "\"RU\")"},
	{SV_INIT("P1,,FR;RU-MOW,,,,RU,,,2026-01-01,,"), "line 1: citizenships: \"RU-MOW\""},
	{SV_INIT("P1,,FR,f,,,RU,,,2026-01-01,,"), "line 1: languages: \"f\""},
	{SV_INIT("P1,,FR,français,,,RU,,,2026-01-01,,"), "line 1: languages:"},
	{SV_INIT("P1,,FR,fr,anna,,RU,,,2026-01-01,,"), "line 1: email: \"anna\""},
	{SV_INIT("P1,,FR,fr,a@example.org;b,,RU,,,2026-01-01,,"), "line 1: email: \"b\""},
	{SV_INIT("P1,,FR,fr,,0612345678,RU,,,2026-01-01,,"), "line 1: phone: \"0612345678\""},
	{SV_INIT("P1,,FR,fr,,,,,,2026-01-01,,"), "line 1: country: empty, and no coordinates"},
	{SV_INIT("P1,,FR,fr,,,Russia,,,2026-01-01,,"), "line 1: country: \"Russia\""},
	{SV_INIT("P1,,FR,fr,,,RU-XXX,,,2026-01-01,,"), "line 1: country: \"RU-XXX\""},
	{SV_INIT("P1,,FR,fr,,,ZZ,55,37,2026-01-01,,"), "line 1: country: \"ZZ\""},
	{SV_INIT("P1,,FR,fr,,,,91,37,2026-01-01,,"), "line 1: latitude: \"91\""},
	{SV_INIT("P1,,FR,fr,,,,55,180.1,2026-01-01,,"), "line 1: longitude: \"180.1\""},
	{SV_INIT("P1,,FR,fr,,,,\"55,7\",37,2026-01-01,,"), "line 1: latitude: \"55,7\""},
	{SV_INIT("P1,,FR,fr,,,RU,55,,2026-01-01,,"), "line 1: longitude: empty"},
	{SV_INIT("P1,,FR,fr,,,RU,,37,2026-01-01,,"), "line 1: latitude: empty"},
	{SV_INIT("P1,,FR,fr,,,RU,,,,,"), "line 1: from: \"\" is not a date"},
	{SV_INIT("P1,,FR,fr,,,RU,,,01.02.2026,,"), "line 1: from: \"01.02.2026\""},
	{SV_INIT("P1,,FR,fr,,,RU,,,2026-02-29,,"), "line 1: from: \"2026-02-29\""},
	{SV_INIT("P1,,FR,fr,,,RU,,,2026-02-01,soon,"), "line 1: to: \"soon\""},
	{SV_INIT("P1,,FR,fr,,,RU,,,2026-02-02,2026-02-01,"),
	 "line 1: to: 2026-02-01 is before the stay's first day, 2026-02-02"},
	{SV_INIT("P1,,FR,fr,,,RU,,,2026-02-02,,\"a\"\"b\""), "line 1: groups:"},
	{SV_INIT("P1,,AD;AE;AF;AG;AI;AL;AM;AO;AR;AT;AU;AZ;BA;BB;BD;BE;BF,fr,,,RU,,,2026-02-02,,"),
	 "line 1: citizenships: more than 16"},
};

static void
bad_lines(void **state)
{
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct person_line line;
		struct err e = ERR_INIT;
		enum rc rc = read_line(&line, bad[i].in, a, &e);

		if ((rc != RC_SYNTAX && rc != RC_LIMIT) ||
		    strncmp(e.text, bad[i].says, strlen(bad[i].says)) != 0)
			fail_msg("%.*s: got \"%s\", expected \"%s…\"", SV_ARG(bad[i].in), e.text,
				 bad[i].says);
	}
	arena_free(&a);
}

static void
whole_line(void **state)
{
	struct arena *a = arena_new();
	struct person_line l;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(read_line(&l,
				   SV(" P1 ,\"Petrova, Anna\",RU; FR;RU,ru;PT-br;sr-latn-rs,"
				      "a@Example.org;b@example.com;a@example.org,"
				      "+7 495 123 45 67,RU-MOW,55.75,37.62,2026-01-02,"
				      "2026-01-03,staff;drill"),
				   a, &e),
			 RC_OK);
	assert_true(sv_eq(l.ref, SV("P1")));
	assert_true(sv_eq(l.name, SV("Petrova, Anna")));
	assert_true(sv_eq(l.citizenships, SV("FR;RU")));
	assert_true(sv_eq(l.languages, SV("ru;pt-BR;sr-Latn-RS")));
	assert_true(sv_eq(l.groups, SV("drill;staff")));
	assert_int_equal(l.contact_count, 3);
	assert_int_equal(l.contacts[0].channel, CHANNEL_EMAIL);
	assert_true(sv_eq(l.contacts[0].text, SV("a@example.org")));
	assert_true(sv_eq(l.contacts[1].text, SV("b@example.com")));
	assert_int_equal(l.contacts[2].channel, CHANNEL_SMS);
	assert_true(sv_eq(l.contacts[2].text, SV("+74951234567")));
	assert_string_equal(l.stay.country, "RU");
	assert_string_equal(l.stay.subdivision, "RU-MOW");
	assert_true(l.stay.has_point);
	assert_int_equal(l.stay.from_day, 20455); /* date -d 2026-01-02 +%s / 86400 */
	assert_int_equal(l.stay.to_day, 20456);
	arena_free(&a);
}

static void
places(void **state)
{
	static const struct {
		struct sv in;
		const char *country, *subdivision;
		bool point;
	} cases[] = {
		/* derived from coordinates: Tbilisi */
		{SV_INIT("P,,,,,,,41.715,44.827,2026-01-01,,"), "GE", "", true},
		/* the country wins over coordinates in Moscow */
		{SV_INIT("P,,,,,,FR,55.75,37.62,2026-01-01,,"), "FR", "", true},
		/* somewhere in it */
		{SV_INIT("P,,,,,,ge,,,2026-01-01,,"), "GE", "", false},
		{SV_INIT("P,,,,,,RUS,,,2026-01-01,,"), "RU", "", false},
		{SV_INIT("P,,,,,,fr-idf,,,2026-01-01,,"), "FR", "FR-IDF", false},
		/* the middle of the Atlantic */
		{SV_INIT("P,,,,,,,30,-40,2026-01-01,,"), "", "", true},
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct person_line l;
		struct err e = ERR_INIT;

		assert_int_equal(read_line(&l, cases[i].in, a, &e), RC_OK);
		assert_string_equal(l.stay.country, cases[i].country);
		assert_string_equal(l.stay.subdivision, cases[i].subdivision);
		assert_int_equal(l.stay.has_point, cases[i].point);
		assert_true(l.stay.to_day == STAY_OPEN);
	}
	arena_free(&a);
}

/* What is written reads as the same. */
static void
round_trip(void **state)
{
	static const struct sv text = SV_INIT(
		"P1,\"Petrova, \"\"Anna\"\"\",FR;RU,ru;en,a@example.org;b@example.com,+74951234567,"
		"RU-MOW,55.750000,37.620000,2026-01-02,2026-01-03,drill;staff\n");
	struct arena *a = arena_new();
	struct buf out = BUF_INIT(1000);
	struct person_line l;
	struct person p = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(read_line(&l, text, a, &e), RC_OK);
	p.ref = l.ref;
	p.name = l.name;
	p.citizenships = l.citizenships;
	p.languages = l.languages;
	p.groups = l.groups;
	p.contacts = l.contacts;
	p.contact_count = l.contact_count;
	p.stays = &l.stay;
	p.stay_count = 1;
	person_csv_add(&out, &p, 0);
	assert_true(sv_eq(buf_sv(&out), text));
	buf_fini(&out);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers),    cmocka_unit_test(bad_lines),
		cmocka_unit_test(whole_line), cmocka_unit_test(places),
		cmocka_unit_test(round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
