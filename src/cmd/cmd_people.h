/*
 * cmd_people.h — what the people commands and their measurement share.
 */
#ifndef CMD_CMD_PEOPLE_H
#define CMD_CMD_PEOPLE_H

#include "cmd/cmd.h"

/* `tocsin bench people --count N [--seed S]`: N sample people into a scratch store in a
 * temporary folder; one JSON line. */
enum cmd_exit bench_people(const struct cmd_args *, struct err *);

#endif
