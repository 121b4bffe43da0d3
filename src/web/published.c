/*
 * published.c — see published.h. The references are counted, because a request
 * may still read the old pages while new ones take their place.
 */
#include <stdatomic.h>

#include "web/published.h"
#include "base/arena.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "cap/cap_choose.h"
#include "cap/cap_read.h"
#include "web/answer.h"
#include "web/language.h"

#define DUE_MAX_S   3600
#define FEED_DAYS   7
#define FEED_MAX    200
#define LANGUAGES   32 /* more catalogues than there will be */
#define CACHE_PAGES "public, max-age=10"
#define CACHE_FILES "public, max-age=31536000, immutable"

/* One alert; pages[i] is that of the language of its info i, NULL for a repeated language. */
struct entry {
	struct page_alert facts;
	struct http_body **pages;
	struct http_body *xml;
};

struct list {
	struct sv language;
	struct http_body *body;
	size_t from, to; /* what the notice stands in for */
};

struct published {
	atomic_uint refs;
	struct arena *arena;
	struct entry *entries;
	size_t n;
	struct map *by_identifier;
	struct list lists[LANGUAGES];
	size_t n_lists;
	struct http_body *feed;
	int64_t due;
};

static struct http_body *
make_body(struct buf *b, const char *type, const char *cache, int64_t modified, struct sv language)
{
	struct http_body_info info = {
		.data = buf_sv(b),
		.content_type = type,
		.cache_control = cache,
		.last_modified = modified,
	};
	struct http_body_header headers[ANSWER_HEADERS_MAX];
	struct buf tag = BUF_INIT(64);
	struct http_body *body;

	if (language_is_tag(language))
		buf_add(&tag, language);
	answer_public_headers(headers, tag.n > 0 ? buf_str(&tag) : NULL);
	info.headers = headers;
	/* Content is bounded by the messages' own limits; a failed buffer is empty. */
	body = http_body_new(&info);
	buf_fini(&tag);
	buf_reset(b);
	return body;
}

/* What the row says, and what the clock says more. */
static struct page_alert
facts_of(const struct page_site *site, const struct alert *row, const struct cap_alert *cap,
	 int64_t now)
{
	struct page_alert f = {
		.cap = cap,
		.identifier = row->identifier,
		.headline = row->headline,
		.state = row->state,
		.expires = {row->expires, cap->sent.ok ? cap->sent.at.offset_min : 0},
		.sent = row->sent,
		.changed = row->ended != 0 ? row->ended : row->live,
		.exercise = site->practice || cap->status != CAP_STATUS_ACTUAL,
	};

	if (f.state == ALERT_LIVE && row->expires <= now) {
		f.state = ALERT_EXPIRED;
		f.changed = row->expires;
	}
	return f;
}

static void
add_entries(struct published *p, const struct page_site *site, const struct alert_list *rows,
	    int64_t now)
{
	size_t i;

	p->entries = ARENA_NEW_N(p->arena, struct entry, rows->n);
	for (i = 0; i < rows->n; i++) {
		const struct alert *row = &rows->v[i];
		const struct cap_findings *findings;
		const struct cap_alert *cap;
		struct err e = ERR_INIT;
		bool is_new;

		/* The store gives scope Public only, and a live one no drills (DESIGN 3.2, 3.11);
		 * asked again, because this is the door. */
		if (row->scope != CAP_SCOPE_PUBLIC || row->identifier.n == 0 ||
		    (!site->practice && row->status != CAP_STATUS_ACTUAL))
			continue;
		if (cap_read(&cap, &findings, p->arena, row->xml, &e) != RC_OK ||
		    cap->scope != CAP_SCOPE_PUBLIC) {
			log_event(LOG_WARN, "web.unreadable", "alert=%lld error=\"%s\"",
				  (long long)row->id, e.text);
			continue;
		}
		*map_at(p->by_identifier, row->identifier, 0, &is_new) = (int64_t)p->n;
		if (!is_new)
			continue;
		p->entries[p->n++].facts = facts_of(site, row, cap, now);
		if (row->state == ALERT_LIVE && row->expires > now && row->expires < p->due)
			p->due = row->expires;
	}
}

/* Tie each version to the newest of its thread that is public. */
static void
link_versions(struct published *p, const struct alert_list *rows)
{
	struct map *newest = map_new(0);
	size_t i;

	for (i = 0; i < rows->n; i++) {
		struct sv thread = {(const char *)&rows->v[i].thread, sizeof(rows->v[i].thread)};
		int64_t *at, ignored;

		if (!map_get(p->by_identifier, rows->v[i].identifier, &ignored))
			continue;
		at = map_at(newest, thread, (int64_t)i, NULL);
		if (rows->v[i].version > rows->v[*at].version)
			*at = (int64_t)i;
	}
	for (i = 0; i < rows->n; i++) {
		struct sv thread = {(const char *)&rows->v[i].thread, sizeof(rows->v[i].thread)};
		int64_t at, own;

		if (map_get(p->by_identifier, rows->v[i].identifier, &own) &&
		    map_get(newest, thread, &at) && (size_t)at != i)
			p->entries[own].facts.newest = rows->v[at].identifier;
	}
	map_free(&newest);
}

static bool
is_first_of_language(const struct cap_alert *cap, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (sv_eq_nocase(cap_language(&cap->infos[i]), cap_language(&cap->infos[at])))
			return false;
	return true;
}

static void
make_alert(struct published *p, const struct page_site *site, struct entry *x, struct sv xml)
{
	struct buf b = BUF_INIT(LIMIT_HTTP_PAGE);
	const struct cap_alert *cap = x->facts.cap;
	size_t n = cap->n_infos > 0 ? cap->n_infos : 1, i;

	x->pages = ARENA_NEW_N(p->arena, struct http_body *, n);
	for (i = 0; i < n; i++) {
		struct sv language = cap->n_infos > 0 ? cap_language(&cap->infos[i]) : SV("en");

		if (cap->n_infos > 0 && !is_first_of_language(cap, i))
			continue;
		page_alert(&b, site, &x->facts, language);
		x->pages[i] = make_body(&b, ANSWER_HTML, CACHE_PAGES, 0, language);
	}
	buf_add(&b, xml);
	x->xml = make_body(&b, "application/cap+xml; charset=utf-8", CACHE_FILES, x->facts.sent,
			   SV_NONE);
	buf_fini(&b);
}

static void
make_feed(struct published *p, const struct page_site *site, int64_t now)
{
	struct buf b = BUF_INIT(LIMIT_HTTP_PAGE);
	struct page_alert *v = ARENA_NEW_N(p->arena, struct page_alert, FEED_MAX);
	int64_t since = 0;
	size_t n = 0, i;

	for (i = 0; i < p->n && n < FEED_MAX; i++) {
		const struct page_alert *a = &p->entries[i].facts;

		if (a->changed > since)
			since = a->changed;
		if (a->state == ALERT_LIVE || a->changed > now - FEED_DAYS * (int64_t)TIME_DAY)
			v[n++] = *a;
	}
	page_feed(&b, site, v, n, since);
	p->feed = make_body(&b, "application/atom+xml; charset=utf-8", CACHE_PAGES, since, SV_NONE);
	buf_fini(&b);
}

static void
make_lists(struct published *p, const struct page_site *site)
{
	struct buf b = BUF_INIT(LIMIT_HTTP_PAGE);
	struct page_alert *v = ARENA_NEW_N(p->arena, struct page_alert, p->n);
	const struct i18n_language *language;
	size_t n = 0, i;

	for (i = 0; i < p->n; i++)
		if (p->entries[i].facts.state == ALERT_LIVE)
			v[n++] = p->entries[i].facts;
	for (i = 0; i < LANGUAGES && (language = i18n_at(i)) != NULL; i++) {
		struct list *l = &p->lists[p->n_lists++];

		l->language = sv_of(language->tag);
		page_list(&b, site, v, n, l->language, &l->from, &l->to);
		l->body = make_body(&b, ANSWER_HTML, CACHE_PAGES, 0, l->language);
	}
	buf_fini(&b);
}

struct published *
published_new(const struct page_site *site, const struct alert_list *rows, struct arena *arena,
	      int64_t now)
{
	struct published *p = MEM_NEW(struct published);
	size_t i;

	atomic_init(&p->refs, 1);
	p->arena = arena;
	p->due = now + DUE_MAX_S;
	p->by_identifier = map_new(0);
	add_entries(p, site, rows, now);
	link_versions(p, rows);
	for (i = 0; i < rows->n; i++) {
		int64_t at;

		if (map_get(p->by_identifier, rows->v[i].identifier, &at) &&
		    p->entries[at].xml == NULL)
			make_alert(p, site, &p->entries[at], rows->v[i].xml);
	}
	make_lists(p, site);
	make_feed(p, site, now);
	return p;
}

struct published *
published_ref(struct published *p)
{
	atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
	return p;
}

void
published_unref(struct published **pp)
{
	struct published *p = *pp;
	size_t i, k;

	*pp = NULL;
	if (p == NULL || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (i = 0; i < p->n; i++) {
		struct entry *x = &p->entries[i];

		for (k = 0; k < (x->facts.cap->n_infos > 0 ? x->facts.cap->n_infos : 1); k++)
			http_body_unref(&x->pages[k]);
		http_body_unref(&x->xml);
	}
	for (i = 0; i < p->n_lists; i++)
		http_body_unref(&p->lists[i].body);
	http_body_unref(&p->feed);
	map_free(&p->by_identifier);
	arena_free(&p->arena);
	mem_free(p);
}

int64_t
published_due(const struct published *p)
{
	return p->due;
}

static const struct entry *
find_entry(const struct published *p, struct sv identifier)
{
	int64_t at;

	return map_get(p->by_identifier, identifier, &at) ? &p->entries[at] : NULL;
}

struct http_body *
published_alert(const struct published *p, struct sv identifier, struct sv languages)
{
	const struct entry *x = find_entry(p, identifier);
	const struct cap_alert *cap;
	size_t at, i;

	if (x == NULL)
		return NULL;
	cap = x->facts.cap;
	if (cap->n_infos == 0)
		return x->pages[0];
	at = cap_choose_info(cap, languages);
	/* The page is with the first info of its language. */
	for (i = 0; i < at; i++)
		if (sv_eq_nocase(cap_language(&cap->infos[i]), cap_language(&cap->infos[at])))
			break;
	return x->pages[i];
}

struct http_body *
published_xml(const struct published *p, struct sv identifier)
{
	const struct entry *x = find_entry(p, identifier);

	return x != NULL ? x->xml : NULL;
}

struct http_body *
published_feed(const struct published *p)
{
	return p->feed;
}

static const struct list *
find_list(const struct published *p, struct sv language)
{
	size_t i;

	for (i = 0; i < p->n_lists; i++)
		if (sv_eq(p->lists[i].language, language))
			return &p->lists[i];
	return &p->lists[0];
}

struct http_body *
published_list(const struct published *p, struct sv language)
{
	return find_list(p, language)->body;
}

void
published_stale_list(struct buf *b, const struct published *p, struct sv language,
		     int64_t last_look)
{
	const struct list *l = find_list(p, language);
	struct sv page = http_body_data(l->body);

	buf_add(b, sv_head(page, l->from));
	page_notice(b, l->language, last_look);
	buf_add(b, sv_from(page, l->to));
}
