/*
 * cmd_help.c — see cmd_help.h.
 */
#include <string.h>

#include "base/sv.h"
#include "cmd/cmd_args.h"
#include "cmd/cmd_help.h"
#include "cmd/cmd_list.h"

static void
help_options(FILE *f, const struct cmd_option *o)
{
	char head[64];

	for (; o != NULL && o->name != NULL; o++) {
		snprintf(head, sizeof(head), "--%s%s%s", o->name, o->arg != NULL ? " " : "",
			 o->arg != NULL ? o->arg : "");
		fprintf(f, "  %-22s  %s\n", head, o->text);
	}
}

void
cmd_help(FILE *f, const struct cmd *cmd)
{
	fprintf(f, "usage: tocsin %s%s%s%s\n\n%s\n\n", cmd->name,
		cmd->options != NULL ? " [OPTION…]" : "", cmd->args[0] != '\0' ? " " : "",
		cmd->args, cmd->summary);
	if (cmd->text != NULL && cmd->text[0] != '\0')
		fprintf(f, "%s\n\n", cmd->text);
	fprintf(f, "options:\n");
	help_options(f, cmd->options);
	help_options(f, cmd_common_options);
}

static void
help_line(FILE *f, const struct cmd *cmd)
{
	fprintf(f, "  %-18s  %s\n", cmd->name, cmd->summary);
}

void
cmd_help_all(FILE *f)
{
	size_t i;

	fprintf(f, "usage: tocsin COMMAND [OPTION…] [ARGUMENT…]\n\n"
		   "Warn the right people abroad, in time, and count who is safe.\n\n");
	for (i = 0; i < cmd_list_n; i++)
		help_line(f, cmd_list[i]);
	fprintf(f, "\ntocsin COMMAND --help tells more. Exit: 0 done or yes, 1 no, 2 usage or "
		   "unreadable input, 3 store, disk or network.\n");
}

static bool
in_group(const struct cmd *cmd, const char *word)
{
	size_t n = strlen(word);

	return strncmp(cmd->name, word, n) == 0 && cmd->name[n] == ' ';
}

bool
cmd_help_group(FILE *f, const char *word)
{
	bool found = false;
	size_t i;

	for (i = 0; i < cmd_list_n; i++) {
		if (!in_group(cmd_list[i], word))
			continue;
		if (!found)
			fprintf(f, "usage: tocsin %s …, one of:\n", word);
		help_line(f, cmd_list[i]);
		found = true;
	}
	return found;
}

/* With `sentences` each begins a line of its own, as mdoc wants it. */
static void
man_run(FILE *f, struct sv text, bool sentences)
{
	bool line_start = true;
	size_t i;

	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (sentences && c == ' ' && i > 0 && strchr(".!?", text.p[i - 1]) != NULL)
			c = '\n';
		if (line_start && (c == '.' || c == '\''))
			fputs("\\&", f);
		if (c == '\\')
			fputs("\\e", f);
		else
			fputc(c, f);
		line_start = c == '\n';
	}
}

void
cmd_man_text(FILE *f, const char *text)
{
	man_run(f, sv_of(text), true);
}

/* Paragraphs to mdoc: empty lines part them, indented lines stand as they are. */
static void
man_paragraphs(FILE *f, const char *text)
{
	struct sv_split lines = sv_split_of(sv_of(text), '\n');
	bool shown = false, parted = false;
	struct sv line;

	while (sv_split_next(&lines, &line)) {
		bool as_is = sv_starts(line, SV("  "));

		if (as_is != shown)
			fputs(as_is ? ".Bd -literal -offset indent\n" : ".Ed\n", f);
		shown = as_is;
		if (line.n == 0) {
			parted = true;
			continue;
		}
		/* A display parts paragraphs by itself. */
		if (parted && !as_is)
			fputs(".Pp\n", f);
		parted = false;
		man_run(f, as_is ? sv_from(line, 2) : line, !as_is);
		fputc('\n', f);
	}
	if (shown)
		fputs(".Ed\n", f);
}

static void
man_option(FILE *f, const struct cmd_option *o)
{
	fprintf(f, ".It Fl Fl %s%s", o->name, o->arg != NULL ? " Ar " : "");
	if (o->arg != NULL)
		cmd_man_text(f, o->arg);
	fputc('\n', f);
	cmd_man_text(f, o->text);
	fputs(".\n", f);
}

static void
man_options(FILE *f, const struct cmd *cmd)
{
	const struct cmd_option *o;

	fputs(".Sh OPTIONS\n.Bl -tag -width Ds\n", f);
	for (o = cmd->options; o != NULL && o->name != NULL; o++)
		man_option(f, o);
	for (o = cmd_common_options; o->name != NULL; o++)
		man_option(f, o);
	fputs(".El\n", f);
}

static void
man_exit(FILE *f)
{
	fputs(".Sh EXIT STATUS\n"
	      ".Bl -tag -width Ds -compact\n"
	      ".It 0\ndone, or the answer is yes\n"
	      ".It 1\nthe answer is no\n"
	      ".It 2\nwrong usage, or input that cannot be read\n"
	      ".It 3\nstore, disk or network failed\n"
	      ".El\n",
	      f);
}

static void
man_name(FILE *f, const struct cmd *cmd)
{
	const char *p;

	fputs("tocsin-", f);
	for (p = cmd->name; *p != '\0'; p++)
		fputc(*p == ' ' ? '-' : *p, f);
}

void
cmd_man(FILE *f, const struct cmd *cmd)
{
	fputs(".Dd $Mdocdate$\n.Dt ", f);
	man_name(f, cmd);
	fputs(" 1\n.Os\n.Sh NAME\n.Nm ", f);
	man_name(f, cmd);
	fprintf(f, "\n.Nd %s\n.Sh SYNOPSIS\n.Nm tocsin %s\n", cmd->summary, cmd->name);
	if (cmd->options != NULL)
		fputs(".Op Ar option ...\n", f);
	if (cmd->args[0] != '\0') {
		fputs(".Ar ", f);
		cmd_man_text(f, cmd->args);
		fputc('\n', f);
	}
	fputs(".Sh DESCRIPTION\n", f);
	man_paragraphs(f, cmd->text != NULL && cmd->text[0] != '\0' ? cmd->text : cmd->summary);
	man_options(f, cmd);
	man_exit(f);
	fputs(".Sh SEE ALSO\n.Xr tocsin 1 ,\n.Xr tocsin.conf 5\n", f);
}

void
cmd_man_all(FILE *f)
{
	size_t i;

	fputs(".Dd $Mdocdate$\n.Dt TOCSIN 1\n.Os\n.Sh NAME\n.Nm tocsin\n"
	      ".Nd the warning service that an authority runs itself\n"
	      ".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar option ...\n.Op Ar argument ...\n"
	      ".Sh DESCRIPTION\n"
	      "From an alert to the people it concerns, in their language, on a channel that\n"
	      "still works, and back to a count of who is safe.\n"
	      ".Sh COMMANDS\n.Bl -tag -width Ds\n",
	      f);
	for (i = 0; i < cmd_list_n; i++)
		fprintf(f, ".It Ic %s\n%s.\n", cmd_list[i]->name, cmd_list[i]->summary);
	fputs(".El\n", f);
	man_exit(f);
	fputs(".Sh SEE ALSO\n.Xr tocsin.conf 5\n", f);
}
