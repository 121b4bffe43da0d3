/*
 * lint_int.h — between the files lint*.c.
 */
#ifndef ALERT_LINT_INT_H
#define ALERT_LINT_INT_H

#include "alert/lint.h"
#include "cap/cap.h"

struct lint_list {
	struct arena *arena;
	struct lint_finding *v;
	size_t n, cap;
	size_t stops;
};

void lint_add(struct lint_list *, const char *name, bool stop, struct sv text);

/* Promised languages, copies, scripts, and infos of one block that do not fit together. */
void lint_languages(struct lint_list *, const struct cap_alert *, struct sv promised);

/* A text as words without case; white space, digits and punctuation do not count. In the arena.
 * Of a text as long as a message may be, the first 20,000. */
struct lint_words {
	struct sv *v, *sorted;
	size_t n;
};

struct lint_words lint_words_of(struct arena *, struct sv text);

/* Whether two texts are one, or nearly. Short ones are for the caller to judge. */
bool lint_is_copy(const struct lint_words *, const struct lint_words *);

#endif
