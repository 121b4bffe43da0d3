/*
 * http_listen.c — the socket that an HTTP server listens on.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http_int.h"

#define BACKLOG 1024

/* The address of the settings, or RC_SYNTAX. */
static enum rc
read_address(struct sockaddr_storage *ret, socklen_t *ret_n, const struct http_settings *set,
	     struct err *e)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	memset(ret, 0, sizeof(*ret));
	memset(&in, 0, sizeof(in));
	memset(&in6, 0, sizeof(in6));
	if (inet_pton(AF_INET, set->host, &in.sin_addr) == 1) {
		in.sin_family = AF_INET;
		in.sin_port = htons(set->port);
		memcpy(ret, &in, sizeof(in));
		*ret_n = sizeof(in);
		return RC_OK;
	}
	if (inet_pton(AF_INET6, set->host, &in6.sin6_addr) == 1) {
		in6.sin6_family = AF_INET6;
		in6.sin6_port = htons(set->port);
		memcpy(ret, &in6, sizeof(in6));
		*ret_n = sizeof(in6);
		return RC_OK;
	}
	return err_set(e, RC_SYNTAX,
		       "HTTP server: \"%s\" is not an address (expected one such as "
		       "\"127.0.0.1\" or \"::1\")",
		       set->host);
}

enum rc
http_listen(int *ret_fd, uint16_t *ret_port, const struct http_settings *set, struct err *e)
{
	struct sockaddr_storage a;
	struct sockaddr_in6 in6;
	struct sockaddr_in in;
	socklen_t n = 0;
	enum rc rc;
	int fd, on = 1, off = 0;

	rc = read_address(&a, &n, set, e);
	if (rc != RC_OK)
		return rc;
	fd = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_errno(e, RC_IO, "HTTP server: making a socket");
	/* "::" listens to IPv4 too, whatever the system's own default is. */
	if (a.ss_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&a, n) < 0 || listen(fd, BACKLOG) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) < 0) {
		rc = err_errno(e, RC_IO, "HTTP server: listening on %s port %u", set->host,
			       (unsigned)set->port);
		close(fd);
		return rc;
	}
	memcpy(&in, &a, sizeof(in));
	memcpy(&in6, &a, sizeof(in6));
	*ret_port = ntohs(a.ss_family == AF_INET6 ? in6.sin6_port : in.sin_port);
	*ret_fd = fd;
	return RC_OK;
}
