/*
 * cmd_status.c — tocsin status, check-config, audit verify, queue hold and
 * release: what an operator asks first.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/time.h"
#include "cmd/open.h"
#include "cmd/readiness.h"
#include "delivery/fanout_store.h"
#include "desk/audit_store.h"
#include "desk/setting_store.h"
#include "net/frame.h"
#include "net/hint.h"
#include "store/store.h"

#define STUCK_SECONDS 300

struct status {
	bool practice, hold, keys;
	enum readiness disk;
	int64_t alerts_live, unaccounted;
	int64_t officers, approvers;
	struct outbox_open work;
	int64_t oldest_s; /* how long the oldest message has been due */
};

static bool
keys_answer(const char *dir)
{
	struct local *peer = NULL;
	char path[OPEN_PATH];
	struct err e = ERR_INIT;
	bool there = open_path(path, dir, "run/keys.sock", &e) == RC_OK &&
		     local_connect(&peer, path, 1000, &e) == RC_OK;

	local_close(&peer);
	return there;
}

static enum rc
count_alerts(struct status *s, struct open *o, struct err *e)
{
	struct outbox_counts counts;
	struct alert_list list;
	size_t i;
	enum rc rc = alert_all(&list, o->arena, o->st, 1000, e);

	for (i = 0; rc == RC_OK && i < list.n; i++) {
		if (list.v[i].state != ALERT_LIVE)
			continue;
		s->alerts_live++;
		rc = outbox_count(o->st, list.v[i].id, &counts, e);
		if (rc == RC_OK)
			s->unaccounted += counts.unaccounted;
	}
	return rc;
}

static enum rc
count_officers(struct status *s, struct open *o, struct err *e)
{
	struct officer_list list;
	size_t i;
	enum rc rc = officer_all(&list, o->arena, o->st, e);

	for (i = 0; rc == RC_OK && i < list.n; i++) {
		if (list.v[i].disabled)
			continue;
		s->officers++;
		s->approvers += (list.v[i].roles & ROLE_BIT(ROLE_APPROVER)) != 0;
	}
	return rc;
}

static enum rc
read_status(struct status *s, struct open *o, const char *dir, struct err *e)
{
	struct buf hold = BUF_INIT(64);
	int64_t now = time_now();
	enum rc rc = setting_get(&hold, o->st, SETTING_HOLD, e);

	s->practice = o->desk.practice;
	s->hold = sv_eq(buf_sv(&hold), SV("1"));
	s->keys = keys_answer(dir);
	s->disk = readiness_disk(dir);
	if (rc == RC_OK)
		rc = outbox_open_work(o->st, &s->work, e);
	if (rc == RC_OK && s->work.oldest_due != 0 && s->work.oldest_due < now)
		s->oldest_s = now - s->work.oldest_due;
	if (rc == RC_OK)
		rc = count_alerts(s, o, e);
	if (rc == RC_OK)
		rc = count_officers(s, o, e);
	buf_fini(&hold);
	return rc;
}

/* What is wrong and what to do; NULL at the end. */
static size_t
problems(const struct status *s, const char *ret[8])
{
	size_t n = 0;

	if (!s->keys)
		ret[n++] = "the role keys does not answer: start tocsin serve";
	if (s->hold)
		ret[n++] = "the outbox is on hold: tocsin queue release --as OFFICER";
	else if (s->oldest_s > STUCK_SECONDS)
		ret[n++] = "messages wait for more than five minutes: see the log of the role "
			   "dispatch";
	if (s->unaccounted != 0)
		ret[n++] = "persons of a live alert are not accounted for: report this as a bug";
	if (s->approvers < 2)
		ret[n++] =
			"fewer than two officers can approve: tocsin officer grant NAME approver";
	if (s->disk == READINESS_NO && !s->practice)
		ret[n++] =
			"the data folder is not on an encrypted disk: stays and citizenships lie "
			"open on it";
	return n;
}

static void
print_json(const struct status *s, const char *const *wrong, size_t n)
{
	json_t *list = json_array(), *root;
	size_t i;
	char *text;

	for (i = 0; i < n; i++)
		json_array_append_new(list, json_string(wrong[i]));
	root = json_pack("{s:b,s:s,s:b,s:b,s:I,s:{s:I,s:I,s:I,s:I},s:{s:I},s:{s:s,s:I,s:I},s:o}",
			 "healthy", n == 0, "mode", s->practice ? "practice" : "live", "hold",
			 s->hold, "keys", s->keys, "alerts_live", (json_int_t)s->alerts_live,
			 "outbox", "due", (json_int_t)s->work.due, "held", (json_int_t)s->work.held,
			 "pieces_waiting", (json_int_t)s->work.pieces, "oldest_due_s",
			 (json_int_t)s->oldest_s, "invariants", "unaccounted_persons",
			 (json_int_t)s->unaccounted, "readiness", "disk_encrypted",
			 readiness_name(s->disk), "officers", (json_int_t)s->officers, "approvers",
			 (json_int_t)s->approvers, "problems", list);
	text = json_dumps(root, JSON_COMPACT);
	BUG_ON(text == NULL);
	printf("%s\n", text);
	free(text);
	json_decref(root);
}

static void
print_plain(const struct status *s, const char *const *wrong, size_t n)
{
	size_t i;

	printf("%s installation, %lld alerts live\n", s->practice ? "practice" : "live",
	       (long long)s->alerts_live);
	printf("outbox: %lld due, %lld on their way, %lld pieces to fan out%s\n",
	       (long long)s->work.due, (long long)s->work.held, (long long)s->work.pieces,
	       s->hold ? ", ON HOLD" : "");
	if (s->oldest_s > 0)
		printf("the oldest has been due for %lld s\n", (long long)s->oldest_s);
	printf("disk encrypted: %s; officers %lld, of them approvers %lld\n",
	       readiness_name(s->disk), (long long)s->officers, (long long)s->approvers);
	for (i = 0; i < n; i++)
		printf("wrong: %s\n", wrong[i]);
	if (n == 0)
		printf("all is well\n");
}

static enum cmd_exit
run_status(const struct cmd_args *a, struct err *e)
{
	const char *wrong[8];
	struct status s = {0};
	struct open o = {0};
	size_t n = 0;
	enum rc rc = open_desk(&o, a, false, e);

	if (rc == RC_OK)
		rc = read_status(&s, &o, cmd_data(a), e);
	if (rc == RC_OK) {
		n = problems(&s, wrong);
		if (cmd_flag(a, "json"))
			print_json(&s, wrong, n);
		else
			print_plain(&s, wrong, n);
	}
	open_fini(&o);
	return rc == RC_OK ? (n == 0 ? EXIT_YES : EXIT_NO) : cmd_exit_of(rc);
}

static enum cmd_exit
run_check_config(const struct cmd_args *a, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_CONFIG);
	struct config c;
	enum rc rc;

	if (cmd_count(a) == 0) {
		rc = config_load(&c, cmd_data(a), e);
	} else {
		rc = file_read(&text, cmd_arg(a, 0), e);
		if (rc == RC_IO || rc == RC_NOTFOUND)
			rc = RC_USAGE;
		if (rc == RC_OK) {
			rc = config_parse(&c, buf_sv(&text), e);
			if (rc != RC_OK)
				rc = err_in(e, rc, cmd_arg(a, 0));
		}
		buf_fini(&text);
	}
	if (rc == RC_OK)
		printf("the configuration is good\n");
	return rc == RC_SYNTAX ? EXIT_NO : cmd_exit_of(rc);
}

static enum cmd_exit
run_audit_verify(const struct cmd_args *a, struct err *e)
{
	struct store *st = NULL;
	int64_t n = 0;
	enum rc rc = cmd_open_store(&st, a, e);

	if (rc == RC_OK)
		rc = audit_verify(st, &n, e);
	if (rc == RC_OK)
		printf("%lld rows, each fits the one before\n", (long long)n);
	store_close(&st);
	return cmd_exit_of(rc);
}

static enum cmd_exit
set_hold(const struct cmd_args *a, bool hold, struct err *e)
{
	char path[OPEN_PATH];
	struct open o = {0};
	enum rc rc = open_desk(&o, a, true, e);

	if (rc == RC_OK)
		rc = desk_allow(&o.officer,
				ROLE_BIT(ROLE_AUTHOR) | ROLE_BIT(ROLE_APPROVER) |
					ROLE_BIT(ROLE_ADMINISTRATOR),
				hold ? "hold the outbox" : "release the outbox", e);
	if (rc == RC_OK)
		rc = store_begin(o.st, e);
	if (rc == RC_OK)
		rc = setting_put(o.st, SETTING_HOLD, hold ? SV("1") : SV("0"), e);
	if (rc == RC_OK && !hold)
		rc = setting_put(o.st, SETTING_RESTORED, SV(""), e);
	if (rc == RC_OK)
		rc = desk_note(&o.desk, &o.officer, hold ? "queue.hold" : "queue.release",
			       "setting", 0, SV_NONE, time_now(), e);
	if (rc == RC_OK)
		rc = store_commit(o.st, e);
	if (rc == RC_OK) {
		printf(hold ? "on hold: nothing more is sent\n" : "released: sending goes on\n");
		if (open_path(path, cmd_data(a), "run/dispatch.sock", NULL) == RC_OK)
			hint_send(path);
	} else if (o.st != NULL) {
		store_rollback(o.st);
	}
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum cmd_exit
run_hold(const struct cmd_args *a, struct err *e)
{
	return set_hold(a, true, e);
}

static enum cmd_exit
run_release(const struct cmd_args *a, struct err *e)
{
	return set_hold(a, false, e);
}

static const struct cmd_option status_options[] = {
	{"json", NULL, "one line of JSON"},
	{NULL, NULL, NULL},
};
static const struct cmd_option as_option[] = {OPEN_AS_OPTION, {NULL, NULL, NULL}};

const struct cmd cmd_status = {
	"status",
	"",
	"say whether all is well, and if not what to do",
	"Health, outbox, invariants, readiness. Exit 1 when something is wrong.",
	status_options,
	0,
	0,
	run_status};
const struct cmd cmd_check_config = {
	"check-config",
	"[FILE]",
	"try a configuration file",
	"Without FILE: the data folder's. Names the line and the reason. Exit 1 when it is wrong.",
	NULL,
	0,
	1,
	run_check_config};
const struct cmd cmd_audit_verify = {
	"audit verify",
	"",
	"recompute the audit log's chain",
	"Each row's hash covers the row before. Exit 1 names the first row that does not fit.",
	NULL,
	0,
	0,
	run_audit_verify};
const struct cmd cmd_queue_hold = {
	"queue hold", "", "send nothing until it is released", "", as_option, 0, 0, run_hold};
const struct cmd cmd_queue_release = {
	"queue release", "", "let sending go on, after a hold or a restore", "", as_option, 0, 0,
	run_release};
