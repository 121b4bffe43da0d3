/*
 * cap_sink.c — findings with their paths. Pure.
 */
#include "cap/cap_sink.h"

#include <stdarg.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"

#define QUOTE_MAX      60
#define PATH_MAX_BYTES 512

struct cap_spot
cap_spot_frame(const struct cap_frame *f)
{
	return (struct cap_spot){f, SV_NONE, 0, f->line};
}

struct cap_spot
cap_spot_child(const struct cap_frame *f, size_t place)
{
	const struct cap_element *el = &f->kind->children[place];

	return (struct cap_spot){f, el->name, cap_element_many(el) ? 1 : 0,
				 f->count[place] > 0 ? f->first_line[place] : f->line};
}

/* Built where it stands: most messages have findings, and each has its path. */
struct path {
	size_t n;
	char text[PATH_MAX_BYTES];
};

static void
add_text(struct path *p, struct sv v)
{
	size_t n = v.n < sizeof(p->text) - p->n ? v.n : sizeof(p->text) - p->n;

	if (n > 0)
		memcpy(p->text + p->n, v.p, n);
	p->n += n;
}

/* "[12]" */
static void
add_index(struct path *p, size_t index)
{
	char digits[24];
	size_t i = sizeof(digits);

	digits[--i] = ']';
	do {
		digits[--i] = (char)('0' + index % 10);
		index /= 10;
	} while (index > 0);
	digits[--i] = '[';
	add_text(p, (struct sv){digits + i, sizeof(digits) - i});
}

static void
add_path(struct path *p, const struct cap_frame *f)
{
	if (f->up == NULL) {
		add_text(p, SV("/alert"));
		return;
	}
	add_path(p, f->up); /* at most four deep: alert, info, area, geocode */
	add_text(p, SV("/"));
	add_text(p, f->self->name);
	add_index(p, f->index);
}

static struct sv
make_path(struct arena *a, struct cap_spot at)
{
	struct path p;

	p.n = 0;
	add_path(&p, at.frame);
	if (at.child.p != NULL) {
		add_text(&p, SV("/"));
		add_text(&p, utf8_cut(at.child, QUOTE_MAX));
	}
	if (at.index > 0)
		add_index(&p, at.index);
	return arena_sv(a, (struct sv){p.text, p.n});
}

static void
add(struct cap_sink *s, enum cap_rule rule, int line, struct sv path, struct sv message)
{
	const struct cap_rule_row *row;
	struct cap_finding *f, *grown;

	/* Half the room is kept for errors: warnings alone do not make a message invalid. */
	if (cap_rule_row(rule)->warning && s->n >= LIMIT_CAP_FINDINGS / 2) {
		if (s->no_more_warnings)
			return;
		s->no_more_warnings = true;
		rule = CAP_RULE_TOO_MANY_WARNINGS;
		message = SV("more warnings than are listed (expected fewer)");
	} else if (s->n == LIMIT_CAP_FINDINGS) {
		rule = CAP_RULE_TOO_MANY_FINDINGS;
		message =
			SV("more findings than are listed (expected a message with fewer faults)");
	}
	if (s->n == 0 || (s->n >= 8 && (s->n & (s->n - 1)) == 0)) {
		grown = ARENA_NEW_N(s->arena, struct cap_finding, s->n == 0 ? 8 : 2 * s->n);
		if (s->n > 0)
			memcpy(grown, s->v, s->n * sizeof(*grown));
		s->v = grown;
	}
	row = cap_rule_row(rule);
	f = &s->v[s->n++];
	f->rule = row->name;
	f->level = row->level;
	f->warning = row->warning;
	f->line = line;
	f->path = path;
	f->message = message;
	f->mend = row->mend;
	if (!row->warning)
		s->errors++;
}

static struct sv
format(struct cap_sink *s, const char *fmt, va_list ap)
{
	char text[ERR_TEXT];
	int n = vsnprintf(text, sizeof(text), fmt, ap);

	BUG_ON(n < 0);
	return arena_sv(s->arena, utf8_cut((struct sv){text, (size_t)n}, sizeof(text) - 2));
}

void
cap_tell(struct cap_sink *s, enum cap_rule rule, struct cap_spot at, const char *fmt, ...)
{
	va_list ap;

	if (s->n > LIMIT_CAP_FINDINGS)
		return;
	va_start(ap, fmt);
	add(s, rule, at.line, make_path(s->arena, at), format(s, fmt, ap));
	va_end(ap);
}

void
cap_tell_fixed(struct cap_sink *s, enum cap_rule rule, struct cap_spot at, const char *sentence)
{
	if (s->n <= LIMIT_CAP_FINDINGS)
		add(s, rule, at.line, make_path(s->arena, at), sv_of(sentence));
}

void
cap_tell_at(struct cap_sink *s, enum cap_rule rule, int line, struct sv path, const char *fmt, ...)
{
	va_list ap;

	if (s->n > LIMIT_CAP_FINDINGS)
		return;
	va_start(ap, fmt);
	add(s, rule, line, path, format(s, fmt, ap));
	va_end(ap);
}

void
cap_sink_sort(struct cap_sink *s)
{
	struct cap_finding f;
	size_t i, j;

	/* Nearly in order already: only findings of whole elements come late. */
	for (i = 1; i < s->n; i++) {
		f = s->v[i];
		for (j = i; j > 0 && s->v[j - 1].line > f.line; j--)
			s->v[j] = s->v[j - 1];
		s->v[j] = f;
	}
}

struct sv
cap_quote(struct cap_sink *s, struct sv v)
{
	struct sv cut = utf8_cut(v, QUOTE_MAX);
	char *p;
	size_t i;

	p = arena_alloc(s->arena, cut.n + 4);
	for (i = 0; i < cut.n; i++)
		p[i] = (unsigned char)cut.p[i] < 0x20 ? ' ' : cut.p[i];
	if (cut.n < v.n) {
		memcpy(p + cut.n, "\xE2\x80\xA6", 3); /* … */
		return (struct sv){p, cut.n + 3};
	}
	return (struct sv){p, cut.n};
}
