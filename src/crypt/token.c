/*
 * token.c — random tokens.
 */
#include "crypt/token.h"

#include <sodium.h>

#include "base/mem.h"
#include "crypt/random.h"
#include "crypt/ready.h"

_Static_assert(sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ==
		       TOKEN_CHARS + 1,
	       "the header states the size");

void
token_make(struct token *ret)
{
	unsigned char raw[32];

	crypt_random(raw, sizeof(raw));
	sodium_bin2base64(ret->text, sizeof(ret->text), raw, sizeof(raw),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	mem_wipe(raw, sizeof(raw));
}

void
token_hash(unsigned char ret[HASH_BYTES], struct sv text)
{
	hash_sha256(ret, text);
}
