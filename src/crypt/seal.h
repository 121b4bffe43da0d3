/*
 * seal.h — a short text made unreadable and unchangeable without its key.
 *
 * Form: one version byte (1), 24 random bytes, then XChaCha20-Poly1305 of the
 * text with its tag. Associated data is not stored; who opens must give the
 * same. A person's own key is kept wrapped: sealed under the installation's
 * wrap key, with the person's id as associated data, so that a wrapped key
 * moved to another row does not open.
 */
#ifndef CRYPT_SEAL_H
#define CRYPT_SEAL_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "crypt/key.h"

struct buf;

#define SEAL_OVERHEAD 41 /* version, nonce, tag */
#define SEAL_WRAPPED  (SEAL_OVERHEAD + CRYPT_KEY)

/* Append the sealed text. */
void seal_text(struct buf *, const struct crypt_key *, struct sv text, struct sv associated);

/* Append the text of a sealed one. RC_SYNTAX: not of this form; RC_DENIED:
 * another key, other associated data, or changed bytes. */
enum rc seal_open(struct buf *, const struct crypt_key *, struct sv sealed, struct sv associated,
		  struct err *) CHECKED;

void seal_wrap(unsigned char ret[SEAL_WRAPPED], const struct crypt_key *wrap_key,
	       const struct crypt_key *, int64_t person);
/* As seal_open. */
enum rc seal_unwrap(struct crypt_key *ret, const struct crypt_key *wrap_key, struct sv wrapped,
		    int64_t person, struct err *) CHECKED;

#endif
