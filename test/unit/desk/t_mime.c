/*
 * t_mime.c — headers and bodies against a reader of our own, written from the
 * RFCs: unfold (5322, 2.2.3), encoded words (2047, 2 and 6.2), base64 (2045, 6.8).
 */
#include "test/lib/unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "desk/mime.h"

static int
value_of(char c)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c != '\0' ? strchr(letters, c) : NULL;

	return p != NULL ? (int)(p - letters) : -1;
}

static void
decode(struct buf *out, struct sv v)
{
	unsigned bits = 0, n = 0;
	size_t i;

	assert_int_equal(v.n % 4, 0);
	for (i = 0; i < v.n && v.p[i] != '='; i++) {
		assert_true(value_of(v.p[i]) >= 0);
		bits = bits << 6 | (unsigned)value_of(v.p[i]);
		n += 6;
		if (n >= 8) {
			n -= 8;
			buf_addc(out, (char)(bits >> n & 255));
		}
	}
	assert_true(v.n - i <= 2);
}

/* Each encoded word by itself is whole UTF-8, and at most 75 characters. */
static void
read_word(struct buf *out, struct sv word)
{
	struct buf text = BUF_INIT(KIB);

	assert_true(word.n <= 75);
	assert_true(sv_starts(word, SV("=?UTF-8?B?")) && sv_ends(word, SV("?=")));
	decode(&text, sv_head(sv_from(word, 10), word.n - 12));
	assert_true(utf8_valid(buf_sv(&text)));
	buf_add(out, buf_sv(&text));
	buf_fini(&text);
}

/* The value of the one header that v must be. */
static void
read_header(struct buf *out, struct sv v, struct sv name)
{
	bool encoded = sv_find(v, SV("=?UTF-8?B?")) < v.n;
	size_t at;

	assert_true(sv_starts(v, name));
	assert_true(sv_ends(v, SV("\r\n")));
	v = sv_head(sv_from(v, name.n + 2), v.n - name.n - 4);
	for (at = name.n + 2; v.n > 0;) {
		size_t end = sv_find(v, SV("\r\n"));
		struct sv line = sv_head(v, end);

		assert_true(at + line.n <= (encoded ? 76 : 998));
		assert_int_equal(sv_find_char(line, '\n'), line.n);
		assert_int_equal(sv_find_char(line, '\r'), line.n);
		if (sv_starts(line, SV("=?")))
			read_word(out, line);
		else
			buf_add(out, line);
		v = sv_from(v, end + 2);
		if (end < end + v.n) { /* a folded line begins with a space */
			assert_int_equal(v.p[0], ' ');
			v = sv_from(v, 1);
			at = 1;
		}
	}
}

static void
headers(void **state)
{
	static const struct {
		const char *text, *reads;
	} cases[] = {
		{"Security alert: stay inside", "Security alert: stay inside"},
		{"", ""},
		{"Не выходите", "Не выходите"},
		{"=?UTF-8?B?aGk=?=", "=?UTF-8?B?aGk=?="},
		{"a\r\nBcc: all@example.org", "a  Bcc: all@example.org"},
		{"a\nBcc: all@example.org\n\nbody", "a Bcc: all@example.org  body"},
		{"é\r\nBcc: all@example.org", "é  Bcc: all@example.org"},
		{"tab\there, bell\ahere, del\x7fhere", "tab here, bell here, del here"},
		{"sixty-one ASCII characters are more than stands on a first line",
		 "sixty-one ASCII characters are more than stands on a first line"},
		{"Срочно: покиньте город сегодня же, пока дороги ещё открыты и поезда ходят по расписанию",
		 "Срочно: покиньте город сегодня же, пока дороги ещё открыты и поезда ходят по расписанию"},
		{"警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告",
		 "警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告警告"},
		{"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"},
	};
	static const char *const names[] = {"Subject", "X", "Content-Language-And-Then-Some"};
	struct buf out = BUF_INIT(64 * KIB), back = BUF_INIT(64 * KIB);
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		for (k = 0; k < ARRAY_LEN(names); k++) {
			buf_reset(&out);
			buf_reset(&back);
			mime_header(&out, names[k], sv_of(cases[i].text));
			read_header(&back, buf_sv(&out), sv_of(names[k]));
			assert_sv(buf_sv(&back), sv_of(cases[i].reads));
		}
	}
	buf_fini(&out);
	buf_fini(&back);
}

static void
mailboxes(void **state)
{
	static const struct {
		const char *display, *address, *want;
	} cases[] = {
		{"", "a@example.org", "From: <a@example.org>\r\n"},
		{"Embassy of Example", "a@example.org",
		 "From: Embassy of Example\r\n <a@example.org>\r\n"},
		/* A comma or a quote would part the phrase: base64 of "A, \"B\"" */
		{"A, \"B\"", "a@example.org", "From: =?UTF-8?B?QSwgIkIi?=\r\n <a@example.org>\r\n"},
		/* "X Bcc: b@c": the line end is a space before it is encoded. */
		{"X\nBcc: b@c", "a@example.org",
		 "From: =?UTF-8?B?WCBCY2M6IGJAYw==?=\r\n <a@example.org>\r\n"},
		{"X", "a@example.org>\r\nBcc: <b@c", "From: X\r\n <a@example.org>  Bcc: <b@c>\r\n"},
	};
	struct buf out = BUF_INIT(KIB);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&out);
		mime_mailbox(&out, "From", sv_of(cases[i].display), sv_of(cases[i].address));
		assert_sv(buf_sv(&out), sv_of(cases[i].want));
	}
	buf_fini(&out);
}

static void
bodies(void **state)
{
	/* RFC 4648, 10, and line ends. */
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", ""},
		{"f", "Zg==\r\n"},
		{"fo", "Zm8=\r\n"},
		{"foo", "Zm9v\r\n"},
		{"foobar", "Zm9vYmFy\r\n"},
		{"a\nb", "YQ0KYg==\r\n"},
		{"a\r\nb", "YQ0KYg==\r\n"},
		{"\n", "DQo=\r\n"},
	};
	struct buf out = BUF_INIT(64 * KIB), back = BUF_INIT(64 * KIB), text = BUF_INIT(64 * KIB);
	struct sv rest;
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&out);
		mime_base64(&out, sv_of(cases[i].text));
		assert_sv(buf_sv(&out), sv_of(cases[i].want));
	}
	for (n = 50; n < 200; n++) {
		buf_reset(&out);
		buf_reset(&back);
		buf_reset(&text);
		for (i = 0; i < n; i++)
			buf_addc(&text, (char)(' ' + i % 90));
		mime_base64(&out, buf_sv(&text));
		for (rest = buf_sv(&out); rest.n > 0;) {
			size_t end = sv_find(rest, SV("\r\n"));

			assert_true(end < rest.n);
			assert_true(end == 76 || (end < 76 && end + 2 == rest.n));
			decode(&back, sv_head(rest, end));
			rest = sv_from(rest, end + 2);
		}
		assert_sv(buf_sv(&back), buf_sv(&text));
	}
	buf_fini(&out);
	buf_fini(&back);
	buf_fini(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers),
		cmocka_unit_test(mailboxes),
		cmocka_unit_test(bodies),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
