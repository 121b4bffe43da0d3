/*
 * contact.h — contact points: channels, their normal forms. Pure.
 */
#ifndef PEOPLE_CONTACT_H
#define PEOPLE_CONTACT_H

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct buf;

/* The numbers are stored: never change one. */
#define CHANNELS(X)          \
	X(NONE, 0, "none")   \
	X(EMAIL, 1, "email") \
	X(SMS, 2, "sms")     \
	X(FILE, 3, "file") /* a practice installation writes every message to a folder */

enum channel {
#define X(name, number, text) CHANNEL_##name = (number),
	CHANNELS(X)
#undef X
};

#define CONTACT_STATES(X)        \
	X(USED, 0, "in use")     \
	X(BOUNCED, 1, "bounced") \
	X(OPTED_OUT, 2, "opted out")

enum contact_state {
#define X(name, number, text) CONTACT_##name = (number),
	CONTACT_STATES(X)
#undef X
};

const char *channel_name(enum channel);

/* An e-mail address that an SMTP MAIL/RCPT can carry (RFC 5321 4.1.2, dot-string
 * local part, ASCII or UTF-8 domain refused: A-labels only); the domain is
 * written in lower case. RC_SYNTAX, RC_LIMIT. */
enum rc contact_email(struct buf *ret, struct sv text, struct err *) CHECKED;

/* E.164: '+' and 7 to 15 digits; spaces, hyphens, dots and parentheses between digits are
 * dropped. RC_SYNTAX. */
enum rc contact_phone(struct buf *ret, struct sv text, struct err *) CHECKED;

#endif
