/*
 * rand.c — see rand.h.
 */
#include "base/err.h"
#include "base/rand.h"

void
rand_init(struct rand *r, uint64_t seed)
{
	int i;

	for (i = 0; i < 4; i++) {
		uint64_t z = (seed += 0x9e3779b97f4a7c15u);

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z = (z ^ z >> 27) * 0x94d049bb133111ebu;
		r->s[i] = z ^ z >> 31;
	}
}

static uint64_t
rotate(uint64_t v, int k)
{
	return v << k | v >> (64 - k);
}

uint64_t
rand_u64(struct rand *r)
{
	uint64_t result = rotate(r->s[1] * 5, 7) * 9;
	uint64_t t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = rotate(r->s[3], 45);
	return result;
}

uint64_t
rand_below(struct rand *r, uint64_t n)
{
	uint64_t rest, v;

	BUG_ON(n == 0);
	rest = (0 - n) % n; /* 2^64 mod n */
	do
		v = rand_u64(r);
	while (v < rest);
	return v % n;
}

double
rand_unit(struct rand *r)
{
	return (double)(rand_u64(r) >> 11) * 0x1p-53;
}
