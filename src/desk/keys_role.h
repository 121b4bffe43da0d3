/*
 * keys_role.h — the role `keys`: the only process with the master key. It
 * seals, opens (after writing the audit row), hashes and forgets for the other
 * roles of this host, over a local socket.
 */
#ifndef DESK_KEYS_ROLE_H
#define DESK_KEYS_ROLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct keyring;
struct local_server;

/* The keyring's audit function: a row "details.open", committed, into the struct store that
 * arg is. */
enum rc keys_audit(void *arg, int64_t officer, struct sv purpose, const int64_t *persons, size_t n,
		   struct err *);
/* The same inside keys_role_run, where others may use the keyring while it waits. */
enum rc keys_role_audit(void *st, int64_t officer, struct sv purpose, const int64_t *persons,
			size_t n, struct err *) CHECKED;

/* Answer requests until local_server_stop: a thread a connection, one request at a
 * time in all, so that the keyring has one user. When it returns no request is half done.
 * RC_IO. */
enum rc keys_role_run(struct local_server *, struct keyring *, struct err *) CHECKED;

#endif
