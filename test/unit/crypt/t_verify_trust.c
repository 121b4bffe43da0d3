/*
 * t_verify_trust.c — whose signature it is: kinds and strengths of keys, chains of
 * certificates, dates, and certificates that belong to somebody else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/crypt/forge.h"

#define SHA256 "http://www.w3.org/2001/04/xmlenc#sha256"
#define SHA1   DSIG "sha1"

static int
set_up(void **state)
{
	struct sign_report warm;
	struct err e = ERR_INIT;

	(void)state;
	return crypt_verify_all(&warm, SV("<a/>"), SV_NONE, NOW, &e) == RC_OK ? 0 : -1;
}

/* A message signed with the key, with this inside KeyInfo. */
static void
make(struct buf *ret, EVP_PKEY *key, const char *method, const char *digest, struct sv key_info)
{
	struct buf t = BUF_INIT(4 * MIB);

	buf_addf(&t,
		 "<alert xmlns='" CAP "'><identifier>A-1</identifier><Signature xmlns='" DSIG
		 "'><SignedInfo><CanonicalizationMethod Algorithm='" EXCL
		 "'/><SignatureMethod Algorithm='%s'/><Reference URI=''><Transforms><Transform "
		 "Algorithm='" DSIG
		 "enveloped-signature'/></Transforms><DigestMethod Algorithm='%s'/><DigestValue/>"
		 "</Reference></SignedInfo><SignatureValue/><KeyInfo>",
		 method, digest);
	buf_add(&t, key_info);
	buf_adds(&t, "</KeyInfo></Signature></alert>");
	forge_sign(ret, buf_sv(&t), key, SV_NONE);
	buf_fini(&t);
}

static void
keys(void **state)
{
	static const struct {
		const char *name;
		unsigned rsa; /* bits; 0: the curve */
		const char *curve;
		const char *method, *digest;
		enum sign_outcome want;
		const char *says, *key;
	} cases[] = {
		{"P-256", 0, "P-256", MORE "ecdsa-sha256", SHA256, SIGN_VALID_TRUSTED, "trusted",
		 "EC P-256"},
		{"P-384", 0, "P-384", MORE "ecdsa-sha384", MORE "sha384", SIGN_VALID_TRUSTED,
		 "trusted", "EC P-384"},
		{"P-521", 0, "P-521", MORE "ecdsa-sha512",
		 "http://www.w3.org/2001/04/xmlenc#sha512", SIGN_VALID_TRUSTED, "trusted",
		 "EC P-521"},
		{"a curve of elsewhere", 0, "secp256k1", MORE "ecdsa-sha256", SHA256, SIGN_BROKEN,
		 "its key is of a kind that is not accepted", ""},
		{"P-192", 0, "P-192", MORE "ecdsa-sha256", SHA256, SIGN_BROKEN,
		 "its key is of a kind that is not accepted", ""},
		{"RSA 2048", 2048, NULL, MORE "rsa-sha256", SHA256, SIGN_VALID_TRUSTED, "trusted",
		 "RSA 2048"},
		{"RSA 1024", 1024, NULL, MORE "rsa-sha256", SHA256, SIGN_VALID_UNKNOWN,
		 "with RSA 1024, which is too weak", "RSA 1024"},
		{"RSA 512", 512, NULL, MORE "rsa-sha256", SHA256, SIGN_BROKEN,
		 "RSA key is of a length that shows nothing", "RSA 512"},
		{"SHA-1 in the value", 2048, NULL, DSIG "rsa-sha1", SHA256, SIGN_VALID_UNKNOWN,
		 "with SHA-1, which is too weak", "RSA 2048"},
		{"SHA-1 in the digest", 0, "P-256", MORE "ecdsa-sha256", SHA1, SIGN_VALID_UNKNOWN,
		 "with SHA-1, which is too weak", "EC P-256"},
		{"SHA-1 with ECDSA", 0, "P-256", MORE "ecdsa-sha1", SHA256, SIGN_VALID_UNKNOWN,
		 "with SHA-1, which is too weak", "EC P-256"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf xml = BUF_INIT(MIB), info = BUF_INIT(MIB), pem = BUF_INIT(MIB);
		EVP_PKEY *key = cases[i].rsa > 0 ? EVP_RSA_gen(cases[i].rsa)
						 : EVP_EC_gen(cases[i].curve);
		struct forge_id id = forge_id(key, &(struct forge_cert){.name = "Weather desk"});
		struct sign_report r;

		buf_adds(&info, "<X509Data>");
		forge_x509(&info, id.cert);
		buf_adds(&info, "</X509Data>");
		forge_pem(&pem, id.cert);
		make(&xml, id.key, cases[i].method, cases[i].digest, buf_sv(&info));
		forge_report(&r, buf_sv(&xml), buf_sv(&pem));
		forge_expect(cases[i].name, &r, cases[i].want, 0, cases[i].says);
		assert_string_equal(r.v[0].key, cases[i].key);
		assert_string_equal(r.v[0].cert.subject, "CN=Weather desk");
		/* Weak is never more than unknown, listed or not. */
		forge_report(&r, buf_sv(&xml), SV_NONE);
		assert_true(r.outcome ==
			    (cases[i].want == SIGN_BROKEN ? SIGN_BROKEN : SIGN_VALID_UNKNOWN));
		forge_drop(&id);
		buf_fini(&xml);
		buf_fini(&info);
		buf_fini(&pem);
	}
}

/* A key on P-256 with the curve written out as numbers, as no certificate may have it. */
static void
explicit_curve(void **state)
{
	struct buf xml = BUF_INIT(MIB), info = BUF_INIT(MIB), pem = BUF_INIT(MIB);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string("group", (char[]){"P-256"}, 5),
		OSSL_PARAM_utf8_string("encoding", (char[]){"explicit"}, 8),
		OSSL_PARAM_END,
	};
	EVP_PKEY *key = NULL;
	struct forge_id id;
	struct sign_report r;

	(void)state;
	assert_true(EVP_PKEY_keygen_init(ctx) == 1 && EVP_PKEY_CTX_set_params(ctx, params) == 1 &&
		    EVP_PKEY_generate(ctx, &key) == 1);
	id = forge_id(key, &(struct forge_cert){.name = "Weather desk"});
	buf_adds(&info, "<X509Data>");
	forge_x509(&info, id.cert);
	buf_adds(&info, "</X509Data>");
	make(&xml, id.key, MORE "ecdsa-sha256", SHA256, buf_sv(&info));
	forge_pem(&pem, id.cert);
	forge_report(&r, buf_sv(&xml), buf_sv(&pem));
	forge_expect("explicit", &r, SIGN_BROKEN, 0, "of a kind that is not accepted");
	EVP_PKEY_CTX_free(ctx);
	forge_drop(&id);
	buf_fini(&xml);
	buf_fini(&info);
	buf_fini(&pem);
}

static void
zero_modulus(struct buf *ret, struct sv xml)
{
	struct sv v = sv_from(xml, sv_find(xml, SV("<Modulus>")) + 9);

	buf_reset(ret);
	forge_replace(ret, xml, sv_head(v, sv_find(v, SV("</Modulus>"))), SV("AAAA"));
}

/* KeyValue: it holds, and nobody says whose it is. */
static void
bare_keys(void **state)
{
	struct buf xml = BUF_INIT(MIB), bad = BUF_INIT(MIB);
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *ec = EVP_EC_gen("P-256");
	unsigned char point[65];
	char text[100];
	struct buf info = BUF_INIT(KIB);
	struct sign_report r;
	size_t n = 0;

	(void)state;
	make(&xml, rsa, MORE "rsa-sha256", SHA256, SV("<KeyValue/>"));
	forge_report(&r, buf_sv(&xml), SV_NONE);
	forge_expect("RSA", &r, SIGN_VALID_UNKNOWN, 0, "without a certificate");
	assert_false(r.v[0].has_cert);
	assert_string_equal(r.v[0].key, "RSA 2048");
	forge_replace(&bad, buf_sv(&xml), SV("A-1"), SV("A-2"));
	forge_report(&r, buf_sv(&bad), SV_NONE);
	forge_expect("RSA, changed", &r, SIGN_BROKEN, 0, "digest differs");
	buf_reset(&bad);
	forge_replace(&bad, buf_sv(&xml), SV("\nAQAB\n"), SV("Aw=="));
	forge_report(&r, buf_sv(&bad), SV_NONE);
	forge_expect("RSA, another key", &r, SIGN_BROKEN, 0, "not made with the key");
	buf_reset(&bad);
	forge_replace(&bad, buf_sv(&xml), SV("\nAQAB\n"), SV("AQABAQABAQABAQAB"));
	forge_report(&r, buf_sv(&bad), SV_NONE);
	forge_expect("RSA, a huge exponent", &r, SIGN_BROKEN, 0, "neither");

	buf_reset(&bad);
	forge_replace(&bad, buf_sv(&xml), SV("\nAQAB\n"), SV("AA=="));
	forge_report(&r, buf_sv(&bad), SV_NONE);
	forge_expect("RSA, exponent 0", &r, SIGN_BROKEN, 0, "");
	zero_modulus(&bad, buf_sv(&xml));
	forge_report(&r, buf_sv(&bad), SV_NONE);
	forge_expect("RSA, modulus 0", &r, SIGN_BROKEN, 0, "");

	assert_int_equal(EVP_PKEY_get_octet_string_param(ec, "pub", point, sizeof(point), &n), 1);
	EVP_EncodeBlock((unsigned char *)text, point, (int)n);
	buf_addf(&info,
		 "<KeyValue><e:ECKeyValue xmlns:e='http://www.w3.org/2009/xmldsig11#'>"
		 "<e:NamedCurve URI='urn:oid:1.2.840.10045.3.1.7'/><e:PublicKey>%s</e:PublicKey>"
		 "</e:ECKeyValue></KeyValue>",
		 text);
	buf_reset(&xml);
	make(&xml, ec, MORE "ecdsa-sha256", SHA256, SV("<KeyName/>"));
	buf_reset(&bad);
	forge_replace(&bad, buf_sv(&xml), SV("<KeyName/>"), buf_sv(&info));
	forge_report(&r, buf_sv(&bad), SV_NONE);
	forge_expect("EC", &r, SIGN_VALID_UNKNOWN, 0, "without a certificate");
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
	buf_fini(&xml);
	buf_fini(&bad);
	buf_fini(&info);
}

/* Chains. Identities by number, so that tables can name them. */
enum {
	ROOT,
	MIDDLE,
	LEAF,
	NO_CA,
	BY_NO_CA,
	EXPIRED,
	EARLY,
	OLD_MIDDLE,
	BY_OLD,
	ISSUING_ONLY,
	WEAK_ROOT,
	BY_WEAK,
	SHA1_LEAF,
	STRANGER,
	FALSE_ROOT,
	BY_FALSE,
	IDS,
	NONE = IDS
};

#define MAY_ISSUE "CA:TRUE"

static void
make_ids(struct forge_id v[IDS])
{
	static const struct {
		const char *name;
		int issuer; /* NONE: itself */
		const char *constraints, *usage;
		int from_days, until_days;
		bool weak, sha1;
	} ids[IDS] = {
		[ROOT] = {"Root", NONE, MAY_ISSUE, "keyCertSign", 0, 0, false, false},
		[MIDDLE] = {"Middle", ROOT, MAY_ISSUE, "keyCertSign", 0, 0, false, false},
		[LEAF] = {"Weather desk", MIDDLE, "CA:FALSE", "digitalSignature", 0, 0, false,
			  false},
		[NO_CA] = {"Another desk", ROOT, "CA:FALSE", "digitalSignature", 0, 0, false,
			   false},
		[BY_NO_CA] = {"Made by a desk", NO_CA, NULL, NULL, 0, 0, false, false},
		[EXPIRED] = {"Old desk", ROOT, NULL, NULL, -700, -300, false, false},
		[EARLY] = {"New desk", ROOT, NULL, NULL, 10, 300, false, false},
		[OLD_MIDDLE] = {"Old middle", ROOT, MAY_ISSUE, NULL, -700, -1, false, false},
		[BY_OLD] = {"Desk of old", OLD_MIDDLE, NULL, NULL, 0, 0, false, false},
		[ISSUING_ONLY] = {"Issuer", ROOT, MAY_ISSUE, "keyCertSign,cRLSign", 0, 0, false,
				  false},
		[WEAK_ROOT] = {"Weak root", NONE, MAY_ISSUE, NULL, 0, 0, true, false},
		[BY_WEAK] = {"Desk of weak", WEAK_ROOT, NULL, NULL, 0, 0, false, false},
		[SHA1_LEAF] = {"SHA-1 desk", ROOT, NULL, NULL, 0, 0, false, true},
		[STRANGER] = {"Stranger", NONE, NULL, NULL, 0, 0, false, false},
		[FALSE_ROOT] = {"Root", NONE, MAY_ISSUE, NULL, 0, 0, false, false},
		[BY_FALSE] = {"Weather desk", FALSE_ROOT, NULL, NULL, 0, 0, false, false},
	};
	size_t i;

	for (i = 0; i < IDS; i++)
		v[i] = forge_id(ids[i].weak ? EVP_RSA_gen(1024) : EVP_EC_gen("P-256"),
				&(struct forge_cert){
					.name = ids[i].name,
					.issuer = ids[i].issuer == NONE ? NULL : &v[ids[i].issuer],
					.constraints = ids[i].constraints,
					.usage = ids[i].usage,
					.from_days = ids[i].from_days,
					.until_days = ids[i].until_days,
					.md = ids[i].sha1 ? EVP_sha1() : NULL,
				});
}

/* Numbers in the tables are one more than the enum's, so that 0 ends a list. */
#define N(id) ((id) + 1)

static const struct {
	const char *name;
	int signer;     /* whose key signs */
	int carried[4]; /* certificates in KeyInfo */
	int trust[3];
	enum sign_outcome want;
	const char *says;
} chain_cases[] = {
	{"by way of one carried",
	 LEAF,
	 {N(LEAF), N(MIDDLE)},
	 {N(ROOT)},
	 SIGN_VALID_TRUSTED,
	 "is trusted"},
	{"in another order",
	 LEAF,
	 {N(ROOT), N(MIDDLE), N(LEAF)},
	 {N(ROOT)},
	 SIGN_VALID_TRUSTED,
	 "is trusted"},
	{"one missing", LEAF, {N(LEAF)}, {N(ROOT)}, SIGN_VALID_UNKNOWN, "nor leads to"},
	{"the issuer listed", LEAF, {N(LEAF)}, {N(MIDDLE)}, SIGN_VALID_TRUSTED, "is trusted"},
	{"itself listed", LEAF, {N(LEAF)}, {N(STRANGER), N(LEAF)}, SIGN_VALID_TRUSTED, "is trusted"},
	{"listed twice",
	 LEAF,
	 {N(LEAF), N(LEAF)},
	 {N(LEAF), N(LEAF)},
	 SIGN_VALID_TRUSTED,
	 "is trusted"},
	{"self-signed, listed",
	 STRANGER,
	 {N(STRANGER)},
	 {N(STRANGER)},
	 SIGN_VALID_TRUSTED,
	 "is trusted"},
	{"self-signed, not listed",
	 STRANGER,
	 {N(STRANGER)},
	 {N(ROOT)},
	 SIGN_VALID_UNKNOWN,
	 "nor leads to"},
	{"no list",
	 LEAF,
	 {N(LEAF), N(MIDDLE), N(ROOT)},
	 {0},
	 SIGN_VALID_UNKNOWN,
	 "no certificates to trust"},
	{"made by a desk that may not issue",
	 BY_NO_CA,
	 {N(BY_NO_CA), N(NO_CA)},
	 {N(ROOT)},
	 SIGN_VALID_UNKNOWN,
	 "may not issue"},
	{"expired", EXPIRED, {N(EXPIRED)}, {N(ROOT)}, SIGN_VALID_UNKNOWN, "expired on"},
	{"expired, though listed",
	 EXPIRED,
	 {N(EXPIRED)},
	 {N(EXPIRED)},
	 SIGN_VALID_UNKNOWN,
	 "expired on"},
	{"expired, of nobody known",
	 EXPIRED,
	 {N(EXPIRED)},
	 {N(STRANGER)},
	 SIGN_VALID_UNKNOWN,
	 "its certificate has expired"},
	{"not yet", EARLY, {N(EARLY)}, {N(ROOT)}, SIGN_VALID_UNKNOWN, "holds only from"},
	{"an expired one between",
	 BY_OLD,
	 {N(BY_OLD), N(OLD_MIDDLE)},
	 {N(ROOT)},
	 SIGN_VALID_UNKNOWN,
	 "above its own expired"},
	{"not for signing messages",
	 ISSUING_ONLY,
	 {N(ISSUING_ONLY)},
	 {N(ROOT)},
	 SIGN_VALID_UNKNOWN,
	 "not for signing"},
	{"a weak key above", BY_WEAK, {N(BY_WEAK)}, {N(WEAK_ROOT)}, SIGN_VALID_UNKNOWN, "too weak"},
	{"issued with SHA-1", SHA1_LEAF, {N(SHA1_LEAF)}, {N(ROOT)}, SIGN_VALID_UNKNOWN, "too weak"},
	{"a root of the same name",
	 BY_FALSE,
	 {N(BY_FALSE), N(FALSE_ROOT)},
	 {N(ROOT)},
	 SIGN_VALID_UNKNOWN,
	 "not accepted"},
	{"somebody's certificate, one's own key",
	 STRANGER,
	 {N(LEAF), N(MIDDLE)},
	 {N(ROOT)},
	 SIGN_BROKEN,
	 "not made with the key"},
	{"a trusted one put behind",
	 STRANGER,
	 {N(STRANGER), N(LEAF), N(MIDDLE)},
	 {N(ROOT)},
	 SIGN_VALID_UNKNOWN,
	 ""},
	{"a trusted one put before",
	 STRANGER,
	 {N(LEAF), N(MIDDLE), N(STRANGER)},
	 {N(ROOT)},
	 SIGN_BROKEN,
	 "not made with the key"},
};

static void
chains(void **state)
{
	struct forge_id ids[IDS];
	size_t i, k;

	(void)state;
	make_ids(ids);
	for (i = 0; i < ARRAY_LEN(chain_cases); i++) {
		struct buf xml = BUF_INIT(MIB), info = BUF_INIT(MIB), pem = BUF_INIT(MIB);
		struct sign_report r;

		buf_adds(&info, "<X509Data>");
		for (k = 0; k < 4 && chain_cases[i].carried[k] > 0; k++)
			forge_x509(&info, ids[chain_cases[i].carried[k] - 1].cert);
		buf_adds(&info, "</X509Data>");
		for (k = 0; k < 3 && chain_cases[i].trust[k] > 0; k++)
			forge_pem(&pem, ids[chain_cases[i].trust[k] - 1].cert);
		make(&xml, ids[chain_cases[i].signer].key, MORE "ecdsa-sha256", SHA256,
		     buf_sv(&info));
		forge_report(&r, buf_sv(&xml), buf_sv(&pem));
		forge_expect(chain_cases[i].name, &r, chain_cases[i].want, 0, chain_cases[i].says);
		buf_fini(&xml);
		buf_fini(&info);
		buf_fini(&pem);
	}
	for (i = 0; i < IDS; i++)
		forge_drop(&ids[i]);
}

/* The instant is the caller's: what has expired now was trusted then. */
static void
instants(void **state)
{
	static const struct {
		int days;
		enum sign_outcome want;
	} cases[] = {{-701, SIGN_VALID_UNKNOWN},
		     {-699, SIGN_VALID_TRUSTED},
		     {-301, SIGN_VALID_TRUSTED},
		     {-299, SIGN_VALID_UNKNOWN}};
	struct buf xml = BUF_INIT(MIB), info = BUF_INIT(MIB), pem = BUF_INIT(MIB);
	struct forge_id id = forge_id(
		EVP_EC_gen("P-256"),
		&(struct forge_cert){.name = "Old desk", .from_days = -700, .until_days = -300});
	struct sign_report r;
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	buf_adds(&info, "<X509Data>");
	forge_x509(&info, id.cert);
	buf_adds(&info, "</X509Data>");
	forge_pem(&pem, id.cert);
	make(&xml, id.key, MORE "ecdsa-sha256", SHA256, buf_sv(&info));
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(crypt_verify_all(&r, buf_sv(&xml), buf_sv(&pem),
						  NOW + cases[i].days * 86400L, &e),
				 RC_OK);
		assert_int_equal(r.outcome, cases[i].want);
	}
	assert_int_equal(r.v[0].cert.from, NOW - 700 * 86400L);
	assert_int_equal(r.v[0].cert.until, NOW - 300 * 86400L);
	forge_drop(&id);
	buf_fini(&xml);
	buf_fini(&info);
	buf_fini(&pem);
}

/* More and larger certificates than anybody needs. */
static void
too_much(void **state)
{
	struct buf xml = BUF_INIT(4 * MIB), info = BUF_INIT(MIB), huge = BUF_INIT(MIB);
	struct forge_id id = forge_id(EVP_EC_gen("P-256"), &(struct forge_cert){.name = "Desk"});
	struct sign_report r;
	int i;

	(void)state;
	buf_adds(&info, "<X509Data>");
	for (i = 0; i < SIGN_CHAIN + 1; i++)
		forge_x509(&info, id.cert);
	buf_adds(&info, "</X509Data>");
	make(&xml, id.key, MORE "ecdsa-sha256", SHA256, buf_sv(&info));
	forge_report(&r, buf_sv(&xml), SV_NONE);
	forge_expect("nine certificates", &r, SIGN_BROKEN, 0, "more certificates than");

	buf_adds(&huge, "<X509Data><X509Certificate>MIIB");
	buf_add_fill(&huge, 'A', 512 * 1024);
	buf_adds(&huge, "</X509Certificate></X509Data>");
	buf_reset(&xml);
	make(&xml, id.key, MORE "ecdsa-sha256", SHA256, buf_sv(&huge));
	forge_report(&r, buf_sv(&xml), SV_NONE);
	forge_expect("half a megabyte", &r, SIGN_BROKEN, 0, "cannot be read");
	forge_drop(&id);
	buf_fini(&xml);
	buf_fini(&info);
	buf_fini(&huge);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),      cmocka_unit_test(explicit_curve),
		cmocka_unit_test(bare_keys), cmocka_unit_test(chains),
		cmocka_unit_test(instants),  cmocka_unit_test(too_much),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
