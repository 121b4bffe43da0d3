/*
 * smtp_reply.h — SMTP replies out of a stream of bytes (RFC 5321, 4.2), and
 * what a peer offers in its answer to EHLO. Pure.
 */
#ifndef NET_SMTP_REPLY_H
#define NET_SMTP_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/sv.h"

/* Views into the reader, valid until its next call. */
struct smtp_reply {
	int code;           /* 200 to 599 */
	struct sv enhanced; /* "5.1.1" of the first line (RFC 2034), or empty */
	struct sv lines;    /* the texts without codes, each line followed by '\n' */
};

struct smtp_reader {
	struct buf line;  /* of a line whose end has not come yet */
	struct buf lines; /* of a reply whose last line has not come yet */
	char enhanced[12];
	int code;  /* of the lines so far; 0: none yet */
	bool done; /* the reply was given out */
};

void smtp_reader_init(struct smtp_reader *);
void smtp_reader_fini(struct smtp_reader *);

enum smtp_read {
	SMTP_READ_MORE,  /* all of input is used up and no reply complete */
	SMTP_READ_REPLY, /* *ret is one; the rest of input may hold more */
	SMTP_READ_BAD,   /* not SMTP, or longer than LIMIT_SMTP_LINE, LIMIT_SMTP_REPLY */
};

/* Take bytes off the front of *input up to the end of one reply. */
enum smtp_read smtp_reader_next(struct smtp_reader *, struct sv *input, struct smtp_reply *ret);

/* The lines joined by spaces, without control bytes and invalid UTF-8, at most max bytes. */
void smtp_reply_text(struct buf *out, const struct smtp_reply *, size_t max);

/* The peer's id in "2.0.0 Ok: queued as 4XyZ" or "OK id=1abc-0002-Xy", or empty. */
struct sv smtp_reply_ref(struct sv text);

struct smtp_offer {
	bool pipelining;
	bool eightbitmime;
	bool starttls;
	bool size;
	uint64_t size_max; /* 0: no limit said */
};

void smtp_offer_read(struct smtp_offer *ret, const struct smtp_reply *);

#endif
