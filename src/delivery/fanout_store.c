/*
 * fanout_store.c — pieces of an audience become rows of the outbox.
 *
 * Order of durable steps: one. The rows of a piece and the piece's mark are in
 * the same transaction. Two dispatchers on one piece write the same rows once:
 * the key refuses the second.
 */
#include "delivery/fanout_store.h"

#include "alert/alert_state.h"
#include "base/arena.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/mem.h"
#include "people/contact.h"
#include "people/idlist.h"
#include "store/store.h"

/* Contact points of a piece are read as one range of persons while the range
 * is at most this many times its persons; else one by one. */
#define SPARSE 16

struct piece {
	int64_t alert;
	int64_t number;
	int64_t thread;
	int64_t concerned;
	int64_t ids[BATCH_ROWS];
	size_t n;
};

/* What the ladder says of one person. */
struct rung {
	int64_t contact;
	enum channel channel;
	enum outbox_state state;
};

/* RC_NOTFOUND when nothing is left. */
static enum rc
next_piece(struct store *st, int64_t now, struct piece *p, struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc;

	rc = store_query(&rows, st,
			 "SELECT alert, piece, concerned, persons FROM audience_piece AS p "
			 "WHERE done = 0 AND EXISTS "
			 "(SELECT 1 FROM alert WHERE alert.id = p.alert AND alert.state = ?1 "
			 "AND alert.expires > ?2) "
			 "ORDER BY alert, piece LIMIT 1 {skip-locked}",
			 ARGS(ARG_INT(ALERT_LIVE), ARG_INT(now)), e);
	if (rc == RC_OK)
		rc = store_next(rows, e);
	if (rc == RC_OK) {
		p->alert = store_int(rows, 0);
		p->number = store_int(rows, 1);
		p->concerned = store_int(rows, 2);
		rc = idlist_read(p->ids, BATCH_ROWS, &p->n, store_text(rows, 3), e);
	}
	store_rows_free(&rows);
	if (rc == RC_OK)
		rc = store_get_int(st, "SELECT thread FROM alert WHERE id = ?1",
				   ARGS(ARG_INT(p->alert)), &p->thread, e);
	return rc;
}

/* One contact point of a person, in the order of the ladder. */
static void
climb(struct rung *r, const struct outbox_ladder *l, int64_t n, int64_t channel, int64_t state)
{
	if (r->state == OUTBOX_READY)
		return;
	if (state == CONTACT_OPTED_OUT) {
		r->state = OUTBOX_OPTED_OUT;
		return;
	}
	if (state != CONTACT_USED || channel <= CHANNEL_NONE || channel > 31)
		return;
	if (!l->practice && (l->usable & (UINT32_C(1) << channel)) == 0)
		return;
	r->contact = n;
	r->channel = l->practice ? CHANNEL_FILE : (enum channel)channel;
	r->state = OUTBOX_READY;
}

/* The whole range of persons at once, walked beside the piece's ids. */
static enum rc
climb_range(struct store *st, const struct outbox_ladder *l, const struct piece *p,
	    struct rung *rungs, struct err *e)
{
	struct store_rows *rows = NULL;
	int64_t person;
	size_t i = 0;
	enum rc rc;

	rc = store_query(
		&rows, st,
		"SELECT person, n, channel, state FROM contact WHERE person >= ?1 AND person <= ?2 "
		"ORDER BY person, n",
		ARGS(ARG_INT(p->ids[0]), ARG_INT(p->ids[p->n - 1])), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		person = store_int(rows, 0);
		while (i < p->n && p->ids[i] < person)
			i++;
		if (i < p->n && p->ids[i] == person)
			climb(&rungs[i], l, store_int(rows, 1), store_int(rows, 2),
			      store_int(rows, 3));
	}
	store_rows_free(&rows);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc
climb_one(struct store *st, const struct outbox_ladder *l, int64_t person, struct rung *rung,
	  struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc;

	rc = store_query(&rows, st,
			 "SELECT n, channel, state FROM contact WHERE person = ?1 ORDER BY n",
			 ARGS(ARG_INT(person)), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK)
		climb(rung, l, store_int(rows, 0), store_int(rows, 1), store_int(rows, 2));
	store_rows_free(&rows);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc
climb_all(struct store *st, const struct outbox_ladder *l, const struct piece *p,
	  struct rung *rungs, struct err *e)
{
	size_t i;
	enum rc rc = RC_OK;

	for (i = 0; i < p->n; i++)
		rungs[i] = (struct rung){0, CHANNEL_NONE, OUTBOX_NO_CHANNEL};
	if ((uint64_t)(p->ids[p->n - 1] - p->ids[0]) < SPARSE * p->n)
		return climb_range(st, l, p, rungs, e);
	for (i = 0; i < p->n && rc == RC_OK; i++)
		rc = climb_one(st, l, p->ids[i], &rungs[i], e);
	return rc;
}

#define INSERT_COLUMNS 9

static enum rc
insert_rows(struct store *st, const struct piece *p, const struct rung *rungs, int64_t now,
	    struct arena *a, int64_t *ret_inserted, struct err *e)
{
	struct store_arg *args = ARENA_NEW_N(a, struct store_arg, p->n * INSERT_COLUMNS), *v;
	size_t i;

	for (i = 0; i < p->n; i++) {
		v = &args[i * INSERT_COLUMNS];
		v[0] = ARG_INT(p->alert);
		v[1] = ARG_INT(p->ids[i]);
		v[2] = ARG_INT(rungs[i].contact);
		v[3] = ARG_INT(p->thread);
		v[4] = ARG_INT(rungs[i].channel);
		v[5] = ARG_INT(rungs[i].state);
		v[6] = outbox_is_due(rungs[i].state) ? ARG_INT(now) : ARG_NULL;
		v[7] = ARG_INT(now);
		v[8] = ARG_INT(p->concerned);
	}
	return store_exec_many(
		st,
		"INSERT INTO delivery (alert, person, contact, thread, channel, state, "
		"next_at, updated, "
		"concerned, claim, attempts, doubts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
		"?7, ?8, ?9, 0, 0, 0) "
		"ON CONFLICT (alert, person, contact) DO NOTHING",
		args, INSERT_COLUMNS, p->n, ret_inserted, e);
}

enum rc
outbox_fan_out(struct store *st, const struct outbox_ladder *l, int64_t now,
	       struct outbox_fanned *ret, struct err *e)
{
	struct arena *a = arena_new();
	struct piece *p = ARENA_NEW(a, struct piece);
	struct rung *rungs = ARENA_NEW_N(a, struct rung, BATCH_ROWS);
	struct outbox_fanned f = {0, 0, 0};
	size_t i;
	enum rc rc;

	rc = next_piece(st, now, p, e);
	if (rc == RC_NOTFOUND) {
		*ret = f;
		rc = RC_OK;
		goto out;
	}
	if (rc == RC_OK && p->n > 0)
		rc = climb_all(st, l, p, rungs, e);
	if (rc == RC_OK && p->n > 0)
		rc = insert_rows(st, p, rungs, now, a, &f.rows, e);
	if (rc != RC_OK)
		goto out;
	FAULT("fanout.inserted");
	rc = store_exec(st, "UPDATE audience_piece SET done = 1 WHERE alert = ?1 AND piece = ?2",
			ARGS(ARG_INT(p->alert), ARG_INT(p->number)), NULL, e);
	if (rc != RC_OK)
		goto out;
	f.alert = p->alert;
	for (i = 0; i < p->n; i++)
		f.ready += rungs[i].state == OUTBOX_READY;
	*ret = f;
out:
	arena_free(&a);
	return rc == RC_OK ? rc : err_in(e, rc, "fanning out an audience");
}

/* Which sum a row of the one counting statement belongs to. */
enum part { PART_ROWS, PART_PERSONS, PART_PIECES };

static enum rc
add_count(struct outbox_counts *c, enum part part, int64_t key, int64_t n, struct err *e)
{
	enum outbox_state s;

	if (part == PART_PIECES) {
		c->audience += n;
		c->not_fanned_out += key == 0 ? n : 0;
		return RC_OK;
	}
	if (!outbox_of_number(key, &s))
		return err_set(e, RC_SYNTAX, "table delivery: no state has number %lld",
			       (long long)key);
	if (part == PART_ROWS) {
		c->rows += n;
		c->rows_by[outbox_index(s)] += n;
	} else {
		c->persons_by[outbox_index(s)] += n;
	}
	return RC_OK;
}

enum rc
outbox_count(struct store *st, int64_t alert, struct outbox_counts *ret, struct err *e)
{
	struct outbox_counts c = {0};
	struct store_rows *rows = NULL;
	int i;
	enum rc rc;

	/* One statement, so that the sums are of one moment. */
	rc = store_query(&rows, st,
			 "SELECT 0, state, count(*) FROM delivery WHERE alert = ?1 GROUP BY state "
			 "UNION ALL SELECT 1, furthest, count(*) FROM (SELECT max(state) AS "
			 "furthest FROM delivery "
			 "WHERE alert = ?1 GROUP BY person) AS p GROUP BY furthest "
			 "UNION ALL SELECT 2, done, CAST(sum(n) AS {int}) FROM audience_piece "
			 "WHERE alert = ?1 "
			 "GROUP BY done",
			 ARGS(ARG_INT(alert)), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK)
		rc = add_count(&c, (enum part)store_int(rows, 0), store_int(rows, 1),
			       store_int(rows, 2), e);
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND)
		return err_in(e, rc, "counting deliveries");
	c.unaccounted = c.audience - c.not_fanned_out;
	for (i = 0; i < OUTBOX_STATE_COUNT; i++)
		c.unaccounted -= c.persons_by[i];
	*ret = c;
	return RC_OK;
}

enum rc
outbox_open_work(struct store *st, struct outbox_open *ret, struct err *e)
{
	struct outbox_open o = {0};
	struct store_rows *rows = NULL;
	enum rc rc;

	rc = store_query(&rows, st,
			 "SELECT 0, count(*), min(next_at) FROM delivery WHERE next_at IS NOT NULL "
			 "UNION ALL SELECT 1, count(*), 0 FROM claim JOIN delivery ON "
			 "delivery.alert = claim.alert "
			 "AND delivery.person >= claim.lo AND delivery.person <= claim.hi "
			 "AND delivery.claim = claim.id "
			 "UNION ALL SELECT 2, count(*), 0 FROM audience_piece WHERE done = 0",
			 NO_ARGS, e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		switch (store_int(rows, 0)) {
		case 0:
			o.due = store_int(rows, 1);
			o.oldest_due = store_int(rows, 2);
			break;
		case 1:
			o.held = store_int(rows, 1);
			break;
		default:
			o.pieces = store_int(rows, 1);
			break;
		}
	}
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND)
		return err_in(e, rc, "counting open deliveries");
	*ret = o;
	return RC_OK;
}
