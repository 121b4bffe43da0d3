/*
 * bench_store.c — an audience of N persons with an e-mail address each, fanned
 * out, then worked off. As in the dispatcher at full load, one commit holds the
 * settling of one batch, the start of the next and the claim of the one after.
 */
#include "delivery/bench_store.h"

#include "alert/alert_state.h"
#include "alert/alert_store.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "delivery/fanout_store.h"
#include "delivery/outbox_store.h"
#include "store/store.h"

/* Far enough away from ids that somebody could have. */
#define BENCH_ALERT INT64_C(1)

static enum rc
insert_people(struct store *st, int64_t first, size_t n, int64_t *ids, struct err *e)
{
	struct store_arg *args = MEM_NEW_N(struct store_arg, n * 2);
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++) {
		ids[i] = first + (int64_t)i;
		args[i * 2] = ARG_INT(ids[i]);
		args[i * 2 + 1] = ARG_BLOB(SV("0123456789abcdef"));
	}
	rc = store_exec_many(st,
			     "INSERT INTO contact (person, n, channel, hash, sealed, state) VALUES "
			     "(?1, 1, 1, ?2, ?2, 0)",
			     args, 2, n, NULL, e);
	mem_free(args);
	return rc;
}

static enum rc
prepare(struct store *st, int64_t n, int64_t now, struct err *e)
{
	int64_t *ids = MEM_NEW_N(int64_t, (size_t)n), have = 0, at;
	size_t part;
	enum rc rc;

	rc = store_begin(st, e);
	if (rc == RC_OK)
		rc = store_get_int(st,
				   "SELECT (SELECT count(*) FROM delivery) + "
				   "(SELECT count(*) FROM contact) + (SELECT count(*) FROM alert)",
				   NO_ARGS, &have, e);
	if (rc == RC_OK && have > 0)
		rc = err_set(e, RC_CONFLICT, "%s: holds data (expected an empty database)",
			     store_where(st));
	if (rc == RC_OK)
		rc = store_exec(st,
				"INSERT INTO alert (id, thread, version, state, author, msgtype, "
				"status, scope, "
				"effective, expires, headline, xml, created) "
				"VALUES (?1, ?1, 1, ?2, 0, 0, 0, 0, ?3, ?4, '', ?5, ?3)",
				ARGS(ARG_INT(BENCH_ALERT), ARG_INT(ALERT_LIVE), ARG_INT(now),
				     ARG_INT(now + TIME_DAY), ARG_BLOB(SV_NONE)),
				NULL, e);
	for (at = 0; rc == RC_OK && at < n; at += BATCH_ROWS) {
		part = (size_t)(n - at < BATCH_ROWS ? n - at : BATCH_ROWS);
		rc = insert_people(st, at + 1, part, &ids[at], e);
	}
	if (rc == RC_OK)
		rc = audience_put(st, BENCH_ALERT, true, ids, (size_t)n, e);
	if (rc == RC_OK)
		rc = store_commit(st, e);
	mem_free(ids);
	return rc;
}

static enum rc
fan_out(struct store *st, int64_t now, int64_t *ret_rows, struct err *e)
{
	static const struct outbox_ladder ladder = {UINT32_C(1) << CHANNEL_EMAIL, false};
	struct outbox_fanned f = {0, 0, 0};
	int64_t rows = 0;
	enum rc rc;

	do {
		rc = store_begin(st, e);
		if (rc == RC_OK)
			rc = outbox_fan_out(st, &ladder, now, &f, e);
		if (rc == RC_OK)
			rc = store_commit(st, e);
		rows += f.rows;
	} while (rc == RC_OK && f.alert != 0);
	*ret_rows = rows;
	return rc;
}

/* The last two batches, and room for a third. */
struct pipeline {
	struct outbox_claim started;
	struct outbox_claim claimed;
	struct outbox_row *spare;
	struct outbox_result *results;
	int64_t settled;
};

static enum rc
settle(struct store *st, struct pipeline *p, int64_t now, struct err *e)
{
	const struct outbox_claim *c = &p->started;
	int64_t lost = 0;
	size_t i;
	enum rc rc;

	for (i = 0; i < c->n; i++)
		p->results[i] = (struct outbox_result){.claim = c->id,
						       .alert = c->alert,
						       .person = c->rows[i].person,
						       .contact = c->rows[i].contact,
						       .thread = c->rows[i].thread,
						       .from = OUTBOX_IN_FLIGHT,
						       .on = OUTBOX_ON_ACCEPT,
						       .counts = true,
						       .ref = SV("4fYxyz0abc1")};
	rc = outbox_settle(st, p->results, c->n, now, &lost, e);
	if (rc == RC_OK)
		rc = outbox_claim_end(st, c->id, e);
	p->settled += (int64_t)c->n - lost;
	return rc;
}

/* One commit; *ret_more is false when nothing was left. */
static enum rc
step(struct store *st, struct pipeline *p, int64_t epoch, int64_t now, bool *ret_more,
     struct err *e)
{
	struct outbox_claim next = {.rows = p->spare};
	enum outbox_go go = OUTBOX_GO;
	int64_t look;
	enum rc rc;

	rc = store_begin(st, e);
	if (rc == RC_OK && p->started.n > 0)
		rc = settle(st, p, now, e);
	if (rc == RC_OK && p->claimed.n > 0)
		rc = outbox_start(st, epoch, &p->claimed, now, &go, e);
	if (rc == RC_OK && go != OUTBOX_GO)
		rc = err_set(e, RC_CONFLICT, "the measured batch did not start");
	if (rc == RC_OK)
		rc = outbox_claim(st, epoch, 0, BATCH_CLAIM, now, &next, &look, e);
	if (rc == RC_OK)
		rc = store_commit(st, e);
	if (rc != RC_OK)
		return rc;
	p->spare = p->started.rows;
	p->started = p->claimed;
	p->claimed = next;
	*ret_more = p->started.n > 0 || p->claimed.n > 0;
	return RC_OK;
}

static enum rc
work_off(struct store *st, int64_t now, int64_t *ret_settled, struct err *e)
{
	struct outbox_row *rows = MEM_NEW_N(struct outbox_row, 3 * BATCH_CLAIM);
	struct pipeline p = {.started = {.rows = rows},
			     .claimed = {.rows = rows + BATCH_CLAIM},
			     .spare = rows + 2 * BATCH_CLAIM,
			     .results = MEM_NEW_N(struct outbox_result, BATCH_CLAIM)};
	int64_t epoch = 0;
	bool more = true;
	enum rc rc;

	rc = store_begin(st, e);
	if (rc == RC_OK)
		rc = outbox_run_begin(st, SV("bench"), now + TIME_DAY, &epoch, e);
	if (rc == RC_OK)
		rc = store_commit(st, e);
	while (rc == RC_OK && more)
		rc = step(st, &p, epoch, now, &more, e);
	*ret_settled = p.settled;
	mem_free(rows);
	mem_free(p.results);
	return rc;
}

static enum rc
clean(struct store *st, struct err *e)
{
	return store_script(
		st,
		SV("DELETE FROM delivery;\nDELETE FROM reach;\n"
		   "DELETE FROM contact;\nDELETE FROM audience_piece;\nDELETE FROM alert;\n"
		   "DELETE FROM dispatcher;\nDELETE FROM change;\n"),
		e);
}

enum rc
outbox_bench(struct store *st, int64_t n, struct outbox_bench *ret, struct err *e)
{
	struct outbox_bench b = {0, 0, 0};
	int64_t now = time_now(), settled = 0, t;
	enum rc rc;

	rc = prepare(st, n, now, e);
	if (rc != RC_OK)
		goto out;
	t = time_mono_us();
	rc = fan_out(st, now, &b.rows, e);
	if (rc != RC_OK)
		goto out;
	b.fan_out_us = time_mono_us() - t;
	t = time_mono_us();
	rc = work_off(st, now, &settled, e);
	if (rc != RC_OK)
		goto out;
	b.settle_us = time_mono_us() - t;
	if (b.rows != n || settled != n)
		rc = err_set(e, RC_CONFLICT, "%lld rows settled of %lld (expected %lld)",
			     (long long)settled, (long long)b.rows, (long long)n);
	if (rc == RC_OK)
		rc = clean(st, e);
	if (rc == RC_OK)
		*ret = b;
out:
	store_rollback(st);
	return rc == RC_OK ? rc : err_in(e, rc, "bench outbox");
}
