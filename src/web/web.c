/*
 * web.c — see web.h: start, look, stop.
 *
 * A look asks for the newest change; when an alert or a setting changed since
 * the last one, or an alert's end has passed, the pages are made anew beside
 * the old ones and put in their place. Requests under way keep what they took.
 */
#include "web/web_int.h"
#include "base/arena.h"
#include "base/embed.h"
#include "base/mem.h"
#include "base/time.h"
#include "crypt/random.h"
#include "crypt/sign.h"
#include "desk/setting_store.h"
#include "store/change.h"
#include "store/migrate.h"
#include "web/answer.h"
#include "web/route.h"

#define CHANGES_MAX 1000
#define STOP_MS     2000

extern const struct embed_file web_css[];

struct published *
web_published(struct web *w)
{
	struct published *p;

	pthread_mutex_lock(&w->lock);
	p = published_ref(w->published);
	pthread_mutex_unlock(&w->lock);
	return p;
}

enum rc
web_fingerprint(struct sv *ret, struct arena *a, struct sv cert_pem, struct err *e)
{
	struct sign_cert cert;
	enum rc rc = crypt_read_cert(&cert, cert_pem, e);

	if (rc == RC_OK)
		*ret = arena_sv(a, sv_of(cert.fingerprint));
	return rc;
}

bool
web_is_fresh(struct web *w)
{
	return !atomic_load(&w->look_failed) &&
	       time_mono_ms() - atomic_load(&w->looked_ms) < WEB_STALE_MS;
}

static enum rc
read_site(struct store *st, void *arg, struct err *e)
{
	struct web *w = arg;
	struct desk d;
	enum rc rc = migrate_check(st, "main", e);

	if (rc == RC_OK)
		rc = desk_open(&d, st, w->arena, &w->set.desk, e);
	if (rc == RC_OK) {
		w->site.practice = d.practice;
		w->site.installation = d.installation;
	}
	return rc;
}

struct look {
	int64_t seq;
	bool must; /* read the alerts whatever changed */
	bool changed;
	int64_t since;
	int64_t restored;
	struct arena *arena; /* made when the alerts were read */
	struct alert_list rows;
	struct arena *other_arena;
	struct alert_list others; /* not public: only their codes are kept */
};

static enum rc
note_change(void *arg, int64_t seq, enum change_kind kind, int64_t id, struct err *e)
{
	struct look *k = arg;

	(void)seq;
	(void)id;
	(void)e;
	if (kind == CHANGE_ALERT || kind == CHANGE_SETTING)
		k->changed = true;
	return RC_OK;
}

/* Advances seq to the newest row, whatever kinds it passes. */
static enum rc
read_changes(struct look *k, struct store *st, struct err *e)
{
	int64_t newest;
	enum rc rc = change_last(st, &newest, e);

	while (rc == RC_OK && !k->must && !k->changed && k->seq < newest) {
		int64_t last = newest;

		rc = change_read(st, k->seq, CHANGES_MAX, note_change, k, &last, e);
		if (rc == RC_OK)
			k->seq = last > k->seq ? last : newest;
	}
	if (rc == RC_OK && (k->must || k->changed))
		k->seq = newest;
	return rc;
}

static enum rc
read_look(struct store *st, void *arg, struct err *e)
{
	struct look *k = arg;
	enum rc rc = read_changes(k, st, e);

	if (rc != RC_OK || !(k->must || k->changed))
		return rc;
	rc = setting_restored(st, &k->restored, e);
	if (rc != RC_OK)
		return rc;
	k->arena = arena_new();
	k->other_arena = arena_new();
	rc = alert_published(&k->rows, k->arena, st, k->since, e);
	return rc == RC_OK ? alert_unpublished(&k->others, k->other_arena, st, k->since, e) : rc;
}

enum rc
web_look(struct web *w, struct err *e)
{
	int64_t now = time_now();
	struct look k = {
		.seq = w->seq,
		.must = now >= w->due,
		.since = now - WEB_KEEP_DAYS * (int64_t)TIME_DAY,
	};
	struct published *p, *old;
	enum rc rc = store_thread_read(w->store, read_look, &k, e);

	if (rc != RC_OK) {
		arena_free(&k.arena);
		arena_free(&k.other_arena);
		atomic_store(&w->look_failed, true);
		return rc;
	}
	if (k.arena != NULL) {
		p = published_new(&w->site, &k.rows, &k.others, k.arena, now);
		arena_free(&k.other_arena);
		w->due = published_due(p);
		atomic_store(&w->restored, k.restored);
		pthread_mutex_lock(&w->lock);
		old = w->published;
		w->published = p;
		pthread_mutex_unlock(&w->lock);
		published_unref(&old);
	}
	w->seq = k.seq;
	atomic_store(&w->looked, now);
	atomic_store(&w->looked_ms, time_mono_ms());
	atomic_store(&w->look_failed, false);
	return RC_OK;
}

struct sv
web_style(const char *name)
{
	const struct embed_file *f;

	for (f = web_css; f->name != NULL && !sv_eq(sv_of(f->name), sv_of(name)); f++)
		;
	BUG_ON(f->name == NULL);
	return (struct sv){(const char *)f->data, f->size};
}

static struct http_body *
file_body(struct sv data, const char *type)
{
	struct http_body_header headers[ANSWER_HEADERS_MAX];

	answer_public_headers(headers, NULL);
	return http_body_new(&(struct http_body_info){
		.data = data,
		.content_type = type,
		.cache_control = "public, max-age=300",
		.headers = headers,
	});
}

static struct http_body *
style_body(const char *name)
{
	return file_body(web_style(name), "text/css; charset=utf-8");
}

/* The signing certificate as a file, and its fingerprint for the pages. */
static enum rc
read_certificate(struct web *w, struct err *e)
{
	enum rc rc;

	if (w->set.desk.cert_pem.n == 0)
		return RC_OK;
	rc = web_fingerprint(&w->site.fingerprint, w->arena, w->set.desk.cert_pem, e);
	if (rc == RC_OK)
		w->certificate =
			file_body(w->set.desk.cert_pem, "application/x-pem-file; charset=utf-8");
	return rc;
}

enum rc
web_start(struct web **ret, const struct web_settings *set, struct err *e)
{
	struct web *w = MEM_NEW(struct web);
	enum rc rc;

	w->set = *set;
	w->arena = arena_new();
	pthread_mutex_init(&w->lock, NULL);
	pthread_mutex_init(&w->password_lock, NULL);
	pthread_mutex_init(&w->verify_lock, NULL);
	crypt_random(&w->attempts.seed, sizeof(w->attempts.seed));
	crypt_random(&w->asked.seed, sizeof(w->asked.seed));
	buf_init(&w->figures, 1 << 20);
	w->site.authority = set->desk.authority;
	w->site.contact = set->desk.contact;
	w->site.url = set->desk.url;
	w->style = style_body("style.css");
	w->desk_style = style_body("desk.css");
	rc = read_certificate(w, e);
	if (rc == RC_OK)
		rc = store_thread_start(&w->store, set->store, e);
	if (rc == RC_OK)
		rc = store_thread_read(w->store, read_site, w, e);
	if (rc == RC_OK)
		rc = web_look(w, e);
	if (rc == RC_OK)
		rc = http_server_start(&w->http, &set->http, route_answer, w, e);
	if (rc == RC_OK)
		*ret = w;
	else
		web_stop(&w);
	return rc;
}

const char *
web_url(const struct web *w)
{
	return http_server_url(w->http);
}

void
web_stop(struct web **pw)
{
	struct web *w = *pw;

	*pw = NULL;
	if (w == NULL)
		return;
	http_server_stop(&w->http, STOP_MS);
	store_thread_stop(&w->store);
	published_unref(&w->published);
	http_body_unref(&w->style);
	http_body_unref(&w->desk_style);
	http_body_unref(&w->certificate);
	buf_fini(&w->figures);
	pthread_mutex_destroy(&w->lock);
	pthread_mutex_destroy(&w->password_lock);
	pthread_mutex_destroy(&w->verify_lock);
	arena_free(&w->arena);
	mem_free(w);
}
