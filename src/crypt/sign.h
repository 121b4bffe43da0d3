/*
 * sign.h — XML signatures of CAP messages (XML-DSig, enveloped), and the
 * authority's signing identity.
 *
 * A message is signed as a whole: one reference with URI="", transforms
 * enveloped-signature and exclusive canonicalisation, SHA-256; ECDSA or RSA by
 * the kind of key; the certificate travels in KeyInfo. Reading: no network, no
 * entities, DOCTYPE refused, at most LIMIT_CAP_FILE bytes, LIMIT_CAP_TAG bytes
 * a tag and LIMIT_CAP_DEPTH levels.
 */
#ifndef CRYPT_SIGN_H
#define CRYPT_SIGN_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct buf;

#define SIGN_OUTCOMES(X)                                                      \
	X(VALID_TRUSTED, "valid and trusted")                                 \
	X(VALID_UNKNOWN, "valid, signer unknown") /* not among the trusted */ \
	X(BROKEN, "broken")                                                   \
	X(ABSENT, "not signed")

enum sign_outcome {
#define X(name, text) SIGN_##name,
	SIGN_OUTCOMES(X)
#undef X
};

const char *sign_outcome_text(enum sign_outcome);

/* Append the message with a Signature as the last child of its root. RC_SYNTAX
 * (not XML, DOCTYPE, signed already; key or certificate not PEM or not a pair),
 * RC_LIMIT. */
enum rc crypt_sign_xml(struct buf *ret, struct sv xml, struct sv key_pem, struct sv cert_pem,
		       struct err *) CHECKED;

/* Judge the one signature of a message. trusted_pem: certificates, one after
 * the other, may be empty; a signer is trusted when its certificate is one of
 * them or was issued by one of them, and holds at the instant `at`. A broken or
 * missing signature is RC_OK with that outcome, and the sentence in err says why it
 * is broken. RC_SYNTAX, RC_LIMIT: the message or the list cannot be read. */
enum rc crypt_verify_xml(struct sv xml, struct sv trusted_pem, int64_t at, enum sign_outcome *ret,
			 struct err *) CHECKED;

/* What a certificate says of itself. */
#define SIGN_NAME        256
#define SIGN_FINGERPRINT 80 /* 16 groups of 4 hex digits, spaces between, NUL */

struct sign_cert {
	char subject[SIGN_NAME]; /* UTF-8, "CN=Weather desk, O=…"; "" when it has none */
	char issuer[SIGN_NAME];
	char fingerprint[SIGN_FINGERPRINT]; /* SHA-256 of the certificate: "3F2A 91C0 …" */
	int64_t from, until;                /* UTC seconds; 0 when not readable */
};

/* Of the first certificate of a PEM text. RC_SYNTAX. */
enum rc crypt_read_cert(struct sign_cert *ret, struct sv cert_pem, struct err *) CHECKED;

/* Append a new ECDSA P-256 key and a self-signed certificate for it, valid
 * `days` days from `now`, both PEM. RC_IO when OpenSSL refuses. */
enum rc crypt_make_identity(struct buf *key_pem, struct buf *cert_pem, struct sv common_name,
			    int64_t now, int days, struct err *) CHECKED;

#endif
