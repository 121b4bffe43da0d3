/*
 * pem.c — PEM by OpenSSL, never asking anybody for a password.
 */
#include "crypt/pem.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/limits.h"

static int
no_password(char *p, int n, int writing, void *arg)
{
	(void)p;
	(void)n;
	(void)writing;
	(void)arg;
	return 0;
}

static enum rc
bio_over(BIO **ret, struct sv pem, const char *what, struct err *e)
{
	if (pem.n > MIB)
		return err_set(e, RC_LIMIT, "%s: %zu bytes (at most %zu)", what, pem.n, MIB);
	*ret = BIO_new_mem_buf(pem.n > 0 ? pem.p : "", (int)pem.n);
	BUG_ON(*ret == NULL);
	return RC_OK;
}

enum rc
pem_read_key(EVP_PKEY **ret, struct sv pem, struct err *e)
{
	BIO *bio = NULL;
	EVP_PKEY *key;
	enum rc rc = bio_over(&bio, pem, "the signing key", e);

	if (rc != RC_OK)
		return rc;
	key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	BIO_free(bio);
	ERR_clear_error();
	if (key == NULL)
		return err_set(e, RC_SYNTAX,
			       "the signing key cannot be read (expected a PEM "
			       "private key without a password)");
	*ret = key;
	return RC_OK;
}

enum rc
pem_read_certs(STACK_OF(X509) * *ret, struct sv pem, struct err *e)
{
	BIO *bio = NULL;
	STACK_OF(X509) *list = NULL;
	X509 *cert;
	unsigned long why;
	enum rc rc = bio_over(&bio, pem, "the certificates", e);

	if (rc != RC_OK)
		return rc;
	list = sk_X509_new_null();
	BUG_ON(list == NULL);
	ERR_clear_error();
	while ((cert = PEM_read_bio_X509(bio, NULL, no_password, NULL)) != NULL)
		BUG_ON(sk_X509_push(list, cert) <= 0);
	why = ERR_peek_last_error();
	ERR_clear_error();
	BIO_free(bio);
	/* "No start line" is how the reader says that the text is at its end. */
	if ((ERR_GET_LIB(why) == ERR_LIB_PEM && ERR_GET_REASON(why) == PEM_R_NO_START_LINE) &&
	    (sk_X509_num(list) > 0 || sv_trim(pem).n == 0)) {
		*ret = list;
		return RC_OK;
	}
	rc = err_set(e, RC_SYNTAX, "certificate %d cannot be read (expected PEM certificates)",
		     sk_X509_num(list) + 1);
	sk_X509_pop_free(list, X509_free);
	return rc;
}

enum rc
pem_read_cert(X509 **ret, struct sv pem, struct err *e)
{
	STACK_OF(X509) *list = NULL;
	enum rc rc = pem_read_certs(&list, pem, e);

	if (rc != RC_OK)
		return rc;
	if (sk_X509_num(list) == 0)
		rc = err_set(e, RC_SYNTAX, "no certificate (expected a PEM certificate)");
	else
		*ret = sk_X509_shift(list);
	sk_X509_pop_free(list, X509_free);
	return rc;
}
