/*
 * role_dispatch.c — the role `dispatch`: wires delivery's loop to desk's
 * renderer and to the routes of the configuration.
 */
#include <signal.h>

#include "base/log.h"
#include "cmd/open.h"
#include "cmd/role.h"
#include "delivery/channel/channel.h"
#include "delivery/dispatch.h"
#include "desk/render.h"
#include "desk/setting_store.h"
#include "net/hint.h"
#include "net/loop.h"
#include "store/migrate.h"
#include "store/store.h"
#include "store/store_thread.h"

struct dispatching {
	struct role_context *c;
	struct loop *loop;
	struct store_thread *thread;
	struct renderer *renderer;
	struct dispatch *dispatch;
	struct hint *hint;
	struct loop_signal *term, *interrupt;
	struct dispatch_route route;
	char where[OPEN_PATH], keys[OPEN_PATH], lock[OPEN_PATH], folder[OPEN_PATH], wake[OPEN_PATH];
	bool practice;
	bool stopping;
};

static void
stopped(void *arg)
{
	struct dispatching *r = arg;

	loop_stop(r->loop);
}

static void
on_signal(void *arg, int signum, int64_t now)
{
	struct dispatching *r = arg;

	(void)signum;
	(void)now;
	if (r->stopping)
		return;
	r->stopping = true;
	dispatch_stop(r->dispatch, stopped, r);
}

static void
on_hint(void *arg, int64_t now)
{
	struct dispatching *r = arg;

	(void)now;
	if (!r->stopping)
		dispatch_look(r->dispatch);
}

static enum rc
read_paths(struct dispatching *r, struct err *e)
{
	const char *dir = r->c->dir;
	struct store *st = NULL;
	enum rc rc = open_where(r->where, dir, &r->c->config, e);

	if (rc == RC_OK)
		rc = open_path(r->keys, dir, "run/keys.sock", e);
	if (rc == RC_OK)
		rc = open_path(r->lock, dir, "run/dispatch.lock", e);
	if (rc == RC_OK)
		rc = open_path(r->folder, dir, "outbox", e);
	if (rc == RC_OK)
		rc = open_path(r->wake, dir, "run/dispatch.sock", e);
	if (rc == RC_OK)
		rc = store_open(&st, r->where, 0, e);
	if (rc == RC_OK)
		rc = migrate_check(st, "main", e);
	if (rc == RC_OK)
		rc = setting_is_practice(st, &r->practice, e);
	store_close(&st);
	return rc;
}

/* One route: the folder in practice, the mail relay otherwise (DESIGN 3.2). */
static void
set_route(struct dispatching *r)
{
	const struct config *c = &r->c->config;

	if (r->practice) {
		r->route.channel = CHANNEL_FILE;
		r->route.kind = &channel_file;
		r->route.settings =
			(struct channel_settings){.name = "folder", .folder = r->folder};
		return;
	}
	r->route.channel = CHANNEL_EMAIL;
	r->route.kind = &channel_smtp;
	r->route.settings = (struct channel_settings){
		.name = "mail",
		.host = c->smtp_host,
		.port = (uint16_t)c->smtp_port,
		.hello = c->smtp_hello,
		.sessions = (unsigned)c->smtp_sessions,
		.timeout_s = (unsigned)c->smtp_timeout,
	};
}

static enum rc
open_dispatch(struct dispatching *r, struct err *e)
{
	const struct config *c = &r->c->config;
	struct renderer_settings rs = {
		.store = r->where,
		.keys_socket = r->keys,
		.authority = sv_of(c->authority_name),
		.contact = sv_of(c->authority_contact),
		.from = sv_of(c->smtp_from),
		.url = sv_of(c->authority_url),
	};
	struct dispatch_settings ds = {
		.lock_path = r->lock,
		.practice = r->practice,
		.routes = &r->route,
		.n_routes = 1,
		.render = renderer_render,
		.lease_s = (unsigned)c->delivery_lease,
		.attempts = (unsigned)c->delivery_attempts,
		.retry_first_s = (unsigned)c->delivery_retry,
	};
	enum rc rc = renderer_open(&r->renderer, &rs, e);

	if (rc == RC_OK)
		rc = store_thread_start(&r->thread, r->where, e);
	ds.render_arg = r->renderer;
	if (rc == RC_OK)
		rc = dispatch_open(&r->dispatch, r->loop, r->thread, &ds, e);
	return rc;
}

static enum rc
run(struct role_context *c, struct err *e)
{
	struct dispatching r = {.c = c};
	enum rc rc = read_paths(&r, e);

	if (rc == RC_OK)
		rc = loop_new(&r.loop, e);
	if (rc != RC_OK)
		return rc;
	set_route(&r);
	rc = open_dispatch(&r, e);
	if (rc == RC_OK)
		rc = hint_open(&r.hint, r.wake, e);
	if (rc == RC_OK)
		rc = hint_watch(r.hint, r.loop, on_hint, &r, e);
	if (rc == RC_OK)
		rc = loop_signal_new(&r.term, r.loop, SIGTERM, on_signal, &r, e);
	if (rc == RC_OK)
		rc = loop_signal_new(&r.interrupt, r.loop, SIGINT, on_signal, &r, e);
	if (rc == RC_OK) {
		role_ready(c, "");
		loop_run(r.loop);
	}
	loop_signal_free(&r.term);
	loop_signal_free(&r.interrupt);
	hint_close(&r.hint);
	dispatch_close(&r.dispatch);
	store_thread_stop(&r.thread);
	renderer_close(&r.renderer);
	loop_free(&r.loop);
	return rc;
}

const struct role_kind role_dispatch = {"dispatch", false, run};
