/* Framed messages over a local socket, and who may send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "net/frame.h"

#define SECONDS 5000

static char folder[] = "/tmp/t_frame.XXXXXX";
static char path[64];

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/keys.sock", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

/* Sends back what it gets until the peer closes. */
static void *
echo(void *arg)
{
	struct local_server *s = arg;
	struct buf b = BUF_INIT(LIMIT_FRAME);
	struct local *l = NULL;
	struct err e = ERR_INIT;
	enum rc rc;

	rc = local_accept(&l, s, SECONDS, &e);
	while (rc == RC_OK) {
		buf_reset(&b);
		rc = frame_recv(l, &b, SECONDS, &e);
		if (rc == RC_OK)
			rc = frame_send(l, buf_sv(&b), SECONDS, &e);
	}
	local_close(&l);
	buf_fini(&b);
	return (void *)(intptr_t)rc;
}

static void
frames_of_all_sizes_come_back(void **state)
{
	static const size_t sizes[] = {0, 1, 4, 65536, 1000003, LIMIT_FRAME};
	struct local_server *s = NULL;
	struct local *l = NULL;
	struct err e = ERR_INIT;
	struct buf got = BUF_INIT(LIMIT_FRAME);
	char *big = mem_alloc(LIMIT_FRAME + 1);
	struct stat st;
	pthread_t t;
	void *end;
	size_t i;

	(void)state;
	for (i = 0; i <= LIMIT_FRAME; i++)
		big[i] = (char)(i * 7 + (i >> 11));
	assert_int_equal(local_listen(&s, path, 0600, &e), RC_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	pthread_create(&t, NULL, echo, s);
	assert_int_equal(local_connect(&l, path, SECONDS, &e), RC_OK);
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		struct sv v = {big, sizes[i]};

		buf_reset(&got);
		assert_int_equal(frame_send(l, v, SECONDS, &e), RC_OK);
		assert_int_equal(frame_recv(l, &got, SECONDS, &e), RC_OK);
		assert_true(sv_eq(buf_sv(&got), v));
	}
	assert_int_equal(frame_send(l, (struct sv){big, LIMIT_FRAME + 1}, SECONDS, &e), RC_LIMIT);
	local_close(&l);
	pthread_join(t, &end);
	assert_int_equal((intptr_t)end, RC_NOTFOUND);
	local_server_close(&s);
	assert_int_equal(access(path, F_OK), -1);
	buf_fini(&got);
	mem_free(big);
}

/* A plain client, to send what frame_send would not. */
static int
raw_connect(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(a.sun_path, path, strlen(path));
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void
bad_frames_are_told_apart(void **state)
{
	static const struct {
		const char *name;
		struct sv bytes;
		bool keep_open;
		enum rc want;
	} cases[] = {
		{"closed at once", SV_INIT(""), false, RC_NOTFOUND},
		{"half a length", SV_INIT("\0\0"), false, RC_IO},
		{"half a frame",
		 SV_INIT("\0\0\0\5"
			 "abc"),
		 false, RC_IO},
		{"length without frame", SV_INIT("\0\0\0\5"), false, RC_IO},
		{"over the limit", SV_INIT("\1\0\0\1"), false, RC_LIMIT},
		{"all ones", SV_INIT("\377\377\377\377"), false, RC_LIMIT},
		{"over the buf", SV_INIT("\0\0\0\21"), false, RC_LIMIT},
		{"a slow peer",
		 SV_INIT("\0\0\0\5"
			 "abc"),
		 true, RC_TIMEOUT},
	};
	struct local_server *s = NULL;
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	assert_int_equal(local_listen(&s, path, 0600, &e), RC_OK);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(16);
		struct local *l = NULL;
		enum rc rc;
		int fd = raw_connect();

		assert_int_equal(local_accept(&l, s, SECONDS, &e), RC_OK);
		assert_int_equal(write(fd, cases[i].bytes.p, cases[i].bytes.n), cases[i].bytes.n);
		if (!cases[i].keep_open)
			close(fd);
		rc = frame_recv(l, &b, 50, &e);
		if (rc != cases[i].want)
			fail_msg("%s: got %s (%s)", cases[i].name, rc_name(rc), e.text);
		if (cases[i].keep_open)
			close(fd);
		local_close(&l);
		buf_fini(&b);
	}
	local_server_close(&s);
}

static void *
stopper(void *arg)
{
	local_server_stop(arg);
	return NULL;
}

static void
listening_ends_and_is_exclusive(void **state)
{
	struct local_server *s = NULL, *second = NULL;
	struct local *l = NULL;
	struct err e = ERR_INIT;
	pthread_t t;

	(void)state;
	assert_int_equal(local_connect(&l, path, 100, &e), RC_IO);
	assert_int_equal(local_listen(&s, path, 0600, &e), RC_OK);
	assert_int_equal(local_listen(&second, path, 0600, &e), RC_CONFLICT);
	assert_int_equal(local_accept(&l, s, 500, &e), RC_OK); /* the second's look */
	local_close(&l);
	assert_int_equal(local_accept(&l, s, 10, &e), RC_TIMEOUT);
	pthread_create(&t, NULL, stopper, s);
	assert_int_equal(local_accept(&l, s, -1, &e), RC_NOTFOUND);
	pthread_join(t, NULL);
	assert_null(l);
	local_server_close(&s);
}

static void
a_dead_socket_is_replaced(void **state)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct local_server *s = NULL;
	struct err e = ERR_INIT;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	memcpy(a.sun_path, path, strlen(path));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	close(fd);
	assert_int_equal(local_listen(&s, path, 0600, &e), RC_OK);
	local_server_close(&s);
}

static void
another_user_is_refused(void **state)
{
	struct local_server *s = NULL;
	struct local *l = NULL;
	struct err e = ERR_INIT;
	pid_t pid;

	(void)state;
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(local_listen(&s, path, 0666, &e), RC_OK);
	pid = fork();
	if (pid == 0) {
		struct err child_err = ERR_INIT;

		if (setuid(65534) != 0)
			_exit(1);
		/* The client, too, finds that the other side is not its own user. */
		_exit(local_connect(&l, path, SECONDS, &child_err) == RC_DENIED ? 0 : 2);
	}
	assert_int_equal(local_accept(&l, s, SECONDS, &e), RC_DENIED);
	assert_non_null(strstr(e.text, "65534"));
	{
		int status = -1;

		assert_true(waitpid(pid, &status, 0) == pid);
		assert_int_equal(status, 0);
	}
	local_server_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_all_sizes_come_back),
		cmocka_unit_test(bad_frames_are_told_apart),
		cmocka_unit_test(listening_ends_and_is_exclusive),
		cmocka_unit_test(a_dead_socket_is_replaced),
		cmocka_unit_test(another_user_is_refused), /* the last: for root only */
	};
	/* Only root can become somebody else. */
	size_t n = ARRAY_LEN(tests) - (geteuid() != 0);

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("frame", tests, n, make_folder, remove_folder);
}
