/*
 * t_store.h — one suite for both drivers: on SQLite in a temporary folder, on
 * PostgreSQL when TOCSIN_TEST_PG names a scratch database.
 */
#ifndef TEST_STORE_H
#define TEST_STORE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "store/store.h"

#define STORE_TESTS(X)         \
	X(values_round_trip)   \
	X(texts_are_checked)   \
	X(nulls_anywhere)      \
	X(numbers_convert)     \
	X(rows_in_order)       \
	X(rows_left_early)     \
	X(changed_counts)      \
	X(rollback_drops)      \
	X(savepoints)          \
	X(failed_transaction)  \
	X(many_rows)           \
	X(many_names_the_row)  \
	X(conflict)            \
	X(locked)              \
	X(address_used_again)  \
	X(statements_many)     \
	X(readonly)            \
	X(migrations)          \
	X(migrations_newer)    \
	X(migrations_at_once)  \
	X(counters_are_dense)  \
	X(change_log)          \
	X(change_order)        \
	X(thread_groups)       \
	X(thread_undoes_one)   \
	X(thread_reads)        \
	X(thread_many_callers) \
	X(thread_stop_finishes)

/* Of one driver. */
#define SQLITE_TESTS(X)   \
	X(no_such_file)   \
	X(not_a_database) \
	X(file_mode)      \
	X(odd_names)      \
	X(copy_in_use)    \
	X(copy_refuses)   \
	X(disk_full)      \
	X(deleted_is_gone)
#define POSTGRES_TESTS(X)   \
	X(passwords_hidden) \
	X(backend_killed)   \
	X(thread_reconnects)

#define X(name) void name(void **);
STORE_TESTS(X)
SQLITE_TESTS(X)
POSTGRES_TESTS(X)
#undef X

/* The empty database of this test: a path or a URI. */
const char *scratch_where(void);
/* A path in this test's own folder, valid until the next call. */
const char *scratch_path(const char *name);
/* Another connection to it. */
struct store *scratch_open(void);
/* A connection with a table item(id, n, f, t, b), t unique. */
struct store *scratch_items(void);

/* Fails with the sentence. */
void must(enum rc, const struct err *);

#define OK(call)                      \
	do {                          \
		enum rc rc_ = (call); \
		must(rc_, &e);        \
	} while (0)

int64_t count_of(struct store *, const char *sql);

#endif
