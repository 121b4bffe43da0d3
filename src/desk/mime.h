/*
 * mime.h — the parts of a message that need care: header texts that are not
 * ASCII (RFC 2047) and the body (RFC 2045, base64). Pure.
 */
#ifndef DESK_MIME_H
#define DESK_MIME_H

#include "base/compiler.h"
#include "base/sv.h"

struct buf;

/* Append "Name: text" and CRLF. Control characters in text become spaces, so that it
 * cannot add headers; what is not ASCII is written as encoded words, folded at 75. */
void mime_header(struct buf *, const char *name, struct sv text);

/* As mime_header for a display name with an address: "From: name <address>". */
void mime_mailbox(struct buf *, const char *name, struct sv display, struct sv address);

/* Append the text in base64, lines of 76 ended by CRLF. Its own line ends become CRLF. */
void mime_base64(struct buf *, struct sv text);

#endif
