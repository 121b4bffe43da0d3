/*
 * cap_profile_int.h — what the judges of the profiles share. For cap_profile*.c only.
 */
#ifndef CAP_CAP_PROFILE_INT_H
#define CAP_CAP_PROFILE_INT_H

#include "cap/cap_profile.h"
#include "cap/cap_sink.h"

struct cap_judge {
	struct cap_sink sink;
	const struct cap_alert *alert;
};

/* One a profile. */
void cap_judge_ipaws(struct cap_judge *);
void cap_judge_cp(struct cap_judge *);
void cap_judge_au(struct cap_judge *);

bool cap_claims_ipaws(struct sv code);
bool cap_claims_cp(struct sv code);
bool cap_claims_au(struct sv code);

/* The line of the first child at that place (CAP_ALERT_SENDER, CAP_INFO_EXPIRES …), or of the
 * element itself. */
int cap_alert_line(const struct cap_judge *, size_t place);
int cap_info_line(const struct cap_judge *, size_t i, size_t place);

/* XPaths; i, k count from 0. child: "" or "/expires". */
struct sv cap_info_path(struct cap_judge *, size_t i, const char *child);
struct sv cap_pair_path(struct cap_judge *, size_t i, const char *child, size_t k);
struct sv cap_area_path(struct cap_judge *, size_t i, size_t area, const char *child);
struct sv cap_geocode_path(struct cap_judge *, size_t i, size_t area, size_t k);

/* Rules that several profiles have. The message: no <code> that claims(), and no <info>
 * in an Alert, Update or Cancel. */
void cap_judge_message(struct cap_judge *, bool (*claims)(struct sv), const char *code);
/* Each <info>: the same event codes as the first; an <area>. */
void cap_judge_event_codes(struct cap_judge *);
void cap_judge_categories(struct cap_judge *);
void cap_judge_area(struct cap_judge *, size_t i);
/* Recommended elements of an <info>. */
void cap_judge_expires(struct cap_judge *, size_t i);
void cap_judge_sender_name(struct cap_judge *, size_t i);
void cap_judge_response(struct cap_judge *, size_t i);
void cap_judge_instruction(struct cap_judge *, size_t i);
/* Areas, and not one with a polygon or circle. */
void cap_judge_shape(struct cap_judge *, size_t i);

#endif
