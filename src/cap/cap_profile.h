/*
 * cap_profile.h — what a national profile demands of a message beyond CAP 1.2.
 * Pure: the tree in, findings of level PROFILE out.
 *
 * IPAWS: OASIS "CAP v1.2 USA IPAWS Profile v1.0" (2009), with 47 CFR 10.430 and 11.31.
 * CAP-CP: Canadian Profile of CAP, Introduction and Rule Set beta 0.4 and 1.0, with its
 * Event and Location References. AU: OASIS "CAP v1.2 Australia Profile v1.0" (CAP-AU-STD,
 * 2013), with AUeventLIST 1.0. doc/cap-rules.md says what is not judged.
 */
#ifndef CAP_CAP_PROFILE_H
#define CAP_CAP_PROFILE_H

#include "cap/cap_read.h"

struct arena;

enum cap_profile { CAP_PROFILE_NONE, CAP_PROFILE_IPAWS, CAP_PROFILE_CP, CAP_PROFILE_AU };

/* By its name; "none" is CAP_PROFILE_NONE. */
bool cap_profile_find(struct sv name, enum cap_profile *ret);
const char *cap_profile_name(enum cap_profile); /* "none" for none */
/* "none, ipaws, cap-cp or au": for help and for what an unknown name is answered. */
extern const char cap_profile_names[];

/* Does a <code> of the message claim the profile? */
bool cap_profile_claimed(enum cap_profile, const struct cap_alert *);

/* The findings of the reader together with those of the profile, in the order of lines, those
 * of the reader first where the line is the same. What the standard itself demands (references
 * of an Update) is not told again; a warning of the standard's advice gives way to the
 * profile's finding on the same thing, which then has its line and path.
 * The result lives in the arena; with CAP_PROFILE_NONE it is `found` itself. */
const struct cap_findings *cap_profile_judge(enum cap_profile, const struct cap_alert *,
					     const struct cap_findings *found, struct arena *);

#endif
