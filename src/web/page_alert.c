/*
 * page_alert.c — one alert as a page in one of its languages. First whether it
 * still holds, then what is said, in the order of DESIGN: headline, until when,
 * what is happening, what to do, where, whom to ask.
 */
#include "base/buf.h"
#include "desk/compose.h"
#include "web/html.h"
#include "web/page.h"

static void
add_state(struct buf *b, const struct page_frame *f, const struct page_alert *a, struct sv language)
{
	enum i18n_key key;

	switch (a->state) {
	case ALERT_UPDATED:
		key = I18N_WAS_UPDATED;
		break;
	case ALERT_CANCELLED:
		key = I18N_WAS_CANCELLED;
		break;
	case ALERT_EXPIRED:
		key = I18N_ENDED;
		break;
	default:
		return;
	}
	html_put(b, "<p class=\"state\"><strong>{}</strong>", HTML(sv_of(i18n(language, key))));
	if (a->newest.n > 0) {
		buf_addc(b, ' ');
		page_anchor(b, f, (struct page_target){PAGE_ALERT, a->newest, language},
			    sv_of(i18n(language, I18N_NEWEST)));
	}
	buf_adds(b, "</p>\n");
}

/* Texts come with paragraphs (an empty line between) or with a line for each point. */
static bool
next_point(struct sv *rest, bool paragraphs, struct sv *ret)
{
	while (rest->n > 0) {
		size_t end = paragraphs ? sv_find(*rest, SV("\n\n")) : sv_find_char(*rest, '\n');
		struct sv point = sv_trim(sv_head(*rest, end));

		*rest = sv_from(*rest, end + 1);
		if (point.n > 0) {
			*ret = point;
			return true;
		}
	}
	return false;
}

static bool
has_paragraphs(struct sv text)
{
	return sv_find(text, SV("\n\n")) < text.n;
}

/* Without the number or dash that the author may have put in front. */
static struct sv
without_mark(struct sv point)
{
	size_t i = 0;

	if (sv_starts(point, SV("- ")) || sv_starts(point, SV("* ")))
		return sv_trim(sv_from(point, 2));
	if (sv_starts(point, SV("• ")))
		return sv_trim(sv_from(point, sizeof("• ") - 1));
	while (i < point.n && i < 2 && point.p[i] >= '0' && point.p[i] <= '9')
		i++;
	if (i > 0 && i + 1 < point.n && (point.p[i] == '.' || point.p[i] == ')') &&
	    point.p[i + 1] == ' ')
		return sv_trim(sv_from(point, i + 2));
	return point;
}

static void
add_paragraphs(struct buf *b, struct sv text)
{
	bool paragraphs = has_paragraphs(text);
	struct sv point;

	while (next_point(&text, paragraphs, &point))
		html_put(b, "<p>{}</p>\n", HTML(point));
}

static void
add_steps(struct buf *b, struct sv text)
{
	bool paragraphs = has_paragraphs(text);
	struct sv rest = text, point;
	size_t n = 0;

	while (next_point(&rest, paragraphs, &point))
		n++;
	if (n < 2) {
		add_paragraphs(b, text);
		return;
	}
	buf_adds(b, "<ol>\n");
	while (next_point(&text, paragraphs, &point))
		html_put(b, "<li>{}</li>\n", HTML(without_mark(point)));
	buf_adds(b, "</ol>\n");
}

static void
add_title(struct buf *b, struct sv language, enum i18n_key key)
{
	html_put(b, "<h2>{}</h2>\n", HTML(sv_of(i18n(language, key))));
}

static void
add_places(struct buf *b, struct sv language, const struct cap_info *info)
{
	bool some = false;
	size_t i;

	for (i = 0; i < info->n_areas; i++) {
		if (info->areas[i].desc.n == 0)
			continue;
		if (!some) {
			add_title(b, language, I18N_WHERE);
			buf_adds(b, "<ul>\n");
		}
		html_put(b, "<li>{}</li>\n", HTML(info->areas[i].desc));
		some = true;
	}
	if (some)
		buf_adds(b, "</ul>\n");
}

static void
add_info(struct buf *b, const struct page_alert *a, const struct cap_info *info, struct sv language,
	 bool first)
{
	html_put(b, first ? "<h1>{}</h1>\n" : "<h2 class=\"part\">{}</h2>\n",
		 HTML(page_headline(info)));
	if (a->cap->msgtype != CAP_MSGTYPE_CANCEL) {
		buf_adds(b, "<p class=\"until\">");
		page_say(b, language, I18N_IN_FORCE_UNTIL);
		buf_adds(b, " <strong>");
		page_time(b, info->expires.ok ? info->expires.at : a->expires);
		buf_adds(b, "</strong></p>\n");
	}
	if (info->description.n > 0) {
		add_title(b, language, I18N_HAPPENING);
		add_paragraphs(b, info->description);
	}
	if (info->instruction.n > 0) {
		add_title(b, language, I18N_TO_DO);
		add_steps(b, info->instruction);
	}
	add_places(b, language, info);
	if (info->contact.n > 0) {
		add_title(b, language, I18N_CONTACT);
		html_put(b, "<p><bdi>{}</bdi></p>\n", HTML(info->contact));
	}
	if (info->web.n > 0 && html_url_ok(info->web)) {
		add_title(b, language, I18N_MORE_INFORMATION);
		html_put(b, "<p><a href=\"{url}\" dir=\"ltr\" rel=\"noreferrer\">{}</a></p>\n",
			 HTML(info->web, info->web));
	}
}

/* Whether an earlier info has the same language. */
static bool
is_repeated(const struct cap_alert *cap, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (sv_eq_nocase(cap_language(&cap->infos[i]), cap_language(&cap->infos[at])))
			return true;
	return false;
}

static void
add_languages(struct buf *b, const struct page_frame *f, const struct page_alert *a,
	      struct sv language)
{
	bool some = false;
	size_t i;

	for (i = 0; i < a->cap->n_infos; i++) {
		struct sv tag = cap_language(&a->cap->infos[i]);
		const char *name = i18n_name(tag);

		if (sv_eq_nocase(tag, language) || is_repeated(a->cap, i))
			continue;
		if (!some)
			html_put(b, "<nav aria-label=\"{}\"><ul class=\"languages\">\n",
				 HTML(sv_of(i18n(language, I18N_OTHER_LANGUAGES))));
		some = true;
		buf_adds(b, "<li><a href=\"");
		page_link(b, f, (struct page_target){PAGE_ALERT, a->identifier, tag});
		html_put(b, "\" lang=\"{}\" hreflang=\"{}\">{}</a></li>\n",
			 HTML(tag, tag, name != NULL ? sv_of(name) : tag));
	}
	if (some)
		buf_adds(b, "</ul></nav>\n");
}

static enum i18n_key
kind_of(const struct cap_alert *cap)
{
	switch (cap->msgtype) {
	case CAP_MSGTYPE_UPDATE:
		return I18N_UPDATE;
	case CAP_MSGTYPE_CANCEL:
		return I18N_CANCELLED;
	default:
		return I18N_SECURITY_ALERT;
	}
}

/* The code, and the page that takes it: as text too, for paper. */
static void
add_check(struct buf *b, const struct page_frame *f, const struct page_alert *a, struct sv language)
{
	html_put(b, "<p>{}: <strong class=\"code\" dir=\"ltr\">{}</strong><br>\n",
		 HTML(sv_of(i18n(language, I18N_ALERT_CODE)), a->code));
	page_anchor(b, f, (struct page_target){.place = PAGE_VERIFY, .language = language},
		    sv_of(i18n(language, I18N_IS_GENUINE)));
	if (f->site->url.n > 0)
		html_put(b, " <bdi>{}/verify</bdi>", HTML(f->site->url));
	buf_adds(b, "</p>\n");
}

static void
add_origin(struct buf *b, const struct page_frame *f, const struct page_alert *a,
	   struct sv language)
{
	buf_adds(b, "<footer id=\"genuine\">\n<p>");
	page_say(b, language, I18N_ISSUED_BY);
	html_put(b, " <bdi>{}</bdi><br>", HTML(f->authority));
	page_say(b, language, I18N_ISSUED);
	buf_addc(b, ' ');
	page_time(b, a->cap->sent.at);
	if (f->site->contact.n > 0)
		html_put(b, "<br>{}: <bdi>{}</bdi>",
			 HTML(sv_of(i18n(language, I18N_CONTACT)), f->site->contact));
	buf_adds(b, "</p>\n");
	if (a->code.n > 0)
		add_check(b, f, a, language);
	buf_adds(b, "<p>");
	if (a->cap->n_signatures > 0) {
		page_say(b, language, I18N_SIGNED);
		buf_addc(b, ' ');
	}
	page_anchor(b, f, (struct page_target){.place = PAGE_CAP, .identifier = a->identifier},
		    sv_of(i18n(language, I18N_SIGNED_FILE)));
	buf_adds(b, "</p>\n</footer>\n");
}

/* Everything that a reader of that language is told, as messages tell it. A block that is
 * not in the language is in its own. False: there is nothing. */
static bool
add_words(struct buf *b, const struct page_alert *a, struct sv language, bool first)
{
	bool some = false;
	size_t i;

	for (i = 0; i < a->cap->n_infos; i++) {
		const struct cap_info *info = &a->cap->infos[i];
		struct sv tag = cap_language(info);
		bool other = !sv_eq_nocase(tag, language);

		if (!compose_tells(a->cap, i, language))
			continue;
		if (other)
			html_put(b, "<section lang=\"{}\" dir=\"{}\">\n",
				 HTML(tag, i18n_rtl(tag) ? SV("rtl") : SV("ltr")));
		add_info(b, a, info, tag, first && !some);
		if (other)
			buf_adds(b, "</section>\n");
		some = true;
	}
	return some;
}

void
page_alert_words(struct buf *b, const struct page_frame *f, const struct page_alert *a,
		 struct sv language)
{
	html_put(b, "<section class=\"words\" lang=\"{}\" dir=\"{}\">\n",
		 HTML(language, i18n_rtl(language) ? SV("rtl") : SV("ltr")));
	add_state(b, f, a, language);
	if (!add_words(b, a, language, false))
		html_put(b, "<p>{}</p>\n", HTML(a->headline));
	buf_adds(b, "</section>\n<p>");
	page_anchor(b, f, (struct page_target){PAGE_ALERT, a->identifier, language},
		    sv_of(i18n(f->language, I18N_FULL_ALERT)));
	buf_adds(b, "</p>\n");
}

void
page_other_language(struct buf *b, struct sv language)
{
	html_put(b, "<p class=\"state\" lang=\"{}\" dir=\"{}\">{}</p>\n",
		 HTML(language, i18n_rtl(language) ? SV("rtl") : SV("ltr"),
		      sv_of(i18n(language, I18N_OTHER_LANGUAGE))));
}

void
page_alert(struct buf *b, const struct page_site *site, const struct page_alert *a,
	   struct sv language, size_t *ret_note)
{
	const struct cap_info *info = page_alert_info(a, language);
	struct page_frame f = {
		.language = language,
		.title = info != NULL ? page_headline(info) : a->headline,
		.authority = site->authority,
		.exercise = a->exercise,
		.site = site,
		.deep = true,
	};

	page_open(b, &f);
	html_put(b, "<p class=\"kind\"><span>{}</span>",
		 HTML(sv_of(i18n(language, kind_of(a->cap)))));
	if (a->cap->n_signatures > 0)
		html_put(b, " <a href=\"#genuine\">{}</a>",
			 HTML(sv_of(i18n(language, I18N_GENUINE))));
	buf_adds(b, "</p>\n");
	*ret_note = b->n;
	add_state(b, &f, a, language);
	if (!add_words(b, a, language, true))
		html_put(b, "<h1>{}</h1>\n", HTML(a->headline));
	add_origin(b, &f, a, language);
	add_languages(b, &f, a, language);
	page_close(b, &f);
}
