/*
 * t_alert_store.c — the tables alert and audience_piece, on both stores.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "test/lib/unit.h"

#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "store/migrate.h"
#include "store/store.h"

struct fixture {
	struct store *st;
	struct arena *arena;
	struct err e;
	char folder[64];
};

#define OK(f, call)                                                     \
	do {                                                            \
		if ((call) != RC_OK)                                    \
			fail_msg("line %d: %s", __LINE__, (f)->e.text); \
	} while (0)

static void
open_it(struct fixture *f)
{
	const char *pg = getenv("TOCSIN_TEST_PG");
	char path[96];

	*f = (struct fixture){.e = ERR_INIT, .arena = arena_new()};
	snprintf(f->folder, sizeof(f->folder), "/tmp/tocsin-alert-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(path, sizeof(path), "%s/main.db", f->folder);
	OK(f, store_open(&f->st, pg != NULL ? pg : path, STORE_CREATE, &f->e));
	if (store_is_postgres(f->st))
		OK(f,
		   store_script(f->st, SV("DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"),
				&f->e));
	OK(f, migrate_run(f->st, "main", &f->e));
}

static void
close_it(struct fixture *f)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[96];
	size_t i;

	store_close(&f->st);
	arena_free(&f->arena);
	for (i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s/main.db%s", f->folder, ends[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(f->folder), 0);
}

static int64_t
add(struct fixture *f, int64_t thread, enum alert_state s, enum cap_scope scope,
    enum cap_status status, int64_t expires)
{
	struct alert a = {.thread = thread,
			  .state = s,
			  .author = 4,
			  .size = -1,
			  .created = 100,
			  .msgtype = CAP_MSGTYPE_ALERT,
			  .status = status,
			  .scope = scope,
			  .effective = 100,
			  .expires = expires,
			  .headline = SV("Не выходите"),
			  .xml = SV("<alert/>"),
			  .correction = SV("<cancel/>"),
			  .live = s >= ALERT_LIVE ? 150 : 0,
			  .ended = s > ALERT_LIVE ? 500 : 0};

	OK(f, store_begin(f->st, &f->e));
	OK(f, alert_insert(f->st, &a, &f->e));
	OK(f, store_commit(f->st, &f->e));
	return a.id;
}

#define ADD(f, thread, state) \
	add((f), (thread), ALERT_##state, CAP_SCOPE_PUBLIC, CAP_STATUS_ACTUAL, 1000)

static void
versions(void **state)
{
	struct alert_list list;
	const struct alert *a;
	struct fixture f;
	int64_t one, two, three;

	(void)state;
	open_it(&f);
	one = ADD(&f, 0, DRAFT);
	two = ADD(&f, 0, DRAFT);
	three = ADD(&f, one, SUBMITTED);
	OK(&f, alert_load(&a, f.arena, f.st, three, &f.e));
	assert_int_equal(a->thread, one);
	assert_int_equal(a->version, 2);
	assert_int_equal(a->state, ALERT_SUBMITTED);
	assert_int_equal(a->size, -1);
	assert_int_equal(a->approver, 0);
	assert_sv(a->headline, SV("Не выходите"));
	assert_sv(a->xml, SV("<alert/>"));
	assert_sv(a->correction, SV("<cancel/>"));
	assert_int_equal(a->identifier.n, 0);
	OK(&f, alert_of_thread(&list, f.arena, f.st, one, &f.e));
	assert_int_equal(list.n, 2);
	assert_int_equal(list.v[0].id, one);
	assert_int_equal(list.v[1].id, three);
	OK(&f, alert_all(&list, f.arena, f.st, 2, &f.e));
	assert_int_equal(list.n, 2);
	assert_int_equal(list.v[0].id, three);
	assert_int_equal(list.v[1].id, two);
	assert_int_equal(list.v[0].xml.n, 0);
	assert_int_equal(alert_load(&a, f.arena, f.st, 99, &f.e), RC_NOTFOUND);
	close_it(&f);
}

static void
published(void **state)
{
	static const int64_t want_live[] = {4, 2, 1};
	struct alert_list list;
	struct fixture f;
	size_t i;

	(void)state;
	open_it(&f);
	ADD(&f, 0, LIVE);
	ADD(&f, 0, CANCELLED);
	ADD(&f, 0, APPROVED);
	ADD(&f, 0, EXPIRED);
	add(&f, 0, ALERT_LIVE, CAP_SCOPE_RESTRICTED, CAP_STATUS_ACTUAL, 1000);
	add(&f, 0, ALERT_LIVE, CAP_SCOPE_PRIVATE, CAP_STATUS_ACTUAL, 1000);
	add(&f, 0, ALERT_LIVE, CAP_SCOPE_PUBLIC, CAP_STATUS_EXERCISE, 1000);
	add(&f, 0, ALERT_LIVE, CAP_SCOPE_PUBLIC, CAP_STATUS_TEST, 1000);
	OK(&f, alert_published(&list, f.arena, f.st, 500, &f.e));
	assert_int_equal(list.n, ARRAY_LEN(want_live));
	for (i = 0; i < list.n; i++)
		assert_int_equal(list.v[i].id, want_live[i]);
	assert_sv(list.v[0].xml, SV("<alert/>"));
	/* The rest of what left: restricted, private, drills. */
	OK(&f, alert_unpublished(&list, f.arena, f.st, 500, &f.e));
	assert_int_equal(list.n, 4);
	for (i = 0; i < list.n; i++)
		assert_int_equal(list.v[i].id, 8 - (int64_t)i);
	assert_sv(list.v[0].xml, SV("<alert/>"));
	OK(&f, alert_published(&list, f.arena, f.st, 501, &f.e));
	assert_int_equal(list.n, 1);
	/* A practice installation shows its drills. */
	OK(&f, store_exec(f.st, "INSERT INTO setting (name, value) VALUES ('mode', 'practice')",
			  NO_ARGS, NULL, &f.e));
	OK(&f, alert_published(&list, f.arena, f.st, 501, &f.e));
	assert_int_equal(list.n, 3);
	OK(&f, alert_unpublished(&list, f.arena, f.st, 501, &f.e));
	assert_int_equal(list.n, 2);
	close_it(&f);
}

/* An old alert in force is not pushed out by a thousand newer ones that are over. */
static void
what_is_in_force_is_published_first(void **state)
{
	struct alert_list list;
	struct fixture f;
	int64_t first;
	int i;

	(void)state;
	open_it(&f);
	first = ADD(&f, 0, LIVE);
	OK(&f, store_begin(f.st, &f.e));
	for (i = 0; i < 1000; i++) {
		struct alert a = {.state = ALERT_EXPIRED,
				  .author = 4,
				  .size = -1,
				  .created = 100,
				  .msgtype = CAP_MSGTYPE_ALERT,
				  .status = CAP_STATUS_ACTUAL,
				  .scope = CAP_SCOPE_PUBLIC,
				  .effective = 100,
				  .expires = 1000,
				  .headline = SV("h"),
				  .xml = SV("<alert/>"),
				  .correction = SV("<cancel/>"),
				  .live = 160 + i,
				  .ended = 5000};

		OK(&f, alert_insert(f.st, &a, &f.e));
	}
	OK(&f, store_commit(f.st, &f.e));
	OK(&f, alert_published(&list, f.arena, f.st, 500, &f.e));
	assert_int_equal(list.n, 1000);
	/* Newest first, as ever: it is the last. */
	assert_int_equal(list.v[999].id, first);
	close_it(&f);
}

static void
changes(void **state)
{
	const struct alert *a;
	struct fixture f;
	int64_t id, n = 0;

	(void)state;
	open_it(&f);
	id = ADD(&f, 0, SUBMITTED);
	OK(&f, store_begin(f.st, &f.e));
	OK(&f, alert_change(f.st, id, ALERT_ON_APPROVE, 200, &f.e));
	OK(&f, store_commit(f.st, &f.e));
	/* Another officer was faster. */
	OK(&f, store_begin(f.st, &f.e));
	assert_int_equal(alert_change(f.st, id, ALERT_ON_APPROVE, 201, &f.e), RC_CONFLICT);
	assert_non_null(strstr(f.e.text, "is approved: approve is not possible now"));
	store_rollback(f.st);
	OK(&f, store_begin(f.st, &f.e));
	assert_int_equal(alert_change(f.st, 77, ALERT_ON_SEND, 1, &f.e), RC_NOTFOUND);
	store_rollback(f.st);
	OK(&f, store_begin(f.st, &f.e));
	OK(&f, alert_change(f.st, id, ALERT_ON_SEND, 202, &f.e));
	OK(&f, store_commit(f.st, &f.e));
	OK(&f, alert_load(&a, f.arena, f.st, id, &f.e));
	assert_int_equal(a->approved, 200);
	assert_int_equal(a->live, 202);
	/* Only what is live and over expires. */
	ADD(&f, 0, APPROVED);
	add(&f, 0, ALERT_LIVE, CAP_SCOPE_PUBLIC, CAP_STATUS_ACTUAL, 1001);
	OK(&f, store_begin(f.st, &f.e));
	OK(&f, alert_expire_due(f.st, 999, &n, &f.e));
	assert_int_equal(n, 0);
	OK(&f, alert_expire_due(f.st, 1000, &n, &f.e));
	assert_int_equal(n, 1);
	OK(&f, store_commit(f.st, &f.e));
	OK(&f, alert_load(&a, f.arena, f.st, id, &f.e));
	assert_int_equal(a->state, ALERT_EXPIRED);
	assert_int_equal(a->ended, 1000);
	close_it(&f);
}

static void
pieces(void **state)
{
	static const size_t sizes[] = {0, 1, BATCH_ROWS, BATCH_ROWS + 1};
	int64_t *ids = MEM_NEW_N(int64_t, BATCH_ROWS + 1), *got, all, waiting, thread, n;
	struct fixture f;
	size_t i, k, got_n;

	(void)state;
	open_it(&f);
	for (i = 0; i <= BATCH_ROWS; i++)
		ids[i] = (int64_t)i * 3 + 1;
	thread = ADD(&f, 0, LIVE);
	for (k = 0; k < ARRAY_LEN(sizes); k++) {
		int64_t id = k == 0 ? thread : ADD(&f, thread, LIVE);

		OK(&f, store_begin(f.st, &f.e));
		OK(&f, audience_put(f.st, id, true, ids, sizes[k], &f.e));
		OK(&f, store_commit(f.st, &f.e));
		OK(&f, audience_size(f.st, id, &all, &waiting, &f.e));
		assert_int_equal(all, sizes[k]);
		assert_int_equal(waiting, sizes[k]);
		OK(&f, store_get_int(f.st, "SELECT count(*) FROM audience_piece WHERE alert = ?1",
				     ARGS(ARG_INT(id)), &n, &f.e));
		assert_int_equal(n, (sizes[k] + BATCH_ROWS - 1) / BATCH_ROWS);
		OK(&f, audience_of_alert(&got, &got_n, f.st, id, &f.e));
		assert_int_equal(got_n, sizes[k]);
		for (i = 0; i < got_n; i++)
			assert_int_equal(got[i], ids[i]);
		mem_free(got);
	}
	/* Two more pieces of the first, which overlap: the thread has everybody once. */
	OK(&f, store_begin(f.st, &f.e));
	OK(&f, audience_put(f.st, thread, true, (int64_t[]){1, 2}, 2, &f.e));
	OK(&f, audience_put(f.st, thread, false, (int64_t[]){2, 5}, 2, &f.e));
	OK(&f, store_commit(f.st, &f.e));
	OK(&f, audience_of_thread(&got, &got_n, f.st, thread, &f.e));
	assert_int_equal(got_n, BATCH_ROWS + 1 + 2);
	for (i = 1; i < got_n; i++)
		assert_true(got[i - 1] < got[i]);
	mem_free(got);
	mem_free(ids);
	close_it(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions),
		cmocka_unit_test(published),
		cmocka_unit_test(what_is_in_force_is_published_first),
		cmocka_unit_test(changes),
		cmocka_unit_test(pieces),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
