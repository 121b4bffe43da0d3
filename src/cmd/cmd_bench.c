/*
 * cmd_bench.c — tocsin bench NAME: the project's own measurements, one line of
 * JSON each.
 */
#include <string.h>

#include "cmd/bench.h"
#include "cmd/cmd.h"

static const struct {
	const char *name;
	enum cmd_exit (*run)(const struct cmd_args *, struct err *);
} benches[] = {
	{"cap", bench_cap},
	{"audience", bench_audience},
	{"outbox", bench_outbox},
	{"people", bench_people},
};

static enum cmd_exit
run_bench(const struct cmd_args *a, struct err *e)
{
	const char *name = cmd_arg(a, 0);
	size_t i;

	for (i = 0; i < ARRAY_LEN(benches); i++)
		if (strcmp(benches[i].name, name) == 0)
			return benches[i].run(a, e);
	return cmd_exit_of(
		err_set(e, RC_USAGE,
			"there is no measurement \"%s\" (expected cap, audience, outbox or "
			"people)",
			name));
}

static const struct cmd_option bench_options[] = {
	{"stays", "N", "audience: how many stays (default 1000000)"},
	{"seed", "S", "audience, people: of the made-up data (default 1)"},
	{"expr", "E", "audience: an expression instead of the alert's own"},
	{"rows", "N", "outbox: how many deliveries (default 100000)"},
	{"store", "URI", "outbox: measure on PostgreSQL instead of a scratch SQLite file"},
	{"count", "N", "people: how many persons to import (default 100000)"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_bench = {
	"bench",
	"NAME [FILE…]",
	"measure this program on this machine",
	"Prints one line of JSON: bench, value, unit, n, peak_rss_kib and what belongs to it.\n\n"
	"  tocsin bench cap FILE…\n"
	"  tocsin bench audience --stays 1000000 ALERT.xml\n"
	"  tocsin bench outbox --rows 100000\n"
	"  tocsin bench people --count 100000",
	bench_options,
	1,
	-1,
	run_bench};
