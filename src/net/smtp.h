/*
 * smtp.h — one SMTP client session on a loop: connect, greet, send many
 * messages of one recipient each, quit (RFC 5321, 1870, 2034, 2920, 6152).
 *
 * A message is handed over only when it is already durably "in flight": after smtp_session_send
 * the session may write it out at any time, without asking again. It comes back exactly once, in
 * one of three ways:
 *
 *   settled    the peer gave its verdict
 *   returned   nothing that could commit it was written: the peer cannot have it
 *   in_doubt   the end of its data was (or may have been) written and the
 *              connection ended before the reply: the peer may have it
 *
 * Until then the caller keeps the struct and its texts unchanged. After `closed`, which
 * comes exactly once per session and last, only smtp_session_free is left.
 * Events are never called from inside smtp_session_new, _send, _quit or _free;
 * inside an event every call is allowed, smtp_session_free too.
 *
 * TLS is not there yet: a session that asks for SMTP_TLS_REQUIRED is refused by smtp_session_new,
 * IF_OFFERED goes on in clear.
 */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct loop;
struct smtp_session;

enum smtp_tls { SMTP_TLS_NEVER, SMTP_TLS_IF_OFFERED, SMTP_TLS_REQUIRED };
enum smtp_verdict { SMTP_ACCEPTED, SMTP_RETRY, SMTP_REFUSED };

/* Zero means the default, which is shorter than RFC 5321, 4.5.3.2. */
struct smtp_timeouts {
	unsigned connect_s;  /* name look-up and connection: 30 */
	unsigned greeting_s; /* 60 */
	unsigned command_s;  /* EHLO, MAIL, RCPT, and to write what waits: 60 */
	unsigned data_s;     /* 354 after DATA: 60 */
	unsigned end_s;      /* the reply to the final dot: 300; too short makes duplicates */
	unsigned quit_s;     /* 5 */
};

struct smtp_settings {
	const char *host;  /* a name or an address */
	uint16_t port;     /* 0: 25 */
	const char *hello; /* our name in EHLO: a host name or "[192.0.2.1]" */
	enum smtp_tls tls;
	unsigned slots;  /* messages held at once; 0: 2 */
	bool one_by_one; /* no envelope before the last message's reply, even where the peer offers
	                          * PIPELINING */
	unsigned per_session; /* quit after so many messages; 0: no limit */
	struct smtp_timeouts timeouts;
};

/* from and to are bare addresses ("a@example.org"; from may be empty), ASCII without
 * control bytes or white space outside quotes; body is a whole RFC 5322 message
 * with LF or CRLF line ends. Text of more than seven bits is declared where the
 * peer offers 8BITMIME and sent as it is elsewhere. */
struct smtp_message {
	int64_t id; /* the caller's, untouched */
	void *arg;  /* the caller's, untouched */
	struct sv from;
	struct sv to;
	struct sv body;
	struct smtp_message *next; /* the session's while it has the message */
};

#define SMTP_ENHANCED 12
#define SMTP_TEXT     256
#define SMTP_REF      96

/* A peer's answer. Texts are valid during the event. */
struct smtp_result {
	enum smtp_verdict verdict;
	int code; /* 250, 451, ...; 0 where the message cannot be sent to this peer at all */
	struct sv enhanced; /* "5.1.1" (RFC 3463), or empty */
	struct sv text;     /* the reply's lines joined by spaces, printable, at most SMTP_TEXT */
	struct sv ref;      /* the peer's id of an accepted message, or empty */
};

enum smtp_end_why {
	SMTP_END_DONE,     /* we quit, or freed nothing by force: as asked */
	SMTP_END_CONNECT,  /* no such host, nobody there, no answer */
	SMTP_END_BUSY,     /* the peer said 421 or 4xx to the session as a whole */
	SMTP_END_REFUSED,  /* the peer said 5xx to the session as a whole, or to our sender */
	SMTP_END_LOST,     /* the connection broke or was closed */
	SMTP_END_TIMEOUT,  /* the peer was too slow */
	SMTP_END_PROTOCOL, /* the peer does not speak SMTP */
};

struct smtp_end {
	enum smtp_end_why why;
	int code;          /* the reply's, or 0 */
	struct sv text;    /* a whole sentence for the log: what, where, what was expected */
	unsigned pause_s;  /* how long to leave the peer alone; 0: no need */
	unsigned messages; /* settled in this session */
};

struct smtp_events {
	/* The session can take this many more messages now: first after the greeting, then whenever
	 * a slot became free. */
	void (*ready)(struct smtp_session *, unsigned free_slots, void *arg);
	/* May be NULL: the next bytes written commit this message. */
	void (*started)(struct smtp_session *, struct smtp_message *, void *arg);
	void (*settled)(struct smtp_session *, struct smtp_message *, const struct smtp_result *,
			void *arg);
	/* begun: some of it had been sent and the peer did not say why it ended, so that
	 * an attempt may be counted against a message that kills sessions. */
	void (*returned)(struct smtp_session *, struct smtp_message *, bool begun, void *arg);
	void (*in_doubt)(struct smtp_session *, struct smtp_message *, void *arg);
	void (*closed)(struct smtp_session *, const struct smtp_end *, void *arg);
};

/* Starts connecting. Settings' texts are copied, events must outlive the session.
 * RC_SYNTAX when host, hello or tls cannot be used. */
enum rc smtp_session_new(struct smtp_session **ret, struct loop *, const struct smtp_settings *,
			 const struct smtp_events *, void *arg, struct err *) CHECKED;

/* How many more messages it takes now; 0 before the first ready and after quit. */
unsigned smtp_session_free_slots(const struct smtp_session *);

/* There must be a free slot. RC_SYNTAX when an address cannot be written in
 * a command; the message stays the caller's then. */
enum rc smtp_session_send(struct smtp_session *, struct smtp_message *, struct err *) CHECKED;

/* Take no more; finish what is here, say QUIT, close. */
void smtp_session_quit(struct smtp_session *);

/* Also in the middle: the connection is cut, messages come back no more (the
 * caller knows which it had handed over: they are in doubt). NULL inside is fine; leaves NULL. */
void smtp_session_free(struct smtp_session **);

const char *smtp_verdict_name(enum smtp_verdict); /* "accepted", "retry", "refused" */
const char *smtp_end_name(enum smtp_end_why);     /* "done", "connect", ... */

#endif
