/*
 * t_sealer.c — a sealer over the role's socket does what the keyring itself does,
 * and the role answers nonsense with an error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "net/frame.h"
#include "people/keyring.h"
#include "people/sealer.h"
#include "scratch.h"

struct role {
	struct local_server *server;
	struct keyring *ring;
	pthread_t thread;
};

/* One connection, until it is closed. */
static void *
run_role(void *arg)
{
	struct role *r = arg;
	struct local *line = NULL;
	struct buf request = BUF_INIT(LIMIT_FRAME), reply = BUF_INIT(LIMIT_FRAME);

	if (local_accept(&line, r->server, 10000, NULL) != RC_OK)
		return NULL;
	while (frame_recv(line, &request, 10000, NULL) == RC_OK) {
		sealer_handle(r->ring, buf_sv(&request), &reply);
		if (frame_send(line, buf_sv(&reply), 10000, NULL) != RC_OK)
			break;
		buf_reset(&request);
	}
	local_close(&line);
	buf_fini(&request);
	buf_fini(&reply);
	return NULL;
}

static void
over_the_socket(void **state)
{
	enum { N = BATCH_SEALER + 500 };
	static const struct sealer_reason why = {3, SV_INIT("a test")};
	struct sealer_item *items = calloc(N, sizeof(*items));
	struct scratch s;
	struct role r = {0};
	struct sealer *remote = NULL;
	struct tombstone dead[4];
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	char path[128];
	int64_t id = 17, highest = 0;
	size_t i, n = 0;

	(void)state;
	assert_non_null(items);
	scratch_open(&s);
	(void)snprintf(path, sizeof(path), "%s/keys.sock", s.folder);
	if (local_listen(&r.server, path, 0600, &e) != RC_OK)
		fail_msg("%s", e.text);
	r.ring = s.ring;
	assert_int_equal(pthread_create(&r.thread, NULL, run_role, &r), 0);
	if (sealer_remote_open(&remote, path, 10000, &e) != RC_OK)
		fail_msg("%s", e.text);
	for (i = 0; i < N; i++)
		items[i] = (struct sealer_item){.person = (int64_t)i + 1,
						.kind = SEALED_EMAIL,
						.in = arena_fmt(a, "p%zu@example.org", i)};
	assert_int_equal(sealer_seal(remote, items, N, a, &e), RC_OK);
	for (i = 0; i < N; i++) {
		unsigned char hash[SEALER_HASH];
		struct sealer_item one = items[i];

		memcpy(hash, items[i].hash, sizeof(hash));
		assert_int_equal(sealer_hash(s.sealer, &one, 1, &e), RC_OK);
		assert_memory_equal(one.hash, hash, sizeof(hash));
		items[i].in = items[i].out;
	}
	assert_int_equal(sealer_forget(remote, &id, 1, NOW, &e), RC_OK);
	assert_int_equal(sealer_open(remote, &why, items, N, a, &e), RC_OK);
	for (i = 0; i < N; i++) {
		assert_int_equal(items[i].rc, i == 16 ? RC_NOTFOUND : RC_OK);
		if (i != 16)
			assert_true(sv_eq(items[i].out, arena_fmt(a, "p%zu@example.org", i)));
	}
	assert_int_equal(s.audits, 2);
	assert_int_equal(sealer_tombstones(remote, 0, dead, 4, &n, &e), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(dead[0].person, 17);
	assert_int_equal(dead[0].at, NOW);
	assert_int_equal(sealer_highest(remote, &highest, &e), RC_OK);
	assert_int_equal(highest, N);
	/* An error of the role's comes back as the same one. */
	s.deny = true;
	assert_int_equal(sealer_open(remote, &why, items, 1, a, &e), RC_DENIED);
	assert_non_null(strstr(e.text, "audit log"));
	sealer_close(&remote);
	assert_int_equal(pthread_join(r.thread, NULL), 0);
	local_server_close(&r.server);
	free(items);
	arena_free(&a);
	scratch_close(&s);
}

static void
nonsense(void **state)
{
	static const struct sv requests[] = {
		SV_INIT(""),
		SV_INIT("\x00"),
		SV_INIT("\x63"),
		SV_INIT("\x01"),
		SV_INIT("\x01\xFF\xFF\xFF\xFF"),
		SV_INIT("\x01\0\0\0\1"),
		SV_INIT("\x01\0\0\0\1"
			"\0\0\0\0\0\0\0\1"
			"\1"
			"\xFF\xFF\xFF\xFF"),
		SV_INIT("\x01\0\0\0\1"
			"\0\0\0\0\0\0\0\1"
			"\x9"
			"\0\0\0\0"),
		SV_INIT("\x01\0\0\0\1"
			"\0\0\0\0\0\0\0\1"
			"\1"
			"\0\0\0\1ab"),
		SV_INIT("\x04\0\0\0\0\0\0\0\1\xFF\xFF\xFF\xFF"),
		SV_INIT("\x05\0\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF"),
		SV_INIT("\x06x"),
	};
	struct buf reply = BUF_INIT(LIMIT_FRAME);
	struct scratch s;
	struct err e = ERR_INIT;
	int64_t highest = -1;
	size_t i;

	(void)state;
	scratch_open(&s);
	for (i = 0; i < ARRAY_LEN(requests); i++) {
		sealer_handle(s.ring, requests[i], &reply);
		assert_true(reply.n > 5);
		assert_int_equal(reply.p[0], RC_SYNTAX);
	}
	assert_int_equal(keyring_highest(s.ring, &highest, &e), RC_OK);
	assert_int_equal(highest, 0);
	buf_fini(&reply);
	scratch_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_the_socket),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
