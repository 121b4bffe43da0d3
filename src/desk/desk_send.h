/*
 * desk_send.h — sending and cancelling: what the officer is told has happened
 * is durable when these return.
 */
#ifndef DESK_DESK_SEND_H
#define DESK_DESK_SEND_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"

struct desk;
struct officer;

struct desk_sent {
	int64_t id;            /* the message that goes out: the alert, or the Cancel */
	int64_t persons;       /* in its audience */
	int64_t not_concerned; /* of them, told that it concerns them no longer */
};

/* Make an approved alert live and write its audience. The audience is resolved
 * anew: RC_CONFLICT when it drifted from the approved size by more than the
 * setting allows. An update supersedes the thread's live versions and also goes
 * to everyone written to before. */
enum rc desk_alert_send(struct desk_sent *ret, struct desk *, const struct officer *, int64_t id,
			int64_t now, struct err *) CHECKED;

/* One officer may. Ends every live version of the thread, so that nothing of it is started
 * any more (one that has expired may turn out false, too), and sends the approved correction,
 * unedited, to everyone who got anything of the thread and to nobody else (DESIGN 3.1). */
enum rc desk_alert_cancel(struct desk_sent *ret, struct desk *, const struct officer *, int64_t id,
			  int64_t now, struct err *) CHECKED;

#endif
