/*
 * cap_block.h — infos that are one warning in several languages (DESIGN 5.1): equal in all
 * but language and text. Pure.
 */
#ifndef CAP_CAP_BLOCK_H
#define CAP_CAP_BLOCK_H

#include "cap/cap.h"

/* The parameter that says whom of those in the area an info is for. */
#define CAP_AUDIENCE "audience"

/* What must be equal, as a reader would call it. */
#define CAP_BLOCK_PARTS(X)          \
	X(CATEGORY, "category")     \
	X(RESPONSE, "responseType") \
	X(URGENCY, "urgency")       \
	X(SEVERITY, "severity")     \
	X(CERTAINTY, "certainty")   \
	X(EVENT_CODE, "eventCode")  \
	X(EFFECTIVE, "effective")   \
	X(ONSET, "onset")           \
	X(EXPIRES, "expires")       \
	X(AUDIENCE, "audience")     \
	X(AREA, "area")

#define X(name, text) CAP_BLOCK_##name,
enum cap_block_part { CAP_BLOCK_PARTS(X) CAP_BLOCK_COUNT };
#undef X

/* The parts in which they differ, a bit each; 0: they are one block. */
unsigned cap_block_differences(const struct cap_info *, const struct cap_info *);
const char *cap_block_part_name(enum cap_block_part);

#endif
