/*
 * session.c — see session.h.
 *
 * A one-time link is used up by the POST of its page, never by opening it:
 * mail scanners open links. Using it up, the new session and the audit row are
 * one transaction. A password is verified on a connection of its own, outside
 * the store thread, one at a time: it takes a tenth of a second of one core
 * and 64 MiB, and everybody else goes on meanwhile.
 */
#include "web/session.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"
#include "crypt/hash.h"
#include "desk/desk.h"
#include "store/store.h"
#include "web/answer.h"
#include "web/desk_page.h"
#include "web/html.h"
#include "web/web_int.h"

/* Officers of the desk as it may be read now. */
struct who {
	struct sv token;
	struct arena *arena;
	struct officer officer;
};

static enum rc
read_session(struct store *st, void *arg, struct err *e)
{
	struct who *k = arg;
	int64_t id;
	enum rc rc = session_check(st, k->token, time_now(), &id, e);

	if (rc == RC_OK)
		rc = officer_load(&k->officer, k->arena, st, id, e);
	if (rc == RC_OK && k->officer.disabled)
		rc = err_set(e, RC_DENIED, "the officer is disabled");
	return rc;
}

bool
session_admit(struct visit *v)
{
	struct who k = {.token = http_cookie(v->req, SESSION_COOKIE), .arena = v->arena};
	struct err e = ERR_INIT;
	enum rc rc = RC_DENIED;

	if (k.token.n > 0 && k.token.n <= 2 * TOKEN_CHARS)
		rc = store_thread_read(v->web->store, read_session, &k, &e);
	if (rc == RC_OK) {
		v->session = k.token;
		v->officer = k.officer;
		return true;
	}
	if (rc == RC_DENIED || rc == RC_NOTFOUND) {
		answer_see(v->res, SV(SESSION_SIGN_IN));
		return false;
	}
	log_event(LOG_WARN, "web.session", "error=\"%s\"", e.text);
	desk_page_failed(v, "The store does not answer.");
	return false;
}

/* "https://host:port" as in Origin; the scheme is the proxy's business. */
static bool
is_own_origin(struct sv origin, struct sv host)
{
	size_t at = sv_find(origin, SV("://"));

	return at < origin.n && host.n > 0 && sv_eq_nocase(sv_from(origin, at + 3), host);
}

bool
session_from_here(const struct visit *v)
{
	struct sv site = http_get_header(v->req, "Sec-Fetch-Site");
	struct sv origin = http_get_header(v->req, "Origin");
	bool ok = true;

	/* Programs other than browsers send neither; they hold no cookie of an officer's. */
	if (site.p != NULL)
		ok = sv_eq(site, SV("same-origin"));
	if (origin.p != NULL)
		ok = ok && is_own_origin(origin, http_get_header(v->req, "Host"));
	if (!ok)
		answer_line(v->res, 403, "this form was sent from another site");
	return ok;
}

static void
form_token(struct buf *b, struct sv session)
{
	struct sv parts[] = {SV("tocsin form"), session};
	unsigned char hash[HASH_BYTES];

	hash_parts(hash, parts, ARRAY_LEN(parts));
	buf_add_hex(b, (struct sv){(const char *)hash, sizeof(hash)});
}

/* Takes the same time wherever the difference lies. */
static bool
same_secret(struct sv a, struct sv b)
{
	unsigned differ = 0;
	size_t i;

	if (a.n != b.n)
		return false;
	for (i = 0; i < a.n; i++)
		differ |= (unsigned char)(a.p[i] ^ b.p[i]);
	return differ == 0;
}

bool
session_form_ok(const struct visit *v)
{
	struct buf want = BUF_INIT(128);
	bool ok;

	form_token(&want, v->session);
	ok = same_secret(http_form(v->req, SESSION_FIELD), buf_sv(&want));
	buf_fini(&want);
	if (!ok)
		answer_line(v->res, 403, "this form is not of this session: open the page anew");
	return ok;
}

void
session_add_field(struct buf *b, struct sv session)
{
	struct buf token = BUF_INIT(128);

	form_token(&token, session);
	html_put(b, "<input type=\"hidden\" name=\"" SESSION_FIELD "\" value=\"{}\">\n",
		 HTML(buf_sv(&token)));
	buf_fini(&token);
}

/* The sign-in page; trouble: what went wrong, or NULL. */
static void
add_page(const struct visit *v, unsigned status, struct sv token, struct sv name,
	 const char *trouble)
{
	struct buf *b = &v->res->body;

	v->res->status = status;
	answer_private_headers(v->res, ANSWER_HTML);
	desk_page_open(v, SV("Sign in"));
	buf_adds(b, "<h1>Sign in</h1>\n");
	if (trouble != NULL)
		html_put(b, "<p class=\"state\" role=\"alert\">{}</p>\n", HTML(sv_of(trouble)));
	if (token.n > 0) {
		html_put(b,
			 "<p>This link works once.</p>\n"
			 "<form method=\"post\" action=\"" SESSION_SIGN_IN "\">\n"
			 "<input type=\"hidden\" name=\"token\" value=\"{}\">\n"
			 "<button>Sign in</button>\n</form>\n",
			 HTML(token));
	} else if (v->web->site.practice) {
		buf_adds(b, "<p>In a practice installation officers sign in by a one-time link. "
			    "This command prints one:</p>\n"
			    "<p><code>tocsin signin --as NAME</code></p>\n");
	} else {
		html_put(b,
			 "<form method=\"post\" action=\"" SESSION_SIGN_IN "\">\n"
			 "<label for=\"name\">Name</label>\n"
			 "<input id=\"name\" name=\"name\" value=\"{}\" autocomplete=\"username\" "
			 "autocapitalize=\"none\" spellcheck=\"false\" required>\n"
			 "<label for=\"password\">Password</label>\n"
			 "<input id=\"password\" name=\"password\" type=\"password\" "
			 "autocomplete=\"current-password\" required>\n"
			 "<button>Sign in</button>\n</form>\n",
			 HTML(name));
	}
	desk_page_close(v);
}

void
session_page(const struct visit *v)
{
	add_page(v, 200, http_query(v->req, "token"), SV_NONE, NULL);
}

struct begin {
	struct web *web;
	struct sv token; /* the one-time link's; empty: officer has proved it */
	int64_t officer;
	struct token session;
};

static enum rc
write_session(struct store *st, void *arg, struct err *e)
{
	struct begin *k = arg;
	struct arena *a = arena_new();
	int64_t now = time_now();
	struct officer o = {0};
	struct desk d;
	enum rc rc = desk_open(&d, st, a, &k->web->set.desk, e);

	if (rc == RC_OK && k->token.n > 0)
		rc = signin_use(st, k->token, now, &k->officer, e);
	if (rc == RC_OK)
		rc = officer_load(&o, a, st, k->officer, e);
	if (rc == RC_OK && o.disabled)
		rc = err_set(e, RC_DENIED, "this officer is disabled");
	if (rc == RC_OK)
		rc = session_make(st, k->officer, now + SESSION_HOURS * 3600, &k->session, e);
	if (rc == RC_OK)
		rc = desk_note(&d, &o, "officer.signin", "officer", o.id,
			       k->token.n > 0 ? SV("by a one-time link") : SV("by password"), now,
			       e);
	arena_free(&a);
	return rc;
}

/* RC_DENIED; RC_TIMEOUT when too many ask at once. */
static enum rc
check_password(struct web *w, struct sv name, struct sv password, int64_t *ret_officer,
	       struct err *e)
{
	struct arena *a = arena_new();
	struct store *st = NULL;
	struct officer o;
	struct desk d;
	enum rc rc;

	if (pthread_mutex_trylock(&w->password_lock) != 0) {
		arena_free(&a);
		return err_set(e, RC_TIMEOUT, "somebody else is signing in");
	}
	rc = store_open(&st, w->set.store, STORE_READONLY, e);
	if (rc == RC_OK)
		rc = desk_open(&d, st, a, &w->set.desk, e);
	if (rc == RC_OK)
		rc = desk_sign_in(&d, name, password, &o, e);
	if (rc == RC_OK)
		*ret_officer = o.id;
	store_close(&st);
	pthread_mutex_unlock(&w->password_lock);
	arena_free(&a);
	return rc;
}

static bool
count_attempt(const struct visit *v, struct sv name)
{
	bool ok;

	pthread_mutex_lock(&v->web->lock);
	ok = attempts_allow(&v->web->attempts, name, http_peer(v->req), time_now());
	pthread_mutex_unlock(&v->web->lock);
	return ok;
}

static void
forgive(const struct visit *v, struct sv name)
{
	pthread_mutex_lock(&v->web->lock);
	attempts_forgive(&v->web->attempts, name);
	pthread_mutex_unlock(&v->web->lock);
}

static void
set_cookie(const struct visit *v, const char *value, int seconds)
{
	bool https = sv_starts(v->web->set.desk.url, SV("https://"));

	http_headerf(v->res, "Set-Cookie",
		     SESSION_COOKIE "=%s; Path=/desk; HttpOnly; SameSite=Strict; Max-Age=%d%s",
		     value, seconds, https ? "; Secure" : "");
}

static void
answer_begin(const struct visit *v, enum rc rc, const struct begin *k, struct sv name,
	     const struct err *e)
{
	if (rc == RC_OK) {
		answer_see(v->res, SV("/desk"));
		set_cookie(v, k->session.text, SESSION_HOURS * 3600);
	} else if (rc == RC_TIMEOUT) {
		add_page(v, 503, SV_NONE, name,
			 "Somebody else is signing in. Try again in a moment.");
		http_header(v->res, "Retry-After", SV("2"));
	} else if (rc == RC_DENIED || rc == RC_NOTFOUND) {
		add_page(v, 403, SV_NONE, name,
			 k->token.n > 0
				 ? "This link is unknown, was used, or is over. Ask for a new one."
				 : "The name or the password is wrong.");
	} else {
		log_event(LOG_WARN, "web.signin", "error=\"%s\"", e->text);
		desk_page_failed(v, "The store does not answer.");
	}
}

void
session_begin(const struct visit *v)
{
	struct begin k = {.web = v->web, .token = http_form(v->req, "token")};
	struct sv name = http_form(v->req, "name"), password = http_form(v->req, "password");
	struct err e = ERR_INIT;
	enum rc rc = RC_DENIED;

	if (!count_attempt(v, name)) {
		add_page(v, 429, SV_NONE, name, "Too many attempts. Try again in 15 minutes.");
		http_headerf(v->res, "Retry-After", "%d", ATTEMPTS_WINDOW_S);
		return;
	}
	if (k.token.n > 0)
		rc = RC_OK;
	else if (!v->web->site.practice && name.n <= LIMIT_NAME && password.n <= LIMIT_PASSWORD)
		rc = check_password(v->web, name, password, &k.officer, &e);
	if (rc == RC_OK)
		rc = store_thread_call(v->web->store, write_session, &k, &e);
	if (rc == RC_OK && name.n > 0)
		forgive(v, name);
	answer_begin(v, rc, &k, name, &e);
	mem_wipe(&k.session, sizeof(k.session));
}

static enum rc
write_end(struct store *st, void *arg, struct err *e)
{
	return session_end(st, *(const struct sv *)arg, e);
}

void
session_end_here(const struct visit *v)
{
	struct sv token = v->session;
	struct err e = ERR_INIT;

	if (store_thread_call(v->web->store, write_end, &token, &e) != RC_OK) {
		log_event(LOG_WARN, "web.signout", "error=\"%s\"", e.text);
		desk_page_failed(v, "The store does not answer.");
		return;
	}
	answer_see(v->res, SV(SESSION_SIGN_IN));
	set_cookie(v, "", 0);
}
