/*
 * store_thread.h — the one thread of a role that talks to the store.
 *
 * Jobs are taken in order, all that wait at once, and run in one transaction:
 * each inside a savepoint, so that one job's failure undoes that job alone.
 * After the commit — and only then — each job's `done` is called, on the store
 * thread: it must be short (hand over to a loop, signal a waiter). When the
 * commit itself fails every job of the group is told RC_IO; none has happened.
 */
#ifndef STORE_STORE_THREAD_H
#define STORE_STORE_THREAD_H

#include "base/err.h"

struct store;
struct store_thread;
struct store_job;

typedef enum rc store_work_fn(struct store *, void *arg, struct err *);
typedef void store_done_fn(struct store_job *);

struct store_job {
	store_work_fn *work;
	store_done_fn *done; /* may be NULL */
	void *arg;
	bool read_only; /* alone outside the write transaction when no writer waits */
	enum rc rc;     /* filled in before done */
	struct err err;
	struct store_job *next; /* the thread's own */
};

enum rc store_thread_start(struct store_thread **ret, const char *where, struct err *) CHECKED;
/* Runs what waits, then ends. NULL inside is fine; leaves NULL. */
void store_thread_stop(struct store_thread **);

/* The job must stay valid until its done was called. */
void store_thread_post(struct store_thread *, struct store_job *);

/* Post and wait: for callers that may block (web's request threads, commands). */
enum rc store_thread_call(struct store_thread *, store_work_fn *, void *arg, struct err *) CHECKED;
enum rc store_thread_read(struct store_thread *, store_work_fn *, void *arg, struct err *) CHECKED;

#endif
