/*
 * f_feed.c — any bytes as a feed: each entry has its path, and a message that was
 * found inside reads alone, as what it was judged to be.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "cap/cap_feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	const struct cap_feed *feed;
	const struct cap_findings *findings, *inside;
	const struct cap_alert *alert;
	struct cap_refusal refusal;
	struct err e = ERR_INIT;
	size_t i;

	if (cap_feed_read(&feed, &findings, &refusal, a, (struct sv){(const char *)data, size},
			  &e) != RC_OK) {
		BUG_ON(e.text[0] == '\0' || refusal.line < 1);
		goto out;
	}
	for (i = 0; i < feed->n_entries; i++) {
		BUG_ON(feed->entries[i].path.n == 0 || feed->entries[i].line < 1);
		if (feed->entries[i].message.p == NULL)
			continue;
		if (cap_read(&alert, &inside, a, feed->entries[i].message, &e) == RC_OK)
			BUG_ON(inside->errors > findings->errors &&
			       findings->n < LIMIT_CAP_FINDINGS);
		else
			BUG_ON(findings->errors == 0 && findings->n < LIMIT_CAP_FINDINGS);
	}
out:
	arena_free(&a);
	return 0;
}
