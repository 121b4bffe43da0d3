/*
 * loop.c — timers, posts, signals, children and readable descriptors on libuv.
 *
 * libuv lets go of a handle only in a later turn, so each handle here is its own piece
 * of heap memory that is released in its close callback: freeing one inside
 * its own callback is then safe. Posts wait in a list under a lock; one
 * uv_async wakes the loop, which takes the whole list at once.
 */
#include "net/loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>

#include <uv.h>

#include "base/mem.h"
#include "base/time.h"
#include "net/loop_int.h"

struct post {
	struct post *next;
	loop_post_fn *fn;
	void *arg;
};

struct loop {
	uv_loop_t uv;
	uv_async_t wake;
	pthread_mutex_t lock;
	struct post *first; /* under lock */
	struct post **last; /* under lock */
	atomic_bool stop;
};

struct loop_timer {
	uv_timer_t uv;
	loop_timer_fn *fn;
	void *arg;
};

struct loop_signal {
	uv_signal_t uv;
	loop_signal_fn *fn;
	void *arg;
};

/* The signal tells of any child, the timer looks once for one that had already ended. */
struct loop_child {
	uv_signal_t uv;
	uv_timer_t first_look;
	int open; /* of the two handles */
	bool over;
	pid_t pid;
	loop_child_fn *fn;
	void *arg;
};

struct loop_reader {
	uv_poll_t uv;
	loop_reader_fn *fn;
	void *arg;
};

static void
on_wake(uv_async_t *h)
{
	struct loop *l = h->data;
	struct post *p, *next;

	pthread_mutex_lock(&l->lock);
	p = l->first;
	l->first = NULL;
	l->last = &l->first;
	pthread_mutex_unlock(&l->lock);
	for (; p; p = next) {
		next = p->next;
		p->fn(p->arg, time_now());
		mem_free(p);
	}
	if (atomic_load(&l->stop))
		uv_stop(&l->uv);
}

enum rc
loop_new(struct loop **ret, struct err *e)
{
	struct loop *l = MEM_NEW(struct loop);
	int r;

	r = uv_loop_init(&l->uv);
	if (r < 0)
		goto out;
	r = uv_async_init(&l->uv, &l->wake, on_wake);
	if (r < 0) {
		uv_loop_close(&l->uv);
		goto out;
	}
	l->wake.data = l;
	l->last = &l->first;
	pthread_mutex_init(&l->lock, NULL);
	atomic_init(&l->stop, false);
	*ret = l;
	l = NULL;
out:
	mem_free(l);
	return r < 0 ? err_set(e, RC_IO, "event loop: %s", uv_strerror(r)) : RC_OK;
}

static void
expect_closing(uv_handle_t *h, void *arg)
{
	(void)arg;
	BUG_ON(!uv_is_closing(h));
}

void
loop_free(struct loop **pl)
{
	struct loop *l = *pl;
	struct post *p, *next;

	if (!l)
		return;
	*pl = NULL;
	uv_close((uv_handle_t *)&l->wake, NULL);
	uv_walk(&l->uv, expect_closing, NULL);
	/* The close callbacks of handles already freed, and a name look-up that could not
	 * be cancelled. */
	uv_run(&l->uv, UV_RUN_DEFAULT);
	BUG_ON(uv_loop_close(&l->uv) != 0);
	for (p = l->first; p; p = next) {
		next = p->next;
		mem_free(p);
	}
	pthread_mutex_destroy(&l->lock);
	mem_free(l);
}

uv_loop_t *
loop_uv(struct loop *l)
{
	return &l->uv;
}

void
loop_run(struct loop *l)
{
	uv_run(&l->uv, UV_RUN_DEFAULT);
	atomic_store(&l->stop, false);
}

void
loop_stop(struct loop *l)
{
	atomic_store(&l->stop, true);
	uv_async_send(&l->wake);
}

int64_t
loop_now(const struct loop *l)
{
	(void)l;
	return time_now();
}

int64_t
loop_ms(const struct loop *l)
{
	return (int64_t)uv_now(&l->uv);
}

void
loop_post(struct loop *l, loop_post_fn *fn, void *arg)
{
	struct post *p = MEM_NEW(struct post);

	p->fn = fn;
	p->arg = arg;
	pthread_mutex_lock(&l->lock);
	*l->last = p;
	l->last = &p->next;
	pthread_mutex_unlock(&l->lock);
	uv_async_send(&l->wake);
}

static void
free_data(uv_handle_t *h)
{
	mem_free(h->data);
}

static void
on_timer(uv_timer_t *h)
{
	struct loop_timer *t = h->data;

	t->fn(t->arg, time_now());
}

struct loop_timer *
loop_timer_new(struct loop *l, loop_timer_fn *fn, void *arg)
{
	struct loop_timer *t = MEM_NEW(struct loop_timer);

	BUG_ON(uv_timer_init(&l->uv, &t->uv) != 0);
	t->uv.data = t;
	t->fn = fn;
	t->arg = arg;
	return t;
}

void
loop_timer_free(struct loop_timer **pt)
{
	if (*pt)
		uv_close((uv_handle_t *)&(*pt)->uv, free_data);
	*pt = NULL;
}

void
loop_timer_set(struct loop_timer *t, int64_t in_ms, int64_t every_ms)
{
	BUG_ON(in_ms < 0 || every_ms < 0);
	uv_update_time(t->uv.loop);
	BUG_ON(uv_timer_start(&t->uv, on_timer, (uint64_t)in_ms, (uint64_t)every_ms) != 0);
}

void
loop_timer_stop(struct loop_timer *t)
{
	uv_timer_stop(&t->uv);
}

bool
loop_timer_is_set(const struct loop_timer *t)
{
	return uv_is_active((const uv_handle_t *)&t->uv);
}

static void
on_signal(uv_signal_t *h, int signum)
{
	struct loop_signal *s = h->data;

	s->fn(s->arg, signum, time_now());
}

enum rc
loop_signal_new(struct loop_signal **ret, struct loop *l, int signum, loop_signal_fn *fn, void *arg,
		struct err *e)
{
	struct loop_signal *s = MEM_NEW(struct loop_signal);
	int r;

	BUG_ON(uv_signal_init(&l->uv, &s->uv) != 0);
	s->uv.data = s;
	s->fn = fn;
	s->arg = arg;
	r = uv_signal_start(&s->uv, on_signal, signum);
	if (r < 0) {
		loop_signal_free(&s);
		return err_set(e, RC_IO, "signal %d: %s", signum, uv_strerror(r));
	}
	*ret = s;
	return RC_OK;
}

void
loop_signal_free(struct loop_signal **ps)
{
	if (*ps)
		uv_close((uv_handle_t *)&(*ps)->uv, free_data);
	*ps = NULL;
}

static void
child_look(struct loop_child *c)
{
	int status = 0;
	pid_t got;

	if (c->over)
		return;
	do
		got = waitpid(c->pid, &status, WNOHANG);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		return;
	c->over = true;
	c->fn(c->arg, c->pid, status, time_now());
}

static void
on_child_signal(uv_signal_t *h, int signum)
{
	(void)signum;
	child_look(h->data);
}

static void
on_child_first(uv_timer_t *h)
{
	child_look(h->data);
}

enum rc
loop_child_new(struct loop_child **ret, struct loop *l, pid_t pid, loop_child_fn *fn, void *arg,
	       struct err *e)
{
	struct loop_child *c = MEM_NEW(struct loop_child);
	int r;

	BUG_ON(uv_signal_init(&l->uv, &c->uv) != 0);
	BUG_ON(uv_timer_init(&l->uv, &c->first_look) != 0);
	c->open = 2;
	c->uv.data = c;
	c->first_look.data = c;
	c->pid = pid;
	c->fn = fn;
	c->arg = arg;
	r = uv_signal_start(&c->uv, on_child_signal, SIGCHLD);
	if (r < 0) {
		loop_child_free(&c);
		return err_set(e, RC_IO, "watching process %d: %s", (int)pid, uv_strerror(r));
	}
	uv_timer_start(&c->first_look, on_child_first, 0, 0);
	*ret = c;
	return RC_OK;
}

static void
on_child_closed(uv_handle_t *h)
{
	struct loop_child *c = h->data;

	if (--c->open == 0)
		mem_free(c);
}

void
loop_child_free(struct loop_child **pc)
{
	struct loop_child *c = *pc;

	if (!c)
		return;
	*pc = NULL;
	c->over = true;
	uv_close((uv_handle_t *)&c->uv, on_child_closed);
	uv_close((uv_handle_t *)&c->first_look, on_child_closed);
}

static void
on_readable(uv_poll_t *h, int status, int events)
{
	struct loop_reader *r = h->data;

	(void)status;
	(void)events;
	r->fn(r->arg, time_now());
}

enum rc
loop_reader_new(struct loop_reader **ret, struct loop *l, int fd, loop_reader_fn *fn, void *arg,
		struct err *e)
{
	struct loop_reader *r = MEM_NEW(struct loop_reader);
	int n;

	n = uv_poll_init(&l->uv, &r->uv, fd);
	if (n < 0) {
		mem_free(r);
		return err_set(e, RC_IO, "watching descriptor %d: %s", fd, uv_strerror(n));
	}
	r->uv.data = r;
	r->fn = fn;
	r->arg = arg;
	BUG_ON(uv_poll_start(&r->uv, UV_READABLE, on_readable) != 0);
	*ret = r;
	return RC_OK;
}

void
loop_reader_free(struct loop_reader **pr)
{
	if (*pr)
		uv_close((uv_handle_t *)&(*pr)->uv, free_data);
	*pr = NULL;
}
