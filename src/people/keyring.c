/*
 * keyring.c — sealing and opening under the persons' keys.
 *
 * A batch: the ids in it, ascending; their keys out of the store, unwrapped
 * (new ones are made, wrapped and committed first, so that nothing is ever sealed
 * under a key that a power cut could lose); the work; the keys wiped.
 *
 * Person 0 does not exist; its row in person_key is there to tell at opening
 * whether the store belongs to this master key.
 *
 * Forgetting: delete and tombstone in one transaction, then the log is written
 * back and emptied, so that the key is gone from the disk when it returns.
 */
#include "people/keyring.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crypt/keyed_hash.h"
#include "crypt/keyfile.h"
#include "crypt/random.h"
#include "crypt/seal.h"
#include "people/keyring_int.h"
#include "store/migrate.h"
#include "store/store.h"

_Static_assert(SEALER_HASH == KEYED_HASH, "one size of hash");

struct keyring {
	struct store *store;
	struct crypt_subkeys keys;
	keyring_audit_fn *audit;
	void *audit_arg;
};

/* The keys of one batch. */
struct key_slot {
	int64_t person;
	bool there;
	struct crypt_key key;
};

struct key_set {
	struct keyring *ring;
	struct key_slot *slots; /* ascending */
	int64_t *ids;
	size_t n;
};

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void
set_init(struct key_set *set, struct keyring *k, const struct sealer_item *items, size_t n)
{
	size_t i;

	set->ring = k;
	set->ids = mem_zero(n, sizeof(*set->ids));
	set->n = 0;
	for (i = 0; i < n; i++)
		if (set->n == 0 || set->ids[set->n - 1] != items[i].person)
			set->ids[set->n++] = items[i].person;
	qsort(set->ids, set->n, sizeof(*set->ids), compare_ids);
	for (i = 0, n = set->n, set->n = 0; i < n; i++)
		if (set->n == 0 || set->ids[set->n - 1] != set->ids[i])
			set->ids[set->n++] = set->ids[i];
	set->slots = mem_zero(set->n, sizeof(*set->slots));
	for (i = 0; i < set->n; i++)
		set->slots[i].person = set->ids[i];
}

static void
set_fini(struct key_set *set)
{
	mem_wipe(set->slots, set->n * sizeof(*set->slots));
	MEM_FREE(&set->slots);
	MEM_FREE(&set->ids);
}

static struct key_slot *
set_find(const struct key_set *set, int64_t person)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (set->slots[mid].person < person)
			low = mid + 1;
		else
			high = mid;
	}
	BUG_ON(low == set->n || set->slots[low].person != person);
	return &set->slots[low];
}

static enum rc
set_take(void *arg, int64_t person, struct sv wrapped, struct err *e)
{
	struct key_set *set = arg;
	struct key_slot *slot = set_find(set, person);
	enum rc rc = seal_unwrap(&slot->key, &set->ring->keys.wrap, wrapped, person, e);
	char where[64];

	slot->there = rc == RC_OK;
	if (rc == RC_OK)
		return RC_OK;
	(void)snprintf(where, sizeof(where), "key store: the key of person %lld",
		       (long long)person);
	return err_in(e, rc, where);
}

static enum rc
set_read(struct key_set *set, struct err *e)
{
	return key_rows(set->ring->store, set->ids, set->n, set_take, set, e);
}

/* Make and store keys for those without; inside a transaction. */
static enum rc
set_make(struct key_set *set, struct err *e)
{
	int64_t *missing = mem_zero(set->n, sizeof(*missing)), dead = 0;
	size_t n = 0, i;
	enum rc rc;

	for (i = 0; i < set->n; i++)
		if (!set->slots[i].there)
			missing[n++] = set->slots[i].person;
	rc = key_tombstone_of(set->ring->store, missing, n, &dead, e);
	if (rc == RC_OK)
		rc = err_set(e, RC_CONFLICT, "person %lld is forgotten: nothing can be sealed",
			     (long long)dead);
	else if (rc == RC_NOTFOUND)
		rc = RC_OK;
	for (i = 0; i < n && rc == RC_OK; i++) {
		struct key_slot *slot = set_find(set, missing[i]);
		unsigned char wrapped[SEAL_WRAPPED];

		crypt_random_key(&slot->key);
		seal_wrap(wrapped, &set->ring->keys.wrap, &slot->key, slot->person);
		rc = key_add(set->ring->store, slot->person,
			     (struct sv){(const char *)wrapped, sizeof(wrapped)}, e);
		slot->there = true;
	}
	mem_free(missing);
	return rc;
}

static bool
set_whole(const struct key_set *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (!set->slots[i].there)
			return false;
	return true;
}

/* All keys, old and new ones; the new ones are on disk. */
static enum rc
set_read_or_make(struct key_set *set, struct err *e)
{
	struct store *st = set->ring->store;
	enum rc rc = set_read(set, e);

	if (rc != RC_OK || set_whole(set))
		return rc;
	rc = store_begin(st, e);
	if (rc != RC_OK)
		return rc;
	/* Again, now that nobody else can add one. */
	rc = set_read(set, e);
	if (rc == RC_OK)
		rc = set_make(set, e);
	if (rc == RC_OK)
		rc = store_commit(st, e);
	if (rc != RC_OK)
		store_rollback(st);
	FAULT("people.keys_made");
	return rc;
}

/* What a seal covers besides the text: whose it is, and what it is. */
static struct sv
bound_to(unsigned char out[9], const struct sealer_item *item)
{
	uint64_t v = (uint64_t)item->person;
	size_t i;

	for (i = 0; i < 8; i++, v >>= 8)
		out[i] = (unsigned char)(v & 0xFF);
	out[8] = (unsigned char)item->kind;
	return (struct sv){(const char *)out, 9};
}

static void
hash_item(const struct keyring *k, struct sealer_item *item)
{
	memset(item->hash, 0, sizeof(item->hash));
	if (item->kind == SEALED_EMAIL)
		keyed_hash(item->hash, &k->keys.lookup, "email", item->in);
	else if (item->kind == SEALED_PHONE)
		keyed_hash(item->hash, &k->keys.lookup, "phone", item->in);
}

static enum rc
check_texts(const struct sealer_item *items, size_t n, size_t more, struct err *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (items[i].in.n > LIMIT_SEALED_TEXT + more)
			return err_set(e, RC_LIMIT,
				       "a text to seal or open has %zu bytes (at most %zu)",
				       items[i].in.n, LIMIT_SEALED_TEXT + more);
	return RC_OK;
}

enum rc
keyring_seal(struct keyring *k, struct sealer_item *items, size_t n, struct arena *a, struct err *e)
{
	struct buf sealed = BUF_INIT(LIMIT_SEALED_TEXT + SEAL_OVERHEAD);
	struct key_set set;
	size_t i;
	enum rc rc = check_texts(items, n, 0, e);

	for (i = 0; i < n && rc == RC_OK; i++)
		if (items[i].person <= 0)
			rc = err_set(e, RC_SYNTAX, "%lld is not a person's id",
				     (long long)items[i].person);
	if (rc != RC_OK || n == 0)
		return rc;
	set_init(&set, k, items, n);
	rc = set_read_or_make(&set, e);
	for (i = 0; i < n && rc == RC_OK; i++) {
		const struct key_slot *slot = set_find(&set, items[i].person);
		unsigned char bound[9];

		buf_reset(&sealed);
		seal_text(&sealed, &slot->key, items[i].in, bound_to(bound, &items[i]));
		items[i].out = arena_sv(a, buf_sv(&sealed));
		hash_item(k, &items[i]);
	}
	set_fini(&set);
	buf_fini(&sealed);
	return rc;
}

static enum rc
write_audit(const struct keyring *k, const struct sealer_reason *why, const struct key_set *set,
	    struct err *e)
{
	enum rc rc;

	if (k->audit == NULL)
		return err_set(e, RC_DENIED, "nothing is opened without an audit log");
	if (why->purpose.n == 0 || why->purpose.n > LIMIT_PURPOSE)
		return err_set(e, RC_DENIED,
			       "opening details needs a purpose of 1 to %d bytes (given: %zu)",
			       LIMIT_PURPOSE, why->purpose.n);
	rc = k->audit(k->audit_arg, why->officer, why->purpose, set->ids, set->n, e);
	if (rc != RC_OK)
		return err_in(e, RC_DENIED, "nothing was opened: the audit log");
	return RC_OK;
}

enum rc
keyring_open_items(struct keyring *k, const struct sealer_reason *why, struct sealer_item *items,
		   size_t n, struct arena *a, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_SEALED_TEXT);
	struct key_set set;
	size_t i;
	enum rc rc = check_texts(items, n, SEAL_OVERHEAD, e);

	if (rc != RC_OK || n == 0)
		return rc;
	set_init(&set, k, items, n);
	rc = write_audit(k, why, &set, e);
	if (rc == RC_OK)
		rc = set_read(&set, e);
	for (i = 0; i < n && rc == RC_OK; i++) {
		const struct key_slot *slot = set_find(&set, items[i].person);
		unsigned char bound[9];

		items[i].out = SV_NONE;
		items[i].rc = RC_NOTFOUND;
		if (!slot->there)
			continue;
		buf_reset(&text);
		items[i].rc =
			seal_open(&text, &slot->key, items[i].in, bound_to(bound, &items[i]), NULL);
		if (items[i].rc == RC_OK)
			items[i].out = arena_sv(a, buf_sv(&text));
		else
			items[i].rc = RC_DENIED;
	}
	if (text.p != NULL)
		mem_wipe(text.p, text.cap);
	buf_fini(&text);
	set_fini(&set);
	return rc;
}

enum rc
keyring_hash(struct keyring *k, struct sealer_item *items, size_t n, struct err *e)
{
	size_t i;
	enum rc rc = check_texts(items, n, 0, e);

	for (i = 0; i < n && rc == RC_OK; i++)
		hash_item(k, &items[i]);
	return rc;
}

enum rc
keyring_forget(struct keyring *k, const int64_t *persons, size_t n, int64_t now, struct err *e)
{
	enum rc rc;

	rc = store_begin(k->store, e);
	if (rc != RC_OK)
		return rc;
	rc = key_destroy(k->store, persons, n, now, e);
	if (rc == RC_OK)
		rc = store_commit(k->store, e);
	if (rc != RC_OK) {
		store_rollback(k->store);
		return rc;
	}
	FAULT("people.key_destroyed");
	return store_checkpoint(k->store, e);
}

enum rc
keyring_tombstones(struct keyring *k, int64_t after, struct tombstone *ret, size_t cap,
		   size_t *ret_n, struct err *e)
{
	return key_tombstones(k->store, after, ret, cap, ret_n, e);
}

enum rc
keyring_highest(struct keyring *k, int64_t *ret, struct err *e)
{
	return key_highest(k->store, ret, e);
}

enum rc
keyring_backup(struct keyring *k, const char *path, struct err *e)
{
	return store_copy_to(k->store, path, e);
}

void
keyring_set_audit(struct keyring *k, keyring_audit_fn *audit, void *arg)
{
	k->audit = audit;
	k->audit_arg = arg;
}

const struct crypt_key *
keyring_link_key(const struct keyring *k)
{
	return &k->keys.link;
}

struct mark {
	const struct keyring *ring;
	bool there;
};

static enum rc
check_mark(void *arg, int64_t person, struct sv wrapped, struct err *e)
{
	struct mark *m = arg;
	struct crypt_key key;
	enum rc rc = seal_unwrap(&key, &m->ring->keys.wrap, wrapped, person, e);

	mem_wipe(&key, sizeof(key));
	m->there = true;
	if (rc != RC_OK)
		return err_set(e, RC_DENIED, "made under another master key than the one given");
	return RC_OK;
}

/* The mark of this master key: made in an empty store, else checked. */
static enum rc
match_master(struct keyring *k, struct err *e)
{
	struct mark m = {k, false};
	unsigned char wrapped[SEAL_WRAPPED];
	struct crypt_key key;
	int64_t person = 0, highest = 0;
	enum rc rc = key_rows(k->store, &person, 1, check_mark, &m, e);

	if (rc == RC_OK && !m.there)
		rc = key_highest(k->store, &highest, e);
	if (rc != RC_OK || m.there)
		return rc;
	if (highest > 0)
		return err_set(e, RC_DENIED,
			       "has keys but no mark of the master key they are "
			       "wrapped with");
	crypt_random_key(&key);
	seal_wrap(wrapped, &k->keys.wrap, &key, 0);
	mem_wipe(&key, sizeof(key));
	return key_add(k->store, 0, (struct sv){(const char *)wrapped, sizeof(wrapped)}, e);
}

enum rc
keyring_open(struct keyring **ret, const char *key_path, const char *store_path, bool create,
	     struct err *e)
{
	struct keyring *k = MEM_NEW(struct keyring);
	struct crypt_key master = {{0}};
	enum rc rc = keyfile_read(&master, key_path, e);

	if (rc != RC_OK)
		goto out;
	keyfile_derive(&k->keys, &master);
	rc = store_open(&k->store, store_path, create ? STORE_CREATE : 0, e);
	if (rc == RC_OK)
		rc = create ? migrate_run(k->store, "keys", e) : migrate_check(k->store, "keys", e);
	if (rc == RC_OK)
		rc = match_master(k, e);
	if (rc != RC_OK) {
		(void)err_in(e, rc, store_path);
		rc = err_in(e, rc, "key store");
		goto out;
	}
	*ret = k;
	k = NULL;
out:
	mem_wipe(&master, sizeof(master));
	keyring_close(&k);
	return rc;
}

void
keyring_close(struct keyring **k)
{
	if (*k == NULL)
		return;
	store_close(&(*k)->store);
	mem_wipe(*k, sizeof(**k));
	MEM_FREE(k);
}
