/*
 * t_sign.c — signatures: our own reading of them, and the xmlsec1 command's, which
 * takes nothing from our code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "crypt/sign.h"

#define NOW  1790000000
#define DAYS 365
#define CAP  "urn:oasis:names:tc:emergency:cap:1.2"

static const struct sv message = SV_INIT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
					 "<!-- a comment -->\n"
					 "<alert xmlns=\"" CAP "\">\n"
					 "  <identifier>A&amp;B-1</identifier>\n"
					 "  <headline>Внимание: \"проверка\"</headline>\n"
					 "</alert>\n");

static struct buf key_pem = BUF_INIT(64 * 1024), cert_pem = BUF_INIT(64 * 1024);
static struct buf other_key = BUF_INIT(64 * 1024), other_cert = BUF_INIT(64 * 1024);

static int
make_identities(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	if (crypt_make_identity(&key_pem, &cert_pem, SV("Practice desk"), NOW, DAYS, &e) != RC_OK)
		return -1;
	return crypt_make_identity(&other_key, &other_cert, SV("Another"), NOW, DAYS, &e) == RC_OK
		       ? 0
		       : -1;
}

static int
drop_identities(void **state)
{
	(void)state;
	buf_fini(&key_pem);
	buf_fini(&cert_pem);
	buf_fini(&other_key);
	buf_fini(&other_cert);
	return 0;
}

static void
sign(struct buf *ret)
{
	struct err e = ERR_INIT;

	assert_int_equal(crypt_sign_xml(ret, message, buf_sv(&key_pem), buf_sv(&cert_pem), &e),
			 RC_OK);
}

static void
check(struct sv xml, struct sv trusted, int64_t at, enum sign_outcome want)
{
	struct sign_report r = {0};
	struct err e = ERR_INIT;
	size_t i;

	assert_int_equal(crypt_verify_all(&r, xml, trusted, at, &e), RC_OK);
	assert_string_equal(sign_outcome_text(r.outcome), sign_outcome_text(want));
	for (i = 0; i < r.n; i++)
		assert_true(strlen(r.v[i].reason) > 0);
}

static void
outcomes(void **state)
{
	struct buf xml = BUF_INIT(MIB), both = BUF_INIT(MIB);

	(void)state;
	sign(&xml);
	check(message, buf_sv(&cert_pem), NOW, SIGN_ABSENT);
	check(buf_sv(&xml), buf_sv(&cert_pem), NOW + 10, SIGN_VALID_TRUSTED);
	check(buf_sv(&xml), SV(""), NOW + 10, SIGN_VALID_UNKNOWN);
	check(buf_sv(&xml), buf_sv(&other_cert), NOW + 10, SIGN_VALID_UNKNOWN);
	buf_add(&both, buf_sv(&other_cert));
	buf_add(&both, buf_sv(&cert_pem));
	check(buf_sv(&xml), buf_sv(&both), NOW + 10, SIGN_VALID_TRUSTED);
	/* A certificate counts only while it holds. */
	check(buf_sv(&xml), buf_sv(&cert_pem), NOW - 10, SIGN_VALID_UNKNOWN);
	check(buf_sv(&xml), buf_sv(&cert_pem), NOW + (int64_t)(DAYS + 1) * 86400,
	      SIGN_VALID_UNKNOWN);
	buf_fini(&xml);
	buf_fini(&both);
}

/* The text with the first `from` replaced. */
static void
replaced(struct buf *ret, struct sv xml, struct sv from, struct sv to)
{
	size_t at = sv_find(xml, from);

	assert_true(at < xml.n);
	buf_add(ret, sv_head(xml, at));
	buf_add(ret, to);
	buf_add(ret, sv_from(xml, at + from.n));
}

static void
changed(void **state)
{
	static const struct {
		struct sv from, to;
		enum sign_outcome want;
	} cases[] = {
		{SV_INIT("A&amp;B-1"), SV_INIT("A&amp;B-2"), SIGN_BROKEN},
		{SV_INIT("A&amp;B-1"), SV_INIT("A&#38;B-1"), SIGN_VALID_TRUSTED},
		{SV_INIT("<!-- a comment -->"), SV_INIT(""), SIGN_VALID_TRUSTED},
		{SV_INIT("</alert>"), SV_INIT("<x/></alert>"), SIGN_BROKEN},
		{SV_INIT("URI=\"\""), SV_INIT("URI=\"#x\""), SIGN_BROKEN},
		{SV_INIT("URI=\"\""), SV_INIT("URI=\"file:///etc/hostname\""), SIGN_BROKEN},
		{SV_INIT("URI=\"\""), SV_INIT(""), SIGN_BROKEN},
		{SV_INIT("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
		 SV_INIT("http://www.w3.org/2000/09/xmldsig#hmac-sha1"), SIGN_BROKEN},
		{SV_INIT("http://www.w3.org/2001/04/xmlenc#sha256"),
		 SV_INIT("http://www.w3.org/2000/09/xmldsig#sha1"), SIGN_BROKEN},
		{SV_INIT("<X509Certificate>"), SV_INIT("<X509Certificate>A"), SIGN_BROKEN},
		{SV_INIT("<SignatureValue>"), SV_INIT("<SignatureValue>AAAA"), SIGN_BROKEN},
		{SV_INIT("</Signature>"),
		 SV_INIT("</Signature><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>"),
		 SIGN_VALID_TRUSTED},
		{SV_INIT("</Signature>"), SV_INIT("<Object>x</Object></Signature>"), SIGN_BROKEN},
	};
	struct buf xml = BUF_INIT(MIB);
	size_t i;

	(void)state;
	sign(&xml);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf other = BUF_INIT(MIB);

		replaced(&other, buf_sv(&xml), cases[i].from, cases[i].to);
		check(buf_sv(&other), buf_sv(&cert_pem), NOW + 10, cases[i].want);
		buf_fini(&other);
	}
	buf_fini(&xml);
}

static void
refused(void **state)
{
	static const struct {
		struct sv xml;
		const char *says;
	} cases[] = {
		{SV_INIT(""), "empty"},
		{SV_INIT("<alert"), "not well-formed"},
		{SV_INIT("<!DOCTYPE alert><alert/>"), "DOCTYPE"},
		{SV_INIT("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"),
		 "DOCTYPE"},
		{SV_INIT("<a>\0</a>"), "encoding"},
		{SV_INIT("<?xml version='1.0' encoding='UTF-7'?><a/>"), "encoding"},
	};
	struct buf out = BUF_INIT(MIB), deep = BUF_INIT(MIB);
	struct err e = ERR_INIT;
	struct sign_report got;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(crypt_sign_xml(&out, cases[i].xml, buf_sv(&key_pem),
						buf_sv(&cert_pem), &e),
				 RC_SYNTAX);
		assert_non_null(strstr(e.text, cases[i].says));
		assert_int_equal(crypt_verify_all(&got, cases[i].xml, SV(""), NOW, &e), RC_SYNTAX);
	}
	for (i = 0; i < LIMIT_CAP_DEPTH + 1; i++)
		buf_adds(&deep, "<a>");
	for (i = 0; i < LIMIT_CAP_DEPTH + 1; i++)
		buf_adds(&deep, "</a>");
	assert_int_equal(crypt_verify_all(&got, buf_sv(&deep), SV(""), NOW, &e), RC_SYNTAX);
	assert_non_null(strstr(e.text, "deep"));
	buf_reset(&deep);
	buf_adds(&deep, "<a b='");
	buf_add_fill(&deep, 'x', LIMIT_CAP_TAG);
	buf_adds(&deep, "'/>");
	assert_int_equal(crypt_verify_all(&got, buf_sv(&deep), SV(""), NOW, &e), RC_LIMIT);
	assert_int_equal(crypt_sign_xml(&out, message, buf_sv(&other_key), buf_sv(&cert_pem), &e),
			 RC_SYNTAX);
	assert_non_null(strstr(e.text, "not of the signing key"));
	assert_int_equal(crypt_sign_xml(&out, message, SV("x"), buf_sv(&cert_pem), &e), RC_SYNTAX);
	assert_int_equal(crypt_verify_all(&got, message, SV("x"), NOW, &e), RC_SYNTAX);
	assert_int_equal(out.n, 0);
	sign(&out);
	buf_reset(&deep);
	assert_int_equal(crypt_sign_xml(&deep, buf_sv(&out), buf_sv(&key_pem), buf_sv(&cert_pem),
					&e),
			 RC_CONFLICT);
	assert_non_null(strstr(e.text, "signed already"));
	buf_fini(&out);
	buf_fini(&deep);
}

/* The message without its last Signature element. */
static void
unsigned_again(struct buf *ret, struct sv xml)
{
	struct sv end = SV("</Signature>");
	size_t from = sv_find(xml, SV("<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">"));
	size_t to = from + sv_find(sv_from(xml, from), end) + end.n;

	assert_true(from < xml.n);
	buf_add(ret, sv_head(xml, from));
	buf_add(ret, sv_from(xml, to));
}

/* Whatever form a message has, it keeps it. */
static void
bytes_kept(void **state)
{
	static const struct {
		const char *name;
		struct sv xml;
	} cases[] = {
		{"no declaration", SV_INIT("<alert xmlns=\"" CAP "\"><a/></alert>")},
		{"CR LF", SV_INIT("<alert xmlns=\"" CAP "\">\r\n <a/>\r\n</alert>\r\n")},
		{"byte order mark",
		 SV_INIT("\xEF\xBB\xBF<alert xmlns=\"" CAP "\"><a>\xC3\xA9</a></alert>")},
		{"Latin 1", SV_INIT("<?xml version='1.0' encoding='ISO-8859-1'?><alert xmlns='" CAP
				    "'><a>caf\xE9</a></alert>")},
		{"a prefix",
		 SV_INIT("<cap:alert xmlns:cap='" CAP "'><cap:a>x</cap:a></cap:alert>")},
		{"the prefix of signatures is taken",
		 SV_INIT("<alert xmlns='" CAP "' xmlns:ds='urn:x'><ds:a/></alert>")},
		{"blanks in tags", SV_INIT("<alert  xmlns = '" CAP "' ><a b='1'  /></alert\n>")},
		{"end tags in other places",
		 SV_INIT("<alert xmlns='" CAP
			 "'><a><![CDATA[</alert>]]></a><!-- </alert> --></alert>"
			 "<!-- </alert> --><?x </alert> ?>\n")},
		{"references",
		 SV_INIT("<alert xmlns='" CAP "'><a b='&lt;&#10;'>&amp;&#x41;</a></alert>")},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf xml = BUF_INIT(MIB), rest = BUF_INIT(MIB), both = BUF_INIT(MIB);
		struct err e = ERR_INIT;

		if (crypt_sign_xml(&xml, cases[i].xml, buf_sv(&key_pem), buf_sv(&cert_pem), &e) !=
		    RC_OK)
			fail_msg("%s: %s", cases[i].name, e.text);
		check(buf_sv(&xml), buf_sv(&cert_pem), NOW + 10, SIGN_VALID_TRUSTED);
		unsigned_again(&rest, buf_sv(&xml));
		if (!sv_eq(buf_sv(&rest), cases[i].xml))
			fail_msg("%s: other bytes", cases[i].name);
		/* A second signature leaves the first where it is. */
		assert_int_equal(crypt_cosign_xml(&both, buf_sv(&xml), buf_sv(&other_key),
						  buf_sv(&other_cert), &e),
				 RC_OK);
		check(buf_sv(&both), buf_sv(&cert_pem), NOW + 10, SIGN_VALID_TRUSTED);
		check(buf_sv(&both), buf_sv(&other_cert), NOW + 10, SIGN_VALID_TRUSTED);
		buf_fini(&xml);
		buf_fini(&rest);
		buf_fini(&both);
	}
}

static void
cosigned(void **state)
{
	struct buf a = BUF_INIT(MIB), b = BUF_INIT(MIB);
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	assert_int_equal(crypt_cosign_xml(&a, message, buf_sv(&key_pem), buf_sv(&cert_pem), &e),
			 RC_CONFLICT);
	sign(&a);
	replaced(&b, buf_sv(&a), SV("A&amp;B-1"), SV("A&amp;B-2"));
	buf_reset(&a);
	assert_int_equal(crypt_cosign_xml(&a, buf_sv(&b), buf_sv(&key_pem), buf_sv(&cert_pem), &e),
			 RC_CONFLICT);
	assert_non_null(strstr(e.text, "digest differs"));
	assert_int_equal(a.n, 0);
	sign(&a);
	for (i = 1; i < SIGN_JUDGED; i++) {
		buf_reset(&b);
		assert_int_equal(crypt_cosign_xml(&b, buf_sv(&a), buf_sv(&other_key),
						  buf_sv(&other_cert), &e),
				 RC_OK);
		buf_reset(&a);
		buf_add(&a, buf_sv(&b));
	}
	check(buf_sv(&a), buf_sv(&cert_pem), NOW + 10, SIGN_VALID_TRUSTED);
	assert_int_equal(crypt_cosign_xml(&b, buf_sv(&a), buf_sv(&other_key), buf_sv(&other_cert),
					  &e),
			 RC_LIMIT);
	buf_fini(&a);
	buf_fini(&b);
}

/* The certificates that follow the signer's travel with it. */
static void
chain_carried(void **state)
{
	struct buf xml = BUF_INIT(MIB), chain = BUF_INIT(MIB);
	struct sign_report r = {0};
	struct sign_cert cert;
	struct err e = ERR_INIT;

	(void)state;
	buf_add(&chain, buf_sv(&cert_pem));
	buf_add(&chain, buf_sv(&other_cert));
	assert_int_equal(crypt_sign_xml(&xml, message, buf_sv(&key_pem), buf_sv(&chain), &e),
			 RC_OK);
	assert_int_equal(crypt_verify_all(&r, buf_sv(&xml), buf_sv(&cert_pem), NOW + 10, &e),
			 RC_OK);
	assert_int_equal(r.outcome, SIGN_VALID_TRUSTED);
	assert_int_equal(crypt_read_cert(&cert, buf_sv(&chain), &e), RC_OK);
	assert_string_equal(cert.subject, "CN=Practice desk");
	assert_string_equal(r.v[0].cert.fingerprint, cert.fingerprint);
	assert_int_equal(strlen(cert.fingerprint), SIGN_FINGERPRINT - 1);
	assert_int_equal(cert.from, NOW);
	assert_int_equal(cert.until, NOW + (int64_t)DAYS * 86400);
	assert_string_equal(r.root, "alert");
	buf_fini(&xml);
	buf_fini(&chain);
}

/* More than we keep of one message is refused before it becomes a tree. */
static void
bounds(void **state)
{
	struct buf xml = BUF_INIT(LIMIT_CAP_FILE + KIB);
	struct sign_report got;
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	buf_adds(&xml, "<alert>");
	for (i = 0; i < LIMIT_CAP_TAGS; i++)
		buf_adds(&xml, "<a/>");
	buf_adds(&xml, "</alert>");
	assert_int_equal(crypt_verify_all(&got, buf_sv(&xml), SV_NONE, NOW, &e), RC_LIMIT);
	buf_reset(&xml);
	buf_adds(&xml, "<alert>");
	for (i = 0; i <= LIMIT_CAP_ATTRIBUTES; i++)
		buf_adds(&xml, "<a b='c'/>");
	buf_adds(&xml, "</alert>");
	assert_int_equal(crypt_verify_all(&got, buf_sv(&xml), SV_NONE, NOW, &e), RC_SYNTAX);
	assert_non_null(strstr(e.text, "attributes"));
	buf_reset(&xml);
	buf_add_fill(&xml, ' ', LIMIT_CAP_FILE + 1);
	assert_int_equal(crypt_verify_all(&got, buf_sv(&xml), SV_NONE, NOW, &e), RC_LIMIT);
	buf_reset(&xml);
	buf_adds(&xml, "<alert");
	for (i = 0; i < 17; i++)
		buf_addf(&xml, " xmlns:n%zu='urn:%zu'", i, i);
	buf_adds(&xml, "/>");
	assert_int_equal(crypt_verify_all(&got, buf_sv(&xml), SV_NONE, NOW, &e), RC_SYNTAX);
	assert_non_null(strstr(e.text, "namespaces"));
	buf_fini(&xml);
}

static int
run_xmlsec1(const char *tool, const char *cert, const char *xml)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		(void)dup2(null, 1);
		(void)dup2(null, 2);
		execl(tool, tool, "--verify", "--trusted-pem", cert, "--verification-time",
		      "2026-09-22 02:10:00", xml, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
by_xmlsec1(void **state)
{
	const char *tool = getenv("XMLSEC1");
	char folder[] = "/tmp/tocsin-sign-XXXXXX", cert[64], xml[64];
	struct buf text = BUF_INIT(MIB), bad = BUF_INIT(MIB);
	struct err e = ERR_INIT;

	(void)state;
	if (tool == NULL || tool[0] == '\0') {
		print_message("the command xmlsec1 (Debian package xmlsec1) is not installed\n");
		skip();
	}
	assert_non_null(mkdtemp(folder));
	(void)snprintf(cert, sizeof(cert), "%s/cert.pem", folder);
	(void)snprintf(xml, sizeof(xml), "%s/alert.xml", folder);
	sign(&text);
	assert_int_equal(file_write(cert, buf_sv(&cert_pem), 0600, &e), RC_OK);
	assert_int_equal(file_write(xml, buf_sv(&text), 0600, &e), RC_OK);
	assert_int_equal(run_xmlsec1(tool, cert, xml), 0);
	replaced(&bad, buf_sv(&text), SV("A&amp;B-1"), SV("A&amp;B-2"));
	assert_int_equal(file_write(xml, buf_sv(&bad), 0600, &e), RC_OK);
	assert_int_not_equal(run_xmlsec1(tool, cert, xml), 0);
	(void)unlink(cert);
	(void)unlink(xml);
	(void)rmdir(folder);
	buf_fini(&text);
	buf_fini(&bad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcomes), cmocka_unit_test(changed),
		cmocka_unit_test(refused),  cmocka_unit_test(bytes_kept),
		cmocka_unit_test(cosigned), cmocka_unit_test(chain_carried),
		cmocka_unit_test(bounds),   cmocka_unit_test(by_xmlsec1),
	};

	return cmocka_run_group_tests(tests, make_identities, drop_identities);
}
