/*
 * scratch.h — a store and a keyring in a temporary folder, for the tests of this
 * room.
 */
#ifndef TEST_PEOPLE_SCRATCH_H
#define TEST_PEOPLE_SCRATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sv.h"
#include "people/people_import.h"

struct buf;
struct keyring;
struct sealer;
struct store;

#define NOW 1790000000

struct scratch {
	char folder[64];
	char main_path[256]; /* or the URI in TOCSIN_TEST_PG */
	char key_path[96], keys_path[96];
	struct store *st;
	struct keyring *ring; /* owned by sealer */
	struct sealer *sealer;
	int audits; /* calls of the audit function */
	int64_t last_officer;
	size_t last_persons;
	bool deny; /* let the audit fail */
};

void scratch_open(struct scratch *);
void scratch_reopen(struct scratch *); /* close and open the databases again */
void scratch_close(struct scratch *);  /* and remove the folder */

/* Import a text; the bad lines' sentences are joined with '\n' in bad (may be NULL). */
enum rc scratch_import(struct scratch *, struct sv csv, bool strict, struct import_result *,
		       struct buf *bad);
/* The same, expected to go without a bad line. */
void scratch_import_ok(struct scratch *, struct sv csv);

int64_t scratch_int(struct scratch *, const char *sql);
/* Does the folder hold these bytes in any file? */
bool scratch_holds(const struct scratch *, struct sv needle);

#endif
