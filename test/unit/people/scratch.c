/*
 * scratch.c — see scratch.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "crypt/keyfile.h"
#include "people/keyring.h"
#include "people/sealer.h"
#include "scratch.h"
#include "store/migrate.h"
#include "store/store.h"

static enum rc
on_audit(void *arg, int64_t officer, struct sv purpose, const int64_t *persons, size_t n,
	 struct err *e)
{
	struct scratch *s = arg;
	size_t i;

	assert_true(purpose.n > 0);
	for (i = 1; i < n; i++)
		assert_true(persons[i - 1] < persons[i]);
	s->audits++;
	s->last_officer = officer;
	s->last_persons = n;
	return s->deny ? err_set(e, RC_IO, "the disk is full") : RC_OK;
}

static void
open_databases(struct scratch *s)
{
	struct err e = ERR_INIT;

	if (store_open(&s->st, s->main_path, STORE_CREATE, &e) != RC_OK)
		fail_msg("%s", e.text);
	assert_int_equal(migrate_run(s->st, "main", &e), RC_OK);
	if (keyring_open(&s->ring, s->key_path, s->keys_path, true, &e) != RC_OK)
		fail_msg("%s", e.text);
	keyring_set_audit(s->ring, on_audit, s);
	struct keyring *give = s->ring;
	assert_int_equal(sealer_local_open(&s->sealer, &give, &e), RC_OK);
	assert_null(give);
}

/* The main database in the cluster that pg-scratch made, as if new. */
static void
empty_postgres(struct scratch *s)
{
	struct err e = ERR_INIT;

	(void)snprintf(s->main_path, sizeof(s->main_path), "%s", getenv("TOCSIN_TEST_PG"));
	if (store_open(&s->st, s->main_path, STORE_CREATE, &e) != RC_OK ||
	    store_script(s->st, SV("DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"), &e) !=
		    RC_OK)
		fail_msg("%s", e.text);
	store_close(&s->st);
}

void
scratch_open(struct scratch *s)
{
	struct err e = ERR_INIT;

	memset(s, 0, sizeof(*s));
	(void)snprintf(s->folder, sizeof(s->folder), "/tmp/tocsin-people-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	(void)snprintf(s->main_path, sizeof(s->main_path), "%s/main.sqlite", s->folder);
	(void)snprintf(s->key_path, sizeof(s->key_path), "%s/master.key", s->folder);
	(void)snprintf(s->keys_path, sizeof(s->keys_path), "%s/keys.sqlite", s->folder);
	assert_int_equal(keyfile_make(s->key_path, &e), RC_OK);
	if (getenv("TOCSIN_TEST_PG") != NULL)
		empty_postgres(s);
	open_databases(s);
}

static void
close_databases(struct scratch *s)
{
	sealer_close(&s->sealer);
	store_close(&s->st);
}

void
scratch_reopen(struct scratch *s)
{
	close_databases(s);
	open_databases(s);
}

/* Call fn for each file of the folder. */
static void
each_file(const struct scratch *s, void (*fn)(const char *path, void *arg), void *arg)
{
	DIR *dir = opendir(s->folder);
	struct dirent *entry;
	char path[400];

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", s->folder, entry->d_name);
		fn(path, arg);
	}
	(void)closedir(dir);
}

static void
remove_file(const char *path, void *arg)
{
	(void)arg;
	(void)unlink(path);
}

void
scratch_close(struct scratch *s)
{
	close_databases(s);
	each_file(s, remove_file, NULL);
	assert_int_equal(rmdir(s->folder), 0);
}

struct reading {
	struct sv whole;
	size_t at;
	struct buf *bad;
};

static enum rc
read_some(void *arg, char *p, size_t cap, size_t *ret_n, struct err *e)
{
	struct reading *r = arg;
	struct sv piece = sv_head(sv_from(r->whole, r->at), cap);

	(void)e;
	if (piece.n > 0)
		memcpy(p, piece.p, piece.n);
	r->at += piece.n;
	*ret_n = piece.n;
	return RC_OK;
}

static enum rc
rewind_it(void *arg, struct err *e)
{
	struct reading *r = arg;

	(void)e;
	r->at = 0;
	return RC_OK;
}

static void
take_bad(void *arg, const char *sentence)
{
	struct reading *r = arg;

	if (r->bad == NULL)
		return;
	buf_adds(r->bad, sentence);
	buf_addc(r->bad, '\n');
}

enum rc
scratch_import(struct scratch *s, struct sv csv, bool strict, struct import_result *ret,
	       struct buf *bad)
{
	struct reading r = {csv, 0, bad};
	struct import_options opt = {.read = read_some,
				     .rewind = rewind_it,
				     .bad = take_bad,
				     .arg = &r,
				     .strict = strict,
				     .now = NOW};
	struct err e = ERR_INIT;
	enum rc rc = people_import(s->st, s->sealer, &opt, ret, &e);

	if (rc != RC_OK && bad != NULL)
		buf_adds(bad, e.text);
	return rc;
}

void
scratch_import_ok(struct scratch *s, struct sv csv)
{
	struct import_result result;
	struct buf bad = BUF_INIT(MIB);

	if (scratch_import(s, csv, false, &result, &bad) != RC_OK || result.bad > 0)
		fail_msg("%s", buf_str(&bad));
	buf_fini(&bad);
}

int64_t
scratch_int(struct scratch *s, const char *sql)
{
	struct err e = ERR_INIT;
	int64_t v = -1;
	enum rc rc = store_get_int(s->st, sql, NO_ARGS, &v, &e);

	if (rc != RC_OK && rc != RC_NOTFOUND)
		fail_msg("%s", e.text);
	return v;
}

struct looking {
	struct sv needle;
	bool found;
};

static void
look_into(const char *path, void *arg)
{
	struct looking *l = arg;
	struct buf text = BUF_INIT(64 * MIB);
	struct err e = ERR_INIT;

	assert_int_equal(file_read(&text, path, &e), RC_OK);
	l->found = l->found || sv_find(buf_sv(&text), l->needle) < text.n;
	buf_fini(&text);
}

bool
scratch_holds(const struct scratch *s, struct sv needle)
{
	struct looking l = {needle, false};

	each_file(s, look_into, &l);
	return l.found;
}
