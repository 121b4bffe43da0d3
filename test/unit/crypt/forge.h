/*
 * forge.h — signatures as no honest program makes them: keys and certificates of any
 * kind, and templates of any shape filled in by xmlsec with everything switched on.
 */
#ifndef TEST_CRYPT_FORGE_H
#define TEST_CRYPT_FORGE_H

#include <libxml/parser.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <xmlsec/crypto.h>
#include <xmlsec/keys.h>
#include <xmlsec/openssl/app.h>
#include <xmlsec/openssl/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include "base/buf.h"
#include "base/limits.h"
#include "crypt/sign.h"

#define NOW  1790000000
#define CAP  "urn:oasis:names:tc:emergency:cap:1.2"
#define DSIG "http://www.w3.org/2000/09/xmldsig#"
#define MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define C14N "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define EXCL "http://www.w3.org/2001/10/xml-exc-c14n#"

/* A key and its certificate. */
struct forge_id {
	EVP_PKEY *key;
	X509 *cert;
};

struct forge_cert {
	const char *name;
	const struct forge_id *issuer; /* NULL: self-signed */
	const char *constraints;       /* "CA:TRUE"; NULL: none */
	const char *usage;             /* NULL: none */
	int from_days, until_days;     /* from NOW; both 0: a year either side */
	const EVP_MD *md;              /* NULL: SHA-256 */
};

static inline void
forge_extension(X509 *cert, int id, const char *value)
{
	X509_EXTENSION *ext;

	if (value == NULL)
		return;
	ext = X509V3_EXT_conf_nid(NULL, NULL, id, value);
	assert_true(ext != NULL && X509_add_ext(cert, ext, -1) == 1);
	X509_EXTENSION_free(ext);
}

/* Takes the key. */
static inline struct forge_id
forge_id(EVP_PKEY *key, const struct forge_cert *c)
{
	static long serial = 1;
	bool dated = c->from_days != 0 || c->until_days != 0;
	struct forge_id id = {key, X509_new()};
	X509_NAME *name;

	assert_true(key != NULL && id.cert != NULL);
	name = X509_get_subject_name(id.cert);
	assert_int_equal(X509_set_version(id.cert, X509_VERSION_3), 1);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(id.cert), serial++), 1);
	assert_non_null(ASN1_TIME_set(X509_getm_notBefore(id.cert),
				      NOW + (dated ? c->from_days : -365) * 86400L));
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(id.cert),
				      NOW + (dated ? c->until_days : 365) * 86400L));
	assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
						    (const unsigned char *)c->name, -1, -1, 0),
			 1);
	assert_int_equal(X509_set_issuer_name(
				 id.cert,
				 c->issuer == NULL ? name : X509_get_subject_name(c->issuer->cert)),
			 1);
	assert_int_equal(X509_set_pubkey(id.cert, key), 1);
	forge_extension(id.cert, NID_basic_constraints, c->constraints);
	forge_extension(id.cert, NID_key_usage, c->usage);
	assert_true(X509_sign(id.cert, c->issuer == NULL ? key : c->issuer->key,
			      c->md == NULL ? EVP_sha256() : c->md) > 0);
	return id;
}

static inline void
forge_drop(struct forge_id *id)
{
	EVP_PKEY_free(id->key);
	X509_free(id->cert);
}

static inline void
forge_pem(struct buf *out, X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL;
	long n;

	assert_int_equal(PEM_write_bio_X509(bio, cert), 1);
	n = BIO_get_mem_data(bio, &p);
	buf_add(out, (struct sv){p, (size_t)n});
	BIO_free(bio);
}

/* "<X509Certificate>…</X509Certificate>" */
static inline void
forge_x509(struct buf *out, X509 *cert)
{
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);
	char *text = malloc(2 * (size_t)n + 8);

	assert_non_null(text);
	EVP_EncodeBlock((unsigned char *)text, der, n);
	buf_addf(out, "<X509Certificate>%s</X509Certificate>", text);
	OPENSSL_free(der);
	free(text);
}

/* The text with every `from` replaced; there has to be one. */
static inline void
forge_replace(struct buf *ret, struct sv xml, struct sv from, struct sv to)
{
	size_t at, n = 0;

	while ((at = sv_find(xml, from)) < xml.n) {
		buf_add(ret, sv_head(xml, at));
		buf_add(ret, to);
		xml = sv_from(xml, at + from.n);
		n++;
	}
	buf_add(ret, xml);
	assert_true(n > 0 && buf_ok(ret));
}

static inline xmlSecKey *
forge_key(EVP_PKEY *key, struct sv hmac)
{
	xmlSecKey *k;

	if (hmac.n > 0) {
		k = xmlSecKeyReadMemory(xmlSecKeyDataHmacId, (const xmlSecByte *)hmac.p,
					(xmlSecSize)hmac.n);
	} else {
		k = xmlSecKeyCreate();
		EVP_PKEY_up_ref(key);
		assert_int_equal(xmlSecKeySetValue(k, xmlSecOpenSSLEvpKeyAdopt(key)), 0);
	}
	assert_non_null(k);
	return k;
}

/* Fill in the last Signature of the text. With hmac its bytes are the secret. */
static inline void
forge_sign(struct buf *ret, struct sv xml, EVP_PKEY *key, struct sv hmac)
{
	static const xmlChar *ids[] = {(const xmlChar *)"Id", NULL};
	xmlDoc *doc = xmlReadMemory(xml.p, (int)xml.n, NULL, NULL, XML_PARSE_NONET);
	xmlSecDSigCtx *ctx = xmlSecDSigCtxCreate(NULL);
	xmlNode *sig, *node;
	xmlChar *text = NULL;
	int n = 0;

	assert_true(doc != NULL && ctx != NULL);
	xmlSecAddIDs(doc, xmlDocGetRootElement(doc), ids);
	sig = NULL;
	for (node = xmlDocGetRootElement(doc)->children; node != NULL; node = node->next)
		if (xmlSecCheckNodeName(node, xmlSecNodeSignature, xmlSecDSigNs))
			sig = node;
	if (sig == NULL)
		sig = xmlSecFindNode(xmlDocGetRootElement(doc), xmlSecNodeSignature, xmlSecDSigNs);
	assert_non_null(sig);
	ctx->signKey = forge_key(key, hmac);
	assert_int_equal(xmlSecDSigCtxSign(ctx, sig), 0);
	assert_int_equal(ctx->status, xmlSecDSigStatusSucceeded);
	xmlDocDumpMemoryEnc(doc, &text, &n, "UTF-8");
	buf_add(ret, (struct sv){(const char *)text, (size_t)n});
	assert_true(buf_ok(ret));
	xmlFree(text);
	xmlSecDSigCtxDestroy(ctx);
	xmlFreeDoc(doc);
}

/* The report of a text that can be read. */
static inline void
forge_report(struct sign_report *ret, struct sv xml, struct sv trusted)
{
	struct err e = ERR_INIT;

	memset(ret, 0, sizeof(*ret));
	if (crypt_verify_all(ret, xml, trusted, NOW, &e) != RC_OK)
		fail_msg("%s", e.text);
}

/* The message has the outcome, and the signature at `which` the reason. */
static inline void
forge_expect(const char *name, const struct sign_report *r, enum sign_outcome want, size_t which,
	     const char *says)
{
	if (r->outcome != want)
		fail_msg("%s: %s (expected %s): %s", name, sign_outcome_text(r->outcome),
			 sign_outcome_text(want), r->n > which ? r->v[which].reason : "");
	if (r->n <= which || strstr(r->v[which].reason, says) == NULL)
		fail_msg("%s: \"%s\" (expected: %s)", name, r->n > which ? r->v[which].reason : "",
			 says);
}

#endif
