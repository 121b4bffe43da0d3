/* t_ground.c — arena.h, map.h, rand.h, file.h. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/rand.h"
#include "lib/unit.h"

static void
test_arena(void **state)
{
	struct arena *a = arena_new();
	unsigned char *pieces[2000];
	size_t i, k;

	(void)state;
	/* Pieces of many sizes keep their bytes: none overlaps another. */
	for (i = 0; i < 2000; i++) {
		size_t size = i % 7 == 0 ? 40000 : i % 100;

		pieces[i] = arena_alloc(a, size);
		assert_int_equal((uintptr_t)pieces[i] % sizeof(long double), 0);
		memset(pieces[i], (int)(i & 0xff), size);
	}
	for (i = 0; i < 2000; i++)
		for (k = 0; k < (i % 7 == 0 ? 40000 : i % 100); k++)
			assert_int_equal(pieces[i][k], i & 0xff);
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	assert_string_equal(arena_str(a, SV("text")), "text");
	assert_sv(arena_fmt(a, "%d-%s", 7, "x"), SV("7-x"));
	arena_free(&a);
	assert_null(a);
	arena_free(&a);
}

static void
test_map(void **state)
{
	struct map *m = map_new(1);
	char key[32];
	int64_t v;
	bool is_new;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "P-%d", i);
		*map_at(m, sv_of(key), 0, &is_new) += i;
		assert_true(is_new);
	}
	assert_int_equal(map_count(m), 100000);
	assert_false(*map_at(m, SV("P-7"), 0, &is_new) != 7 || is_new);
	assert_true(map_get(m, SV("P-99999"), &v));
	assert_int_equal(v, 99999);
	assert_false(map_get(m, SV("P-100000"), &v));
	assert_true(map_at(m, SV(""), 5, NULL) != NULL);
	assert_true(map_get(m, SV(""), &v));
	assert_sv(map_key(m, 7), SV("P-7"));
	assert_int_equal(map_value(m, 100000), 5);
	map_free(&m);
}

static void
test_rand(void **state)
{
	struct rand a, b;
	int counts[10] = {0};
	int i;

	(void)state;
	rand_init(&a, 1);
	rand_init(&b, 1);
	for (i = 0; i < 100000; i++) {
		uint64_t v = rand_below(&a, 10);

		assert_true(v < 10);
		assert_true(v == rand_below(&b, 10));
		counts[v]++;
	}
	/* Ten standard deviations: about 95 each. */
	for (i = 0; i < 10; i++)
		assert_in_range(counts[i], 9050, 10950);
	assert_true(rand_unit(&a) < 1.0);
}

static void
test_file(void **state)
{
	char dir[] = "/tmp/tocsin-file-XXXXXX", path[64];
	struct buf b = BUF_INIT(8);
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/x", dir);
	assert_int_equal(file_read(&b, path, &e), RC_IO);
	assert_int_equal(file_write(path, SV("12345678"), 0600, &e), RC_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_read(&b, path, &e), RC_OK);
	assert_sv(buf_sv(&b), SV("12345678"));
	assert_int_equal(file_create(path, SV("new"), 0600, &e), RC_CONFLICT);
	assert_int_equal(file_write(path, SV("123456789"), 0600, &e), RC_OK);
	buf_reset(&b);
	assert_int_equal(file_read(&b, path, &e), RC_LIMIT);
	assert_non_null(strstr(e.text, "8 bytes"));
	buf_reset(&b);
	assert_int_equal(file_read(&b, dir, &e), RC_IO);
	assert_int_equal(file_mkdir(dir, 0700, &e), RC_OK);
	assert_int_equal(file_mkdir(path, 0700, &e), RC_IO);
	unlink(path);
	/* Nothing temporary is left: the folder is empty. */
	assert_int_equal(rmdir(dir), 0);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_rand),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
