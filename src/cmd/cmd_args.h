/*
 * cmd_args.h — a command line against a command's table.
 */
#ifndef CMD_CMD_ARGS_H
#define CMD_CMD_ARGS_H

#include "cmd/cmd.h"

/* Options of every command, ended by a NULL name. */
extern const struct cmd_option cmd_common_options[];

/* argv after the command's name. RC_USAGE with a sentence. */
enum rc cmd_args_parse(struct cmd_args **ret, const struct cmd *, int argc, char **argv,
		       struct err *) CHECKED;
void cmd_args_free(struct cmd_args **);

#endif
