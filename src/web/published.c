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
#include "crypt/hash.h"
#include "crypt/message_code.h"
#include "web/answer.h"
#include "web/language.h"
#include "web/page_verify.h"

#define DUE_MAX_S   3600
#define FEED_DAYS   7
#define FEED_MAX    200
#define LANGUAGES   32 /* more catalogues than there will be */
#define CACHE_PAGES "public, max-age=10"
#define CACHE_FILES "public, max-age=31536000, immutable"

/* One alert; pages[i] is that of the language of its info i, NULL for a repeated language. */
struct entry {
	struct page_alert facts;
	char code[MESSAGE_CODE];
	struct http_body **pages;
	size_t *notes; /* of pages[i]: where the word about another language stands */
	struct http_body *xml;
};

/* The pages that are in every language of the program. */
struct list {
	struct sv language;
	struct http_body *body, *verify, *fingerprint;
	size_t from, to; /* what the notice stands in for */
};

struct published {
	atomic_uint refs;
	struct arena *arena;
	struct entry *entries;
	size_t n;
	struct map *by_identifier, *by_code;
	struct map *others;        /* codes */
	struct map *other_digests; /* SHA-256 */
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
		p->entries[p->n].facts = facts_of(site, row, cap, now);
		crypt_message_code(row->xml, p->entries[p->n].code);
		p->entries[p->n].facts.code = sv_of(p->entries[p->n].code);
		*map_at(p->by_code, p->entries[p->n].facts.code, 0, NULL) = (int64_t)p->n;
		p->n++;
		if (row->state == ALERT_LIVE && row->expires > now && row->expires < p->due)
			p->due = row->expires;
	}
}

static struct sv
digest_sv(const unsigned char digest[HASH_BYTES])
{
	return (struct sv){(const char *)digest, HASH_BYTES};
}

static void
add_others(struct published *p, const struct alert_list *others)
{
	unsigned char digest[HASH_BYTES];
	char code[MESSAGE_CODE];
	size_t i;

	for (i = 0; i < others->n; i++) {
		crypt_message_code(others->v[i].xml, code);
		*map_at(p->others, sv_of(code), 0, NULL) = 0;
		hash_sha256(digest, others->v[i].xml);
		*map_at(p->other_digests, digest_sv(digest), 0, NULL) = 0;
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
	x->notes = ARENA_NEW_N(p->arena, size_t, n);
	for (i = 0; i < n; i++) {
		struct sv language = cap->n_infos > 0 ? cap_language(&cap->infos[i]) : SV("en");

		if (cap->n_infos > 0 && !is_first_of_language(cap, i))
			continue;
		page_alert(&b, site, &x->facts, language, &x->notes[i]);
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
		page_verify(&b, site, l->language, I18N_KEYS);
		l->verify = make_body(&b, ANSWER_HTML, CACHE_PAGES, 0, l->language);
		if (site->fingerprint.n == 0)
			continue;
		page_fingerprint(&b, site, l->language);
		l->fingerprint = make_body(&b, ANSWER_HTML, CACHE_PAGES, 0, l->language);
	}
	buf_fini(&b);
}

struct published *
published_new(const struct page_site *site, const struct alert_list *rows,
	      const struct alert_list *others, struct arena *arena, int64_t now)
{
	struct published *p = MEM_NEW(struct published);
	size_t i;

	atomic_init(&p->refs, 1);
	p->arena = arena;
	p->due = now + DUE_MAX_S;
	p->by_identifier = map_new(0);
	p->by_code = map_new(0);
	p->others = map_new(0);
	p->other_digests = map_new(0);
	add_others(p, others);
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
	for (i = 0; i < p->n_lists; i++) {
		http_body_unref(&p->lists[i].body);
		http_body_unref(&p->lists[i].verify);
		http_body_unref(&p->lists[i].fingerprint);
	}
	http_body_unref(&p->feed);
	map_free(&p->by_identifier);
	map_free(&p->by_code);
	map_free(&p->others);
	map_free(&p->other_digests);
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

/* The place in pages of what a reader of these languages gets. */
static size_t
page_of(const struct cap_alert *cap, struct sv languages)
{
	return cap_choose_language(cap, languages).index;
}

struct http_body *
published_alert(const struct published *p, struct sv identifier, struct sv languages)
{
	const struct entry *x = find_entry(p, identifier);

	return x != NULL ? x->pages[page_of(x->facts.cap, languages)] : NULL;
}

bool
published_other_language(struct buf *b, const struct published *p, struct sv identifier,
			 struct sv languages, struct sv language, struct sv *ret_language)
{
	const struct entry *x = find_entry(p, identifier);
	struct cap_choice choice;
	struct sv page;
	size_t at;

	if (x == NULL || languages.n == 0 || x->facts.cap->n_infos == 0)
		return false;
	choice = cap_choose_language(x->facts.cap, languages);
	if (!cap_choice_is_fallback(&choice))
		return false;
	at = choice.index;
	page = http_body_data(x->pages[at]);
	buf_add(b, sv_head(page, x->notes[at]));
	page_other_language(b, language);
	buf_add(b, sv_from(page, x->notes[at]));
	*ret_language = choice.language;
	return true;
}

const struct page_alert *
published_find(const struct published *p, struct sv identifier)
{
	const struct entry *x = find_entry(p, identifier);

	return x != NULL ? &x->facts : NULL;
}

const struct page_alert *
published_by_code(const struct published *p, struct sv code)
{
	int64_t at;

	return map_get(p->by_code, code, &at) ? &p->entries[at].facts : NULL;
}

bool
published_is_other(const struct published *p, struct sv code)
{
	int64_t unused;

	return map_get(p->others, code, &unused);
}

const struct page_alert *
published_by_bytes(const struct published *p, struct sv bytes)
{
	char code[MESSAGE_CODE];
	int64_t at;

	crypt_message_code(bytes, code);
	return map_get(p->by_code, sv_of(code), &at) &&
			       sv_eq(http_body_data(p->entries[at].xml), bytes)
		       ? &p->entries[at].facts
		       : NULL;
}

bool
published_is_other_file(const struct published *p, struct sv bytes)
{
	unsigned char digest[HASH_BYTES];
	int64_t unused;

	hash_sha256(digest, bytes);
	return map_get(p->other_digests, digest_sv(digest), &unused);
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
published_page(const struct published *p, enum page_place place, struct sv language)
{
	const struct list *l = find_list(p, language);

	return place == PAGE_VERIFY        ? l->verify
	       : place == PAGE_FINGERPRINT ? l->fingerprint
					   : l->body;
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

static bool
give_file(published_file_fn *fn, void *arg, struct page_target to, const struct http_body *body)
{
	struct buf name = BUF_INIT(1024);
	bool ok = true;

	if (body != NULL) {
		page_file(&name, to);
		ok = fn(arg, buf_sv(&name), http_body_data(body));
	}
	buf_fini(&name);
	return ok;
}

/* Each language, and once without: what a reader gets who asks for none. */
static bool
give_alert(const struct entry *x, published_file_fn *fn, void *arg)
{
	const struct cap_alert *cap = x->facts.cap;
	struct page_target to = {.place = PAGE_CAP, .identifier = x->facts.identifier};
	bool ok = give_file(fn, arg, to, x->xml);
	size_t i;

	to.place = PAGE_ALERT;
	ok = ok && give_file(fn, arg, to, x->pages[page_of(cap, SV_NONE)]);
	for (i = 0; ok && i < cap->n_infos; i++) {
		to.language = cap_language(&cap->infos[i]);
		ok = give_file(fn, arg, to, x->pages[i]);
	}
	return ok;
}

bool
published_files(const struct published *p, published_file_fn *fn, void *arg)
{
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < p->n; i++)
		ok = give_alert(&p->entries[i], fn, arg);
	for (i = 0; ok && i < p->n_lists; i++) {
		const struct list *l = &p->lists[i];
		struct page_target to = {.language = l->language};

		to.place = PAGE_VERIFY;
		ok = give_file(fn, arg, to, l->verify);
		to.place = PAGE_FINGERPRINT;
		ok = ok && give_file(fn, arg, to, l->fingerprint);
		to.place = PAGE_LIST;
		ok = ok && give_file(fn, arg, to, l->body);
	}
	ok = ok && give_file(fn, arg, (struct page_target){.place = PAGE_FEED}, p->feed);
	return ok && give_file(fn, arg, (struct page_target){.place = PAGE_LIST},
			       find_list(p, SV("en"))->body);
}
