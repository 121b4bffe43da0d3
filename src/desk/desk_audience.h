/*
 * desk_audience.h — whom an alert concerns, by this desk's rules: an alert of
 * status Exercise or Test reaches, in a live installation, only the group
 * `drill` (DESIGN 3.2).
 */
#ifndef DESK_DESK_AUDIENCE_H
#define DESK_DESK_AUDIENCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"

struct cap_alert;
struct desk;

struct desk_audience {
	const int64_t *ids; /* ascending, in the desk's arena */
	size_t n;
	int64_t no_channel; /* of them, persons without a contact point in use */
};

/* RC_SYNTAX: the alert's expression or area cannot be read. */
enum rc desk_audience(struct desk_audience *ret, struct desk *, const struct cap_alert *,
		      int64_t thread, struct err *) CHECKED;

#endif
