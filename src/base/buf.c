/*
 * buf.c — see buf.h. The one place that grows memory for text from outside,
 * hence the maximum is checked here and nowhere else.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf)BUF_INIT(max);
}

void
buf_fini(struct buf *b)
{
	MEM_FREE(&b->p);
	buf_init(b, b->max);
}

void
buf_reset(struct buf *b)
{
	b->n = 0;
	b->failed = false;
	if (b->p != NULL)
		b->p[0] = '\0';
}

static void
fail(struct buf *b)
{
	b->n = 0;
	b->failed = true;
	if (b->p != NULL)
		b->p[0] = '\0';
}

char *
buf_room(struct buf *b, size_t n)
{
	if (b->failed)
		return NULL;
	if (n > b->max - b->n) {
		fail(b);
		return NULL;
	}
	if (b->n + n + 1 > b->cap)
		b->p = mem_grow(b->p, &b->cap, b->n + n + 1, 1);
	return b->p + b->n;
}

void
buf_commit(struct buf *b, size_t n)
{
	BUG_ON(b->failed || b->n + n >= b->cap);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_add(struct buf *b, struct sv v)
{
	char *room;

	if (v.n == 0)
		return;
	room = buf_room(b, v.n);
	if (room == NULL)
		return;
	memcpy(room, v.p, v.n);
	buf_commit(b, v.n);
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, sv_of(s));
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, (struct sv){&c, 1});
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;
	char small[256];
	char *room;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	BUG_ON(n < 0);
	if ((size_t)n < sizeof(small)) {
		buf_add(b, (struct sv){small, (size_t)n});
	} else {
		room = buf_room(b, (size_t)n);
		if (room != NULL) {
			vsnprintf(room, (size_t)n + 1, fmt, again);
			buf_commit(b, (size_t)n);
		}
	}
	va_end(again);
}

void
buf_add_u64(struct buf *b, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	buf_add(b, (struct sv){digits + at, sizeof(digits) - at});
}

void
buf_add_i64(struct buf *b, int64_t value)
{
	if (value < 0)
		buf_addc(b, '-');
	buf_add_u64(b, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void
buf_add_fill(struct buf *b, char c, size_t n)
{
	char *room = buf_room(b, n);

	if (room == NULL)
		return;
	memset(room, c, n);
	buf_commit(b, n);
}

void
buf_add_hex(struct buf *b, struct sv bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *room = bytes.n <= b->max / 2 ? buf_room(b, bytes.n * 2) : NULL;
	size_t i;

	if (room == NULL) {
		fail(b);
		return;
	}
	for (i = 0; i < bytes.n; i++) {
		unsigned char byte = (unsigned char)bytes.p[i];

		*room++ = digits[byte >> 4];
		*room++ = digits[byte & 15];
	}
	buf_commit(b, bytes.n * 2);
}

void
buf_cut(struct buf *b, size_t n)
{
	if (n >= b->n)
		return;
	b->n = n;
	b->p[n] = '\0';
}

struct sv
buf_sv(const struct buf *b)
{
	return (struct sv){b->p, b->n};
}

const char *
buf_str(const struct buf *b)
{
	return b->p != NULL ? b->p : "";
}

bool
buf_ok(const struct buf *b)
{
	return !b->failed;
}

enum rc
buf_check(const struct buf *b, const char *what, struct err *e)
{
	if (!b->failed)
		return RC_OK;
	return err_set(e, RC_LIMIT, "%s is larger than %zu bytes", what, b->max);
}
