/*
 * cap_build.c — builds the tree, driven by the list of elements. Pure.
 *
 *   start  the root         → frame of the alert
 *          a known child    → frame (it has elements) or leaf (it has text)
 *          any other        → finding, and it is skipped with all in it
 *   text   in a leaf        → kept;  between elements → finding unless white space
 *   end    of a leaf        → its value is read and stored
 *          of a frame       → the rules judge it, the frame is closed
 *
 * What is out of order is reported and still stored, so that a lenient consumer has it.
 */
#include "cap/cap_build.h"

#include "base/arena.h"
#include "base/limits.h"
#include "cap/cap_rules.h"
#include "cap/cap_values.h"

#define PROSE_MAX 8192
#define NS_XSI    "http://www.w3.org/2001/XMLSchema-instance"

void
cap_build_init(struct cap_build *b, struct arena *a, const struct cap_names *names, char *text,
	       size_t text_max, struct err *e)
{
	/* A frame is set when it is opened. */
	memset(b, 0, offsetof(struct cap_build, frames));
	b->arena = a;
	b->sink.arena = a;
	b->names = names;
	b->text = text;
	b->text_max = text_max;
	b->err = e;
}

static bool
text_is(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static struct cap_frame *
top(struct cap_build *b)
{
	return &b->frames[b->depth - 1];
}

static void
refuse(struct cap_build *b, enum cap_rule rule, int line, enum rc rc)
{
	b->rc = rc;
	b->refused = rule;
	b->refused_line = line;
}

void
cap_build_too_many(struct cap_build *b, int line, const char *what, size_t max)
{
	refuse(b, CAP_RULE_TOO_MANY, line,
	       err_set(b->err, RC_LIMIT, "line %d: more %s than we accept (expected at most %zu)",
		       line, what, max));
}

void *
cap_build_item(struct cap_build *b, const struct cap_element *el, char *parent)
{
	void **v = (void **)(void *)(parent + el->at);
	size_t *n = (size_t *)(void *)(parent + el->also);
	size_t size = cap_element_item(el);
	/* Most lists are short, and most messages have one info. */
	size_t first = el->type == CAP_TYPE_INFO ? 1 : 4;
	char *item;
	void *grown;

	if (*n == 0 || (*n >= first && (*n & (*n - 1)) == 0)) {
		grown = arena_zero(b->arena, *n == 0 ? first : 2 * *n, size);
		if (*n > 0)
			memcpy(grown, *v, *n * size);
		*v = grown;
	}
	item = (char *)*v + *n * size;
	++*n;
	return item;
}

static void
open_frame(struct cap_build *b, const struct cap_element *self, const struct cap_kind *kind,
	   void *object, size_t index, int line)
{
	struct cap_frame *f = &b->frames[b->depth];

	BUG_ON(b->depth == CAP_FRAMES);
	f->up = b->depth > 0 ? top(b) : NULL;
	f->self = self;
	f->index = index;
	f->kind = kind;
	f->children = kind->in[b->alert->version];
	f->not_plain = 0;
	f->object = object;
	f->line = line;
	f->place = 0;
	f->text_told = false;
	memset(f->count, 0, kind->n * sizeof(f->count[0]));
	b->depth++;
}

static void
start_root(struct cap_build *b, const char *name, const char *ns, int line)
{
	static const char *const spaces[CAP_VERSIONS] = {CAP_NS, CAP_NS_11, CAP_NS_10};
	size_t v = 0;

	while (v < CAP_VERSIONS && !text_is(ns, spaces[v]))
		v++;
	if (strcmp(name, "alert") != 0 || v == CAP_VERSIONS) {
		refuse(b, CAP_RULE_NO_ALERT, line,
		       err_set(b->err, RC_SYNTAX,
			       "line %d: no <alert> at the root but <%.60s> of "
			       "namespace \"%.80s\" (expected <alert> of \"" CAP_NS "\")",
			       line, name, ns != NULL ? ns : ""));
		return;
	}
	b->alert = ARENA_NEW(b->arena, struct cap_alert);
	b->alert->ns = sv_of(spaces[v]);
	b->alert->version = (enum cap_version)v;
	b->alert->line = line;
	b->ns = ns;
	open_frame(b, NULL, &cap_kind_alert, b->alert, 1, line);
	if (b->alert->version != CAP_VERSION_1_2)
		cap_tell(&b->sink, CAP_RULE_OLD_VERSION, cap_spot_frame(top(b)),
			 "CAP %s, \"%s\" (expected the current version, 1.2)",
			 cap_version_name(b->alert->version), ns);
}

/* The place of a child among those of the open frame; the list's length when unknown. */
static size_t
find_child(const struct cap_build *b, const struct cap_frame *f, const char *name, const char *ns)
{
	const char *const *names = b->names->of[f->kind->id];
	size_t i = 0, n = f->kind->n, at = f->place;

	/* From the place of the last one on: in a message in order the first or second try hits. */
	for (i = 0; names[at] != name; at = at + 1 < n ? at + 1 : 0) {
		if (++i == n)
			return n;
	}
	if (LIKELY(ns == b->ns) && f->children[at].type != CAP_TYPE_SIGNATURE)
		return at;
	return text_is(ns, f->children[at].type == CAP_TYPE_SIGNATURE ? CAP_NS_SIG : b->ns) ? at
											    : n;
}

/* It is there already, or something that comes behind it: tell. False when it is once too many. */
static bool
tell_place(struct cap_build *b, struct cap_frame *f, size_t at, int line)
{
	const struct cap_element *el = &f->children[at];
	bool many = cap_element_many(el);
	struct cap_spot spot = {f, el->name, many || f->count[at] > 0 ? f->count[at] + 1 : 0, line};

	if (!many && f->count[at] > 0) {
		cap_tell(&b->sink, CAP_RULE_REPEATED_ELEMENT, spot,
			 "<%s> again (expected once; the first is on line %d)", el->name.p,
			 f->first_line[at]);
		return false;
	}
	if (at < f->place)
		cap_tell(&b->sink, CAP_RULE_WRONG_ORDER, spot,
			 "<%s> after <%s> (expected before it)", el->name.p,
			 f->children[f->place].name.p);
	return true;
}

/* Is it in its place, and not once too often? */
static bool
judge_place(struct cap_build *b, struct cap_frame *f, size_t at, int line)
{
	bool keep = true;

	if (UNLIKELY(at < f->place || (f->count[at] > 0 && !cap_element_many(&f->children[at]))))
		keep = tell_place(b, f, at, line);
	if (f->count[at]++ == 0)
		f->first_line[at] = line;
	if (at > f->place)
		f->place = at;
	return keep;
}

static void
tell_unknown(struct cap_build *b, struct cap_frame *f, struct sv name, const char *ns, int line)
{
	cap_tell(&b->sink, CAP_RULE_UNKNOWN_ELEMENT, (struct cap_spot){f, name, 0, line},
		 "<%.*s>%s is not known here (expected %s of CAP %s)",
		 SV_ARG(cap_quote(&b->sink, name)),
		 text_is(ns, b->ns) ? "" : " of another namespace",
		 f->kind == &cap_kind_pair ? "<valueName> or <value>" : "an element",
		 cap_version_name(b->alert->version));
}

/* An element that has elements. */
static void
start_frame(struct cap_build *b, struct cap_frame *f, size_t at, int line)
{
	const struct cap_element *el = &f->children[at];

	if (el->type == CAP_TYPE_INFO && f->count[at] > LIMIT_CAP_INFOS)
		cap_build_too_many(b, line, "<info> elements", LIMIT_CAP_INFOS);
	else if (el->type == CAP_TYPE_AREA && ++b->n_areas > LIMIT_CAP_AREAS)
		cap_build_too_many(b, line, "<area> elements", LIMIT_CAP_AREAS);
	else
		open_frame(b, el, cap_element_kind(el), cap_build_item(b, el, f->object),
			   f->count[at], line);
}

/* A signature or password: what is in it is not read. Of a version that has no such element,
 * any other: told, and read all the same. */
static void
start_rare(struct cap_build *b, struct cap_frame *f, size_t at, int line)
{
	const struct cap_element *el = &f->children[at];

	if (el->often == CAP_NEVER)
		tell_unknown(b, f, el->name, b->ns, line);
	if (el->type == CAP_TYPE_SIGNATURE) {
		b->alert->n_signatures++;
		b->skip = 1;
	} else if (el->type == CAP_TYPE_DROPPED) {
		if (el->often != CAP_NEVER)
			cap_tell(&b->sink, CAP_RULE_PASSWORD, cap_spot_child(f, at),
				 "a <password> (expected none: anybody can read it)");
		b->leaf_kept = false;
	}
}

static void
start_known(struct cap_build *b, struct cap_frame *f, size_t at, int line)
{
	const struct cap_element *el = &f->children[at];

	if (++b->n_items > LIMIT_CAP_ITEMS) {
		cap_build_too_many(b, line, "elements", LIMIT_CAP_ITEMS);
		return;
	}
	b->leaf_kept = el->often == CAP_NEVER || judge_place(b, f, at, line);
	if (UNLIKELY(el->often == CAP_NEVER || el->type == CAP_TYPE_SIGNATURE ||
		     el->type == CAP_TYPE_DROPPED))
		start_rare(b, f, at, line);
	if (b->skip > 0)
		return;
	if (el->type >= CAP_TYPE_INFO && el->type <= CAP_TYPE_PAIR) {
		start_frame(b, f, at, line);
		return;
	}
	b->leaf = el;
	b->leaf_place = at;
	b->leaf_index = f->count[at];
	b->leaf_line = line;
	b->leaf_plain = true;
	b->leaf_from = b->text_n;
	b->leaf_n = 0;
}

void
cap_build_start(struct cap_build *b, const char *name, const char *ns, int line)
{
	struct cap_frame *f;
	size_t at;

	if (b->skip > 0) {
		b->skip++;
		return;
	}
	if (b->depth == 0) {
		start_root(b, name, ns, line);
		return;
	}
	f = top(b);
	if (b->leaf != NULL) {
		cap_tell(&b->sink, CAP_RULE_UNKNOWN_ELEMENT,
			 (struct cap_spot){f, b->leaf->name, 0, line},
			 "<%.*s> inside <%s> (expected text only)",
			 SV_ARG(cap_quote(&b->sink, sv_of(name))), b->leaf->name.p);
		b->skip = 1;
		return;
	}
	at = find_child(b, f, name, ns);
	if (at < f->kind->n) {
		start_known(b, f, at, line);
		return;
	}
	tell_unknown(b, f, sv_of(name), ns, line);
	b->skip = 1;
}

void
cap_build_attribute(struct cap_build *b, const char *name, const char *ns, int line)
{
	struct cap_spot spot;
	bool xsi = text_is(ns, NS_XSI);

	/* In skipped parts nothing is judged; the skipped element itself was. */
	if (b->skip > 0 || b->depth == 0)
		return;
	if (xsi &&
	    (strcmp(name, "schemaLocation") == 0 || strcmp(name, "noNamespaceSchemaLocation") == 0))
		return;
	spot = cap_spot_frame(top(b));
	if (b->leaf != NULL)
		spot.child = b->leaf->name;
	spot.line = line;
	cap_tell(&b->sink,
		 xsi && strcmp(name, "type") == 0 ? CAP_RULE_SCHEMA_ATTRIBUTE
						  : CAP_RULE_UNKNOWN_ATTRIBUTE,
		 spot, "attribute \"%.*s\" (expected none)",
		 SV_ARG(cap_quote(&b->sink, sv_of(name))));
}

static void
tell_text(struct cap_build *b, struct sv v, int line)
{
	struct cap_frame *f = top(b);
	struct cap_spot spot = cap_spot_frame(f);

	if (f->text_told)
		return;
	f->text_told = true;
	spot.line = line;
	cap_tell(&b->sink, CAP_RULE_UNEXPECTED_TEXT, spot,
		 "\"%.*s\" between elements (expected elements only)",
		 SV_ARG(cap_quote(&b->sink, v)));
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool
all_space(const char *p, size_t n)
{
	while (n > 0 && is_space(*p)) {
		p++;
		n--;
	}
	return n == 0;
}

/* Where in text a piece lies; text_max when it does not lie behind all that is kept. */
static size_t
lies_at(const struct cap_build *b, const char *p, size_t n)
{
	uintptr_t from = (uintptr_t)b->text, at = (uintptr_t)p;

	if (at < from + b->text_n || at > from + b->text_max - n)
		return b->text_max;
	return (size_t)(at - from);
}

static void
add_text(struct cap_build *b, const char *p, size_t n, int line)
{
	size_t at;

	if (n > b->text_max - b->text_n) {
		cap_build_too_many(b, line, "bytes of text", b->text_max);
		return;
	}
	at = b->leaf_n == 0 ? lies_at(b, p, n) : b->text_max;
	if (at < b->text_max) {
		/* One piece of the message as it came: it is kept there. */
		b->leaf_from = at;
		b->text_n = at + n;
	} else {
		memmove(b->text + b->text_n, p, n);
		b->text_n += n;
		b->leaf_plain = false;
	}
	b->leaf_n += n;
}

void
cap_build_text(struct cap_build *b, const char *p, size_t n, int line)
{
	if (b->skip > 0 || b->depth == 0)
		return;
	if (b->leaf != NULL)
		add_text(b, p, n, line);
	else if (!all_space(p, n))
		tell_text(b, sv_trim((struct sv){p, n}), line);
}

void
cap_build_cdata(struct cap_build *b, const char *p, size_t n, int line)
{
	if (b->skip > 0 || b->depth == 0)
		return;
	if (b->leaf != NULL) {
		add_text(b, p, n, line);
		b->leaf_plain = false;
	} else {
		tell_text(b, (struct sv){p, n}, line);
	}
}

/* Is there a byte beyond ASCII? Of a long text, an attachment mostly: perhaps. */
static bool
may_have_high(struct sv v)
{
	uint64_t word, high = 0;
	size_t i;

	if (v.n > PROSE_MAX)
		return true;
	for (i = 0; i + 8 <= v.n; i += 8) {
		memcpy(&word, v.p + i, 8);
		high |= word;
	}
	for (; i < v.n; i++)
		high |= (unsigned char)v.p[i];
	return (high & 0x8080808080808080u) != 0;
}

static void
end_leaf(struct cap_build *b)
{
	struct sv raw = {b->text + b->leaf_from, b->leaf_n}, v = raw;
	struct cap_frame *f = top(b);

	while (v.n > 0 && is_space(v.p[v.n - 1]))
		v.n--;
	while (v.n > 0 && is_space(v.p[0])) {
		v.p++;
		v.n--;
	}
	/* There is a byte to spare: that of the end tag. */
	BUG_ON(b->text_n >= b->text_max);
	b->text[(size_t)(v.p - b->text) + v.n] = '\0';
	b->text_n++;
	if (b->leaf_kept)
		cap_leaf_store(b, raw, v, f->object);
	if (!b->leaf_plain || may_have_high(v))
		f->not_plain |= 1u << b->leaf_place;
	b->leaf = NULL;
}

static void
collect_references(struct cap_build *b)
{
	struct sv rest = b->alert->references_text, item;
	struct cap_reference *v, r;
	size_t n = 0;
	bool ok;

	while (cap_next_reference(&rest, &item, &r, &ok))
		n += ok;
	if (n == 0)
		return;
	v = ARENA_NEW_N(b->arena, struct cap_reference, n);
	n = 0;
	rest = b->alert->references_text;
	while (cap_next_reference(&rest, &item, &r, &ok)) {
		if (ok)
			v[n++] = r;
	}
	b->alert->references = v;
	b->alert->n_references = n;
}

/* For those who judge the finished tree. */
static const int *
keep_lines(struct cap_build *b, const struct cap_frame *f)
{
	int *lines = ARENA_NEW_N(b->arena, int, f->kind->n);
	size_t i;

	for (i = 0; i < f->kind->n; i++)
		lines[i] = f->count[i] > 0 ? f->first_line[i] : 0;
	return lines;
}

void
cap_build_end(struct cap_build *b)
{
	struct cap_frame *f;

	if (b->skip > 0) {
		b->skip--;
		return;
	}
	if (b->leaf != NULL) {
		end_leaf(b);
		return;
	}
	f = top(b);
	cap_rules_complete(&b->sink, f);
	if (f->kind == &cap_kind_info) {
		((struct cap_info *)f->object)->line = f->line;
		((struct cap_info *)f->object)->lines = keep_lines(b, f);
		cap_rules_info(&b->sink, f, b->alert);
	} else if (f->kind == &cap_kind_resource) {
		((struct cap_resource *)f->object)->line = f->line;
		cap_rules_resource(&b->sink, f);
	} else if (f->kind == &cap_kind_area) {
		((struct cap_area *)f->object)->line = f->line;
		cap_rules_area(&b->sink, f);
	} else if (f->kind == &cap_kind_pair) {
		((struct cap_pair *)f->object)->line = f->line;
	} else {
		collect_references(b);
		b->alert->lines = keep_lines(b, f);
		cap_rules_alert(&b->sink, f);
		cap_sink_sort(&b->sink);
	}
	b->depth--;
}
