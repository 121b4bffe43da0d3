/*
 * cap_language.h — language tags as alerts and readers write them. Pure.
 *
 * Tags are RFC 5646 (BCP 47). What is deprecated or grandfathered is read as what it stands
 * for (its section 2.2.8 and the registry): iw is he, zh-cmn and zh-guoyu are zh, no is nb;
 * '_' counts as '-', because senders write en_US.
 */
#ifndef CAP_CAP_LANGUAGE_H
#define CAP_CAP_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/limits.h"
#include "base/sv.h"

/* A tag in one form: lower case, replaced where it is deprecated. */
struct cap_tag {
	char text[LIMIT_LANGUAGE + 8];
	size_t n;
};

/* False when it is not of the form of a tag: 1 to 8 letters, then parts of 1 to 8 letters and
 * digits. A later part that is "*" counts as nothing; "*" in front is no language. A tag that is
 * too long loses its last parts. */
bool cap_tag_of(struct cap_tag *ret, struct sv text) CHECKED;
struct sv cap_tag_sv(const struct cap_tag *);

/* "zh" of "zh-hant-tw". */
struct sv cap_tag_primary(const struct cap_tag *);
/* One language for those that can read each other's: nb and nn give "no", cmn and yue give
 * "zh"; all others their primary subtag. */
struct sv cap_tag_family(const struct cap_tag *);
/* "hant" of "zh-Hant-TW", and of "zh-TW"; "" when nothing says so. */
struct sv cap_tag_script(const struct cap_tag *);

/* Whether two texts mean the same language; what is no tag is compared as text, without case. */
bool cap_language_same(struct sv a, struct sv b);

/* The script in which a language is always written ("Cyrl" for ru; that of the tag itself
 * when it has one), or NULL when there are several or we do not know. */
const char *cap_language_script(struct sv tag);
/* Whether a character of that script, of cap_language_script, is in the text. */
bool cap_script_in(const char *script, struct sv text);
/* Whether the text has any letter of a script that we know. */
bool cap_letters_in(struct sv text);

#endif
