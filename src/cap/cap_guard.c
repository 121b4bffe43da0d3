/*
 * cap_guard.c — bounds that hold before libxml2 is called. Pure.
 *
 * One pass over '<' … '>': it knows comments, CDATA, processing instructions
 * and quotes in tags, so that its idea of a tag is never shorter than the
 * parser's. It need not find what is ill-formed; it stops where it cannot go on
 * and leaves the finding to the parser. Only encodings in which '<' is one byte
 * 0x3C are let through, else the pass would be blind.
 *
 * Who bounds depth and numbers while the parser runs needs less: the parser cannot be stopped
 * inside a tag, where it compares each attribute with each other. Behind the prolog a message
 * rarely has comments, CDATA sections or processing instructions; then a '<' can only open a
 * tag, and the few tags with quotes are all that needs a look. Any other text is walked.
 */
#include "cap/cap_guard.h"

#include "base/limits.h"
#include "base/utf8.h"

struct scan {
	struct sv v;
	size_t i; /* always <= v.n */
	size_t depth;
	size_t n_tags;
	size_t n_values; /* quoted ones in tags */
};

static int
line_of(struct sv v, size_t at)
{
	int line = 1;
	size_t i;

	for (i = 0; i < at; i++)
		line += v.p[i] == '\n';
	return line;
}

/* Go behind the next occurrence of end, which closes with '>'; at the latest to
 * the end of the text. */
static void
skip_behind(struct scan *s, struct sv end)
{
	size_t from = s->i;

	while (s->i < s->v.n) {
		s->i += sv_find_char(sv_from(s->v, s->i), '>');
		if (s->i < s->v.n)
			s->i++;
		if (s->i - from >= end.n && memcmp(s->v.p + s->i - end.n, end.p, end.n) == 0)
			return;
	}
}

/* From '<' to behind '>' of a start or end tag: false when it is too long. */
static bool
scan_tag(struct scan *s)
{
	size_t from = s->i, end = s->v.n - from > LIMIT_CAP_TAG ? from + LIMIT_CAP_TAG : s->v.n;
	const char *p = s->v.p;
	char quote = 0;
	size_t i;

	for (i = from + 1; i < end; i++) {
		if (quote != 0) {
			if (p[i] == quote)
				quote = 0;
		} else if (p[i] == '"' || p[i] == '\'') {
			quote = p[i];
			s->n_values++;
		} else if (p[i] == '>') {
			break;
		}
	}
	if (i == end && end < s->v.n)
		return false;
	if (from + 1 < s->v.n && p[from + 1] == '/') {
		if (s->depth > 0)
			s->depth--;
	} else {
		s->n_tags++;
		if (i == end || p[i - 1] != '/')
			s->depth++;
	}
	s->i = i < s->v.n ? i + 1 : i;
	return true;
}

/* The name in encoding="…" of the XML declaration; SV_NONE without one. */
static struct sv
declared_encoding(struct sv v)
{
	struct sv decl, name;
	size_t at;

	if (!sv_starts(v, SV("<?xml")))
		return SV_NONE;
	decl = sv_head(v, sv_find(sv_head(v, LIMIT_CAP_TAG), SV("?>")));
	at = sv_find(decl, SV("encoding"));
	if (at == decl.n)
		return SV_NONE;
	name = sv_trim(sv_from(decl, at + sizeof("encoding") - 1));
	if (!sv_starts(name, SV("=")))
		return SV_NONE;
	name = sv_trim(sv_from(name, 1));
	if (name.n == 0 || (name.p[0] != '"' && name.p[0] != '\''))
		return SV_NONE;
	return sv_head(sv_from(name, 1), sv_find_char(sv_from(name, 1), name.p[0]));
}

static enum rc
refuse(enum cap_rule *ret_rule, int *ret_line, enum cap_rule rule, int line, enum rc rc)
{
	*ret_rule = rule;
	*ret_line = line;
	return rc;
}

/* Walk the markup; only that of the prolog, or all that follows. */
static enum rc
walk(struct scan *s, bool prolog, enum cap_rule *ret_rule, int *ret_line, struct err *e)
{
	struct sv rest;
	char next;
	int line;

	for (;;) {
		s->i += sv_find_char(sv_from(s->v, s->i), '<');
		if (s->i == s->v.n)
			return RC_OK;
		next = s->i + 1 < s->v.n ? s->v.p[s->i + 1] : 0;
		rest = sv_from(s->v, s->i);
		if (next != '!' && next != '?') {
			if (prolog)
				return RC_OK;
			if (!scan_tag(s)) {
				line = line_of(s->v, s->i);
				return refuse(ret_rule, ret_line, CAP_RULE_TAG_TOO_LONG, line,
					      err_set(e, RC_LIMIT,
						      "line %d: a tag of more than %zu bytes "
						      "(expected a short name without attributes)",
						      line, LIMIT_CAP_TAG));
			}
		} else if (sv_starts(rest, SV("<!--"))) {
			s->i += 4;
			skip_behind(s, SV("-->"));
		} else if (sv_starts(rest, SV("<![CDATA["))) {
			s->i += 9;
			skip_behind(s, SV("]]>"));
		} else if (next == '?') {
			s->n_tags++;
			s->i += 2;
			skip_behind(s, SV("?>"));
		} else {
			line = line_of(s->v, s->i);
			return refuse(ret_rule, ret_line, CAP_RULE_DOCTYPE, line,
				      err_set(e, RC_SYNTAX,
					      "line %d: a DOCTYPE or other \"<!\" declaration "
					      "(expected none: CAP has no use for it)",
					      line));
		}
		/* Each name that is new costs the parser a place in its dictionary. */
		if (s->n_tags > LIMIT_CAP_TAGS || s->n_values > LIMIT_CAP_ATTRIBUTES) {
			line = line_of(s->v, s->i);
			return refuse(ret_rule, ret_line, CAP_RULE_TOO_MANY, line,
				      err_set(e, RC_LIMIT,
					      "line %d: more elements or attributes than we accept "
					      "(expected at most %d and %d)",
					      line, LIMIT_CAP_TAGS, LIMIT_CAP_ATTRIBUTES));
		}
		if (s->depth > LIMIT_CAP_DEPTH) {
			line = line_of(s->v, s->i);
			return refuse(ret_rule, ret_line, CAP_RULE_TOO_DEEP, line,
				      err_set(e, RC_LIMIT,
					      "line %d: elements are nested deeper than %d "
					      "(expected at most five levels)",
					      line, LIMIT_CAP_DEPTH));
		}
	}
}

/* Is there such a byte behind a '<'? */
static bool
has_markup(struct sv v, char c)
{
	size_t i;

	for (i = sv_find_char(v, c); i < v.n; i += 1 + sv_find_char(sv_from(v, i + 1), c)) {
		if (i > 0 && v.p[i - 1] == '<')
			return true;
	}
	return false;
}

/* Nothing but tags and text, and every tag with a quote in it is short enough: true. Else, or
 * in doubt: false. */
static bool
is_plain(struct sv v)
{
	size_t quote, apostrophe, q, open;
	struct scan s = {v, 0, 0, 0, 0};

	if (has_markup(v, '!') || has_markup(v, '?'))
		return false;
	quote = sv_find_char(v, '"');
	apostrophe = sv_find_char(v, '\'');
	for (;;) {
		if (quote < s.i)
			quote = s.i + sv_find_char(sv_from(v, s.i), '"');
		if (apostrophe < s.i)
			apostrophe = s.i + sv_find_char(sv_from(v, s.i), '\'');
		q = quote < apostrophe ? quote : apostrophe;
		if (q == v.n)
			return true;
		/* The last one that opens a tag before it: around it, or behind which it stands. */
		for (open = q; open > s.i && v.p[open] != '<'; open--)
			;
		if (v.p[open] == '<') {
			s.i = open;
			if (!scan_tag(&s))
				return false;
		}
		if (s.i <= q)
			s.i = q + 1;
	}
}

/* The whole text; `all` is false when only tags and DOCTYPE are to be bounded. */
static enum rc
guard_markup(struct sv v, bool all, enum cap_rule *ret_rule, int *ret_line, struct err *e)
{
	struct scan s = {v, 0, 0, 0, 0};
	enum rc rc = walk(&s, true, ret_rule, ret_line, e);

	if (rc != RC_OK || (!all && is_plain(sv_from(v, s.i))))
		return rc;
	return walk(&s, false, ret_rule, ret_line, e);
}

static enum rc
guard(struct cap_guarded *ret, struct sv text, bool all, enum cap_rule *ret_rule, int *ret_line,
      struct err *e)
{
	struct cap_guarded g = {text, false};
	struct sv encoding;
	size_t nul, i;
	bool ascii;
	enum rc rc;
	int line;

	if (text.n > LIMIT_CAP_FILE)
		return refuse(ret_rule, ret_line, CAP_RULE_TOO_LARGE, 1,
			      err_set(e, RC_LIMIT,
				      "the message has %zu bytes (expected at most %zu)", text.n,
				      LIMIT_CAP_FILE));
	if (sv_starts(text, SV("\xEF\xBB\xBF")))
		g.text = sv_from(text, 3);
	else if (sv_starts(text, SV("\xFE\xFF")) || sv_starts(text, SV("\xFF\xFE")))
		return refuse(ret_rule, ret_line, CAP_RULE_ENCODING, 1,
			      err_set(e, RC_SYNTAX,
				      "line 1: the message is in UTF-16 "
				      "(expected UTF-8 or ISO-8859-1)"));
	nul = sv_find_char(g.text, '\0');
	if (nul < g.text.n) {
		line = line_of(g.text, nul);
		return refuse(ret_rule, ret_line, CAP_RULE_NUL_BYTE, line,
			      err_set(e, RC_SYNTAX,
				      "line %d: a NUL byte (expected text in UTF-8 or "
				      "ISO-8859-1)",
				      line));
	}
	encoding = declared_encoding(g.text);
	g.latin1 = sv_eq_nocase(encoding, SV("ISO-8859-1"));
	ascii = sv_eq_nocase(encoding, SV("US-ASCII"));
	if (encoding.p != NULL && !g.latin1 && !ascii && !sv_eq_nocase(encoding, SV("UTF-8")))
		return refuse(ret_rule, ret_line, CAP_RULE_ENCODING, 1,
			      err_set(e, RC_SYNTAX,
				      "line 1: encoding \"%.*s\" (expected UTF-8 or "
				      "ISO-8859-1)",
				      SV_ARG(utf8_cut(encoding, 40))));
	for (i = 0; ascii && i < g.text.n; i++) {
		if ((unsigned char)g.text.p[i] < 0x80)
			continue;
		line = line_of(g.text, i);
		return refuse(ret_rule, ret_line, CAP_RULE_ENCODING, line,
			      err_set(e, RC_SYNTAX,
				      "line %d: a byte beyond US-ASCII, which the first line says "
				      "(expected UTF-8, and the first line to say so)",
				      line));
	}
	rc = guard_markup(g.text, all, ret_rule, ret_line, e);
	if (rc == RC_OK)
		*ret = g;
	return rc;
}

enum rc
cap_guard(struct cap_guarded *ret, struct sv text, enum cap_rule *ret_rule, int *ret_line,
	  struct err *e)
{
	return guard(ret, text, true, ret_rule, ret_line, e);
}

enum rc
cap_guard_tags(struct cap_guarded *ret, struct sv text, enum cap_rule *ret_rule, int *ret_line,
	       struct err *e)
{
	return guard(ret, text, false, ret_rule, ret_line, e);
}
