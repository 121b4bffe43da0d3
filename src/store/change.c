/*
 * change.c — counters and the log of changes.
 *
 * Taking from a counter locks its row until the commit, on PostgreSQL too; so
 * whoever has the later seq commits later, and a reader never finds a row
 * before one that it has already passed.
 */
#include "store/change.h"

#include "base/mem.h"
#include "store/store.h"

/* Rows handled at a time. */
#define CHUNK 1000

enum rc
counter_take(struct store *s, const char *name, int64_t n, int64_t *ret_first, struct err *e)
{
	int64_t last;
	enum rc rc;

	BUG_ON(n < 1);
	rc = store_get_int(s,
			   "UPDATE counter SET value = value + ?2 WHERE name = ?1 RETURNING value",
			   ARGS(ARG_TEXT(sv_of(name)), ARG_INT(n)), &last, e);
	if (rc == RC_NOTFOUND)
		return err_set(e, RC_IO,
			       "%s: no counter \"%s\" (expected the schema of this "
			       "program)",
			       store_where(s), name);
	if (rc == RC_OK)
		*ret_first = last - n + 1;
	return rc;
}

enum rc
change_add(struct store *s, enum change_kind kind, const int64_t *ids, size_t n, struct err *e)
{
	struct store_arg *args;
	int64_t first;
	enum rc rc;
	size_t i, k, done;

	if (n == 0)
		return RC_OK;
	rc = counter_take(s, "change", (int64_t)n, &first, e);
	if (rc != RC_OK)
		return rc;
	args = mem_alloc(3 * CHUNK * sizeof(*args));
	for (done = 0; done < n && rc == RC_OK; done += k) {
		k = n - done < CHUNK ? n - done : CHUNK;
		for (i = 0; i < k; i++) {
			args[3 * i] = ARG_INT(first + (int64_t)(done + i));
			args[3 * i + 1] = ARG_INT(kind);
			args[3 * i + 2] = ARG_INT(ids[done + i]);
		}
		rc = store_exec_many(s, "INSERT INTO change (seq, kind, id) VALUES (?1, ?2, ?3)",
				     args, 3, k, NULL, e);
	}
	mem_free(args);
	return rc;
}

enum rc
change_last(struct store *s, int64_t *ret_seq, struct err *e)
{
	enum rc rc;

	/* The counter, not max(seq): it keeps its place when old rows are swept away. */
	rc = store_get_int(s, "SELECT value FROM counter WHERE name = 'change'", NO_ARGS, ret_seq,
			   e);
	if (rc == RC_NOTFOUND)
		return err_set(e, RC_IO,
			       "%s: no counter \"change\" (expected the schema of this "
			       "program)",
			       store_where(s));
	return rc;
}

struct change {
	int64_t seq;
	int64_t kind;
	int64_t id;
};

/* At most `most` <= CHUNK rows after seq, into memory: fn may use the store. */
static enum rc
read_chunk(struct store *s, int64_t after, size_t most, struct change *c, size_t *ret_n,
	   struct err *e)
{
	struct store_rows *r = NULL;
	size_t n = 0;
	enum rc rc;

	rc = store_query(&r, s,
			 "SELECT seq, kind, id FROM change WHERE seq > ?1 "
			 "ORDER BY seq LIMIT ?2",
			 ARGS(ARG_INT(after), ARG_INT((int64_t)most)), e);
	if (rc != RC_OK)
		return rc;
	while ((rc = store_next(r, e)) == RC_OK) {
		BUG_ON(n >= most);
		c[n].seq = store_int(r, 0);
		c[n].kind = store_int(r, 1);
		c[n].id = store_int(r, 2);
		n++;
	}
	store_rows_free(&r);
	if (rc != RC_NOTFOUND)
		return rc;
	*ret_n = n;
	return RC_OK;
}

enum rc
change_read(struct store *s, int64_t after, size_t most, change_fn *fn, void *arg, int64_t *ret_seq,
	    struct err *e)
{
	struct change *c = MEM_NEW_N(struct change, CHUNK);
	enum rc rc = RC_OK;
	size_t i, n = 1, k;

	while (most > 0 && n > 0 && rc == RC_OK) {
		k = most < CHUNK ? most : CHUNK;
		rc = read_chunk(s, after, k, c, &n, e);
		if (rc != RC_OK)
			break;
		for (i = 0; i < n && rc == RC_OK; i++) {
			rc = fn(arg, c[i].seq, (enum change_kind)c[i].kind, c[i].id, e);
			after = c[i].seq;
		}
		most -= n;
		if (n < k)
			break;
	}
	if (rc == RC_OK)
		*ret_seq = after;
	mem_free(c);
	return rc;
}
