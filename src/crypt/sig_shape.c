/*
 * sig_shape.c — the shape of a Signature, before any arithmetic.
 *
 * The list of what may stand in it is closed: an element that is not expected is a
 * reason, never skipped, so that what is computed afterwards is what was looked at.
 * Source: XML Signature Syntax and Processing 1.1, sections 4 and 6.
 */
#include "crypt/sig_shape.h"

#include <string.h>

#define DSIG "http://www.w3.org/2000/09/xmldsig#"
#define MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define ENC  "http://www.w3.org/2001/04/xmlenc#"
#define C14N "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define C11N "http://www.w3.org/2006/12/xml-c14n11"
#define EXCL "http://www.w3.org/2001/10/xml-exc-c14n#"

static const struct {
	const char *uri, *name;
	enum sig_family family;
	bool weak;
} methods[] = {
	{MORE "ecdsa-sha256", "ECDSA-SHA256", SIG_EC, false},
	{MORE "ecdsa-sha384", "ECDSA-SHA384", SIG_EC, false},
	{MORE "ecdsa-sha512", "ECDSA-SHA512", SIG_EC, false},
	{MORE "ecdsa-sha1", "ECDSA-SHA1", SIG_EC, true},
	{MORE "rsa-sha256", "RSA-SHA256", SIG_RSA, false},
	{MORE "rsa-sha384", "RSA-SHA384", SIG_RSA, false},
	{MORE "rsa-sha512", "RSA-SHA512", SIG_RSA, false},
	{DSIG "rsa-sha1", "RSA-SHA1", SIG_RSA, true},
};

static const struct {
	const char *uri, *name;
	bool weak;
} digests[] = {
	{ENC "sha256", "SHA-256", false},
	{MORE "sha384", "SHA-384", false},
	{ENC "sha512", "SHA-512", false},
	{DSIG "sha1", "SHA-1", true},
};

/* URI="" leaves comments out before any of these sees them (XML-DSig 1.1, 4.4.3.3), so that
 * there the forms with comments mean the same as those without; in SignedInfo they cover its
 * comments. */
static const char *const forms[] = {
	C14N, C11N, EXCL, C14N "#WithComments", C11N "#WithComments", EXCL "WithComments",
};

bool
sig_is(const xmlNode *node, const char *name)
{
	return node != NULL && node->type == XML_ELEMENT_NODE && node->ns != NULL &&
	       xmlStrEqual(node->ns->href, (const xmlChar *)DSIG) &&
	       xmlStrEqual(node->name, (const xmlChar *)name);
}

xmlNode *
sig_element(xmlNode *node)
{
	while (node != NULL && node->type != XML_ELEMENT_NODE)
		node = node->next;
	return node;
}

/* The tree is at most LIMIT_CAP_DEPTH deep. */
static size_t
find_in(xmlNode *node, xmlNode **v, size_t max, size_t n)
{
	for (node = sig_element(node); node != NULL; node = sig_element(node->next)) {
		if (sig_is(node, "Signature")) {
			if (n < max)
				v[n] = node;
			n++;
		}
		n = find_in(node->children, v, max, n);
	}
	return n;
}

size_t
sig_find(xmlNode *root, xmlNode **v, size_t max)
{
	return find_in(root, v, max, 0);
}

static bool
attribute_is(xmlNode *node, const char *name, const char *want)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	bool same = value != NULL && strcmp((const char *)value, want) == 0;

	xmlFree(value);
	return same;
}

static bool
is_empty(xmlNode *node)
{
	return sig_element(node->children) == NULL;
}

/* A canonical form, with nothing in it but what exclusive ones take. */
static bool
is_form(xmlNode *node)
{
	xmlNode *in = sig_element(node->children);
	bool exclusive;
	size_t i;

	for (i = 0; i < ARRAY_LEN(forms) && !attribute_is(node, "Algorithm", forms[i]); i++)
		;
	if (i == ARRAY_LEN(forms))
		return false;
	exclusive = strncmp(forms[i], EXCL, strlen(EXCL)) == 0;
	return in == NULL || (exclusive && sig_element(in->next) == NULL && is_empty(in) &&
			      xmlStrEqual(in->name, (const xmlChar *)"InclusiveNamespaces"));
}

static const char *
read_method(struct sig_shape *ret, xmlNode *node)
{
	size_t i;

	if (!is_empty(node))
		return "its signature method has settings of its own (expected none)";
	for (i = 0; i < ARRAY_LEN(methods); i++) {
		if (!attribute_is(node, "Algorithm", methods[i].uri))
			continue;
		ret->method = methods[i].name;
		ret->family = methods[i].family;
		ret->weak |= methods[i].weak;
		return NULL;
	}
	return "its signature method is not accepted (expected RSA or ECDSA with SHA-1 or SHA-2)";
}

static const char *
read_digest(struct sig_shape *ret, xmlNode *node)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(digests) && is_empty(node); i++) {
		if (!attribute_is(node, "Algorithm", digests[i].uri))
			continue;
		ret->digest = digests[i].name;
		ret->weak |= digests[i].weak;
		return NULL;
	}
	return "its digest method is not accepted (expected SHA-1 or SHA-2)";
}

static const char *
read_reference(struct sig_shape *ret, xmlNode *ref)
{
	xmlNode *node, *t;

	if (!attribute_is(ref, "URI", ""))
		return "it does not cover the whole message (expected one reference with URI=\"\")";
	node = sig_element(ref->children);
	if (!sig_is(node, "Transforms"))
		return "its reference has no transforms (expected enveloped-signature)";
	t = sig_element(node->children);
	if (!sig_is(t, "Transform") || !is_empty(t) ||
	    !attribute_is(t, "Algorithm", DSIG "enveloped-signature"))
		return "its first transform is not enveloped-signature";
	t = sig_element(t->next);
	if (t != NULL && (!sig_is(t, "Transform") || !is_form(t) || sig_element(t->next) != NULL))
		return "its reference has transforms that are not accepted (expected "
		       "enveloped-signature and at most one canonicalisation)";
	node = sig_element(node->next);
	if (!sig_is(node, "DigestMethod"))
		return "its reference has no digest method where the standard has it";
	t = sig_element(node->next);
	if (!sig_is(t, "DigestValue") || !is_empty(t) || sig_element(t->next) != NULL)
		return "its reference does not end with one digest value";
	return read_digest(ret, node);
}

static const char *
read_signed_info(struct sig_shape *ret, xmlNode *info)
{
	xmlNode *form = sig_element(info->children), *method, *ref;
	const char *wrong;

	if (!sig_is(form, "CanonicalizationMethod") || !is_form(form))
		return "its canonicalisation method is not accepted (expected Canonical XML)";
	method = sig_element(form->next);
	if (!sig_is(method, "SignatureMethod"))
		return "it has no signature method where the standard has it";
	wrong = read_method(ret, method);
	if (wrong != NULL)
		return wrong;
	ref = sig_element(method->next);
	if (!sig_is(ref, "Reference") || sig_element(ref->next) != NULL)
		return "it has not exactly one reference";
	return read_reference(ret, ref);
}

/* An Object may carry notes about the signature; they are not covered by it and not read. */
static bool
is_harmless(xmlNode *object)
{
	xmlNode *node, *p;

	for (node = object->children; node != NULL; node = node->next) {
		if (xmlIsBlankNode(node) || node->type == XML_COMMENT_NODE)
			continue;
		if (!sig_is(node, "SignatureProperties"))
			return false;
		for (p = sig_element(node->children); p != NULL; p = sig_element(p->next))
			if (!sig_is(p, "SignatureProperty"))
				return false;
	}
	return true;
}

const char *
sig_shape_read(struct sig_shape *ret, xmlNode *sig, const xmlNode *root)
{
	xmlNode *info, *value, *node;
	struct sig_shape s = {0};
	const char *wrong;

	if (sig->parent != root)
		return "it is not a child of the message's root, so it does not cover the message";
	info = sig_element(sig->children);
	if (!sig_is(info, "SignedInfo"))
		return "it does not begin with SignedInfo";
	value = sig_element(info->next);
	if (!sig_is(value, "SignatureValue") || !is_empty(value))
		return "it has no signature value where the standard has it";
	node = sig_element(value->next);
	if (sig_is(node, "KeyInfo")) {
		s.key_info = node;
		node = sig_element(node->next);
	}
	for (; node != NULL; node = sig_element(node->next)) {
		if (!sig_is(node, "Object"))
			return "it has an element that the standard does not have there, so it "
			       "cannot be judged";
		if (!is_harmless(node))
			return "it carries an object with content of its own (expected at most "
			       "signature properties)";
	}
	wrong = read_signed_info(&s, info);
	if (wrong == NULL)
		*ret = s;
	return wrong;
}
