/*
 * detached.h — a signature beside the bytes it is of, in a file of its own, as
 * `openssl dgst -sha256 -verify` takes it: ECDSA in DER (RFC 3279, 2.2.3) or RSA PKCS #1 v1.5,
 * over SHA-256.
 */
#ifndef CRYPT_DETACHED_H
#define CRYPT_DETACHED_H

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct buf;

/* Append the signature, binary. RC_SYNTAX: the key is not PEM, or of a kind that is not used. */
enum rc crypt_sign_detached(struct buf *ret, struct sv bytes, struct sv key_pem, struct err *)
	CHECKED;

#endif
