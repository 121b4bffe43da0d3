/*
 * cap_choose.h — in which of an alert's languages a reader is told, and why. Pure.
 *
 * The choice is of a language: every info in it is to be shown, because two infos of
 * one language are two warnings (two places, two audiences), not two versions.
 *
 * For each of the reader's languages in turn: lookup (RFC 4647, 3.4); then an info of the same
 * primary subtag, first one in the same script, then one in another. Then English, then
 * the alert's first language. An info without <language> is en-US (CAP 1.2, 3.2.2).
 * A wish for zh-Hant is therefore answered by zh-Hans before the reader's next language; the
 * reason says so, so that the page can.
 */
#ifndef CAP_CAP_CHOOSE_H
#define CAP_CAP_CHOOSE_H

#include "cap/cap.h"

#define CAP_CHOICE_REASONS(X)                                                        \
	X(EXACT, "exact")               /* the tag as wanted */                      \
	X(LOOKUP, "lookup")             /* the tag as wanted, less its end */        \
	X(PRIMARY, "primary")           /* the language wanted, of elsewhere */      \
	X(OTHER_SCRIPT, "other-script") /* the language wanted, written otherwise */ \
	X(ENGLISH, "english")           /* none of those wanted: English */          \
	X(FIRST, "first")               /* nor English: the alert's first */         \
	X(NO_INFO, "no-info")           /* there is no info to choose */

#define X(name, text) CAP_CHOICE_##name,
enum cap_choice_reason { CAP_CHOICE_REASONS(X) };
#undef X

struct cap_choice {
	enum cap_choice_reason reason;
	size_t index;       /* the first info of the language chosen; 0 for NO_INFO */
	struct sv language; /* its tag, as the alert has it */
	struct sv wish;     /* the reader's language that led there; SV_NONE for ENGLISH, FIRST */
	size_t wish_number; /* from 1; 0: none */
};

/* languages: the reader's, most wanted first, ';' or ',' between ("ru;en"). "*" and what is no
 * tag are passed over. The texts are those of the alert and of languages. */
struct cap_choice cap_choose_language(const struct cap_alert *, struct sv languages);

/* Whether info i is in the language chosen: all of these are shown. */
bool cap_choice_shows(const struct cap_alert *, const struct cap_choice *, size_t i);

/* Whether the reader gets another language than any of those asked for. */
bool cap_choice_is_fallback(const struct cap_choice *);

const char *cap_choice_name(enum cap_choice_reason);
/* Append one plain sentence, without a full stop: what was chosen and why. */
void cap_choice_say(struct buf *, const struct cap_choice *);

/* cap_choose_language(…).index; the alert has at least one info. */
size_t cap_choose_info(const struct cap_alert *, struct sv languages);

#endif
