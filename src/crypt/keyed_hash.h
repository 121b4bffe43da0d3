/*
 * keyed_hash.h — 16 bytes that stand for a text, only for who has the key.
 *
 * Keyed BLAKE2b. The domain says what kind of text it is ("email", "sms"; at
 * most 16 bytes, it is BLAKE2's personalisation), so that equal texts of two
 * kinds do not meet. Used for equality search over sealed contact points.
 */
#ifndef CRYPT_KEYED_HASH_H
#define CRYPT_KEYED_HASH_H

#include "base/sv.h"

struct crypt_key;

#define KEYED_HASH 16

void keyed_hash(unsigned char ret[KEYED_HASH], const struct crypt_key *, const char *domain,
		struct sv text);

#endif
