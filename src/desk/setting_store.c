/*
 * setting_store.c — see setting_store.h.
 */
#include "desk/setting_store.h"
#include "store/change.h"
#include "store/store.h"

enum rc
setting_get(struct buf *ret, struct store *st, const char *name, struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc = store_query(&rows, st, "SELECT value FROM setting WHERE name = ?1",
				 ARGS(ARG_TEXT(sv_of(name))), e);

	if (rc == RC_OK)
		rc = store_next(rows, e);
	if (rc == RC_OK)
		buf_add(ret, store_text(rows, 0));
	else if (rc == RC_NOTFOUND)
		rc = err_set(e, rc,
			     "%s: the setting \"%s\" is missing (was the store made by "
			     "tocsin init?)",
			     store_where(st), name);
	store_rows_free(&rows);
	return rc;
}

enum rc
setting_put(struct store *st, const char *name, struct sv value, struct err *e)
{
	int64_t none = 0;
	enum rc rc = store_exec(st,
				"INSERT INTO setting (name, value) VALUES (?1, ?2) "
				"ON CONFLICT (name) DO UPDATE SET value = excluded.value",
				ARGS(ARG_TEXT(sv_of(name)), ARG_TEXT(value)), NULL, e);

	return rc == RC_OK ? change_add(st, CHANGE_SETTING, &none, 1, e) : rc;
}

enum rc
setting_is_practice(struct store *st, bool *ret, struct err *e)
{
	struct buf mode = BUF_INIT(64);
	enum rc rc = setting_get(&mode, st, SETTING_MODE, e);

	if (rc == RC_OK)
		*ret = sv_eq(buf_sv(&mode), SV("practice"));
	buf_fini(&mode);
	return rc;
}

enum rc
setting_restored(struct store *st, int64_t *ret_backup_at, struct err *e)
{
	struct store_rows *rows = NULL;
	int64_t at = 0;
	enum rc rc = store_query(&rows, st, "SELECT value FROM setting WHERE name = ?1",
				 ARGS(ARG_TEXT(SV(SETTING_RESTORED))), e);

	if (rc == RC_OK)
		rc = store_next(rows, e);
	if (rc == RC_OK && !sv_to_i64(store_text(rows, 0), &at))
		at = 0;
	store_rows_free(&rows);
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	*ret_backup_at = at;
	return RC_OK;
}
