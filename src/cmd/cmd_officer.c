/*
 * cmd_officer.c — tocsin officer …, signin: who may do what.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "cmd/open.h"
#include "crypt/password.h"
#include "crypt/token.h"
#include "desk/desk_officer.h"

#define LINK_SECONDS 900

static const struct cmd_option as_option[] = {OPEN_AS_OPTION, {NULL, NULL, NULL}};

static enum cmd_exit
run_add(const struct cmd_args *a, struct err *e)
{
	struct buf hash = BUF_INIT(512);
	struct open o = {0};
	struct token password;
	int64_t id = 0;
	enum rc rc = open_desk(&o, a, true, e);

	token_make(&password);
	password.text[20] = '\0';
	if (rc == RC_OK && !o.desk.practice)
		rc = password_hash(&hash, sv_of(password.text), e);
	if (rc == RC_OK)
		rc = desk_officer_add(&o.desk, &o.officer, sv_of(cmd_arg(a, 0)), buf_sv(&hash),
				      time_now(), &id, e);
	if (rc == RC_OK)
		printf("officer %s added, without a role\n", cmd_arg(a, 0));
	if (rc == RC_OK && !o.desk.practice)
		printf("Password, shown this once: %s\n", password.text);
	mem_wipe(&password, sizeof(password));
	buf_fini(&hash);
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum cmd_exit
run_list(const struct cmd_args *a, struct err *e)
{
	struct officer_list list = {NULL, 0};
	struct open o = {0};
	size_t i;
	unsigned r;
	enum rc rc = open_desk(&o, a, false, e);

	if (rc == RC_OK)
		rc = officer_all(&list, o.arena, o.st, e);
	for (i = 0; rc == RC_OK && i < list.n; i++) {
		printf("%.*s", SV_ARG(list.v[i].name));
		for (r = 1; r < 32; r++)
			if ((list.v[i].roles & ROLE_BIT(r)) != 0)
				printf("\t%s", role_name((enum role)r));
		printf("%s\n", list.v[i].disabled ? "\tdisabled" : "");
	}
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum cmd_exit
run_grant(const struct cmd_args *a, struct err *e)
{
	struct open o = {0};
	enum role role = ROLE_AUTHOR;
	int64_t request = 0;
	enum rc rc = open_desk(&o, a, true, e);

	if (rc == RC_OK && !role_of_name(sv_of(cmd_arg(a, 1)), &role))
		rc = err_set(
			e, RC_USAGE,
			"there is no role \"%s\" (expected author, approver, caseworker, warden, "
			"auditor or administrator)",
			cmd_arg(a, 1));
	if (rc == RC_OK)
		rc = desk_role_grant(&o.desk, &o.officer, sv_of(cmd_arg(a, 0)), role, time_now(),
				     &request, e);
	if (rc == RC_OK && request != 0)
		printf("role request %lld: another administrator confirms it with: tocsin officer "
		       "confirm %lld\n",
		       (long long)request, (long long)request);
	else if (rc == RC_OK)
		printf("%s is %s now\n", cmd_arg(a, 0), cmd_arg(a, 1));
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum cmd_exit
run_confirm(const struct cmd_args *a, struct err *e)
{
	struct open o = {0};
	enum role role = ROLE_AUTHOR;
	int64_t request, officer = 0;
	enum rc rc = open_id(cmd_arg(a, 0), "role request", &request, e);

	if (rc == RC_OK)
		rc = open_desk(&o, a, true, e);
	if (rc == RC_OK)
		rc = desk_role_confirm(&o.desk, &o.officer, request, time_now(), &officer, &role,
				       e);
	if (rc == RC_OK)
		printf("granted: officer %lld is %s now\n", (long long)officer, role_name(role));
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum rc
new_password(struct buf *hash, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_PASSWORD);
	const char *path = getenv("TOCSIN_NEW_PASSWORD_FILE");
	enum rc rc;

	if (path != NULL)
		setenv("TOCSIN_PASSWORD_FILE", path, 1);
	else
		unsetenv("TOCSIN_PASSWORD_FILE");
	rc = open_password(&text, "New password", e);
	if (rc == RC_OK && text.n < 12)
		rc = err_set(e, RC_SYNTAX, "a password has at least 12 characters");
	if (rc == RC_OK)
		rc = password_hash(hash, buf_sv(&text), e);
	mem_wipe(text.p, text.n);
	buf_fini(&text);
	return rc;
}

static enum cmd_exit
run_password(const struct cmd_args *a, struct err *e)
{
	struct buf hash = BUF_INIT(512);
	struct open o = {0};
	enum rc rc = open_desk(&o, a, true, e);

	if (rc == RC_OK)
		rc = new_password(&hash, e);
	if (rc == RC_OK)
		rc = desk_officer_password(&o.desk, &o.officer, buf_sv(&hash), time_now(), e);
	if (rc == RC_OK)
		printf("the password of %.*s is changed\n", SV_ARG(o.officer.name));
	buf_fini(&hash);
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum cmd_exit
run_signin(const struct cmd_args *a, struct err *e)
{
	struct open o = {0};
	struct token token;
	int64_t now = time_now();
	enum rc rc = open_desk(&o, a, true, e);

	if (rc == RC_OK)
		rc = desk_signin_link(&o.desk, &o.officer, now, now + LINK_SECONDS, &token, e);
	if (rc == RC_OK)
		printf("%s/desk/signin?token=%s\n",
		       o.config.authority_url[0] != '\0' ? o.config.authority_url
							 : "http://ADDRESS-SERVED",
		       token.text);
	open_fini(&o);
	return cmd_exit_of(rc);
}

const struct cmd cmd_officer_add = {
	"officer add",
	"NAME",
	"add an officer, without a role yet",
	"Prints a password once; roles are granted with tocsin officer grant.",
	as_option,
	1,
	1,
	run_add};
const struct cmd cmd_officer_list = {
	"officer list", "", "list officers and their roles", "", NULL, 0, 0, run_list};
const struct cmd cmd_officer_grant = {
	"officer grant",
	"NAME ROLE",
	"grant a role",
	"Roles: author, approver, caseworker, warden, auditor, administrator. The roles approver "
	"and administrator need two administrators: this command asks, another one confirms.",
	as_option,
	2,
	2,
	run_grant};
const struct cmd cmd_officer_confirm = {"officer confirm",
					"REQUEST",
					"confirm a role that another administrator asked for",
					"Neither who asked nor who gains by it can confirm.",
					as_option,
					1,
					1,
					run_confirm};
const struct cmd cmd_officer_password = {
	"officer password",
	"",
	"change one's own password",
	"The new one comes from TOCSIN_NEW_PASSWORD_FILE or the terminal; at least 12 characters.",
	as_option,
	0,
	0,
	run_password};
const struct cmd cmd_signin = {"signin",
			       "",
			       "print a one-time link to sign in with",
			       "It works once, within 15 minutes.",
			       as_option,
			       0,
			       0,
			       run_signin};
