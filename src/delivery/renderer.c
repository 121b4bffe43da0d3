/*
 * renderer.c — a thread and a queue.
 */
#include "delivery/renderer.h"

#include <pthread.h>

#include "base/mem.h"

struct renderer {
	render_fn *render;
	void *arg;
	pthread_t thread;
	pthread_mutex_t lock; /* over head, tail, stop */
	pthread_cond_t wake;
	struct render_job *head;
	struct render_job **tail;
	bool stop;
};

/* The next job, or NULL when it is time to end. */
static struct render_job *
take(struct renderer *r)
{
	struct render_job *j;

	pthread_mutex_lock(&r->lock);
	while (r->head == NULL && !r->stop)
		pthread_cond_wait(&r->wake, &r->lock);
	j = r->head;
	if (j != NULL) {
		r->head = j->next;
		if (r->head == NULL)
			r->tail = &r->head;
		j->next = NULL;
	}
	pthread_mutex_unlock(&r->lock);
	return j;
}

static void *
renderer_run(void *arg)
{
	struct renderer *r = arg;
	struct render_job *j;

	while ((j = take(r)) != NULL) {
		j->rc = r->render(r->arg, j->rows, j->n, j->now, j->arena, j->ret, &j->err);
		j->done(j);
	}
	return NULL;
}

enum rc
renderer_start(struct renderer **ret, render_fn *render, void *arg, struct err *e)
{
	struct renderer *r = MEM_NEW(struct renderer);

	r->render = render;
	r->arg = arg;
	r->tail = &r->head;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->wake, NULL);
	if (pthread_create(&r->thread, NULL, renderer_run, r) != 0) {
		pthread_cond_destroy(&r->wake);
		pthread_mutex_destroy(&r->lock);
		mem_free(r);
		return err_set(e, RC_IO, "renderer: the system gives no thread");
	}
	*ret = r;
	return RC_OK;
}

void
renderer_post(struct renderer *r, struct render_job *j)
{
	j->next = NULL;
	pthread_mutex_lock(&r->lock);
	*r->tail = j;
	r->tail = &j->next;
	pthread_cond_signal(&r->wake);
	pthread_mutex_unlock(&r->lock);
}

void
renderer_stop(struct renderer **rp)
{
	struct renderer *r = *rp;

	if (r == NULL)
		return;
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_signal(&r->wake);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	pthread_cond_destroy(&r->wake);
	pthread_mutex_destroy(&r->lock);
	MEM_FREE(rp);
}
