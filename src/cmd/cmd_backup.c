/*
 * cmd_backup.c — tocsin backup, keys backup, restore.
 *
 * A backup is one SQLite file: the main database as of one moment, with the
 * configuration and the certificate inside. The keys have a backup of their
 * own, to be kept apart and not for long: together with an old backup it could
 * open what was forgotten since.
 *
 * Restore, in order: copy under a temporary name; hold; replay tombstones from
 * the key store; rename. Nothing that exists is written over.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cmd/open.h"
#include "desk/backup_store.h"
#include "desk/setting_store.h"
#include "people/keyring.h"
#include "people/person_store.h"
#include "people/sealer.h"
#include "store/migrate.h"
#include "store/store.h"

#define FILE_MAX_BYTES LIMIT_CONFIG

static enum rc
put_file(struct store *backup, const char *dir, const char *name, struct err *e)
{
	struct buf text = BUF_INIT(FILE_MAX_BYTES);
	char path[OPEN_PATH];
	enum rc rc = open_path(path, dir, name, e);

	if (rc == RC_OK)
		rc = file_read(&text, path, e);
	if (rc == RC_OK)
		rc = backup_put_file(backup, name, buf_sv(&text), e);
	mem_wipe(text.p, text.n);
	buf_fini(&text);
	return rc;
}

static enum cmd_exit
run_backup(const struct cmd_args *a, struct err *e)
{
	const char *path = cmd_arg(a, 0);
	struct store *st = NULL, *backup = NULL;
	enum rc rc = cmd_open_store(&st, a, e);

	if (rc == RC_OK && store_is_postgres(st))
		rc = err_set(e, RC_USAGE, "the store is on PostgreSQL: back it up with pg_dump");
	if (rc == RC_OK)
		rc = store_copy_to(st, path, e);
	if (rc == RC_OK)
		rc = store_open(&backup, path, 0, e);
	if (rc == RC_OK)
		rc = put_file(backup, cmd_data(a), "tocsin.conf", e);
	if (rc == RC_OK)
		rc = put_file(backup, cmd_data(a), "keys/sign.crt", e);
	if (rc == RC_OK)
		rc = store_checkpoint(backup, e);
	store_close(&backup);
	store_close(&st);
	if (rc == RC_OK)
		printf("backup written to %s (the keys have their own: tocsin keys backup)\n",
		       path);
	return cmd_exit_of(rc);
}

/* The key store of dir, opened by this process. */
static enum rc
open_ring(struct keyring **ret, const char *dir, const struct config *c, bool practice,
	  struct err *e)
{
	char master[OPEN_PATH], path[OPEN_PATH];
	enum rc rc = open_master_path(master, dir, c, practice, e);

	if (rc == RC_OK)
		rc = open_path(path, dir, "keys/keys.sqlite", e);
	return rc == RC_OK ? keyring_open(ret, master, path, false, e) : rc;
}

static enum cmd_exit
run_keys_backup(const struct cmd_args *a, struct err *e)
{
	const char *path = cmd_arg(a, 0);
	struct store *st = NULL, *backup = NULL;
	struct keyring *ring = NULL;
	struct config c;
	bool practice = false;
	enum rc rc = config_load(&c, cmd_data(a), e);

	if (rc == RC_OK)
		rc = cmd_open_store(&st, a, e);
	if (rc == RC_OK)
		rc = setting_is_practice(st, &practice, e);
	if (rc == RC_OK)
		rc = open_ring(&ring, cmd_data(a), &c, practice, e);
	if (rc == RC_OK)
		rc = keyring_backup(ring, path, e);
	if (rc == RC_OK)
		rc = store_open(&backup, path, 0, e);
	if (rc == RC_OK)
		rc = put_file(backup, cmd_data(a), "keys/sign.key", e);
	if (rc == RC_OK)
		rc = store_checkpoint(backup, e);
	store_close(&backup);
	keyring_close(&ring);
	store_close(&st);
	if (rc == RC_OK)
		printf("key store written to %s: keep it apart from the data, and not for long\n",
		       path);
	return cmd_exit_of(rc);
}

/* Write a file of the backup to the folder unless one is there. */
static enum rc
get_file(struct store *backup, const char *dir, const char *name, unsigned mode, struct err *e)
{
	struct buf text = BUF_INIT(FILE_MAX_BYTES);
	char path[OPEN_PATH];
	enum rc rc = open_path(path, dir, name, e);

	if (rc == RC_OK && !file_exists(path)) {
		rc = backup_get_file(&text, backup, name, e);
		if (rc == RC_OK)
			rc = file_create(path, buf_sv(&text), mode, e);
	}
	mem_wipe(text.p, text.n);
	buf_fini(&text);
	return rc;
}

static enum rc
make_folders(const char *dir, struct err *e)
{
	static const char *const names[] = {"keys", "run", "outbox"};
	char path[OPEN_PATH];
	size_t i;
	enum rc rc = file_mkdir(dir, 0700, e);

	for (i = 0; rc == RC_OK && i < ARRAY_LEN(names); i++) {
		rc = open_path(path, dir, names[i], e);
		if (rc == RC_OK)
			rc = file_mkdir(path, 0700, e);
	}
	return rc;
}

/* The key store from its own backup, when the folder has none. */
static enum rc
restore_keys(const char *dir, const char *from, struct err *e)
{
	struct store *backup = NULL;
	char path[OPEN_PATH];
	enum rc rc = open_path(path, dir, "keys/keys.sqlite", e);

	if (rc != RC_OK)
		return rc;
	if (file_exists(path))
		return from == NULL ? RC_OK
				    : err_set(e, RC_CONFLICT,
					      "%s exists: it knows who was forgotten and is not "
					      "written over; leave --keys out",
					      path);
	if (from == NULL)
		return err_set(e, RC_USAGE,
			       "there is no key store in %s: name its backup with --keys FILE",
			       dir);
	rc = store_open(&backup, from, 0, e);
	if (rc == RC_OK)
		rc = store_copy_to(backup, path, e);
	if (rc == RC_OK)
		rc = get_file(backup, dir, "keys/sign.key", 0600, e);
	store_close(&backup);
	return rc;
}

/* Everything that must be true before the copy becomes the store. */
static enum rc
prepare(struct store *st, const char *dir, int64_t *ret_gone, struct err *e)
{
	struct keyring *ring = NULL;
	struct sealer *sealer = NULL;
	struct config c;
	bool practice = false;
	enum rc rc = get_file(st, dir, "tocsin.conf", 0600, e);

	if (rc == RC_OK)
		rc = get_file(st, dir, "keys/sign.crt", 0644, e);
	if (rc == RC_OK)
		rc = migrate_run(st, "main", e);
	if (rc == RC_OK)
		rc = backup_make_live(st, e);
	if (rc == RC_OK)
		rc = setting_is_practice(st, &practice, e);
	if (rc == RC_OK)
		rc = config_load(&c, dir, e);
	if (rc == RC_OK)
		rc = open_ring(&ring, dir, &c, practice, e);
	if (rc == RC_OK)
		rc = sealer_local_open(&sealer, &ring, e);
	if (rc == RC_OK)
		rc = person_replay(st, sealer, ret_gone, e);
	if (rc == RC_OK)
		rc = store_checkpoint(st, e);
	sealer_close(&sealer);
	return rc;
}

static enum rc
put_in_place(const char *temporary, const char *path, struct err *e)
{
	/* link, not rename: it fails when somebody made the file meanwhile. */
	if (link(temporary, path) != 0)
		return err_errno(e, errno == EEXIST ? RC_CONFLICT : RC_IO, "%s: not restored",
				 path);
	return file_sync_folder(path, e);
}

static enum cmd_exit
run_restore(const struct cmd_args *a, struct err *e)
{
	char path[OPEN_PATH], temporary[OPEN_PATH];
	struct store *backup = NULL, *st = NULL;
	const char *dir = cmd_data(a);
	int64_t gone = 0;
	enum rc rc = open_path(path, dir, "tocsin.sqlite", e);

	if (rc == RC_OK)
		rc = open_path(temporary, dir, "tocsin.sqlite.restoring", e);
	if (rc == RC_OK && file_exists(path))
		rc = err_set(e, RC_CONFLICT,
			     "%s exists and is not written over: move it away first", path);
	if (rc == RC_OK && !file_exists(cmd_arg(a, 0)))
		rc = err_set(e, RC_USAGE, "%s: no such file (expected a backup)", cmd_arg(a, 0));
	if (rc == RC_OK)
		rc = store_open(&backup, cmd_arg(a, 0), STORE_READONLY, e);
	if (rc == RC_OK)
		rc = make_folders(dir, e);
	if (rc == RC_OK)
		rc = restore_keys(dir, cmd_value(a, "keys"), e);
	if (rc == RC_OK) {
		unlink(temporary);
		rc = store_copy_to(backup, temporary, e);
	}
	store_close(&backup);
	if (rc == RC_OK)
		rc = store_open(&st, temporary, 0, e);
	if (rc == RC_OK)
		rc = prepare(st, dir, &gone, e);
	store_close(&st);
	if (rc == RC_OK)
		rc = put_in_place(temporary, path, e);
	unlink(temporary);
	if (rc == RC_OK)
		printf("restored into %s; %lld persons forgotten since the backup were removed "
		       "again\nNothing is sent until an officer says: tocsin queue release\n",
		       dir, (long long)gone);
	return cmd_exit_of(rc);
}

static const struct cmd_option restore_options[] = {
	{"keys", "FILE", "the key store's backup, when the folder has no key store"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_backup = {
	"backup",
	"FILE",
	"write the database, as of this moment, into a new file",
	"May be run while the service works. The file holds the configuration too, and no keys: "
	"details in it stay sealed.\n\nWith a store on PostgreSQL use pg_dump.",
	NULL,
	1,
	1,
	run_backup};
const struct cmd cmd_keys_backup = {
	"keys backup",
	"FILE",
	"write the key store into a new file",
	"Keep it apart from the data and replace it often: an old copy can still open the details "
	"of persons forgotten since.",
	NULL,
	1,
	1,
	run_keys_backup};
const struct cmd cmd_restore = {
	"restore",
	"FILE",
	"make a data folder from a backup",
	"Refuses to write over a database. Persons forgotten since the backup are removed "
	"again, as "
	"the key store remembers them. The outbox is on hold until an officer releases it.\n\n"
	"  tocsin restore backup.sqlite --keys keys.sqlite --data /var/lib/tocsin",
	restore_options,
	1,
	1,
	run_restore};
