/*
 * freeze.h — from a draft to the message that leaves: identifier, sender, sent,
 * status, references and end are set, everything the author wrote stays. Pure.
 */
#ifndef ALERT_FREEZE_H
#define ALERT_FREEZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "cap/cap.h"

struct arena;
struct buf;

/* One earlier message of the thread, as <references> needs it (CAP 1.2, 3.2.1). */
struct freeze_reference {
	struct sv sender, identifier;
	int64_t sent;
};

struct freeze {
	struct sv identifier;
	struct sv sender;
	int64_t now;
	enum cap_msgtype msgtype;
	bool practice; /* the status becomes Exercise, whatever the draft says */
	int64_t hours; /* in force without an end of its own */
	const struct freeze_reference *references; /* all unexpired predecessors */
	size_t n_references;
};

/* Append the frozen message (canonical form, unsigned). a holds what is made on the way. A
 * Cancel holds for at least `hours`, so that an end which is near does not stop it on its way. */
void alert_freeze(struct buf *ret, struct arena *a, const struct cap_alert *draft,
		  const struct freeze *);

/* The Cancel that withdraws a draft's message: for each language of it a block
 * that says so and names the headline. Its identifier, sender, sent and
 * references are set by alert_freeze when it is used; until then it has none. */
void alert_correction(struct buf *ret, struct arena *a, const struct cap_alert *draft);

#endif
