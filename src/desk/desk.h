/*
 * desk.h — what every desk function works with, and the check of roles.
 *
 * Every change to the authority's data goes through this room, in one
 * transaction together with its audit row.
 */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "desk/officer_store.h"

struct arena;
struct store;

/* From the configuration and the installation; all texts outlive the desk. */
struct desk_settings {
	struct sv authority; /* its name, as readers know it */
	struct sv sender;    /* CAP sender */
	struct sv url;       /* of the public pages, no '/' at the end; may be empty */
	struct sv contact;
	struct sv languages; /* that every alert promises ("en;ru"); may be empty */
	struct sv from;      /* the address messages come from */
	struct sv key_pem;   /* signing key and certificate: for approving and cancelling */
	struct sv cert_pem;
	int64_t hours; /* in force without an end of its own */
	int64_t drift; /* percent by which an audience may have changed since its approval */
};

struct desk {
	struct store *st;
	struct arena *arena; /* for what one call makes; the caller resets it */
	struct desk_settings set;
	bool practice;
	struct sv installation;
};

/* Read mode and installation. RC_NOTFOUND: the store is not an installation's. */
enum rc desk_open(struct desk *ret, struct store *, struct arena *, const struct desk_settings *,
		  struct err *) CHECKED;

/* The officer of that name, who proves it with the password; in a practice
 * installation the name alone will do. RC_DENIED, the same for a wrong name and a wrong
 * password. */
enum rc desk_sign_in(struct desk *, struct sv name, struct sv password, struct officer *ret,
		     struct err *) CHECKED;

/* RC_DENIED unless the officer has one of the roles (ROLE_BITs). */
enum rc desk_allow(const struct officer *, unsigned roles, const char *what, struct err *) CHECKED;

/* One audit row about an object "kind id". Inside a transaction. */
enum rc desk_note(struct desk *, const struct officer *, const char *action, const char *kind,
		  int64_t id, struct sv detail, int64_t now, struct err *) CHECKED;

#endif
