/*
 * written_store.c — see written_store.h.
 */
#include "delivery/written_store.h"

#include "base/mem.h"
#include "delivery/outbox.h"
#include "store/store.h"

enum rc
outbox_written_to(int64_t **ret, size_t *ret_n, struct store *st, int64_t thread, struct err *e)
{
	struct store_rows *rows = NULL;
	int64_t *ids = NULL;
	size_t n = 0, cap = 0;
	enum rc rc = store_query(&rows, st,
				 "SELECT DISTINCT d.person FROM alert a JOIN delivery d ON "
				 "d.alert = a.id WHERE a.thread = ?1 AND (d.state IN (?2, ?3, ?4, "
				 "?5, ?6) OR d.doubts > 0) ORDER BY d.person",
				 ARGS(ARG_INT(thread), ARG_INT(OUTBOX_IN_FLIGHT),
				      ARG_INT(OUTBOX_IN_DOUBT), ARG_INT(OUTBOX_ACCEPTED),
				      ARG_INT(OUTBOX_DELIVERED), ARG_INT(OUTBOX_UNDELIVERED)),
				 e);

	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		ids = mem_grow(ids, &cap, n + 1, sizeof(*ids));
		ids[n++] = store_int(rows, 0);
	}
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND) {
		mem_free(ids);
		return rc;
	}
	*ret = ids;
	*ret_n = n;
	return RC_OK;
}
