/*
 * dialect.c — the table of {tokens}, and the one pass that applies it.
 */
#include "store/dialect.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

static const struct {
	struct sv token;
	const char *text[2]; /* by enum dialect */
} tokens[] = {
	/* types */
	{SV_INIT("id"), {"INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY"}},
	{SV_INIT("int"), {"INTEGER", "BIGINT"}},
	{SV_INIT("real"), {"REAL", "DOUBLE PRECISION"}},
	{SV_INIT("text"), {"TEXT", "TEXT COLLATE \"C\""}},
	{SV_INIT("blob"), {"BLOB", "BYTEA"}},
	/* rows kept in the order of the primary key; PostgreSQL has no such table */
	{SV_INIT("clustered"), {"WITHOUT ROWID", ""}},
	/* at the end of a SELECT: hold its rows until the commit; SQLite has one writer anyway */
	{SV_INIT("lock"), {"", "FOR UPDATE"}},
	{SV_INIT("skip-locked"), {"", "FOR UPDATE SKIP LOCKED"}},
	/* of several values; NULL among them: SQLite gives NULL, PostgreSQL passes over it */
	{SV_INIT("greatest"), {"max", "GREATEST"}},
	{SV_INIT("least"), {"min", "LEAST"}},
	/* the length of a blob */
	{SV_INIT("bytes"), {"length", "octet_length"}},
	/* UTC seconds since 1970 by the database's own clock */
	{SV_INIT("now"),
	 {"CAST(strftime('%s', 'now') AS INTEGER)", "CAST(extract(epoch FROM now()) AS BIGINT)"}},
};

static const char *
token_text(enum dialect d, struct sv token)
{
	char what[96];
	size_t i;

	for (i = 0; i < ARRAY_LEN(tokens); i++)
		if (sv_eq(tokens[i].token, token))
			return tokens[i].text[d];
	snprintf(what, sizeof(what), "unknown token {%.*s} in a statement",
		 SV_ARG(sv_head(token, 40)));
	bug_at(__FILE__, __LINE__, what);
}

/* The length of the quoted text or comment at the front of v; 0 when there is none. */
static size_t
quoted_length(struct sv v)
{
	size_t n;

	if (v.p[0] == '\'' || v.p[0] == '"') {
		n = sv_find_char(sv_from(v, 1), v.p[0]) + 2;
		BUG_ON(n > v.n);
		return n;
	}
	if (sv_starts(v, SV("--")))
		return sv_find_char(v, '\n');
	return 0;
}

/* The number behind a '?', with its digits' count. */
static size_t
param_number(struct sv v, size_t *ret_digits)
{
	size_t n = 0, digits = 0;

	while (digits < v.n && digits < 3 && v.p[digits] >= '0' && v.p[digits] <= '9')
		n = n * 10 + (size_t)(v.p[digits++] - '0');
	BUG_ON(n < 1 || n > 99);
	*ret_digits = digits;
	return n;
}

void
dialect_write(struct buf *out, enum dialect d, struct sv sql, size_t *ret_params)
{
	size_t n, at, top = 0;

	while (sql.n > 0) {
		at = quoted_length(sql);
		if (at > 0) {
			buf_add(out, sv_head(sql, at));
		} else if (sql.p[0] == '{') {
			at = sv_find_char(sql, '}') + 1;
			BUG_ON(at > sql.n);
			buf_adds(out, token_text(d, sv_range(sql.p + 1, sql.p + at - 1)));
		} else if (sql.p[0] == '?') {
			n = param_number(sv_from(sql, 1), &at);
			if (n > top)
				top = n;
			buf_addc(out, d == DIALECT_POSTGRES ? '$' : '?');
			buf_add_u64(out, n);
			at++;
		} else {
			buf_addc(out, sql.p[0]);
			at = 1;
		}
		sql = sv_from(sql, at);
	}
	if (ret_params != NULL)
		*ret_params = top;
}
