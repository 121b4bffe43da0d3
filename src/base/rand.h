/*
 * rand.h — a repeatable stream of numbers for samples, tests and jitter
 * (xoshiro256**, seeded by splitmix64; Blackman and Vigna 2018). Never for
 * secrets: those come from crypt.
 */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include <stdint.h>

struct rand {
	uint64_t s[4];
};

void rand_init(struct rand *, uint64_t seed);
uint64_t rand_u64(struct rand *);
uint64_t rand_below(struct rand *, uint64_t n); /* 0 … n-1, no bias; n > 0 */
double rand_unit(struct rand *);                /* [0, 1) */

#endif
