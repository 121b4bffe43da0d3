/*
 * csv.h — records of comma-separated fields (RFC 4180), fed in chunks. Pure.
 *
 * Lines end with LF or CR LF; a byte order mark at the beginning is dropped;
 * empty lines are skipped. A quoted field may hold line ends and doubled quotes.
 * A record is at most LIMIT_CSV_LINE bytes, UTF-8 without NUL. A bad record is
 * named once, then reading goes on at the line after its first one, so that a
 * quote left open costs no more than the line it stands on.
 */
#ifndef PEOPLE_CSV_H
#define PEOPLE_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct csv;

struct csv_record {
	uint64_t line;           /* where it begins, from 1 */
	const struct sv *fields; /* unquoted; valid until the next call */
	size_t n;
};

struct csv *csv_new(void) CHECKED;
void csv_free(struct csv **); /* NULL inside is fine; leaves NULL */
void csv_reset(struct csv *); /* as new */

/* At most 1 MiB at a time, and only after csv_next said RC_NOTFOUND. */
void csv_feed(struct csv *, struct sv chunk);
void csv_end(struct csv *); /* no more chunks will come */

/* RC_OK: a record. RC_SYNTAX, RC_LIMIT: a bad one ("line 7: …"); go on calling. RC_NOTFOUND:
 * none in what was fed so far; no sentence. */
enum rc csv_next(struct csv *, struct csv_record *ret, struct err *) CHECKED;

/* Append one field, quoted where needed. */
struct buf;
void csv_add_field(struct buf *, struct sv);

#endif
