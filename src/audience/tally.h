/*
 * tally.h — counting an audience by country, citizenship, language, channel.
 * Persons, never stays: one with two stays in a country counts once there. Pure.
 */
#ifndef AUDIENCE_TALLY_H
#define AUDIENCE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audience/resolve.h"
#include "base/compiler.h"

struct index;
struct tally;

/* The index must outlive the result. */
struct tally *tally_new(const struct index *) CHECKED;
void tally_free(struct tally **); /* NULL inside is fine; leaves NULL */

/* A stay of the audience; again: its person was given already with another one. */
void tally_stay(struct tally *, size_t stay, bool again);
/* A person of the audience, each once. */
void tally_person(struct tally *, size_t row);
/* After the last; the tables can be read then. */
void tally_finish(struct tally *);

size_t tally_entries(const struct tally *, enum audience_table);
struct sv tally_entry(const struct tally *, enum audience_table, size_t i, uint64_t *ret_n);

#endif
