/*
 * cmd_cap_sign.c — `tocsin cap sign` and `tocsin cap verify`.
 *
 * Signing is a producer's act: a message that is not valid is not signed. Verifying is a
 * consumer's: it tells of any alert what its signatures show, valid CAP or not.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "cap/cap_read.h"
#include "cmd/cmd_cap.h"
#include "cmd/cmd_list.h"
#include "crypt/message_code.h"
#include "crypt/sign.h"

#define TRUST_MAX MIB

/* Bad habits are told, and do not stop an alert. */
static void
warn_key(const char *path, int64_t now, struct sv cert_pem)
{
	struct sign_cert cert;
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
		fprintf(stderr,
			"tocsin: warning: %s: its mode is %04o, so that others than its owner can "
			"sign (expected 0600)\n",
			path, (unsigned)(st.st_mode & 07777));
	if (crypt_read_cert(&cert, cert_pem, NULL) == RC_OK &&
	    (cert.until < now || cert.from > now))
		fprintf(stderr, "tocsin: warning: the certificate %s\n",
			cert.until < now ? "has expired: nobody will trust the signature"
					 : "does not hold yet: nobody will trust the signature");
}

static enum rc
check_valid(struct sv text, const char *file, struct err *e)
{
	const struct cap_findings *findings = NULL;
	const struct cap_alert *alert = NULL;
	struct arena *a = arena_new();
	enum rc rc = cap_read(&alert, &findings, a, text, e);
	size_t i;

	if (rc != RC_OK)
		rc = err_in(e, RC_CONFLICT, file);
	for (i = 0; rc == RC_OK && i < findings->n; i++)
		if (!findings->v[i].warning)
			rc = err_set(e, RC_CONFLICT,
				     "%s:%d: not valid, so it is not signed: %.*s: %.*s (%zu "
				     "error%s; see tocsin cap check)",
				     file, findings->v[i].line, SV_ARG(findings->v[i].path),
				     SV_ARG(findings->v[i].message), findings->errors,
				     findings->errors == 1 ? "" : "s");
	/* Their schemas have no place for a signature. */
	if (rc == RC_OK && alert->version != CAP_VERSION_1_2)
		rc = err_set(
			e, RC_CONFLICT,
			"%s: CAP %s has no place for a signature (expected CAP 1.2, which tocsin "
			"cap repair makes of it)",
			file, cap_version_name(alert->version));
	arena_free(&a);
	return rc;
}

static enum cmd_exit
run_sign(const struct cmd_args *args, struct err *e)
{
	const char *key_path = cmd_value(args, "key"), *cert_path = cmd_value(args, "cert");
	const char *file = cmd_arg(args, 0);
	struct buf key = BUF_INIT(LIMIT_KEY_FILE), cert = BUF_INIT(LIMIT_KEY_FILE);
	struct buf text = BUF_INIT(LIMIT_CAP_FILE), out = BUF_INIT(2 * LIMIT_CAP_FILE);
	enum rc rc;

	if (key_path == NULL || cert_path == NULL) {
		rc = err_set(e, RC_USAGE, "signing needs --key FILE and --cert FILE");
		goto out;
	}
	rc = file_read(&text, file, e);
	if (rc == RC_OK)
		rc = file_read(&key, key_path, e);
	if (rc == RC_OK)
		rc = file_read(&cert, cert_path, e);
	if (rc != RC_OK) {
		rc = RC_USAGE;
		goto out;
	}
	rc = check_valid(buf_sv(&text), file, e);
	if (rc != RC_OK)
		goto out;
	warn_key(key_path, time_now(), buf_sv(&cert));
	rc = cmd_flag(args, "cosign")
		     ? crypt_cosign_xml(&out, buf_sv(&text), buf_sv(&key), buf_sv(&cert), e)
		     : crypt_sign_xml(&out, buf_sv(&text), buf_sv(&key), buf_sv(&cert), e);
	if (rc == RC_CONFLICT && !cmd_flag(args, "cosign"))
		rc = err_set(e, rc, "%s: the message is signed already (--cosign adds a signature)",
			     file);
	else if (rc != RC_OK)
		rc = err_in(e, rc, file);
	if (rc == RC_OK && fwrite(buf_str(&out), 1, buf_sv(&out).n, stdout) != buf_sv(&out).n)
		rc = err_errno(e, RC_IO, "standard output cannot be written");
out:
	mem_wipe(key.p, key.cap);
	buf_fini(&key);
	buf_fini(&cert);
	buf_fini(&text);
	buf_fini(&out);
	return cmd_exit_of(rc);
}

/* What is judged with. */
struct judge {
	struct buf trusted;
	int64_t at;
	bool json;
};

static enum rc
judge_init(struct judge *j, const struct cmd_args *args, struct err *e)
{
	const char *at = cmd_value(args, "at"), *path;
	struct time_at t;
	enum rc rc = RC_OK;
	size_t i;

	buf_init(&j->trusted, TRUST_MAX);
	j->at = time_now();
	j->json = cmd_flag(args, "json");
	if (at != NULL) {
		if (!time_parse_rfc3339(sv_of(at), &t))
			return err_set(e, RC_USAGE,
				       "--at: \"%s\" is not a time (expected one such as "
				       "2026-09-22T02:10:00+03:00)",
				       at);
		j->at = t.utc;
	}
	for (i = 0; rc == RC_OK && (path = cmd_value_at(args, "trust", i)) != NULL; i++) {
		struct sign_cert unused;
		size_t from = j->trusted.n;

		rc = file_read(&j->trusted, path, e);
		if (rc != RC_OK)
			return rc;
		rc = crypt_read_cert(&unused, sv_from(buf_sv(&j->trusted), from), e);
		if (rc != RC_OK)
			return err_in(e, rc, path);
		buf_addc(&j->trusted, '\n');
	}
	return rc == RC_OK ? buf_check(&j->trusted, "the trusted certificates", e) : rc;
}

static void
add_day(struct buf *b, int64_t utc)
{
	time_add_date(b, time_utc_day(utc));
}

static void
print_signature(const struct sign_verdict *v, size_t number)
{
	struct buf days = BUF_INIT(64);

	printf("  signature %zu: %s: %s\n", number, sign_outcome_text(v->outcome), v->reason);
	if (v->has_cert) {
		fputs("    signer       ", stdout);
		cap_put(stdout, sv_of(v->cert.subject), 2);
		fputs("\n    issued by    ", stdout);
		cap_put(stdout, sv_of(v->cert.issuer), 2);
		add_day(&days, v->cert.from);
		buf_adds(&days, " to ");
		add_day(&days, v->cert.until);
		printf("\n    holds        %s\n    fingerprint  %s\n", buf_str(&days),
		       v->cert.fingerprint);
	}
	if (v->algorithm[0] != '\0')
		printf("    algorithm    %s, digest %s%s%s\n", v->algorithm, v->digest,
		       v->key[0] != '\0' ? ", key " : "", v->key);
	buf_fini(&days);
}

static void
print_plain(const char *file, const struct sign_report *r, const char *code)
{
	size_t i;

	cap_put_name(stdout, file);
	printf(": %s\n  %s\n  code %s\n", sign_outcome_text(r->outcome),
	       sign_outcome_meaning(r->outcome), code);
	for (i = 0; i < r->n; i++)
		print_signature(&r->v[i], i + 1);
	if (r->found > r->n)
		printf("  %zu more signatures are not looked at\n", r->found - r->n);
}

static json_t *
json_time(bool has, int64_t utc)
{
	struct buf b = BUF_INIT(32);
	json_t *j;

	if (!has)
		return json_null();
	time_add_rfc3339(&b, utc);
	j = json_string(buf_str(&b));
	buf_fini(&b);
	return j;
}

static json_t *
json_text(bool has, const char *text)
{
	return has ? cap_json(sv_of(text)) : json_null();
}

static void
print_json(const char *file, const struct sign_report *r, const char *code)
{
	json_t *list = json_array(), *all;
	size_t i;

	for (i = 0; i < r->n; i++) {
		const struct sign_verdict *v = &r->v[i];
		bool has = v->has_cert;

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o}", "outcome",
					sign_outcome_text(v->outcome), "reason", v->reason,
					"signer", json_text(has, v->cert.subject), "issuer",
					json_text(has, v->cert.issuer), "fingerprint",
					json_text(has, v->cert.fingerprint), "algorithm",
					v->algorithm, "from", json_time(has, v->cert.from), "until",
					json_time(has, v->cert.until)));
	}
	all = json_pack("{s:o, s:s, s:s, s:o, s:s}", "file", cap_json(sv_of(file)), "outcome",
			sign_outcome_text(r->outcome), "meaning", sign_outcome_meaning(r->outcome),
			"signatures", list, "code", code);
	json_dumpf(all, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(all);
}

static void
print_unreadable(const struct judge *j, const char *file, const char *why)
{
	json_t *all;

	fputs("tocsin: ", stderr);
	cap_put(stderr, sv_of(why), 2);
	fputc('\n', stderr);
	if (!j->json)
		return;
	all = json_pack("{s:o, s:s, s:o}", "file", cap_json(sv_of(file)), "outcome", "unreadable",
			"meaning", cap_json(sv_of(why)));
	json_dumpf(all, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(all);
}

static enum cmd_exit
verify_one(const struct judge *j, struct buf *text, const char *file)
{
	struct sign_report r = {0};
	struct err e = ERR_INIT;
	char code[MESSAGE_CODE];
	bool read;
	enum rc rc;

	buf_reset(text);
	rc = file_read(text, file, &e);
	read = rc == RC_OK || rc == RC_LIMIT;
	if (rc == RC_OK) {
		rc = crypt_verify_all(&r, buf_sv(text), buf_sv(&j->trusted), j->at, &e);
		if (rc == RC_OK && strcmp(r.root, "alert") != 0)
			rc = err_set(&e, RC_SYNTAX,
				     "its root is not an alert, so no signature in "
				     "it is an alert's");
		if (rc != RC_OK)
			(void)err_in(&e, rc, file);
	}
	if (rc != RC_OK) {
		print_unreadable(j, file, e.text);
		return read ? EXIT_NO : EXIT_USAGE;
	}
	crypt_message_code(buf_sv(text), code);
	if (j->json)
		print_json(file, &r, code);
	else
		print_plain(file, &r, code);
	return r.outcome == SIGN_VALID_TRUSTED ? EXIT_YES : EXIT_NO;
}

static enum cmd_exit
run_verify(const struct cmd_args *args, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	enum cmd_exit code = EXIT_YES, one;
	struct judge j;
	size_t i;

	if (judge_init(&j, args, e) != RC_OK) {
		code = EXIT_USAGE;
		goto out;
	}
	for (i = 0; i < cmd_count(args); i++) {
		one = verify_one(&j, &text, cmd_arg(args, i));
		if (one > code)
			code = one;
	}
out:
	buf_fini(&j.trusted);
	buf_fini(&text);
	return code;
}

static const struct cmd_option sign_options[] = {
	{"key", "FILE",
	 "the private key: PEM without a password, RSA of 2048 bits or more, or "
	 "ECDSA P-256"},
	{"cert", "FILE", "its certificate, PEM; then those that lead to one that readers know"},
	{"cosign", NULL, "add a signature to a message that is signed already"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_cap_sign = {
	.name = "cap sign",
	.args = "--key FILE --cert FILE FILE",
	.summary = "sign a CAP message",
	.text = "Writes the message to standard output with one more element, an enveloped XML "
		"signature over the whole message (SHA-256, exclusive canonicalisation), before "
		"the end of <alert>. All other bytes stay as they are, so that the message without "
		"that element is the message that was given. \"-\" is standard input.\n\n"
		"A message that is not valid is not signed (see tocsin cap check), nor one with a "
		"DOCTYPE, nor one in CAP 1.0 or 1.1, which have no place for a signature (see "
		"tocsin cap repair).\n\n"
		"A message that is signed already is refused, unless --cosign is given: then the "
		"new signature comes last and covers the ones before it, one of which has to "
		"hold.\n\n"
		"Keep the key's file readable by its owner alone; a warning says when it is "
		"not.\n\n"
		"Exit 0: signed. 1: not valid, not CAP 1.2, or signed already. 2: a file cannot be "
		"read, or key and certificate are no pair that is used.",
	.options = sign_options,
	.min_args = 1,
	.max_args = 1,
	.run = run_sign,
};

static const struct cmd_option verify_options[] = {
	{"trust", "PEM",
	 "certificates of signers you trust, or of who issues for them; may be "
	 "given again"},
	{"at", "TIME", "judge certificates as of this time (default: now)"},
	{"json", NULL, "one JSON object a file, one a line"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_cap_verify = {
	.name = "cap verify",
	.args = "FILE…",
	.summary = "tell what the signatures of CAP messages show",
	.text = "Says of each message one of four things:\n\n"
		"  valid and trusted      exactly what a signer you trust has signed\n"
		"  valid, unknown signer  unchanged since it was signed, by somebody\n"
		"  broken                 changed after signing, or it cannot be judged\n"
		"  absent                 not signed\n\n"
		"None of them says that the content is false: an alert whose signature cannot be "
		"checked is still an alert, and is not to be dropped for it.\n\n"
		"A signer is trusted when --trust lists its certificate, or one to which the "
		"certificates in the message lead. List authorities, or issuers that issue for "
		"authorities alone: behind a public issuer stands every web site. Certificates "
		"hold at the time of --at; whether they were revoked is not looked at, because "
		"nothing is fetched.\n\n"
		"A signature counts when it covers the whole message. With several, the best one "
		"counts for the message and each is listed. SHA-1 and RSA keys under 2048 bits are "
		"weak: told, but never trusted. A signature over a part, or one that points "
		"elsewhere, is broken.\n\n"
		"The code is the short one printed in messages: it is made from the exact bytes of "
		"the file.\n\n"
		"With --json one object a file:\n\n"
		"  {\"file\",\"outcome\",\"meaning\",\"signatures\":[\n"
		"  {\"outcome\",\"reason\",\"signer\",\"issuer\",\n"
		"  \"fingerprint\",\"algorithm\",\"from\",\"until\"}],\"code\"}\n\n"
		"outcome is one of the four texts above. What is not known of a signer is null; "
		"the algorithm of a signature that is not looked at is empty. A file that cannot "
		"be read as an alert gives {\"file\",\"outcome\":\"unreadable\",\"meaning\"}.\n\n"
		"Exit 0: all are valid and trusted. 1: one is not, or is no alert at all. 2: a "
		"file cannot be read.",
	.options = verify_options,
	.min_args = 1,
	.max_args = -1,
	.run = run_verify,
};
