/*
 * session.h — who signs in, stays signed in, and signs out.
 *
 * A cookie holds the session's token; the store has its hash. A form carries a
 * second token made from the first, and its POST must come from our own pages.
 */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "web/route.h"

#define SESSION_COOKIE  "tocsin"
#define SESSION_HOURS   12
#define SESSION_FIELD   "form" /* of the form's token */
#define SESSION_SIGN_IN "/desk/signin"

route_fn session_page, session_begin, session_end_here;

/* Find the officer of the request's session: sets session, officer and arena. False: there is none,
 * or the store cannot be asked, and the answer says so. */
bool session_admit(struct visit *) CHECKED;

/* The request may change something: it comes from a page of ours, as far as the browser
 * says. Otherwise the answer says why not. */
bool session_from_here(const struct visit *) CHECKED;
/* The form's token is that of the session. */
bool session_form_ok(const struct visit *) CHECKED;

/* Append the hidden field with the form's token. */
void session_add_field(struct buf *, struct sv session);

#endif
