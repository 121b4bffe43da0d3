/*
 * role_web.c — the role `web`: the HTTP server's threads answer; this one looks
 * for changes, after a hint and every second.
 */
#include <signal.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "cmd/open.h"
#include "cmd/role.h"
#include "net/hint.h"
#include "web/web.h"

#define LOOK_MS 1000

static volatile sig_atomic_t stopping;

static void
on_signal(int signum)
{
	(void)signum;
	stopping = 1;
}

static void
watch_signals(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_signal; /* without SA_RESTART: hint_wait ends early */
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
}

static void
look_until_stopped(struct web *web, struct hint *hint)
{
	struct err e = ERR_INIT;
	bool failed = false;

	while (!stopping) {
		enum rc rc;

		hint_wait(hint, LOOK_MS);
		rc = web_look(web, &e);
		/* Once per failure, not once a second. */
		if (rc != RC_OK && !failed)
			log_event(LOG_WARN, "web.look", "error=\"%s\"", e.text);
		failed = rc != RC_OK;
	}
}

/* What the public checks our signatures by. A machine that only serves pages may lack it:
 * alerts come first. */
static enum rc
read_certificate(struct buf *ret, const char *dir, struct err *e)
{
	char path[OPEN_PATH];
	enum rc rc = open_path(path, dir, "keys/sign.crt", e);

	if (rc == RC_OK && !file_exists(path)) {
		log_event(LOG_WARN, "web.no_certificate", "expected=keys/sign.crt");
		return RC_OK;
	}
	return rc == RC_OK ? file_read(ret, path, e) : rc;
}

static enum rc
run(struct role_context *c, struct err *e)
{
	struct web_settings set = {
		.http =
			{
				.host = c->config.web_host,
				.port = (uint16_t)c->config.web_port,
				.connections = (unsigned)c->config.web_connections,
				.per_address = (unsigned)c->config.web_per_address,
				.deadline_ms = (unsigned)c->config.web_deadline * 1000,
			},
		.desk =
			{
				.authority = sv_of(c->config.authority_name),
				.sender = sv_of(c->config.authority_sender),
				.url = sv_of(c->config.authority_url),
				.contact = sv_of(c->config.authority_contact),
				.languages = sv_of(c->config.authority_languages),
				.hours = c->config.alert_hours,
				.drift = c->config.alert_drift,
			},
	};
	char where[OPEN_PATH], wake[OPEN_PATH];
	struct buf cert = BUF_INIT(LIMIT_KEY_FILE);
	struct hint *hint = NULL;
	struct web *web = NULL;
	enum rc rc = open_where(where, c->dir, &c->config, e);

	set.store = where;
	if (rc == RC_OK)
		rc = read_certificate(&cert, c->dir, e);
	set.desk.cert_pem = buf_sv(&cert);
	if (rc == RC_OK)
		rc = open_path(wake, c->dir, "run/web.sock", e);
	if (rc == RC_OK)
		rc = hint_open(&hint, wake, e);
	if (rc == RC_OK) {
		watch_signals();
		rc = web_start(&web, &set, e);
	}
	if (rc == RC_OK) {
		role_ready(c, web_url(web));
		look_until_stopped(web, hint);
	}
	web_stop(&web);
	hint_close(&hint);
	buf_fini(&cert);
	return rc;
}

const struct role_kind role_web = {"web", false, run};
