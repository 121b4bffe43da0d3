/*
 * hint.c — datagrams of one byte. The receiver empties the socket and acts once, so
 * a burst of hints costs one look.
 */
#include "net/hint.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/time.h"
#include "net/local_addr.h"

struct hint {
	int fd;
	char *path;
	struct loop_reader *reader; /* NULL: nobody watches from a loop */
	loop_post_fn *fn;
	void *arg;
};

enum rc
hint_open(struct hint **ret, const char *path, struct err *e)
{
	struct sockaddr_un a;
	struct hint *h;
	enum rc rc;
	int fd;

	rc = local_addr(&a, path, e);
	if (rc != RC_OK)
		return rc;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_errno(e, RC_IO, "%s: making a socket", path);
	if (unlink(path) < 0 && errno != ENOENT) {
		rc = err_errno(e, RC_IO, "%s: removing the old socket", path);
		close(fd);
		return rc;
	}
	/* The folder is the first fence; the mode is set before anybody is told of the path. */
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || chmod(path, 0600) < 0) {
		rc = err_errno(e, RC_IO, "%s: binding a socket", path);
		close(fd);
		return rc;
	}
	h = MEM_NEW(struct hint);
	h->fd = fd;
	h->path = mem_dup(path, strlen(path));
	*ret = h;
	return RC_OK;
}

void
hint_close(struct hint **ph)
{
	struct hint *h = *ph;

	if (!h)
		return;
	*ph = NULL;
	hint_unwatch(h);
	unlink(h->path);
	close(h->fd);
	mem_free(h->path);
	mem_free(h);
}

/* True when there was any. */
static bool
drain(struct hint *h)
{
	char byte;
	bool any = false;
	ssize_t n;

	for (;;) {
		n = recv(h->fd, &byte, 1, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return any;
		any = true;
	}
}

static void
on_reader(void *arg, int64_t now)
{
	struct hint *h = arg;

	if (drain(h))
		h->fn(h->arg, now);
}

enum rc
hint_watch(struct hint *h, struct loop *l, loop_post_fn *fn, void *arg, struct err *e)
{
	BUG_ON(h->reader);
	h->fn = fn;
	h->arg = arg;
	return loop_reader_new(&h->reader, l, h->fd, on_reader, h, e);
}

void
hint_unwatch(struct hint *h)
{
	loop_reader_free(&h->reader);
}

bool
hint_wait(struct hint *h, int timeout_ms)
{
	struct pollfd p = {h->fd, POLLIN, 0};
	long long until = (long long)time_mono_ms() + timeout_ms;
	int n;

	for (;;) {
		n = poll(&p, 1, local_left_ms(timeout_ms, until));
		if (n > 0 && drain(h))
			return true;
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
	}
}

void
hint_send(const char *path)
{
	struct sockaddr_un a;
	int fd;

	if (local_addr(&a, path, NULL) != RC_OK)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	/* A full queue means that the receiver has hints enough. */
	(void)!sendto(fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&a, sizeof(a));
	close(fd);
}
