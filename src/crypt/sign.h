/*
 * sign.h — XML signatures of CAP messages (XML-DSig, enveloped), and the
 * authority's signing identity.
 *
 * A message is signed as a whole: one reference with URI="", transforms
 * enveloped-signature and exclusive canonicalisation, SHA-256; ECDSA P-256 or RSA
 * by the kind of key; the certificates travel in KeyInfo. Reading: no network, no
 * entities, DOCTYPE refused, and the bounds LIMIT_CAP_FILE, _TAG, _TAGS,
 * _ATTRIBUTES and _DEPTH before anything is kept; at most 16 namespaces declared at one place.
 *
 * Judging. A signature is looked at only when it can speak for the whole message:
 * a child of the root with one reference, URI="", the enveloped-signature
 * transform first and at most one canonicalisation after it. So there is nothing to
 * choose: no Id to repeat, no path to point elsewhere, no part that could be moved
 * under another parent while a decoy is read. Everything else (other URIs, XPath,
 * XSLT, manifests, HMAC, keys fetched from anywhere) is broken, because it does not
 * show that the whole message is unchanged.
 *
 * Several signatures (XML-DSig 1.1, 6.6.4: the enveloped transform takes away only the
 * signature that it stands in). Who signs second signs the first signature as
 * well; the first was made before the second was there; some systems sign
 * without looking at one another. Each is therefore tried on the message as it
 * is, then without the signatures that follow it, then without all the others. In
 * all three it covers every byte of content, as only Signature children of the root
 * are left out, and no reader of CAP takes content from those.
 *
 * Hence the message's outcome is the best of its signatures. One that holds proves by
 * itself that the whole content is what its signer signed, whatever stands beside it;
 * who appends a broken or a foreign signature takes nothing away from that, and
 * who changes the content breaks every signature but one they make themselves,
 * which is "unknown signer" and says no more than that anybody can sign. Only the
 * first SIGN_JUDGED are looked at: more are an attack on the reader's time. KeyInfo
 * is not covered by any signature: the key in it is a claim, which counts for
 * something only through a certificate that the reader trusts.
 *
 * Weak (SHA-1 anywhere, an RSA key under 2048 bits): the arithmetic is told, but it is
 * never "trusted". RSA under 1024 bits proves nothing and is broken.
 */
#ifndef CRYPT_SIGN_H
#define CRYPT_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct buf;

/* From worst to best. The texts do not change: scripts read them. */
#define SIGN_OUTCOMES(X)                                                              \
	X(ABSENT, "absent",                                                           \
	  "The message is not signed, so nothing in it shows who "                    \
	  "wrote it; what it says may still be true.")                                \
	X(BROKEN, "broken",                                                           \
	  "The signature shows nothing: the message was changed "                     \
	  "after it was signed, or the signature cannot be judged; "                  \
	  "what the message says may still be true.")                                 \
	X(VALID_UNKNOWN, "valid, unknown signer",                                     \
	  "The message is what its signer signed, but the signer is not among those " \
	  "you trust, and anybody can sign.")                                         \
	X(VALID_TRUSTED, "valid and trusted",                                         \
	  "The message is exactly what a signer you trust has signed.")

enum sign_outcome {
#define X(name, text, meaning) SIGN_##name,
	SIGN_OUTCOMES(X)
#undef X
};

const char *sign_outcome_text(enum sign_outcome);
/* One sentence for who reads the message. It never says that the content is false. */
const char *sign_outcome_meaning(enum sign_outcome);

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

/* One signature of a message. */
#define SIGN_REASON 256

struct sign_verdict {
	enum sign_outcome outcome; /* not ABSENT */
	char reason[SIGN_REASON];  /* why, one sentence without its full stop */
	const char *algorithm;     /* "ECDSA-SHA256"; "" when the signature is not looked at */
	const char *digest;        /* "SHA-256"; "" likewise */
	char key[16];              /* "RSA 2048", "EC P-256"; "" when it has none that is read */
	bool weak;
	bool has_cert;
	struct sign_cert cert; /* the signer's, when has_cert */
};

/* All of them, in the order of the document. */
#define SIGN_JUDGED 4

struct sign_report {
	enum sign_outcome outcome; /* of the message */
	size_t found;              /* Signature elements */
	size_t n;                  /* judged: the first SIGN_JUDGED; more are not looked at */
	char root[32]; /* the root's local name, cut; "alert" is for the caller to ask */
	struct sign_verdict v[SIGN_JUDGED];
};

/* Judge every signature of a message. trusted_pem: certificates of signers or of who issues
 * for signers, one after the other; may be empty. A signer is trusted when its certificate
 * is one of them, or a chain of at most SIGN_CHAIN certificates, carried in KeyInfo, leads
 * to one of them, and all of the chain hold at the instant `at`. Revocation is not
 * looked at: that would need the network. RC_SYNTAX, RC_LIMIT: the message or the list cannot
 * be read. */
#define SIGN_CHAIN 8

enum rc crypt_verify_all(struct sign_report *ret, struct sv xml, struct sv trusted_pem, int64_t at,
			 struct err *) CHECKED;

/* Append the message with a Signature as the last child of its root; all other bytes stay as
 * they are. key_pem: RSA of at least 2048 bits or ECDSA P-256, without a password.
 * cert_pem: its certificate, then those that lead to one that readers know, if any.
 * RC_SYNTAX (not XML, DOCTYPE; key or certificate not PEM or not a pair), RC_CONFLICT (signed
 * already), RC_LIMIT. */
enum rc crypt_sign_xml(struct buf *ret, struct sv xml, struct sv key_pem, struct sv cert_pem,
		       struct err *) CHECKED;
/* As crypt_sign_xml, of a message that has signatures already; the new one covers them.
 * RC_CONFLICT when it has none, or none of them holds; RC_LIMIT when one more would
 * not be judged. */
enum rc crypt_cosign_xml(struct buf *ret, struct sv xml, struct sv key_pem, struct sv cert_pem,
			 struct err *) CHECKED;

/* Append a new ECDSA P-256 key and a self-signed certificate for it, valid
 * `days` days from `now`, both PEM. RC_IO when OpenSSL refuses. */
enum rc crypt_make_identity(struct buf *key_pem, struct buf *cert_pem, struct sv common_name,
			    int64_t now, int days, struct err *) CHECKED;

#endif
