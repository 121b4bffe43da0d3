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

/* Whether two texts are one, or nearly: white space, case, digits and punctuation do not
 * count. words: those compared; short texts are for the caller to judge. */
bool lint_is_copy(struct arena *, struct sv, struct sv, size_t *ret_words);

#endif
