/*
 * outbox_store.h — the table `delivery`: claiming, starting, settling, and
 * taking back what a dead dispatcher held. Fan-out and counts: fanout_store.h.
 *
 * A dispatcher's run has an epoch (a number of its own) and a lease that it
 * renews. It claims batches; a batch is rows of one alert. A claim lapses when
 * its run is over: its lease passed, or a newer run has the same name. Whoever
 * holds the name's lock file knows that the earlier run is dead, so a restart
 * takes back its own claims at once and those of other machines by time.
 *
 * Every function works inside the caller's transaction (a store thread's job).
 * RC_IO, RC_TIMEOUT from the store; RC_CONFLICT where it says so.
 */
#ifndef DELIVERY_OUTBOX_STORE_H
#define DELIVERY_OUTBOX_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "delivery/outbox.h"
#include "people/contact.h"

struct store;

struct outbox_row {
	int64_t alert;
	int64_t person;
	int64_t contact;
	int64_t thread;
	enum channel channel;
	enum outbox_state state;
	int64_t attempts;
	int64_t doubts; /* > 0: the peer may have had it before */
	bool concerned; /* false: written to before; told that it concerns them no more */
};

/* Begin a run under that name; an earlier one of the name is over then. */
enum rc outbox_run_begin(struct store *, struct sv name, int64_t lease_until, int64_t *ret_epoch,
			 struct err *) CHECKED;
/* RC_CONFLICT: the run is over, and what it held may be with another by now. */
enum rc outbox_run_renew(struct store *, int64_t epoch, int64_t lease_until, struct err *) CHECKED;
/* Nothing must be held any more. */
enum rc outbox_run_end(struct store *, int64_t epoch, struct err *) CHECKED;

/* Take back what runs that are over held: claimed becomes ready, in-flight
 * becomes in-doubt, due at once. */
struct outbox_recovered {
	int64_t ready;
	int64_t in_doubt;
};
enum rc outbox_recover(struct store *, int64_t now, struct outbox_recovered *ret, struct err *)
	CHECKED;

/* A claimed batch. rows has room for BATCH_CLAIM and is the caller's. */
struct outbox_claim {
	int64_t id;
	int64_t alert;
	struct outbox_row *rows; /* ascending (person, contact) for a fresh alert */
	size_t n;
};

/*
 * Claim up to `most` due rows of one alert in force. Alerts take turns: the
 * first with due rows after after_alert, then from the lowest on. Also ends, at most
 * BATCH_ROWS a call, rows of alerts that are over. n is 0 when nothing is due; then
 * *ret_look_at is when the next row will be (0: none known). Nothing is claimed on hold
 * (setting `hold` = 1).
 */
enum rc outbox_claim(struct store *, int64_t epoch, int64_t after_alert, size_t most, int64_t now,
		     struct outbox_claim *ret, int64_t *ret_look_at, struct err *) CHECKED;

#define OUTBOX_GO_LIST(X)                                          \
	X(GO, "go")       /* in flight now: send */                \
	X(HELD, "held")   /* on hold: given back */                \
	X(ENDED, "ended") /* the alert is over: so are the rows */ \
	X(LOST, "lost")   /* the claim lapsed meanwhile: drop it */

enum outbox_go {
#define X(name, text) OUTBOX_##name,
	OUTBOX_GO_LIST(X)
#undef X
};

/*
 * The last look before the first byte: hold, cancellation, a later version, the
 * end of the alert, our own lease. With OUTBOX_GO every row that is still
 * claimed is in flight when this commits, and only then may a session have it.
 */
enum rc outbox_start(struct store *, int64_t epoch, const struct outbox_claim *, int64_t now,
		     enum outbox_go *ret, struct err *) CHECKED;

/* What became of one row. ref and error are borrowed; error holds no address. */
struct outbox_result {
	int64_t claim;
	int64_t alert;
	int64_t person;
	int64_t contact;
	int64_t thread;
	enum outbox_state from; /* as the dispatcher knows it */
	enum outbox_event on;
	int64_t next_at; /* where the new state is due; else ignored */
	bool counts;     /* an attempt: the peer answered */
	struct sv ref;
	struct sv error;
};

/* Write the results; accepted rows move their person's contact state. *ret_lost
 * counts those that were not ours any more and stay as they are. */
enum rc outbox_settle(struct store *, const struct outbox_result *, size_t n, int64_t now,
		      int64_t *ret_lost, struct err *) CHECKED;

/*
 * Give back what this run's claims hold, all but those of `keep`: nothing of
 * them was handed to a session. Also the way out when a commit's outcome is not
 * known: who does not remember a claim does not keep it.
 */
enum rc outbox_release_others(struct store *, int64_t epoch, const int64_t *keep, size_t n_keep,
			      int64_t next_at, int64_t now, int64_t *ret_ready, struct err *)
	CHECKED;

/* All rows of the claim are settled. */
enum rc outbox_claim_end(struct store *, int64_t claim, struct err *) CHECKED;

#endif
