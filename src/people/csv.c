/*
 * csv.c — the CSV reader.
 *
 * What was fed and not yet read lies in `in`; a record is looked at as a whole
 * or not at all, so an unfinished one is looked at again when more came (at
 * most LIMIT_CSV_LINE bytes of it). States within a record:
 *
 *   START -> PLAIN | QUOTED        at the beginning of a field
 *   QUOTED -> CLOSED -> QUOTED     at '"' and at a doubled one
 *   PLAIN | CLOSED -> START | end  at ',' and at a line's end
 */
#include "people/csv.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"

#define FEED_MAX MIB

struct csv {
	struct buf in;
	size_t at;     /* read up to here */
	uint64_t line; /* the number of the line at `at` */
	bool begun;    /* the byte order mark was looked for */
	bool ended;
	bool skipping;   /* dropping the rest of a bad line */
	struct buf text; /* the unquoted fields, one after the other */
	struct sv *fields;
	size_t *ends;
	size_t n, fields_cap, ends_cap;
};

enum csv_state { START, PLAIN, QUOTED, CLOSED };

/* What scanning one record came to. */
struct csv_scan {
	size_t used;       /* bytes, its line end included */
	uint64_t lines;    /* line ends among them */
	const char *wrong; /* NULL: nothing is */
	bool too_long;
};

struct csv *
csv_new(void)
{
	struct csv *c = MEM_NEW(struct csv);

	buf_init(&c->in, FEED_MAX + 2 * LIMIT_CSV_LINE);
	buf_init(&c->text, LIMIT_CSV_LINE + 1);
	c->line = 1;
	return c;
}

void
csv_free(struct csv **c)
{
	if (*c == NULL)
		return;
	if ((*c)->in.p != NULL)
		mem_wipe((*c)->in.p, (*c)->in.cap);
	if ((*c)->text.p != NULL)
		mem_wipe((*c)->text.p, (*c)->text.cap);
	buf_fini(&(*c)->in);
	buf_fini(&(*c)->text);
	mem_free((*c)->fields);
	mem_free((*c)->ends);
	MEM_FREE(c);
}

void
csv_reset(struct csv *c)
{
	buf_reset(&c->in);
	c->at = 0;
	c->line = 1;
	c->begun = c->ended = c->skipping = false;
}

void
csv_feed(struct csv *c, struct sv chunk)
{
	size_t left = c->in.n - c->at;

	BUG_ON(chunk.n > FEED_MAX || c->ended);
	if (c->at > 0) {
		memmove(c->in.p, c->in.p + c->at, left);
		buf_cut(&c->in, left);
		c->at = 0;
	}
	buf_add(&c->in, chunk);
	BUG_ON(!buf_ok(&c->in));
}

void
csv_end(struct csv *c)
{
	c->ended = true;
}

static void
end_field(struct csv *c)
{
	c->ends = mem_grow(c->ends, &c->ends_cap, c->n + 1, sizeof(*c->ends));
	c->ends[c->n++] = c->text.n;
}

/* One byte; returns the next state. *end is set at the record's end. */
static enum csv_state
step(struct csv *c, enum csv_state state, char b, bool last_cr, bool *end, const char **wrong)
{
	if (state == QUOTED) {
		if (b == '"')
			return CLOSED;
		buf_addc(&c->text, b);
		return QUOTED;
	}
	if (b == ',' || b == '\n') {
		end_field(c);
		*end = b == '\n';
		return START;
	}
	if (b == '\r' && last_cr)
		return state; /* of a CR LF */
	if (b == '"') {
		if (state == START)
			return QUOTED;
		if (state == CLOSED) {
			buf_addc(&c->text, '"');
			return QUOTED;
		}
		*wrong = "a quote inside a field that does not begin with one";
		return state;
	}
	if (state == CLOSED) {
		*wrong = "text after a closing quote (expected a comma or the line's end)";
		return state;
	}
	buf_addc(&c->text, b);
	return PLAIN;
}

/* Scan one record from c->at. False: it goes on beyond what is there. */
static bool
scan(struct csv *c, struct csv_scan *ret)
{
	struct sv rest = sv_from(buf_sv(&c->in), c->at);
	enum csv_state state = START;
	bool end = false;
	size_t i;

	*ret = (struct csv_scan){0, 0, NULL, false};
	buf_reset(&c->text);
	c->n = 0;
	for (i = 0; i < rest.n && i < LIMIT_CSV_LINE && !end && ret->wrong == NULL; i++) {
		bool cr = rest.p[i] == '\r' && (i + 1 < rest.n ? rest.p[i + 1] == '\n' : true);

		if (rest.p[i] == '\n')
			ret->lines++;
		state = step(c, state, rest.p[i], cr, &end, &ret->wrong);
	}
	ret->used = i;
	if (end || ret->wrong != NULL)
		return true;
	if (i < LIMIT_CSV_LINE && !c->ended)
		return false;
	if (state == QUOTED)
		ret->wrong = "a quote is never closed";
	else if (i == LIMIT_CSV_LINE)
		ret->too_long = true;
	else
		end_field(c);
	return true;
}

/* Go to the line after the one at c->at. */
static void
skip_line(struct csv *c)
{
	struct sv rest = sv_from(buf_sv(&c->in), c->at);
	size_t n = sv_find_char(rest, '\n');

	if (n < rest.n) {
		c->at += n + 1;
		c->line++;
		c->skipping = false;
	} else {
		c->at = c->in.n;
		c->skipping = true;
	}
}

static bool
set_fields(struct csv *c)
{
	size_t i, from = 0;

	c->fields = mem_grow(c->fields, &c->fields_cap, c->n, sizeof(*c->fields));
	for (i = 0; i < c->n; i++) {
		c->fields[i] = (struct sv){buf_str(&c->text) + from, c->ends[i] - from};
		from = c->ends[i];
	}
	return c->n > 1 || c->fields[0].n > 0;
}

static void
drop_mark(struct csv *c)
{
	if (c->in.n < 3 && !c->ended)
		return;
	if (sv_starts(buf_sv(&c->in), SV("\xEF\xBB\xBF")))
		c->at = 3;
	c->begun = true;
}

/* A record that is no record: on with the line after its first. */
static enum rc
bad_form(struct csv *c, const struct csv_scan *s, struct err *e)
{
	uint64_t line = c->line;

	skip_line(c);
	if (s->too_long)
		return err_set(e, RC_LIMIT, "line %llu: longer than a line can be (%zu bytes)",
			       (unsigned long long)line, LIMIT_CSV_LINE);
	return err_set(e, RC_SYNTAX, "line %llu: %s", (unsigned long long)line, s->wrong);
}

/* Bytes that are no text, in a record of good form: on with the next record. */
static enum rc
bad_bytes(struct csv *c, const struct csv_scan *s, const char *why, size_t at, struct err *e)
{
	uint64_t line = c->line;

	c->at += s->used;
	c->line += s->lines;
	return err_set(e, RC_SYNTAX, "line %llu: %s at byte %zu (expected UTF-8 text)",
		       (unsigned long long)line, why, at + 1);
}

enum rc
csv_next(struct csv *c, struct csv_record *ret, struct err *e)
{
	if (!c->begun)
		drop_mark(c);
	if (!c->begun)
		return RC_NOTFOUND;
	if (c->skipping)
		skip_line(c);
	while (c->at < c->in.n) {
		struct csv_scan s;
		struct sv raw;
		size_t at;

		if (!scan(c, &s))
			return RC_NOTFOUND;
		if (s.wrong != NULL || s.too_long)
			return bad_form(c, &s, e);
		raw = (struct sv){c->in.p + c->at, s.used};
		at = sv_find_char(raw, '\0');
		if (at < raw.n)
			return bad_bytes(c, &s, "a NUL", at, e);
		at = utf8_bad_at(raw);
		if (at < raw.n)
			return bad_bytes(c, &s, "not UTF-8", at, e);
		ret->line = c->line;
		c->at += s.used;
		c->line += s.lines;
		if (!set_fields(c))
			continue;
		ret->fields = c->fields;
		ret->n = c->n;
		return RC_OK;
	}
	return RC_NOTFOUND;
}

void
csv_add_field(struct buf *ret, struct sv v)
{
	size_t i;

	if (sv_find_char(v, ',') == v.n && sv_find_char(v, '"') == v.n &&
	    sv_find_char(v, '\n') == v.n && sv_find_char(v, '\r') == v.n) {
		buf_add(ret, v);
		return;
	}
	buf_addc(ret, '"');
	for (i = 0; i < v.n; i++) {
		if (v.p[i] == '"')
			buf_addc(ret, '"');
		buf_addc(ret, v.p[i]);
	}
	buf_addc(ret, '"');
}
