/*
 * hash.h — plain digests: of what is public, or of what is random enough that
 * its digest gives nothing away. For the rest see keyed_hash.h.
 */
#ifndef CRYPT_HASH_H
#define CRYPT_HASH_H

#include <stddef.h>

#include "base/sv.h"

#define HASH_BYTES 32

void hash_sha256(unsigned char ret[HASH_BYTES], struct sv);
void hash_blake2b(unsigned char ret[HASH_BYTES], struct sv); /* BLAKE2b-256, RFC 7693 */

/* BLAKE2b-256 over the parts, each with its length in front, so that the same
 * bytes cut in other places give another digest. For chains of records. */
void hash_parts(unsigned char ret[HASH_BYTES], const struct sv *parts, size_t n);

#endif
