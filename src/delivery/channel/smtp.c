/*
 * smtp.c — e-mail to one mail server over several sessions (net/smtp.h).
 *
 *   sessions   opened when messages wait, kept while there is work, quit when
 *              idle; a session's queue of its own is its slots
 *   route      up ──→ paused (no session could be had) ──→ up, by a timer
 *
 * A message waits here for a session, is with a session, or goes back. While one
 * session works, another's failure only delays the next opening; when none
 * does, the route pauses and everything untouched goes back uncounted.
 */
#include "base/mem.h"
#include "delivery/channel/channel.h"
#include "delivery/retry.h"
#include "net/loop.h"
#include "net/smtp.h"

#define SESSIONS_MAX 64
#define SLOTS_MAX    64
#define IDLE_MS      5000

struct smtp_out;

struct item {
	struct smtp_message m;
	struct channel_message *cm;   /* NULL: the item is free */
	struct slot *with;            /* NULL: waits */
	bool begun;                   /* the next bytes written could commit it */
	enum channel_verdict verdict; /* of one on the list `back` */
	struct item *next;
};

struct slot {
	struct smtp_out *c;
	struct smtp_session *session; /* NULL: none */
	bool up;                      /* greeted */
};

struct list {
	struct item *head;
	struct item **tail;
};

struct smtp_out {
	struct channel_out base; /* first */
	struct loop *loop;
	struct loop_timer *resume; /* paused, or no more sessions for now: until then */
	struct loop_timer *idle;
	struct loop_timer *back_timer;
	const struct channel_events *ev;
	void *arg;
	struct smtp_settings set;
	struct slot *slots;
	size_t n_slots;
	struct item *items;
	size_t n_items;
	struct list free;
	struct list waiting;
	struct list back; /* to be returned at the next turn of the loop */
	size_t n_waiting;
	size_t held;
	int64_t failures; /* sessions in a row that settled nothing */
	uint64_t opened;
	bool paused;
	bool quitting;
};

static void
list_add(struct list *l, struct item *it)
{
	it->next = NULL;
	*l->tail = it;
	l->tail = &it->next;
}

static struct item *
list_take(struct list *l)
{
	struct item *it = l->head;

	if (it == NULL)
		return NULL;
	l->head = it->next;
	if (l->head == NULL)
		l->tail = &l->head;
	return it;
}

static void
list_init(struct list *l)
{
	l->head = NULL;
	l->tail = &l->head;
}

static void
give_back(struct smtp_out *c, struct item *it, const struct channel_result *r)
{
	struct channel_message *cm = it->cm;

	it->cm = NULL;
	it->with = NULL;
	list_add(&c->free, it);
	if (--c->held == 0)
		loop_timer_set(c->idle, IDLE_MS, 0);
	c->ev->done(cm, r, c->arg);
}

/* From inside a function that must not call back. */
static void
give_back_later(struct smtp_out *c, struct item *it, enum channel_verdict v)
{
	it->verdict = v;
	list_add(&c->back, it);
	loop_timer_set(c->back_timer, 0, 0);
}

static void
give_back_list(struct smtp_out *c)
{
	struct channel_result r = {0};
	struct item *it;

	while ((it = list_take(&c->back)) != NULL) {
		r.verdict = it->verdict;
		r.reason = it->verdict == VERDICT_NO_ADDRESS
				   ? SV("address cannot be written in SMTP")
				   : SV_NONE;
		give_back(c, it, &r);
	}
}

static void
on_back(void *arg, int64_t now)
{
	struct smtp_out *c = arg;

	(void)now;
	give_back_list(c);
	if (!c->paused && !c->quitting)
		c->ev->ready(&c->base, c->arg);
}

static void
fill_session(struct smtp_out *c, struct slot *s)
{
	struct item *it;
	struct err e = ERR_INIT;

	while (c->n_waiting > 0 && smtp_session_free_slots(s->session) > 0) {
		it = list_take(&c->waiting);
		c->n_waiting--;
		it->with = s;
		it->begun = false;
		if (smtp_session_send(s->session, &it->m, &e) != RC_OK) {
			it->with = NULL;
			give_back_later(c, it, VERDICT_NO_ADDRESS);
		}
	}
}

static const struct smtp_events session_events;

/* Another session when those on their way up will not hold what waits. */
static void
open_sessions(struct smtp_out *c)
{
	size_t i, coming = 0;
	struct err e = ERR_INIT;

	if (c->paused || c->quitting || loop_timer_is_set(c->resume))
		return;
	for (i = 0; i < c->n_slots; i++)
		if (c->slots[i].session != NULL && !c->slots[i].up)
			coming += c->set.slots;
	for (i = 0; i < c->n_slots && coming < c->n_waiting; i++) {
		if (c->slots[i].session != NULL)
			continue;
		c->slots[i].up = false;
		/* The settings were tried when the channel was opened. */
		BUG_ON(smtp_session_new(&c->slots[i].session, c->loop, &c->set, &session_events,
					&c->slots[i], &e) != RC_OK);
		c->opened++;
		coming += c->set.slots;
	}
}

static void
pump(struct smtp_out *c)
{
	size_t i;

	for (i = 0; i < c->n_slots && c->n_waiting > 0; i++)
		if (c->slots[i].up)
			fill_session(c, &c->slots[i]);
	if (c->n_waiting > 0)
		open_sessions(c);
}

static void
on_ready(struct smtp_session *s, unsigned n, void *arg)
{
	struct slot *slot = arg;
	struct smtp_out *c = slot->c;

	(void)s;
	(void)n;
	slot->up = true;
	pump(c);
	if (!c->paused && !c->quitting)
		c->ev->ready(&c->base, c->arg);
}

static void
on_started(struct smtp_session *s, struct smtp_message *m, void *arg)
{
	(void)s;
	(void)arg;
	((struct item *)m->arg)->begun = true;
}

/* RFC 3463: X.1.1 to X.1.6 and X.1.10 are the recipient's address, X.2.1 a mailbox closed. */
static bool
bad_address(const struct smtp_result *r)
{
	static const struct sv codes[] = {SV_INIT("5.1.1"), SV_INIT("5.1.2"), SV_INIT("5.1.3"),
					  SV_INIT("5.1.4"), SV_INIT("5.1.6"), SV_INIT("5.1.10"),
					  SV_INIT("5.2.1")};
	size_t i;

	if (r->enhanced.n == 0)
		return r->code == 550 || r->code == 551 || r->code == 553;
	for (i = 0; i < ARRAY_LEN(codes); i++)
		if (sv_eq(r->enhanced, codes[i]))
			return true;
	return false;
}

static void
on_settled(struct smtp_session *s, struct smtp_message *m, const struct smtp_result *sr, void *arg)
{
	struct slot *slot = arg;
	struct channel_result r = {.code = sr->code, .ref = sr->ref, .text = sr->text};
	char reason[SMTP_ENHANCED + 16];

	(void)s;
	switch (sr->verdict) {
	case SMTP_ACCEPTED:
		r.verdict = VERDICT_ACCEPTED;
		break;
	case SMTP_RETRY:
		r.verdict = VERDICT_RETRY;
		break;
	case SMTP_REFUSED:
		r.verdict = bad_address(sr) ? VERDICT_NO_ADDRESS : VERDICT_REFUSED;
		break;
	}
	if (r.verdict != VERDICT_ACCEPTED) {
		snprintf(reason, sizeof(reason), "%d%s%.*s", sr->code,
			 sr->enhanced.n > 0 ? " " : "",
			 SV_ARG(sv_head(sr->enhanced, SMTP_ENHANCED)));
		r.reason = sv_of(reason);
	}
	slot->c->failures = 0;
	give_back(slot->c, m->arg, &r);
}

static void
on_returned(struct smtp_session *s, struct smtp_message *m, bool begun, void *arg)
{
	struct slot *slot = arg;
	struct channel_result r = {
		.verdict = VERDICT_RETURNED, .begun = begun, .reason = SV("session ended")};

	(void)s;
	give_back(slot->c, m->arg, &r);
}

static void
on_in_doubt(struct smtp_session *s, struct smtp_message *m, void *arg)
{
	struct slot *slot = arg;
	struct channel_result r = {.verdict = VERDICT_IN_DOUBT,
				   .reason = SV("connection ended before the answer")};

	(void)s;
	give_back(slot->c, m->arg, &r);
}

static bool
any_up(const struct smtp_out *c)
{
	size_t i;

	for (i = 0; i < c->n_slots; i++)
		if (c->slots[i].up)
			return true;
	return false;
}

static void
return_waiting(struct smtp_out *c)
{
	struct item *it;

	while ((it = list_take(&c->waiting)) != NULL) {
		c->n_waiting--;
		give_back_later(c, it, VERDICT_RETURNED);
	}
}

/* The text of a reply may hold an address: only its number leaves. */
static void
pause_route(struct smtp_out *c, const struct smtp_end *end)
{
	int64_t pause_s = retry_pause_s(c->failures, c->opened * UINT64_C(0x9e3779b97f4a7c15));
	bool was_paused = c->paused;
	char why[64];

	if (pause_s < (int64_t)end->pause_s)
		pause_s = end->pause_s;
	loop_timer_set(c->resume, pause_s * 1000, 0);
	if (any_up(c) || c->quitting)
		return;
	c->paused = true;
	return_waiting(c);
	snprintf(why, sizeof(why), "%s, code %d", smtp_end_name(end->why), end->code);
	if (!was_paused)
		c->ev->paused(&c->base, (unsigned)pause_s, sv_of(why), c->arg);
}

static void
on_closed(struct smtp_session *s, const struct smtp_end *end, void *arg)
{
	struct slot *slot = arg;
	struct smtp_out *c = slot->c;

	(void)s;
	slot->up = false;
	if (end->why == SMTP_END_LOST && end->messages > 0) {
		/* It worked and was cut, as a restarted relay does to idle sessions: another one
		 * at once. When that fails the route pauses. */
		c->failures = 0;
	} else if (end->why != SMTP_END_DONE) {
		if (end->messages == 0)
			c->failures++;
		else
			c->failures = 1;
		pause_route(c, end);
	}
	smtp_session_free(&slot->session);
	pump(c);
}

static const struct smtp_events session_events = {
	.ready = on_ready,
	.started = on_started,
	.settled = on_settled,
	.returned = on_returned,
	.in_doubt = on_in_doubt,
	.closed = on_closed,
};

static void
on_resume(void *arg, int64_t now)
{
	struct smtp_out *c = arg;

	(void)now;
	c->paused = false;
	pump(c);
	if (!c->quitting)
		c->ev->ready(&c->base, c->arg);
}

static void
on_idle(void *arg, int64_t now)
{
	struct smtp_out *c = arg;
	size_t i;

	(void)now;
	for (i = 0; i < c->n_slots && c->held == 0; i++)
		if (c->slots[i].session != NULL)
			smtp_session_quit(c->slots[i].session);
}

static size_t
smtp_room(const struct channel_out *base)
{
	const struct smtp_out *c = (const struct smtp_out *)base;

	return c->paused || c->quitting ? 0 : c->n_items - c->held;
}

static void
smtp_send(struct channel_out *base, struct channel_message *cm)
{
	struct smtp_out *c = (struct smtp_out *)base;
	struct item *it = list_take(&c->free);

	BUG_ON(it == NULL);
	it->cm = cm;
	it->with = NULL;
	it->m = (struct smtp_message){
		.id = cm->person, .arg = it, .from = cm->from, .to = cm->to, .body = cm->text};
	list_add(&c->waiting, it);
	c->n_waiting++;
	c->held++;
	loop_timer_stop(c->idle);
	pump(c);
}

static void
smtp_quit(struct channel_out *base)
{
	struct smtp_out *c = (struct smtp_out *)base;
	size_t i;

	c->quitting = true;
	return_waiting(c);
	for (i = 0; i < c->n_slots; i++)
		if (c->slots[i].session != NULL)
			smtp_session_quit(c->slots[i].session);
}

static void
smtp_free(struct smtp_out *c)
{
	loop_timer_free(&c->resume);
	loop_timer_free(&c->idle);
	loop_timer_free(&c->back_timer);
	mem_free(c->slots);
	mem_free(c->items);
	mem_free(c);
}

static void
smtp_close(struct channel_out **cp)
{
	struct smtp_out *c = (struct smtp_out *)*cp;
	struct item *it;
	size_t i;

	c->quitting = true;
	for (i = 0; i < c->n_slots; i++)
		smtp_session_free(&c->slots[i].session);
	return_waiting(c);
	for (i = 0; i < c->n_items; i++) {
		it = &c->items[i];
		if (it->cm != NULL && it->with != NULL)
			give_back_later(c, it, it->begun ? VERDICT_IN_DOUBT : VERDICT_RETURNED);
	}
	give_back_list(c);
	BUG_ON(c->held != 0);
	smtp_free(c);
	*cp = NULL;
}

/* Whether a session could be made of the settings at all. */
static enum rc
try_settings(struct smtp_out *c, struct err *e)
{
	struct smtp_session *s = NULL;
	enum rc rc;

	rc = smtp_session_new(&s, c->loop, &c->set, &session_events, &c->slots[0], e);
	smtp_session_free(&s);
	return rc;
}

static enum rc
smtp_open(struct channel_out **ret, struct loop *loop, const struct channel_settings *s,
	  const struct channel_events *ev, void *arg, struct err *e)
{
	struct smtp_out *c = MEM_NEW(struct smtp_out);
	size_t i;
	enum rc rc;

	c->base = (struct channel_out){&channel_smtp, smtp_room, smtp_send, smtp_quit, smtp_close};
	c->loop = loop;
	c->ev = ev;
	c->arg = arg;
	c->n_slots = s->sessions != 0 ? s->sessions : 4;
	c->set = (struct smtp_settings){.host = s->host,
					.port = s->port,
					.hello = s->hello,
					.tls = SMTP_TLS_IF_OFFERED,
					.slots = s->slots != 0 ? s->slots : 2,
					.timeouts = {.greeting_s = s->timeout_s,
						     .command_s = s->timeout_s,
						     .data_s = s->timeout_s,
						     .end_s = 5 * s->timeout_s},
					.per_session = s->per_session};
	BUG_ON(c->n_slots > SESSIONS_MAX || c->set.slots > SLOTS_MAX);
	c->slots = MEM_NEW_N(struct slot, c->n_slots);
	for (i = 0; i < c->n_slots; i++)
		c->slots[i].c = c;
	list_init(&c->free);
	list_init(&c->waiting);
	list_init(&c->back);
	c->n_items = c->n_slots * c->set.slots;
	c->items = MEM_NEW_N(struct item, c->n_items);
	for (i = 0; i < c->n_items; i++)
		list_add(&c->free, &c->items[i]);
	c->resume = loop_timer_new(loop, on_resume, c);
	c->idle = loop_timer_new(loop, on_idle, c);
	c->back_timer = loop_timer_new(loop, on_back, c);
	rc = try_settings(c, e);
	if (rc != RC_OK) {
		smtp_free(c);
		return rc;
	}
	*ret = &c->base;
	return RC_OK;
}

const struct channel_kind channel_smtp = {
	.name = "smtp",
	.outside = true,
	.open = smtp_open,
};
