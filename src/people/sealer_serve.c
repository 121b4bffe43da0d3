/*
 * sealer_serve.c — the role's answers. A request that cannot be read to its last
 * byte is answered with an error and does nothing.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "people/keyring.h"
#include "people/sealer.h"
#include "people/sealer_wire.h"

static enum rc
unreadable(struct err *e)
{
	return err_set(e, RC_SYNTAX, "the role keys was sent a request that it cannot read");
}

/* The items at the end of a request. */
static enum rc
read_items(struct sealer_item **ret, size_t *ret_n, struct wire *w, struct arena *a, struct err *e)
{
	struct sealer_item *items;
	size_t n = wire_u32(w), i;

	if (w->failed || n > BATCH_SEALER)
		return unreadable(e);
	items = ARENA_NEW_N(a, struct sealer_item, n);
	for (i = 0; i < n; i++) {
		unsigned kind;

		items[i].person = wire_i64(w);
		kind = wire_u8(w);
		if (kind < SEALED_NAME || kind > SEALED_NOTE)
			return unreadable(e);
		items[i].kind = (enum sealed_kind)kind;
		items[i].in = wire_text(w);
	}
	if (!wire_done(w))
		return unreadable(e);
	*ret = items;
	*ret_n = n;
	return RC_OK;
}

static void
add_hash(struct buf *reply, const struct sealer_item *item)
{
	buf_add(reply, (struct sv){(const char *)item->hash, sizeof(item->hash)});
}

static enum rc
serve_seal(struct keyring *k, struct wire *w, struct arena *a, struct buf *reply, struct err *e)
{
	struct sealer_item *items = NULL;
	size_t n = 0, i;
	enum rc rc = read_items(&items, &n, w, a, e);

	if (rc == RC_OK)
		rc = keyring_seal(k, items, n, a, e);
	for (i = 0; i < n && rc == RC_OK; i++) {
		wire_add_text(reply, items[i].out);
		add_hash(reply, &items[i]);
	}
	return rc;
}

static enum rc
serve_open(struct keyring *k, struct wire *w, struct arena *a, struct buf *reply, struct err *e)
{
	struct sealer_reason why;
	struct sealer_item *items = NULL;
	size_t n = 0, i;
	enum rc rc;

	why.officer = wire_i64(w);
	why.purpose = wire_text(w);
	rc = read_items(&items, &n, w, a, e);
	if (rc == RC_OK)
		rc = keyring_open_items(k, &why, items, n, a, e);
	for (i = 0; i < n && rc == RC_OK; i++) {
		wire_add_u8(reply, items[i].rc);
		wire_add_text(reply, items[i].out);
		if (items[i].out.n > 0)
			mem_wipe((char *)(uintptr_t)items[i].out.p, items[i].out.n);
	}
	return rc;
}

static enum rc
serve_hash(struct keyring *k, struct wire *w, struct arena *a, struct buf *reply, struct err *e)
{
	struct sealer_item *items = NULL;
	size_t n = 0, i;
	enum rc rc = read_items(&items, &n, w, a, e);

	if (rc == RC_OK)
		rc = keyring_hash(k, items, n, e);
	for (i = 0; i < n && rc == RC_OK; i++)
		add_hash(reply, &items[i]);
	return rc;
}

static enum rc
serve_forget(struct keyring *k, struct wire *w, struct arena *a, struct err *e)
{
	int64_t now = wire_i64(w), *ids;
	size_t n = wire_u32(w), i;

	if (w->failed || n > BATCH_SEALER)
		return unreadable(e);
	ids = ARENA_NEW_N(a, int64_t, n);
	for (i = 0; i < n; i++)
		ids[i] = wire_i64(w);
	if (!wire_done(w))
		return unreadable(e);
	return keyring_forget(k, ids, n, now, e);
}

static enum rc
serve_tombstones(struct keyring *k, struct wire *w, struct arena *a, struct buf *reply,
		 struct err *e)
{
	int64_t after = wire_i64(w);
	size_t cap = wire_u32(w), n = 0, i;
	struct tombstone *list;
	enum rc rc;

	if (!wire_done(w) || cap > BATCH_SEALER)
		return unreadable(e);
	list = ARENA_NEW_N(a, struct tombstone, cap);
	rc = keyring_tombstones(k, after, list, cap, &n, e);
	if (rc != RC_OK)
		return rc;
	wire_add_u32(reply, (uint32_t)n);
	for (i = 0; i < n; i++) {
		wire_add_i64(reply, list[i].person);
		wire_add_i64(reply, list[i].at);
	}
	return RC_OK;
}

static enum rc
serve_highest(struct keyring *k, struct wire *w, struct buf *reply, struct err *e)
{
	int64_t highest = 0;
	enum rc rc;

	if (!wire_done(w))
		return unreadable(e);
	rc = keyring_highest(k, &highest, e);
	if (rc == RC_OK)
		wire_add_i64(reply, highest);
	return rc;
}

void
sealer_handle(struct keyring *k, struct sv request, struct buf *reply)
{
	struct wire w = {request, false};
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	enum rc rc;

	buf_reset(reply);
	wire_add_u8(reply, RC_OK);
	switch (wire_u8(&w)) {
	case WIRE_SEAL:
		rc = serve_seal(k, &w, a, reply, &e);
		break;
	case WIRE_OPEN:
		rc = serve_open(k, &w, a, reply, &e);
		break;
	case WIRE_HASH:
		rc = serve_hash(k, &w, a, reply, &e);
		break;
	case WIRE_FORGET:
		rc = serve_forget(k, &w, a, &e);
		break;
	case WIRE_TOMBSTONES:
		rc = serve_tombstones(k, &w, a, reply, &e);
		break;
	case WIRE_HIGHEST:
		rc = serve_highest(k, &w, reply, &e);
		break;
	default:
		rc = unreadable(&e);
	}
	if (rc == RC_OK)
		rc = buf_check(reply, "a reply of the role keys", &e);
	if (rc != RC_OK) {
		buf_reset(reply);
		wire_add_u8(reply, rc);
		wire_add_text(reply, sv_of(e.text));
	}
	arena_free(&a);
}
