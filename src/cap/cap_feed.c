/*
 * cap_feed.c — a feed's own rules over libxml2's tree, then each message inside.
 *
 * Order: cap_guard bounds the bytes and refuses DOCTYPE; the tree is made without
 * network or entities; each entry is looked at once; a message inside is written out as a
 * document of its own and read by cap_read.
 */
#include "cap/cap_feed.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cap/cap_element.h"
#include "cap/cap_guard.h"
#include "cap/cap_sink.h"
#include "cap/cap_xml.h"

#define NS_ATOM "http://www.w3.org/2005/Atom"
#define NS_EDXL "urn:oasis:names:tc:emergency:EDXL:DE:1.0"

struct feeding {
	struct arena *arena;
	struct cap_sink sink;
	struct cap_feed *feed;
	struct cap_feed_entry *entries;
	size_t n;
	struct map *ids; /* of the entries so far: their lines */
	struct err *err;
};

static bool
is_named(const xmlNode *node, const char *ns, const char *name)
{
	const char *have = node->ns != NULL ? (const char *)node->ns->href : "";

	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0 &&
	       strcmp(have, ns) == 0;
}

static bool
is_message(const xmlNode *node)
{
	return is_named(node, CAP_NS, "alert") || is_named(node, CAP_NS_11, "alert") ||
	       is_named(node, CAP_NS_10, "alert");
}

static xmlNode *
child(const xmlNode *parent, const char *ns, const char *name)
{
	xmlNode *node;

	for (node = parent->children; node != NULL; node = node->next)
		if (is_named(node, ns, name))
			return node;
	return NULL;
}

/* The first message below a node; depth is bounded by the guard. */
static xmlNode *
find_message(xmlNode *node)
{
	xmlNode *found;

	for (; node != NULL; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		found = is_message(node) ? node : find_message(node->children);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static int
line_of(const xmlNode *node)
{
	long line = xmlGetLineNo(node);

	return line > 0 && line < 65535 ? (int)line : 1;
}

/* Takes the text over into the arena. */
static struct sv
take(struct feeding *f, xmlChar *text)
{
	struct sv v;

	if (text == NULL)
		return SV_NONE;
	v = arena_sv(f->arena, sv_trim(sv_of((const char *)text)));
	xmlFree(text);
	return v;
}

static struct sv
text_of(struct feeding *f, const xmlNode *parent, const char *ns, const char *name)
{
	xmlNode *node = child(parent, ns, name);

	return node != NULL ? take(f, xmlNodeGetContent(node)) : SV_NONE;
}

static struct sv
attribute(struct feeding *f, const xmlNode *node, const char *name)
{
	return take(f, xmlGetNoNsProp(node, (const xmlChar *)name));
}

static void
add_entry(struct feeding *f, const struct cap_feed_entry *entry)
{
	struct cap_feed_entry *grown;

	if (f->n == 0 || (f->n >= 8 && (f->n & (f->n - 1)) == 0)) {
		grown = ARENA_NEW_N(f->arena, struct cap_feed_entry, f->n == 0 ? 8 : 2 * f->n);
		if (f->n > 0)
			memcpy(grown, f->entries, f->n * sizeof(*grown));
		f->entries = grown;
	}
	f->entries[f->n++] = *entry;
}

/* A copy of the element as a document: namespaces that it inherits are declared in it. */
static struct sv
write_out(struct feeding *f, xmlNode *message)
{
	xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
	xmlNode *copy = doc != NULL ? xmlDocCopyNode(message, doc, 1) : NULL;
	xmlBuffer *text = xmlBufferCreate();
	struct sv v;

	BUG_ON(doc == NULL || copy == NULL || text == NULL);
	(void)xmlDocSetRootElement(doc, copy);
	BUG_ON(xmlNodeDump(text, doc, copy, 0, 0) < 0);
	v = arena_sv(f->arena, (struct sv){(const char *)xmlBufferContent(text),
					   (size_t)xmlBufferLength(text)});
	xmlBufferFree(text);
	xmlFreeDoc(doc);
	return v;
}

static enum cap_rule
rule_of(const char *name)
{
	return (enum cap_rule)(cap_rule_named(name) - cap_rule_row((enum cap_rule)0));
}

/* The message inside an entry, judged; its findings follow those of the feed. */
static void
read_message(struct feeding *f, struct cap_feed_entry *entry, xmlNode *message)
{
	const struct cap_findings *found;
	const struct cap_alert *alert;
	struct cap_refusal refusal;
	const struct cap_finding *v;
	struct err e = ERR_INIT;
	int first = line_of(message) - 1;
	size_t i;

	entry->message = write_out(f, message);
	if (cap_read_told(&alert, &found, &refusal, f->arena, entry->message, &e) != RC_OK) {
		cap_tell_at(&f->sink, rule_of(refusal.rule), first + refusal.line, entry->path,
			    "the message in it: %s", e.text);
		return;
	}
	for (i = 0; i < found->n; i++) {
		v = &found->v[i];
		cap_tell_at(&f->sink, rule_of(v->rule), first + v->line,
			    arena_fmt(f->arena, "%.*s/%.*s", SV_ARG(entry->path),
				      SV_ARG(sv_from(v->path, 1))),
			    "%.*s", SV_ARG(v->message));
	}
}

static void
need(struct feeding *f, enum cap_rule rule, int line, struct sv path, struct sv value,
     const char *name)
{
	if (value.n == 0)
		cap_tell_at(&f->sink, rule, line, path, "no <%s> or an empty one (expected one)",
			    name);
}

static void
judge_updated(struct feeding *f, int line, struct sv path, struct sv updated)
{
	struct time_at at;

	need(f, CAP_RULE_FEED_NO_UPDATED, line, path, updated, "updated");
	if (updated.n > 0 && !time_parse_rfc3339(updated, &at))
		cap_tell_at(&f->sink, CAP_RULE_FEED_INVALID_TIME, line, path,
			    "updated \"%.*s\" (expected a time such as 2026-09-22T02:10:00Z)",
			    SV_ARG(cap_quote(&f->sink, updated)));
}

/* Elements of Atom's namespace that Atom does not have there (RFC 4287, 4.1). */
static void
judge_known(struct feeding *f, const xmlNode *parent, struct sv path, const char *names)
{
	struct sv_split split;
	const xmlNode *node;
	struct sv name;
	bool known;

	for (node = parent->children; node != NULL; node = node->next) {
		if (node->type != XML_ELEMENT_NODE ||
		    !is_named(node, NS_ATOM, (const char *)node->name))
			continue;
		split = sv_split_of(sv_of(names), ' ');
		for (known = false; !known && sv_split_next(&split, &name);)
			known = sv_eq(name, sv_of((const char *)node->name));
		if (!known)
			cap_tell_at(&f->sink, CAP_RULE_FEED_UNKNOWN, line_of(node), path,
				    "<%.*s> is not known here (expected an element of Atom, or one "
				    "of another namespace)",
				    SV_ARG(cap_quote(&f->sink, sv_of((const char *)node->name))));
	}
}

static bool
is_cap_type(struct sv type)
{
	type = sv_trim(sv_head(type, sv_find_char(type, ';')));
	return sv_eq_nocase(type, SV("application/cap+xml")) ||
	       sv_eq_nocase(type, SV("application/common-alerting-protocol+xml"));
}

/* A picture, a sound, a page for people: not the message. */
static bool
is_other_type(struct sv type)
{
	return sv_starts(type, SV("image/")) || sv_starts(type, SV("audio/")) ||
	       sv_starts(type, SV("video/")) || sv_starts(type, SV("text/html"));
}

/* The link of type CAP; without one the only link that can be it. */
static void
find_atom_link(struct feeding *f, const xmlNode *node, struct cap_feed_entry *entry)
{
	struct sv href, type, only = SV_NONE;
	const xmlNode *link;
	size_t possible = 0;

	for (link = node->children; link != NULL; link = link->next) {
		if (!is_named(link, NS_ATOM, "link"))
			continue;
		href = attribute(f, link, "href");
		type = attribute(f, link, "type");
		if (href.n == 0 || sv_eq(attribute(f, link, "rel"), SV("self")))
			continue;
		if (is_cap_type(type)) {
			entry->link = href;
			return;
		}
		if (!is_other_type(type)) {
			only = href;
			possible++;
		}
	}
	if (possible != 1)
		return;
	entry->link = only;
	cap_tell_at(&f->sink, CAP_RULE_FEED_LINK_TYPE, entry->line, entry->path,
		    "the link \"%.*s\" does not say that it is a CAP message (expected "
		    "type=\"application/cap+xml\")",
		    SV_ARG(cap_quote(&f->sink, only)));
}

static void
judge_repeated(struct feeding *f, const struct cap_feed_entry *entry)
{
	bool is_new;
	int64_t line;

	if (entry->id.n == 0)
		return;
	line = *map_at(f->ids, entry->id, entry->line, &is_new);
	if (!is_new)
		cap_tell_at(&f->sink, CAP_RULE_FEED_REPEATED_ID, entry->line, entry->path,
			    "id \"%.*s\" is that of the entry on line %d too (expected one of its "
			    "own)",
			    SV_ARG(cap_quote(&f->sink, entry->id)), (int)line);
}

static void
no_message(struct feeding *f, const struct cap_feed_entry *entry)
{
	cap_tell_at(&f->sink, CAP_RULE_FEED_NO_MESSAGE, entry->line, entry->path,
		    "neither a CAP message nor a link to one (expected one of them)");
}

static void
read_atom_entry(struct feeding *f, xmlNode *node)
{
	struct cap_feed_entry entry = {.line = line_of(node)};
	xmlNode *message;

	entry.path = arena_fmt(f->arena, "/feed/entry[%zu]", f->n + 1);
	judge_known(f, node, entry.path,
		    "author category content contributor id link published rights source summary "
		    "title updated");
	entry.id = text_of(f, node, NS_ATOM, "id");
	entry.title = text_of(f, node, NS_ATOM, "title");
	entry.updated = text_of(f, node, NS_ATOM, "updated");
	need(f, CAP_RULE_FEED_NO_ID, entry.line, entry.path, entry.id, "id");
	need(f, CAP_RULE_FEED_NO_TITLE, entry.line, entry.path, entry.title, "title");
	judge_updated(f, entry.line, entry.path, entry.updated);
	judge_repeated(f, &entry);
	message = find_message(node->children);
	if (message != NULL)
		read_message(f, &entry, message);
	else
		find_atom_link(f, node, &entry);
	if (message == NULL && entry.link.n == 0)
		no_message(f, &entry);
	add_entry(f, &entry);
}

/* An EDXL-DE without content is told as such already. */
static void
judge_empty(struct feeding *f, int line, struct sv path)
{
	if (f->n == 0)
		cap_tell_at(&f->sink, CAP_RULE_FEED_EMPTY, line, path,
			    "no entry (expected one for each alert in force)");
}

static void
read_atom(struct feeding *f, xmlNode *root)
{
	struct sv path = SV("/feed");
	xmlNode *node;

	judge_known(f, root, path,
		    "author category contributor entry generator icon id link logo rights subtitle "
		    "title updated");
	need(f, CAP_RULE_FEED_NO_ID, line_of(root), path, text_of(f, root, NS_ATOM, "id"), "id");
	need(f, CAP_RULE_FEED_NO_TITLE, line_of(root), path, text_of(f, root, NS_ATOM, "title"),
	     "title");
	judge_updated(f, line_of(root), path, text_of(f, root, NS_ATOM, "updated"));
	for (node = root->children; node != NULL; node = node->next) {
		if (is_named(node, NS_ATOM, "entry"))
			read_atom_entry(f, node);
		else if (node->type == XML_ELEMENT_NODE && is_message(node))
			cap_tell_at(&f->sink, CAP_RULE_FEED_ALERT_OUTSIDE, line_of(node), path,
				    "a CAP message outside every entry (expected it inside an "
				    "<entry>)");
	}
	judge_empty(f, line_of(root), path);
}

static void
read_rss_item(struct feeding *f, xmlNode *node)
{
	struct cap_feed_entry entry = {.line = line_of(node)};
	xmlNode *message = find_message(node->children);

	entry.path = arena_fmt(f->arena, "/rss/channel/item[%zu]", f->n + 1);
	entry.id = text_of(f, node, "", "guid");
	entry.title = text_of(f, node, "", "title");
	if (entry.title.n == 0)
		entry.title = text_of(f, node, "", "description");
	entry.updated = text_of(f, node, "", "pubDate");
	entry.link = text_of(f, node, "", "link");
	if (entry.title.n == 0)
		cap_tell_at(&f->sink, CAP_RULE_FEED_NO_TITLE, entry.line, entry.path,
			    "neither <title> nor <description> (expected one of them)");
	need(f, CAP_RULE_FEED_NO_GUID, entry.line, entry.path, entry.id, "guid");
	judge_repeated(f, &entry);
	if (message != NULL)
		read_message(f, &entry, message);
	else if (entry.link.n == 0)
		no_message(f, &entry);
	add_entry(f, &entry);
}

static void
read_rss(struct feeding *f, xmlNode *root)
{
	xmlNode *channel = child(root, "", "channel"), *node;
	struct sv path = SV("/rss/channel");

	if (channel == NULL) {
		cap_tell_at(&f->sink, CAP_RULE_FEED_EMPTY, line_of(root), SV("/rss"),
			    "no <channel> (expected one with its items)");
		return;
	}
	need(f, CAP_RULE_FEED_NO_DATE, line_of(channel), path, text_of(f, channel, "", "pubDate"),
	     "pubDate");
	for (node = channel->children; node != NULL; node = node->next)
		if (is_named(node, "", "item"))
			read_rss_item(f, node);
	judge_empty(f, line_of(channel), path);
}

static void
read_content_object(struct feeding *f, xmlNode *node)
{
	struct cap_feed_entry entry = {.line = line_of(node)};
	xmlNode *message = find_message(node->children);
	xmlNode *other = child(node, NS_EDXL, "nonXMLContent");

	entry.path = arena_fmt(f->arena, "/EDXLDistribution/contentObject[%zu]", f->n + 1);
	entry.title = text_of(f, node, NS_EDXL, "contentDescription");
	if (message != NULL)
		read_message(f, &entry, message);
	else if (other != NULL && is_cap_type(text_of(f, other, NS_EDXL, "mimeType")))
		entry.link = text_of(f, other, NS_EDXL, "uri");
	if (message == NULL && entry.link.n == 0)
		no_message(f, &entry);
	add_entry(f, &entry);
}

static void
read_edxl(struct feeding *f, xmlNode *root)
{
	xmlNode *node;

	for (node = root->children; node != NULL; node = node->next)
		if (is_named(node, NS_EDXL, "contentObject"))
			read_content_object(f, node);
	if (f->n == 0)
		cap_tell_at(&f->sink, CAP_RULE_FEED_NO_MESSAGE, line_of(root),
			    SV("/EDXLDistribution"),
			    "no <contentObject> (expected one for each message)");
}

static enum rc
read_root(struct feeding *f, xmlNode *root, struct cap_refusal *ret)
{
	if (is_named(root, NS_ATOM, "feed")) {
		f->feed->kind = CAP_FEED_ATOM;
		read_atom(f, root);
	} else if (is_named(root, "", "rss")) {
		f->feed->kind = CAP_FEED_RSS;
		read_rss(f, root);
	} else if (is_named(root, NS_EDXL, "EDXLDistribution")) {
		f->feed->kind = CAP_FEED_EDXL;
		read_edxl(f, root);
	} else {
		*ret = (struct cap_refusal){cap_rule_row(CAP_RULE_NO_FEED)->name, line_of(root)};
		return err_set(f->err, RC_SYNTAX,
			       "line %d: no feed but <%.60s> (expected Atom, RSS or EDXL-DE)",
			       line_of(root), (const char *)root->name);
	}
	return RC_OK;
}

/* The tree, or the refusal. */
static enum rc
make_tree(xmlDoc **ret, struct sv text, struct cap_refusal *ret_refusal, struct err *e)
{
	xmlParserCtxt *parser = xmlNewParserCtxt();
	struct sv why;
	enum rc rc = RC_OK;

	BUG_ON(parser == NULL);
	*ret = xmlCtxtReadMemory(parser, text.p, (int)text.n, NULL, NULL,
				 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (*ret == NULL) {
		*ret_refusal = (struct cap_refusal){
			cap_rule_row(CAP_RULE_NOT_WELL_FORMED)->name,
			parser->lastError.line > 0 ? parser->lastError.line : 1};
		why = sv_trim(sv_of(parser->lastError.message));
		why = sv_head(why, utf8_bad_at(why));
		rc = err_set(e, RC_SYNTAX, "line %d: not well-formed XML: %.*s (expected a feed)",
			     ret_refusal->line, SV_ARG(utf8_cut(why, 200)));
	}
	xmlFreeParserCtxt(parser);
	return rc;
}

enum rc
cap_feed_read(const struct cap_feed **ret, const struct cap_findings **ret_findings,
	      struct cap_refusal *ret_refusal, struct arena *a, struct sv text, struct err *e)
{
	struct feeding f = {.arena = a, .sink = {.arena = a}, .err = e};
	struct cap_findings *findings;
	struct cap_guarded g;
	enum cap_rule rule;
	xmlDoc *doc = NULL;
	enum rc rc;

	cap_xml_ready();
	rc = cap_guard(&g, text, &rule, &ret_refusal->line, e);
	if (rc != RC_OK) {
		ret_refusal->rule = cap_rule_row(rule)->name;
		return rc;
	}
	rc = make_tree(&doc, g.text, ret_refusal, e);
	if (rc != RC_OK)
		return rc;
	f.feed = ARENA_NEW(a, struct cap_feed);
	f.ids = map_new(0);
	rc = read_root(&f, xmlDocGetRootElement(doc), ret_refusal);
	xmlFreeDoc(doc);
	map_free(&f.ids);
	if (rc != RC_OK)
		return rc;
	cap_sink_sort(&f.sink);
	findings = ARENA_NEW(a, struct cap_findings);
	findings->v = f.sink.v;
	findings->n = f.sink.n;
	findings->errors = f.sink.errors;
	f.feed->entries = f.entries;
	f.feed->n_entries = f.n;
	*ret = f.feed;
	*ret_findings = findings;
	return RC_OK;
}
