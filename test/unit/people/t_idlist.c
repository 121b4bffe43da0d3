/* Lists of ids: bytes worked out by hand from the definition of LEB128. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "people/idlist.h"

static const struct {
	const char *name;
	struct sv bytes;
	int64_t ids[3];
	size_t n;
} good[] = {
	{"empty", SV_INIT(""), {0}, 0},
	{"one", SV_INIT("\x01"), {1}, 1},
	{"neighbours", SV_INIT("\x05\x01\x01"), {5, 6, 7}, 3},
	{"two bytes", SV_INIT("\xac\x02"), {300}, 1}, /* 300 = 2 * 128 + 44 */
	{"step of 128", SV_INIT("\x7f\x80\x01"), {127, 255}, 2},
	{"greatest", SV_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), {INT64_MAX}, 1},
};

static void
both_ways(void **state)
{
	int64_t ids[3];
	struct err e = ERR_INIT;
	struct buf b;
	size_t i, k, n;

	(void)state;
	for (i = 0; i < ARRAY_LEN(good); i++) {
		buf_init(&b, KIB);
		idlist_add(&b, good[i].ids, good[i].n);
		assert_true(sv_eq(buf_sv(&b), good[i].bytes));
		assert_int_equal(idlist_count(good[i].bytes), good[i].n);
		n = 99;
		assert_int_equal(idlist_read(ids, 3, &n, good[i].bytes, &e), RC_OK);
		assert_int_equal(n, good[i].n);
		for (k = 0; k < n; k++)
			assert_int_equal(ids[k], good[i].ids[k]);
		buf_fini(&b);
	}
}

static const struct {
	const char *name;
	struct sv bytes;
	enum rc want;
} bad[] = {
	{"zero", SV_INIT("\x00"), RC_SYNTAX},
	{"the same twice", SV_INIT("\x05\x00"), RC_SYNTAX},
	{"cut", SV_INIT("\x05\xac"), RC_SYNTAX},
	{"needless byte", SV_INIT("\x85\x00"), RC_SYNTAX},
	{"ten bytes", SV_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), RC_SYNTAX},
	{"past the greatest", SV_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x01"), RC_SYNTAX},
	{"too many", SV_INIT("\x01\x01\x01\x01"), RC_LIMIT},
};

static void
refused(void **state)
{
	int64_t ids[3];
	struct err e = ERR_INIT;
	size_t i, n = 99;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(idlist_read(ids, 3, &n, bad[i].bytes, &e), bad[i].want);
		assert_int_equal(n, 99);
		assert_true(e.text[0] != '\0');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
