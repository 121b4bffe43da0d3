/*
 * keyring.h — the persons' keys, in the hands of the role `keys` alone.
 *
 * The key store is a database of its own (sql/keys); each person's key lies in
 * it wrapped by a key drawn from the master key. What is sealed under a key is
 * bound to the person and to the kind of text. Use it through sealer.h.
 */
#ifndef PEOPLE_KEYRING_H
#define PEOPLE_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "people/sealer.h"

struct crypt_key;
struct keyring;

/* Write the audit row of an opening; anything but RC_OK forbids it. persons are ascending
 * and without repeats. */
typedef enum rc keyring_audit_fn(void *arg, int64_t officer, struct sv purpose,
				 const int64_t *persons, size_t n, struct err *);

/* The master key from its file; the key store in store_path, made and migrated when create is
 * set. A key store made under another master key is RC_DENIED. RC_NOTFOUND, RC_IO, RC_SYNTAX,
 * RC_CONFLICT (schema). */
enum rc keyring_open(struct keyring **ret, const char *key_path, const char *store_path,
		     bool create, struct err *) CHECKED;
void keyring_close(struct keyring **); /* wipes the keys; NULL inside is fine */

/* Without one nothing opens. */
void keyring_set_audit(struct keyring *, keyring_audit_fn *, void *arg);

/* The key of personal links' MACs; borrowed. */
const struct crypt_key *keyring_link_key(const struct keyring *);

/* As in sealer.h. */
enum rc keyring_seal(struct keyring *, struct sealer_item *, size_t n, struct arena *, struct err *)
	CHECKED;
enum rc keyring_open_items(struct keyring *, const struct sealer_reason *, struct sealer_item *,
			   size_t n, struct arena *, struct err *) CHECKED;
enum rc keyring_hash(struct keyring *, struct sealer_item *, size_t n, struct err *) CHECKED;
enum rc keyring_forget(struct keyring *, const int64_t *persons, size_t n, int64_t now,
		       struct err *) CHECKED;
enum rc keyring_tombstones(struct keyring *, int64_t after, struct tombstone *ret, size_t cap,
			   size_t *ret_n, struct err *) CHECKED;
enum rc keyring_highest(struct keyring *, int64_t *ret, struct err *) CHECKED;

/* Copy the key store, as of one moment, to a new file (`keys backup`). RC_CONFLICT when
 * it exists. */
enum rc keyring_backup(struct keyring *, const char *path, struct err *) CHECKED;

#endif
