/*
 * page.h — the pages that everybody may read: the list, one alert, and the
 * feed. Pure: facts in, bytes out.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert_state.h"
#include "base/i18n.h"
#include "base/sv.h"
#include "base/time.h"
#include "cap/cap.h"

struct buf;

/* What every page has around its words. */
struct page_frame {
	struct sv language; /* of its words */
	struct sv title;
	struct sv authority;
	struct sv style; /* "/style.css" */
	bool exercise;   /* striped bands, and the word in the title */
};

void page_head(struct buf *, const struct page_frame *); /* up to and with <body> and the band */
void page_open(struct buf *, const struct page_frame *); /* page_head, and up to <main> */
void page_close(struct buf *, const struct page_frame *);

/* One of the program's own sentences, escaped. */
void page_say(struct buf *, struct sv language, enum i18n_key);
/* A <time>: the clock and the date as the alert wrote them, with their offset. */
void page_time(struct buf *, struct time_at);

/* One published message. */
struct page_alert {
	const struct cap_alert *cap;
	struct sv identifier;
	struct sv headline;     /* as the store has it: of the first info */
	enum alert_state state; /* as of now: an end that has passed counts */
	struct sv newest;       /* identifier of the thread's newest version; empty: this is it */
	struct time_at expires;
	int64_t sent, changed; /* UTC seconds */
	bool exercise;
};

/* In force: live, and no withdrawal of others. */
bool page_alert_in_force(const struct page_alert *);
/* The first info in that language, else the first; NULL when there is none. */
const struct cap_info *page_alert_info(const struct page_alert *, struct sv language);
/* The headline of an info, or its event. */
struct sv page_headline(const struct cap_info *);

struct page_site {
	struct sv authority, contact;
	struct sv url;          /* no '/' at the end; may be empty */
	struct sv installation; /* for ids in the feed when there is no url */
	bool practice;
};

/* One alert in one of its languages. */
void page_alert(struct buf *, const struct page_site *, const struct page_alert *,
		struct sv language);

/* The alerts in force. [*ret_from, *ret_to) is what page_notice stands in for
 * when the store cannot be asked. */
void page_list(struct buf *, const struct page_site *, const struct page_alert *, size_t n,
	       struct sv language, size_t *ret_from, size_t *ret_to);
/* Cannot look right now; when the last look was. */
void page_notice(struct buf *, struct sv language, int64_t last_look);

/* No such page. */
void page_missing(struct buf *, const struct page_site *, struct sv language);

/* The Atom feed (RFC 4287), newest first as given; since: the newest change. */
void page_feed(struct buf *, const struct page_site *, const struct page_alert *, size_t n,
	       int64_t since);

#endif
