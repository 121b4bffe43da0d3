/*
 * alert_store.c — see alert_store.h.
 */
#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "store/change.h"
#include "store/store.h"

#define HEAD_COLUMNS                                                                        \
	"id, thread, version, state, author, approver, identifier, sender, sent, msgtype, " \
	"status, scope, effective, expires, headline, size, created, submitted, approved, " \
	"live, ended"
#define ALL_COLUMNS HEAD_COLUMNS ", xml, correction"

static struct store_arg
int_or_null(int64_t v)
{
	return v != 0 ? ARG_INT(v) : ARG_NULL;
}

enum rc
alert_insert(struct store *st, struct alert *a, struct err *e)
{
	enum rc rc = counter_take(st, "alert", 1, &a->id, e);
	int64_t newest = 0;

	if (rc != RC_OK)
		return rc;
	if (a->thread == 0)
		a->thread = a->id;
	rc = store_get_int(st, "SELECT COALESCE(MAX(version), 0) FROM alert WHERE thread = ?1",
			   ARGS(ARG_INT(a->thread)), &newest, e);
	if (rc != RC_OK)
		return rc;
	a->version = newest + 1;
	rc = store_exec(st,
			"INSERT INTO alert (" HEAD_COLUMNS ", xml, correction) VALUES "
			"(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
			"?17, ?18, ?19, ?20, ?21, ?22, ?23)",
			ARGS(ARG_INT(a->id), ARG_INT(a->thread), ARG_INT(a->version),
			     ARG_INT(a->state), ARG_INT(a->author), int_or_null(a->approver),
			     a->identifier.n > 0 ? ARG_TEXT(a->identifier) : ARG_NULL,
			     ARG_TEXT(a->sender), int_or_null(a->sent), ARG_INT(a->msgtype),
			     ARG_INT(a->status), ARG_INT(a->scope), ARG_INT(a->effective),
			     ARG_INT(a->expires), ARG_TEXT(a->headline),
			     a->size >= 0 ? ARG_INT(a->size) : ARG_NULL, ARG_INT(a->created),
			     int_or_null(a->submitted), int_or_null(a->approved),
			     int_or_null(a->live), int_or_null(a->ended), ARG_BLOB(a->xml),
			     a->correction.n > 0 ? ARG_BLOB(a->correction) : ARG_NULL),
			NULL, e);
	return rc == RC_OK ? change_add(st, CHANGE_ALERT, &a->id, 1, e) : rc;
}

static enum rc
read_row(struct alert *a, struct arena *arena, const struct store_rows *r, bool texts,
	 struct err *e)
{
	a->id = store_int(r, 0);
	a->thread = store_int(r, 1);
	a->version = store_int(r, 2);
	if (!alert_state_of_number(store_int(r, 3), &a->state))
		return err_set(e, RC_CONFLICT, "alert %lld has the unknown state %lld",
			       (long long)a->id, (long long)store_int(r, 3));
	a->author = store_int(r, 4);
	a->approver = store_int(r, 5);
	a->identifier = arena_sv(arena, store_text(r, 6));
	a->sender = arena_sv(arena, store_text(r, 7));
	a->sent = store_int(r, 8);
	a->msgtype = (enum cap_msgtype)store_int(r, 9);
	a->status = (enum cap_status)store_int(r, 10);
	a->scope = (enum cap_scope)store_int(r, 11);
	a->effective = store_int(r, 12);
	a->expires = store_int(r, 13);
	a->headline = arena_sv(arena, store_text(r, 14));
	a->size = store_is_null(r, 15) ? -1 : store_int(r, 15);
	a->created = store_int(r, 16);
	a->submitted = store_int(r, 17);
	a->approved = store_int(r, 18);
	a->live = store_int(r, 19);
	a->ended = store_int(r, 20);
	a->xml = texts ? arena_sv(arena, store_text(r, 21)) : SV_NONE;
	a->correction = texts ? arena_sv(arena, store_text(r, 22)) : SV_NONE;
	return RC_OK;
}

static enum rc
read_list(struct alert_list *ret, struct arena *arena, struct store *st, const char *sql,
	  const struct store_arg *args, size_t n_args, bool texts, struct err *e)
{
	struct store_rows *rows = NULL;
	struct alert *v = NULL, *kept;
	size_t n = 0, cap = 0;
	enum rc rc = store_query(&rows, st, sql, args, n_args, e);

	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		v = mem_grow(v, &cap, n + 1, sizeof(*v));
		rc = read_row(&v[n], arena, rows, texts, e);
		n++;
	}
	if (rc == RC_NOTFOUND) {
		kept = ARENA_NEW_N(arena, struct alert, n);
		if (n > 0)
			memcpy(kept, v, n * sizeof(*v));
		*ret = (struct alert_list){kept, n};
		rc = RC_OK;
	}
	store_rows_free(&rows);
	mem_free(v);
	return rc;
}

enum rc
alert_load(const struct alert **ret, struct arena *arena, struct store *st, int64_t id,
	   struct err *e)
{
	struct alert_list list;
	enum rc rc = read_list(&list, arena, st, "SELECT " ALL_COLUMNS " FROM alert WHERE id = ?1",
			       ARGS(ARG_INT(id)), true, e);

	if (rc == RC_OK && list.n == 0)
		rc = err_set(e, RC_NOTFOUND, "there is no alert %lld", (long long)id);
	if (rc == RC_OK)
		*ret = &list.v[0];
	return rc;
}

enum rc
alert_all(struct alert_list *ret, struct arena *arena, struct store *st, int64_t most,
	  struct err *e)
{
	return read_list(ret, arena, st,
			 "SELECT " HEAD_COLUMNS " FROM alert ORDER BY id DESC LIMIT ?1",
			 ARGS(ARG_INT(most)), false, e);
}

enum rc
alert_of_thread(struct alert_list *ret, struct arena *arena, struct store *st, int64_t thread,
		struct err *e)
{
	return read_list(ret, arena, st,
			 "SELECT " ALL_COLUMNS " FROM alert WHERE thread = ?1 ORDER BY version",
			 ARGS(ARG_INT(thread)), true, e);
}

enum rc
alert_lock_thread(struct store *st, int64_t thread, struct err *e)
{
	int64_t unused;
	enum rc rc = store_get_int(st, "SELECT id FROM alert WHERE id = ?1 {lock}",
				   ARGS(ARG_INT(thread)), &unused, e);

	return rc == RC_NOTFOUND ? err_set(e, rc, "there is no alert %lld", (long long)thread) : rc;
}

/* What may be seen by everybody (DESIGN 3.2, 3.11). */
#define IS_PUBLIC                                                              \
	"(scope = ?2 AND (status = ?4 OR EXISTS (SELECT 1 FROM setting WHERE " \
	"name = 'mode' AND value = 'practice')))"
#define LEFT_SINCE "state >= ?1 AND (state = ?1 OR ended >= ?3)"

/* The newest of those that left, at most so many; but what is in force comes before anything
 * that is over, however long ago it left. */
#define PUBLISHED_MOST "1000"
#define NEWEST_THAT_LEFT(which)                                                                 \
	"SELECT " ALL_COLUMNS " FROM alert WHERE id IN (SELECT id FROM alert WHERE " LEFT_SINCE \
	" AND " which " ORDER BY CASE state WHEN ?1 THEN 0 ELSE 1 END, live "                   \
	"DESC, id DESC LIMIT " PUBLISHED_MOST ") ORDER BY live DESC, id DESC"

static enum rc
read_left(struct alert_list *ret, struct arena *arena, struct store *st, const char *sql,
	  int64_t since, struct err *e)
{
	return read_list(ret, arena, st, sql,
			 ARGS(ARG_INT(ALERT_LIVE), ARG_INT(CAP_SCOPE_PUBLIC), ARG_INT(since),
			      ARG_INT(CAP_STATUS_ACTUAL)),
			 true, e);
}

enum rc
alert_unpublished(struct alert_list *ret, struct arena *arena, struct store *st, int64_t since,
		  struct err *e)
{
	return read_left(ret, arena, st, NEWEST_THAT_LEFT("NOT " IS_PUBLIC), since, e);
}

enum rc
alert_published(struct alert_list *ret, struct arena *arena, struct store *st, int64_t since,
		struct err *e)
{
	return read_left(ret, arena, st, NEWEST_THAT_LEFT(IS_PUBLIC), since, e);
}

/* The statement that records when a state was entered, or forgets what approval set. */
static const char *
change_sql(enum alert_state to)
{
	switch (to) {
	case ALERT_DRAFT:
		return "UPDATE alert SET state = ?2, submitted = NULL, approved = NULL, "
		       "approver = NULL, size = NULL, identifier = NULL, sent = NULL "
		       "WHERE id = ?1 AND state = ?3";
	case ALERT_SUBMITTED:
		return "UPDATE alert SET state = ?2, submitted = ?4 WHERE id = ?1 AND state = ?3";
	case ALERT_APPROVED:
		return "UPDATE alert SET state = ?2, approved = ?4 WHERE id = ?1 AND state = ?3";
	case ALERT_LIVE:
		return "UPDATE alert SET state = ?2, live = ?4 WHERE id = ?1 AND state = ?3";
	case ALERT_UPDATED:
	case ALERT_CANCELLED:
	case ALERT_EXPIRED:
		break;
	}
	return "UPDATE alert SET state = ?2, ended = ?4 WHERE id = ?1 AND state = ?3";
}

enum rc
alert_change(struct store *st, int64_t id, enum alert_event on, int64_t now, struct err *e)
{
	struct store_arg args[4];
	enum alert_state from, to;
	int64_t number, changed = 0;
	enum rc rc = store_get_int(st, "SELECT state FROM alert WHERE id = ?1 {lock}",
				   ARGS(ARG_INT(id)), &number, e);

	if (rc == RC_NOTFOUND)
		return err_set(e, rc, "there is no alert %lld", (long long)id);
	if (rc != RC_OK)
		return rc;
	if (!alert_state_of_number(number, &from))
		return err_set(e, RC_CONFLICT, "alert %lld has the unknown state %lld",
			       (long long)id, (long long)number);
	if (!alert_move(from, on, &to))
		return err_set(e, RC_CONFLICT, "alert %lld is %s: %s is not possible now",
			       (long long)id, alert_state_name(from), alert_event_name(on));
	args[0] = ARG_INT(id);
	args[1] = ARG_INT(to);
	args[2] = ARG_INT(from);
	args[3] = ARG_INT(now);
	rc = store_exec(st, change_sql(to), args, to == ALERT_DRAFT ? 3 : 4, &changed, e);
	if (rc == RC_OK && changed != 1)
		rc = err_set(e, RC_CONFLICT, "alert %lld was changed by somebody else",
			     (long long)id);
	return rc == RC_OK ? change_add(st, CHANGE_ALERT, &id, 1, e) : rc;
}

enum rc
alert_put_frozen(struct store *st, const struct alert *a, struct err *e)
{
	return store_exec(st,
			  "UPDATE alert SET identifier = ?2, sender = ?3, sent = ?4, status = ?5, "
			  "effective = ?6, expires = ?7, xml = ?8, correction = ?9, size = ?10, "
			  "approver = ?11 WHERE id = ?1",
			  ARGS(ARG_INT(a->id), ARG_TEXT(a->identifier), ARG_TEXT(a->sender),
			       ARG_INT(a->sent), ARG_INT(a->status), ARG_INT(a->effective),
			       ARG_INT(a->expires), ARG_BLOB(a->xml), ARG_BLOB(a->correction),
			       ARG_INT(a->size), ARG_INT(a->approver)),
			  NULL, e);
}

enum rc
alert_expire_due(struct store *st, int64_t now, int64_t *ret_n, struct err *e)
{
	struct store_rows *rows = NULL;
	int64_t ids[256];
	size_t n = 0, i;
	enum rc rc = store_query(&rows, st,
				 "SELECT id FROM alert WHERE state = ?1 AND expires <= ?2 "
				 "ORDER BY id LIMIT 256",
				 ARGS(ARG_INT(ALERT_LIVE), ARG_INT(now)), e);

	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK)
		ids[n++] = store_int(rows, 0);
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND)
		return rc;
	rc = RC_OK;
	for (i = 0; rc == RC_OK && i < n; i++)
		rc = alert_change(st, ids[i], ALERT_ON_EXPIRE, now, e);
	if (rc == RC_OK)
		*ret_n = (int64_t)n;
	return rc;
}
