/*
 * sealer_wire.c — see sealer_wire.h.
 */
#include "people/sealer_wire.h"

#include "base/buf.h"

static void
add_number(struct buf *ret, uint64_t v, unsigned bytes)
{
	while (bytes-- > 0)
		buf_addc(ret, (char)(unsigned char)((v >> (8 * bytes)) & 0xFF));
}

void
wire_add_u8(struct buf *ret, unsigned v)
{
	add_number(ret, v, 1);
}

void
wire_add_u32(struct buf *ret, uint32_t v)
{
	add_number(ret, v, 4);
}

void
wire_add_i64(struct buf *ret, int64_t v)
{
	add_number(ret, (uint64_t)v, 8);
}

void
wire_add_text(struct buf *ret, struct sv v)
{
	wire_add_u32(ret, (uint32_t)v.n);
	buf_add(ret, v);
}

struct sv
wire_bytes(struct wire *w, size_t n)
{
	struct sv v;

	if (w->failed || n > w->rest.n) {
		w->failed = true;
		return SV_NONE;
	}
	v = sv_head(w->rest, n);
	w->rest = sv_from(w->rest, n);
	return v;
}

static uint64_t
take_number(struct wire *w, size_t bytes)
{
	struct sv v = wire_bytes(w, bytes);
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < v.n; i++)
		n = n << 8 | (unsigned char)v.p[i];
	return n;
}

unsigned
wire_u8(struct wire *w)
{
	return (unsigned)take_number(w, 1);
}

uint32_t
wire_u32(struct wire *w)
{
	return (uint32_t)take_number(w, 4);
}

int64_t
wire_i64(struct wire *w)
{
	return (int64_t)take_number(w, 8);
}

struct sv
wire_text(struct wire *w)
{
	return wire_bytes(w, wire_u32(w));
}

bool
wire_done(const struct wire *w)
{
	return !w->failed && w->rest.n == 0;
}
