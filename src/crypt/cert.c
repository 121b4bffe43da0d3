/*
 * cert.c — certificates told to people: names, fingerprint, dates.
 */
#include "crypt/cert.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "base/time.h"
#include "base/utf8.h"
#include "crypt/hash.h"
#include "crypt/pem.h"

/* RFC 2253's form with a space after each comma and letters beyond ASCII as they are. */
#define NAME_FLAGS                                                                        \
	((ASN1_STRFLGS_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) | XN_FLAG_DN_REV | \
	 XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN)

static void
write_name(char ret[SIGN_NAME], const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct sv all;
	char *p = NULL;
	long n;

	BUG_ON(bio == NULL);
	if (X509_NAME_print_ex(bio, name, 0, NAME_FLAGS) < 0)
		(void)BIO_reset(bio);
	n = BIO_get_mem_data(bio, &p);
	all = sv_head((struct sv){p, n > 0 ? (size_t)n : 0}, SIGN_NAME - 1);
	all = sv_head(all, utf8_bad_at(all));
	if (all.n > 0)
		memcpy(ret, all.p, all.n);
	ret[all.n] = '\0';
	BIO_free(bio);
	ERR_clear_error();
}

static int64_t
utc_of(const ASN1_TIME *t)
{
	struct tm tm;

	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1 ||
	    !time_date_ok(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday))
		return 0;
	return (int64_t)time_day_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * TIME_DAY +
	       tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
}

static void
write_fingerprint(char ret[SIGN_FINGERPRINT], const unsigned char hash[HASH_BYTES])
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i, n = 0;

	for (i = 0; i < HASH_BYTES; i++) {
		if (i > 0 && i % 2 == 0)
			ret[n++] = ' ';
		ret[n++] = hex[hash[i] >> 4];
		ret[n++] = hex[hash[i] & 15];
	}
	ret[n] = '\0';
}

void
cert_describe(struct sign_cert *ret, X509 *cert)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	BUG_ON(X509_digest(cert, EVP_sha256(), hash, &n) != 1 || n != HASH_BYTES);
	write_fingerprint(ret->fingerprint, hash);
	write_name(ret->subject, X509_get_subject_name(cert));
	write_name(ret->issuer, X509_get_issuer_name(cert));
	ret->from = utc_of(X509_get0_notBefore(cert));
	ret->until = utc_of(X509_get0_notAfter(cert));
}

enum rc
crypt_read_cert(struct sign_cert *ret, struct sv cert_pem, struct err *e)
{
	X509 *cert = NULL;
	enum rc rc = pem_read_cert(&cert, cert_pem, e);

	if (rc == RC_OK)
		cert_describe(ret, cert);
	X509_free(cert);
	return rc;
}
