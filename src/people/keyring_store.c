/*
 * keyring_store.c — the key store's statements.
 */
#include "people/id_chunk.h"
#include "people/keyring_int.h"
#include "people/sealer.h"
#include "store/store.h"

enum rc
key_rows(struct store *st, const int64_t *ids, size_t n, key_row_fn *fn, void *arg, struct err *e)
{
	struct store_rows *rows = NULL;
	struct store_arg args[ID_CHUNK];
	enum rc rc = RC_OK;

	while (rc == RC_OK && n > 0) {
		size_t took = id_chunk(args, ids, n);

		rc = store_query(&rows, st,
				 "SELECT person, wrapped FROM person_key "
				 "WHERE person IN " ID_PARAMS,
				 args, ID_CHUNK, e);
		while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK)
			rc = fn(arg, store_int(rows, 0), store_text(rows, 1), e);
		store_rows_free(&rows);
		if (rc == RC_NOTFOUND)
			rc = RC_OK;
		ids += took;
		n -= took;
	}
	return rc;
}

enum rc
key_tombstone_of(struct store *st, const int64_t *ids, size_t n, int64_t *ret, struct err *e)
{
	struct store_arg args[ID_CHUNK];
	enum rc rc = RC_NOTFOUND;

	while (rc == RC_NOTFOUND && n > 0) {
		size_t took = id_chunk(args, ids, n);

		rc = store_get_int(st, "SELECT person FROM tombstone WHERE person IN " ID_PARAMS,
				   args, ID_CHUNK, ret, e);
		ids += took;
		n -= took;
	}
	return rc;
}

enum rc
key_add(struct store *st, int64_t person, struct sv wrapped, struct err *e)
{
	return store_exec(st, "INSERT INTO person_key (person, wrapped) VALUES (?1, ?2)",
			  ARGS(ARG_INT(person), ARG_BLOB(wrapped)), NULL, e);
}

enum rc
key_destroy(struct store *st, const int64_t *ids, size_t n, int64_t now, struct err *e)
{
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; i < n && rc == RC_OK; i++) {
		rc = store_exec(st, "DELETE FROM person_key WHERE person = ?1",
				ARGS(ARG_INT(ids[i])), NULL, e);
		if (rc == RC_OK)
			rc = store_exec(st,
					"INSERT INTO tombstone (person, at) VALUES (?1, ?2) "
					"ON CONFLICT (person) DO NOTHING",
					ARGS(ARG_INT(ids[i]), ARG_INT(now)), NULL, e);
	}
	return rc;
}

enum rc
key_tombstones(struct store *st, int64_t after, struct tombstone *ret, size_t cap, size_t *ret_n,
	       struct err *e)
{
	struct store_rows *rows = NULL;
	size_t n = 0;
	enum rc rc;

	rc = store_query(&rows, st,
			 "SELECT person, at FROM tombstone WHERE person > ?1 "
			 "ORDER BY person LIMIT ?2",
			 ARGS(ARG_INT(after), ARG_INT((int64_t)cap)), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK && n < cap)
		ret[n++] = (struct tombstone){store_int(rows, 0), store_int(rows, 1)};
	store_rows_free(&rows);
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	*ret_n = n;
	return RC_OK;
}

enum rc
key_highest(struct store *st, int64_t *ret, struct err *e)
{
	return store_get_int(st,
			     "SELECT max(person) FROM "
			     "(SELECT max(person) AS person FROM person_key UNION ALL "
			     "SELECT max(person) AS person FROM tombstone) AS both_tables",
			     NO_ARGS, ret, e);
}
