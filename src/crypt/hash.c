/*
 * hash.c — plain digests.
 */
#include "crypt/hash.h"

#include <sodium.h>

#include "base/err.h"
#include "crypt/ready.h"

static const unsigned char *
bytes_of(struct sv v)
{
	return (const unsigned char *)(v.n > 0 ? v.p : "");
}

void
hash_sha256(unsigned char ret[HASH_BYTES], struct sv v)
{
	ready_sodium();
	crypto_hash_sha256(ret, bytes_of(v), v.n);
}

void
hash_blake2b(unsigned char ret[HASH_BYTES], struct sv v)
{
	ready_sodium();
	BUG_ON(crypto_generichash(ret, HASH_BYTES, bytes_of(v), v.n, NULL, 0) != 0);
}

void
hash_parts(unsigned char ret[HASH_BYTES], const struct sv *parts, size_t n)
{
	crypto_generichash_state st;
	size_t i, k;

	ready_sodium();
	BUG_ON(crypto_generichash_init(&st, NULL, 0, HASH_BYTES) != 0);
	for (i = 0; i < n; i++) {
		unsigned char length[8];
		uint64_t left = parts[i].n;

		for (k = 0; k < sizeof(length); k++, left >>= 8)
			length[k] = (unsigned char)(left & 0xFF);
		crypto_generichash_update(&st, length, sizeof(length));
		crypto_generichash_update(&st, bytes_of(parts[i]), parts[i].n);
	}
	crypto_generichash_final(&st, ret, HASH_BYTES);
}
