/*
 * t_args.c — command lines against a command's table.
 */
#include "test/lib/unit.h"

#include "base/mem.h"
#include "cmd/cmd_args.h"

static const struct cmd_option options[] = {{"json", NULL, "a flag"},
					    {"to", "WHO", "a value"},
					    {"size", "N", "a number"},
					    {NULL, NULL, NULL}};
static const struct cmd one = {.name = "do it",
			       .args = "FILE…",
			       .summary = "s",
			       .options = options,
			       .min_args = 1,
			       .max_args = 2};

#define WORDS 8

static int
count(char *const argv[WORDS])
{
	int n = 0;

	while (n < WORDS && argv[n] != NULL)
		n++;
	return n;
}

static void
lines(void **state)
{
	static const struct {
		char *argv[WORDS];
		const char *says; /* NULL: taken */
		size_t args;
		const char *to;
		bool json;
	} cases[] = {
		{{"a"}, NULL, 1, NULL, false},
		{{"a", "--json", "b"}, NULL, 2, NULL, true},
		{{"--to", "x", "a"}, NULL, 1, "x", false},
		{{"--to=x", "a"}, NULL, 1, "x", false},
		{{"--to=", "a"}, NULL, 1, "", false},
		{{"--to=a=b", "a"}, NULL, 1, "a=b", false},
		{{"--to", "--json", "a"}, NULL, 1, "--json", false},
		{{"--to", "x", "--to", "y", "a"}, NULL, 1, "y", false},
		{{"--", "--json"}, NULL, 1, NULL, false},
		{{"-"}, NULL, 1, NULL, false},
		{{"--help"}, NULL, 0, NULL, false},
		{{"--data", "d", "a"}, NULL, 1, NULL, false},
		{{NULL}, "usage: tocsin do it FILE", 0, NULL, false},
		{{"a", "b", "c"}, "do it: \"c\" is one argument too many", 0, NULL, false},
		{{"--jsn", "a"}, "do it: there is no option --jsn", 0, NULL, false},
		{{"--js", "a"}, "do it: there is no option --js", 0, NULL, false},
		{{"--json=1", "a"}, "--json takes no value", 0, NULL, false},
		{{"a", "--to"}, "--to needs WHO behind it", 0, NULL, false},
		{{"-j", "a"}, "do it: options are written --name, found \"-j\"", 0, NULL, false},
	};
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct cmd_args *a = NULL;
		enum rc rc = cmd_args_parse(&a, &one, count(cases[i].argv),
					    (char **)(uintptr_t)cases[i].argv, &e);

		if (cases[i].says != NULL) {
			assert_int_equal(rc, RC_USAGE);
			assert_null(a);
			if (!sv_starts(sv_of(e.text), sv_of(cases[i].says)))
				fail_msg("case %zu: %s", i, e.text);
			continue;
		}
		assert_int_equal(rc, RC_OK);
		assert_int_equal(cmd_count(a), cases[i].args);
		assert_int_equal(cmd_flag(a, "json"), cases[i].json);
		if (cases[i].to == NULL)
			assert_null(cmd_value(a, "to"));
		else
			assert_string_equal(cmd_value(a, "to"), cases[i].to);
		cmd_args_free(&a);
		assert_null(a);
	}
}

static void
numbers(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {{"5", true},    {"10", true},
		     {"4", false},   {"11", false},
		     {"", false},    {"7x", false},
		     {" 7", false},  {"7.0", false},
		     {"0x7", false}, {"99999999999999999999", false}};
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		char *argv[] = {"a", "--size", (char *)(uintptr_t)cases[i].text};
		struct cmd_args *a = NULL;
		long long v = -1;

		assert_int_equal(cmd_args_parse(&a, &one, 3, argv, &e), RC_OK);
		assert_int_equal(cmd_number(a, "size", 5, 10, &v, &e),
				 cases[i].good ? RC_OK : RC_USAGE);
		assert_int_equal(v > 0, cases[i].good);
		cmd_args_free(&a);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
