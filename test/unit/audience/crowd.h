/*
 * crowd.h — made-up people for the audience tests, and an index of them.
 */
#ifndef TEST_CROWD_H
#define TEST_CROWD_H

#include <stddef.h>
#include <stdint.h>

#include "brute.h"

struct index;

/* n people, the same for the same seed: over the world, near and exactly on the
 * given points, with and without coordinates, with stays round the day `about` as
 * well as long ones. Owned by the caller (mem_free). */
struct brute_person *crowd_new(size_t n, uint64_t seed, const struct geo_point *near, size_t n_near,
			       int32_t about);

/* Their index; of persons [from, to). */
struct index *crowd_index(const struct brute_person *, size_t from, size_t to);

/* Append one person to an index's tail. */
void crowd_add(struct index *, const struct brute_person *);

#endif
