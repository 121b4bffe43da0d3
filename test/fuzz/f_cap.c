/*
 * f_cap.c — any bytes through the CAP reader and the judges of the profiles, then
 * through the writer and the reader again: the second text must equal the first.
 */
#include <stdint.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_profile.h"
#include "cap/cap_read.h"
#include "cap/cap_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No error gets lost, and the lines are in order. */
static void
judge(const struct cap_alert *alert, const struct cap_findings *found, struct arena *a)
{
	static const enum cap_profile profiles[] = {CAP_PROFILE_IPAWS, CAP_PROFILE_CP,
						    CAP_PROFILE_AU};
	const struct cap_findings *all;
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(profiles); i++) {
		all = cap_profile_judge(profiles[i], alert, found, a);
		BUG_ON(all->errors < found->errors);
		for (k = 1; k < all->n; k++)
			BUG_ON(all->v[k - 1].line > all->v[k].line);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct buf one = BUF_INIT(16 * LIMIT_CAP_FILE), two = BUF_INIT(16 * LIMIT_CAP_FILE);
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	struct err e = ERR_INIT;

	if (cap_read(&alert, &findings, a, (struct sv){(const char *)data, size}, &e) != RC_OK)
		goto out;
	judge(alert, findings, a);
	cap_write(&one, alert);
	/* Indents can take what was just within the limits over them. */
	if (cap_read(&alert, &findings, a, buf_sv(&one), &e) != RC_OK) {
		BUG_ON(buf_sv(&one).n <= LIMIT_CAP_FILE);
		goto out;
	}
	cap_write(&two, alert);
	BUG_ON(!sv_eq(buf_sv(&one), buf_sv(&two)));
out:
	buf_fini(&one);
	buf_fini(&two);
	arena_free(&a);
	return 0;
}
