/*
 * keyed_hash.c — keyed BLAKE2b with the domain as its personalisation (RFC 7693, 2.5
 * and 2.9).
 */
#include "crypt/keyed_hash.h"

#include <sodium.h>

#include "base/err.h"
#include "crypt/key.h"
#include "crypt/ready.h"

void
keyed_hash(unsigned char ret[KEYED_HASH], const struct crypt_key *key, const char *domain,
	   struct sv text)
{
	unsigned char personal[crypto_generichash_blake2b_PERSONALBYTES] = {0};
	size_t n = strlen(domain);

	BUG_ON(n > sizeof(personal));
	memcpy(personal, domain, n);
	ready_sodium();
	BUG_ON(crypto_generichash_blake2b_salt_personal(
		       ret, KEYED_HASH, (const unsigned char *)(text.n > 0 ? text.p : ""), text.n,
		       key->b, sizeof(key->b), NULL, personal) != 0);
}
