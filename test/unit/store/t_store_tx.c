/*
 * t_store_tx.c — transactions, conflicts and locks, on both drivers.
 */
#include "t_store.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define INSERT "INSERT INTO item (id, t) VALUES (?1, ?2)"
#define COUNT  "SELECT count(*) FROM item"

static enum rc
insert(struct store *s, int64_t id, struct err *e)
{
	return store_exec(s, INSERT, ARGS(ARG_INT(id), ARG_NULL), NULL, e);
}

void
rollback_drops(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();

	(void)state;
	store_rollback(s); /* without a transaction: nothing */
	OK(store_begin(s, &e));
	OK(insert(s, 1, &e));
	store_rollback(s);
	assert_int_equal(count_of(s, COUNT), 0);
	OK(store_begin(s, &e));
	OK(insert(s, 1, &e));
	store_close(&s); /* the same as a rollback */
	s = scratch_open();
	assert_int_equal(count_of(s, COUNT), 0);
	store_close(&s);
}

void
savepoints(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();

	(void)state;
	OK(store_begin(s, &e));
	OK(insert(s, 1, &e));
	OK(store_savepoint(s, &e));
	OK(insert(s, 2, &e));
	OK(store_savepoint(s, &e)); /* inside the other */
	OK(insert(s, 3, &e));
	store_undo(s);
	OK(insert(s, 4, &e));
	OK(store_release(s, &e));
	OK(store_savepoint(s, &e));
	OK(insert(s, 5, &e));
	assert_int_equal(insert(s, 1, &e), RC_CONFLICT);
	store_undo(s); /* takes the failure back too */
	OK(insert(s, 6, &e));
	OK(store_commit(s, &e));
	assert_int_equal(count_of(s, "SELECT sum(id) FROM item"), 1 + 2 + 4 + 6);
	store_close(&s);
}

void
failed_transaction(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	int64_t n;

	(void)state;
	OK(store_begin(s, &e));
	OK(insert(s, 1, &e));
	assert_int_equal(insert(s, 1, &e), RC_CONFLICT);
	assert_int_equal(insert(s, 2, &e), RC_CONFLICT);
	assert_non_null(strstr(e.text, "earlier statement"));
	assert_int_equal(store_get_int(s, COUNT, NO_ARGS, &n, &e), RC_CONFLICT);
	assert_int_equal(store_commit(s, &e), RC_CONFLICT);
	assert_int_equal(count_of(s, COUNT), 0);
	OK(insert(s, 1, &e));
	store_close(&s);
}

static struct store_arg *
numbered(int64_t rows)
{
	struct store_arg *a = MEM_NEW_N(struct store_arg, 2 * (size_t)rows);
	int64_t i;

	for (i = 0; i < rows; i++) {
		a[2 * i] = ARG_INT(i + 1);
		a[2 * i + 1] = i % 3 == 0 ? ARG_INT(-i) : ARG_NULL;
	}
	return a;
}

void
many_rows(void **state)
{
	/* Around the pieces of a pipeline. */
	static const int64_t rows[] = {0, 1, 255, 256, 257, 512, 513, 5000};
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store_arg *a;
	int64_t changed;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		a = numbered(rows[i]);
		changed = -1;
		OK(store_begin(s, &e));
		OK(store_exec_many(s, "INSERT INTO item (id, n) VALUES (?1, ?2)", a, 2,
				   (size_t)rows[i], &changed, &e));
		assert_int_equal(changed, rows[i]);
		assert_int_equal(count_of(s, COUNT), rows[i]);
		assert_int_equal(count_of(s, "SELECT COALESCE(sum(id), 0) FROM item"),
				 rows[i] * (rows[i] + 1) / 2);
		assert_int_equal(count_of(s, "SELECT count(*) FROM item WHERE n = 1 - id"),
				 (rows[i] + 2) / 3);
		store_rollback(s);
		mem_free(a);
	}
	store_close(&s);
}

void
many_names_the_row(void **state)
{
	/* Which row repeats row 1's id, of how many. */
	static const struct {
		int64_t bad;
		int64_t rows;
	} cases[] = {
		{2, 2}, {2, 2000}, {256, 600}, {257, 1000}, {1025, 1025}, {700, 3000},
	};
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store_arg *a;
	char want[40];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		a = numbered(cases[i].rows);
		a[2 * (cases[i].bad - 1)] = ARG_INT(1);
		OK(store_begin(s, &e));
		OK(store_savepoint(s, &e));
		assert_int_equal(store_exec_many(s, "INSERT INTO item (id, n) VALUES (?1, ?2)", a,
						 2, (size_t)cases[i].rows, NULL, &e),
				 RC_CONFLICT);
		snprintf(want, sizeof(want), "row %lld: ", (long long)cases[i].bad);
		assert_memory_equal(e.text, want, strlen(want));
		store_undo(s);
		OK(insert(s, 1, &e)); /* the connection is in order */
		store_rollback(s);
		mem_free(a);
	}
	store_close(&s);
}

void
conflict(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store_rows *r = NULL;

	(void)state;
	OK(store_exec(s, INSERT, ARGS(ARG_INT(1), ARG_TEXT(SV("secret"))), NULL, &e));
	assert_int_equal(store_exec(s, INSERT, ARGS(ARG_INT(2), ARG_TEXT(SV("secret"))), NULL, &e),
			 RC_CONFLICT);
	assert_null(strstr(e.text, "secret")); /* no value in a sentence */
	assert_non_null(strstr(e.text, "item"));
	assert_int_equal(store_exec(s, "INSERT INTO other (name) VALUES (?1)", ARGS(ARG_NULL), NULL,
				    &e),
			 RC_CONFLICT);
	OK(store_query(&r, s, "INSERT INTO item (id) VALUES (?1) RETURNING id", ARGS(ARG_INT(1)),
		       &e));
	assert_int_equal(store_next(r, &e), RC_CONFLICT);
	store_rows_free(&r);
	assert_int_equal(count_of(s, COUNT), 1);
	store_close(&s);
}

void
locked(void **state)
{
	struct err e = ERR_INIT;
	struct store *a = scratch_items();
	struct store *b = scratch_open();
	enum rc rc;

	(void)state;
	OK(insert(a, 1, &e));
	store_set_wait(b, 30);
	OK(store_begin(a, &e));
	OK(store_exec(a, "UPDATE item SET n = 5 WHERE id = 1", NO_ARGS, NULL, &e));
	/* SQLite waits at the beginning, PostgreSQL at the row. */
	rc = store_begin(b, &e);
	if (rc == RC_OK)
		rc = store_exec(b, "UPDATE item SET n = 6 WHERE id = 1", NO_ARGS, NULL, &e);
	assert_int_equal(rc, RC_TIMEOUT);
	assert_non_null(strstr(e.text, "locked"));
	store_rollback(b);
	assert_int_equal(count_of(b, "SELECT COALESCE(sum(n), 0) FROM item"),
			 0); /* readers go on */
	OK(store_commit(a, &e));
	OK(store_begin(b, &e));
	OK(store_exec(b, "UPDATE item SET n = n + 1 WHERE id = 1", NO_ARGS, NULL, &e));
	OK(store_commit(b, &e));
	assert_int_equal(count_of(a, "SELECT n FROM item"), 6);
	store_close(&a);
	store_close(&b);
}

void
address_used_again(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	char sql[64];
	int64_t n = 0, i;

	(void)state;
	for (i = 1; i <= 5; i++) {
		snprintf(sql, sizeof(sql), "SELECT CAST(?1 AS {int}) + %lld", (long long)i);
		OK(store_get_int(s, sql, ARGS(ARG_INT(10)), &n, &e));
		assert_int_equal(n, 10 + i);
	}
	store_close(&s);
}

void
statements_many(void **state)
{
	static char sql[1200][40];
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	int64_t n;
	size_t i, pass;

	(void)state;
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < ARRAY_LEN(sql); i++) {
			snprintf(sql[i], sizeof(sql[i]), "SELECT %zu", i);
			OK(store_get_int(s, sql[i], NO_ARGS, &n, &e));
			assert_int_equal(n, i);
		}
	store_close(&s);
}

void
readonly(void **state)
{
	struct err e = ERR_INIT;
	struct store *w = scratch_items();
	struct store *s = NULL;

	(void)state;
	OK(insert(w, 1, &e));
	OK(store_open(&s, scratch_where(), STORE_READONLY, &e));
	assert_int_equal(insert(s, 2, &e), RC_IO);
	assert_non_null(strstr(e.text, "cannot be written"));
	OK(store_begin(s, &e));
	assert_int_equal(count_of(s, COUNT), 1);
	OK(insert(w, 2, &e));
	assert_int_equal(count_of(s, COUNT), 1); /* as of one moment */
	OK(store_commit(s, &e));
	assert_int_equal(count_of(s, COUNT), 2);
	store_close(&s);
	store_close(&w);
}
