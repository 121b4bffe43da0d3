/*
 * dispatch_settle.c — results gather while the store writes the group before
 * them. A group that cannot be written is kept and tried again: `claim` guards
 * each row, so writing it twice changes nothing.
 */
#include "base/arena.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/mem.h"
#include "delivery/dispatch_int.h"
#include "net/loop.h"

/* Enough for one commit: flush at once. Fewer wait FLUSH_MS for company. */
#define FLUSH_ROWS 250
#define FLUSH_MS   10

/* How long a batch may take until the next are larger, or smaller. */
#define FAST_MS 300
#define SLOW_MS 1000

void
dispatch_result(struct dispatch *d, struct batch *b, const struct outbox_row *row,
		const struct outbox_result *r)
{
	struct settle_group *g = &d->in;
	struct outbox_result *v;
	size_t cap = g->cap;

	g->v = mem_grow(g->v, &g->cap, g->n + 1, sizeof(*g->v));
	g->of = mem_grow(g->of, &cap, g->n + 1, sizeof(*g->of));
	BUG_ON(cap != g->cap);
	v = &g->v[g->n];
	*v = *r;
	v->claim = b->claim.id;
	v->alert = row->alert;
	v->person = row->person;
	v->contact = row->contact;
	v->thread = row->thread;
	v->ref = arena_sv(g->texts, r->ref);
	v->error = arena_sv(g->texts, r->error);
	g->of[g->n++] = b;
	if (g->n >= FLUSH_ROWS)
		dispatch_post_settle(d);
	else if (!d->settle_busy && !loop_timer_is_set(d->flush_timer))
		loop_timer_set(d->flush_timer, FLUSH_MS, 0);
}

size_t
dispatch_unsettled(const struct dispatch *d)
{
	return d->in.n + d->out.n;
}

static enum rc
settle_work(struct store *st, void *arg, struct err *e)
{
	struct dispatch *d = arg;
	size_t i;
	enum rc rc;

	rc = outbox_settle(st, d->out.v, d->out.n, d->settle_now, &d->settle_lost, e);
	for (i = 0; rc == RC_OK && i < d->n_ended; i++)
		rc = outbox_claim_end(st, d->ended[i], e);
	return rc;
}

/* What has been started goes out even when the alert is cancelled, so no more is started than
 * peers take in about a second: large batches for a fast relay, small ones for a slow one. */
static void
fit_batches(struct dispatch *d, const struct batch *b)
{
	int64_t took_ms = loop_ms(d->loop) - b->started_ms;

	if (took_ms < FAST_MS)
		d->batch_rows = d->batch_rows * 2 < BATCH_CLAIM ? d->batch_rows * 2 : BATCH_CLAIM;
	else if (took_ms > SLOW_MS)
		d->batch_rows = d->batch_rows / 2 > BATCH_LEAST ? d->batch_rows / 2 : BATCH_LEAST;
}

static void
settled(void *arg, int64_t now)
{
	struct dispatch *d = arg;
	struct batch *b;
	size_t i;

	(void)now;
	d->settle_busy = false;
	if (d->settle_job.rc != RC_OK) {
		dispatch_store_failed(d, "outbox.settle", &d->settle_job.err);
		dispatch_turn(d);
		return;
	}
	FAULT("outbox.settled.committed");
	dispatch_store_works(d);
	d->figures.lost += (uint64_t)d->settle_lost;
	for (i = 0; i < d->out.n; i++) {
		b = d->out.of[i];
		BUG_ON(b->unsettled == 0);
		if (--b->unsettled == 0) {
			fit_batches(d, b);
			batch_free(b);
		}
	}
	d->out.n = 0;
	arena_reset(d->out.texts);
	if (d->in.n > 0)
		dispatch_post_settle(d);
	dispatch_turn(d);
}

static void
settle_done(struct store_job *j)
{
	struct dispatch *d = j->arg;

	loop_post(d->loop, settled, d);
}

/* The claims whose last rows are in the group that goes out. */
static void
find_ended(struct dispatch *d)
{
	struct batch *b;
	size_t i, k, in_group;

	d->n_ended = 0;
	for (i = 0; i < d->n_batches; i++) {
		b = d->batches[i];
		in_group = 0;
		for (k = 0; k < d->out.n; k++)
			in_group += d->out.of[k] == b;
		if (in_group > 0 && in_group == b->unsettled)
			d->ended[d->n_ended++] = b->claim.id;
	}
}

void
dispatch_post_settle(struct dispatch *d)
{
	struct settle_group g;

	if (d->settle_busy || (d->out.n == 0 && d->in.n == 0))
		return;
	loop_timer_stop(d->flush_timer);
	if (d->out.n == 0) { /* else: the one that failed, once more */
		g = d->out;
		d->out = d->in;
		d->in = g;
	}
	d->settle_busy = true;
	d->settle_now = loop_now(d->loop);
	find_ended(d);
	d->settle_job = (struct store_job){.work = settle_work, .done = settle_done, .arg = d};
	store_thread_post(d->store, &d->settle_job);
}
