/*
 * postgres_conn.c — reaching the server, and what its errors mean here.
 *
 * A password can stand in the URI: messages show pg_display's form, and only
 * the server's primary message (its details can hold a row's values).
 */
#include "store/postgres_int.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

/* Dead hosts are noticed on both ends: a client that vanished would keep the
 * change counter locked. */
#define SESSION                                                                  \
	"SET standard_conforming_strings = on; SET client_min_messages = error;" \
	"SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10;"        \
	"SET tcp_keepalives_count = 3; SET lock_timeout = %d;"                   \
	"SELECT set_config('synchronous_commit', 'on', false)"                   \
	" WHERE current_setting('synchronous_commit') = 'off';"

static const struct {
	const char *state; /* SQLSTATE, or its class */
	enum rc rc;
	const char *what; /* NULL: the server's own words */
} states[] = {
	{"40001", RC_TIMEOUT, "two transactions stood in each other's way (try again)"},
	{"40P01", RC_TIMEOUT, "two transactions waited for each other (try again)"},
	{"55P03", RC_TIMEOUT,
	 "the rows are locked by another transaction (expected its end within "
	 "the waiting time; try again)"},
	{"57014", RC_TIMEOUT, NULL},
	{"22", RC_CONFLICT, NULL},
	{"23", RC_CONFLICT, NULL},
	{"53100", RC_IO,
	 "the disk of the database server is full (expected room to write; free some "
	 "space there and try again)"},
	{"53300", RC_IO, "the database server has no connection left (raise its max_connections)"},
	{"25006", RC_IO,
	 "the database cannot be written (expected the primary server and a user that "
	 "may write)"},
	{"42501", RC_IO, NULL},
	{"", RC_IO, NULL},
};

/* Of a message of several lines; the rest is hints and positions. */
static struct sv
first_line(const char *s)
{
	struct sv v = sv_of(s);

	return sv_trim(sv_head(v, sv_find_char(v, '\n')));
}

enum rc
pg_fail(const struct postgres *p, const PGresult *r, struct err *e)
{
	const char *state = r != NULL ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	const char *text = r != NULL ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *where = p->base.where;
	struct sv words;
	size_t i = 0;

	if (PQstatus(p->conn) != CONNECTION_OK || state == NULL) {
		words = first_line(text != NULL ? text : PQerrorMessage(p->conn));
		return err_set(e, RC_IO, "%s: no connection to the database: %.*s", where,
			       SV_ARG(words));
	}
	while (!sv_starts(sv_of(state), sv_of(states[i].state)))
		i++;
	if (states[i].what != NULL)
		return err_set(e, states[i].rc, "%s: %s", where, states[i].what);
	words = first_line(text != NULL ? text : "the database gave no reason");
	return err_set(e, states[i].rc, "%s: %.*s", where, SV_ARG(words));
}

enum rc
pg_run(struct postgres *p, const char *sql, struct err *e)
{
	PGresult *r = PQexec(p->conn, sql);
	ExecStatusType st = PQresultStatus(r);
	enum rc rc = RC_OK;

	if (st != PGRES_COMMAND_OK && st != PGRES_TUPLES_OK && st != PGRES_EMPTY_QUERY)
		rc = pg_fail(p, r, e);
	PQclear(r);
	return rc;
}

static const char *
option(const PQconninfoOption *o, const char *name)
{
	for (; o->keyword != NULL; o++)
		if (strcmp(o->keyword, name) == 0)
			return o->val != NULL ? o->val : "";
	return "";
}

enum rc
pg_display(const char *uri, char **ret, struct err *e)
{
	struct buf b = BUF_INIT(4 * KIB);
	PQconninfoOption *o;
	const char *host;
	char *why = NULL;
	enum rc rc;

	o = PQconninfoParse(uri, &why);
	PQfreemem(why); /* it may quote the password */
	if (o == NULL)
		return err_set(e, RC_IO,
			       "the store's address is not a PostgreSQL URI (expected "
			       "postgresql://USER@HOST/DATABASE)");
	host = option(o, "host");
	buf_adds(&b, "postgresql://");
	if (*option(o, "user") != '\0')
		buf_addf(&b, "%s@", option(o, "user"));
	if (*host != '/')
		buf_adds(&b, host);
	if (*option(o, "port") != '\0')
		buf_addf(&b, ":%s", option(o, "port"));
	buf_addf(&b, "/%s", option(o, "dbname"));
	if (*host == '/')
		buf_addf(&b, "?host=%s", host);
	PQconninfoFree(o);
	rc = buf_check(&b, "the store's address", e);
	if (rc == RC_OK)
		*ret = mem_dup(b.p, b.n);
	buf_fini(&b);
	return rc;
}

static void
no_notice(void *arg, const PGresult *r)
{
	(void)arg;
	(void)r;
}

static enum rc
session(struct postgres *p, struct err *e)
{
	struct buf sql = BUF_INIT(4 * KIB);
	const char *code = PQparameterStatus(p->conn, "server_encoding");
	enum rc rc;

	if (code == NULL || strcmp(code, "UTF8") != 0)
		return err_set(e, RC_IO,
			       "%s: the database's encoding is %s (expected UTF8: "
			       "createdb --encoding=UTF8 --template=template0)",
			       p->base.where, code != NULL ? code : "unknown");
	buf_addf(&sql, SESSION, p->wait_ms);
	if ((p->base.flags & STORE_READONLY) != 0)
		buf_adds(&sql, "SET default_transaction_read_only = on;");
	rc = pg_run(p, buf_str(&sql), e);
	buf_fini(&sql);
	return rc;
}

enum rc
pg_connect(struct postgres *p, struct err *e)
{
	/* What stands before dbname the URI may change, what stands after it not. */
	static const char *const names[] = {"connect_timeout",
					    "application_name",
					    "keepalives_idle",
					    "keepalives_interval",
					    "keepalives_count",
					    "tcp_user_timeout",
					    "dbname",
					    "client_encoding",
					    NULL};
	const char *const values[] = {"5",     "tocsin", "30",   "10", "3",
				      "20000", p->uri,   "UTF8", NULL};
	enum rc rc;

	PQfinish(p->conn);
	p->generation++;
	p->conn = PQconnectdbParams(names, values, 1);
	BUG_ON(p->conn == NULL); /* memory */
	PQsetNoticeReceiver(p->conn, no_notice, NULL);
	if (PQstatus(p->conn) != CONNECTION_OK)
		return pg_fail(p, NULL, e);
	rc = session(p, e);
	if (rc == RC_OK)
		return RC_OK;
	/* Half set up is not connected: the next try begins anew. */
	PQfinish(p->conn);
	p->conn = NULL;
	return rc;
}
