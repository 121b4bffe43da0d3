/*
 * cmd_help.h — --help texts and manual pages (mdoc(7)), printed from the
 * command tables and the configuration table.
 */
#ifndef CMD_CMD_HELP_H
#define CMD_CMD_HELP_H

#include <stdbool.h>
#include <stdio.h>

#include "cmd/cmd.h"

void cmd_help(FILE *, const struct cmd *);
void cmd_help_all(FILE *);
/* The commands whose first word is `word`; false when there are none. */
bool cmd_help_group(FILE *, const char *word);

void cmd_man(FILE *, const struct cmd *); /* tocsin-cap-check(1) */
void cmd_man_all(FILE *);                 /* tocsin(1) */
/* Text in which a line's first '.' or ''' and every '\' are made harmless. */
void cmd_man_text(FILE *, const char *text);

#endif
