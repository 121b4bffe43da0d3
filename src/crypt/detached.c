/*
 * detached.c — see detached.h.
 */
#include "crypt/detached.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/buf.h"
#include "crypt/pem.h"

enum rc
crypt_sign_detached(struct buf *ret, struct sv bytes, struct sv key_pem, struct err *e)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY *key = NULL;
	unsigned char *room;
	size_t n = 0;
	enum rc rc = pem_read_key(&key, key_pem, e);

	BUG_ON(ctx == NULL);
	if (rc != RC_OK)
		goto out;
	/* The first call with NULL asks for the room that is needed at most. */
	if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) != 1 ||
	    EVP_DigestSign(ctx, NULL, &n, (const unsigned char *)bytes.p, bytes.n) != 1) {
		rc = err_set(e, RC_SYNTAX, "the signing key cannot sign with SHA-256");
		goto out;
	}
	room = (unsigned char *)buf_room(ret, n);
	if (room != NULL) {
		if (EVP_DigestSign(ctx, room, &n, (const unsigned char *)bytes.p, bytes.n) != 1) {
			rc = err_set(e, RC_SYNTAX, "the signing key cannot be used");
			goto out;
		}
		buf_commit(ret, n);
	}
	rc = buf_check(ret, "a signature", e);
out:
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return rc;
}
