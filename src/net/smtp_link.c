/*
 * smtp_link.c — the connection under an SMTP session.
 *
 * LOOKING --> CONNECTING (each address in turn) --> OPEN --> DEAD
 *
 * A failed write does not end the link at once: what the peer said last may
 * still wait to be read (a 421, the reply to a final dot). Writing stops then, and the reading side
 * brings the end; the session's own deadline stands behind that.
 */
#include "net/smtp_link.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <uv.h>

#include "base/limits.h"
#include "base/mem.h"
#include "net/loop.h"
#include "net/loop_int.h"

#define OUT_MAX  (4 * LIMIT_MESSAGE)
#define IN_BLOCK (16 * KIB)

struct socket {
	uv_tcp_t uv;
	uv_connect_t connect;
	struct smtp_link *link; /* NULL: nobody is interested any more */
};

struct look_up {
	uv_getaddrinfo_t uv;
	struct smtp_link *link; /* NULL likewise */
};

struct pending_write {
	uv_write_t uv;
	struct buf bytes;
	struct socket *socket;
};

struct smtp_link {
	struct loop *loop;
	const struct smtp_link_events *events;
	void *arg;
	uint16_t port;
	struct look_up *look_up;
	struct addrinfo *found; /* to be released */
	struct addrinfo *next;  /* to be tried */
	struct sockaddr_storage literal;
	struct socket *socket;
	struct loop_timer *failed; /* reports a failure found inside a call */
	const char *why;
	bool open;
	bool writing; /* a pending_write is under way */
	bool write_broken;
	struct buf out;
	uint64_t taken;
	uint64_t dropped; /* could not be written any more */
	uint64_t in_writing;
	char block[IN_BLOCK];
};

static void try_next(struct smtp_link *);

static void
end_link(struct smtp_link *l, const char *why)
{
	l->events->ended(l->arg, why);
}

static void
on_failed(void *arg, int64_t now)
{
	struct smtp_link *l = arg;

	(void)now;
	end_link(l, l->why);
}

static void
fail_later(struct smtp_link *l, const char *why)
{
	l->why = why;
	if (!l->failed)
		l->failed = loop_timer_new(l->loop, on_failed, l);
	loop_timer_set(l->failed, 0, 0);
}

static void
on_socket_closed(uv_handle_t *h)
{
	mem_free(h->data);
}

static void
drop_socket(struct smtp_link *l)
{
	if (!l->socket)
		return;
	l->socket->link = NULL;
	uv_close((uv_handle_t *)&l->socket->uv, on_socket_closed);
	l->socket = NULL;
}

static void
on_room(uv_handle_t *h, size_t hint, uv_buf_t *b)
{
	struct socket *s = h->data;

	(void)hint;
	*b = s->link ? uv_buf_init(s->link->block, IN_BLOCK) : uv_buf_init(NULL, 0);
}

static void
on_read(uv_stream_t *h, ssize_t n, const uv_buf_t *b)
{
	struct socket *s = h->data;

	if (!s->link || n == 0)
		return;
	if (n > 0) {
		s->link->events->bytes(s->link->arg, (struct sv){b->base, (size_t)n});
		return;
	}
	uv_read_stop(h);
	end_link(s->link, n == UV_EOF ? "the peer closed the connection" : uv_strerror((int)n));
}

static void
on_connect(uv_connect_t *c, int status)
{
	struct socket *s = c->data;
	struct smtp_link *l = s->link;

	if (!l)
		return;
	if (status < 0) {
		l->why = uv_strerror(status);
		drop_socket(l);
		try_next(l);
		return;
	}
	l->open = true;
	uv_tcp_nodelay(&s->uv, 1);
	if (uv_read_start((uv_stream_t *)&s->uv, on_room, on_read) < 0) {
		end_link(l, "reading could not be started");
		return;
	}
	l->events->connected(l->arg);
}

static void
dial(struct smtp_link *l, const struct sockaddr *a)
{
	struct socket *s = MEM_NEW(struct socket);
	int r;

	BUG_ON(uv_tcp_init(loop_uv(l->loop), &s->uv) != 0);
	s->uv.data = s;
	s->connect.data = s;
	s->link = l;
	l->socket = s;
	r = uv_tcp_connect(&s->connect, &s->uv, a, on_connect);
	if (r < 0) {
		drop_socket(l);
		l->why = uv_strerror(r);
		try_next(l);
	}
}

static void
try_next(struct smtp_link *l)
{
	struct addrinfo *a = l->next;

	if (!a) {
		fail_later(l, l->why);
		return;
	}
	l->next = a->ai_next;
	dial(l, a->ai_addr);
}

static void
on_found(uv_getaddrinfo_t *h, int status, struct addrinfo *found)
{
	struct look_up *q = h->data;
	struct smtp_link *l = q->link;

	mem_free(q);
	if (!l) {
		uv_freeaddrinfo(found);
		return;
	}
	l->look_up = NULL;
	if (status < 0) {
		end_link(l, uv_strerror(status));
		return;
	}
	l->found = l->next = found;
	l->why = "no address";
	try_next(l);
}

static void
look_up(struct smtp_link *l, const char *host)
{
	struct addrinfo hints;
	char port[8];
	int r;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_UNSPEC;
	hints.ai_socktype = SOCK_STREAM;
	snprintf(port, sizeof(port), "%u", (unsigned)l->port);
	l->look_up = MEM_NEW(struct look_up);
	l->look_up->uv.data = l->look_up;
	l->look_up->link = l;
	r = uv_getaddrinfo(loop_uv(l->loop), &l->look_up->uv, on_found, host, port, &hints);
	if (r < 0) {
		MEM_FREE(&l->look_up);
		fail_later(l, uv_strerror(r));
	}
}

struct smtp_link *
smtp_link_new(struct loop *loop, const char *host, uint16_t port,
	      const struct smtp_link_events *events, void *arg)
{
	struct smtp_link *l = MEM_NEW(struct smtp_link);
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	l->loop = loop;
	l->events = events;
	l->arg = arg;
	l->port = port;
	buf_init(&l->out, OUT_MAX);
	if (uv_ip4_addr(host, port, &in) == 0) {
		memcpy(&l->literal, &in, sizeof(in));
		dial(l, (const struct sockaddr *)&l->literal);
	} else if (uv_ip6_addr(host, port, &in6) == 0) {
		memcpy(&l->literal, &in6, sizeof(in6));
		dial(l, (const struct sockaddr *)&l->literal);
	} else {
		look_up(l, host);
	}
	return l;
}

void
smtp_link_free(struct smtp_link **pl)
{
	struct smtp_link *l = *pl;

	if (!l)
		return;
	*pl = NULL;
	if (l->look_up) {
		l->look_up->link = NULL;
		uv_cancel((uv_req_t *)&l->look_up->uv);
	}
	drop_socket(l);
	uv_freeaddrinfo(l->found);
	loop_timer_free(&l->failed);
	buf_fini(&l->out);
	mem_free(l);
}

struct buf *
smtp_link_out(struct smtp_link *l)
{
	return &l->out;
}

uint64_t
smtp_link_queued(const struct smtp_link *l)
{
	return l->taken + l->dropped + l->in_writing + l->out.n;
}

uint64_t
smtp_link_taken(const struct smtp_link *l)
{
	return l->taken;
}

static void
drop_out(struct smtp_link *l)
{
	l->write_broken = true;
	l->dropped += l->out.n;
	buf_reset(&l->out);
}

static void
on_written(uv_write_t *w, int status)
{
	struct pending_write *p = w->data;
	struct smtp_link *l = p->socket->link;
	size_t n = p->bytes.n;

	buf_fini(&p->bytes);
	mem_free(p);
	if (!l)
		return;
	l->writing = false;
	l->in_writing = 0;
	if (status < 0) {
		l->dropped += n;
		drop_out(l);
		return;
	}
	l->taken += n;
	smtp_link_flush(l);
}

static void
write_rest(struct smtp_link *l)
{
	struct pending_write *p = MEM_NEW(struct pending_write);
	uv_buf_t b;

	p->uv.data = p;
	p->socket = l->socket;
	p->bytes = l->out;
	buf_init(&l->out, OUT_MAX);
	l->in_writing = p->bytes.n;
	l->writing = true;
	b = uv_buf_init(p->bytes.p, (unsigned)p->bytes.n);
	if (uv_write(&p->uv, (uv_stream_t *)&l->socket->uv, &b, 1, on_written) < 0) {
		l->writing = false;
		l->in_writing = 0;
		l->dropped += p->bytes.n;
		buf_fini(&p->bytes);
		mem_free(p);
		drop_out(l);
	}
}

void
smtp_link_flush(struct smtp_link *l)
{
	uv_buf_t b;
	int n;

	/* The bounds on messages and slots keep this from happening. */
	BUG_ON(!buf_ok(&l->out));
	if (l->write_broken) {
		drop_out(l);
		return;
	}
	if (!l->open || l->writing || l->out.n == 0)
		return;
	b = uv_buf_init(l->out.p, (unsigned)l->out.n);
	n = uv_try_write((uv_stream_t *)&l->socket->uv, &b, 1);
	if (n < 0 && n != UV_EAGAIN) {
		drop_out(l);
		return;
	}
	if (n > 0)
		l->taken += (uint64_t)n;
	if (n > 0 && (size_t)n == l->out.n) {
		buf_reset(&l->out);
		return;
	}
	if (n > 0) {
		size_t rest = l->out.n - (size_t)n;

		memmove(l->out.p, l->out.p + n, rest);
		buf_cut(&l->out, rest);
	}
	write_rest(l);
}
