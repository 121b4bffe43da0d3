/*
 * http_client.c — see http_client.h.
 */
#include "http_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/time.h"

struct http_server *
start(const struct http_settings *set, http_handler_fn *handler)
{
	struct http_server *s = NULL;
	struct err e = ERR_INIT;

	if (http_server_start(&s, set, handler, NULL, &e) != RC_OK)
		fail_msg("%s", e.text);
	assert_true(http_server_port(s) > 0);
	return s;
}

int
dial(const struct http_server *s)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons(http_server_port(s));
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

void
say(int fd, struct sv v)
{
	while (v.n > 0) {
		ssize_t n = send(fd, v.p, v.n, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		v = sv_from(v, (size_t)n);
	}
}

bool
read_to_end(int fd, struct buf *out)
{
	struct pollfd p = {fd, POLLIN, 0};
	char block[65536];
	ssize_t n;

	for (;;) {
		if (poll(&p, 1, PATIENCE_MS) <= 0)
			return false;
		n = recv(fd, block, sizeof(block), 0);
		if (n <= 0)
			return true;
		buf_add(out, (struct sv){block, (size_t)n});
	}
}

void
ask(const struct http_server *s, struct sv request, struct buf *out)
{
	int fd = dial(s);

	buf_reset(out);
	say(fd, request);
	assert_true(read_to_end(fd, out));
	close(fd);
}

bool
holds(const struct buf *b, const char *what)
{
	return sv_find(buf_sv(b), sv_of(what)) < b->n;
}

void
read_answer(int fd, struct buf *out, size_t n_body)
{
	struct pollfd p = {fd, POLLIN, 0};
	size_t head;
	char c;

	buf_reset(out);
	while (!sv_ends(buf_sv(out), SV("\r\n\r\n"))) {
		assert_true(poll(&p, 1, PATIENCE_MS) > 0);
		assert_int_equal(recv(fd, &c, 1, 0), 1);
		buf_addc(out, c);
	}
	head = out->n;
	while (out->n < head + n_body) {
		assert_true(poll(&p, 1, PATIENCE_MS) > 0);
		assert_int_equal(recv(fd, &c, 1, 0), 1);
		buf_addc(out, c);
	}
}

/* Sends a byte of text now and then until the server closes; false when it did not
 * within PATIENCE_MS. */
bool
drip(int fd, struct sv text)
{
	struct pollfd p = {fd, POLLIN, 0};
	int64_t until = time_mono_ms() + PATIENCE_MS;
	size_t i = 0;
	char c;

	while (time_mono_ms() < until) {
		if (i < text.n)
			say(fd, (struct sv){text.p + i++, 1});
		if (poll(&p, 1, 20) > 0 && recv(fd, &c, 1, 0) <= 0)
			return true;
	}
	return false;
}
