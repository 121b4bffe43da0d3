/*
 * sv.h — a borrowed run of bytes: pointer and length, not NUL-terminated.
 *
 * An sv never owns what it points to; whoever hands one out says how long it
 * stays valid. p may be NULL when n is 0.
 */
#ifndef BASE_SV_H
#define BASE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"

struct sv {
	const char *p;
	size_t n;
};

/* Of a string literal: as an initialiser, and as an expression. */
#define SV_INIT(lit)                    \
	{                               \
		"" lit, sizeof(lit) - 1 \
	}
#define SV(lit) ((struct sv){"" lit, sizeof(lit) - 1})
#define SV_NONE ((struct sv){NULL, 0})

/* For printf: "%.*s", SV_ARG(v). Texts over INT_MAX do not occur: see limits. */
#define SV_ARG(v) (int)(v).n, (v).n ? (v).p : ""

struct sv sv_of(const char *s); /* a C string; NULL gives the empty one */
struct sv sv_range(const char *p, const char *end);
bool sv_eq(struct sv, struct sv);
bool sv_eq_nocase(struct sv, struct sv); /* ASCII letters only */
int sv_cmp(struct sv, struct sv);        /* bytewise, as strcmp */
bool sv_starts(struct sv, struct sv prefix);
bool sv_ends(struct sv, struct sv suffix);
struct sv sv_trim(struct sv);            /* ASCII white space off both ends */
struct sv sv_from(struct sv, size_t at); /* the rest from `at`, clamped */
struct sv sv_head(struct sv, size_t n);  /* the first n bytes, clamped */

/* The index of the first such byte, or v.n. */
size_t sv_find_char(struct sv, char);
/* The index of the first occurrence, or v.n. */
size_t sv_find(struct sv, struct sv needle);

/* Cut the next field off *rest at `sep`: false when nothing is left. "a;b;"
 * gives "a", "b", "" — one more field than separators. Start with a copy of
 * the whole and a flag false. */
struct sv_split {
	struct sv rest;
	char sep;
	bool done;
};
struct sv_split sv_split_of(struct sv, char sep);
bool sv_split_next(struct sv_split *, struct sv *ret);

/* White-space separated words; false at the end. */
bool sv_word(struct sv *rest, struct sv *ret);

/* Whole text as a decimal number: no sign for u64, an optional '-' for i64; no
 * white space, no overflow. ret is written only when true is returned. */
bool sv_to_u64(struct sv, uint64_t *ret) CHECKED;
bool sv_to_i64(struct sv, int64_t *ret) CHECKED;

/* Whole text as a finite plain decimal number [+-]digits[.digits], at most 40
 * bytes, no exponent; read without regard to the locale. */
bool sv_to_double(struct sv, double *ret) CHECKED;

uint64_t sv_hash(struct sv, uint64_t seed); /* not for secrets */

#endif
