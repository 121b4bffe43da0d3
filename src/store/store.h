/*
 * store.h — one SQL text, two drivers: SQLite in a folder, PostgreSQL on hosts.
 *
 * A struct store is one connection, used by one thread at a time. Statements
 * are constant texts (string literals; prepared once and kept by their
 * address) with parameters ?1 ?2 …; what differs between the drivers is
 * written {like-this} and looked up in the dialect table (dialect.h), for
 * example {blob}, {id}, {skip-locked}. Integers are 64-bit everywhere.
 *
 * Errors: RC_IO (gone, disk full, unreadable), RC_TIMEOUT (locked for longer
 * than the busy timeout, or chosen to end a deadlock: try again), RC_CONFLICT
 * (a constraint refused it, or a text that is not UTF-8 without NUL). Whatever
 * failed inside a transaction, only store_undo (to a savepoint) or store_rollback
 * can follow, with both drivers alike; where a conflict is expected write ON
 * CONFLICT. store_begin reconnects where the driver can.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct store;
struct store_rows;

enum store_type { STORE_NULL, STORE_INT, STORE_REAL, STORE_TEXT, STORE_BLOB };

struct store_arg {
	enum store_type type;
	union {
		int64_t i;
		double f;
		struct sv s; /* borrowed until the call returns */
	} u;
};

#define ARG_NULL    ((struct store_arg){.type = STORE_NULL})
#define ARG_INT(v)  ((struct store_arg){.type = STORE_INT, .u = {.i = (v)}})
#define ARG_REAL(v) ((struct store_arg){.type = STORE_REAL, .u = {.f = (v)}})
#define ARG_TEXT(v) ((struct store_arg){.type = STORE_TEXT, .u = {.s = (v)}})
#define ARG_BLOB(v) ((struct store_arg){.type = STORE_BLOB, .u = {.s = (v)}})

/* ARGS(ARG_INT(1), ARG_TEXT(s)): the two arguments that most calls end with. */
#define ARGS(...)                                  \
	((const struct store_arg[]){__VA_ARGS__}), \
		(sizeof((const struct store_arg[]){__VA_ARGS__}) / sizeof(struct store_arg))
#define NO_ARGS NULL, 0

enum store_open_flags {
	STORE_CREATE = 1, /* make the database file when there is none */
	STORE_READONLY = 2,
};

/* where: the path of a SQLite file, or postgresql://… (a libpq URI). Does not migrate. RC_NOTFOUND
 * when there is no such file and STORE_CREATE is not given. */
enum rc store_open(struct store **ret, const char *where, unsigned flags, struct err *) CHECKED;
void store_close(struct store **);

bool store_is_postgres(const struct store *);
/* For messages: the path, or the URI without its password. */
const char *store_where(const struct store *);

/* How long to wait for a lock; 5,000 ms from the start. */
void store_set_wait(struct store *, int wait_ms);

/* A write transaction (of a STORE_READONLY store: one that reads as of one moment); nothing nests.
 * A commit that failed has rolled back. store_rollback is silent and may be called without one. */
enum rc store_begin(struct store *, struct err *) CHECKED;
enum rc store_commit(struct store *, struct err *) CHECKED;
void store_rollback(struct store *);

/* A point inside a transaction: undo back to it when a part fails. These nest. */
enum rc store_savepoint(struct store *, struct err *) CHECKED;
enum rc store_release(struct store *, struct err *) CHECKED; /* keep what came since */
void store_undo(struct store *);                             /* drop what came since */

/* Run a statement that returns no rows. *ret_changed (may be NULL) is the
 * number of rows inserted, changed or deleted. Outside a transaction it is one
 * by itself. */
enum rc store_exec(struct store *, const char *sql, const struct store_arg *, size_t n,
		   int64_t *ret_changed, struct err *) CHECKED;

/* The same statement for `rows` rows of `columns` arguments each, laid out row after row: one
 * prepared loop on SQLite, a pipeline on PostgreSQL. Stops at the first error,
 * which names the row. Inside a transaction the caller opened. */
enum rc store_exec_many(struct store *, const char *sql, const struct store_arg *, size_t columns,
			size_t rows, int64_t *ret_changed, struct err *) CHECKED;

/* Run a statement that returns rows (SELECT, or RETURNING). While the rows are
 * open nothing else may run on this store. */
enum rc store_query(struct store_rows **ret, struct store *, const char *sql,
		    const struct store_arg *, size_t n, struct err *) CHECKED;
/* RC_OK: a row is there. RC_NOTFOUND: no more (writes nothing into err). */
enum rc store_next(struct store_rows *, struct err *) CHECKED;
void store_rows_free(struct store_rows **);

/* Columns of the current row, from 0. Texts stay valid until the next
 * store_next. A NULL reads as 0 or the empty text. */
int64_t store_int(const struct store_rows *, int column); /* a text is a bug, and so below */
double store_real(const struct store_rows *, int column);
struct sv store_text(const struct store_rows *, int column); /* also for blobs */
bool store_is_null(const struct store_rows *, int column);

/* The first column of the first row. RC_NOTFOUND without a sentence when there is none. */
enum rc store_get_int(struct store *, const char *sql, const struct store_arg *, size_t n,
		      int64_t *ret, struct err *) CHECKED;

/* Run a script of several statements separated by ';' at a line's end (migrations). */
enum rc store_script(struct store *, struct sv sql, struct err *) CHECKED;

/* Copy the whole database, as of one moment, into a new SQLite file of mode 0600 (SQLite
 * driver) — the online backup of a store in use. RC_CONFLICT when path exists; RC_USAGE
 * from PostgreSQL, which has pg_dump. */
enum rc store_copy_to(struct store *, const char *path, struct err *) CHECKED;

/* SQLite: write the log back into the file and empty it, so that deleted content is gone. */
enum rc store_checkpoint(struct store *, struct err *) CHECKED;

#endif
