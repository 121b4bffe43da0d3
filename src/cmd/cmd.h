/*
 * cmd.h — a subcommand as data: --help, the man page, the parser and the
 * documentation check all come from its table.
 *
 * A cmd_<name>.c defines one `const struct cmd` per command (cmd_cap_check,
 * cmd_people_import …); commands.def lists them.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

/* DESIGN 5: the same meaning for every command; with several inputs the highest. */
enum cmd_exit {
	EXIT_YES = 0,   /* done, yes */
	EXIT_NO = 1,    /* the answer is no */
	EXIT_USAGE = 2, /* wrong usage, or a file that cannot be read */
	EXIT_WORLD = 3, /* store, disk or network */
};

struct cmd_args;

struct cmd_option {
	const char *name; /* "json": given as --json */
	const char *arg;  /* "FILE", or NULL for a flag */
	const char *text; /* one sentence, no full stop */
};

struct cmd {
	const char *name;                 /* "cap check": one or two words */
	const char *args;                 /* as in the usage line: "FILE…" */
	const char *summary;              /* one line, lower case, no full stop */
	const char *text;                 /* paragraphs for the manual, an empty line between; lines
	                      * that begin with two spaces are shown as they are */
	const struct cmd_option *options; /* ends with a NULL name; may be NULL */
	int min_args;
	int max_args; /* -1: no bound */
	enum cmd_exit (*run)(const struct cmd_args *, struct err *);
};

/* Options of every command: --help, --data DIR. */

bool cmd_flag(const struct cmd_args *, const char *name);
/* The option's last value, or NULL. */
const char *cmd_value(const struct cmd_args *, const char *name);
/* The i-th value of an option given several times, or NULL. */
const char *cmd_value_at(const struct cmd_args *, const char *name, size_t i);
size_t cmd_count(const struct cmd_args *);
const char *cmd_arg(const struct cmd_args *, size_t i);
/* The data folder: --data, else var/ when it exists, else /var/lib/tocsin. */
const char *cmd_data(const struct cmd_args *);
/* A whole number option within [min, max]; RC_USAGE with a sentence. *ret keeps
 * its value when the option is absent. */
enum rc cmd_number(const struct cmd_args *, const char *name, long long min, long long max,
		   long long *ret, struct err *) CHECKED;

/* The exit code that a failure means: USAGE for RC_USAGE, RC_SYNTAX, RC_LIMIT of
 * the input; NO for RC_NOTFOUND, RC_CONFLICT, RC_DENIED; WORLD for the rest. */
enum cmd_exit cmd_exit_of(enum rc);

/* Run returns an exit; when err was written the caller prints "tocsin: sentence"
 * on stderr. Results go to stdout. */
enum cmd_exit cmd_main(int argc, char **argv);

/* A bar on stderr when it is a terminal; done of total, total 0: unknown. */
void cmd_progress(const char *what, unsigned long long done, unsigned long long total);
void cmd_progress_end(void);

#endif
