/*
 * lint.h — the drafting check: what a draft lacks. Pure.
 *
 * A stop keeps the alert from being submitted: no source, no action, no expiry, no place, a
 * promised language missing, or a language that is only claimed. Advice does not. Of a Cancel,
 * which says that something is over, no action and no expiry are asked.
 */
#ifndef ALERT_LINT_H
#define ALERT_LINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

struct arena;
struct cap_alert;
struct cap_findings;

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

struct lint_rules {
	bool practice;                       /* this is a practice installation */
	int64_t now;                         /* to see what is over */
	struct sv languages;                 /* that every alert promises ("en;ru"); empty: none */
	const struct cap_findings *findings; /* of the reader; NULL: none */
};

const struct lint *alert_lint(struct arena *, const struct cap_alert *, const struct lint_rules *);

#endif
