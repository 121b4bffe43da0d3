/*
 * retry.h — how long to wait before the next attempt. Pure.
 */
#ifndef DELIVERY_RETRY_H
#define DELIVERY_RETRY_H

#include <stdint.h>

struct retry_policy {
	int64_t first_s;  /* before the second attempt; doubles with every further one */
	int64_t last_s;   /* never longer than this */
	int64_t attempts; /* answers of a peer before giving up */
};

/* After `attempts` answers (at least one). noise, any number, spreads it by up to a quarter
 * more, so that what failed together does not come back together. */
int64_t retry_delay_s(const struct retry_policy *, int64_t attempts, uint64_t noise);

/* The same without a policy: a route that failed `times` times in a row. */
int64_t retry_pause_s(int64_t times, uint64_t noise);

#endif
