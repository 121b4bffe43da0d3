/*
 * t_store.c — the suite's main, and a fresh database for each test.
 */
#include "t_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];
static char path[256];
static char where[256];

void
must(enum rc rc, const struct err *e)
{
	if (rc != RC_OK)
		fail_msg("%s: %s", rc_name(rc), e->text);
}

const char *
scratch_where(void)
{
	return where;
}

const char *
scratch_path(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

struct store *
scratch_open(void)
{
	struct err e = ERR_INIT;
	struct store *s = NULL;

	OK(store_open(&s, where, STORE_CREATE, &e));
	return s;
}

struct store *
scratch_items(void)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_open();

	OK(store_script(s,
			SV("CREATE TABLE item (id {id}, n {int}, f {real}, t {text} UNIQUE,\n"
			   "\tb {blob}); -- the items' table, {not-a-token}\n"
			   "CREATE TABLE other (name {text} NOT NULL PRIMARY KEY) {clustered};\n"),
			&e));
	return s;
}

int64_t
count_of(struct store *s, const char *sql)
{
	struct err e = ERR_INIT;
	int64_t n = 0;

	OK(store_get_int(s, sql, NO_ARGS, &n, &e));
	return n;
}

static int
setup(void **state)
{
	const char *uri = getenv("TOCSIN_TEST_PG");
	struct err e = ERR_INIT;
	struct store *s;

	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/t-store-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	if (uri == NULL) {
		snprintf(where, sizeof(where), "%s/test.db", folder);
		return 0;
	}
	snprintf(where, sizeof(where), "%s", uri);
	s = scratch_open();
	OK(store_script(s, SV("DROP SCHEMA public CASCADE; CREATE SCHEMA public;"), &e));
	store_close(&s);
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = {"test.db",  "test.db-wal",  "test.db-shm",
					    "copy.db",  "copy.db-wal",  "copy.db-shm",
					    ":memory:", ":memory:-wal", ":memory:-shm"};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(names); i++)
		unlink(scratch_path(names[i]));
	return rmdir(folder); /* fails when a test left a file behind */
}

int
main(void)
{
#define X(name) cmocka_unit_test_setup_teardown(name, setup, teardown),
	static const struct CMUnitTest sqlite_all[] = {STORE_TESTS(X) SQLITE_TESTS(X)};
	static const struct CMUnitTest postgres_all[] = {STORE_TESTS(X) POSTGRES_TESTS(X)};
#undef X

	if (getenv("TOCSIN_TEST_PG") != NULL)
		return cmocka_run_group_tests_name("store-postgres", postgres_all, NULL, NULL);
	return cmocka_run_group_tests_name("store-sqlite", sqlite_all, NULL, NULL);
}
