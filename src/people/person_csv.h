/*
 * person_csv.h — one line of the people CSV (DESIGN 5.1) as values. Pure.
 *
 * The columns come in any order; all of them are there, each once.
 */
#ifndef PEOPLE_PERSON_CSV_H
#define PEOPLE_PERSON_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/limits.h"
#include "people/person.h"

struct arena;
struct buf;
struct csv_record;

#define PERSON_COLUMNS(X)             \
	X(REF, ref)                   \
	X(NAME, name)                 \
	X(CITIZENSHIPS, citizenships) \
	X(LANGUAGES, languages)       \
	X(EMAIL, email)               \
	X(PHONE, phone)               \
	X(COUNTRY, country)           \
	X(LATITUDE, latitude)         \
	X(LONGITUDE, longitude)       \
	X(FROM, from)                 \
	X(TO, to)                     \
	X(GROUPS, groups)

enum person_column {
#define X(name, text) PERSON_##name,
	PERSON_COLUMNS(X)
#undef X
		PERSON_COLUMN_COUNT
};

#define PERSON_CSV_HEADER                                                         \
	"ref,name,citizenships,languages,email,phone,country,latitude,longitude," \
	"from,to,groups"

struct person_header {
	size_t place[PERSON_COLUMN_COUNT]; /* in a record's fields */
};

struct person_line {
	uint64_t line;
	struct sv ref, name;
	struct sv citizenships, languages, groups; /* normal forms, see person.h */
	struct contact contacts[LIMIT_CONTACTS];   /* e-mails, then phones */
	size_t contact_count;
	struct stay stay;
};

/* RC_SYNTAX: a column is unknown, missing or there twice; the sentence names it. */
enum rc person_csv_header(struct person_header *ret, const struct csv_record *, struct err *)
	CHECKED;

/* Texts live in the arena. RC_SYNTAX, RC_LIMIT with "line 7: column: reason". Quotes from
 * the line may stand in the sentence: it is for the operator's screen, never for a log. */
enum rc person_csv_line(struct person_line *ret, const struct person_header *,
			const struct csv_record *, struct arena *, struct err *) CHECKED;

/* The normal forms of the three lists; ';' between. RC_SYNTAX, RC_LIMIT. */
enum rc person_citizenships(struct sv *ret, struct sv text, struct arena *, struct err *) CHECKED;
enum rc person_languages(struct sv *ret, struct sv text, struct arena *, struct err *) CHECKED;
enum rc person_groups(struct sv *ret, struct sv text, struct arena *, struct err *) CHECKED;

/* The parts of both lists in their normal form; `sorted` as for citizenships and groups, else
 * b's new parts come after a's. RC_LIMIT over most parts. */
enum rc person_union(struct sv *ret, struct sv a, struct sv b, bool sorted, size_t most,
		     struct arena *, struct err *) CHECKED;

/* Append one line; n is the stay's place in the person. */
void person_csv_add(struct buf *, const struct person *, size_t n);

#endif
