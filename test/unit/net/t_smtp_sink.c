/*
 * SMTP sessions against a server that is not ours: smtp-sink of Postfix (Debian
 * package postfix).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/time.h"
#include "smtp_run.h"

#define MANY 400

/* smtp-sink on a free port, killed at the end. */
static pid_t
start_sink(const char *const *options, uint16_t *ret_port)
{
	const char *argv[16] = {"smtp-sink"};
	struct sockaddr_in a = {.sin_family = AF_INET};
	char where[32];
	int64_t until = time_mono_ms() + PATIENCE_MS;
	int i = 1, fd;
	pid_t pid;

	close(listen_somewhere(ret_port));
	snprintf(where, sizeof(where), "127.0.0.1:%u", *ret_port);
	if (geteuid() == 0) {
		argv[i++] = "-u"; /* it refuses to run as root */
		argv[i++] = "nobody";
	}
	while (*options)
		argv[i++] = *options++;
	argv[i++] = where;
	argv[i++] = "100";
	pid = fork();
	if (pid == 0) {
		execv("/usr/sbin/smtp-sink", (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons(*ret_port);
	for (;;) { /* until it answers */
		fd = socket(AF_INET, SOCK_STREAM, 0);
		i = connect(fd, (struct sockaddr *)&a, sizeof(a));
		close(fd);
		if (i == 0)
			return pid;
		if (waitpid(pid, NULL, WNOHANG) != 0 || time_mono_ms() > until)
			fail_msg("smtp-sink (package postfix) does not start");
	}
}

static void
stop_sink(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
smtp_sink_takes_and_refuses(void **state)
{
	static const struct {
		const char *name;
		const char *options[6];
		int n;
		int accepted, retry, refused, returned;
		enum smtp_end_why why;
	} cases[] = {
		{"plain", {NULL}, MANY, MANY, 0, 0, 0, SMTP_END_DONE},
		{"no pipelining", {"-p", NULL}, MANY, MANY, 0, 0, 0, SMTP_END_DONE},
		{"no ESMTP", {"-e", NULL}, MANY, MANY, 0, 0, 0, SMTP_END_DONE},
		{"450 to RCPT", {"-r", "rcpt", NULL}, 20, 0, 20, 0, 0, SMTP_END_DONE},
		{"500 to RCPT", {"-f", "rcpt", NULL}, 20, 0, 0, 20, 0, SMTP_END_DONE},
		{"450 to MAIL", {"-r", "mail", NULL}, 20, 0, 20, 0, 0, SMTP_END_DONE},
		{"500 to DATA", {"-f", "data", NULL}, 20, 0, 0, 20, 0, SMTP_END_DONE},
		{"450 to the dot", {"-r", ".", NULL}, 20, 0, 20, 0, 0, SMTP_END_DONE},
		{"500 to the dot", {"-f", ".", NULL}, 20, 0, 0, 20, 0, SMTP_END_DONE},
		{"500 to EHLO", {"-f", "ehlo", NULL}, 20, 20, 0, 0, 0, SMTP_END_DONE},
		{"450 to RCPT, without pipelining",
		 {"-p", "-r", "rcpt", NULL},
		 20,
		 0,
		 20,
		 0,
		 0,
		 SMTP_END_DONE},
		{"421 and away at RCPT", {"-Q", "rcpt", NULL}, 3, 0, 0, 0, 2, SMTP_END_BUSY},
		{"away at RCPT", {"-q", "rcpt", NULL}, 3, 0, 0, 0, 2, SMTP_END_LOST},
	};
	struct smtp_message *m = MEM_NEW_N(struct smtp_message, MANY);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct smtp_settings set = {.host = "127.0.0.1", .hello = "desk.example"};
		struct run r = {.m = m, .n = cases[i].n, .quiet = true};
		pid_t pid = start_sink(cases[i].options, &set.port);

		make_messages(m, r.n, SV("Subject: a\n\nHello\n.\n..\nend\n"));
		run_session(&r, &set);
		stop_sink(pid);
		if (r.accepted != cases[i].accepted || r.retry != cases[i].retry ||
		    r.refused != cases[i].refused || r.returned != cases[i].returned ||
		    r.in_doubt != 0 || r.why != cases[i].why || r.closed != 1)
			fail_msg(
				"%s: accepted %d, retry %d, refused %d, returned %d, in doubt %d, closed %d %s (%s)",
				cases[i].name, r.accepted, r.retry, r.refused, r.returned,
				r.in_doubt, r.closed, smtp_end_name(r.why), buf_str(&r.log));
		buf_fini(&r.log);
	}
	mem_free(m);
}

static void
a_session_ends_after_its_number(void **state)
{
	static const char *const none[] = {NULL};
	struct smtp_settings set = {
		.host = "localhost", .hello = "desk.example", .per_session = 5, .slots = 4};
	struct smtp_message m[8];
	struct run r = {.m = m, .n = 8, .quiet = true};
	pid_t pid = start_sink(none, &set.port);

	(void)state;
	make_messages(m, 8, SV("Subject: a\n\nHello\n"));
	run_session(&r, &set); /* by a name, whose first address may refuse */
	stop_sink(pid);
	assert_int_equal(r.accepted, 5);
	assert_int_equal(r.next, 5);
	assert_int_equal(r.why, SMTP_END_DONE);
	buf_fini(&r.log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smtp_sink_takes_and_refuses),
		cmocka_unit_test(a_session_ends_after_its_number),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
