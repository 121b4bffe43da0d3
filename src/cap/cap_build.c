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
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_rules.h"
#include "cap/cap_values.h"

#define NS_XSI "http://www.w3.org/2001/XMLSchema-instance"

void
cap_build_init(struct cap_build *b, struct arena *a, size_t text_max, struct err *e)
{
	memset(b, 0, sizeof(*b));
	b->arena = a;
	b->sink.arena = a;
	b->text = arena_alloc(a, text_max + 1);
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

static void
too_many(struct cap_build *b, int line, const char *what, size_t max)
{
	refuse(b, CAP_RULE_TOO_MANY, line,
	       err_set(b->err, RC_LIMIT, "line %d: more %s than we accept (expected at most %zu)",
		       line, what, max));
}

/* One more item in the list of a parent: the room doubles at 4, 8, 16 … */
static void *
list_add(struct cap_build *b, const struct cap_element *el, char *parent)
{
	void **v = (void **)(void *)(parent + el->at);
	size_t *n = (size_t *)(void *)(parent + el->also);
	size_t size = cap_element_item(el);
	char *item;
	void *grown;

	if (*n == 0 || (*n >= 4 && (*n & (*n - 1)) == 0)) {
		grown = arena_zero(b->arena, *n == 0 ? 4 : 2 * *n, size);
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
	const struct cap_element *el;
	struct sv v = sv_of(name);
	size_t i, at = f->place;

	/* From the place of the last one on: in a message in order the first or second try hits. */
	for (i = 0; i < f->kind->n; i++, at++) {
		if (at == f->kind->n)
			at = 0;
		el = &f->children[at];
		if (el->name.n == v.n && memcmp(el->name.p, v.p, v.n) == 0)
			return text_is(ns, el->type == CAP_TYPE_SIGNATURE ? CAP_NS_SIG : b->ns)
				       ? at
				       : f->kind->n;
	}
	return f->kind->n;
}

/* Is it in its place, and not once too often? */
static bool
judge_place(struct cap_build *b, struct cap_frame *f, size_t at, int line)
{
	const struct cap_element *el = &f->children[at];
	bool many = cap_element_many(el), keep = true;
	struct cap_spot spot = {f, el->name, many || f->count[at] > 0 ? f->count[at] + 1 : 0, line};

	if (!many && f->count[at] > 0) {
		cap_tell(&b->sink, CAP_RULE_REPEATED_ELEMENT, spot,
			 "<%s> again (expected once; the first is on line %d)", el->name.p,
			 f->first_line[at]);
		keep = false;
	} else if (at < f->place) {
		cap_tell(&b->sink, CAP_RULE_WRONG_ORDER, spot,
			 "<%s> after <%s> (expected before it)", el->name.p,
			 f->kind->children[f->place].name.p);
	}
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

static void
start_known(struct cap_build *b, struct cap_frame *f, size_t at, int line)
{
	const struct cap_element *el = &f->children[at];
	const struct cap_kind *kind = cap_element_kind(el);
	bool keep = true;

	if (el->often == CAP_NEVER)
		tell_unknown(b, f, el->name, b->ns, line);
	else
		keep = judge_place(b, f, at, line);
	if (++b->n_items > LIMIT_CAP_ITEMS) {
		too_many(b, line, "elements", LIMIT_CAP_ITEMS);
		return;
	}
	if (el->type == CAP_TYPE_SIGNATURE) {
		b->alert->n_signatures++;
		b->skip = 1;
		return;
	}
	if (el->type == CAP_TYPE_DROPPED) {
		if (el->often != CAP_NEVER)
			cap_tell(&b->sink, CAP_RULE_PASSWORD, cap_spot_child(f, at),
				 "a <password> (expected none: anybody can read it)");
		keep = false;
	}
	if (kind == NULL) {
		b->leaf = el;
		b->leaf_index = f->count[at];
		b->leaf_line = line;
		b->leaf_kept = keep;
		b->leaf_from = b->text_n;
		return;
	}
	if (el->type == CAP_TYPE_INFO && f->count[at] > LIMIT_CAP_INFOS)
		too_many(b, line, "<info> elements", LIMIT_CAP_INFOS);
	else if (el->type == CAP_TYPE_AREA && ++b->n_areas > LIMIT_CAP_AREAS)
		too_many(b, line, "<area> elements", LIMIT_CAP_AREAS);
	else
		open_frame(b, el, kind, list_add(b, el, f->object), f->count[at], line);
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

void
cap_build_text(struct cap_build *b, const char *p, size_t n, int line)
{
	struct sv v = {p, n};

	if (b->skip > 0 || b->depth == 0)
		return;
	if (b->leaf != NULL) {
		if (n > b->text_max - b->text_n) {
			too_many(b, line, "bytes of text", b->text_max);
			return;
		}
		memcpy(b->text + b->text_n, p, n);
		b->text_n += n;
		return;
	}
	v = sv_trim(v);
	if (v.n > 0)
		tell_text(b, v, line);
}

void
cap_build_cdata(struct cap_build *b, const char *p, size_t n, int line)
{
	if (b->skip == 0 && b->depth > 0 && b->leaf == NULL)
		tell_text(b, (struct sv){p, n}, line);
	else
		cap_build_text(b, p, n, line);
}

/* "Actual, Exercise, System, Test or Draft" */
static struct sv
list_values(struct cap_build *b, const struct cap_element *el)
{
	struct buf list = BUF_INIT(1024);
	const char *last = NULL;
	struct sv all;
	size_t i;

	for (i = 0; el->values[i] != NULL; i++) {
		if (el->lacks != NULL && cap_value_find(el->lacks, sv_of(el->values[i])) != 0)
			continue;
		if (last != NULL)
			buf_addf(&list, "%s%s", buf_sv(&list).n > 0 ? ", " : "", last);
		last = el->values[i];
	}
	buf_addf(&list, " or %s", last);
	all = arena_sv(b->arena, buf_sv(&list));
	buf_fini(&list);
	return all;
}

/* A value of a list; white space around it is a fault but does not hide the value. */
static int
read_enum(struct cap_build *b, struct cap_spot at, struct sv raw, struct sv v)
{
	const struct cap_element *el = b->leaf;
	int value = cap_value_find(el->values, v);

	if (value != 0 && raw.n == v.n && el->lacks == NULL)
		return value;
	if (value == 0 && at.frame->kind == &cap_kind_info && sv_eq(el->name, SV("certainty")) &&
	    sv_eq(v, SV("Very Likely"))) {
		/* A value of 1.0. */
		value = CAP_CERTAINTY_LIKELY;
		if (b->alert->version != CAP_VERSION_1_0)
			cap_tell(&b->sink, CAP_RULE_VERY_LIKELY, at,
				 "\"Very Likely\" (expected \"Likely\")");
	} else if (value == 0 || (el->lacks != NULL && cap_value_find(el->lacks, v) != 0)) {
		cap_tell(&b->sink, CAP_RULE_INVALID_VALUE, at, "\"%.*s\" (expected %.*s)",
			 SV_ARG(cap_quote(&b->sink, v)), SV_ARG(list_values(b, el)));
		return value;
	}
	if (raw.n != v.n)
		cap_tell(&b->sink, CAP_RULE_INVALID_VALUE, at,
			 "white space around \"%.*s\" (expected none)", SV_ARG(v));
	return value;
}

static void
read_polygon(struct cap_build *b, struct cap_spot at, struct sv v, char *object)
{
	struct cap_polygon *p = list_add(b, b->leaf, object);
	struct err e = ERR_INIT;
	enum rc rc;

	p->text = v;
	p->line = at.line;
	rc = cap_parse_polygon(&p->ring, b->arena, v, LIMIT_CAP_POINTS - b->n_points, &e);
	if (rc == RC_OK) {
		p->ok = true;
		b->n_points += p->ring.n;
	} else if (rc == RC_LIMIT) {
		too_many(b, at.line, "polygon points", LIMIT_CAP_POINTS);
	} else {
		cap_tell(&b->sink, CAP_RULE_INVALID_POLYGON, at, "%s", e.text);
	}
}

static void
read_circle(struct cap_build *b, struct cap_spot at, struct sv v, char *object)
{
	struct cap_circle *c = list_add(b, b->leaf, object);
	struct err e = ERR_INIT;

	c->text = v;
	c->line = at.line;
	c->ok = cap_parse_circle(&c->circle, v, &e) == RC_OK;
	if (!c->ok)
		cap_tell(&b->sink, CAP_RULE_INVALID_CIRCLE, at, "%s", e.text);
}

/* Text types whose form XML Schema knows. */
static void
judge_text(struct cap_build *b, struct cap_spot at, struct sv v)
{
	struct sv q;
	bool absolute;
	double number;

	switch (b->leaf->type) {
	case CAP_TYPE_LANGUAGE:
		/* An empty one takes the default. */
		if (v.n == 0 || cap_is_language(v))
			return;
		q = cap_quote(&b->sink, v);
		cap_tell(&b->sink, CAP_RULE_INVALID_LANGUAGE, at,
			 "\"%.*s\" (expected a language tag such as \"en-US\")", SV_ARG(q));
		return;
	case CAP_TYPE_URI:
		if (v.n == 0 || cap_is_uri(v, &absolute))
			return;
		q = cap_quote(&b->sink, v);
		cap_tell(&b->sink, CAP_RULE_INVALID_URI, at,
			 "\"%.*s\" (expected a URI such as https://example.org/)", SV_ARG(q));
		return;
	case CAP_TYPE_INTEGER:
		if (cap_is_integer(v))
			return;
		q = cap_quote(&b->sink, v);
		cap_tell(&b->sink, CAP_RULE_INVALID_NUMBER, at,
			 "\"%.*s\" (expected a whole number)", SV_ARG(q));
		return;
	case CAP_TYPE_DECIMAL:
		if (cap_parse_decimal(v, &number))
			return;
		q = cap_quote(&b->sink, v);
		cap_tell(&b->sink, CAP_RULE_INVALID_NUMBER, at,
			 "\"%.*s\" (expected a number of feet)", SV_ARG(q));
		return;
	default:
		return;
	}
}

/* A time of CAP 1.0 or 1.1: the schema takes forms that the text of the standard does not. */
static void
read_datetime(struct cap_build *b, struct cap_spot at, struct sv raw, struct sv v,
	      struct cap_time *t)
{
	t->text = v;
	t->ok = cap_parse_time(v, &t->at);
	if (t->ok && raw.n == v.n)
		return;
	if (!t->ok && !cap_parse_datetime(v, &t->at, &t->ok))
		cap_tell(&b->sink, CAP_RULE_INVALID_TIME, at,
			 "\"%.*s\" (expected a time such as 2026-09-22T02:10:00+03:00)",
			 SV_ARG(cap_quote(&b->sink, v)));
	else
		cap_tell(&b->sink, CAP_RULE_TIME_FORM, at,
			 "\"%.*s\" (expected seconds without fraction and an offset in digits, "
			 "as in 2026-09-22T02:10:00+03:00)",
			 SV_ARG(cap_quote(&b->sink, raw)));
}

/* "name=value" of CAP 1.0; without the sign all of it is the value. */
static void
read_pair(struct cap_pair *p, struct sv v, int line)
{
	size_t at = sv_find_char(v, '=');

	p->name = at < v.n ? sv_trim(sv_head(v, at)) : sv_head(v, 0);
	p->value = at < v.n ? sv_trim(sv_from(v, at + 1)) : v;
	p->line = line;
}

/* Read the text of the leaf that ended into its place in the tree. */
static void
store_leaf(struct cap_build *b, struct sv raw, struct sv v, char *object)
{
	const struct cap_element *el = b->leaf;
	struct cap_spot at = {top(b), el->name, cap_element_many(el) ? b->leaf_index : 0,
			      b->leaf_line};
	struct cap_time *t;

	switch (el->type) {
	case CAP_TYPE_TIME:
		t = (struct cap_time *)(void *)(object + el->at);
		t->text = v;
		t->ok = cap_parse_time(v, &t->at);
		if (!t->ok)
			cap_tell(&b->sink, CAP_RULE_INVALID_TIME, at,
				 "\"%.*s\" (expected a time such as 2026-09-22T02:10:00+03:00)",
				 SV_ARG(cap_quote(&b->sink, v)));
		break;
	case CAP_TYPE_ENUM:
		*(struct sv *)(void *)(object + el->at) = v;
		*(int *)(void *)(object + el->also) = read_enum(b, at, raw, v);
		break;
	case CAP_TYPE_ENUMS:
		*(struct sv *)list_add(b, el, object) = v;
		(void)read_enum(b, at, raw, v);
		break;
	case CAP_TYPE_DATETIME:
		read_datetime(b, at, raw, v, (struct cap_time *)(void *)(object + el->at));
		break;
	case CAP_TYPE_PAIR_TEXT:
		read_pair(list_add(b, el, object), v, at.line);
		break;
	case CAP_TYPE_TEXTS:
		*(struct sv *)list_add(b, el, object) = v;
		break;
	case CAP_TYPE_POLYGON:
		read_polygon(b, at, v, object);
		break;
	case CAP_TYPE_CIRCLE:
		read_circle(b, at, v, object);
		break;
	default:
		*(struct sv *)(void *)(object + el->at) = v;
		judge_text(b, at, v);
		break;
	}
}

static void
end_leaf(struct cap_build *b)
{
	struct sv raw = {b->text + b->leaf_from, b->text_n - b->leaf_from};
	struct sv v = sv_trim(raw);

	/* An end is always inside: the text has a byte to spare for each element. */
	BUG_ON(b->text_n >= b->text_max + 1);
	b->text[b->text_n] = '\0';
	if (v.n < raw.n)
		b->text[(size_t)(v.p - b->text) + v.n] = '\0';
	if (b->text_n < b->text_max)
		b->text_n++;
	if (b->leaf_kept)
		store_leaf(b, raw, v, top(b)->object);
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
		cap_rules_alert(&b->sink, f);
		cap_sink_sort(&b->sink);
	}
	b->depth--;
}
