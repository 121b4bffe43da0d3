/*
 * dialect.h — what differs between the SQL of SQLite and of PostgreSQL.
 *
 * Statements and migrations are one text for both; a {token} in it is looked
 * up in the table of dialect.c, and a parameter ?1 becomes $1 for PostgreSQL.
 * Nothing inside '…', "…" or a -- comment is touched. Pure.
 */
#ifndef STORE_DIALECT_H
#define STORE_DIALECT_H

#include "base/sv.h"

struct buf;

enum dialect { DIALECT_SQLITE, DIALECT_POSTGRES };

/* Append sql in the given dialect. *ret_params (may be NULL) is the highest
 * parameter number. A token that is not in the table, and a ? without a number
 * from 1 to 99, is a bug. */
void dialect_write(struct buf *, enum dialect, struct sv sql, size_t *ret_params);

#endif
