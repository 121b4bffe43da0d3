/*
 * sig_key.h — for files of this room: the key that a signature claims to be made with.
 *
 * Taken from the certificates in X509Data, or, when there is none, from a bare KeyValue.
 * Names, serial numbers, addresses and references to keys elsewhere are never
 * followed. The certificates are what anybody wrote there.
 */
#ifndef CRYPT_SIG_KEY_H
#define CRYPT_SIG_KEY_H

#include <libxml/tree.h>
#include <openssl/x509.h>

#include "base/compiler.h"
#include "crypt/sig_shape.h"

struct sig_key {
	EVP_PKEY *key;
	X509 *cert;             /* the signer's; NULL for a bare key */
	STACK_OF(X509) * certs; /* all that were given, cert among them */
	char text[16];          /* "RSA 2048", "EC P-256" */
	bool weak;              /* RSA under 2048 bits */
};

/* Of a key_info that may be NULL. NULL when a key was read; else why not, a sentence without its
 * full stop. sig_key_fini in both cases. */
const char *sig_key_read(struct sig_key *ret, xmlNode *key_info, enum sig_family) CHECKED;
void sig_key_fini(struct sig_key *);

/* Text for people and whether it is weak. False for a key that is not accepted at all:
 * RSA under 1024 or over 8192 bits, curves other than P-256, P-384 and P-521, other kinds. */
bool sig_key_describe(EVP_PKEY *, enum sig_family *, char text[16], bool *ret_weak) CHECKED;

#endif
