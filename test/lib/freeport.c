/*
 * freeport [N] — print N TCP ports that nobody listens on at 127.0.0.1, one a line.
 *
 * All are held until the last is known, so they differ; another process may still
 * take one before its reader does.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int
main(int argc, char **argv)
{
	int n = argc > 1 && argv[1][0] >= '1' && argv[1][0] <= '9' ? argv[1][0] - '0' : 1;
	int i;

	for (i = 0; i < n; i++) {
		struct sockaddr_in a;
		socklen_t len = sizeof(a);
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		memset(&a, 0, sizeof(a));
		a.sin_family = AF_INET;
		a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
		    getsockname(fd, (struct sockaddr *)&a, &len) != 0) {
			perror("freeport");
			return 1;
		}
		printf("%d\n", ntohs(a.sin_port));
	}
	return 0;
}
