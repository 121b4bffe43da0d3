/*
 * mem.c — see mem.h. The end of memory is reported in one line and ends the
 * process by abort, so that the supervisor sees it as any other crash.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

NORETURN static void
out_of_memory(size_t size)
{
	fprintf(stderr, "tocsin: out of memory (%zu bytes wanted)\n", size);
	abort();
}

static size_t
product(size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		out_of_memory(SIZE_MAX);
	return n * size;
}

void *
mem_alloc(size_t size)
{
	void *p = malloc(size > 0 ? size : 1);

	if (p == NULL)
		out_of_memory(size);
	return p;
}

void *
mem_zero(size_t n, size_t size)
{
	size_t bytes = product(n, size);
	void *p = calloc(bytes > 0 ? bytes : 1, 1);

	if (p == NULL)
		out_of_memory(bytes);
	return p;
}

void *
mem_resize(void *p, size_t n, size_t size)
{
	size_t bytes = product(n, size);
	void *q = realloc(p, bytes > 0 ? bytes : 1);

	if (q == NULL)
		out_of_memory(bytes);
	return q;
}

void *
mem_grow(void *p, size_t *cap, size_t need, size_t size)
{
	size_t n = *cap;

	if (need <= n)
		return p;
	if (n < 16)
		n = 16;
	while (n < need)
		n = product(n, 3) / 2;
	p = mem_resize(p, n, size);
	*cap = n;
	return p;
}

char *
mem_dup(const char *p, size_t n)
{
	char *copy = mem_alloc(product(n + 1, 1));

	if (n > 0)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

void
mem_free(void *p)
{
	free(p);
}

void
mem_wipe(void *p, size_t n)
{
	volatile unsigned char *bytes = p;

	while (n-- > 0)
		*bytes++ = 0;
}
