/*
 * t_expr.c — reading, writing and judging expressions; every error by its words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "audience/expr.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

static void
test_canonical(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{"citizen:RU", "citizen:RU"},
		{"  citizen:ru  ", "citizen:RU"},
		{"citizen:RUS", "citizen:RU"},
		{"CITIZEN:ru AND NOT Dual", "citizen:RU and not dual"},
		{"(citizen:RU)", "citizen:RU"},
		{"((dual or resident))", "dual or resident"},
		{"dual or resident and visitor", "dual or resident and visitor"},
		{"(dual or resident) and visitor", "(dual or resident) and visitor"},
		{"dual or (resident and visitor)", "dual or resident and visitor"},
		{"not (dual or resident)", "not (dual or resident)"},
		{"not(dual)and(not(visitor))", "not dual and not visitor"},
		{"not not dual", "not not dual"},
		{"dual and (resident and visitor)", "dual and resident and visitor"},
		{"group:staff", "group:staff"},
		{"group:\"staff\"", "group:staff"},
		{"group:\"a b\"", "group:\"a b\""},
		{"group:\"say \\\"hi\\\" \\\\\"", "group:\"say \\\"hi\\\" \\\\\""},
		{"group:\"or\"", "group:or"},
		{"group:und:so", "group:und:so"},
		{"group:\xD1\x88\xD1\x82\xD0\xB0\xD0\xB1",
		 "group:\xD1\x88\xD1\x82\xD0\xB0\xD0\xB1"},
		{"in:ru-mow", "in:RU-MOW"},
		{"in:GE or\tin:AM\nor in:AZ", "in:GE or in:AM or in:AZ"},
		{"language:PT-br", "language:pt-br"},
		{"status:unreached", "status:unreached"},
		{"status:Handed-Over", "status:handed-over"},
		{"arriving and not resident", "arriving and not resident"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct buf out = BUF_INIT(KIB);
		const struct expr *x = NULL;
		struct err e = ERR_INIT;
		int round;

		for (round = 0; round < 2; round++) {
			struct sv in = round ? arena_sv(a, buf_sv(&out)) : sv_of(cases[i].in);

			assert_int_equal(expr_parse(&x, a, in, &e), RC_OK);
			buf_reset(&out);
			expr_write(&out, x);
			assert_string_equal(buf_str(&out), cases[i].want);
		}
		buf_fini(&out);
		arena_free(&a);
	}
}

static const struct {
	const char *in, *want;
} errors[] = {
	{"", "column 1: the expression is empty, expected a predicate such as citizen:RU"},
	{"   ", "column 1: the expression is empty, expected a predicate such as citizen:RU"},
	{"citzen:RU",
	 "column 1: found \"citzen\", expected \"not\", \"(\" or one of citizen:, "
	 "dual, language:, group:, in:, resident, visitor, arriving, status: (did you mean "
	 "\"citizen\"?)"},
	{"dual adn resident", "column 6: found \"adn\", expected \"and\", \"or\" or the end "
			      "(did you mean \"and\"?)"},
	{"dual && resident", "column 6: found \"&&\", expected \"and\", \"or\" or the end "
			     "(did you mean \"and\"?)"},
	{"dual resident", "column 6: found \"resident\", expected \"and\", \"or\" or the end"},
	{"citizen:XX", "column 9: \"XX\" is not an ISO 3166-1 code (expected two letters such "
		       "as \"RU\")"},
	{"citizen:Georgia", "column 9: \"Georgia\" is not an ISO 3166-1 code (expected two "
			    "letters such as \"RU\") (did you mean \"GE\"?)"},
	{"dual or in:RU-XXX", "column 12: \"RU-XXX\" is not an ISO 3166 code (expected a country "
			      "such as \"GE\" or a subdivision such as \"RU-MOW\")"},
	{"citizen:", "column 9: expected a country such as \"RU\" directly after \"citizen:\""},
	{"citizen: RU", "column 9: expected a country such as \"RU\" directly after \"citizen:\""},
	{"citizen", "column 8: expected a country such as \"RU\" directly after \"citizen:\""},
	{"dual:yes", "column 5: \"dual\" stands alone, expected no ':' after it"},
	{"(dual", "column 6: found the end, expected \"and\", \"or\" or \")\""},
	{"(dual adn visitor)", "column 7: found \"adn\", expected \"and\", \"or\" or \")\" (did "
			       "you mean \"and\"?)"},
	{"dual)", "column 5: found \")\", expected \"and\", \"or\" or the end"},
	{"()", "column 2: found \")\", expected a predicate such as citizen:RU, \"not\" or \"(\""},
	{"dual and", "column 9: found the end, expected a predicate such as citizen:RU, \"not\" "
		     "or \"(\""},
	{"and dual", "column 1: found \"and\", expected a predicate such as citizen:RU, \"not\" "
		     "or \"(\""},
	{"not", "column 4: found the end, expected a predicate such as citizen:RU, \"not\" or "
		"\"(\""},
	{"group:\"a b", "column 7: the quote is not closed"},
	{"group:\"a\"b", "column 10: found \"b\", expected a space after the closing quote"},
	{"group:a;b", "column 7: \"a;b\" is not a group (expected a name of at most 64 bytes "
		      "without ';')"},
	{"language:russian", "column 10: \"russian\" is not a language (expected a BCP 47 tag "
			     "such as \"ru\" or \"pt-BR\")"},
	{"status:reachd", "column 8: \"reachd\" is not a status (expected one of unreached, "
			  "handed-over, reached, answered) (did you mean \"reached\"?)"},
	{"group:\xD1\x88 adn dual", "column 9: found \"adn\", expected \"and\", \"or\" or the end "
				    "(did you mean \"and\"?)"},
	{"dual \xFF", "column 6: the text is not UTF-8"},
};

static void
test_errors(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(errors); i++) {
		struct arena *a = arena_new();
		const struct expr *x = NULL;
		struct err e = ERR_INIT;

		assert_int_equal(expr_parse(&x, a, sv_of(errors[i].in), &e), RC_SYNTAX);
		assert_string_equal(e.text, errors[i].want);
		assert_null(x);
		arena_free(&a);
	}
}

static enum rc
parse_repeated(const char *head, const char *piece, size_t n, const char *tail)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(MIB);
	const struct expr *x = NULL;
	struct err e = ERR_INIT;
	enum rc rc;

	buf_adds(&text, head);
	while (n-- > 0)
		buf_adds(&text, piece);
	buf_adds(&text, tail);
	rc = expr_parse(&x, a, buf_sv(&text), &e);
	buf_fini(&text);
	arena_free(&a);
	return rc;
}

static void
test_limits(void **state)
{
	(void)state;
	assert_int_equal(parse_repeated("", "not ", LIMIT_EXPR_DEPTH, "dual"), RC_OK);
	assert_int_equal(parse_repeated("", "not ", LIMIT_EXPR_DEPTH + 1, "dual"), RC_LIMIT);
	assert_int_equal(parse_repeated("", "(", LIMIT_EXPR_DEPTH + 1, "dual"), RC_LIMIT);
	assert_int_equal(parse_repeated("dual", " or dual", LIMIT_EXPR_TERMS - 1, ""), RC_OK);
	assert_int_equal(parse_repeated("dual", " or dual", LIMIT_EXPR_TERMS, ""), RC_LIMIT);
	assert_int_equal(parse_repeated("dual", " ", LIMIT_EXPR, ""), RC_LIMIT);
}

static void
test_meaning(void **state)
{
	static const struct expr_person anna = {SV_INIT("FR;RU"), SV_INIT("ru;pt-BR"),
						SV_INIT("a b;staff"), EXPR_STATUS_HANDED_OVER};
	static const struct expr_stay moscow = {SV_INIT("RU"), SV_INIT("RU-MOW"), true, false};
	static const struct {
		const char *expr;
		bool want;
	} cases[] = {
		{"citizen:RU", true},
		{"citizen:FR", true},
		{"citizen:DE", false},
		{"dual", true},
		{"language:ru", true},
		{"language:pt", true},
		{"language:pt-br", true},
		{"language:ptx", false},
		{"language:pt-PT", false},
		{"group:staff", true},
		{"group:\"a b\"", true},
		{"group:a", false},
		{"group:Staff", false},
		{"in:RU", true},
		{"in:RU-MOW", true},
		{"in:RU-SPE", false},
		{"in:GE", false},
		{"resident", true},
		{"visitor", false},
		{"arriving", false},
		{"status:handed-over", true},
		{"status:unreached", false},
		/* not before and before or */
		{"not dual or dual", true},
		{"not (dual or dual)", false},
		{"dual or dual and visitor", true},
		{"(dual or dual) and visitor", false},
		{"not visitor and dual", true},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		const struct expr *x = NULL;

		assert_int_equal(expr_parse(&x, a, sv_of(cases[i].expr), NULL), RC_OK);
		assert_int_equal(expr_holds(x, &anna, &moscow), cases[i].want);
		arena_free(&a);
	}
}

static void
test_empty_lists(void **state)
{
	static const struct expr_person nobody = {
		{NULL, 0}, {NULL, 0}, {NULL, 0}, EXPR_STATUS_UNREACHED};
	static const struct expr_stay nowhere = {{NULL, 0}, {NULL, 0}, false, true};
	struct arena *a = arena_new();
	const struct expr *x = NULL;

	(void)state;
	assert_int_equal(expr_parse(&x, a,
				    SV("citizen:RU or dual or language:ru or group:x or in:RU "
				       "or in:RU-MOW or resident"),
				    NULL),
			 RC_OK);
	assert_false(expr_holds(x, &nobody, &nowhere));
	assert_int_equal(expr_parse(&x, a, SV("visitor and arriving and status:unreached"), NULL),
			 RC_OK);
	assert_true(expr_holds(x, &nobody, &nowhere));
	arena_free(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical),   cmocka_unit_test(test_errors),
		cmocka_unit_test(test_limits),      cmocka_unit_test(test_meaning),
		cmocka_unit_test(test_empty_lists),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("audience/expr", tests, NULL, NULL);
}
