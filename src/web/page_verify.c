/*
 * page_verify.c — see page_verify.h. The answer is the page's heading: a sign and words, never
 * a colour alone. Then what to do, then the true text where we have it.
 */
#include "web/page_verify.h"
#include "base/buf.h"
#include "cap/cap_choose.h"
#include "web/html.h"
#include "web/page.h"
#include "web/verify.h"

#define CODE_EXAMPLE "ABCD-EFGH-JKMN"

static void
add_sentence(struct buf *b, struct sv language, enum i18n_key key)
{
	html_put(b, "<p>{}</p>\n", HTML(sv_of(i18n(language, key))));
}

static void
add_contact(struct buf *b, const struct page_frame *f)
{
	if (f->site->contact.n > 0)
		html_put(b, "<p>{}: <bdi>{}</bdi></p>\n",
			 HTML(sv_of(i18n(f->language, I18N_CONTACT)), f->site->contact));
}

static void
add_fingerprint_link(struct buf *b, const struct page_frame *f)
{
	if (f->site->fingerprint.n == 0)
		return;
	buf_adds(b, "<p>");
	page_anchor(b, f, (struct page_target){.place = PAGE_FINGERPRINT, .language = f->language},
		    sv_of(i18n(f->language, I18N_FINGERPRINT)));
	buf_adds(b, "</p>\n");
}

/* By GET: a code is no secret, and the answer can be sent on as a link. */
static void
add_code_form(struct buf *b, struct sv language)
{
	html_put(b,
		 "<form action=\"/verify\">\n"
		 "<input type=\"hidden\" name=\"lang\" value=\"{}\">\n"
		 "<label for=\"code\">{}</label>\n"
		 "<p class=\"hint\" id=\"code-hint\">{} <bdi class=\"code\">" CODE_EXAMPLE
		 "</bdi></p>\n"
		 "<input id=\"code\" name=\"code\" dir=\"ltr\" maxlength=\"60\" "
		 "autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" "
		 "aria-describedby=\"code-hint\">\n"
		 "<button>{}</button>\n</form>\n",
		 HTML(language, sv_of(i18n(language, I18N_VERIFY_CODE)),
		      sv_of(i18n(language, I18N_VERIFY_CODE_HINT)),
		      sv_of(i18n(language, I18N_VERIFY_BUTTON))));
}

static void
add_text_form(struct buf *b, struct sv language)
{
	html_put(b,
		 "<form method=\"post\" enctype=\"multipart/form-data\" "
		 "action=\"/verify?lang={seg}\">\n"
		 "<label for=\"text\">{}</label>\n"
		 "<p class=\"hint\" id=\"text-hint\">{}</p>\n"
		 "<textarea id=\"text\" name=\"text\" rows=\"6\" dir=\"auto\" autocomplete=\"off\" "
		 "spellcheck=\"false\" aria-describedby=\"text-hint\"></textarea>\n"
		 "<label for=\"file\">{}</label>\n"
		 "<input id=\"file\" name=\"file\" type=\"file\">\n"
		 "<button>{}</button>\n</form>\n",
		 HTML(language, sv_of(i18n(language, I18N_VERIFY_PASTE)),
		      sv_of(i18n(language, I18N_VERIFY_PASTE_HINT)),
		      sv_of(i18n(language, I18N_VERIFY_FILE)),
		      sv_of(i18n(language, I18N_VERIFY_BUTTON))));
}

/* A mirror has no server behind it. */
static void
add_commands(struct buf *b, const struct page_frame *f)
{
	if (f->site->url.n > 0)
		html_put(b, "<p>{}: <a href=\"{url}/verify\">{}/verify</a></p>\n",
			 HTML(sv_of(i18n(f->language, I18N_CHECK_AT)), f->site->url, f->site->url));
	add_sentence(b, f->language, I18N_COPY_CHECK);
	buf_adds(b, "<pre dir=\"ltr\" tabindex=\"0\">"
		    "openssl x509 -in certificate.pem -noout -fingerprint -sha256\n"
		    "openssl x509 -in certificate.pem -noout -pubkey &gt; key.pem\n"
		    "openssl dgst -sha256 -verify key.pem \\\n"
		    "  -signature SHA256SUMS.sig SHA256SUMS\n"
		    "sha256sum --check SHA256SUMS\n"
		    "xmlsec1 --verify --trusted-pem certificate.pem \\\n"
		    "  alert/IDENTIFIER.xml</pre>\n");
}

void
page_verify(struct buf *b, const struct page_site *site, struct sv language, enum i18n_key trouble)
{
	struct page_frame f = page_frame_of(site, language, I18N_VERIFY);

	page_open(b, &f);
	if (trouble != I18N_KEYS)
		html_put(b,
			 "<p class=\"state\" role=\"alert\"><strong>{}</strong> "
			 "<a href=\"#code\">{}</a></p>\n",
			 HTML(sv_of(i18n(language, trouble)),
			      sv_of(i18n(language, I18N_VERIFY_CODE))));
	html_put(b, "<h1>{}</h1>\n", HTML(f.title));
	if (site->mirror == NULL) {
		add_code_form(b, language);
		add_text_form(b, language);
		add_sentence(b, language, I18N_VERIFY_KEPT);
	} else {
		add_commands(b, &f);
	}
	add_contact(b, &f);
	add_fingerprint_link(b, &f);
	page_languages(b, &f, PAGE_VERIFY);
	page_close(b, &f);
}

static void
add_mark(struct buf *b, const struct page_frame *f, enum verify_mark mark)
{
	static const struct {
		const char *name, *sign;
	} marks[] = {
		[VERIFY_YES] = {"yes", "✓"},
		[VERIFY_LOOK] = {"look", "!"},
		[VERIFY_NO] = {"no", "✕"},
		[VERIFY_UNCLEAR] = {"unclear", "?"},
	};

	html_put(b, "<h1 class=\"verdict {}\"><span aria-hidden=\"true\">{}</span> {}</h1>\n",
		 HTML(sv_of(marks[mark].name), sv_of(marks[mark].sign), f->title));
}

/* Who issued it and when, and its words in the reader's language. */
static void
add_alert(struct buf *b, const struct page_frame *f, const struct page_alert *a,
	  struct sv languages)
{
	struct sv language = f->language;

	if (a->cap->n_infos > 0)
		language = cap_language(&a->cap->infos[cap_choose_info(a->cap, languages)]);
	html_put(b, "<h2>{}</h2>\n<p>", HTML(sv_of(i18n(f->language, I18N_TRUE_TEXT))));
	page_say(b, f->language, I18N_ISSUED_BY);
	html_put(b, " <bdi>{}</bdi><br>", HTML(f->authority));
	page_say(b, f->language, I18N_ISSUED);
	buf_addc(b, ' ');
	page_time(b, a->cap->sent.at);
	html_put(b, "<br>{}: <strong class=\"code\" dir=\"ltr\">{}</strong></p>\n",
		 HTML(sv_of(i18n(f->language, I18N_ALERT_CODE)), a->code));
	page_alert_words(b, f, a, language);
}

void
page_verdict(struct buf *b, const struct page_site *site, struct sv language, struct sv languages,
	     const struct verify *v, int64_t stale)
{
	struct page_frame f = page_frame_of(site, language, verify_what(v->verdict));
	/* Who cannot ask the store does not know what was cancelled since. */
	bool unsure = stale != 0 && v->verdict == VERIFY_GENUINE;
	enum verify_mark mark = unsure ? VERIFY_LOOK : verify_mark_of(v->verdict);
	size_t i;

	page_open(b, &f);
	add_mark(b, &f, mark);
	if (stale != 0)
		page_notice(b, language, stale);
	add_sentence(b, language, unsure ? I18N_DO_ASK_STATE : verify_todo(v->verdict));
	if (v->signer[0] != '\0')
		html_put(b, "<p>{}:<br><bdi dir=\"ltr\">{}</bdi></p>\n",
			 HTML(sv_of(i18n(language, I18N_SIGNER)), sv_of(v->signer)));
	if (mark != VERIFY_YES)
		add_contact(b, &f);
	for (i = 0; i < v->n_alerts; i++)
		add_alert(b, &f, v->alerts[i], languages);
	buf_adds(b, "<p>");
	page_anchor(b, &f, (struct page_target){.place = PAGE_VERIFY, .language = language},
		    sv_of(i18n(language, I18N_VERIFY_AGAIN)));
	buf_adds(b, "<br>\n");
	page_anchor(b, &f, (struct page_target){.place = PAGE_LIST},
		    sv_of(i18n(language, I18N_IN_FORCE)));
	buf_adds(b, "</p>\n");
	page_close(b, &f);
}

void
page_fingerprint(struct buf *b, const struct page_site *site, struct sv language)
{
	struct page_frame f = page_frame_of(site, language, I18N_FINGERPRINT);
	struct sv rest = site->fingerprint, group;

	page_open(b, &f);
	html_put(b, "<h1>{}</h1>\n<p><strong><bdi>{}</bdi></strong></p>\n",
		 HTML(f.title, site->authority));
	buf_adds(b, "<p class=\"fingerprint\" dir=\"ltr\">");
	while (sv_word(&rest, &group))
		html_put(b, "<span>{}</span> ", HTML(group));
	buf_adds(b, "</p>\n");
	add_sentence(b, language, I18N_FINGERPRINT_TEXT);
	html_put(b, "<p>{}: ", HTML(sv_of(i18n(language, I18N_CHECK_AT))));
	page_anchor(b, &f, (struct page_target){.place = PAGE_VERIFY, .language = language},
		    sv_of(i18n(language, I18N_VERIFY)));
	if (site->url.n > 0)
		html_put(b, "<br><strong><bdi>{}/verify</bdi></strong>", HTML(site->url));
	buf_adds(b, "</p>\n");
	add_contact(b, &f);
	html_put(b, "<p class=\"screen\">{}</p>\n<p class=\"screen\">",
		 HTML(sv_of(i18n(language, I18N_FINGERPRINT_PRINT))));
	page_anchor(b, &f, (struct page_target){.place = PAGE_CERTIFICATE},
		    sv_of(i18n(language, I18N_CERTIFICATE)));
	buf_adds(b, "</p>\n");
	page_languages(b, &f, PAGE_FINGERPRINT);
	page_close(b, &f);
}
