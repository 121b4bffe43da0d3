/*
 * arena.h — memory for one unit of work (a request, an alert, a batch),
 * released as a whole. Pieces are aligned for any type and never moved.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/sv.h"

struct arena;

struct arena *arena_new(void) CHECKED;
void arena_free(struct arena **); /* NULL inside is fine; leaves NULL */
/* Empty again. Blocks are kept for what comes next, 4 MiB of them at most. */
void arena_reset(struct arena *);
size_t arena_used(const struct arena *);

void *arena_alloc(struct arena *, size_t size) CHECKED;          /* uninitialised */
void *arena_zero(struct arena *, size_t n, size_t size) CHECKED; /* zeroed, product checked */
/* The piece that was allocated last needs no more than its first `size` bytes. */
void arena_trim(struct arena *, const void *piece, size_t size);
struct sv arena_sv(struct arena *, struct sv);      /* a copy, NUL behind it */
char *arena_str(struct arena *, struct sv) CHECKED; /* a copy as C string */
struct sv arena_fmt(struct arena *, const char *fmt, ...) PRINTF(2, 3);

#define ARENA_NEW(a, type)      ((type *)arena_zero((a), 1, sizeof(type)))
#define ARENA_NEW_N(a, type, n) ((type *)arena_zero((a), (n), sizeof(type)))

#endif
