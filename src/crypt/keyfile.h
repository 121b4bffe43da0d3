/*
 * keyfile.h — the master key of an installation, and the keys drawn from it.
 *
 * The file is text: comment lines that begin with '#', then one line of 64 hex
 * digits. A file that its group or others can read is refused: the key is then
 * not a secret any more.
 */
#ifndef CRYPT_KEYFILE_H
#define CRYPT_KEYFILE_H

#include "base/compiler.h"
#include "base/err.h"
#include "crypt/key.h"

/* A subkey a purpose; the master key itself seals nothing. */
struct crypt_subkeys {
	struct crypt_key wrap;   /* wraps the persons' keys */
	struct crypt_key lookup; /* keyed hashes of contact points */
	struct crypt_key link;   /* MACs of personal links */
};

/* Make a new random key file, mode 0600. RC_CONFLICT when path exists, RC_IO. */
enum rc keyfile_make(const char *path, struct err *) CHECKED;
/* Write a given key (a restore). RC_CONFLICT when path exists, RC_IO. */
enum rc keyfile_write(const char *path, const struct crypt_key *, struct err *) CHECKED;
/* RC_NOTFOUND, RC_IO, RC_SYNTAX, RC_DENIED when group or others may read it. */
enum rc keyfile_read(struct crypt_key *ret, const char *path, struct err *) CHECKED;

void keyfile_derive(struct crypt_subkeys *ret, const struct crypt_key *master);

#endif
