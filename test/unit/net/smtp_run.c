/*
 * smtp_run.c — see smtp_run.h.
 */
#include "smtp_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/loop.h"

int
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

void *
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
			buf_addf(&p->wrong, "step %zu (%s): got \"%s\"", i, p->steps[i],
				 buf_str(&got));
			break;
		}
	}
	close(p->fd);
	buf_fini(&got);
	buf_fini(&p->in);
	return NULL;
}

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
		buf_addf(&r->log, "%s %d: %d [%.*s] %.*s {%.*s}; ", smtp_verdict_name(res->verdict),
			 (int)m->id, res->code, SV_ARG(res->enhanced), SV_ARG(res->text),
			 SV_ARG(res->ref));
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

const struct smtp_events run_events = {on_ready,    on_started,  on_settled,
				       on_returned, on_in_doubt, on_closed};

static void
on_patience(void *arg, int64_t now)
{
	(void)now;
	buf_adds(&((struct run *)arg)->log, "TOO LONG");
	loop_stop(((struct run *)arg)->loop);
}

void
run_session(struct run *r, const struct smtp_settings *set)
{
	struct err e = ERR_INIT;
	struct loop_timer *t;

	buf_init(&r->log, 100000);
	assert_int_equal(loop_new(&r->loop, &e), RC_OK);
	t = loop_timer_new(r->loop, on_patience, r);
	loop_timer_set(t, PATIENCE_MS, 0);
	if (smtp_session_new(&r->s, r->loop, set, &run_events, r, &e) != RC_OK)
		fail_msg("%s", e.text);
	loop_run(r->loop);
	smtp_session_free(&r->s);
	loop_timer_free(&t);
	loop_free(&r->loop);
}

void
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
