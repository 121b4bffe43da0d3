/*
 * export_store.c — see export_store.h.
 */
#include "desk/export_store.h"
#include "base/arena.h"
#include "store/change.h"
#include "store/store.h"

enum rc
export_insert(struct store *st, struct export_request *x, struct err *e)
{
	enum rc rc = counter_take(st, "export", 1, &x->id, e);

	if (rc != RC_OK)
		return rc;
	return store_exec(st,
			  "INSERT INTO export_request (id, officer, alert, recipient, reason, "
			  "requested) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
			  ARGS(ARG_INT(x->id), ARG_INT(x->officer), ARG_INT(x->alert),
			       ARG_TEXT(x->recipient), ARG_TEXT(x->reason), ARG_INT(x->requested)),
			  NULL, e);
}

enum rc
export_load(struct export_request *ret, struct arena *a, struct store *st, int64_t id,
	    struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc = store_query(&rows, st,
				 "SELECT id, officer, alert, recipient, reason, requested, "
				 "approver, approved, expires, fetched FROM export_request WHERE "
				 "id = ?1 {lock}",
				 ARGS(ARG_INT(id)), e);

	if (rc == RC_OK)
		rc = store_next(rows, e);
	if (rc == RC_OK)
		*ret = (struct export_request){store_int(rows, 0),
					       store_int(rows, 1),
					       store_int(rows, 2),
					       arena_sv(a, store_text(rows, 3)),
					       arena_sv(a, store_text(rows, 4)),
					       store_int(rows, 5),
					       store_int(rows, 6),
					       store_int(rows, 7),
					       store_int(rows, 8),
					       store_int(rows, 9)};
	else if (rc == RC_NOTFOUND)
		rc = err_set(e, rc, "there is no export request %lld", (long long)id);
	store_rows_free(&rows);
	return rc;
}

enum rc
export_put_approved(struct store *st, int64_t id, int64_t approver, int64_t now, int64_t expires,
		    struct err *e)
{
	return store_exec(st,
			  "UPDATE export_request SET approver = ?2, approved = ?3, expires = ?4 "
			  "WHERE id = ?1",
			  ARGS(ARG_INT(id), ARG_INT(approver), ARG_INT(now), ARG_INT(expires)),
			  NULL, e);
}

enum rc
export_put_fetched(struct store *st, int64_t id, int64_t now, struct err *e)
{
	return store_exec(st, "UPDATE export_request SET fetched = ?2 WHERE id = ?1",
			  ARGS(ARG_INT(id), ARG_INT(now)), NULL, e);
}
