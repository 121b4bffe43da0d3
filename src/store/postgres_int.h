/*
 * postgres_int.h — what the files of the PostgreSQL driver share.
 */
#ifndef STORE_POSTGRES_INT_H
#define STORE_POSTGRES_INT_H

#include <libpq-fe.h>

#include "store/driver.h"

struct postgres {
	struct store base;
	PGconn *conn;
	char *uri; /* with the password: never for messages */
	int wait_ms;
	unsigned generation; /* of the connection: an older statement is prepared again */
	unsigned names;      /* prepared statements so far */
	PGresult *row;       /* of the open row set; NULL between rows */
	bool done;
};

/* stmt.handle */
struct pg_stmt {
	char name[24];
	unsigned generation;
	Oid types[STORE_PARAMS_MAX]; /* as the server sees the parameters */
};

/* postgres_conn.c */

/* The URI without its password, for messages. RC_IO when it is none. */
enum rc pg_display(const char *uri, char **ret, struct err *) CHECKED;
/* Connect, or connect again; afterwards nothing is prepared. RC_IO. */
enum rc pg_connect(struct postgres *, struct err *) CHECKED;
/* Code and sentence for a failed result; r NULL: for the connection. */
enum rc pg_fail(const struct postgres *, const PGresult *r, struct err *);
/* Run a text that returns nothing. */
enum rc pg_run(struct postgres *, const char *sql, struct err *) CHECKED;

/* postgres_value.c: the binary forms */

struct pg_params {
	const char *values[STORE_PARAMS_MAX];
	int lengths[STORE_PARAMS_MAX];
	int formats[STORE_PARAMS_MAX];
	char numbers[STORE_PARAMS_MAX][32];
};

/* The type to declare for a first argument; 0: let the server find out. */
Oid pg_type_of(enum store_type);
/* Lay n arguments out; the texts stay borrowed. An argument that cannot become the server's
 * type is a bug. */
void pg_encode(struct pg_params *, const struct store_arg *, const Oid *types, size_t n);
enum store_type pg_column_type(const PGresult *, int column);
int64_t pg_column_int(const PGresult *, int column);
double pg_column_real(const PGresult *, int column);
struct sv pg_column_text(const PGresult *, int column);

#endif
