/*
 * desk_frozen.h — for files of this room: a message made final and signed.
 */
#ifndef DESK_DESK_FROZEN_H
#define DESK_DESK_FROZEN_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"

struct alert;
struct cap_alert;
struct desk;

/* Set identifier, sender, sent and xml (signed) of a from `text`, by a's thread, version and
 * msgtype; references list every unexpired earlier message of the thread. */
enum rc desk_freeze(struct alert *a, struct desk *, const struct cap_alert *text, int64_t now,
		    struct err *) CHECKED;

/* Whether what would leave is valid CAP: the frozen message, and the Cancel that its
 * correction would become, so that a cancellation cannot fail on its text; and whether it fits into
 * messages. RC_SYNTAX, RC_LIMIT. */
enum rc desk_check_frozen(const struct alert *, struct desk *, int64_t now, struct err *) CHECKED;

#endif
