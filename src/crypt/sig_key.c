/*
 * sig_key.c — keys and certificates out of KeyInfo, each bounded before it is decoded.
 */
#include "crypt/sig_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/sv.h"
#include "crypt/sign.h"

#define BASE64_MAX (24 * 1024) /* of one certificate or number, white space included */
#define RSA_MIN    1024
#define RSA_GOOD   2048
#define RSA_MAX    8192

/* The bytes of an element with base64 in it. Released with mem_free; NULL when it is not that, or
 * larger than BASE64_MAX. */
static unsigned char *
decode(xmlNode *node, size_t *ret_n)
{
	xmlNode *text = node->children;
	EVP_ENCODE_CTX *ctx = NULL;
	unsigned char *out = NULL;
	size_t n;
	int got = 0, rest = 0;
	bool ok = false;

	/* The parser joins what stands together; comments or elements inside are not expected. */
	if (text == NULL || text->next != NULL || text->type != XML_TEXT_NODE ||
	    text->content == NULL)
		return NULL;
	n = strnlen((const char *)text->content, BASE64_MAX + 1);
	if (n > BASE64_MAX)
		return NULL;
	ctx = EVP_ENCODE_CTX_new();
	BUG_ON(ctx == NULL);
	out = mem_alloc(n + 4);
	EVP_DecodeInit(ctx);
	ok = EVP_DecodeUpdate(ctx, out, &got, text->content, (int)n) >= 0 &&
	     EVP_DecodeFinal(ctx, out + got, &rest) == 1 && got + rest > 0;
	EVP_ENCODE_CTX_free(ctx);
	if (!ok) {
		mem_free(out);
		return NULL;
	}
	*ret_n = (size_t)(got + rest);
	return out;
}

static const char *
add_cert(STACK_OF(X509) * list, xmlNode *node)
{
	unsigned char *der;
	const unsigned char *p;
	X509 *cert;
	size_t n = 0;

	if (sk_X509_num(list) == SIGN_CHAIN)
		return "it carries more certificates than are looked at";
	der = decode(node, &n);
	p = der;
	cert = der == NULL ? NULL : d2i_X509(NULL, &p, (long)n);
	if (cert != NULL && p != der + n) {
		X509_free(cert);
		cert = NULL;
	}
	mem_free(der);
	if (cert == NULL)
		return "a certificate in it cannot be read";
	BUG_ON(sk_X509_push(list, cert) <= 0);
	return NULL;
}

static const char *
read_certs(STACK_OF(X509) * list, xmlNode *key_info)
{
	xmlNode *data, *node;
	const char *wrong = NULL;

	for (data = sig_element(key_info->children); data != NULL; data = sig_element(data->next)) {
		if (!sig_is(data, "X509Data"))
			continue;
		for (node = sig_element(data->children); node != NULL && wrong == NULL;
		     node = sig_element(node->next))
			if (sig_is(node, "X509Certificate"))
				wrong = add_cert(list, node);
	}
	return wrong;
}

/* The signer's certificate: the first that issued none of the others. */
static X509 *
find_signer(STACK_OF(X509) * list)
{
	int i, k, n = sk_X509_num(list);

	for (i = 0; i < n; i++) {
		X509 *cert = sk_X509_value(list, i);
		bool issuer = false;

		for (k = 0; k < n && !issuer; k++)
			issuer = k != i && X509_cmp(cert, sk_X509_value(list, k)) != 0 &&
				 X509_check_issued(cert, sk_X509_value(list, k)) == X509_V_OK;
		if (!issuer)
			return cert;
	}
	return sk_X509_value(list, 0);
}

static EVP_PKEY *
make_key(const char *type, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	BUG_ON(params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1);
	if (EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

/* XML-DSig 1.1, 4.5.2.2. */
static EVP_PKEY *
read_rsa(xmlNode *value)
{
	xmlNode *modulus = sig_element(value->children);
	xmlNode *exponent = modulus == NULL ? NULL : sig_element(modulus->next);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	unsigned char *n = NULL, *e = NULL;
	size_t n_size = 0, e_size = 0;
	BIGNUM *bn = NULL, *be = NULL;
	EVP_PKEY *key = NULL;

	BUG_ON(build == NULL);
	if (!sig_is(modulus, "Modulus") || !sig_is(exponent, "Exponent"))
		goto out;
	n = decode(modulus, &n_size);
	e = decode(exponent, &e_size);
	if (n == NULL || e == NULL || n_size > RSA_MAX / 8 + 1 || e_size > 8)
		goto out;
	bn = BN_bin2bn(n, (int)n_size, NULL);
	be = BN_bin2bn(e, (int)e_size, NULL);
	BUG_ON(bn == NULL || be == NULL);
	BUG_ON(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, bn) != 1 ||
	       OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, be) != 1);
	key = make_key("RSA", build);
out:
	BN_free(bn);
	BN_free(be);
	mem_free(n);
	mem_free(e);
	OSSL_PARAM_BLD_free(build);
	return key;
}

/* XML-DSig 1.1, 4.5.2.3: a named curve and the point. */
static EVP_PKEY *
read_ec(xmlNode *value)
{
	static const struct {
		const char *uri, *name;
	} curves[] = {
		{"urn:oid:1.2.840.10045.3.1.7", "prime256v1"},
		{"urn:oid:1.3.132.0.34", "secp384r1"},
		{"urn:oid:1.3.132.0.35", "secp521r1"},
	};
	xmlNode *curve = sig_element(value->children);
	xmlNode *point = curve == NULL ? NULL : sig_element(curve->next);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	unsigned char *p = NULL;
	xmlChar *uri = NULL;
	EVP_PKEY *key = NULL;
	size_t i, n = 0;

	BUG_ON(build == NULL);
	if (point == NULL || !xmlStrEqual(curve->name, (const xmlChar *)"NamedCurve"))
		goto out;
	uri = xmlGetNoNsProp(curve, (const xmlChar *)"URI");
	for (i = 0; i < ARRAY_LEN(curves); i++)
		if (xmlStrEqual(uri, (const xmlChar *)curves[i].uri))
			break;
	p = decode(point, &n);
	if (i == ARRAY_LEN(curves) || p == NULL)
		goto out;
	BUG_ON(OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, curves[i].name,
					       0) != 1 ||
	       OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, p, n) != 1);
	key = make_key("EC", build);
out:
	xmlFree(uri);
	mem_free(p);
	OSSL_PARAM_BLD_free(build);
	return key;
}

static EVP_PKEY *
read_key_value(xmlNode *key_info)
{
	xmlNode *node, *value;

	for (node = sig_element(key_info->children); node != NULL; node = sig_element(node->next)) {
		if (!sig_is(node, "KeyValue"))
			continue;
		value = sig_element(node->children);
		if (sig_is(value, "RSAKeyValue"))
			return read_rsa(value);
		/* Of the namespace of XML-DSig 1.1, unlike the rest. */
		if (value != NULL && xmlStrEqual(value->name, (const xmlChar *)"ECKeyValue"))
			return read_ec(value);
	}
	return NULL;
}

static bool
describe_ec(EVP_PKEY *key, char text[16])
{
	static const struct {
		const char *group, *text;
	} curves[] = {
		{"prime256v1", "EC P-256"},
		{"secp384r1", "EC P-384"},
		{"secp521r1", "EC P-521"},
	};
	char group[64];
	size_t i, n = 0;
	int numbers = 0;

	/* A curve written out in numbers is chosen by whoever wrote it (RFC 5480, 2.1.1). */
	if (EVP_PKEY_get_group_name(key, group, sizeof(group), &n) != 1 ||
	    (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
				    &numbers) == 1 &&
	     numbers != 0))
		return false;
	for (i = 0; i < ARRAY_LEN(curves); i++) {
		if (strcmp(group, curves[i].group) != 0)
			continue;
		(void)snprintf(text, 16, "%s", curves[i].text);
		return true;
	}
	return false;
}

bool
sig_key_describe(EVP_PKEY *key, enum sig_family *family, char text[16], bool *ret_weak)
{
	int bits = EVP_PKEY_get_bits(key);

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_EC:
		*family = SIG_EC;
		*ret_weak = false;
		return describe_ec(key, text);
	case EVP_PKEY_RSA:
		*family = SIG_RSA;
		*ret_weak = bits < RSA_GOOD;
		(void)snprintf(text, 16, "RSA %d", bits);
		return bits >= RSA_MIN && bits <= RSA_MAX;
	default:
		return false;
	}
}

const char *
sig_key_read(struct sig_key *ret, xmlNode *key_info, enum sig_family want)
{
	enum sig_family family = SIG_RSA;
	const char *wrong;

	memset(ret, 0, sizeof(*ret));
	ret->certs = sk_X509_new_null();
	BUG_ON(ret->certs == NULL);
	if (key_info == NULL)
		return "it carries neither a certificate nor a key, so nobody can check it";
	wrong = read_certs(ret->certs, key_info);
	if (wrong != NULL)
		goto out;
	if (sk_X509_num(ret->certs) > 0) {
		ret->cert = find_signer(ret->certs);
		ret->key = X509_get_pubkey(ret->cert);
	} else {
		ret->key = read_key_value(key_info);
	}
	if (ret->key == NULL)
		wrong = "it carries neither a certificate nor a key that can be read";
	else if (!sig_key_describe(ret->key, &family, ret->text, &ret->weak))
		wrong = family == SIG_RSA && ret->text[0] != '\0'
				? "its RSA key is of a length that shows nothing (expected 1024 to "
				  "8192 bits)"
				: "its key is of a kind that is not accepted (expected RSA, or "
				  "ECDSA on P-256, P-384 or P-521)";
	else if (family != want)
		wrong = "its key is not of the kind that its signature method needs";
out:
	ERR_clear_error();
	return wrong;
}

void
sig_key_fini(struct sig_key *k)
{
	EVP_PKEY_free(k->key);
	sk_X509_pop_free(k->certs, X509_free);
	memset(k, 0, sizeof(*k));
}
