/*
 * sealer_remote.c — the sealer that asks the role `keys` over its local socket,
 * one request and one reply at a time, at most BATCH_SEALER items in each.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "net/frame.h"
#include "people/sealer.h"
#include "people/sealer_wire.h"

struct sealer_remote {
	struct sealer base;
	struct local *line;
	int timeout_ms;
	struct buf request, reply;
};

static struct sealer_remote *
remote_of(struct sealer *s)
{
	return (struct sealer_remote *)s;
}

static struct buf *
begin(struct sealer_remote *r, enum wire_op op)
{
	buf_reset(&r->request);
	wire_add_u8(&r->request, op);
	return &r->request;
}

static void
wipe(struct buf *b)
{
	if (b->p != NULL)
		mem_wipe(b->p, b->cap);
	buf_reset(b);
}

/* Send the request; *ret reads the results. What the role answers as an error is
 * returned as one. */
static enum rc
ask(struct sealer_remote *r, struct wire *ret, struct err *e)
{
	struct sv sentence;
	unsigned code;
	enum rc rc = buf_check(&r->request, "a request to the role keys", e);

	if (rc != RC_OK)
		return rc;
	if (r->line == NULL)
		return err_set(e, RC_IO, "the connection to the role keys is lost");
	wipe(&r->reply);
	rc = frame_send(r->line, buf_sv(&r->request), r->timeout_ms, e);
	if (rc == RC_OK)
		rc = frame_recv(r->line, &r->reply, r->timeout_ms, e);
	wipe(&r->request);
	if (rc != RC_OK) {
		local_close(&r->line);
		if (rc == RC_NOTFOUND)
			return err_set(e, RC_IO, "the role keys closed the connection");
		return err_in(e, rc, "the role keys");
	}
	*ret = (struct wire){buf_sv(&r->reply), false};
	code = wire_u8(ret);
	if (code == RC_OK && !ret->failed)
		return RC_OK;
	if (code > RC_USAGE || ret->failed)
		return err_set(e, RC_IO, "the role keys sent a reply that cannot be read");
	sentence = wire_text(ret);
	return err_set(e, (enum rc)code, "%.*s", SV_ARG(sentence));
}

static enum rc
end(const struct wire *w, struct err *e)
{
	if (!wire_done(w))
		return err_set(e, RC_IO, "the role keys sent a reply that cannot be read");
	return RC_OK;
}

static void
add_items(struct buf *to, const struct sealer_item *items, size_t n)
{
	size_t i;

	wire_add_u32(to, (uint32_t)n);
	for (i = 0; i < n; i++) {
		wire_add_i64(to, items[i].person);
		wire_add_u8(to, items[i].kind);
		wire_add_text(to, items[i].in);
	}
}

static void
take_hash(struct wire *w, struct sealer_item *item)
{
	struct sv v = wire_bytes(w, SEALER_HASH);

	if (v.n == SEALER_HASH)
		memcpy(item->hash, v.p, SEALER_HASH);
}

static size_t
piece_of(size_t n)
{
	return n < BATCH_SEALER ? n : BATCH_SEALER;
}

static enum rc
remote_seal(struct sealer *s, struct sealer_item *items, size_t n, struct arena *a, struct err *e)
{
	struct sealer_remote *r = remote_of(s);
	enum rc rc = RC_OK;

	while (n > 0 && rc == RC_OK) {
		size_t piece = piece_of(n), i;
		struct wire w;

		add_items(begin(r, WIRE_SEAL), items, piece);
		rc = ask(r, &w, e);
		for (i = 0; i < piece && rc == RC_OK; i++) {
			items[i].out = arena_sv(a, wire_text(&w));
			take_hash(&w, &items[i]);
		}
		if (rc == RC_OK)
			rc = end(&w, e);
		items += piece;
		n -= piece;
	}
	return rc;
}

static enum rc
remote_open(struct sealer *s, const struct sealer_reason *why, struct sealer_item *items, size_t n,
	    struct arena *a, struct err *e)
{
	struct sealer_remote *r = remote_of(s);
	enum rc rc = RC_OK;

	while (n > 0 && rc == RC_OK) {
		size_t piece = piece_of(n), i;
		struct wire w;
		struct buf *to = begin(r, WIRE_OPEN);

		wire_add_i64(to, why->officer);
		wire_add_text(to, why->purpose);
		add_items(to, items, piece);
		rc = ask(r, &w, e);
		for (i = 0; i < piece && rc == RC_OK; i++) {
			unsigned code = wire_u8(&w);

			items[i].rc = code <= RC_USAGE ? (enum rc)code : RC_DENIED;
			items[i].out = arena_sv(a, wire_text(&w));
		}
		if (rc == RC_OK)
			rc = end(&w, e);
		wipe(&r->reply);
		items += piece;
		n -= piece;
	}
	return rc;
}

static enum rc
remote_hash(struct sealer *s, struct sealer_item *items, size_t n, struct err *e)
{
	struct sealer_remote *r = remote_of(s);
	enum rc rc = RC_OK;

	while (n > 0 && rc == RC_OK) {
		size_t piece = piece_of(n), i;
		struct wire w;

		add_items(begin(r, WIRE_HASH), items, piece);
		rc = ask(r, &w, e);
		for (i = 0; i < piece && rc == RC_OK; i++)
			take_hash(&w, &items[i]);
		if (rc == RC_OK)
			rc = end(&w, e);
		items += piece;
		n -= piece;
	}
	return rc;
}

static enum rc
remote_forget(struct sealer *s, const int64_t *persons, size_t n, int64_t now, struct err *e)
{
	struct sealer_remote *r = remote_of(s);
	enum rc rc = RC_OK;

	while (n > 0 && rc == RC_OK) {
		size_t piece = piece_of(n), i;
		struct buf *to = begin(r, WIRE_FORGET);
		struct wire w;

		wire_add_i64(to, now);
		wire_add_u32(to, (uint32_t)piece);
		for (i = 0; i < piece; i++)
			wire_add_i64(to, persons[i]);
		rc = ask(r, &w, e);
		if (rc == RC_OK)
			rc = end(&w, e);
		persons += piece;
		n -= piece;
	}
	return rc;
}

static enum rc
remote_tombstones(struct sealer *s, int64_t after, struct tombstone *ret, size_t cap, size_t *ret_n,
		  struct err *e)
{
	struct sealer_remote *r = remote_of(s);
	struct buf *to = begin(r, WIRE_TOMBSTONES);
	size_t n, i;
	struct wire w;
	enum rc rc;

	wire_add_i64(to, after);
	wire_add_u32(to, (uint32_t)piece_of(cap));
	rc = ask(r, &w, e);
	if (rc != RC_OK)
		return rc;
	n = wire_u32(&w);
	if (n > cap)
		return err_set(e, RC_IO, "the role keys sent a reply that cannot be read");
	for (i = 0; i < n; i++) {
		ret[i].person = wire_i64(&w);
		ret[i].at = wire_i64(&w);
	}
	rc = end(&w, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

static enum rc
remote_highest(struct sealer *s, int64_t *ret, struct err *e)
{
	struct sealer_remote *r = remote_of(s);
	struct wire w;
	int64_t highest;
	enum rc rc;

	(void)begin(r, WIRE_HIGHEST);
	rc = ask(r, &w, e);
	if (rc != RC_OK)
		return rc;
	highest = wire_i64(&w);
	rc = end(&w, e);
	if (rc == RC_OK)
		*ret = highest;
	return rc;
}

static void
remote_close(struct sealer *s)
{
	struct sealer_remote *r = remote_of(s);

	local_close(&r->line);
	wipe(&r->request);
	wipe(&r->reply);
	buf_fini(&r->request);
	buf_fini(&r->reply);
}

enum rc
sealer_remote_open(struct sealer **ret, const char *socket_path, int timeout_ms, struct err *e)
{
	static const struct sealer_ops ops = {
		.seal = remote_seal,
		.open = remote_open,
		.hash = remote_hash,
		.forget = remote_forget,
		.tombstones = remote_tombstones,
		.highest = remote_highest,
		.close = remote_close,
	};
	struct sealer_remote *r;
	struct local *line = NULL;
	enum rc rc = local_connect(&line, socket_path, timeout_ms, e);

	if (rc != RC_OK)
		return err_in(e, rc, "the role keys");
	r = MEM_NEW(struct sealer_remote);
	r->base.ops = &ops;
	r->line = line;
	r->timeout_ms = timeout_ms;
	buf_init(&r->request, LIMIT_FRAME);
	buf_init(&r->reply, LIMIT_FRAME);
	*ret = &r->base;
	return RC_OK;
}
