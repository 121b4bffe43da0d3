/*
 * store.c — the front of both drivers: which driver, the cache of statements,
 * and the rules of a transaction.
 *
 *   idle --begin--> open --commit--> idle
 *                    | a statement fails      (failed)
 *                    v
 *                  failed --undo (to a savepoint)--> open
 *                    +------rollback-------------> idle
 *
 * A failed transaction takes no statement and no commit. PostgreSQL works like
 * that; SQLite is held to it, so that code tried on one works on the other.
 */
#include "store/store.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/driver.h"

#define STMT_SLOTS 1024
#define STMT_MAX   512

static const struct {
	struct sv prefix;
	enum rc (*open)(struct store **, const char *, unsigned, struct err *);
} drivers[] = {
	{SV_INIT("postgresql://"), postgres_open},
	{SV_INIT("postgres://"), postgres_open},
	{SV_INIT(""), sqlite_open},
};

enum rc
store_open(struct store **ret, const char *where, unsigned flags, struct err *e)
{
	struct store *s = NULL;
	enum rc rc;
	size_t i = 0;

	while (!sv_starts(sv_of(where), drivers[i].prefix))
		i++;
	rc = drivers[i].open(&s, where, flags, e);
	if (rc != RC_OK)
		return rc;
	s->flags = flags;
	s->stmts = MEM_NEW_N(struct stmt, STMT_SLOTS);
	*ret = s;
	return RC_OK;
}

static void
stmts_drop(struct store *s)
{
	size_t i;

	for (i = 0; i < STMT_SLOTS; i++) {
		struct stmt *st = &s->stmts[i];

		if (st->key == NULL)
			continue;
		if (st->handle != NULL)
			s->driver->forget(s, st);
		mem_free(st->text);
		mem_free(st->sql);
		*st = (struct stmt){0};
	}
	s->stmt_count = 0;
}

void
store_close(struct store **ps)
{
	struct store *s = *ps;

	if (s == NULL)
		return;
	if (s->rows_open)
		s->driver->rows_end(s);
	s->rows_open = false;
	store_rollback(s);
	/* The connection first: its end spares giving up each statement there. */
	s->driver->close(s);
	stmts_drop(s);
	mem_free(s->stmts);
	mem_free(s->where);
	MEM_FREE(ps);
}

bool
store_is_postgres(const struct store *s)
{
	return s->driver->dialect == DIALECT_POSTGRES;
}

const char *
store_where(const struct store *s)
{
	return s->where;
}

bool
store_lost(const struct store *s)
{
	return s->driver->lost(s);
}

bool
store_tx_dead(const struct store *s)
{
	return s->failed || s->driver->lost(s);
}

void
store_set_wait(struct store *s, int wait_ms)
{
	s->driver->set_wait(s, wait_ms);
}

/* The statement for a text: found by its address, made when new. */
static struct stmt *
stmt_of(struct store *s, const char *text)
{
	struct buf sql = BUF_INIT(MIB);
	struct stmt *st;
	size_t i;

	if (s->stmt_count >= STMT_MAX)
		stmts_drop(s);
	i = (size_t)(((uintptr_t)text * 0x9E3779B97F4A7C15u) >> 54) % STMT_SLOTS;
	while (s->stmts[i].key != NULL && s->stmts[i].key != text)
		i = (i + 1) % STMT_SLOTS;
	st = &s->stmts[i];
	if (st->key != NULL) {
		if (strcmp(st->text, text) == 0)
			return st;
		if (st->handle != NULL)
			s->driver->forget(s, st);
		mem_free(st->text);
		mem_free(st->sql);
		s->stmt_count--;
	}
	*st = (struct stmt){.key = text};
	st->text = mem_dup(text, strlen(text));
	dialect_write(&sql, s->driver->dialect, sv_of(text), &st->params);
	BUG_ON(!buf_ok(&sql) || st->params > STORE_PARAMS_MAX);
	st->sql = mem_dup(sql.p, sql.n);
	buf_fini(&sql);
	s->stmt_count++;
	return st;
}

/* What both databases can hold as a text: UTF-8 without NUL. */
static enum rc
args_check(const struct store_arg *a, size_t columns, size_t rows, struct err *e)
{
	size_t i;

	for (i = 0; i < columns * rows; i++) {
		struct sv v = a[i].u.s;

		if (a[i].type != STORE_TEXT || v.n == 0)
			continue;
		if (memchr(v.p, '\0', v.n) != NULL || !utf8_valid(v))
			return err_set(e, RC_CONFLICT,
				       "row %zu: parameter ?%zu is not a text "
				       "(expected UTF-8 without NUL)",
				       i / columns + 1, i % columns + 1);
	}
	return RC_OK;
}

/* May a statement run now? */
static enum rc
ready(const struct store *s, struct err *e)
{
	BUG_ON(s->rows_open);
	if (s->in_tx && s->failed)
		return err_set(e, RC_CONFLICT,
			       "%s: an earlier statement of the transaction "
			       "failed (expected a rollback)",
			       s->where);
	return RC_OK;
}

/* Every outcome passes here: a failure inside a transaction sticks to it. */
static enum rc
settle(struct store *s, enum rc rc)
{
	if (rc != RC_OK && s->in_tx)
		s->failed = true;
	return rc;
}

enum rc
store_begin(struct store *s, struct err *e)
{
	enum rc rc;

	BUG_ON(s->in_tx || s->rows_open);
	rc = s->driver->begin(s, e);
	if (rc == RC_OK) {
		s->in_tx = true;
		s->failed = false;
		s->savepoints = 0;
	}
	return rc;
}

enum rc
store_commit(struct store *s, struct err *e)
{
	enum rc rc;

	BUG_ON(!s->in_tx || s->savepoints != 0);
	rc = ready(s, e);
	if (rc == RC_OK)
		rc = s->driver->commit(s, e);
	if (rc != RC_OK) {
		store_rollback(s);
		return rc;
	}
	s->in_tx = false;
	return RC_OK;
}

void
store_rollback(struct store *s)
{
	if (!s->in_tx)
		return;
	BUG_ON(s->rows_open);
	s->driver->rollback(s);
	s->in_tx = false;
	s->failed = false;
	s->savepoints = 0;
}

enum rc
store_savepoint(struct store *s, struct err *e)
{
	enum rc rc;

	BUG_ON(!s->in_tx);
	rc = ready(s, e);
	if (rc == RC_OK)
		rc = settle(s, s->driver->script(s, "SAVEPOINT part", e));
	if (rc == RC_OK)
		s->savepoints++;
	return rc;
}

enum rc
store_release(struct store *s, struct err *e)
{
	enum rc rc;

	BUG_ON(!s->in_tx || s->savepoints == 0);
	rc = ready(s, e);
	if (rc == RC_OK)
		rc = settle(s, s->driver->script(s, "RELEASE SAVEPOINT part", e));
	if (rc == RC_OK)
		s->savepoints--;
	return rc;
}

void
store_undo(struct store *s)
{
	enum rc rc;

	BUG_ON(!s->in_tx || s->savepoints == 0 || s->rows_open);
	rc = s->driver->script(s, "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part", NULL);
	s->failed = rc != RC_OK;
	s->savepoints--;
}

static enum rc
exec_rows(struct store *s, const char *sql, const struct store_arg *args, size_t columns,
	  size_t rows, bool many, int64_t *ret_changed, struct err *e)
{
	struct stmt *st;
	int64_t changed = 0;
	enum rc rc;

	rc = ready(s, e);
	if (rc != RC_OK)
		return rc;
	st = stmt_of(s, sql);
	BUG_ON(st->params != columns);
	rc = args_check(args, columns, rows, e);
	if (rc == RC_OK && rows > 0)
		rc = s->driver->exec(s, st, args, columns, rows, many, &changed, e);
	if (rc == RC_OK && ret_changed != NULL)
		*ret_changed = changed;
	return settle(s, rc);
}

enum rc
store_exec(struct store *s, const char *sql, const struct store_arg *args, size_t n,
	   int64_t *ret_changed, struct err *e)
{
	return exec_rows(s, sql, args, n, 1, false, ret_changed, e);
}

enum rc
store_exec_many(struct store *s, const char *sql, const struct store_arg *args, size_t columns,
		size_t rows, int64_t *ret_changed, struct err *e)
{
	BUG_ON(!s->in_tx || columns == 0);
	return exec_rows(s, sql, args, columns, rows, true, ret_changed, e);
}

enum rc
store_query(struct store_rows **ret, struct store *s, const char *sql, const struct store_arg *args,
	    size_t n, struct err *e)
{
	struct stmt *st;
	enum rc rc;

	rc = ready(s, e);
	if (rc != RC_OK)
		return rc;
	st = stmt_of(s, sql);
	BUG_ON(st->params != n);
	rc = args_check(args, n, 1, e);
	if (rc == RC_OK)
		rc = s->driver->query(s, st, args, n, e);
	if (rc != RC_OK)
		return settle(s, rc);
	s->rows = (struct store_rows){.store = s, .stmt = st};
	s->rows_open = true;
	*ret = &s->rows;
	return RC_OK;
}

enum rc
store_next(struct store_rows *r, struct err *e)
{
	enum rc rc;

	rc = r->store->driver->next(r->store, e);
	r->on_row = rc == RC_OK;
	if (rc != RC_NOTFOUND)
		settle(r->store, rc);
	return rc;
}

void
store_rows_free(struct store_rows **pr)
{
	struct store *s;

	if (*pr == NULL)
		return;
	s = (*pr)->store;
	BUG_ON(!s->rows_open);
	s->driver->rows_end(s);
	s->rows_open = false;
	*pr = NULL;
}

int64_t
store_int(const struct store_rows *r, int column)
{
	BUG_ON(!r->on_row);
	return store_is_null(r, column) ? 0 : r->store->driver->column_int(r->store, column);
}

double
store_real(const struct store_rows *r, int column)
{
	BUG_ON(!r->on_row);
	return store_is_null(r, column) ? 0 : r->store->driver->column_real(r->store, column);
}

struct sv
store_text(const struct store_rows *r, int column)
{
	BUG_ON(!r->on_row);
	return store_is_null(r, column) ? SV("") : r->store->driver->column_text(r->store, column);
}

bool
store_is_null(const struct store_rows *r, int column)
{
	BUG_ON(!r->on_row);
	return r->store->driver->column_type(r->store, column) == STORE_NULL;
}

enum rc
store_get_int(struct store *s, const char *sql, const struct store_arg *args, size_t n,
	      int64_t *ret, struct err *e)
{
	struct store_rows *r = NULL;
	int64_t value = 0;
	enum rc rc;

	rc = store_query(&r, s, sql, args, n, e);
	if (rc != RC_OK)
		return rc;
	rc = store_next(r, e);
	if (rc == RC_OK) {
		value = store_int(r, 0);
		/* What fails at the end of a RETURNING shows only here. */
		rc = store_next(r, e);
		rc = rc == RC_NOTFOUND ? RC_OK : rc;
	}
	store_rows_free(&r);
	if (rc == RC_OK)
		*ret = value;
	return rc;
}

enum rc
store_script(struct store *s, struct sv sql, struct err *e)
{
	struct buf text = BUF_INIT(16 * MIB);
	enum rc rc;

	rc = ready(s, e);
	if (rc != RC_OK)
		return rc;
	dialect_write(&text, s->driver->dialect, sql, NULL);
	rc = buf_check(&text, "a script of SQL", e);
	if (rc == RC_OK)
		rc = s->driver->script(s, buf_str(&text), e);
	buf_fini(&text);
	return settle(s, rc);
}

enum rc
store_copy_to(struct store *s, const char *path, struct err *e)
{
	BUG_ON(s->in_tx || s->rows_open);
	return s->driver->copy_to(s, path, e);
}

enum rc
store_checkpoint(struct store *s, struct err *e)
{
	BUG_ON(s->in_tx || s->rows_open);
	return s->driver->checkpoint(s, e);
}
