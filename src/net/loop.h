/*
 * loop.h — one event loop per process: timers, posts from other threads,
 * signals, children and readable descriptors, a small seam over libuv.
 *
 * Only loop_post and loop_stop may be called from other threads; all the rest belongs
 * to the thread that runs the loop (or sets it up before it runs). Callbacks are never called from
 * inside the call that registers them. Handles may be freed inside their own
 * callbacks. `now` is UTC seconds when the callback was called.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/err.h"

struct loop;
struct loop_timer;
struct loop_signal;
struct loop_child;
struct loop_reader;

typedef void loop_post_fn(void *arg, int64_t now);
typedef void loop_timer_fn(void *arg, int64_t now);
typedef void loop_signal_fn(void *arg, int signum, int64_t now);
typedef void loop_child_fn(void *arg, pid_t, int status, int64_t now);
typedef void loop_reader_fn(void *arg, int64_t now);

/* RC_IO when the system has no descriptors left. */
enum rc loop_new(struct loop **ret, struct err *) CHECKED;
/* Handles still there are a bug, except posts: those are dropped. */
void loop_free(struct loop **); /* NULL inside is fine; leaves NULL */

void loop_run(struct loop *);          /* until loop_stop */
void loop_stop(struct loop *);         /* from any thread; the turn under way is finished */
int64_t loop_now(const struct loop *); /* UTC seconds */
int64_t loop_ms(const struct loop *);  /* this turn on a clock that never goes back */

/* Have fn called on the loop, in the order of posting; from any thread. */
void loop_post(struct loop *, loop_post_fn *, void *arg);

struct loop_timer *loop_timer_new(struct loop *, loop_timer_fn *, void *arg) CHECKED;
void loop_timer_free(struct loop_timer **);
/* Once after in_ms, then every every_ms when that is not 0. Sets it anew when it was set. */
void loop_timer_set(struct loop_timer *, int64_t in_ms, int64_t every_ms);
void loop_timer_stop(struct loop_timer *);
bool loop_timer_is_set(const struct loop_timer *);

enum rc loop_signal_new(struct loop_signal **ret, struct loop *, int signum, loop_signal_fn *,
			void *arg, struct err *) CHECKED;
void loop_signal_free(struct loop_signal **);

/* Called once when the child has ended, with its wait status; free it then. */
enum rc loop_child_new(struct loop_child **ret, struct loop *, pid_t, loop_child_fn *, void *arg,
		       struct err *) CHECKED;
void loop_child_free(struct loop_child **);

/* Called while fd is readable (or at its end); the owner of fd keeps it open until
 * the reader is freed. */
enum rc loop_reader_new(struct loop_reader **ret, struct loop *, int fd, loop_reader_fn *,
			void *arg, struct err *) CHECKED;
void loop_reader_free(struct loop_reader **);

#endif
