/*
 * lint.h — the drafting check: what a draft lacks. Pure.
 *
 * A stop keeps the alert from being submitted; advice does not.
 */
#ifndef ALERT_LINT_H
#define ALERT_LINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cap/cap.h"

struct arena;

struct lint_finding {
	const char *name; /* stable: "no-action" */
	bool stop;
	struct sv text;
};

struct lint {
	const struct lint_finding *v;
	size_t n;
	size_t stops;
};

/* practice: whether this is a practice installation; now: to see what is over. */
const struct lint *alert_lint(struct arena *, const struct cap_alert *, bool practice, int64_t now);

#endif
