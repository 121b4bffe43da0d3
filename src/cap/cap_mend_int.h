/*
 * cap_mend_int.h — what the files of the lenient reader share: the record of
 * mends, the tree of elements and the values. For cap_mend*.c only.
 */
#ifndef CAP_CAP_MEND_INT_H
#define CAP_CAP_MEND_INT_H

#include "cap/cap_element.h"
#include "cap/cap_mend.h"

struct arena;
struct buf;

/* The record; grows in the arena. */
struct cap_mend_list {
	struct cap_mend *v;
	size_t n, room;
};

void cap_mend_add(struct cap_mend_list *, struct arena *, struct cap_mend);

/* The bytes made fit for the parser (cap_mend_bytes.c). Pure. */
struct cap_plain {
	struct sv text;
	int lines_before; /* of the bytes given, left out in front of text */
};

struct cap_plain cap_plain_of(struct arena *, struct sv bytes, struct cap_mend_list *);

/* Which namespace a name is in. */
enum cap_space {
	CAP_SPACE_NONE,
	CAP_SPACE_10,
	CAP_SPACE_11,
	CAP_SPACE_12,
	CAP_SPACE_SIG,
	CAP_SPACE_OTHER
};

/* An element or, with name.p NULL, a run of text. */
struct cap_node {
	struct cap_node *up, *first, *last, *next;
	struct sv name;
	struct sv text;       /* of a run; of an element once it is mended: what it holds */
	struct sv attributes; /* a="b" c="d", but those that any reader takes */
	struct sv ns;         /* the URI, where space is SIG or OTHER */
	enum cap_space space;
	int line;
	/* given while mending */
	const struct cap_element *el; /* NULL: not of the list, or the alert itself */
	size_t place;                 /* in the parent's list */
	size_t index;                 /* the how-manieth of its name, from 1 */
	bool raw;                     /* stays as it came, with all in it */
};

/* Parse; every string lives in the arena. RC_SYNTAX, RC_LIMIT (cap_mend_tree.c). */
enum rc cap_tree_read(struct cap_node **ret_root, struct cap_mend_list *, struct arena *,
		      struct sv bytes, int lines_before, struct cap_refusal *, struct err *)
	CHECKED;

static inline bool
cap_space_is_cap(enum cap_space s)
{
	return s >= CAP_SPACE_10 && s <= CAP_SPACE_12;
}

/* Mend one alert in place (cap_mend_alert.c). */
struct cap_mending {
	struct arena *arena;
	struct cap_mend_list *list;
	size_t max_points;
	const struct cap_node *alert;
	bool namespace_told;
};

void cap_mend_alert(struct cap_mending *, struct cap_node *alert);
/* Record a mend of that node. */
void cap_mend_tell(struct cap_mending *, enum cap_mend_kind, const struct cap_node *,
		   struct sv from, struct sv to);
/* Record that a node goes, with all in it. */
void cap_mend_tell_gone(struct cap_mending *, enum cap_mend_kind, const struct cap_node *);
/* Children that are found and mended: fewer, and in order (cap_mend_tidy.c). */
void cap_mend_tidy(struct cap_mending *, struct cap_node *, const struct cap_kind *);
/* No text in it and no element; of a pair: in its elements neither. An <info> never is. */
bool cap_node_is_empty(const struct cap_node *);
/* The text of a leaf by its type (cap_mend_leaf.c). */
void cap_mend_leaf(struct cap_mending *, struct cap_node *);

/* Append the mended alert in the form of cap_write (cap_mend_write.c). */
void cap_tree_write(struct buf *, const struct cap_node *alert);
/* Append an element with its content as it came, for a record: with attributes, without
 * namespaces. */
void cap_tree_write_raw(struct buf *, const struct cap_node *);

/* Values (cap_mend_values.c). Pure. Each takes a trimmed text; true when it is
 * mended, and then *ret holds the new text, which the strict parser takes. */
bool cap_mend_time(struct arena *, struct sv, struct sv *ret, bool *ret_fraction);
bool cap_mend_value(const char *const *values, struct sv, struct sv *ret);
bool cap_mend_language(struct arena *, struct sv, struct sv *ret);
bool cap_mend_references(struct arena *, struct sv, struct sv *ret);
bool cap_mend_web(struct arena *, struct sv, struct sv *ret);
/* polygon and circle: one point and more, or a centre and a radius, written another way */
bool cap_mend_separators(struct arena *, struct sv, bool circle, struct sv *ret);
bool cap_mend_breaks(struct arena *, struct sv, struct sv *ret); /* single spaces */
bool cap_mend_repeated_points(struct arena *, struct sv, struct sv *ret);
bool cap_mend_unclosed(struct arena *, struct sv, struct sv *ret);
/* A polygon of more than max_points points, or that crosses itself: a simple one of at most
 * so many that covers it. */
bool cap_mend_simplified(struct arena *, struct sv, size_t max_points, struct sv *ret);

#endif
