/*
 * idlist.c — the LEB128 differences of an ascending list of ids.
 */
#include "people/idlist.h"

#include "base/buf.h"

void
idlist_add(struct buf *out, const int64_t *ids, size_t n)
{
	int64_t before = 0;
	uint64_t step;
	size_t i;

	for (i = 0; i < n; i++) {
		BUG_ON(ids[i] <= before);
		step = (uint64_t)(ids[i] - before);
		before = ids[i];
		while (step >= 0x80) {
			buf_addc(out, (char)(unsigned char)(0x80 | (step & 0x7f)));
			step >>= 7;
		}
		buf_addc(out, (char)step);
	}
}

/* One number off the front; false when it is cut, too long, zero or not in its shortest form. */
static bool
take_step(struct sv *rest, uint64_t *ret)
{
	uint64_t v = 0;
	size_t i;
	unsigned char c;

	for (i = 0; i < rest->n && i < IDLIST_BYTES_MAX; i++) {
		c = (unsigned char)rest->p[i];
		v |= (uint64_t)(c & 0x7f) << (7 * i);
		if (c & 0x80)
			continue;
		if (c == 0) /* zero itself, or a needless last byte */
			return false;
		*rest = sv_from(*rest, i + 1);
		*ret = v;
		return true;
	}
	return false;
}

enum rc
idlist_read(int64_t *ret, size_t max, size_t *ret_n, struct sv bytes, struct err *e)
{
	struct sv rest = bytes;
	uint64_t step, id = 0;
	size_t n = 0;

	while (rest.n > 0) {
		if (n == max)
			return err_set(e, RC_LIMIT, "list of ids: more than %zu", max);
		if (!take_step(&rest, &step) || step > (uint64_t)INT64_MAX - id)
			return err_set(e, RC_SYNTAX,
				       "list of ids: byte %zu: not an ascending LEB128 list",
				       bytes.n - rest.n);
		id += step;
		ret[n++] = (int64_t)id;
	}
	*ret_n = n;
	return RC_OK;
}

size_t
idlist_count(struct sv bytes)
{
	size_t i, n = 0;

	for (i = 0; i < bytes.n; i++)
		n += !((unsigned char)bytes.p[i] & 0x80);
	return n;
}
