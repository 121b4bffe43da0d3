/*
 * contact.c — normal forms of e-mail addresses and phone numbers.
 */
#include "people/contact.h"

#include "base/buf.h"
#include "base/limits.h"

const char *
channel_name(enum channel channel)
{
	switch (channel) {
#define X(name, number, text) \
	case CHANNEL_##name:  \
		return (text);
		CHANNELS(X)
#undef X
	}
	bug_at(__FILE__, __LINE__, "not a channel");
}

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 5322 3.2.3: atext. */
static bool
is_atext(char c)
{
	return is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* RFC 5321 4.1.2: Dot-string, at most 64 octets (4.5.3.1.1). */
static bool
local_ok(struct sv v)
{
	size_t i;

	if (v.n == 0 || v.n > 64)
		return false;
	for (i = 0; i < v.n; i++) {
		bool dot = v.p[i] == '.';

		if (dot && (i == 0 || i + 1 == v.n || v.p[i - 1] == '.'))
			return false;
		if (!dot && !is_atext(v.p[i]))
			return false;
	}
	return true;
}

/* Names with a dot, as the DNS has them: labels of 1 to 63 letters, digits and inner hyphens. */
static bool
domain_ok(struct sv v)
{
	struct sv_split labels = sv_split_of(v, '.');
	struct sv label;
	size_t n = 0, i;

	if (v.n > 253)
		return false;
	while (sv_split_next(&labels, &label)) {
		if (label.n == 0 || label.n > 63 || label.p[0] == '-' ||
		    label.p[label.n - 1] == '-')
			return false;
		for (i = 0; i < label.n; i++)
			if (!is_alnum(label.p[i]) && label.p[i] != '-')
				return false;
		n++;
	}
	return n >= 2;
}

enum rc
contact_email(struct buf *ret, struct sv text, struct err *e)
{
	struct sv v = sv_trim(text);
	size_t at = sv_find_char(v, '@'), i;

	if (v.n > LIMIT_EMAIL)
		return err_set(e, RC_LIMIT, "an e-mail address of %zu bytes (at most %d)", v.n,
			       LIMIT_EMAIL);
	if (at == v.n || !local_ok(sv_head(v, at)) || !domain_ok(sv_from(v, at + 1)))
		return err_set(e, RC_SYNTAX,
			       "\"%.*s\" is not an e-mail address (expected one such as "
			       "\"name@example.org\")",
			       SV_ARG(sv_head(v, 100)));
	buf_add(ret, sv_head(v, at + 1));
	for (i = at + 1; i < v.n; i++)
		buf_addc(ret, v.p[i] >= 'A' && v.p[i] <= 'Z' ? (char)(v.p[i] + 32) : v.p[i]);
	return buf_check(ret, "an e-mail address", e);
}

enum rc
contact_phone(struct buf *ret, struct sv text, struct err *e)
{
	struct sv v = sv_trim(text);
	char digits[16];
	size_t n = 0, i;
	bool ok = v.n >= 8 && v.n <= 40 && v.p[0] == '+';

	for (i = 1; ok && i < v.n; i++) {
		char c = v.p[i];

		if (c >= '0' && c <= '9') {
			ok = n < 15 && (n > 0 || c != '0'); /* no country code begins with 0 */
			if (ok)
				digits[n++] = c;
		} else {
			ok = c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
		}
	}
	if (!ok || n < 7)
		return err_set(e, RC_SYNTAX,
			       "\"%.*s\" is not a phone number in international form (expected '+' "
			       "and 7 to 15 digits, such as \"+447700900123\")",
			       SV_ARG(sv_head(v, 60)));
	buf_addc(ret, '+');
	buf_add(ret, (struct sv){digits, n});
	return buf_check(ret, "a phone number", e);
}
