/*
 * password.h — officers' passwords as argon2id (64 MiB, 3 passes): about 0.1 s of
 * a core each, so never on a loop's thread.
 */
#ifndef CRYPT_PASSWORD_H
#define CRYPT_PASSWORD_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct buf;

/* Append the encoded hash ("$argon2id$…"). RC_LIMIT over LIMIT_PASSWORD bytes. */
enum rc password_hash(struct buf *, struct sv password, struct err *) CHECKED;
/* False also for a hash that is not of that form. */
bool password_verify(struct sv hash, struct sv password);

#endif
