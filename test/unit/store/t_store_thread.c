/*
 * t_store_thread.c — grouped commits, one failing job, many callers.
 */
#include "t_store.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "store/store_thread.h"

static struct store_thread *
started(void)
{
	struct store_thread *t = NULL;
	struct err e = ERR_INIT;

	OK(store_thread_start(&t, scratch_where(), &e));
	return t;
}

static enum rc
insert_id(struct store *s, void *arg, struct err *e)
{
	return store_exec(s, "INSERT INTO item (id) VALUES (?1)", ARGS(ARG_INT(*(int64_t *)arg)),
			  NULL, e);
}

/* A door that holds the store's thread until enough jobs wait behind it. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool inside;
	bool open;
	int done;
	int64_t rows_at_first_done;
	struct store *other;
} door = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static enum rc
wait_at_door(struct store *s, void *arg, struct err *e)
{
	(void)s;
	(void)arg;
	(void)e;
	pthread_mutex_lock(&door.lock);
	door.inside = true;
	pthread_cond_broadcast(&door.wake);
	while (!door.open)
		pthread_cond_wait(&door.wake, &door.lock);
	pthread_mutex_unlock(&door.lock);
	return RC_OK;
}

static void
job_done(struct store_job *j)
{
	(void)j;
	pthread_mutex_lock(&door.lock);
	/* Of the group's first: all of it is committed already. */
	if (door.done++ == 0)
		door.rows_at_first_done = count_of(door.other, "SELECT count(*) FROM item");
	pthread_cond_broadcast(&door.wake);
	pthread_mutex_unlock(&door.lock);
}

#define JOBS 40

/* Hold the thread, post JOBS jobs whose ids are given, let go, wait for all. */
static void
run_group(const int64_t *ids, struct store_job *jobs)
{
	struct store_thread *t = started();
	struct store_job first = {.work = wait_at_door};
	int i;

	door.inside = false;
	door.open = false;
	door.done = 0;
	door.rows_at_first_done = -1;
	door.other = scratch_open();
	store_thread_post(t, &first);
	pthread_mutex_lock(&door.lock);
	while (!door.inside)
		pthread_cond_wait(&door.wake, &door.lock);
	pthread_mutex_unlock(&door.lock);
	for (i = 0; i < JOBS; i++) {
		jobs[i] = (struct store_job){
			.work = insert_id, .done = job_done, .arg = (void *)(uintptr_t)&ids[i]};
		store_thread_post(t, &jobs[i]);
	}
	pthread_mutex_lock(&door.lock);
	door.open = true;
	pthread_cond_broadcast(&door.wake);
	while (door.done < JOBS)
		pthread_cond_wait(&door.wake, &door.lock);
	pthread_mutex_unlock(&door.lock);
	store_close(&door.other);
	store_thread_stop(&t);
	assert_null(t);
}

void
thread_groups(void **state)
{
	struct store *s = scratch_items();
	struct store_job jobs[JOBS];
	int64_t ids[JOBS], i;

	(void)state;
	for (i = 0; i < JOBS; i++)
		ids[i] = i;
	run_group(ids, jobs);
	for (i = 0; i < JOBS; i++)
		assert_int_equal(jobs[i].rc, RC_OK);
	assert_int_equal(door.rows_at_first_done, JOBS); /* one commit, before any done */
	assert_int_equal(count_of(s, "SELECT count(*) FROM item"), JOBS);
	store_close(&s);
}

void
thread_undoes_one(void **state)
{
	struct store *s = scratch_items();
	struct store_job jobs[JOBS];
	int64_t ids[JOBS], i;

	(void)state;
	for (i = 0; i < JOBS; i++)
		ids[i] = i % 10 == 9 ? 0 : i; /* four repeat the first */
	run_group(ids, jobs);
	for (i = 0; i < JOBS; i++) {
		assert_int_equal(jobs[i].rc, i % 10 == 9 ? RC_CONFLICT : RC_OK);
		assert_int_equal(jobs[i].err.text[0] != '\0', i % 10 == 9);
	}
	assert_int_equal(door.rows_at_first_done, JOBS - 4);
	assert_int_equal(count_of(s, "SELECT count(*) FROM item"), JOBS - 4);
	store_close(&s);
}

static enum rc
read_count(struct store *s, void *arg, struct err *e)
{
	return store_get_int(s, "SELECT count(*) FROM item", NO_ARGS, arg, e);
}

static enum rc
read_wrong(struct store *s, void *arg, struct err *e)
{
	return store_get_int(s, "SELECT id FROM item WHERE id = -1", NO_ARGS, arg, e);
}

void
thread_reads(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store_thread *t = started();
	int64_t n = -1, id = 5;

	(void)state;
	OK(store_thread_read(t, read_count, &n, &e));
	assert_int_equal(n, 0);
	/* A reader needs no lock: it goes on while somebody else writes. */
	OK(store_begin(s, &e));
	OK(insert_id(s, &id, &e));
	OK(store_thread_read(t, read_count, &n, &e));
	assert_int_equal(n, 0);
	OK(store_commit(s, &e));
	OK(store_thread_read(t, read_count, &n, &e));
	assert_int_equal(n, 1);
	assert_int_equal(store_thread_read(t, read_wrong, &n, &e), RC_NOTFOUND);
	assert_int_equal(store_thread_call(t, insert_id, &id, &e), RC_CONFLICT);
	assert_non_null(strstr(e.text, "item"));
	store_thread_stop(&t);
	store_thread_stop(&t);
	store_close(&s);
}

struct caller {
	pthread_t thread;
	struct store_thread *t;
	int64_t from;
	int failed;
};

#define CALLERS 8
#define CALLS   50

static void *
call_often(void *arg)
{
	struct caller *c = arg;
	int64_t id;

	for (id = c->from; id < c->from + CALLS; id++)
		c->failed += store_thread_call(c->t, insert_id, &id, NULL) != RC_OK;
	return NULL;
}

void
thread_many_callers(void **state)
{
	struct store *s = scratch_items();
	struct store_thread *t = started();
	struct caller c[CALLERS];
	int i;

	(void)state;
	for (i = 0; i < CALLERS; i++) {
		c[i] = (struct caller){.t = t, .from = i * CALLS};
		assert_int_equal(pthread_create(&c[i].thread, NULL, call_often, &c[i]), 0);
	}
	for (i = 0; i < CALLERS; i++) {
		pthread_join(c[i].thread, NULL);
		assert_int_equal(c[i].failed, 0);
	}
	assert_int_equal(count_of(s, "SELECT count(*) FROM item"), CALLERS * CALLS);
	store_thread_stop(&t);
	store_close(&s);
}

void
thread_stop_finishes(void **state)
{
	static struct store_job jobs[1500]; /* more than one group */
	static int64_t ids[1500];
	struct store *s = scratch_items();
	struct store_thread *t = started();
	int i;

	(void)state;
	for (i = 0; i < 1500; i++) {
		ids[i] = i;
		jobs[i] = (struct store_job){.work = insert_id, .arg = &ids[i]};
		store_thread_post(t, &jobs[i]);
	}
	store_thread_stop(&t);
	assert_int_equal(count_of(s, "SELECT count(*) FROM item"), 1500);
	store_close(&s);
}
