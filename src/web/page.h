/*
 * page.h — the pages that everybody may read: the list, one alert, checking a message, the
 * fingerprint, and the feed. Pure: facts in, bytes out. The same functions make what is
 * served and the files of a mirror.
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

/* Pages made as files: copies that say of what they are a copy, and until when they are good. */
struct page_mirror {
	int64_t made, until; /* when it was written; before when the next is expected */
	struct sv origin;    /* the address of the original, or the authority's name */
};

struct page_site {
	struct sv authority, contact;
	struct sv url;          /* no '/' at the end; may be empty */
	struct sv installation; /* for ids in the feed when there is no url */
	struct sv fingerprint;  /* of the signing certificate, groups of 4; empty: none is known */
	bool practice;
	const struct page_mirror *mirror; /* NULL: pages to be served */
};

/* Where a link leads. identifier: for an alert; language: of the page, empty: any. */
enum page_place {
	PAGE_LIST,
	PAGE_ALERT,
	PAGE_CAP,
	PAGE_FEED,
	PAGE_STYLE,
	PAGE_VERIFY,
	PAGE_FINGERPRINT,
	PAGE_CERTIFICATE,
};

struct page_target {
	enum page_place place;
	struct sv identifier, language;
};

/* Append the file of a mirror that holds it: "alert/x-1-1.ru.html". */
void page_file(struct buf *, struct page_target);

/* What every page has around its words. */
struct page_frame {
	struct sv language; /* of its words */
	struct sv title;
	struct sv authority;
	struct sv style;              /* "/desk.css"; empty: that of the site */
	bool exercise;                /* striped bands, and the word in the title */
	const struct page_site *site; /* NULL: a page of the desk */
	bool deep;                    /* its file stands in a folder of the mirror */
};

/* Append an address as the value of an attribute: a path of the server, or from file to file. */
void page_link(struct buf *, const struct page_frame *, struct page_target);
/* A whole link. */
void page_anchor(struct buf *, const struct page_frame *, struct page_target, struct sv text);

/* Of a page of the site in one of the program's languages. */
struct page_frame page_frame_of(const struct page_site *, struct sv language, enum i18n_key title);

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
	struct sv code;         /* crypt/message_code.h */
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

/* One alert in one of its languages. *ret_note: where page_other_language may stand. */
void page_alert(struct buf *, const struct page_site *, const struct page_alert *,
		struct sv language, size_t *ret_note);
/* It is not in the language that was asked for, said in that one. */
void page_other_language(struct buf *, struct sv language);
/* Whether it still holds, and its words, for a page of another kind. */
void page_alert_words(struct buf *, const struct page_frame *, const struct page_alert *,
		      struct sv language);

/* The alerts in force. [*ret_from, *ret_to) is what page_notice stands in for
 * when the store cannot be asked. */
void page_list(struct buf *, const struct page_site *, const struct page_alert *, size_t n,
	       struct sv language, size_t *ret_from, size_t *ret_to);
/* Cannot look right now; when the last look was. */
void page_notice(struct buf *, struct sv language, int64_t last_look);

/* The links to a page in the program's other languages. */
void page_languages(struct buf *, const struct page_frame *, enum page_place);

/* The signing key's fingerprint, to be printed. */
void page_fingerprint(struct buf *, const struct page_site *, struct sv language);

/* No such page. */
void page_missing(struct buf *, const struct page_site *, struct sv language);

/* The Atom feed (RFC 4287), newest first as given; since: the newest change. */
void page_feed(struct buf *, const struct page_site *, const struct page_alert *, size_t n,
	       int64_t since);

#endif
