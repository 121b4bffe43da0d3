/*
 * compare.h — the index's answer against brute force, and alerts from short texts.
 */
#ifndef TEST_COMPARE_H
#define TEST_COMPARE_H

#include "brute.h"

struct arena;
struct index;

/* Resolve both ways and fail the test unless they agree on every person, the
 * counts, the ids and the refs. Returns the number of persons, or -1 when both found the
 * expression unreadable. what is for the message. */
int64_t compare(const char *what, const struct index *, const struct brute_person *, size_t n,
		const struct cap_alert *, const int64_t *at, const char *expr);

/* A whole alert round these <info> elements, sent 2026-03-01T12:00:00+00:00. */
const struct cap_alert *alert_of(struct arena *, const char *infos);

#endif
