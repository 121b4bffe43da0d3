/*
 * cap_runs.h — the long plain texts of a message, taken out of the parser's way. Pure.
 *
 * libxml2 looks at a text byte by byte, and most of a large message is a few long texts: the
 * corners of a polygon, a picture in base64. A text of printable ASCII without '<', '&' and ']'
 * is what it is; the parser is given a short one in its place, with as many lines.
 */
#ifndef CAP_CAP_RUNS_H
#define CAP_CAP_RUNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sv.h"

struct arena;

#define CAP_RUNS_MAX 64 /* of one message; what is beyond stays in it */

/* A text between two tags. */
struct cap_run {
	struct sv text; /* in the message */
	size_t n_lines; /* that end in it */
};

/* The long plain texts of a message behind its prolog, in order; returns how many. What looks
 * like text can be part of a comment or of an attribute: the caller makes sure that the parser
 * comes by each of them as a text. */
size_t cap_runs_find(struct cap_run ret[CAP_RUNS_MAX], struct sv message, size_t prolog);

/* The message with 'x' and as many line ends in place of each run, and a NUL behind it, in
 * the arena; where[i] is where that of run i begins. */
struct sv cap_runs_cut(struct arena *, struct sv message, const struct cap_run *, size_t n,
		       const char *where[CAP_RUNS_MAX]);

#endif
