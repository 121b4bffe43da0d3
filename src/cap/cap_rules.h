/*
 * cap_rules.h — what the standard demands beyond types and order. Pure: the
 * open element and its values in, findings out. For files of this room only.
 */
#ifndef CAP_CAP_RULES_H
#define CAP_CAP_RULES_H

#include "cap/cap_sink.h"

/* At the end of any element that has elements: what is missing or empty. */
void cap_rules_complete(struct cap_sink *, const struct cap_frame *);

/* White space stood around the text of a child. */
void cap_rules_space(struct cap_sink *, struct cap_spot, size_t place);

/* At the end of each kind of element, by the frame's object. */
void cap_rules_resource(struct cap_sink *, const struct cap_frame *);
void cap_rules_area(struct cap_sink *, const struct cap_frame *);
/* alert: of which sent is known when the message is in order. */
void cap_rules_info(struct cap_sink *, const struct cap_frame *, const struct cap_alert *alert);
void cap_rules_alert(struct cap_sink *, const struct cap_frame *);

/* When all was read: how the message is written as bytes. alert: its frame, closed. */
void cap_rules_bytes(struct cap_sink *, const struct cap_frame *alert, bool marked, bool latin1,
		     bool prefixed);

#endif
