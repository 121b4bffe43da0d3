/*
 * bench_store.h — how fast the outbox is on a given store, for `tocsin bench outbox`.
 */
#ifndef DELIVERY_BENCH_STORE_H
#define DELIVERY_BENCH_STORE_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"

struct store;

struct outbox_bench {
	int64_t fan_out_us; /* pieces into rows */
	int64_t settle_us;  /* claim, start, settle of all rows, contact states with them */
	int64_t rows;
};

/* On a migrated, empty database; it is emptied again. Every step is committed as
 * the dispatcher commits it. RC_CONFLICT when there are deliveries in it. */
enum rc outbox_bench(struct store *, int64_t rows, struct outbox_bench *ret, struct err *) CHECKED;

#endif
