/*
 * sample_table.h — for sample.c: names and places to draw from.
 */
#ifndef PEOPLE_SAMPLE_TABLE_H
#define PEOPLE_SAMPLE_TABLE_H

#include <stddef.h>

/* A name as it is written, and in letters for an e-mail address. */
struct sample_name {
	const char *text;
	const char *ascii;
};

/* Where people of a kind come from: their names and what they speak. */
struct sample_origin {
	const char *citizenship;
	const char *languages; /* the preferred one first */
	const struct sample_name *given;
	size_t given_n;
	const struct sample_name *family;
	size_t family_n;
	unsigned weight;
};

struct sample_city {
	const char *country;
	const char *subdivision; /* ISO 3166-2, or "" */
	double lat, lon;
	unsigned weight; /* how many are there */
};

extern const struct sample_origin sample_origins[];
extern const size_t sample_origin_count;
extern const struct sample_city sample_cities[];
extern const size_t sample_city_count;

#endif
