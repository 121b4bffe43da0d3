/*
 * cmd_init.c — tocsin init: make a data folder.
 *
 * Everything is made in the folder first; the configuration file comes last,
 * because a folder is an installation when it has one.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "cmd/open.h"
#include "crypt/key.h"
#include "crypt/keyfile.h"
#include "crypt/password.h"
#include "crypt/random.h"
#include "crypt/sign.h"
#include "crypt/token.h"
#include "desk/setting_store.h"
#include "people/keyring.h"
#include "store/migrate.h"
#include "store/store.h"

#define CERT_DAYS 3650

struct init {
	const char *dir;
	bool practice;
	const char *store;  /* a URI, or NULL */
	const char *master; /* where the master key is written */
	const char *officers[2];
	int64_t now;
};

static enum rc
make_folders(const struct init *in, struct err *e)
{
	static const char *const names[] = {"keys", "run", "outbox"};
	char path[OPEN_PATH];
	size_t i;
	enum rc rc = file_mkdir(in->dir, 0700, e);

	for (i = 0; rc == RC_OK && i < ARRAY_LEN(names); i++) {
		rc = open_path(path, in->dir, names[i], e);
		if (rc == RC_OK)
			rc = file_mkdir(path, 0700, e);
	}
	return rc;
}

/* The master key (kept when it is there), the key store, the signing identity. */
static enum rc
make_keys(const struct init *in, const struct config *c, struct err *e)
{
	struct buf key = BUF_INIT(LIMIT_KEY_FILE), cert = BUF_INIT(LIMIT_KEY_FILE);
	struct keyring *ring = NULL;
	char path[OPEN_PATH];
	enum rc rc = RC_OK;

	if (!file_exists(in->master))
		rc = keyfile_make(in->master, e);
	if (rc == RC_OK)
		rc = open_path(path, in->dir, "keys/keys.sqlite", e);
	if (rc == RC_OK)
		rc = keyring_open(&ring, in->master, path, true, e);
	if (rc == RC_OK)
		rc = crypt_make_identity(&key, &cert, sv_of(c->authority_name), in->now, CERT_DAYS,
					 e);
	if (rc == RC_OK)
		rc = open_path(path, in->dir, "keys/sign.key", e);
	if (rc == RC_OK)
		rc = file_write(path, buf_sv(&key), 0600, e);
	if (rc == RC_OK)
		rc = open_path(path, in->dir, "keys/sign.crt", e);
	if (rc == RC_OK)
		rc = file_write(path, buf_sv(&cert), 0644, e);
	mem_wipe(key.p, key.n);
	buf_fini(&key);
	buf_fini(&cert);
	keyring_close(&ring);
	return rc;
}

static enum rc
put_random(struct store *st, const char *name, size_t bytes, struct err *e)
{
	struct buf text = BUF_INIT(256);
	unsigned char raw[64];
	enum rc rc;

	BUG_ON(bytes > sizeof(raw));
	crypt_random(raw, bytes);
	buf_add_hex(&text, (struct sv){(const char *)raw, bytes});
	rc = setting_put(st, name, buf_sv(&text), e);
	buf_fini(&text);
	return rc;
}

/* An officer with every role but warden and auditor; two of them make two people. */
static enum rc
make_officer(struct store *st, const char *name, int64_t now, bool practice, char *ret_password,
	     size_t size, struct err *e)
{
	static const enum role roles[] = {ROLE_AUTHOR, ROLE_APPROVER, ROLE_CASEWORKER,
					  ROLE_ADMINISTRATOR};
	struct buf hash = BUF_INIT(512);
	struct token password;
	int64_t id = 0;
	enum rc rc = RC_OK;
	size_t i;

	token_make(&password);
	password.text[20] = '\0'; /* 120 bits, short enough to copy by hand */
	if (!practice)
		rc = password_hash(&hash, sv_of(password.text), e);
	if (rc == RC_OK)
		rc = officer_insert(st, sv_of(name), buf_sv(&hash), now, &id, e);
	for (i = 0; rc == RC_OK && i < ARRAY_LEN(roles); i++)
		rc = officer_put_role(st, id, roles[i], now, e);
	if (rc == RC_OK)
		snprintf(ret_password, size, "%.20s", password.text);
	buf_fini(&hash);
	return rc;
}

/* Asked before anything is made: a folder that lost only its configuration keeps its keys. */
static enum rc
check_empty(const struct init *in, const struct config *c, struct err *e)
{
	char where[OPEN_PATH];
	struct store *st = NULL;
	struct buf mode = BUF_INIT(64);
	enum rc rc = open_where(where, in->dir, c, e);

	if (rc != RC_OK || (in->store == NULL && !file_exists(where)))
		return rc;
	rc = store_open(&st, where, 0, e);
	if (rc == RC_OK && setting_get(&mode, st, SETTING_MODE, NULL) == RC_OK)
		rc = err_set(e, RC_CONFLICT,
			     "%s holds an installation already, nothing was changed",
			     store_where(st));
	buf_fini(&mode);
	store_close(&st);
	return rc;
}

static enum rc
make_database(const struct init *in, const struct config *c, char passwords[2][32], struct err *e)
{
	char where[OPEN_PATH];
	struct store *st = NULL;
	enum rc rc = open_where(where, in->dir, c, e);
	int i;

	if (rc == RC_OK)
		rc = store_open(&st, where, STORE_CREATE, e);
	if (rc == RC_OK)
		rc = migrate_run(st, "main", e);
	if (rc == RC_OK)
		rc = store_begin(st, e);
	if (rc == RC_OK)
		rc = setting_put(st, SETTING_MODE, in->practice ? SV("practice") : SV("live"), e);
	if (rc == RC_OK)
		rc = put_random(st, SETTING_INSTALLATION, 4, e);
	if (rc == RC_OK)
		rc = put_random(st, SETTING_MESSAGE_KEY, CRYPT_KEY, e);
	if (rc == RC_OK)
		rc = setting_put(st, SETTING_HOLD, SV("0"), e);
	for (i = 0; rc == RC_OK && i < 2; i++)
		rc = make_officer(st, in->officers[i], in->now, in->practice, passwords[i], 32, e);
	if (rc == RC_OK)
		rc = store_commit(st, e);
	store_rollback(st);
	store_close(&st);
	return rc;
}

static enum rc
make_config(const struct init *in, const struct config *c, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_CONFIG);
	char path[OPEN_PATH];
	enum rc rc = open_path(path, in->dir, "tocsin.conf", e);

	config_example(&text, c);
	if (rc == RC_OK)
		rc = buf_check(&text, "the configuration", e);
	if (rc == RC_OK)
		rc = file_create(path, buf_sv(&text), 0600, e);
	buf_fini(&text);
	return rc;
}

static enum rc
read_options(struct init *in, const struct cmd_args *a, char *master, struct err *e)
{
	in->dir = cmd_value(a, "data") != NULL ? cmd_value(a, "data") : "var";
	in->practice = cmd_flag(a, "practice");
	in->store = cmd_value(a, "store");
	in->now = time_now();
	in->officers[0] = cmd_value_at(a, "officer", 0);
	in->officers[1] = cmd_value_at(a, "officer", 1);
	if (in->practice && in->officers[0] == NULL) {
		in->officers[0] = "duty";
		in->officers[1] = "second";
	}
	if (in->officers[0] == NULL || in->officers[1] == NULL)
		return err_set(e, RC_USAGE,
			       "two people send: name the first two officers with --officer NAME "
			       "--officer NAME (or make a practice installation: --practice)");
	if (in->store != NULL &&
	    (strlen(in->store) > 400 || !sv_starts(sv_of(in->store), SV("postgresql://")) ||
	     strchr(in->store, '"') != NULL || strchr(in->store, '\\') != NULL))
		return err_set(e, RC_USAGE, "--store: expected postgresql://…");
	in->master = cmd_value(a, "master-key");
	if (in->master == NULL && in->practice) {
		enum rc rc = open_path(master, in->dir, "keys/master.key", e);

		in->master = master;
		return rc;
	}
	if (in->master == NULL)
		return err_set(e, RC_USAGE,
			       "name the master key's file with --master-key FILE: on another disk "
			       "than the data (a memory file system filled at boot, a credential)");
	if (strchr(in->master, '"') != NULL || strchr(in->master, '\\') != NULL ||
	    strlen(in->master) > 400)
		return err_set(
			e, RC_USAGE,
			"--master-key: expected a path of at most 400 bytes without \" or \\");
	return RC_OK;
}

static enum cmd_exit
run_init(const struct cmd_args *a, struct err *e)
{
	char path[OPEN_PATH], master[OPEN_PATH], passwords[2][32];
	struct init in = {0};
	struct config c;
	enum rc rc = read_options(&in, a, master, e);

	config_defaults(&c);
	if (rc == RC_OK)
		rc = open_path(path, in.dir, "tocsin.conf", e);
	if (rc == RC_OK && file_exists(path))
		rc = err_set(e, RC_CONFLICT, "%s is an installation already, nothing was changed",
			     in.dir);
	if (rc == RC_OK && in.store != NULL)
		snprintf(c.store, sizeof(c.store), "%.400s", in.store);
	if (rc == RC_OK && !in.practice)
		snprintf(c.keys_master, sizeof(c.keys_master), "%.400s", in.master);
	if (rc == RC_OK)
		rc = check_empty(&in, &c, e);
	if (rc == RC_OK)
		rc = make_folders(&in, e);
	if (rc == RC_OK)
		rc = make_keys(&in, &c, e);
	if (rc == RC_OK)
		rc = make_database(&in, &c, passwords, e);
	if (rc == RC_OK)
		rc = make_config(&in, &c, e);
	if (rc != RC_OK)
		return cmd_exit_of(rc);
	printf("Made a %s installation in %s\n", in.practice ? "practice" : "live", in.dir);
	printf("Officers: %s, %s\n", in.officers[0], in.officers[1]);
	if (!in.practice)
		printf("Password of %s: %s\nPassword of %s: %s\n"
		       "They are shown this once; change them with: tocsin officer password\n"
		       "Master key: %s (keep a copy in a safe; without it nothing can be opened)\n",
		       in.officers[0], passwords[0], in.officers[1], passwords[1], in.master);
	if (!in.practice)
		printf("Next: tocsin serve --data %s\n", in.dir);
	mem_wipe(passwords, sizeof(passwords));
	return EXIT_YES;
}

static const struct cmd_option init_options[] = {
	{"practice", NULL, "an installation that can only exercise: nothing leaves the machine"},
	{"officer", "NAME", "one of the two first officers (give it twice)"},
	{"master-key", "FILE", "where the master key is, or is to be made; not needed in practice"},
	{"store", "URI", "postgresql://… to keep the data there instead of in the folder"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_init = {
	.name = "init",
	.args = "",
	.summary = "make a data folder: database, keys, configuration, the first officers",
	.text = "A practice installation and a live one never mix: what this command makes stays "
		"what it is.\n\n"
		"A live installation begins with two officers, because nobody sends alone. "
		"Both may "
		"write and approve, but never the same alert.\n\n"
		"  tocsin init --practice --data var\n"
		"  tocsin init --data /var/lib/tocsin --officer anna --officer boris --master-key "
		"/run/tocsin/master.key",
	.options = init_options,
	.min_args = 0,
	.max_args = 0,
	.run = run_init,
};
