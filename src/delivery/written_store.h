/*
 * written_store.h — who may have got something of a thread: the people a
 * correction goes to, and those an update must reach.
 */
#ifndef DELIVERY_WRITTEN_STORE_H
#define DELIVERY_WRITTEN_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"

struct store;

/* Persons with a row of the thread that reached, or may have reached, a peer:
 * ascending, each once, in an array that the caller releases with mem_free. A row
 * in flight counts, and one that was ever in doubt. Inside the transaction that ended the
 * thread's alerts: nothing of it can be started later. */
enum rc outbox_written_to(int64_t **ret, size_t *ret_n, struct store *, int64_t thread,
			  struct err *) CHECKED;

#endif
