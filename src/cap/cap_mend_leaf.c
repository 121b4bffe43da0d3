/*
 * cap_mend_leaf.c — the text of one element, by its type. Pure.
 *
 * Order: white space at the ends, then what the type knows. Each step is recorded
 * with the text before and after it; the last text is the element's.
 */
#include "base/arena.h"
#include "base/utf8.h"
#include "cap/cap_mend_int.h"
#include "cap/cap_values.h"

/* Also the spaces and marks that editors leave: U+00A0, U+200B to U+200F, U+FEFF. */
static bool
is_blank(uint32_t c)
{
	return c <= ' ' || c == 0xA0 || (c >= 0x200B && c <= 0x200F) || c == 0xFEFF;
}

static struct sv
trim_wide(struct sv v)
{
	struct sv rest = v, from = v;
	uint32_t c;
	size_t end = 0;
	bool began = false;

	while (rest.n > 0) {
		from = began ? from : rest;
		if (!utf8_next(&rest, &c))
			break;
		if (is_blank(c))
			continue;
		began = true;
		end = v.n - rest.n;
	}
	return began ? sv_range(from.p, v.p + end) : sv_head(v, 0);
}

/* One step: record it and go on with its text. */
static void
step(struct cap_mending *m, enum cap_mend_kind kind, struct cap_node *n, struct sv to)
{
	cap_mend_tell(m, kind, n, n->text, to);
	n->text = to;
}

static void
mend_space(struct cap_mending *m, struct cap_node *n)
{
	const struct cap_element *el = n->el;
	struct sv trimmed;

	/* Free texts lose white space at their ends in any reader: nothing to record. */
	if (el->type == CAP_TYPE_TEXT && !sv_eq(el->name, SV("identifier")) &&
	    !sv_eq(el->name, SV("sender"))) {
		n->text = sv_trim(n->text);
		return;
	}
	trimmed = trim_wide(n->text);
	if (trimmed.n == 0)
		n->text = trimmed; /* it is empty */
	else if (trimmed.n < n->text.n)
		step(m, CAP_MEND_WHITE_SPACE, n, trimmed);
}

static void
mend_shape(struct cap_mending *m, struct cap_node *n, bool circle)
{
	struct sv to;

	if (cap_mend_separators(m->arena, n->text, circle, &to))
		step(m, CAP_MEND_SEPARATORS, n, to);
	if (cap_mend_breaks(m->arena, n->text, &to))
		step(m, CAP_MEND_WHITE_SPACE, n, to);
	if (circle)
		return;
	if (cap_mend_repeated_points(m->arena, n->text, &to))
		step(m, CAP_MEND_REPEATED_POINT, n, to);
	if (cap_mend_unclosed(m->arena, n->text, &to))
		step(m, CAP_MEND_UNCLOSED, n, to);
	if (m->max_points > 0 && cap_mend_simplified(m->arena, n->text, m->max_points, &to))
		step(m, CAP_MEND_SIMPLIFIED, n, to);
}

void
cap_mend_leaf(struct cap_mending *m, struct cap_node *n)
{
	struct sv to;
	bool fraction;

	mend_space(m, n);
	if (n->text.n == 0)
		return;
	switch (n->el->type) {
	case CAP_TYPE_TIME:
		if (cap_mend_time(m->arena, n->text, &to, &fraction))
			step(m, fraction ? CAP_MEND_FRACTION : CAP_MEND_TIME, n, to);
		break;
	case CAP_TYPE_ENUM:
	case CAP_TYPE_ENUMS:
		if (cap_mend_value(n->el->values, n->text, &to))
			step(m, CAP_MEND_SPELLING, n, to);
		else if (sv_eq(n->el->name, SV("certainty")) &&
			 sv_eq_nocase(n->text, SV("Very Likely")))
			step(m, CAP_MEND_VERY_LIKELY, n, SV("Likely"));
		break;
	case CAP_TYPE_LANGUAGE:
		if (cap_mend_language(m->arena, n->text, &to))
			step(m, CAP_MEND_LANGUAGE, n, to);
		break;
	case CAP_TYPE_URI:
		if (sv_eq(n->el->name, SV("web")) && cap_mend_web(m->arena, n->text, &to))
			step(m, CAP_MEND_WEB, n, to);
		break;
	case CAP_TYPE_POLYGON:
		mend_shape(m, n, false);
		break;
	case CAP_TYPE_CIRCLE:
		mend_shape(m, n, true);
		break;
	case CAP_TYPE_TEXT:
		if (sv_eq(n->el->name, SV("references")) &&
		    cap_mend_references(m->arena, n->text, &to))
			step(m, CAP_MEND_REFERENCES, n, to);
		break;
	default:
		break;
	}
}
