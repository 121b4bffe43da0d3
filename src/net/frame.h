/*
 * frame.h — whole messages over a local stream socket, for asking the role
 * `keys`: a length of four bytes, most significant first, then that many
 * bytes, at most LIMIT_FRAME. Both sides block, with a time limit for the
 * whole frame. Only processes of the same user are talked to, on both sides.
 */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct local_server;
struct local;

/* mode as for chmod(2), e.g. 0600. One left behind by a process that died is replaced;
 * RC_CONFLICT when somebody answers there; RC_IO; RC_LIMIT when the path is too long. */
enum rc local_listen(struct local_server **ret, const char *path, unsigned mode, struct err *)
	CHECKED;
void local_server_close(struct local_server **); /* removes the socket; NULL inside is fine */

/* Make a local_accept under way, and all later ones, return RC_NOTFOUND. Any thread; also
 * from a signal handler. */
void local_server_stop(struct local_server *);

/* The next connection. timeout_ms -1: no end. RC_TIMEOUT; RC_NOTFOUND after
 * local_server_stop; RC_DENIED when the peer is another user (and closed); RC_IO. */
enum rc local_accept(struct local **ret, struct local_server *, int timeout_ms, struct err *)
	CHECKED;

/* RC_IO when nobody listens; RC_DENIED when the listener is another user; RC_TIMEOUT. */
enum rc local_connect(struct local **ret, const char *path, int timeout_ms, struct err *) CHECKED;
void local_close(struct local **); /* NULL inside is fine; leaves NULL */

/* After any failure the connection is good for nothing but local_close. */
/* RC_IO, RC_TIMEOUT, RC_LIMIT (over LIMIT_FRAME). */
enum rc frame_send(struct local *, struct sv, int timeout_ms, struct err *) CHECKED;
/* Into an empty buf, whose max bounds it too. RC_NOTFOUND when the peer closed
 * between frames; RC_IO, RC_TIMEOUT, RC_LIMIT. */
enum rc frame_recv(struct local *, struct buf *, int timeout_ms, struct err *) CHECKED;

#endif
