/*
 * cmd_forget.c — tocsin people forget.
 */
#include <stdio.h>

#include "base/time.h"
#include "cmd/open.h"
#include "desk/desk_person.h"

static const struct cmd_option as_option[] = {OPEN_AS_OPTION, {NULL, NULL, NULL}};

static enum cmd_exit
run_forget(const struct cmd_args *a, struct err *e)
{
	struct open_sealer keys = {0};
	struct open o = {0};
	enum rc rc = open_desk(&o, a, true, e);

	if (rc == RC_OK)
		rc = open_sealer(&keys, a, e);
	if (rc == RC_OK)
		rc = desk_person_forget(&o.desk, &o.officer, keys.sealer, sv_of(cmd_arg(a, 0)),
					time_now(), e);
	if (rc == RC_OK)
		printf("%s is forgotten: the key is destroyed\n", cmd_arg(a, 0));
	open_sealer_fini(&keys);
	open_fini(&o);
	return cmd_exit_of(rc);
}

const struct cmd cmd_people_forget = {
	"people forget",
	"REF",
	"forget a person for good",
	"Destroys the key of the person's details and leaves a tombstone, so that a restored "
	"backup "
	"forgets again.",
	as_option,
	1,
	1,
	run_forget};
