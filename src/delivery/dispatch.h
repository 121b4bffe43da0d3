/*
 * dispatch.h — the dispatcher: fan out, claim, render, start, send, settle.
 *
 * Lives on a loop; the store's work is done by a store thread, rendering by a
 * helper thread. Several batches are under way at once, so that the sync of one
 * covers the settling of another. What is promised is in the store: a
 * dispatcher may be killed at any point and another goes on (see outbox_store.h).
 */
#ifndef DELIVERY_DISPATCH_H
#define DELIVERY_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "delivery/channel/channel.h"
#include "delivery/render.h"

struct dispatch;
struct loop;
struct store_thread;

/* A route: which contact points go out by which channel. In a practice
 * installation there is one, `file`, for CHANNEL_FILE. */
struct dispatch_route {
	enum channel channel;
	const struct channel_kind *kind;
	struct channel_settings settings;
};

#define DISPATCH_ROUTES_MAX 8

struct dispatch_settings {
	const char *lock_path; /* DATA/run/dispatch.lock: made when missing; our name */
	bool practice;
	const struct dispatch_route *routes;
	size_t n_routes;
	render_fn *render;
	void *render_arg;
	unsigned batches;       /* under way at once; 0: 4 */
	unsigned lease_s;       /* 0: 60 */
	unsigned look_ms;       /* how often to look without a hint; 0: 1000 */
	unsigned attempts;      /* answers of a peer before giving up; 0: 12 */
	unsigned retry_first_s; /* 0: 30; doubles with every attempt */
	unsigned retry_last_s;  /* 0: 3600 */
};

/*
 * Take the lock, begin a run, take back what an earlier one held, open the
 * channels; work starts when the loop runs. The store thread and what settings
 * point to outlive it; its texts are borrowed. RC_CONFLICT: another dispatcher has the lock. RC_IO,
 * RC_TIMEOUT. RC_USAGE: an outside channel in a practice installation, two routes for one channel.
 */
enum rc dispatch_open(struct dispatch **ret, struct loop *, struct store_thread *,
		      const struct dispatch_settings *, struct err *) CHECKED;

/* A hint came: look now. On the loop. */
void dispatch_look(struct dispatch *);

/* Finish what peers have, give the rest back, end the run; then done is called, on the loop. */
typedef void dispatch_done_fn(void *arg);
void dispatch_stop(struct dispatch *, dispatch_done_fn *, void *arg);

/* After done, or before the loop ran. NULL inside is fine; leaves NULL. */
void dispatch_close(struct dispatch **);

/* Figures since the start. */
struct dispatch_figures {
	uint64_t fanned_out; /* rows */
	uint64_t claimed;
	uint64_t started;
	uint64_t accepted;
	uint64_t retries;
	uint64_t refused; /* failed and bounced */
	uint64_t in_doubt;
	uint64_t returned;
	uint64_t lost;      /* results that came after the claim had lapsed */
	uint64_t in_flight; /* now */
	uint64_t paused;    /* routes, now */
	bool idle;          /* looked, found nothing due, nothing under way */
};
void dispatch_figures(const struct dispatch *, struct dispatch_figures *ret);

#endif
