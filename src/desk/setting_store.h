/*
 * setting_store.h — facts of the installation that are not configuration: they
 * are set once or by an officer, and must not change by editing a file.
 */
#ifndef DESK_SETTING_STORE_H
#define DESK_SETTING_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct store;

/* "practice" or "live": set by init, never changed (DESIGN 3.2). */
#define SETTING_MODE "mode"
/* Eight hex digits that no other installation has: part of identifiers and Message-IDs. */
#define SETTING_INSTALLATION "installation"
/* "1": nothing is sent until an officer releases it. */
#define SETTING_HOLD "hold"

/* Append the value. RC_NOTFOUND, with a sentence. */
enum rc setting_get(struct buf *, struct store *, const char *name, struct err *) CHECKED;
/* Inside a transaction; appends to the change log. */
enum rc setting_put(struct store *, const char *name, struct sv value, struct err *) CHECKED;

/* When a restored backup was made, UTC seconds; absent or empty once an officer released the
 * outbox. Until then what was cancelled since may look as if it were in force. */
#define SETTING_RESTORED "restored"
/* 64 hex digits: the key of Message-IDs, so that they give no person away. */
#define SETTING_MESSAGE_KEY "message_key"

/* 0 when there is no restore that nobody has released yet. */
enum rc setting_restored(struct store *, int64_t *ret_backup_at, struct err *) CHECKED;

enum rc setting_is_practice(struct store *, bool *ret, struct err *) CHECKED;

#endif
