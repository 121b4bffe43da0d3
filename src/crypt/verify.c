/*
 * verify.c — judging a message's signature.
 *
 * First its shape on the tree: one Signature, a child of the root, with one
 * reference to the whole document. Then the arithmetic by xmlsec with
 * everything else switched off: transforms from a list, keys out of X.509
 * certificates only. Last, whether the certificate is one of ours, by OpenSSL.
 */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <xmlsec/crypto.h>
#include <xmlsec/keys.h>
#include <xmlsec/keysmngr.h>
#include <xmlsec/openssl/x509.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include "crypt/pem.h"
#include "crypt/sign.h"
#include "crypt/xml_doc.h"

static bool
is_dsig(xmlNode *node, const xmlChar *name)
{
	return node->type == XML_ELEMENT_NODE && xmlSecCheckNodeName(node, name, xmlSecDSigNs);
}

/* The number of Signature elements; *ret is the first. Depth is bounded by reading. */
static size_t
find_signatures(xmlNode *node, xmlNode **ret)
{
	size_t n = 0;

	for (; node != NULL; node = node->next) {
		if (is_dsig(node, xmlSecNodeSignature)) {
			if (*ret == NULL)
				*ret = node;
			n++;
		}
		n += find_signatures(node->children, ret);
	}
	return n;
}

static size_t
count_children(xmlNode *parent, const xmlChar *name, xmlNode **ret)
{
	xmlNode *node;
	size_t n = 0;

	for (node = parent->children; node != NULL; node = node->next) {
		if (!is_dsig(node, name))
			continue;
		*ret = node;
		n++;
	}
	return n;
}

/* NULL when the signature has the shape that covers a whole message. */
static const char *
wrong_shape(xmlNode *sig, xmlNode *root)
{
	xmlNode *info = NULL, *ref = NULL, *transforms = NULL, *node = NULL;
	xmlChar *uri;
	bool whole;

	if (sig->parent != root)
		return "the signature is not a child of the message's root";
	if (count_children(sig, xmlSecNodeObject, &node) != 0)
		return "the signature carries objects of its own";
	if (count_children(sig, xmlSecNodeSignedInfo, &info) != 1)
		return "the signature has not exactly one SignedInfo";
	if (count_children(info, xmlSecNodeReference, &ref) != 1)
		return "the signature has not exactly one reference";
	uri = xmlGetNoNsProp(ref, xmlSecAttrURI);
	whole = uri != NULL && uri[0] == '\0';
	xmlFree(uri);
	if (!whole)
		return "the signature does not refer to the whole message (URI=\"\")";
	if (count_children(ref, xmlSecNodeTransforms, &transforms) != 1)
		return "the reference has no list of transforms";
	return NULL;
}

static xmlSecDSigCtx *
new_context(xmlSecKeysMngr *keys)
{
	/* Digests count as transforms of the reference. */
	const xmlSecTransformId reference[] = {
		xmlSecTransformEnvelopedId, xmlSecTransformExclC14NId, xmlSecTransformInclC14NId,
		xmlSecTransformSha256Id,    xmlSecTransformSha384Id,   xmlSecTransformSha512Id,
	};
	const xmlSecTransformId signature[] = {
		xmlSecTransformExclC14NId,    xmlSecTransformInclC14NId,
		xmlSecTransformEcdsaSha256Id, xmlSecTransformEcdsaSha384Id,
		xmlSecTransformEcdsaSha512Id, xmlSecTransformRsaSha256Id,
		xmlSecTransformRsaSha384Id,   xmlSecTransformRsaSha512Id,
	};
	xmlSecDSigCtx *ctx = xmlSecDSigCtxCreate(keys);
	size_t i;

	BUG_ON(ctx == NULL);
	ctx->enabledReferenceUris = xmlSecTransformUriTypeEmpty;
	for (i = 0; i < ARRAY_LEN(reference); i++)
		BUG_ON(xmlSecDSigCtxEnableReferenceTransform(ctx, reference[i]) < 0);
	for (i = 0; i < ARRAY_LEN(signature); i++)
		BUG_ON(xmlSecDSigCtxEnableSignatureTransform(ctx, signature[i]) < 0);
	BUG_ON(xmlSecPtrListAdd(&ctx->keyInfoReadCtx.enabledKeyData,
				(void *)(uintptr_t)xmlSecKeyDataX509Id) < 0);
	/* Whom we trust is decided afterwards. */
	ctx->keyInfoReadCtx.flags |= XMLSEC_KEYINFO_FLAGS_X509DATA_DONT_VERIFY_CERTS;
	return ctx;
}

static bool
is_trusted(X509 *cert, STACK_OF(X509) * trusted, int64_t at)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	bool ok;
	int i;

	BUG_ON(store == NULL || ctx == NULL);
	for (i = 0; i < sk_X509_num(trusted); i++)
		BUG_ON(X509_STORE_add_cert(store, sk_X509_value(trusted, i)) != 1);
	BUG_ON(X509_STORE_CTX_init(ctx, store, cert, NULL) != 1);
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_time(param, (time_t)at);
	/* A listed certificate is trusted without the one that issued it. */
	BUG_ON(X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) != 1);
	ok = X509_verify_cert(ctx) == 1;
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return ok;
}

static enum sign_outcome
judge(xmlNode *sig, STACK_OF(X509) * trusted, int64_t at, struct err *e)
{
	enum sign_outcome outcome = SIGN_BROKEN;
	xmlSecKeysMngr *keys = xmlSecKeysMngrCreate();
	xmlSecDSigCtx *ctx;
	xmlSecKeyData *data;
	X509 *cert = NULL;

	BUG_ON(keys == NULL || xmlSecCryptoAppDefaultKeysMngrInit(keys) < 0);
	ctx = new_context(keys);
	if (xmlSecDSigCtxVerify(ctx, sig) < 0) {
		(void)err_set(e, RC_OK,
			      "the signature cannot be checked: no X.509 certificate in "
			      "it, or methods that are not accepted");
		goto out;
	}
	if (ctx->status != xmlSecDSigStatusSucceeded) {
		(void)err_set(e, RC_OK, "the message is not what was signed");
		goto out;
	}
	outcome = SIGN_VALID_UNKNOWN;
	data = xmlSecKeyGetData(ctx->signKey, xmlSecOpenSSLKeyDataX509Id);
	if (data != NULL)
		cert = xmlSecOpenSSLKeyDataX509GetKeyCert(data);
	if (cert != NULL && is_trusted(cert, trusted, at))
		outcome = SIGN_VALID_TRUSTED;
out:
	xmlSecDSigCtxDestroy(ctx);
	xmlSecKeysMngrDestroy(keys);
	ERR_clear_error();
	return outcome;
}

enum rc
crypt_verify_xml(struct sv xml, struct sv trusted_pem, int64_t at, enum sign_outcome *ret,
		 struct err *e)
{
	STACK_OF(X509) *trusted = NULL;
	xmlDoc *doc = NULL;
	xmlNode *root, *sig = NULL;
	const char *wrong;
	size_t n;
	enum rc rc;

	ready_xmlsec();
	rc = pem_read_certs(&trusted, trusted_pem, e);
	if (rc == RC_OK)
		rc = xml_doc_read(&doc, xml, e);
	if (rc != RC_OK)
		goto out;
	root = xmlDocGetRootElement(doc);
	n = find_signatures(root, &sig);
	if (n == 0) {
		*ret = SIGN_ABSENT;
		goto out;
	}
	wrong = n > 1 ? "the message has several signatures" : wrong_shape(sig, root);
	if (wrong != NULL) {
		(void)err_set(e, RC_OK, "%s", wrong);
		*ret = SIGN_BROKEN;
		goto out;
	}
	*ret = judge(sig, trusted, at, e);
out:
	xmlFreeDoc(doc);
	sk_X509_pop_free(trusted, X509_free);
	return rc;
}
