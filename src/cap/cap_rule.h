/*
 * cap_rule.h — the rules as data (cap_rules.def), for those who list or
 * document them.
 */
#ifndef CAP_CAP_RULE_H
#define CAP_CAP_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "cap/cap_read.h"

#define CAP_RULE(id, ...) CAP_RULE_##id,
enum cap_rule {
#include "cap/cap_rules.def"
	CAP_RULES
};
#undef CAP_RULE

struct cap_rule_row {
	const char *name;
	enum cap_level level;
	bool warning;
	const char *section; /* of CAP 1.2; "" when it is ours */
	const char *google;  /* names in google/cap-library, "" for none */
	const char *meaning; /* what is wrong */
	const char *mend;    /* what to do, one sentence */
};

/* The row of a rule; r < CAP_RULES. */
const struct cap_rule_row *cap_rule_row(enum cap_rule r);

/* The row of that name; NULL when there is none. */
const struct cap_rule_row *cap_rule_named(const char *name);

/* "schema", "spec", "profile" */
const char *cap_level_name(enum cap_level);

#endif
