/*
 * retry.c — doubling delays with a ceiling and a little noise.
 */
#include "delivery/retry.h"

#include "base/err.h"

/* A route that is down is tried again soon at first: a restart of the mail server takes seconds. */
#define PAUSE_FIRST_S 1
#define PAUSE_LAST_S  60

static int64_t
doubled(int64_t first, int64_t last, int64_t times)
{
	int64_t d = first;

	while (--times > 0 && d < last)
		d *= 2;
	return d < last ? d : last;
}

static int64_t
spread(int64_t d, uint64_t noise)
{
	return d + (int64_t)(noise % (uint64_t)(d / 4 + 1));
}

int64_t
retry_delay_s(const struct retry_policy *p, int64_t attempts, uint64_t noise)
{
	BUG_ON(p->first_s < 1 || p->last_s < p->first_s || attempts < 1);
	return spread(doubled(p->first_s, p->last_s, attempts), noise);
}

int64_t
retry_pause_s(int64_t times, uint64_t noise)
{
	return spread(doubled(PAUSE_FIRST_S, PAUSE_LAST_S, times), noise);
}
