/*
 * lint_copy.c — whether one text is a copy of another. Both are taken apart into
 * words without case, digits and punctuation, and the words they share are counted.
 */
#include "alert/lint_int.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"

#define WORDS_MAX  20000 /* of one text: the rest is not looked at */
#define NEAR_LEAST 8     /* words from which on nearly the same counts */
#define NEAR_TENTH 9     /* so many of ten words shared: nearly the same */

/* Lower case for the scripts in which drafts are written and that have one; others stay. */
static uint32_t
fold(uint32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
	    (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
		return c + 32;
	if (c >= 0x400 && c <= 0x40F)
		return c + 80;
	/* Latin Extended-A: pairs, the capital first; 0x139 to 0x148 begin on an odd number. */
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177))
		return c | 1;
	if (c >= 0x139 && c <= 0x148)
		return c + (c & 1);
	return c;
}

/* Letters of any script; what stands between words in ASCII, Latin-1 and general punctuation
 * and their Arabic, Chinese and Japanese likes is not. */
static bool
is_word_part(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return !(c < 0xC0 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F) ||
		 (c >= 0xFF00 && c <= 0xFF20) || c == 0x60C || c == 0x61B || c == 0x61F ||
		 (c >= 0x660 && c <= 0x669) || (c >= 0x6F0 && c <= 0x6F9));
}

static int
by_word(const void *a, const void *b)
{
	return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

struct lint_words
lint_words_of(struct arena *a, struct sv text)
{
	/* Folding does not lengthen. */
	char *out = arena_alloc(a, text.n + 4);
	size_t most = text.n / 2 + 1 < WORDS_MAX ? text.n / 2 + 1 : WORDS_MAX;
	struct lint_words w = {.v = ARENA_NEW_N(a, struct sv, most)};
	size_t n = 0, begin = 0;
	uint32_t c;

	while (w.n < WORDS_MAX && text.n > 0) {
		bool part = utf8_next(&text, &c);

		if (!part)
			text = sv_from(text, 1);
		if (part && is_word_part(c)) {
			n += utf8_put(out + n, fold(c));
			continue;
		}
		if (n > begin)
			w.v[w.n++] = (struct sv){out + begin, n - begin};
		begin = n;
	}
	if (n > begin && w.n < WORDS_MAX)
		w.v[w.n++] = (struct sv){out + begin, n - begin};
	w.sorted = ARENA_NEW_N(a, struct sv, w.n + 1);
	if (w.n > 0)
		memcpy(w.sorted, w.v, w.n * sizeof(*w.v));
	qsort(w.sorted, w.n, sizeof(*w.sorted), by_word);
	return w;
}

static bool
are_equal(const struct lint_words *a, const struct lint_words *b)
{
	size_t i;

	for (i = 0; i < a->n && a->n == b->n; i++)
		if (!sv_eq(a->v[i], b->v[i]))
			return false;
	return a->n == b->n;
}

/* Words in both, each as often as it is in both. */
static size_t
shared(const struct lint_words *a, const struct lint_words *b)
{
	size_t i = 0, k = 0, n = 0;

	while (i < a->n && k < b->n) {
		int c = sv_cmp(a->sorted[i], b->sorted[k]);

		n += c == 0;
		i += c <= 0;
		k += c >= 0;
	}
	return n;
}

bool
lint_is_copy(const struct lint_words *a, const struct lint_words *b)
{
	size_t both = a->n + b->n, less = a->n < b->n ? a->n : b->n;

	if (less == 0)
		return false;
	if (are_equal(a, b))
		return true;
	return less >= NEAR_LEAST && 2 * less * 10 >= NEAR_TENTH * both &&
	       2 * shared(a, b) * 10 >= NEAR_TENTH * both;
}
