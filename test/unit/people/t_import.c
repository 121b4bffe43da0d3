/*
 * t_import.c — importing: who becomes one person, what a second file replaces,
 * strictness, and that nothing sealed lies in the clear.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "people/person_csv.h"
#include "people/person_export_store.h"
#include "people/person_store.h"
#include "people/sealer.h"
#include "scratch.h"
#include "store/store.h"

#define HEAD PERSON_CSV_HEADER "\n"

static enum rc
to_buf(void *arg, struct sv csv, struct err *e)
{
	(void)e;
	buf_add(arg, csv);
	return RC_OK;
}

/* All persons as CSV, opened. */
static void
dump(struct scratch *s, struct buf *ret)
{
	static const struct sealer_reason why = {7, SV_INIT("a test")};
	struct err e = ERR_INIT;
	int64_t *ids = NULL;
	size_t n = 0;

	assert_int_equal(person_all_ids(s->st, &ids, &n, &e), RC_OK);
	if (person_export(s->st, s->sealer, &why, ids, n, to_buf, ret, &e) != RC_OK)
		fail_msg("%s", e.text);
	free(ids);
}

static void
check(struct scratch *s, const char *want)
{
	struct buf all = BUF_INIT(MIB);

	dump(s, &all);
	assert_string_equal(buf_str(&all), want);
	buf_fini(&all);
}

static void
lines_of_one_ref(void **state)
{
	struct scratch s;

	(void)state;
	scratch_open(&s);
	scratch_import_ok(
		&s,
		SV(HEAD
		   "P1,Anna,RU,ru,a@example.org,,GE,,,2026-01-01,,staff\n"
		   "P2,Bob,GB,en,,,RU,55.75,37.62,2026-01-01,2026-01-09,\n"
		   "P1,Ignored,FR,fr;ru,a@example.org,+33639980001,RU-MOW,,,2026-02-01,2026-02-03,drill\n"));
	check(&s,
	      HEAD "P1,Anna,FR;RU,ru;fr,a@example.org,+33639980001,GE,,,2026-01-01,,drill;staff\n"
		   "P1,Anna,FR;RU,ru;fr,a@example.org,+33639980001,RU-MOW,,,2026-02-01,2026-02-03,"
		   "drill;staff\n"
		   "P2,Bob,GB,en,,,RU,55.750000,37.620000,2026-01-01,2026-01-09,\n");
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM change WHERE kind = 0"), 2);
	assert_int_equal(scratch_int(&s, "SELECT value FROM counter WHERE name = 'person'"), 2);
	scratch_close(&s);
}

static void
again_replaces(void **state)
{
	struct scratch s;
	struct import_result r;
	struct err e = ERR_INIT;

	(void)state;
	scratch_open(&s);
	scratch_import_ok(
		&s, SV(HEAD "P1,Anna,RU,ru,a@example.org;old@example.org,,GE,,,2026-01-01,,staff\n"
			    "P1,,,,,,RU,,,2026-02-01,,\n"
			    "P2,Bob,GB,en,b@example.org,,RU,,,2026-01-01,,\n"));
	/* P1's first address has opted out. */
	assert_int_equal(store_begin(s.st, &e), RC_OK);
	assert_int_equal(person_contact_set(s.st, 1, 1, CONTACT_OPTED_OUT, &e), RC_OK);
	assert_int_equal(person_contact_set(s.st, 9, 1, CONTACT_BOUNCED, &e), RC_NOTFOUND);
	assert_int_equal(store_commit(s.st, &e), RC_OK);
	assert_int_equal(
		scratch_import(
			&s,
			SV(HEAD
			   "P1,Anna Petrova,FR,fr,new@example.org;a@example.org,,AM,,,2026-03-01,,\n"
			   "P3,Cid,GB,en,,,RU,,,2026-01-01,,\n"),
			false, &r, NULL),
		RC_OK);
	assert_int_equal(r.lines, 2);
	assert_int_equal(r.persons, 2);
	assert_int_equal(r.created, 1);
	assert_int_equal(r.stays, 2);
	check(&s, HEAD "P1,Anna Petrova,FR,fr,new@example.org;a@example.org,,AM,,,2026-03-01,,\n"
		       "P2,Bob,GB,en,b@example.org,,RU,,,2026-01-01,,\n"
		       "P3,Cid,GB,en,,,RU,,,2026-01-01,,\n");
	assert_int_equal(scratch_int(&s, "SELECT state FROM contact WHERE person = 1 AND n = 2"),
			 CONTACT_OPTED_OUT);
	assert_int_equal(scratch_int(&s, "SELECT state FROM contact WHERE person = 1 AND n = 1"),
			 CONTACT_USED);
	assert_int_equal(scratch_int(&s, "SELECT id FROM person WHERE ref = 'P1'"), 1);
	scratch_close(&s);
}

/* Lines of one ref so far apart that they fall into different batches. */
static void
across_batches(void **state)
{
	struct scratch s;
	struct buf csv = BUF_INIT(4 * MIB);
	struct buf all = BUF_INIT(4 * MIB);
	size_t i;

	(void)state;
	scratch_open(&s);
	buf_adds(&csv, HEAD "P1,Anna,RU,ru,a@example.org,,GE,,,2026-01-01,,staff\n");
	for (i = 0; i < 2 * BATCH_ROWS; i++)
		buf_addf(&csv, "Q%zu,N%zu,GB,en,,,RU,,,2026-01-01,,\n", i, i);
	buf_adds(&csv, "P1,Other,FR,fr,a@example.org,+33639980001,AM,,,2026-02-01,,drill\n");
	scratch_import_ok(&s, buf_sv(&csv));
	dump(&s, &all);
	assert_true(sv_starts(
		buf_sv(&all),
		SV(HEAD
		   "P1,Anna,FR;RU,ru;fr,a@example.org,+33639980001,GE,,,2026-01-01,,drill;staff\n"
		   "P1,Anna,FR;RU,ru;fr,a@example.org,+33639980001,AM,,,2026-02-01,,drill;staff\n"
		   "Q0,")));
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM contact WHERE person = 1"), 2);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM person"), 2 * BATCH_ROWS + 1);
	/* The same file again changes nothing. */
	scratch_import_ok(&s, buf_sv(&csv));
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM person"), 2 * BATCH_ROWS + 1);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM stay"), 2 * BATCH_ROWS + 2);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM contact"), 2);
	buf_fini(&csv);
	buf_fini(&all);
	scratch_close(&s);
}

static void
bad_lines_and_strict(void **state)
{
	static const struct sv csv = SV_INIT(HEAD "P1,Anna,RU,ru,,,GE,,,2026-01-01,,\n"
						  "P2,Bob,XX,en,,,RU,,,2026-01-01,,\n"
						  "P3,\"Cid,GB\n"
						  "P4,Dan,GB,en,,,RU,,,2026-01-01,,\n");
	static const char two_bad[] =
		"line 3: citizenships: \"XX\" is not an ISO 3166-1 code (expected two letters such "
		"as \"RU\")\n"
		"line 4: a quote is never closed\n";
	struct scratch s;
	struct import_result r;
	struct buf bad = BUF_INIT(10000);

	(void)state;
	scratch_open(&s);
	assert_int_equal(scratch_import(&s, csv, true, &r, &bad), RC_CONFLICT);
	assert_true(sv_starts(buf_sv(&bad), SV_NONE));
	assert_int_equal(strncmp(buf_str(&bad), two_bad, sizeof(two_bad) - 1), 0);
	assert_non_null(strstr(buf_str(&bad), "2 of 4 lines are bad: nothing was imported"));
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM person"), 0);
	buf_reset(&bad);
	assert_int_equal(scratch_import(&s, csv, false, &r, &bad), RC_OK);
	assert_string_equal(buf_str(&bad), two_bad);
	assert_int_equal(r.lines, 4);
	assert_int_equal(r.bad, 2);
	assert_int_equal(r.persons, 2);
	check(&s, HEAD "P1,Anna,RU,ru,,,GE,,,2026-01-01,,\nP4,Dan,GB,en,,,RU,,,2026-01-01,,\n");
	buf_reset(&bad);
	assert_int_equal(scratch_import(&s, SV(HEAD "P5,E,GB,en,,,RU,,,2026-01-01,,"), true, &r,
					&bad),
			 RC_OK);
	assert_int_equal(r.persons, 1);
	assert_int_equal(scratch_import(&s, SV("ref,name\n"), false, &r, &bad), RC_SYNTAX);
	assert_int_equal(scratch_import(&s, SV(""), false, &r, &bad), RC_SYNTAX);
	buf_fini(&bad);
	scratch_close(&s);
}

static void
too_many_stays(void **state)
{
	struct scratch s;
	struct import_result r;
	struct buf csv = BUF_INIT(MIB), bad = BUF_INIT(10000);
	size_t i;

	(void)state;
	scratch_open(&s);
	buf_adds(&csv, HEAD);
	for (i = 0; i < LIMIT_STAYS + 1; i++)
		buf_adds(&csv, "P1,,,,,,RU,,,2026-01-01,,\n");
	assert_int_equal(scratch_import(&s, buf_sv(&csv), false, &r, &bad), RC_OK);
	assert_string_equal(buf_str(&bad), "line 1002: ref: more than 1000 stays of one person\n");
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM stay"), LIMIT_STAYS);
	buf_fini(&csv);
	buf_fini(&bad);
	scratch_close(&s);
}

static void
nothing_in_clear(void **state)
{
	struct scratch s;

	(void)state;
	scratch_open(&s);
	scratch_import_ok(
		&s,
		SV(HEAD
		   "Pref,Zaphodina Quux,RU,ru,zaphodina@example.org,+447700900777,GE,,,2026-01-01,,\n"));
	assert_false(scratch_holds(&s, SV("Zaphodina")));
	assert_false(scratch_holds(&s, SV("zaphodina")));
	assert_false(scratch_holds(&s, SV("447700900777")));
	/* That the looking works: a ref is not sealed. */
	if (!store_is_postgres(s.st))
		assert_true(scratch_holds(&s, SV("Pref")));
	scratch_reopen(&s);
	assert_false(scratch_holds(&s, SV("zaphodina")));
	check(&s, HEAD
	      "Pref,Zaphodina Quux,RU,ru,zaphodina@example.org,+447700900777,GE,,,2026-01-01,,\n");
	assert_int_equal(s.audits, 1);
	assert_int_equal(s.last_officer, 7);
	scratch_close(&s);
}

static void
counting(void **state)
{
	struct scratch s;
	struct person_counts c;
	struct err e = ERR_INIT;

	(void)state;
	scratch_open(&s);
	scratch_import_ok(&s, SV(HEAD "P1,A,RU;FR,ru,a@example.org,,GE,,,2026-01-01,,\n"
				      "P1,A,,,,,RU,,,2026-01-01,2026-01-02,\n"
				      "P2,B,FR,fr;ru,,+33639980001,GE,,,2026-01-01,2026-02-01,\n"
				      "P3,C,,,,,GE,,,2026-01-01,,\n"));
	assert_int_equal(person_count(s.st, &c, &e), RC_OK);
	assert_int_equal(c.persons, 3);
	assert_int_equal(c.stays, 4);
	assert_int_equal(c.residents, 2);
	assert_int_equal(c.dual, 1);
	assert_int_equal(c.no_channel, 1);
	assert_int_equal(*map_at(c.by_country, SV("GE"), 0, NULL), 3);
	assert_int_equal(*map_at(c.by_country, SV("RU"), 0, NULL), 1);
	assert_int_equal(*map_at(c.by_citizenship, SV("FR"), 0, NULL), 2);
	assert_int_equal(*map_at(c.by_citizenship, SV("RU"), 0, NULL), 1);
	assert_int_equal(*map_at(c.by_language, SV("fr"), 0, NULL), 1);
	assert_int_equal(*map_at(c.by_language, SV(""), 0, NULL), 1);
	assert_int_equal(*map_at(c.by_channel, SV("email"), 0, NULL), 1);
	assert_int_equal(*map_at(c.by_channel, SV("sms"), 0, NULL), 1);
	person_counts_fini(&c);
	scratch_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_one_ref), cmocka_unit_test(again_replaces),
		cmocka_unit_test(across_batches),   cmocka_unit_test(bad_lines_and_strict),
		cmocka_unit_test(too_many_stays),   cmocka_unit_test(nothing_in_clear),
		cmocka_unit_test(counting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
