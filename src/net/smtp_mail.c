/*
 * smtp_mail.c — messages through one SMTP session.
 *
 *   waiting --> envelope (MAIL, RCPT, DATA) --354--> ending (data, final dot) --> settled
 *                  |                                    |
 *                  +-- refused: settled                 +-- connection ends: in doubt
 *                  +-- connection ends: returned
 *
 * With PIPELINING the three commands of an envelope go out together, and those of the next
 * message together with the data of the one before it (RFC 2920, 3.1). So at most
 * one message is `ending` and at most one in `envelope`, and replies come in
 * the order of smtp_session.expect.
 */
#include "net/smtp_int.h"

#include <string.h>

#include "net/smtp_wire.h"

static void
tell_settled(struct smtp_session *s, struct smtp_message *m, const struct smtp_result *r)
{
	s->held--;
	s->settled++;
	s->slot_freed = true;
	m->next = NULL;
	s->events->settled(s, m, r, s->arg);
}

static void
settle_by_reply(struct smtp_session *s, struct smtp_message *m, const struct smtp_reply *r)
{
	struct buf text = BUF_INIT(SMTP_TEXT);
	struct smtp_result res = {.code = r->code, .enhanced = r->enhanced};

	res.verdict = r->code < 300 ? SMTP_ACCEPTED : r->code < 500 ? SMTP_RETRY : SMTP_REFUSED;
	smtp_reply_text(&text, r, SMTP_TEXT);
	res.text = buf_sv(&text);
	if (res.verdict == SMTP_ACCEPTED)
		res.ref = sv_head(smtp_reply_ref(res.text), SMTP_REF);
	tell_settled(s, m, &res);
	buf_fini(&text);
}

static void
refuse(struct smtp_session *s, enum smtp_verdict v, int code, struct sv enhanced)
{
	struct smtp_refusal *f = &s->refusal;

	f->is = true;
	f->verdict = v;
	f->code = code;
	enhanced = sv_head(enhanced, sizeof(f->enhanced) - 1);
	memcpy(f->enhanced, enhanced.n ? enhanced.p : "", enhanced.n);
	f->enhanced[enhanced.n] = '\0';
	buf_reset(&f->text);
}

static void
refuse_by_reply(struct smtp_session *s, const struct smtp_reply *r)
{
	if (s->refusal.is)
		return; /* the first says why; those behind it only follow from it */
	refuse(s, r->code < 500 ? SMTP_RETRY : SMTP_REFUSED, r->code, r->enhanced);
	smtp_reply_text(&s->refusal.text, r, SMTP_TEXT);
}

/* The envelope's last reply is in, or none was asked for. */
static void
settle_refused(struct smtp_session *s)
{
	struct smtp_message *m = s->envelope;
	struct smtp_result res = {
		.verdict = s->refusal.verdict,
		.code = s->refusal.code,
		.enhanced = sv_of(s->refusal.enhanced),
		.text = buf_sv(&s->refusal.text),
	};

	s->envelope = NULL;
	s->need_rset = s->mail_ok;
	s->refusal.is = false;
	tell_settled(s, m, &res);
}

static void
add_mail(struct smtp_session *s, const struct smtp_message *m)
{
	struct buf *out = smtp_link_out(s->link);

	buf_addf(out, "MAIL FROM:<%.*s>", SV_ARG(m->from));
	if (s->offer.size)
		buf_addf(out, " SIZE=%llu", (unsigned long long)smtp_data_size(m->body));
	/* Where 8BITMIME is not offered the bytes go as they are: peers that
	 * spoil them are rarer than warnings that nobody got. */
	if (s->offer.eightbitmime && smtp_is_8bit(m->body))
		buf_adds(out, " BODY=8BITMIME");
	buf_adds(out, "\r\n");
	smtp_expect(s, SMTP_X_MAIL);
}

static void
add_rcpt(struct smtp_session *s, const struct smtp_message *m)
{
	buf_addf(smtp_link_out(s->link), "RCPT TO:<%.*s>\r\n", SV_ARG(m->to));
	smtp_expect(s, SMTP_X_RCPT);
}

static void
add_data_command(struct smtp_session *s)
{
	buf_adds(smtp_link_out(s->link), "DATA\r\n");
	smtp_expect(s, SMTP_X_DATA);
}

static void
begin_envelope(struct smtp_session *s)
{
	struct smtp_message *m = s->first;
	uint64_t size = smtp_data_size(m->body);

	s->first = m->next;
	if (!s->first)
		s->last = &s->first;
	m->next = NULL;
	s->envelope = m;
	s->mail_ok = s->go = s->refusal.is = false;
	if (s->offer.size && s->offer.size_max > 0 && size > s->offer.size_max) {
		s->mail_ok = s->need_rset; /* stays as it was */
		refuse(s, SMTP_REFUSED, 0, SV("5.3.4"));
		buf_addf(&s->refusal.text,
			 "the message has %llu bytes; the server takes at most %llu",
			 (unsigned long long)size, (unsigned long long)s->offer.size_max);
		settle_refused(s);
		return;
	}
	if (s->need_rset) {
		buf_adds(smtp_link_out(s->link), "RSET\r\n");
		smtp_expect(s, SMTP_X_RSET);
		s->need_rset = false;
	}
	add_mail(s, m);
	if (s->offer.pipelining) {
		add_rcpt(s, m);
		add_data_command(s);
	}
}

static void
send_data(struct smtp_session *s)
{
	struct smtp_message *m = s->envelope;

	if (s->events->started) {
		s->events->started(s, m, s->arg);
		if (!smtp_alive(s))
			return;
	}
	s->envelope = NULL;
	s->go = false;
	smtp_add_data(smtp_link_out(s->link), m->body);
	s->ending = m;
	s->ending_at = smtp_link_queued(s->link);
	smtp_expect(s, SMTP_X_END);
}

void
smtp_mail_advance(struct smtp_session *s)
{
	bool ahead = s->offer.pipelining && !s->set.one_by_one;

	if (s->envelope && s->go)
		send_data(s);
	while (smtp_alive(s) && !s->envelope && s->first && (!s->ending || ahead))
		begin_envelope(s);
}

/* The reply to the final dot. */
static void
on_end(struct smtp_session *s, const struct smtp_reply *r)
{
	struct smtp_message *m = s->ending;
	bool early = smtp_link_taken(s->link) < s->ending_at;

	if (r->code >= 300 && r->code < 400) {
		smtp_finish_reply(s, "the end of the data", r);
		return;
	}
	if (early && r->code < 300) {
		smtp_finish(s, SMTP_END_PROTOCOL, r->code,
			    "answered %d before the end of the data was sent", r->code);
		return;
	}
	s->ending = NULL;
	settle_by_reply(s, m, r);
	if (!smtp_alive(s))
		return;
	if (r->code == 421)
		smtp_finish_reply(s, "the end of the data", r);
	else if (early)
		smtp_finish(s, SMTP_END_PROTOCOL, r->code, "answered %d in the middle of the data",
			    r->code);
}

/* No to our sender, to our own right to send, or to sending without TLS: it would be said to
 * every message, whoever it is for. 552 is about the size of this one. */
static bool
is_about_us(enum smtp_expect x, const struct smtp_reply *r)
{
	return r->code == 530 || (x == SMTP_X_MAIL && r->code >= 500 && r->code != 552);
}

/* Replies to RSET, MAIL, RCPT, DATA and the dot of an empty message. */
static void
on_envelope(struct smtp_session *s, enum smtp_expect x, const struct smtp_reply *r)
{
	bool ok = r->code < 300;

	if (x == SMTP_X_RSET && !ok) {
		smtp_finish_reply(s, "RSET", r);
		return;
	}
	if (!s->refusal.is && is_about_us(x, r)) {
		smtp_finish_reply(s, "the envelope", r);
		return;
	}
	if (x == SMTP_X_EMPTY) {
		s->mail_ok = false; /* whatever the answer: the transaction is over */
		settle_refused(s);
		return;
	}
	if (x == SMTP_X_DATA && r->code == 354) {
		if (s->refusal.is) { /* RFC 2920, 3.1: no recipient, yet it wants data */
			buf_adds(smtp_link_out(s->link), ".\r\n");
			smtp_expect(s, SMTP_X_EMPTY);
		} else {
			s->go = true;
		}
		return;
	}
	if (x == SMTP_X_DATA ? r->code < 400 : r->code >= 300 && r->code < 400) {
		smtp_finish_reply(s, x == SMTP_X_DATA ? "DATA" : "MAIL or RCPT", r);
		return;
	}
	if (!ok)
		refuse_by_reply(s, r);
	if (x == SMTP_X_MAIL && ok)
		s->mail_ok = true;
	if (s->refusal.is && (x == SMTP_X_DATA || !s->offer.pipelining))
		settle_refused(s);
	else if (x == SMTP_X_MAIL && !s->offer.pipelining)
		add_rcpt(s, s->envelope);
	else if (x == SMTP_X_RCPT && !s->offer.pipelining)
		add_data_command(s);
}

void
smtp_mail_reply(struct smtp_session *s, const struct smtp_reply *r)
{
	enum smtp_expect x;

	if (s->expect_n == 0) {
		smtp_finish_reply(s, "nothing", r);
		return;
	}
	x = s->expect[s->expect_at];
	s->expect_at = (s->expect_at + 1) & (SMTP_EXPECTS - 1);
	s->expect_n--;
	if (x == SMTP_X_END)
		on_end(s, r);
	else if (r->code == 421)
		smtp_finish_reply(s, "the envelope", r);
	else
		on_envelope(s, x, r);
}

static void
give_back(struct smtp_session *s, struct smtp_message *m, bool begun)
{
	s->held--;
	m->next = NULL;
	s->events->returned(s, m, begun, s->arg);
}

void
smtp_mail_hand_back(struct smtp_session *s)
{
	/* A peer that said why it ends is no sign against the message. */
	bool blame = s->end.why != SMTP_END_BUSY && s->end.why != SMTP_END_REFUSED;
	struct smtp_message *m;

	if (s->ending && !s->freed) {
		m = s->ending;
		s->ending = NULL;
		if (smtp_link_taken(s->link) < s->ending_at) {
			give_back(s, m, true);
		} else {
			s->held--;
			m->next = NULL;
			s->events->in_doubt(s, m, s->arg);
		}
	}
	if (s->envelope && !s->freed) {
		m = s->envelope;
		s->envelope = NULL;
		give_back(s, m, blame);
	}
	while (s->first && !s->freed) {
		m = s->first;
		s->first = m->next;
		give_back(s, m, false);
	}
	s->last = &s->first;
}
