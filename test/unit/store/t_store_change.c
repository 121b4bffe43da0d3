/*
 * t_store_change.c — migrations, counters and the log of changes.
 */
#include "t_store.h"

#include <pthread.h>
#include <string.h>

#include "store/change.h"
#include "store/migrate.h"

void
migrations(void **state)
{
	static const char *const databases[] = {"main", "keys"};
	struct err e = ERR_INIT;
	struct store *s = scratch_open();

	(void)state;
	assert_int_equal(migrate_check(s, "main", &e), RC_CONFLICT);
	assert_non_null(strstr(e.text, "schema 0"));
	OK(migrate_run(s, databases[0], &e));
	OK(migrate_check(s, databases[0], &e));
	assert_true(count_of(s, "SELECT count(*) FROM migration") >= 5);
	assert_true(count_of(s, "SELECT min(applied) FROM migration") > 1700000000);
	OK(counter_take(s, "person", 3, &(int64_t){0}, &e));
	OK(migrate_run(s, databases[0], &e)); /* changes nothing */
	assert_int_equal(count_of(s, "SELECT value FROM counter WHERE name = 'person'"), 3);
	store_close(&s);
}

void
migrations_newer(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_open();

	(void)state;
	OK(migrate_run(s, "keys", &e));
	OK(store_exec(s, "INSERT INTO migration (number, applied) VALUES (?1, {now})",
		      ARGS(ARG_INT(9999)), NULL, &e));
	assert_int_equal(migrate_run(s, "keys", &e), RC_CONFLICT);
	assert_non_null(strstr(e.text, "newer"));
	assert_non_null(strstr(e.text, "9999"));
	assert_int_equal(migrate_check(s, "keys", &e), RC_CONFLICT);
	store_close(&s);
}

static void *
migrate_thread(void *arg)
{
	struct store *s = scratch_open();

	*(enum rc *)arg = migrate_run(s, "main", NULL);
	store_close(&s);
	return NULL;
}

void
migrations_at_once(void **state)
{
	enum rc rc[3] = {RC_IO, RC_IO, RC_IO};
	struct err e = ERR_INIT;
	pthread_t t[3];
	struct store *s;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&t[i], NULL, migrate_thread, &rc[i]), 0);
	for (i = 0; i < 3; i++) {
		pthread_join(t[i], NULL);
		assert_int_equal(rc[i], RC_OK);
	}
	s = scratch_open();
	OK(migrate_check(s, "main", &e));
	store_close(&s);
}

static struct store *
migrated(void)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_open();

	OK(migrate_run(s, "main", &e));
	return s;
}

void
counters_are_dense(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = migrated();
	int64_t first = 0;

	(void)state;
	OK(store_begin(s, &e));
	OK(counter_take(s, "person", 1, &first, &e));
	assert_int_equal(first, 1);
	OK(counter_take(s, "person", 10, &first, &e));
	assert_int_equal(first, 2);
	OK(store_commit(s, &e));
	OK(store_begin(s, &e));
	OK(counter_take(s, "person", 5, &first, &e));
	assert_int_equal(first, 12);
	store_rollback(s); /* gives them back */
	OK(counter_take(s, "person", 1, &first, &e));
	assert_int_equal(first, 12);
	OK(counter_take(s, "alert", 1, &first, &e));
	assert_int_equal(first, 1);
	assert_int_equal(counter_take(s, "nonesuch", 1, &first, &e), RC_IO);
	assert_non_null(strstr(e.text, "nonesuch"));
	store_close(&s);
}

struct seen {
	struct store *s;
	int64_t last;
	int64_t rows;
	int64_t stop_at;
	int64_t id_sum;
	enum change_kind kind;
};

/* Rows come without a gap; the store can be used meanwhile. */
static enum rc
see(void *arg, int64_t seq, enum change_kind kind, int64_t id, struct err *e)
{
	struct seen *w = arg;
	int64_t n;
	enum rc rc;

	assert_int_equal(seq, w->last + 1);
	w->last = seq;
	w->rows++;
	w->id_sum += id;
	w->kind = kind;
	if (w->s != NULL) {
		rc = store_get_int(w->s, "SELECT count(*) FROM person", NO_ARGS, &n, e);
		if (rc != RC_OK)
			return rc;
	}
	return seq == w->stop_at ? err_set(e, RC_DENIED, "enough") : RC_OK;
}

void
change_log(void **state)
{
	static int64_t ids[2500];
	struct err e = ERR_INIT;
	struct store *s = migrated();
	struct seen w = {.s = s};
	int64_t seq = -1, i;

	(void)state;
	for (i = 0; i < 2500; i++)
		ids[i] = i;
	OK(change_last(s, &seq, &e));
	assert_int_equal(seq, 0);
	OK(change_read(s, 0, 100, see, &w, &seq, &e));
	assert_int_equal(seq, 0);
	OK(store_begin(s, &e));
	OK(change_add(s, CHANGE_ALERT, ids, 0, &e));
	OK(change_add(s, CHANGE_PERSON, ids, 2500, &e));
	OK(change_add(s, CHANGE_SETTING, &(int64_t){-7}, 1, &e));
	OK(store_commit(s, &e));
	OK(change_last(s, &seq, &e));
	assert_int_equal(seq, 2501);
	OK(change_read(s, 0, 1700, see, &w, &seq, &e)); /* more than one piece, not all */
	assert_int_equal(seq, 1700);
	assert_int_equal(w.kind, CHANGE_PERSON);
	OK(change_read(s, seq, SIZE_MAX, see, &w, &seq, &e));
	assert_int_equal(seq, 2501);
	assert_int_equal(w.kind, CHANGE_SETTING);
	assert_int_equal(w.id_sum, 2499 * 2500 / 2 - 7);
	/* fn ends it: the result is not written. */
	w = (struct seen){.s = s, .stop_at = 3};
	assert_int_equal(change_read(s, 0, 100, see, &w, &seq, &e), RC_DENIED);
	assert_int_equal(seq, 2501);
	assert_int_equal(w.rows, 3);
	store_close(&s);
}

#define WRITES 60

static void *
write_changes(void *arg)
{
	struct store *s = scratch_open();
	struct err e = ERR_INIT;
	int64_t ids[3] = {1, 2, 3};
	int i;

	for (i = 0; i < WRITES; i++) {
		OK(store_begin(s, &e));
		OK(change_add(s, CHANGE_OUTBOX, ids, 1 + (size_t)i % 3, &e));
		if (i % 7 == 6) {
			store_rollback(s); /* leaves no gap */
			continue;
		}
		OK(store_commit(s, &e));
	}
	store_close(&s);
	*(int *)arg = 1;
	return NULL;
}

void
change_order(void **state)
{
	int done[2] = {0, 0};
	struct err e = ERR_INIT;
	struct store *s = migrated();
	struct seen w = {0};
	int64_t seq = 0, want = 0;
	pthread_t t[2];
	int i;

	(void)state;
	for (i = 0; i < WRITES; i++)
		want += i % 7 == 6 ? 0 : 2 * (1 + i % 3);
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&t[i], NULL, write_changes, &done[i]), 0);
	/* A reader beside two writers never meets a gap that is filled later. */
	while (seq < want)
		OK(change_read(s, seq, 50, see, &w, &seq, &e));
	for (i = 0; i < 2; i++) {
		pthread_join(t[i], NULL);
		assert_int_equal(done[i], 1);
	}
	OK(change_read(s, seq, 50, see, &w, &seq, &e));
	assert_int_equal(seq, want);
	assert_int_equal(w.rows, want);
	store_close(&s);
}
