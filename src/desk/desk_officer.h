/*
 * desk_officer.h — officers and their roles, as acts of officers: each call is
 * one transaction with its audit row.
 *
 * The roles approver and administrator need two administrators (DESIGN 3.1): one
 * asks, another confirms, and neither confirms what raises himself.
 */
#ifndef DESK_DESK_OFFICER_H
#define DESK_DESK_OFFICER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "crypt/token.h"
#include "desk/officer_store.h"

struct desk;

/* Whether granting the role needs two. */
bool desk_role_needs_two(enum role);

/* A new officer without a role; password_hash may be empty: cannot sign in with one. RC_DENIED
 * unless an administrator does it; RC_CONFLICT, RC_SYNTAX as officer_insert. */
enum rc desk_officer_add(struct desk *, const struct officer *, struct sv name,
			 struct sv password_hash, int64_t now, int64_t *ret_id, struct err *)
	CHECKED;

/* Grant a role, or ask for one that needs two: *ret_request is then the request's number, else 0.
 * RC_DENIED, RC_NOTFOUND. */
enum rc desk_role_grant(struct desk *, const struct officer *, struct sv name, enum role,
			int64_t now, int64_t *ret_request, struct err *) CHECKED;

/* Confirm a request. RC_DENIED for who asked, who gains, and who is no administrator. */
enum rc desk_role_confirm(struct desk *, const struct officer *, int64_t request, int64_t now,
			  int64_t *ret_officer, enum role *ret_role, struct err *) CHECKED;

/* One's own password. */
enum rc desk_officer_password(struct desk *, const struct officer *, struct sv password_hash,
			      int64_t now, struct err *) CHECKED;

/* A one-time sign-in link for oneself, good until `expires`. */
enum rc desk_signin_link(struct desk *, const struct officer *, int64_t now, int64_t expires,
			 struct token *ret, struct err *) CHECKED;

#endif
