/*
 * page.c — what the public pages share, the list, and "no such page".
 */
#include "web/page.h"
#include "base/buf.h"
#include "web/html.h"

static void
add_band(struct buf *b, const struct page_frame *f)
{
	if (f->exercise)
		html_put(b, "<p class=\"band\"><strong>{}</strong> <span>{}</span></p>\n",
			 HTML(sv_of(i18n(f->language, I18N_EXERCISE)),
			      sv_of(i18n(f->language, I18N_EXERCISE_NOTE))));
}

void
page_head(struct buf *b, const struct page_frame *f)
{
	html_put(b,
		 "<!DOCTYPE html>\n"
		 "<html lang=\"{}\" dir=\"{}\">\n"
		 "<head>\n"
		 "<meta charset=\"utf-8\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<title>",
		 HTML(f->language, i18n_rtl(f->language) ? SV("rtl") : SV("ltr")));
	if (f->exercise)
		html_put(b, "{}: ", HTML(sv_of(i18n(f->language, I18N_EXERCISE))));
	html_put(b, "{}</title>\n<link rel=\"stylesheet\" href=\"", HTML(f->title));
	if (f->style.n > 0)
		html_url(b, f->style);
	else
		page_link(b, f, (struct page_target){.place = PAGE_STYLE});
	buf_adds(b, "\">\n<link rel=\"alternate\" type=\"application/atom+xml\" href=\"");
	page_link(b, f, (struct page_target){.place = PAGE_FEED});
	buf_adds(b, "\">\n</head>\n<body>\n");
	add_band(b, f);
}

/* Of what this is a copy, and until when. */
static void
add_copy(struct buf *b, const struct page_frame *f)
{
	const struct page_mirror *m = f->site->mirror;

	html_put(b, "<p class=\"copy\">{} <bdi>{}</bdi>. {}: ",
		 HTML(sv_of(i18n(f->language, I18N_COPY_OF)), m->origin,
		      sv_of(i18n(f->language, I18N_COPY_MADE))));
	page_time(b, (struct time_at){m->made, 0});
	html_put(b, ". {} ", HTML(sv_of(i18n(f->language, I18N_COPY_NEXT))));
	page_time(b, (struct time_at){m->until, 0});
	html_put(b, ". {}</p>\n", HTML(sv_of(i18n(f->language, I18N_COPY_OLD))));
}

void
page_open(struct buf *b, const struct page_frame *f)
{
	struct page_target list = {.place = PAGE_LIST};

	if (f->site->mirror != NULL)
		list.language = f->language;
	page_head(b, f);
	buf_adds(b, "<header>");
	page_anchor(b, f, list, f->authority);
	buf_adds(b, "</header>\n<main>\n");
	if (f->site->mirror != NULL)
		add_copy(b, f);
}

void
page_close(struct buf *b, const struct page_frame *f)
{
	buf_adds(b, "</main>\n");
	add_band(b, f);
	buf_adds(b, "</body>\n</html>\n");
}

struct page_frame
page_frame_of(const struct page_site *site, struct sv language, enum i18n_key title)
{
	return (struct page_frame){
		.language = language,
		.title = sv_of(i18n(language, title)),
		.authority = site->authority,
		.exercise = site->practice,
		.site = site,
	};
}

void
page_say(struct buf *b, struct sv language, enum i18n_key key)
{
	html_text(b, sv_of(i18n(language, key)));
}

/* "2026-11-23 08:20 (UTC+04:00)": read alike in every language. */
void
page_time(struct buf *b, struct time_at t)
{
	struct buf iso = BUF_INIT(64);
	struct sv s;
	struct sv offset;

	time_add_cap(&iso, t);
	s = buf_sv(&iso);
	offset = sv_from(s, 19);
	html_put(b, "<time datetime=\"{}{}\" dir=\"ltr\">{} {} (UTC{})</time>",
		 HTML(sv_head(s, 19), t.offset_min == 0 ? SV("Z") : offset, sv_head(s, 10),
		      sv_head(sv_from(s, 11), 5), t.offset_min == 0 ? SV_NONE : offset));
	buf_fini(&iso);
}

bool
page_alert_in_force(const struct page_alert *a)
{
	return a->state == ALERT_LIVE && a->cap->msgtype != CAP_MSGTYPE_CANCEL;
}

const struct cap_info *
page_alert_info(const struct page_alert *a, struct sv language)
{
	size_t i;

	for (i = 0; i < a->cap->n_infos; i++)
		if (sv_eq_nocase(cap_language(&a->cap->infos[i]), language))
			return &a->cap->infos[i];
	return a->cap->n_infos > 0 ? &a->cap->infos[0] : NULL;
}

struct sv
page_headline(const struct cap_info *info)
{
	return info->headline.n > 0 ? info->headline : info->event;
}

/* The info nearest to a language of the list: the same tag, else the same primary
 * subtag, else English, else the first. */
static const struct cap_info *
nearest_info(const struct page_alert *a, struct sv language)
{
	const struct cap_info *english = NULL;
	size_t i;

	for (i = 0; i < a->cap->n_infos; i++) {
		struct sv tag = cap_language(&a->cap->infos[i]);
		struct sv head = sv_head(tag, sv_find_char(tag, '-'));

		if (sv_eq_nocase(head, language))
			return &a->cap->infos[i];
		if (english == NULL && sv_eq_nocase(head, SV("en")))
			english = &a->cap->infos[i];
	}
	return english != NULL ? english : page_alert_info(a, language);
}

static void
add_item(struct buf *b, const struct page_frame *f, const struct page_alert *a)
{
	const struct cap_info *info = nearest_info(a, f->language);
	struct sv tag = info != NULL ? cap_language(info) : f->language;
	size_t i;

	html_put(b, "<li lang=\"{}\" dir=\"{}\"><h2>",
		 HTML(tag, i18n_rtl(tag) ? SV("rtl") : SV("ltr")));
	page_anchor(b, f, (struct page_target){PAGE_ALERT, a->identifier, tag},
		    info != NULL ? page_headline(info) : a->headline);
	buf_adds(b, "</h2>\n");
	if (page_alert_in_force(a)) {
		buf_adds(b, "<p>");
		page_say(b, tag, I18N_IN_FORCE_UNTIL);
		buf_addc(b, ' ');
		page_time(b, a->expires);
		buf_adds(b, "</p>\n");
	}
	for (i = 0; info != NULL && i < info->n_areas && i < 3; i++)
		if (info->areas[i].desc.n > 0)
			html_put(b, "<p class=\"area\">{}</p>\n", HTML(info->areas[i].desc));
	buf_adds(b, "</li>\n");
}

void
page_languages(struct buf *b, const struct page_frame *f, enum page_place place)
{
	const struct i18n_language *l;
	size_t i;

	html_put(b, "<nav aria-label=\"{}\"><ul class=\"languages\">\n",
		 HTML(sv_of(i18n(f->language, I18N_OTHER_LANGUAGES))));
	for (i = 0; (l = i18n_at(i)) != NULL; i++) {
		struct sv tag = sv_of(l->tag);

		if (sv_eq(tag, f->language))
			continue;
		buf_adds(b, "<li><a href=\"");
		page_link(b, f, (struct page_target){.place = place, .language = tag});
		html_put(b, "\" lang=\"{}\" hreflang=\"{}\">{}</a></li>\n",
			 HTML(tag, tag, sv_of(l->name)));
	}
	buf_adds(b, "</ul></nav>\n");
}

static void
add_items(struct buf *b, const struct page_frame *f, const struct page_alert *v, size_t n,
	  bool in_force)
{
	size_t i;

	buf_adds(b, "<ul class=\"alerts\">\n");
	for (i = 0; i < n; i++)
		if (v[i].state == ALERT_LIVE && page_alert_in_force(&v[i]) == in_force)
			add_item(b, f, &v[i]);
	buf_adds(b, "</ul>\n");
}

void
page_list(struct buf *b, const struct page_site *site, const struct page_alert *v, size_t n,
	  struct sv language, size_t *ret_from, size_t *ret_to)
{
	struct page_frame f = page_frame_of(site, language, I18N_IN_FORCE);
	size_t in_force = 0, withdrawn = 0, i;

	for (i = 0; i < n; i++) {
		in_force += page_alert_in_force(&v[i]);
		withdrawn += v[i].state == ALERT_LIVE && !page_alert_in_force(&v[i]);
	}
	page_open(b, &f);
	html_put(b, "<h1>{}</h1>\n", HTML(f.title));
	*ret_from = b->n;
	if (in_force == 0)
		html_put(b, "<p>{}</p>\n", HTML(sv_of(i18n(language, I18N_NONE_IN_FORCE))));
	*ret_to = b->n;
	if (in_force > 0)
		add_items(b, &f, v, n, true);
	if (withdrawn > 0) {
		html_put(b, "<h2 class=\"part\">{}</h2>\n",
			 HTML(sv_of(i18n(language, I18N_CANCELLED))));
		add_items(b, &f, v, n, false);
	}
	if (site->contact.n > 0)
		html_put(b, "<p>{}: <bdi>{}</bdi></p>\n",
			 HTML(sv_of(i18n(language, I18N_CONTACT)), site->contact));
	buf_adds(b, "<p>");
	page_anchor(b, &f, (struct page_target){.place = PAGE_VERIFY, .language = language},
		    sv_of(i18n(language, I18N_VERIFY)));
	buf_adds(b, "<br>\n");
	page_anchor(b, &f, (struct page_target){.place = PAGE_FEED},
		    sv_of(i18n(language, I18N_FEED)));
	buf_adds(b, "</p>\n");
	page_languages(b, &f, PAGE_LIST);
	page_close(b, &f);
}

void
page_notice(struct buf *b, struct sv language, int64_t last_look)
{
	html_put(b, "<p class=\"state\"><strong>{}</strong> ",
		 HTML(sv_of(i18n(language, I18N_CANNOT_LOOK))));
	page_say(b, language, I18N_LAST_CHECKED);
	buf_adds(b, ": ");
	page_time(b, (struct time_at){last_look, 0});
	buf_adds(b, "</p>\n");
}

void
page_missing(struct buf *b, const struct page_site *site, struct sv language)
{
	struct page_frame f = page_frame_of(site, language, I18N_NOT_FOUND);

	page_open(b, &f);
	html_put(b, "<h1>{}</h1>\n<p>", HTML(f.title));
	page_anchor(b, &f, (struct page_target){.place = PAGE_LIST},
		    sv_of(i18n(language, I18N_IN_FORCE)));
	buf_adds(b, "</p>\n");
	page_close(b, &f);
}
