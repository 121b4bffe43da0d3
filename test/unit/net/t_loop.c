/* The event loop: timers, posts, signals, children, readable descriptors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/time.h"
#include "net/loop.h"

struct seen {
	struct loop *l;
	struct loop_timer *t;
	struct loop_timer *other;
	struct loop_child *child;
	char order[16];
	size_t n;
	int status;
	int signum;
	int fd;
};

static struct loop *
open_loop(void)
{
	struct loop *l = NULL;
	struct err e = ERR_INIT;

	assert_int_equal(loop_new(&l, &e), RC_OK);
	return l;
}

static void
note(struct seen *s, char c)
{
	assert_true(s->n < sizeof(s->order) - 1);
	s->order[s->n++] = c;
}

static void
on_late(void *arg, int64_t now)
{
	struct seen *s = arg;

	assert_true(now > 1600000000);
	note(s, 'l');
	loop_timer_free(&s->t); /* inside its own callback */
	loop_stop(s->l);
}

static void
on_often(void *arg, int64_t now)
{
	struct seen *s = arg;

	(void)now;
	note(s, 'o');
	if (s->n == 3)
		loop_timer_stop(s->other);
}

static void
timers_run_in_order_and_repeat(void **state)
{
	struct seen s = {.l = open_loop()};

	(void)state;
	s.t = loop_timer_new(s.l, on_late, &s);
	s.other = loop_timer_new(s.l, on_often, &s);
	assert_false(loop_timer_is_set(s.t));
	loop_timer_set(s.t, 60, 0);
	loop_timer_set(s.other, 0, 1);
	assert_true(loop_timer_is_set(s.t));
	loop_run(s.l);
	assert_string_equal(s.order, "oool");
	loop_timer_free(&s.other);
	loop_free(&s.l);
	assert_null(s.l);
}

#define POSTS 2000

struct posting {
	struct loop *l;
	int next;
	int wrong;
};

struct one {
	struct posting *p;
	int i;
};

static struct one ones[POSTS];

static void
on_post(void *arg, int64_t now)
{
	struct one *o = arg;

	(void)now;
	if (o->i != o->p->next++)
		o->p->wrong++;
	if (o->i == POSTS - 1)
		loop_stop(o->p->l);
}

static void *
poster(void *arg)
{
	struct posting *p = arg;
	int i;

	for (i = 0; i < POSTS; i++) {
		ones[i].p = p;
		ones[i].i = i;
		loop_post(p->l, on_post, &ones[i]);
	}
	return NULL;
}

static void
posts_keep_their_order(void **state)
{
	struct posting p = {.l = open_loop()};
	pthread_t t;

	(void)state;
	assert_int_equal(pthread_create(&t, NULL, poster, &p), 0);
	loop_run(p.l);
	pthread_join(t, NULL);
	assert_int_equal(p.next, POSTS);
	assert_int_equal(p.wrong, 0);
	/* A post nobody ran is dropped, and the loop can be run again after a stop. */
	loop_post(p.l, on_post, &ones[0]);
	loop_free(&p.l);
}

static void
on_signal(void *arg, int signum, int64_t now)
{
	struct seen *s = arg;

	(void)now;
	s->signum = signum;
	loop_stop(s->l);
}

static void
signals_arrive(void **state)
{
	struct seen s = {.l = open_loop()};
	struct loop_signal *sig = NULL;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(loop_signal_new(&sig, s.l, SIGUSR1, on_signal, &s, &e), RC_OK);
	assert_int_equal(raise(SIGUSR1), 0);
	loop_run(s.l);
	assert_int_equal(s.signum, SIGUSR1);
	loop_signal_free(&sig);
	assert_int_equal(loop_signal_new(&sig, s.l, SIGKILL, on_signal, &s, &e), RC_IO);
	loop_free(&s.l);
}

static void
on_child(void *arg, pid_t pid, int status, int64_t now)
{
	struct seen *s = arg;

	(void)now;
	assert_true(pid > 0);
	s->status = status;
	loop_child_free(&s->child);
	loop_stop(s->l);
}

static pid_t
child_that_exits(int code, int wait_on)
{
	pid_t pid = fork();
	char c;

	if (pid == 0) {
		if (wait_on >= 0)
			(void)!read(wait_on, &c, 1);
		_exit(code);
	}
	assert_true(pid > 0);
	return pid;
}

static void
children_are_seen_before_and_after(void **state)
{
	struct seen s = {.l = open_loop()};
	struct err e = ERR_INIT;
	siginfo_t info;
	pid_t pid;
	int p[2];

	(void)state;
	/* Already ended when the watch begins. */
	pid = child_that_exits(3, -1);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(loop_child_new(&s.child, s.l, pid, on_child, &s, &e), RC_OK);
	loop_run(s.l);
	assert_true(WIFEXITED(s.status));
	assert_int_equal(WEXITSTATUS(s.status), 3);
	/* Ends while watched. */
	assert_int_equal(pipe(p), 0);
	pid = child_that_exits(4, p[0]);
	assert_int_equal(loop_child_new(&s.child, s.l, pid, on_child, &s, &e), RC_OK);
	assert_int_equal(write(p[1], "x", 1), 1);
	loop_run(s.l);
	assert_int_equal(WEXITSTATUS(s.status), 4);
	close(p[0]);
	close(p[1]);
	loop_free(&s.l);
}

static void
on_pipe(void *arg, int64_t now)
{
	struct seen *s = arg;
	char c;

	(void)now;
	assert_int_equal(read(s->fd, &c, 1), 1);
	note(s, c);
	if (c == 'z')
		loop_stop(s->l);
}

static void
readers_are_told(void **state)
{
	struct seen s = {.l = open_loop()};
	struct loop_reader *r = NULL;
	struct err e = ERR_INIT;
	int p[2];

	(void)state;
	assert_int_equal(pipe(p), 0);
	s.fd = p[0];
	assert_int_equal(loop_reader_new(&r, s.l, p[0], on_pipe, &s, &e), RC_OK);
	assert_int_equal(write(p[1], "xyz", 3), 3);
	loop_run(s.l);
	assert_string_equal(s.order, "xyz");
	loop_reader_free(&r);
	loop_free(&s.l);
	close(p[0]);
	close(p[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_run_in_order_and_repeat),
		cmocka_unit_test(posts_keep_their_order),
		cmocka_unit_test(signals_arrive),
		cmocka_unit_test(children_are_seen_before_and_after),
		cmocka_unit_test(readers_are_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
