/*
 * connects PORT — exit 0 when somebody listens at that port of 127.0.0.1.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/sv.h"

int
main(int argc, char **argv)
{
	struct sockaddr_in to;
	uint64_t port;
	int fd;

	if (argc != 2 || !sv_to_u64(sv_of(argv[1]), &port) || port > 65535)
		return 2;
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return 3;
	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_port = htons((uint16_t)port);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 ? 0 : 1;
}
