/*
 * cap_advice.h — what the standard allows and a careful author avoids: every
 * finding here is a warning. Pure: the open element and its values in, findings
 * out. For files of this room only.
 *
 * Each is called when its element ends; a message without slips costs a few
 * searches for a byte and no memory.
 */
#ifndef CAP_CAP_ADVICE_H
#define CAP_CAP_ADVICE_H

#include "cap/cap_sink.h"

/* The child at that place holds v: markup and damage in texts that people read. */
void cap_advice_text(struct cap_sink *, const struct cap_frame *, size_t place, size_t index,
		     struct sv v);

/* bytes: what <derefUri> decodes to; 0 when there is none. */
void cap_advice_resource(struct cap_sink *, const struct cap_frame *, size_t bytes);
void cap_advice_area(struct cap_sink *, const struct cap_frame *);
/* The last of alert->infos is the one that ends. */
void cap_advice_info(struct cap_sink *, const struct cap_frame *, const struct cap_alert *alert);
void cap_advice_alert(struct cap_sink *, const struct cap_frame *);

#endif
