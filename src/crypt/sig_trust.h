/*
 * sig_trust.h — for files of this room: whether a signer's certificate leads to one
 * that the reader trusts.
 */
#ifndef CRYPT_SIG_TRUST_H
#define CRYPT_SIG_TRUST_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypt/sign.h"

/* others: what the message carried, any kind of certificates. reason is written in both cases,
 * a part of a sentence. */
bool sig_trusted(X509 *cert, STACK_OF(X509) * others, STACK_OF(X509) * trusted, int64_t at,
		 char reason[SIGN_REASON]) CHECKED;

#endif
