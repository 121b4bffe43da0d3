/*
 * t_forget.c — forgetting: no row and no key is left, it can be done again after an
 * interruption, and a restored database is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "crypt/keyfile.h"
#include "people/keyring.h"
#include "people/person_csv.h"
#include "people/person_store.h"
#include "people/sealer.h"
#include "scratch.h"
#include "store/migrate.h"
#include "store/store.h"

#define HEAD PERSON_CSV_HEADER "\n"
#define TWO                                                     \
	HEAD "P1,Anna,RU,ru,a@example.org,,GE,,,2026-01-01,,\n" \
	     "P2,Bob,GB,en,b@example.org,,RU,,,2026-01-01,,\n"

/* The wrapped key of a person, from a connection of the test's own. */
static void
wrapped_key(const struct scratch *s, int64_t person, struct buf *ret)
{
	struct store *st = NULL;
	struct store_rows *rows = NULL;
	struct err e = ERR_INIT;

	assert_int_equal(store_open(&st, s->keys_path, 0, &e), RC_OK);
	assert_int_equal(store_query(&rows, st, "SELECT wrapped FROM person_key WHERE person = ?1",
				     ARGS(ARG_INT(person)), &e),
			 RC_OK);
	if (store_next(rows, &e) == RC_OK)
		buf_add(ret, store_text(rows, 0));
	store_rows_free(&rows);
	store_close(&st);
}

static void
nothing_is_left(void **state)
{
	struct scratch s;
	struct buf key = BUF_INIT(200);
	struct err e = ERR_INIT;
	int64_t id = 0;

	(void)state;
	scratch_open(&s);
	scratch_import_ok(&s, SV(TWO));
	wrapped_key(&s, 1, &key);
	assert_int_equal(key.n, 73);
	assert_true(scratch_holds(&s, sv_from(buf_sv(&key), 25)));
	assert_int_equal(person_forget(s.st, s.sealer, SV("P1"), NOW, &id, &e), RC_OK);
	assert_int_equal(id, 1);
	assert_false(scratch_holds(&s, sv_from(buf_sv(&key), 25)));
	assert_false(scratch_holds(&s, sv_head(buf_sv(&key), 25)));
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM person"), 1);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM stay"), 1);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM contact"), 1);
	assert_int_equal(scratch_int(&s, "SELECT at FROM tombstone WHERE person = 1"), NOW);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM change WHERE id = 1"), 2);
	assert_int_equal(person_forget(s.st, s.sealer, SV("P1"), NOW, &id, &e), RC_NOTFOUND);
	/* Enrolled anew, it is another person. */
	scratch_import_ok(&s, SV(HEAD "P1,Anna,RU,ru,,,GE,,,2026-01-01,,\n"));
	assert_int_equal(scratch_int(&s, "SELECT id FROM person WHERE ref = 'P1'"), 3);
	buf_fini(&key);
	scratch_close(&s);
}

/* The key is gone and the power goes, before the rows do. */
static void
interrupted(void **state)
{
	struct scratch s;
	struct err e = ERR_INIT;
	int64_t one = 1, id = 0;

	(void)state;
	scratch_open(&s);
	scratch_import_ok(&s, SV(TWO));
	assert_int_equal(sealer_forget(s.sealer, &one, 1, NOW, &e), RC_OK);
	scratch_reopen(&s);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM person"), 2);
	assert_int_equal(person_forget(s.st, s.sealer, SV("P1"), NOW + 5, &id, &e), RC_OK);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM person"), 1);
	scratch_close(&s);
}

static void
replayed_after_a_restore(void **state)
{
	struct scratch s;
	struct err e = ERR_INIT;
	char copy[128];
	int64_t id = 0, gone = -1;

	(void)state;
	scratch_open(&s);
	scratch_import_ok(&s, SV(TWO));
	(void)snprintf(copy, sizeof(copy), "%s/copy.sqlite", s.folder);
	assert_int_equal(store_copy_to(s.st, copy, &e), RC_OK);
	assert_int_equal(person_forget(s.st, s.sealer, SV("P2"), NOW, &id, &e), RC_OK);
	scratch_import_ok(&s, SV(HEAD "P3,Cid,GB,en,,,RU,,,2026-01-01,,\n"));
	/* Back to the copy: P2 is there again, P3 is not, and the counter is at 2. */
	store_close(&s.st);
	assert_int_equal(rename(copy, s.main_path), 0);
	assert_int_equal(store_open(&s.st, s.main_path, 0, &e), RC_OK);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM person"), 2);
	assert_int_equal(person_replay(s.st, s.sealer, &gone, &e), RC_OK);
	assert_int_equal(gone, 1);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM person"), 1);
	assert_int_equal(scratch_int(&s, "SELECT count(*) FROM contact WHERE person = 2"), 0);
	assert_int_equal(scratch_int(&s, "SELECT value FROM counter WHERE name = 'person'"), 3);
	assert_int_equal(person_replay(s.st, s.sealer, &gone, &e), RC_OK);
	assert_int_equal(gone, 0);
	scratch_import_ok(&s, SV(HEAD "P4,Dora,GB,en,,,RU,,,2026-01-01,,\n"));
	assert_int_equal(scratch_int(&s, "SELECT id FROM person WHERE ref = 'P4'"), 4);
	scratch_close(&s);
}

static void
opening(void **state)
{
	static const struct sealer_reason why = {3, SV_INIT("delivery of alert 1")};
	static const struct sealer_reason no_purpose = {3, SV_INIT("")};
	struct sealer_item items[3] =
		{
			{.person = 5, .kind = SEALED_EMAIL, .in = SV_INIT("a@example.org")},
			{.person = 4, .kind = SEALED_NAME, .in = SV_INIT("Anna")},
			{.person = 5, .kind = SEALED_EMAIL, .in = SV_INIT("a@example.org")},
		},
			   sealed[3];
	struct scratch s;
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	int64_t four = 4, highest = 0;
	size_t i;

	(void)state;
	scratch_open(&s);
	assert_int_equal(sealer_seal(s.sealer, items, 3, a, &e), RC_OK);
	assert_memory_equal(items[0].hash, items[2].hash, SEALER_HASH);
	assert_false(sv_eq(items[0].out, items[2].out));
	for (i = 0; i < 3; i++)
		sealed[i] = (struct sealer_item){
			.person = items[i].person, .kind = items[i].kind, .in = items[i].out};
	assert_int_equal(sealer_open(s.sealer, &why, sealed, 3, a, &e), RC_OK);
	for (i = 0; i < 3; i++) {
		assert_int_equal(sealed[i].rc, RC_OK);
		assert_true(sv_eq(sealed[i].out, items[i].in));
	}
	assert_int_equal(s.audits, 1);
	assert_int_equal(s.last_persons, 2);
	/* Bound to the person and to what it is. */
	sealed[0].person = 4;
	sealed[2].kind = SEALED_PHONE;
	assert_int_equal(sealer_open(s.sealer, &why, sealed, 3, a, &e), RC_OK);
	assert_int_equal(sealed[0].rc, RC_DENIED);
	assert_int_equal(sealed[1].rc, RC_OK);
	assert_int_equal(sealed[2].rc, RC_DENIED);
	assert_int_equal(sealed[2].out.n, 0);
	/* Nothing without its audit row. */
	s.deny = true;
	sealed[1].out = SV_NONE;
	assert_int_equal(sealer_open(s.sealer, &why, sealed + 1, 1, a, &e), RC_DENIED);
	assert_int_equal(sealed[1].out.n, 0);
	s.deny = false;
	assert_int_equal(sealer_open(s.sealer, &no_purpose, sealed + 1, 1, a, &e), RC_DENIED);
	assert_int_equal(sealer_forget(s.sealer, &four, 1, NOW, &e), RC_OK);
	assert_int_equal(sealer_open(s.sealer, &why, sealed + 1, 1, a, &e), RC_OK);
	assert_int_equal(sealed[1].rc, RC_NOTFOUND);
	assert_int_equal(sealer_seal(s.sealer, items + 1, 1, a, &e), RC_CONFLICT);
	assert_int_equal(sealer_highest(s.sealer, &highest, &e), RC_OK);
	assert_int_equal(highest, 5);
	arena_free(&a);
	scratch_close(&s);
}

static void
another_master_key(void **state)
{
	struct scratch s;
	struct keyring *k = NULL;
	struct err e = ERR_INIT;
	char path[128];

	(void)state;
	scratch_open(&s);
	(void)snprintf(path, sizeof(path), "%s/other.key", s.folder);
	assert_int_equal(keyfile_make(path, &e), RC_OK);
	assert_int_equal(keyring_open(&k, path, s.keys_path, false, &e), RC_DENIED);
	assert_non_null(strstr(e.text, "another master key"));
	assert_null(k);
	scratch_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_left),          cmocka_unit_test(interrupted),
		cmocka_unit_test(replayed_after_a_restore), cmocka_unit_test(opening),
		cmocka_unit_test(another_master_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
