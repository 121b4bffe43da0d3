/*
 * person.h — somebody enrolled, and where they are when. Plain values.
 *
 * Lists are texts with ';' between, in one normal form: citizenships sorted
 * alpha-2 codes, languages BCP 47 tags in order of preference, groups sorted.
 */
#ifndef PEOPLE_PERSON_H
#define PEOPLE_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "geo/point.h"
#include "people/contact.h"

#define STAY_OPEN INT32_MAX /* to_day of a stay without an end: a resident's */

/* Days count anywhere on earth: a stay lasts, in UTC, from 14 h before its first day
 * begins until 12 h after its last day ends (DESIGN 5.1). */
#define STAY_BEFORE_S (14 * 3600)
#define STAY_AFTER_S  (12 * 3600)

struct stay {
	char country[3];     /* alpha-2; "" when nowhere known */
	char subdivision[8]; /* "RU-MOW", or "" */
	bool has_point;      /* false: somewhere in country */
	struct geo_point point;
	int32_t from_day; /* days since 1970, included */
	int32_t to_day;   /* included; STAY_OPEN */
};

/* One contact point in clear: lives in memory only while it is sealed or used. */
struct contact {
	enum channel channel;
	struct sv text; /* the normal form */
};

struct person {
	int64_t id; /* 0: not in the store yet */
	struct sv ref;
	struct sv name;
	struct sv citizenships;
	struct sv languages;
	struct sv groups;
	const struct contact *contacts; /* in the order of the ladder */
	size_t contact_count;
	const struct stay *stays;
	size_t stay_count;
};

#endif
