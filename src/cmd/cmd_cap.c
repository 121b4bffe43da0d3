/*
 * cmd_cap.c — `tocsin cap check` and `tocsin cap show`.
 *
 * Each file stands for itself: a fault in one does not keep the next from being
 * looked at; the exit is the highest of all.
 */
#include "cmd/cmd_cap.h"

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cap/cap_feed.h"
#include "cap/cap_profile.h"
#include "cap/cap_read.h"
#include "cap/cap_rule.h"
#include "cap/cap_write.h"
#include "cmd/cmd_list.h"

/* What came of one file. */
struct outcome {
	bool unreadable; /* err says why */
	bool refused;    /* as a whole: refusal and err say why */
	struct cap_refusal refusal;
	struct err err;
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	const char *profile; /* judged by this one too; NULL: by none */
};

/* One verdict a level. */
struct verdicts {
	bool judged[CAP_LEVELS];
	size_t errors[CAP_LEVELS];
};

void
cap_too_large(struct err *e)
{
	(void)err_set(e, RC_LIMIT, "larger than %zu bytes, refused unread", (size_t)LIMIT_CAP_FILE);
}

static enum cmd_exit
exit_of(const struct outcome *o)
{
	if (o->unreadable)
		return EXIT_USAGE;
	return o->refused || o->findings->errors > 0 ? EXIT_NO : EXIT_YES;
}

static void
look_at(struct outcome *o, struct cap_reader *reader, struct arena *a, struct buf *text,
	const char *file, bool is_feed)
{
	const struct cap_feed *feed;
	enum rc rc;

	memset(o, 0, sizeof(*o));
	buf_reset(text);
	rc = file_read(text, file, &o->err);
	if (rc == RC_LIMIT) {
		cap_too_large(&o->err);
		o->refused = true;
		o->refusal = (struct cap_refusal){cap_rule_row(CAP_RULE_TOO_LARGE)->name, 1};
		return;
	}
	if (rc != RC_OK) {
		o->unreadable = true;
		return;
	}
	if (is_feed)
		rc = cap_feed_read(&feed, &o->findings, &o->refusal, a, buf_sv(text), &o->err);
	else
		rc = cap_reader_read(reader, &o->alert, &o->findings, &o->refusal, a, buf_sv(text),
				     &o->err);
	o->refused = rc != RC_OK;
}

json_t *
cap_json(struct sv v)
{
	struct buf b = BUF_INIT(LIMIT_CAP_FILE);
	json_t *j;
	uint32_t c;
	struct sv rest = v;
	char out[4];

	if (utf8_valid(v))
		return json_stringn(v.n > 0 ? v.p : "", v.n);
	while (rest.n > 0) {
		if (utf8_next(&rest, &c)) {
			buf_add(&b, (struct sv){out, utf8_put(out, c)});
		} else {
			rest = sv_from(rest, 1);
			buf_adds(&b, "\xEF\xBF\xBD");
		}
	}
	j = json_stringn(buf_str(&b), buf_sv(&b).n);
	buf_fini(&b);
	return j;
}

static json_t *
json_finding(const struct cap_finding *f)
{
	return json_pack("{s:s, s:s, s:o, s:i, s:o, s:s}", "rule", f->rule, "level",
			 cap_level_name(f->level), "path", cap_json(f->path), "line", f->line,
			 "message", cap_json(f->message), "mend", f->mend);
}

/* The sentence without the "line 7: " in front: both outputs have the line apart. */
static struct sv
sentence(const struct outcome *o)
{
	struct sv v = sv_of(o->err.text);

	return sv_starts(v, SV("line ")) ? sv_from(v, sv_find(v, SV(": ")) + 2) : v;
}

/* What refused the message as a whole, as a finding like the others. */
static struct cap_finding
refusal_finding(const struct outcome *o)
{
	const struct cap_rule_row *row = cap_rule_named(o->refusal.rule);

	BUG_ON(row == NULL);
	return (struct cap_finding){
		.rule = row->name,
		.level = row->level,
		.line = o->refusal.line,
		.path = SV(""),
		.message = sentence(o),
		.mend = row->mend,
	};
}

/* The errors of each level; a message refused as a whole is judged by its structure alone. */
static struct verdicts
verdicts_of(const struct outcome *o)
{
	struct verdicts v = {.judged = {true, !o->refused, !o->refused && o->profile != NULL}};
	size_t i;

	v.errors[CAP_LEVEL_SCHEMA] = o->refused;
	for (i = 0; !o->refused && i < o->findings->n; i++) {
		if (!o->findings->v[i].warning)
			v.errors[o->findings->v[i].level]++;
	}
	return v;
}

static json_t *
json_verdict(const struct verdicts *v, enum cap_level level)
{
	if (!v->judged[level])
		return json_null();
	return json_string(v->errors[level] == 0 ? "valid" : "not valid");
}

static void
print_json(const char *file, const struct outcome *o)
{
	json_t *errors = json_array(), *warnings = json_array(), *verdicts, *all;
	struct verdicts v = verdicts_of(o);
	struct cap_finding refusal;
	const struct cap_finding *f;
	size_t i;

	if (o->refused) {
		refusal = refusal_finding(o);
		json_array_append_new(errors, json_finding(&refusal));
	}
	for (i = 0; !o->refused && i < o->findings->n; i++) {
		f = &o->findings->v[i];
		json_array_append_new(f->warning ? warnings : errors, json_finding(f));
	}
	verdicts = json_pack("{s:o, s:o, s:o}", "schema", json_verdict(&v, CAP_LEVEL_SCHEMA),
			     "spec", json_verdict(&v, CAP_LEVEL_SPEC), "profile",
			     json_verdict(&v, CAP_LEVEL_PROFILE));
	all = json_pack("{s:o, s:b, s:o, s:o, s:o}", "file", cap_json(sv_of(file)), "valid",
			exit_of(o) == EXIT_YES, "verdicts", verdicts, "errors", errors, "warnings",
			warnings);
	json_dumpf(all, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(all);
}

/* "FILE:LINE:" in front, so that an editor jumps there; below it how to mend it, at
 * the first finding of its rule only: a fault that is made once is often made often. */
static void
print_finding(const char *file, const struct cap_finding *f, bool first)
{
	cap_put_name(stdout, file);
	printf(":%d: %s%s %s", f->line, f->warning ? "warning, " : "", cap_level_name(f->level),
	       f->rule);
	if (f->path.n > 0)
		putchar(' ');
	cap_put(stdout, f->path, 2);
	fputs(": ", stdout);
	cap_put(stdout, f->message, 2);
	if (first)
		printf("\n  mend: %s", f->mend);
	putchar('\n');
}

static bool
is_first(const struct cap_findings *all, size_t at)
{
	size_t i;

	/* A rule's name is one text of its table: comparing where it stands is enough. */
	for (i = 0; i < at; i++) {
		if (all->v[i].rule == all->v[at].rule)
			return false;
	}
	return true;
}

static void
print_verdict(const struct verdicts *v, enum cap_level level, const char *name)
{
	size_t n = v->errors[level];

	if (!v->judged[level])
		printf("%snot judged", name);
	else if (n == 0)
		printf("%svalid", name);
	else
		printf("%snot valid (%zu error%s)", name, n, n == 1 ? "" : "s");
}

static void
print_plain(const char *file, const struct outcome *o)
{
	struct verdicts v = verdicts_of(o);
	struct cap_finding refusal;
	size_t i;

	if (o->refused) {
		refusal = refusal_finding(o);
		print_finding(file, &refusal, true);
	}
	for (i = 0; !o->refused && i < o->findings->n; i++)
		print_finding(file, &o->findings->v[i], is_first(o->findings, i));
	cap_put_name(stdout, file);
	fputs(": ", stdout);
	print_verdict(&v, CAP_LEVEL_SCHEMA, "schema ");
	fputs(", ", stdout);
	print_verdict(&v, CAP_LEVEL_SPEC, "specification ");
	fputs(", profile ", stdout);
	if (o->profile != NULL)
		printf("%s ", o->profile);
	print_verdict(&v, CAP_LEVEL_PROFILE, "");
	putchar('\n');
	cap_put_name(stdout, file);
	printf(": %s\n", exit_of(o) == EXIT_YES ? "valid" : "not valid");
}

static void
judge_profile(struct outcome *o, struct arena *a, enum cap_profile profile)
{
	if (profile == CAP_PROFILE_NONE || o->unreadable || o->refused || o->alert == NULL)
		return;
	o->findings = cap_profile_judge(profile, o->alert, o->findings, a);
	o->profile = cap_profile_name(profile);
}

static enum cmd_exit
run_check(const struct cmd_args *args, struct err *e)
{
	const char *name = cmd_value(args, "profile");
	enum cap_profile profile = CAP_PROFILE_NONE;
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	struct cap_reader *reader;
	struct arena *a;
	struct outcome o;
	enum cmd_exit code = EXIT_YES;
	size_t i;

	if (name != NULL && !cap_profile_find(sv_of(name), &profile)) {
		err_set(e, RC_USAGE, "--profile %s: no such profile (expected %s)", name,
			cap_profile_names);
		return EXIT_USAGE;
	}
	a = arena_new();
	reader = cap_reader_open();
	for (i = 0; i < cmd_count(args); i++) {
		arena_reset(a);
		look_at(&o, reader, a, &text, cmd_arg(args, i), cmd_flag(args, "feed"));
		judge_profile(&o, a, profile);
		if (o.unreadable)
			cap_put_error(NULL, sv_of(o.err.text));
		else if (cmd_flag(args, "json"))
			print_json(cmd_arg(args, i), &o);
		else
			print_plain(cmd_arg(args, i), &o);
		if (exit_of(&o) > code)
			code = exit_of(&o);
	}
	cap_reader_close(&reader);
	arena_free(&a);
	buf_fini(&text);
	return code;
}

static void
print_xml(const struct cap_alert *alert)
{
	/* Escapes and indents make a text at most some six times longer. */
	struct buf b = BUF_INIT(16 * LIMIT_CAP_FILE);

	cap_write(&b, alert);
	(void)fwrite(buf_str(&b), 1, buf_sv(&b).n, stdout);
	buf_fini(&b);
}

static enum cmd_exit
run_show(const struct cmd_args *args, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	struct arena *a = arena_new();
	struct cap_reader *reader = cap_reader_open();
	struct outcome o;
	enum cmd_exit code = EXIT_YES;
	size_t i;

	if (cmd_flag(args, "xml") && cmd_value(args, "language") != NULL) {
		err_set(e, RC_USAGE,
			"--xml, --language: expected at most one; the XML is the whole message");
		code = EXIT_USAGE;
		goto out;
	}
	for (i = 0; i < cmd_count(args); i++) {
		arena_reset(a);
		look_at(&o, reader, a, &text, cmd_arg(args, i), false);
		if (exit_of(&o) > code)
			code = exit_of(&o);
		if (o.unreadable) {
			cap_put_error(NULL, sv_of(o.err.text));
			continue;
		}
		if (o.refused) {
			cap_put_error(cmd_arg(args, i), sv_of(o.err.text));
			continue;
		}
		if (cmd_flag(args, "xml")) {
			print_xml(o.alert);
		} else {
			if (i > 0)
				putchar('\n');
			cap_put_name(stdout, cmd_arg(args, i));
			putchar('\n');
			cap_account(stdout, o.alert, sv_of(cmd_value(args, "language")));
		}
		if (o.findings->errors > 0)
			cap_put_error(cmd_arg(args, i),
				      arena_fmt(a, "not valid, %zu error%s; see tocsin cap check",
						o.findings->errors,
						o.findings->errors == 1 ? "" : "s"));
	}
out:
	cap_reader_close(&reader);
	arena_free(&a);
	buf_fini(&text);
	return code;
}

static const struct cmd_option check_options[] = {
	{"profile", "NAME",
	 "judge by a profile as well: ipaws (United States), cap-cp (Canada), au (Australia)"},
	{"feed", NULL, "the files are feeds: Atom, RSS or EDXL-DE"},
	{"json", NULL, "one JSON object a file, one a line"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_cap_check = {
	.name = "cap check",
	.args = "FILE…",
	.summary = "judge CAP 1.2 messages by the schema and the text of the standard",
	.text = "Reads each file and gives three verdicts: on the structure and the types that "
		"the OASIS schema demands (level schema), on the conditions that only the text of "
		"the standard has (level spec), and on a profile where one is asked for "
		"(level profile). Warnings do not make a message invalid: the standard allows "
		"what they name, but it "
		"is often a slip or troubles readers. \"-\" is standard input.\n\n"
		"One line a finding, and below the first of each rule how to mend it:\n\n"
		"  FILE:LINE: level rule path: what was found (what is expected)\n"
		"    mend: what to do\n\n"
		"then the verdicts in one line, and at last \"FILE: valid\" or "
		"\"FILE: not valid\". With --json one object a file:\n\n"
		"  {\"file\",\"valid\",\"verdicts\":{\"schema\",\"spec\",\"profile\"},\n"
		"   \"errors\":[{\"rule\",\"level\",\"path\",\"line\",\"message\",\"mend\"}],"
		"\"warnings\":[…]}\n\n"
		"A verdict is \"valid\", \"not valid\" or null: not judged, because no profile was "
		"asked for, or because the message could not be read at all.\n\n"
		"With --feed each file is a feed or an envelope (Atom, RSS 2.0, EDXL-DE 1.0): its "
		"own rules are judged, and every message inside it.\n\n"
		"The rules are listed in doc/cap-rules.md; their names do not change.\n\n"
		"Nothing is fetched and no entity of the document's own is resolved; a DOCTYPE "
		"is refused, and a file over 4 MiB is refused unread.\n\n"
		"Exit 0: all are valid. 1: one is not valid, not well-formed or refused. 2: a file "
		"cannot be read.",
	.options = check_options,
	.min_args = 1,
	.max_args = -1,
	.run = run_check,
};

static const struct cmd_option show_options[] = {
	{"language", "TAGS", "only the infos for a reader of these languages (\"ru;en\"), and why"},
	{"xml", NULL, "print the message as XML in Tocsin's one fixed form"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_cap_show = {
	.name = "cap show",
	.args = "FILE…",
	.summary = "tell what CAP messages say",
	.text = "Prints a readable account of each message: who issued it and when, what it "
		"refers to, "
		"then each language block with its text, times and areas. \"-\" is standard "
		"input.\n\n"
		"A message that is not valid is shown as far as it could be read.\n\n"
		"With --language a reader's languages are given, most wanted first, and only the "
		"infos in the one chosen are shown: for each language in turn by lookup "
		"(RFC 4647), "
		"then by primary subtag, in the same script first; then English; then the alert's "
		"first language. It says which was chosen and why, and what was left out. An info "
		"without language is en-US.\n\n"
		"With --xml the message is written anew as CAP 1.2: UTF-8, no prefix, the order "
		"of the schema, two spaces a level. What 1.2 demands and an older version does "
		"not is not made up: see tocsin cap repair. A signature is left out, because it "
		"holds for the bytes it was made for only.\n\n"
		"Exit 0: all are valid. 1: one is not valid, not well-formed or refused. 2: a file "
		"cannot be read.",
	.options = show_options,
	.min_args = 1,
	.max_args = -1,
	.run = run_show,
};
