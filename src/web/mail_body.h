/*
 * mail_body.h — what a saved e-mail says: the lines of base64 in it, decoded (RFC 2045, 6.8).
 * Pure. Our own messages are written so (desk/mime.h); who uploads the file of one gets their
 * code found.
 */
#ifndef WEB_MAIL_BODY_H
#define WEB_MAIL_BODY_H

#include "base/sv.h"

struct buf;

/* Append what the runs of base64 lines hold, each from a line of at least MAIL_BODY_LINE
 * digits on, with a line end behind each. Other lines are passed over. */
#define MAIL_BODY_LINE 60

void mail_body_add(struct buf *, struct sv text);

#endif
