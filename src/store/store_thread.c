/*
 * store_thread.c — grouped commits.
 *
 *   wait --> take up to GROUP_MAX jobs --> any writer among them?
 *     no:  each runs alone, outside a transaction
 *     yes: begin, each in a savepoint, commit; then every done is called
 *
 * When the connection is lost, jobs fail at once with RC_IO until the delay has
 * passed (100 ms, doubling to 5 s); the first job after it tries again.
 */
#include "store/store_thread.h"

#include <pthread.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "store/driver.h"

#define GROUP_MAX      512
#define DELAY_FIRST_MS 100
#define DELAY_MAX_MS   5000

struct store_thread {
	struct store *store;
	pthread_t thread;
	pthread_mutex_t lock; /* over head, tail, stop */
	pthread_cond_t wake;
	struct store_job *head;
	struct store_job **tail;
	bool stop;

	/* The thread's own. */
	int64_t retry_at_ms; /* while the connection is lost: not before then; 0: it is there */
	int64_t delay_ms;
	struct err lost;
};

static void
group_done(struct store_job *j)
{
	struct store_job *next;

	for (; j != NULL; j = next) {
		next = j->next; /* done may release the job */
		j->next = NULL;
		if (j->done != NULL)
			j->done(j);
	}
}

/* Every job that did not fail by itself gets this outcome. */
static void
group_fail(struct store_job *j, enum rc rc, const struct err *e)
{
	for (; j != NULL; j = j->next) {
		if (j->rc != RC_OK)
			continue;
		j->rc = rc;
		j->err = *e;
		j->err.rc = rc;
	}
}

static void
note_lost(struct store_thread *t, const struct err *e)
{
	t->delay_ms = t->delay_ms == 0 ? DELAY_FIRST_MS : t->delay_ms * 2;
	if (t->delay_ms > DELAY_MAX_MS)
		t->delay_ms = DELAY_MAX_MS;
	t->retry_at_ms = time_mono_ms() + t->delay_ms;
	t->lost = *e;
}

static void
note_there(struct store_thread *t)
{
	t->retry_at_ms = 0;
	t->delay_ms = 0;
}

static void
job_run(struct store_thread *t, struct store_job *j)
{
	j->rc = j->work(t->store, j->arg, &j->err);
	j->err.rc = j->rc;
}

/* One job inside the transaction of the group; alone it needs no savepoint. */
static void
job_in_group(struct store_thread *t, struct store_job *j, bool alone)
{
	struct err e = ERR_INIT;

	if (!alone) {
		j->rc = store_savepoint(t->store, &j->err);
		if (j->rc != RC_OK)
			return;
	}
	job_run(t, j);
	if (alone)
		return;
	if (j->rc == RC_OK && store_release(t->store, &e) != RC_OK) {
		j->rc = RC_IO;
		j->err = e;
		j->err.rc = RC_IO;
		store_undo(t->store);
	} else if (j->rc != RC_OK) {
		store_undo(t->store);
	}
}

static void
group_write(struct store_thread *t, struct store_job *group)
{
	bool alone = group->next == NULL;
	struct err e = ERR_INIT;
	struct store_job *j;
	enum rc rc;

	rc = store_begin(t->store, &e);
	if (rc != RC_OK) {
		if (rc == RC_IO)
			note_lost(t, &e);
		group_fail(group, rc, &e);
		return;
	}
	note_there(t);
	for (j = group; j != NULL; j = j->next) {
		job_in_group(t, j, alone);
		if (store_tx_dead(t->store))
			break;
	}
	if (j == NULL) {
		if (store_commit(t->store, &e) != RC_OK)
			group_fail(group, RC_IO, &e);
		return;
	}
	/* Nothing of this group can be kept. Alone, the job's own code says why. */
	store_rollback(t->store);
	err_set(&e, RC_IO, "%s: the transaction was undone: %s", store_where(t->store),
		j->err.text);
	group_fail(group, RC_IO, &e);
}

static void
group_read(struct store_thread *t, struct store_job *j)
{
	for (; j != NULL; j = j->next) {
		job_run(t, j);
		if (j->rc == RC_IO && store_lost(t->store)) {
			note_lost(t, &j->err);
			group_fail(j->next, RC_IO, &t->lost);
			return;
		}
		note_there(t);
	}
}

static void
group_run(struct store_thread *t, struct store_job *group)
{
	bool writer = false;
	struct store_job *j;

	for (j = group; j != NULL; j = j->next) {
		writer = writer || !j->read_only;
		j->rc = RC_OK;
		j->err = (struct err)ERR_INIT;
	}
	if (t->retry_at_ms != 0 && time_mono_ms() < t->retry_at_ms)
		group_fail(group, RC_IO, &t->lost);
	else if (writer)
		group_write(t, group);
	else
		group_read(t, group);
	group_done(group);
}

/* Wait for jobs and cut a group off the queue; NULL when it is time to end. */
static struct store_job *
group_take(struct store_thread *t)
{
	struct store_job *group, **end;
	int n = 0;

	pthread_mutex_lock(&t->lock);
	while (t->head == NULL && !t->stop)
		pthread_cond_wait(&t->wake, &t->lock);
	group = t->head;
	for (end = &group; *end != NULL && n < GROUP_MAX; n++)
		end = &(*end)->next;
	t->head = *end;
	*end = NULL;
	if (t->head == NULL)
		t->tail = &t->head;
	pthread_mutex_unlock(&t->lock);
	return group;
}

static void *
thread_main(void *arg)
{
	struct store_thread *t = arg;
	struct store_job *group;

	while ((group = group_take(t)) != NULL)
		group_run(t, group);
	return NULL;
}

enum rc
store_thread_start(struct store_thread **ret, const char *where, struct err *e)
{
	struct store_thread *t;
	struct store *s;
	enum rc rc;
	int failed;

	rc = store_open(&s, where, 0, e);
	if (rc != RC_OK)
		return rc;
	t = MEM_NEW(struct store_thread);
	t->store = s;
	t->tail = &t->head;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->wake, NULL);
	failed = pthread_create(&t->thread, NULL, thread_main, t);
	if (failed != 0) {
		rc = err_set(e, RC_IO, "cannot start the store's thread: %s", strerror(failed));
		goto out;
	}
	*ret = t;
	return RC_OK;
out:
	store_close(&t->store);
	pthread_cond_destroy(&t->wake);
	pthread_mutex_destroy(&t->lock);
	mem_free(t);
	return rc;
}

void
store_thread_stop(struct store_thread **pt)
{
	struct store_thread *t = *pt;

	if (t == NULL)
		return;
	pthread_mutex_lock(&t->lock);
	t->stop = true;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	store_close(&t->store);
	pthread_cond_destroy(&t->wake);
	pthread_mutex_destroy(&t->lock);
	MEM_FREE(pt);
}

void
store_thread_post(struct store_thread *t, struct store_job *j)
{
	j->next = NULL;
	pthread_mutex_lock(&t->lock);
	BUG_ON(t->stop);
	*t->tail = j;
	t->tail = &j->next;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
}

struct call {
	struct store_job job;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool done;
};

static void
call_done(struct store_job *j)
{
	struct call *c = (struct call *)j; /* its first member */

	pthread_mutex_lock(&c->lock);
	c->done = true;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
}

static enum rc
call(struct store_thread *t, store_work_fn *work, void *arg, bool read_only, struct err *e)
{
	struct call c = {
		.job = {.work = work, .done = call_done, .arg = arg, .read_only = read_only}};

	BUG_ON(pthread_equal(pthread_self(), t->thread)); /* it would wait for itself */
	pthread_mutex_init(&c.lock, NULL);
	pthread_cond_init(&c.wake, NULL);
	store_thread_post(t, &c.job);
	pthread_mutex_lock(&c.lock);
	while (!c.done)
		pthread_cond_wait(&c.wake, &c.lock);
	pthread_mutex_unlock(&c.lock);
	pthread_cond_destroy(&c.wake);
	pthread_mutex_destroy(&c.lock);
	if (c.job.rc != RC_OK && e != NULL)
		*e = c.job.err;
	return c.job.rc;
}

enum rc
store_thread_call(struct store_thread *t, store_work_fn *work, void *arg, struct err *e)
{
	return call(t, work, arg, false, e);
}

enum rc
store_thread_read(struct store_thread *t, store_work_fn *work, void *arg, struct err *e)
{
	return call(t, work, arg, true, e);
}
