/*
 * backup_store.h — small files that travel inside a backup: a table
 * `backup_file` that only backups have.
 */
#ifndef DESK_BACKUP_STORE_H
#define DESK_BACKUP_STORE_H

#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct store;

/* Put a file's content under a name into a backup. */
enum rc backup_put_file(struct store *backup, const char *name, struct sv content, struct err *)
	CHECKED;
/* RC_NOTFOUND when the backup has none of that name. */
enum rc backup_get_file(struct buf *ret, struct store *backup, const char *name, struct err *)
	CHECKED;
/* A backup as a store to work with: without the files, on hold, nobody signed in; what
 * left after the backup keeps its numbers to itself. */
enum rc backup_make_live(struct store *, struct err *) CHECKED;

#endif
