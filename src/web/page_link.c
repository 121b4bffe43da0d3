/*
 * page_link.c — the addresses of the pages: paths of the server, or files of a mirror that
 * find each other wherever they stand.
 */
#include "base/buf.h"
#include "web/html.h"
#include "web/page.h"

/* "index", "index.ru" … */
static void
add_name(struct buf *b, const char *name, struct sv language)
{
	buf_adds(b, name);
	if (language.n > 0) {
		buf_addc(b, '.');
		html_segment(b, language);
	}
	buf_adds(b, ".html");
}

void
page_file(struct buf *b, struct page_target to)
{
	switch (to.place) {
	case PAGE_LIST:
		add_name(b, "index", to.language);
		break;
	case PAGE_ALERT:
		buf_adds(b, "alert/");
		html_segment(b, to.identifier);
		add_name(b, "", to.language);
		break;
	case PAGE_CAP:
		buf_adds(b, "alert/");
		html_segment(b, to.identifier);
		buf_adds(b, ".xml");
		break;
	case PAGE_FEED:
		buf_adds(b, "feed.atom");
		break;
	case PAGE_STYLE:
		buf_adds(b, "style.css");
		break;
	case PAGE_VERIFY:
		add_name(b, "verify", to.language);
		break;
	case PAGE_FINGERPRINT:
		add_name(b, "fingerprint", to.language);
		break;
	case PAGE_CERTIFICATE:
		buf_adds(b, "certificate.pem");
		break;
	}
}

static void
add_path(struct buf *b, struct page_target to)
{
	switch (to.place) {
	case PAGE_LIST:
		buf_addc(b, '/');
		break;
	case PAGE_ALERT:
		buf_adds(b, "/alert/");
		html_segment(b, to.identifier);
		break;
	case PAGE_VERIFY:
		buf_adds(b, "/verify");
		break;
	case PAGE_FINGERPRINT:
		buf_adds(b, "/fingerprint");
		break;
	case PAGE_CAP:
	case PAGE_FEED:
	case PAGE_STYLE:
	case PAGE_CERTIFICATE:
		buf_addc(b, '/');
		page_file(b, to);
		return;
	}
	if (to.language.n > 0) {
		buf_adds(b, "?lang=");
		html_segment(b, to.language);
	}
}

void
page_link(struct buf *b, const struct page_frame *f, struct page_target to)
{
	if (f->site == NULL || f->site->mirror == NULL) {
		add_path(b, to);
		return;
	}
	if (f->deep)
		buf_adds(b, "../");
	/* Only alerts have pages in languages that the program does not know. */
	if (to.place != PAGE_ALERT && to.language.n > 0)
		to.language = sv_of(i18n_match(to.language)->tag);
	page_file(b, to);
}

void
page_anchor(struct buf *b, const struct page_frame *f, struct page_target to, struct sv text)
{
	buf_adds(b, "<a href=\"");
	page_link(b, f, to);
	html_put(b, "\">{}</a>", HTML(text));
}
