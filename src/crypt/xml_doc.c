/*
 * xml_doc.c — a message as a libxml2 tree, bounded before and while parsing.
 *
 * First a look at the raw bytes: size, no NUL, an encoding in which '<' is '<', no
 * tag over the limit (the parser's cost grows with the square of a tag's
 * attributes). Then the parser, with its own ideas of entities and network off
 * and a DOCTYPE refused where it begins.
 */
#include "crypt/xml_doc.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <pthread.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/xmlsec.h>

#include "base/limits.h"

#define NAMESPACES 16 /* declared for one element and those around it; real messages have a few */

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
quiet(void *arg, const char *fmt, ...)
{
	(void)arg;
	(void)fmt;
}

static void
quiet_error(void *arg, xmlError *error)
{
	(void)arg;
	(void)error;
}

static xmlParserInput *
deny_entity(const char *url, const char *id, xmlParserCtxt *ctx)
{
	(void)url;
	(void)id;
	(void)ctx;
	return NULL;
}

static void
xmlsec_once(void)
{
	xmlInitParser();
	xmlSetExternalEntityLoader(deny_entity);
	BUG_ON(xmlSecInit() < 0);
	BUG_ON(xmlSecCryptoAppInit(NULL) < 0);
	BUG_ON(xmlSecCryptoInit() < 0);
	xmlSecErrorsDefaultCallbackEnableOutput(0);
}

void
ready_xmlsec(void)
{
	BUG_ON(pthread_once(&once, xmlsec_once) != 0);
	/* Canonicalisation reports to these; they belong to the thread. */
	xmlSetGenericErrorFunc(NULL, quiet);
	xmlSetStructuredErrorFunc(NULL, quiet_error);
}

/* What stands between the quotes after "encoding=" in the XML declaration. */
static struct sv
declared_encoding(struct sv xml)
{
	struct sv head;
	size_t at;

	if (sv_starts(xml, SV("\xEF\xBB\xBF")))
		xml = sv_from(xml, 3);
	if (!sv_starts(xml, SV("<?xml")))
		return SV("UTF-8");
	head = sv_head(xml, sv_find(xml, SV("?>")));
	at = sv_find(head, SV("encoding"));
	if (at == head.n)
		return SV("UTF-8");
	head = sv_from(head, at);
	at = sv_find_char(head, '=');
	head = sv_trim(sv_from(head, at + 1));
	if (head.n < 2 || (head.p[0] != '"' && head.p[0] != '\''))
		return SV_NONE;
	at = sv_find_char(sv_from(head, 1), head.p[0]);
	return sv_head(sv_from(head, 1), at);
}

static bool
encoding_ok(struct sv name)
{
	static const struct sv whole[] = {SV_INIT("UTF-8"), SV_INIT("US-ASCII"), SV_INIT("ASCII")};
	static const struct sv begin[] = {SV_INIT("ISO-8859-"), SV_INIT("windows-125")};
	size_t i;

	for (i = 0; i < ARRAY_LEN(whole); i++)
		if (sv_eq_nocase(name, whole[i]))
			return true;
	for (i = 0; i < ARRAY_LEN(begin); i++)
		if (sv_eq_nocase(sv_head(name, begin[i].n), begin[i]))
			return true;
	return false;
}

/* The length of a tag that begins at '<', quotes respected; rest.n when it has no end. */
static size_t
tag_length(struct sv rest)
{
	char quote = 0;
	size_t i;

	for (i = 0; i < rest.n; i++) {
		char c = rest.p[i];

		if (quote != 0) {
			if (c == quote)
				quote = 0;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '>') {
			return i + 1;
		}
	}
	return rest.n;
}

/* The length of what begins at '<': a tag, a comment, CDATA, an instruction. At most max + 1 of
 * a tag; more than rest.n of what has no end. */
static size_t
span_length(struct sv rest, size_t max)
{
	static const struct {
		struct sv begin, end;
	} spans[] = {
		{SV_INIT("<!--"), SV_INIT("-->")},
		{SV_INIT("<![CDATA["), SV_INIT("]]>")},
		{SV_INIT("<?"), SV_INIT("?>")},
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(spans); i++)
		if (sv_starts(rest, spans[i].begin))
			return sv_find(rest, spans[i].end) + spans[i].end.n;
	return tag_length(sv_head(rest, max + 1));
}

static bool
is_tag(struct sv rest)
{
	return rest.n > 1 && rest.p[1] != '!' && rest.p[1] != '?';
}

static enum rc
check_tags(struct sv rest, struct err *e)
{
	size_t n, tags = 0;

	for (;;) {
		rest = sv_from(rest, sv_find_char(rest, '<'));
		if (rest.n == 0)
			return RC_OK;
		/* Each of these becomes a node, and the text after it another. */
		if (!sv_starts(rest, SV("</")) && ++tags > LIMIT_CAP_TAGS)
			return err_set(e, RC_LIMIT, "the message has more than %d tags",
				       LIMIT_CAP_TAGS);
		n = span_length(rest, LIMIT_CAP_TAG);
		if (is_tag(rest) && n > LIMIT_CAP_TAG)
			return err_set(e, RC_LIMIT, "a tag is longer than %zu bytes",
				       LIMIT_CAP_TAG);
		rest = sv_from(rest, n);
	}
}

size_t
xml_doc_last_end_tag(struct sv xml)
{
	struct sv rest = xml;
	size_t at = xml.n;

	for (;;) {
		rest = sv_from(rest, sv_find_char(rest, '<'));
		if (rest.n == 0)
			return at;
		if (sv_starts(rest, SV("</")))
			at = xml.n - rest.n;
		rest = sv_from(rest, span_length(rest, LIMIT_CAP_TAG));
	}
}

/* What is counted while one message is parsed. */
struct watch {
	const char *why; /* it was stopped */
	size_t attributes;
};

static void
stop(xmlParserCtxt *ctx, const char *why)
{
	struct watch *w = ctx->_private;

	if (w->why == NULL)
		w->why = why;
	xmlStopParser(ctx);
}

static void
on_doctype(void *arg, const xmlChar *name, const xmlChar *id, const xmlChar *url)
{
	(void)name;
	(void)id;
	(void)url;
	stop(arg, "it has a DOCTYPE (a message has none)");
}

static void
on_element(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	   int namespaces, const xmlChar **namespace_list, int attributes, int defaulted,
	   const xmlChar **attribute_list)
{
	xmlParserCtxt *ctx = arg;
	struct watch *w = ctx->_private;

	w->attributes += (size_t)attributes + (size_t)namespaces;
	if (w->attributes > LIMIT_CAP_ATTRIBUTES) {
		stop(ctx, "it has too many attributes");
		return;
	}
	/* Two entries each. The cost of canonicalisation grows with the square of them. */
	if (ctx->nsNr / 2 > NAMESPACES) {
		stop(ctx, "too many namespaces are declared at one place");
		return;
	}
	if (ctx->nodeNr >= LIMIT_CAP_DEPTH) {
		stop(ctx, "its elements are nested too deeply");
		return;
	}
	xmlSAX2StartElementNs(ctx, name, prefix, uri, namespaces, namespace_list, attributes,
			      defaulted, attribute_list);
}

static enum rc
parse(xmlDoc **ret, struct sv xml, struct err *e)
{
	xmlParserCtxt *ctx = xmlNewParserCtxt();
	struct watch w = {NULL, 0};
	xmlDoc *doc;
	enum rc rc = RC_OK;

	BUG_ON(ctx == NULL);
	ctx->_private = &w;
	ctx->sax->internalSubset = on_doctype;
	ctx->sax->startElementNs = on_element;
	ctx->sax->warning = quiet;
	ctx->sax->error = quiet;
	ctx->sax->serror = NULL;
	ctx->vctxt.error = quiet;
	doc = xmlCtxtReadMemory(ctx, xml.p, (int)xml.n, NULL, NULL,
				XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (w.why != NULL) {
		rc = err_set(e, RC_SYNTAX, "the message is refused: %s", w.why);
	} else if (doc == NULL) {
		struct sv why = sv_of(ctx->lastError.message);

		why = sv_trim(sv_head(why, sv_find_char(why, '\n')));
		rc = err_set(e, RC_SYNTAX, "line %d: not well-formed XML: %.*s",
			     ctx->lastError.line, SV_ARG(why));
	} else {
		*ret = doc;
		doc = NULL;
	}
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(ctx);
	return rc;
}

enum rc
xml_doc_read(xmlDoc **ret, struct sv xml, struct err *e)
{
	enum rc rc;

	if (xml.n > LIMIT_CAP_FILE)
		return err_set(e, RC_LIMIT, "the message has %zu bytes (at most %zu)", xml.n,
			       LIMIT_CAP_FILE);
	if (xml.n == 0)
		return err_set(e, RC_SYNTAX, "the message is empty");
	if (memchr(xml.p, 0, xml.n) != NULL || !encoding_ok(declared_encoding(xml)))
		return err_set(e, RC_SYNTAX,
			       "the message is in an encoding that is not read "
			       "(expected UTF-8, ISO 8859 or ASCII)");
	rc = check_tags(xml, e);
	if (rc != RC_OK)
		return rc;
	ready_xmlsec();
	return parse(ret, xml, e);
}
