/*
 * cap_runs.c — see cap_runs.h.
 *
 *   blocks of the message, some way apart, are looked at until one is plain
 *   → back to the '<' before it, over that tag, on to the next '<'
 *   → the text between is a run when it is long and plain all through
 *
 * Comments, CDATA sections and '>' in values are not known here; a run found in one of them is
 * one that the parser does not come by as a text, and the reader sees that.
 */
#include "cap/cap_runs.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"

#define BLOCK   64
#define APART   128                       /* from block to block */
#define RUN_MIN ((size_t)(APART + BLOCK)) /* it holds one of the blocks wherever it begins */

/* Printable ASCII, line ends and tabs, without '<', '&' and ']'. No branch, a fixed length, and
 * only the largest and the smallest of bytes: compilers make it wide instructions. */
static bool
block_is_plain(const char *p)
{
	unsigned char c, x, most = 0, least = UCHAR_MAX, off = UCHAR_MAX;
	int i;

	for (i = 0; i < BLOCK; i++) {
		c = (unsigned char)p[i];
		x = (unsigned char)(c - '\t'); /* large below the tab, too */
		most = x > most ? x : most;
		x = (unsigned char)(c - '\n' - 1); /* large for line end and tab */
		least = x < least ? x : least;
		x = c ^ '<';
		off = x < off ? x : off;
		x = c ^ '&';
		off = x < off ? x : off;
		x = c ^ ']';
		off = x < off ? x : off;
	}
	return most <= '~' - '\t' && least >= ' ' - '\n' - 1 && off > 0;
}

static size_t
block_lines(const char *p)
{
	unsigned char n = 0;
	int i;

	for (i = 0; i < BLOCK; i++)
		n = (unsigned char)(n + (p[i] == '\n'));
	return n;
}

static bool
is_plain(struct sv v, size_t *ret_lines)
{
	char rest[BLOCK];
	size_t i, lines = 0;

	for (i = 0; v.n - i >= BLOCK; i += BLOCK) {
		if (!block_is_plain(v.p + i))
			return false;
		lines += block_lines(v.p + i);
	}
	memset(rest, ' ', sizeof(rest));
	memcpy(rest, v.p + i, v.n - i);
	if (!block_is_plain(rest))
		return false;
	*ret_lines = lines + block_lines(rest);
	return true;
}

/* From '<' to behind '>'; v.n without one. */
static size_t
tag_end(struct sv v, size_t i)
{
	char quote = 0;

	for (; i < v.n; i++) {
		if (quote != 0)
			quote = v.p[i] == quote ? 0 : quote;
		else if (v.p[i] == '"' || v.p[i] == '\'')
			quote = v.p[i];
		else if (v.p[i] == '>')
			return i + 1;
	}
	return v.n;
}

size_t
cap_runs_find(struct cap_run ret[CAP_RUNS_MAX], struct sv v, size_t from)
{
	size_t i = from, n = 0, open, begin, end;
	struct sv text;

	while (n < CAP_RUNS_MAX && i < v.n && v.n - i >= BLOCK) {
		if (!block_is_plain(v.p + i)) {
			i += APART;
			continue;
		}
		for (open = i; open > from && v.p[open] != '<'; open--)
			;
		begin = tag_end(v, open);
		end = begin + sv_find_char(sv_from(v, begin), '<');
		text = (struct sv){v.p + begin, end - begin};
		if (v.p[open] == '<' && end < v.n && text.n >= RUN_MIN &&
		    is_plain(text, &ret[n].n_lines))
			ret[n++].text = text;
		/* Nothing is looked at twice. */
		i = from = end > i ? end : i + BLOCK;
	}
	return n;
}

struct sv
cap_runs_cut(struct arena *a, struct sv v, const struct cap_run *runs, size_t n,
	     const char *where[CAP_RUNS_MAX])
{
	const char *from = v.p;
	size_t i, m = v.n + 1;
	char *p, *start;

	for (i = 0; i < n; i++)
		m = m - runs[i].text.n + 1 + runs[i].n_lines;
	p = start = arena_alloc(a, m);
	for (i = 0; i < n; i++) {
		m = (size_t)(runs[i].text.p - from);
		memcpy(p, from, m);
		p += m;
		where[i] = p;
		*p++ = 'x';
		memset(p, '\n', runs[i].n_lines);
		p += runs[i].n_lines;
		from = runs[i].text.p + runs[i].text.n;
	}
	m = (size_t)(v.p + v.n - from);
	memcpy(p, from, m);
	p[m] = '\0';
	return sv_range(start, p + m);
}
