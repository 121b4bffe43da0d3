/*
 * expr.h — the audience expression (DESIGN 5.1): read, written back, judged.
 *
 *   citizen:RU  dual  language:ru  group:staff  group:"a b"  in:GE  in:RU-MOW
 *   resident  visitor  arriving  status:unreached
 *   not, and, or, parentheses; not binds tighter than and, and tighter than or
 *
 * Key words in any case; codes in any case; groups byte for byte, with \" and
 * \\ inside quotes. language:pt also finds pt-BR (RFC 4647, basic filtering).
 * An expression is read-only once parsed and lives in the arena it was given.
 * Pure.
 */
#ifndef AUDIENCE_EXPR_H
#define AUDIENCE_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct arena;
struct buf;

/* What can stand after "status:": how far we got with a person in this thread.
 * Exactly one holds for each person; nobody heard of is unreached. */
#define EXPR_STATUSES(X)              \
	X(UNREACHED, "unreached")     \
	X(HANDED_OVER, "handed-over") \
	X(REACHED, "reached")         \
	X(ANSWERED, "answered")

enum expr_status {
#define X(name, text) EXPR_STATUS_##name,
	EXPR_STATUSES(X)
#undef X
		EXPR_STATUS_COUNT
};

/* The predicates, with what they take. */
enum expr_value {
	EXPR_TAKES_NONE,
	EXPR_TAKES_COUNTRY,
	EXPR_TAKES_PLACE,
	EXPR_TAKES_LANGUAGE,
	EXPR_TAKES_GROUP,
	EXPR_TAKES_STATUS
};

#define EXPR_PREDICATES(X)                \
	X(CITIZEN, "citizen", COUNTRY)    \
	X(DUAL, "dual", NONE)             \
	X(LANGUAGE, "language", LANGUAGE) \
	X(GROUP, "group", GROUP)          \
	X(IN, "in", PLACE)                \
	X(RESIDENT, "resident", NONE)     \
	X(VISITOR, "visitor", NONE)       \
	X(ARRIVING, "arriving", NONE)     \
	X(STATUS, "status", STATUS)

enum expr_kind {
	EXPR_NOT, /* left */
	EXPR_AND, /* left, right */
	EXPR_OR,  /* left, right */
#define X(name, text, takes) EXPR_##name,
	EXPR_PREDICATES(X)
#undef X
};

struct expr_node {
	enum expr_kind kind;
	struct sv value;         /* normal form: "RU", "RU-MOW", "pt-br", "a b", "reached" */
	enum expr_status status; /* of EXPR_STATUS */
	size_t leaf;             /* predicates are numbered from 0, left to right */
	const struct expr_node *left, *right;
};

struct expr {
	const struct expr_node *root;
	size_t leaves;
	bool asks_status; /* there is a status: in it */
};

/* What an expression is judged on. Lists are as they are stored: ';' between. */
struct expr_person {
	struct sv citizenships; /* "FR;RU" */
	struct sv languages;    /* "ru;en" */
	struct sv groups;
	enum expr_status status;
};

struct expr_stay {
	struct sv country;     /* "RU", or empty */
	struct sv subdivision; /* "RU-MOW", or empty */
	bool open_ended;
	bool arriving; /* begins after the alert was sent */
};

/* RC_SYNTAX: "column 9: found "adn", expected "and", "or" or the end (did you mean
 * "and"?)"; columns count characters from 1. RC_LIMIT: longer, deeper, or with more
 * terms than base/limits.h allows. The text need not outlive the call. */
enum rc expr_parse(const struct expr **ret, struct arena *, struct sv text, struct err *) CHECKED;

/* Append the canonical form: parsing it again gives an equal expression, and
 * writing that gives the same bytes. */
void expr_write(struct buf *, const struct expr *);

/* Append one predicate, in the same form. */
void expr_write_leaf(struct buf *, const struct expr_node *);

/* Judge one person by one stay. This is what the words mean; whatever is faster
 * has to agree with it. */
bool expr_holds(const struct expr *, const struct expr_person *, const struct expr_stay *);

/* Judge one predicate; node must not be EXPR_NOT, _AND, _OR. */
bool expr_leaf_holds(const struct expr_node *, const struct expr_person *,
		     const struct expr_stay *);

/* True when the predicate is about the stay, false when about the person. */
bool expr_about_stay(enum expr_kind);

const char *expr_status_name(enum expr_status);

#endif
