/*
 * t_seal.c — sealing: round trips, every kind of tampering, wrapped keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/buf.h"
#include "crypt/random.h"
#include "crypt/seal.h"

static const struct crypt_key key_a = {{1, 2, 3}};
static const struct crypt_key key_b = {{1, 2, 4}};

static void
round_trip(void **state)
{
	static const struct sv texts[] = {
		SV_INIT(""),
		SV_INIT("Анна Петрова"),
		SV_INIT("a\0b"),
		SV_INIT("a rather long text that does not fit into one block of the cipher ...."),
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		struct buf sealed = BUF_INIT(1000), open = BUF_INIT(1000);
		struct err e = ERR_INIT;

		seal_text(&sealed, &key_a, texts[i], SV("person 1"));
		assert_int_equal(sealed.n, texts[i].n + SEAL_OVERHEAD);
		assert_int_equal(seal_open(&open, &key_a, buf_sv(&sealed), SV("person 1"), &e),
				 RC_OK);
		assert_true(sv_eq(buf_sv(&open), texts[i]));
		buf_fini(&sealed);
		buf_fini(&open);
	}
}

static void
two_seals_differ(void **state)
{
	struct buf one = BUF_INIT(1000), two = BUF_INIT(1000);

	(void)state;
	seal_text(&one, &key_a, SV("same"), SV(""));
	seal_text(&two, &key_a, SV("same"), SV(""));
	assert_false(sv_eq(buf_sv(&one), buf_sv(&two)));
	buf_fini(&one);
	buf_fini(&two);
}

static void
tampering(void **state)
{
	struct buf sealed = BUF_INIT(1000), open = BUF_INIT(1000);
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	seal_text(&sealed, &key_a, SV("secret"), SV("person 1"));
	for (i = 0; i < sealed.n; i++) {
		sealed.p[i] ^= 0x40;
		assert_int_equal(seal_open(&open, &key_a, buf_sv(&sealed), SV("person 1"), &e),
				 i == 0 ? RC_SYNTAX : RC_DENIED);
		sealed.p[i] ^= 0x40;
	}
	for (i = 0; i < sealed.n; i++)
		assert_int_equal(seal_open(&open, &key_a, sv_head(buf_sv(&sealed), i),
					   SV("person 1"), &e),
				 i < SEAL_OVERHEAD ? RC_SYNTAX : RC_DENIED);
	assert_int_equal(seal_open(&open, &key_b, buf_sv(&sealed), SV("person 1"), &e), RC_DENIED);
	assert_int_equal(seal_open(&open, &key_a, buf_sv(&sealed), SV("person 2"), &e), RC_DENIED);
	assert_int_equal(seal_open(&open, &key_a, buf_sv(&sealed), SV(""), &e), RC_DENIED);
	assert_int_equal(open.n, 0);
	assert_int_equal(seal_open(&open, &key_a, buf_sv(&sealed), SV("person 1"), &e), RC_OK);
	buf_fini(&sealed);
	buf_fini(&open);
}

/* The library under it is the cipher that its draft describes: A.3.1 of
 * draft-irtf-cfrg-xchacha-03, opened here through our own form. */
static void
published_vector(void **state)
{
	static const char hex[] = "01"
				  "404142434445464748494a4b4c4d4e4f5051525354555657"
				  "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
				  "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
				  "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
				  "21f9664c97637da9768812f615c68b13b52e"
				  "c0875924c1c7987947deafd8780acf49";
	static const char associated[] = "\x50\x51\x52\x53\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7";
	unsigned char sealed[200];
	struct crypt_key key;
	struct buf open = BUF_INIT(1000);
	struct err e = ERR_INIT;
	size_t n = 0, i;

	(void)state;
	for (i = 0; i < CRYPT_KEY; i++)
		key.b[i] = (unsigned char)(0x80 + i);
	assert_int_equal(
		sodium_hex2bin(sealed, sizeof(sealed), hex, sizeof(hex) - 1, NULL, &n, NULL), 0);
	assert_int_equal(seal_open(&open, &key, (struct sv){(const char *)sealed, n},
				   (struct sv){associated, 12}, &e),
			 RC_OK);
	assert_string_equal(buf_str(&open),
			    "Ladies and Gentlemen of the class of '99: If I could offer you only "
			    "one tip for the future, sunscreen would be it.");
	buf_fini(&open);
}

static void
wrapped_keys(void **state)
{
	unsigned char wrapped[SEAL_WRAPPED];
	struct sv v = {(const char *)wrapped, sizeof(wrapped)};
	struct crypt_key key, got = {{0}};
	struct err e = ERR_INIT;

	(void)state;
	crypt_random_key(&key);
	seal_wrap(wrapped, &key_a, &key, 7);
	assert_int_equal(seal_unwrap(&got, &key_a, v, 8, &e), RC_DENIED);
	assert_int_equal(seal_unwrap(&got, &key_b, v, 7, &e), RC_DENIED);
	assert_int_equal(seal_unwrap(&got, &key_a, sv_head(v, v.n - 1), 7, &e), RC_SYNTAX);
	assert_int_equal(got.b[0] | got.b[31], 0);
	assert_int_equal(seal_unwrap(&got, &key_a, v, 7, &e), RC_OK);
	assert_memory_equal(got.b, key.b, CRYPT_KEY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),   cmocka_unit_test(two_seals_differ),
		cmocka_unit_test(tampering),    cmocka_unit_test(published_vector),
		cmocka_unit_test(wrapped_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
