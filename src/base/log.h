/*
 * log.h — one event, one line: level, a fixed event name, key=value.
 *
 * Rooms below desk, delivery aside, log at debug only. No message text and no
 * contact detail at any level; log_kv escapes what is not printable ASCII or UTF-8 text.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/sv.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Where lines go (default 2) and from which level on (default LOG_INFO); role
 * is put into each line when it is not NULL. */
void log_setup(int fd, enum log_level from, const char *role);

/* log_event(LOG_INFO, "alert.sent", "alert=%lld persons=%lld", ...): fmt holds
 * the key=value pairs; may be "". */
void log_event(enum log_level, const char *event, const char *fmt, ...) PRINTF(3, 4);

#endif
