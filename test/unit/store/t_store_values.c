/*
 * t_store_values.c — what goes in comes out, on both drivers.
 */
#include "t_store.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#define INSERT "INSERT INTO item (id, n, f, t, b) VALUES (?1, ?2, ?3, ?4, ?5)"

void
values_round_trip(void **state)
{
	static const struct {
		int64_t n;
		double f;
		struct sv t;
		struct sv b;
	} cases[] = {
		{0, 0.0, SV_INIT(""), SV_INIT("")},
		{INT64_MAX, DBL_MAX, SV_INIT("plain"), SV_INIT("\0")},
		{INT64_MIN, -DBL_MAX, SV_INIT("\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0"),
		 SV_INIT("a\0b\0\0")},
		{-1, DBL_MIN, SV_INIT("\xf0\x9f\x9a\xa8 it's \"quoted\" \\ {x} ?1 $1 --"),
		 SV_INIT("\xff\xfe\x80\\x00'")},
		{4294967296, 0.1, SV_INIT("line\nline\ttab\r"), SV_INIT("\\x4142")},
		{2147483648, -1e-300, SV_INIT("\x01\x7f"), SV_INIT("\x00\x01\x02\x03")},
	};
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store_rows *r = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		OK(store_exec(s, INSERT,
			      ARGS(ARG_INT((int64_t)i), ARG_INT(cases[i].n), ARG_REAL(cases[i].f),
				   ARG_TEXT(cases[i].t), ARG_BLOB(cases[i].b)),
			      NULL, &e));
	OK(store_query(&r, s, "SELECT id, n, f, t, b FROM item ORDER BY id", NO_ARGS, &e));
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		double f;

		OK(store_next(r, &e));
		assert_int_equal(store_int(r, 0), i);
		assert_true(store_int(r, 1) == cases[i].n);
		f = store_real(r, 2);
		assert_memory_equal(&f, &cases[i].f, sizeof(f));
		assert_true(sv_eq(store_text(r, 3), cases[i].t));
		assert_true(sv_eq(store_text(r, 4), cases[i].b));
		assert_false(store_is_null(r, 3));
		assert_false(store_is_null(r, 4));
	}
	assert_int_equal(store_next(r, &e), RC_NOTFOUND);
	assert_int_equal(store_next(r, &e), RC_NOTFOUND);
	store_rows_free(&r);
	store_close(&s);
}

void
texts_are_checked(void **state)
{
	static const struct sv bad[] = {SV_INIT("a\0b"), SV_INIT("\xc3"), SV_INIT("\xed\xa0\x80"),
					SV_INIT("\xff")};
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(store_exec(s, "INSERT INTO other (name) VALUES (?1)",
					    ARGS(ARG_TEXT(bad[i])), NULL, &e),
				 RC_CONFLICT);
		assert_non_null(strstr(e.text, "parameter ?1"));
	}
	assert_int_equal(count_of(s, "SELECT count(*) FROM other"), 0);
	store_close(&s);
}

void
nulls_anywhere(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store_rows *r = NULL;
	int64_t i;

	(void)state;
	/* NULL first, so that a type learned from it would be wrong; then values; then NULL. */
	for (i = 0; i < 3; i++)
		OK(i == 1 ? store_exec(s, INSERT,
				       ARGS(ARG_INT(i), ARG_INT(7), ARG_REAL(1.5),
					    ARG_TEXT(SV("x")), ARG_BLOB(SV("y\0"))),
				       NULL, &e)
			  : store_exec(s, INSERT,
				       ARGS(ARG_INT(i), ARG_NULL, ARG_NULL, ARG_NULL, ARG_NULL),
				       NULL, &e));
	OK(store_query(&r, s, "SELECT n, f, t, b FROM item ORDER BY id", NO_ARGS, &e));
	for (i = 0; i < 3; i++) {
		OK(store_next(r, &e));
		assert_int_equal(store_is_null(r, 0), i != 1);
		assert_int_equal(store_is_null(r, 3), i != 1);
		assert_int_equal(store_int(r, 0), i == 1 ? 7 : 0);
		assert_true(store_real(r, 1) == (i == 1 ? 1.5 : 0));
		assert_true(sv_eq(store_text(r, 2), i == 1 ? SV("x") : SV("")));
		assert_int_equal(store_text(r, 3).n, i == 1 ? 2 : 0);
	}
	store_rows_free(&r);
	store_close(&s);
}

void
numbers_convert(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store_rows *r = NULL;

	(void)state;
	OK(store_exec(s, INSERT,
		      ARGS(ARG_INT(1), ARG_INT(1234567890123456789), ARG_INT(3), ARG_NULL,
			   ARG_NULL),
		      NULL, &e));
	OK(store_exec(s, INSERT, ARGS(ARG_INT(2), ARG_INT(-20000), ARG_INT(4), ARG_NULL, ARG_NULL),
		      NULL, &e));
	/* On PostgreSQL a sum of integers is a numeric, a literal an int4. */
	OK(store_query(&r, s,
		       "SELECT sum(n), sum(f), count(*), 1, -70000, {greatest}(n, 5), "
		       "{bytes}(b), sum(n) - sum(n) FROM item WHERE id = 1 GROUP BY n, b",
		       NO_ARGS, &e));
	OK(store_next(r, &e));
	assert_true(store_int(r, 0) == 1234567890123456789);
	assert_true(store_real(r, 1) == 3.0);
	assert_int_equal(store_int(r, 1), 3);
	assert_int_equal(store_int(r, 2), 1);
	assert_int_equal(store_int(r, 3), 1);
	assert_int_equal(store_int(r, 4), -70000);
	assert_true(store_int(r, 5) == 1234567890123456789);
	assert_true(store_is_null(r, 6));
	assert_int_equal(store_int(r, 7), 0);
	store_rows_free(&r);
	OK(store_query(&r, s, "SELECT sum(n) FROM item WHERE id = 2", NO_ARGS, &e));
	OK(store_next(r, &e));
	assert_int_equal(store_int(r, 0),
			 -20000); /* a numeric with trailing zero groups left out */
	assert_true(store_real(r, 0) == -20000.0);
	store_rows_free(&r);
	assert_true(count_of(s, "SELECT {now}") > 1700000000);
	store_close(&s);
}

static void
insert_numbered(struct store *s, int64_t n)
{
	struct err e = ERR_INIT;
	int64_t i;

	OK(store_begin(s, &e));
	for (i = 1; i <= n; i++)
		OK(store_exec(s, "INSERT INTO item (id, n) VALUES (?1, ?2)",
			      ARGS(ARG_INT(i), ARG_INT(i * i)), NULL, &e));
	OK(store_commit(s, &e));
}

void
rows_in_order(void **state)
{
	static const struct sv names[] = {SV_INIT("b"),        SV_INIT("B"), SV_INIT("a"),
					  SV_INIT("\xc3\xa9"), SV_INIT("_"), SV_INIT("A1"),
					  SV_INIT("A")};
	static const struct sv want[] = {SV_INIT("A"),       SV_INIT("A1"), SV_INIT("B"),
					 SV_INIT("_"),       SV_INIT("a"),  SV_INIT("b"),
					 SV_INIT("\xc3\xa9")};
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store_rows *r = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(names); i++)
		OK(store_exec(s, "INSERT INTO other (name) VALUES (?1)", ARGS(ARG_TEXT(names[i])),
			      NULL, &e));
	OK(store_query(&r, s, "SELECT name FROM other ORDER BY name", NO_ARGS, &e));
	for (i = 0; i < ARRAY_LEN(want); i++) {
		OK(store_next(r, &e));
		assert_true(sv_eq(store_text(r, 0), want[i])); /* bytewise everywhere */
	}
	store_rows_free(&r);
	store_close(&s);
}

void
rows_left_early(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store_rows *r = NULL;
	int64_t n = 5;

	(void)state;
	insert_numbered(s, 100);
	OK(store_query(&r, s, "SELECT id FROM item WHERE id > ?1 ORDER BY id", ARGS(ARG_INT(10)),
		       &e));
	OK(store_next(r, &e));
	assert_int_equal(store_int(r, 0), 11);
	store_rows_free(&r);
	assert_null(r);
	store_rows_free(&r);
	/* A RETURNING that was looked at once has changed all its rows. */
	OK(store_query(&r, s, "UPDATE item SET n = 0 WHERE id <= ?1 RETURNING id",
		       ARGS(ARG_INT(50)), &e));
	OK(store_next(r, &e));
	store_rows_free(&r);
	assert_int_equal(count_of(s, "SELECT count(*) FROM item WHERE n = 0"), 50);
	assert_int_equal(store_get_int(s, "SELECT id FROM item WHERE id = ?1", ARGS(ARG_INT(0)), &n,
				       &e),
			 RC_NOTFOUND);
	assert_int_equal(n, 5);
	/* An open row set does not keep its store from closing. */
	OK(store_query(&r, s, "SELECT id FROM item", NO_ARGS, &e));
	store_close(&s);
}

void
changed_counts(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	int64_t n = -1;

	(void)state;
	insert_numbered(s, 10);
	OK(store_exec(s, "UPDATE item SET n = 1 WHERE id <= ?1", ARGS(ARG_INT(4)), &n, &e));
	assert_int_equal(n, 4);
	OK(store_exec(s, "DELETE FROM item WHERE id > ?1", ARGS(ARG_INT(99)), &n, &e));
	assert_int_equal(n, 0);
	OK(store_exec(s, "INSERT INTO item (id) VALUES (?1) ON CONFLICT (id) DO NOTHING",
		      ARGS(ARG_INT(3)), &n, &e));
	assert_int_equal(n, 0);
	store_close(&s);
}
