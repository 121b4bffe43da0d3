/*
 * open.c — see open.h.
 */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cmd/open.h"
#include "desk/keys_role.h"
#include "desk/setting_store.h"
#include "people/keyring.h"
#include "people/sealer.h"
#include "store/migrate.h"
#include "store/store.h"

#define KEYS_WAIT_MS 30000

enum rc
open_path(char path[OPEN_PATH], const char *dir, const char *name, struct err *e)
{
	if (snprintf(path, OPEN_PATH, "%s/%s", dir, name) >= OPEN_PATH)
		return err_set(e, RC_LIMIT, "%s/%s: the path is too long", dir, name);
	return RC_OK;
}

enum rc
open_where(char where[OPEN_PATH], const char *dir, const struct config *c, struct err *e)
{
	if (c->store[0] == '\0')
		return open_path(where, dir, "tocsin.sqlite", e);
	snprintf(where, OPEN_PATH, "%s", c->store);
	return RC_OK;
}

enum rc
open_master_path(char path[OPEN_PATH], const char *dir, const struct config *c, bool practice,
		 struct err *e)
{
	const char *named = getenv("TOCSIN_MASTER_KEY");

	if (named == NULL || named[0] == '\0')
		named = c->keys_master;
	if (named[0] != '\0') {
		if (snprintf(path, OPEN_PATH, "%s", named) >= OPEN_PATH)
			return err_set(e, RC_LIMIT, "the master key's path is too long");
		return RC_OK;
	}
	if (practice)
		return open_path(path, dir, "keys/master.key", e);
	return err_set(e, RC_NOTFOUND,
		       "the master key is not named: set TOCSIN_MASTER_KEY or keys.master to its "
		       "file");
}

static enum rc
open_store_of(struct store **ret, const char *dir, const struct config *c, struct err *e)
{
	struct store *st = NULL;
	char where[OPEN_PATH];
	enum rc rc = open_where(where, dir, c, e);

	if (rc == RC_OK)
		rc = store_open(&st, where, 0, e);
	if (rc == RC_OK)
		rc = migrate_check(st, "main", e);
	if (rc == RC_NOTFOUND || rc == RC_CONFLICT)
		rc = RC_IO; /* the folder is an installation, its store is gone or another's */
	if (rc == RC_OK) {
		*ret = st;
		st = NULL;
	}
	store_close(&st);
	return rc;
}

enum rc
cmd_open_store(struct store **ret, const struct cmd_args *a, struct err *e)
{
	struct config c;
	enum rc rc = config_load(&c, cmd_data(a), e);

	return rc == RC_OK ? open_store_of(ret, cmd_data(a), &c, e) : rc;
}

/* The key store opened by this process, never made: a new one in the place of one that is only
 * out of reach would not know who is forgotten. The audit rows go through a connection of their
 * own. */
static enum rc
open_keyring(struct keyring **ret, struct store **ret_audit, const char *dir,
	     const struct config *c, struct err *e)
{
	char master[OPEN_PATH], path[OPEN_PATH];
	struct store *st = NULL;
	bool practice;
	enum rc rc = open_store_of(&st, dir, c, e);

	if (rc == RC_OK)
		rc = setting_is_practice(st, &practice, e);
	if (rc == RC_OK)
		rc = open_master_path(master, dir, c, practice, e);
	if (rc == RC_OK)
		rc = open_path(path, dir, "keys/keys.sqlite", e);
	if (rc == RC_OK)
		rc = keyring_open(ret, master, path, false, e);
	if (rc != RC_OK) {
		store_close(&st);
		return rc;
	}
	keyring_set_audit(*ret, keys_audit, st);
	*ret_audit = st;
	return RC_OK;
}

enum rc
open_sealer(struct open_sealer *ret, const struct cmd_args *a, struct err *e)
{
	struct keyring *keyring = NULL;
	char path[OPEN_PATH];
	struct err ignored = ERR_INIT;
	struct config c;
	enum rc rc = config_load(&c, cmd_data(a), e);

	if (rc == RC_OK)
		rc = open_path(path, cmd_data(a), "run/keys.sock", e);
	if (rc != RC_OK)
		return rc;
	if (sealer_remote_open(&ret->sealer, path, KEYS_WAIT_MS, &ignored) == RC_OK)
		return RC_OK;
	rc = open_keyring(&keyring, &ret->audit, cmd_data(a), &c, e);
	return rc == RC_OK ? sealer_local_open(&ret->sealer, &keyring, e) : rc;
}

void
open_sealer_fini(struct open_sealer *s)
{
	sealer_close(&s->sealer);
	store_close(&s->audit);
}

static enum rc
ask_terminal(struct buf *ret, const char *prompt, struct err *e)
{
	struct termios before, quiet;
	char line[LIMIT_PASSWORD + 2];
	bool got;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0)
		return err_set(e, RC_DENIED,
			       "a password is needed: name its file in TOCSIN_PASSWORD_FILE, or "
			       "use a terminal");
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	fprintf(stderr, "%s: ", prompt);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	got = fgets(line, sizeof(line), stdin) != NULL;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	if (got)
		buf_add(ret, sv_head(sv_of(line), sv_find_char(sv_of(line), '\n')));
	mem_wipe(line, sizeof(line));
	return RC_OK;
}

enum rc
open_password(struct buf *ret, const char *prompt, struct err *e)
{
	const char *path = getenv("TOCSIN_PASSWORD_FILE");
	enum rc rc;

	if (path == NULL || path[0] == '\0')
		return ask_terminal(ret, prompt, e);
	rc = file_read(ret, path, e);
	if (rc == RC_OK)
		buf_cut(ret, sv_find_char(buf_sv(ret), '\n'));
	return rc;
}

static enum rc
sign_in(struct open *o, const struct cmd_args *a, struct err *e)
{
	struct buf password = BUF_INIT(LIMIT_PASSWORD);
	const char *name = cmd_value(a, "as");
	char prompt[128];
	enum rc rc = RC_OK;

	if (name == NULL)
		return err_set(e, RC_USAGE, "who does this? Add --as OFFICER");
	snprintf(prompt, sizeof(prompt), "Password of %.64s", name);
	if (!o->desk.practice)
		rc = open_password(&password, prompt, e);
	if (rc == RC_OK)
		rc = desk_sign_in(&o->desk, sv_of(name), buf_sv(&password), &o->officer, e);
	mem_wipe(password.p, password.n);
	buf_fini(&password);
	return rc;
}

enum rc
open_desk(struct open *o, const struct cmd_args *a, bool as_officer, struct err *e)
{
	struct desk_settings set;
	enum rc rc;

	buf_init(&o->key_pem, LIMIT_KEY_FILE);
	buf_init(&o->cert_pem, LIMIT_KEY_FILE);
	o->arena = arena_new();
	rc = config_load(&o->config, cmd_data(a), e);
	if (rc == RC_OK)
		rc = open_store_of(&o->st, cmd_data(a), &o->config, e);
	if (rc != RC_OK)
		return rc;
	set = (struct desk_settings){
		.authority = sv_of(o->config.authority_name),
		.sender = sv_of(o->config.authority_sender),
		.url = sv_of(o->config.authority_url),
		.contact = sv_of(o->config.authority_contact),
		.languages = sv_of(o->config.authority_languages),
		.from = sv_of(o->config.smtp_from),
		.hours = o->config.alert_hours,
		.drift = o->config.alert_drift,
	};
	rc = desk_open(&o->desk, o->st, o->arena, &set, e);
	if (rc == RC_OK && as_officer)
		rc = sign_in(o, a, e);
	return rc;
}

enum rc
open_signing(struct open *o, const struct cmd_args *a, struct err *e)
{
	char path[OPEN_PATH];
	enum rc rc = open_path(path, cmd_data(a), "keys/sign.key", e);

	if (rc == RC_OK)
		rc = file_read(&o->key_pem, path, e);
	if (rc == RC_OK)
		rc = open_path(path, cmd_data(a), "keys/sign.crt", e);
	if (rc == RC_OK)
		rc = file_read(&o->cert_pem, path, e);
	o->desk.set.key_pem = buf_sv(&o->key_pem);
	o->desk.set.cert_pem = buf_sv(&o->cert_pem);
	return rc;
}

void
open_fini(struct open *o)
{
	mem_wipe(o->key_pem.p, o->key_pem.n);
	buf_fini(&o->key_pem);
	buf_fini(&o->cert_pem);
	store_close(&o->st);
	arena_free(&o->arena);
}

enum rc
open_id(const char *text, const char *what, int64_t *ret, struct err *e)
{
	int64_t id;

	if (!sv_to_i64(sv_of(text), &id) || id <= 0)
		return err_set(e, RC_USAGE, "\"%s\" is no %s (expected a number such as 7)", text,
			       what);
	*ret = id;
	return RC_OK;
}
