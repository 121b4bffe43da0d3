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

/* rows: newest first, in the arena, which passes on. now: alerts whose end has
 * passed are shown as ended, whatever their row says. */
struct published *published_new(const struct page_site *, const struct alert_list *rows,
				struct arena *, int64_t now) CHECKED;
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
struct http_body *published_list(const struct published *, struct sv language);

/* The list with the notice that the store cannot be asked since last_look, and no
 * word of there being no alerts. */
void published_stale_list(struct buf *, const struct published *, struct sv language,
			  int64_t last_look);

#endif
