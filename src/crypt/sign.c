/*
 * sign.c — signing a message.
 *
 * The Signature is made on a tree: a template as the root's last child, filled in by
 * xmlsec, then the certificates, which it does not cover. Only that element is
 * written out and put into the message's own bytes before the root's end tag, so that
 * nothing else changes. What comes of it is judged like anybody's before it is handed out.
 */
#include "crypt/sign.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <xmlsec/crypto.h>
#include <xmlsec/keys.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/templates.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crypt/pem.h"
#include "crypt/sig_key.h"
#include "crypt/xml_doc.h"

/* What signs. */
struct pair {
	EVP_PKEY *key;
	STACK_OF(X509) * certs; /* the key's own first */
	xmlSecTransformId method;
};

static void
pair_fini(struct pair *p)
{
	EVP_PKEY_free(p->key);
	sk_X509_pop_free(p->certs, X509_free);
}

/* pair_fini in any case. */
static enum rc
pair_read(struct pair *p, struct sv key_pem, struct sv cert_pem, struct err *e)
{
	enum sig_family family = SIG_RSA;
	char text[16] = "";
	bool weak = true, ok;
	enum rc rc = pem_read_key(&p->key, key_pem, e);

	if (rc == RC_OK)
		rc = pem_read_certs(&p->certs, cert_pem, e);
	if (rc != RC_OK)
		return rc;
	if (sk_X509_num(p->certs) == 0 || sk_X509_num(p->certs) > SIGN_CHAIN)
		return err_set(e, RC_SYNTAX,
			       "%d certificates (expected the signing key's, and at most %d that "
			       "lead to one that readers know)",
			       sk_X509_num(p->certs), SIGN_CHAIN - 1);
	if (X509_check_private_key(sk_X509_value(p->certs, 0), p->key) != 1)
		return err_set(e, RC_SYNTAX, "the certificate is not of the signing key");
	ok = sig_key_describe(p->key, &family, text, &weak);
	if (family == SIG_RSA && text[0] != '\0' && (!ok || weak))
		return err_set(e, RC_SYNTAX,
			       "the signing key is %s (expected RSA of 2048 to 8192 "
			       "bits, or ECDSA P-256)",
			       text);
	if (!ok || (family == SIG_EC && strcmp(text, "EC P-256") != 0))
		return err_set(
			e, RC_SYNTAX,
			"the signing key is of a kind that is not used (expected RSA of 2048 "
			"to 8192 bits, or ECDSA P-256)");
	p->method = family == SIG_RSA ? xmlSecTransformRsaSha256Id : xmlSecTransformEcdsaSha256Id;
	return RC_OK;
}

/* An empty signature under the root. */
static xmlNode *
add_template(xmlDoc *doc, xmlSecTransformId method)
{
	xmlNode *sig = xmlSecTmplSignatureCreate(doc, xmlSecTransformExclC14NId, method, NULL);
	xmlNode *ref;

	BUG_ON(sig == NULL);
	xmlAddChild(xmlDocGetRootElement(doc), sig);
	ref = xmlSecTmplSignatureAddReference(sig, xmlSecTransformSha256Id, NULL,
					      (const xmlChar *)"", NULL);
	BUG_ON(ref == NULL ||
	       xmlSecTmplReferenceAddTransform(ref, xmlSecTransformEnvelopedId) == NULL ||
	       xmlSecTmplReferenceAddTransform(ref, xmlSecTransformExclC14NId) == NULL);
	return sig;
}

static void
add_certs(xmlNode *sig, STACK_OF(X509) * certs)
{
	xmlNode *info = xmlSecAddChild(sig, xmlSecNodeKeyInfo, xmlSecDSigNs);
	xmlNode *data = info == NULL ? NULL
				     : xmlSecAddChild(info, xmlSecNodeX509Data, xmlSecDSigNs);
	int i;

	BUG_ON(data == NULL);
	for (i = 0; i < sk_X509_num(certs); i++) {
		unsigned char *der = NULL;
		int n = i2d_X509(sk_X509_value(certs, i), &der);
		xmlNode *node = xmlSecAddChild(data, xmlSecNodeX509Certificate, xmlSecDSigNs);
		char *text;

		BUG_ON(n <= 0 || node == NULL);
		text = mem_alloc(4 * ((size_t)n / 3 + 1) + 1);
		(void)EVP_EncodeBlock((unsigned char *)text, der, n);
		xmlNodeSetContent(node, (const xmlChar *)text);
		mem_free(text);
		OPENSSL_free(der);
	}
}

static enum rc
fill_in(xmlNode *sig, struct pair *p, struct err *e)
{
	xmlSecDSigCtx *ctx = xmlSecDSigCtxCreate(NULL);
	xmlSecKeyData *data;
	enum rc rc = RC_OK;

	BUG_ON(ctx == NULL || EVP_PKEY_up_ref(p->key) != 1);
	data = xmlSecOpenSSLEvpKeyAdopt(p->key);
	ctx->signKey = xmlSecKeyCreate();
	BUG_ON(data == NULL || ctx->signKey == NULL || xmlSecKeySetValue(ctx->signKey, data) < 0);
	if (xmlSecDSigCtxSign(ctx, sig) < 0 || ctx->status != xmlSecDSigStatusSucceeded)
		rc = err_set(e, RC_SYNTAX, "the message cannot be signed");
	else
		add_certs(sig, p->certs);
	xmlSecDSigCtxDestroy(ctx);
	return rc;
}

/* The Signature alone is ASCII, so it fits into a message of any encoding that is read. */
static enum rc
put_in(struct buf *ret, struct sv xml, xmlNode *sig, struct err *e)
{
	size_t at = xml_doc_last_end_tag(xml);
	xmlBuffer *text = xmlBufferCreate();
	enum rc rc = RC_OK;

	BUG_ON(text == NULL || xmlNodeDump(text, sig->doc, sig, 0, 0) < 0);
	if (at == xml.n) {
		rc = err_set(e, RC_SYNTAX, "the message is empty (expected an alert)");
		goto out;
	}
	buf_add(ret, sv_head(xml, at));
	buf_add(ret,
		(struct sv){(const char *)xmlBufferContent(text), (size_t)xmlBufferLength(text)});
	buf_add(ret, sv_from(xml, at));
	rc = buf_check(ret, "a signed message", e);
out:
	xmlBufferFree(text);
	return rc;
}

/* The instant is none: whom to trust is not asked, only whether the new one holds. */
static enum rc
check_made(struct sv signed_xml, size_t before, struct err *e)
{
	struct sign_report r = {0};
	enum rc rc = crypt_verify_all(&r, signed_xml, SV_NONE, 0, e);

	if (rc != RC_OK)
		return err_in(e, rc, "the signed message");
	if (r.n != before + 1 || r.v[before].outcome != SIGN_VALID_UNKNOWN || r.v[before].weak)
		return err_set(e, RC_SYNTAX, "the message cannot be signed: %s",
			       r.v[before < r.n ? before : 0].reason);
	return RC_OK;
}

static enum rc
sign(struct buf *ret, struct sv xml, struct sv key_pem, struct sv cert_pem, size_t before,
     struct err *e)
{
	struct buf made = BUF_INIT(2 * LIMIT_CAP_FILE);
	struct pair p = {0};
	xmlDoc *doc = NULL;
	xmlNode *sig;
	enum rc rc = pair_read(&p, key_pem, cert_pem, e);

	if (rc == RC_OK)
		rc = xml_doc_read(&doc, xml, e);
	if (rc != RC_OK)
		goto out;
	sig = add_template(doc, p.method);
	rc = fill_in(sig, &p, e);
	if (rc == RC_OK)
		rc = put_in(&made, xml, sig, e);
	if (rc == RC_OK)
		rc = check_made(buf_sv(&made), before, e);
	if (rc == RC_OK) {
		buf_add(ret, buf_sv(&made));
		rc = buf_check(ret, "a signed message", e);
	}
out:
	buf_fini(&made);
	xmlFreeDoc(doc);
	pair_fini(&p);
	return rc;
}

enum rc
crypt_sign_xml(struct buf *ret, struct sv xml, struct sv key_pem, struct sv cert_pem, struct err *e)
{
	struct sign_report r = {0};
	enum rc rc = crypt_verify_all(&r, xml, SV_NONE, 0, e);

	if (rc != RC_OK)
		return rc;
	if (r.found > 0)
		return err_set(e, RC_CONFLICT, "the message is signed already");
	return sign(ret, xml, key_pem, cert_pem, 0, e);
}

enum rc
crypt_cosign_xml(struct buf *ret, struct sv xml, struct sv key_pem, struct sv cert_pem,
		 struct err *e)
{
	struct sign_report r = {0};
	enum rc rc = crypt_verify_all(&r, xml, SV_NONE, 0, e);

	if (rc != RC_OK)
		return rc;
	if (r.outcome == SIGN_ABSENT)
		return err_set(e, RC_CONFLICT, "the message has no signature to add one to");
	if (r.outcome == SIGN_BROKEN)
		return err_set(e, RC_CONFLICT, "the message's signature is broken: %s",
			       r.v[0].reason);
	if (r.found >= SIGN_JUDGED)
		return err_set(e, RC_LIMIT, "the message has %zu signatures (at most %d)", r.found,
			       SIGN_JUDGED);
	return sign(ret, xml, key_pem, cert_pem, r.found, e);
}
