/*
 * t_box.c — encrypted streams: round trips over chunk borders, cuts, changes,
 * the wrong key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "crypt/box.h"

static enum rc
to_buf(void *arg, struct sv bytes, struct err *e)
{
	buf_add(arg, bytes);
	return buf_check(arg, "a box", e);
}

static void
make_keys(struct crypt_key *pk, struct crypt_key *sk)
{
	struct buf pt = BUF_INIT(200), st = BUF_INIT(200);
	struct err e = ERR_INIT;

	box_make_pair(&pt, &st);
	assert_int_equal(box_parse_public(pk, buf_sv(&pt), &e), RC_OK);
	assert_int_equal(box_parse_secret(sk, buf_sv(&st), &e), RC_OK);
	assert_int_equal(box_parse_public(pk, buf_sv(&st), &e), RC_SYNTAX);
	assert_int_equal(box_parse_public(pk, sv_head(buf_sv(&pt), pt.n - 1), &e), RC_SYNTAX);
	assert_int_equal(box_parse_public(pk, buf_sv(&pt), &e), RC_OK);
	buf_fini(&pt);
	buf_fini(&st);
}

static void
fill(struct buf *ret, const struct crypt_key *pk, size_t n)
{
	struct box_writer *w = NULL;
	struct err e = ERR_INIT;
	struct buf text = BUF_INIT(MIB);
	size_t i;

	for (i = 0; i < n; i++)
		buf_addc(&text, (char)('a' + i % 23));
	assert_int_equal(box_writer_open(&w, pk, to_buf, ret, &e), RC_OK);
	for (i = 0; i < n; i += 1000)
		assert_int_equal(box_write(w, sv_head(sv_from(buf_sv(&text), i), 1000), &e), RC_OK);
	assert_int_equal(box_finish(w, &e), RC_OK);
	box_writer_free(&w);
	assert_null(w);
	buf_fini(&text);
}

static void
round_trips(void **state)
{
	static const size_t sizes[] = {0, 1, 999, 65535, 65536, 65537, 200000};
	struct crypt_key pk, sk;
	size_t i, k;

	(void)state;
	make_keys(&pk, &sk);
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		struct buf file = BUF_INIT(MIB), plain = BUF_INIT(MIB);
		struct err e = ERR_INIT;

		fill(&file, &pk, sizes[i]);
		assert_int_equal(box_read(buf_sv(&file), &sk, to_buf, &plain, &e), RC_OK);
		assert_int_equal(plain.n, sizes[i]);
		for (k = 0; k < plain.n; k++)
			assert_int_equal(plain.p[k], 'a' + (char)(k % 23));
		if (sizes[i] > 20)
			assert_int_equal(sv_find(buf_sv(&file), SV("abcdefghij")), file.n);
		buf_fini(&file);
		buf_fini(&plain);
	}
}

static void
damage(void **state)
{
	struct crypt_key pk, sk, pk2, sk2;
	struct buf file = BUF_INIT(MIB), plain = BUF_INIT(MIB);
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	make_keys(&pk, &sk);
	make_keys(&pk2, &sk2);
	fill(&file, &pk, 100);
	assert_int_equal(box_read(buf_sv(&file), &sk2, to_buf, &plain, &e), RC_DENIED);
	for (i = 0; i < file.n; i++)
		assert_int_equal(box_read(sv_head(buf_sv(&file), i), &sk, to_buf, &plain, &e),
				 RC_SYNTAX);
	for (i = 0; i < file.n; i++) {
		enum rc rc;

		file.p[i] ^= 1;
		rc = box_read(buf_sv(&file), &sk, to_buf, &plain, &e);
		assert_true(rc == RC_SYNTAX || rc == RC_DENIED);
		file.p[i] ^= 1;
	}
	buf_addc(&file, 'x');
	assert_int_equal(box_read(buf_sv(&file), &sk, to_buf, &plain, &e), RC_SYNTAX);
	buf_fini(&file);
	buf_fini(&plain);
}

/* Without its end, a file of whole chunks is noticed to be cut. */
static void
cut_at_a_chunk(void **state)
{
	struct crypt_key pk, sk;
	struct buf file = BUF_INIT(MIB), plain = BUF_INIT(MIB);
	struct err e = ERR_INIT;

	(void)state;
	make_keys(&pk, &sk);
	fill(&file, &pk, 65536);
	/* The end is an empty message: a length of four bytes and 17 of the stream. */
	assert_int_equal(box_read(sv_head(buf_sv(&file), file.n - 21), &sk, to_buf, &plain, &e),
			 RC_SYNTAX);
	assert_non_null(strstr(e.text, "cut"));
	buf_fini(&file);
	buf_fini(&plain);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips),
		cmocka_unit_test(damage),
		cmocka_unit_test(cut_at_a_chunk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
