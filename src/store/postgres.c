/*
 * postgres.c — the driver for a PostgreSQL server.
 *
 * Every statement is prepared once per connection; parameters and columns
 * travel in binary form. Rows come one at a time (single-row mode), many rows
 * go in a pipeline. A lost connection is made again by begin, or by a
 * statement outside a transaction, never in the middle of one. The isolation
 * is READ COMMITTED: what must not change under a writer it locks ({lock}).
 */
#include "base/mem.h"
#include "store/postgres_int.h"

#define WAIT_MS 5000

/* Rows between two syncs of a pipeline; two such pieces are under way at a time. */
#define PIECE 256

static struct postgres *
self(const struct store *s)
{
	return (struct postgres *)s;
}

static bool
pg_lost(const struct store *s)
{
	return PQstatus(self(s)->conn) != CONNECTION_OK; /* of NULL too */
}

/* Outside a transaction a lost connection can be replaced. */
static enum rc
ensure(struct store *s, struct err *e)
{
	if (!pg_lost(s))
		return RC_OK;
	if (s->in_tx)
		return err_set(e, RC_IO, "%s: the connection to the database was lost", s->where);
	return pg_connect(self(s), e);
}

static enum rc
pg_begin(struct store *s, struct err *e)
{
	const char *sql = (s->flags & STORE_READONLY) != 0
				  ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
				  : "BEGIN ISOLATION LEVEL READ COMMITTED";
	enum rc rc;

	rc = ensure(s, e);
	if (rc != RC_OK)
		return rc;
	rc = pg_run(self(s), sql, e);
	if (rc == RC_OK || !pg_lost(s))
		return rc;
	/* The server went away since the last use: nothing has happened yet. */
	rc = pg_connect(self(s), e);
	return rc == RC_OK ? pg_run(self(s), sql, e) : rc;
}

static enum rc
pg_commit(struct store *s, struct err *e)
{
	struct postgres *p = self(s);
	PGresult *r;
	enum rc rc = RC_OK;

	if (pg_lost(s))
		return err_set(e, RC_IO,
			       "%s: the connection to the database was lost before the "
			       "commit",
			       s->where);
	r = PQexec(p->conn, "COMMIT");
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		rc = pg_fail(p, r, e);
	else if (strcmp(PQcmdStatus(r), "COMMIT") != 0)
		rc = err_set(e, RC_IO, "%s: the transaction was undone after an error", s->where);
	PQclear(r);
	if (rc != RC_OK && pg_lost(s))
		err_in(e, rc, "the commit may or may not have happened");
	return rc;
}

static void
pg_rollback(struct store *s)
{
	struct postgres *p = self(s);

	if (pg_lost(s) || PQtransactionStatus(p->conn) == PQTRANS_IDLE)
		return;
	if (pg_run(p, "ROLLBACK", NULL) == RC_OK)
		return;
	/* Whatever is wrong with it: the server undoes what its client left. */
	PQfinish(p->conn);
	p->conn = NULL;
}

static enum rc
pg_script(struct store *s, const char *sql, struct err *e)
{
	enum rc rc = ensure(s, e);

	return rc == RC_OK ? pg_run(self(s), sql, e) : rc;
}

static void
pg_forget(struct store *s, struct stmt *st)
{
	struct pg_stmt *ps = st->handle;
	char sql[64];

	if (!pg_lost(s) && ps->generation == self(s)->generation) {
		snprintf(sql, sizeof(sql), "DEALLOCATE %s", ps->name);
		(void)!pg_run(self(s), sql, NULL); /* else it goes with the connection */
	}
	MEM_FREE(&st->handle);
}

static enum rc
describe(struct postgres *p, struct pg_stmt *ps, size_t n, struct err *e)
{
	PGresult *r = PQdescribePrepared(p->conn, ps->name);
	enum rc rc = RC_OK;
	size_t i;

	if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		rc = pg_fail(p, r, e);
	} else {
		BUG_ON((size_t)PQnparams(r) != n);
		for (i = 0; i < n; i++)
			ps->types[i] = PQparamtype(r, (int)i);
	}
	PQclear(r);
	return rc;
}

static enum rc
prepare(struct postgres *p, struct stmt *st, const struct store_arg *a, struct err *e)
{
	struct pg_stmt *ps = st->handle;
	Oid types[STORE_PARAMS_MAX];
	PGresult *r;
	enum rc rc = RC_OK;
	size_t i;

	if (ps != NULL && ps->generation == p->generation)
		return RC_OK;
	MEM_FREE(&st->handle);
	ps = MEM_NEW(struct pg_stmt);
	ps->generation = p->generation;
	snprintf(ps->name, sizeof(ps->name), "t%u", p->names++);
	for (i = 0; i < st->params; i++)
		types[i] = pg_type_of(a[i].type);
	r = PQprepare(p->conn, ps->name, st->sql, (int)st->params, types);
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		rc = pg_fail(p, r, e);
	PQclear(r);
	if (rc == RC_OK)
		rc = describe(p, ps, st->params, e);
	if (rc == RC_OK) {
		st->handle = ps;
		ps = NULL;
	}
	mem_free(ps);
	return rc;
}

static void
count_changed(PGresult *r, int64_t *changed)
{
	int64_t n;

	if (sv_to_i64(sv_of(PQcmdTuples(r)), &n))
		*changed += n;
}

static enum rc
exec_one(struct postgres *p, const struct pg_stmt *ps, const struct pg_params *v, size_t n,
	 int64_t *changed, struct err *e)
{
	PGresult *r;
	enum rc rc = RC_OK;

	r = PQexecPrepared(p->conn, ps->name, (int)n, v->values, v->lengths, v->formats, 1);
	if (PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK)
		count_changed(r, changed);
	else
		rc = pg_fail(p, r, e);
	PQclear(r);
	return rc;
}

/* What a pipeline has come to. */
struct pipe {
	size_t sent;
	size_t got;
	int64_t changed;
	enum rc rc;
};

static void
pipe_fail(struct postgres *p, struct pipe *q, const PGresult *r, struct err *e)
{
	char where[40];

	if (q->rc != RC_OK)
		return; /* what follows the first error says nothing new */
	snprintf(where, sizeof(where), "row %zu", q->got + 1);
	q->rc = err_in(e, pg_fail(p, r, e), where);
}

static void
pipe_send(struct postgres *p, struct pipe *q, const struct pg_stmt *ps, const struct store_arg *a,
	  size_t columns, size_t rows, struct err *e)
{
	struct pg_params v;
	size_t end = rows - q->sent < PIECE ? rows : q->sent + PIECE;

	for (; q->sent < end; q->sent++) {
		pg_encode(&v, a + q->sent * columns, ps->types, columns);
		if (PQsendQueryPrepared(p->conn, ps->name, (int)columns, v.values, v.lengths,
					v.formats, 1) == 0)
			break;
	}
	if (q->sent < end || PQpipelineSync(p->conn) == 0)
		pipe_fail(p, q, NULL, e);
}

/* Read one piece's answers, up to its sync. */
static void
pipe_get(struct postgres *p, struct pipe *q, struct err *e)
{
	ExecStatusType st = PGRES_EMPTY_QUERY;
	PGresult *r;
	int ends = 0;

	/* A NULL ends one row's answer; two in a row: nothing more comes. */
	while (st != PGRES_PIPELINE_SYNC && ends < 2) {
		r = PQgetResult(p->conn);
		if (r == NULL) {
			ends++;
			continue;
		}
		ends = 0;
		st = PQresultStatus(r);
		if (st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK) {
			count_changed(r, &q->changed);
			q->got++;
		} else if (st != PGRES_PIPELINE_SYNC) {
			pipe_fail(p, q, r, e);
		}
		PQclear(r);
	}
	if (ends == 2)
		pipe_fail(p, q, NULL, e);
}

static enum rc
exec_pipeline(struct postgres *p, const struct pg_stmt *ps, const struct store_arg *a,
	      size_t columns, size_t rows, int64_t *changed, struct err *e)
{
	struct pipe q = {0};
	size_t syncs = 0;

	if (PQenterPipelineMode(p->conn) == 0)
		return pg_fail(p, NULL, e);
	while (q.rc == RC_OK && q.got < rows) {
		while (q.rc == RC_OK && q.sent < rows && syncs < 2) {
			pipe_send(p, &q, ps, a, columns, rows, e);
			syncs++;
		}
		pipe_get(p, &q, e);
		syncs--;
	}
	for (; syncs > 0 && PQstatus(p->conn) == CONNECTION_OK; syncs--)
		pipe_get(p, &q, e);
	if (PQstatus(p->conn) == CONNECTION_OK && PQexitPipelineMode(p->conn) == 0) {
		/* Answers are left that nobody will read: only a new connection is sound. */
		pipe_fail(p, &q, NULL, e);
		PQfinish(p->conn);
		p->conn = NULL;
	}
	*changed = q.changed;
	return q.rc;
}

static enum rc
pg_exec(struct store *s, struct stmt *st, const struct store_arg *a, size_t columns, size_t rows,
	bool many, int64_t *ret_changed, struct err *e)
{
	struct postgres *p = self(s);
	struct pg_params v;
	int64_t changed = 0;
	enum rc rc;

	rc = ensure(s, e);
	if (rc == RC_OK)
		rc = prepare(p, st, a, e);
	if (rc != RC_OK)
		return rc;
	if (many) {
		rc = exec_pipeline(p, st->handle, a, columns, rows, &changed, e);
	} else {
		pg_encode(&v, a, ((struct pg_stmt *)st->handle)->types, columns);
		rc = exec_one(p, st->handle, &v, columns, &changed, e);
	}
	if (rc == RC_OK)
		*ret_changed = changed;
	return rc;
}

static enum rc
pg_query(struct store *s, struct stmt *st, const struct store_arg *a, size_t n, struct err *e)
{
	struct postgres *p = self(s);
	struct pg_stmt *ps;
	struct pg_params v;
	enum rc rc;

	rc = ensure(s, e);
	if (rc == RC_OK)
		rc = prepare(p, st, a, e);
	if (rc != RC_OK)
		return rc;
	ps = st->handle;
	pg_encode(&v, a, ps->types, n);
	if (PQsendQueryPrepared(p->conn, ps->name, (int)n, v.values, v.lengths, v.formats, 1) == 0)
		return pg_fail(p, NULL, e);
	BUG_ON(PQsetSingleRowMode(p->conn) == 0);
	p->done = false;
	return RC_OK;
}

static void
row_clear(struct postgres *p)
{
	PQclear(p->row);
	p->row = NULL;
}

static enum rc
pg_next(struct store *s, struct err *e)
{
	struct postgres *p = self(s);
	enum rc rc;

	for (;;) {
		row_clear(p);
		p->row = p->done ? NULL : PQgetResult(p->conn);
		if (p->row == NULL) {
			p->done = true;
			return RC_NOTFOUND;
		}
		switch (PQresultStatus(p->row)) {
		case PGRES_SINGLE_TUPLE:
			return RC_OK;
		case PGRES_TUPLES_OK: /* the end, with no row */
		case PGRES_COMMAND_OK:
			break;
		default:
			rc = pg_fail(p, p->row, e);
			row_clear(p);
			return rc;
		}
	}
}

static void
pg_rows_end(struct store *s)
{
	struct postgres *p = self(s);

	do
		row_clear(p);
	while (!p->done && (p->row = PQgetResult(p->conn)) != NULL);
	p->done = true;
}

static enum store_type
column_type(const struct store *s, int column)
{
	return pg_column_type(self(s)->row, column);
}

static int64_t
column_int(const struct store *s, int column)
{
	return pg_column_int(self(s)->row, column);
}

static double
column_real(const struct store *s, int column)
{
	return pg_column_real(self(s)->row, column);
}

static struct sv
column_text(const struct store *s, int column)
{
	return pg_column_text(self(s)->row, column);
}

static enum rc
pg_copy_to(struct store *s, const char *path, struct err *e)
{
	return err_set(e, RC_USAGE,
		       "%s: cannot be copied to %s (expected a SQLite store; use pg_dump "
		       "for PostgreSQL)",
		       s->where, path);
}

static enum rc
pg_checkpoint(struct store *s, struct err *e)
{
	(void)s;
	(void)e;
	return RC_OK; /* the server's own business */
}

static void
pg_set_wait(struct store *s, int wait_ms)
{
	struct postgres *p = self(s);
	char sql[64];

	p->wait_ms = wait_ms;
	snprintf(sql, sizeof(sql), "SET lock_timeout = %d", wait_ms);
	if (!pg_lost(s) && pg_run(p, sql, NULL) != RC_OK) {
		PQfinish(p->conn); /* connecting again sets it */
		p->conn = NULL;
	}
}

static void
pg_close(struct store *s)
{
	struct postgres *p = self(s);

	PQfinish(p->conn);
	p->conn = NULL;
	mem_wipe(p->uri, strlen(p->uri));
	mem_free(p->uri);
}

static const struct driver postgres_driver = {
	.dialect = DIALECT_POSTGRES,
	.close = pg_close,
	.lost = pg_lost,
	.set_wait = pg_set_wait,
	.begin = pg_begin,
	.commit = pg_commit,
	.rollback = pg_rollback,
	.script = pg_script,
	.forget = pg_forget,
	.exec = pg_exec,
	.query = pg_query,
	.next = pg_next,
	.rows_end = pg_rows_end,
	.column_type = column_type,
	.column_int = column_int,
	.column_real = column_real,
	.column_text = column_text,
	.copy_to = pg_copy_to,
	.checkpoint = pg_checkpoint,
};

enum rc
postgres_open(struct store **ret, const char *where, unsigned flags, struct err *e)
{
	struct postgres *p;
	char *display;
	enum rc rc;

	rc = pg_display(where, &display, e);
	if (rc != RC_OK)
		return rc;
	p = MEM_NEW(struct postgres);
	p->base.driver = &postgres_driver;
	p->base.where = display;
	p->base.flags = flags;
	p->uri = mem_dup(where, strlen(where));
	p->wait_ms = WAIT_MS;
	rc = pg_connect(p, e);
	if (rc == RC_OK) {
		*ret = &p->base;
		return RC_OK;
	}
	pg_close(&p->base);
	mem_free(p->base.where);
	mem_free(p);
	return rc;
}
