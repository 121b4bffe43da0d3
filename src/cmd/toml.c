/*
 * toml.c — see toml.h. Line by line; a value ends on its line.
 */
#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cmd/toml.h"

struct reader {
	char table[64];
	struct buf text; /* the current string value */
	int line;
};

static bool
bare_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* Skip blanks and a comment; true when nothing else is left. */
static bool
at_end(struct sv rest)
{
	rest = sv_trim(rest);
	return rest.n == 0 || rest.p[0] == '#';
}

static size_t
bare_length(struct sv v)
{
	size_t n = 0;

	while (n < v.n && bare_char(v.p[n]))
		n++;
	return n;
}

static enum rc
read_table(struct reader *r, struct sv line, struct err *e)
{
	struct sv inside = sv_trim(sv_from(line, 1));
	size_t n = bare_length(inside);
	struct sv rest = sv_trim(sv_from(inside, n));

	if (n == 0 || n >= sizeof(r->table) || rest.n == 0 || rest.p[0] != ']' ||
	    !at_end(sv_from(rest, 1)))
		return err_set(e, RC_SYNTAX, "expected a table such as [smtp]");
	snprintf(r->table, sizeof(r->table), "%.*s", (int)n, inside.p);
	return RC_OK;
}

/* One escape behind the backslash; *rest starts after the backslash. */
static bool
read_escape(struct buf *out, struct sv *rest)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	uint32_t c = 0;
	char utf8[4];
	size_t i, n;

	if (rest->n == 0)
		return false;
	for (i = 0; from[i] != '\0'; i++) {
		if (rest->p[0] == from[i]) {
			buf_addc(out, to[i]);
			*rest = sv_from(*rest, 1);
			return true;
		}
	}
	n = rest->p[0] == 'u' ? 4 : rest->p[0] == 'U' ? 8 : 0;
	if (n == 0 || rest->n < n + 1)
		return false;
	for (i = 1; i <= n; i++) {
		char d = rest->p[i];

		if (d >= '0' && d <= '9')
			c = c << 4 | (uint32_t)(d - '0');
		else if (d >= 'a' && d <= 'f')
			c = c << 4 | (uint32_t)(d - 'a' + 10);
		else if (d >= 'A' && d <= 'F')
			c = c << 4 | (uint32_t)(d - 'A' + 10);
		else
			return false;
	}
	*rest = sv_from(*rest, n + 1);
	n = utf8_put(utf8, c);
	buf_add(out, (struct sv){utf8, n});
	return n > 0;
}

static enum rc
read_string(struct reader *r, struct sv rest, struct toml_value *ret, struct sv *ret_rest,
	    struct err *e)
{
	buf_reset(&r->text);
	rest = sv_from(rest, 1);
	while (rest.n > 0 && rest.p[0] != '"') {
		if (rest.p[0] == '\\') {
			rest = sv_from(rest, 1);
			if (!read_escape(&r->text, &rest))
				return err_set(e, RC_SYNTAX,
					       "unknown escape (expected \\n, \\t, \\\", \\\\ or "
					       "\\u and four hex digits)");
			continue;
		}
		if ((unsigned char)rest.p[0] < 0x20 && rest.p[0] != '\t')
			return err_set(e, RC_SYNTAX, "a control character in a string");
		buf_addc(&r->text, rest.p[0]);
		rest = sv_from(rest, 1);
	}
	if (rest.n == 0)
		return err_set(e, RC_SYNTAX, "the string is not closed (expected \" on this line)");
	*ret_rest = sv_from(rest, 1);
	ret->type = TOML_STRING;
	ret->text = buf_sv(&r->text);
	if (ret->text.p == NULL)
		ret->text = SV("");
	return buf_check(&r->text, "the string", e);
}

static enum rc
read_value(struct reader *r, struct sv rest, struct toml_value *ret, struct err *e)
{
	size_t n = bare_length(rest);
	struct sv word = sv_head(rest, n), after = sv_from(rest, n);
	enum rc rc = RC_OK;

	ret->line = r->line;
	if (rest.n > 0 && rest.p[0] == '"') {
		rc = read_string(r, rest, ret, &after, e);
	} else if (sv_eq(word, SV("true")) || sv_eq(word, SV("false"))) {
		ret->type = TOML_BOOLEAN;
		ret->number = sv_eq(word, SV("true"));
	} else if (sv_to_i64(word, &ret->number)) {
		ret->type = TOML_INTEGER;
	} else {
		rc = err_set(e, RC_SYNTAX,
			     "expected a value: \"text\", a whole number, true or false");
	}
	if (rc == RC_OK && !at_end(after))
		rc = err_set(e, RC_SYNTAX, "text after the value (expected the end of the line)");
	return rc;
}

static enum rc
read_line(struct reader *r, struct sv line, toml_fn *fn, void *arg, struct err *e)
{
	struct toml_value value = {TOML_STRING, SV_NONE, 0, 0};
	size_t n = bare_length(line);
	struct sv rest = sv_trim(sv_from(line, n));
	char name[160];
	enum rc rc;

	if (line.p[0] == '[')
		return read_table(r, line, e);
	if (n == 0 || n > 64 || rest.n == 0 || rest.p[0] != '=')
		return err_set(e, RC_SYNTAX, "expected name = value");
	rc = read_value(r, sv_trim(sv_from(rest, 1)), &value, e);
	if (rc != RC_OK)
		return rc;
	snprintf(name, sizeof(name), "%s%s%.*s", r->table, r->table[0] != '\0' ? "." : "", (int)n,
		 line.p);
	return fn(arg, sv_of(name), &value, e);
}

enum rc
toml_read(struct sv text, toml_fn *fn, void *arg, struct err *e)
{
	struct reader r = {"", BUF_INIT(LIMIT_CONFIG), 0};
	struct sv_split lines = sv_split_of(text, '\n');
	enum rc rc = RC_OK;
	struct sv line;
	char where[32];

	if (!utf8_valid(text))
		return err_set(e, RC_SYNTAX, "not valid UTF-8 at byte %zu", utf8_bad_at(text));
	while (rc == RC_OK && sv_split_next(&lines, &line)) {
		r.line++;
		line = sv_trim(line);
		if (at_end(line))
			continue;
		rc = read_line(&r, line, fn, arg, e);
	}
	if (rc != RC_OK) {
		snprintf(where, sizeof(where), "line %d", r.line);
		rc = err_in(e, rc, where);
	}
	buf_fini(&r.text);
	return rc;
}
