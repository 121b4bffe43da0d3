/*
 * verify.c — judging a message's signatures.
 *
 * For each: its shape on the tree (sig_shape), the key it claims (sig_key), then
 * the arithmetic by xmlsec with that key and everything else switched off, on
 * the message as it is and, when only the digest differs, without other signatures
 * (sign.h says why that is sound). Last, whether the certificate is one that
 * the reader trusts (sig_trust).
 */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <xmlsec/crypto.h>
#include <xmlsec/keys.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/time.h"
#include "crypt/cert.h"
#include "crypt/pem.h"
#include "crypt/sig_key.h"
#include "crypt/sig_shape.h"
#include "crypt/sig_trust.h"
#include "crypt/sign.h"
#include "crypt/xml_doc.h"

enum arithmetic {
	HOLDS,
	CHANGED,   /* the digest is of something else */
	OTHER_KEY, /* the value is not made with the key */
	NO_ANSWER,
};

/* Which of the message's other signatures are left out. */
enum without { WITHOUT_NONE, WITHOUT_LATER, WITHOUT_OTHERS };

const char *
sign_outcome_text(enum sign_outcome outcome)
{
	static const char *const texts[] = {
#define X(name, text, meaning) [SIGN_##name] = (text),
		SIGN_OUTCOMES(X)
#undef X
	};

	BUG_ON((size_t)outcome >= ARRAY_LEN(texts));
	return texts[outcome];
}

const char *
sign_outcome_meaning(enum sign_outcome outcome)
{
	static const char *const texts[] = {
#define X(name, text, meaning) [SIGN_##name] = (meaning),
		SIGN_OUTCOMES(X)
#undef X
	};

	BUG_ON((size_t)outcome >= ARRAY_LEN(texts));
	return texts[outcome];
}

/* With no store of keys and a key of its own, xmlsec does not look at KeyInfo at all. */
static xmlSecDSigCtx *
new_context(EVP_PKEY *key)
{
	/* Digests count as transforms of the reference. */
	const xmlSecTransformId reference[] = {
		xmlSecTransformEnvelopedId,
		xmlSecTransformExclC14NId,
		xmlSecTransformInclC14NId,
		xmlSecTransformInclC14N11Id,
		xmlSecTransformExclC14NWithCommentsId,
		xmlSecTransformInclC14NWithCommentsId,
		xmlSecTransformInclC14N11WithCommentsId,
		xmlSecTransformSha1Id,
		xmlSecTransformSha256Id,
		xmlSecTransformSha384Id,
		xmlSecTransformSha512Id,
	};
	const xmlSecTransformId signature[] = {
		xmlSecTransformExclC14NId,
		xmlSecTransformInclC14NId,
		xmlSecTransformInclC14N11Id,
		xmlSecTransformExclC14NWithCommentsId,
		xmlSecTransformInclC14NWithCommentsId,
		xmlSecTransformInclC14N11WithCommentsId,
		xmlSecTransformEcdsaSha1Id,
		xmlSecTransformEcdsaSha256Id,
		xmlSecTransformEcdsaSha384Id,
		xmlSecTransformEcdsaSha512Id,
		xmlSecTransformRsaSha1Id,
		xmlSecTransformRsaSha256Id,
		xmlSecTransformRsaSha384Id,
		xmlSecTransformRsaSha512Id,
	};
	xmlSecDSigCtx *ctx = xmlSecDSigCtxCreate(NULL);
	xmlSecKeyData *data;
	size_t i;

	BUG_ON(ctx == NULL);
	ctx->enabledReferenceUris = xmlSecTransformUriTypeEmpty;
	ctx->flags |= XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
	for (i = 0; i < ARRAY_LEN(reference); i++)
		BUG_ON(xmlSecDSigCtxEnableReferenceTransform(ctx, reference[i]) < 0);
	for (i = 0; i < ARRAY_LEN(signature); i++)
		BUG_ON(xmlSecDSigCtxEnableSignatureTransform(ctx, signature[i]) < 0);
	BUG_ON(EVP_PKEY_up_ref(key) != 1);
	data = xmlSecOpenSSLEvpKeyAdopt(key);
	ctx->signKey = xmlSecKeyCreate();
	BUG_ON(data == NULL || ctx->signKey == NULL || xmlSecKeySetValue(ctx->signKey, data) < 0);
	return ctx;
}

static enum arithmetic
compute(xmlNode *sig, EVP_PKEY *key)
{
	xmlSecDSigCtx *ctx = new_context(key);
	xmlSecDSigReferenceCtx *ref;
	enum arithmetic answer = NO_ANSWER;

	if (xmlSecDSigCtxVerify(ctx, sig) < 0)
		goto out;
	ref = xmlSecPtrListGetItem(&ctx->signedInfoReferences, 0);
	if (xmlSecPtrListGetSize(&ctx->signedInfoReferences) != 1 || ref == NULL)
		goto out;
	if (ref->status != xmlSecDSigStatusSucceeded)
		answer = CHANGED;
	else if (ctx->status != xmlSecDSigStatusSucceeded)
		answer = OTHER_KEY;
	else
		answer = HOLDS;
out:
	xmlSecDSigCtxDestroy(ctx);
	ERR_clear_error();
	return answer;
}

/* A signature taken out of the tree, and the empty text that keeps its place. */
struct gone {
	xmlNode *sig, *stand_in;
};

/* compute with other signatures, at most `siblings`, taken out of the tree for its time. */
static enum arithmetic
compute_without(xmlNode *sig, EVP_PKEY *key, enum without what, size_t siblings)
{
	struct gone *gone = MEM_NEW_N(struct gone, siblings);
	xmlNode *node, *next;
	enum arithmetic answer;
	bool later = false, earlier = false;
	size_t n = 0;

	for (node = sig->parent->children; node != NULL; node = next) {
		next = node->next;
		later |= node == sig;
		if (node == sig || !sig_is(node, "Signature"))
			continue;
		earlier |= !later;
		if (what == WITHOUT_LATER && !later)
			continue;
		BUG_ON(n == siblings);
		gone[n].stand_in = xmlNewDocText(node->doc, (const xmlChar *)"");
		BUG_ON(gone[n].stand_in == NULL);
		gone[n].sig = xmlReplaceNode(node, gone[n].stand_in);
		n++;
	}
	/* The same as what was tried before needs no second look. */
	answer = n == 0 || (what == WITHOUT_OTHERS && !earlier) ? CHANGED : compute(sig, key);
	while (n-- > 0) {
		xmlReplaceNode(gone[n].stand_in, gone[n].sig);
		xmlFreeNode(gone[n].stand_in);
	}
	mem_free(gone);
	return answer;
}

static const char *
covered_text(enum without what)
{
	switch (what) {
	case WITHOUT_LATER:
		return "it covers the whole message as it was before signatures were added to it";
	case WITHOUT_OTHERS:
		return "it covers the whole message, but not its other signatures";
	case WITHOUT_NONE:
		break;
	}
	return "it covers the whole message";
}

static const char *
arithmetic_text(enum arithmetic a, enum without what)
{
	switch (a) {
	case HOLDS:
		return covered_text(what);
	case CHANGED:
		return "the message is not what was signed: its digest differs";
	case OTHER_KEY:
		return "its value was not made with the key that it names";
	case NO_ANSWER:
		break;
	}
	return "it cannot be judged by the rules of XML signatures";
}

static void
say(struct sign_verdict *v, const char *first, const char *second)
{
	(void)snprintf(v->reason, sizeof(v->reason), "%s%s%s", first, second[0] != '\0' ? "; " : "",
		       second);
}

/* Of a signature that holds: whose it is. */
static void
judge_signer(struct sign_verdict *v, const char *covers, const struct sig_key *k,
	     STACK_OF(X509) * trusted, int64_t at)
{
	char why[SIGN_REASON];
	size_t n;

	v->outcome = SIGN_VALID_UNKNOWN;
	if (v->weak)
		(void)snprintf(why, sizeof(why), "it is made with %s, which is too weak to trust",
			       k->weak ? k->text : "SHA-1");
	else if (k->cert == NULL)
		(void)snprintf(why, sizeof(why),
			       "it names a key without a certificate, so nothing says whose it is");
	else if (sig_trusted(k->cert, k->certs, trusted, at, why))
		v->outcome = SIGN_VALID_TRUSTED;
	n = strlen(why);
	if (v->has_cert && v->cert.until < at && strstr(why, "expired") == NULL)
		(void)snprintf(why + n, sizeof(why) - n, "; its certificate has expired");
	say(v, covers, why);
}

static void
judge(struct sign_verdict *v, xmlNode *sig, xmlNode *root, size_t siblings,
      STACK_OF(X509) * trusted, int64_t at)
{
	struct sig_shape shape = {0};
	struct sig_key k = {0};
	enum arithmetic answer;
	enum without what = WITHOUT_NONE;
	const char *wrong = sig_shape_read(&shape, sig, root);

	*v = (struct sign_verdict){.outcome = SIGN_BROKEN, .algorithm = "", .digest = ""};
	if (wrong != NULL) {
		say(v, wrong, "");
		return;
	}
	v->algorithm = shape.method;
	v->digest = shape.digest;
	wrong = sig_key_read(&k, shape.key_info, shape.family);
	if (k.cert != NULL) {
		v->has_cert = true;
		cert_describe(&v->cert, k.cert);
	}
	memcpy(v->key, k.text, sizeof(v->key));
	v->weak = shape.weak || k.weak;
	if (wrong != NULL) {
		say(v, wrong, "");
		goto out;
	}
	answer = compute(sig, k.key);
	/* The value is checked once the digest is right, so this ends at the first that is. */
	while (answer == CHANGED && what < WITHOUT_OTHERS)
		answer = compute_without(sig, k.key, ++what, siblings);
	if (answer == HOLDS)
		judge_signer(v, arithmetic_text(answer, what), &k, trusted, at);
	else
		say(v, arithmetic_text(answer, what), "");
out:
	sig_key_fini(&k);
}

static size_t
count_siblings(xmlNode *root)
{
	xmlNode *node;
	size_t n = 0;

	for (node = sig_element(root->children); node != NULL; node = sig_element(node->next))
		n += sig_is(node, "Signature");
	return n;
}

enum rc
crypt_verify_all(struct sign_report *ret, struct sv xml, struct sv trusted_pem, int64_t at,
		 struct err *e)
{
	STACK_OF(X509) *trusted = NULL;
	xmlNode *root, *sigs[SIGN_JUDGED];
	xmlDoc *doc = NULL;
	size_t i, found, siblings;
	enum rc rc;

	ready_xmlsec();
	rc = pem_read_certs(&trusted, trusted_pem, e);
	if (rc == RC_OK)
		rc = xml_doc_read(&doc, xml, e);
	if (rc != RC_OK)
		goto out;
	root = xmlDocGetRootElement(doc);
	found = sig_find(root, sigs, SIGN_JUDGED);
	siblings = count_siblings(root);
	ret->outcome = SIGN_ABSENT;
	(void)snprintf(ret->root, sizeof(ret->root), "%s", (const char *)root->name);
	ret->found = found;
	ret->n = found < SIGN_JUDGED ? found : SIGN_JUDGED;
	for (i = 0; i < ret->n; i++) {
		judge(&ret->v[i], sigs[i], root, siblings, trusted, at);
		if (ret->v[i].outcome > ret->outcome)
			ret->outcome = ret->v[i].outcome;
	}
out:
	xmlFreeDoc(doc);
	sk_X509_pop_free(trusted, X509_free);
	return rc;
}
