/*
 * t_cap_values.c — the small forms, as tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <ctype.h>

#include "base/arena.h"
#include "cap/cap_values.h"

static void
polygons(void **state)
{
	static const struct {
		const char *in;
		enum rc want;
		size_t n;
	} cases[] = {
		{"0,0 0,1 1,1 0,0", RC_OK, 4},
		{" 0,0\n0,1\t1,1\r\n0,0 ", RC_OK, 4},
		{"0,0 0,1 1,1 1,0 0.0,-0", RC_OK, 5},
		{"90,180 -90,-180 0,0 90,180", RC_OK, 4},
		{"", RC_SYNTAX, 0},
		{"0,0 0,1 0,0", RC_SYNTAX, 0},
		{"0,0 0,1 1,1 0,2", RC_SYNTAX, 0},
		{"0,0 0,1 1,181 0,0", RC_SYNTAX, 0},
		{"0,0 0,1 90.0001,1 0,0", RC_SYNTAX, 0},
		{"0, 0 0,1 1,1 0,0", RC_SYNTAX, 0},
		{"0,0,0 0,1 1,1 0,0", RC_SYNTAX, 0},
		{"0,0 0,1e1 1,1 0,0", RC_SYNTAX, 0},
		{"0,0 nan,nan 1,1 0,0", RC_SYNTAX, 0},
		{"0,0 0,1 1,1 1,2 2,2 2,3 3,3 3,4 0,0", RC_LIMIT, 0},
	};
	struct arena *a = arena_new();
	struct geo_ring ring;
	struct err e = ERR_INIT;
	size_t i;
	enum rc rc;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		rc = cap_parse_polygon(&ring, a, sv_of(cases[i].in), 8, &e);
		if (rc != cases[i].want)
			fail_msg("\"%s\": %s", cases[i].in, rc_name(rc));
		if (rc == RC_OK)
			assert_int_equal(ring.n, cases[i].n);
	}
	assert_int_equal(cap_parse_polygon(&ring, a, SV("1.5,-2.25 3,4 5,6 1.5,-2.25"), 8, &e),
			 RC_OK);
	assert_true(ring.points[0].lat == 1.5 && ring.points[0].lon == -2.25);
	assert_true(ring.points[2].lat == 5 && ring.points[2].lon == 6);
	arena_free(&a);
}

/* The short way and the long one give the number that strtod gives. */
static void
numbers_are_exact(void **state)
{
	static const char *const cases[] = {"0",
					    "-0",
					    "5.",
					    ".5",
					    "-.25",
					    "+1.5",
					    "55.75",
					    "37.617635",
					    "-179.99999",
					    "0.1",
					    "0.30000001",
					    "89.999999999999",
					    "123456789012345",
					    "1234567890123456",
					    "0.123456789012345",
					    "0.1234567890123456",
					    "12.3456789012345678901",
					    "000000000000000000001.5"};
	struct arena *a = arena_new();
	struct geo_ring ring;
	struct err e = ERR_INIT;
	double number, want;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		want = strtod(cases[i], NULL);
		if (!cap_parse_decimal(sv_of(cases[i]), &number) || number < want || number > want)
			fail_msg("\"%s\" is %.17g", cases[i], number);
		if (want > 90 || want < -90)
			continue;
		assert_int_equal(
			cap_parse_polygon(&ring, a,
					  arena_fmt(a, "%s,1 1,2 2,2 %s,1", cases[i], cases[i]), 8,
					  &e),
			RC_OK);
		assert_true(ring.points[0].lat >= want && ring.points[0].lat <= want);
	}
	arena_free(&a);
}

static void
circles(void **state)
{
	static const struct {
		const char *in;
		enum rc want;
		double radius;
	} cases[] = {
		{"1,2 3", RC_OK, 3},      {"1,2  3.5", RC_OK, 3.5}, {"-90,180 0", RC_OK, 0},
		{"1,2 .5", RC_OK, 0.5},   {"1,2", RC_SYNTAX, 0},    {"1,2,3", RC_SYNTAX, 0},
		{"1 2 3", RC_SYNTAX, 0},  {"1,2 -1", RC_SYNTAX, 0}, {"1,2 3 km", RC_SYNTAX, 0},
		{"91,2 3", RC_SYNTAX, 0}, {"", RC_SYNTAX, 0},       {"1,2 inf", RC_SYNTAX, 0},
	};
	struct geo_circle c;
	struct err e = ERR_INIT;
	size_t i;
	enum rc rc;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		rc = cap_parse_circle(&c, sv_of(cases[i].in), &e);
		if (rc != cases[i].want)
			fail_msg("\"%s\": %s", cases[i].in, rc_name(rc));
		if (rc == RC_OK)
			assert_true(c.radius_km == cases[i].radius);
	}
}

static void
references(void **state)
{
	struct sv rest =
		SV("a@b,1,2026-09-22T02:10:00+03:00  c,2 \n d,3,2026-09-22T02:10:00-00:00");
	struct cap_reference r;
	struct sv item;
	bool ok;

	(void)state;
	assert_true(cap_next_reference(&rest, &item, &r, &ok));
	assert_true(ok);
	assert_true(sv_eq(r.sender, SV("a@b")) && sv_eq(r.identifier, SV("1")));
	assert_int_equal(r.sent.at.offset_min, 180);
	assert_true(cap_next_reference(&rest, &item, &r, &ok));
	assert_false(ok);
	assert_true(sv_eq(item, SV("c,2")));
	assert_true(cap_next_reference(&rest, &item, &r, &ok));
	assert_true(ok);
	assert_true(sv_eq(r.sender, SV("d")));
	assert_false(cap_next_reference(&rest, &item, &r, &ok));
}

static void
quoted_lists(void **state)
{
	static const struct {
		const char *in, *items;
		bool ok;
	} cases[] = {
		{"", "", true},
		{"a b", "a|b|", true},
		{" a  \"b c\" d ", "a|b c|d|", true},
		{"\"\"", "|", true},
		{"\"a", "a|", false},
		{"a\"b", "a\"b|", false},
		{"\"a\"b", "a|b|", false},
	};
	char got[64];
	struct sv rest, item;
	bool ok, all;
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		rest = sv_of(cases[i].in);
		all = true;
		n = 0;
		got[0] = '\0';
		while (cap_next_quoted(&rest, &item, &ok)) {
			n += (size_t)snprintf(got + n, sizeof(got) - n, "%.*s|", SV_ARG(item));
			all = all && ok;
		}
		assert_string_equal(got, cases[i].items);
		assert_int_equal(all, cases[i].ok);
	}
}

static void
uris(void **state)
{
	static const struct {
		const char *in;
		bool ok, absolute;
	} cases[] = {
		{"https://example.org/a?b=c#d", true, true},
		{"http://[2001:db8::1]:8080/", true, true},
		{"mailto:a@example.org", true, true},
		{"urn:oid:2.49.0.1", true, true},
		{"http://пример.example/путь", true, true},
		{"a/b", true, false},
		{"//example.org/a", true, false},
		{"#x", true, false},
		{"a%20b", true, false},
		{"1a:b", false, false},
		{":a", false, false},
		{"a b", false, false},
		{"a%2", false, false},
		{"a%zz", false, false},
		{"a#b#c", false, false},
		{"http://a:b/", false, false},
		{"http://[::1/", false, false},
		{"<a>", false, false},
		{"a\\b", false, false},
	};
	bool absolute, ok;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ok = cap_is_uri(sv_of(cases[i].in), &absolute);
		if (ok != cases[i].ok || (ok && absolute != cases[i].absolute))
			fail_msg("\"%s\": %d %d", cases[i].in, ok, absolute);
	}
}

static void
tokens(void **state)
{
	static const struct {
		bool (*is)(struct sv);
		const char *in;
		bool want;
	} cases[] = {
		{cap_is_name, "a@b", true},
		{cap_is_name, "", false},
		{cap_is_name, "a b", false},
		{cap_is_name, "a,b", false},
		{cap_is_name, "a<b", false},
		{cap_is_name, "a&b", false},
		{cap_is_language, "en", true},
		{cap_is_language, "zh-Hant-TW", true},
		{cap_is_language, "x-12345678", true},
		{cap_is_language, "x-123456789", false},
		{cap_is_language, "1a", false},
		{cap_is_language, "en-", false},
		{cap_is_language, "-en", false},
		{cap_is_language, "en_US", false},
		{cap_is_language, "", false},
		{cap_is_integer, "0", true},
		{cap_is_integer, "+7", true},
		{cap_is_integer, "-7", true},
		{cap_is_integer, "", false},
		{cap_is_integer, "-", false},
		{cap_is_integer, "1.0", false},
		{cap_is_mime_type, "image/png", true},
		{cap_is_mime_type, "text/xml; charset=x", true},
		{cap_is_mime_type, "image", false},
		{cap_is_mime_type, "a/b/c", false},
		{cap_is_mime_type, "/png", false},
		{cap_is_mime_type, "im age/png", false},
		{cap_is_base64, "", true},
		{cap_is_base64, "aGVs\n bG8=", true},
		{cap_is_base64, "YQ==", true},
		{cap_is_base64, "YQ=", false},
		{cap_is_base64, "Y===", false},
		{cap_is_base64, "YQ==YQ==", false},
		{cap_is_base64, "Y*==", false},
		{cap_is_base64, "YWJj\xC3\xA9", false},
		{cap_is_sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709", true},
		{cap_is_sha1, "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", true},
		{cap_is_sha1, "da39a3ee5e6b4b0d3255bfef95601890afd8070", false},
		{cap_is_sha1, "ga39a3ee5e6b4b0d3255bfef95601890afd80709", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		if (cases[i].is(sv_of(cases[i].in)) != cases[i].want)
			fail_msg("case %zu: \"%s\"", i, cases[i].in);
	}
}

static void
times_and_numbers(void **state)
{
	static const struct {
		const char *in;
		bool want;
	} times[] = {
		{"2026-09-22T02:10:00+03:00", true},  {"2026-09-22T02:10:00-00:00", true},
		{"2026-09-22T02:10:00+14:00", true},  {"2026-09-22T02:10:00+14:01", false},
		{"2026-09-22T02:10:60+03:00", false}, {"2026-09-22T24:00:00+03:00", true},
		{"2026-09-22T24:00:01+03:00", false}, {"2026-09-22T24:01:00+03:00", false},
		{"9999-12-31T24:00:00+03:00", false}, {"2026-09-22T02:10:00Z", false},
		{"2026-09-22 02:10:00+03:00", false}, {"", false},
		{"2026-09-22T02:10:00,03:00", false},
	};
	static const struct {
		const char *in;
		bool want;
		double value;
	} numbers[] = {
		{"1", true, 1},      {"-1.5", true, -1.5}, {"+2", true, 2}, {".5", true, 0.5},
		{"5.", true, 5},     {".", false, 0},      {"", false, 0},  {"1e3", false, 0},
		{"1.2.3", false, 0}, {"1.2.", false, 0},   {"-", false, 0}, {"0x1", false, 0},
	};
	struct time_at t, next;
	double d;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(times); i++) {
		if (cap_parse_time(sv_of(times[i].in), &t) != times[i].want)
			fail_msg("time \"%s\"", times[i].in);
	}
	/* The end of a day is the start of the next (XML Schema 2, 3.2.7.1). */
	assert_true(cap_parse_time(SV("2026-09-23T00:00:00+03:00"), &next));
	assert_true(cap_parse_time(SV("2026-09-22T24:00:00+03:00"), &t));
	assert_true(t.utc == next.utc && t.offset_min == next.offset_min);
	for (i = 0; i < ARRAY_LEN(numbers); i++) {
		if (cap_parse_decimal(sv_of(numbers[i].in), &d) != numbers[i].want)
			fail_msg("number \"%s\"", numbers[i].in);
		if (numbers[i].want)
			assert_true(d == numbers[i].value);
	}
}

/* RFC 4648, 10: the test vectors. */
static void
base64_has_a_size(void **state)
{
	static const struct {
		const char *in;
		size_t want;
	} cases[] = {
		{"", 0}, {"Zg==", 1}, {"Zm8=", 2}, {"Zm9v", 3}, {"Zm9v\n\tYmE=", 5},
	};
	char run[80];
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(cap_base64_size(sv_of(cases[i].in), &n));
		assert_int_equal(n, cases[i].want);
	}
	assert_false(cap_base64_size(SV("Zg="), &n));
	/* Every byte at every place of a long run. */
	for (i = 0; i < 256 * 80; i++) {
		memset(run, 'A', 80);
		run[i % 80] = (char)(i / 80);
		assert_int_equal(cap_base64_size((struct sv){run, 80}, &n),
				 isalnum((int)(i / 80)) || i / 80 == '+' || i / 80 == '/' ||
					 (i / 80 == '=' && i % 80 == 79));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(polygons),
		cmocka_unit_test(circles),
		cmocka_unit_test(numbers_are_exact),
		cmocka_unit_test(references),
		cmocka_unit_test(quoted_lists),
		cmocka_unit_test(uris),
		cmocka_unit_test(tokens),
		cmocka_unit_test(times_and_numbers),
		cmocka_unit_test(base64_has_a_size),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
