/*
 * dispatch_send.c — rendered rows become messages, messages become results.
 *
 * A queue is kept short: a batch is started only when what waits is nearly
 * gone, and what waited too long goes back to be looked at again, so that a
 * cancellation overtakes nearly everything.
 */
#include "base/arena.h"
#include "base/fault.h"
#include "base/log.h"
#include "delivery/dispatch_int.h"
#include "net/loop.h"

/* Longest time between the last look and the session. */
#define STALE_MS 10000

struct route *
dispatch_route_of(struct dispatch *d, enum channel channel)
{
	size_t i;

	for (i = 0; i < d->n_routes; i++)
		if (d->routes[i].set->channel == channel)
			return &d->routes[i];
	return NULL;
}

/* Give the whole batch up: the next keep job gives its rows back. */
static void
drop_batch(struct dispatch *d, struct batch *b)
{
	d->claims_unknown = true;
	batch_free(b);
}

static void
set_aside(struct dispatch *d, struct batch *b, size_t i)
{
	static const struct {
		enum outbox_event on;
		const char *log;
	} ends[] = {
		[RENDER_SUPPRESS] = {OUTBOX_ON_SUPPRESS, "delivery.suppressed"},
		[RENDER_NOBODY] = {OUTBOX_ON_OPT_OUT, "delivery.nobody"},
		[RENDER_FAIL] = {OUTBOX_ON_FAIL, "delivery.not-rendered"},
	};
	const struct render_message *m = &b->rendered[i];
	struct outbox_result r = {.from = OUTBOX_CLAIMED, .on = ends[m->verdict].on};

	r.error = m->why;
	log_event(m->verdict == RENDER_FAIL ? LOG_WARN : LOG_INFO, ends[m->verdict].log,
		  "alert=%lld person=%lld contact=%lld why=%.*s", (long long)b->rows[i].alert,
		  (long long)b->rows[i].person, (long long)b->rows[i].contact, SV_ARG(m->why));
	dispatch_result(d, b, &b->rows[i], &r);
}

/* Rows that go out move to the front, in their order; the rest get their result. */
static void
sort_out(struct dispatch *d, struct batch *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->claim.n; i++) {
		if (b->rendered[i].verdict == RENDER_SEND &&
		    dispatch_route_of(d, b->rows[i].channel) == NULL) {
			b->rendered[i].verdict = RENDER_FAIL;
			b->rendered[i].why = SV("no route for this channel");
		}
		if (b->rendered[i].verdict != RENDER_SEND) {
			set_aside(d, b, i);
			continue;
		}
		b->rows[n] = b->rows[i];
		b->rendered[n++] = b->rendered[i];
	}
	b->claim.n = n;
}

static void
rendered(void *arg, int64_t now)
{
	struct batch *b = arg;
	struct dispatch *d = b->d;

	(void)now;
	if (b->render.rc != RC_OK) {
		log_event(LOG_ERROR, "delivery.render", "alert=%lld rows=%zu error=%s",
			  (long long)b->claim.alert, b->claim.n, b->render.err.text);
		d->wait = true;
		drop_batch(d, b);
	} else if (d->stopping || b->epoch != d->epoch) {
		drop_batch(d, b);
	} else {
		b->state = BATCH_RENDERED;
		sort_out(d, b);
		if (b->claim.n == 0)
			b->state = BATCH_SENDING; /* until its results are written */
	}
	dispatch_turn(d);
}

static void
render_done(struct render_job *j)
{
	struct batch *b = j->arg;

	loop_post(b->d->loop, rendered, b);
}

void
dispatch_post_render(struct dispatch *d, struct batch *b)
{
	b->state = BATCH_RENDERING;
	memset(b->rendered, 0, b->claim.n * sizeof(b->rendered[0]));
	b->render = (struct render_job){.rows = b->rows,
					.n = b->claim.n,
					.now = loop_now(d->loop),
					.arena = b->arena,
					.ret = b->rendered,
					.done = render_done,
					.arg = b};
	renderer_post(d->renderer, &b->render);
}

static const struct outbox_row *
row_of(const struct channel_message *m)
{
	const struct batch *b = m->owner;

	return &b->rows[m - b->messages];
}

void
dispatch_queue_batch(struct dispatch *d, struct batch *b)
{
	struct channel_message *m;
	struct route *r;
	size_t i;

	b->state = BATCH_SENDING;
	b->started_ms = loop_ms(d->loop);
	for (i = 0; i < b->claim.n; i++) {
		m = &b->messages[i];
		*m = (struct channel_message){.alert = b->rows[i].alert,
					      .person = b->rows[i].person,
					      .contact = b->rows[i].contact,
					      .owner = b,
					      .to = b->rendered[i].to,
					      .from = b->rendered[i].from,
					      .text = b->rendered[i].text};
		r = dispatch_route_of(d, b->rows[i].channel);
		*r->tail = m;
		r->tail = &m->next;
		r->queued++;
	}
	d->figures.in_flight += b->claim.n;
}

static struct channel_message *
pop(struct route *r)
{
	struct channel_message *m = r->head;

	if (m == NULL)
		return NULL;
	r->head = m->next;
	if (r->head == NULL)
		r->tail = &r->head;
	m->next = NULL;
	r->queued--;
	return m;
}

/* Not handed to the channel at all: back to ready. */
static void
give_back(struct dispatch *d, struct channel_message *m, int64_t next_at)
{
	struct outbox_result r = {
		.from = OUTBOX_IN_FLIGHT, .on = OUTBOX_ON_RELEASE, .next_at = next_at};

	d->figures.in_flight--;
	d->figures.returned++;
	dispatch_result(d, m->owner, row_of(m), &r);
}

void
dispatch_return_stale(struct dispatch *d, bool all)
{
	int64_t old = loop_ms(d->loop) - STALE_MS;
	struct route *r;
	size_t i;

	for (i = 0; i < d->n_routes; i++) {
		r = &d->routes[i];
		while (r->head != NULL &&
		       (all || ((const struct batch *)r->head->owner)->started_ms < old))
			give_back(d, pop(r), loop_now(d->loop));
	}
}

size_t
dispatch_out(const struct dispatch *d)
{
	size_t i, n = 0;

	for (i = 0; i < d->n_routes; i++)
		n += d->routes[i].out;
	return n;
}

void
dispatch_feed(struct dispatch *d)
{
	struct route *r;
	size_t i, room;

	for (i = 0; i < d->n_routes; i++) {
		r = &d->routes[i];
		/* Started while the route went down: no peer has it, so it is not in flight. */
		while (r->paused && r->head != NULL)
			give_back(d, pop(r), loop_now(d->loop) + 1);
		if (r->head == NULL)
			continue;
		for (room = channel_room(r->channel); room > 0 && r->head != NULL; room--) {
			r->out++;
			channel_send(r->channel, pop(r));
		}
	}
}

/* An attempt that did not succeed: again later, or the end. */
static void
try_again(struct dispatch *d, const struct outbox_row *row, enum outbox_event on,
	  struct outbox_result *r)
{
	int64_t attempts = row->attempts + 1;

	r->counts = true;
	if (attempts >= d->retry.attempts) {
		r->on = OUTBOX_ON_FAIL;
		return;
	}
	r->on = on;
	r->next_at = loop_now(d->loop) + retry_delay_s(&d->retry, attempts, rand_u64(&d->noise));
}

static void
judge(struct dispatch *d, const struct outbox_row *row, const struct channel_result *cr,
      struct outbox_result *r)
{
	r->counts = true;
	switch (cr->verdict) {
	case VERDICT_ACCEPTED:
		r->on = OUTBOX_ON_ACCEPT;
		r->ref = cr->ref;
		d->figures.accepted++;
		return;
	case VERDICT_RETRY:
		try_again(d, row, OUTBOX_ON_RETRY, r);
		d->figures.retries++;
		break;
	case VERDICT_REFUSED:
		r->on = OUTBOX_ON_REFUSE;
		d->figures.refused++;
		break;
	case VERDICT_NO_ADDRESS:
		r->on = OUTBOX_ON_BOUNCE;
		d->figures.refused++;
		break;
	case VERDICT_RETURNED:
		d->figures.returned++;
		if (cr->begun) {
			try_again(d, row, OUTBOX_ON_RELEASE, r);
			break;
		}
		r->on = OUTBOX_ON_RELEASE;
		r->counts = false;
		r->next_at = loop_now(d->loop);
		return; /* the route's failure is logged, not each message's */
	case VERDICT_IN_DOUBT:
		try_again(d, row, OUTBOX_ON_LOSE, r);
		d->figures.in_doubt++;
		break;
	}
	r->error = cr->reason;
	log_event(r->on == OUTBOX_ON_RETRY || r->on == OUTBOX_ON_RELEASE ? LOG_INFO : LOG_WARN,
		  "delivery.not-accepted",
		  "alert=%lld person=%lld contact=%lld event=%s attempts=%lld reason=%.*s",
		  (long long)row->alert, (long long)row->person, (long long)row->contact,
		  outbox_event_name(r->on), (long long)row->attempts + 1, SV_ARG(cr->reason));
}

static void
on_done(struct channel_message *m, const struct channel_result *cr, void *arg)
{
	struct route *route = arg;
	struct dispatch *d = route->d;
	struct outbox_result r = {.from = OUTBOX_IN_FLIGHT};

	FAULT("outbox.answered");
	route->out--;
	d->figures.in_flight--;
	judge(d, row_of(m), cr, &r);
	dispatch_result(d, m->owner, row_of(m), &r);
	if (d->stopping)
		dispatch_turn(d);
}

static void
on_ready(struct channel_out *c, void *arg)
{
	struct route *r = arg;

	(void)c;
	if (r->paused) {
		r->paused = false;
		r->d->figures.paused--;
		r->d->more_due = true;
		log_event(LOG_INFO, "route.resumed", "route=%s", r->set->settings.name);
	}
	dispatch_turn(r->d);
}

static void
on_paused(struct channel_out *c, unsigned pause_s, struct sv why, void *arg)
{
	struct route *r = arg;
	struct dispatch *d = r->d;

	(void)c;
	if (!r->paused) {
		r->paused = true;
		d->figures.paused++;
	}
	log_event(LOG_WARN, "route.paused", "route=%s seconds=%u why=%.*s", r->set->settings.name,
		  pause_s, SV_ARG(why));
	while (r->head != NULL)
		give_back(d, pop(r), loop_now(d->loop) + pause_s);
	dispatch_turn(d);
}

const struct channel_events dispatch_channel_events = {
	.done = on_done,
	.ready = on_ready,
	.paused = on_paused,
};
