/*
 * utf8.h — UTF-8 as RFC 3629: no overlong forms, no surrogates, at most
 * U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/sv.h"

/* The whole text is valid. NUL counts as a character. */
bool utf8_valid(struct sv);

/* The offset of the first byte that is not part of a valid character, or v.n. */
size_t utf8_bad_at(struct sv);

/* Take one character off the front: false at the end or at an invalid byte. */
bool utf8_next(struct sv *rest, uint32_t *ret) CHECKED;

/* Write one character; returns its 1 to 4 bytes, 0 when it is no character. */
size_t utf8_put(char out[4], uint32_t c);

/* Number of characters; the text must be valid. */
size_t utf8_count(struct sv);

/* The longest prefix of at most n bytes that ends between characters. */
struct sv utf8_cut(struct sv, size_t n);

/* True when there is a control character other than tab, LF, CR: never wanted
 * in a header, a name or an address. */
bool utf8_has_control(struct sv);

#endif
