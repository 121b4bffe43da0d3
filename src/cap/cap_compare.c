/*
 * cap_compare.c — the <info> blocks of one message beside each other
 * (CAP 1.2, 3.2.2). Pure.
 *
 * There are at most LIMIT_CAP_INFOS of them; texts of unlike length, the usual
 * case, are told apart without being read.
 */
#include "cap/cap_compare.h"

#include "base/mem.h"

static int
by_text(const void *x, const void *y)
{
	return sv_cmp(*(const struct sv *)x, *(const struct sv *)y);
}

static int
by_name_and_value(const void *x, const void *y)
{
	const struct cap_pair *a = x, *b = y;
	int c = sv_cmp(a->name, b->name);

	return c != 0 ? c : sv_cmp(a->value, b->value);
}

/* In order, each once; returns how many. Lists may be as long as LIMIT_CAP_ITEMS: no item is
 * looked for in another list. */
static size_t
texts_set(struct sv **ret, struct cap_texts all)
{
	struct sv *v = MEM_NEW_N(struct sv, all.n);
	size_t i, n = 0;

	if (all.n > 0)
		memcpy(v, all.v, all.n * sizeof(*v));
	qsort(v, all.n, sizeof(*v), by_text);
	for (i = 0; i < all.n; i++) {
		if (n == 0 || !sv_eq(v[n - 1], v[i]))
			v[n++] = v[i];
	}
	*ret = v;
	return n;
}

static size_t
pairs_set(struct cap_pair **ret, struct cap_pairs all)
{
	struct cap_pair *v = MEM_NEW_N(struct cap_pair, all.n);
	size_t i, n = 0;

	if (all.n > 0)
		memcpy(v, all.v, all.n * sizeof(*v));
	qsort(v, all.n, sizeof(*v), by_name_and_value);
	for (i = 0; i < all.n; i++) {
		if (n == 0 || by_name_and_value(&v[n - 1], &v[i]) != 0)
			v[n++] = v[i];
	}
	*ret = v;
	return n;
}

static bool
texts_equal(struct cap_texts a, struct cap_texts b)
{
	size_t i;

	for (i = 0; i < a.n && i < b.n; i++) {
		if (!sv_eq(a.v[i], b.v[i]))
			return false;
	}
	return a.n == b.n;
}

static bool
pairs_equal(struct cap_pairs a, struct cap_pairs b)
{
	size_t i;

	for (i = 0; i < a.n && i < b.n; i++) {
		if (!sv_eq(a.v[i].name, b.v[i].name) || !sv_eq(a.v[i].value, b.v[i].value))
			return false;
	}
	return a.n == b.n;
}

/* Nearly always they are the same in the same order. */
bool
cap_texts_same(struct cap_texts a, struct cap_texts b)
{
	struct sv *x, *y;
	size_t n, m;
	bool same;

	if (texts_equal(a, b))
		return true;
	n = texts_set(&x, a);
	m = texts_set(&y, b);
	same = texts_equal((struct cap_texts){x, n}, (struct cap_texts){y, m});
	mem_free(x);
	mem_free(y);
	return same;
}

bool
cap_pairs_same(struct cap_pairs a, struct cap_pairs b)
{
	struct cap_pair *x, *y;
	size_t n, m;
	bool same;

	if (pairs_equal(a, b))
		return true;
	n = pairs_set(&x, a);
	m = pairs_set(&y, b);
	same = pairs_equal((struct cap_pairs){x, n}, (struct cap_pairs){y, m});
	mem_free(x);
	mem_free(y);
	return same;
}

static struct sv
primary_of(const struct cap_info *info)
{
	struct sv tag = cap_language(info);

	return sv_head(tag, sv_find_char(tag, '-'));
}

/* A single word is often the same in two languages. */
static bool
is_sentence(struct sv v)
{
	return sv_find_char(v, ' ') < v.n;
}

static void
judge_copy(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *alert,
	   enum cap_info_child place)
{
	const struct cap_info *info = f->object, *other;
	size_t at = f->children[place].at, i;
	struct sv mine = *(const struct sv *)(const void *)((const char *)info + at);

	if (!is_sentence(mine))
		return;
	for (i = 0; i + 1 < alert->n_infos; i++) {
		other = &alert->infos[i];
		if (!sv_eq(mine, *(const struct sv *)(const void *)((const char *)other + at)) ||
		    sv_eq_nocase(primary_of(info), primary_of(other)))
			continue;
		cap_tell(s, CAP_RULE_SAME_TEXT, cap_spot_child(f, place),
			 "the same text for \"%.*s\" and \"%.*s\" (expected a translation)",
			 SV_ARG(cap_quote(s, cap_language(other))),
			 SV_ARG(cap_quote(s, cap_language(info))));
		return;
	}
}

static void
judge_event(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *alert)
{
	const struct cap_info *info = f->object, *other;
	size_t i;

	/* The first of the same language speaks for all of it. */
	for (i = 0; i + 1 < alert->n_infos; i++) {
		other = &alert->infos[i];
		if (!sv_eq_nocase(cap_language(info), cap_language(other)))
			continue;
		if (!sv_eq(info->event, other->event))
			cap_tell(s, CAP_RULE_EVENTS_DIFFER, cap_spot_child(f, CAP_INFO_EVENT),
				 "\"%.*s\", but \"%.*s\" in <info> %zu of the same language "
				 "(expected one event)",
				 SV_ARG(cap_quote(s, info->event)),
				 SV_ARG(cap_quote(s, other->event)), i + 1);
		return;
	}
}

void
cap_compare_info(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *alert)
{
	const struct cap_info *info = f->object, *first = &alert->infos[0];

	if (!cap_texts_same(info->categories, first->categories))
		cap_tell(s, CAP_RULE_CATEGORIES_DIFFER, cap_spot_child(f, CAP_INFO_CATEGORY),
			 "other categories than in the first <info> (expected the same)");
	if (!cap_pairs_same(info->event_codes, first->event_codes))
		cap_tell(s, CAP_RULE_EVENT_CODES_DIFFER, cap_spot_child(f, CAP_INFO_EVENT_CODE),
			 "other event codes than in the first <info> (expected the same)");
	judge_event(s, f, alert);
	judge_copy(s, f, alert, CAP_INFO_EVENT);
	judge_copy(s, f, alert, CAP_INFO_HEADLINE);
	judge_copy(s, f, alert, CAP_INFO_DESCRIPTION);
	judge_copy(s, f, alert, CAP_INFO_INSTRUCTION);
}
