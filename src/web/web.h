/*
 * web.h — the role `web`: public pages, feeds, the officers' first page, health
 * and figures, on net's HTTP server.
 *
 * Public pages and feeds are made when something changed and kept as shared
 * bodies; a request for one costs no look into the store. Everything else goes
 * to the store through the role's one store thread, changes through desk.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "desk/desk.h"
#include "net/http_server.h"

struct web;

struct web_settings {
	const char *store; /* where: a path or a URI */
	struct http_settings http;
	struct desk_settings desk; /* its texts outlive the web; without a signing key */
};

/* Open the store, make the pages, listen. RC_IO, RC_CONFLICT, RC_NOTFOUND. */
enum rc web_start(struct web **ret, const struct web_settings *, struct err *) CHECKED;
const char *web_url(const struct web *); /* "http://127.0.0.1:8080" */

/* Look for changes and make the pages anew when there are any. One thread at a
 * time; call it after a hint and every second. RC_IO, RC_TIMEOUT: the old pages stay. */
enum rc web_look(struct web *, struct err *) CHECKED;

void web_stop(struct web **); /* NULL inside is fine; leaves NULL */

#endif
