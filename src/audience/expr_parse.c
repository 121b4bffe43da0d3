/*
 * expr_parse.c — reading the audience expression, by recursive descent:
 *
 *   or      = and { "or" and }
 *   and     = not { "and" not }
 *   not     = "not" not | "(" or ")" | predicate
 *
 * Depth is bounded by parentheses and "not"; the number of predicates by
 * itself. Every error names the column, what stands there and what may stand
 * there; a near miss gets a suggestion.
 */
#include "audience/expr.h"

#include "audience/expr_int.h"
#include "audience/expr_near.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "geo/country.h"

enum token_type { TOKEN_END, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_WORD };

struct token {
	enum token_type type;
	size_t at;      /* offset in the text */
	struct sv text; /* as written */
	struct sv name; /* a word up to its ':' */
	bool has_value;
	bool quoted;
	size_t value_at;
	struct sv value; /* between the quotes, escapes still in it */
};

struct parser {
	struct sv text;
	size_t at; /* where the next token begins */
	struct token now;
	struct arena *arena;
	struct err *err;
	size_t depth; /* of parentheses and "not" */
	size_t open;  /* parentheses alone */
	size_t leaves;
	bool asks_status;
};

#define QUOTE_MAX 40 /* bytes of the author's text in a message */

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t
column_of(const struct parser *p, size_t at)
{
	return utf8_count(sv_head(p->text, at)) + 1;
}

static struct sv
shown(struct sv text)
{
	return utf8_cut(text, QUOTE_MAX);
}

/* "found X, expected Y (did you mean "Z"?)" at a token. */
static enum rc
fail_found(struct parser *p, size_t at, struct sv found, const char *expected, struct sv near)
{
	struct buf text = BUF_INIT(ERR_TEXT);
	enum rc rc;

	if (found.n)
		buf_addf(&text, "found \"%.*s\"", SV_ARG(shown(found)));
	else
		buf_adds(&text, "found the end");
	buf_addf(&text, ", expected %s", expected);
	if (near.n)
		buf_addf(&text, " (did you mean \"%.*s\"?)", SV_ARG(near));
	rc = err_set(p->err, RC_SYNTAX, "column %zu: %s", column_of(p, at), buf_str(&text));
	buf_fini(&text);
	return rc;
}

/* The closing quote of a quoted value that begins at p->text.p[at]; SIZE_MAX when there is none. */
static size_t
quote_end(struct sv text, size_t at)
{
	for (; at < text.n; at++) {
		if (text.p[at] == '\\')
			at++;
		else if (text.p[at] == '"')
			return at;
	}
	return SIZE_MAX;
}

static enum rc
next_word(struct parser *p)
{
	struct token *t = &p->now;
	size_t end = t->at;

	t->type = TOKEN_WORD;
	while (end < p->text.n && !is_space(p->text.p[end]) && p->text.p[end] != '(' &&
	       p->text.p[end] != ')') {
		size_t close;

		if (p->text.p[end] != '"') {
			end++;
			continue;
		}
		close = quote_end(p->text, end + 1);
		if (close == SIZE_MAX)
			return err_set(p->err, RC_SYNTAX, "column %zu: the quote is not closed",
				       column_of(p, end));
		end = close + 1;
	}
	t->text = sv_range(p->text.p + t->at, p->text.p + end);
	p->at = end;

	t->name = sv_head(t->text, sv_find_char(t->text, ':'));
	t->has_value = t->name.n < t->text.n;
	t->quoted = false;
	t->value = SV_NONE;
	t->value_at = t->at + t->name.n + 1;
	if (!t->has_value)
		return RC_OK;
	t->value = sv_from(t->text, t->name.n + 1);
	if (t->value.n >= 2 && t->value.p[0] == '"') {
		size_t close = quote_end(t->value, 1);

		if (close + 1 != t->value.n)
			return fail_found(p, t->value_at + close + 1, sv_from(t->value, close + 1),
					  "a space after the closing quote", SV_NONE);
		t->quoted = true;
		t->value = sv_range(t->value.p + 1, t->value.p + close);
	}
	return RC_OK;
}

static enum rc
next_token(struct parser *p)
{
	struct token *t = &p->now;

	while (p->at < p->text.n && is_space(p->text.p[p->at]))
		p->at++;
	*t = (struct token){.type = TOKEN_END, .at = p->at};
	if (p->at == p->text.n)
		return RC_OK;
	if (p->text.p[p->at] == '(' || p->text.p[p->at] == ')') {
		t->type = p->text.p[p->at] == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
		t->text = (struct sv){p->text.p + p->at, 1};
		p->at++;
		return RC_OK;
	}
	return next_word(p);
}

static bool
is_word(const struct parser *p, struct sv word)
{
	return p->now.type == TOKEN_WORD && !p->now.has_value && sv_eq_nocase(p->now.text, word);
}

static struct expr_node *
node_new(struct parser *p, enum expr_kind kind, const struct expr_node *left,
	 const struct expr_node *right)
{
	struct expr_node *node = ARENA_NEW(p->arena, struct expr_node);

	node->kind = kind;
	node->left = left;
	node->right = right;
	return node;
}

/* Whoever wrote "citizen:Russia" gets the code. */
static struct sv
country_code_of_name(struct sv name)
{
	size_t i;

	for (i = 0; i < country_count(); i++)
		if (sv_eq_nocase(name, sv_of(country_name((uint16_t)i))))
			return sv_of(country_code((uint16_t)i));
	return SV_NONE;
}

static enum rc
fail_value(struct parser *p, const char *what, struct sv near)
{
	const struct token *t = &p->now;
	struct buf text = BUF_INIT(ERR_TEXT);
	enum rc rc;

	if (near.n)
		buf_addf(&text, " (did you mean \"%.*s\"?)", SV_ARG(near));
	rc = err_set(p->err, RC_SYNTAX, "column %zu: \"%.*s\" is not %s%s",
		     column_of(p, t->value_at), SV_ARG(shown(t->value)), what, buf_str(&text));
	buf_fini(&text);
	return rc;
}

static enum rc
value_country(struct parser *p, struct expr_node *node)
{
	uint16_t country = country_by_code(p->now.value);

	if (country == COUNTRY_NONE)
		return fail_value(p, "an ISO 3166-1 code (expected two letters such as \"RU\")",
				  country_code_of_name(p->now.value));
	node->value = sv_of(country_code(country));
	return RC_OK;
}

static enum rc
value_place(struct parser *p, struct expr_node *node)
{
	struct sv value = p->now.value;
	char *upper;
	size_t i;

	if (country_by_code(value) != COUNTRY_NONE)
		return value_country(p, node);
	upper = arena_str(p->arena, value);
	for (i = 0; i < value.n; i++)
		if (upper[i] >= 'a' && upper[i] <= 'z')
			upper[i] = (char)(upper[i] - 'a' + 'A');
	node->value = (struct sv){upper, value.n};
	if (!subdivision_known(node->value))
		return fail_value(p,
				  "an ISO 3166 code (expected a country such as \"GE\" or a "
				  "subdivision such as \"RU-MOW\")",
				  country_code_of_name(value));
	return RC_OK;
}

/* Two or three letters, then parts of up to eight letters and digits: what RFC
 * 5646 calls well-formed, less the forms that nobody writes down for a person. */
static bool
language_ok(struct sv tag)
{
	struct sv_split split = sv_split_of(tag, '-');
	struct sv part;
	bool first = true;
	size_t i;

	while (sv_split_next(&split, &part)) {
		if (part.n < (first ? 2u : 1u) || part.n > (first ? 3u : 8u))
			return false;
		for (i = 0; i < part.n; i++) {
			char c = part.p[i];
			bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

			if (!letter && (first || c < '0' || c > '9'))
				return false;
		}
		first = false;
	}
	return !first;
}

static enum rc
value_language(struct parser *p, struct expr_node *node)
{
	struct sv value = p->now.value;
	char *lower;
	size_t i;

	if (!language_ok(value))
		return fail_value(p,
				  "a language (expected a BCP 47 tag such as \"ru\" or "
				  "\"pt-BR\")",
				  SV_NONE);
	lower = arena_str(p->arena, value);
	for (i = 0; i < value.n; i++)
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] = (char)(lower[i] - 'A' + 'a');
	node->value = (struct sv){lower, value.n};
	return RC_OK;
}

static enum rc
value_group(struct parser *p, struct expr_node *node)
{
	struct sv value = p->now.value;
	char *plain = arena_alloc(p->arena, value.n + 1);
	size_t i, n = 0;

	for (i = 0; i < value.n; i++) {
		if (p->now.quoted && value.p[i] == '\\')
			i++;
		else if (!p->now.quoted && value.p[i] == '"')
			return fail_value(p,
					  "a group (expected quotes around the whole name, as "
					  "in group:\"a b\")",
					  SV_NONE);
		plain[n++] = value.p[i];
	}
	plain[n] = '\0';
	node->value = (struct sv){plain, n};
	if (sv_find_char(node->value, ';') < n || utf8_has_control(node->value) || n > LIMIT_GROUP)
		return fail_value(p, "a group (expected a name of at most 64 bytes without ';')",
				  SV_NONE);
	return RC_OK;
}

static enum rc
value_status(struct parser *p, struct expr_node *node)
{
	struct near near = near_none();
	struct buf all = BUF_INIT(ERR_TEXT);
	enum rc rc;
	int i;

	buf_adds(&all, "a status (expected one of");
	for (i = 0; i < EXPR_STATUS_COUNT; i++) {
		struct sv name = sv_of(expr_status_name((enum expr_status)i));

		if (sv_eq_nocase(p->now.value, name)) {
			node->status = (enum expr_status)i;
			node->value = name;
			buf_fini(&all);
			p->asks_status = true;
			return RC_OK;
		}
		near_try(&near, p->now.value, name);
		buf_addf(&all, "%s %.*s", i ? "," : "", SV_ARG(name));
	}
	buf_adds(&all, ")");
	rc = fail_value(p, buf_str(&all), near.best);
	buf_fini(&all);
	return rc;
}

static enum rc
fail_unknown(struct parser *p)
{
	const struct token *t = &p->now;
	struct near near = near_none();
	const struct expr_predicate *all;
	size_t i, n;

	all = expr_predicates(&n);
	for (i = 0; i < n; i++)
		near_try(&near, t->name, all[i].name);
	if (!t->has_value)
		near_try(&near, t->text, SV("not"));
	near_try_alias(&near, t->text, SV("!"), SV("not"));
	return fail_found(p, t->at, t->has_value ? t->name : t->text,
			  "\"not\", \"(\" or one of citizen:, dual, language:, group:, in:, "
			  "resident, visitor, arriving, status:",
			  near.best);
}

static enum rc
parse_value(struct parser *p, const struct expr_predicate *what, struct expr_node *node)
{
	static const char *const examples[] = {
		[EXPR_TAKES_COUNTRY] = "a country such as \"RU\"",
		[EXPR_TAKES_PLACE] = "a country such as \"GE\" or a subdivision such as \"RU-MOW\"",
		[EXPR_TAKES_LANGUAGE] = "a language such as \"ru\"",
		[EXPR_TAKES_GROUP] = "a group such as \"staff\"",
		[EXPR_TAKES_STATUS] = "a status such as \"unreached\"",
	};
	const struct token *t = &p->now;

	if (what->takes == EXPR_TAKES_NONE) {
		if (t->has_value)
			return err_set(p->err, RC_SYNTAX,
				       "column %zu: \"%.*s\" stands alone, "
				       "expected no ':' after it",
				       column_of(p, t->at + t->name.n), SV_ARG(what->name));
		return RC_OK;
	}
	if (t->value.n == 0)
		return err_set(p->err, RC_SYNTAX,
			       "column %zu: expected %s directly after "
			       "\"%.*s:\"",
			       column_of(p, t->at + t->name.n + t->has_value),
			       examples[what->takes], SV_ARG(what->name));
	switch (what->takes) {
	case EXPR_TAKES_COUNTRY:
		return value_country(p, node);
	case EXPR_TAKES_PLACE:
		return value_place(p, node);
	case EXPR_TAKES_LANGUAGE:
		return value_language(p, node);
	case EXPR_TAKES_GROUP:
		return value_group(p, node);
	default:
		return value_status(p, node);
	}
}

static enum rc
parse_predicate(struct parser *p, const struct expr_node **ret)
{
	const struct expr_predicate *all;
	struct expr_node *node;
	enum rc rc;
	size_t i, n;

	all = expr_predicates(&n);
	for (i = 0; i < n; i++)
		if (sv_eq_nocase(p->now.name, all[i].name))
			break;
	if (i == n)
		return fail_unknown(p);
	if (p->leaves == LIMIT_EXPR_TERMS)
		return err_set(p->err, RC_LIMIT, "column %zu: more than %d predicates",
			       column_of(p, p->now.at), LIMIT_EXPR_TERMS);
	node = node_new(p, all[i].kind, NULL, NULL);
	node->leaf = p->leaves++;
	rc = parse_value(p, &all[i], node);
	if (rc != RC_OK)
		return rc;
	*ret = node;
	return next_token(p);
}

static enum rc parse_or(struct parser *p, const struct expr_node **ret);

static enum rc
parse_not(struct parser *p, const struct expr_node **ret)
{
	const struct expr_node *inner = NULL;
	bool negate = is_word(p, SV("not"));
	enum rc rc;

	if (!negate && p->now.type == TOKEN_WORD && !is_word(p, SV("and")) && !is_word(p, SV("or")))
		return parse_predicate(p, ret);
	if (!negate && p->now.type != TOKEN_OPEN)
		return fail_found(p, p->now.at, p->now.text,
				  "a predicate such as citizen:RU, \"not\" or \"(\"", SV_NONE);
	if (p->depth == LIMIT_EXPR_DEPTH)
		return err_set(p->err, RC_LIMIT,
			       "column %zu: more than %d levels of parentheses "
			       "and \"not\"",
			       column_of(p, p->now.at), LIMIT_EXPR_DEPTH);
	p->depth++;
	rc = next_token(p);
	if (rc != RC_OK)
		return rc;
	if (negate) {
		rc = parse_not(p, &inner);
		if (rc != RC_OK)
			return rc;
		p->depth--;
		*ret = node_new(p, EXPR_NOT, inner, NULL);
		return RC_OK;
	}
	p->open++;
	rc = parse_or(p, &inner);
	if (rc != RC_OK)
		return rc;
	if (p->now.type != TOKEN_CLOSE)
		return fail_found(p, p->now.at, p->now.text, "\"and\", \"or\" or \")\"", SV_NONE);
	p->open--;
	p->depth--;
	*ret = inner;
	return next_token(p);
}

static enum rc
parse_chain(struct parser *p, enum expr_kind kind, const struct expr_node **ret)
{
	const struct expr_node *left = NULL, *right = NULL;
	struct sv word = kind == EXPR_AND ? SV("and") : SV("or");
	enum rc rc;

	rc = kind == EXPR_AND ? parse_not(p, &left) : parse_chain(p, EXPR_AND, &left);
	while (rc == RC_OK && is_word(p, word)) {
		rc = next_token(p);
		if (rc == RC_OK)
			rc = kind == EXPR_AND ? parse_not(p, &right)
					      : parse_chain(p, EXPR_AND, &right);
		if (rc == RC_OK)
			left = node_new(p, kind, left, right);
	}
	if (rc == RC_OK)
		*ret = left;
	return rc;
}

static enum rc
parse_or(struct parser *p, const struct expr_node **ret)
{
	enum rc rc = parse_chain(p, EXPR_OR, ret);
	struct near near = near_none();

	if (rc != RC_OK || p->now.type == TOKEN_END || p->now.type == TOKEN_CLOSE)
		return rc;
	near_try(&near, p->now.text, SV("and"));
	near_try(&near, p->now.text, SV("or"));
	near_try_alias(&near, p->now.text, SV("&&"), SV("and"));
	near_try_alias(&near, p->now.text, SV("&"), SV("and"));
	near_try_alias(&near, p->now.text, SV("||"), SV("or"));
	near_try_alias(&near, p->now.text, SV("|"), SV("or"));
	return fail_found(p, p->now.at, p->now.text,
			  p->open ? "\"and\", \"or\" or \")\"" : "\"and\", \"or\" or the end",
			  near.best);
}

enum rc
expr_parse(const struct expr **ret, struct arena *arena, struct sv text, struct err *e)
{
	struct parser p = {.arena = arena, .err = e};
	const struct expr_node *root = NULL;
	struct expr *expr;
	enum rc rc;
	size_t bad;

	if (text.n > LIMIT_EXPR)
		return err_set(e, RC_LIMIT, "the expression has %zu bytes, expected at most %zu",
			       text.n, LIMIT_EXPR);
	p.text = arena_sv(arena, text);
	bad = utf8_bad_at(p.text);
	if (bad < p.text.n)
		return err_set(e, RC_SYNTAX, "column %zu: the text is not UTF-8",
			       column_of(&p, bad));
	rc = next_token(&p);
	if (rc != RC_OK)
		return rc;
	if (p.now.type == TOKEN_END)
		return err_set(e, RC_SYNTAX,
			       "column 1: the expression is empty, expected a "
			       "predicate such as citizen:RU");
	rc = parse_or(&p, &root);
	if (rc != RC_OK)
		return rc;
	if (p.now.type != TOKEN_END)
		return fail_found(&p, p.now.at, p.now.text, "\"and\", \"or\" or the end", SV_NONE);
	expr = ARENA_NEW(arena, struct expr);
	expr->root = root;
	expr->leaves = p.leaves;
	expr->asks_status = p.asks_status;
	*ret = expr;
	return RC_OK;
}
