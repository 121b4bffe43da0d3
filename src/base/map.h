/*
 * map.h — from text to a number; open addressing, grows by itself. Keys are
 * copied. Iteration order is insertion order.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/sv.h"

struct map;

struct map *map_new(uint64_t seed) CHECKED;
void map_free(struct map **);
size_t map_count(const struct map *);
bool map_get(const struct map *, struct sv key, int64_t *ret);

/* The place of the value of key, made with `initial` when new; valid until the
 * next map_at. *ret_new may be NULL. */
int64_t *map_at(struct map *, struct sv key, int64_t initial, bool *ret_new) CHECKED;

/* The i-th entry in insertion order; i < map_count. */
struct sv map_key(const struct map *, size_t i);
int64_t map_value(const struct map *, size_t i);

#endif
