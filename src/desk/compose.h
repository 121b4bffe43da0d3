/*
 * compose.h — an alert as a message in one reader's language. Pure.
 *
 * Everyone concerned gets the same text in their language (DESIGN 3.9): what is
 * said depends on the alert, the language, and whether it still concerns them.
 */
#ifndef DESK_COMPOSE_H
#define DESK_COMPOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/sv.h"
#include "cap/cap.h"

struct arena;
struct buf;

struct compose {
	const struct cap_alert *cap;
	struct sv authority;
	struct sv contact; /* of the desk; may be empty */
	struct sv link;    /* the alert's public page; empty when it has none */
	struct sv code;    /* by which it is found (crypt/message_code.h) */
	struct sv check;   /* the page that takes the code; may be empty */
	bool practice;
	bool concerned; /* false: only told that it concerns them no longer */
};

/* The tag of the language that a reader with these languages gets ("ru;en"). */
struct sv compose_language(const struct compose *, struct sv languages);

/* One line, in that language. */
struct sv compose_subject(struct arena *, const struct compose *, struct sv language);

/* Whether info i is among what a reader of that language is told: all in it, and of a block
 * (audience/plan.h) that lacks it the next best. */
bool compose_tells(const struct cap_alert *, size_t i, struct sv language);

/* Append the plain text, LF line ends. */
void compose_body(struct buf *, const struct compose *, struct sv language);

#endif
