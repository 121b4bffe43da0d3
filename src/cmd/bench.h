/*
 * bench.h — the measurements of `tocsin bench`. The first argument is the
 * measurement's name; each prints one line of JSON on stdout.
 */
#ifndef CMD_BENCH_H
#define CMD_BENCH_H

#include "cmd/cmd.h"

enum cmd_exit bench_cap(const struct cmd_args *, struct err *);
enum cmd_exit bench_audience(const struct cmd_args *, struct err *);
enum cmd_exit bench_outbox(const struct cmd_args *, struct err *);
enum cmd_exit bench_people(const struct cmd_args *, struct err *);

#endif
