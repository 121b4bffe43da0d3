/*
 * cap_mend_tree.c — bytes to a tree of elements and runs of text, whatever
 * their names are.
 *
 * The guard bounds the bytes first, as it does for the strict reader: with it
 * the number of elements, their depth and the length of a tag are bounded, and so is the tree.
 * Comments and processing instructions are not kept.
 */
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cap/cap_guard.h"
#include "cap/cap_mend_int.h"
#include "cap/cap_write.h"
#include "cap/cap_xml.h"

#define NS_XSI "http://www.w3.org/2001/XMLSchema-instance"
#define NS_XML "http://www.w3.org/XML/1998/namespace"

struct growing {
	struct arena *arena;
	xmlParserCtxtPtr parser;
	struct cap_node *root, *open;
	char *text; /* of all runs, one after another; never moves */
	size_t text_n, text_max;
	int lines_before;
	enum rc rc;
	enum cap_rule refused;
	int refused_line;
	struct err *err;
};

static int
line_now(const struct growing *g)
{
	return g->lines_before + (g->parser->input != NULL ? g->parser->input->line : 1);
}

static void
refuse(struct growing *g, enum cap_rule rule, int line, enum rc rc)
{
	g->rc = rc;
	g->refused = rule;
	g->refused_line = line;
	xmlStopParser(g->parser);
}

static enum cap_space
space_of(const xmlChar *ns)
{
	static const struct {
		const char *uri;
		enum cap_space space;
	} known[] = {
		{CAP_NS, CAP_SPACE_12},
		{CAP_NS_11, CAP_SPACE_11},
		{CAP_NS_10, CAP_SPACE_10},
		{CAP_NS_SIG, CAP_SPACE_SIG},
	};
	size_t i;

	if (ns == NULL || ns[0] == '\0')
		return CAP_SPACE_NONE;
	for (i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp((const char *)ns, known[i].uri) == 0)
			return known[i].space;
	}
	return CAP_SPACE_OTHER;
}

static struct cap_node *
node_add(struct growing *g, struct sv name, int line)
{
	struct cap_node *n = ARENA_NEW(g->arena, struct cap_node);

	n->name = name;
	n->line = line;
	n->up = g->open;
	if (g->open == NULL)
		g->root = n;
	else if (g->open->last == NULL)
		g->open->first = n;
	else
		g->open->last->next = n;
	if (g->open != NULL)
		g->open->last = n;
	return n;
}

/* The parser leaves "&" in the value of an attribute as "&#38;". */
static struct sv
unescaped(struct arena *a, struct sv v)
{
	char *p = arena_alloc(a, v.n + 1);
	size_t i, n = 0;

	for (i = 0; i < v.n; i++) {
		p[n++] = v.p[i];
		if (sv_starts(sv_from(v, i), SV("&#38;")))
			i += sizeof("&#38;") - 2;
	}
	return (struct sv){p, n};
}

/* Schema hints and xml:space, xml:base tell a parser something, not a reader. */
static bool
is_ignored(const char *name, const char *ns)
{
	if (ns == NULL)
		return false;
	if (strcmp(ns, NS_XSI) == 0)
		return strcmp(name, "schemaLocation") == 0 ||
		       strcmp(name, "noNamespaceSchemaLocation") == 0;
	return strcmp(ns, NS_XML) == 0 && strcmp(name, "space") == 0;
}

/* Each attribute has five entries: name, prefix, namespace, value, its end. */
static struct sv
attributes_of(struct growing *g, const xmlChar **v, int n)
{
	struct buf b = BUF_INIT(16 * LIMIT_CAP_TAG);
	struct sv all = SV("");
	int i;

	for (i = 0; i < n; i++, v += 5) {
		if (is_ignored((const char *)v[0], (const char *)v[2]))
			continue;
		if (buf_sv(&b).n > 0)
			buf_addc(&b, ' ');
		if (v[1] != NULL)
			buf_addf(&b, "%s:", (const char *)v[1]);
		buf_addf(&b, "%s=\"", (const char *)v[0]);
		cap_write_text(&b, unescaped(g->arena,
					     sv_range((const char *)v[3], (const char *)v[4])));
		buf_addc(&b, '"');
	}
	if (buf_sv(&b).n > 0)
		all = arena_sv(g->arena, buf_sv(&b));
	buf_fini(&b);
	return all;
}

static void
on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns, int n_ns,
	 const xmlChar **nss, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	struct growing *g = user;
	struct cap_node *n;

	(void)prefix;
	(void)n_ns;
	(void)nss;
	(void)n_defaulted;
	if (g->rc != RC_OK)
		return;
	n = node_add(g, arena_sv(g->arena, sv_of((const char *)name)), line_now(g));
	n->space = space_of(ns);
	/* That of xml: cannot be written as the one of an element without prefix. */
	if (n->space == CAP_SPACE_SIG || n->space == CAP_SPACE_OTHER)
		n->ns = strcmp((const char *)ns, NS_XML) == 0
				? SV("urn:xml")
				: unescaped(g->arena, sv_of((const char *)ns));
	n->attributes = n_attributes > 0 ? attributes_of(g, attributes, n_attributes) : SV("");
	g->open = n;
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
	struct growing *g = user;

	(void)name;
	(void)prefix;
	(void)ns;
	if (g->rc == RC_OK && g->open != NULL)
		g->open = g->open->up;
}

static void
on_text(void *user, const xmlChar *p, int n)
{
	struct growing *g = user;
	struct cap_node *run;
	size_t size = (size_t)n;

	if (g->rc != RC_OK || g->open == NULL || n <= 0)
		return;
	if (size > g->text_max - g->text_n) {
		err_set(g->err, RC_LIMIT,
			"line %d: more text than the message has bytes (expected plain text)",
			line_now(g));
		refuse(g, CAP_RULE_TOO_MANY, line_now(g), RC_LIMIT);
		return;
	}
	run = g->open->last;
	if (run == NULL || run->name.p != NULL) {
		run = node_add(g, SV_NONE, line_now(g));
		run->text = (struct sv){g->text + g->text_n, 0};
	}
	memcpy(g->text + g->text_n, p, size);
	g->text_n += size;
	run->text.n += size;
}

static void
on_doctype(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct growing *g = user;

	(void)name;
	(void)external;
	(void)system;
	if (g->rc != RC_OK)
		return;
	err_set(g->err, RC_SYNTAX, "line %d: a DOCTYPE (expected none: CAP has no use for it)",
		line_now(g));
	refuse(g, CAP_RULE_DOCTYPE, line_now(g), RC_SYNTAX);
}

static void
not_well_formed(struct growing *g, int line, struct sv message)
{
	err_set(g->err, RC_SYNTAX,
		"line %d: not well-formed XML: %.*s (expected a complete CAP message)", line,
		SV_ARG(utf8_cut(sv_head(message, utf8_bad_at(message)), 200)));
	g->rc = RC_SYNTAX;
	g->refused = CAP_RULE_NOT_WELL_FORMED;
	g->refused_line = line;
}

static void
on_error(void *user, xmlErrorPtr what)
{
	struct growing *g = user;
	struct sv message;

	if (what == NULL || what->level < XML_ERR_ERROR || g->rc != RC_OK)
		return;
	message = sv_trim(sv_of(what->message));
	/* libxml2 has one sentence for text behind the end and for an end too soon. */
	if (what->code == XML_ERR_DOCUMENT_END && g->open != NULL)
		message = SV("it ends in the middle");
	not_well_formed(g, g->lines_before + (what->line > 0 ? what->line : 1), message);
}

static const xmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_doctype,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.serror = on_error,
};

enum rc
cap_tree_read(struct cap_node **ret_root, struct cap_mend_list *list, struct arena *a,
	      struct sv bytes, int lines_before, struct cap_refusal *ret_refusal, struct err *e)
{
	struct cap_guarded guarded;
	struct growing g = {.arena = a, .lines_before = lines_before, .err = e};
	int parsed;

	cap_xml_ready();
	g.rc = cap_guard(&guarded, bytes, &g.refused, &g.refused_line, e);
	if (g.rc != RC_OK)
		goto out;
	if (guarded.latin1)
		cap_mend_add(list, a,
			     (struct cap_mend){CAP_MEND_ENCODING, 1 + lines_before, SV(""),
					       SV("ISO-8859-1"), SV("UTF-8")});
	/* Entities never grow: "&lt;" is longer than "<". Latin 1 at most doubles. */
	g.text_max = guarded.text.n * (guarded.latin1 ? 2 : 1);
	g.text = arena_alloc(a, g.text_max + 1);
	g.parser = xmlCreatePushParserCtxt((xmlSAXHandlerPtr)&handler, &g, NULL, 0, NULL);
	BUG_ON(g.parser == NULL); /* out of memory only */
	(void)xmlCtxtUseOptions(g.parser, XML_PARSE_NONET);
	parsed = xmlParseChunk(g.parser, guarded.text.p, (int)guarded.text.n, 1);
	if (g.rc == RC_OK && (parsed != 0 || !g.parser->wellFormed || !g.parser->nsWellFormed ||
			      g.root == NULL || g.open != NULL))
		not_well_formed(&g, line_now(&g), SV("it ends early"));
	xmlFreeParserCtxt(g.parser);
	if (g.rc == RC_OK)
		*ret_root = g.root;
out:
	if (g.rc != RC_OK)
		*ret_refusal = (struct cap_refusal){cap_rule_row(g.refused)->name, g.refused_line};
	return g.rc;
}
