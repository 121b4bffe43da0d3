/*
 * token.h — random url-safe tokens (sessions, one-time links). The store keeps
 * a token's hash only.
 */
#ifndef CRYPT_TOKEN_H
#define CRYPT_TOKEN_H

#include "base/sv.h"
#include "crypt/hash.h"

#define TOKEN_CHARS 43 /* 256 bits in base64url */

struct token {
	char text[TOKEN_CHARS + 1]; /* NUL-terminated */
};

void token_make(struct token *ret);
/* Of what a client sent; any text has a hash. */
void token_hash(unsigned char ret[HASH_BYTES], struct sv text);

#endif
