/*
 * t_verify.c — what attackers write: each signature here is made with the key that the
 * reader trusts, or claims to be, and still shows nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/crypt/forge.h"

static struct forge_id signer, other;
static struct buf trusted = BUF_INIT(64 * 1024), trusted_x509 = BUF_INIT(64 * 1024);
static struct buf other_x509 = BUF_INIT(64 * 1024);

static int
set_up(void **state)
{
	struct sign_report warm;
	struct err e = ERR_INIT;

	(void)state;
	/* Sets the libraries up. */
	if (crypt_verify_all(&warm, SV("<a/>"), SV_NONE, NOW, &e) != RC_OK)
		return -1;
	signer = forge_id(EVP_EC_gen("P-256"), &(struct forge_cert){.name = "Weather desk"});
	other = forge_id(EVP_EC_gen("P-256"), &(struct forge_cert){.name = "Somebody"});
	forge_pem(&trusted, signer.cert);
	forge_x509(&trusted_x509, signer.cert);
	forge_x509(&other_x509, other.cert);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	forge_drop(&signer);
	forge_drop(&other);
	buf_fini(&trusted);
	buf_fini(&trusted_x509);
	buf_fini(&other_x509);
	return 0;
}

/* Pieces of a template. */
#define METHOD_EC "<SignatureMethod Algorithm='" MORE "ecdsa-sha256'/>"
#define FORM_EXCL "<CanonicalizationMethod Algorithm='" EXCL "'/>"
#define SHA256    "<DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>"
#define T(uri)    "<Transform Algorithm='" uri "'/>"
#define ENVELOPED T(DSIG "enveloped-signature")
#define XPATH_T                                                                                   \
	"<Transform Algorithm='http://www.w3.org/TR/1999/REC-xpath-19991116'>"                    \
	"<XPath>not(ancestor-or-self::*[local-name()='Signature' or local-name()='instruction'])" \
	"</XPath></Transform>"
#define REF(uri, transforms)                                                      \
	"<Reference URI='" uri "'><Transforms>" transforms "</Transforms>" SHA256 \
	"<DigestValue/></Reference>"
#define WHOLE    REF("", ENVELOPED T(EXCL))
#define KEY_CERT "<KeyInfo><X509Data>@CERT@</X509Data></KeyInfo>"
#define SIGNATURE(form, method, references, rest)                         \
	"<Signature xmlns='" DSIG "'><SignedInfo>" form method references \
	"</SignedInfo><SignatureValue/>" rest "</Signature>"
#define USUAL SIGNATURE(FORM_EXCL, METHOD_EC, WHOLE, KEY_CERT)

#define ALERT(inside, signature)                                                            \
	"<alert xmlns='" CAP "'><identifier>A-1</identifier><info" inside "<headline>Flood" \
	"</headline><instruction>Go up</instruction></info>" signature "</alert>"
#define MESSAGE(signature) ALERT(">", signature)

/* Sign the template with the trusted key. */
static void
make(struct buf *ret, const char *template)
{
	struct buf filled = BUF_INIT(4 * MIB);

	if (strstr(template, "@CERT@") != NULL)
		forge_replace(&filled, sv_of(template), SV("@CERT@"), buf_sv(&trusted_x509));
	else
		buf_adds(&filled, template);
	forge_sign(ret, buf_sv(&filled), signer.key, SV_NONE);
	buf_fini(&filled);
}

static const struct {
	const char *name, *xml;
	enum sign_outcome want;
	const char *says;
} shape_cases[] = {
	{"as we sign", MESSAGE(USUAL), SIGN_VALID_TRUSTED, "it covers the whole message"},
	{"inclusive form, no second transform",
	 MESSAGE(SIGNATURE("<CanonicalizationMethod Algorithm='" C14N "'/>", METHOD_EC,
			   REF("", ENVELOPED), KEY_CERT)),
	 SIGN_VALID_TRUSTED, "whole message"},
	{"form with comments, of SignedInfo alone",
	 MESSAGE(SIGNATURE("<CanonicalizationMethod Algorithm='" EXCL "WithComments'/>", METHOD_EC,
			   WHOLE, KEY_CERT)),
	 SIGN_VALID_TRUSTED, "whole message"},
	{"inclusive namespaces",
	 MESSAGE(SIGNATURE("<CanonicalizationMethod Algorithm='" EXCL
			   "'><e:InclusiveNamespaces xmlns:e='" EXCL
			   "' PrefixList='#default'/></CanonicalizationMethod>",
			   METHOD_EC, WHOLE, KEY_CERT)),
	 SIGN_VALID_TRUSTED, "whole message"},
	{"signature properties",
	 MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, WHOLE,
			   KEY_CERT "<Object><SignatureProperties><SignatureProperty "
				    "Target='#x'>note</SignatureProperty>"
				    "</SignatureProperties></Object>")),
	 SIGN_VALID_TRUSTED, "whole message"},
	{"a form with comments, of a message without its comments",
	 MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, REF("", ENVELOPED T(EXCL "WithComments")),
			   KEY_CERT)),
	 SIGN_VALID_TRUSTED, "whole message"},
	{"the id of a part",
	 ALERT(" Id='x'>", SIGNATURE(FORM_EXCL, METHOD_EC, REF("#x", T(EXCL)), KEY_CERT)),
	 SIGN_BROKEN, "does not cover the whole message"},
	{"the id of a decoy inside an object",
	 MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, REF("#x", T(EXCL)),
			   KEY_CERT "<Object Id='x'><alert xmlns='" CAP "'/></Object>")),
	 SIGN_BROKEN, "object with content of its own"},
	{"XPointer to everything",
	 MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, REF("#xpointer(/)", ENVELOPED T(EXCL)), KEY_CERT)),
	 SIGN_BROKEN, "does not cover the whole message"},
	{"XPath that leaves the instruction out",
	 MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, REF("", XPATH_T), KEY_CERT)), SIGN_BROKEN,
	 "first transform is not enveloped-signature"},
	{"XPath after the enveloped transform",
	 MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, REF("", ENVELOPED XPATH_T), KEY_CERT)),
	 SIGN_BROKEN, "transforms that are not accepted"},
	{"two forms",
	 MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, REF("", ENVELOPED T(C14N) T(EXCL)), KEY_CERT)),
	 SIGN_BROKEN, "transforms that are not accepted"},
	{"the reference twice", MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, WHOLE WHOLE, KEY_CERT)),
	 SIGN_BROKEN, "not exactly one reference"},
	{"a reference beside the one to everything",
	 ALERT(" Id='x'>", SIGNATURE(FORM_EXCL, METHOD_EC, REF("#x", T(EXCL)) WHOLE, KEY_CERT)),
	 SIGN_BROKEN, "not exactly one reference"},
	{"a manifest",
	 MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, WHOLE,
			   KEY_CERT
			   "<Object><Manifest Id='m'>" REF("#m", T(EXCL)) "</Manifest></Object>")),
	 SIGN_BROKEN, "object with content of its own"},
	{"inside info",
	 "<alert xmlns='" CAP "'><identifier>A-1</identifier><info>" USUAL "</info></alert>",
	 SIGN_BROKEN, "not a child of the message's root"},
	{"inside a parameter",
	 "<alert xmlns='" CAP "'><info><parameter><valueName>x</valueName><value>" USUAL
	 "</value></parameter></info></alert>",
	 SIGN_BROKEN, "not a child of the message's root"},
	{"around the message",
	 SIGNATURE(FORM_EXCL, METHOD_EC, REF("#x", T(EXCL)),
		   KEY_CERT "<Object Id='x'><alert xmlns='" CAP "'/></Object>"),
	 SIGN_BROKEN, "not a child of the message's root"},
	{"no key", MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, WHOLE, "")), SIGN_BROKEN,
	 "neither a certificate nor a key"},
	{"a key's name alone",
	 MESSAGE(SIGNATURE(FORM_EXCL, METHOD_EC, WHOLE,
			   "<KeyInfo><KeyName>Weather desk</KeyName></KeyInfo>")),
	 SIGN_BROKEN, "neither a certificate nor a key"},
};

static void
shapes(void **state)
{
	struct sign_report r;
	struct buf xml = BUF_INIT(4 * MIB);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(shape_cases); i++) {
		buf_reset(&xml);
		make(&xml, shape_cases[i].xml);
		forge_report(&r, buf_sv(&xml), buf_sv(&trusted));
		forge_expect(shape_cases[i].name, &r, shape_cases[i].want, 0, shape_cases[i].says);
	}
	buf_fini(&xml);
}

/* A signed message, then one text in it replaced. */
static const struct {
	const char *name;
	struct sv from, to;
	enum sign_outcome want;
	const char *says;
} change_cases[] = {
	{"a letter", SV_INIT("Go up"), SV_INIT("Go on"), SIGN_BROKEN, "digest differs"},
	{"a comment inside a text", SV_INIT("Go up"), SV_INIT("Go<!-- not --> up"),
	 SIGN_VALID_TRUSTED, "whole message"},
	{"an instruction to programs", SV_INIT("Go up"), SV_INIT("Go<?x?> up"), SIGN_BROKEN,
	 "digest differs"},
	{"a copy of an element", SV_INIT("<info>"), SV_INIT("<identifier>A-2</identifier><info>"),
	 SIGN_BROKEN, "digest differs"},
	{"a copy behind the signature", SV_INIT("</Signature>"),
	 SV_INIT("</Signature><info><headline>x</headline></info>"), SIGN_BROKEN, "digest differs"},
	{"another namespace on the root", SV_INIT("<alert xmlns=\"" CAP "\""),
	 SV_INIT("<alert xmlns=\"urn:x\""), SIGN_BROKEN, "digest differs"},
	{"a prefix bound to the same namespace", SV_INIT("<headline>"),
	 SV_INIT("<headline xmlns:c=\"" CAP "\">"), SIGN_VALID_TRUSTED, "whole message"},
	{"the elements of no namespace", SV_INIT("<info>"), SV_INIT("<info xmlns=\"\">"),
	 SIGN_BROKEN, "digest differs"},
	{"an attribute on the root", SV_INIT("<alert "), SV_INIT("<alert Id=\"x\" "), SIGN_BROKEN,
	 "digest differs"},
	{"a relative namespace", SV_INIT("<info>"), SV_INIT("<info xmlns:a=\"b\" a:c=\"\">"),
	 SIGN_BROKEN, ""},
	{"an id for everything", SV_INIT("URI=\"\""), SV_INIT("URI=\"#\""), SIGN_BROKEN,
	 "does not cover"},
	{"a file", SV_INIT("URI=\"\""), SV_INIT("URI=\"file:///etc/hostname\""), SIGN_BROKEN,
	 "does not cover"},
	{"an address", SV_INIT("URI=\"\""), SV_INIT("URI=\"http://127.0.0.1:9/\""), SIGN_BROKEN,
	 "does not cover"},
	{"no address", SV_INIT(" URI=\"\""), SV_INIT(""), SIGN_BROKEN, "does not cover"},
	{"enveloped transform missing",
	 SV_INIT("<Transform Algorithm=\"" DSIG "enveloped-signature\"/>"), SV_INIT(""),
	 SIGN_BROKEN, "enveloped-signature"},
	{"XSLT", SV_INIT("<Transform Algorithm=\"" EXCL "\"/>"),
	 SV_INIT("<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>"),
	 SIGN_BROKEN, "transforms that are not accepted"},
	{"XPath filter 2", SV_INIT("<Transform Algorithm=\"" EXCL "\"/>"),
	 SV_INIT("<Transform Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\"/>"),
	 SIGN_BROKEN, "transforms that are not accepted"},
	{"base64", SV_INIT("<Transform Algorithm=\"" EXCL "\"/>"),
	 SV_INIT("<Transform Algorithm=\"" DSIG "base64\"/>"), SIGN_BROKEN,
	 "transforms that are not accepted"},
	{"settings of the signature method", SV_INIT("ecdsa-sha256\"/>"),
	 SV_INIT("ecdsa-sha256\"><HMACOutputLength>8</HMACOutputLength>"
		 "</SignatureMethod>"),
	 SIGN_BROKEN, "settings of its own"},
	{"another method for the key", SV_INIT("ecdsa-sha256"), SV_INIT("rsa-sha256"), SIGN_BROKEN,
	 "not of the kind"},
	{"no method", SV_INIT(MORE "ecdsa-sha256"), SV_INIT(""), SIGN_BROKEN,
	 "method is not accepted"},
	{"MD5", SV_INIT("http://www.w3.org/2001/04/xmlenc#sha256"), SV_INIT(MORE "md5"),
	 SIGN_BROKEN, "digest method is not accepted"},
	{"another digest's name", SV_INIT("http://www.w3.org/2001/04/xmlenc#sha256"),
	 SV_INIT("http://www.w3.org/2001/04/xmlenc#sha512"), SIGN_BROKEN, "differs"},
	{"an element within SignedInfo", SV_INIT("</SignedInfo>"), SV_INIT("<x/></SignedInfo>"),
	 SIGN_BROKEN, "not exactly one reference"},
	{"an element the standard does not have", SV_INIT("</KeyInfo>"), SV_INIT("</KeyInfo><x/>"),
	 SIGN_BROKEN, "does not have there"},
	{"an object of no namespace", SV_INIT("</KeyInfo>"),
	 SV_INIT("</KeyInfo><Object xmlns=\"\"/>"), SIGN_BROKEN, "does not have there"},
	{"KeyInfo twice", SV_INIT("</KeyInfo>"), SV_INIT("</KeyInfo><KeyInfo/>"), SIGN_BROKEN,
	 "does not have there"},
	{"SignatureValue twice", SV_INIT("<SignatureValue>"),
	 SV_INIT("<SignatureValue>AAAA</SignatureValue><SignatureValue>"), SIGN_BROKEN,
	 "does not have there"},
	{"another namespace of the signature", SV_INIT("<Signature xmlns=\"" DSIG "\">"),
	 SV_INIT("<Signature xmlns=\"urn:x\">"), SIGN_ABSENT, NULL},
	{"a key somewhere else", SV_INIT("<X509Data>"),
	 SV_INIT("<RetrievalMethod URI=\"file:///etc/hostname\"/><X509Data>"), SIGN_VALID_TRUSTED,
	 "whole message"},
	{"a bare key beside the certificate", SV_INIT("<X509Data>"),
	 SV_INIT("<KeyValue><RSAKeyValue/></KeyValue><X509Data>"), SIGN_VALID_TRUSTED,
	 "whole message"},
};

static void
changes(void **state)
{
	struct buf xml = BUF_INIT(4 * MIB), bad = BUF_INIT(4 * MIB);
	struct sign_report r;
	size_t i;

	(void)state;
	make(&xml, MESSAGE(USUAL));
	for (i = 0; i < ARRAY_LEN(change_cases); i++) {
		buf_reset(&bad);
		forge_replace(&bad, buf_sv(&xml), change_cases[i].from, change_cases[i].to);
		forge_report(&r, buf_sv(&bad), buf_sv(&trusted));
		if (change_cases[i].says == NULL)
			assert_int_equal(r.outcome, change_cases[i].want);
		else
			forge_expect(change_cases[i].name, &r, change_cases[i].want, 0,
				     change_cases[i].says);
	}
	buf_fini(&xml);
	buf_fini(&bad);
}

/* URI="" leaves comments out whatever form follows: one that is put in changes nothing, as no
 * reader takes text from it, and one inside SignedInfo is covered when the form says so. */
static void
comments(void **state)
{
	static const struct {
		const char *form;
		struct sv at;
		enum sign_outcome want;
	} cases[] = {
		{EXCL, SV_INIT("<info>"), SIGN_VALID_TRUSTED},
		{EXCL "WithComments", SV_INIT("<info>"), SIGN_VALID_TRUSTED},
		{EXCL, SV_INIT("<DigestValue>"), SIGN_VALID_TRUSTED},
		{EXCL "WithComments", SV_INIT("<DigestValue>"), SIGN_BROKEN},
	};
	struct buf t = BUF_INIT(MIB), xml = BUF_INIT(MIB), to = BUF_INIT(KIB), bad = BUF_INIT(MIB);
	struct sign_report r;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&t);
		buf_reset(&xml);
		buf_reset(&to);
		buf_reset(&bad);
		forge_replace(&t, SV(MESSAGE(USUAL)), SV("'" EXCL "'"), SV("'@FORM@'"));
		forge_replace(&bad, buf_sv(&t), SV("@FORM@"), sv_of(cases[i].form));
		make(&xml, buf_str(&bad));
		buf_addf(&to, "<!-- x -->%.*s", SV_ARG(cases[i].at));
		buf_reset(&bad);
		forge_replace(&bad, buf_sv(&xml), cases[i].at, buf_sv(&to));
		forge_report(&r, buf_sv(&bad), buf_sv(&trusted));
		forge_expect(cases[i].form, &r, cases[i].want, 0, "");
	}
	buf_fini(&t);
	buf_fini(&xml);
	buf_fini(&to);
	buf_fini(&bad);
}

/* The value of an element emptied or its whole content replaced. */
static void
values(void **state)
{
	static const struct {
		const char *begin, *end, *to, *says;
	} cases[] = {
		{"<DigestValue>", "</DigestValue>", "", "cannot be judged"},
		{"<DigestValue>", "</DigestValue>", "AAAA", "digest differs"},
		{"<DigestValue>", "</DigestValue>", "<x/>", "one digest value"},
		{"<SignatureValue>", "</SignatureValue>", "", ""},
		{"<SignatureValue>", "</SignatureValue>", "AAAA", ""},
		{"<X509Certificate>", "</X509Certificate>", "", "cannot be read"},
		{"<X509Certificate>", "</X509Certificate>", "MIIB", "cannot be read"},
		{"<X509Certificate>", "</X509Certificate>", "<!-- -->", "cannot be read"},
	};
	struct buf xml = BUF_INIT(4 * MIB), bad = BUF_INIT(4 * MIB);
	struct sign_report r;
	size_t i;

	(void)state;
	make(&xml, MESSAGE(USUAL));
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct sv all = buf_sv(&xml),
			  old = sv_from(all, sv_find(all, sv_of(cases[i].begin)) +
						     strlen(cases[i].begin));

		old = sv_head(old, sv_find(old, sv_of(cases[i].end)));
		buf_reset(&bad);
		forge_replace(&bad, all, old, sv_of(cases[i].to));
		forge_report(&r, buf_sv(&bad), buf_sv(&trusted));
		forge_expect(cases[i].begin, &r, SIGN_BROKEN, 0, cases[i].says);
	}
	buf_fini(&xml);
	buf_fini(&bad);
}

/* The certificate is public: as the secret of an HMAC it proves nothing. */
static void
hmac(void **state)
{
	static const char *const methods[] = {
		"<SignatureMethod Algorithm='" DSIG "hmac-sha1'/>",
		"<SignatureMethod Algorithm='" MORE "hmac-sha256'/>",
		"<SignatureMethod Algorithm='" MORE "hmac-sha256'><HMACOutputLength>128"
		"</HMACOutputLength></SignatureMethod>",
	};
	struct sign_report r;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(methods); i++) {
		struct buf t = BUF_INIT(MIB), u = BUF_INIT(MIB), xml = BUF_INIT(MIB);

		forge_replace(&t, SV(MESSAGE(USUAL)), SV(METHOD_EC), sv_of(methods[i]));
		forge_replace(&u, buf_sv(&t), SV("@CERT@"), buf_sv(&trusted_x509));
		forge_sign(&xml, buf_sv(&u), NULL, buf_sv(&trusted));
		forge_report(&r, buf_sv(&xml), buf_sv(&trusted));
		forge_expect(methods[i], &r, SIGN_BROKEN, 0, "signature method");
		buf_fini(&t);
		buf_fini(&u);
		buf_fini(&xml);
	}
}

/* The signed message, whole, at another place of a larger one. */
static void
wrapped(void **state)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
		{"<alerts xmlns='urn:x'>", "</alerts>"},
		{"<alert xmlns='" CAP "'><identifier>B-2</identifier>", "</alert>"},
		{"<alert xmlns='" CAP "'><identifier>B-2</identifier><Signature xmlns='" DSIG
		 "'><Object>",
		 "</Object></Signature></alert>"},
		{"<alert xmlns='" CAP "'><info><parameter><value>",
		 "</value></parameter></info></alert>"},
	};
	struct buf xml = BUF_INIT(MIB), bad = BUF_INIT(MIB);
	struct sv inner;
	struct sign_report r;
	size_t i;

	(void)state;
	make(&xml, MESSAGE(USUAL));
	inner = sv_from(buf_sv(&xml), sv_find(buf_sv(&xml), SV("<alert")));
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&bad);
		buf_adds(&bad, cases[i].before);
		buf_add(&bad, inner);
		buf_adds(&bad, cases[i].after);
		forge_report(&r, buf_sv(&bad), buf_sv(&trusted));
		forge_expect(cases[i].before, &r, SIGN_BROKEN, r.n - 1, "not a child");
	}
	buf_fini(&xml);
	buf_fini(&bad);
}

/* Two elements of one Id: which of them was signed is never asked. */
static void
same_id(void **state)
{
	struct buf xml = BUF_INIT(MIB), bad = BUF_INIT(MIB);
	struct sign_report r;

	(void)state;
	make(&xml,
	     ALERT(" Id='x'>", SIGNATURE(FORM_EXCL, METHOD_EC, REF("#x", T(EXCL)), KEY_CERT)));
	forge_replace(&bad, buf_sv(&xml), SV("<identifier>"),
		      SV("<info Id=\"x\"><headline>All clear</headline></info><identifier>"));
	forge_report(&r, buf_sv(&bad), buf_sv(&trusted));
	forge_expect("one Id twice", &r, SIGN_BROKEN, 0, "does not cover the whole message");
	buf_fini(&xml);
	buf_fini(&bad);
}

/* Other signatures beside one that holds take nothing from it, and give nothing. */
static void
beside(void **state)
{
	struct buf xml = BUF_INIT(4 * MIB), t = BUF_INIT(4 * MIB), two = BUF_INIT(4 * MIB);
	struct buf bad = BUF_INIT(4 * MIB);
	struct sign_report r;
	size_t i;

	(void)state;
	/* Somebody signs the signed message as well. */
	make(&xml, MESSAGE(USUAL));
	forge_replace(&t, buf_sv(&xml), SV("</alert>"), SV(USUAL "</alert>"));
	forge_replace(&bad, buf_sv(&t), SV("@CERT@"), buf_sv(&other_x509));
	forge_sign(&two, buf_sv(&bad), other.key, SV_NONE);
	forge_report(&r, buf_sv(&two), buf_sv(&trusted));
	assert_int_equal(r.n, 2);
	forge_expect("first of two", &r, SIGN_VALID_TRUSTED, 0, "before signatures were added");
	forge_expect("second of two", &r, SIGN_VALID_TRUSTED, 1, "nor leads to");
	assert_int_equal(r.v[1].outcome, SIGN_VALID_UNKNOWN);

	/* They change it and sign that: it is theirs, and of nobody known. */
	buf_reset(&bad);
	forge_replace(&bad, buf_sv(&t), SV("Go up"), SV("Stay"));
	buf_reset(&t);
	forge_replace(&t, buf_sv(&bad), SV("@CERT@"), buf_sv(&other_x509));
	buf_reset(&two);
	forge_sign(&two, buf_sv(&t), other.key, SV_NONE);
	forge_report(&r, buf_sv(&two), buf_sv(&trusted));
	forge_expect("changed and signed anew", &r, SIGN_VALID_UNKNOWN, 0, "digest differs");

	/* A thousand that are nothing, behind it: only the first ones are looked at. */
	buf_reset(&bad);
	buf_add(&bad, sv_head(buf_sv(&xml), sv_find(buf_sv(&xml), SV("</alert>"))));
	for (i = 0; i < 1000; i++)
		buf_adds(&bad, "<Signature xmlns=\"" DSIG "\"/>");
	buf_adds(&bad, "</alert>");
	forge_report(&r, buf_sv(&bad), buf_sv(&trusted));
	assert_int_equal(r.found, 1001);
	assert_int_equal(r.n, SIGN_JUDGED);
	forge_expect("a thousand", &r, SIGN_VALID_TRUSTED, 0, "before signatures were added");
	buf_fini(&xml);
	buf_fini(&t);
	buf_fini(&two);
	buf_fini(&bad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes),   cmocka_unit_test(changes), cmocka_unit_test(values),
		cmocka_unit_test(comments), cmocka_unit_test(hmac),    cmocka_unit_test(wrapped),
		cmocka_unit_test(same_id),  cmocka_unit_test(beside),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
