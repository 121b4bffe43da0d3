/*
 * people_import.h — a people CSV (DESIGN 5.1) into the store.
 *
 * Batches of BATCH_ROWS lines, each a transaction: what was reported as done
 * stays done when the rest fails. Lines with the same ref are one person,
 * wherever they stand; the first one in a file replaces what the store
 * knew of the person (opt-outs and bounces of the same contact points stay), later
 * ones add stays and whatever their lists have more.
 */
#ifndef PEOPLE_PEOPLE_IMPORT_H
#define PEOPLE_PEOPLE_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"

struct sealer;
struct store;

/* Up to cap bytes into p; 0 in *ret_n is the end. */
typedef enum rc import_read_fn(void *arg, char *p, size_t cap, size_t *ret_n, struct err *);
/* Back to the beginning; needed for `strict` alone. */
typedef enum rc import_rewind_fn(void *arg, struct err *);
/* One bad line: "line 7: citizenships: …". */
typedef void import_bad_fn(void *arg, const char *sentence);
typedef void import_progress_fn(void *arg, uint64_t bytes);

struct import_options {
	import_read_fn *read;
	import_rewind_fn *rewind;     /* may be NULL */
	import_bad_fn *bad;           /* may be NULL */
	import_progress_fn *progress; /* may be NULL */
	void *arg;
	bool strict; /* a bad line anywhere: nothing is imported */
	int64_t now;
};

struct import_result {
	uint64_t lines; /* data lines read, bad ones included */
	uint64_t bad;
	uint64_t persons; /* persons written: new and replaced ones */
	uint64_t created;
	uint64_t stays;
};

/* RC_OK also with bad lines when not strict: ask ret->bad. RC_CONFLICT: strict, and there
 * were bad lines.
 * RC_SYNTAX: the header is wrong. RC_IO, RC_TIMEOUT. ret is written in every case. */
enum rc people_import(struct store *, struct sealer *, const struct import_options *,
		      struct import_result *ret, struct err *) CHECKED;

#endif
