/*
 * render.h — from outbox rows to whole messages: the function that `cmd` wires
 * to the room that composes. delivery itself never sees a name, and an address
 * only here.
 */
#ifndef DELIVERY_RENDER_H
#define DELIVERY_RENDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sv.h"
#include "delivery/outbox_store.h"

struct arena;

enum render_verdict {
	RENDER_SEND,
	RENDER_SUPPRESS, /* a rule of ours forbids it; why says which */
	RENDER_NOBODY,   /* the contact point or the person is gone: as opted out */
	RENDER_FAIL,     /* cannot be made into a message; why says what is wrong */
};

struct render_message {
	enum render_verdict verdict;
	struct sv to;   /* a bare address */
	struct sv from; /* the envelope's sender, bare; may be empty */
	struct sv text; /* a complete RFC 5322 message (or what the channel wants) */
	struct sv why;  /* without names or addresses; for the row and the log */
};

/*
 * Fill ret[i] for rows[i], all of one alert; texts live in the arena. Called on
 * a helper thread, one batch at a time; may block. A failure concerns the whole
 * batch (the keys are out of reach): it is given back and tried again later. Everything
 * in a message must come from the row alone, so that a repeat is the same message.
 */
typedef enum rc render_fn(void *arg, const struct outbox_row *rows, size_t n, int64_t now,
			  struct arena *, struct render_message *ret, struct err *);

#endif
