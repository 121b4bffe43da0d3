/*
 * t_store_drivers.c — what only one of the two databases can do to us.
 */
#include "t_store.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/time.h"
#include "store/store_thread.h"

void
no_such_file(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = NULL;

	(void)state;
	assert_int_equal(store_open(&s, scratch_path("absent.db"), 0, &e), RC_NOTFOUND);
	assert_non_null(strstr(e.text, "absent.db"));
	assert_int_equal(store_open(&s, scratch_path("absent.db"), STORE_READONLY, &e),
			 RC_NOTFOUND);
	assert_int_equal(store_open(&s, scratch_path("no-folder/x.db"), STORE_CREATE, &e), RC_IO);
	assert_null(s);
}

void
not_a_database(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = NULL;
	struct buf b = BUF_INIT(MIB);

	(void)state;
	buf_add_fill(&b, 'x', 5000);
	OK(file_write(scratch_where(), buf_sv(&b), 0600, &e));
	assert_int_equal(store_open(&s, scratch_where(), STORE_CREATE, &e), RC_IO);
	assert_non_null(strstr(e.text, "not a Tocsin database"));
	assert_non_null(strstr(e.text, scratch_where()));
	assert_int_equal(store_open(&s, scratch_where(), STORE_READONLY, &e), RC_IO);
	assert_null(s);
	buf_fini(&b);
}

void
file_mode(void **state)
{
	static const char *const names[] = {"test.db", "test.db-wal", "test.db-shm"};
	mode_t old = umask(0);
	struct store *s = scratch_items();
	struct stat st;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(stat(scratch_path(names[i]), &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	umask(old);
	store_close(&s);
}

void
odd_names(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = NULL;
	char here[1024];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(scratch_path("")), 0);
	OK(store_open(&s, ":memory:", STORE_CREATE, &e));
	assert_string_equal(store_where(s), ":memory:");
	assert_true(file_exists(scratch_path(":memory:")));
	store_close(&s);
	assert_int_equal(chdir(here), 0);
}

void
copy_in_use(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store *other = scratch_open();
	struct store *copy = NULL;
	struct stat st;

	(void)state;
	OK(store_exec(s, "INSERT INTO item (id, t) VALUES (1, 'kept')", NO_ARGS, NULL, &e));
	/* Somebody is in the middle of writing: the copy has none of it. */
	OK(store_begin(other, &e));
	OK(store_exec(other, "INSERT INTO item (id) VALUES (2)", NO_ARGS, NULL, &e));
	OK(store_copy_to(s, scratch_path("copy.db"), &e));
	OK(store_commit(other, &e));
	assert_int_equal(stat(scratch_path("copy.db"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	OK(store_open(&copy, scratch_path("copy.db"), 0, &e));
	assert_int_equal(count_of(copy, "SELECT count(*) FROM item WHERE t = 'kept'"), 1);
	assert_int_equal(count_of(copy, "SELECT count(*) FROM item"), 1);
	assert_int_equal(count_of(s, "SELECT count(*) FROM item"), 2);
	store_close(&copy);
	store_close(&other);
	store_close(&s);
}

void
copy_refuses(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();

	(void)state;
	OK(file_write(scratch_path("copy.db"), SV("mine"), 0600, &e));
	assert_int_equal(store_copy_to(s, scratch_path("copy.db"), &e), RC_CONFLICT);
	assert_non_null(strstr(e.text, "copy.db"));
	assert_int_equal(store_copy_to(s, scratch_path("no-folder/copy.db"), &e), RC_IO);
	store_close(&s);
}

/* What a process with a file size limit of 1 MiB meets; 0 when all is well. */
static int
fill_disk(void)
{
	static char kib[1024];
	struct rlimit limit = {MIB, MIB};
	struct err e = ERR_INIT;
	struct store *s = scratch_open();
	enum rc rc = RC_OK;
	int64_t i, n = -1;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	memset(kib, 'x', sizeof(kib));
	if (store_begin(s, &e) != RC_OK)
		return 2;
	for (i = 100; i < 40000 && rc == RC_OK; i++)
		rc = store_exec(s, "INSERT INTO item (id, b) VALUES (?1, ?2)",
				ARGS(ARG_INT(i), ARG_BLOB(((struct sv){kib, sizeof(kib)}))), NULL,
				&e);
	if (rc == RC_OK) /* the cache took it all */
		rc = store_commit(s, &e);
	else if (store_commit(s, NULL) == RC_OK)
		return 3;
	if (rc != RC_IO || strstr(e.text, "the disk is full") == NULL)
		return 4;
	store_rollback(s);
	/* What was there is there, and can be read. */
	if (store_get_int(s, "SELECT count(*) FROM item", NO_ARGS, &n, &e) != RC_OK || n != 1)
		return 5;
	store_close(&s);
	return 0;
}

void
disk_full(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	int status = -1;
	pid_t pid;

	(void)state;
	OK(store_exec(s, "INSERT INTO item (id) VALUES (1)", NO_ARGS, NULL, &e));
	store_close(&s);
	pid = fork();
	if (pid == 0)
		_exit(fill_disk());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	/* With room again it goes on. */
	s = scratch_open();
	OK(store_exec(s, "INSERT INTO item (id) VALUES (2)", NO_ARGS, NULL, &e));
	assert_int_equal(count_of(s, "SELECT count(*) FROM item"), 2);
	store_close(&s);
}

static bool
on_disk(const char *name, struct sv what)
{
	struct buf b = BUF_INIT(64 * MIB);
	bool there;

	assert_int_equal(file_read(&b, scratch_path(name), NULL), RC_OK);
	there = sv_find(buf_sv(&b), what) < b.n;
	buf_fini(&b);
	return there;
}

void
deleted_is_gone(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct sv what = SV("a detail that somebody wants forgotten");

	(void)state;
	OK(store_exec(s, "INSERT INTO item (id, t) VALUES (1, ?1)", ARGS(ARG_TEXT(what)), NULL,
		      &e));
	OK(store_checkpoint(s, &e));
	assert_true(on_disk("test.db", what));
	OK(store_exec(s, "DELETE FROM item WHERE id = 1", NO_ARGS, NULL, &e));
	OK(store_checkpoint(s, &e));
	assert_false(on_disk("test.db", what));
	assert_false(on_disk("test.db-wal", what));
	store_close(&s);
}

void
passwords_hidden(void **state)
{
	static const char *const bad[] = {
		"postgresql://someone:opensesame@/none?host=/nonexistent",
		"postgresql:///none?host=/nonexistent&user=someone&password=opensesame",
		"postgresql://someone:opensesame%zz@/none",
		"postgresql://someone:opensesame@[bad/none",
	};
	struct err e = ERR_INIT;
	struct store *s = NULL;
	char uri[512];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(store_open(&s, bad[i], 0, &e), RC_IO);
		assert_null(strstr(e.text, "opensesame"));
		assert_non_null(strstr(e.text, "postgresql://"));
	}
	snprintf(uri, sizeof(uri), "%s&password=opensesame", scratch_where());
	OK(store_open(&s, uri, 0, &e));
	assert_null(strstr(store_where(s), "opensesame"));
	assert_non_null(strstr(store_where(s), "tocsin@"));
	assert_true(store_is_postgres(s));
	assert_int_equal(store_copy_to(s, scratch_path("copy.db"), &e), RC_USAGE);
	OK(store_checkpoint(s, &e));
	store_close(&s);
}

/* End a backend, and wait until it has gone. */
static void
kill_pid(struct store *by, int64_t pid)
{
	struct err e = ERR_INIT;
	int64_t n;

	OK(store_get_int(by, "SELECT pg_terminate_backend(CAST(?1 AS INTEGER), 10000)",
			 ARGS(ARG_INT(pid)), &n, &e));
	assert_int_equal(n, 1);
}

static void
kill_backend(struct store *s, struct store *by)
{
	kill_pid(by, count_of(s, "SELECT pg_backend_pid()"));
}

void
backend_killed(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items();
	struct store *by = scratch_open();
	struct store_rows *r = NULL;
	struct store_arg row[2] = {ARG_INT(3), ARG_INT(4)};

	(void)state;
	/* In a transaction: an error, then begin connects again. */
	OK(store_begin(s, &e));
	OK(store_exec(s, "INSERT INTO item (id) VALUES (?1)", ARGS(ARG_INT(1)), NULL, &e));
	kill_backend(s, by);
	assert_int_equal(store_exec(s, "INSERT INTO item (id) VALUES (?1)", ARGS(ARG_INT(2)), NULL,
				    &e),
			 RC_IO);
	assert_non_null(strstr(e.text, "connection"));
	assert_int_equal(store_commit(s, &e), RC_CONFLICT);
	OK(store_begin(s, &e));
	OK(store_exec(s, "INSERT INTO item (id) VALUES (?1)", ARGS(ARG_INT(2)), NULL, &e));
	OK(store_commit(s, &e));
	/* Between transactions: begin notices by itself. */
	kill_backend(s, by);
	OK(store_begin(s, &e));
	kill_backend(s, by);
	assert_int_equal(store_exec_many(s, "INSERT INTO item (id) VALUES (?1)", row, 1, 2, NULL,
					 &e),
			 RC_IO);
	store_rollback(s);
	/* Outside: one error, then the next statement connects again. */
	OK(store_query(&r, s, "SELECT id FROM item", NO_ARGS, &e));
	OK(store_next(r, &e));
	assert_int_equal(store_int(r, 0), 2);
	assert_int_equal(store_next(r, &e), RC_NOTFOUND);
	store_rows_free(&r);
	kill_backend(s, by);
	assert_int_equal(store_exec(s, "INSERT INTO item (id) VALUES (?1)", ARGS(ARG_INT(5)), NULL,
				    &e),
			 RC_IO);
	OK(store_exec(s, "INSERT INTO item (id) VALUES (?1)", ARGS(ARG_INT(5)), NULL, &e));
	/* At the commit. */
	OK(store_begin(s, &e));
	OK(store_exec(s, "INSERT INTO item (id) VALUES (?1)", ARGS(ARG_INT(6)), NULL, &e));
	kill_backend(s, by);
	assert_int_equal(store_commit(s, &e), RC_IO);
	assert_int_equal(count_of(by, "SELECT sum(id) FROM item"), 2 + 5);
	store_close(&s);
	store_close(&by);
}

static enum rc
insert_next(struct store *s, void *arg, struct err *e)
{
	(void)arg;
	return store_exec(s, "INSERT INTO item (id) SELECT count(*) FROM item", NO_ARGS, NULL, e);
}

static enum rc
own_pid(struct store *s, void *arg, struct err *e)
{
	return store_get_int(s, "SELECT pg_backend_pid()", NO_ARGS, arg, e);
}

/* Nobody may connect to the database: what a server that is down looks like. */
static void
lock_out(struct store *admin, bool out)
{
	struct err e = ERR_INIT;

	OK(store_script(admin,
			out ? SV("ALTER DATABASE tocsin ALLOW_CONNECTIONS false")
			    : SV("ALTER DATABASE tocsin ALLOW_CONNECTIONS true"),
			&e));
}

void
thread_reconnects(void **state)
{
	struct err e = ERR_INIT;
	struct store *s = scratch_items(), *admin = NULL;
	struct store_thread *t = NULL;
	struct buf uri = BUF_INIT(KIB);
	int64_t pid, start;
	enum rc rc;
	int i;

	(void)state;
	buf_addf(&uri, "postgresql:///postgres%s", strchr(scratch_where(), '?'));
	OK(store_open(&admin, buf_str(&uri), 0, &e));
	OK(store_thread_start(&t, scratch_where(), &e));
	OK(store_thread_call(t, insert_next, NULL, &e));
	OK(store_thread_read(t, own_pid, &pid, &e));
	lock_out(admin, true);
	kill_pid(admin, pid);
	/* Jobs fail, and at once: far more of them than tries to connect would allow. */
	start = time_mono_ms();
	for (i = 0; i < 1000; i++) {
		assert_int_equal(store_thread_call(t, insert_next, NULL, &e), RC_IO);
		assert_int_equal(store_thread_read(t, own_pid, &pid, &e), RC_IO);
	}
	assert_non_null(strstr(e.text, "connection"));
	assert_true(time_mono_ms() - start < 5000);
	lock_out(admin, false);
	start = time_mono_ms();
	do
		rc = store_thread_call(t, insert_next, NULL, &e);
	while (rc != RC_OK && time_mono_ms() - start < 15000);
	assert_int_equal(rc, RC_OK);
	assert_int_equal(count_of(s, "SELECT count(*) FROM item"), 2);
	store_thread_stop(&t);
	store_close(&admin);
	store_close(&s);
	buf_fini(&uri);
}
