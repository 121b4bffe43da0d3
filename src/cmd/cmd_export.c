/*
 * cmd_export.c — tocsin export …: details for an officer's own eyes, asked for by
 * one, approved by another, encrypted to the first; and the two commands the
 * asker needs on their own machine, which touch no installation.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "cmd/open.h"
#include "crypt/box.h"
#include "desk/desk_export.h"

#define FILE_MAX GIB /* a hundred million persons are exported by alert, not at once */

static const struct cmd_option as_option[] = {OPEN_AS_OPTION, {NULL, NULL, NULL}};

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
		rc = desk_export_fetch(&o.desk, &o.officer, keys.sealer, id, time_now(), write_out,
				       &fd, &persons, e);
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

#define EXPORT_TEXT                                                                     \
	"An export needs two officers: one asks, another approves. It is encrypted to " \
	"the asker's public key and can be fetched once, by the asker, within an hour."

const struct cmd cmd_export_request = {
	"export request", "", "ask for an export of persons", EXPORT_TEXT, request_options, 0, 0,
	run_request};
const struct cmd cmd_export_approve = {"export approve",
				       "ID",
				       "approve an export that somebody else asked for",
				       EXPORT_TEXT,
				       as_option,
				       1,
				       1,
				       run_approve};
const struct cmd cmd_export_fetch = {
	"export fetch", "ID FILE", "fetch an approved export", EXPORT_TEXT, as_option, 2, 2,
	run_fetch};

static enum cmd_exit
run_key(const struct cmd_args *a, struct err *e)
{
	struct buf public_text = BUF_INIT(256), secret = BUF_INIT(256);
	enum rc rc;

	box_make_pair(&public_text, &secret);
	buf_addc(&secret, '\n');
	rc = file_create(cmd_arg(a, 0), buf_sv(&secret), 0600, e);
	if (rc == RC_OK)
		printf("%s\n", buf_str(&public_text));
	mem_wipe(secret.p, secret.n);
	buf_fini(&secret);
	buf_fini(&public_text);
	return cmd_exit_of(rc);
}

static enum rc
read_secret(struct crypt_key *ret, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_KEY_FILE);
	enum rc rc;

	if (path == NULL)
		return err_set(e, RC_USAGE, "name the secret key's file: --key FILE");
	rc = file_read(&text, path, e);
	if (rc == RC_OK)
		rc = box_parse_secret(ret, sv_trim(buf_sv(&text)), e);
	mem_wipe(text.p, text.n);
	buf_fini(&text);
	return rc;
}

static enum rc
print_out(void *arg, struct sv bytes, struct err *e)
{
	(void)arg;
	if (fwrite(bytes.p, 1, bytes.n, stdout) != bytes.n)
		return err_set(e, RC_IO, "standard output cannot be written");
	return RC_OK;
}

static enum cmd_exit
run_open(const struct cmd_args *a, struct err *e)
{
	struct buf file = BUF_INIT(FILE_MAX);
	struct crypt_key key;
	enum rc rc = read_secret(&key, cmd_value(a, "key"), e);

	if (rc == RC_OK)
		rc = file_read(&file, cmd_arg(a, 0), e);
	if (rc == RC_OK) {
		rc = box_read(buf_sv(&file), &key, print_out, NULL, e);
		if (rc != RC_OK)
			rc = err_in(e, rc, cmd_arg(a, 0));
	}
	mem_wipe(&key, sizeof(key));
	buf_fini(&file);
	return cmd_exit_of(rc);
}

static const struct cmd_option open_options[] = {
	{"key", "FILE", "the secret key, as tocsin export key wrote it"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_export_key = {
	"export key",
	"FILE",
	"make a key pair for exports: the secret one into a new file",
	"Prints the public key, which export request takes with --to. Keep FILE on your own "
	"machine.",
	NULL,
	1,
	1,
	run_key};
const struct cmd cmd_export_open = {
	"export open",
	"FILE",
	"decrypt a fetched export to standard output",
	"The result is a people CSV. Lines already printed when a cut or changed file is "
	"noticed are "
	"not to be trusted: look at the exit code.",
	open_options,
	1,
	1,
	run_open};
