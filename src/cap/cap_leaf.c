/*
 * cap_leaf.c — the text of an element into its place in the tree, read by its
 * type. Pure. What cannot be read is told and keeps its text.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_build.h"
#include "cap/cap_rules.h"
#include "cap/cap_values.h"

/* "Actual, Exercise, System, Test or Draft" */
static struct sv
list_values(struct cap_build *b, const struct cap_element *el)
{
	struct buf list = BUF_INIT(1024);
	const char *last = NULL;
	struct sv all;
	size_t i;

	for (i = 0; el->values[i] != NULL; i++) {
		if (el->lacks != NULL && cap_value_find(el->lacks, sv_of(el->values[i])) != 0)
			continue;
		if (last != NULL)
			buf_addf(&list, "%s%s", buf_sv(&list).n > 0 ? ", " : "", last);
		last = el->values[i];
	}
	buf_addf(&list, " or %s", last);
	all = arena_sv(b->arena, buf_sv(&list));
	buf_fini(&list);
	return all;
}

/* A value of a list; white space around it is a fault but does not hide the value. */
static int
read_enum(struct cap_build *b, struct cap_spot at, struct sv raw, struct sv v)
{
	const struct cap_element *el = b->leaf;
	int value = cap_value_find(el->values, v);

	if (value != 0 && raw.n == v.n && el->lacks == NULL)
		return value;
	if (value == 0 && at.frame->kind == &cap_kind_info && sv_eq(el->name, SV("certainty")) &&
	    sv_eq(v, SV("Very Likely"))) {
		/* A value of 1.0. */
		value = CAP_CERTAINTY_LIKELY;
		if (b->alert->version != CAP_VERSION_1_0)
			cap_tell(&b->sink, CAP_RULE_VERY_LIKELY, at,
				 "\"Very Likely\" (expected \"Likely\")");
	} else if (value == 0 || (el->lacks != NULL && cap_value_find(el->lacks, v) != 0)) {
		cap_tell(&b->sink, CAP_RULE_INVALID_VALUE, at, "\"%.*s\" (expected %.*s)",
			 SV_ARG(cap_quote(&b->sink, v)), SV_ARG(list_values(b, el)));
		return value;
	}
	if (raw.n != v.n)
		cap_tell(&b->sink, CAP_RULE_INVALID_VALUE, at,
			 "white space around \"%.*s\" (expected none)", SV_ARG(v));
	return value;
}

static void
read_polygon(struct cap_build *b, struct cap_spot at, struct sv v, char *object)
{
	struct cap_polygon *p = cap_build_item(b, b->leaf, object);
	struct err e = ERR_INIT;
	enum rc rc;

	p->text = v;
	p->line = at.line;
	rc = cap_parse_polygon(&p->ring, b->arena, v, LIMIT_CAP_POINTS - b->n_points, &e);
	if (rc == RC_OK) {
		p->ok = true;
		b->n_points += p->ring.n;
	} else if (rc == RC_LIMIT) {
		cap_build_too_many(b, at.line, "polygon points", LIMIT_CAP_POINTS);
	} else {
		cap_tell(&b->sink, CAP_RULE_INVALID_POLYGON, at, "%s", e.text);
	}
}

static void
read_circle(struct cap_build *b, struct cap_spot at, struct sv v, char *object)
{
	struct cap_circle *c = cap_build_item(b, b->leaf, object);
	struct err e = ERR_INIT;

	c->text = v;
	c->line = at.line;
	c->ok = cap_parse_circle(&c->circle, v, &e) == RC_OK;
	if (!c->ok)
		cap_tell(&b->sink, CAP_RULE_INVALID_CIRCLE, at, "%s", e.text);
}

/* Text types whose form XML Schema knows. */
static void
judge_text(struct cap_build *b, struct cap_spot at, struct sv v)
{
	struct sv q;
	bool absolute;
	double number;

	switch (b->leaf->type) {
	case CAP_TYPE_LANGUAGE:
		/* An empty one takes the default. */
		if (v.n == 0 || cap_is_language(v))
			return;
		q = cap_quote(&b->sink, v);
		cap_tell(&b->sink, CAP_RULE_INVALID_LANGUAGE, at,
			 "\"%.*s\" (expected a language tag such as \"en-US\")", SV_ARG(q));
		return;
	case CAP_TYPE_URI:
		if (v.n == 0 || cap_is_uri(v, &absolute))
			return;
		q = cap_quote(&b->sink, v);
		cap_tell(&b->sink, cap_is_any_uri(v) ? CAP_RULE_URI_FORM : CAP_RULE_INVALID_URI, at,
			 "\"%.*s\" (expected a URI such as https://example.org/)", SV_ARG(q));
		return;
	case CAP_TYPE_INTEGER:
		if (cap_is_integer(v))
			return;
		q = cap_quote(&b->sink, v);
		cap_tell(&b->sink, CAP_RULE_INVALID_NUMBER, at,
			 "\"%.*s\" (expected a whole number)", SV_ARG(q));
		return;
	case CAP_TYPE_DECIMAL:
		if (cap_parse_decimal(v, &number))
			return;
		q = cap_quote(&b->sink, v);
		cap_tell(&b->sink, CAP_RULE_INVALID_NUMBER, at,
			 "\"%.*s\" (expected a number of feet)", SV_ARG(q));
		return;
	default:
		return;
	}
}

/* A time of CAP 1.0 or 1.1: the schema takes forms that the text of the standard does not. */
static void
read_datetime(struct cap_build *b, struct cap_spot at, struct sv raw, struct sv v,
	      struct cap_time *t)
{
	t->text = v;
	t->ok = cap_parse_time(v, &t->at);
	if (t->ok && raw.n == v.n)
		return;
	if (!t->ok && !cap_parse_datetime(v, &t->at, &t->ok))
		cap_tell(&b->sink, CAP_RULE_INVALID_TIME, at,
			 "\"%.*s\" (expected a time such as 2026-09-22T02:10:00+03:00)",
			 SV_ARG(cap_quote(&b->sink, v)));
	else
		cap_tell(&b->sink, CAP_RULE_TIME_FORM, at,
			 "\"%.*s\" (expected seconds without fraction and an offset in digits, "
			 "as in 2026-09-22T02:10:00+03:00)",
			 SV_ARG(cap_quote(&b->sink, raw)));
}

/* "name=value" of CAP 1.0; without the sign all of it is the value. */
static void
read_pair(struct cap_pair *p, struct sv v, int line)
{
	size_t at = sv_find_char(v, '=');

	p->name = at < v.n ? sv_trim(sv_head(v, at)) : sv_head(v, 0);
	p->value = at < v.n ? sv_trim(sv_from(v, at + 1)) : v;
	p->line = line;
}

void
cap_leaf_store(struct cap_build *b, struct sv raw, struct sv v, char *object)
{
	const struct cap_element *el = b->leaf;
	struct cap_spot at = {&b->frames[b->depth - 1], el->name,
			      cap_element_many(el) ? b->leaf_index : 0, b->leaf_line};
	struct cap_time *t;

	/* Most are these, and any text will do. */
	if (LIKELY(el->type == CAP_TYPE_TEXT)) {
		*(struct sv *)(void *)(object + el->at) = v;
		if (raw.n > v.n && v.n > 0)
			cap_rules_space(&b->sink, at, b->leaf_place);
		return;
	}
	switch (el->type) {
	case CAP_TYPE_TIME:
		t = (struct cap_time *)(void *)(object + el->at);
		t->text = v;
		t->ok = cap_parse_time(v, &t->at);
		if (!t->ok)
			cap_tell(&b->sink, CAP_RULE_INVALID_TIME, at,
				 "\"%.*s\" (expected a time such as 2026-09-22T02:10:00+03:00)",
				 SV_ARG(cap_quote(&b->sink, v)));
		break;
	case CAP_TYPE_ENUM:
		*(struct sv *)(void *)(object + el->at) = v;
		*(int *)(void *)(object + el->also) = read_enum(b, at, raw, v);
		break;
	case CAP_TYPE_ENUMS:
		*(struct sv *)cap_build_item(b, el, object) = v;
		(void)read_enum(b, at, raw, v);
		break;
	case CAP_TYPE_DATETIME:
		read_datetime(b, at, raw, v, (struct cap_time *)(void *)(object + el->at));
		break;
	case CAP_TYPE_PAIR_TEXT:
		read_pair(cap_build_item(b, el, object), v, at.line);
		break;
	case CAP_TYPE_TEXTS:
		*(struct sv *)cap_build_item(b, el, object) = v;
		break;
	case CAP_TYPE_POLYGON:
		read_polygon(b, at, v, object);
		break;
	case CAP_TYPE_CIRCLE:
		read_circle(b, at, v, object);
		break;
	default:
		*(struct sv *)(void *)(object + el->at) = v;
		judge_text(b, at, v);
		break;
	}
}
