/*
 * hint.h — "look now" between processes: one datagram to a Unix socket,
 * DIR/run/ROLE.sock. Losing one costs delay, never data, so sending never
 * blocks and never fails; whoever listens also looks from time to time by itself.
 */
#ifndef NET_HINT_H
#define NET_HINT_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/err.h"
#include "net/loop.h"

struct hint;

/* Make the socket, mode 0600; one left behind by a process that died is replaced. RC_IO,
 * RC_LIMIT when the path is too long for a socket's address. */
enum rc hint_open(struct hint **ret, const char *path, struct err *) CHECKED;
void hint_close(struct hint **); /* removes the socket; NULL inside is fine; leaves NULL */

/* From a loop: fn once for all hints that came together. At most one watch at a time. */
enum rc hint_watch(struct hint *, struct loop *, loop_post_fn *, void *arg, struct err *) CHECKED;
void hint_unwatch(struct hint *);

/* From a plain thread: true when there was a hint, false after timeout_ms (-1: no
 * end). Hints that came together
 * count once. */
bool hint_wait(struct hint *, int timeout_ms);

/* Tell whoever listens at path; nobody listening is fine. */
void hint_send(const char *path);

#endif
