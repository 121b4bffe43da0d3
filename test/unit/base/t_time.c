/* t_time.c — time.h: calendar, the three written forms, what is refused. */
#include "base/buf.h"
#include "base/time.h"
#include "lib/unit.h"

/* Counted with date(1): date -u -d DATE +%s divided by 86400. */
static const struct {
	int year, month, day;
	int32_t days;
} dates[] = {
	{1970, 1, 1, 0},         {1969, 12, 31, -1},   {2000, 2, 29, 11016}, {2000, 3, 1, 11017},
	{1900, 3, 1, -25508},    {2026, 9, 22, 20718}, {2100, 2, 28, 47540}, {2100, 3, 1, 47541},
	{9999, 12, 31, 2932896}, {1, 1, 1, -719162},
};

static void
test_days(void **state)
{
	size_t i;
	int y, m, d;

	(void)state;
	for (i = 0; i < ARRAY_LEN(dates); i++) {
		assert_int_equal(time_day_of(dates[i].year, dates[i].month, dates[i].day),
				 dates[i].days);
		time_civil(dates[i].days, &y, &m, &d);
		assert_int_equal(y, dates[i].year);
		assert_int_equal(m, dates[i].month);
		assert_int_equal(d, dates[i].day);
	}
	assert_false(time_date_ok(2100, 2, 29));
	assert_true(time_date_ok(2000, 2, 29));
	assert_false(time_date_ok(2023, 4, 31));
	assert_false(time_date_ok(0, 1, 1));
	assert_int_equal(time_utc_day(-1), -1);
	assert_int_equal(time_utc_day(86399), 0);
}

static const struct {
	const char *text;
	bool cap, rfc;
	int64_t utc;
	int offset;
} times[] = {
	{"2026-09-22T02:10:00+03:00", true, true, 1790032200, 180},
	{"2026-09-22T02:10:00-00:00", true, true, 1790043000, 0},
	{"2026-09-22T02:10:00Z", false, true, 1790043000, 0},
	{"2026-09-22t02:10:00.25z", false, true, 1790043000, 0},
	{"2026-09-22 02:10:00+00:00", false, true, 1790043000, 0},
	{"2026-09-22T02:10:00.5-07:00", false, true, 1790068200, -420},
	{"2016-12-31T23:59:60-00:00", true, true, 1483228799, 0},
	{"2026-09-22T24:00:00-00:00", false, false, 0, 0},
	{"2026-09-22T02:60:00-00:00", false, false, 0, 0},
	{"2026-02-29T00:00:00-00:00", false, false, 0, 0},
	{"2026-09-22T02:10:00,03:00", false, false, 0, 0},
	{"2026-09-22T02:10:00+24:00", false, false, 0, 0},
	{"2026-09-22T02:10-00:00", false, false, 0, 0},
	{"2026-09-22T02:10:00.Z", false, false, 0, 0},
	{"2026-09-22T02:10:00", false, false, 0, 0},
	{" 2026-09-22T02:10:00-00:00", false, false, 0, 0},
	{"", false, false, 0, 0},
};

static void
test_parse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(times); i++) {
		struct time_at at = {-7, -7};

		assert_int_equal(time_parse_cap(sv_of(times[i].text), &at), times[i].cap);
		if (times[i].cap) {
			assert_int_equal(at.utc, times[i].utc);
			assert_int_equal(at.offset_min, times[i].offset);
		} else {
			assert_int_equal(at.utc, -7);
		}
		at = (struct time_at){-7, -7};
		assert_int_equal(time_parse_rfc3339(sv_of(times[i].text), &at), times[i].rfc);
		if (times[i].rfc) {
			assert_int_equal(at.utc, times[i].utc);
			assert_int_equal(at.offset_min, times[i].offset);
		}
	}
}

static void
test_write(void **state)
{
	struct buf b = BUF_INIT(256);
	int64_t utc;

	(void)state;
	time_add_cap(&b, (struct time_at){1790032200, 180});
	assert_string_equal(buf_str(&b), "2026-09-22T02:10:00+03:00");
	buf_reset(&b);
	time_add_cap(&b, (struct time_at){1790043000, 0});
	assert_string_equal(buf_str(&b), "2026-09-22T02:10:00-00:00");
	buf_reset(&b);
	time_add_cap(&b, (struct time_at){1790068200, -450});
	assert_string_equal(buf_str(&b), "2026-09-22T01:40:00-07:30");
	buf_reset(&b);
	time_add_rfc3339(&b, 1790043000);
	assert_string_equal(buf_str(&b), "2026-09-22T02:10:00Z");
	buf_reset(&b);
	time_add_rfc5322(&b, 1790043000);
	assert_string_equal(buf_str(&b), "Tue, 22 Sep 2026 02:10:00 +0000");
	buf_reset(&b);
	/* The example of RFC 9110, 5.6.7. */
	time_add_http(&b, 784111777);
	assert_string_equal(buf_str(&b), "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_true(time_parse_http(buf_sv(&b), &utc));
	assert_int_equal(utc, 784111777);
	assert_false(time_parse_http(SV("Sun, 06 Nov 1994 08:49:37 UTC"), &utc));
	assert_false(time_parse_http(SV("Sunday, 06-Nov-94 08:49:37 GMT"), &utc));
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
