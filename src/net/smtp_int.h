/*
 * smtp_int.h — an SMTP session inside; for smtp_session.c and smtp_mail.c.
 */
#ifndef NET_SMTP_INT_H
#define NET_SMTP_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "net/smtp.h"
#include "net/smtp_link.h"
#include "net/smtp_reply.h"

struct loop;
struct loop_timer;

enum smtp_state {
	SMTP_S_CONNECTING, /* look-up and connection */
	SMTP_S_GREETING,   /* connected, 220 awaited */
	SMTP_S_EHLO,
	SMTP_S_HELO,
	SMTP_S_MAIL, /* messages may go */
	SMTP_S_QUIT, /* QUIT sent */
	SMTP_S_CLOSED,
};

/* What the next reply belongs to. */
enum smtp_expect {
	SMTP_X_RSET,
	SMTP_X_MAIL,
	SMTP_X_RCPT,
	SMTP_X_DATA,
	SMTP_X_END,   /* the final dot of `ending` */
	SMTP_X_EMPTY, /* the dot that ends the data of a refused envelope */
};

#define SMTP_EXPECTS 8 /* a power of two; END, RSET, MAIL, RCPT, DATA at most */

/* The first refusal of an envelope, kept until its last reply. */
struct smtp_refusal {
	bool is;
	enum smtp_verdict verdict;
	int code;
	char enhanced[SMTP_ENHANCED];
	struct buf text;
};

struct smtp_session {
	enum smtp_state state;
	struct loop *loop;
	struct smtp_link *link;
	const struct smtp_events *events;
	void *arg;
	struct smtp_settings set; /* its texts are ours */
	char *host, *hello;
	struct smtp_offer offer;
	struct smtp_reader reader;
	struct loop_timer *kick; /* does later what a call asked for */
	struct loop_timer *tick; /* looks at the deadline */
	int64_t reply_by_ms;     /* 0: no reply is awaited */
	int64_t write_by_ms;     /* 0: nothing waits to be written */
	uint64_t taken_seen;

	enum smtp_expect expect[SMTP_EXPECTS];
	unsigned expect_at, expect_n;

	/* Messages here, by how far they are: ending, then envelope, then waiting. */
	struct smtp_message *ending;
	uint64_t ending_at; /* of the stream: behind its final dot */
	struct smtp_message *envelope;
	bool mail_ok; /* the peer has a transaction open for it */
	bool go;      /* 354: its data may be sent */
	struct smtp_refusal refusal;
	struct smtp_message *first, **last;
	unsigned held;  /* all of them */
	unsigned taken; /* since the beginning */
	unsigned settled;
	bool need_rset;
	bool quitting;
	bool slot_freed; /* since the last `ready` */

	bool ended; /* the end below waits to be told */
	struct smtp_end end;
	struct buf end_text;

	unsigned depth; /* of events being told */
	bool freed;     /* by the caller, inside an event */
};

/* smtp_mail.c: messages on their way through SMTP_S_MAIL. */
void smtp_mail_advance(struct smtp_session *);
void smtp_mail_reply(struct smtp_session *, const struct smtp_reply *);
/* All that are still here go back to the caller. */
void smtp_mail_hand_back(struct smtp_session *);

/* smtp_session.c */
void smtp_finish(struct smtp_session *, enum smtp_end_why, int code, const char *fmt, ...)
	PRINTF(4, 5);
void smtp_finish_reply(struct smtp_session *, const char *at, const struct smtp_reply *);
void smtp_expect(struct smtp_session *, enum smtp_expect);
bool smtp_alive(const struct smtp_session *);

#endif
