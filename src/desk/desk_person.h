/*
 * desk_person.h — what officers do with persons here: forget one.
 */
#ifndef DESK_DESK_PERSON_H
#define DESK_DESK_PERSON_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct desk;
struct officer;
struct sealer;

/* Destroy the person's key, remove their rows, leave a tombstone. RC_NOTFOUND. */
enum rc desk_person_forget(struct desk *, const struct officer *, struct sealer *, struct sv ref,
			   int64_t now, struct err *) CHECKED;

#endif
