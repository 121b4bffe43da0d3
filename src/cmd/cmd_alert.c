/*
 * cmd_alert.c — tocsin alert …: an alert's way from a file to the outbox.
 */
#include <stdio.h>

#include "alert/alert_store.h"
#include "alert/lint.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/time.h"
#include "cmd/open.h"
#include "delivery/fanout_store.h"
#include "desk/desk_alert.h"
#include "desk/desk_send.h"
#include "net/hint.h"

static const struct cmd_option as_option[] = {OPEN_AS_OPTION, {NULL, NULL, NULL}};

/* The dispatcher looks by itself from time to time; this makes it look now. */
static void
hint_roles(const struct cmd_args *a)
{
	char path[OPEN_PATH];

	if (open_path(path, cmd_data(a), "run/dispatch.sock", NULL) == RC_OK)
		hint_send(path);
	if (open_path(path, cmd_data(a), "run/web.sock", NULL) == RC_OK)
		hint_send(path);
}

static void
print_lint(const struct lint *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		printf("%s %s: %.*s\n", l->v[i].stop ? "stop" : "advice", l->v[i].name,
		       SV_ARG(l->v[i].text));
}

/* Areas that concern nobody because they cannot be read. */
static void
print_problems(struct sv text)
{
	struct sv_split lines = sv_split_of(text, '\n');
	struct sv line;

	while (sv_split_next(&lines, &line))
		if (line.n > 0)
			printf("advice area: %.*s\n", SV_ARG(line));
}

/* The file into o's arena. */
static enum rc
read_text(struct sv *ret, struct open *o, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	enum rc rc = file_read(&text, path, e);

	if (rc == RC_IO || rc == RC_NOTFOUND)
		rc = RC_USAGE; /* DESIGN 5: a file that cannot be read */
	if (rc == RC_OK)
		*ret = arena_sv(o->arena, buf_sv(&text));
	buf_fini(&text);
	return rc;
}

static enum cmd_exit
draft(const struct cmd_args *a, const char *file, int64_t updates, struct err *e)
{
	const char *correction = cmd_value(a, "correction");
	struct sv xml = SV_NONE, correction_xml = SV_NONE;
	struct desk_preview p;
	struct open o = {0};
	int64_t id = 0, now = time_now();
	enum rc rc = open_desk(&o, a, true, e);

	if (rc != RC_OK) {
		open_fini(&o);
		return cmd_exit_of(rc);
	}
	rc = read_text(&xml, &o, file, e);
	if (rc == RC_OK && correction != NULL)
		rc = read_text(&correction_xml, &o, correction, e);
	if (rc == RC_OK)
		rc = desk_alert_new(&o.desk, &o.officer, xml, correction_xml, updates, now, &id, e);
	if (rc != RC_OK && (rc == RC_SYNTAX || rc == RC_LIMIT)) {
		rc = err_in(e, rc, file);
		open_fini(&o);
		return EXIT_NO;
	}
	if (rc == RC_OK)
		rc = desk_alert_preview(&p, &o.desk, id, now, e);
	if (rc == RC_OK) {
		printf("alert %lld: %.*s\n", (long long)id, SV_ARG(p.alert->headline));
		printf("concerns %zu persons now, %lld without a channel\n", p.audience.n,
		       (long long)p.audience.no_channel);
		print_problems(p.problems);
		print_lint(p.lint);
	}
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum cmd_exit
run_new(const struct cmd_args *a, struct err *e)
{
	return draft(a, cmd_arg(a, 0), 0, e);
}

static enum cmd_exit
run_update(const struct cmd_args *a, struct err *e)
{
	int64_t id;
	enum rc rc = open_id(cmd_arg(a, 0), "alert", &id, e);

	return rc == RC_OK ? draft(a, cmd_arg(a, 1), id, e) : cmd_exit_of(rc);
}

static enum cmd_exit
run_lint(const struct cmd_args *a, struct err *e)
{
	enum cap_msgtype as = CAP_MSGTYPE_NONE;
	const struct lint *lint;
	struct open o = {0};
	struct sv xml = SV_NONE;
	const struct alert *alert;
	int64_t id;
	enum rc rc = open_desk(&o, a, false, e);
	enum cmd_exit code = EXIT_NO;

	if (rc == RC_OK && sv_to_i64(sv_of(cmd_arg(a, 0)), &id)) {
		rc = alert_load(&alert, o.arena, o.st, id, e);
		if (rc == RC_OK) {
			xml = alert->xml;
			as = alert->msgtype;
		}
	} else if (rc == RC_OK) {
		rc = read_text(&xml, &o, cmd_arg(a, 0), e);
	}
	if (rc != RC_OK) {
		code = cmd_exit_of(rc);
		goto out;
	}
	if (desk_lint(&lint, &o.desk, xml, as, time_now(), e) != RC_OK)
		goto out;
	print_lint(lint);
	if (lint->n == 0)
		printf("complete\n");
	code = lint->stops > 0 ? EXIT_NO : EXIT_YES;
out:
	open_fini(&o);
	return code;
}

static enum cmd_exit
run_list(const struct cmd_args *a, struct err *e)
{
	struct alert_list list = {NULL, 0};
	struct open o = {0};
	size_t i;
	enum rc rc = open_desk(&o, a, false, e);

	if (rc == RC_OK)
		rc = alert_all(&list, o.arena, o.st, 1000, e);
	for (i = 0; rc == RC_OK && i < list.n; i++) {
		const struct alert *v = &list.v[i];

		printf("%lld\tthread %lld.%lld\t%s\t%s\t%.*s\n", (long long)v->id,
		       (long long)v->thread, (long long)v->version, alert_state_name(v->state),
		       cap_msgtype_name(v->msgtype), SV_ARG(v->headline));
	}
	open_fini(&o);
	return cmd_exit_of(rc);
}

static void
print_counts(const struct outbox_counts *c)
{
	int i;

	printf("audience %lld: not yet in the outbox %lld", (long long)c->audience,
	       (long long)c->not_fanned_out);
	for (i = 0; i < OUTBOX_STATE_COUNT; i++)
		if (c->persons_by[i] > 0)
			printf(", %s %lld", outbox_name(outbox_at(i)), (long long)c->persons_by[i]);
	printf("\nmessages %lld", (long long)c->rows);
	for (i = 0; i < OUTBOX_STATE_COUNT; i++)
		if (c->rows_by[i] > 0)
			printf(", %s %lld", outbox_name(outbox_at(i)), (long long)c->rows_by[i]);
	printf("\n");
	if (c->unaccounted != 0)
		printf("NOT ACCOUNTED FOR: %lld persons\n", (long long)c->unaccounted);
}

static enum rc
show(struct open *o, int64_t id, struct err *e)
{
	struct outbox_counts counts;
	const struct alert *v;
	struct desk_preview p;
	struct buf until = BUF_INIT(64);
	enum rc rc = alert_load(&v, o->arena, o->st, id, e);

	if (rc != RC_OK)
		return rc;
	time_add_rfc3339(&until, v->expires);
	printf("alert %lld, thread %lld, version %lld: %s\n%s, %s, %s, until %s\n%.*s\n",
	       (long long)v->id, (long long)v->thread, (long long)v->version,
	       alert_state_name(v->state), cap_msgtype_name(v->msgtype), cap_status_name(v->status),
	       cap_scope_name(v->scope), buf_str(&until), SV_ARG(v->headline));
	buf_fini(&until);
	if (v->identifier.n > 0)
		printf("identifier %.*s\n", SV_ARG(v->identifier));
	if (v->live != 0) {
		rc = outbox_count(o->st, id, &counts, e);
		if (rc == RC_OK)
			print_counts(&counts);
		return rc;
	}
	rc = desk_alert_preview(&p, &o->desk, id, time_now(), e);
	if (rc != RC_OK)
		return rc;
	printf("concerns %zu persons now, %lld without a channel\n", p.audience.n,
	       (long long)p.audience.no_channel);
	print_problems(p.problems);
	print_lint(p.lint);
	return RC_OK;
}

static enum cmd_exit
run_show(const struct cmd_args *a, struct err *e)
{
	struct open o = {0};
	const struct alert *v;
	int64_t id;
	enum rc rc = open_id(cmd_arg(a, 0), "alert", &id, e);

	if (rc == RC_OK)
		rc = open_desk(&o, a, false, e);
	if (rc == RC_OK && (cmd_flag(a, "xml") || cmd_flag(a, "correction"))) {
		rc = alert_load(&v, o.arena, o.st, id, e);
		if (rc == RC_OK) {
			struct sv text = cmd_flag(a, "xml") ? v->xml : v->correction;

			fwrite(text.p, 1, text.n, stdout);
		}
	} else if (rc == RC_OK) {
		rc = show(&o, id, e);
	}
	open_fini(&o);
	return cmd_exit_of(rc);
}

enum step { STEP_SUBMIT, STEP_RETURN, STEP_APPROVE };

static enum rc
take_step(struct open *o, const struct cmd_args *a, enum step step, int64_t id, struct err *e)
{
	long long size = -1;
	int64_t now = time_now();
	enum rc rc;

	switch (step) {
	case STEP_SUBMIT:
		return desk_alert_submit(&o->desk, &o->officer, id, now, e);
	case STEP_RETURN:
		return desk_alert_return(&o->desk, &o->officer, id, sv_of(cmd_value(a, "word")),
					 now, e);
	case STEP_APPROVE:
		break;
	}
	rc = cmd_number(a, "size", 0, INT64_MAX, &size, e);
	if (rc == RC_OK && size < 0)
		rc = err_set(e, RC_USAGE,
			     "type the size of the audience: --size N (see tocsin alert "
			     "show %lld)",
			     (long long)id);
	if (rc == RC_OK)
		rc = open_signing(o, a, e);
	return rc == RC_OK ? desk_alert_approve(&o->desk, &o->officer, id, size, now, e) : rc;
}

static enum cmd_exit
run_step(const struct cmd_args *a, enum step step, const char *done, struct err *e)
{
	struct open o = {0};
	int64_t id;
	enum rc rc = open_id(cmd_arg(a, 0), "alert", &id, e);

	if (rc == RC_OK)
		rc = open_desk(&o, a, true, e);
	if (rc == RC_OK)
		rc = take_step(&o, a, step, id, e);
	/* The draft, not the command line, is what does not hold. */
	if (rc == RC_SYNTAX || rc == RC_LIMIT)
		rc = RC_CONFLICT;
	if (rc == RC_OK)
		printf("alert %lld: %s\n", (long long)id, done);
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum cmd_exit
run_submit(const struct cmd_args *a, struct err *e)
{
	return run_step(a, STEP_SUBMIT, "submitted", e);
}

static enum cmd_exit
run_return(const struct cmd_args *a, struct err *e)
{
	return run_step(a, STEP_RETURN, "returned to its author", e);
}

static enum cmd_exit
run_approve(const struct cmd_args *a, struct err *e)
{
	return run_step(a, STEP_APPROVE, "approved, not yet sent", e);
}

static enum cmd_exit
run_send(const struct cmd_args *a, struct err *e)
{
	struct open o = {0};
	struct desk_sent sent;
	int64_t id;
	enum rc rc = open_id(cmd_arg(a, 0), "alert", &id, e);

	if (rc == RC_OK)
		rc = open_desk(&o, a, true, e);
	if (rc == RC_OK)
		rc = desk_alert_send(&sent, &o.desk, &o.officer, id, time_now(), e);
	if (rc == RC_OK) {
		printf("alert %lld: live, queued for %lld persons", (long long)id,
		       (long long)sent.persons);
		if (sent.not_concerned > 0)
			printf(" (%lld of them are told that it no longer concerns them)",
			       (long long)sent.not_concerned);
		printf("\n");
		hint_roles(a);
	}
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum cmd_exit
run_cancel(const struct cmd_args *a, struct err *e)
{
	struct open o = {0};
	struct desk_sent sent;
	int64_t id;
	enum rc rc = open_id(cmd_arg(a, 0), "alert", &id, e);

	if (rc == RC_OK)
		rc = open_desk(&o, a, true, e);
	if (rc == RC_OK)
		rc = open_signing(&o, a, e);
	if (rc == RC_OK)
		rc = desk_alert_cancel(&sent, &o.desk, &o.officer, id, time_now(), e);
	if (rc == RC_OK) {
		printf("alert %lld: cancelled, nothing more of it is sent\n"
		       "alert %lld: the correction, queued for the %lld persons who got "
		       "something\n",
		       (long long)id, (long long)sent.id, (long long)sent.persons);
		hint_roles(a);
	}
	open_fini(&o);
	return cmd_exit_of(rc);
}

static const struct cmd_option new_options[] = {
	OPEN_AS_OPTION,
	{"correction", "FILE.xml",
	 "the message that is sent if this is cancelled (default: one is written)"},
	{NULL, NULL, NULL},
};

static const struct cmd_option show_options[] = {
	{"xml", NULL, "print the CAP message itself"},
	{"correction", NULL, "print the correction that is approved together with it"},
	{NULL, NULL, NULL},
};

static const struct cmd_option return_options[] = {
	OPEN_AS_OPTION,
	{"word", "TEXT", "why, for the author"},
	{NULL, NULL, NULL},
};

static const struct cmd_option approve_options[] = {
	OPEN_AS_OPTION,
	{"size", "N", "the number of persons it will be sent to, typed by the approver"},
	{NULL, NULL, NULL},
};

#define ALERT_TEXT                                                                             \
	"An alert is a draft, then submitted by its author, approved by another officer, and " \
	"sent. Approval freezes its bytes, identifier and time, signs it, and approves the "   \
	"correction with it.\n\n"                                                              \
	"  tocsin alert new FILE.xml --as anna\n"                                              \
	"  tocsin alert submit 1 --as anna\n"                                                  \
	"  tocsin alert approve 1 --size 1204 --as boris\n"                                    \
	"  tocsin alert send 1 --as anna"

const struct cmd cmd_alert_new = {"alert new", "FILE.xml",  "draft an alert from a CAP file",
				  ALERT_TEXT,  new_options, 1,
				  1,           run_new};
const struct cmd cmd_alert_update = {
	"alert update",
	"ID FILE.xml",
	"draft the next version of a live alert",
	"When it is sent it goes to its own audience and to everyone written to before in its "
	"thread; those whom it no longer concerns are told so.",
	new_options,
	2,
	2,
	run_update};
const struct cmd cmd_alert_lint = {
	"alert lint",
	"ID|FILE.xml",
	"say what a draft lacks",
	"A stop keeps the alert from being submitted; advice does not. Stops: no source "
	"(senderName), no action (instruction), no expiry, no place, no headline; an end that has "
	"passed; a language of the setting authority.languages that is missing; a language that is "
	"only claimed, because its text is a copy of another one's or has no letter of its "
	"script. Of a Cancel no action and no expiry are asked.\n\n"
	"Exit 1 when there is a stop.",
	NULL,
	1,
	1,
	run_lint};
const struct cmd cmd_alert_list = {"alert list", "", "list alerts, newest first", "", NULL, 0, 0,
				   run_list};
const struct cmd cmd_alert_show = {
	"alert show",
	"ID",
	"show an alert, its audience or what became of its messages",
	"Persons are counted by the furthest state of their messages, and add up to the audience.",
	show_options,
	1,
	1,
	run_show};
const struct cmd cmd_alert_submit = {
	"alert submit", "ID", "hand a draft to the approvers", ALERT_TEXT, as_option, 1, 1,
	run_submit};
const struct cmd cmd_alert_return = {
	"alert return", "ID", "send a draft back to its author", "", return_options, 1, 1,
	run_return};
const struct cmd cmd_alert_approve = {"alert approve",
				      "ID",
				      "approve an alert that somebody else wrote",
				      ALERT_TEXT,
				      approve_options,
				      1,
				      1,
				      run_approve};
const struct cmd cmd_alert_send = {
	"alert send", "ID", "send an approved alert", ALERT_TEXT, as_option, 1, 1, run_send};
const struct cmd cmd_alert_cancel = {
	"alert cancel",
	"ID",
	"stop an alert and send its correction",
	"One officer may. Nothing of the thread is started any more, and the correction goes to "
	"everyone who got something of it and to nobody else.",
	as_option,
	1,
	1,
	run_cancel};
