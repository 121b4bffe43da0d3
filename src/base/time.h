/*
 * time.h — instants as UTC seconds since 1970, days as days since 1970.
 *
 * Pure: nothing here reads the clock except time_now and time_mono_…, which only loops,
 * commands and tests may call; everybody else is given `now`.
 * Calendar: proleptic Gregorian, years 0001 to 9999.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/sv.h"

struct buf;

#define TIME_DAY 86400

/* An instant with the offset it was written in, in minutes east of UTC. */
struct time_at {
	int64_t utc;
	int offset_min;
};

int64_t time_now(void);     /* UTC seconds */
int64_t time_mono_ms(void); /* a clock that never goes back */
int64_t time_mono_us(void);

int32_t time_day_of(int year, int month, int day); /* valid date expected */
bool time_date_ok(int year, int month, int day);
void time_civil(int32_t day, int *ret_year, int *ret_month, int *ret_day);
int32_t time_utc_day(int64_t utc); /* the UTC day that holds the instant */

/* "2026-09-22" (RFC 3339 full-date). */
bool time_parse_date(struct sv, int32_t *ret_day) CHECKED;

/* RFC 3339 date-time: 'T' or 't' or a space, fraction dropped, Z or ±hh:mm;
 * second 60 counts as 59. */
bool time_parse_rfc3339(struct sv, struct time_at *ret) CHECKED;

/* CAP 1.2, 3.3.2: exactly YYYY-MM-DDThh:mm:ss±hh:mm, no Z, no fraction. */
bool time_parse_cap(struct sv, struct time_at *ret) CHECKED;

/* "2026-09-22T02:10:00Z" */
void time_add_rfc3339(struct buf *, int64_t utc);
/* "2026-09-22T02:10:00+03:00"; UTC is written "-00:00". */
void time_add_cap(struct buf *, struct time_at);
/* "2026-09-22" */
void time_add_date(struct buf *, int32_t day);
/* "Tue, 22 Sep 2026 02:10:00 +0000" (RFC 5322) and "... GMT" (RFC 9110). */
void time_add_rfc5322(struct buf *, int64_t utc);
void time_add_http(struct buf *, int64_t utc);
/* "Tue, 22 Sep 2026 02:10:00 GMT" only; the preferred form of RFC 9110. */
bool time_parse_http(struct sv, int64_t *ret_utc) CHECKED;

#endif
