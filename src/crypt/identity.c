/*
 * identity.c — the key and certificate that an authority signs with until it
 * has one from somebody others know.
 */
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/time.h"
#include "crypt/sign.h"

static bool
add_extension(X509 *cert, int id, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, id, value);
	bool ok = ext != NULL && X509_add_ext(cert, ext, -1) == 1;

	X509_EXTENSION_free(ext);
	return ok;
}

static bool
set_serial(X509 *cert)
{
	unsigned char raw[16];
	BIGNUM *number = NULL;
	bool ok;

	if (RAND_bytes(raw, sizeof(raw)) != 1)
		return false;
	raw[0] &= 0x7F; /* positive, at most 20 octets (RFC 5280, 4.1.2.2) */
	raw[0] |= 0x40;
	number = BN_bin2bn(raw, sizeof(raw), NULL);
	ok = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL;
	BN_free(number);
	return ok;
}

static bool
fill_cert(X509 *cert, EVP_PKEY *key, struct sv name, int64_t now, int days)
{
	X509_NAME *subject = X509_get_subject_name(cert);

	return X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) &&
	       ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)now) != NULL &&
	       ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)(now + (int64_t)days * TIME_DAY)) !=
		       NULL &&
	       X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
					  (const unsigned char *)name.p, (int)name.n, -1, 0) == 1 &&
	       X509_set_issuer_name(cert, subject) == 1 && X509_set_pubkey(cert, key) == 1 &&
	       add_extension(cert, NID_basic_constraints, "critical,CA:FALSE") &&
	       add_extension(cert, NID_key_usage, "critical,digitalSignature") &&
	       X509_sign(cert, key, EVP_sha256()) > 0;
}

static void
add_bio(struct buf *ret, BIO *bio)
{
	char *p = NULL;
	long n = BIO_get_mem_data(bio, &p);

	buf_add(ret, (struct sv){p, (size_t)n});
}

enum rc
crypt_make_identity(struct buf *key_pem, struct buf *cert_pem, struct sv common_name, int64_t now,
		    int days, struct err *e)
{
	BIO *key_bio = BIO_new(BIO_s_secmem()), *cert_bio = BIO_new(BIO_s_mem());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	enum rc rc = RC_OK;

	BUG_ON(key_bio == NULL || cert_bio == NULL || cert == NULL);
	/* 64 characters: the upper bound of a common name (RFC 5280, A.1). */
	if (common_name.n == 0 || common_name.n > 64) {
		rc = err_set(e, RC_SYNTAX,
			     "the certificate's name has %zu bytes "
			     "(expected 1 to 64)",
			     common_name.n);
		goto out;
	}
	if (key == NULL || !fill_cert(cert, key, common_name, now, days) ||
	    PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL) != 1 ||
	    PEM_write_bio_X509(cert_bio, cert) != 1) {
		rc = err_set(e, RC_IO, "a signing key cannot be made");
		goto out;
	}
	add_bio(key_pem, key_bio);
	add_bio(cert_pem, cert_bio);
	rc = buf_check(key_pem, "a signing key", e);
	if (rc == RC_OK)
		rc = buf_check(cert_pem, "a certificate", e);
out:
	X509_free(cert);
	EVP_PKEY_free(key);
	BIO_free(cert_bio);
	BIO_free(key_bio);
	ERR_clear_error();
	return rc;
}
