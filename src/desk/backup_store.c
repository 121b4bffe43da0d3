/*
 * backup_store.c — see backup_store.h.
 *
 * Alerts may have gone out after the backup was made. Their numbers stand in
 * identifiers and in Message-IDs, by which receivers know what they had before:
 * a number used again would make a new warning look like an old one. So the
 * count of alerts leaves a gap that they fit into.
 */
#include "desk/backup_store.h"
#include "desk/setting_store.h"
#include "store/store.h"

/* More alerts than a desk writes between two backups. */
#define ALERTS_SINCE 1000

enum rc
backup_put_file(struct store *st, const char *name, struct sv content, struct err *e)
{
	enum rc rc = store_exec(st,
				"CREATE TABLE IF NOT EXISTS backup_file (name {text} NOT NULL "
				"PRIMARY KEY, content {blob} NOT NULL)",
				NO_ARGS, NULL, e);

	if (rc != RC_OK)
		return rc;
	return store_exec(st, "INSERT INTO backup_file (name, content) VALUES (?1, ?2)",
			  ARGS(ARG_TEXT(sv_of(name)), ARG_BLOB(content)), NULL, e);
}

static enum rc
has_files(struct store *st, int64_t *ret, struct err *e)
{
	return store_get_int(st,
			     "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND "
			     "name = 'backup_file'",
			     NO_ARGS, ret, e);
}

enum rc
backup_get_file(struct buf *ret, struct store *st, const char *name, struct err *e)
{
	struct store_rows *rows = NULL;
	int64_t there = 0;
	enum rc rc = has_files(st, &there, e);

	if (rc == RC_OK && there == 0)
		rc = RC_NOTFOUND;
	if (rc == RC_OK)
		rc = store_query(&rows, st, "SELECT content FROM backup_file WHERE name = ?1",
				 ARGS(ARG_TEXT(sv_of(name))), e);
	if (rc == RC_OK)
		rc = store_next(rows, e);
	if (rc == RC_OK)
		buf_add(ret, store_text(rows, 0));
	store_rows_free(&rows);
	if (rc == RC_NOTFOUND)
		return err_set(e, rc, "%s: there is no %s in this backup", store_where(st), name);
	return rc == RC_OK ? buf_check(ret, name, e) : rc;
}

/* The newest row of the audit log tells when the backup was made. */
static enum rc
put_restored(struct store *st, struct err *e)
{
	struct buf text = BUF_INIT(32);
	int64_t at = 0;
	enum rc rc = store_get_int(st, "SELECT COALESCE(MAX(at), 1) FROM audit", NO_ARGS, &at, e);

	buf_add_i64(&text, at);
	if (rc == RC_OK)
		rc = setting_put(st, SETTING_RESTORED, buf_sv(&text), e);
	buf_fini(&text);
	return rc;
}

enum rc
backup_make_live(struct store *st, struct err *e)
{
	enum rc rc = store_begin(st, e);

	if (rc == RC_OK)
		rc = store_exec(st, "DROP TABLE IF EXISTS backup_file", NO_ARGS, NULL, e);
	if (rc == RC_OK)
		rc = store_exec(st, "DELETE FROM session", NO_ARGS, NULL, e);
	if (rc == RC_OK)
		rc = store_exec(st, "DELETE FROM signin", NO_ARGS, NULL, e);
	/* No run lives on in a copy: what one held is taken back at once, not after a lease. */
	if (rc == RC_OK)
		rc = store_exec(st, "DELETE FROM dispatcher", NO_ARGS, NULL, e);
	if (rc == RC_OK)
		rc = store_exec(st, "UPDATE counter SET value = value + ?1 WHERE name = 'alert'",
				ARGS(ARG_INT(ALERTS_SINCE)), NULL, e);
	if (rc == RC_OK)
		rc = setting_put(st, SETTING_HOLD, SV("1"), e);
	if (rc == RC_OK)
		rc = put_restored(st, e);
	if (rc == RC_OK)
		rc = store_commit(st, e);
	if (rc != RC_OK)
		store_rollback(st);
	return rc;
}
