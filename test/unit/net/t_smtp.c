/*
 * SMTP sessions against a scripted peer (what exactly is said, where it may
 * break) and against Postfix's smtp-sink (a server that is not ours).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/time.h"
#include "net/loop.h"
#include "net/smtp.h"

#define PATIENCE_MS 20000
#define MANY        400

static int
listen_somewhere(uint16_t *ret_port)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*ret_port = ntohs(a.sin_port);
	return fd;
}

/*
 * The scripted peer takes one connection and follows its steps:
 *   S text   send text and CR LF         L text   a line must come, exactly so
 *   D text   data up to the final dot must come and, undotted, be text
 *   H text   text must come (no more is read)      N   nothing more may have come yet
 *   C        close                        W        wait for the client to close
 */
struct peer {
	int listener;
	const char *const *steps;
	struct buf in;
	struct buf wrong; /* the first step that went wrong */
	int fd;
};

static bool
peer_more(struct peer *p)
{
	struct pollfd f = {p->fd, POLLIN, 0};
	char block[4096];
	ssize_t n;

	if (poll(&f, 1, PATIENCE_MS) <= 0)
		return false;
	n = recv(p->fd, block, sizeof(block), 0);
	if (n > 0)
		buf_add(&p->in, (struct sv){block, (size_t)n});
	return n > 0;
}

/* Bytes up to and with `end` off the front of what comes. */
static bool
peer_take(struct peer *p, struct sv end, struct buf *out)
{
	size_t at;

	buf_reset(out);
	while ((at = sv_find(buf_sv(&p->in), end)) == p->in.n)
		if (!peer_more(p))
			return false;
	buf_add(out, sv_head(buf_sv(&p->in), at + end.n));
	memmove(p->in.p, p->in.p + at + end.n, p->in.n - at - end.n + 1);
	p->in.n -= at + end.n;
	return true;
}

static bool
peer_step(struct peer *p, const char *step, struct buf *got)
{
	struct sv arg = sv_of(strlen(step) > 2 ? step + 2 : "");
	struct buf want = BUF_INIT(10000);
	struct pollfd f = {p->fd, POLLIN, 0};
	bool ok = true;

	buf_add(&want, arg);
	switch (step[0]) {
	case 'S':
		buf_adds(&want, "\r\n");
		ok = send(p->fd, want.p, want.n, MSG_NOSIGNAL) == (ssize_t)want.n;
		break;
	case 'L':
		buf_adds(&want, "\r\n");
		ok = peer_take(p, SV("\r\n"), got) && sv_eq(buf_sv(got), buf_sv(&want));
		break;
	case 'D':
		buf_adds(&want, "\r\n.\r\n");
		ok = peer_take(p, SV("\r\n.\r\n"), got) && sv_eq(buf_sv(got), buf_sv(&want));
		break;
	case 'H':
		ok = peer_take(p, arg, got);
		break;
	case 'N':
		/* Replies are awaited here, so what is not there by now cannot come. */
		ok = p->in.n == 0 && poll(&f, 1, 50) == 0;
		break;
	case 'C':
		break;
	default:
		while (peer_more(p))
			;
	}
	buf_fini(&want);
	return ok;
}

static void *
peer_run(void *arg)
{
	struct peer *p = arg;
	struct pollfd f = {p->listener, POLLIN, 0};
	struct buf got = BUF_INIT(4 << 20);
	size_t i;

	buf_init(&p->in, 4 << 20);
	buf_init(&p->wrong, 10000);
	if (poll(&f, 1, PATIENCE_MS) <= 0)
		return NULL;
	p->fd = accept(p->listener, NULL, NULL);
	for (i = 0; p->steps[i]; i++) {
		if (!peer_step(p, p->steps[i], &got)) {
			buf_addf(&p->wrong, "step %zu (%s): got \"%s\"", i, p->steps[i], buf_str(&got));
			break;
		}
	}
	close(p->fd);
	buf_fini(&got);
	buf_fini(&p->in);
	return NULL;
}

/* The client's side: sends n messages as slots allow, writes a log of all events. */
struct run {
	struct loop *loop;
	struct smtp_session *s;
	struct smtp_message *m;
	int n, next, back;
	struct buf log;
	bool quiet;       /* counts only */
	bool keep_open;   /* no quit when all are back */
	bool free_early;  /* free the session at the first settled message */
	int accepted, retry, refused, returned, in_doubt, closed;
	enum smtp_end_why why;
	unsigned pause_s;
};

static void
one_back(struct run *r)
{
	if (++r->back == r->n && !r->keep_open && r->s)
		smtp_session_quit(r->s);
}

static void
on_ready(struct smtp_session *s, unsigned slots, void *arg)
{
	struct run *r = arg;
	struct err e = ERR_INIT;

	assert_int_equal(slots, smtp_session_free_slots(s));
	for (; slots > 0 && r->next < r->n; slots--, r->next++)
		assert_int_equal(smtp_session_send(s, &r->m[r->next], &e), RC_OK);
	if (r->n == 0 && !r->keep_open)
		smtp_session_quit(s);
}

static void
on_started(struct smtp_session *s, struct smtp_message *m, void *arg)
{
	struct run *r = arg;

	(void)s;
	if (!r->quiet)
		buf_addf(&r->log, "started %d; ", (int)m->id);
}

static void
on_settled(struct smtp_session *s, struct smtp_message *m, const struct smtp_result *res, void *arg)
{
	struct run *r = arg;

	if (!r->quiet)
		buf_addf(&r->log, "%s %d: %d [%.*s] %.*s {%.*s}; ", smtp_verdict_name(res->verdict), (int)m->id,
			res->code, SV_ARG(res->enhanced), SV_ARG(res->text), SV_ARG(res->ref));
	r->accepted += res->verdict == SMTP_ACCEPTED;
	r->retry += res->verdict == SMTP_RETRY;
	r->refused += res->verdict == SMTP_REFUSED;
	if (r->free_early) {
		smtp_session_free(&r->s);
		loop_stop(r->loop);
		return;
	}
	(void)s;
	one_back(r);
}

static void
on_returned(struct smtp_session *s, struct smtp_message *m, bool begun, void *arg)
{
	struct run *r = arg;

	(void)s;
	if (!r->quiet)
		buf_addf(&r->log, "returned %d%s; ", (int)m->id, begun ? " begun" : "");
	r->returned++;
	one_back(r);
}

static void
on_in_doubt(struct smtp_session *s, struct smtp_message *m, void *arg)
{
	struct run *r = arg;

	(void)s;
	if (!r->quiet)
		buf_addf(&r->log, "in doubt %d; ", (int)m->id);
	r->in_doubt++;
	one_back(r);
}

static void
on_closed(struct smtp_session *s, const struct smtp_end *end, void *arg)
{
	struct run *r = arg;

	assert_ptr_equal(s, r->s);
	if (!r->quiet)
		buf_addf(&r->log, "closed %s %d", smtp_end_name(end->why), end->code);
	assert_true(end->text.n > 10);
	assert_int_equal(end->messages, r->accepted + r->retry + r->refused);
	r->why = end->why;
	r->pause_s = end->pause_s;
	r->closed++;
	smtp_session_free(&r->s);
	loop_stop(r->loop);
}

static const struct smtp_events events = {on_ready, on_started, on_settled, on_returned, on_in_doubt,
	on_closed};

static void
on_patience(void *arg, int64_t now)
{
	(void)now;
	buf_adds(&((struct run *)arg)->log, "TOO LONG");
	loop_stop(((struct run *)arg)->loop);
}

static void
run_session(struct run *r, const struct smtp_settings *set)
{
	struct err e = ERR_INIT;
	struct loop_timer *t;

	buf_init(&r->log, 100000);
	assert_int_equal(loop_new(&r->loop, &e), RC_OK);
	t = loop_timer_new(r->loop, on_patience, r);
	loop_timer_set(t, PATIENCE_MS, 0);
	if (smtp_session_new(&r->s, r->loop, set, &events, r, &e) != RC_OK)
		fail_msg("%s", e.text);
	loop_run(r->loop);
	smtp_session_free(&r->s);
	loop_timer_free(&t);
	loop_free(&r->loop);
}

static void
make_messages(struct smtp_message *m, int n, struct sv body)
{
	int i;

	memset(m, 0, (size_t)n * sizeof(*m));
	for (i = 0; i < n; i++) {
		m[i].id = i + 1;
		m[i].from = SV("alerts@desk.example");
		m[i].to = SV("p@example.org");
		m[i].body = body;
	}
}

#define HELLO "S 220 mx ESMTP", "L EHLO desk.example"
#define PIPE  HELLO, "S 250-mx\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 8BITMIME"
#define ENV   "L MAIL FROM:<alerts@desk.example> SIZE=12", "L RCPT TO:<p@example.org>", "L DATA"
#define ENV_OK "S 250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go on"
#define BODY  "D S: a\r\n\r\n..b"
#define BYE   "L QUIT", "S 221 bye", "W"

static const struct {
	const char *name;
	int n;
	struct sv body; /* empty: "S: a\n\n.b" without its last end: 12 octets on the wire, the doubled dot apart */
	bool one_by_one;
	const char *steps[40];
	const char *want;
} dialogues[] = {
	{"one message, no extensions", 1, {NULL, 0}, false,
		{HELLO, "S 250 mx", "L MAIL FROM:<alerts@desk.example>", "N", "S 250 ok", "L RCPT TO:<p@example.org>",
			"N", "S 250 ok", "L DATA", "N", "S 354 go", BODY, "S 250 2.0.0 Ok: queued as 4XyZ", BYE},
		"started 1; accepted 1: 250 [2.0.0] Ok: queued as 4XyZ {4XyZ}; closed done 221"},
	{"HELO where EHLO is unknown", 1, {NULL, 0}, false,
		{"S 220 mx", "L EHLO desk.example", "S 502 what", "L HELO desk.example", "S 250 mx",
			"L MAIL FROM:<alerts@desk.example>", "S 250 ok", "L RCPT TO:<p@example.org>", "S 250 ok", "L DATA",
			"S 354 go", BODY, "S 250 ok", BYE},
		"started 1; accepted 1: 250 [] ok {}; closed done 221"},
	{"the next envelope goes with the data", 3, {NULL, 0}, false,
		{PIPE, ENV, ENV_OK, BODY, ENV, "N", "S 250 Ok: queued as A", ENV_OK, BODY, ENV, "S 250 Ok: queued as B",
			ENV_OK, BODY, "S 250 Ok: queued as C", BYE},
		"started 1; accepted 1: 250 [] Ok: queued as A {A}; started 2; accepted 2: 250 [] Ok: queued as B {B}; "
		"started 3; accepted 3: 250 [] Ok: queued as C {C}; closed done 221"},
	{"one by one", 2, {NULL, 0}, true,
		{PIPE, ENV, ENV_OK, BODY, "N", "S 250 ok", ENV, ENV_OK, BODY, "S 250 ok", BYE},
		"started 1; accepted 1: 250 [] ok {}; started 2; accepted 2: 250 [] ok {}; closed done 221"},
	{"8-bit data is declared", 1, SV_INIT("\303\274\r\n"), false,
		{PIPE, "L MAIL FROM:<alerts@desk.example> SIZE=4 BODY=8BITMIME", "L RCPT TO:<p@example.org>", "L DATA", ENV_OK,
			"D \303\274", "S 250 ok", BYE},
		"started 1; accepted 1: 250 [] ok {}; closed done 221"},
	{"too large for the peer", 2, SV_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"), false,
		{HELLO, "S 250-mx\r\n250 SIZE 40", BYE},
		"refused 1: 0 [5.3.4] the message has 46 bytes; the server takes at most 40 {}; "
		"refused 2: 0 [5.3.4] the message has 46 bytes; the server takes at most 40 {}; closed done 221"},
	{"recipient refused, then RSET", 2, {NULL, 0}, false,
		{PIPE, ENV, "S 250 ok\r\n550 5.1.1 No such person\r\n554 5.5.1 no valid recipients", "L RSET", ENV, "S 250 ok",
			ENV_OK, BODY, "S 250 ok", BYE},
		"refused 1: 550 [5.1.1] No such person {}; started 2; accepted 2: 250 [] ok {}; closed done 221"},
	{"recipient refused without pipelining", 2, {NULL, 0}, false,
		{HELLO, "S 250 mx", "L MAIL FROM:<alerts@desk.example>", "S 250 ok", "L RCPT TO:<p@example.org>",
			"S 450 4.2.1 later", "L RSET", "S 250 ok", "L MAIL FROM:<alerts@desk.example>", "S 452 full", BYE},
		"retry 1: 450 [4.2.1] later {}; retry 2: 452 [] full {}; closed done 221"},
	{"sender refused: no RSET", 2, {NULL, 0}, false,
		{PIPE, ENV, "S 451 4.3.0 try later\r\n503 MAIL first\r\n503 MAIL first", ENV, ENV_OK, BODY, "S 250 ok", BYE},
		"retry 1: 451 [4.3.0] try later {}; started 2; accepted 2: 250 [] ok {}; closed done 221"},
	{"354 to a refused envelope gets an empty message", 2, {NULL, 0}, false,
		{PIPE, ENV, "S 250 ok\r\n550 no\r\n354 go on", "L .", "S 554 nobody to send to", ENV, ENV_OK, BODY, "S 250 ok",
			BYE},
		"refused 1: 550 [] no {}; started 2; accepted 2: 250 [] ok {}; closed done 221"},
	{"DATA refused", 1, {NULL, 0}, false, {PIPE, ENV, "S 250 ok\r\n250 ok\r\n451 4.3.2 not now", BYE},
		"retry 1: 451 [4.3.2] not now {}; closed done 221"},
	{"data refused at its end", 2, {NULL, 0}, false,
		{PIPE, ENV, ENV_OK, BODY, ENV, "S 554-5.7.1 looks like\r\n554 5.7.1 spam\r\n250 ok\r\n250 ok\r\n354 go", BODY,
			"S 452 4.3.1 disk full", BYE},
		"started 1; refused 1: 554 [5.7.1] looks like spam {}; started 2; retry 2: 452 [4.3.1] disk full {}; "
		"closed done 221"},
	{"421 in place of a greeting", 2, {NULL, 0}, false, {"S 421 too many connections", "W"}, "closed busy 421"},
	{"4xx greeting", 1, {NULL, 0}, false, {"S 450 later", "W"}, "closed busy 450"},
	{"5xx greeting", 1, {NULL, 0}, false, {"S 554 go away", "W"}, "closed refused 554"},
	{"HELO refused too", 1, {NULL, 0}, false,
		{HELLO, "S 550 no", "L HELO desk.example", "S 550 no", "W"}, "closed refused 550"},
	{"421 to EHLO", 1, {NULL, 0}, false, {HELLO, "S 421 no", "W"}, "closed busy 421"},
	{"421 to an envelope costs no attempt", 2, {NULL, 0}, false, {PIPE, ENV, "S 421 4.3.2 closing", "W"},
		"returned 1; returned 2; closed busy 421"},
	{"421 to the end of the data", 2, {NULL, 0}, false, {PIPE, ENV, ENV_OK, BODY, ENV, "S 421 4.3.2 closing", "W"},
		"started 1; retry 1: 421 [4.3.2] closing {}; returned 2; closed busy 421"},
	{"421 between messages", 1, {NULL, 0}, false, {PIPE, "S 421 idle too long", "W"}, "returned 1; closed busy 421"},
	{"cut before the greeting", 1, {NULL, 0}, false, {"C"}, "closed lost 0"},
	{"cut in the envelope", 2, {NULL, 0}, false, {PIPE, ENV, "S 250 ok", "C"},
		"returned 1 begun; returned 2; closed lost 0"},
	{"cut between the final dot and its reply", 2, {NULL, 0}, false, {PIPE, ENV, ENV_OK, BODY, ENV, "C"},
		"started 1; in doubt 1; returned 2 begun; closed lost 0"},
	{"cut in the middle of the reply", 1, {NULL, 0}, false, {PIPE, ENV, ENV_OK, BODY, "S 250-half", "C"},
		"started 1; in doubt 1; closed lost 0"},
	{"the reply, then the cut", 1, {NULL, 0}, false, {PIPE, ENV, ENV_OK, BODY, "S 250 ok", "C"},
		"started 1; accepted 1: 250 [] ok {}; closed done 0"},
	{"no SMTP", 1, {NULL, 0}, false, {"S HTTP/1.1 400 Bad Request", "W"}, "closed protocol 0"},
	{"an answer too many", 1, {NULL, 0}, false, {PIPE, ENV, "S 250 ok\r\n250 ok\r\n451 no\r\n250 what", "W"},
		"retry 1: 451 [] no {}; closed protocol 250"},
	{"354 to the end of the data", 1, {NULL, 0}, false, {PIPE, ENV, ENV_OK, BODY, "S 354 more", "W"},
		"started 1; in doubt 1; closed protocol 354"},
};

static void
dialogues_go_as_written(void **state)
{
	struct smtp_message m[4];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(dialogues); i++) {
		struct smtp_settings set = {.host = "127.0.0.1", .hello = "desk.example",
			.one_by_one = dialogues[i].one_by_one};
		struct peer p = {.steps = dialogues[i].steps};
		struct run r = {.m = m, .n = dialogues[i].n};
		pthread_t t;

		make_messages(m, r.n, dialogues[i].body.n ? dialogues[i].body : SV("S: a\n\n.b"));
		p.listener = listen_somewhere(&set.port);
		pthread_create(&t, NULL, peer_run, &p);
		run_session(&r, &set);
		pthread_join(t, NULL);
		if (p.wrong.n > 0)
			fail_msg("%s: the peer: %s (log: %s)", dialogues[i].name, buf_str(&p.wrong), buf_str(&r.log));
		if (!sv_eq(buf_sv(&r.log), sv_of(dialogues[i].want)))
			fail_msg("%s: got \"%s\"", dialogues[i].name, buf_str(&r.log));
		assert_int_equal(r.closed, 1);
		assert_int_equal(r.pause_s > 0, r.why != SMTP_END_DONE);
		close(p.listener);
		buf_fini(&p.wrong);
		buf_fini(&r.log);
	}
}

static void
slow_peers_are_left(void **state)
{
	static const struct {
		const char *name;
		const char *steps[12];
		const char *want;
	} cases[] = {
		{"no greeting", {"W"}, "closed timeout 0"},
		{"no answer to EHLO", {HELLO, "W"}, "closed timeout 0"},
		{"no answer to the envelope", {PIPE, ENV, "W"}, "returned 1 begun; closed timeout 0"},
		{"no answer to the data", {PIPE, ENV, ENV_OK, BODY, "W"}, "started 1; in doubt 1; closed timeout 0"},
		{"no answer to QUIT", {PIPE, ENV, ENV_OK, BODY, "S 250 ok", "L QUIT", "W"},
			"started 1; accepted 1: 250 [] ok {}; closed done 0"},
	};
	struct smtp_message m[1];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct smtp_settings set = {.host = "127.0.0.1", .hello = "desk.example",
			.timeouts = {1, 1, 1, 1, 1, 1}};
		struct peer p = {.steps = cases[i].steps};
		struct run r = {.m = m, .n = 1};
		pthread_t t;

		make_messages(m, 1, SV("S: a\n\n.b"));
		p.listener = listen_somewhere(&set.port);
		pthread_create(&t, NULL, peer_run, &p);
		run_session(&r, &set);
		pthread_join(t, NULL);
		if (p.wrong.n > 0 || !sv_eq(buf_sv(&r.log), sv_of(cases[i].want)))
			fail_msg("%s: got \"%s\" (%s)", cases[i].name, buf_str(&r.log), buf_str(&p.wrong));
		close(p.listener);
		buf_fini(&p.wrong);
		buf_fini(&r.log);
	}
}

static void
unreachable_peers_are_told(void **state)
{
	struct smtp_settings set = {.host = "127.0.0.1", .hello = "desk.example"};
	struct smtp_session *s = NULL;
	struct run r = {.n = 0};
	struct err e = ERR_INIT;
	struct loop *l = NULL;

	(void)state;
	close(listen_somewhere(&set.port)); /* nobody is there now */
	run_session(&r, &set);
	assert_string_equal(buf_str(&r.log), "closed connect 0");
	assert_int_equal(r.pause_s, 30);
	buf_fini(&r.log);
	r = (struct run){.n = 0};
	set.host = "no-such-host.invalid";
	run_session(&r, &set);
	assert_string_equal(buf_str(&r.log), "closed connect 0");
	buf_fini(&r.log);
	assert_int_equal(loop_new(&l, &e), RC_OK);
	set.tls = SMTP_TLS_REQUIRED;
	assert_int_equal(smtp_session_new(&s, l, &set, &events, &r, &e), RC_SYNTAX);
	set.tls = SMTP_TLS_NEVER;
	set.hello = "a b";
	assert_int_equal(smtp_session_new(&s, l, &set, &events, &r, &e), RC_SYNTAX);
	assert_null(s);
	/* Freed while the name is looked up and while connecting: nothing is left over. */
	set.hello = "a";
	assert_int_equal(smtp_session_new(&s, l, &set, &events, &r, &e), RC_OK);
	smtp_session_free(&s);
	set.host = "127.0.0.1";
	assert_int_equal(smtp_session_new(&s, l, &set, &events, &r, &e), RC_OK);
	smtp_session_free(&s);
	loop_free(&l);
}

static void
a_session_may_be_freed_inside_an_event(void **state)
{
	static const char *const steps[] = {PIPE, ENV, ENV_OK, BODY, ENV, "S 250 ok", "W", NULL};
	struct smtp_settings set = {.host = "127.0.0.1", .hello = "desk.example"};
	struct peer p = {.steps = steps};
	struct smtp_message m[2];
	struct run r = {.m = m, .n = 2, .free_early = true};
	pthread_t t;

	(void)state;
	make_messages(m, 2, SV("S: a\n\n.b"));
	p.listener = listen_somewhere(&set.port);
	pthread_create(&t, NULL, peer_run, &p);
	run_session(&r, &set);
	pthread_join(t, NULL);
	assert_string_equal(buf_str(&p.wrong), "");
	assert_string_equal(buf_str(&r.log), "started 1; accepted 1: 250 [] ok {}; ");
	close(p.listener);
	buf_fini(&p.wrong);
	buf_fini(&r.log);
}

/* Nobody reads: a message larger than all buffers is never wholly sent, so it is not in doubt. */
static void
a_message_not_wholly_sent_is_returned(void **state)
{
	static const char *const steps[] = {HELLO, "S 250 mx", "L MAIL FROM:<alerts@desk.example>", "S 250 ok",
		"L RCPT TO:<p@example.org>", "S 250 ok", "L DATA", "S 354 go", "H xxxx", "C", NULL};
	struct smtp_settings set = {.host = "127.0.0.1", .hello = "desk.example"};
	struct peer p = {.steps = steps};
	struct smtp_message m[1];
	struct run r = {.m = m, .n = 1};
	size_t n = 1000000;
	char *big = mem_alloc(n);
	int small = 4096;
	pthread_t t;

	(void)state;
	memset(big, 'x', n);
	make_messages(m, 1, (struct sv){big, n});
	p.listener = listen_somewhere(&set.port);
	setsockopt(p.listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)); /* inherited by the connection */
	pthread_create(&t, NULL, peer_run, &p);
	run_session(&r, &set);
	pthread_join(t, NULL);
	assert_string_equal(buf_str(&p.wrong), "");
	/* The sending system's buffer may have taken all of it: then it is in doubt, never accepted. */
	if (strcmp(buf_str(&r.log), "started 1; returned 1 begun; closed lost 0") != 0)
		assert_string_equal(buf_str(&r.log), "started 1; in doubt 1; closed lost 0");
	close(p.listener);
	buf_fini(&p.wrong);
	buf_fini(&r.log);
	mem_free(big);
}

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
		{"450 to RCPT, without pipelining", {"-p", "-r", "rcpt", NULL}, 20, 0, 20, 0, 0, SMTP_END_DONE},
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
		if (r.accepted != cases[i].accepted || r.retry != cases[i].retry || r.refused != cases[i].refused ||
			r.returned != cases[i].returned || r.in_doubt != 0 || r.why != cases[i].why || r.closed != 1)
			fail_msg("%s: accepted %d, retry %d, refused %d, returned %d, in doubt %d, closed %d %s (%s)",
				cases[i].name, r.accepted, r.retry, r.refused, r.returned, r.in_doubt, r.closed,
				smtp_end_name(r.why), buf_str(&r.log));
		buf_fini(&r.log);
	}
	mem_free(m);
}

static void
a_session_ends_after_its_number(void **state)
{
	static const char *const none[] = {NULL};
	struct smtp_settings set = {.host = "localhost", .hello = "desk.example", .per_session = 5, .slots = 4};
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
		cmocka_unit_test(dialogues_go_as_written),
		cmocka_unit_test(slow_peers_are_left),
		cmocka_unit_test(unreachable_peers_are_told),
		cmocka_unit_test(a_session_may_be_freed_inside_an_event),
		cmocka_unit_test(a_message_not_wholly_sent_is_returned),
		cmocka_unit_test(smtp_sink_takes_and_refuses),
		cmocka_unit_test(a_session_ends_after_its_number),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
