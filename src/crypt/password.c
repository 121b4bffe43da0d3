/*
 * password.c — argon2id by libsodium.
 */
#include "crypt/password.h"

#include <sodium.h>

#include "base/buf.h"
#include "base/limits.h"
#include "crypt/ready.h"

#define PASSES 3
#define MEMORY ((size_t)64 * 1024 * 1024)

enum rc
password_hash(struct buf *ret, struct sv password, struct err *e)
{
	char text[crypto_pwhash_STRBYTES];

	if (password.n > LIMIT_PASSWORD)
		return err_set(e, RC_LIMIT, "the password has %zu bytes (at most %d)", password.n,
			       LIMIT_PASSWORD);
	ready_sodium();
	/* Fails only without memory, which ends the process everywhere else too. */
	BUG_ON(crypto_pwhash_str_alg(text, password.n > 0 ? password.p : "", password.n, PASSES,
				     MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0);
	buf_adds(ret, text);
	return buf_check(ret, "a password hash", e);
}

bool
password_verify(struct sv hash, struct sv password)
{
	char text[crypto_pwhash_STRBYTES] = {0};

	/* Only hashes of our own cost: a stored text must not choose how much
	 * memory a sign-in takes. */
	if (hash.n >= sizeof(text) || password.n > LIMIT_PASSWORD ||
	    !sv_starts(hash, SV("$argon2id$v=19$m=65536,t=3,p=1$")))
		return false;
	memcpy(text, hash.p, hash.n);
	ready_sodium();
	return crypto_pwhash_str_verify(text, password.n > 0 ? password.p : "", password.n) == 0;
}
