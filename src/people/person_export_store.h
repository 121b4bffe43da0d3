/*
 * person_export_store.h — persons as lines of the people CSV, details open. The
 * officers, the approval and the encryption are desk's.
 */
#ifndef PEOPLE_PERSON_EXPORT_STORE_H
#define PEOPLE_PERSON_EXPORT_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"

struct sealer;
struct sealer_reason;
struct store;
struct sv;

/* Takes the rows of some persons; wiped after it returns. */
typedef enum rc export_sink_fn(void *arg, struct sv csv, struct err *);

/* Write the header and the rows of these persons (ascending ids, no repeats) to the sink,
 * in pieces, each with its audit row. RC_DENIED when opening is. */
enum rc person_export(struct store *, struct sealer *, const struct sealer_reason *,
		      const int64_t *ids, size_t n, export_sink_fn *, void *arg, struct err *)
	CHECKED;
#endif
