/*
 * cmd_keys.c — tocsin keys fingerprint: the signing certificate as people read it, from
 * paper or a poster, to know the authority's signature again.
 */
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/time.h"
#include "cmd/open.h"
#include "crypt/sign.h"

#define LINE_GROUPS 20 /* four groups of four and their spaces */

static enum rc
read_cert(struct sign_cert *ret, const struct cmd_args *a, struct err *e)
{
	struct buf pem = BUF_INIT(LIMIT_KEY_FILE);
	const char *path = cmd_value(a, "cert");
	char own[OPEN_PATH];
	enum rc rc = RC_OK;

	if (path == NULL) {
		rc = open_path(own, cmd_data(a), "keys/sign.crt", e);
		path = own;
	}
	if (rc == RC_OK)
		rc = file_read(&pem, path, e);
	if (rc == RC_OK) {
		rc = crypt_read_cert(ret, buf_sv(&pem), e);
		if (rc != RC_OK)
			rc = err_in(e, rc, path);
	}
	buf_fini(&pem);
	return rc == RC_OK ? rc : RC_USAGE;
}

static enum cmd_exit
run_fingerprint(const struct cmd_args *a, struct err *e)
{
	struct buf days = BUF_INIT(64);
	struct sign_cert cert;
	size_t i, n;
	int64_t now = time_now();
	enum rc rc = read_cert(&cert, a, e);

	if (rc != RC_OK)
		return cmd_exit_of(rc);
	time_add_date(&days, time_utc_day(cert.from));
	buf_adds(&days, " to ");
	time_add_date(&days, time_utc_day(cert.until));
	printf("signer       %s\nholds        %s%s\nfingerprint  ", cert.subject, buf_str(&days),
	       cert.until < now  ? " (expired)"
	       : cert.from > now ? " (not yet)"
				 : "");
	n = strlen(cert.fingerprint);
	for (i = 0; i < n; i += LINE_GROUPS)
		printf("%s%.*s\n", i > 0 ? "             " : "", LINE_GROUPS - 1,
		       cert.fingerprint + i);
	buf_fini(&days);
	return EXIT_YES;
}

static const struct cmd_option fingerprint_options[] = {
	{"cert", "FILE", "of this certificate instead of the installation's"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_keys_fingerprint = {
	.name = "keys fingerprint",
	.args = "",
	.summary = "print the fingerprint of the signing certificate",
	.text = "Prints the name, the validity and the SHA-256 fingerprint of the certificate that "
		"this installation signs alerts with, in groups of four for paper, posters and "
		"business cards. Who has it from there can compare it with what tocsin cap verify, "
		"the page /verify, or openssl x509 -noout -fingerprint -sha256 says. It is no "
		"secret.\n\n"
		"Exit 0: printed. 2: there is no certificate, or it cannot be read.",
	.options = fingerprint_options,
	.min_args = 0,
	.max_args = 0,
	.run = run_fingerprint,
};
