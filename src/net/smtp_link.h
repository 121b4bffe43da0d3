/*
 * smtp_link.h — the connection under an SMTP session: name look-up, connecting,
 * bytes in and out, on the loop. For this room only.
 *
 * Whatever libuv still holds after smtp_link_free lives on by itself and
 * calls nobody any more.
 */
#ifndef NET_SMTP_LINK_H
#define NET_SMTP_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/sv.h"

struct loop;
struct smtp_link;

struct smtp_link_events {
	void (*connected)(void *arg);
	void (*bytes)(void *arg, struct sv);
	/* The link is dead: look-up, connecting or the connection failed; why is a
	 * phrase. Comes once. */
	void (*ended)(void *arg, const char *why);
};

/* Starts the look-up; events come later, never from inside a call. */
struct smtp_link *smtp_link_new(struct loop *, const char *host, uint16_t port,
				const struct smtp_link_events *, void *arg) CHECKED;
void smtp_link_free(struct smtp_link **); /* cuts; NULL inside is fine; leaves NULL */

/* Append here, then flush. */
struct buf *smtp_link_out(struct smtp_link *);
void smtp_link_flush(struct smtp_link *);

/* Bytes appended, and bytes that the system took, since the beginning. */
uint64_t smtp_link_queued(const struct smtp_link *);
uint64_t smtp_link_taken(const struct smtp_link *);

#endif
