/*
 * smtp_wire.h — what goes out: commands' addresses and the data of a message. Pure.
 */
#ifndef NET_SMTP_WIRE_H
#define NET_SMTP_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/sv.h"

/* The text can stand between '<' and '>' in MAIL and RCPT: ASCII without control bytes, white
 * space or brackets outside quotes, with one '@' and something on both sides. */
bool smtp_address_ok(struct sv) CHECKED;

/* A name or "[address]" for EHLO. */
bool smtp_hello_ok(struct sv) CHECKED;

/* No NUL in it, and no larger than LIMIT_MESSAGE. */
bool smtp_body_ok(struct sv) CHECKED;

/* The body with CR LF line ends (a lone CR or LF ends a line too), a dot doubled at each line's
 * start, and the final dot: RFC 5321, 4.1.1.4 and 4.5.2. No "CR LF . CR LF" can come
 * from inside. */
void smtp_add_data(struct buf *out, struct sv body);

/* Octets by the count of RFC 1870: line ends as CR LF, without doubled dots. */
uint64_t smtp_data_size(struct sv body);

bool smtp_is_8bit(struct sv body);

#endif
