/*
 * seal.c — XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) with a random nonce: 192
 * bits are enough to draw one per text without counting.
 */
#include "crypt/seal.h"

#include <sodium.h>

#include "base/buf.h"
#include "base/mem.h"
#include "crypt/ready.h"

#define SEAL_VERSION 1
#define NONCE        crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG          crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(SEAL_OVERHEAD == 1 + NONCE + TAG, "the header states the size");
_Static_assert(CRYPT_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");

static const unsigned char *
bytes_of(struct sv v)
{
	return (const unsigned char *)(v.n > 0 ? v.p : "");
}

/* out has room for text.n + SEAL_OVERHEAD bytes. */
static void
seal_into(unsigned char *out, const struct crypt_key *key, struct sv text, struct sv associated)
{
	unsigned long long n = 0;

	ready_sodium();
	out[0] = SEAL_VERSION;
	randombytes_buf(out + 1, NONCE);
	BUG_ON(crypto_aead_xchacha20poly1305_ietf_encrypt(
		       out + 1 + NONCE, &n, bytes_of(text), text.n, bytes_of(associated),
		       associated.n, NULL, out + 1, key->b) != 0);
	BUG_ON(n != text.n + TAG);
}

/* out has room for sealed.n - SEAL_OVERHEAD bytes. */
static enum rc
open_into(unsigned char *out, const struct crypt_key *key, struct sv sealed, struct sv associated,
	  struct err *e)
{
	const unsigned char *in = bytes_of(sealed);
	unsigned long long n = 0;

	ready_sodium();
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, in + 1 + NONCE,
						       sealed.n - 1 - NONCE, bytes_of(associated),
						       associated.n, in + 1, key->b) != 0)
		return err_set(e, RC_DENIED,
			       "a sealed text does not open: it was sealed with another key or "
			       "for another record, or it was changed");
	return RC_OK;
}

static enum rc
check_form(struct sv sealed, struct err *e)
{
	if (sealed.n < SEAL_OVERHEAD)
		return err_set(e, RC_SYNTAX, "a sealed text has %zu bytes (expected at least %d)",
			       sealed.n, SEAL_OVERHEAD);
	if (sealed.p[0] != SEAL_VERSION)
		return err_set(e, RC_SYNTAX, "a sealed text has version %d (expected %d)",
			       (unsigned char)sealed.p[0], SEAL_VERSION);
	return RC_OK;
}

void
seal_text(struct buf *ret, const struct crypt_key *key, struct sv text, struct sv associated)
{
	char *out = buf_room(ret, text.n + SEAL_OVERHEAD);

	if (out == NULL)
		return;
	seal_into((unsigned char *)out, key, text, associated);
	buf_commit(ret, text.n + SEAL_OVERHEAD);
}

enum rc
seal_open(struct buf *ret, const struct crypt_key *key, struct sv sealed, struct sv associated,
	  struct err *e)
{
	enum rc rc = check_form(sealed, e);
	char *out;

	if (rc != RC_OK)
		return rc;
	out = buf_room(ret, sealed.n - SEAL_OVERHEAD);
	if (out == NULL)
		return buf_check(ret, "an opened text", e);
	rc = open_into((unsigned char *)out, key, sealed, associated, e);
	if (rc == RC_OK)
		buf_commit(ret, sealed.n - SEAL_OVERHEAD);
	return rc;
}

/* The person's id as associated data: eight bytes, little end first. */
static struct sv
person_data(unsigned char out[8], int64_t person)
{
	uint64_t v = (uint64_t)person;
	size_t i;

	for (i = 0; i < 8; i++, v >>= 8)
		out[i] = (unsigned char)(v & 0xFF);
	return (struct sv){(const char *)out, 8};
}

void
seal_wrap(unsigned char ret[SEAL_WRAPPED], const struct crypt_key *wrap_key,
	  const struct crypt_key *key, int64_t person)
{
	unsigned char id[8];

	seal_into(ret, wrap_key, (struct sv){(const char *)key->b, sizeof(key->b)},
		  person_data(id, person));
}

enum rc
seal_unwrap(struct crypt_key *ret, const struct crypt_key *wrap_key, struct sv wrapped,
	    int64_t person, struct err *e)
{
	struct crypt_key key;
	unsigned char id[8];
	enum rc rc = check_form(wrapped, e);

	if (rc == RC_OK && wrapped.n != SEAL_WRAPPED)
		rc = err_set(e, RC_SYNTAX, "a wrapped key has %zu bytes (expected %d)", wrapped.n,
			     SEAL_WRAPPED);
	if (rc != RC_OK)
		return rc;
	rc = open_into(key.b, wrap_key, wrapped, person_data(id, person), e);
	if (rc == RC_OK)
		*ret = key;
	mem_wipe(&key, sizeof(key));
	return rc;
}
