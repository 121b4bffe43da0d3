/*
 * cmd_cap_repair.c — `tocsin cap repair`.
 *
 * For each file: the bytes are read, every alert in them is mended (cap_mend.h) and
 * printed, or written as a file of its own; the mends are told on standard error.
 * Files are made beside their final name, synced and renamed, and never replace another.
 */
#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cap/cap_mend.h"
#include "cap/cap_rule.h"
#include "cmd/cmd_cap.h"
#include "cmd/cmd_list.h"
#include "geo/simplify.h"

#define NAME_MAX_BYTES 100 /* of a file's name that is kept for those made of it */
#define NAMES_TRIED    1000
#define SHOWN_BYTES    70 /* of a text in one line of the account */

struct repair {
	const char *file;
	const char *into; /* NULL: standard output */
	bool json;
	size_t max_points;
	struct arena *arena;
	struct buf text;
};

static bool
is_valid(const struct cap_lenient *l)
{
	return l->alert != NULL && l->findings->errors == 0;
}

static json_t *
json_finding(const char *rule, enum cap_level level, struct sv path, int line, struct sv message)
{
	return json_pack("{s:s, s:s, s:o, s:i, s:o}", "rule", rule, "level", cap_level_name(level),
			 "path", cap_json(path), "line", line, "message", cap_json(message));
}

/* The sentence without the "line 7: " in front: the object has the line apart. */
static json_t *
json_refusal(const struct cap_refusal *r, struct sv v)
{
	if (sv_starts(v, SV("line ")))
		v = sv_from(v, sv_find(v, SV(": ")) + 2);
	return json_finding(r->rule, CAP_LEVEL_SCHEMA, SV(""), r->line, v);
}

/* mends, errors and warnings are given up to the object. */
static void
print_object(const char *file, size_t alert, bool valid, json_t *mends, json_t *errors,
	     json_t *warnings, json_t *xml)
{
	json_t *all = json_pack("{s:o, s:I, s:b, s:o, s:o, s:o, s:o}", "file",
				cap_json(sv_of(file)), "alert", (json_int_t)alert, "valid", valid,
				"mends", mends, "errors", errors, "warnings", warnings, "xml", xml);

	json_dumpf(all, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(all);
}

static void
print_json(const struct repair *r, size_t number, const struct cap_lenient *l)
{
	json_t *mends = json_array(), *errors = json_array(), *warnings = json_array();
	const struct cap_finding *f;
	const struct cap_mend *m;
	size_t i;

	for (i = 0; i < l->n_mends; i++) {
		m = &l->mends[i];
		json_array_append_new(mends, json_pack("{s:s, s:o, s:i, s:o, s:o}", "mend",
						       cap_mend_row(m->kind)->name, "path",
						       cap_json(m->path), "line", m->line, "from",
						       cap_json(m->from), "to", cap_json(m->to)));
	}
	if (l->alert == NULL)
		json_array_append_new(errors, json_finding(l->refusal.rule, CAP_LEVEL_SCHEMA,
							   SV(""), l->refusal.line, l->sentence));
	for (i = 0; l->alert != NULL && i < l->findings->n; i++) {
		f = &l->findings->v[i];
		json_array_append_new(f->warning ? warnings : errors,
				      json_finding(f->rule, f->level, f->path, f->line,
						   f->message));
	}
	print_object(r->file, number, is_valid(l), mends, errors, warnings, cap_json(l->xml));
}

/* At most SHOWN_BYTES of it, on one line. */
static void
put_short(struct sv v)
{
	struct sv cut = utf8_cut(v, SHOWN_BYTES), word, rest = cut;
	const char *space = "";

	while (sv_word(&rest, &word)) {
		fputs(space, stderr);
		cap_put(stderr, word, 0);
		space = " ";
	}
	if (cut.n < v.n)
		fputs("…", stderr);
}

static void
tell_mend(const struct repair *r, const struct cap_mend *m)
{
	cap_put_name(stderr, r->file);
	fprintf(stderr, ":%d: %s", m->line, cap_mend_row(m->kind)->name);
	if (m->path.n > 0) {
		fputc(' ', stderr);
		cap_put(stderr, m->path, 0);
	}
	fputs(": ", stderr);
	put_short(m->from.n > 0 ? m->from : SV("nothing"));
	fputs(" → ", stderr);
	put_short(m->to.n > 0 ? m->to : SV("nothing"));
	fputc('\n', stderr);
}

static void
tell_plain(const struct repair *r, size_t number, size_t n, const struct cap_lenient *l)
{
	size_t i, errors = l->alert == NULL ? 1 : l->findings->errors;

	for (i = 0; i < l->n_mends; i++) {
		/* What was done to the bytes is of all alerts: told once. */
		if (number == 1 || l->mends[i].path.n > 0)
			tell_mend(r, &l->mends[i]);
	}
	cap_put_name(stderr, r->file);
	fputs(": ", stderr);
	if (n > 1)
		fprintf(stderr, "alert %zu of %zu: ", number, n);
	fprintf(stderr, "%zu mend%s, ", l->n_mends, l->n_mends == 1 ? "" : "s");
	if (errors == 0)
		fputs("valid\n", stderr);
	else
		fprintf(stderr, "still not valid, %zu error%s; see tocsin cap check\n", errors,
			errors == 1 ? "" : "s");
}

/* The file's own name, without folder, extension and what a shell or a page might trip over. */
static void
add_stem(struct buf *b, const char *file)
{
	struct sv v = sv_of(strcmp(file, "-") == 0 ? "stdin" : file);
	size_t i, n;
	char c;

	for (i = v.n; i > 0 && v.p[i - 1] != '/'; i--)
		;
	v = sv_from(v, i);
	for (n = v.n; n > 0 && v.p[n - 1] != '.'; n--)
		;
	v = sv_head(v, n > 1 ? n - 1 : v.n);
	for (i = 0; i < v.n && i < NAME_MAX_BYTES; i++) {
		c = v.p[i];
		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    c == '_' || ((c == '.' || c == '-') && i > 0))
			buf_addc(b, c);
		else
			buf_addc(b, '_');
	}
}

/* "DIR/STEM-1.xml" for the first alert; when that is taken "DIR/STEM-1.2.xml" and so on. */
static enum rc
write_file(const struct repair *r, size_t number, struct sv xml, struct err *e)
{
	struct buf path = BUF_INIT(8 * KIB);
	size_t i, stem;
	enum rc rc = RC_CONFLICT;

	buf_addf(&path, "%s/", r->into);
	add_stem(&path, r->file);
	buf_addf(&path, "-%zu", number);
	stem = buf_sv(&path).n;
	for (i = 1; i <= NAMES_TRIED && rc == RC_CONFLICT; i++) {
		buf_cut(&path, stem);
		if (i > 1)
			buf_addf(&path, ".%zu", i);
		buf_adds(&path, ".xml");
		rc = buf_check(&path, "a file's name", e);
		if (rc == RC_OK)
			rc = file_create(buf_str(&path), xml, 0644, e);
	}
	if (rc == RC_OK && !r->json)
		printf("%s\n", buf_str(&path));
	buf_fini(&path);
	return rc;
}

/* Nothing could be read from the file as a whole. */
static void
tell_refused(const struct repair *r, const struct cap_refusal *refusal, const struct err *e)
{
	json_t *errors;

	if (r->json) {
		errors = json_array();
		json_array_append_new(errors, json_refusal(refusal, sv_of(e->text)));
		print_object(r->file, 0, false, json_array(), errors, json_array(), json_null());
		return;
	}
	cap_put_error(r->file, sv_of(e->text));
}

static enum cmd_exit
repair_file(struct repair *r, struct err *e)
{
	const struct cap_lenient *all;
	struct cap_refusal refusal = {cap_rule_row(CAP_RULE_TOO_LARGE)->name, 1};
	struct err why = ERR_INIT;
	enum cmd_exit code = EXIT_YES;
	enum rc rc;
	size_t i, n;

	arena_reset(r->arena);
	buf_reset(&r->text);
	rc = file_read(&r->text, r->file, &why);
	if (rc != RC_OK && rc != RC_LIMIT) {
		cap_put_error(NULL, sv_of(why.text));
		return EXIT_USAGE;
	}
	if (rc == RC_LIMIT)
		cap_too_large(&why);
	if (rc == RC_OK)
		rc = cap_read_lenient(&all, &n, &refusal, r->arena, buf_sv(&r->text), r->max_points,
				      &why);
	if (rc != RC_OK) {
		tell_refused(r, &refusal, &why);
		return EXIT_NO;
	}
	if (n > 1 && r->into == NULL && !r->json) {
		err_set(e, RC_USAGE,
			"%s holds %zu alerts, which are not one message (expected --into DIR for a "
			"file each, or --json)",
			r->file, n);
		return EXIT_USAGE;
	}
	for (i = 0; i < n; i++) {
		if (r->into != NULL && write_file(r, i + 1, all[i].xml, e) != RC_OK)
			return EXIT_WORLD;
		if (r->json)
			print_json(r, i + 1, &all[i]);
		else
			tell_plain(r, i + 1, n, &all[i]);
		if (r->into == NULL && !r->json)
			(void)fwrite(all[i].xml.p, 1, all[i].xml.n, stdout);
		if (!is_valid(&all[i]))
			code = EXIT_NO;
	}
	return code;
}

static enum cmd_exit
run_repair(const struct cmd_args *args, struct err *e)
{
	struct repair r = {.into = cmd_value(args, "into"),
			   .json = cmd_flag(args, "json"),
			   .text = BUF_INIT(LIMIT_CAP_FILE)};
	enum cmd_exit code = EXIT_YES, one;
	long long points = 0;
	size_t i;

	if (cmd_number(args, "simplify", SIMPLIFY_MIN, LIMIT_CAP_POINTS, &points, e) != RC_OK)
		return EXIT_USAGE;
	r.max_points = (size_t)points;
	if (cmd_count(args) > 1 && r.into == NULL && !r.json) {
		err_set(e, RC_USAGE,
			"%zu files would run together on standard output (expected --into DIR for "
			"a file each, or --json)",
			cmd_count(args));
		return EXIT_USAGE;
	}
	if (r.into != NULL && file_mkdir(r.into, 0755, e) != RC_OK)
		return EXIT_WORLD;
	r.arena = arena_new();
	for (i = 0; i < cmd_count(args) && e->rc == RC_OK; i++) {
		r.file = cmd_arg(args, i);
		one = repair_file(&r, e);
		if (one > code)
			code = one;
	}
	arena_free(&r.arena);
	buf_fini(&r.text);
	return code;
}

static const struct cmd_option repair_options[] = {
	{"into", "DIR",
	 "write each alert as a file of its own into this folder, never over another"},
	{"simplify", "N",
	 "replace polygons of more than N points (100 is usual), and those that cross "
	 "themselves, by simple ones that cover them"},
	{"json", NULL, "one JSON object an alert, one a line"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_cap_repair = {
	.name = "cap repair",
	.args = "FILE…",
	.summary = "mend CAP messages where that cannot change their meaning",
	.text = "Reads foreign messages leniently and prints them as CAP 1.2 in Tocsin's one fixed "
		"form. Mended is what cannot change who, where, when or what: a byte order mark, "
		"text around the message, other encodings, feeds and envelopes around it, CAP 1.0 "
		"and 1.1, the order of elements, empty and unknown ones, other forms of times and "
		"values, polygons that are not closed or repeat points. doc/cap-mends.md lists "
		"every mend with the reason. What might change the meaning stays as it is and is "
		"counted as an error: a time without an offset, latitude and longitude that seem "
		"swapped, a circle without radius. \"-\" is standard input.\n\n"
		"The message goes to standard output, the mends to standard error, one a line:\n\n"
		"  FILE:LINE: mend path: from → to\n\n"
		"then how many there were, and whether the message is valid now by the rules of "
		"tocsin cap check. With --json one object an alert:\n\n"
		"  {\"file\",\"alert\",\"valid\",\"mends\":[{\"mend\",\"path\",\"line\",\"from\","
		"\"to\"}],\n"
		"  \"errors\":[{\"rule\",\"level\",\"path\",\"line\",\"message\"}],\"warnings\":"
		"[…],\"xml\"}\n\n"
		"Lines of mends are those of FILE; lines of errors are those of the mended "
		"message. "
		"A file that cannot be read as XML, or holds no alert, is alert 0 with xml "
		"null.\n\n"
		"A file may hold several alerts: in a feed, in an EDXL or SOAP envelope, or as "
		"text in "
		"one of them. They are counted from 1, and several are written to files (--into) "
		"or as JSON only.\n\n"
		"A signature holds for the bytes it was made for: the mended message has none, "
		"which "
		"is recorded. Verify the original.\n\n"
		"--simplify is the one mend that changes a shape, and so is made on request only; "
		"the "
		"new polygon covers the old one.\n\n"
		"Exit 0: every message is valid now. 1: one is not, or there was nothing to read "
		"in a "
		"file. 2: a file cannot be read, or several messages have no place to go. 3: a "
		"file "
		"cannot be written.",
	.options = repair_options,
	.min_args = 1,
	.max_args = -1,
	.run = run_repair,
};
