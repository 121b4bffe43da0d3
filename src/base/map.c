/*
 * map.c — see map.h. Entries lie in insertion order in one array; the table
 * holds their numbers and is rebuilt at three quarters full.
 */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/mem.h"

struct entry {
	struct sv key;
	uint64_t hash;
	int64_t value;
};

struct map {
	struct arena *keys;
	struct entry *entries;
	size_t n, cap;
	uint32_t *table; /* entry number + 1; 0 is free */
	size_t mask;
	uint64_t seed;
};

struct map *
map_new(uint64_t seed)
{
	struct map *m = MEM_NEW(struct map);

	m->keys = arena_new();
	m->mask = 63;
	m->table = MEM_NEW_N(uint32_t, m->mask + 1);
	m->seed = seed;
	return m;
}

void
map_free(struct map **m)
{
	if (*m == NULL)
		return;
	arena_free(&(*m)->keys);
	mem_free((*m)->entries);
	mem_free((*m)->table);
	MEM_FREE(m);
}

size_t
map_count(const struct map *m)
{
	return m->n;
}

/* The slot that holds key, or the free one where it belongs. */
static size_t
slot_of(const struct map *m, struct sv key, uint64_t hash)
{
	size_t at = hash & m->mask;

	while (m->table[at] != 0) {
		const struct entry *e = &m->entries[m->table[at] - 1];

		if (e->hash == hash && sv_eq(e->key, key))
			break;
		at = (at + 1) & m->mask;
	}
	return at;
}

static void
rebuild(struct map *m)
{
	size_t i;

	m->mask = m->mask * 2 + 1;
	mem_free(m->table);
	m->table = MEM_NEW_N(uint32_t, m->mask + 1);
	for (i = 0; i < m->n; i++)
		m->table[slot_of(m, m->entries[i].key, m->entries[i].hash)] = (uint32_t)i + 1;
}

bool
map_get(const struct map *m, struct sv key, int64_t *ret)
{
	size_t at = slot_of(m, key, sv_hash(key, m->seed));

	if (m->table[at] == 0)
		return false;
	*ret = m->entries[m->table[at] - 1].value;
	return true;
}

int64_t *
map_at(struct map *m, struct sv key, int64_t initial, bool *ret_new)
{
	uint64_t hash = sv_hash(key, m->seed);
	size_t at = slot_of(m, key, hash);
	bool is_new = m->table[at] == 0;

	if (is_new) {
		if ((m->n + 1) * 4 > (m->mask + 1) * 3) {
			rebuild(m);
			at = slot_of(m, key, hash);
		}
		m->entries = mem_grow(m->entries, &m->cap, m->n + 1, sizeof(*m->entries));
		m->entries[m->n++] = (struct entry){arena_sv(m->keys, key), hash, initial};
		m->table[at] = (uint32_t)m->n;
	}
	if (ret_new != NULL)
		*ret_new = is_new;
	return &m->entries[m->table[at] - 1].value;
}

struct sv
map_key(const struct map *m, size_t i)
{
	return m->entries[i].key;
}

int64_t
map_value(const struct map *m, size_t i)
{
	return m->entries[i].value;
}
