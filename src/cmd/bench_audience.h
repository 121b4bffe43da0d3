/*
 * bench_audience.h — `tocsin bench audience --stays N --seed S [--expr E] ALERT.xml`.
 */
#ifndef CMD_BENCH_AUDIENCE_H
#define CMD_BENCH_AUDIENCE_H

#include "cmd/cmd.h"

/* The first argument is the word "audience", the second the alert. */
enum cmd_exit bench_audience(const struct cmd_args *, struct err *);

#endif
