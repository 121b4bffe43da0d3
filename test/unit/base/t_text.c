/* t_text.c — sv.h, buf.h, utf8.h, err.h: text within bounds. */
#include <errno.h>
#include <math.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "lib/unit.h"

static const struct {
	struct sv in;
	bool ok;
	int64_t value;
} numbers[] = {
	{SV_INIT("0"), true, 0},
	{SV_INIT("007"), true, 7},
	{SV_INIT("-9223372036854775808"), true, INT64_MIN},
	{SV_INIT("9223372036854775807"), true, INT64_MAX},
	{SV_INIT("9223372036854775808"), false, 0},
	{SV_INIT("-9223372036854775809"), false, 0},
	{SV_INIT("99999999999999999999"), false, 0},
	{SV_INIT(""), false, 0},
	{SV_INIT("-"), false, 0},
	{SV_INIT("+1"), false, 0},
	{SV_INIT(" 1"), false, 0},
	{SV_INIT("1\0"
		 "2"),
	 false, 0},
};

static void
test_numbers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(numbers); i++) {
		int64_t v = 42;

		assert_int_equal(sv_to_i64(numbers[i].in, &v), numbers[i].ok);
		assert_int_equal(v, numbers[i].ok ? numbers[i].value : 42);
	}
}

static const struct {
	const char *in;
	bool ok;
	double value;
} decimals[] = {
	{"0", true, 0.0},
	{"-0", true, -0.0},
	{"41.7151", true, 41.7151},
	{"+44.8", true, 44.8},
	{"-180.0000000", true, -180.0},
	{"0.1", true, 0.1},
	{"55.755826000000000001", true, 55.755826},
	{".5", true, 0.5},
	{"1.", false, 0},
	{"1e5", false, 0},
	{"nan", false, 0},
	{"inf", false, 0},
	{"0x10", false, 0},
	{"1,5", false, 0},
	{"--1", false, 0},
	{"", false, 0},
	{".", false, 0},
	{"1.2.3", false, 0},
};

static void
test_decimals(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(decimals); i++) {
		double v = 42;

		assert_int_equal(sv_to_double(sv_of(decimals[i].in), &v), decimals[i].ok);
		/* Equal bits: what is read must be what the compiler reads. */
		assert_true(v == (decimals[i].ok ? decimals[i].value : 42));
		if (decimals[i].ok)
			assert_int_equal(signbit(v) != 0, signbit(decimals[i].value) != 0);
	}
}

static void
test_split(void **state)
{
	struct sv_split s = sv_split_of(SV("a;;b;"), ';');
	static const char *const want[] = {"a", "", "b", ""};
	struct sv field, rest = SV("  one\ttwo \n"), word;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(want); i++) {
		assert_true(sv_split_next(&s, &field));
		assert_sv(field, sv_of(want[i]));
	}
	assert_false(sv_split_next(&s, &field));
	assert_true(sv_word(&rest, &word));
	assert_sv(word, SV("one"));
	assert_true(sv_word(&rest, &word));
	assert_sv(word, SV("two"));
	assert_false(sv_word(&rest, &word));
	assert_sv(sv_trim(SV(" \t x y \n")), SV("x y"));
	assert_int_equal(sv_find(SV("aaab"), SV("ab")), 2);
	assert_int_equal(sv_find(SV("aaa"), SV("ab")), 3);
	assert_true(sv_cmp(SV("a"), SV("ab")) < 0);
	assert_true(sv_cmp(SV("\xff"), SV("a")) > 0);
	assert_true(sv_eq_nocase(SV("Ru-MoW"), SV("rU-mOw")));
	assert_false(sv_eq_nocase(SV("\xc3\x84"), SV("\xc3\xa4")));
}

static void
test_buf(void **state)
{
	struct buf b = BUF_INIT(10);
	struct err e = ERR_INIT;

	(void)state;
	assert_string_equal(buf_str(&b), "");
	buf_adds(&b, "12345");
	buf_add_i64(&b, -99);
	assert_sv(buf_sv(&b), SV("12345-99"));
	buf_adds(&b, "abc"); /* 11 bytes */
	assert_false(buf_ok(&b));
	buf_adds(&b, "x");
	assert_int_equal(b.n, 0);
	assert_int_equal(buf_check(&b, "the list", &e), RC_LIMIT);
	assert_non_null(strstr(e.text, "the list"));
	assert_non_null(strstr(e.text, "10"));
	buf_reset(&b);
	buf_addf(&b, "%s", "0123456789");
	assert_int_equal(buf_check(&b, "the list", &e), RC_OK);
	buf_cut(&b, 3);
	assert_string_equal(buf_str(&b), "012");
	buf_reset(&b);
	buf_add_hex(&b, SV("\x00\xff\x1a"));
	assert_string_equal(buf_str(&b), "00ff1a");
	buf_add_hex(&b, SV("123456"));
	assert_false(buf_ok(&b));
	buf_fini(&b);
}

/* Markus Kuhn's stress cases, sections 3 and 4, by their bytes. */
static const struct {
	struct sv in;
	size_t bad_at;
} texts[] = {
	{SV_INIT("plain ascii of some length"), 26},
	{SV_INIT("\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), 18},
	{SV_INIT("a\x80"), 1},
	{SV_INIT("abcdefgh\xc0\xaf"), 8}, /* overlong '/' */
	{SV_INIT("\xe0\x80\xaf"), 0},
	{SV_INIT("\xf0\x80\x80\xaf"), 0},
	{SV_INIT("\xed\xa0\x80"), 0}, /* U+D800 */
	{SV_INIT("\xed\xbf\xbf"), 0},
	{SV_INIT("\xf4\x90\x80\x80"), 0}, /* U+110000 */
	{SV_INIT("\xf8\x88\x80\x80\x80"), 0},
	{SV_INIT("ok\xe2\x82"), 2}, /* cut */
	{SV_INIT("\xff"), 0},
	{SV_INIT(""), 0},
};

static void
test_utf8(void **state)
{
	struct sv rest = SV("\xd0\x96\xf0\x9f\x9a\xa8");
	char out[4];
	uint32_t c;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		assert_int_equal(utf8_bad_at(texts[i].in), texts[i].bad_at);
		assert_int_equal(utf8_valid(texts[i].in), texts[i].bad_at == texts[i].in.n);
	}
	assert_true(utf8_next(&rest, &c));
	assert_int_equal(c, 0x416);
	assert_true(utf8_next(&rest, &c));
	assert_int_equal(c, 0x1f6a8);
	assert_false(utf8_next(&rest, &c));
	assert_int_equal(utf8_put(out, 0x1f6a8), 4);
	assert_memory_equal(out, "\xf0\x9f\x9a\xa8", 4);
	assert_int_equal(utf8_put(out, 0xd800), 0);
	assert_sv(utf8_cut(SV("a\xd0\x96"
			      "b"),
			   2),
		  SV("a"));
	assert_sv(utf8_cut(SV("a\xd0\x96"
			      "b"),
			   3),
		  SV("a\xd0\x96"));
	assert_int_equal(utf8_count(SV("a\xd0\x96\xf0\x9f\x9a\xa8")), 3);
	assert_true(utf8_has_control(SV("a\x01")));
	assert_true(utf8_has_control(SV("a\xc2\x9b"))); /* CSI */
	assert_false(utf8_has_control(SV("a\tb\r\n")));
}

static void
test_err(void **state)
{
	struct err e = ERR_INIT;
	char long_text[2 * ERR_TEXT];

	(void)state;
	assert_int_equal(err_set(&e, RC_SYNTAX, "line %d: no", 7), RC_SYNTAX);
	assert_int_equal(err_in(&e, RC_SYNTAX, "people.csv"), RC_SYNTAX);
	assert_string_equal(e.text, "people.csv: line 7: no");
	errno = ENOENT;
	assert_int_equal(err_errno(&e, RC_IO, "x: cannot be read"), RC_IO);
	assert_string_equal(e.text, "x: cannot be read: No such file or directory");
	assert_int_equal(err_set(NULL, RC_IO, "nobody listens"), RC_IO);
	/* A cut sentence stays valid UTF-8 and says that it was cut. */
	memset(long_text, 'a', sizeof(long_text));
	memcpy(long_text + ERR_TEXT - 5, "\xd0\x96\xd0\x96\xd0\x96", 6);
	long_text[sizeof(long_text) - 1] = '\0';
	assert_int_equal(err_set(&e, RC_LIMIT, "%s", long_text), RC_LIMIT);
	assert_true(strlen(e.text) < ERR_TEXT);
	assert_true(utf8_valid(sv_of(e.text)));
	assert_true(sv_ends(sv_of(e.text), SV("\xe2\x80\xa6")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_split),   cmocka_unit_test(test_buf),
		cmocka_unit_test(test_utf8),    cmocka_unit_test(test_err),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
