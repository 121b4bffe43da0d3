/*
 * f_mend.c — any bytes through the lenient reader. Of each alert found: mended again it
 * must be the same bytes without a mend, and the strict writer must agree where it is valid.
 */
#include <stdint.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_mend.h"
#include "cap/cap_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(struct arena *a, const struct cap_lenient *l)
{
	struct buf b = BUF_INIT(16 * LIMIT_CAP_FILE);
	const struct cap_lenient *again;
	struct cap_refusal refusal;
	struct err e = ERR_INIT;
	size_t n;
	enum rc rc;

	/* Indents and parted pairs can take what was just within the limits over them. */
	if (l->alert == NULL)
		return;
	rc = cap_read_lenient(&again, &n, &refusal, a, l->xml, 0, &e);
	if (rc == RC_LIMIT)
		return;
	BUG_ON(rc != RC_OK || n != 1 || again->n_mends > 0 || !sv_eq(again->xml, l->xml));
	if (l->findings->errors == 0) {
		cap_write(&b, l->alert);
		BUG_ON(!sv_eq(buf_sv(&b), l->xml));
	}
	buf_fini(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	const struct cap_lenient *l;
	struct cap_refusal refusal;
	struct err e = ERR_INIT;
	size_t i, n;

	if (cap_read_lenient(&l, &n, &refusal, a, (struct sv){(const char *)data, size}, 10, &e) ==
	    RC_OK) {
		for (i = 0; i < n; i++)
			check(a, &l[i]);
	}
	arena_free(&a);
	return 0;
}
