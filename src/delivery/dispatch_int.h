/*
 * dispatch_int.h — the dispatcher's own structs, for dispatch*.c only.
 */
#ifndef DELIVERY_DISPATCH_INT_H
#define DELIVERY_DISPATCH_INT_H

#include "base/limits.h"
#include "base/rand.h"
#include "delivery/dispatch.h"
#include "delivery/fanout_store.h"
#include "delivery/lockfile.h"
#include "delivery/outbox_store.h"
#include "delivery/renderer.h"
#include "delivery/retry.h"
#include "store/store_thread.h"

struct loop_timer;

#define DISPATCH_BATCHES_MAX 32

/*
 * free → claiming → rendering → rendered → starting → sending → free
 *             └─ nothing due ──┴── failed, held, ended, lost ───→ free
 */
enum batch_state {
	BATCH_FREE,
	BATCH_CLAIMING,  /* store job under way */
	BATCH_RENDERING, /* renderer job under way */
	BATCH_RENDERED,  /* waits until the queues are short */
	BATCH_STARTING,  /* store job under way */
	BATCH_SENDING,   /* in flight; until the last row is settled */
};

struct batch {
	struct dispatch *d;
	enum batch_state state;
	int64_t epoch;
	struct outbox_claim claim; /* rows: those still to be started */
	struct outbox_row rows[BATCH_CLAIM];
	struct render_message rendered[BATCH_CLAIM];
	struct channel_message messages[BATCH_CLAIM];
	struct arena *arena;
	size_t unsettled; /* rows of the claim without a durable result */
	int64_t started_ms;
	size_t most; /* rows to claim */
	struct store_job job;
	int64_t now;
	int64_t after_alert;
	int64_t look_at;
	enum outbox_go go;
	struct render_job render;
};

/* Results on their way to the store. */
struct settle_group {
	struct outbox_result *v;
	struct batch **of; /* whose row v[i] is */
	size_t n;
	size_t cap;
	struct arena *texts;
};

struct route {
	struct dispatch *d;
	const struct dispatch_route *set;
	struct channel_out *channel;
	struct channel_message *head;
	struct channel_message **tail;
	size_t queued;
	size_t out; /* with the channel */
	bool paused;
};

struct dispatch {
	struct loop *loop;
	struct store_thread *store;
	struct dispatch_settings set;
	struct retry_policy retry;
	struct outbox_ladder ladder;
	struct lockfile lock;
	struct renderer *renderer;
	struct loop_timer *look_timer;  /* looks, renews the lease */
	struct loop_timer *flush_timer; /* settles what came in */
	struct loop_timer *stop_timer;
	struct rand noise;
	struct route routes[DISPATCH_ROUTES_MAX];
	size_t n_routes;
	struct batch *batches[DISPATCH_BATCHES_MAX];
	size_t n_batches;

	int64_t epoch;
	int64_t after_alert; /* the alert claimed from last: the next has its turn */
	size_t batch_rows;   /* rows a batch, as many as peers take in about half a second */
	int64_t renewed_ms;
	bool run_over;       /* the lease passed: begin a new run */
	bool claims_unknown; /* a commit failed: give back what we do not remember */
	bool more_due;       /* claim again at once */
	bool more_pieces;
	bool look_wanted; /* a hint came while a look was under way */
	bool looked;      /* once at least */
	bool wait;        /* something failed: nothing new until the next look */
	bool store_down;  /* logged once */

	struct store_job fan_job;
	bool fan_busy;
	int64_t fan_now;
	struct outbox_fanned fanned;

	struct store_job keep_job;
	bool keep_busy;
	bool keep_renew; /* what this keep job does */
	bool keep_begin;
	bool keep_release;
	bool keep_end;
	int64_t keep_now;
	int64_t keep_epoch;
	int64_t kept[DISPATCH_BATCHES_MAX];
	size_t n_kept;
	struct outbox_recovered recovered;
	int64_t released;

	struct store_job settle_job;
	bool settle_busy;
	int64_t settle_now;
	int64_t settle_lost;
	struct settle_group in;              /* gathers */
	struct settle_group out;             /* with the store */
	int64_t ended[DISPATCH_BATCHES_MAX]; /* claims that this group finishes */
	size_t n_ended;

	bool stopping;
	bool stop_forced;
	bool stopped;
	dispatch_done_fn *stop_done;
	void *stop_arg;

	struct dispatch_figures figures;
};

/* dispatch.c */
void dispatch_turn(struct dispatch *); /* do what can be done now */
void dispatch_store_failed(struct dispatch *, const char *what, const struct err *);
void dispatch_store_works(struct dispatch *);
#define BATCH_LEAST 10
#define BATCH_FIRST 60

void batch_free(struct batch *);              /* state free again */
size_t dispatch_out(const struct dispatch *); /* messages with channels */

/* dispatch_jobs.c: what the store thread does, and what follows on the loop */
enum rc dispatch_begin(struct dispatch *, struct err *) CHECKED; /* blocks; before the loop runs */
void dispatch_post_claim(struct dispatch *, struct batch *);
void dispatch_post_start(struct dispatch *, struct batch *);
void dispatch_post_fan_out(struct dispatch *);
void dispatch_post_keep(struct dispatch *);
void dispatch_post_settle(struct dispatch *);

/* dispatch_send.c: rows to messages to results */
void dispatch_post_render(struct dispatch *, struct batch *);
void dispatch_queue_batch(struct dispatch *, struct batch *); /* started: into the routes' queues */
void dispatch_feed(struct dispatch *);                        /* queues to channels */
void dispatch_return_stale(struct dispatch *, bool all);
struct route *dispatch_route_of(struct dispatch *, enum channel);
extern const struct channel_events dispatch_channel_events;

/* dispatch_settle.c: results until they are durable */
void dispatch_result(struct dispatch *, struct batch *, const struct outbox_row *,
		     const struct outbox_result *);
size_t dispatch_unsettled(const struct dispatch *);

#endif
