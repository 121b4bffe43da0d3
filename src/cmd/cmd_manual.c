/*
 * cmd_manual.c — tocsin manual: the manual pages, printed from the same tables
 * that run the commands.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd_help.h"
#include "cmd/cmd_list.h"
#include "cmd/config.h"

/* "tocsin-cap-check", "cap-check", "cap check" */
static bool
names(const struct cmd *cmd, const char *text)
{
	const char *p = cmd->name;

	if (strncmp(text, "tocsin-", 7) == 0)
		text += 7;
	for (; *p != '\0' && *text != '\0'; p++, text++)
		if (*p != *text && !(*p == ' ' && *text == '-'))
			return false;
	return *p == *text;
}

static void
list(void)
{
	const char *p;
	size_t i;

	printf("tocsin.1\ntocsin.conf.5\n");
	for (i = 0; i < cmd_list_n; i++) {
		printf("tocsin-");
		for (p = cmd_list[i]->name; *p != '\0'; p++)
			putchar(*p == ' ' ? '-' : *p);
		printf(".1\n");
	}
}

static enum cmd_exit
run_manual(const struct cmd_args *a, struct err *e)
{
	const char *name;
	size_t i;

	if (cmd_flag(a, "list")) {
		list();
		return EXIT_YES;
	}
	name = cmd_count(a) > 0 ? cmd_arg(a, 0) : "tocsin";
	if (strcmp(name, "tocsin") == 0) {
		cmd_man_all(stdout);
		return EXIT_YES;
	}
	if (strcmp(name, "tocsin.conf") == 0) {
		config_man(stdout);
		return EXIT_YES;
	}
	for (i = 0; i < cmd_list_n; i++) {
		if (names(cmd_list[i], name)) {
			cmd_man(stdout, cmd_list[i]);
			return EXIT_YES;
		}
	}
	return cmd_exit_of(
		err_set(e, RC_USAGE, "there is no manual page \"%s\" (see --list)", name));
}

static const struct cmd_option manual_options[] = {
	{"list", NULL, "list the pages"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_manual = {"manual",
			       "[PAGE]",
			       "print a manual page (mdoc source)",
			       "For a terminal: tocsin manual tocsin.conf | man -l -",
			       manual_options,
			       0,
			       1,
			       run_manual};
