/*
 * supervise.h — roles as child processes: started in order, each waited for
 * until it says ready, started again when it ends by itself, stopped together.
 */
#ifndef CMD_SUPERVISE_H
#define CMD_SUPERVISE_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/err.h"
#include "cmd/role.h"

/* Called once, when all roles are ready; url is what the role web serves, or "". */
typedef void supervise_ready_fn(void *arg, const char *url);

/* Run the roles until SIGTERM or SIGINT. A role that ends before it was ever
 * ready is not tried again: RC_IO, and all others are stopped. */
enum rc supervise(const char *dir, const struct role_kind *const *roles, size_t n,
		  supervise_ready_fn *, void *arg, struct err *) CHECKED;

#endif
