/*
 * cap_mend_alert.c — one alert's elements, mended in place. Pure.
 *
 * For each element that has elements, from the outside in:
 *   its attributes go; its text is gathered; each child is found in the list of
 *   elements, or goes (a CAP element in the wrong place stays, at the end);
 *   the children are mended; then what is empty goes, what is there twice and
 *   equal goes, and the rest is put in order.
 * The tree is at most LIMIT_CAP_DEPTH deep, and each pass is linear.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cap/cap_mend_int.h"

static const struct cap_kind *const kinds[] = {
	&cap_kind_alert, &cap_kind_info, &cap_kind_resource, &cap_kind_area, &cap_kind_pair,
};

static void mend_frame(struct cap_mending *, struct cap_node *, const struct cap_kind *);

static void
add_path(struct cap_mending *m, struct buf *b, const struct cap_node *n)
{
	if (n != m->alert && n->up != NULL)
		add_path(m, b, n->up);
	buf_addc(b, '/');
	buf_add(b, utf8_cut(n->name, 60));
	if (n != m->alert && n->index > (n->el != NULL && cap_element_many(n->el) ? 0 : 1))
		buf_addf(b, "[%zu]", n->index);
}

void
cap_mend_tell(struct cap_mending *m, enum cap_mend_kind kind, const struct cap_node *n,
	      struct sv from, struct sv to)
{
	struct buf b = BUF_INIT(LIMIT_CAP_DEPTH * 80);
	struct cap_mend mend = {kind, n->line, SV_NONE, from, to};

	add_path(m, &b, n);
	mend.path = arena_sv(m->arena, buf_sv(&b));
	buf_fini(&b);
	cap_mend_add(m->list, m->arena, mend);
}

void
cap_mend_tell_gone(struct cap_mending *m, enum cap_mend_kind kind, const struct cap_node *n)
{
	struct buf b = BUF_INIT(16 * LIMIT_CAP_FILE);

	cap_tree_write_raw(&b, n);
	cap_mend_tell(m, kind, n, arena_sv(m->arena, buf_sv(&b)), SV(""));
	buf_fini(&b);
}

static void
drop_attributes(struct cap_mending *m, const struct cap_node *n)
{
	if (n->attributes.n > 0)
		cap_mend_tell(m, CAP_MEND_UNKNOWN_ATTRIBUTE, n, n->attributes, SV(""));
}

/* The attributes of an element that stays as it is, and of all in it. */
static void
drop_all_attributes(struct cap_mending *m, const struct cap_node *n)
{
	const struct cap_node *c;

	if (n->name.p != NULL)
		drop_attributes(m, n);
	for (c = n->first; c != NULL; c = c->next)
		drop_all_attributes(m, c); /* at most LIMIT_CAP_DEPTH deep */
}

/* A CAP element by its name alone: its row, or NULL with *ret false. */
static const struct cap_element *
find_anywhere(const struct cap_node *n, bool *ret)
{
	size_t i, at;

	*ret = sv_eq(n->name, SV("alert"));
	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		at = cap_kind_find(kinds[i], n->name, 0);
		if (at < kinds[i]->n && kinds[i]->children[at].type != CAP_TYPE_SIGNATURE) {
			*ret = true;
			return &kinds[i]->children[at];
		}
	}
	return NULL;
}

/* The name of a CAP element but for the case of letters. */
static bool
is_miswritten(struct sv name)
{
	size_t i, at;

	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		for (at = 0; at < kinds[i]->n; at++) {
			if (kinds[i]->children[at].often != CAP_NEVER &&
			    sv_eq_nocase(kinds[i]->children[at].name, name))
				return true;
		}
	}
	return sv_eq_nocase(name, SV("alert"));
}

/* Move the runs of text out of the children into one, with spaces between; false when all
 * is white space. */
static bool
gather_text(struct cap_mending *m, struct cap_node *n)
{
	struct cap_node **link = &n->first, *c;
	size_t size = 0, runs = 0;
	char *p;

	for (c = n->first; c != NULL; c = c->next) {
		if (c->name.p == NULL) {
			size += c->text.n + 1;
			n->text = c->text;
			runs++;
		}
	}
	if (runs == 0)
		n->text = SV("");
	p = runs > 1 ? arena_alloc(m->arena, size + 1) : NULL;
	if (runs > 1)
		n->text = (struct sv){p, size - 1};
	n->last = NULL;
	while (*link != NULL) {
		c = *link;
		if (c->name.p != NULL) {
			n->last = c;
			link = &c->next;
			continue;
		}
		if (p != NULL) {
			memcpy(p, c->text.p, c->text.n);
			p += c->text.n;
			*p++ = ' '; /* behind the last it does not count */
		}
		*link = c->next;
	}
	return sv_trim(n->text).n > 0;
}

static bool
has_elements(const struct cap_node *n)
{
	const struct cap_node *c;

	for (c = n->first; c != NULL && c->name.p == NULL; c = c->next)
		;
	return c != NULL;
}

/* Tags that are about layout alone, and what parts the words around them. Any other may carry
 * meaning: 10<sup>6</sup>, <del>closed</del>. */
static const struct layout {
	const char *name, *parts;
} layouts[] = {
	{"a", ""},    {"b", ""},      {"big", ""},     {"br", "\n"},    {"center", "\n"},
	{"code", ""}, {"div", "\n"},  {"em", ""},      {"font", ""},    {"h1", "\n"},
	{"h2", "\n"}, {"h3", "\n"},   {"h4", "\n"},    {"hr", "\n"},    {"i", ""},
	{"li", "\n"}, {"ol", "\n"},   {"p", "\n"},     {"pre", "\n"},   {"small", ""},
	{"span", ""}, {"strong", ""}, {"table", "\n"}, {"tbody", "\n"}, {"td", " "},
	{"th", " "},  {"tr", "\n"},   {"tt", ""},      {"u", ""},       {"ul", "\n"},
};

static const struct layout *
layout_of(struct sv name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(layouts); i++) {
		if (sv_eq_nocase(name, sv_of(layouts[i].name)))
			return &layouts[i];
	}
	return NULL;
}

/* At most LIMIT_CAP_DEPTH deep. */
static bool
is_all_layout(const struct cap_node *n)
{
	const struct cap_node *c;

	for (c = n->first; c != NULL; c = c->next) {
		if (c->name.p != NULL && (layout_of(c->name) == NULL || !is_all_layout(c)))
			return false;
	}
	return true;
}

/* The words of all runs below, in order. At most LIMIT_CAP_DEPTH deep. */
static void
add_words(struct buf *b, const struct cap_node *n)
{
	const struct cap_node *c;
	const struct layout *layout;

	for (c = n->first; c != NULL; c = c->next) {
		if (c->name.p == NULL) {
			buf_add(b, c->text);
			continue;
		}
		layout = layout_of(c->name);
		buf_adds(b, layout->parts);
		add_words(b, c);
		if (c->first != NULL)
			buf_adds(b, layout->parts);
	}
}

/* Tags in a free text: the words stay. */
static void
drop_markup(struct cap_mending *m, struct cap_node *n)
{
	struct buf b = BUF_INIT(2 * LIMIT_CAP_FILE);
	struct cap_node *run;

	if ((n->el->type != CAP_TYPE_TEXT && n->el->type != CAP_TYPE_TEXTS) || !has_elements(n) ||
	    !is_all_layout(n))
		return;
	cap_mend_tell_gone(m, CAP_MEND_MARKUP, n);
	add_words(&b, n);
	run = ARENA_NEW(m->arena, struct cap_node);
	run->up = n;
	run->text = arena_sv(m->arena, buf_sv(&b));
	n->first = run;
	n->last = run;
	buf_fini(&b);
}

static void
tell_namespace(struct cap_mending *m, const struct cap_node *n)
{
	if (n->space == m->alert->space || m->namespace_told)
		return;
	m->namespace_told = true;
	cap_mend_tell(m, CAP_MEND_NAMESPACE, n,
		      n->space == CAP_SPACE_NONE ? SV("none") : SV("another version of CAP"),
		      SV(CAP_NS));
}

/* Is it to stay? Gives it its row and place. */
static bool
find_child(struct cap_mending *m, struct cap_node *n, const struct cap_kind *kind, size_t from)
{
	size_t at = cap_kind_find(kind, n->name, from);
	bool known = false;

	n->place = kind->n;
	if (n->space == CAP_SPACE_SIG && sv_eq(n->name, SV("Signature"))) {
		cap_mend_tell(m, CAP_MEND_SIGNATURE, n, SV("<Signature>"), SV(""));
		return false;
	}
	if (at < kind->n && kind->children[at].type != CAP_TYPE_SIGNATURE &&
	    (cap_space_is_cap(n->space) || n->space == CAP_SPACE_NONE)) {
		n->el = &kind->children[at];
		n->place = at;
		tell_namespace(m, n);
		return true;
	}
	/* Without a namespace it may be anything; in that of CAP it is misplaced. */
	if (cap_space_is_cap(n->space)) {
		n->el = find_anywhere(n, &known);
		n->raw = !known && is_miswritten(n->name);
	}
	if (!known && !n->raw)
		cap_mend_tell_gone(m, CAP_MEND_UNKNOWN_ELEMENT, n);
	return known || n->raw;
}

/* Find each child; take out those that go. True when one stays. */
static bool
sort_out(struct cap_mending *m, struct cap_node *n, const struct cap_kind *kind)
{
	size_t count[CAP_MAX_CHILDREN] = {0};
	struct cap_node **link = &n->first, *c;
	size_t from = 0;

	n->last = NULL;
	while (*link != NULL) {
		c = *link;
		if (!find_child(m, c, kind, from)) {
			*link = c->next;
			continue;
		}
		if (c->place < kind->n) {
			from = c->place;
			c->index = ++count[c->place];
		}
		n->last = c;
		link = &c->next;
	}
	return n->first != NULL;
}

/* Put a new element in front of those that come after it in the list. */
static struct cap_node *
add_child(struct cap_mending *m, struct cap_node *n, const struct cap_kind *kind, size_t place,
	  struct sv text)
{
	struct cap_node *c = ARENA_NEW(m->arena, struct cap_node), **link = &n->first;

	c->up = n;
	c->name = kind->children[place].name;
	c->el = &kind->children[place];
	c->place = place;
	c->index = 1;
	c->line = n->line;
	c->text = text;
	while (*link != NULL && (*link)->place <= place)
		link = &(*link)->next;
	c->next = *link;
	*link = c;
	if (c->next == NULL)
		n->last = c;
	return c;
}

/* CAP 1.0: <geocode>fips6=006109</geocode>. */
static void
part_pair(struct cap_mending *m, struct cap_node *n)
{
	size_t at = sv_find_char(n->text, '=');
	struct sv name = sv_trim(sv_head(n->text, at)), value = sv_trim(sv_from(n->text, at + 1));

	if (at == n->text.n || name.n == 0 || value.n == 0)
		return;
	cap_mend_tell(m, CAP_MEND_NAME_VALUE, n, n->text,
		      arena_fmt(m->arena, "valueName %.*s, value %.*s", SV_ARG(name),
				SV_ARG(value)));
	n->text = SV("");
	(void)add_child(m, n, &cap_kind_pair, CAP_PAIR_NAME, name);
	(void)add_child(m, n, &cap_kind_pair, CAP_PAIR_VALUE, value);
}

/* Will it be there after sort_out? */
static bool
will_stay(const struct cap_node *n, const struct cap_kind *kind)
{
	size_t at = cap_kind_find(kind, n->name, 0);
	bool known;

	if (at < kind->n && kind->children[at].type != CAP_TYPE_SIGNATURE)
		return cap_space_is_cap(n->space) || n->space == CAP_SPACE_NONE;
	(void)find_anywhere(n, &known);
	return cap_space_is_cap(n->space) && (known || is_miswritten(n->name));
}

/* Text where elements should be, and no element that stays but others: without those
 * it might say another thing. */
static bool
is_text_and_others(const struct cap_node *n, const struct cap_kind *kind)
{
	const struct cap_node *c;
	bool text = false, others = false;

	for (c = n->first; c != NULL; c = c->next) {
		if (c->name.p == NULL)
			text = text || sv_trim(c->text).n > 0;
		else if (will_stay(c, kind))
			return false;
		else
			others = true;
	}
	return text && others;
}

static void
stay_raw(struct cap_mending *m, struct cap_node *n)
{
	n->raw = true;
	n->space = CAP_SPACE_12; /* itself; what is in it keeps its own */
	drop_all_attributes(m, n);
}

static void
mend_element(struct cap_mending *m, struct cap_node *n)
{
	const struct cap_kind *kind = n->el == NULL ? &cap_kind_alert : cap_element_kind(n->el);

	if (n->raw) {
		stay_raw(m, n);
		return;
	}
	if (kind != NULL) {
		mend_frame(m, n, kind);
		return;
	}
	drop_markup(m, n);
	if (has_elements(n)) {
		/* Joined, the texts around them might say another thing. */
		stay_raw(m, n);
		return;
	}
	drop_attributes(m, n);
	(void)gather_text(m, n);
	cap_mend_leaf(m, n);
}

/* A resource without a type, or with an empty one. */
static void
mend_mime_type(struct cap_mending *m, struct cap_node *n)
{
	struct cap_node *c;

	for (c = n->first; c != NULL; c = c->next) {
		if (c->place == CAP_RESOURCE_MIME_TYPE)
			break;
	}
	if (n->first == NULL || (c != NULL && !cap_node_is_empty(c)))
		return;
	if (c == NULL)
		c = add_child(m, n, &cap_kind_resource, CAP_RESOURCE_MIME_TYPE, SV(""));
	c->text = SV("application/octet-stream");
	cap_mend_tell(m, CAP_MEND_MIME_TYPE, c, SV(""), c->text);
}

/* More than one name or value: what belongs to which is in their order alone. */
static bool
has_several(const struct cap_node *n)
{
	const struct cap_node *c;
	size_t count[CAP_PAIR_CHILDREN + 1] = {0};

	for (c = n->first; c != NULL; c = c->next)
		count[c->place]++;
	return count[CAP_PAIR_NAME] > 1 || count[CAP_PAIR_VALUE] > 1;
}

/* Name, value, name, value: each pair gets an element of its own behind n. The last of them. */
static struct cap_node *
part_pairs(struct cap_mending *m, struct cap_node *n)
{
	struct cap_node *c, *value, *made, *next;
	size_t turn = 0;

	for (c = n->first; c != NULL; c = c->next) {
		if (c->place != turn++ % 2 || c->first != NULL)
			return n;
	}
	if (turn % 2 != 0 || n->text.n > 0)
		return n;
	cap_mend_tell_gone(m, CAP_MEND_PAIRS, n);
	for (;;) {
		value = n->first->next;
		next = value->next;
		value->next = NULL;
		n->last = value;
		if (next == NULL)
			return n;
		made = ARENA_NEW(m->arena, struct cap_node);
		*made = *n;
		made->first = next;
		n->next = made;
		n = made;
	}
}

static void
mend_frame(struct cap_mending *m, struct cap_node *n, const struct cap_kind *kind)
{
	struct cap_node *c;
	bool text;

	if (n != m->alert && is_text_and_others(n, kind)) {
		stay_raw(m, n);
		return;
	}
	drop_attributes(m, n);
	text = gather_text(m, n);
	n->text = sv_trim(n->text);
	if (sort_out(m, n, kind) && text) {
		cap_mend_tell(m, CAP_MEND_TEXT_BETWEEN, n, n->text, SV(""));
		n->text = SV("");
	}
	for (c = n->first; c != NULL; c = c->next) {
		mend_element(m, c);
		if (c->el != NULL && c->el->type == CAP_TYPE_PAIR && !c->raw && has_several(c)) {
			c = part_pairs(m, c);
			if (c->next == NULL)
				n->last = c;
		}
	}
	if (kind == &cap_kind_pair && has_several(n))
		return;
	if (text && kind == &cap_kind_pair && n->first == NULL)
		part_pair(m, n);
	cap_mend_tidy(m, n, kind);
	if (kind == &cap_kind_resource)
		mend_mime_type(m, n);
}

void
cap_mend_alert(struct cap_mending *m, struct cap_node *alert)
{
	if (alert->space != CAP_SPACE_12)
		cap_mend_tell(m, CAP_MEND_VERSION, alert,
			      alert->space == CAP_SPACE_11 ? SV(CAP_NS_11) : SV(CAP_NS_10),
			      SV(CAP_NS));
	mend_frame(m, alert, &cap_kind_alert);
}
