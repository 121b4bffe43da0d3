/*
 * driver.h — the seam between store.c and the two drivers. For this room only.
 *
 * store.c keeps the rules that hold for both (one transaction, one open row
 * set, a failed transaction does nothing more) and the cache of statements; a
 * driver only talks to its database.
 */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/dialect.h"
#include "store/store.h"

/* Parameters of one statement. */
#define STORE_PARAMS_MAX 64

/* A prepared statement; the driver's part hangs on handle. */
struct stmt {
	const char *key; /* the address of the caller's literal */
	char *text;      /* what stood there: an address may be used again */
	char *sql;       /* in the driver's dialect */
	size_t params;
	void *handle; /* NULL until the driver prepared it */
};

struct driver {
	enum dialect dialect;
	/* The driver's own part; store.c frees the rest. forget may come after it. */
	void (*close)(struct store *);
	/* True when the connection is known to be gone. */
	bool (*lost)(const struct store *);
	void (*set_wait)(struct store *, int wait_ms);

	/* begin reconnects where it can. rollback says whether the connection can go on. */
	enum rc (*begin)(struct store *, struct err *);
	enum rc (*commit)(struct store *, struct err *);
	void (*rollback)(struct store *);
	/* Statements without parameters or rows: savepoints, migrations. */
	enum rc (*script)(struct store *, const char *sql, struct err *);

	/* Give up the driver's part of a statement. */
	void (*forget)(struct store *, struct stmt *);
	/* rows times columns arguments; rows is 1 for a single statement and many says
	 * whether an error names the row. */
	enum rc (*exec)(struct store *, struct stmt *, const struct store_arg *, size_t columns,
			size_t rows, bool many, int64_t *ret_changed, struct err *);
	enum rc (*query)(struct store *, struct stmt *, const struct store_arg *, size_t n,
			 struct err *);
	/* Of the one open row set. */
	enum rc (*next)(struct store *, struct err *);
	void (*rows_end)(struct store *);
	enum store_type (*column_type)(const struct store *, int column);
	int64_t (*column_int)(const struct store *, int column);
	double (*column_real)(const struct store *, int column);
	struct sv (*column_text)(const struct store *, int column);

	enum rc (*copy_to)(struct store *, const char *path, struct err *);
	enum rc (*checkpoint)(struct store *, struct err *);
};

struct store_rows {
	struct store *store;
	struct stmt *stmt;
	bool on_row;
};

/* The first member of every driver's own struct. */
struct store {
	const struct driver *driver;
	char *where; /* for messages: no password */
	unsigned flags;
	bool in_tx;
	bool failed; /* something failed in this transaction */
	int savepoints;
	bool rows_open;
	struct store_rows rows;
	struct stmt *stmts; /* open addressing by key, STMT_SLOTS of them */
	size_t stmt_count;
};

/* What an open transaction comes to: true when it can only be rolled back as a whole. */
bool store_tx_dead(const struct store *);
/* The connection is gone (until the next store_begin or statement brings it back). */
bool store_lost(const struct store *);

enum rc sqlite_open(struct store **ret, const char *where, unsigned flags, struct err *) CHECKED;
enum rc postgres_open(struct store **ret, const char *where, unsigned flags, struct err *) CHECKED;

#endif
