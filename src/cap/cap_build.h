/*
 * cap_build.h — from elements as they come to the tree and its findings. Pure.
 * For files of this room only.
 *
 * The caller feeds start, text and end in document order and stops when
 * rc is no longer RC_OK.
 */
#ifndef CAP_CAP_BUILD_H
#define CAP_CAP_BUILD_H

#include "cap/cap_sink.h"

#define CAP_FRAMES 5 /* alert, info, area, geocode; one to spare */

/* The names of the elements as the caller's strings, for each kind by place: the caller gives
 * equal names as one pointer, so names are compared by pointer. */
struct cap_names {
	const char *of[CAP_KINDS][CAP_MAX_CHILDREN];
};

/* Texts are kept in `text`, one after another, each with a NUL behind it. A text that comes in
 * one piece and lies in there already is kept where it lies: the caller can have the message
 * itself in there, when no more is ever written than was read of it. */
struct cap_build {
	struct arena *arena;
	const struct cap_names *names;
	struct cap_alert *alert; /* NULL until the root came */
	struct cap_sink sink;
	size_t depth;                   /* open frames */
	size_t skip;                    /* open elements of a part that is not read */
	const struct cap_element *leaf; /* open element that holds text, or NULL */
	size_t leaf_index, leaf_place;
	int leaf_line;
	bool leaf_kept;  /* false for a repetition: its text is not stored */
	bool leaf_plain; /* its text is ASCII, without '<' and '&' */
	char *text;
	size_t text_n, text_max, leaf_from, leaf_n;
	size_t n_items, n_points, n_areas;
	const char *ns; /* of the root, to compare by pointer first */
	enum rc rc;
	enum cap_rule refused; /* why rc is not RC_OK */
	int refused_line;
	struct err *err;
	struct cap_frame frames[CAP_FRAMES];
};

/* text has text_max bytes and stays with the tree. */
void cap_build_init(struct cap_build *, struct arena *, const struct cap_names *, char *text,
		    size_t text_max, struct err *);

/* Names end with a NUL and stay until the end; ns may be NULL. */
void cap_build_start(struct cap_build *, const char *name, const char *ns, int line);
void cap_build_text(struct cap_build *, const char *p, size_t n, int line);
/* A CDATA section: text, and not white space wherever elements are expected. */
void cap_build_cdata(struct cap_build *, const char *p, size_t n, int line);
void cap_build_end(struct cap_build *);
/* An attribute of the element that was started last. */
void cap_build_attribute(struct cap_build *, const char *name, const char *ns, int line);

/* Stop: more than we accept. */
void cap_build_too_many(struct cap_build *, int line, const char *what, size_t max);
/* One more item, zeroed, in the list of a parent. */
void *cap_build_item(struct cap_build *, const struct cap_element *, char *parent);
/* Read the text of the leaf that ended, raw as it came and v trimmed, into its place in the
 * object (cap_leaf.c). */
void cap_leaf_store(struct cap_build *, struct sv raw, struct sv v, char *object);

#endif
