/*
 * cmd_desk.c — tocsin people forget, export …: acts of officers on persons.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/time.h"
#include "cmd/open.h"
#include "desk/desk_export.h"
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

static enum cmd_exit
run_request(const struct cmd_args *a, struct err *e)
{
	struct open o = {0};
	long long alert = 0;
	int64_t id = 0;
	enum rc rc = cmd_number(a, "alert", 1, INT64_MAX, &alert, e);

	if (rc == RC_OK && (cmd_value(a, "to") == NULL || cmd_value(a, "reason") == NULL))
		rc = err_set(e, RC_USAGE, "an export needs --to PUBLIC-KEY and --reason TEXT");
	if (rc == RC_OK)
		rc = open_desk(&o, a, true, e);
	if (rc == RC_OK)
		rc = desk_export_request(&o.desk, &o.officer, alert, sv_of(cmd_value(a, "to")),
					 sv_of(cmd_value(a, "reason")), time_now(), &id, e);
	if (rc == RC_OK)
		printf("export %lld is asked for: another officer approves it with: tocsin export "
		       "approve %lld\n",
		       (long long)id, (long long)id);
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum cmd_exit
run_approve(const struct cmd_args *a, struct err *e)
{
	struct open o = {0};
	int64_t id;
	enum rc rc = open_id(cmd_arg(a, 0), "export", &id, e);

	if (rc == RC_OK)
		rc = open_desk(&o, a, true, e);
	if (rc == RC_OK)
		rc = desk_export_approve(&o.desk, &o.officer, id, time_now(), e);
	if (rc == RC_OK)
		printf("export %lld is approved: it can be fetched once, within an hour\n",
		       (long long)id);
	open_fini(&o);
	return cmd_exit_of(rc);
}

static enum rc
write_out(void *arg, struct sv bytes, struct err *e)
{
	return file_write_all(*(int *)arg, bytes, e);
}

static enum cmd_exit
run_fetch(const struct cmd_args *a, struct err *e)
{
	const char *path = cmd_arg(a, 1);
	struct open_sealer keys = {0};
	struct open o = {0};
	int64_t id, persons = 0;
	int fd = -1;
	enum rc rc = open_id(cmd_arg(a, 0), "export", &id, e);

	if (rc == RC_OK)
		rc = open_desk(&o, a, true, e);
	if (rc == RC_OK)
		rc = open_sealer(&keys, a, e);
	if (rc == RC_OK && (fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) < 0)
		rc = err_errno(e, RC_IO, "%s: cannot be made", path);
	if (rc == RC_OK)
		rc = desk_export_fetch(&o.desk, &o.officer, keys.sealer, id, time_now(), write_out, &fd,
				       &persons, e);
	if (rc == RC_OK && fsync(fd) != 0)
		rc = err_errno(e, RC_IO, "%s: cannot be synced", path);
	if (fd >= 0) {
		close(fd);
		if (rc != RC_OK)
			unlink(path);
	}
	if (rc == RC_OK)
		printf("%lld persons, encrypted, in %s\n", (long long)persons, path);
	open_sealer_fini(&keys);
	open_fini(&o);
	return cmd_exit_of(rc);
}

static const struct cmd_option request_options[] = {
	OPEN_AS_OPTION,
	{"alert", "ID", "only the audience of this alert (default: everybody)"},
	{"to", "PUBLIC-KEY", "whom it is encrypted to: tocsin-public-…"},
	{"reason", "TEXT", "why; it goes into the audit log"},
	{NULL, NULL, NULL},
};

#define EXPORT_TEXT                                                                                \
	"An export needs two officers: one asks, another approves. It is encrypted to the asker's " \
	"public key and can be fetched once, by the asker, within an hour."

const struct cmd cmd_people_forget = {
	"people forget", "REF", "forget a person for good",
	"Destroys the key of the person's details and leaves a tombstone, so that a restored backup "
	"forgets again.",
	as_option, 1, 1, run_forget};
const struct cmd cmd_export_request = {"export request", "", "ask for an export of persons",
				       EXPORT_TEXT, request_options, 0, 0, run_request};
const struct cmd cmd_export_approve = {"export approve", "ID",
				       "approve an export that somebody else asked for", EXPORT_TEXT,
				       as_option, 1, 1, run_approve};
const struct cmd cmd_export_fetch = {"export fetch", "ID FILE", "fetch an approved export",
				     EXPORT_TEXT, as_option, 2, 2, run_fetch};
