/*
 * pem.h — for files of this room: keys and certificates out of PEM text.
 */
#ifndef CRYPT_PEM_H
#define CRYPT_PEM_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

/* A private key without a password. RC_SYNTAX. */
enum rc pem_read_key(EVP_PKEY **ret, struct sv pem, struct err *) CHECKED;
/* The first certificate. RC_SYNTAX. */
enum rc pem_read_cert(X509 **ret, struct sv pem, struct err *) CHECKED;
/* All of them, none when the text is empty. RC_SYNTAX. */
enum rc pem_read_certs(STACK_OF(X509) * *ret, struct sv pem, struct err *) CHECKED;

#endif
