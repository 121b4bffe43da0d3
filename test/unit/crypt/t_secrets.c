/*
 * t_secrets.c — tokens, MACs and passwords.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "crypt/key.h"
#include "crypt/mac.h"
#include "crypt/password.h"
#include "crypt/token.h"

static bool
url_safe(struct sv v)
{
	static const char set[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t i;

	for (i = 0; i < v.n; i++)
		if (memchr(set, v.p[i], sizeof(set) - 1) == NULL)
			return false;
	return true;
}

static void
tokens(void **state)
{
	struct token a, b;
	unsigned char ha[HASH_BYTES], hb[HASH_BYTES];

	(void)state;
	token_make(&a);
	token_make(&b);
	assert_int_equal(strlen(a.text), TOKEN_CHARS);
	assert_true(url_safe(sv_of(a.text)));
	assert_string_not_equal(a.text, b.text);
	token_hash(ha, sv_of(a.text));
	token_hash(hb, sv_of(b.text));
	assert_memory_not_equal(ha, hb, HASH_BYTES);
}

static void
macs(void **state)
{
	static const struct crypt_key key = {{9}}, other = {{8}};
	struct buf mac = BUF_INIT(100);

	(void)state;
	mac_add(&mac, &key, "link", SV("person 1 thread 2"));
	assert_int_equal(mac.n, MAC_CHARS);
	assert_true(url_safe(buf_sv(&mac)));
	assert_true(mac_ok(&key, "link", SV("person 1 thread 2"), buf_sv(&mac)));
	assert_false(mac_ok(&key, "link", SV("person 1 thread 3"), buf_sv(&mac)));
	assert_false(mac_ok(&key, "form", SV("person 1 thread 2"), buf_sv(&mac)));
	assert_false(mac_ok(&other, "link", SV("person 1 thread 2"), buf_sv(&mac)));
	assert_false(mac_ok(&key, "link", SV("person 1 thread 2"), SV("")));
	mac.p[0] = mac.p[0] == 'A' ? 'B' : 'A';
	assert_false(mac_ok(&key, "link", SV("person 1 thread 2"), buf_sv(&mac)));
	buf_fini(&mac);
}

static void
passwords(void **state)
{
	struct buf hash = BUF_INIT(1000), huge = BUF_INIT(10000);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(password_hash(&hash, SV("correct horse"), &e), RC_OK);
	assert_true(sv_starts(buf_sv(&hash), SV("$argon2id$v=19$m=65536,t=3,p=1$")));
	assert_true(password_verify(buf_sv(&hash), SV("correct horse")));
	assert_false(password_verify(buf_sv(&hash), SV("correct horsf")));
	assert_false(password_verify(buf_sv(&hash), SV("")));
	assert_false(password_verify(SV(""), SV("correct horse")));
	/* A hash that asks for another amount of memory is not one of ours. */
	assert_false(password_verify(SV("$argon2id$v=19$m=1048576,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$"
					"MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI"),
				     SV("x")));
	buf_add_fill(&huge, 'a', LIMIT_PASSWORD + 1);
	assert_int_equal(password_hash(&hash, buf_sv(&huge), &e), RC_LIMIT);
	buf_fini(&hash);
	buf_fini(&huge);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens),
		cmocka_unit_test(macs),
		cmocka_unit_test(passwords),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
