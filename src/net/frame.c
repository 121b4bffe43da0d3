/*
 * frame.c — framed messages over a local stream socket.
 *
 * The sockets are non-blocking underneath and every wait is a poll, so that one
 * time limit holds for a whole frame however the peer splits it.
 */
#include "net/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "net/local_addr.h"

#define BACKLOG 64

/* struct ucred is Linux's own and hidden without _GNU_SOURCE. */
struct peer_cred {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

struct local_server {
	int fd;
	int stop[2]; /* a pipe: readable for ever once stopped */
	char *path;
	dev_t dev; /* which file is ours, so that closing removes no successor's */
	ino_t ino;
};

struct local {
	int fd;
};

static int
stream_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static void
close_all(const int *fds, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static enum rc
check_peer(int fd, struct err *e)
{
	struct peer_cred c = {0, (uid_t)-1, (gid_t)-1};
	socklen_t n = sizeof(c);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &n) < 0 || n != sizeof(c))
		return err_errno(e, RC_IO, "local socket: asking who the peer is");
	if (c.uid != geteuid())
		return err_set(e, RC_DENIED,
			       "local socket: the peer runs as user %lu (expected our own, %lu)",
			       (unsigned long)c.uid, (unsigned long)geteuid());
	return RC_OK;
}

/* True when somebody listens at the address. */
static bool
is_served(const struct sockaddr_un *a)
{
	int fd = stream_socket();
	bool yes;

	if (fd < 0)
		return false;
	yes = connect(fd, (const struct sockaddr *)a, sizeof(*a)) == 0 || errno == EAGAIN;
	close(fd);
	return yes;
}

enum rc
local_listen(struct local_server **ret, const char *path, unsigned mode, struct err *e)
{
	struct local_server *s = NULL;
	struct sockaddr_un a;
	struct stat st;
	enum rc rc;
	int fd = -1, stop[2] = {-1, -1};

	rc = local_addr(&a, path, e);
	if (rc != RC_OK)
		return rc;
	if (is_served(&a))
		return err_set(e, RC_CONFLICT, "%s: another process listens there", path);
	fd = stream_socket();
	if (fd < 0) {
		rc = err_errno(e, RC_IO, "%s: making a socket", path);
		goto out;
	}
	if (unlink(path) < 0 && errno != ENOENT) {
		rc = err_errno(e, RC_IO, "%s: removing the old socket", path);
		goto out;
	}
	/* Nobody can connect before listen, so the mode is in force from the start. */
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || chmod(path, (mode_t)mode) < 0 ||
	    stat(path, &st) < 0 || listen(fd, BACKLOG) < 0) {
		rc = err_errno(e, RC_IO, "%s: listening", path);
		goto out;
	}
	if (pipe(stop) < 0 || fcntl(stop[0], F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(stop[1], F_SETFD, FD_CLOEXEC) < 0 || fcntl(stop[1], F_SETFL, O_NONBLOCK) < 0) {
		rc = err_errno(e, RC_IO, "%s: making a pipe", path);
		goto out;
	}
	s = MEM_NEW(struct local_server);
	s->fd = fd;
	s->stop[0] = stop[0];
	s->stop[1] = stop[1];
	s->path = mem_dup(path, strlen(path));
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	fd = stop[0] = stop[1] = -1;
	*ret = s;
out:
	close_all((int[]){fd, stop[0], stop[1]}, 3);
	return rc;
}

void
local_server_close(struct local_server **ps)
{
	struct local_server *s = *ps;
	struct stat st;

	if (!s)
		return;
	*ps = NULL;
	if (stat(s->path, &st) == 0 && st.st_dev == s->dev && st.st_ino == s->ino)
		unlink(s->path);
	close_all((int[]){s->fd, s->stop[0], s->stop[1]}, 3);
	mem_free(s->path);
	mem_free(s);
}

void
local_server_stop(struct local_server *s)
{
	(void)!write(s->stop[1], "", 1);
}

static struct local *
local_new(int fd)
{
	struct local *l = MEM_NEW(struct local);

	l->fd = fd;
	return l;
}

void
local_close(struct local **pl)
{
	if (*pl) {
		close((*pl)->fd);
		mem_free(*pl);
	}
	*pl = NULL;
}

/* RC_OK when fd is ready or broken (the next call tells), RC_TIMEOUT. */
static enum rc
wait_for(int fd, short events, int timeout_ms, long long until, const char *what, struct err *e)
{
	struct pollfd p = {fd, events, 0};
	int n;

	do
		n = poll(&p, 1, local_left_ms(timeout_ms, until));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(e, RC_IO, "local socket: waiting");
	if (n == 0)
		return err_set(e, RC_TIMEOUT, "local socket: %s took more than %d ms", what,
			       timeout_ms);
	return RC_OK;
}

/* RC_OK when somebody may be waiting. */
static enum rc
wait_for_peer(struct local_server *s, int timeout_ms, long long until, struct err *e)
{
	struct pollfd p[2] = {{s->fd, POLLIN, 0}, {s->stop[0], POLLIN, 0}};
	int n;

	do
		n = poll(p, 2, local_left_ms(timeout_ms, until));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(e, RC_IO, "%s: waiting for a connection", s->path);
	if (n == 0)
		return err_set(e, RC_TIMEOUT, "%s: nobody connected in %d ms", s->path, timeout_ms);
	if (p[1].revents)
		return err_set(e, RC_NOTFOUND, "%s: listening was stopped", s->path);
	return RC_OK;
}

enum rc
local_accept(struct local **ret, struct local_server *s, int timeout_ms, struct err *e)
{
	long long until = (long long)time_mono_ms() + timeout_ms;
	enum rc rc;
	int fd = -1;

	while (fd < 0) {
		rc = wait_for_peer(s, timeout_ms, until, e);
		if (rc != RC_OK)
			return rc;
		fd = accept(s->fd, NULL, NULL);
		if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			return err_errno(e, RC_IO, "%s: accepting", s->path);
	}
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		rc = err_errno(e, RC_IO, "%s: accepting", s->path);
	else
		rc = check_peer(fd, e);
	if (rc != RC_OK) {
		close(fd);
		return rc;
	}
	*ret = local_new(fd);
	return RC_OK;
}

enum rc
local_connect(struct local **ret, const char *path, int timeout_ms, struct err *e)
{
	long long until = (long long)time_mono_ms() + timeout_ms;
	struct sockaddr_un a;
	enum rc rc;
	int fd;

	rc = local_addr(&a, path, e);
	if (rc != RC_OK)
		return rc;
	fd = stream_socket();
	if (fd < 0)
		return err_errno(e, RC_IO, "%s: making a socket", path);
	while (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0) {
		if (errno == EINTR)
			continue;
		/* A full backlog gives EAGAIN at once and cannot be waited for: look again soon. */
		if (errno != EAGAIN) {
			rc = err_errno(e, RC_IO, "%s: connecting", path);
			goto out;
		}
		if (timeout_ms >= 0 && local_left_ms(timeout_ms, until) == 0) {
			rc = err_set(e, RC_TIMEOUT, "%s: connecting took more than %d ms", path,
				     timeout_ms);
			goto out;
		}
		poll(NULL, 0, 5);
	}
	rc = check_peer(fd, e);
out:
	if (rc != RC_OK) {
		close(fd);
		return rc;
	}
	*ret = local_new(fd);
	return RC_OK;
}

static enum rc
send_all(int fd, struct sv v, int timeout_ms, long long until, struct err *e)
{
	enum rc rc;
	ssize_t n;

	while (v.n > 0) {
		n = send(fd, v.p, v.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0) {
			v = sv_from(v, (size_t)n);
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return err_errno(e, RC_IO, "local socket: sending");
		rc = wait_for(fd, POLLOUT, timeout_ms, until, "sending a frame", e);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc
frame_send(struct local *l, struct sv v, int timeout_ms, struct err *e)
{
	long long until = (long long)time_mono_ms() + timeout_ms;
	char head[4];
	enum rc rc;

	if (v.n > LIMIT_FRAME)
		return err_set(e, RC_LIMIT,
			       "local socket: a frame of %zu bytes (expected at most %zu)", v.n,
			       LIMIT_FRAME);
	head[0] = (char)(v.n >> 24);
	head[1] = (char)(v.n >> 16);
	head[2] = (char)(v.n >> 8);
	head[3] = (char)v.n;
	rc = send_all(l->fd, (struct sv){head, sizeof(head)}, timeout_ms, until, e);
	if (rc != RC_OK)
		return rc;
	return send_all(l->fd, v, timeout_ms, until, e);
}

/* RC_NOTFOUND when the peer closed before the first byte. */
static enum rc
recv_all(int fd, char *p, size_t want, int timeout_ms, long long until, struct err *e)
{
	size_t have = 0;
	enum rc rc;
	ssize_t n;

	while (have < want) {
		n = recv(fd, p + have, want - have, MSG_DONTWAIT);
		if (n > 0) {
			have += (size_t)n;
			continue;
		}
		if (n == 0 && have == 0)
			return err_set(e, RC_NOTFOUND, "local socket: the peer closed");
		if (n == 0)
			return err_set(e, RC_IO,
				       "local socket: the peer closed after %zu of %zu bytes", have,
				       want);
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return err_errno(e, RC_IO, "local socket: receiving");
		rc = wait_for(fd, POLLIN, timeout_ms, until, "receiving a frame", e);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc
frame_recv(struct local *l, struct buf *b, int timeout_ms, struct err *e)
{
	long long until = (long long)time_mono_ms() + timeout_ms;
	unsigned char head[4];
	enum rc rc;
	size_t n;
	char *p;

	rc = recv_all(l->fd, (char *)head, sizeof(head), timeout_ms, until, e);
	if (rc != RC_OK)
		return rc;
	n = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | (size_t)head[3];
	if (n > LIMIT_FRAME)
		return err_set(e, RC_LIMIT,
			       "local socket: a frame of %zu bytes (expected at most %zu)", n,
			       LIMIT_FRAME);
	if (n == 0)
		return RC_OK;
	p = buf_room(b, n);
	if (!p)
		return buf_check(b, "local socket: the frame", e);
	rc = recv_all(l->fd, p, n, timeout_ms, until, e);
	if (rc == RC_NOTFOUND)
		rc = err_set(e, RC_IO, "local socket: the peer closed inside a frame");
	if (rc == RC_OK)
		buf_commit(b, n);
	return rc;
}
