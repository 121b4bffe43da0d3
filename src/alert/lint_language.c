/*
 * lint_language.c — what is wrong between the languages of a draft.
 *
 * The first language with the most infos is what the others are held against: each of its
 * infos is to have a counterpart in every other language, equal in all but language
 * and text (cap/cap_block.h). What has none is paired in order, and the difference named.
 */
#include "alert/lint_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_block.h"
#include "cap/cap_language.h"

#define NO_INFO SIZE_MAX

/* Languages whose texts may be the same by right, or nearly. */
static const struct sv near_languages[] = {
	SV_INIT("hr bs sr cnr sh"),
	SV_INIT("nb nn da"),
	SV_INIT("id ms"),
	SV_INIT("gl pt"),
	SV_INIT("zh yue wuu nan hak hsn gan"), /* one written language for many */
};

static struct sv
language(const struct cap_alert *a, size_t i)
{
	return cap_language(&a->infos[i]);
}

static bool
is_listed(struct sv words, struct sv word)
{
	struct sv one;

	while (sv_word(&words, &one))
		if (sv_eq(one, word))
			return true;
	return false;
}

/* Two versions of one language (en-GB, en-US) may be the same text. */
static bool
may_be_equal(struct sv a, struct sv b, bool *ret_near)
{
	struct cap_tag ta, tb;
	size_t i;

	*ret_near = false;
	if (!cap_tag_of(&ta, a) || !cap_tag_of(&tb, b))
		return false;
	for (i = 0; i < ARRAY_LEN(near_languages); i++)
		*ret_near |= is_listed(near_languages[i], cap_tag_primary(&ta)) &&
			     is_listed(near_languages[i], cap_tag_primary(&tb));
	return sv_eq(cap_tag_primary(&ta), cap_tag_primary(&tb));
}

/* Of one info. */
struct texts {
	struct lint_words description, instruction, headline;
};

struct copied {
	bool description, instruction, headline;
};

static bool
is_long_copy(const struct lint_words *a, const struct lint_words *b, size_t least)
{
	return a->n >= least && lint_is_copy(a, b);
}

static void
check_copy(struct lint_list *l, const struct cap_alert *alert, const struct texts *texts, size_t i,
	   size_t k)
{
	const struct texts *a = &texts[i], *b = &texts[k];
	struct copied c;
	struct sv what;
	bool near;

	if (may_be_equal(language(alert, i), language(alert, k), &near))
		return;
	/* One word may be the same in two languages (Tsunami); a sentence is not. */
	c.description = is_long_copy(&a->description, &b->description, 1);
	c.instruction = is_long_copy(&a->instruction, &b->instruction, 2);
	c.headline = is_long_copy(&a->headline, &b->headline, 3);
	if (!c.description && !c.instruction && !c.headline)
		return;
	what = arena_fmt(l->arena, "%s%s%s%s%s", c.headline ? "headline" : "",
			 c.headline && (c.description || c.instruction) ? ", " : "",
			 c.description ? "description" : "",
			 c.description && c.instruction ? ", " : "",
			 c.instruction ? "instruction" : "");
	lint_add(l, "copied-language", !near,
		 arena_fmt(l->arena,
			   "infos %zu and %zu claim to be %.*s and %.*s but have the same text "
			   "(%.*s): translate it into %.*s, or take info %zu out",
			   i + 1, k + 1, SV_ARG(language(alert, i)), SV_ARG(language(alert, k)),
			   SV_ARG(what), SV_ARG(language(alert, k)), k + 1));
}

/* Copies among the infos of two languages: each one is told once, of the first that it copies. */
static void
check_copies(struct lint_list *l, const struct cap_alert *alert)
{
	struct texts *texts = ARENA_NEW_N(l->arena, struct texts, alert->n_infos);
	size_t i, k, before;

	for (i = 0; i < alert->n_infos; i++) {
		const struct cap_info *info = &alert->infos[i];

		texts[i].description = lint_words_of(l->arena, info->description);
		texts[i].instruction = lint_words_of(l->arena, info->instruction);
		texts[i].headline = lint_words_of(l->arena, info->headline);
	}
	for (k = 1; k < alert->n_infos; k++) {
		before = l->n;
		for (i = 0; i < k && l->n == before; i++)
			if (!cap_language_same(language(alert, i), language(alert, k)))
				check_copy(l, alert, texts, i, k);
	}
}

static bool
is_foreign(const char *script, struct sv text)
{
	return cap_letters_in(text) && !cap_script_in(script, text);
}

static void
check_script(struct lint_list *l, const struct cap_alert *alert, size_t i)
{
	const struct cap_info *info = &alert->infos[i];
	const char *script = cap_language_script(language(alert, i));
	struct sv all = arena_fmt(l->arena, "%.*s %.*s %.*s", SV_ARG(info->headline),
				  SV_ARG(info->description), SV_ARG(info->instruction));

	if (script == NULL)
		return;
	if (is_foreign(script, all))
		lint_add(l, "wrong-script", true,
			 arena_fmt(l->arena,
				   "info %zu claims to be %.*s but has not one letter of its "
				   "script (%s): translate it",
				   i + 1, SV_ARG(language(alert, i)), script));
	else if (is_foreign(script, info->description) || is_foreign(script, info->instruction))
		lint_add(l, "part-untranslated", false,
			 arena_fmt(l->arena,
				   "info %zu is %.*s but its %s has not one letter of its script "
				   "(%s): is it translated?",
				   i + 1, SV_ARG(language(alert, i)),
				   is_foreign(script, info->description) ? "description"
									 : "instruction",
				   script));
}

static size_t
count_in(const struct cap_alert *alert, struct sv tag)
{
	size_t i, n = 0;

	for (i = 0; i < alert->n_infos; i++)
		n += cap_language_same(language(alert, i), tag);
	return n;
}

/* The first language that has the most infos. */
static struct sv
leading_language(const struct cap_alert *alert)
{
	struct sv best = language(alert, 0);
	size_t i, most = count_in(alert, best), n;

	for (i = 1; i < alert->n_infos; i++) {
		n = count_in(alert, language(alert, i));
		if (n > most) {
			most = n;
			best = language(alert, i);
		}
	}
	return best;
}

/* For each info its counterpart in `tag`, or NO_INFO: first those equal in all but language and
 * text, then what is left, in order. */
static void
pair_up(const struct cap_alert *alert, struct sv lead, struct sv tag, size_t *pairs, bool *taken)
{
	size_t i, k;
	int round;

	for (i = 0; i < alert->n_infos; i++) {
		pairs[i] = NO_INFO;
		taken[i] = false;
	}
	for (round = 0; round < 2; round++) {
		for (i = 0; i < alert->n_infos; i++) {
			if (pairs[i] != NO_INFO || !cap_language_same(language(alert, i), lead))
				continue;
			for (k = 0; k < alert->n_infos; k++) {
				if (taken[k] || !cap_language_same(language(alert, k), tag) ||
				    (round == 0 && cap_block_differences(&alert->infos[i],
									 &alert->infos[k]) != 0))
					continue;
				pairs[i] = k;
				taken[k] = true;
				break;
			}
		}
	}
}

static void
tell_difference(struct lint_list *l, const struct cap_alert *alert, size_t i, size_t k)
{
	unsigned differences = cap_block_differences(&alert->infos[i], &alert->infos[k]);
	struct buf parts = BUF_INIT(KIB);
	int part;

	for (part = 0; part < CAP_BLOCK_COUNT; part++)
		if ((differences & 1u << part) != 0)
			buf_addf(&parts, "%s%s", parts.n > 0 ? ", " : "",
				 cap_block_part_name((enum cap_block_part)part));
	if (differences != 0)
		lint_add(l, "block-differs", false,
			 arena_fmt(l->arena,
				   "info %zu (%.*s) differs from info %zu (%.*s) in more than "
				   "language and text: %s",
				   k + 1, SV_ARG(language(alert, k)), i + 1,
				   SV_ARG(language(alert, i)), buf_str(&parts)));
	buf_fini(&parts);
}

/* The language `tag` against the leading one. promised: not to have it is a stop. */
static void
check_language(struct lint_list *l, const struct cap_alert *alert, struct sv lead, struct sv tag,
	       bool promised)
{
	size_t *pairs = ARENA_NEW_N(l->arena, size_t, alert->n_infos), i;
	bool *taken = ARENA_NEW_N(l->arena, bool, alert->n_infos);

	pair_up(alert, lead, tag, pairs, taken);
	for (i = 0; i < alert->n_infos; i++) {
		if (!cap_language_same(language(alert, i), lead))
			continue;
		if (pairs[i] != NO_INFO)
			tell_difference(l, alert, i, pairs[i]);
		else
			lint_add(
				l, promised ? "missing-language" : "not-in-language", promised,
				arena_fmt(l->arena,
					  "info %zu (%.*s) is not told in %.*s%s: add an info with "
					  "language %.*s and the same area and times",
					  i + 1, SV_ARG(lead), SV_ARG(tag),
					  promised ? ", which every alert promises" : "",
					  SV_ARG(tag)));
	}
}

/* The tag in the draft that keeps a promise: itself, or one of the same language and script. */
static struct sv
kept_by(const struct cap_alert *alert, struct sv promise)
{
	struct cap_tag want, have;
	size_t i;

	for (i = 0; i < alert->n_infos; i++)
		if (cap_language_same(language(alert, i), promise))
			return promise;
	for (i = 0; i < alert->n_infos && cap_tag_of(&want, promise); i++)
		if (cap_tag_of(&have, language(alert, i)) &&
		    sv_eq(cap_tag_primary(&have), cap_tag_primary(&want)) &&
		    sv_eq(cap_tag_script(&have), cap_tag_script(&want)))
			return language(alert, i);
	return promise;
}

static bool
is_first(const struct cap_alert *alert, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (cap_language_same(language(alert, i), language(alert, at)))
			return false;
	return true;
}

void
lint_languages(struct lint_list *l, const struct cap_alert *alert, struct sv promised)
{
	struct sv_split split = sv_split_of(promised, ';');
	struct sv lead, promise, kept;
	bool *promise_checked = ARENA_NEW_N(l->arena, bool, alert->n_infos + 1);
	size_t i;

	if (alert->n_infos == 0)
		return;
	lead = leading_language(alert);
	while (sv_split_next(&split, &promise)) {
		promise = sv_trim(promise);
		if (promise.n == 0)
			continue;
		kept = kept_by(alert, promise);
		if (!cap_language_same(kept, lead))
			check_language(l, alert, lead, kept, true);
		for (i = 0; i < alert->n_infos; i++)
			promise_checked[i] |= cap_language_same(language(alert, i), kept);
	}
	for (i = 0; i < alert->n_infos; i++)
		if (!promise_checked[i] && is_first(alert, i) &&
		    !cap_language_same(language(alert, i), lead))
			check_language(l, alert, lead, language(alert, i), false);
	check_copies(l, alert);
	for (i = 0; i < alert->n_infos; i++)
		check_script(l, alert, i);
}
