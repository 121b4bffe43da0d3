/*
 * cmd.c — from argv to a command, its result to an exit code.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/cmd_args.h"
#include "cmd/cmd_help.h"
#include "cmd/cmd_list.h"

enum cmd_exit
cmd_exit_of(enum rc rc)
{
	switch (rc) {
	case RC_OK:
		return EXIT_YES;
	case RC_USAGE:
	case RC_SYNTAX:
	case RC_LIMIT:
		return EXIT_USAGE;
	case RC_NOTFOUND:
	case RC_CONFLICT:
	case RC_DENIED:
		return EXIT_NO;
	case RC_IO:
	case RC_TIMEOUT:
		return EXIT_WORLD;
	}
	return EXIT_WORLD;
}

/* The command of one or two words at argv[1]; *ret_words of them. */
static const struct cmd *
find_cmd(int argc, char **argv, int *ret_words)
{
	char two[128];
	size_t i;

	two[0] = '\0';
	if (argc > 2)
		snprintf(two, sizeof(two), "%s %s", argv[1], argv[2]);
	for (i = 0; i < cmd_list_n; i++) {
		if (strcmp(cmd_list[i]->name, two) == 0) {
			*ret_words = 2;
			return cmd_list[i];
		}
	}
	for (i = 0; i < cmd_list_n; i++) {
		if (strcmp(cmd_list[i]->name, argv[1]) == 0) {
			*ret_words = 1;
			return cmd_list[i];
		}
	}
	return NULL;
}

static enum cmd_exit
run_cmd(const struct cmd *cmd, int argc, char **argv)
{
	struct cmd_args *args = NULL;
	struct err e = ERR_INIT;
	enum cmd_exit code;
	enum rc rc = cmd_args_parse(&args, cmd, argc, argv, &e);

	if (rc != RC_OK) {
		code = cmd_exit_of(rc);
	} else if (cmd_flag(args, "help")) {
		cmd_help(stdout, cmd);
		code = EXIT_YES;
	} else {
		code = cmd->run(args, &e);
	}
	cmd_progress_end();
	if (fflush(stdout) != 0 && code < EXIT_WORLD) {
		fprintf(stderr, "tocsin: standard output cannot be written\n");
		code = EXIT_WORLD;
	}
	if (e.text[0] != '\0')
		fprintf(stderr, "tocsin: %s\n", e.text);
	cmd_args_free(&args);
	return code;
}

enum cmd_exit
cmd_main(int argc, char **argv)
{
	const struct cmd *cmd;
	int words = 0;

	if (argc < 2) {
		cmd_help_all(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		cmd_help_all(stdout);
		return EXIT_YES;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("tocsin %s\n", TOCSIN_VERSION);
		return EXIT_YES;
	}
	cmd = find_cmd(argc, argv, &words);
	if (cmd == NULL) {
		/* "tocsin cap --help" asks for the list that a wrong word gets as well. */
		if (argc == 3 && strcmp(argv[2], "--help") == 0 && cmd_help_group(stdout, argv[1]))
			return EXIT_YES;
		if (!cmd_help_group(stderr, argv[1]))
			fprintf(stderr, "tocsin: there is no command \"%s\" (see tocsin --help)\n",
				argv[1]);
		else if (argc > 2)
			fprintf(stderr, "tocsin: there is no command \"%s %s\"\n", argv[1],
				argv[2]);
		return EXIT_USAGE;
	}
	return run_cmd(cmd, argc - 1 - words, argv + 1 + words);
}

static bool progress_shown;
static int64_t progress_at;

void
cmd_progress(const char *what, unsigned long long done, unsigned long long total)
{
	int64_t now = time_mono_ms();
	int width = 30, full;

	if (!isatty(STDERR_FILENO) || (progress_shown && now - progress_at < 100 && done != total))
		return;
	progress_shown = true;
	progress_at = now;
	if (total == 0) {
		fprintf(stderr, "\r%s %llu", what, done);
		return;
	}
	full = (int)(done * (unsigned long long)width / total);
	fprintf(stderr, "\r%s [%.*s%*s] %llu of %llu", what, full, "##############################",
		width - full, "", done, total);
}

void
cmd_progress_end(void)
{
	if (progress_shown)
		fputc('\n', stderr);
	progress_shown = false;
}
