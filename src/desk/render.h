/*
 * render.h — outbox rows to whole messages (delivery/render.h): each person's
 * language, the text made once per language, the address opened by the role
 * `keys` with one audit row a batch.
 */
#ifndef DESK_RENDER_H
#define DESK_RENDER_H

#include "base/compiler.h"
#include "base/err.h"
#include "crypt/key.h"
#include "delivery/render.h"
#include "desk/desk.h"

struct renderer;

struct renderer_settings {
	const char *store;                       /* where: a connection of its own */
	const char *keys_socket;                 /* the role `keys`; asked anew when it was away */
	struct sv authority, contact, from, url; /* as in desk_settings; borrowed */
};

/* RC_IO, RC_NOTFOUND as desk_open. Keeps the texts of the last alerts. */
enum rc renderer_open(struct renderer **ret, const struct renderer_settings *, struct err *)
	CHECKED;
void renderer_close(struct renderer **);

/* The render_fn; arg is the renderer. One thread at a time. */
enum rc renderer_render(void *arg, const struct outbox_row *rows, size_t n, int64_t now,
			struct arena *, struct render_message *ret, struct err *);

#endif
