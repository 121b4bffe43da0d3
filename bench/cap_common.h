/*
 * cap_common.h — what the peers of `tocsin bench cap` share: the files in memory, two seconds
 * of the processor, the line of JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define RUN_US   2000000LL
#define FILE_MAX ((size_t)4 << 20)

struct file {
	char *p;
	size_t n;
};

static long long
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The whole file, or the end of the program. */
static struct file
load(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct file file = {malloc(FILE_MAX), 0};

	if (f == NULL || file.p == NULL) {
		perror(path);
		exit(2);
	}
	file.n = fread(file.p, 1, FILE_MAX, f);
	fclose(f);
	file.p = realloc(file.p, file.n + 1);
	return file;
}

/* All the files in turn, again and again, on one core, for at least two seconds of its time. */
static void
run(const char *name, char **paths, size_t n, void (*one)(const char *p, size_t n))
{
	struct file *files = calloc(n + 1, sizeof(*files));
	long long from, now;
	size_t i, done = 0;

	if (n == 0 || files == NULL)
		exit(2);
	for (i = 0; i < n; i++)
		files[i] = load(paths[i]);
	from = now_us();
	do {
		for (i = 0; i < n; i++)
			one(files[i].p, files[i].n);
		done += n;
		now = now_us();
	} while (now - from < RUN_US);
	printf("{\"bench\":\"%s\",\"value\":%.1f,\"unit\":\"alerts/s\",\"n\":%zu}\n", name,
	       (double)done * 1e6 / (double)(now - from), n);
	for (i = 0; i < n; i++)
		free(files[i].p);
	free(files);
}
