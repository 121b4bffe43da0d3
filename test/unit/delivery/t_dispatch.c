/*
 * The dispatcher as a whole: over the channel `file`, over SMTP to Postfix's
 * smtp-sink, with a peer that is down first, and after a run that died.
 * smtp-sink's own record (-D) says what arrived.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "t_delivery.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"
#include "delivery/dispatch.h"
#include "net/loop.h"
#include "store/store.h"
#include "store/store_thread.h"

#define PERSONS  1200
#define LIMIT_MS 60000
#define SINK     "/usr/sbin/smtp-sink"

struct bench {
	struct fixture fx;
	struct loop *loop;
	struct store_thread *thread;
	struct dispatch *d;
	struct loop_timer *poll;
	int64_t deadline_ms;
	bool stopping;
	bool late;
	int64_t suppress; /* this person gets nothing */
	char lock[128];
	char spool[128];
};

static enum rc
render(void *arg, const struct outbox_row *rows, size_t n, int64_t now, struct arena *a,
       struct render_message *ret, struct err *e)
{
	const struct bench *b = arg;
	size_t i;

	(void)now;
	(void)e;
	for (i = 0; i < n; i++) {
		if (rows[i].person == b->suppress) {
			ret[i].verdict = RENDER_SUPPRESS;
			ret[i].why = SV("rule");
			continue;
		}
		ret[i].verdict = RENDER_SEND;
		ret[i].to = arena_fmt(a, "p%lld@example.org", (long long)rows[i].person);
		ret[i].from = SV("desk@example.org");
		ret[i].text = arena_fmt(
			a, "Message-ID: <%lld.%lld@example.org>\nSubject: t\n\n.dot\ntext\n",
			(long long)rows[i].alert, (long long)rows[i].person);
	}
	return RC_OK;
}

static void
on_stopped(void *arg)
{
	loop_stop(((struct bench *)arg)->loop);
}

static void
on_poll(void *arg, int64_t now)
{
	struct bench *b = arg;
	struct dispatch_figures f;

	(void)now;
	dispatch_figures(b->d, &f);
	if (b->stopping)
		return;
	b->late = time_mono_ms() > b->deadline_ms;
	if (f.idle || b->late) {
		b->stopping = true;
		dispatch_stop(b->d, on_stopped, b);
	}
}

static void
set_up(struct bench *b)
{
	t_open(&b->fx);
	snprintf(b->lock, sizeof(b->lock), "%s/lock", b->fx.folder);
	snprintf(b->spool, sizeof(b->spool), "%s/spool", b->fx.folder);
	t_alert(&b->fx, 1, 1, time_now() + 100000);
	t_audience(&b->fx, 1, 1, PERSONS, 1);
	OK(&b->fx, store_thread_start(&b->thread, b->fx.where, &b->fx.e));
}

/* Run the dispatcher until nothing is left to do. */
static void
run(struct bench *b, struct dispatch_settings *s, struct dispatch_figures *ret)
{
	struct fixture *f = &b->fx;

	s->lock_path = b->lock;
	s->render = render;
	s->render_arg = b;
	s->look_ms = 50;
	b->stopping = false;
	b->deadline_ms = time_mono_ms() + LIMIT_MS;
	OK(f, loop_new(&b->loop, &f->e));
	OK(f, dispatch_open(&b->d, b->loop, b->thread, s, &f->e));
	b->poll = loop_timer_new(b->loop, on_poll, b);
	loop_timer_set(b->poll, 5, 5);
	loop_run(b->loop);
	loop_timer_free(&b->poll);
	dispatch_figures(b->d, ret);
	dispatch_close(&b->d);
	loop_free(&b->loop);
	assert_false(b->late);
	assert_int_equal(t_get(f, "SELECT count(*) FROM claim WHERE id > ?1 - ?2", 0, 0), 0);
	assert_int_equal(t_get(f, "SELECT count(*) FROM dispatcher WHERE epoch > ?1 - ?2", 0, 0),
			 0);
}

static void
tear_down(struct bench *b)
{
	store_thread_stop(&b->thread);
	t_close(&b->fx);
}

/* Files in a folder whose name ends so; they are removed. */
static int64_t
count_files(const char *folder, const char *end, bool others_too)
{
	char path[512];
	struct dirent *de;
	int64_t n = 0;
	DIR *dir = opendir(folder);

	assert_non_null(dir);
	while ((de = readdir(dir)) != NULL) {
		if (de->d_name[0] == '.')
			continue;
		assert_true(others_too || sv_ends(sv_of(de->d_name), sv_of(end)));
		n += sv_ends(sv_of(de->d_name), sv_of(end));
		snprintf(path, sizeof(path), "%s/%s", folder, de->d_name);
		unlink(path);
	}
	closedir(dir);
	rmdir(folder);
	return n;
}

static void
to_files(void **state)
{
	struct bench b = {.suppress = 77};
	struct dispatch_route route = {CHANNEL_FILE, &channel_file, {.name = "practice"}};
	struct dispatch_settings s = {.practice = true, .routes = &route, .n_routes = 1};
	struct dispatch_figures f;
	char folder[160];

	(void)state;
	set_up(&b);
	route.settings.folder = b.spool;
	run(&b, &s, &f);
	assert_int_equal(f.accepted, PERSONS - 1);
	assert_int_equal(t_count(&b.fx, 1, OUTBOX_ACCEPTED), PERSONS - 1);
	assert_int_equal(t_count(&b.fx, 1, OUTBOX_SUPPRESSED), 1);
	snprintf(folder, sizeof(folder), "%s/1", b.spool);
	assert_int_equal(count_files(folder, ".eml", false), PERSONS - 1);
	rmdir(b.spool);
	tear_down(&b);
}

static void
practice_has_no_outside(void **state)
{
	struct bench b = {0};
	struct dispatch_route route = {CHANNEL_EMAIL, &channel_smtp, {.name = "mail"}};
	struct dispatch_settings s = {.practice = true,
				      .routes = &route,
				      .n_routes = 1,
				      .lock_path = b.lock,
				      .render = render};
	struct err e = ERR_INIT;

	(void)state;
	set_up(&b);
	OK(&b.fx, loop_new(&b.loop, &e));
	assert_int_equal(dispatch_open(&b.d, b.loop, b.thread, &s, &e), RC_USAGE);
	assert_null(b.d);
	loop_free(&b.loop);
	tear_down(&b);
}

/* A port that nobody has at this moment. */
static uint16_t
free_port(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	socklen_t n = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &n), 0);
	close(fd);
	return ntohs(sa.sin_port);
}

/* smtp-sink with these options, writing one file a message into folder. */
static pid_t
start_sink(const char *folder, uint16_t port, const char *option, const char *value)
{
	char where[64], record[256];
	pid_t pid;

	assert_int_equal(mkdir(folder, 0777), 0);
	assert_int_equal(chmod(folder, 0777), 0);
	snprintf(where, sizeof(where), "127.0.0.1:%u", port);
	snprintf(record, sizeof(record), "%s/%%M.", folder);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		execl(SINK, SINK, "-u", geteuid() == 0 ? "nobody" : getenv("USER"), "-d", record,
		      option, value, where, "100", (char *)NULL);
		_exit(127);
	}
	return pid;
}

static void
stop_sink(pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
}

/* The sink may come up after the dispatcher: then the route pauses, and nothing is counted as an attempt. */
static void
to_smtp(void **state)
{
	struct bench b = {0};
	struct dispatch_route route = {
		CHANNEL_EMAIL,
		&channel_smtp,
		{.name = "mail", .host = "127.0.0.1", .hello = "localhost", .sessions = 4}};
	struct dispatch_settings s = {.routes = &route, .n_routes = 1};
	struct dispatch_figures f;
	char folder[160];
	pid_t sink;

	(void)state;
	assert_int_equal(access(SINK, X_OK), 0);
	set_up(&b);
	snprintf(folder, sizeof(folder), "%s/sink", b.fx.folder);
	chmod(b.fx.folder, 0755);
	route.settings.port = free_port();
	sink = start_sink(folder, route.settings.port, "-m", "100");
	run(&b, &s, &f);
	stop_sink(sink);
	assert_int_equal(t_count(&b.fx, 1, OUTBOX_ACCEPTED), PERSONS);
	assert_int_equal(t_get(&b.fx, "SELECT sum(attempts) FROM delivery WHERE alert = ?1 - ?2", 1,
			       0),
			 PERSONS);
	assert_int_equal(count_files(folder, "", true), PERSONS);
	tear_down(&b);
}

/* 5xx to every message: the end. 4xx: it waits for its next attempt. */
static void
refused(void **state)
{
	static const struct {
		const char *option;
		const char *value;
		enum outbox_state want;
	} cases[] = {
		{"-f", "RCPT", OUTBOX_FAILED}, /* "500 5.3.0 Error": not the address's fault */
		{"-r", "RCPT", OUTBOX_RETRY_WAIT},
	};
	struct bench b;
	struct dispatch_route route = {CHANNEL_EMAIL,
				       &channel_smtp,
				       {.name = "mail", .host = "127.0.0.1", .hello = "localhost"}};
	struct dispatch_settings s = {.routes = &route, .n_routes = 1};
	struct dispatch_figures f;
	char folder[160];
	size_t i;
	pid_t sink;

	(void)state;
	assert_int_equal(access(SINK, X_OK), 0);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		b = (struct bench){0};
		set_up(&b);
		snprintf(folder, sizeof(folder), "%s/sink", b.fx.folder);
		chmod(b.fx.folder, 0755);
		route.settings.port = free_port();
		sink = start_sink(folder, route.settings.port, cases[i].option, cases[i].value);
		run(&b, &s, &f);
		stop_sink(sink);
		assert_int_equal(t_count(&b.fx, 1, cases[i].want), PERSONS);
		assert_int_equal(t_get(&b.fx,
				       "SELECT sum(attempts) FROM delivery WHERE alert = ?1 - ?2",
				       1, 0),
				 PERSONS);
		count_files(folder, "", true);
		tear_down(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_files),
		cmocka_unit_test(practice_has_no_outside),
		cmocka_unit_test(to_smtp),
		cmocka_unit_test(refused),
	};

	log_setup(2, LOG_ERROR, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
