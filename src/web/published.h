/*
 * published.h — everything that is public, as bodies ready to be sent: made
 * from the rows when something changed, then only read, by many threads.
 */
#ifndef WEB_PUBLISHED_H
#define WEB_PUBLISHED_H

#include <stddef.h>
#include <stdint.h>

#include "alert/alert_store.h"
#include "base/compiler.h"
#include "net/http_server.h"
#include "web/page.h"

struct arena;
struct published;

/* rows: newest first, in the arena, which passes on. others: what left and is not public, of
 * which only codes and digests are kept. now: alerts whose end has passed are shown as ended,
 * whatever their row says. */
struct published *published_new(const struct page_site *, const struct alert_list *rows,
				const struct alert_list *others, struct arena *, int64_t now)
	CHECKED;
struct published *published_ref(struct published *);
void published_unref(struct published **); /* NULL inside is fine; leaves NULL */

/* When the next alert's end passes, at most an hour from now: then make it anew. */
int64_t published_due(const struct published *);

/* Borrowed from the published. NULL: no such alert. languages: the reader's, as
 * cap_choose_info reads them. */
struct http_body *published_alert(const struct published *, struct sv identifier,
				  struct sv languages);
struct http_body *published_xml(const struct published *, struct sv identifier);
struct http_body *published_feed(const struct published *);
/* place: PAGE_LIST, PAGE_VERIFY, PAGE_FINGERPRINT. */
struct http_body *published_page(const struct published *, enum page_place, struct sv language);

/* The page of an alert in a language that the reader did not ask for, with a word that says so
 * in `language`. *ret_language: of the page. False, and nothing appended: it is in one of those
 * asked for, or none was, or there is no such alert. */
bool published_other_language(struct buf *, const struct published *, struct sv identifier,
			      struct sv languages, struct sv language, struct sv *ret_language);

/* Borrowed from the published; NULL: there is none. */
const struct page_alert *published_find(const struct published *, struct sv identifier);
const struct page_alert *published_by_code(const struct published *, struct sv code);
/* The code of a message that left and is not public. */
bool published_is_other(const struct published *, struct sv code);
/* As these two, by all the bytes: a code is short enough to be met by who searches for long. */
const struct page_alert *published_by_bytes(const struct published *, struct sv bytes);
bool published_is_other_file(const struct published *, struct sv bytes);

/* Everything as files of a mirror; what leads to others comes behind them. False from the
 * function ends it, with that answer. */
typedef bool published_file_fn(void *arg, struct sv name, struct sv data);
bool published_files(const struct published *, published_file_fn *, void *arg);

/* The list with the notice that the store cannot be asked since last_look, and no
 * word of there being no alerts. */
void published_stale_list(struct buf *, const struct published *, struct sv language,
			  int64_t last_look);

#endif
