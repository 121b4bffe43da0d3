/*
 * role_keys.c — the role `keys`: see desk/keys_role.h.
 */
#include <signal.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "cmd/open.h"
#include "cmd/role.h"
#include "desk/keys_role.h"
#include "desk/setting_store.h"
#include "net/frame.h"
#include "people/keyring.h"
#include "people/person_store.h"
#include "people/sealer.h"
#include "store/migrate.h"
#include "store/store.h"

static struct local_server *server; /* for the signal handler */

static void
on_signal(int signum)
{
	(void)signum;
	local_server_stop(server);
}

static void
watch_signals(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_signal;
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
}

/* Finish what a crash left between a destroyed key and the rows of the person. */
static enum rc
replay(struct store *st, const char *master, const char *path, struct err *e)
{
	struct keyring *ring = NULL;
	struct sealer *sealer = NULL;
	int64_t gone = 0;
	enum rc rc = keyring_open(&ring, master, path, false, e);

	if (rc == RC_OK)
		rc = sealer_local_open(&sealer, &ring, e);
	if (rc == RC_OK)
		rc = person_replay(st, sealer, &gone, e);
	if (rc == RC_OK && gone > 0)
		log_event(LOG_INFO, "person.forgotten", "persons=%lld", (long long)gone);
	sealer_close(&sealer);
	return rc;
}

static enum rc
open_all(struct store **ret_st, struct keyring **ret_ring, struct role_context *c, struct err *e)
{
	char where[OPEN_PATH], master[OPEN_PATH], path[OPEN_PATH];
	bool practice = false;
	enum rc rc = open_where(where, c->dir, &c->config, e);

	if (rc == RC_OK)
		rc = store_open(ret_st, where, 0, e);
	if (rc == RC_OK)
		rc = migrate_check(*ret_st, "main", e);
	if (rc == RC_OK)
		rc = setting_is_practice(*ret_st, &practice, e);
	if (rc == RC_OK)
		rc = open_master_path(master, c->dir, &c->config, practice, e);
	if (rc == RC_OK)
		rc = open_path(path, c->dir, "keys/keys.sqlite", e);
	if (rc == RC_OK)
		rc = replay(*ret_st, master, path, e);
	if (rc == RC_OK)
		rc = keyring_open(ret_ring, master, path, false, e);
	return rc;
}

static enum rc
run(struct role_context *c, struct err *e)
{
	struct keyring *ring = NULL;
	struct store *st = NULL;
	char path[OPEN_PATH];
	enum rc rc = open_all(&st, &ring, c, e);

	if (rc == RC_OK)
		rc = open_path(path, c->dir, "run/keys.sock", e);
	if (rc == RC_OK)
		rc = local_listen(&server, path, 0600, e);
	if (rc == RC_OK) {
		keyring_set_audit(ring, keys_role_audit, st);
		watch_signals();
		role_ready(c, "");
		rc = keys_role_run(server, ring, e);
	}
	local_server_close(&server);
	keyring_close(&ring);
	store_close(&st);
	return rc;
}

const struct role_kind role_keys = {"keys", true, run};
