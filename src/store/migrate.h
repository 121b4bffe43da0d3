/*
 * migrate.h — numbered migrations, each run once, in its own transaction.
 *
 * The texts of sql/<database>/NNNN_name.sql are embedded by the build. There
 * are two databases: "main" (everything) and "keys" (the key store of the role
 * `keys`, which has its own file and its own backups).
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/err.h"

struct store;

/* Bring the database up to this program's newest schema. RC_CONFLICT when it is
 * newer than this program knows. */
enum rc migrate_run(struct store *, const char *database, struct err *) CHECKED;

/* RC_OK when the schema is exactly the newest known; otherwise RC_CONFLICT with what to do. */
enum rc migrate_check(struct store *, const char *database, struct err *) CHECKED;

#endif
