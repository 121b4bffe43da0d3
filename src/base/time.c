/*
 * time.c — see time.h. The calendar by day counts, after the usual shift of
 * the year's begin to March; no table, no library time zone.
 */
#include <time.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/time.h"

static const char day_names[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
static const char month_names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int64_t
time_now(void)
{
	return (int64_t)time(NULL);
}

int64_t
time_mono_us(void)
{
	struct timespec ts;

	BUG_ON(clock_gettime(CLOCK_MONOTONIC, &ts) != 0);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
time_mono_ms(void)
{
	return time_mono_us() / 1000;
}

int32_t
time_day_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

	return era * 146097 + day_of_era - 719468;
}

void
time_civil(int32_t days, int *ret_year, int *ret_month, int *ret_day)
{
	int z = days + 719468;
	int era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;
	int month = mp < 10 ? mp + 3 : mp - 9;

	*ret_year = yoe + era * 400 + (month <= 2);
	*ret_month = month;
	*ret_day = doy - (153 * mp + 2) / 5 + 1;
}

bool
time_date_ok(int year, int month, int day)
{
	static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= lengths[month - 1] + (month == 2 && leap);
}

int32_t
time_utc_day(int64_t utc)
{
	int64_t day = utc / TIME_DAY;

	return (int32_t)(utc % TIME_DAY < 0 ? day - 1 : day);
}

/* n digits at p as a number, or -1. */
static int
digits(const char *p, int n)
{
	int value = 0, i;

	for (i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

bool
time_parse_date(struct sv v, int32_t *ret_day)
{
	int year, month, day;

	if (v.n != 10 || v.p[4] != '-' || v.p[7] != '-')
		return false;
	year = digits(v.p, 4);
	month = digits(v.p + 5, 2);
	day = digits(v.p + 8, 2);
	if (!time_date_ok(year, month, day))
		return false;
	*ret_day = time_day_of(year, month, day);
	return true;
}

/* "hh:mm:ss" */
static bool
parse_clock(const char *p, int *ret_seconds)
{
	int hour = digits(p, 2), minute = digits(p + 3, 2), second = digits(p + 6, 2);

	if (p[2] != ':' || p[5] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
	    second < 0 || second > 60)
		return false;
	if (second == 60)
		second = 59; /* a leap second: these clocks have none */
	*ret_seconds = hour * 3600 + minute * 60 + second;
	return true;
}

/* "+hh:mm" */
static bool
parse_offset(struct sv v, int *ret_minutes)
{
	int hour, minute;

	if (v.n != 6 || (v.p[0] != '+' && v.p[0] != '-') || v.p[3] != ':')
		return false;
	hour = digits(v.p + 1, 2);
	minute = digits(v.p + 4, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	*ret_minutes = (v.p[0] == '-' ? -1 : 1) * (hour * 60 + minute);
	return true;
}

static bool
parse_at(struct sv v, struct sv offset, struct time_at *ret)
{
	int seconds, minutes = 0;
	int32_t day;

	if (!time_parse_date(sv_head(v, 10), &day) || !parse_clock(v.p + 11, &seconds))
		return false;
	if (offset.n > 0 && !parse_offset(offset, &minutes))
		return false;
	ret->utc = (int64_t)day * TIME_DAY + seconds - (int64_t)minutes * 60;
	ret->offset_min = minutes;
	return true;
}

bool
time_parse_rfc3339(struct sv v, struct time_at *ret)
{
	struct sv rest;
	size_t n;

	if (v.n < 20 || (v.p[10] != 'T' && v.p[10] != 't' && v.p[10] != ' '))
		return false;
	rest = sv_from(v, 19);
	if (rest.p[0] == '.') {
		for (n = 1; n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9'; n++)
			;
		if (n == 1)
			return false;
		rest = sv_from(rest, n);
	}
	if (rest.n == 1 && (rest.p[0] == 'Z' || rest.p[0] == 'z'))
		return parse_at(v, SV_NONE, ret);
	return rest.n == 6 && parse_at(v, rest, ret);
}

bool
time_parse_cap(struct sv v, struct time_at *ret)
{
	return v.n == 25 && v.p[10] == 'T' && parse_at(v, sv_from(v, 19), ret);
}

static void
add_local(struct buf *b, int64_t local)
{
	int32_t day = time_utc_day(local);
	int seconds = (int)(local - (int64_t)day * TIME_DAY);
	int year, month, mday;

	time_civil(day, &year, &month, &mday);
	buf_addf(b, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, mday, seconds / 3600,
		 seconds / 60 % 60, seconds % 60);
}

void
time_add_rfc3339(struct buf *b, int64_t utc)
{
	add_local(b, utc);
	buf_addc(b, 'Z');
}

void
time_add_cap(struct buf *b, struct time_at at)
{
	int minutes = at.offset_min < 0 ? -at.offset_min : at.offset_min;

	add_local(b, at.utc + (int64_t)at.offset_min * 60);
	/* CAP 1.2, 3.3.2: UTC is -00:00, never Z. */
	buf_addf(b, "%c%02d:%02d", at.offset_min > 0 ? '+' : '-', minutes / 60, minutes % 60);
}

void
time_add_date(struct buf *b, int32_t day)
{
	int year, month, mday;

	time_civil(day, &year, &month, &mday);
	buf_addf(b, "%04d-%02d-%02d", year, month, mday);
}

static void
add_named(struct buf *b, int64_t utc, const char *zone)
{
	int32_t day = time_utc_day(utc);
	int seconds = (int)(utc - (int64_t)day * TIME_DAY);
	int year, month, mday;

	time_civil(day, &year, &month, &mday);
	buf_addf(b, "%s, %02d %s %04d %02d:%02d:%02d %s", day_names[((day % 7) + 7) % 7], mday,
		 month_names[month - 1], year, seconds / 3600, seconds / 60 % 60, seconds % 60,
		 zone);
}

void
time_add_rfc5322(struct buf *b, int64_t utc)
{
	add_named(b, utc, "+0000");
}

void
time_add_http(struct buf *b, int64_t utc)
{
	add_named(b, utc, "GMT");
}

bool
time_parse_http(struct sv v, int64_t *ret_utc)
{
	int year, month, day, seconds;

	if (v.n != 29 || v.p[3] != ',' || v.p[4] != ' ' || v.p[7] != ' ' || v.p[11] != ' ' ||
	    v.p[16] != ' ' || !sv_eq(sv_from(v, 25), SV(" GMT")))
		return false;
	for (month = 0; month < 12; month++)
		if (sv_eq((struct sv){v.p + 8, 3}, (struct sv){month_names[month], 3}))
			break;
	day = digits(v.p + 5, 2);
	year = digits(v.p + 12, 4);
	if (month == 12 || !time_date_ok(year, month + 1, day) || !parse_clock(v.p + 17, &seconds))
		return false;
	*ret_utc = (int64_t)time_day_of(year, month + 1, day) * TIME_DAY + seconds;
	return true;
}
