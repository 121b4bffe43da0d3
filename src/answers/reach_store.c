/*
 * reach_store.c — forward-only upserts of contact states, and their counts.
 *
 * The stored numbers grow with the states, so "only forward" is one comparison
 * in the statement: no row is read first.
 */
#include "answers/reach_store.h"

#include "base/mem.h"
#include "store/store.h"

static const char upsert[] =
	"INSERT INTO reach (thread, person, state, updated) VALUES (?1, ?2, ?3, ?4) "
	"ON CONFLICT (thread, person) DO UPDATE SET state = excluded.state, "
	"updated = excluded.updated "
	"WHERE excluded.state > reach.state";

#define UPSERT_COLUMNS 4

static void
set_args(struct store_arg *a, int64_t thread, int64_t person, enum reach_event on, int64_t now)
{
	a[0] = ARG_INT(thread);
	a[1] = ARG_INT(person);
	a[2] = ARG_INT(reach_move(REACH_UNREACHED, on));
	a[3] = ARG_INT(now);
}

enum rc
reach_write(struct store *st, const struct reach_row *rows, size_t n, int64_t now, struct err *e)
{
	struct store_arg *args;
	size_t i;
	enum rc rc;

	if (n == 0)
		return RC_OK;
	args = MEM_NEW_N(struct store_arg, n * UPSERT_COLUMNS);
	for (i = 0; i < n; i++)
		set_args(&args[i * UPSERT_COLUMNS], rows[i].thread, rows[i].person, rows[i].on,
			 now);
	rc = store_exec_many(st, upsert, args, UPSERT_COLUMNS, n, NULL, e);
	mem_free(args);
	return rc == RC_OK ? rc : err_in(e, rc, "contact states");
}

enum rc
reach_write_all(struct store *st, int64_t thread, const int64_t *persons, size_t n,
		enum reach_event on, int64_t now, struct err *e)
{
	struct store_arg *args;
	size_t i;
	enum rc rc;

	if (n == 0)
		return RC_OK;
	args = MEM_NEW_N(struct store_arg, n * UPSERT_COLUMNS);
	for (i = 0; i < n; i++)
		set_args(&args[i * UPSERT_COLUMNS], thread, persons[i], on, now);
	rc = store_exec_many(st, upsert, args, UPSERT_COLUMNS, n, NULL, e);
	mem_free(args);
	return rc == RC_OK ? rc : err_in(e, rc, "contact states");
}

enum rc
reach_counts(struct store *st, int64_t thread, int64_t ret[REACH_STATE_COUNT], struct err *e)
{
	struct store_rows *rows = NULL;
	int64_t counts[REACH_STATE_COUNT] = {0};
	enum reach_state s;
	enum rc rc;
	int i;

	rc = store_query(&rows, st,
			 "SELECT state, count(*) FROM reach WHERE thread = ?1 GROUP BY state",
			 ARGS(ARG_INT(thread)), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		if (reach_of_number(store_int(rows, 0), &s))
			counts[reach_index(s)] = store_int(rows, 1);
		else
			rc = err_set(e, RC_SYNTAX,
				     "table reach: thread %lld: no contact state has number %lld",
				     (long long)thread, (long long)store_int(rows, 0));
	}
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND)
		return rc;
	for (i = 0; i < REACH_STATE_COUNT; i++)
		ret[i] = counts[i];
	return RC_OK;
}

enum rc
reach_get(struct store *st, int64_t thread, int64_t person, enum reach_state *ret, struct err *e)
{
	int64_t number = REACH_UNREACHED;
	enum rc rc;

	rc = store_get_int(st, "SELECT state FROM reach WHERE thread = ?1 AND person = ?2",
			   ARGS(ARG_INT(thread), ARG_INT(person)), &number, e);
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	if (!reach_of_number(number, ret))
		return err_set(e, RC_SYNTAX, "table reach: no contact state has number %lld",
			       (long long)number);
	return RC_OK;
}
