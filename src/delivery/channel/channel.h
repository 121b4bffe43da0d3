/*
 * channel.h — a way out of the house, as a struct of functions.
 *
 * A new channel is one file here and one line in the table of table.c.
 *
 * A message is given to a channel only when its row is durably in flight. It
 * comes back exactly once, through `done`; until then its texts stay as they
 * are. A channel works on the loop, never blocks it, and calls back never from
 * inside one of its own functions but channel_close.
 */
#ifndef DELIVERY_CHANNEL_CHANNEL_H
#define DELIVERY_CHANNEL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "people/contact.h"

struct channel_out;
struct loop;

/* What became of a message. */
#define CHANNEL_VERDICTS(X)                                                     \
	X(ACCEPTED, "accepted")                                                 \
	X(RETRY, "retry")           /* the peer: not now */                     \
	X(REFUSED, "refused")       /* the peer: never */                       \
	X(NO_ADDRESS, "no address") /* the peer: never, the address is wrong */ \
	X(RETURNED, "returned")     /* nothing that could commit it was sent */ \
	X(IN_DOUBT, "in doubt")     /* the end was sent, the answer never came */

enum channel_verdict {
#define X(name, text) VERDICT_##name,
	CHANNEL_VERDICTS(X)
#undef X
};

const char *channel_verdict_name(enum channel_verdict);

struct channel_message {
	int64_t alert; /* with person and contact: names the row */
	int64_t person;
	int64_t contact;
	void *owner; /* the sender's, untouched */
	struct sv to;
	struct sv from;
	struct sv text;
	struct channel_message *next; /* the holder's */
};

struct channel_result {
	enum channel_verdict verdict;
	bool begun;       /* RETURNED: part of it was out when the session ended */
	int code;         /* the peer's number, or 0 */
	struct sv ref;    /* the peer's own id, or empty */
	struct sv text;   /* its words; may hold an address: not for logs or rows */
	struct sv reason; /* the same as a short text without addresses ("550 5.1.1") */
};

struct channel_events {
	void (*done)(struct channel_message *, const struct channel_result *, void *arg);
	/* There is room again (see channel_room). */
	void (*ready)(struct channel_out *, void *arg);
	/* The peer is down, slow or wants us to wait: nothing more for pause_s; then the channel
	 * says ready again. Messages come back as RETURNED, uncounted. why has no address. */
	void (*paused)(struct channel_out *, unsigned pause_s, struct sv why, void *arg);
};

/* One route as the configuration describes it; fields that a channel does not know stay empty. */
struct channel_settings {
	const char *name; /* of the route, for logs and figures: "mail" */
	const char *host;
	uint16_t port;
	const char *hello;
	unsigned sessions;    /* 0: 4 */
	unsigned slots;       /* messages in a session at once; 0: 2 */
	unsigned timeout_s;   /* for an answer of the peer; to the end of a message five times as
			       * long; 0: 60 */
	unsigned per_session; /* messages until a session is made anew; 0: no limit */
	const char *folder;   /* file: where messages are written */
};

/* The table's entry of a kind of channel. */
struct channel_kind {
	const char *name; /* "smtp": as in the configuration */
	bool outside;     /* leaves the machine: does not exist in a practice installation */
	enum rc (*open)(struct channel_out **ret, struct loop *, const struct channel_settings *,
			const struct channel_events *, void *arg, struct err *);
};

/* What every channel's own struct begins with. */
struct channel_out {
	const struct channel_kind *kind;
	/* How many messages it takes now. */
	size_t (*room)(const struct channel_out *);
	/* There must be room. */
	void (*send)(struct channel_out *, struct channel_message *);
	/* Take no more; `ready` comes no more; messages under way come back. */
	void (*quit)(struct channel_out *);
	/* Messages still under way come back from inside: in doubt when begun, else returned. */
	void (*close)(struct channel_out **);
};

/* NULL when there is none of that name. */
const struct channel_kind *channel_find(struct sv name);
/* i from 0; NULL at the end. */
const struct channel_kind *channel_kind_at(size_t i);

enum rc channel_open(struct channel_out **ret, const struct channel_kind *, struct loop *,
		     const struct channel_settings *, const struct channel_events *, void *arg,
		     struct err *) CHECKED;
size_t channel_room(const struct channel_out *);
void channel_send(struct channel_out *, struct channel_message *);
void channel_quit(struct channel_out *);
void channel_close(struct channel_out **); /* NULL inside is fine; leaves NULL */

/* The kinds, one per file of this folder. */
extern const struct channel_kind channel_smtp;
extern const struct channel_kind channel_file;

#endif
