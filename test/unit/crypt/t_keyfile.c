/*
 * t_keyfile.c — master key files: their text, their mode, what is drawn from them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "crypt/keyfile.h"

#define HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static char folder[] = "/tmp/tocsin-keyfile-XXXXXX";
static char path[sizeof(folder) + 16];

static int
make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/master.key", folder);
	return 0;
}

static int
drop_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

static void
make_and_read(void **state)
{
	struct crypt_key one, two;
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	(void)unlink(path);
	assert_int_equal(keyfile_read(&one, path, &e), RC_NOTFOUND);
	assert_int_equal(keyfile_make(path, &e), RC_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(keyfile_read(&one, path, &e), RC_OK);
	assert_int_equal(keyfile_make(path, &e), RC_CONFLICT);
	assert_int_equal(keyfile_read(&two, path, &e), RC_OK);
	assert_memory_equal(one.b, two.b, CRYPT_KEY);
}

static void
modes(void **state)
{
	static const mode_t bad[] = {0644, 0640, 0660, 0604, 0601, 0620};
	struct crypt_key key;
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	(void)unlink(path);
	assert_int_equal(keyfile_make(path, &e), RC_OK);
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(chmod(path, bad[i]), 0);
		assert_int_equal(keyfile_read(&key, path, &e), RC_DENIED);
		assert_non_null(strstr(e.text, "chmod 600"));
		assert_non_null(strstr(e.text, path));
	}
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(keyfile_read(&key, path, &e), RC_OK);
}

static void
texts(void **state)
{
	static const struct {
		struct sv text;
		enum rc want;
		const char *says;
	} cases[] = {
		{SV_INIT(HEX "\n"), RC_OK, ""},
		{SV_INIT("# a comment\n\n  " HEX "\r\n"), RC_OK, ""},
		{SV_INIT(""), RC_SYNTAX, "no key"},
		{SV_INIT("# only\n"), RC_SYNTAX, "no key"},
		{SV_INIT("xyz\n"), RC_SYNTAX, "line 1: not a key"},
		{SV_INIT("#\n" HEX "00\n"), RC_SYNTAX, "line 2: not a key"},
		{SV_INIT(HEX "\n" HEX "\n"), RC_SYNTAX, "line 2: more text"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct crypt_key key = {{0xFF}};
		struct err e = ERR_INIT;

		assert_int_equal(file_write(path, cases[i].text, 0600, &e), RC_OK);
		assert_int_equal(keyfile_read(&key, path, &e), cases[i].want);
		assert_int_equal(key.b[0], cases[i].want == RC_OK ? 0 : 0xFF);
		if (cases[i].want != RC_OK)
			assert_non_null(strstr(e.text, cases[i].says));
		else
			assert_int_equal(key.b[31], 0x1F);
	}
}

static void
derived(void **state)
{
	struct crypt_key master = {{5}};
	struct crypt_subkeys a, b;

	(void)state;
	keyfile_derive(&a, &master);
	keyfile_derive(&b, &master);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_memory_not_equal(a.wrap.b, a.lookup.b, CRYPT_KEY);
	assert_memory_not_equal(a.wrap.b, a.link.b, CRYPT_KEY);
	assert_memory_not_equal(a.lookup.b, a.link.b, CRYPT_KEY);
	assert_memory_not_equal(a.wrap.b, master.b, CRYPT_KEY);
	master.b[31] = 1;
	keyfile_derive(&b, &master);
	assert_memory_not_equal(a.wrap.b, b.wrap.b, CRYPT_KEY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(make_and_read),
		cmocka_unit_test(modes),
		cmocka_unit_test(texts),
		cmocka_unit_test(derived),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
