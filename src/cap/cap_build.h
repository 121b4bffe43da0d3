/*
 * cap_build.h — from elements as they come to the tree and its findings. Pure.
 * For files of this room only.
 *
 * The caller feeds start, text and end in document order and stops when
 * cap_build_rc is no longer RC_OK.
 */
#ifndef CAP_CAP_BUILD_H
#define CAP_CAP_BUILD_H

#include "cap/cap_sink.h"

#define CAP_FRAMES 5 /* alert, info, area, geocode; one to spare */

struct cap_build {
	struct arena *arena;
	struct cap_alert *alert; /* NULL until the root came */
	struct cap_sink sink;
	struct cap_frame frames[CAP_FRAMES];
	size_t depth;                   /* open frames */
	size_t skip;                    /* open elements of a part that is not read */
	const struct cap_element *leaf; /* open element that holds text, or NULL */
	size_t leaf_index;
	int leaf_line;
	bool leaf_kept; /* false for a repetition: its text is not stored */
	char *text;     /* of all leaves, one after another; never moves */
	size_t text_n, text_max, leaf_from;
	size_t n_items, n_points, n_areas;
	const char *ns; /* of the root, to compare by pointer first */
	enum rc rc;
	enum cap_rule refused; /* why rc is not RC_OK */
	int refused_line;
	struct err *err;
};

/* text_max: no more bytes of text than that will come, one to spare for each element. */
void cap_build_init(struct cap_build *, struct arena *, size_t text_max, struct err *);

/* Texts end with a NUL and stay until the end; ns may be NULL. */
void cap_build_start(struct cap_build *, const char *name, const char *ns, int line);
void cap_build_text(struct cap_build *, const char *p, size_t n, int line);
/* A CDATA section: text, and not white space wherever elements are expected. */
void cap_build_cdata(struct cap_build *, const char *p, size_t n, int line);
void cap_build_end(struct cap_build *);
/* An attribute of the element that was started last. */
void cap_build_attribute(struct cap_build *, const char *name, const char *ns, int line);

#endif
