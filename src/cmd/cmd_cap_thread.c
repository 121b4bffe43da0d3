/*
 * cmd_cap_thread.c — `tocsin cap thread`: all files are read, then sorted as one, so
 * that their order does not matter.
 */
#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/time.h"
#include "cap/cap_choose.h"
#include "cap/cap_read.h"
#include "cap/cap_thread.h"
#include "cmd/cmd_cap.h"
#include "cmd/cmd_list.h"

#define INDENT   18
#define SENTENCE (16 * KIB)

/* Everything one run works with. */
struct job {
	struct arena *arena;
	const struct cmd_args *args;
	struct cap_thread_input *in; /* index: the number of the file among the arguments */
	size_t n;
	int64_t at;
	long long hours;
	enum cmd_exit code;
};

static void
raise_exit(struct job *j, enum cmd_exit code)
{
	if (code > j->code)
		j->code = code;
}

static void
read_files(struct job *j)
{
	size_t i, count = cmd_count(j->args);
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);

	j->in = ARENA_NEW_N(j->arena, struct cap_thread_input, count);
	for (i = 0; i < count; i++) {
		const struct cap_findings *unused;
		const struct cap_alert *alert;
		struct err e = ERR_INIT;
		enum rc rc;

		buf_reset(&text);
		rc = file_read(&text, cmd_arg(j->args, i), &e);
		if (rc != RC_OK && rc != RC_LIMIT) {
			cap_put_error(NULL, sv_of(e.text));
			raise_exit(j, EXIT_USAGE);
			continue;
		}
		if (rc == RC_LIMIT)
			cap_too_large(&e);
		if (rc == RC_OK)
			rc = cap_read(&alert, &unused, j->arena, buf_sv(&text), &e);
		if (rc == RC_OK) {
			j->in[j->n++] = (struct cap_thread_input){alert, i};
			continue;
		}
		cap_put_error(cmd_arg(j->args, i), sv_of(e.text));
		raise_exit(j, EXIT_NO);
	}
	buf_fini(&text);
}

static struct sv
headline(const struct cap_alert *a)
{
	const struct cap_info *info;

	if (a->n_infos == 0)
		return SV_NONE;
	info = &a->infos[cap_choose_info(a, SV("en"))];
	return info->headline.n > 0 ? info->headline : info->event;
}

/* An instant as text in the arena. */
static struct sv
instant(struct job *j, int64_t at)
{
	struct buf b = BUF_INIT(64);
	struct sv text;

	time_add_rfc3339(&b, at);
	text = arena_sv(j->arena, buf_sv(&b));
	buf_fini(&b);
	return text;
}

static struct sv
sentence(struct job *j, const struct cap_threads *t, const struct cap_thread_finding *f)
{
	struct buf b = BUF_INIT(LIMIT_CAP_FILE);
	struct sv text;

	cap_thread_say(&b, t, f);
	text = arena_sv(j->arena, sv_head(buf_sv(&b), SENTENCE));
	buf_fini(&b);
	return text;
}

/* Whether its times say something beyond what its state says. */
static bool
has_times(const struct cap_thread_message *m)
{
	return m->state == CAP_THREAD_IN_FORCE || m->state == CAP_THREAD_NOT_EFFECTIVE ||
	       m->state == CAP_THREAD_EXPIRED || m->state == CAP_THREAD_NOT_SENT;
}

static void
print_detail(struct job *j, const struct cap_threads *t, const struct cap_thread_message *m)
{
	const struct cap_alert *by = m->by != CAP_THREAD_NONE ? t->messages[m->by].alert : NULL;
	size_t i;

	if (headline(m->alert).n > 0) {
		printf("%*s", INDENT, "");
		cap_put(stdout, headline(m->alert), INDENT);
		putchar('\n');
	}
	if (by != NULL) {
		printf("%*s%s ", INDENT, "", m->state == CAP_THREAD_DUPLICATE ? "of" : "by");
		cap_put(stdout, by->identifier, INDENT);
		fputs(", ", stdout);
		cap_put(stdout, by->sent.text, INDENT);
		putchar('\n');
	}
	if (!has_times(m))
		return;
	printf("%*s", INDENT, "");
	if (m->state == CAP_THREAD_NOT_EFFECTIVE)
		printf("from %.*s ", SV_ARG(instant(j, m->from)));
	printf("until %.*s\n", SV_ARG(instant(j, m->until)));
	for (i = 0; m->state != CAP_THREAD_EXPIRED && i < m->alert->n_infos; i++) {
		if (m->spans[i].state != CAP_THREAD_SPAN_ENDED)
			continue;
		printf("%*sinfo %zu (", INDENT, "", i + 1);
		cap_put(stdout, cap_language(&m->alert->infos[i]), INDENT);
		printf(") has ended\n");
	}
}

static void
print_plain(struct job *j, const struct cap_threads *t, const struct cap_thread *th)
{
	size_t i;

	putchar('\n');
	cap_put(stdout, th->sender.n > 0 ? th->sender : SV("(no sender)"), 2);
	printf(", %zu message%s, %zu alert%s in force\n", th->n, th->n == 1 ? "" : "s",
	       th->in_force, th->in_force == 1 ? "" : "s");
	for (i = th->first; i < th->first + th->n; i++) {
		const struct cap_thread_message *m = &t->messages[i];

		printf("  %-*s", INDENT - 2, cap_thread_state_name(m->state));
		cap_put(stdout, m->alert->msgtype_text, INDENT);
		if (m->alert->status != CAP_STATUS_ACTUAL) {
			fputs(", ", stdout);
			cap_put(stdout, m->alert->status_text, INDENT);
		}
		fputs("  ", stdout);
		cap_put(stdout, m->alert->sent.text, INDENT);
		fputs("  ", stdout);
		cap_put(stdout,
			m->alert->identifier.n > 0 ? m->alert->identifier : SV("(no identifier)"),
			INDENT);
		if (!sv_eq(m->alert->sender, th->sender)) {
			fputs(" of ", stdout);
			cap_put(stdout, m->alert->sender, INDENT);
		}
		putchar('\n');
		print_detail(j, t, m);
	}
	for (i = th->first_finding; i < th->first_finding + th->n_findings; i++) {
		printf("  %s: ", cap_thread_kind_name(t->findings[i].kind));
		cap_put(stdout, sentence(j, t, &t->findings[i]), 4);
		putchar('\n');
	}
}

static json_t *
json_identity(const struct cap_alert *a)
{
	return json_pack("{s:o, s:o, s:o}", "sender", cap_json(a->sender), "identifier",
			 cap_json(a->identifier), "sent", cap_json(a->sent.text));
}

static json_t *
json_message(struct job *j, const struct cap_threads *t, const struct cap_thread_message *m)
{
	json_t *ended = json_array(), *all = json_identity(m->alert);
	size_t i;

	for (i = 0; m->sent_ok && i < m->alert->n_infos; i++)
		if (m->spans[i].state == CAP_THREAD_SPAN_ENDED)
			json_array_append_new(ended, json_integer((json_int_t)i + 1));
	json_object_set_new(all, "file", cap_json(sv_of(cmd_arg(j->args, m->index))));
	json_object_set_new(all, "status", cap_json(m->alert->status_text));
	json_object_set_new(all, "type", cap_json(m->alert->msgtype_text));
	json_object_set_new(all, "state", json_string(cap_thread_state_name(m->state)));
	json_object_set_new(all, "by",
			    m->by != CAP_THREAD_NONE ? json_identity(t->messages[m->by].alert)
						     : json_null());
	json_object_set_new(all, "from", m->sent_ok ? cap_json(instant(j, m->from)) : json_null());
	json_object_set_new(all, "until",
			    m->sent_ok ? cap_json(instant(j, m->until)) : json_null());
	json_object_set_new(all, "headline", cap_json(headline(m->alert)));
	json_object_set_new(all, "ended", ended);
	return all;
}

static json_t *
json_finding(struct job *j, const struct cap_threads *t, const struct cap_thread_finding *f)
{
	const struct cap_alert *a = t->messages[f->message].alert;
	bool refers = f->reference.identifier.n > 0;
	json_t *reference = json_null();

	if (refers)
		reference = json_pack("{s:o, s:o, s:o}", "sender", cap_json(f->reference.sender),
				      "identifier", cap_json(f->reference.identifier), "sent",
				      cap_json(f->reference.sent.text));
	return json_pack("{s:s, s:b, s:o, s:o, s:o}", "kind", cap_thread_kind_name(f->kind),
			 "doubt", cap_thread_doubts(f->kind), "of", json_identity(a), "reference",
			 reference, "message", cap_json(sentence(j, t, f)));
}

static void
print_json(struct job *j, const struct cap_threads *t, const struct cap_thread *th)
{
	json_t *messages = json_array(), *findings = json_array(), *holds = json_array(), *all;
	size_t i;

	for (i = th->first; i < th->first + th->n; i++) {
		const struct cap_thread_message *m = &t->messages[i];

		json_array_append_new(messages, json_message(j, t, m));
		if (m->state == CAP_THREAD_IN_FORCE && m->alert->status == CAP_STATUS_ACTUAL)
			json_array_append_new(holds, cap_json(m->alert->identifier));
	}
	for (i = th->first_finding; i < th->first_finding + th->n_findings; i++)
		json_array_append_new(findings, json_finding(j, t, &t->findings[i]));
	all = json_pack("{s:o, s:o, s:o, s:o, s:o}", "sender", cap_json(th->sender), "at",
			cap_json(instant(j, j->at)), "in_force", holds, "messages", messages,
			"findings", findings);
	json_dumpf(all, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(all);
}

static void
print_all(struct job *j, const struct cap_threads *t)
{
	size_t i, in_force = 0;

	for (i = 0; i < t->n_threads; i++)
		in_force += t->threads[i].in_force;
	for (i = 0; i < t->n_findings; i++)
		if (cap_thread_doubts(t->findings[i].kind))
			raise_exit(j, EXIT_NO);
	if (!cmd_flag(j->args, "json"))
		printf("At %.*s: %zu message%s, %zu thread%s, %zu alert%s in force\n",
		       SV_ARG(instant(j, j->at)), t->n_messages, t->n_messages == 1 ? "" : "s",
		       t->n_threads, t->n_threads == 1 ? "" : "s", in_force,
		       in_force == 1 ? "" : "s");
	for (i = 0; i < t->n_threads; i++) {
		if (cmd_flag(j->args, "json"))
			print_json(j, t, &t->threads[i]);
		else
			print_plain(j, t, &t->threads[i]);
	}
}

static enum cmd_exit
run(const struct cmd_args *args, struct err *e)
{
	struct job j = {.args = args, .hours = CAP_THREAD_HOURS, .code = EXIT_YES};
	const char *at = cmd_value(args, "at");
	struct time_at t = {time_now(), 0};
	const struct cap_threads *threads;
	enum rc rc = cmd_number(args, "hours", 1, 24 * 366, &j.hours, e);

	if (rc != RC_OK)
		return cmd_exit_of(rc);
	if (at != NULL && !time_parse_rfc3339(sv_of(at), &t)) {
		err_set(e, RC_USAGE, "--at %s: expected a time such as 2026-09-22T02:10:00+03:00",
			at);
		return EXIT_USAGE;
	}
	j.at = t.utc;
	j.arena = arena_new();
	read_files(&j);
	rc = cap_thread_sort(&threads, j.arena, j.in, j.n, j.at, j.hours, e);
	if (rc == RC_OK)
		print_all(&j, threads);
	else
		raise_exit(&j, cmd_exit_of(rc));
	arena_free(&j.arena);
	return j.code;
}

static const struct cmd_option options[] = {
	{"at", "TIME", "what holds at this instant (default: now)"},
	{"hours", "N", "how long an info without expires holds (default: 72)"},
	{"json", NULL, "one JSON object a thread, one a line"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_cap_thread = {
	.name = "cap thread",
	.args = "FILE…",
	.summary = "say which of several CAP messages are in force, and what ended the others",
	.text = "Takes any number of messages in any order, ties them together by their "
		"references, and says of each what it is worth at an instant:\n\n"
		"  in-force           an alert or update, while any of its infos holds\n"
		"  not-yet-effective  no info holds yet\n"
		"  expired            all its infos have ended\n"
		"  superseded         an update names it; the first to do so is shown\n"
		"  cancelled          a cancel names it\n"
		"  withdrawal         a cancel: it holds, and warns of nothing\n"
		"  remark             an acknowledgement or error: it changes nothing\n"
		"  duplicate          the same message given again\n"
		"  not-yet-sent       its sent is later; it has no effect yet\n"
		"  unclear            its sent, status or type cannot be read\n\n"
		"A message is known by sender, identifier and sent together. Only an update or "
		"cancel of the same sender and the same status ends anything, so that a test "
		"withdraws no actual alert, and never anything newer. What was ended stays "
		"ended: a cancel of a cancel does not bring a warning back. Two updates of one "
		"message that do not name each other both hold. An info without expires holds "
		"for 72 hours.\n\n"
		"Below a thread stand findings about it:\n\n"
		"  dangling, bad-reference, no-references, self-reference, cycle,\n"
		"  older-than-its-reference, moved, unclear, cancel-misses-newest\n"
		"      leave open what holds\n"
		"  other-sender, other-status, alert-with-references\n"
		"      refer to a message without ending it\n"
		"  branch, gap, update-after-cancel, cancel-of-cancel, identifier-reused\n"
		"      are worth knowing\n\n"
		"With --json one object a thread:\n\n"
		"  {\"sender\",\"at\",\"in_force\":[identifier],\n"
		"   \"messages\":[{\"sender\",\"identifier\",\"sent\",\"file\",\n"
		"     \"status\",\"type\",\"state\",\"by\",\"from\",\"until\",\n"
		"     \"headline\",\"ended\":[number of info]}],\n"
		"   \"findings\":[{\"kind\",\"doubt\",\"of\",\"reference\",\n"
		"     \"message\"}]}\n\n"
		"\"in_force\" names those of status Actual; by, of and reference are "
		"{\"sender\",\"identifier\",\"sent\"} or null; the keys do not change.\n\n"
		"Files are read as far as they can be; their faults are a matter of cap check. A "
		"file that cannot be read, or is no CAP message, is named on standard error and "
		"the others are told.\n\n"
		"Exit 0: everything was told. 1: something leaves open what holds, or a file is "
		"no CAP message. 2: a file cannot be read.",
	.options = options,
	.min_args = 1,
	.max_args = -1,
	.run = run,
};
