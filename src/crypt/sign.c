/*
 * sign.c — signing a message: a template as the root's last child, filled in by
 * xmlsec, the tree written as UTF-8.
 */
#include "crypt/sign.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <xmlsec/crypto.h>
#include <xmlsec/templates.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include "base/buf.h"
#include "crypt/pem.h"
#include "crypt/xml_doc.h"

const char *
sign_outcome_text(enum sign_outcome outcome)
{
	static const char *const texts[] = {
#define X(name, text) [SIGN_##name] = (text),
		SIGN_OUTCOMES(X)
#undef X
	};

	BUG_ON((size_t)outcome >= ARRAY_LEN(texts));
	return texts[outcome];
}

/* The signature method by the kind of key, after checking that the two belong together. */
static enum rc
check_pair(xmlSecTransformId *ret, struct sv key_pem, struct sv cert_pem, struct err *e)
{
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;
	enum rc rc = pem_read_key(&key, key_pem, e);

	if (rc == RC_OK)
		rc = pem_read_cert(&cert, cert_pem, e);
	if (rc != RC_OK)
		goto out;
	if (X509_check_private_key(cert, key) != 1) {
		rc = err_set(e, RC_SYNTAX, "the certificate is not of the signing key");
		goto out;
	}
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_EC:
		*ret = xmlSecTransformEcdsaSha256Id;
		break;
	case EVP_PKEY_RSA:
		if (EVP_PKEY_get_bits(key) < 2048)
			rc = err_set(e, RC_SYNTAX, "the RSA key has %d bits (at least 2048)",
				     EVP_PKEY_get_bits(key));
		*ret = xmlSecTransformRsaSha256Id;
		break;
	default:
		rc = err_set(e, RC_SYNTAX,
			     "the signing key is of a kind that is not used "
			     "(expected ECDSA or RSA)");
	}
out:
	X509_free(cert);
	EVP_PKEY_free(key);
	return rc;
}

/* An empty signature under the root; NULL when memory is out. */
static xmlNode *
add_template(xmlDoc *doc, xmlSecTransformId method)
{
	xmlNode *sig, *ref, *info;

	sig = xmlSecTmplSignatureCreate(doc, xmlSecTransformExclC14NId, method, NULL);
	if (sig == NULL)
		return NULL;
	xmlAddChild(xmlDocGetRootElement(doc), sig);
	ref = xmlSecTmplSignatureAddReference(sig, xmlSecTransformSha256Id, NULL,
					      (const xmlChar *)"", NULL);
	if (ref == NULL ||
	    xmlSecTmplReferenceAddTransform(ref, xmlSecTransformEnvelopedId) == NULL ||
	    xmlSecTmplReferenceAddTransform(ref, xmlSecTransformExclC14NId) == NULL)
		return NULL;
	info = xmlSecTmplSignatureEnsureKeyInfo(sig, NULL);
	if (info == NULL || xmlSecTmplKeyInfoAddX509Data(info) == NULL)
		return NULL;
	return sig;
}

static enum rc
fill_in(xmlNode *sig, struct sv key_pem, struct sv cert_pem, struct err *e)
{
	xmlSecDSigCtx *ctx = xmlSecDSigCtxCreate(NULL);
	enum rc rc = RC_OK;

	BUG_ON(ctx == NULL);
	ctx->signKey = xmlSecCryptoAppKeyLoadMemory((const xmlSecByte *)key_pem.p,
						    (xmlSecSize)key_pem.n, xmlSecKeyDataFormatPem,
						    NULL, NULL, NULL);
	if (ctx->signKey == NULL || xmlSecCryptoAppKeyCertLoadMemory(
					    ctx->signKey, (const xmlSecByte *)cert_pem.p,
					    (xmlSecSize)cert_pem.n, xmlSecKeyDataFormatCertPem) < 0)
		rc = err_set(e, RC_SYNTAX, "the signing key or its certificate cannot be used");
	else if (xmlSecDSigCtxSign(ctx, sig) < 0 || ctx->status != xmlSecDSigStatusSucceeded)
		rc = err_set(e, RC_SYNTAX, "the message cannot be signed");
	xmlSecDSigCtxDestroy(ctx);
	return rc;
}

enum rc
crypt_sign_xml(struct buf *ret, struct sv xml, struct sv key_pem, struct sv cert_pem, struct err *e)
{
	xmlSecTransformId method = NULL;
	xmlDoc *doc = NULL;
	xmlNode *sig;
	xmlChar *text = NULL;
	int n = 0;
	enum rc rc;

	ready_xmlsec();
	rc = check_pair(&method, key_pem, cert_pem, e);
	if (rc == RC_OK)
		rc = xml_doc_read(&doc, xml, e);
	if (rc != RC_OK)
		goto out;
	if (xmlSecFindNode(xmlDocGetRootElement(doc), xmlSecNodeSignature, xmlSecDSigNs) != NULL) {
		rc = err_set(e, RC_SYNTAX, "the message is signed already");
		goto out;
	}
	sig = add_template(doc, method);
	BUG_ON(sig == NULL);
	rc = fill_in(sig, key_pem, cert_pem, e);
	if (rc != RC_OK)
		goto out;
	xmlDocDumpMemoryEnc(doc, &text, &n, "UTF-8");
	BUG_ON(text == NULL || n < 0);
	buf_add(ret, (struct sv){(const char *)text, (size_t)n});
	rc = buf_check(ret, "a signed message", e);
out:
	xmlFree(text);
	xmlFreeDoc(doc);
	return rc;
}
