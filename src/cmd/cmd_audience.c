/*
 * cmd_audience.c — `tocsin audience`: whom does this alert concern?
 *
 * Read the alert, compile it, load the index, resolve, say it. What in the alert
 * concerns nobody although its author may think so goes to stderr, whatever is
 * printed. A message that is well-formed but breaks rules is still answered, so
 * that its author sees both at once; the exit says no.
 */
#include <jansson.h>

#include "audience/explain.h"
#include "audience/expr.h"
#include "audience/index.h"
#include "audience/index_store.h"
#include "audience/plan.h"
#include "audience/resolve.h"
#include "audience/status_store.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/time.h"
#include "cap/cap_read.h"
#include "cmd/cmd_cap.h"
#include "cmd/cmd_list.h"
#include "cmd/open.h"
#include "store/store.h"

#define FINDINGS_SHOWN 5
#define PROBLEMS_SHOWN 10 /* an alert may have thousands of areas */
#define OUTPUT_MAX     (16 * MIB)

static const char *const table_names[AUDIENCE_TABLES] = {
	[AUDIENCE_BY_COUNTRY] = "country",
	[AUDIENCE_BY_CITIZENSHIP] = "citizenship",
	[AUDIENCE_BY_LANGUAGE] = "language",
	[AUDIENCE_BY_CHANNEL] = "channel",
};

struct work {
	const struct cmd_args *args;
	struct arena *arena;
	const struct cap_alert *alert;
	bool valid;
	struct plan_options options;
	struct plan *plan;
	struct store *store;
	struct index *ix;
	struct status_set *statuses;
};

static enum cmd_exit
read_alert(struct work *w, struct err *e)
{
	const struct cap_findings *findings;
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	const char *file = cmd_arg(w->args, 0);
	size_t i, shown = 0;
	enum rc rc;

	rc = file_read(&text, file, e);
	if (rc != RC_OK) {
		buf_fini(&text);
		return rc == RC_LIMIT ? EXIT_NO : EXIT_USAGE;
	}
	rc = cap_read(&w->alert, &findings, w->arena, buf_sv(&text), e);
	buf_fini(&text);
	if (rc != RC_OK) {
		err_in(e, rc, file);
		return EXIT_NO;
	}
	w->valid = findings->errors == 0;
	if (w->valid)
		return EXIT_YES;
	fprintf(stderr, "tocsin: %s: the alert is not valid CAP 1.2:\n", file);
	for (i = 0; i < findings->n && shown < FINDINGS_SHOWN; i++) {
		if (findings->v[i].warning)
			continue;
		fprintf(stderr, "tocsin: line %d: ", findings->v[i].line);
		cap_put(stderr, findings->v[i].message, 2);
		fputc('\n', stderr);
		shown++;
	}
	if (findings->errors > shown)
		fprintf(stderr, "tocsin: and %zu more (see tocsin cap check)\n",
			findings->errors - shown);
	return EXIT_YES;
}

static enum rc
read_options(struct work *w, struct err *e)
{
	const char *expr = cmd_value(w->args, "expr"), *at = cmd_value(w->args, "at");
	int modes = cmd_flag(w->args, "refs") + cmd_flag(w->args, "json") +
		    (cmd_value(w->args, "explain") != NULL);
	struct time_at t;
	enum rc rc;

	if (modes > 1)
		return err_set(e, RC_USAGE,
			       "--refs, --json, --explain: expected at most one of them");
	if (expr) {
		rc = expr_parse(&w->options.expr, w->arena, sv_of(expr), e);
		if (rc != RC_OK)
			return err_in(e, rc, "--expr");
	}
	if (at) {
		if (!time_parse_rfc3339(sv_of(at), &t))
			return err_set(e, RC_USAGE,
				       "--at: \"%s\" is not a time (expected one such as "
				       "2026-09-22T02:10:00+03:00)",
				       at);
		w->options.has_at = true;
		w->options.at = t.utc;
	}
	return RC_OK;
}

static enum rc
load(struct work *w, struct err *e)
{
	int64_t seq, thread;
	enum rc rc;

	rc = cmd_open_store(&w->store, w->args, e);
	if (rc == RC_OK)
		rc = index_store_load(&w->ix, &seq, w->store, e);
	if (rc != RC_OK || !plan_asks_status(w->plan))
		return rc;
	rc = status_store_thread(&thread, w->store, w->alert, e);
	if (rc == RC_OK)
		rc = status_store_load(&w->statuses, w->store, thread, e);
	return rc;
}

static json_t *
table_json(const struct audience *a, enum audience_table table)
{
	json_t *j = json_object();
	char key[LIMIT_GROUP + 1];
	size_t i;

	for (i = 0; i < audience_entries(a, table); i++) {
		uint64_t n;
		struct sv name = audience_entry(a, table, i, &n);

		snprintf(key, sizeof(key), "%.*s", SV_ARG(name));
		json_object_set_new(j, key, json_integer((json_int_t)n));
	}
	return j;
}

static void
put_json(const struct work *w, const struct audience *a)
{
	const struct audience_counts *c = audience_counts(a);
	json_t *j = json_object();
	char key[32];
	int t;

	json_object_set_new(j, "alert",
			    json_stringn(w->alert->identifier.n ? w->alert->identifier.p : "",
					 w->alert->identifier.n));
	json_object_set_new(j, "persons", json_integer((json_int_t)c->persons));
	json_object_set_new(j, "stays", json_integer((json_int_t)c->stays));
	json_object_set_new(j, "place_unknown", json_integer((json_int_t)c->place_unknown));
	for (t = 0; t < AUDIENCE_TABLES; t++) {
		snprintf(key, sizeof(key), "by_%s", table_names[t]);
		json_object_set_new(j, key, table_json(a, (enum audience_table)t));
	}
	json_object_set_new(j, "no_channel", json_integer((json_int_t)c->no_channel));
	json_dumpf(j, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(j);
}

static void
put_table(const struct audience *a, enum audience_table table)
{
	size_t i;

	printf("by %s:", table_names[table]);
	for (i = 0; i < audience_entries(a, table); i++) {
		uint64_t n;
		struct sv name = audience_entry(a, table, i, &n);

		printf("%s ", i ? "," : "");
		cap_put(stdout, name.n ? name : SV("none recorded"), 0);
		printf(" %llu", (unsigned long long)n);
	}
	putchar('\n');
}

static const char *
plural(uint64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

static void
put_words(const struct work *w, const struct audience *a)
{
	const struct audience_counts *c = audience_counts(a);
	struct buf expr = BUF_INIT(LIMIT_EXPR * 2);
	size_t i;

	printf("alert ");
	cap_put(stdout, w->alert->identifier, 0);
	for (i = 0; i < plan_blocks(w->plan); i++) {
		const struct plan_block *b = plan_block(w->plan, i);

		printf("\ninfo %zu: to ", b->first + 1);
		buf_reset(&expr);
		if (b->expr)
			expr_write(&expr, b->expr);
		else
			buf_adds(&expr, "everybody in the area");
		cap_put(stdout, buf_sv(&expr), 0);
		if (b->empty) {
			fputs(", never in force", stdout);
			continue;
		}
		buf_reset(&expr);
		time_add_rfc3339(&expr, b->start);
		if (w->options.has_at) {
			printf(", at %s", buf_str(&expr));
			continue;
		}
		buf_adds(&expr, " until ");
		time_add_rfc3339(&expr, b->end);
		printf(", from %s", buf_str(&expr));
	}
	printf("\nconcerns %llu %s by %llu %s, %llu of them without a known place\n",
	       (unsigned long long)c->persons, plural(c->persons, "person", "persons"),
	       (unsigned long long)c->stays, plural(c->stays, "stay", "stays"),
	       (unsigned long long)c->place_unknown);
	for (i = 0; i < AUDIENCE_TABLES && c->persons; i++)
		put_table(a, (enum audience_table)i);
	if (c->persons)
		printf("without a channel: %llu\n", (unsigned long long)c->no_channel);
	buf_fini(&expr);
}

static enum cmd_exit
explain(const struct work *w, struct err *e)
{
	const char *ref = cmd_value(w->args, "explain");
	struct audience_statuses s = {NULL, NULL, 0};
	struct buf out = BUF_INIT(OUTPUT_MAX);
	enum expr_status status = EXPR_STATUS_UNREACHED;
	struct index_person p;
	uint32_t row;
	size_t i;
	bool concerned;

	if (!index_find(w->ix, sv_of(ref), &row)) {
		err_set(e, RC_NOTFOUND, "--explain: there is no person \"%s\"", ref);
		return EXIT_NO;
	}
	index_get(w->ix, row, &p);
	if (w->statuses)
		s = status_set_view(w->statuses);
	for (i = 0; i < s.n; i++)
		if (s.persons[i] == p.id)
			status = (enum expr_status)s.status[i];
	concerned = audience_explain(&out, w->ix, w->plan, row, status);
	cap_put(stdout, buf_sv(&out), 0);
	buf_fini(&out);
	return concerned ? EXIT_YES : EXIT_NO;
}

static enum cmd_exit
answer(const struct work *w, struct err *e)
{
	struct audience_statuses s = {NULL, NULL, 0};
	struct audience *a;
	size_t i, n;

	if (cmd_value(w->args, "explain"))
		return explain(w, e);
	if (w->statuses)
		s = status_set_view(w->statuses);
	a = audience_resolve(w->ix, w->plan, &s);
	if (cmd_flag(w->args, "json")) {
		put_json(w, a);
	} else if (cmd_flag(w->args, "refs")) {
		const struct sv *refs = audience_refs(a, &n);

		for (i = 0; i < n; i++) {
			fwrite(refs[i].p, 1, refs[i].n, stdout);
			putchar('\n');
		}
	} else {
		put_words(w, a);
	}
	audience_free(&a);
	return EXIT_YES;
}

static void
put_problems(const struct work *w)
{
	struct buf out = BUF_INIT(OUTPUT_MAX);
	struct sv_split lines;
	struct sv line = SV_NONE;
	size_t n = 0;

	plan_write_problems(&out, w->plan);
	lines = sv_split_of(buf_sv(&out), '\n');
	while (sv_split_next(&lines, &line)) {
		if (line.n == 0 || n++ >= PROBLEMS_SHOWN)
			continue;
		fputs("tocsin: ", stderr);
		cap_put(stderr, line, 0);
		fputc('\n', stderr);
	}
	if (n > PROBLEMS_SHOWN)
		fprintf(stderr, "tocsin: and %zu more of that kind\n", n - PROBLEMS_SHOWN);
	buf_fini(&out);
}

static enum cmd_exit
run(const struct cmd_args *args, struct err *e)
{
	struct work w = {.args = args, .arena = arena_new()};
	enum cmd_exit ex;
	enum rc rc;

	rc = read_options(&w, e);
	if (rc != RC_OK) {
		ex = EXIT_USAGE;
		goto out;
	}
	ex = read_alert(&w, e);
	if (ex != EXIT_YES)
		goto out;
	rc = plan_new(&w.plan, w.alert, &w.options, e);
	if (rc != RC_OK) {
		err_in(e, rc, cmd_arg(args, 0));
		ex = EXIT_NO;
		goto out;
	}
	put_problems(&w);
	rc = load(&w, e);
	if (rc != RC_OK) {
		ex = EXIT_WORLD;
		goto out;
	}
	ex = answer(&w, e);
	if (ex == EXIT_YES && !w.valid)
		ex = EXIT_NO;
out:
	status_set_free(&w.statuses);
	index_free(&w.ix);
	store_close(&w.store);
	plan_free(&w.plan);
	arena_free(&w.arena);
	return ex;
}

static const struct cmd_option options[] = {
	{"expr", "E", "this audience expression in place of the alert's own"},
	{"at", "TIME", "who is there at this instant, in place of the alert's interval"},
	{"refs", NULL, "print the refs alone, one a line, sorted bytewise"},
	{"json", NULL, "print the counts as one JSON object"},
	{"explain", "REF", "say why this person is concerned, or why not"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_audience = {
	.name = "audience",
	.args = "ALERT.xml",
	.summary = "say whom an alert concerns",
	.text = "Reads a CAP alert and prints how many persons it concerns: those with a stay "
		"that overlaps the alert's time, lies in its area, and for whom its audience "
		"expression holds. An alert concerns the union of its infos.\n"
		"\n"
		"An expression is made of\n"
		"\n"
		"  citizen:RU  dual  language:ru  group:staff  group:\"a b\"\n"
		"  in:GE  in:RU-MOW  resident  visitor  arriving\n"
		"  status:unreached|handed-over|reached|answered\n"
		"  not, and, or, parentheses\n"
		"\n"
		"where in:, resident, visitor and arriving are judged on the stay that meets area "
		"and time, the others on the person. It stands in the parameter \"audience\" of an "
		"info.\n"
		"\n"
		"The exit is 1 when the alert is not valid CAP, when its expression cannot be "
		"read, and for --explain when the person is not concerned.",
	.options = options,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
