/*
 * session_store.c — one-time sign-in links and sessions; see officer_store.h.
 * A token is never stored, only its hash.
 */
#include "base/err.h"
#include "crypt/hash.h"
#include "desk/officer_store.h"
#include "store/store.h"

static struct store_arg
hash_arg(unsigned char hash[HASH_BYTES], struct sv token)
{
	token_hash(hash, token);
	return ARG_BLOB(((struct sv){(const char *)hash, HASH_BYTES}));
}

static enum rc
insert_token(struct store *st, const char *sql, int64_t officer, int64_t expires, struct token *ret,
	     struct err *e)
{
	unsigned char hash[HASH_BYTES];
	struct token t;
	enum rc rc;

	token_make(&t);
	rc = store_exec(st, sql,
			ARGS(hash_arg(hash, sv_of(t.text)), ARG_INT(officer), ARG_INT(expires)),
			NULL, e);
	if (rc == RC_OK)
		*ret = t;
	return rc;
}

enum rc
signin_make(struct store *st, int64_t officer, int64_t expires, struct token *ret, struct err *e)
{
	return insert_token(st, "INSERT INTO signin (hash, officer, expires) VALUES (?1, ?2, ?3)",
			    officer, expires, ret, e);
}

enum rc
signin_use(struct store *st, struct sv token, int64_t now, int64_t *ret_officer, struct err *e)
{
	unsigned char hash[HASH_BYTES];
	enum rc rc = store_get_int(st,
				   "UPDATE signin SET used = ?2 WHERE hash = ?1 AND used IS NULL "
				   "AND expires > ?2 AND officer IN (SELECT id FROM officer "
				   "WHERE disabled = 0) RETURNING officer",
				   ARGS(hash_arg(hash, token), ARG_INT(now)), ret_officer, e);

	if (rc == RC_NOTFOUND)
		rc = err_set(e, RC_DENIED, "this sign-in link is unknown, was used, or is over");
	return rc;
}

enum rc
session_make(struct store *st, int64_t officer, int64_t expires, struct token *ret, struct err *e)
{
	return insert_token(st, "INSERT INTO session (hash, officer, expires) VALUES (?1, ?2, ?3)",
			    officer, expires, ret, e);
}

enum rc
session_check(struct store *st, struct sv token, int64_t now, int64_t *ret_officer, struct err *e)
{
	unsigned char hash[HASH_BYTES];
	enum rc rc = store_get_int(st,
				   "SELECT s.officer FROM session s JOIN officer o ON o.id = "
				   "s.officer WHERE s.hash = ?1 AND s.expires > ?2 AND "
				   "o.disabled = 0",
				   ARGS(hash_arg(hash, token), ARG_INT(now)), ret_officer, e);

	if (rc == RC_NOTFOUND)
		rc = err_set(e, RC_DENIED, "the session is unknown or over: sign in again");
	return rc;
}

enum rc
session_end(struct store *st, struct sv token, struct err *e)
{
	unsigned char hash[HASH_BYTES];

	return store_exec(st, "DELETE FROM session WHERE hash = ?1", ARGS(hash_arg(hash, token)),
			  NULL, e);
}
