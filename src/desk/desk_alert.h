/*
 * desk_alert.h — an alert's way from draft to approval (DESIGN 3.1, 3.3).
 *
 * Each call is one transaction with its audit row; the officer has signed in.
 */
#ifndef DESK_DESK_ALERT_H
#define DESK_DESK_ALERT_H

#include <stdint.h>

#include "alert/alert_store.h"
#include "alert/lint.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "cap/cap.h"
#include "desk/desk_audience.h"

struct desk;
struct officer;

/* What is known of an alert before it is approved or sent. */
struct desk_preview {
	const struct alert *alert;
	const struct cap_alert *cap;
	const struct lint *lint;
	struct desk_audience audience; /* now */
	struct sv problems; /* areas that cannot be read, a line each: they concern nobody */
};

/* Read a draft's text: a valid CAP message, whatever its identifier, sender and sent.
 * RC_SYNTAX names the first finding. */
enum rc desk_read_cap(const struct cap_alert **ret, struct desk *, struct sv xml, struct err *)
	CHECKED;

/* The drafting check of a text that desk_read_cap takes. as: what it will be sent as, whatever it
 * says of itself; CAP_MSGTYPE_NONE: what it says. */
enum rc desk_lint(const struct lint **ret, struct desk *, struct sv xml, enum cap_msgtype as,
		  int64_t now, struct err *) CHECKED;

/* A new draft; with `updates` not 0, the next version of that alert's thread, which must be
 * live. correction is a CAP message whose infos are sent if the alert is cancelled; empty: one
 * is written. */
enum rc desk_alert_new(struct desk *, const struct officer *, struct sv xml, struct sv correction,
		       int64_t updates, int64_t now, int64_t *ret_id, struct err *) CHECKED;

enum rc desk_alert_preview(struct desk_preview *ret, struct desk *, int64_t id, int64_t now,
			   struct err *) CHECKED;

/* RC_CONFLICT when the drafting check has a stop, or the state does not allow it. */
enum rc desk_alert_submit(struct desk *, const struct officer *, int64_t id, int64_t now,
			  struct err *) CHECKED;
/* Back to the author with a word. */
enum rc desk_alert_return(struct desk *, const struct officer *, int64_t id, struct sv word,
			  int64_t now, struct err *) CHECKED;

/* Freeze and sign. size is what the approver typed: RC_CONFLICT unless it is the
 * audience as it is now. RC_DENIED for the author. */
enum rc desk_alert_approve(struct desk *, const struct officer *, int64_t id, int64_t size,
			   int64_t now, struct err *) CHECKED;

#endif
