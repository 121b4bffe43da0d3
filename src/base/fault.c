/*
 * fault.c — see fault.h.
 */
#include "base/fault.h"

#ifdef TOCSIN_FAULTS

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sv.h"

#define SEEN_MAX 128

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *seen[SEEN_MAX];
static size_t n_seen;
static uint64_t passes;

static void
note(const char *name)
{
	const char *path = getenv("TOCSIN_FAULT_LOG");
	char line[128];
	size_t i;
	int fd, n;

	for (i = 0; i < n_seen; i++)
		if (strcmp(seen[i], name) == 0)
			return;
	if (n_seen < SEEN_MAX)
		seen[n_seen++] = name;
	if (path == NULL)
		return;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	n = snprintf(line, sizeof(line), "%s\n", name);
	if (write(fd, line, (size_t)n) != n)
		abort();
	close(fd);
}

void
fault_point(const char *name)
{
	struct sv want = sv_of(getenv("TOCSIN_FAULT"));
	size_t colon = sv_find_char(want, ':');
	uint64_t at = 1;

	pthread_mutex_lock(&lock);
	note(name);
	if (colon < want.n && !sv_to_u64(sv_from(want, colon + 1), &at))
		abort();
	if (want.n > 0 && sv_eq(sv_head(want, colon), sv_of(name)) && ++passes == at)
		_exit(86);
	pthread_mutex_unlock(&lock);
}

#endif
