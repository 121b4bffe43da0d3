/*
 * language.c — see language.h.
 */
#include "web/language.h"
#include "base/buf.h"
#include "base/limits.h"

#define WANTED_MAX 16 /* more than any browser sends */

struct wanted {
	struct sv tag;
	unsigned q; /* thousandths */
};

bool
language_is_tag(struct sv tag)
{
	size_t i;

	if (tag.n == 0 || tag.n > LIMIT_LANGUAGE)
		return false;
	for (i = 0; i < tag.n; i++) {
		char c = tag.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c == '-' && i > 0)))
			return false;
	}
	return true;
}

/* "1", "0.8", "0.125": thousandths; what cannot be read counts as 0. */
static unsigned
weight(struct sv text)
{
	unsigned q = 0, unit = 100;
	size_t i;

	if (text.n == 0 || text.n > 5 || (text.p[0] != '0' && text.p[0] != '1'))
		return 0;
	q = text.p[0] == '1' ? 1000 : 0;
	for (i = 2; i < text.n; i++, unit /= 10) {
		if (text.p[1] != '.' || text.p[i] < '0' || text.p[i] > '9')
			return 0;
		q += (unsigned)(text.p[i] - '0') * unit;
	}
	return q > 1000 ? 1000 : q;
}

static struct wanted
wanted_of(struct sv field)
{
	size_t semi = sv_find_char(field, ';');
	struct wanted w = {sv_trim(sv_head(field, semi)), 1000};
	struct sv parameter = sv_trim(sv_from(field, semi + 1));

	if (semi < field.n)
		w.q = sv_starts(parameter, SV("q=")) || sv_starts(parameter, SV("Q="))
			      ? weight(sv_trim(sv_from(parameter, 2)))
			      : 1000;
	return w;
}

void
language_wanted(struct buf *b, struct sv accept)
{
	struct sv_split split = sv_split_of(accept, ',');
	struct wanted list[WANTED_MAX];
	struct sv field;
	size_t n = 0, i;

	while (n < WANTED_MAX && sv_split_next(&split, &field)) {
		struct wanted w = wanted_of(field);

		if (w.q == 0 || !language_is_tag(w.tag))
			continue;
		/* Equal weights keep their order. */
		for (i = n++; i > 0 && list[i - 1].q < w.q; i--)
			list[i] = list[i - 1];
		list[i] = w;
	}
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(b, ';');
		buf_add(b, list[i].tag);
	}
}
