/*
 * t_hash.c — digests against published vectors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "crypt/hash.h"
#include "crypt/key.h"
#include "crypt/keyed_hash.h"

static void
check_hex(const unsigned char *raw, size_t n, const char *want)
{
	struct buf hex = BUF_INIT(200);

	buf_add_hex(&hex, (struct sv){(const char *)raw, n});
	assert_string_equal(buf_str(&hex), want);
	buf_fini(&hex);
}

static void
sha256(void **state)
{
	unsigned char h[HASH_BYTES];

	(void)state;
	hash_sha256(h, SV("abc")); /* FIPS 180-4, example B.1 */
	check_hex(h, sizeof(h), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	hash_sha256(h, SV_NONE);
	check_hex(h, sizeof(h), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void
blake2b(void **state)
{
	unsigned char h[HASH_BYTES];

	(void)state;
	/* b2sum -l 256 of "abc" and of nothing (RFC 7693's algorithm). */
	hash_blake2b(h, SV("abc"));
	check_hex(h, sizeof(h), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	hash_blake2b(h, SV_NONE);
	check_hex(h, sizeof(h), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

static void
keyed(void **state)
{
	struct crypt_key key, other;
	unsigned char a[KEYED_HASH], b[KEYED_HASH];
	size_t i;

	(void)state;
	for (i = 0; i < CRYPT_KEY; i++)
		key.b[i] = (unsigned char)i;
	other = key;
	other.b[31] ^= 1;
	/* Python: hashlib.blake2b(b"abc", digest_size=16, key=bytes(range(32)),
	 * person=b"email").hexdigest() */
	keyed_hash(a, &key, "email", SV("abc"));
	check_hex(a, sizeof(a), "a529bcb6532327865e9e10d77064eb5e");
	keyed_hash(b, &key, "sms", SV("abc"));
	assert_memory_not_equal(a, b, KEYED_HASH);
	keyed_hash(b, &other, "email", SV("abc"));
	assert_memory_not_equal(a, b, KEYED_HASH);
	keyed_hash(b, &key, "email", SV("abd"));
	assert_memory_not_equal(a, b, KEYED_HASH);
	keyed_hash(b, &key, "email", SV("abc"));
	assert_memory_equal(a, b, KEYED_HASH);
}

static void
parts(void **state)
{
	const struct sv ab_c[] = {SV("ab"), SV("c")}, a_bc[] = {SV("a"), SV("bc")};
	unsigned char one[HASH_BYTES], two[HASH_BYTES], flat[HASH_BYTES];

	(void)state;
	hash_parts(one, ab_c, 2);
	hash_parts(two, a_bc, 2);
	assert_memory_not_equal(one, two, HASH_BYTES);
	/* What it is defined as, flat. */
	hash_blake2b(flat, SV("\2\0\0\0\0\0\0\0"
			      "ab"
			      "\1\0\0\0\0\0\0\0"
			      "c"));
	assert_memory_equal(one, flat, HASH_BYTES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256),
		cmocka_unit_test(blake2b),
		cmocka_unit_test(keyed),
		cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
