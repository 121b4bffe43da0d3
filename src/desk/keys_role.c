/*
 * keys_role.c — see keys_role.h.
 */
#include <pthread.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"
#include "desk/audit_store.h"
#include "desk/keys_role.h"
#include "net/frame.h"
#include "people/keyring.h"
#include "people/sealer.h"
#include "store/store.h"

#define REPLY_WAIT_MS 10000

struct role {
	pthread_mutex_t lock;       /* over the keyring */
	pthread_mutex_t audit_lock; /* over the audit log's connection */
	struct keyring *keyring;
};

/* Lives as long as the process: connections may still hold it at the end. */
static struct role role = {.lock = PTHREAD_MUTEX_INITIALIZER,
			   .audit_lock = PTHREAD_MUTEX_INITIALIZER};

struct connection {
	struct local *peer;
};

enum rc
keys_audit(void *arg, int64_t officer, struct sv purpose, const int64_t *persons, size_t n,
	   struct err *e)
{
	struct store *st = arg;
	struct audit_entry entry = {
		.at = time_now(),
		.officer = officer,
		.action = "details.open",
		.object = SV("persons"),
		.detail = purpose,
		.persons = persons,
		.n_persons = n,
	};
	enum rc rc = store_begin(st, e);

	if (rc == RC_OK)
		rc = audit_add(st, &entry, e);
	if (rc == RC_OK)
		rc = store_commit(st, e);
	if (rc != RC_OK)
		store_rollback(st);
	return rc;
}

/* Whoever imports holds the store until we have sealed for them, and the audit row waits for the
 * store: so nobody waits for the keyring meanwhile. It is called before the keyring is touched. */
enum rc
keys_role_audit(void *arg, int64_t officer, struct sv purpose, const int64_t *persons, size_t n,
		struct err *e)
{
	enum rc rc;

	pthread_mutex_unlock(&role.lock);
	pthread_mutex_lock(&role.audit_lock);
	rc = keys_audit(arg, officer, purpose, persons, n, e);
	pthread_mutex_unlock(&role.audit_lock);
	pthread_mutex_lock(&role.lock);
	return rc;
}

static void *
serve_connection(void *arg)
{
	struct connection *c = arg;
	struct buf request = BUF_INIT(LIMIT_FRAME), reply = BUF_INIT(LIMIT_FRAME);
	struct err e = ERR_INIT;
	enum rc rc = RC_OK;

	while (rc == RC_OK && (rc = frame_recv(c->peer, &request, -1, &e)) == RC_OK) {
		pthread_mutex_lock(&role.lock);
		sealer_handle(role.keyring, buf_sv(&request), &reply);
		pthread_mutex_unlock(&role.lock);
		rc = frame_send(c->peer, buf_sv(&reply), REPLY_WAIT_MS, &e);
		/* Opened details must not outlive the answer. */
		mem_wipe(reply.p, reply.n);
		mem_wipe(request.p, request.n);
		buf_reset(&request);
		buf_reset(&reply);
	}
	if (rc != RC_NOTFOUND)
		log_event(LOG_WARN, "keys.connection", "error=\"%s\"", e.text);
	local_close(&c->peer);
	buf_fini(&request);
	buf_fini(&reply);
	mem_free(c);
	return NULL;
}

static void
start_connection(struct local **peer)
{
	struct connection *c = MEM_NEW(struct connection);
	pthread_t thread;

	c->peer = *peer;
	if (pthread_create(&thread, NULL, serve_connection, c) == 0) {
		pthread_detach(thread);
		*peer = NULL;
		return;
	}
	log_event(LOG_WARN, "keys.busy", "reason=\"no thread for a connection\"");
	mem_free(c);
	local_close(peer);
}

enum rc
keys_role_run(struct local_server *server, struct keyring *keyring, struct err *e)
{
	struct local *peer = NULL;
	enum rc rc;

	role.keyring = keyring;
	for (;;) {
		rc = local_accept(&peer, server, -1, e);
		if (rc == RC_DENIED) {
			log_event(LOG_WARN, "keys.denied", "error=\"%s\"", e->text);
			*e = (struct err)ERR_INIT;
			continue;
		}
		if (rc != RC_OK)
			break;
		start_connection(&peer);
	}
	/* For good: nothing more is answered. */
	pthread_mutex_lock(&role.lock);
	pthread_mutex_lock(&role.audit_lock);
	if (rc != RC_NOTFOUND)
		return rc;
	*e = (struct err)ERR_INIT;
	return RC_OK;
}
