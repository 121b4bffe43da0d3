/*
 * f_time.c — any bytes as a time: what is read is the instant that the C
 * library's own calendar gives for the same digits, and written back it reads the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/time.h"
#include "cap/cap_values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The digits at a place whose form was judged already. */
static int
number(struct sv v, size_t at, size_t n)
{
	int value = 0;

	for (; n > 0; n--, at++)
		value = value * 10 + (v.p[at] - '0');
	return value;
}

/* "YYYY-MM-DDThh:mm:ss±hh:mm" by timegm. */
static int64_t
instant(struct sv v)
{
	struct tm tm = {
		.tm_year = number(v, 0, 4) - 1900,
		.tm_mon = number(v, 5, 2) - 1,
		.tm_mday = number(v, 8, 2),
		.tm_hour = number(v, 11, 2),
		.tm_min = number(v, 14, 2),
		.tm_sec = number(v, 17, 2),
	};
	int offset = number(v, 20, 2) * 3600 + number(v, 23, 2) * 60;

	return (int64_t)timegm(&tm) - (v.p[19] == '-' ? -offset : offset);
}

static void
check_cap(struct sv v)
{
	struct buf b = BUF_INIT(64);
	struct time_at t, again;

	if (!cap_parse_time(v, &t))
		return;
	BUG_ON(v.n != 25 || (v.p[19] != '+' && v.p[19] != '-'));
	BUG_ON(t.utc != instant(v));
	time_add_cap(&b, t);
	BUG_ON(!cap_parse_time(buf_sv(&b), &again));
	BUG_ON(again.utc != t.utc || again.offset_min != t.offset_min);
	/* UTC has one spelling of ours, and so has the end of a day (24:00:00); everything else is
	 * what was read. */
	BUG_ON(t.offset_min != 0 && memcmp(v.p + 11, "24", 2) != 0 && !sv_eq(buf_sv(&b), v));
	buf_fini(&b);
}

static void
check_rfc3339(struct sv v)
{
	struct buf b = BUF_INIT(64);
	struct time_at t, again;

	if (!time_parse_rfc3339(v, &t))
		return;
	BUG_ON(t.offset_min < -24 * 60 || t.offset_min > 24 * 60);
	/* An offset can carry the first and the last day out of the years that can be written. */
	if (t.utc >= (int64_t)time_day_of(1, 1, 1) * TIME_DAY &&
	    t.utc < ((int64_t)time_day_of(9999, 12, 31) + 1) * TIME_DAY) {
		time_add_rfc3339(&b, t.utc);
		BUG_ON(!time_parse_rfc3339(buf_sv(&b), &again) || again.utc != t.utc);
	}
	buf_fini(&b);
}

/* The looser form of CAP 1.0 and 1.1: whatever 1.2 takes is the same instant in it. */
static void
check_datetime(struct sv v)
{
	struct time_at strict, loose;
	bool ok, taken = cap_parse_datetime(v, &loose, &ok);

	if (cap_parse_time(v, &strict))
		BUG_ON(!taken || !ok || loose.utc != strict.utc ||
		       loose.offset_min != strict.offset_min);
	if (taken)
		BUG_ON(loose.offset_min < -14 * 60 || loose.offset_min > 14 * 60);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv v = {(const char *)data, size};
	int32_t day;
	int year, month, mday;

	check_cap(v);
	check_datetime(v);
	check_rfc3339(v);
	if (time_parse_date(v, &day)) {
		time_civil(day, &year, &month, &mday);
		BUG_ON(year != number(v, 0, 4) || month != number(v, 5, 2));
		BUG_ON(mday != number(v, 8, 2) || time_day_of(year, month, mday) != day);
	}
	return 0;
}
