/*
 * peak FILE COMMAND… — run the command and write "EXIT MS KIB" into FILE: its exit (128 and
 * the signal when one ended it), the milliseconds it took, its peak resident set.
 *
 * Memory under a sanitizer says nothing of the program: KIB is 0 there.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static long
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
main(int argc, char **argv)
{
	struct rusage used;
	long from;
	int status;
	pid_t child;
	FILE *f;

	if (argc < 3)
		return 2;
	from = now_ms();
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child)
		return 3;
	f = fopen(argv[1], "w");
	if (f == NULL)
		return 3;
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	fprintf(f, "%d %ld %ld\n", status, now_ms() - from, SANITIZED ? 0L : used.ru_maxrss);
	return fclose(f) == 0 ? status : 3;
}
