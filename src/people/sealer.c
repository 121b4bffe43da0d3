/*
 * sealer.c — the calls, and the sealer that is a keyring in the same process.
 */
#include "people/sealer.h"

#include "base/mem.h"
#include "people/keyring.h"

struct sealer_local {
	struct sealer base;
	struct keyring *ring;
};

static struct keyring *
ring_of(struct sealer *s)
{
	return ((struct sealer_local *)s)->ring;
}

static enum rc
local_seal(struct sealer *s, struct sealer_item *items, size_t n, struct arena *a, struct err *e)
{
	return keyring_seal(ring_of(s), items, n, a, e);
}

static enum rc
local_open(struct sealer *s, const struct sealer_reason *why, struct sealer_item *items, size_t n,
	   struct arena *a, struct err *e)
{
	return keyring_open_items(ring_of(s), why, items, n, a, e);
}

static enum rc
local_hash(struct sealer *s, struct sealer_item *items, size_t n, struct err *e)
{
	return keyring_hash(ring_of(s), items, n, e);
}

static enum rc
local_forget(struct sealer *s, const int64_t *persons, size_t n, int64_t now, struct err *e)
{
	return keyring_forget(ring_of(s), persons, n, now, e);
}

static enum rc
local_tombstones(struct sealer *s, int64_t after, struct tombstone *ret, size_t cap, size_t *ret_n,
		 struct err *e)
{
	return keyring_tombstones(ring_of(s), after, ret, cap, ret_n, e);
}

static enum rc
local_highest(struct sealer *s, int64_t *ret, struct err *e)
{
	return keyring_highest(ring_of(s), ret, e);
}

static void
local_close_ring(struct sealer *s)
{
	keyring_close(&((struct sealer_local *)s)->ring);
}

enum rc
sealer_local_open(struct sealer **ret, struct keyring **take, struct err *e)
{
	static const struct sealer_ops ops = {
		.seal = local_seal,
		.open = local_open,
		.hash = local_hash,
		.forget = local_forget,
		.tombstones = local_tombstones,
		.highest = local_highest,
		.close = local_close_ring,
	};
	struct sealer_local *s = MEM_NEW(struct sealer_local);

	(void)e;
	s->base.ops = &ops;
	s->ring = *take;
	*take = NULL;
	*ret = &s->base;
	return RC_OK;
}

void
sealer_close(struct sealer **s)
{
	if (*s == NULL)
		return;
	(*s)->ops->close(*s);
	MEM_FREE(s);
}

enum rc
sealer_seal(struct sealer *s, struct sealer_item *items, size_t n, struct arena *a, struct err *e)
{
	return s->ops->seal(s, items, n, a, e);
}

enum rc
sealer_open(struct sealer *s, const struct sealer_reason *why, struct sealer_item *items, size_t n,
	    struct arena *a, struct err *e)
{
	return s->ops->open(s, why, items, n, a, e);
}

enum rc
sealer_hash(struct sealer *s, struct sealer_item *items, size_t n, struct err *e)
{
	return s->ops->hash(s, items, n, e);
}

enum rc
sealer_forget(struct sealer *s, const int64_t *persons, size_t n, int64_t now, struct err *e)
{
	return s->ops->forget(s, persons, n, now, e);
}

enum rc
sealer_tombstones(struct sealer *s, int64_t after, struct tombstone *ret, size_t cap, size_t *ret_n,
		  struct err *e)
{
	return s->ops->tombstones(s, after, ret, cap, ret_n, e);
}

enum rc
sealer_highest(struct sealer *s, int64_t *ret, struct err *e)
{
	return s->ops->highest(s, ret, e);
}
