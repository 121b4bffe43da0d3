/*
 * cmd_serve.c — tocsin serve: all roles under a supervisor, or one role as this
 * very process.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/log.h"
#include "base/time.h"
#include "cmd/open.h"
#include "cmd/role.h"
#include "cmd/supervise.h"
#include "crypt/token.h"
#include "desk/desk_officer.h"
#include "store/store.h"

#define ROLES_MAX    8
#define LINK_SECONDS 900

static enum log_level
level_of(const char *name)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return (enum log_level)i;
	return LOG_INFO;
}

/* What any role gives up: memory images on disk, new rights. */
static void
harden(void)
{
	struct rlimit none = {0, 0};

	signal(SIGPIPE, SIG_IGN);
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static enum rc
run_role(const struct role_kind *kind, const char *dir, struct err *e)
{
	struct role_context c = {.dir = dir, .ready_fd = -1};
	const char *fd = getenv("TOCSIN_READY_FD");
	int64_t number;
	enum rc rc = config_load(&c.config, dir, e);

	if (rc != RC_OK)
		return rc;
	if (fd != NULL && sv_to_i64(sv_of(fd), &number))
		c.ready_fd = (int)number;
	harden();
	log_setup(2, level_of(c.config.log_level), kind->name);
	rc = kind->run(&c, e);
	if (rc != RC_OK)
		rc = err_in(e, rc, kind->name);
	return rc;
}

/* A one-time link for the first officer of a practice installation. */
static void
print_link(const struct cmd_args *a, const char *url)
{
	struct err e = ERR_INIT;
	struct open o = {0};
	struct officer_list list;
	struct token token;
	int64_t now = time_now();
	enum rc rc = open_desk(&o, a, false, &e);

	if (rc == RC_OK && !o.desk.practice) {
		printf("Officers sign in at %s/desk\n", url);
		open_fini(&o);
		return;
	}
	if (rc == RC_OK)
		rc = officer_all(&list, o.arena, o.st, &e);
	if (rc == RC_OK && list.n > 0)
		rc = desk_signin_link(&o.desk, &list.v[0], now, now + LINK_SECONDS, &token, &e);
	if (rc == RC_OK && list.n > 0)
		printf("Sign in as %.*s, once, within 15 minutes: %s/desk/signin?token=%s\n",
		       SV_ARG(list.v[0].name), url, token.text);
	else
		printf("No sign-in link: %s\n", e.text);
	open_fini(&o);
}

static void
on_ready(void *arg, const char *url)
{
	if (url[0] != '\0') {
		printf("Tocsin serves at %s\n", url);
		print_link(arg, url);
	} else {
		printf("Tocsin serves\n");
	}
	fflush(stdout);
}

static enum rc
read_roles(const struct role_kind **roles, size_t *ret_n, const char *text, struct err *e)
{
	struct sv_split split = sv_split_of(sv_of(text), ',');
	struct sv name;
	size_t n = 0;

	while (sv_split_next(&split, &name)) {
		const struct role_kind *kind = role_find(sv_trim(name));

		if (kind == NULL || n == ROLES_MAX)
			return err_set(e, RC_USAGE,
				       "--role: there is no role \"%.*s\" (expected some of keys, "
				       "dispatch, watch, web with ',' between)",
				       SV_ARG(name));
		roles[n++] = kind;
	}
	*ret_n = n;
	return RC_OK;
}

static enum cmd_exit
run_serve(const struct cmd_args *a, struct err *e)
{
	const struct role_kind *roles[ROLES_MAX];
	const char *text = cmd_value(a, "role");
	struct store *st = NULL;
	size_t n = 0;
	enum rc rc = RC_OK;

	if (text != NULL)
		rc = read_roles(roles, &n, text, e);
	for (; rc == RC_OK && text == NULL && role_at(n) != NULL; n++)
		roles[n] = role_at(n);
	if (rc == RC_OK && n == 1)
		return cmd_exit_of(run_role(roles[0], cmd_data(a), e));
	/* What is wrong with folder or store is said once, here. */
	if (rc == RC_OK)
		rc = cmd_open_store(&st, a, e);
	store_close(&st);
	if (rc == RC_OK) {
		log_setup(2, LOG_INFO, "serve");
		rc = supervise(cmd_data(a), roles, n, on_ready, (void *)(uintptr_t)a, e);
	}
	return cmd_exit_of(rc);
}

static const struct cmd_option serve_options[] = {
	{"role", "R,…", "only these roles: keys, dispatch, watch, web (default: all)"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_serve = {
	.name = "serve",
	.args = "",
	.summary = "run the service: pages, sending, keys",
	.text = "Each role is a process of its own. keys holds the master key and opens "
		"details for "
		"the others; dispatch sends what the outbox holds; watch ends alerts whose "
		"time has "
		"passed; web serves the pages.\n\n"
		"On several machines with one PostgreSQL: web alone may run on any of them; "
		"dispatch "
		"needs the role keys on the same machine, because the key store is one file there.",
	.options = serve_options,
	.min_args = 0,
	.max_args = 0,
	.run = run_serve,
};
