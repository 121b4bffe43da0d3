/*
 * audit_store.h — the log of what officers and the system did, and of every
 * opening of a person's details. Rows are only appended; each row's hash covers
 * the row before, so that a changed, missing or inserted row shows.
 */
#ifndef DESK_AUDIT_STORE_H
#define DESK_AUDIT_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct store;

struct audit_entry {
	int64_t at;
	int64_t officer;        /* 0: the system itself */
	const char *action;     /* "alert.approve" */
	struct sv object;       /* "alert 7" */
	struct sv detail;       /* no contact details */
	const int64_t *persons; /* whose details were opened; ascending */
	size_t n_persons;
};

/* Append one row. Inside the caller's transaction, until whose end the chain's counter row is
 * locked. */
enum rc audit_add(struct store *, const struct audit_entry *, struct err *) CHECKED;

/* Recompute the chain. RC_CONFLICT names the first row that does not fit. */
enum rc audit_verify(struct store *, int64_t *ret_rows, struct err *) CHECKED;

#endif
