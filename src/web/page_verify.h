/*
 * page_verify.h — the page where anybody asks whether a message is genuine, and its answer.
 * In a mirror, which cannot answer: how to check with other people's tools. Pure.
 */
#ifndef WEB_PAGE_VERIFY_H
#define WEB_PAGE_VERIFY_H

#include <stdint.h>

#include "base/i18n.h"
#include "base/sv.h"

struct buf;
struct page_site;
struct verify;

/* The ways to ask. trouble: what was wrong with the last try; I18N_KEYS: nothing was. */
void page_verify(struct buf *, const struct page_site *, struct sv language, enum i18n_key trouble);

/* languages: the reader's, for the text of the alert, as cap_choose_info reads them. stale: since
 * when the store cannot be asked; 0: it can. */
void page_verdict(struct buf *, const struct page_site *, struct sv language, struct sv languages,
		  const struct verify *, int64_t stale);

#endif
