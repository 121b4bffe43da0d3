/*
 * outbox_store.c — claiming, starting and settling rows of the outbox.
 *
 * Order of durable steps, each its own commit:
 *
 *   1  claimed     a batch is ours: row claim, rows claimed
 *   2  in-flight   after the last look at hold, alert and lease; only now may
 *                  a session have the messages
 *   3  settled     what the peers said; contact states move with it
 *   4  claim gone  when all its rows are settled
 *
 * A crash after 1 makes the rows ready again, after 2 in-doubt; what was lost
 * before 3 is sent again under the same Message-ID. `claim` guards every write:
 * who was thought dead and comes back changes nothing that another took over.
 */
#include "delivery/outbox_store.h"

#include "answers/reach_store.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/mem.h"
#include "delivery/alert_end_store.h"
#include "store/change.h"
#include "store/store.h"

/* Alerts looked at in one claim: with more in force at a time the next call goes on. */
#define LOOK_ALERTS 64

/* A range scan for a batch may pass over this many rows for each of its own. */
#define SPARSE 16

enum rc
outbox_run_begin(struct store *st, struct sv name, int64_t lease_until, int64_t *ret_epoch,
		 struct err *e)
{
	int64_t epoch;
	enum rc rc;

	rc = counter_take(st, "epoch", 1, &epoch, e);
	if (rc != RC_OK)
		goto out;
	rc = store_exec(
		st,
		"INSERT INTO dispatcher (name, epoch, lease) VALUES (?1, ?2, ?3) "
		"ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, lease = excluded.lease",
		ARGS(ARG_TEXT(name), ARG_INT(epoch), ARG_INT(lease_until)), NULL, e);
	if (rc == RC_OK)
		*ret_epoch = epoch;
out:
	return rc == RC_OK ? rc : err_in(e, rc, "dispatcher's run");
}

enum rc
outbox_run_renew(struct store *st, int64_t epoch, int64_t lease_until, struct err *e)
{
	int64_t changed = 0;
	enum rc rc;

	rc = store_exec(st, "UPDATE dispatcher SET lease = ?2 WHERE epoch = ?1",
			ARGS(ARG_INT(epoch), ARG_INT(lease_until)), &changed, e);
	if (rc == RC_OK && changed == 0)
		rc = err_set(
			e, RC_CONFLICT,
			"dispatcher's run %lld is over: its lease passed, or another has its name",
			(long long)epoch);
	return rc;
}

enum rc
outbox_run_end(struct store *st, int64_t epoch, struct err *e)
{
	return store_exec(st, "DELETE FROM dispatcher WHERE epoch = ?1", ARGS(ARG_INT(epoch)), NULL,
			  e);
}

struct held {
	int64_t id;
	int64_t alert;
	int64_t lo;
	int64_t hi;
};

#define HELD_MAX 64

/* What a query for (id, alert, lo, hi) gives, at most HELD_MAX rows. */
static enum rc
read_held(struct store *st, const char *sql, int64_t arg, int64_t after, struct held *ret,
	  size_t *ret_n, struct err *e)
{
	struct store_rows *rows = NULL;
	size_t n = 0;
	enum rc rc;

	rc = store_query(&rows, st, sql, ARGS(ARG_INT(arg), ARG_INT(after), ARG_INT(HELD_MAX)), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK)
		ret[n++] = (struct held){store_int(rows, 0), store_int(rows, 1), store_int(rows, 2),
					 store_int(rows, 3)};
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND)
		return rc;
	*ret_n = n;
	return RC_OK;
}

/* Move what the claim still holds in one state to one that is due at next_at. */
static enum rc
drop_held(struct store *st, const struct held *h, enum outbox_state from, enum outbox_event on,
	  int64_t next_at, int64_t now, int64_t *ret_changed, struct err *e)
{
	enum outbox_state to = outbox_move(from, on);

	return store_exec(
		st,
		"UPDATE delivery SET state = ?6, next_at = ?7, claim = 0, doubts = "
		"doubts + ?8, updated = ?9 "
		"WHERE alert = ?1 AND person >= ?2 AND person <= ?3 AND claim = ?4 AND state = ?5",
		ARGS(ARG_INT(h->alert), ARG_INT(h->lo), ARG_INT(h->hi), ARG_INT(h->id),
		     ARG_INT(from), ARG_INT(to), ARG_INT(next_at), ARG_INT(to == OUTBOX_IN_DOUBT),
		     ARG_INT(now)),
		ret_changed, e);
}

/* All of a claim, and the claim itself. */
static enum rc
drop_claim(struct store *st, const struct held *h, enum outbox_event on, int64_t next_at,
	   int64_t now, struct outbox_recovered *sum, struct err *e)
{
	int64_t claimed = 0, in_flight = 0;
	enum rc rc;

	rc = drop_held(st, h, OUTBOX_CLAIMED, on, next_at, now, &claimed, e);
	if (rc == RC_OK)
		rc = drop_held(st, h, OUTBOX_IN_FLIGHT, on, next_at, now, &in_flight, e);
	if (rc == RC_OK)
		rc = outbox_claim_end(st, h->id, e);
	sum->ready += claimed;
	if (outbox_move(OUTBOX_IN_FLIGHT, on) == OUTBOX_IN_DOUBT)
		sum->in_doubt += in_flight;
	else
		sum->ready += in_flight;
	return rc;
}

enum rc
outbox_recover(struct store *st, int64_t now, struct outbox_recovered *ret, struct err *e)
{
	struct outbox_recovered sum = {0, 0};
	struct held held[HELD_MAX];
	size_t i, n = 0;
	enum rc rc;

	do {
		rc = read_held(st,
			       "SELECT id, alert, lo, hi FROM claim WHERE id > ?2 AND NOT EXISTS "
			       "(SELECT 1 FROM dispatcher WHERE dispatcher.epoch = claim.epoch AND "
			       "lease > ?1) "
			       "ORDER BY id LIMIT ?3",
			       now, 0, held, &n, e);
		for (i = 0; rc == RC_OK && i < n; i++)
			rc = drop_claim(st, &held[i], OUTBOX_ON_LAPSE, now, now, &sum, e);
	} while (rc == RC_OK && n == HELD_MAX);
	if (rc == RC_OK)
		rc = store_exec(st, "DELETE FROM dispatcher WHERE lease <= ?1", ARGS(ARG_INT(now)),
				NULL, e);
	if (rc != RC_OK)
		return err_in(e, rc, "taking back claims");
	FAULT("outbox.recovered");
	*ret = sum;
	return RC_OK;
}

static bool
contains(const int64_t *ids, size_t n, int64_t id)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

enum rc
outbox_release_others(struct store *st, int64_t epoch, const int64_t *keep, size_t n_keep,
		      int64_t next_at, int64_t now, int64_t *ret_ready, struct err *e)
{
	struct outbox_recovered sum = {0, 0};
	struct held held[HELD_MAX];
	int64_t after = 0;
	size_t i, n = 0;
	enum rc rc;

	do {
		rc = read_held(st,
			       "SELECT id, alert, lo, hi FROM claim WHERE epoch = ?1 AND id > ?2 "
			       "ORDER BY id LIMIT ?3",
			       epoch, after, held, &n, e);
		for (i = 0; rc == RC_OK && i < n; i++) {
			after = held[i].id;
			if (!contains(keep, n_keep, held[i].id))
				rc = drop_claim(st, &held[i], OUTBOX_ON_RELEASE, next_at, now, &sum,
						e);
		}
	} while (rc == RC_OK && n == HELD_MAX);
	if (rc != RC_OK)
		return err_in(e, rc, "giving deliveries back");
	*ret_ready = sum.ready;
	return RC_OK;
}

static enum rc
on_hold(struct store *st, bool *ret, struct err *e)
{
	int64_t n = 0;
	enum rc rc;

	rc = store_get_int(st, "SELECT count(*) FROM setting WHERE name = 'hold' AND value = '1'",
			   NO_ARGS, &n, e);
	if (rc == RC_OK)
		*ret = n > 0;
	return rc;
}

/* End due rows of an alert that is over. */
static enum rc
sweep(struct store *st, int64_t alert, enum outbox_event on, int64_t now, struct err *e)
{
	enum outbox_state to = outbox_move(OUTBOX_READY, on);

	BUG_ON(outbox_move(OUTBOX_RETRY_WAIT, on) != to || outbox_move(OUTBOX_IN_DOUBT, on) != to);
	return store_exec(
		st,
		"WITH due AS (SELECT alert, person, contact FROM delivery "
		"WHERE alert = ?1 AND next_at IS NOT NULL ORDER BY next_at, person, contact "
		"LIMIT ?4 {skip-locked}) "
		"UPDATE delivery SET state = ?2, next_at = NULL, updated = ?3 "
		"WHERE (alert, person, contact) IN (SELECT alert, person, contact FROM due)",
		ARGS(ARG_INT(alert), ARG_INT(to), ARG_INT(now), ARG_INT(BATCH_ROWS)), NULL, e);
}

static int
by_person(const void *a, const void *b)
{
	const struct outbox_row *x = a, *y = b;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	return (x->contact > y->contact) - (x->contact < y->contact);
}

/* The claim's rows leave the index of due ones and come back sorted. WITH: a list with locks is
 * made once; inside IN a plan may make it again, skip what it took itself, and take too many. */
static enum rc
take_rows(struct store *st, struct outbox_claim *c, size_t most, int64_t now, struct err *e)
{
	struct store_rows *rows = NULL;
	struct outbox_row *r;
	enum rc rc;

	rc = store_query(
		&rows, st,
		"WITH due AS (SELECT alert, person, contact FROM delivery "
		"WHERE alert = ?1 AND next_at <= ?2 ORDER BY next_at, person, contact "
		"LIMIT ?3 {skip-locked}) "
		"UPDATE delivery SET state = ?5, claim = ?4, next_at = NULL, updated = ?2 "
		"WHERE (alert, person, contact) IN (SELECT alert, person, contact FROM due) "
		"RETURNING person, contact, thread, channel, attempts, doubts, concerned",
		ARGS(ARG_INT(c->alert), ARG_INT(now), ARG_INT((int64_t)most), ARG_INT(c->id),
		     ARG_INT(outbox_move(OUTBOX_READY, OUTBOX_ON_CLAIM))),
		e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		BUG_ON(c->n >= most);
		r = &c->rows[c->n++];
		r->alert = c->alert;
		r->person = store_int(rows, 0);
		r->contact = store_int(rows, 1);
		r->thread = store_int(rows, 2);
		r->channel = (enum channel)store_int(rows, 3);
		r->state = OUTBOX_CLAIMED;
		r->attempts = store_int(rows, 4);
		r->doubts = store_int(rows, 5);
		r->concerned = store_int(rows, 6) != 0;
	}
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND)
		return rc;
	qsort(c->rows, c->n, sizeof(*c->rows), by_person);
	return RC_OK;
}

static enum rc
claim_alert(struct store *st, int64_t epoch, int64_t alert, size_t most, int64_t now,
	    struct outbox_claim *c, struct err *e)
{
	enum rc rc;

	c->alert = alert;
	c->n = 0;
	rc = counter_take(st, "claim", 1, &c->id, e);
	if (rc == RC_OK)
		rc = take_rows(st, c, most, now, e);
	if (rc == RC_OK && c->n > 0)
		rc = store_exec(
			st,
			"INSERT INTO claim (id, epoch, alert, lo, hi) VALUES (?1, ?2, ?3, ?4, ?5)",
			ARGS(ARG_INT(c->id), ARG_INT(epoch), ARG_INT(alert),
			     ARG_INT(c->rows[0].person), ARG_INT(c->rows[c->n - 1].person)),
			NULL, e);
	return rc;
}

/* The lowest alert after `after` with waiting rows, and since when the first is due. The order
 * names both columns, so that the index of due rows answers it. RC_NOTFOUND. */
static enum rc
next_alert(struct store *st, int64_t after, int64_t *ret_alert, int64_t *ret_due, struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc;

	rc = store_query(
		&rows, st,
		"SELECT alert, next_at FROM delivery WHERE next_at IS NOT NULL AND alert > ?1 "
		"ORDER BY alert, next_at LIMIT 1",
		ARGS(ARG_INT(after)), e);
	if (rc == RC_OK)
		rc = store_next(rows, e);
	if (rc == RC_OK) {
		*ret_alert = store_int(rows, 0);
		*ret_due = store_int(rows, 1);
	}
	store_rows_free(&rows);
	return rc;
}

/* Claim from this alert, end its rows, or note when it will be due. */
static enum rc
look_at(struct store *st, int64_t epoch, int64_t alert, int64_t due, size_t most, int64_t now,
	struct outbox_claim *c, int64_t *at, struct err *e)
{
	enum outbox_event end;
	bool over;
	enum rc rc;

	rc = alert_end_look(st, alert, now, false, &over, &end, e);
	if (rc != RC_OK)
		return rc;
	if (over) {
		*at = now; /* there may be more to end */
		return sweep(st, alert, end, now, e);
	}
	if (due <= now)
		return claim_alert(st, epoch, alert, most, now, c, e);
	if (*at == 0 || due < *at)
		*at = due;
	return RC_OK;
}

enum rc
outbox_claim(struct store *st, int64_t epoch, int64_t after_alert, size_t most, int64_t now,
	     struct outbox_claim *ret, int64_t *ret_look_at, struct err *e)
{
	struct outbox_claim c = {0, 0, ret->rows, 0};
	int64_t alert = after_alert, due = 0, at = 0;
	bool hold, wrapped = false;
	int i;
	enum rc rc;

	BUG_ON(most == 0 || most > BATCH_CLAIM);
	rc = on_hold(st, &hold, e);
	if (rc != RC_OK || hold)
		goto out;
	for (i = 0; i < LOOK_ALERTS && c.n == 0; i++) {
		rc = next_alert(st, alert, &alert, &due, e);
		if (rc == RC_NOTFOUND && !wrapped) {
			wrapped = true;
			alert = 0;
			continue;
		}
		if (rc != RC_OK || (wrapped && alert > after_alert))
			break;
		rc = look_at(st, epoch, alert, due, most, now, &c, &at, e);
		if (rc != RC_OK)
			goto out;
	}
	if (i == LOOK_ALERTS)
		at = now;
	if (rc == RC_NOTFOUND)
		rc = RC_OK;
out:
	if (rc != RC_OK)
		return err_in(e, rc, "claiming deliveries");
	FAULT("outbox.claimed");
	*ret = c;
	*ret_look_at = at;
	return RC_OK;
}

/* Move all rows that the claim holds in state claimed; at once when they lie close. */
static enum rc
move_claimed(struct store *st, const struct outbox_claim *c, enum outbox_event on, int64_t next_at,
	     int64_t now, int64_t *ret_changed, struct err *e)
{
	enum outbox_state to = outbox_move(OUTBOX_CLAIMED, on);
	struct store_arg next = outbox_is_due(to) ? ARG_INT(next_at) : ARG_NULL;
	int64_t claim = outbox_is_held(to) ? c->id : 0;
	int64_t lo = c->rows[0].person, hi = c->rows[c->n - 1].person;
	struct store_arg *args;
	size_t i;
	enum rc rc;

	if ((uint64_t)(hi - lo) < SPARSE * c->n)
		return store_exec(
			st,
			"UPDATE delivery SET state = ?6, next_at = ?7, claim = ?8, updated = ?9 "
			"WHERE alert = ?1 AND person >= ?2 AND person <= ?3 AND claim = ?4 AND "
			"state = ?5",
			ARGS(ARG_INT(c->alert), ARG_INT(lo), ARG_INT(hi), ARG_INT(c->id),
			     ARG_INT(OUTBOX_CLAIMED), ARG_INT(to), next, ARG_INT(claim),
			     ARG_INT(now)),
			ret_changed, e);
	args = MEM_NEW_N(struct store_arg, c->n * 9);
	for (i = 0; i < c->n; i++) {
		args[i * 9 + 0] = ARG_INT(c->alert);
		args[i * 9 + 1] = ARG_INT(c->rows[i].person);
		args[i * 9 + 2] = ARG_INT(c->rows[i].contact);
		args[i * 9 + 3] = ARG_INT(c->id);
		args[i * 9 + 4] = ARG_INT(OUTBOX_CLAIMED);
		args[i * 9 + 5] = ARG_INT(to);
		args[i * 9 + 6] = next;
		args[i * 9 + 7] = ARG_INT(claim);
		args[i * 9 + 8] = ARG_INT(now);
	}
	rc = store_exec_many(
		st,
		"UPDATE delivery SET state = ?6, next_at = ?7, claim = ?8, updated = ?9 "
		"WHERE alert = ?1 AND person = ?2 AND contact = ?3 AND claim = ?4 AND state = ?5",
		args, 9, c->n, ret_changed, e);
	mem_free(args);
	return rc;
}

/* What the last look says, before any row is touched. */
static enum rc
may_start(struct store *st, int64_t epoch, int64_t alert, int64_t now, enum outbox_go *ret,
	  enum outbox_event *ret_end, struct err *e)
{
	int64_t runs = 0;
	bool hold, over;
	enum rc rc;

	rc = store_get_int(st, "SELECT count(*) FROM dispatcher WHERE epoch = ?1 AND lease > ?2",
			   ARGS(ARG_INT(epoch), ARG_INT(now)), &runs, e);
	if (rc == RC_OK)
		rc = on_hold(st, &hold, e);
	/* Locked: who cancels counts as written to whatever starts before it. */
	if (rc == RC_OK)
		rc = alert_end_look(st, alert, now, true, &over, ret_end, e);
	if (rc != RC_OK)
		return rc;
	if (runs == 0)
		*ret = OUTBOX_LOST;
	else if (over)
		*ret = OUTBOX_ENDED;
	else
		*ret = hold ? OUTBOX_HELD : OUTBOX_GO;
	return RC_OK;
}

enum rc
outbox_start(struct store *st, int64_t epoch, const struct outbox_claim *c, int64_t now,
	     enum outbox_go *ret, struct err *e)
{
	enum outbox_event on = OUTBOX_ON_CANCEL;
	enum outbox_go go;
	int64_t changed = 0;
	enum rc rc;

	BUG_ON(c->n == 0);
	rc = may_start(st, epoch, c->alert, now, &go, &on, e);
	if (rc != RC_OK)
		goto out;
	if (go == OUTBOX_GO)
		on = OUTBOX_ON_START;
	else if (go == OUTBOX_HELD)
		on = OUTBOX_ON_RELEASE;
	if (go != OUTBOX_LOST) {
		rc = move_claimed(st, c, on, now, now, &changed, e);
		if (rc == RC_OK && changed == 0)
			go = OUTBOX_LOST;
		else if (rc == RC_OK && changed != (int64_t)c->n)
			rc = err_set(e, RC_CONFLICT, "claim %lld holds %lld rows (expected %zu)",
				     (long long)c->id, (long long)changed, c->n);
	}
	if (rc == RC_OK && go != OUTBOX_GO)
		rc = outbox_claim_end(st, c->id, e);
	if (rc != RC_OK)
		goto out;
	FAULT("outbox.in-flight");
	*ret = go;
out:
	return rc == RC_OK ? rc : err_in(e, rc, "starting deliveries");
}

#define SETTLE_COLUMNS 12

static void
settle_args(struct store_arg *a, const struct outbox_result *r, int64_t now)
{
	enum outbox_state to = outbox_move(r->from, r->on);

	a[0] = ARG_INT(to);
	a[1] = outbox_is_due(to) ? ARG_INT(r->next_at) : ARG_NULL;
	a[2] = ARG_INT(r->counts);
	a[3] = ARG_INT(to == OUTBOX_IN_DOUBT);
	a[4] = r->ref.n > 0 ? ARG_TEXT(r->ref) : ARG_NULL;
	a[5] = r->error.n > 0 ? ARG_TEXT(r->error) : ARG_NULL;
	a[6] = ARG_INT(now);
	a[7] = ARG_INT(r->alert);
	a[8] = ARG_INT(r->person);
	a[9] = ARG_INT(r->contact);
	a[10] = ARG_INT(r->claim);
	a[11] = ARG_INT(r->from);
}

enum rc
outbox_settle(struct store *st, const struct outbox_result *results, size_t n, int64_t now,
	      int64_t *ret_lost, struct err *e)
{
	struct store_arg *args = MEM_NEW_N(struct store_arg, n * SETTLE_COLUMNS);
	struct reach_row *reach = MEM_NEW_N(struct reach_row, n);
	size_t i, accepted = 0;
	int64_t changed = 0;
	enum rc rc;

	for (i = 0; i < n; i++) {
		settle_args(&args[i * SETTLE_COLUMNS], &results[i], now);
		if (results[i].on == OUTBOX_ON_ACCEPT)
			reach[accepted++] = (struct reach_row){results[i].thread, results[i].person,
							       REACH_ON_ACCEPTED};
	}
	rc = store_exec_many(st,
			     "UPDATE delivery SET state = ?1, next_at = ?2, claim = 0, attempts = "
			     "attempts + ?3, "
			     "doubts = doubts + ?4, provider_ref = ?5, error = ?6, updated = ?7 "
			     "WHERE alert = ?8 AND person = ?9 AND contact = ?10 AND claim = ?11 "
			     "AND state = ?12",
			     args, SETTLE_COLUMNS, n, &changed, e);
	if (rc == RC_OK)
		rc = reach_write(st, reach, accepted, now, e);
	mem_free(args);
	mem_free(reach);
	if (rc != RC_OK)
		return err_in(e, rc, "settling deliveries");
	FAULT("outbox.settled");
	*ret_lost = (int64_t)n - changed;
	return RC_OK;
}

enum rc
outbox_claim_end(struct store *st, int64_t claim, struct err *e)
{
	return store_exec(st, "DELETE FROM claim WHERE id = ?1", ARGS(ARG_INT(claim)), NULL, e);
}
