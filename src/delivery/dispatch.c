/*
 * dispatch.c — the life of a dispatcher and its turns.
 *
 * A turn does what can be done now and never waits: feed the channels, start a
 * rendered batch when the queues are short, fan out a piece, claim the next
 * batch. Whatever comes back (from the store, the renderer, a channel, a timer)
 * ends in another turn. The order of durable steps stands in outbox_store.c;
 * the states of a batch in dispatch_int.h.
 */
#include "delivery/dispatch.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/dispatch_int.h"
#include "net/loop.h"

/* How long peers may take over their last messages when we stop. */
#define STOP_MS 10000

void
batch_free(struct batch *b)
{
	b->state = BATCH_FREE;
	b->claim.id = 0;
	b->claim.n = 0;
	b->unsettled = 0;
	arena_reset(b->arena);
}

void
dispatch_store_failed(struct dispatch *d, const char *what, const struct err *e)
{
	d->wait = true;
	if (!d->store_down)
		log_event(LOG_ERROR, "store.failed", "step=%s error=%s", what, e->text);
	d->store_down = true;
}

void
dispatch_store_works(struct dispatch *d)
{
	if (d->store_down)
		log_event(LOG_INFO, "store.works", "epoch=%lld", (long long)d->epoch);
	d->store_down = false;
}

static size_t
count_batches(const struct dispatch *d, enum batch_state s)
{
	size_t i, n = 0;

	for (i = 0; i < d->n_batches; i++)
		n += d->batches[i]->state == s;
	return n;
}

/* The batch of that state that was claimed first. */
static struct batch *
first_batch(struct dispatch *d, enum batch_state s)
{
	struct batch *b = NULL;
	size_t i;

	for (i = 0; i < d->n_batches; i++)
		if (d->batches[i]->state == s &&
		    (b == NULL || d->batches[i]->claim.id < b->claim.id))
			b = d->batches[i];
	return b;
}

static size_t
queued(const struct dispatch *d)
{
	size_t i, n = 0;

	for (i = 0; i < d->n_routes; i++)
		n += d->routes[i].queued;
	return n;
}

static bool
store_busy(const struct dispatch *d)
{
	return d->keep_busy || d->fan_busy || d->settle_busy ||
	       count_batches(d, BATCH_CLAIMING) > 0 || count_batches(d, BATCH_STARTING) > 0;
}

/* The last turns: give back what no peer has, write what peers said, end the run. */
static void
stop_turn(struct dispatch *d)
{
	struct batch *b;

	if (d->stopped) {
		if (d->stop_done != NULL)
			d->stop_done(d->stop_arg);
		d->stop_done = NULL;
		return;
	}
	dispatch_return_stale(d, true);
	while ((b = first_batch(d, BATCH_RENDERED)) != NULL && b->unsettled == b->claim.n)
		batch_free(b);
	if (!d->wait)
		dispatch_post_settle(d);
	if (store_busy(d) || dispatch_out(d) > 0 || count_batches(d, BATCH_RENDERING) > 0)
		return;
	if (dispatch_unsettled(d) > 0 && !d->stop_forced)
		return;
	dispatch_post_keep(d);
}

void
dispatch_turn(struct dispatch *d)
{
	struct batch *b;
	bool quiet;

	if (d->stopping) {
		stop_turn(d);
		return;
	}
	dispatch_feed(d);
	b = first_batch(d, BATCH_RENDERED);
	/* Rows that were set aside must be on disk before the others start. */
	if (b != NULL && b->unsettled == b->claim.n && queued(d) <= d->batch_rows / 2 &&
	    !d->run_over && count_batches(d, BATCH_STARTING) == 0 &&
	    d->figures.paused < d->n_routes)
		dispatch_post_start(d, b);
	if (d->wait)
		return;
	quiet = count_batches(d, BATCH_CLAIMING) == 0 && count_batches(d, BATCH_STARTING) == 0;
	if (d->run_over || d->claims_unknown) {
		if (quiet && !d->keep_busy)
			dispatch_post_keep(d);
		return;
	}
	if (d->more_pieces && !d->fan_busy)
		dispatch_post_fan_out(d);
	if (d->more_due && count_batches(d, BATCH_CLAIMING) == 0 &&
	    d->figures.paused < d->n_routes && (b = first_batch(d, BATCH_FREE)) != NULL)
		dispatch_post_claim(d, b);
}

void
dispatch_look(struct dispatch *d)
{
	d->look_wanted = count_batches(d, BATCH_CLAIMING) > 0;
	d->more_due = true;
	d->more_pieces = true;
	dispatch_turn(d);
}

static void
on_look(void *arg, int64_t now)
{
	struct dispatch *d = arg;

	(void)now;
	d->wait = false;
	dispatch_return_stale(d, false);
	dispatch_post_settle(d);
	if (!d->stopping && !d->keep_busy && !d->run_over && !d->claims_unknown &&
	    loop_ms(d->loop) - d->renewed_ms >= (int64_t)d->set.lease_s * 1000 / 3)
		dispatch_post_keep(d);
	loop_timer_set(d->look_timer, d->set.look_ms, d->set.look_ms);
	dispatch_look(d);
}

static void
on_flush(void *arg, int64_t now)
{
	(void)now;
	dispatch_post_settle(arg);
}

static void
on_stop_late(void *arg, int64_t now)
{
	struct dispatch *d = arg;
	size_t i;

	(void)now;
	log_event(LOG_WARN, "outbox.stop-late", "messages=%zu unsettled=%zu", dispatch_out(d),
		  dispatch_unsettled(d));
	d->stop_forced = true;
	for (i = 0; i < d->n_routes; i++)
		channel_close(&d->routes[i].channel);
	dispatch_turn(d);
}

void
dispatch_stop(struct dispatch *d, dispatch_done_fn *done, void *arg)
{
	size_t i;

	BUG_ON(d->stopping);
	d->stopping = true;
	d->stop_done = done;
	d->stop_arg = arg;
	for (i = 0; i < d->n_routes; i++)
		channel_quit(d->routes[i].channel);
	loop_timer_set(d->stop_timer, STOP_MS, 0);
	dispatch_turn(d);
}

static enum rc
open_routes(struct dispatch *d, struct err *e)
{
	const struct dispatch_route *set;
	struct route *r;
	size_t i;
	enum rc rc;

	BUG_ON(d->set.n_routes > DISPATCH_ROUTES_MAX);
	for (i = 0; i < d->set.n_routes; i++) {
		set = &d->set.routes[i];
		if (d->set.practice && set->kind->outside)
			return err_set(
				e, RC_USAGE,
				"route %s: a practice installation has no channel %s (expected "
				"file)",
				set->settings.name, set->kind->name);
		if (dispatch_route_of(d, set->channel) != NULL)
			return err_set(e, RC_USAGE, "route %s: there is one for %s already",
				       set->settings.name, channel_name(set->channel));
		r = &d->routes[i];
		r->d = d;
		r->set = set;
		r->tail = &r->head;
		rc = channel_open(&r->channel, set->kind, d->loop, &set->settings,
				  &dispatch_channel_events, r, e);
		if (rc != RC_OK)
			return rc;
		d->n_routes++;
		d->ladder.usable |= UINT32_C(1) << set->channel;
	}
	return RC_OK;
}

static void
make_batches(struct dispatch *d)
{
	size_t i;

	for (i = 0; i < d->set.batches; i++) {
		d->batches[i] = MEM_NEW(struct batch);
		d->batches[i]->d = d;
		d->batches[i]->arena = arena_new();
	}
	d->n_batches = d->set.batches;
}

static unsigned
or_else(unsigned v, unsigned otherwise)
{
	return v != 0 ? v : otherwise;
}

static struct dispatch *
dispatch_new(struct loop *loop, struct store_thread *st, const struct dispatch_settings *set)
{
	struct dispatch *d = MEM_NEW(struct dispatch);

	d->loop = loop;
	d->store = st;
	d->set = *set;
	d->set.batches = or_else(set->batches, 4);
	d->batch_rows = BATCH_FIRST;
	BUG_ON(d->set.batches > DISPATCH_BATCHES_MAX);
	d->set.lease_s = or_else(set->lease_s, 60);
	d->set.look_ms = or_else(set->look_ms, 1000);
	d->retry.attempts = or_else(set->attempts, 12);
	d->retry.first_s = or_else(set->retry_first_s, 30);
	d->retry.last_s = or_else(set->retry_last_s, 3600);
	if (d->retry.last_s < d->retry.first_s)
		d->retry.last_s = d->retry.first_s;
	d->ladder.practice = set->practice;
	d->lock.fd = -1;
	d->in.texts = arena_new();
	d->out.texts = arena_new();
	rand_init(&d->noise, (uint64_t)loop_now(loop));
	d->look_timer = loop_timer_new(loop, on_look, d);
	d->flush_timer = loop_timer_new(loop, on_flush, d);
	d->stop_timer = loop_timer_new(loop, on_stop_late, d);
	make_batches(d);
	return d;
}

enum rc
dispatch_open(struct dispatch **ret, struct loop *loop, struct store_thread *st,
	      const struct dispatch_settings *set, struct err *e)
{
	struct dispatch *d = dispatch_new(loop, st, set);
	enum rc rc;

	rc = lockfile_open(&d->lock, set->lock_path, e);
	if (rc == RC_OK)
		rc = open_routes(d, e);
	if (rc == RC_OK)
		rc = renderer_start(&d->renderer, set->render, set->render_arg, e);
	if (rc == RC_OK)
		rc = dispatch_begin(d, e);
	if (rc == RC_OK) {
		loop_timer_set(d->look_timer, 0, d->set.look_ms);
		*ret = d;
		d = NULL;
	}
	dispatch_close(&d);
	return rc;
}

void
dispatch_close(struct dispatch **dp)
{
	struct dispatch *d = *dp;
	size_t i;

	if (d == NULL)
		return;
	BUG_ON(store_busy(d));
	d->stopping = true;
	d->stopped = true;
	d->stop_done = NULL;
	for (i = 0; i < d->n_routes; i++)
		channel_close(&d->routes[i].channel);
	renderer_stop(&d->renderer);
	loop_timer_free(&d->look_timer);
	loop_timer_free(&d->flush_timer);
	loop_timer_free(&d->stop_timer);
	for (i = 0; i < d->n_batches; i++) {
		arena_free(&d->batches[i]->arena);
		mem_free(d->batches[i]);
	}
	mem_free(d->in.v);
	mem_free(d->in.of);
	mem_free(d->out.v);
	mem_free(d->out.of);
	arena_free(&d->in.texts);
	arena_free(&d->out.texts);
	lockfile_close(&d->lock);
	MEM_FREE(dp);
}

void
dispatch_figures(const struct dispatch *d, struct dispatch_figures *ret)
{
	*ret = d->figures;
	ret->idle = d->looked && !d->more_due && !d->more_pieces && !store_busy(d) && !d->wait &&
		    count_batches(d, BATCH_FREE) == d->n_batches && dispatch_unsettled(d) == 0;
}
