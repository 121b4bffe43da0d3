/*
 * cap_write.h — the message as XML in one fixed form: UTF-8, no prefix, schema
 * order, two spaces a level, LF. Writing what was read from such a text gives the same bytes.
 */
#ifndef CAP_CAP_WRITE_H
#define CAP_CAP_WRITE_H

#include "cap/cap.h"

/* Append to buf; fails through the buf alone. Values are written from their texts; a cap_time with
 * ok set and no text is formatted. */
void cap_write(struct buf *, const struct cap_alert *);

/* Append text with & < > escaped (and the control characters XML forbids dropped). */
void cap_write_text(struct buf *, struct sv);

#endif
