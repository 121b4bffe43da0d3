/*
 * migrate.c — which migrations a database has had, and running the next ones.
 *
 * Each migration: begin, take the lock that lets one program migrate at a
 * time, look at the number again, run the script, note the number, commit. A
 * program that dies in between leaves the schema as it was before that
 * migration.
 */
#include "store/migrate.h"

#include "base/embed.h"
#include "base/err.h"
#include "store/store.h"

extern const struct embed_file main_sql[];
extern const struct embed_file keys_sql[];

/* Any number, the same for every Tocsin: PostgreSQL's advisory lock of migrations. */
#define MIGRATE_LOCK 748291

static const struct {
	const char *name;
	const struct embed_file *files;
} databases[] = {
	{"main", main_sql},
	{"keys", keys_sql},
};

static const struct embed_file *
files_of(const char *database)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(databases); i++)
		if (strcmp(databases[i].name, database) == 0)
			return databases[i].files;
	bug_at(__FILE__, __LINE__, "unknown database");
}

/* The newest number; the files count 0001, 0002 … without gaps. */
static int64_t
newest(const struct embed_file *f)
{
	uint64_t number;
	int64_t n = 0;

	for (; f->name != NULL; f++) {
		BUG_ON(!sv_to_u64(sv_head(sv_of(f->name), 4), &number));
		BUG_ON((int64_t)number != ++n);
	}
	return n;
}

static enum rc
too_new(struct store *s, int64_t is, int64_t known, struct err *e)
{
	return err_set(e, RC_CONFLICT,
		       "%s: made by a newer Tocsin: schema %lld (expected at most "
		       "%lld; run the newer program)",
		       store_where(s), (long long)is, (long long)known);
}

static enum rc
lock(struct store *s, struct err *e)
{
	struct store_rows *r = NULL;
	enum rc rc;

	if (!store_is_postgres(s))
		return RC_OK; /* a write transaction is alone */
	rc = store_query(&r, s, "SELECT pg_advisory_xact_lock(?1)", ARGS(ARG_INT(MIGRATE_LOCK)), e);
	if (rc == RC_OK)
		rc = store_next(r, e);
	store_rows_free(&r);
	return rc;
}

static enum rc
number_of(struct store *s, int64_t *ret, struct err *e)
{
	return store_get_int(s, "SELECT COALESCE(max(number), 0) FROM migration", NO_ARGS, ret, e);
}

/* Run the next migration, if there is one; *ret_more says whether it did. */
static enum rc
step(struct store *s, const struct embed_file *files, bool *ret_more, struct err *e)
{
	int64_t is = 0, known = newest(files);
	const struct embed_file *f;
	enum rc rc;

	rc = store_begin(s, e);
	if (rc != RC_OK)
		return rc;
	rc = lock(s, e);
	if (rc == RC_OK)
		rc = store_script(s,
				  SV("CREATE TABLE IF NOT EXISTS migration ("
				     "number {id}, applied {int} NOT NULL)"),
				  e);
	if (rc == RC_OK)
		rc = number_of(s, &is, e);
	if (rc == RC_OK && is > known)
		rc = too_new(s, is, known, e);
	if (rc == RC_OK && is < known) {
		f = &files[is];
		rc = store_script(s, (struct sv){(const char *)f->data, f->size}, e);
		if (rc != RC_OK)
			rc = err_in(e, rc, f->name);
		else
			rc = store_exec(s,
					"INSERT INTO migration (number, applied) "
					"VALUES (?1, {now})",
					ARGS(ARG_INT(is + 1)), NULL, e);
	}
	if (rc == RC_OK)
		rc = store_commit(s, e);
	if (rc == RC_OK)
		*ret_more = is + 1 < known;
	store_rollback(s);
	return rc;
}

enum rc
migrate_run(struct store *s, const char *database, struct err *e)
{
	const struct embed_file *files = files_of(database);
	bool more = true;
	enum rc rc = RC_OK;

	while (more && rc == RC_OK)
		rc = step(s, files, &more, e);
	return rc;
}

enum rc
migrate_check(struct store *s, const char *database, struct err *e)
{
	int64_t is = 0, there, known = newest(files_of(database));
	enum rc rc;

	rc = store_get_int(
		s,
		store_is_postgres(s)
			? "SELECT count(*) FROM pg_class WHERE oid = to_regclass('migration')"
			: "SELECT count(*) FROM sqlite_schema WHERE name = 'migration'",
		NO_ARGS, &there, e);
	if (rc == RC_OK && there > 0)
		rc = number_of(s, &is, e);
	if (rc != RC_OK || is == known)
		return rc;
	if (is > known)
		return too_new(s, is, known, e);
	return err_set(e, RC_CONFLICT,
		       "%s: schema %lld (expected %lld; make a backup, then start "
		       "the service once: it brings the database up to date)",
		       store_where(s), (long long)is, (long long)known);
}
