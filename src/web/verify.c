/*
 * verify.c — see verify.h. XML is taken as an alert file, by its signature; everything else
 * as the text of a message, by the codes in it.
 */
#include "web/verify.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cap/cap_read.h"
#include "cap/cap_write.h"
#include "crypt/message_code.h"
#include "web/mail_body.h"
#include "web/published.h"

#define CODE_DIGITS 12
#define CODE_GROUP  4
#define CODE_GAP    6 /* bytes between two groups: a dash, a line end and the mark of a quotation */

static const struct {
	enum verify_mark mark;
	enum i18n_key what, todo;
} verdicts[] = {
#define X(name, mark, what, todo) {VERIFY_##mark, what, todo},
	VERIFY_VERDICTS(X)
#undef X
};

enum verify_mark
verify_mark_of(enum verify_verdict v)
{
	return verdicts[v].mark;
}

enum i18n_key
verify_what(enum verify_verdict v)
{
	return verdicts[v].what;
}

enum i18n_key
verify_todo(enum verify_verdict v)
{
	return verdicts[v].todo;
}

/* What one of ours is worth now. */
static enum verify_verdict
worth(const struct page_alert *a)
{
	switch (a->state) {
	case ALERT_UPDATED:
		return VERIFY_REPLACED;
	case ALERT_CANCELLED:
		return VERIFY_CANCELLED;
	case ALERT_LIVE:
		return VERIFY_GENUINE;
	default:
		/* What was withdrawn stays so: nobody is to take it for being in force again. */
		return a->cap->msgtype == CAP_MSGTYPE_CANCEL ? VERIFY_GENUINE : VERIFY_ENDED;
	}
}

static void
show(struct verify *v, const struct page_alert *a)
{
	size_t i;

	for (i = 0; i < v->n_alerts; i++)
		if (v->alerts[i] == a)
			return;
	if (a != NULL && v->n_alerts < VERIFY_SHOWN)
		v->alerts[v->n_alerts++] = a;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Twelve letters and digits at the front, in groups of four with at most CODE_GAP other bytes
 * between, and no letter or digit behind: the bytes that they take, else 0. */
static size_t
collect_digits(struct sv text, char digits[CODE_DIGITS])
{
	size_t at = 0, n = 0, gap = 0;

	for (; at < text.n && n < CODE_DIGITS; at++) {
		if (is_alnum(text.p[at])) {
			digits[n++] = text.p[at];
			gap = 0;
		} else if (n == 0 || n % CODE_GROUP != 0 || ++gap > CODE_GAP) {
			return 0;
		}
	}
	return n < CODE_DIGITS || (at < text.n && is_alnum(text.p[at])) ? 0 : at;
}

/* The code at the front of a text. *ret_meant: it is written as we write it, so that it was
 * surely meant as one. */
static bool
take_code(struct sv text, char code[MESSAGE_CODE], bool *ret_meant)
{
	char digits[CODE_DIGITS];
	size_t n = collect_digits(text, digits);

	if (n == 0 || !crypt_message_code_parse((struct sv){digits, sizeof(digits)}, code))
		return false;
	*ret_meant = sv_eq(sv_head(text, n), sv_of(code));
	return true;
}

/* Every code in a text that is ours. */
static void
find_codes(struct verify *v, const struct published *p, struct sv text)
{
	bool meant, surely = false, others = false;
	char code[MESSAGE_CODE];
	size_t at;

	for (at = 0; at < text.n; at++) {
		if (!is_alnum(text.p[at]) || (at > 0 && is_alnum(text.p[at - 1])))
			continue;
		if (!take_code(sv_from(text, at), code, &meant))
			continue;
		surely |= meant;
		if (published_by_code(p, sv_of(code)) != NULL)
			show(v, published_by_code(p, sv_of(code)));
		else
			others |= published_is_other(p, sv_of(code));
	}
	if (v->n_alerts > 0)
		v->verdict = VERIFY_CODE;
	else if (others)
		v->verdict = VERIFY_CODE_NOT_PUBLIC;
	else
		v->verdict = surely ? VERIFY_NO_SUCH_CODE : VERIFY_NO_CODE;
}

void
verify_code(struct verify *ret, const struct published *p, struct sv typed)
{
	char code[MESSAGE_CODE];

	*ret = (struct verify){.verdict = VERIFY_NO_SUCH_CODE};
	if (crypt_message_code_parse(typed, code))
		find_codes(ret, p, sv_of(code));
	else
		find_codes(ret, p, typed);
	if (ret->verdict == VERIFY_NO_CODE)
		ret->verdict = VERIFY_NO_SUCH_CODE;
}

/* The first certificate alone: those behind it lead to it, and their issuers sign for others. */
static struct sv
own_certificate(struct sv pem)
{
	const struct sv end = SV("-----END CERTIFICATE-----");
	size_t at = sv_find(pem, end);

	return at < pem.n ? sv_head(pem, at + end.n) : SV_NONE;
}

/* Forms and mail programs put CR LF for LF, and white space around the whole. */
static struct sv
plain_lines(struct arena *a, struct sv text)
{
	struct buf b = BUF_INIT(LIMIT_CAP_FILE + 1);
	struct sv line, rest = sv_trim(text);

	while (rest.n > 0) {
		size_t end = sv_find(rest, SV("\r\n"));

		line = sv_head(rest, end);
		buf_add(&b, line);
		if (end < rest.n)
			buf_addc(&b, '\n');
		rest = sv_from(rest, end + 2);
	}
	line = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return line;
}

static const struct page_alert *
find_bytes(const struct published *p, struct sv bytes, bool *ret_other)
{
	*ret_other |= published_is_other_file(p, bytes);
	return published_by_bytes(p, bytes);
}

/* The message as we published it, also when it went through a form: NULL when it is not. */
static const struct page_alert *
find_same(const struct published *p, struct arena *a, struct sv text, bool *ret_other)
{
	struct sv plain = plain_lines(a, text);
	const struct page_alert *hit = find_bytes(p, text, ret_other);

	if (hit == NULL)
		hit = find_bytes(p, plain, ret_other);
	/* The published bytes end in a line end, which forms drop. */
	if (hit == NULL)
		hit = find_bytes(p, arena_fmt(a, "%.*s\n", SV_ARG(plain)), ret_other);
	return hit;
}

/* The same content in every element, however it is written. */
static bool
same_words(const struct cap_alert *x, const struct cap_alert *y)
{
	struct buf a = BUF_INIT(2 * LIMIT_CAP_FILE), b = BUF_INIT(2 * LIMIT_CAP_FILE);
	bool same;

	cap_write(&a, x);
	cap_write(&b, y);
	same = buf_ok(&a) && buf_ok(&b) && sv_eq(buf_sv(&a), buf_sv(&b));
	buf_fini(&a);
	buf_fini(&b);
	return same;
}

/* same: the words are those of `named`. */
static enum verify_verdict
judge_signed(struct verify *v, const struct sign_report *r, const struct page_alert *named,
	     bool same, bool know_ourselves)
{
	size_t i;

	switch (r->outcome) {
	case SIGN_VALID_TRUSTED:
		return same ? worth(named) : VERIFY_UNPUBLISHED;
	case SIGN_VALID_UNKNOWN:
		/* Without our certificate here every signer is unknown, we among them. */
		if (same && !know_ourselves)
			return worth(named);
		for (i = 0; i < r->n; i++)
			if (r->v[i].outcome == SIGN_VALID_UNKNOWN && r->v[i].has_cert)
				break;
		if (i < r->n)
			memcpy(v->signer, r->v[i].cert.fingerprint, sizeof(v->signer));
		return VERIFY_UNKNOWN_SIGNER;
	case SIGN_ABSENT:
		return VERIFY_UNSIGNED;
	case SIGN_BROKEN:
		break;
	}
	return VERIFY_BROKEN;
}

/* False: it is no alert file. */
static bool
judge_file(struct verify *v, const struct published *p, struct arena *a, struct sv text,
	   struct sv cert_pem, int64_t now)
{
	const struct cap_findings *findings;
	const struct page_alert *named;
	const struct cap_alert *cap;
	struct sign_report report;
	struct err e = ERR_INIT;
	bool other = false, same;

	named = find_same(p, a, text, &other);
	if (named != NULL) {
		v->verdict = worth(named);
		show(v, named);
		return true;
	}
	if (other) {
		v->verdict = VERIFY_NOT_PUBLIC;
		return true;
	}
	text = sv_trim(text);
	if (cap_read(&cap, &findings, a, text, &e) != RC_OK ||
	    crypt_verify_all(&report, text, own_certificate(cert_pem), now, &e) != RC_OK)
		return false;
	named = published_find(p, cap->identifier);
	/* What has errors may hold more words than those that were read. */
	same = named != NULL && findings->errors == 0 && same_words(cap, named->cap);
	v->verdict = judge_signed(v, &report, named, same, cert_pem.n > 0);
	show(v, named);
	return true;
}

static bool
looks_like_xml(struct sv text)
{
	if (sv_starts(text, SV("\xEF\xBB\xBF")))
		text = sv_from(text, 3);
	return sv_starts(sv_trim(text), SV("<"));
}

void
verify_text(struct verify *ret, const struct published *p, struct sv text, struct sv cert_pem,
	    int64_t now)
{
	struct buf mail = BUF_INIT(LIMIT_MESSAGE);
	struct arena *a = arena_new();

	*ret = (struct verify){.verdict = VERIFY_UNREADABLE};
	if (text.n <= LIMIT_CAP_FILE && looks_like_xml(text) &&
	    judge_file(ret, p, a, text, cert_pem, now))
		goto out;
	/* No message of ours is longer. */
	if (text.n > LIMIT_MESSAGE)
		goto out;
	find_codes(ret, p, text);
	if (ret->verdict == VERIFY_NO_CODE) {
		mail_body_add(&mail, text);
		find_codes(ret, p, buf_sv(&mail));
	}
	/* A file that is neither an alert nor a text with a code. */
	if (ret->verdict == VERIFY_NO_CODE && (looks_like_xml(text) || !utf8_valid(text)))
		ret->verdict = VERIFY_UNREADABLE;
out:
	buf_fini(&mail);
	arena_free(&a);
}
