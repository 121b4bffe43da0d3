/*
 * cap_guard.h — a look over the bytes before any parser sees them. Pure.
 */
#ifndef CAP_CAP_GUARD_H
#define CAP_CAP_GUARD_H

#include "cap/cap_rule.h"

struct cap_guarded {
	struct sv text; /* without the byte order mark */
	bool latin1;    /* ISO-8859-1, else UTF-8 or its part ASCII */
};

/* RC_OK when the text is small, shallow and plain enough to be parsed. Else RC_SYNTAX
 * or RC_LIMIT with the sentence, and the rule and line that go with it. */
enum rc cap_guard(struct cap_guarded *ret, struct sv text, enum cap_rule *ret_rule, int *ret_line,
		  struct err *) CHECKED;

/* The same for a caller that bounds depth, elements and attributes itself while the parser
 * runs, and stops it at its first error: tags are short and there is no DOCTYPE. Faster. */
enum rc cap_guard_tags(struct cap_guarded *ret, struct sv text, enum cap_rule *ret_rule,
		       int *ret_line, struct err *) CHECKED;

#endif
