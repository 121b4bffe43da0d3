/*
 * arena.c — see arena.h: a chain of blocks, the newest first; a piece larger
 * than a quarter block gets a block of its own behind the newest. Blocks of an
 * arena that was reset wait in a second chain: pages that were touched once are
 * cheaper than fresh ones.
 */
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"

#define BLOCK_SIZE ((size_t)64 * 1024)
#define KEEP       ((size_t)4 * 1024 * 1024) /* bytes in the spare blocks of one arena */
#define ALIGN      alignof(max_align_t)

struct block {
	struct block *next;
	size_t size; /* of data */
	size_t used;
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *head;
	struct block *spare; /* empty ones */
	size_t n_spare;      /* their bytes */
};

static struct block *
block_new(size_t size)
{
	struct block *b = mem_alloc(sizeof(*b) + size);

	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

/* A spare block of at least that size, and not many times larger; else a new one. */
static struct block *
block_take(struct arena *a, size_t size)
{
	struct block **at, *b;

	for (at = &a->spare; (b = *at) != NULL; at = &b->next) {
		if (b->size < size || b->size / 4 > size)
			continue;
		*at = b->next;
		a->n_spare -= b->size;
		b->next = NULL;
		b->used = 0;
		return b;
	}
	return block_new(size);
}

struct arena *
arena_new(void)
{
	struct arena *a = MEM_NEW(struct arena);

	a->head = block_new(BLOCK_SIZE);
	return a;
}

static void
free_blocks(struct block *b)
{
	while (b != NULL) {
		struct block *next = b->next;

		mem_free(b);
		b = next;
	}
}

void
arena_free(struct arena **a)
{
	if (*a == NULL)
		return;
	free_blocks((*a)->head);
	free_blocks((*a)->spare);
	MEM_FREE(a);
}

void
arena_reset(struct arena *a)
{
	struct block *b = a->head->next, *next;

	for (; b != NULL; b = next) {
		next = b->next;
		if (b->size > KEEP - a->n_spare) {
			mem_free(b);
			continue;
		}
		b->next = a->spare;
		a->spare = b;
		a->n_spare += b->size;
	}
	a->head->next = NULL;
	a->head->used = 0;
}

size_t
arena_used(const struct arena *a)
{
	const struct block *b;
	size_t sum = 0;

	for (b = a->head; b != NULL; b = b->next)
		sum += b->used;
	return sum;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->head;
	void *p;

	BUG_ON(size > SIZE_MAX / 2);
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (size > BLOCK_SIZE / 4) {
		struct block *own = block_take(a, size);

		own->used = size;
		own->next = b->next;
		b->next = own;
		return own->data;
	}
	if (size > b->size - b->used) {
		b = block_take(a, BLOCK_SIZE);
		b->next = a->head;
		a->head = b;
	}
	p = b->data + b->used;
	b->used += size;
	return p;
}

void
arena_trim(struct arena *a, const void *piece, size_t size)
{
	struct block *b = a->head;
	size_t from;

	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	/* A piece with a block of its own keeps it. */
	if ((uintptr_t)piece < (uintptr_t)b->data ||
	    (uintptr_t)piece >= (uintptr_t)b->data + b->used)
		return;
	from = (size_t)((const char *)piece - b->data);
	BUG_ON(size > b->used - from);
	b->used = from + size;
}

void *
arena_zero(struct arena *a, size_t n, size_t size)
{
	void *p;

	BUG_ON(size != 0 && n > SIZE_MAX / 2 / size);
	p = arena_alloc(a, n * size);
	memset(p, 0, n * size);
	return p;
}

char *
arena_str(struct arena *a, struct sv v)
{
	char *p = arena_alloc(a, v.n + 1);

	if (v.n > 0)
		memcpy(p, v.p, v.n);
	p[v.n] = '\0';
	return p;
}

struct sv
arena_sv(struct arena *a, struct sv v)
{
	return (struct sv){arena_str(a, v), v.n};
}

struct sv
arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	char none[1], *p;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(none, sizeof(none), fmt, args);
	va_end(args);
	BUG_ON(n < 0);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct sv){p, (size_t)n};
}
