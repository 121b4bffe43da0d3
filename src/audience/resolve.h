/*
 * resolve.h — index and plan in, persons and counts out. Pure.
 */
#ifndef AUDIENCE_RESOLVE_H
#define AUDIENCE_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audience/expr.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct buf;
struct index;
struct plan;
struct audience;

/* How far we got with persons in this thread: ids ascending, and one byte (enum
 * expr_status) each. Whoever is not in it is unreached. */
struct audience_statuses {
	const int64_t *persons;
	const uint8_t *status;
	size_t n;
};

struct audience_counts {
	uint64_t persons;
	uint64_t stays;         /* that make a person concerned */
	uint64_t place_unknown; /* of these, without coordinates */
	uint64_t no_channel;    /* persons without a contact point in use */
};

/* Tables of counts. Their entries are persons: by_country those with a concerning
 * stay recorded in that country (whoever has two such stays in two countries
 * stands in both), by_citizenship those who hold it (dual nationals stand in each),
 * by_language by the first language, by_channel by each channel in use. */
enum audience_table {
	AUDIENCE_BY_COUNTRY,
	AUDIENCE_BY_CITIZENSHIP,
	AUDIENCE_BY_LANGUAGE,
	AUDIENCE_BY_CHANNEL,
	AUDIENCE_TABLES
};

/* The index must outlive the result and not change meanwhile. statuses may be NULL. */
struct audience *audience_resolve(const struct index *, const struct plan *,
				  const struct audience_statuses *) CHECKED;
void audience_free(struct audience **); /* NULL inside is fine; leaves NULL */

const struct audience_counts *audience_counts(const struct audience *);
size_t audience_entries(const struct audience *, enum audience_table);
/* Entries by name, bytewise; "" stands for "none recorded". */
struct sv audience_entry(const struct audience *, enum audience_table, size_t i, uint64_t *ret_n);

bool audience_has_row(const struct audience *, uint32_t row);
bool audience_has_id(const struct audience *, int64_t id);

/* Ids ascending; ref bytewise. Each array belongs to the result and is made at the first call. */
const int64_t *audience_ids(struct audience *, size_t *ret_n);
const struct sv *audience_refs(struct audience *, size_t *ret_n);

#endif
