/*
 * t_message_code.c — the short code: values computed with Python's hashlib, and what
 * people make of it when they type it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypt/message_code.h"

static void
made(void **state)
{
	static const struct {
		struct sv bytes;
		const char *want;
	} cases[] = {
		{SV_INIT(""), "WERC-8GMR-ZGE1"},
		{SV_INIT("abc"), "Q9W1-DFWF-077Y"},
		{SV_INIT("<alert/>\n"), "JQBH-88GM-VKG5"},
	};
	char code[MESSAGE_CODE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		crypt_message_code(cases[i].bytes, code);
		assert_string_equal(code, cases[i].want);
	}
}

static void
typed(void **state)
{
	static const struct {
		const char *name;
		struct sv text;
		const char *want; /* NULL: not a code */
	} cases[] = {
		{"as printed", SV_INIT("Q9W1-DFWF-077Y"), "Q9W1-DFWF-077Y"},
		{"lower case", SV_INIT("q9w1-dfwf-077y"), "Q9W1-DFWF-077Y"},
		{"no hyphens", SV_INIT("Q9W1DFWF077Y"), "Q9W1-DFWF-077Y"},
		{"spaces", SV_INIT("  q9w1 dfwf 077y\r\n"), "Q9W1-DFWF-077Y"},
		{"other groups", SV_INIT("Q9W-1DF-WF0-77Y"), "Q9W1-DFWF-077Y"},
		{"O for 0", SV_INIT("Q9W1-DFWF-O77Y"), "Q9W1-DFWF-077Y"},
		{"o for 0", SV_INIT("Q9W1-DFWF-o77Y"), "Q9W1-DFWF-077Y"},
		{"l for 1", SV_INIT("Q9Wl-DFWF-077Y"), "Q9W1-DFWF-077Y"},
		{"I for 1", SV_INIT("Q9WI-DFWF-077Y"), "Q9W1-DFWF-077Y"},
		{"en dash",
		 SV_INIT("Q9W1\xE2\x80\x93"
			 "DFWF\xE2\x80\x93"
			 "077Y"),
		 "Q9W1-DFWF-077Y"},
		{"no-break space",
		 SV_INIT("Q9W1\xC2\xA0"
			 "DFWF\xC2\xA0"
			 "077Y"),
		 "Q9W1-DFWF-077Y"},
		{"nothing", SV_INIT(""), NULL},
		{"hyphens alone", SV_INIT("--"), NULL},
		{"eleven", SV_INIT("Q9W1-DFWF-077"), NULL},
		{"thirteen", SV_INIT("Q9W1-DFWF-077YY"), NULL},
		{"U is no digit", SV_INIT("Q9W1-DFWF-077U"), NULL},
		{"punctuation", SV_INIT("Q9W1.DFWF.077Y"), NULL},
		{"NUL", SV_INIT("Q9W1-DFWF-077\0"), NULL},
		{"half a dash", SV_INIT("Q9W1-DFWF-077Y\xE2\x80"), NULL},
	};
	char code[MESSAGE_CODE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		memset(code, 'x', sizeof(code));
		if (crypt_message_code_parse(cases[i].text, code) != (cases[i].want != NULL))
			fail_msg("%s", cases[i].name);
		if (cases[i].want != NULL)
			assert_string_equal(code, cases[i].want);
		else
			assert_int_equal(code[0], 'x');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made),
		cmocka_unit_test(typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
