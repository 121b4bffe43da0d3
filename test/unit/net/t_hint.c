/* "Look now" datagrams. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/hint.h"

static char folder[] = "/tmp/t_hint.XXXXXX";
static char path[64];

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/web.sock", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void
hints_are_seen_once_and_may_be_lost(void **state)
{
	struct hint *h = NULL;
	struct err e = ERR_INIT;
	struct stat st;
	int i;

	(void)state;
	hint_send(path); /* nobody there */
	assert_int_equal(hint_open(&h, path, &e), RC_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(hint_wait(h, 0));
	for (i = 0; i < 1000; i++) /* more than the queue holds: must not block */
		hint_send(path);
	assert_true(hint_wait(h, 1000));
	assert_false(hint_wait(h, 0));
	hint_send(path);
	assert_true(hint_wait(h, -1));
	hint_close(&h);
	assert_null(h);
	assert_int_equal(access(path, F_OK), -1);
}

static void
a_socket_left_behind_is_replaced(void **state)
{
	struct hint *old = NULL, *h = NULL;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(hint_open(&old, path, &e), RC_OK);
	assert_int_equal(hint_open(&h, path, &e), RC_OK);
	hint_send(path);
	assert_true(hint_wait(h, 1000));
	assert_false(hint_wait(old, 0));
	hint_close(&old);
	hint_close(&h);
}

static void
a_long_path_is_refused(void **state)
{
	struct hint *h = NULL;
	struct err e = ERR_INIT;
	char longer[200];

	(void)state;
	memset(longer, 'a', sizeof(longer) - 1);
	longer[0] = '/';
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(hint_open(&h, longer, &e), RC_LIMIT);
	assert_null(h);
	assert_non_null(strstr(e.text, "107"));
	hint_send(longer);
}

struct watching {
	struct loop *l;
	int calls;
};

static void
on_hint(void *arg, int64_t now)
{
	struct watching *w = arg;

	(void)now;
	w->calls++;
	loop_stop(w->l);
}

static void
a_loop_is_woken_once_for_many(void **state)
{
	struct watching w = {NULL, 0};
	struct hint *h = NULL;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(loop_new(&w.l, &e), RC_OK);
	assert_int_equal(hint_open(&h, path, &e), RC_OK);
	assert_int_equal(hint_watch(h, w.l, on_hint, &w, &e), RC_OK);
	hint_send(path);
	hint_send(path);
	hint_send(path);
	loop_run(w.l);
	assert_int_equal(w.calls, 1);
	assert_false(hint_wait(h, 0));
	hint_close(&h);
	loop_free(&w.l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hints_are_seen_once_and_may_be_lost),
		cmocka_unit_test(a_socket_left_behind_is_replaced),
		cmocka_unit_test(a_long_path_is_refused),
		cmocka_unit_test(a_loop_is_woken_once_for_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
