/*
 * sqlite_int.h — what sqlite.c and sqlite_copy.c share.
 */
#ifndef STORE_SQLITE_INT_H
#define STORE_SQLITE_INT_H

#include <sqlite3.h>

#include "store/driver.h"

struct sqlite {
	struct store base;
	sqlite3 *db;
	bool done; /* the open row set came to its end */
};

/* The sentence and the code for what db says went wrong last. */
enum rc sqlite_fail(const char *where, sqlite3 *db, struct err *);

enum rc sqlite_copy_to(struct store *, const char *path, struct err *) CHECKED;

#endif
