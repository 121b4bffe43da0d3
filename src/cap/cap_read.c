/*
 * cap_read.c — libxml2's SAX2 push parser, held short, feeding cap_build.
 *
 * Order: cap_guard bounds the bytes; then the parser runs without network,
 * DTD or entities of the document's own; the first refusal stops it.
 * libxml2 keeps one piece of state per process: it is set up once, and the
 * loader of external entities is replaced by one that denies.
 */
#include "cap/cap_read.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <pthread.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "cap/cap_build.h"
#include "cap/cap_guard.h"

struct reading {
	xmlParserCtxtPtr parser;
	struct cap_build build;
	bool failed; /* the parser reported an error; err, line are set */
	int line;
	struct err *err;
};

static xmlParserInputPtr
deny_entity(const char *url, const char *id, xmlParserCtxtPtr parser)
{
	(void)url;
	(void)id;
	(void)parser;
	return NULL;
}

static void
set_up(void)
{
	xmlInitParser();
	xmlSetExternalEntityLoader(deny_entity);
}

static int
line_now(const struct reading *r)
{
	return r->parser->input != NULL ? r->parser->input->line : 0;
}

static void
stop_when_refused(struct reading *r)
{
	if (r->build.rc != RC_OK)
		xmlStopParser(r->parser);
}

static void
on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns, int n_ns,
	 const xmlChar **nss, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	struct reading *r = user;
	int i, line = line_now(r);

	(void)prefix;
	(void)n_ns;
	(void)nss;
	(void)n_defaulted;
	if (r->build.rc != RC_OK)
		return;
	cap_build_start(&r->build, (const char *)name, (const char *)ns, line);
	/* Each attribute has five entries: name, prefix, namespace, value, its end. */
	for (i = 0; i < n_attributes && r->build.rc == RC_OK; i++)
		cap_build_attribute(&r->build, (const char *)attributes[5 * i],
				    (const char *)attributes[5 * i + 2], line);
	stop_when_refused(r);
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
	struct reading *r = user;

	(void)name;
	(void)prefix;
	(void)ns;
	if (r->build.rc != RC_OK)
		return;
	cap_build_end(&r->build);
	stop_when_refused(r);
}

static void
on_text(void *user, const xmlChar *p, int n)
{
	struct reading *r = user;

	if (r->build.rc != RC_OK || n <= 0)
		return;
	cap_build_text(&r->build, (const char *)p, (size_t)n, line_now(r));
	stop_when_refused(r);
}

static void
on_cdata(void *user, const xmlChar *p, int n)
{
	struct reading *r = user;

	if (r->build.rc != RC_OK || n < 0)
		return;
	cap_build_cdata(&r->build, (const char *)p, (size_t)n, line_now(r));
	stop_when_refused(r);
}

/* The guard saw to it already; this holds should the two ever disagree. */
static void
on_doctype(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct reading *r = user;

	(void)name;
	(void)external;
	(void)system;
	if (r->build.rc != RC_OK)
		return;
	r->build.rc = err_set(r->err, RC_SYNTAX,
			      "line %d: a DOCTYPE (expected none: CAP has no use for it)",
			      line_now(r));
	r->build.refused = CAP_RULE_DOCTYPE;
	r->build.refused_line = line_now(r);
	xmlStopParser(r->parser);
}

static void
on_error(void *user, xmlErrorPtr what)
{
	struct reading *r = user;
	struct sv message;

	if (what == NULL || what->level < XML_ERR_ERROR || r->failed || r->build.rc != RC_OK)
		return;
	r->failed = true;
	r->line = what->line > 0 ? what->line : 1;
	message = sv_trim(sv_of(what->message));
	/* libxml2 has one sentence for text behind the end and for an end too soon. */
	if (what->code == XML_ERR_DOCUMENT_END && r->parser->nameNr > 0)
		message = SV("it ends in the middle");
	message = sv_head(message, utf8_bad_at(message));
	err_set(r->err, RC_SYNTAX,
		"line %d: not well-formed XML: %.*s (expected a complete CAP message)", r->line,
		SV_ARG(utf8_cut(message, 200)));
}

static const xmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_doctype,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_cdata,
	.serror = on_error,
};

/* The sentence is written; the rule and line follow from who refused. */
static enum rc
verdict(struct reading *r, int parsed, struct cap_refusal *ret)
{
	if (r->build.rc != RC_OK) {
		ret->rule = cap_rule_row(r->build.refused)->name;
		ret->line = r->build.refused_line;
		return r->build.rc;
	}
	if (!r->failed && parsed == 0 && r->parser->wellFormed && r->parser->nsWellFormed &&
	    r->build.alert != NULL && r->build.depth == 0)
		return RC_OK;
	ret->rule = cap_rule_row(CAP_RULE_NOT_WELL_FORMED)->name;
	if (!r->failed) {
		r->line = line_now(r) > 0 ? line_now(r) : 1;
		err_set(r->err, RC_SYNTAX,
			"line %d: the message ends early (expected a complete CAP message)",
			r->line);
	}
	ret->line = r->line;
	return RC_SYNTAX;
}

enum rc
cap_read_told(const struct cap_alert **ret_alert, const struct cap_findings **ret_findings,
	      struct cap_refusal *ret_refusal, struct arena *a, struct sv text, struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct reading *r;
	struct cap_guarded g;
	struct cap_findings *findings;
	enum cap_rule rule;
	enum rc rc;
	int parsed;

	(void)pthread_once(&once, set_up);
	rc = cap_guard(&g, text, &rule, &ret_refusal->line, e);
	if (rc != RC_OK) {
		ret_refusal->rule = cap_rule_row(rule)->name;
		return rc;
	}
	r = ARENA_NEW(a, struct reading);
	r->err = e;
	/* Entities never grow: "&lt;" is longer than "<". Latin 1 at most doubles. */
	cap_build_init(&r->build, a, g.text.n * (g.latin1 ? 2 : 1) + g.n_tags, e);
	r->parser = xmlCreatePushParserCtxt((xmlSAXHandlerPtr)&handler, r, NULL, 0, NULL);
	BUG_ON(r->parser == NULL); /* out of memory only */
	(void)xmlCtxtUseOptions(r->parser, XML_PARSE_NONET);
	parsed = xmlParseChunk(r->parser, g.text.p, (int)g.text.n, 1);
	rc = verdict(r, parsed, ret_refusal);
	xmlFreeParserCtxt(r->parser);
	r->parser = NULL;
	if (rc != RC_OK)
		return rc;
	findings = ARENA_NEW(a, struct cap_findings);
	findings->v = r->build.sink.v;
	findings->n = r->build.sink.n;
	findings->errors = r->build.sink.errors;
	*ret_findings = findings;
	*ret_alert = r->build.alert;
	return RC_OK;
}

enum rc
cap_read(const struct cap_alert **ret_alert, const struct cap_findings **ret_findings,
	 struct arena *a, struct sv text, struct err *e)
{
	struct cap_refusal refusal;

	return cap_read_told(ret_alert, ret_findings, &refusal, a, text, e);
}
