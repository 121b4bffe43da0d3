/*
 * audit_store.c — see audit_store.h.
 *
 * hash(n) = BLAKE2b over hash(n-1), n, at, officer, action, object, detail and
 * persons, each with its length in front; hash(0) is 32 zero bytes.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crypt/hash.h"
#include "desk/audit_store.h"
#include "people/idlist.h"
#include "store/change.h"
#include "store/store.h"

struct row {
	int64_t seq, at, officer;
	struct sv action, object, detail, persons;
};

static void
put_u64(unsigned char *p, int64_t v)
{
	uint64_t u = (uint64_t)v;
	int i;

	for (i = 7; i >= 0; i--) {
		p[i] = (unsigned char)u;
		u >>= 8;
	}
}

static void
row_hash(unsigned char ret[HASH_BYTES], const unsigned char before[HASH_BYTES], const struct row *r)
{
	unsigned char numbers[24];
	struct sv parts[6];

	put_u64(numbers, r->seq);
	put_u64(numbers + 8, r->at);
	put_u64(numbers + 16, r->officer);
	parts[0] = (struct sv){(const char *)before, HASH_BYTES};
	parts[1] = (struct sv){(const char *)numbers, sizeof(numbers)};
	parts[2] = r->action;
	parts[3] = r->object;
	parts[4] = r->detail;
	parts[5] = r->persons;
	hash_parts(ret, parts, ARRAY_LEN(parts));
}

static enum rc
last_hash(struct store *st, int64_t seq, unsigned char ret[HASH_BYTES], struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc;

	memset(ret, 0, HASH_BYTES);
	if (seq == 0)
		return RC_OK;
	rc = store_query(&rows, st, "SELECT hash FROM audit WHERE seq = ?1", ARGS(ARG_INT(seq)), e);
	if (rc == RC_OK)
		rc = store_next(rows, e);
	if (rc == RC_NOTFOUND || (rc == RC_OK && store_text(rows, 0).n != HASH_BYTES))
		rc = err_set(e, RC_CONFLICT,
			     "the audit log is cut: row %lld is missing (see tocsin "
			     "audit verify)",
			     (long long)seq);
	if (rc == RC_OK)
		memcpy(ret, store_text(rows, 0).p, HASH_BYTES);
	store_rows_free(&rows);
	return rc;
}

enum rc
audit_add(struct store *st, const struct audit_entry *entry, struct err *e)
{
	unsigned char before[HASH_BYTES], hash[HASH_BYTES];
	struct buf persons = BUF_INIT(LIMIT_FRAME);
	struct row r;
	enum rc rc;

	rc = counter_take(st, "audit", 1, &r.seq, e);
	if (rc == RC_OK)
		rc = last_hash(st, r.seq - 1, before, e);
	if (rc != RC_OK)
		goto out;
	idlist_add(&persons, entry->persons, entry->n_persons);
	rc = buf_check(&persons, "the list of persons in the audit log", e);
	if (rc != RC_OK)
		goto out;
	r.at = entry->at;
	r.officer = entry->officer;
	r.action = sv_of(entry->action);
	r.object = entry->object;
	r.detail = entry->detail;
	r.persons = buf_sv(&persons);
	row_hash(hash, before, &r);
	rc = store_exec(st,
			"INSERT INTO audit (seq, at, officer, action, object, detail, persons, "
			"hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
			ARGS(ARG_INT(r.seq), ARG_INT(r.at), ARG_INT(r.officer), ARG_TEXT(r.action),
			     ARG_TEXT(r.object), ARG_TEXT(r.detail), ARG_BLOB(r.persons),
			     ARG_BLOB(((struct sv){(const char *)hash, HASH_BYTES}))),
			NULL, e);
out:
	buf_fini(&persons);
	return rc;
}

enum rc
audit_verify(struct store *st, int64_t *ret_rows, struct err *e)
{
	unsigned char before[HASH_BYTES] = {0}, hash[HASH_BYTES];
	struct store_rows *rows = NULL;
	int64_t n = 0, told;
	enum rc rc = store_get_int(st, "SELECT value FROM counter WHERE name = 'audit'", NO_ARGS,
				   &told, e);

	if (rc == RC_OK)
		rc = store_query(&rows, st,
				 "SELECT seq, at, officer, action, object, detail, persons, hash "
				 "FROM audit ORDER BY seq",
				 NO_ARGS, e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		struct row r = {store_int(rows, 0),  store_int(rows, 1),  store_int(rows, 2),
				store_text(rows, 3), store_text(rows, 4), store_text(rows, 5),
				store_text(rows, 6)};

		row_hash(hash, before, &r);
		if (r.seq != n + 1)
			rc = err_set(e, RC_CONFLICT, "row %lld of the audit log is missing",
				     (long long)n + 1);
		else if (!sv_eq(store_text(rows, 7), (struct sv){(const char *)hash, HASH_BYTES}))
			rc = err_set(e, RC_CONFLICT,
				     "row %lld of the audit log, or the one before it, was changed",
				     (long long)r.seq);
		memcpy(before, hash, sizeof(before));
		n++;
	}
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND)
		return rc;
	if (n != told)
		return err_set(e, RC_CONFLICT,
			       "the audit log ends at row %lld, but %lld rows were written",
			       (long long)n, (long long)told);
	*ret_rows = n;
	return RC_OK;
}
