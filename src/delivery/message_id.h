/*
 * message_id.h — the Message-ID of a delivery: the same for every repeat, and
 * telling nobody who the recipient is. Pure.
 *
 * A keyed hash over installation, alert, person and contact point, before the
 * authority's own domain (RFC 5322, 3.6.4).
 */
#ifndef DELIVERY_MESSAGE_ID_H
#define DELIVERY_MESSAGE_ID_H

#include <stdint.h>

#include "base/sv.h"

struct buf;
struct crypt_key;
struct outbox_row;

/* Append "<t.HASH@domain>", without a line end. */
void message_id_add(struct buf *, const struct crypt_key *, struct sv installation,
		    struct sv domain, const struct outbox_row *);

#endif
