/*
 * cap_rule.c — the table that cap_rules.def unfolds to. Pure.
 */
#include "cap/cap_rule.h"

#define CAP_RULE(id, name, level, warning, section, google, meaning, mend) \
	{name, CAP_LEVEL_##level, warning, section, google, meaning, mend},
static const struct cap_rule_row rows[] = {
#include "cap/cap_rules.def"
};
#undef CAP_RULE

const struct cap_rule_row *
cap_rule_row(enum cap_rule r)
{
	BUG_ON((size_t)r >= ARRAY_LEN(rows));
	return &rows[r];
}

const struct cap_rule_row *
cap_rule_named(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

const char *
cap_level_name(enum cap_level level)
{
	static const char *const names[] = {"schema", "spec", "profile"};

	BUG_ON((size_t)level >= ARRAY_LEN(names));
	return names[level];
}
