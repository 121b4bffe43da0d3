/*
 * cert.h — for files of this room: what a certificate says, as a plain value.
 */
#ifndef CRYPT_CERT_H
#define CRYPT_CERT_H

#include <openssl/x509.h>

#include "crypt/sign.h"

/* Names that are too long are cut at a whole character. */
void cert_describe(struct sign_cert *ret, X509 *);

#endif
