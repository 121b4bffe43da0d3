/*
 * cap_sink.h — where findings gather while a message is read, and the open
 * elements that give them their path and line. For files of this room only.
 */
#ifndef CAP_CAP_SINK_H
#define CAP_CAP_SINK_H

#include "base/compiler.h"
#include "cap/cap_element.h"
#include "cap/cap_rule.h"

struct arena;

/* An open element that has elements. Counts and lines are by place in its list. */
struct cap_frame {
	const struct cap_frame *up;     /* NULL: this is the alert */
	const struct cap_element *self; /* NULL for the alert */
	size_t index;                   /* the how-manieth of its name, from 1 */
	const struct cap_kind *kind;
	const struct cap_element *children; /* those of kind in the message's version */
	void *object;                       /* struct cap_alert, cap_info … */
	int line;
	size_t place; /* the furthest child place so far */
	bool text_told;
	/* bit of each child place: not all its texts are ASCII without < and & */
	unsigned not_plain;
	unsigned count[CAP_MAX_CHILDREN];
	int first_line[CAP_MAX_CHILDREN];
};

struct cap_sink {
	struct arena *arena;
	struct cap_finding *v;
	size_t n;
	size_t errors;
	bool no_more_warnings; /* their half of the room is full */
};

/* Where a finding is: in the frame itself (child NULL) or in a child of it. */
struct cap_spot {
	const struct cap_frame *frame;
	struct sv child; /* a name; SV_NONE for the frame itself */
	size_t index;    /* 0: no index in the path */
	int line;
};

struct cap_spot cap_spot_frame(const struct cap_frame *);
/* The first child of that place; the frame's own line when there is none. */
struct cap_spot cap_spot_child(const struct cap_frame *, size_t place);

/* Add a finding: what was found, what is expected. Beyond LIMIT_CAP_FINDINGS
 * one last finding says so and the rest is dropped. */
void cap_tell(struct cap_sink *, enum cap_rule, struct cap_spot, const char *fmt, ...) PRINTF(4, 5);
/* The same with a sentence that is always the same and outlives the sink. */
void cap_tell_fixed(struct cap_sink *, enum cap_rule, struct cap_spot, const char *sentence);
/* The same where the tree is judged and no element is open; path must live as long as the sink. */
void cap_tell_at(struct cap_sink *, enum cap_rule, int line, struct sv path, const char *fmt, ...)
	PRINTF(5, 6);

/* In the order of lines; findings of one line keep their order. */
void cap_sink_sort(struct cap_sink *);

/* A text as it may be quoted in a message: at most 60 bytes, on one line. */
struct sv cap_quote(struct cap_sink *, struct sv);

#endif
