/*
 * cap_read.c — libxml2's SAX2 parser, held short, feeding cap_build.
 *
 *   cap_guard_tags bounds the bytes
 *   → the message is copied into the arena, as UTF-8 with a NUL behind it
 *   → the parser runs over the copy without network, DTD or entities of the document's own;
 *     the callbacks bound depth and numbers; the first error or refusal stops it
 *   → the texts of the tree lie in the copy, most of them where they came
 *
 * What is kept of a text is never longer than what the parser read of it, so nothing is
 * written where it has yet to read. The parser with its dictionary of names is kept for the
 * next message, unless something went wrong or many names came up.
 *
 * libxml2 keeps one piece of state per process: it is set up once, and the
 * loader of external entities is replaced by one that denies.
 */
#include "cap/cap_read.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "cap/cap_build.h"
#include "cap/cap_guard.h"
#include "cap/cap_rules.h"
#include "cap/cap_xml.h"

#define NAMES_KEPT 512 /* in the parser's dictionary; CAP has 62, a signature some 30 */

struct cap_reader {
	xmlParserCtxtPtr parser; /* NULL: none is kept */
	struct cap_names names;  /* of the parser's dictionary */
	size_t depth, n_tags, n_attributes;
	bool failed;   /* the parser reported an error; err, line are set */
	bool prefixed; /* the root has a prefix */
	int line;
	struct err *err;
	struct cap_build build;
};

static int
line_now(const struct cap_reader *r)
{
	return r->parser->input != NULL ? r->parser->input->line : 0;
}

static void
stop_when_refused(struct cap_reader *r)
{
	if (UNLIKELY(r->build.rc != RC_OK))
		xmlStopParser(r->parser);
}

static void
refuse(struct cap_reader *r, enum cap_rule rule, enum rc rc)
{
	r->build.rc = rc;
	r->build.refused = rule;
	r->build.refused_line = line_now(r);
	xmlStopParser(r->parser);
}

/* One more element or processing instruction; each new name costs the parser a place in its
 * dictionary. False when it is one too many. */
static bool
count(struct cap_reader *r, int n_attributes)
{
	r->n_tags++;
	r->n_attributes += (size_t)n_attributes;
	if (LIKELY(r->depth <= LIMIT_CAP_DEPTH && r->n_tags <= LIMIT_CAP_TAGS &&
		   r->n_attributes <= LIMIT_CAP_ATTRIBUTES))
		return true;
	if (r->depth > LIMIT_CAP_DEPTH)
		refuse(r, CAP_RULE_TOO_DEEP,
		       err_set(r->err, RC_LIMIT,
			       "line %d: elements are nested deeper than %d "
			       "(expected at most five levels)",
			       line_now(r), LIMIT_CAP_DEPTH));
	else
		refuse(r, CAP_RULE_TOO_MANY,
		       err_set(r->err, RC_LIMIT,
			       "line %d: more elements or attributes than we accept "
			       "(expected at most %d and %d)",
			       line_now(r), LIMIT_CAP_TAGS, LIMIT_CAP_ATTRIBUTES));
	return false;
}

static void
on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns, int n_ns,
	 const xmlChar **nss, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	struct cap_reader *r = user;
	int i, line = line_now(r);

	(void)nss;
	(void)n_defaulted;
	if (r->depth++ == 0)
		r->prefixed = prefix != NULL;
	if (r->build.rc != RC_OK || !count(r, n_ns + n_attributes))
		return;
	cap_build_start(&r->build, (const char *)name, (const char *)ns, line);
	/* Each attribute has five entries: name, prefix, namespace, value, its end. */
	for (i = 0; i < n_attributes && r->build.rc == RC_OK; i++)
		cap_build_attribute(&r->build, (const char *)attributes[5 * i],
				    (const char *)attributes[5 * i + 2], line);
	stop_when_refused(r);
}

static void
on_instruction(void *user, const xmlChar *target, const xmlChar *data)
{
	struct cap_reader *r = user;

	(void)target;
	(void)data;
	if (r->build.rc == RC_OK)
		(void)count(r, 0);
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
	struct cap_reader *r = user;

	(void)name;
	(void)prefix;
	(void)ns;
	r->depth--;
	if (r->build.rc != RC_OK)
		return;
	cap_build_end(&r->build);
	stop_when_refused(r);
}

static void
on_text(void *user, const xmlChar *p, int n)
{
	struct cap_reader *r = user;

	if (r->build.rc != RC_OK || n <= 0)
		return;
	cap_build_text(&r->build, (const char *)p, (size_t)n, line_now(r));
	stop_when_refused(r);
}

static void
on_cdata(void *user, const xmlChar *p, int n)
{
	struct cap_reader *r = user;

	if (r->build.rc != RC_OK || n < 0)
		return;
	cap_build_cdata(&r->build, (const char *)p, (size_t)n, line_now(r));
	stop_when_refused(r);
}

/* The guard saw to it already; this holds should the two ever disagree. */
static void
on_doctype(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct cap_reader *r = user;

	(void)name;
	(void)external;
	(void)system;
	if (r->build.rc != RC_OK)
		return;
	refuse(r, CAP_RULE_DOCTYPE,
	       err_set(r->err, RC_SYNTAX,
		       "line %d: a DOCTYPE (expected none: CAP has no use for it)", line_now(r)));
}

static void
on_error(void *user, xmlErrorPtr what)
{
	struct cap_reader *r = user;
	struct sv message;

	if (what == NULL || what->level < XML_ERR_ERROR || r->failed || r->build.rc != RC_OK)
		return;
	r->failed = true;
	r->line = what->line > 0 ? what->line : 1;
	message = sv_trim(sv_of(what->message));
	/* libxml2 has one sentence for text behind the end and for an end too soon, and another for
	 * an end between two tags. */
	if ((what->code == XML_ERR_DOCUMENT_END && r->parser->nameNr > 0) ||
	    (what->code == XML_ERR_TAG_NOT_FINISHED && sv_starts(message, SV("Premature end"))))
		message = SV("it ends in the middle");
	message = sv_head(message, utf8_bad_at(message));
	err_set(r->err, RC_SYNTAX,
		"line %d: not well-formed XML: %.*s (expected a complete CAP message)", r->line,
		SV_ARG(utf8_cut(message, 200)));
	/* What follows is not bounded: the guard may have taken it for something else. */
	xmlStopParser(r->parser);
}

static const xmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_doctype,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_cdata,
	.processingInstruction = on_instruction,
	.serror = on_error,
};

/* The sentence is written; the rule and line follow from who refused. */
static enum rc
verdict(struct cap_reader *r, int parsed, struct cap_refusal *ret)
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

static void
intern(const char **names, xmlDictPtr dict, const struct cap_kind *kind)
{
	size_t i;

	for (i = 0; i < kind->n; i++) {
		names[i] = (const char *)xmlDictLookup(dict,
						       (const xmlChar *)kind->children[i].name.p,
						       (int)kind->children[i].name.n);
		BUG_ON(names[i] == NULL); /* out of memory only */
	}
}

static void
drop_parser(struct cap_reader *r)
{
	if (r->parser != NULL)
		xmlFreeParserCtxt(r->parser);
	r->parser = NULL;
}

/* A parser that has seen no message, or one that is fit for the next. */
static void
take_parser(struct cap_reader *r)
{
	if (r->parser != NULL) {
		xmlCtxtReset(r->parser);
		return;
	}
	r->parser = xmlNewParserCtxt();
	BUG_ON(r->parser == NULL || r->parser->dict == NULL); /* out of memory only */
	*r->parser->sax = handler;
	r->parser->userData = r;
	/* The copy is UTF-8, whatever the first line says. */
	(void)xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	intern(r->names.of[CAP_KIND_ALERT], r->parser->dict, &cap_kind_alert);
	intern(r->names.of[CAP_KIND_INFO], r->parser->dict, &cap_kind_info);
	intern(r->names.of[CAP_KIND_RESOURCE], r->parser->dict, &cap_kind_resource);
	intern(r->names.of[CAP_KIND_AREA], r->parser->dict, &cap_kind_area);
	intern(r->names.of[CAP_KIND_PAIR], r->parser->dict, &cap_kind_pair);
}

/* The message as UTF-8 with a NUL behind it. */
static struct sv
copy_of(struct arena *a, struct cap_guarded g)
{
	size_t i, n = 0;
	char *p;

	if (!g.latin1)
		return arena_sv(a, g.text);
	p = arena_alloc(a, 2 * g.text.n + 1);
	for (i = 0; i < g.text.n; i++)
		n += utf8_put(p + n, (unsigned char)g.text.p[i]);
	p[n] = '\0';
	return (struct sv){p, n};
}

static enum rc
parse(struct cap_reader *r, struct arena *a, struct sv copy, struct cap_refusal *ret_refusal,
      struct err *e)
{
	xmlParserInputPtr input;
	int parsed;

	take_parser(r);
	r->depth = 0;
	r->n_tags = 0;
	r->n_attributes = 0;
	r->failed = false;
	r->err = e;
	/* The copy is this reader's own: what it holds may be written over once it was read. */
	cap_build_init(&r->build, a, &r->names, (char *)(uintptr_t)copy.p, copy.n, e);
	input = xmlNewInputStream(r->parser);
	BUG_ON(input == NULL); /* out of memory only */
	input->base = (const xmlChar *)copy.p;
	input->cur = input->base;
	input->end = input->base + copy.n;
	input->length = (int)copy.n;
	(void)inputPush(r->parser, input);
	parsed = xmlParseDocument(r->parser);
	return verdict(r, parsed, ret_refusal);
}

struct cap_reader *
cap_reader_open(void)
{
	cap_xml_ready();
	return MEM_NEW(struct cap_reader);
}

void
cap_reader_close(struct cap_reader **r)
{
	if (*r == NULL)
		return;
	drop_parser(*r);
	MEM_FREE(r);
}

enum rc
cap_reader_read(struct cap_reader *r, const struct cap_alert **ret_alert,
		const struct cap_findings **ret_findings, struct cap_refusal *ret_refusal,
		struct arena *a, struct sv text, struct err *e)
{
	struct cap_guarded g;
	struct cap_findings *findings;
	enum cap_rule rule;
	enum rc rc;

	rc = cap_guard_tags(&g, text, &rule, &ret_refusal->line, e);
	if (rc != RC_OK) {
		ret_refusal->rule = cap_rule_row(rule)->name;
		return rc;
	}
	rc = parse(r, a, copy_of(a, g), ret_refusal, e);
	if (rc != RC_OK || xmlDictSize(r->parser->dict) > NAMES_KEPT)
		drop_parser(r);
	if (rc != RC_OK)
		return rc;
	cap_rules_bytes(&r->build.sink, &r->build.frames[0], g.text.p != text.p, g.latin1,
			r->prefixed);
	findings = ARENA_NEW(a, struct cap_findings);
	findings->v = r->build.sink.v;
	findings->n = r->build.sink.n;
	findings->errors = r->build.sink.errors;
	*ret_findings = findings;
	*ret_alert = r->build.alert;
	return RC_OK;
}

enum rc
cap_read_told(const struct cap_alert **ret_alert, const struct cap_findings **ret_findings,
	      struct cap_refusal *ret_refusal, struct arena *a, struct sv text, struct err *e)
{
	struct cap_reader *r = cap_reader_open();
	enum rc rc = cap_reader_read(r, ret_alert, ret_findings, ret_refusal, a, text, e);

	cap_reader_close(&r);
	return rc;
}

enum rc
cap_read(const struct cap_alert **ret_alert, const struct cap_findings **ret_findings,
	 struct arena *a, struct sv text, struct err *e)
{
	struct cap_refusal refusal;

	return cap_read_told(ret_alert, ret_findings, &refusal, a, text, e);
}
