/*
 * supervise.c — see supervise.h.
 *
 *   waiting ──start──→ starting ──says ready──→ running
 *      ↑                  │                       │
 *      └── pause over ── paused ←──── ends ───────┘
 *                                 (or could not be made once more)
 *
 * A role starts when all before it have been ready once. Children are this
 * same program, executed anew, so that nothing is inherited but the command
 * line, the environment and the pipe on which the child says ready.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "cmd/supervise.h"
#include "net/loop.h"

#define ROLES_MAX      8
#define PAUSE_FIRST_MS 500
#define PAUSE_LAST_MS  10000
#define STABLE_MS      60000
#define STOP_MS        15000

struct supervisor;

struct child {
	struct supervisor *of;
	const struct role_kind *kind;
	pid_t pid; /* 0: not running */
	struct loop_child *watch;
	struct loop_reader *reader;
	struct loop_timer *pause;
	int ready_fd;
	char said[256];
	size_t n_said;
	bool was_ready;
	int64_t started_ms;
	int64_t pause_ms;
};

struct supervisor {
	struct loop *loop;
	const char *dir;
	struct child children[ROLES_MAX];
	size_t n;
	size_t started; /* the first so many have been started once */
	supervise_ready_fn *ready;
	void *arg;
	char url[256];
	bool stopping;
	struct loop_timer *kill_timer;
	enum rc rc;
	struct err err;
};

static void start(struct child *c);

static void
exec_role(const struct child *c, int ready_fd)
{
	char fd[16];
	sigset_t none;

	snprintf(fd, sizeof(fd), "%d", ready_fd);
	setenv("TOCSIN_READY_FD", fd, 1);
	if (!c->kind->keeps_master)
		unsetenv("TOCSIN_MASTER_KEY");
	unsetenv("TOCSIN_PASSWORD_FILE");
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM); /* a killed supervisor leaves no orphans */
	execl("/proc/self/exe", "tocsin", "serve", "--data", c->of->dir, "--role", c->kind->name,
	      (char *)NULL);
	_exit(127);
}

static bool
all_stopped(const struct supervisor *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->children[i].pid != 0)
			return false;
	return true;
}

static void
stop_all(struct supervisor *s)
{
	size_t i;

	if (s->stopping)
		return;
	s->stopping = true;
	/* Last started, first stopped: the keys are there until nobody needs them. */
	for (i = s->n; i-- > 0;) {
		struct child *c = &s->children[i];

		loop_timer_stop(c->pause);
		if (c->pid != 0)
			kill(c->pid, SIGTERM);
	}
	loop_timer_set(s->kill_timer, STOP_MS, 0);
	if (all_stopped(s))
		loop_stop(s->loop);
}

static void
kill_all(void *arg, int64_t now)
{
	struct supervisor *s = arg;
	size_t i;

	(void)now;
	for (i = 0; i < s->n; i++)
		if (s->children[i].pid != 0)
			kill(s->children[i].pid, SIGKILL);
}

static void
close_ready(struct child *c)
{
	loop_reader_free(&c->reader);
	if (c->ready_fd >= 0)
		close(c->ready_fd);
	c->ready_fd = -1;
}

static void
pause_child(struct child *c)
{
	loop_timer_set(c->pause, c->pause_ms, 0);
	c->pause_ms = c->pause_ms * 2 < PAUSE_LAST_MS ? c->pause_ms * 2 : PAUSE_LAST_MS;
}

static void
on_end(void *arg, pid_t pid, int status, int64_t now)
{
	struct child *c = arg;
	struct supervisor *s = c->of;

	(void)pid;
	(void)now;
	loop_child_free(&c->watch);
	close_ready(c);
	c->pid = 0;
	if (s->stopping) {
		if (all_stopped(s))
			loop_stop(s->loop);
		return;
	}
	log_event(LOG_WARN, "role.ended", "role=%s %s=%d", c->kind->name,
		  WIFSIGNALED(status) ? "signal" : "exit",
		  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	if (!c->was_ready) {
		s->rc = err_set(&s->err, RC_IO,
				"the role %s could not be started (its reason is above)",
				c->kind->name);
		stop_all(s);
		return;
	}
	if (loop_ms(s->loop) - c->started_ms > STABLE_MS)
		c->pause_ms = PAUSE_FIRST_MS;
	pause_child(c);
}

static void
after_pause(void *arg, int64_t now)
{
	(void)now;
	start(arg);
}

/* The child's line on the pipe: it works now. */
static void
on_ready(void *arg, int64_t now)
{
	struct child *c = arg;
	struct supervisor *s = c->of;
	ssize_t n = read(c->ready_fd, c->said + c->n_said, sizeof(c->said) - 1 - c->n_said);

	(void)now;
	if (n > 0)
		c->n_said += (size_t)n;
	if (n < 0 && errno == EINTR)
		return;
	if (n > 0 && memchr(c->said, '\n', c->n_said) == NULL && c->n_said < sizeof(c->said) - 1)
		return;
	close_ready(c);
	if (memchr(c->said, '\n', c->n_said) == NULL)
		return; /* it died: on_end says the rest */
	c->said[sv_find_char((struct sv){c->said, c->n_said}, '\n')] = '\0';
	if (c->said[0] != '\0')
		snprintf(s->url, sizeof(s->url), "%s", c->said);
	if (c->was_ready)
		return;
	c->was_ready = true;
	if (s->stopping)
		return;
	if (s->started < s->n)
		start(&s->children[s->started++]);
	else
		s->ready(s->arg, s->url);
}

/* The system gives no process or descriptor now: at the beginning that is the end, later it may
 * pass, and the other roles work on. */
static void
not_started(struct child *c)
{
	struct supervisor *s = c->of;

	close_ready(c);
	if (!c->was_ready) {
		s->rc = RC_IO;
		stop_all(s);
		return;
	}
	log_event(LOG_ERROR, "role.not-started", "role=%s error=\"%s\"", c->kind->name,
		  s->err.text);
	s->err = (struct err)ERR_INIT;
	pause_child(c);
}

/* A child that nobody watches would be missed when it ends. */
static void
end_unwatched(struct child *c)
{
	kill(c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	c->pid = 0;
}

static void
start(struct child *c)
{
	struct supervisor *s = c->of;
	int fds[2];

	c->n_said = 0;
	c->started_ms = loop_ms(s->loop);
	if (pipe(fds) != 0) {
		err_errno(&s->err, RC_IO, "the role %s cannot be started", c->kind->name);
		not_started(c);
		return;
	}
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	c->pid = fork();
	if (c->pid == 0)
		exec_role(c, fds[1]);
	close(fds[1]);
	c->ready_fd = fds[0];
	if (c->pid < 0) {
		c->pid = 0;
		err_errno(&s->err, RC_IO, "the role %s cannot be started", c->kind->name);
		not_started(c);
	} else if (loop_child_new(&c->watch, s->loop, c->pid, on_end, c, &s->err) != RC_OK) {
		end_unwatched(c);
		not_started(c);
	} else if (loop_reader_new(&c->reader, s->loop, c->ready_fd, on_ready, c, &s->err) !=
		   RC_OK) {
		kill(c->pid, SIGKILL); /* on_end says the rest */
	}
}

static void
on_signal(void *arg, int signum, int64_t now)
{
	(void)signum;
	(void)now;
	stop_all(arg);
}

enum rc
supervise(const char *dir, const struct role_kind *const *roles, size_t n,
	  supervise_ready_fn *ready, void *arg, struct err *e)
{
	struct supervisor s = {.dir = dir, .n = n, .ready = ready, .arg = arg, .rc = RC_OK};
	struct loop_signal *term = NULL, *interrupt = NULL;
	size_t i;
	enum rc rc;

	BUG_ON(n == 0 || n > ROLES_MAX);
	rc = loop_new(&s.loop, e);
	if (rc != RC_OK)
		return rc;
	rc = loop_signal_new(&term, s.loop, SIGTERM, on_signal, &s, e);
	if (rc == RC_OK)
		rc = loop_signal_new(&interrupt, s.loop, SIGINT, on_signal, &s, e);
	for (i = 0; i < n; i++) {
		s.children[i] = (struct child){
			.of = &s, .kind = roles[i], .ready_fd = -1, .pause_ms = PAUSE_FIRST_MS};
		s.children[i].pause = loop_timer_new(s.loop, after_pause, &s.children[i]);
	}
	s.kill_timer = loop_timer_new(s.loop, kill_all, &s);
	if (rc == RC_OK) {
		s.started = 1;
		start(&s.children[0]);
		loop_run(s.loop);
		rc = s.rc;
		if (rc != RC_OK)
			*e = s.err;
	}
	for (i = 0; i < n; i++)
		loop_timer_free(&s.children[i].pause);
	loop_timer_free(&s.kill_timer);
	loop_signal_free(&term);
	loop_signal_free(&interrupt);
	loop_free(&s.loop);
	return rc;
}
