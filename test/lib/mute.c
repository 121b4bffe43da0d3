/*
 * mute PORT — accepts connections on 127.0.0.1:PORT and never says a word, as a
 * hung mail server does, until it is killed.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/sv.h"

int
main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
	int64_t port = 0;

	if (argc != 2 || fd < 0 || !sv_to_i64(sv_of(argv[1]), &port) || port < 1 || port > 65535)
		return 2;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = htons((uint16_t)port);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 64) != 0) {
		perror("mute");
		return 1;
	}
	for (;;)
		pause();
}
