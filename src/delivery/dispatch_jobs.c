/*
 * dispatch_jobs.c — the dispatcher's work on the store thread.
 *
 * A job's first half runs on the store thread and touches only the fields made
 * for it; its second half runs on the loop, after the commit. When a commit's
 * outcome is not known, what it may have claimed is given back by the next keep
 * job: it names the claims that we remember.
 */
#include "base/fault.h"
#include "base/log.h"
#include "base/time.h"
#include "delivery/dispatch_int.h"
#include "net/loop.h"

/* Claiming. */

static enum rc
claim_work(struct store *st, void *arg, struct err *e)
{
	struct batch *b = arg;

	return outbox_claim(st, b->epoch, b->after_alert, b->most, b->now, &b->claim, &b->look_at,
			    e);
}

static void
claimed(void *arg, int64_t now)
{
	struct batch *b = arg;
	struct dispatch *d = b->d;
	int64_t in_ms;

	if (b->job.rc != RC_OK) {
		d->claims_unknown = true;
		dispatch_store_failed(d, "outbox.claim", &b->job.err);
		batch_free(b);
		dispatch_turn(d);
		return;
	}
	dispatch_store_works(d);
	d->looked = true;
	if (b->claim.n == 0) {
		d->more_due = d->look_wanted;
		d->look_wanted = false;
		if (b->look_at > 0) {
			in_ms = b->look_at > now ? (b->look_at - now) * 1000 : 1;
			if (in_ms < (int64_t)d->set.look_ms)
				loop_timer_set(d->look_timer, in_ms, d->set.look_ms);
		}
		batch_free(b);
	} else {
		FAULT("outbox.claimed.committed");
		d->figures.claimed += b->claim.n;
		d->after_alert = b->claim.alert;
		b->unsettled = b->claim.n;
		if (d->stopping)
			batch_free(b); /* the end of the run gives it back */
		else
			dispatch_post_render(d, b);
	}
	dispatch_turn(d);
}

static void
claim_done(struct store_job *j)
{
	struct batch *b = j->arg;

	loop_post(b->d->loop, claimed, b);
}

void
dispatch_post_claim(struct dispatch *d, struct batch *b)
{
	BUG_ON(b->state != BATCH_FREE);
	b->state = BATCH_CLAIMING;
	b->epoch = d->epoch;
	b->now = loop_now(d->loop);
	b->after_alert = d->after_alert;
	b->most = d->batch_rows;
	b->started_ms = loop_ms(d->loop);
	b->claim = (struct outbox_claim){0, 0, b->rows, 0};
	b->job = (struct store_job){.work = claim_work, .done = claim_done, .arg = b};
	store_thread_post(d->store, &b->job);
}

/* Starting. */

static enum rc
start_work(struct store *st, void *arg, struct err *e)
{
	struct batch *b = arg;

	return outbox_start(st, b->epoch, &b->claim, b->now, &b->go, e);
}

static void
started(void *arg, int64_t now)
{
	struct batch *b = arg;
	struct dispatch *d = b->d;

	(void)now;
	if (b->job.rc != RC_OK) {
		d->claims_unknown = true;
		dispatch_store_failed(d, "outbox.start", &b->job.err);
		batch_free(b);
		dispatch_turn(d);
		return;
	}
	dispatch_store_works(d);
	if (b->go == OUTBOX_GO) {
		FAULT("outbox.in-flight.committed");
		d->figures.started += b->claim.n;
		dispatch_queue_batch(d, b);
	} else {
		if (b->go == OUTBOX_LOST && b->epoch == d->epoch)
			d->run_over = true;
		log_event(LOG_INFO, "outbox.not-started", "alert=%lld rows=%zu why=%s",
			  (long long)b->claim.alert, b->claim.n,
			  b->go == OUTBOX_HELD    ? "hold"
			  : b->go == OUTBOX_ENDED ? "ended"
						  : "lost");
		d->more_due = true;
		batch_free(b);
	}
	dispatch_turn(d);
}

static void
start_done(struct store_job *j)
{
	struct batch *b = j->arg;

	loop_post(b->d->loop, started, b);
}

void
dispatch_post_start(struct dispatch *d, struct batch *b)
{
	BUG_ON(b->state != BATCH_RENDERED);
	b->state = BATCH_STARTING;
	b->now = loop_now(d->loop);
	b->job = (struct store_job){.work = start_work, .done = start_done, .arg = b};
	store_thread_post(d->store, &b->job);
}

/* Fan-out. */

static enum rc
fan_work(struct store *st, void *arg, struct err *e)
{
	struct dispatch *d = arg;

	return outbox_fan_out(st, &d->ladder, d->fan_now, &d->fanned, e);
}

static void
fanned_out(void *arg, int64_t now)
{
	struct dispatch *d = arg;

	(void)now;
	d->fan_busy = false;
	if (d->fan_job.rc != RC_OK) {
		d->more_pieces = false; /* the next look tries again */
		dispatch_store_failed(d, "outbox.fan-out", &d->fan_job.err);
		dispatch_turn(d);
		return;
	}
	dispatch_store_works(d);
	d->more_pieces = d->fanned.alert != 0;
	if (d->more_pieces) {
		FAULT("fanout.committed");
		d->figures.fanned_out += (uint64_t)d->fanned.rows;
		d->more_due = true;
	}
	dispatch_turn(d);
}

static void
fan_done(struct store_job *j)
{
	struct dispatch *d = j->arg;

	loop_post(d->loop, fanned_out, d);
}

void
dispatch_post_fan_out(struct dispatch *d)
{
	BUG_ON(d->fan_busy);
	d->fan_busy = true;
	d->fan_now = loop_now(d->loop);
	d->fan_job = (struct store_job){.work = fan_work, .done = fan_done, .arg = d};
	store_thread_post(d->store, &d->fan_job);
}

/* Keeping the run: lease, what others and we ourselves left behind. */

static enum rc
keep_work(struct store *st, void *arg, struct err *e)
{
	struct dispatch *d = arg;
	int64_t until = d->keep_now + d->set.lease_s;
	enum rc rc = RC_OK;

	d->released = 0;
	d->recovered = (struct outbox_recovered){0, 0};
	if (d->keep_begin)
		rc = outbox_run_begin(st, sv_of(d->lock.name), until, &d->keep_epoch, e);
	else if (d->keep_renew)
		rc = outbox_run_renew(st, d->keep_epoch, until, e);
	if (rc == RC_OK && d->keep_release)
		rc = outbox_release_others(st, d->keep_epoch, d->kept, d->n_kept, d->keep_now,
					   d->keep_now, &d->released, e);
	if (rc == RC_OK && d->keep_end)
		rc = outbox_run_end(st, d->keep_epoch, e);
	else if (rc == RC_OK)
		rc = outbox_recover(st, d->keep_now, &d->recovered, e);
	return rc;
}

static void
kept(void *arg, int64_t now)
{
	struct dispatch *d = arg;

	(void)now;
	d->keep_busy = false;
	if (d->keep_end) {
		d->stopped = true;
	} else if (d->keep_job.rc == RC_CONFLICT) {
		log_event(LOG_WARN, "outbox.run-over", "epoch=%lld why=%s", (long long)d->epoch,
			  "lease-passed");
		d->run_over = true;
	} else if (d->keep_job.rc != RC_OK) {
		dispatch_store_failed(d, "outbox.keep", &d->keep_job.err);
	} else {
		dispatch_store_works(d);
		d->renewed_ms = loop_ms(d->loop);
		if (d->keep_begin) {
			d->epoch = d->keep_epoch;
			d->run_over = false;
			d->claims_unknown = false;
		}
		if (d->keep_release)
			d->claims_unknown = false;
		if (d->released + d->recovered.ready + d->recovered.in_doubt > 0) {
			log_event(LOG_INFO, "outbox.taken-back",
				  "released=%lld ready=%lld in_doubt=%lld", (long long)d->released,
				  (long long)d->recovered.ready, (long long)d->recovered.in_doubt);
			d->more_due = true;
		}
	}
	dispatch_turn(d);
}

static void
keep_done(struct store_job *j)
{
	struct dispatch *d = j->arg;

	loop_post(d->loop, kept, d);
}

void
dispatch_post_keep(struct dispatch *d)
{
	struct batch *b;
	size_t i;

	BUG_ON(d->keep_busy);
	d->keep_busy = true;
	d->keep_now = loop_now(d->loop);
	d->keep_epoch = d->epoch;
	d->keep_begin = d->run_over && !d->stopping;
	d->keep_renew = !d->keep_begin && !d->stopping;
	d->keep_end = d->stopping;
	d->keep_release = d->claims_unknown || d->stopping;
	d->n_kept = 0;
	for (i = 0; i < d->n_batches; i++) {
		b = d->batches[i];
		if (b->state != BATCH_FREE && b->claim.id != 0)
			d->kept[d->n_kept++] = b->claim.id;
	}
	d->keep_job = (struct store_job){.work = keep_work, .done = keep_done, .arg = d};
	store_thread_post(d->store, &d->keep_job);
}

enum rc
dispatch_begin(struct dispatch *d, struct err *e)
{
	enum rc rc;

	d->keep_now = loop_now(d->loop);
	d->keep_begin = true;
	rc = store_thread_call(d->store, keep_work, d, e);
	if (rc != RC_OK)
		return rc;
	d->epoch = d->keep_epoch;
	d->renewed_ms = loop_ms(d->loop);
	log_event(LOG_INFO, "outbox.run", "epoch=%lld ready=%lld in_doubt=%lld",
		  (long long)d->epoch, (long long)d->recovered.ready,
		  (long long)d->recovered.in_doubt);
	return RC_OK;
}
