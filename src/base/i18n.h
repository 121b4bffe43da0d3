/*
 * i18n.h — the program's own sentences in the languages of assets/po.
 *
 * The language is an argument, a BCP 47 tag as persons and alerts carry it; there is no
 * current language. The build fails when a catalogue lacks a sentence, so a lookup
 * always succeeds. Texts are UTF-8, without markup, and live for ever.
 */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sv.h"

enum i18n_key {
#define X(key, text) I18N_##key,
#include "base/i18n.def"
#undef X
	I18N_KEYS
};

/* A language that has a catalogue. */
struct i18n_language {
	const char *tag;  /* "ru" */
	const char *name; /* in itself: "русский" */
	bool rtl;
	const char *const *texts; /* by key */
};

/* The best catalogue for a tag: the same tag, else the same primary subtag, else
 * English. Letter case does not matter. Never NULL. */
const struct i18n_language *i18n_match(struct sv tag);

/* The i-th catalogue, English first, then by tag; NULL behind the last. */
const struct i18n_language *i18n_at(size_t i);

const char *i18n(struct sv tag, enum i18n_key);

/* For any tag, with a catalogue or without: an alert may be in any language. */
bool i18n_rtl(struct sv tag);

/* The language's own name, by its primary subtag; NULL when not known. */
const char *i18n_name(struct sv tag);

#endif
