/*
 * smtp_session.c — one SMTP client session: from the connection to its end.
 *
 *   CONNECTING --> GREETING --> EHLO --> MAIL --> QUIT --> CLOSED
 *                                 |       ^
 *                                 +> HELO +
 *
 * From every state a failure leads to CLOSED: messages go back first, `closed`
 * is told last. session_set_state is the only place that changes the state.
 *
 * The caller's events run at the end of one turn's work, never inside the caller's
 * own calls: those only note what is wanted and set the kick. An event may free the session;
 * the memory then goes when the outermost event returns.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "net/loop.h"
#include "net/smtp_int.h"
#include "net/smtp_wire.h"

#define TICK_MS 100

static const struct smtp_timeouts default_timeouts = {
	.connect_s = 30,
	.greeting_s = 60,
	.command_s = 60,
	.data_s = 60,
	.end_s = 300,
	.quit_s = 5,
};

static const char *const verdict_names[] = {"accepted", "retry", "refused"};
static const char *const end_names[] = {"done", "connect", "busy",    "refused",
					"lost", "timeout", "protocol"};

/* Seconds to leave the peer alone after an end, by enum smtp_end_why; who calls leaves it alone for
 * longer each time. Short where it may only have restarted: warnings wait behind it. */
static const unsigned pauses[] = {0, 1, 60, 600, 1, 5, 600};

const char *
smtp_verdict_name(enum smtp_verdict v)
{
	return verdict_names[v];
}

const char *
smtp_end_name(enum smtp_end_why w)
{
	return end_names[w];
}

bool
smtp_alive(const struct smtp_session *s)
{
	return !s->ended && !s->freed && s->state != SMTP_S_CLOSED;
}

static void
wait_for_reply(struct smtp_session *s, unsigned seconds)
{
	s->reply_by_ms = loop_ms(s->loop) + (int64_t)seconds * 1000;
}

static void
session_set_state(struct smtp_session *s, enum smtp_state to)
{
	BUG_ON(s->state == SMTP_S_CLOSED);
	s->state = to;
}

static unsigned
reply_seconds(const struct smtp_session *s, enum smtp_expect x)
{
	if (x == SMTP_X_END || x == SMTP_X_EMPTY)
		return s->set.timeouts.end_s;
	return x == SMTP_X_DATA ? s->set.timeouts.data_s : s->set.timeouts.command_s;
}

void
smtp_expect(struct smtp_session *s, enum smtp_expect x)
{
	BUG_ON(s->expect_n == SMTP_EXPECTS);
	s->expect[(s->expect_at + s->expect_n) & (SMTP_EXPECTS - 1)] = x;
	if (s->expect_n++ == 0)
		wait_for_reply(s, reply_seconds(s, x));
}

void
smtp_finish(struct smtp_session *s, enum smtp_end_why why, int code, const char *fmt, ...)
{
	char text[ERR_TEXT];
	va_list ap;

	if (!smtp_alive(s))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->ended = true;
	s->end.why = why;
	s->end.code = code;
	s->end.pause_s = pauses[why];
	buf_addf(&s->end_text, "%s port %u: %s", s->host, (unsigned)s->set.port, text);
}

void
smtp_finish_reply(struct smtp_session *s, const char *at, const struct smtp_reply *r)
{
	struct buf text = BUF_INIT(SMTP_TEXT);
	enum smtp_end_why why = SMTP_END_PROTOCOL;

	if (r->code == 421 || (s->state != SMTP_S_MAIL && r->code >= 400 && r->code < 500))
		why = SMTP_END_BUSY;
	else if (r->code >= 500)
		why = SMTP_END_REFUSED;
	smtp_reply_text(&text, r, SMTP_TEXT);
	smtp_finish(s, why, r->code, "answered %d to %s: %s", r->code, at, buf_str(&text));
	buf_fini(&text);
}

static void
session_release(struct smtp_session *s)
{
	smtp_link_free(&s->link);
	loop_timer_free(&s->kick);
	loop_timer_free(&s->tick);
	smtp_reader_fini(&s->reader);
	buf_fini(&s->refusal.text);
	buf_fini(&s->end_text);
	mem_free(s->host);
	mem_free(s->hello);
	mem_free(s);
}

/* Events go out between enter and leave. False from leave: the session is no more. */
static void
enter(struct smtp_session *s)
{
	s->depth++;
}

static bool
leave(struct smtp_session *s)
{
	if (--s->depth > 0 || !s->freed)
		return true;
	session_release(s);
	return false;
}

static void
tell_end(struct smtp_session *s)
{
	session_set_state(s, SMTP_S_CLOSED);
	loop_timer_stop(s->tick);
	loop_timer_stop(s->kick);
	smtp_mail_hand_back(s);
	smtp_link_free(&s->link);
	s->end.text = buf_sv(&s->end_text);
	s->end.messages = s->settled;
	if (!s->freed)
		s->events->closed(s, &s->end, s->arg);
}

static void
say_quit(struct smtp_session *s)
{
	buf_adds(smtp_link_out(s->link), "QUIT\r\n");
	session_set_state(s, SMTP_S_QUIT);
	wait_for_reply(s, s->set.timeouts.quit_s);
}

static bool
has_room(const struct smtp_session *s)
{
	return s->set.per_session == 0 || s->taken < s->set.per_session;
}

/* Do what can be done now; the last step of every turn. */
static void
turn(struct smtp_session *s)
{
	unsigned n;

	while (smtp_alive(s) && s->state == SMTP_S_MAIL) {
		smtp_mail_advance(s);
		n = smtp_session_free_slots(s);
		if (!smtp_alive(s) || !s->slot_freed || n == 0)
			break;
		s->slot_freed = false;
		s->events->ready(s, n, s->arg);
	}
	if (smtp_alive(s) && s->held == 0 && (s->quitting || !has_room(s))) {
		if (s->state == SMTP_S_MAIL)
			say_quit(s);
		else if (s->state != SMTP_S_QUIT)
			smtp_finish(s, SMTP_END_DONE, 0, "closed as asked");
	}
	if (smtp_alive(s)) {
		smtp_link_flush(s->link);
		if (s->state == SMTP_S_MAIL && s->expect_n == 0)
			s->reply_by_ms = 0;
	} else if (s->ended && !s->freed && s->state != SMTP_S_CLOSED) {
		tell_end(s);
	}
}

static void
say_hello(struct smtp_session *s, const char *verb, enum smtp_state to)
{
	buf_addf(smtp_link_out(s->link), "%s %s\r\n", verb, s->hello);
	session_set_state(s, to);
	wait_for_reply(s, s->set.timeouts.command_s);
}

static void
open_for_mail(struct smtp_session *s)
{
	session_set_state(s, SMTP_S_MAIL);
	s->reply_by_ms = 0;
	s->slot_freed = true;
}

static void
on_reply(struct smtp_session *s, const struct smtp_reply *r)
{
	switch (s->state) {
	case SMTP_S_GREETING:
		if (r->code == 220)
			say_hello(s, "EHLO", SMTP_S_EHLO);
		else
			smtp_finish_reply(s, "the connection", r);
		break;
	case SMTP_S_EHLO:
		if (r->code == 250) {
			smtp_offer_read(&s->offer, r);
			open_for_mail(s);
		} else if (r->code >= 500) {
			say_hello(s, "HELO", SMTP_S_HELO);
		} else {
			smtp_finish_reply(s, "EHLO", r);
		}
		break;
	case SMTP_S_HELO:
		if (r->code == 250)
			open_for_mail(s);
		else
			smtp_finish_reply(s, "HELO", r);
		break;
	case SMTP_S_MAIL:
		smtp_mail_reply(s, r);
		if (s->expect_n > 0)
			wait_for_reply(s, reply_seconds(s, s->expect[s->expect_at]));
		break;
	case SMTP_S_QUIT:
		smtp_finish(s, SMTP_END_DONE, r->code, "closed after %u messages", s->settled);
		break;
	case SMTP_S_CONNECTING:
	case SMTP_S_CLOSED:
		BUG_ON(true);
	}
}

static void
on_connected(void *arg)
{
	struct smtp_session *s = arg;

	session_set_state(s, SMTP_S_GREETING);
	wait_for_reply(s, s->set.timeouts.greeting_s);
}

static void
on_bytes(void *arg, struct sv input)
{
	struct smtp_session *s = arg;
	struct smtp_reply r;
	enum smtp_read got;

	enter(s);
	while (smtp_alive(s)) {
		got = smtp_reader_next(&s->reader, &input, &r);
		if (got == SMTP_READ_MORE)
			break;
		if (got == SMTP_READ_BAD)
			smtp_finish(s, SMTP_END_PROTOCOL, 0,
				    "sent what is no SMTP reply (expected three digits "
				    "and a text)");
		else
			on_reply(s, &r);
	}
	turn(s);
	leave(s);
}

static void
on_ended(void *arg, const char *why)
{
	struct smtp_session *s = arg;

	enter(s);
	if (s->state == SMTP_S_CONNECTING)
		smtp_finish(s, SMTP_END_CONNECT, 0, "cannot connect: %s", why);
	else if (s->state == SMTP_S_QUIT)
		smtp_finish(s, SMTP_END_DONE, 0, "closed after %u messages", s->settled);
	else
		smtp_finish(s, SMTP_END_LOST, 0, "connection lost: %s", why);
	turn(s);
	leave(s);
}

static void
on_kick(void *arg, int64_t now)
{
	struct smtp_session *s = arg;

	(void)now;
	enter(s);
	turn(s);
	leave(s);
}

static const char *
waited_for(const struct smtp_session *s)
{
	static const char *const by_state[] = {"a connection",
					       "a greeting",
					       "an answer to EHLO",
					       "an answer to HELO",
					       "an answer",
					       "an answer to QUIT",
					       "nothing"};
	static const char *const by_expect[] = {"an answer to RSET",
						"an answer to MAIL",
						"an answer to RCPT",
						"an answer to DATA",
						"an answer to the end of the data",
						"an answer to the end of the data"};

	if (s->state == SMTP_S_MAIL && s->expect_n > 0)
		return by_expect[s->expect[s->expect_at]];
	return by_state[s->state];
}

/* While bytes wait to be written only progress of the writing counts; the time for the
 * reply begins when they are gone. */
static void
on_tick(void *arg, int64_t utc)
{
	struct smtp_session *s = arg;
	int64_t now = loop_ms(s->loop);
	uint64_t taken = smtp_link_taken(s->link);
	bool waiting = s->state != SMTP_S_CONNECTING && taken < smtp_link_queued(s->link);

	(void)utc;
	if (waiting && (s->write_by_ms == 0 || taken != s->taken_seen))
		s->write_by_ms = now + (int64_t)s->set.timeouts.command_s * 1000;
	if (!waiting && s->write_by_ms != 0) {
		s->write_by_ms = 0;
		if (s->state == SMTP_S_MAIL && s->expect_n > 0)
			wait_for_reply(s, reply_seconds(s, s->expect[s->expect_at]));
	}
	s->taken_seen = taken;
	enter(s);
	if (waiting ? now >= s->write_by_ms : s->reply_by_ms != 0 && now >= s->reply_by_ms) {
		if (s->state == SMTP_S_QUIT)
			smtp_finish(s, SMTP_END_DONE, 0, "closed without an answer to QUIT");
		else
			smtp_finish(s,
				    s->state == SMTP_S_CONNECTING ? SMTP_END_CONNECT
								  : SMTP_END_TIMEOUT,
				    0, "waited too long %s %s", waiting ? "to write, for" : "for",
				    waited_for(s));
		turn(s);
	}
	leave(s);
}

static void
fill_timeout(unsigned *t, unsigned by_default)
{
	if (*t == 0)
		*t = by_default;
}

static void
fill_defaults(struct smtp_settings *set)
{
	struct smtp_timeouts *t = &set->timeouts;

	if (set->port == 0)
		set->port = 25;
	if (set->slots == 0)
		set->slots = 2;
	fill_timeout(&t->connect_s, default_timeouts.connect_s);
	fill_timeout(&t->greeting_s, default_timeouts.greeting_s);
	fill_timeout(&t->command_s, default_timeouts.command_s);
	fill_timeout(&t->data_s, default_timeouts.data_s);
	fill_timeout(&t->end_s, default_timeouts.end_s);
	fill_timeout(&t->quit_s, default_timeouts.quit_s);
}

enum rc
smtp_session_new(struct smtp_session **ret, struct loop *loop, const struct smtp_settings *set,
		 const struct smtp_events *events, void *arg, struct err *e)
{
	static const struct smtp_link_events link_events = {on_connected, on_bytes, on_ended};
	struct smtp_session *s;

	if (!set->host || !smtp_hello_ok(sv_of(set->host)))
		return err_set(e, RC_SYNTAX, "SMTP server: \"%s\" is neither a name nor an address",
			       set->host ? set->host : "");
	if (!set->hello || !smtp_hello_ok(sv_of(set->hello)))
		return err_set(e, RC_SYNTAX,
			       "SMTP: our own name \"%s\" cannot be said in EHLO (expected a host "
			       "name or an address in brackets)",
			       set->hello ? set->hello : "");
	if (set->tls == SMTP_TLS_REQUIRED)
		return err_set(e, RC_SYNTAX,
			       "SMTP server %s: TLS is required, but this version has no "
			       "STARTTLS yet",
			       set->host);
	s = MEM_NEW(struct smtp_session);
	s->loop = loop;
	s->events = events;
	s->arg = arg;
	s->set = *set;
	fill_defaults(&s->set);
	s->host = mem_dup(set->host, strlen(set->host));
	s->hello = mem_dup(set->hello, strlen(set->hello));
	s->set.host = s->host;
	s->set.hello = s->hello;
	s->last = &s->first;
	smtp_reader_init(&s->reader);
	buf_init(&s->refusal.text, SMTP_TEXT);
	buf_init(&s->end_text, 2 * ERR_TEXT);
	s->kick = loop_timer_new(loop, on_kick, s);
	s->tick = loop_timer_new(loop, on_tick, s);
	loop_timer_set(s->tick, TICK_MS, TICK_MS);
	s->link = smtp_link_new(loop, s->host, s->set.port, &link_events, s);
	wait_for_reply(s, s->set.timeouts.connect_s);
	*ret = s;
	return RC_OK;
}

unsigned
smtp_session_free_slots(const struct smtp_session *s)
{
	unsigned n;

	if (s->state != SMTP_S_MAIL || s->quitting || s->ended || s->held >= s->set.slots)
		return 0;
	n = s->set.slots - s->held;
	if (s->set.per_session > 0 && n > s->set.per_session - s->taken)
		n = s->set.per_session - s->taken;
	return n;
}

enum rc
smtp_session_send(struct smtp_session *s, struct smtp_message *m, struct err *e)
{
	BUG_ON(smtp_session_free_slots(s) == 0);
	if (m->from.n > 0 && !smtp_address_ok(m->from))
		return err_set(e, RC_SYNTAX, "SMTP: the sender cannot be written as an address");
	if (!smtp_address_ok(m->to))
		return err_set(e, RC_SYNTAX, "SMTP: the recipient cannot be written as an address");
	if (!smtp_body_ok(m->body))
		return err_set(e, RC_SYNTAX,
			       "SMTP: the message is empty, holds a NUL or is over %zu bytes",
			       LIMIT_MESSAGE);
	m->next = NULL;
	*s->last = m;
	s->last = &m->next;
	s->held++;
	s->taken++;
	if (s->depth == 0 && !loop_timer_is_set(s->kick))
		loop_timer_set(s->kick, 0, 0);
	return RC_OK;
}

void
smtp_session_quit(struct smtp_session *s)
{
	s->quitting = true;
	if (s->depth == 0 && s->state != SMTP_S_CLOSED)
		loop_timer_set(s->kick, 0, 0);
}

void
smtp_session_free(struct smtp_session **ps)
{
	struct smtp_session *s = *ps;

	if (!s)
		return;
	*ps = NULL;
	s->freed = true;
	if (s->depth == 0)
		session_release(s);
}
