/*
 * renderer.h — the helper thread that renders batches, one after the other.
 */
#ifndef DELIVERY_RENDERER_H
#define DELIVERY_RENDERER_H

#include "base/compiler.h"
#include "base/err.h"
#include "delivery/render.h"

struct renderer;
struct render_job;

typedef void render_done_fn(struct render_job *);

struct render_job {
	const struct outbox_row *rows;
	size_t n;
	int64_t now;
	struct arena *arena;
	struct render_message *ret;
	render_done_fn *done; /* on the helper thread: hand over to the loop */
	void *arg;            /* the caller's */
	enum rc rc;           /* filled in before done */
	struct err err;
	struct render_job *next;
};

enum rc renderer_start(struct renderer **ret, render_fn *, void *arg, struct err *) CHECKED;
/* The job stays valid until done. */
void renderer_post(struct renderer *, struct render_job *);
/* What waits is still rendered. NULL inside is fine; leaves NULL. */
void renderer_stop(struct renderer **);

#endif
