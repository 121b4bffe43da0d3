/*
 * audience_store.c — the table `audience_piece`; see alert_store.h.
 */
#include "alert/alert_store.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "people/idlist.h"
#include "store/change.h"
#include "store/store.h"

#define PIECES_AT_ONCE 64

/* Up to PIECES_AT_ONCE pieces with one statement; *at moves on. */
static enum rc
put_pieces(struct store *st, int64_t alert, bool concerned, int64_t *piece, const int64_t *persons,
	   size_t n, size_t *at, struct err *e)
{
	struct store_arg args[PIECES_AT_ONCE * 5] = {{STORE_NULL, {0}}};
	struct buf lists[PIECES_AT_ONCE];
	size_t rows = 0, i;
	enum rc rc;

	while (*at < n && rows < PIECES_AT_ONCE) {
		size_t take = n - *at < BATCH_ROWS ? n - *at : BATCH_ROWS;
		struct store_arg *a = &args[rows * 5];

		buf_init(&lists[rows], BATCH_ROWS * IDLIST_BYTES_MAX);
		idlist_add(&lists[rows], persons + *at, take);
		a[0] = ARG_INT(alert);
		a[1] = ARG_INT(*piece);
		a[2] = ARG_INT((int64_t)take);
		a[3] = ARG_BLOB(buf_sv(&lists[rows]));
		a[4] = ARG_INT(concerned);
		(*piece)++;
		*at += take;
		rows++;
	}
	rc = store_exec_many(st,
			     "INSERT INTO audience_piece (alert, piece, n, persons, concerned, "
			     "done) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
			     args, 5, rows, NULL, e);
	for (i = 0; i < rows; i++)
		buf_fini(&lists[i]);
	return rc;
}

enum rc
audience_put(struct store *st, int64_t alert, bool concerned, const int64_t *persons, size_t n,
	     struct err *e)
{
	int64_t piece = 0;
	size_t at = 0;
	enum rc rc;

	rc = store_get_int(st,
			   "SELECT COALESCE(MAX(piece), 0) FROM audience_piece WHERE alert = ?1",
			   ARGS(ARG_INT(alert)), &piece, e);
	piece++;
	while (rc == RC_OK && at < n)
		rc = put_pieces(st, alert, concerned, &piece, persons, n, &at, e);
	return rc == RC_OK ? change_add(st, CHANGE_OUTBOX, &alert, 1, e) : rc;
}

enum rc
audience_size(struct store *st, int64_t alert, int64_t *ret_all, int64_t *ret_waiting,
	      struct err *e)
{
	int64_t all, waiting;
	enum rc rc = store_get_int(st,
				   "SELECT CAST(COALESCE(SUM(n), 0) AS {int}) FROM audience_piece "
				   "WHERE alert = ?1",
				   ARGS(ARG_INT(alert)), &all, e);

	if (rc == RC_OK)
		rc = store_get_int(st,
				   "SELECT CAST(COALESCE(SUM(n), 0) AS {int}) FROM audience_piece "
				   "WHERE alert = ?1 AND done = 0",
				   ARGS(ARG_INT(alert)), &waiting, e);
	if (rc == RC_OK) {
		*ret_all = all;
		*ret_waiting = waiting;
	}
	return rc;
}

static int
by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static size_t
sort_once(int64_t *ids, size_t n)
{
	size_t i, kept = 0;

	if (n > 1)
		qsort(ids, n, sizeof(*ids), by_id);
	for (i = 0; i < n; i++)
		if (kept == 0 || ids[kept - 1] != ids[i])
			ids[kept++] = ids[i];
	return kept;
}

static enum rc
read_pieces(int64_t **ret, size_t *ret_n, struct store *st, const char *sql, int64_t id,
	    struct err *e)
{
	struct store_rows *rows = NULL;
	int64_t *ids = NULL;
	size_t n = 0, cap = 0, got;
	enum rc rc = store_query(&rows, st, sql, ARGS(ARG_INT(id)), e);

	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		ids = mem_grow(ids, &cap, n + BATCH_ROWS, sizeof(*ids));
		rc = idlist_read(ids + n, BATCH_ROWS, &got, store_text(rows, 0), e);
		if (rc == RC_OK)
			n += got;
	}
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND) {
		mem_free(ids);
		return rc;
	}
	*ret_n = sort_once(ids, n);
	*ret = ids;
	return RC_OK;
}

enum rc
audience_of_thread(int64_t **ret, size_t *ret_n, struct store *st, int64_t thread, struct err *e)
{
	return read_pieces(ret, ret_n, st,
			   "SELECT p.persons FROM audience_piece p JOIN alert a ON a.id = p.alert "
			   "WHERE a.thread = ?1 ORDER BY p.alert, p.piece",
			   thread, e);
}

enum rc
audience_of_alert(int64_t **ret, size_t *ret_n, struct store *st, int64_t alert, struct err *e)
{
	return read_pieces(ret, ret_n, st,
			   "SELECT persons FROM audience_piece WHERE alert = ?1 ORDER BY piece",
			   alert, e);
}
