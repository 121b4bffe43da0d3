/*
 * t_dialect.c — the table of tokens and the parameters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/dialect.h"

static const struct {
	const char *in;
	const char *sqlite;
	const char *postgres;
	size_t params;
} cases[] = {
	{"", "", "", 0},
	{"SELECT 1", "SELECT 1", "SELECT 1", 0},
	{"a {id}, b {int}", "a INTEGER PRIMARY KEY, b INTEGER", "a BIGINT PRIMARY KEY, b BIGINT",
	 0},
	{"{real}{blob}", "REALBLOB", "DOUBLE PRECISIONBYTEA", 0},
	{"{text} NOT NULL", "TEXT NOT NULL", "TEXT COLLATE \"C\" NOT NULL", 0},
	{") {clustered};", ") WITHOUT ROWID;", ") ;", 0},
	{"LIMIT ?1 {skip-locked}", "LIMIT ?1 ", "LIMIT $1 FOR UPDATE SKIP LOCKED", 1},
	{"x {lock}", "x ", "x FOR UPDATE", 0},
	{"?2, ?10, ?1", "?2, ?10, ?1", "$2, $10, $1", 10},
	{"'?1 {no}' ?1", "'?1 {no}' ?1", "'?1 {no}' $1", 1},
	{"'it''s ?3' ?2", "'it''s ?3' ?2", "'it''s ?3' $2", 2},
	{"\"a?b{c}\" ?1", "\"a?b{c}\" ?1", "\"a?b{c}\" $1", 1},
	{"-- the person's {x} ?\n?1", "-- the person's {x} ?\n?1", "-- the person's {x} ?\n$1", 1},
	{"1 - -?1 -- end", "1 - -?1 -- end", "1 - -$1 -- end", 1},
};

static void
table(void **state)
{
	struct buf b = BUF_INIT(4096);
	size_t i, params;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		params = 99;
		buf_reset(&b);
		dialect_write(&b, DIALECT_SQLITE, sv_of(cases[i].in), &params);
		assert_string_equal(buf_str(&b), cases[i].sqlite);
		assert_int_equal(params, cases[i].params);
		buf_reset(&b);
		dialect_write(&b, DIALECT_POSTGRES, sv_of(cases[i].in), NULL);
		assert_string_equal(buf_str(&b), cases[i].postgres);
	}
	buf_fini(&b);
}

/* True when the text ends the process, as a bug does. */
static int
is_bug(const char *sql)
{
	struct rlimit none = {0, 0};
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		struct buf b = BUF_INIT(4096);

		setrlimit(RLIMIT_CORE, &none);
		close(2);
		dialect_write(&b, DIALECT_SQLITE, sv_of(sql), NULL);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status);
}

static void
bugs(void **state)
{
	static const char *const bad[] = {"{unknown}", "{int",  "a = ?", "a = ?0",
					  "?100",      "'open", "{}"};
	size_t i;

	(void)state;
	assert_false(is_bug("{int} ?99"));
	for (i = 0; i < ARRAY_LEN(bad); i++)
		if (!is_bug(bad[i]))
			fail_msg("taken: %s", bad[i]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(bugs),
	};

	return cmocka_run_group_tests_name("dialect", tests, NULL, NULL);
}
