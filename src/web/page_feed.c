/*
 * page_feed.c — the Atom feed (RFC 4287): an entry for each CAP message. An
 * entry's id never changes; its `updated` does when the message begins or ends.
 */
#include "base/buf.h"
#include "web/html.h"
#include "web/page.h"

/* The id of a message, or of the feed when identifier is empty. */
static void
add_id(struct buf *b, const struct page_site *site, struct sv identifier)
{
	if (site->url.n > 0)
		html_put(b, "<id>{url}/", HTML(site->url));
	else
		html_put(b, "<id>urn:tocsin:{seg}:", HTML(site->installation));
	if (identifier.n > 0)
		html_put(b, "alert/{seg}</id>\n", HTML(identifier));
	else
		buf_adds(b, "feed.atom</id>\n");
}

static void
add_updated(struct buf *b, int64_t at)
{
	buf_adds(b, "<updated>");
	time_add_rfc3339(b, at);
	buf_adds(b, "</updated>\n");
}

/* Whole addresses where the site has one; in a mirror from file to file (RFC 3986, 5.2): there
 * the original may be out of reach. */
static void
add_link(struct buf *b, const struct page_site *site, const char *rel, const char *type,
	 struct page_target to)
{
	struct page_frame f = {.site = site};

	html_put(b, "<link rel=\"{}\" type=\"{}\" href=\"", HTML(sv_of(rel), sv_of(type)));
	if (site->mirror == NULL)
		html_url(b, site->url);
	page_link(b, &f, to);
	buf_adds(b, "\"/>\n");
}

static void
add_entry(struct buf *b, const struct page_site *site, const struct page_alert *a)
{
	const struct cap_info *info = a->cap->n_infos > 0 ? &a->cap->infos[0] : NULL;
	struct sv language = info != NULL ? cap_language(info) : SV("en");

	html_put(b, "<entry xml:lang=\"{}\">\n", HTML(language));
	add_id(b, site, a->identifier);
	html_put(b, "<title>{}{}{}</title>\n",
		 HTML(a->exercise ? sv_of(i18n(language, I18N_EXERCISE)) : SV_NONE,
		      a->exercise ? SV(": ") : SV_NONE,
		      info != NULL ? page_headline(info) : a->headline));
	add_updated(b, a->changed);
	buf_adds(b, "<published>");
	time_add_rfc3339(b, a->sent);
	buf_adds(b, "</published>\n");
	add_link(b, site, "alternate", "application/cap+xml",
		 (struct page_target){.place = PAGE_CAP, .identifier = a->identifier});
	add_link(b, site, "alternate", "text/html",
		 (struct page_target){.place = PAGE_ALERT, .identifier = a->identifier});
	html_put(b, "<category term=\"{}\"/>\n<category term=\"{}\"/>\n",
		 HTML(sv_of(cap_msgtype_name(a->cap->msgtype)), sv_of(alert_state_name(a->state))));
	if (info != NULL && info->description.n > 0)
		html_put(b, "<summary>{}</summary>\n", HTML(info->description));
	buf_adds(b, "</entry>\n");
}

void
page_feed(struct buf *b, const struct page_site *site, const struct page_alert *v, size_t n,
	  int64_t since)
{
	size_t i;

	buf_adds(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n");
	add_id(b, site, SV_NONE);
	html_put(b, "<title>{}{}</title>\n",
		 HTML(site->practice ? SV("EXERCISE: ") : SV_NONE, site->authority));
	add_updated(b, since);
	html_put(b, "<author><name>{}</name></author>\n", HTML(site->authority));
	add_link(b, site, "self", "application/atom+xml", (struct page_target){.place = PAGE_FEED});
	add_link(b, site, "alternate", "text/html", (struct page_target){.place = PAGE_LIST});
	for (i = 0; i < n; i++)
		add_entry(b, site, &v[i]);
	buf_adds(b, "</feed>\n");
}
