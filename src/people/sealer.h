/*
 * sealer.h — asking for details to be sealed or opened, without knowing who does it.
 *
 * Only the role `keys` holds the master key and the persons' keys. A sealer is
 * either that keyring itself, in the same process (sealer_local_open), or a
 * connection to the role (sealer_remote_open). Calls work on batches; a batch of
 * any size may be given, a remote one travels in pieces. One thread at a time.
 *
 * Opening needs a reason, and the audit row is written before anything is
 * opened (DESIGN 3.8, 3.10).
 */
#ifndef PEOPLE_SEALER_H
#define PEOPLE_SEALER_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct arena;
struct keyring;
struct buf;
struct sealer;

/* What a sealed text is; part of what its seal covers, so numbers never change. */
enum sealed_kind {
	SEALED_NAME = 1,
	SEALED_EMAIL = 2,
	SEALED_PHONE = 3,
	SEALED_NOTE = 4,
};

#define SEALER_HASH 16 /* KEYED_HASH of crypt/keyed_hash.h */

struct sealer_item {
	int64_t person;
	enum sealed_kind kind;
	struct sv in;                    /* clear to seal or hash, sealed to open; borrowed */
	struct sv out;                   /* what came of it, in the call's arena */
	unsigned char hash[SEALER_HASH]; /* by seal and hash, of e-mails and phones */
	enum rc rc; /* of open, for this item: RC_OK; RC_NOTFOUND: the person is
	                   * forgotten; RC_DENIED: it does not open */
};

/* Who wants something opened, and why; both go into the audit log. */
struct sealer_reason {
	int64_t officer;   /* 0: the system itself (delivery) */
	struct sv purpose; /* "delivery of alert 7"; no personal data; at most LIMIT_PURPOSE */
};

struct tombstone {
	int64_t person;
	int64_t at; /* UTC seconds */
};

struct sealer_ops {
	enum rc (*seal)(struct sealer *, struct sealer_item *, size_t n, struct arena *,
			struct err *);
	enum rc (*open)(struct sealer *, const struct sealer_reason *, struct sealer_item *,
			size_t n, struct arena *, struct err *);
	enum rc (*hash)(struct sealer *, struct sealer_item *, size_t n, struct err *);
	enum rc (*forget)(struct sealer *, const int64_t *persons, size_t n, int64_t now,
			  struct err *);
	enum rc (*tombstones)(struct sealer *, int64_t after, struct tombstone *ret, size_t cap,
			      size_t *ret_n, struct err *);
	enum rc (*highest)(struct sealer *, int64_t *ret, struct err *);
	void (*close)(struct sealer *);
};

/* The beginning of every kind of sealer; only they look inside. */
struct sealer {
	const struct sealer_ops *ops;
};

/* Takes the keyring, also on failure. */
enum rc sealer_local_open(struct sealer **ret, struct keyring **take, struct err *) CHECKED;
/* Connect to the role's socket. RC_IO when it does not run, RC_DENIED, RC_TIMEOUT. */
enum rc sealer_remote_open(struct sealer **ret, const char *socket_path, int timeout_ms,
			   struct err *) CHECKED;
void sealer_close(struct sealer **); /* NULL inside is fine; leaves NULL */

/* Seal each item's text under its person's key, made and stored (durably) when there is
 * none. RC_CONFLICT: one of the persons is forgotten. RC_LIMIT, RC_IO. */
enum rc sealer_seal(struct sealer *, struct sealer_item *, size_t n, struct arena *, struct err *)
	CHECKED;
/* Open each item, after the audit row of all of them was written. Items that do not
 * open say so in their rc; RC_DENIED when the audit row could not be written:
 * nothing is open then. RC_IO, RC_TIMEOUT. */
enum rc sealer_open(struct sealer *, const struct sealer_reason *, struct sealer_item *, size_t n,
		    struct arena *, struct err *) CHECKED;
/* The keyed hash of each item's normal form (person may be 0). RC_IO, RC_TIMEOUT. */
enum rc sealer_hash(struct sealer *, struct sealer_item *, size_t n, struct err *) CHECKED;
/* Destroy the persons' keys for good and leave tombstones; who has none is left a
 * tombstone too. On RC_OK they are gone from the disk. RC_IO, RC_TIMEOUT. */
enum rc sealer_forget(struct sealer *, const int64_t *persons, size_t n, int64_t now, struct err *)
	CHECKED;
/* Tombstones of persons with an id over `after`, ascending, at most cap. */
enum rc sealer_tombstones(struct sealer *, int64_t after, struct tombstone *ret, size_t cap,
			  size_t *ret_n, struct err *) CHECKED;
/* The highest person id that ever had a key; 0 when none. A restored main database
 * must not give out ids up to it again. */
enum rc sealer_highest(struct sealer *, int64_t *ret, struct err *) CHECKED;

/* The role's side: answer one request frame. Always leaves a whole reply; a
 * malformed request is answered with an error. */
void sealer_handle(struct keyring *, struct sv request, struct buf *reply);

#endif
