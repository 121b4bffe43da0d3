/*
 * local_addr.c — the address of a Unix socket.
 */
#include "net/local_addr.h"

#include <string.h>
#include <sys/socket.h>

#include "base/time.h"

enum rc
local_addr(struct sockaddr_un *ret, const char *path, struct err *e)
{
	struct sockaddr_un a;
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof(a.sun_path))
		return err_set(e, RC_LIMIT,
			       "%s: the path of a socket has %zu bytes (expected 1 to %zu): "
			       "use a shorter data folder",
			       path, n, sizeof(a.sun_path) - 1);
	memset(&a, 0, sizeof(a));
	a.sun_family = AF_UNIX;
	memcpy(a.sun_path, path, n);
	*ret = a;
	return RC_OK;
}

int
local_left_ms(int timeout_ms, long long until)
{
	long long left;

	if (timeout_ms < 0)
		return -1;
	left = until - (long long)time_mono_ms();
	if (left < 0)
		return 0;
	return left > timeout_ms ? timeout_ms : (int)left;
}
