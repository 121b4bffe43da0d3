/*
 * mem.h — heap memory that is there or ends the process.
 *
 * The stores are crash-safe, so a restart is the way out of exhausted memory.
 * In return no size from outside may reach these calls before it passed a
 * bound from base/limits.h.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#include "base/compiler.h"

/* Uninitialised memory; never NULL, also for size 0. */
void *mem_alloc(size_t size) CHECKED;

/* Zeroed memory for n items; the product is checked. */
void *mem_zero(size_t n, size_t size) CHECKED;

/* Grow or shrink; p may be NULL. */
void *mem_resize(void *p, size_t n, size_t size) CHECKED;

/* Make room for `need` items of `size` in the array *p of capacity *cap,
 * growing by half; existing items keep their values. */
void *mem_grow(void *p, size_t *cap, size_t need, size_t size) CHECKED;

/* A copy of n bytes with a NUL behind it. */
char *mem_dup(const char *p, size_t n) CHECKED;

void mem_free(void *p);

/* Overwrite, in a way that the compiler keeps. */
void mem_wipe(void *p, size_t n);

#define MEM_NEW(type)      ((type *)mem_zero(1, sizeof(type)))
#define MEM_NEW_N(type, n) ((type *)mem_zero((n), sizeof(type)))

/* Release through a pointer to the pointer; accepts NULL, leaves NULL. */
#define MEM_FREE(pp)             \
	do {                     \
		mem_free(*(pp)); \
		*(pp) = NULL;    \
	} while (0)

#endif
