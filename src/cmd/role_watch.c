/*
 * role_watch.c — the role `watch`: what has to happen by itself when its time
 * has come. Here: alerts whose end has passed.
 */
#include <signal.h>

#include "alert/alert_store.h"
#include "base/log.h"
#include "base/time.h"
#include "cmd/open.h"
#include "cmd/role.h"
#include "net/hint.h"
#include "net/loop.h"
#include "store/migrate.h"
#include "store/store.h"
#include "store/store_thread.h"

#define LOOK_MS 1000

struct watching {
	struct loop *loop;
	struct store_thread *thread;
	struct loop_timer *timer;
	struct loop_signal *term, *interrupt;
	struct store_job job;
	bool busy; /* the job is with the store thread */
	bool stopping;
	int64_t expired; /* by the last job */
	char wake[OPEN_PATH];
};

static enum rc
expire(struct store *st, void *arg, struct err *e)
{
	struct watching *r = arg;

	return alert_expire_due(st, time_now(), &r->expired, e);
}

static void
expired(void *arg, int64_t now)
{
	struct watching *r = arg;

	(void)now;
	r->busy = false;
	if (r->stopping) {
		loop_stop(r->loop);
		return;
	}
	if (r->job.rc != RC_OK)
		log_event(LOG_WARN, "watch.store", "error=\"%s\"", r->job.err.text);
	else if (r->expired > 0) {
		log_event(LOG_INFO, "alert.expired", "alerts=%lld", (long long)r->expired);
		hint_send(r->wake);
	}
}

static void
done(struct store_job *job)
{
	struct watching *r = job->arg;

	loop_post(r->loop, expired, r);
}

static void
look(void *arg, int64_t now)
{
	struct watching *r = arg;

	(void)now;
	if (r->busy)
		return;
	r->busy = true;
	r->expired = 0;
	r->job = (struct store_job){.work = expire, .done = done, .arg = r};
	store_thread_post(r->thread, &r->job);
}

static void
on_signal(void *arg, int signum, int64_t now)
{
	struct watching *r = arg;

	(void)signum;
	(void)now;
	r->stopping = true;
	if (!r->busy)
		loop_stop(r->loop);
}

static enum rc
run(struct role_context *c, struct err *e)
{
	struct watching r = {0};
	char where[OPEN_PATH];
	enum rc rc = open_where(where, c->dir, &c->config, e);

	if (rc == RC_OK)
		rc = open_path(r.wake, c->dir, "run/web.sock", e);
	if (rc == RC_OK)
		rc = loop_new(&r.loop, e);
	if (rc != RC_OK)
		return rc;
	rc = store_thread_start(&r.thread, where, e);
	if (rc == RC_OK)
		rc = loop_signal_new(&r.term, r.loop, SIGTERM, on_signal, &r, e);
	if (rc == RC_OK)
		rc = loop_signal_new(&r.interrupt, r.loop, SIGINT, on_signal, &r, e);
	if (rc == RC_OK) {
		r.timer = loop_timer_new(r.loop, look, &r);
		loop_timer_set(r.timer, 0, LOOK_MS);
		role_ready(c, "");
		loop_run(r.loop);
	}
	loop_timer_free(&r.timer);
	loop_signal_free(&r.term);
	loop_signal_free(&r.interrupt);
	store_thread_stop(&r.thread);
	loop_free(&r.loop);
	return rc;
}

const struct role_kind role_watch = {"watch", false, run};
