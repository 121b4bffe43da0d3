/*
 * status_store.h — how far we got with each person of a thread, for status:.
 */
#ifndef AUDIENCE_STATUS_STORE_H
#define AUDIENCE_STATUS_STORE_H

#include <stdint.h>

#include "audience/resolve.h"
#include "base/compiler.h"
#include "base/err.h"

struct cap_alert;
struct store;
struct status_set;

/* The thread that a message belongs to: that of its own identifier, else of one it
 * refers to; 0 when none is known here. RC_IO, RC_TIMEOUT. */
enum rc status_store_thread(int64_t *ret, struct store *, const struct cap_alert *, struct err *)
	CHECKED;

/* Read the thread's rows. RC_IO, RC_TIMEOUT. */
enum rc status_store_load(struct status_set **ret, struct store *, int64_t thread, struct err *)
	CHECKED;
void status_set_free(struct status_set **); /* NULL inside is fine; leaves NULL */
struct audience_statuses status_set_view(const struct status_set *);

#endif
