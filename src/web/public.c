/*
 * public.c — the public pages and feeds: a shared body, found and sent. None of
 * these asks the store.
 */
#include "web/public.h"
#include "base/i18n.h"
#include "web/answer.h"
#include "web/language.h"
#include "web/web_int.h"

void
public_wanted(struct buf *b, const struct http_request *req)
{
	struct sv chosen = http_query(req, "lang");

	if (language_is_tag(chosen)) {
		buf_add(b, chosen);
		buf_addc(b, ';');
	}
	language_wanted(b, http_get_header(req, "Accept-Language"));
}

struct sv
public_catalogue(struct sv languages)
{
	struct sv_split split = sv_split_of(languages, ';');
	struct sv tag;

	while (sv_split_next(&split, &tag)) {
		const char *match = i18n_match(tag)->tag;
		struct sv primary = sv_head(tag, sv_find_char(tag, '-'));

		if (tag.n > 0 &&
		    (!sv_eq(sv_of(match), SV("en")) || sv_eq_nocase(primary, SV("en"))))
			return sv_of(match);
	}
	return SV("en");
}

static void
share(const struct visit *v, struct http_body *body)
{
	if (body == NULL)
		public_missing(v);
	else
		v->res->shared = http_body_ref(body);
}

void
public_list(const struct visit *v)
{
	struct buf languages = BUF_INIT(PUBLIC_LANGUAGES);
	struct published *p = web_published(v->web);
	int64_t restored = atomic_load(&v->web->restored);
	struct sv language;

	public_wanted(&languages, v->req);
	language = public_catalogue(buf_sv(&languages));
	if (web_is_fresh(v->web) && restored == 0) {
		share(v, published_page(p, PAGE_LIST, language));
	} else {
		answer_private_headers(v->res, ANSWER_HTML);
		published_stale_list(&v->res->body, p, language,
				     restored != 0 ? restored : atomic_load(&v->web->looked));
	}
	published_unref(&p);
	buf_fini(&languages);
}

void
public_alert(const struct visit *v)
{
	struct buf languages = BUF_INIT(PUBLIC_LANGUAGES);
	struct published *p = web_published(v->web);
	struct sv wanted, shown;

	public_wanted(&languages, v->req);
	wanted = buf_sv(&languages);
	if (published_other_language(&v->res->body, p, v->part, wanted, public_catalogue(wanted),
				     &shown) &&
	    language_is_tag(shown))
		answer_page_headers(v->res, shown);
	else
		share(v, published_alert(p, v->part, wanted));
	published_unref(&p);
	buf_fini(&languages);
}

void
public_xml(const struct visit *v)
{
	struct published *p = web_published(v->web);

	share(v, published_xml(p, v->part));
	published_unref(&p);
}

void
public_feed(const struct visit *v)
{
	struct published *p = web_published(v->web);

	share(v, published_feed(p));
	published_unref(&p);
}

void
public_style(const struct visit *v)
{
	share(v, v->web->style);
}

void
public_certificate(const struct visit *v)
{
	share(v, v->web->certificate);
}

void
public_fingerprint(const struct visit *v)
{
	struct buf languages = BUF_INIT(PUBLIC_LANGUAGES);
	struct published *p = web_published(v->web);

	public_wanted(&languages, v->req);
	share(v, published_page(p, PAGE_FINGERPRINT, public_catalogue(buf_sv(&languages))));
	published_unref(&p);
	buf_fini(&languages);
}

void
public_desk_style(const struct visit *v)
{
	share(v, v->web->desk_style);
}

void
public_health(const struct visit *v)
{
	if (web_is_fresh(v->web))
		answer_line(v->res, 200, "ok");
	else if (atomic_load(&v->web->look_failed))
		answer_line(v->res, 503, "the store does not answer");
	else
		answer_line(v->res, 503, "the last look into the store is older than 10 seconds");
}

void
public_missing(const struct visit *v)
{
	struct buf languages = BUF_INIT(PUBLIC_LANGUAGES);

	public_wanted(&languages, v->req);
	v->res->status = 404;
	answer_private_headers(v->res, ANSWER_HTML);
	page_missing(&v->res->body, &v->web->site, public_catalogue(buf_sv(&languages)));
	buf_fini(&languages);
}
