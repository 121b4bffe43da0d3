/*
 * person_list.c — lists inside a field: parts between ';', normalised, without
 * repeats.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "geo/country.h"
#include "people/person_csv.h"

#define PARTS_MAX LIMIT_GROUPS

struct parts {
	struct sv v[PARTS_MAX];
	size_t n;
};

_Static_assert(LIMIT_CITIZENSHIPS <= PARTS_MAX && LIMIT_LANGUAGES <= PARTS_MAX, "room for all");

static enum rc
part_add(struct parts *list, struct sv v, bool sorted, size_t most, struct err *e)
{
	size_t at = list->n, i;

	for (i = 0; i < list->n; i++)
		if (sv_eq(list->v[i], v))
			return RC_OK;
	if (list->n == most)
		return err_set(e, RC_LIMIT, "more than %zu in the list", most);
	while (sorted && at > 0 && sv_cmp(list->v[at - 1], v) > 0) {
		list->v[at] = list->v[at - 1];
		at--;
	}
	list->v[at] = v;
	list->n++;
	return RC_OK;
}

static struct sv
parts_join(const struct parts *list, struct arena *a)
{
	size_t n = 0, i;
	char *p, *to;

	if (list->n == 0)
		return SV_NONE;
	for (i = 0; i < list->n; i++)
		n += list->v[i].n + 1;
	p = to = arena_alloc(a, n);
	for (i = 0; i < list->n; i++) {
		if (i > 0)
			*to++ = ';';
		memcpy(to, list->v[i].p, list->v[i].n);
		to += list->v[i].n;
	}
	return (struct sv){p, n - 1};
}

typedef enum rc part_fn(struct sv *ret, struct sv part, struct arena *, struct err *);

static enum rc
list_read(struct sv *ret, struct sv text, part_fn *normal, bool sorted, size_t most,
	  struct arena *a, struct err *e)
{
	struct sv_split split = sv_split_of(text, ';');
	struct parts list = {.n = 0};
	struct sv part;
	enum rc rc;

	while (sv_split_next(&split, &part)) {
		struct sv v = SV_NONE;

		part = sv_trim(part);
		if (part.n == 0)
			continue;
		rc = normal(&v, part, a, e);
		if (rc == RC_OK)
			rc = part_add(&list, v, sorted, most, e);
		if (rc != RC_OK)
			return rc;
	}
	*ret = parts_join(&list, a);
	return RC_OK;
}

static enum rc
citizenship(struct sv *ret, struct sv part, struct arena *a, struct err *e)
{
	uint16_t c = country_by_code(part);

	(void)a;
	if (c == COUNTRY_NONE)
		return err_set(e, RC_SYNTAX,
			       "\"%.*s\" is not an ISO 3166-1 code (expected two letters such as "
			       "\"RU\")",
			       SV_ARG(sv_head(part, 40)));
	*ret = sv_of(country_code(c));
	return RC_OK;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Well-formed for RFC 5646 2.1 as far as shapes go: a language of 2 to 8 letters, then
 * subtags of 1 to 8 letters and digits. */
static bool
language_ok(struct sv tag)
{
	struct sv_split split = sv_split_of(tag, '-');
	struct sv sub;
	bool first = true;
	size_t i;

	if (tag.n > LIMIT_LANGUAGE)
		return false;
	while (sv_split_next(&split, &sub)) {
		if (sub.n < (first ? 2 : 1) || sub.n > 8)
			return false;
		for (i = 0; i < sub.n; i++)
			if (!is_letter(sub.p[i]) && (first || sub.p[i] < '0' || sub.p[i] > '9'))
				return false;
		first = false;
	}
	return !first;
}

/* The usual case of letters (RFC 5646 2.1.1): sr-Latn-RS. */
static enum rc
language(struct sv *ret, struct sv part, struct arena *a, struct err *e)
{
	struct sv_split split;
	struct sv sub;
	char *p;
	bool first = true;

	if (!language_ok(part))
		return err_set(e, RC_SYNTAX,
			       "\"%.*s\" is not a BCP 47 language tag (expected one such as \"ru\" "
			       "or \"pt-BR\")",
			       SV_ARG(sv_head(part, 40)));
	p = arena_str(a, part);
	split = sv_split_of((struct sv){p, part.n}, '-');
	while (sv_split_next(&split, &sub)) {
		size_t i, at = (size_t)(sub.p - p);

		for (i = 0; i < sub.n; i++) {
			bool upper = !first && (sub.n == 2 || (sub.n == 4 && i == 0));

			if (is_letter(p[at + i]))
				p[at + i] =
					(char)(upper ? (p[at + i] & ~0x20) : (p[at + i] | 0x20));
		}
		first = false;
	}
	*ret = (struct sv){p, part.n};
	return RC_OK;
}

static enum rc
group(struct sv *ret, struct sv part, struct arena *a, struct err *e)
{
	if (part.n > LIMIT_GROUP)
		return err_set(e, RC_LIMIT, "a group's name of %zu bytes (at most %d)", part.n,
			       LIMIT_GROUP);
	if (utf8_has_control(part) || sv_find_char(part, '"') < part.n)
		return err_set(e, RC_SYNTAX, "a group's name holds a control character or a quote");
	*ret = arena_sv(a, part);
	return RC_OK;
}

enum rc
person_citizenships(struct sv *ret, struct sv text, struct arena *a, struct err *e)
{
	return list_read(ret, text, citizenship, true, LIMIT_CITIZENSHIPS, a, e);
}

enum rc
person_languages(struct sv *ret, struct sv text, struct arena *a, struct err *e)
{
	return list_read(ret, text, language, false, LIMIT_LANGUAGES, a, e);
}

enum rc
person_groups(struct sv *ret, struct sv text, struct arena *a, struct err *e)
{
	return list_read(ret, text, group, true, LIMIT_GROUPS, a, e);
}

enum rc
person_union(struct sv *ret, struct sv a, struct sv b, bool sorted, size_t most,
	     struct arena *arena, struct err *e)
{
	const struct sv both[2] = {a, b};
	struct parts list = {.n = 0};
	struct sv part;
	size_t i;

	BUG_ON(most > PARTS_MAX);
	for (i = 0; i < 2; i++) {
		struct sv_split split = sv_split_of(both[i], ';');

		while (both[i].n > 0 && sv_split_next(&split, &part)) {
			enum rc rc = part_add(&list, part, sorted, most, e);

			if (rc != RC_OK)
				return rc;
		}
	}
	*ret = parts_join(&list, arena);
	return RC_OK;
}
