/*
 * public_verify.c — the requests of /verify. Nothing that comes in is kept or logged.
 *
 * Each code that is nobody's and each message counts for its address; over the bound nothing
 * is answered for a while, right or wrong, so that codes cannot be found by trying. A large
 * message costs a core for a moment: one at a time.
 */
#include "base/limits.h"
#include "base/time.h"
#include "web/answer.h"
#include "web/page_verify.h"
#include "web/public.h"
#include "web/verify.h"
#include "web/web_int.h"

#define LARGE (64 * KIB)

struct ask {
	const struct visit *v;
	struct buf languages;
	struct sv language; /* of the answer */
	int64_t now;
};

static void
begin(struct ask *k, const struct visit *v)
{
	*k = (struct ask){.v = v, .languages = BUF_INIT(PUBLIC_LANGUAGES), .now = time_now()};
	public_wanted(&k->languages, v->req);
	k->language = public_catalogue(buf_sv(&k->languages));
}

/* The form again, with what is wrong. */
static void
answer_trouble(const struct ask *k, unsigned status, enum i18n_key trouble)
{
	k->v->res->status = status;
	answer_private_headers(k->v->res, ANSWER_HTML);
	page_verify(&k->v->res->body, &k->v->web->site, k->language, trouble);
}

static void
answer_verdict(const struct ask *k, const struct verify *verdict)
{
	struct web *w = k->v->web;
	int64_t restored = atomic_load(&w->restored), stale = 0;

	if (!web_is_fresh(w) || restored != 0)
		stale = restored != 0 ? restored : atomic_load(&w->looked);
	answer_private_headers(k->v->res, ANSWER_HTML);
	page_verdict(&k->v->res->body, &w->site, k->language, buf_sv(&k->languages), verdict,
		     stale);
}

/* Behind a proxy everybody has the proxy's address: there the proxy limits. */
static bool
is_limited(const struct ask *k)
{
	return k->v->web->set.http.per_address != 0;
}

static bool
may_ask(const struct ask *k)
{
	struct web *w = k->v->web;
	bool ok;

	if (!is_limited(k))
		return true;
	pthread_mutex_lock(&w->lock);
	ok = attempts_left(&w->asked, http_peer(k->v->req), ATTEMPTS_ASKED, k->now);
	pthread_mutex_unlock(&w->lock);
	if (!ok) {
		answer_trouble(k, 429, I18N_TOO_OFTEN);
		http_headerf(k->v->res, "Retry-After", "%d", ATTEMPTS_WINDOW_S);
	}
	return ok;
}

static void
count(const struct ask *k)
{
	struct web *w = k->v->web;

	pthread_mutex_lock(&w->lock);
	attempts_count(&w->asked, http_peer(k->v->req), k->now);
	pthread_mutex_unlock(&w->lock);
}

static void
ask_code(const struct ask *k, struct sv code)
{
	struct published *p;
	struct verify verdict;

	if (!may_ask(k))
		return;
	p = web_published(k->v->web);
	verify_code(&verdict, p, code);
	if (verdict.verdict == VERIFY_NO_SUCH_CODE)
		count(k);
	answer_verdict(k, &verdict);
	published_unref(&p);
}

void
public_verify(const struct visit *v)
{
	struct sv code = http_query(v->req, "code");
	struct published *p;
	struct ask k;

	begin(&k, v);
	if (code.p == NULL) {
		p = web_published(v->web);
		v->res->shared = http_body_ref(published_page(p, PAGE_VERIFY, k.language));
		published_unref(&p);
	} else if (sv_trim(code).n == 0) {
		answer_trouble(&k, 400, I18N_VERIFY_NOTHING);
	} else {
		ask_code(&k, code);
	}
	buf_fini(&k.languages);
}

static void
ask_text(const struct ask *k, struct sv text)
{
	struct web *w = k->v->web;
	bool large = text.n > LARGE;
	struct published *p;
	struct verify verdict;

	if (!may_ask(k))
		return;
	count(k);
	if (large && pthread_mutex_trylock(&w->verify_lock) != 0) {
		answer_trouble(k, 503, I18N_BUSY);
		http_header(k->v->res, "Retry-After", SV("2"));
		return;
	}
	p = web_published(w);
	verify_text(&verdict, p, text, w->set.desk.cert_pem, k->now);
	if (large)
		pthread_mutex_unlock(&w->verify_lock);
	answer_verdict(k, &verdict);
	published_unref(&p);
}

void
public_verify_text(const struct visit *v)
{
	struct sv file = http_form_file(v->req, "file"), text = http_form(v->req, "text");
	struct sv code = http_form(v->req, "code");
	struct ask k;

	begin(&k, v);
	if (file.n > 0)
		ask_text(&k, file);
	else if (sv_trim(text).n > 0)
		ask_text(&k, text);
	else if (sv_trim(code).n > 0)
		ask_code(&k, code);
	else
		answer_trouble(&k, 400, I18N_VERIFY_NOTHING);
	buf_fini(&k.languages);
}
