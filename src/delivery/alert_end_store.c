/*
 * alert_end_store.c — what the alert's own row says about sending it on.
 */
#include "delivery/alert_end_store.h"

#include "alert/alert_state.h"
#include "store/store.h"

static bool
end_of(int64_t state, int64_t expires, int64_t now, enum outbox_event *ret)
{
	switch (state) {
	case ALERT_LIVE:
		if (expires > now)
			return false;
		*ret = OUTBOX_ON_EXPIRE;
		return true;
	case ALERT_UPDATED:
		*ret = OUTBOX_ON_SUPERSEDE;
		return true;
	case ALERT_EXPIRED:
		*ret = OUTBOX_ON_EXPIRE;
		return true;
	default: /* cancelled, or never sent at all: nothing goes out */
		*ret = OUTBOX_ON_CANCEL;
		return true;
	}
}

enum rc
alert_end_look(struct store *st, int64_t alert, int64_t now, bool lock, bool *ret_over,
	       enum outbox_event *ret_on, struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc;

	if (lock)
		rc = store_query(&rows, st, "SELECT state, expires FROM alert WHERE id = ?1 {lock}",
				 ARGS(ARG_INT(alert)), e);
	else
		rc = store_query(&rows, st, "SELECT state, expires FROM alert WHERE id = ?1",
				 ARGS(ARG_INT(alert)), e);
	if (rc == RC_OK)
		rc = store_next(rows, e);
	if (rc == RC_OK) {
		*ret_over = end_of(store_int(rows, 0), store_int(rows, 1), now, ret_on);
	} else if (rc == RC_NOTFOUND) {
		*ret_over = true;
		*ret_on = OUTBOX_ON_CANCEL;
		rc = RC_OK;
	}
	store_rows_free(&rows);
	return rc;
}
