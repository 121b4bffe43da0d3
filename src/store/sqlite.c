/*
 * sqlite.c — the driver for one SQLite file.
 *
 * WAL with synchronous=FULL: a commit is on disk when store_commit returns.
 * Transactions begin with IMMEDIATE, so that the wait for the lock is in one
 * place and a read never has to become a write. The file is made with mode
 * 0600; SQLite gives its -wal and -shm files the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/driver.h"
#include "store/sqlite_int.h"

#define WAIT_MS 5000

/* secure_delete: what is deleted is overwritten. temp_store: nothing spills into other files. */
#define SETTINGS                            \
	"PRAGMA foreign_keys = ON;"         \
	"PRAGMA secure_delete = ON;"        \
	"PRAGMA temp_store = MEMORY;"       \
	"PRAGMA trusted_schema = OFF;"      \
	"PRAGMA synchronous = FULL;"        \
	"PRAGMA cache_size = -65536;"       \
	"PRAGMA mmap_size = 1073741824;"    \
	"PRAGMA wal_autocheckpoint = 4000;" \
	"PRAGMA journal_size_limit = 67108864;"

static struct sqlite *
self(const struct store *s)
{
	return (struct sqlite *)s;
}

/* What the system said, as far as SQLite kept it: in the log's file, where writing fails first,
 * or the database's. */
static int
system_error(sqlite3 *db)
{
	sqlite3_file *f = NULL;
	int sys = 0;

	sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &f);
	if (f != NULL && f->pMethods != NULL)
		f->pMethods->xFileControl(f, SQLITE_FCNTL_LAST_ERRNO, &sys);
	if (sys == 0)
		sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &sys);
	return sys != 0 ? sys : sqlite3_system_errno(db);
}

static bool
disk_full(int code, int sys)
{
	if ((code & 0xff) == SQLITE_FULL)
		return true;
	return (code & 0xff) == SQLITE_IOERR && (sys == ENOSPC || sys == EFBIG || sys == EDQUOT);
}

enum rc
sqlite_fail(const char *where, sqlite3 *db, struct err *e)
{
	int code = sqlite3_extended_errcode(db);
	int sys = (code & 0xff) == SQLITE_IOERR ? system_error(db) : sqlite3_system_errno(db);
	const char *text = sqlite3_errmsg(db);

	if (disk_full(code, sys))
		return err_set(e, RC_IO,
			       "%s: the disk is full (expected room to write; free some "
			       "space and try again)",
			       where);
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, RC_TIMEOUT,
			       "%s: the database is locked by another process "
			       "(expected its end within the waiting time; try again)",
			       where);
	case SQLITE_CONSTRAINT:
		return err_set(e, RC_CONFLICT, "%s: %s", where, text);
	case SQLITE_NOTADB:
		return err_set(e, RC_IO, "%s: not a Tocsin database (expected a SQLite file)",
			       where);
	case SQLITE_CORRUPT:
		return err_set(e, RC_IO,
			       "%s: the database is damaged (%s); stop Tocsin, keep a copy "
			       "of the file and restore a backup",
			       where, text);
	case SQLITE_READONLY:
		return err_set(e, RC_IO,
			       "%s: the database cannot be written (expected write "
			       "permission on the file and its folder)",
			       where);
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return err_set(e, RC_IO,
			       "%s: cannot open the database: %s (expected a file and a "
			       "folder that this user may read and write)",
			       where, sys != 0 ? strerror(sys) : text);
	case SQLITE_IOERR:
		return err_set(e, RC_IO,
			       "%s: reading or writing failed: %s (expected a working "
			       "disk; look at the system's log)",
			       where, sys != 0 ? strerror(sys) : text);
	default:
		return err_set(e, RC_IO, "%s: %s", where, text);
	}
}

static enum rc
fail(const struct store *s, struct err *e)
{
	return sqlite_fail(s->where, self(s)->db, e);
}

static enum rc
run(struct store *s, const char *sql, struct err *e)
{
	return sqlite3_exec(self(s)->db, sql, NULL, NULL, NULL) == SQLITE_OK ? RC_OK : fail(s, e);
}

/* After a full disk or the like SQLite may have ended the transaction by
 * itself; what came next would then commit alone. */
static enum rc
still_open(const struct store *s, struct err *e)
{
	if (s->in_tx && sqlite3_get_autocommit(self(s)->db) != 0)
		return err_set(e, RC_IO, "%s: the transaction was undone after an error", s->where);
	return RC_OK;
}

static enum rc
sq_begin(struct store *s, struct err *e)
{
	return run(s, (s->flags & STORE_READONLY) != 0 ? "BEGIN" : "BEGIN IMMEDIATE", e);
}

static enum rc
sq_commit(struct store *s, struct err *e)
{
	enum rc rc = still_open(s, e);

	return rc == RC_OK ? run(s, "COMMIT", e) : rc;
}

static void
sq_rollback(struct store *s)
{
	if (sqlite3_get_autocommit(self(s)->db) == 0 && run(s, "ROLLBACK", NULL) != RC_OK)
		BUG_ON(sqlite3_get_autocommit(self(s)->db) == 0);
}

static enum rc
sq_script(struct store *s, const char *sql, struct err *e)
{
	enum rc rc = still_open(s, e);

	return rc == RC_OK ? run(s, sql, e) : rc;
}

static enum rc
prepare(struct store *s, struct stmt *st, struct err *e)
{
	sqlite3_stmt *p = NULL;
	const char *tail = "";

	if (st->handle != NULL)
		return RC_OK;
	if (sqlite3_prepare_v3(self(s)->db, st->sql, -1, SQLITE_PREPARE_PERSISTENT, &p, &tail) !=
	    SQLITE_OK)
		return fail(s, e);
	BUG_ON(p == NULL || sv_trim(sv_of(tail)).n != 0);
	st->handle = p;
	return RC_OK;
}

static void
sq_forget(struct store *s, struct stmt *st)
{
	(void)s;
	sqlite3_finalize(st->handle);
	st->handle = NULL;
}

static enum rc
bind_args(struct store *s, sqlite3_stmt *p, const struct store_arg *a, size_t n,
	  sqlite3_destructor_type keep, struct err *e)
{
	int rc = SQLITE_OK, at;

	for (at = 1; at <= (int)n && rc == SQLITE_OK; at++, a++) {
		const char *text = a->u.s.n > 0 ? a->u.s.p : "";

		switch (a->type) {
		case STORE_NULL:
			rc = sqlite3_bind_null(p, at);
			break;
		case STORE_INT:
			rc = sqlite3_bind_int64(p, at, a->u.i);
			break;
		case STORE_REAL:
			rc = sqlite3_bind_double(p, at, a->u.f);
			break;
		case STORE_TEXT:
			rc = sqlite3_bind_text64(p, at, text, a->u.s.n, keep, SQLITE_UTF8);
			break;
		case STORE_BLOB:
			rc = sqlite3_bind_blob64(p, at, text, a->u.s.n, keep);
			break;
		}
	}
	return rc == SQLITE_OK ? RC_OK : fail(s, e);
}

static enum rc
name_row(struct err *e, enum rc rc, bool many, size_t row)
{
	char where[40];

	if (!many)
		return rc;
	snprintf(where, sizeof(where), "row %zu", row + 1);
	return err_in(e, rc, where);
}

static enum rc
sq_exec(struct store *s, struct stmt *st, const struct store_arg *a, size_t columns, size_t rows,
	bool many, int64_t *ret_changed, struct err *e)
{
	sqlite3_int64 before;
	sqlite3_stmt *p;
	enum rc rc;
	size_t i;
	int step;

	rc = still_open(s, e);
	if (rc == RC_OK)
		rc = prepare(s, st, e);
	if (rc != RC_OK)
		return rc;
	p = st->handle;
	before = sqlite3_total_changes64(self(s)->db);
	for (i = 0; i < rows && rc == RC_OK; i++) {
		rc = bind_args(s, p, many ? a + i * columns : a, columns, SQLITE_STATIC, e);
		if (rc == RC_OK) {
			step = sqlite3_step(p);
			while (step == SQLITE_ROW)
				step = sqlite3_step(p);
			if (step != SQLITE_DONE)
				rc = name_row(e, fail(s, e), many, i);
		}
		sqlite3_reset(p);
	}
	sqlite3_clear_bindings(p);
	if (rc == RC_OK)
		*ret_changed = sqlite3_total_changes64(self(s)->db) - before;
	return rc;
}

static enum rc
sq_query(struct store *s, struct stmt *st, const struct store_arg *a, size_t n, struct err *e)
{
	enum rc rc;

	rc = still_open(s, e);
	if (rc == RC_OK)
		rc = prepare(s, st, e);
	if (rc == RC_OK)
		rc = bind_args(s, st->handle, a, n, SQLITE_TRANSIENT, e);
	if (rc == RC_OK)
		self(s)->done = false;
	return rc;
}

static sqlite3_stmt *
row(const struct store *s)
{
	return s->rows.stmt->handle;
}

static enum rc
sq_next(struct store *s, struct err *e)
{
	int step;

	if (self(s)->done)
		return RC_NOTFOUND;
	step = sqlite3_step(row(s));
	if (step == SQLITE_ROW)
		return RC_OK;
	self(s)->done = true;
	return step == SQLITE_DONE ? RC_NOTFOUND : fail(s, e);
}

static void
sq_rows_end(struct store *s)
{
	sqlite3_stmt *p = row(s);

	/* A RETURNING counts as run only when it came to its end. */
	if (!self(s)->done && !sqlite3_stmt_readonly(p))
		while (sqlite3_step(p) == SQLITE_ROW)
			;
	sqlite3_reset(p);
	sqlite3_clear_bindings(p);
}

static enum store_type
sq_column_type(const struct store *s, int column)
{
	BUG_ON(column < 0 || column >= sqlite3_column_count(row(s)));
	switch (sqlite3_column_type(row(s), column)) {
	case SQLITE_INTEGER:
		return STORE_INT;
	case SQLITE_FLOAT:
		return STORE_REAL;
	case SQLITE_TEXT:
		return STORE_TEXT;
	case SQLITE_BLOB:
		return STORE_BLOB;
	default:
		return STORE_NULL;
	}
}

static int64_t
sq_column_int(const struct store *s, int column)
{
	enum store_type t = sq_column_type(s, column);

	BUG_ON(t != STORE_INT && t != STORE_REAL);
	return sqlite3_column_int64(row(s), column);
}

static double
sq_column_real(const struct store *s, int column)
{
	enum store_type t = sq_column_type(s, column);

	BUG_ON(t != STORE_INT && t != STORE_REAL);
	return sqlite3_column_double(row(s), column);
}

static struct sv
sq_column_text(const struct store *s, int column)
{
	enum store_type t = sq_column_type(s, column);
	struct sv v;

	BUG_ON(t != STORE_TEXT && t != STORE_BLOB);
	v.p = sqlite3_column_blob(row(s), column);
	v.n = (size_t)sqlite3_column_bytes(row(s), column);
	return v;
}

static enum rc
sq_checkpoint(struct store *s, struct err *e)
{
	int rc;

	rc = sqlite3_wal_checkpoint_v2(self(s)->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc == SQLITE_OK ? RC_OK : fail(s, e);
}

static void
sq_set_wait(struct store *s, int wait_ms)
{
	sqlite3_busy_timeout(self(s)->db, wait_ms);
}

static bool
sq_lost(const struct store *s)
{
	return s->in_tx && sqlite3_get_autocommit(self(s)->db) != 0;
}

static void
sq_close(struct store *s)
{
	sqlite3_close_v2(self(s)->db); /* stays until its last statement is given up */
}

static const struct driver sqlite_driver = {
	.dialect = DIALECT_SQLITE,
	.close = sq_close,
	.lost = sq_lost,
	.set_wait = sq_set_wait,
	.begin = sq_begin,
	.commit = sq_commit,
	.rollback = sq_rollback,
	.script = sq_script,
	.forget = sq_forget,
	.exec = sq_exec,
	.query = sq_query,
	.next = sq_next,
	.rows_end = sq_rows_end,
	.column_type = sq_column_type,
	.column_int = sq_column_int,
	.column_real = sq_column_real,
	.column_text = sq_column_text,
	.copy_to = sqlite_copy_to,
	.checkpoint = sq_checkpoint,
};

/* Make the empty file when asked to: SQLite itself would give it a wider mode. */
static enum rc
make_file(const char *path, unsigned flags, struct err *e)
{
	int fd;

	if ((flags & STORE_CREATE) != 0 && (flags & STORE_READONLY) == 0) {
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0) {
			close(fd);
			return file_sync_folder(path, e);
		}
		if (errno != EEXIST)
			return err_errno(e, RC_IO, "%s: cannot make the database", path);
	}
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return err_set(e, RC_NOTFOUND,
			       "%s: no such database (expected one made by "
			       "`tocsin init`)",
			       path);
	return RC_OK;
}

/* "./" in front keeps SQLite from reading meaning into names such as ":memory:". */
static char *
plain_path(const char *where)
{
	struct buf b = BUF_INIT(sizeof("./") + strlen(where));
	char *p;

	if (where[0] != '/')
		buf_adds(&b, "./");
	buf_adds(&b, where);
	p = mem_dup(b.p, b.n);
	buf_fini(&b);
	return p;
}

/* SQLite does not wait for the lock that the change to WAL needs: two programs that open a new
 * file at once would refuse each other. */
static enum rc
set_wal(struct store *s, struct err *e)
{
	enum rc rc;
	int waited;

	for (waited = 0;; waited += 10) {
		rc = run(s, "PRAGMA journal_mode = WAL", e);
		if (rc != RC_TIMEOUT || waited >= WAIT_MS)
			return rc;
		sqlite3_sleep(10);
	}
}

enum rc
sqlite_open(struct store **ret, const char *where, unsigned flags, struct err *e)
{
	bool readonly = (flags & STORE_READONLY) != 0;
	struct sqlite *q = MEM_NEW(struct sqlite);
	struct store *s = &q->base;
	char *path = plain_path(where);
	enum rc rc;

	s->driver = &sqlite_driver;
	s->where = mem_dup(where, strlen(where));
	rc = make_file(where, flags, e);
	if (rc != RC_OK)
		goto out;
	if (sqlite3_open_v2(path, &q->db,
			    SQLITE_OPEN_NOMUTEX |
				    (readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE),
			    NULL) != SQLITE_OK) {
		rc = fail(s, e);
		goto out;
	}
	sqlite3_extended_result_codes(q->db, 1);
	sqlite3_db_config(q->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sq_set_wait(s, WAIT_MS);
	rc = run(s, SETTINGS, e);
	if (rc == RC_OK && !readonly)
		rc = set_wal(s, e);
	if (rc == RC_OK) /* the first real look into the file */
		rc = run(s, "SELECT count(*) FROM sqlite_schema", e);
out:
	if (rc == RC_OK) {
		*ret = s;
	} else {
		sqlite3_close(q->db);
		mem_free(s->where);
		mem_free(q);
	}
	mem_free(path);
	return rc;
}
