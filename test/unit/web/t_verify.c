/* Whether a message is genuine: by code, by text, by file, over HTTP on a real store. */
#include <stdio.h>

#include "lib/unit.h"
#include "t_site.h"

#include "base/compiler.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/time.h"
#include "crypt/message_code.h"
#include "crypt/sign.h"
#include "desk/mime.h"
#include "store/store.h"
#include "web/attempts.h"
#include "web/mail_body.h"
#include "web/web_int.h"

static const struct site_alert leave = {
	"0123abcd-1-1", 0, CAP_MSGTYPE_ALERT, CAP_SCOPE_PUBLIC, "Actual",
	"Leave now",    0, ALERT_LIVE,
};

#define ALL_ROWS                                                                            \
	"SELECT (SELECT COUNT(*) FROM session) * 1000000 + (SELECT COUNT(*) FROM audit) * " \
	"10000 + (SELECT COUNT(*) FROM alert) * 100 + (SELECT COUNT(*) FROM change)"

/* The verdict is the page's title. */
static void
expect(const struct site *s, const char *name, const char *verdict)
{
	struct sv body = site_body(s), title;
	size_t at = sv_find(body, SV("<title>"));

	title = sv_from(body, at + sizeof("<title>") - 1);
	title = sv_head(title, sv_find(title, SV("</title>")));
	if (!sv_eq(title, sv_of(verdict)))
		fail_msg("%s: \"%.*s\", want \"%s\"", name, SV_ARG(title), verdict);
	assert_sv(site_header(s, "Cache-Control"), SV("no-store"));
}

static void
code_of(struct site *s, int64_t id, char ret[MESSAGE_CODE])
{
	struct buf xml = BUF_INIT(MIB);

	site_stored(s, id, &xml);
	crypt_message_code(buf_sv(&xml), ret);
	buf_fini(&xml);
}

static void
ask_code(struct site *s, const char *code, const char *verdict)
{
	char path[256];

	snprintf(path, sizeof(path), "/verify?code=%s", code);
	assert_int_equal(site_get(s, path), 200);
	expect(s, code, verdict);
}

static void
ask_text(struct site *s, const char *name, struct sv text, const char *verdict)
{
	assert_int_equal(site_upload(s, "/verify", "text", false, text), 200);
	expect(s, name, verdict);
}

static void
ask_file(struct site *s, const char *name, struct sv text, const char *verdict)
{
	assert_int_equal(site_upload(s, "/verify", "file", true, text), 200);
	expect(s, name, verdict);
}

#define SAYS_CODE     "We issued an alert with this code. Compare the text."
#define SAYS_PRIVATE  "We issued a message with this code. It is not public."
#define SAYS_NOBODY   "We know no message of ours with this code"
#define SAYS_NO_CODE  "There is no code and no signature in this text"
#define SAYS_BROKEN   "Not from us as it stands: the signature does not fit the text"
#define SAYS_UNSIGNED "Not signed: anybody can have written it"
#define SAYS_FOREIGN  "Signed by somebody we do not know"
#define SAYS_KEY_ONLY "Signed with our key, but not an alert that we published"

/* A code leads to the true text; it never makes anything genuine. */
static void
test_codes(void **state)
{
	struct site_alert restricted = leave, drill = leave, draft = leave;
	char code[MESSAGE_CODE], low[64];
	struct site s;
	int64_t id[4];
	size_t i;

	(void)state;
	restricted.identifier = "0123abcd-2-2";
	restricted.scope = CAP_SCOPE_RESTRICTED;
	restricted.headline = "Staff only";
	drill.identifier = "0123abcd-3-3";
	drill.status = "Exercise";
	drill.headline = "Only a drill";
	draft.identifier = "0123abcd-4-4";
	draft.upto = ALERT_DRAFT;
	site_open(&s, false);
	id[0] = site_alert(&s, &leave);
	id[1] = site_alert(&s, &restricted);
	id[2] = site_alert(&s, &drill);
	id[3] = site_alert(&s, &draft);
	site_start(&s);
	code_of(&s, id[0], code);
	ask_code(&s, code, SAYS_CODE);
	assert_true(site_says(&s, "Leave now") && site_says(&s, "In force until"));
	assert_true(site_says(&s, "A code can be copied into a false text."));
	assert_false(site_says(&s, "Genuine"));
	/* Small letters, without dashes, with others. */
	for (i = 0; code[i] != '\0'; i++)
		low[i] = code[i] == '-' ? '+' : (char)(code[i] | (code[i] >= 'A' ? 0x20 : 0));
	low[i] = '\0';
	ask_code(&s, low, SAYS_CODE);
	snprintf(low, sizeof(low), "%%20%.4s%%E2%%80%%93%.4s%.4s", code, code + 5, code + 10);
	ask_code(&s, low, SAYS_CODE);
	snprintf(low, sizeof(low), "code:+%s.", code);
	ask_code(&s, low, SAYS_CODE);
	for (i = 1; i < 3; i++) {
		code_of(&s, id[i], code);
		ask_code(&s, code, SAYS_PRIVATE);
		assert_false(site_says(&s, "Staff only") || site_says(&s, "Only a drill"));
		assert_false(site_says(&s, "0123abcd-"));
	}
	code_of(&s, id[3], code);
	ask_code(&s, code, SAYS_NOBODY);
	ask_code(&s, "0000-0000-0000", SAYS_NOBODY);
	ask_code(&s, "UUUU", SAYS_NOBODY);
	ask_code(&s, "%3Cscript%3E", SAYS_NOBODY);
	assert_false(site_says(&s, "<script"));
	assert_int_equal(site_get(&s, "/verify?code=+"), 400);
	assert_true(site_says(&s, "role=\"alert\"") && site_says(&s, "Type a code, paste"));
	assert_int_equal(site_upload(&s, "/verify", "text", false, SV(" \r\n")), 400);
	site_close(&s);
}

/* Texts of messages: a false one with a true code is never called genuine. */
static void
test_texts(void **state)
{
	char code[MESSAGE_CODE], other[MESSAGE_CODE], text[512];
	struct site_alert second = leave;
	struct site s;

	(void)state;
	second.identifier = "0123abcd-2-2";
	second.headline = "Stay inside";
	site_open(&s, false);
	code_of(&s, site_alert(&s, &leave), code);
	code_of(&s, site_alert(&s, &second), other);
	site_start(&s);
	snprintf(text, sizeof(text),
		 "Security alert\r\nStay where you are\r\n\r\nIs this message genuine? "
		 "https://alerts.example.org/verify, code %s\r\n\r\n-- \r\nYou get this",
		 code);
	ask_text(&s, "a false text", sv_of(text), SAYS_CODE);
	assert_true(site_says(&s, "Leave now"));
	assert_false(site_says(&s, "Genuine") || site_says(&s, "Stay where you are"));
	snprintf(text, sizeof(text), "> Stay\n> code %.4s-\n> %s and %s", code, code + 5, other);
	ask_text(&s, "two codes, one over a line", sv_of(text), SAYS_CODE);
	assert_true(site_says(&s, "Leave now") && site_says(&s, "Stay inside"));
	snprintf(text, sizeof(text), "<html><p>Stay. Code %s</p><br></html>", code);
	ask_text(&s, "HTML", sv_of(text), SAYS_CODE);
	snprintf(text, sizeof(text), "code X%s", code);
	ask_text(&s, "a letter in front", sv_of(text), SAYS_NO_CODE);
	snprintf(text, sizeof(text), "code %s7", code);
	ask_text(&s, "a digit behind", sv_of(text), SAYS_NO_CODE);
	ask_text(&s, "words of four letters", SV("they went back home then"), SAYS_NO_CODE);
	ask_text(&s, "a code of nobody", SV("code ABCD-EFGH-JKMN."), SAYS_NOBODY);
	ask_text(&s, "no code", SV("Go to the airport at once!"), SAYS_NO_CODE);
	ask_file(&s, "no text", SV("\x89PNG\r\n\x1a\n\0\0\xff"), "We cannot read this");
	ask_text(&s, "XML of something else", SV("<rss><channel/></rss>"), "We cannot read this");
	ask_text(&s, "DOCTYPE", SV("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"),
		 "We cannot read this");
	site_close(&s);
}

/* A saved e-mail, as this program writes them; and base64 that ends as RFC 4648, 10 has it. */
static void
test_mail(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{"Zm9vYmFy\n", ""}, /* too short to be a body */
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", ""}, /* 61 */
		{"Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9v\r\nZm9vYg==\r\n"
		 "\r\n--x--",
		 "foobarfoobarfoobarfoobarfoobarfoobarfoobarfoofoob\n"},
		{"Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8=", /* no line end */
		 "foobarfoobarfoobarfoobarfoobarfoobarfoobarfo"},
	};
	struct buf mail = BUF_INIT(MIB), body = BUF_INIT(MIB);
	char code[MESSAGE_CODE];
	struct site s;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&body);
		mail_body_add(&body, sv_of(cases[i].in));
		if (!sv_eq(buf_sv(&body), sv_of(cases[i].want)))
			fail_msg("case %zu: got \"%s\"", i, buf_str(&body));
	}
	site_open(&s, false);
	code_of(&s, site_alert(&s, &leave), code);
	site_start(&s);
	buf_reset(&body);
	buf_addf(&body,
		 "Security alert\nSomething else that is said here at some length\n\n"
		 "Is this message genuine? https://alerts.example.org/verify, code %s\n",
		 code);
	buf_adds(&mail, "Message-ID: <1@example.org>\r\nContent-Type: text/plain\r\n"
			"Content-Transfer-Encoding: base64\r\n\r\n");
	mime_base64(&mail, buf_sv(&body));
	ask_file(&s, "a saved e-mail", buf_sv(&mail), SAYS_CODE);
	assert_true(site_says(&s, "Leave now"));
	site_close(&s);
	buf_fini(&mail);
	buf_fini(&body);
}

/* Put `to` for the first `from`. */
static void
change(struct buf *ret, struct sv text, const char *from, const char *to)
{
	size_t at = sv_find(text, sv_of(from));

	assert_true(at < text.n);
	buf_reset(ret);
	buf_add(ret, sv_head(text, at));
	buf_adds(ret, to);
	buf_add(ret, sv_from(text, at + sv_of(from).n));
}

/* As a browser sends a pasted text: CR LF, and nothing at the end. */
static void
as_form(struct buf *ret, struct sv text)
{
	size_t i;

	buf_reset(ret);
	for (i = 0; i < sv_trim(text).n; i++) {
		if (text.p[i] == '\n')
			buf_addc(ret, '\r');
		buf_addc(ret, text.p[i]);
	}
}

static void
sign(struct site *s, struct buf *ret, const struct site_alert *a, const struct buf *key,
     const struct buf *cert)
{
	struct buf plain = BUF_INIT(MIB);

	buf_reset(ret);
	site_message(&plain, a);
	OK(s, crypt_sign_xml(ret, buf_sv(&plain), buf_sv(key), buf_sv(cert), &s->e));
	buf_fini(&plain);
}

static void
test_files(void **state)
{
	struct buf xml = BUF_INIT(MIB), other = BUF_INIT(MIB), key = BUF_INIT(LIMIT_KEY_FILE),
		   cert = BUF_INIT(LIMIT_KEY_FILE);
	struct site_alert never = leave, twin = leave, restricted = leave;
	struct sign_cert foreign;
	struct site s;
	int64_t id;

	(void)state;
	never.identifier = "0123abcd-9-9";
	twin.headline = "Stay";
	restricted.identifier = "0123abcd-2-2";
	restricted.scope = CAP_SCOPE_RESTRICTED;
	restricted.headline = "Staff only";
	site_open(&s, false);
	site_stored(&s, site_alert(&s, &leave), &xml);
	id = site_alert(&s, &restricted);
	site_start(&s);
	ask_file(&s, "as published", buf_sv(&xml), "Genuine");
	assert_true(site_says(&s, "It says exactly what we published."));
	assert_true(site_says(&s, "Leave now") && site_says(&s, "Embassy of Example"));
	ask_text(&s, "pasted", buf_sv(&xml), "Genuine");
	as_form(&other, buf_sv(&xml));
	ask_text(&s, "pasted into a browser", buf_sv(&other), "Genuine");
	/* Other bytes with the same meaning: the signature says that they are ours. */
	change(&other, buf_sv(&xml), "<alert xmlns=\"" CAP_NS "\">",
	       "<alert\n  xmlns='" CAP_NS "'>");
	ask_file(&s, "written otherwise", buf_sv(&other), "Genuine");
	change(&other, buf_sv(&xml), "Leave now", "Leave not");
	ask_file(&s, "one letter", buf_sv(&other), SAYS_BROKEN);
	assert_true(site_says(&s, "Leave now"));
	assert_false(site_says(&s, "Genuine") || site_says(&s, "Leave not"));
	assert_true(site_says(&s, "+995 32 227 47 47"));
	buf_reset(&other);
	site_message(&other, &leave);
	ask_file(&s, "without the signature", buf_sv(&other), SAYS_UNSIGNED);
	assert_true(site_says(&s, "Leave now"));
	/* Somebody else's key, with our name in the certificate. */
	OK(&s,
	   crypt_make_identity(&key, &cert, SV("Embassy of Example"), time_now() - 60, 1, &s.e));
	OK(&s, crypt_read_cert(&foreign, buf_sv(&cert), &s.e));
	sign(&s, &other, &leave, &key, &cert);
	ask_file(&s, "a foreign key", buf_sv(&other), SAYS_FOREIGN);
	assert_true(site_says(&s, foreign.fingerprint));
	/* Our key, and not what we published. */
	sign(&s, &other, &never, &s.key, &s.cert);
	ask_file(&s, "never published", buf_sv(&other), SAYS_KEY_ONLY);
	sign(&s, &other, &twin, &s.key, &s.cert);
	ask_file(&s, "another text of that name", buf_sv(&other), SAYS_KEY_ONLY);
	assert_true(site_says(&s, "Leave now"));
	buf_reset(&other);
	site_stored(&s, id, &other);
	ask_file(&s, "restricted", buf_sv(&other), "Genuine, but not public");
	assert_false(site_says(&s, "Staff only"));
	site_close(&s);
	buf_fini(&xml);
	buf_fini(&other);
	buf_fini(&key);
	buf_fini(&cert);
}

/* Genuine, and yet nothing to act on. */
static void
test_states(void **state)
{
	struct site_alert over = leave, second = leave;
	struct buf xml = BUF_INIT(MIB);
	char code[MESSAGE_CODE];
	struct site s;
	int64_t id;

	(void)state;
	site_open(&s, false);
	id = site_alert(&s, &leave);
	over.identifier = "0123abcd-2-2";
	over.expires = time_now() - 60;
	site_stored(&s, site_alert(&s, &over), &xml);
	site_start(&s);
	ask_file(&s, "ended", buf_sv(&xml), "Genuine, but no longer in force");
	assert_true(site_says(&s, "Do not act on it any longer."));
	buf_reset(&xml);
	site_stored(&s, id, &xml);
	code_of(&s, id, code);
	ask_file(&s, "in force", buf_sv(&xml), "Genuine");
	second.identifier = "0123abcd-3-3";
	second.thread = id;
	second.msgtype = CAP_MSGTYPE_UPDATE;
	second.headline = "Leave by land";
	site_alert(&s, &second);
	site_change(&s, id, ALERT_ON_SUPERSEDE);
	site_look(&s);
	ask_file(&s, "replaced", buf_sv(&xml), "Genuine, but replaced by a later alert");
	assert_true(site_says(&s, "href=\"/alert/0123abcd-3-3?lang=en\""));
	ask_code(&s, code, SAYS_CODE);
	assert_true(site_says(&s, "This alert was updated and is no longer valid."));
	site_close(&s);

	site_open(&s, false);
	id = site_alert(&s, &leave);
	site_change(&s, id, ALERT_ON_CANCEL);
	site_start(&s);
	buf_reset(&xml);
	site_stored(&s, id, &xml);
	ask_file(&s, "cancelled", buf_sv(&xml), "Genuine, but cancelled");
	/* When the store cannot be asked, the answer says that too. */
	OK(&s, store_exec(s.st, "ALTER TABLE change RENAME TO elsewhere", NO_ARGS, NULL, &s.e));
	OK(&s,
	   store_exec(s.st, "ALTER TABLE counter RENAME TO elsewhere_too", NO_ARGS, NULL, &s.e));
	assert_int_not_equal(web_look(s.web, &s.e), RC_OK);
	ask_file(&s, "cancelled, the store away", buf_sv(&xml), "Genuine, but cancelled");
	assert_true(site_says(&s, "We cannot check for alerts right now."));
	site_close(&s);

	/* A withdrawal holds for good: "do not act on it" would bring the alert back. */
	site_open(&s, false);
	id = site_alert(&s, &leave);
	over.identifier = "0123abcd-4-4";
	over.msgtype = CAP_MSGTYPE_CANCEL;
	over.thread = id;
	buf_reset(&xml);
	site_stored(&s, site_alert(&s, &over), &xml);
	site_start(&s);
	ask_file(&s, "a Cancel that is long past", buf_sv(&xml), "Genuine");
	assert_false(site_says(&s, "Do not act on it any longer."));
	/* Nor may one be relied on that may have been cancelled since. */
	buf_reset(&xml);
	site_stored(&s, id, &xml);
	ask_file(&s, "in force, to be relied on", buf_sv(&xml), "Genuine");
	assert_true(site_says(&s, "You can rely on it.") && site_says(&s, "verdict yes"));
	OK(&s, store_exec(s.st, "ALTER TABLE change RENAME TO elsewhere", NO_ARGS, NULL, &s.e));
	OK(&s,
	   store_exec(s.st, "ALTER TABLE counter RENAME TO elsewhere_too", NO_ARGS, NULL, &s.e));
	assert_int_not_equal(web_look(s.web, &s.e), RC_OK);
	ask_file(&s, "in force, the store away", buf_sv(&xml), "Genuine");
	assert_true(site_says(&s, "We cannot say here whether it still holds. Ask us."));
	assert_false(site_says(&s, "You can rely on it.") || site_says(&s, "verdict yes"));
	site_close(&s);
	buf_fini(&xml);
}

static void
test_languages(void **state)
{
	const struct i18n_language *l;
	char path[128], code[MESSAGE_CODE];
	struct site s;
	size_t i;

	(void)state;
	site_open(&s, false);
	code_of(&s, site_alert(&s, &leave), code);
	site_start(&s);
	for (i = 0; (l = i18n_at(i)) != NULL; i++) {
		snprintf(path, sizeof(path), "/verify?lang=%s", l->tag);
		assert_int_equal(site_get(&s, path), 200);
		assert_true(site_says(&s, l->texts[I18N_VERIFY]));
		assert_true(site_says(&s, l->texts[I18N_VERIFY_PASTE]));
		snprintf(path, sizeof(path), "/verify?lang=%s&code=%s", l->tag, code);
		assert_int_equal(site_get(&s, path), 200);
		expect(&s, l->tag, l->texts[I18N_VERDICT_CODE]);
		assert_true(site_says(&s, l->texts[I18N_DO_COMPARE]));
		snprintf(path, sizeof(path), "/fingerprint?lang=%s", l->tag);
		assert_int_equal(site_get(&s, path), 200);
		assert_true(site_says(&s, l->texts[I18N_FINGERPRINT_TEXT]));
	}
	/* An alert in a language that was not asked for says so in the one that was. */
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1?lang=uk"), 200);
	assert_sv(site_header(&s, "Content-Language"), SV("en"));
	assert_true(site_says(&s, "<p class=\"state\" lang=\"uk\" dir=\"ltr\">Цього попередження"));
	assert_true(site_says(&s, "Leave now"));
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1?lang=ar"), 200);
	assert_false(site_says(&s, "class=\"state\""));
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1"), 200);
	assert_false(site_says(&s, "class=\"state\""));
	site_close(&s);
}

static void
test_fingerprint(void **state)
{
	struct sign_cert cert;
	struct site s;
	struct sv rest, group;

	(void)state;
	site_open(&s, true);
	site_start(&s);
	OK(&s, crypt_read_cert(&cert, buf_sv(&s.cert), &s.e));
	assert_int_equal(site_get(&s, "/fingerprint"), 200);
	assert_true(site_says(&s, "EXERCISE") && site_says(&s, "Embassy of Example"));
	for (rest = sv_of(cert.fingerprint); sv_word(&rest, &group);) {
		assert_int_equal(group.n, 4);
		assert_true(sv_find(site_body(&s), group) < site_body(&s).n);
	}
	assert_int_equal(site_get(&s, "/certificate.pem"), 200);
	assert_sv(site_body(&s), buf_sv(&s.cert));
	site_close(&s);
}

/* On a machine that lacks the certificate nobody's signature is known, not even ours: only what
 * has our words is genuine. */
static void
test_no_certificate(void **state)
{
	static const char *const more[] = {
		"</headline><headline>Stay</headline>",
		"</headline><note>Stay</note>",
		"</headline>Stay",
		"</headline><b xmlns=\"urn:x\">Stay</b>",
		"<b>Stay</b></headline>",
	};
	struct buf xml = BUF_INIT(MIB), other = BUF_INIT(MIB), cert = BUF_INIT(LIMIT_KEY_FILE),
		   plain = BUF_INIT(MIB), added = BUF_INIT(MIB);
	struct site_alert twin = leave;
	struct site s;
	size_t i;

	(void)state;
	twin.headline = "Stay";
	site_open(&s, false);
	site_stored(&s, site_alert(&s, &leave), &xml);
	buf_add(&cert, buf_sv(&s.cert));
	buf_fini(&s.cert);
	site_start(&s);
	ask_file(&s, "as published", buf_sv(&xml), "Genuine");
	change(&other, buf_sv(&xml), "<alert xmlns=\"" CAP_NS "\">",
	       "<alert\n  xmlns='" CAP_NS "'>");
	ask_file(&s, "written otherwise", buf_sv(&other), "Genuine");
	sign(&s, &other, &twin, &s.key, &cert);
	ask_file(&s, "other words", buf_sv(&other), SAYS_FOREIGN);
	/* Words that this reader passes over, but others show. */
	buf_reset(&plain);
	site_message(&plain, &leave);
	for (i = 0; i < ARRAY_LEN(more); i++) {
		change(&added, buf_sv(&plain), "</headline>", more[i]);
		buf_reset(&other);
		OK(&s, crypt_sign_xml(&other, buf_sv(&added), buf_sv(&s.key), buf_sv(&cert), &s.e));
		ask_file(&s, more[i], buf_sv(&other), SAYS_FOREIGN);
	}
	assert_int_equal(site_get(&s, "/fingerprint"), 404);
	assert_int_equal(site_get(&s, "/certificate.pem"), 404);
	site_close(&s);
	buf_fini(&xml);
	buf_fini(&other);
	buf_fini(&cert);
	buf_fini(&plain);
	buf_fini(&added);
}

/* Asking leaves nothing behind, and cannot go on for ever. */
static void
test_limits(void **state)
{
	char code[MESSAGE_CODE], path[128];
	struct buf large = BUF_INIT(5 * MIB);
	struct site s;
	int64_t before;
	unsigned i;

	(void)state;
	site_open(&s, false);
	code_of(&s, site_alert(&s, &leave), code);
	site_start(&s);
	before = site_count(&s, ALL_ROWS);
	buf_adds(&large, "<alert>");
	buf_add_fill(&large, 'x', LIMIT_CAP_FILE + 1 - large.n);
	ask_file(&s, "over 4 MiB", buf_sv(&large), "We cannot read this");
	/* Much to look through, and no message is so long. */
	buf_reset(&large);
	while (large.n < LIMIT_CAP_FILE - 8)
		buf_adds(&large, "AAAA ");
	ask_text(&s, "a text of 4 MiB", buf_sv(&large), "We cannot read this");
	/* While another large one is judged; small ones do not wait. */
	pthread_mutex_lock(&s.web->verify_lock);
	assert_int_equal(site_upload(&s, "/verify", "file", true, buf_sv(&large)), 503);
	assert_sv(site_header(&s, "Retry-After"), SV("2"));
	ask_file(&s, "a small one", SV("<alert/>"), "We cannot read this");
	pthread_mutex_unlock(&s.web->verify_lock);
	ask_file(&s, "then it is", buf_sv(&large), "We cannot read this");
	for (i = 0; i < ATTEMPTS_ASKED - 5; i++)
		ask_code(&s, "0000-0000-0000", SAYS_NOBODY);
	/* From now on nothing is answered, so that a right guess does not show. */
	snprintf(path, sizeof(path), "/verify?code=%s", code);
	assert_int_equal(site_get(&s, path), 429);
	assert_sv(site_header(&s, "Retry-After"), SV("900"));
	assert_false(site_says(&s, "Leave now"));
	assert_int_equal(site_get(&s, "/verify?code=0000-0000-0000"), 429);
	assert_int_equal(site_upload(&s, "/verify", "text", false, SV("<alert/>")), 429);
	assert_int_equal(site_get(&s, "/verify"), 200);
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1"), 200);
	assert_int_equal(site_count(&s, ALL_ROWS), before);
	site_close(&s);
	buf_fini(&large);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),       cmocka_unit_test(test_texts),
		cmocka_unit_test(test_mail),        cmocka_unit_test(test_files),
		cmocka_unit_test(test_states),      cmocka_unit_test(test_languages),
		cmocka_unit_test(test_fingerprint), cmocka_unit_test(test_no_certificate),
		cmocka_unit_test(test_limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("web/verify", tests, NULL, NULL);
}
