/*
 * sig_trust.c — chains of certificates by OpenSSL, without network and without the
 * system's own list of roots.
 */
#include "crypt/sig_trust.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/time.h"
#include "crypt/cert.h"

/* 112 bits: RSA from 2048, and nothing in the chain signed with SHA-1. */
#define STRENGTH 2

static bool
may_sign(X509 *cert)
{
	/* All ones when the certificate does not say. */
	return (X509_get_key_usage(cert) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

static void
say_date(char reason[SIGN_REASON], const char *what, int64_t when)
{
	struct buf day = BUF_INIT(32);

	time_add_rfc3339(&day, when);
	(void)snprintf(reason, SIGN_REASON, "%s %s", what, buf_str(&day));
	buf_fini(&day);
}

static void
say_why(char reason[SIGN_REASON], X509_STORE_CTX *ctx, bool any)
{
	X509 *at = X509_STORE_CTX_get_current_cert(ctx);
	bool signer = X509_STORE_CTX_get_error_depth(ctx) == 0;
	int why = X509_STORE_CTX_get_error(ctx);
	struct sign_cert c = {0};

	if (at != NULL)
		cert_describe(&c, at);
	switch (why) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		say_date(reason,
			 signer ? "its certificate expired on"
				: "a certificate above its own expired on",
			 c.until);
		return;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		say_date(reason,
			 signer ? "its certificate holds only from"
				: "a certificate above its own holds only from",
			 c.from);
		return;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		(void)snprintf(reason, SIGN_REASON,
			       "its certificate, or one above it, is made with a key or a digest "
			       "that is too weak");
		return;
	case X509_V_ERR_INVALID_CA:
		(void)snprintf(reason, SIGN_REASON,
			       "its certificate was issued by one that may not issue any");
		return;
	case X509_V_ERR_CERT_CHAIN_TOO_LONG:
		(void)snprintf(reason, SIGN_REASON,
			       "the chain to a trusted certificate is too long");
		return;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		(void)snprintf(
			reason, SIGN_REASON, "%s",
			any ? "its certificate neither is among those you trust nor leads to "
			      "one of them"
			    : "no certificates to trust were given");
		return;
	default:
		(void)snprintf(reason, SIGN_REASON, "its certificate is not accepted: %s",
			       X509_verify_cert_error_string(why));
	}
}

bool
sig_trusted(X509 *cert, STACK_OF(X509) * others, STACK_OF(X509) * trusted, int64_t at,
	    char reason[SIGN_REASON])
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	bool ok;
	int i;

	BUG_ON(store == NULL || ctx == NULL);
	for (i = 0; i < sk_X509_num(trusted); i++)
		BUG_ON(X509_STORE_add_cert(store, sk_X509_value(trusted, i)) != 1);
	BUG_ON(X509_STORE_CTX_init(ctx, store, cert, others) != 1);
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_time(param, (time_t)at);
	X509_VERIFY_PARAM_set_depth(param, SIGN_CHAIN);
	X509_VERIFY_PARAM_set_auth_level(param, STRENGTH);
	BUG_ON(X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY) != 1);
	/* A listed certificate is trusted without the one that issued it. */
	BUG_ON(X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) != 1);
	ok = X509_verify_cert(ctx) == 1;
	if (!ok) {
		say_why(reason, ctx, sk_X509_num(trusted) > 0);
	} else if (!may_sign(cert)) {
		(void)snprintf(reason, SIGN_REASON, "its certificate is not for signing");
		ok = false;
	} else {
		(void)snprintf(reason, SIGN_REASON, "its certificate is trusted");
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return ok;
}
