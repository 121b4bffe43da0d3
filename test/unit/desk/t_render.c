/*
 * t_render.c — outbox rows to messages, through the role keys on its socket:
 * the same text for everybody of a language, nobody named twice, the audit
 * row before the first address.
 */
#include <pthread.h>
#include <stdio.h>

#include "test/lib/unit.h"
#include "t_desk.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "desk/keys_role.h"
#include "desk/render.h"
#include "net/frame.h"
#include "people/keyring.h"
#include "people/sealer.h"
#include "store/store.h"

/* The role lives as long as the process (keys_role.h): one for all tests. */
static struct {
	struct fixture f;
	struct local_server *server;
	struct keyring *ring;
	char socket[128];
	pthread_t thread;
	enum rc rc;
} all;

static void *
role_thread(void *arg)
{
	struct err e = ERR_INIT;

	(void)arg;
	all.rc = keys_role_run(all.server, all.ring, &e);
	return NULL;
}

static int
start(void **state)
{
	char key[128], path[128];

	(void)state;
	t_open(&all.f, false);
	t_four(&all.f);
	snprintf(key, sizeof(key), "%s/master.key", all.f.folder);
	snprintf(path, sizeof(path), "%s/keys.db", all.f.folder);
	snprintf(all.socket, sizeof(all.socket), "%s/keys.sock", all.f.folder);
	OK(&all.f, keyring_open(&all.ring, key, path, false, &all.f.e));
	keyring_set_audit(all.ring, keys_audit, all.f.audit_st);
	OK(&all.f, local_listen(&all.server, all.socket, 0600, &all.f.e));
	return pthread_create(&all.thread, NULL, role_thread, NULL);
}

static int
stop(void **state)
{
	(void)state;
	local_server_stop(all.server);
	pthread_join(all.thread, NULL);
	assert_int_equal(all.rc, RC_OK);
	local_server_close(&all.server);
	keyring_close(&all.ring);
	t_close(&all.f);
	return 0;
}

static struct renderer *
open_renderer(void)
{
	struct renderer_settings set = {
		.store = all.f.where,
		.keys_socket = all.socket,
		.authority = SV("Embassy\r\nBcc: all@example.org"),
		.contact = SV("+1 555 0100"),
		.from = SV("alerts@example.org"),
		.url = SV("https://alerts.example.org"),
	};
	struct renderer *r = NULL;

	OK(&all.f, renderer_open(&r, &set, &all.f.e));
	return r;
}

static struct outbox_row
row(int64_t alert, int64_t person, bool concerned)
{
	return (struct outbox_row){.alert = alert,
				   .person = person,
				   .contact = 1,
				   .thread = alert,
				   .channel = CHANNEL_EMAIL,
				   .state = OUTBOX_CLAIMED,
				   .concerned = concerned};
}

/* What is behind the headers that a person has of their own. */
static struct sv
shared(struct sv message)
{
	return sv_from(message, sv_find(message, SV("\r\nFrom: ")));
}

static void
check_lines(struct sv text)
{
	while (text.n > 0) {
		size_t end = sv_find(text, SV("\r\n"));

		assert_true(end < text.n && end <= 998);
		assert_int_equal(sv_find_char(sv_head(text, end), '\n'), end);
		assert_false(sv_starts(text, SV("Bcc:")));
		text = sv_from(text, end + 2);
	}
}

static void
batch(void **state)
{
	struct fixture *f = &all.f;
	struct renderer *r = open_renderer();
	struct render_message m[5], again[5];
	struct outbox_row rows[5];
	int64_t alert, before;
	size_t i;

	(void)state;
	alert = t_live(
		f, t_cap_with(f, "Actual", "GE", "Stay inside", "Stay&#13;&#10;Bcc: x@example.org"),
		0);
	/* p5 is like p2; p3 has no contact point; 99 never was. */
	t_people(f, "p5,Eve,IT,en,eve@example.org,,GE,,,2020-01-01,,\n");
	rows[0] = row(alert, 1, true);
	rows[1] = row(alert, 2, true);
	rows[2] = row(alert, 3, true);
	rows[3] = row(alert, 5, true);
	rows[4] = row(alert, 99, true);
	before = t_get(f,
		       "SELECT count(*) FROM audit WHERE action = 'details.open' AND at > ?1 + ?2",
		       0, 0);
	OK(f, renderer_render(r, rows, 5, T_NOW, f->arena, m, &f->e));
	assert_int_equal(t_get(f,
			       "SELECT count(*) FROM audit WHERE action = 'details.open' AND "
			       "detail = 'delivery of alert 1' AND officer = ?1 AND at > ?2",
			       0, 0),
			 before + 1);
	assert_int_equal(m[0].verdict, RENDER_SEND);
	assert_int_equal(m[1].verdict, RENDER_SEND);
	assert_int_equal(m[2].verdict, RENDER_NOBODY);
	assert_int_equal(m[3].verdict, RENDER_SEND);
	assert_int_equal(m[4].verdict, RENDER_NOBODY);
	assert_sv(m[0].to, SV("ada@example.org"));
	assert_sv(m[1].to, SV("bob@example.org"));
	assert_sv(m[1].from, SV("alerts@example.org"));
	for (i = 0; i < 5; i++)
		if (m[i].verdict == RENDER_SEND)
			check_lines(m[i].text);
	/* Only To and Message-ID are the person's. */
	assert_sv(shared(m[1].text), shared(m[3].text));
	assert_true(sv_find(shared(m[1].text), SV("bob")) == shared(m[1].text).n);
	assert_false(sv_eq(m[1].text, m[3].text));
	assert_true(sv_find(m[1].text, SV("\r\nTo: <bob@example.org>\r\n")) < m[1].text.n);
	assert_true(sv_find(m[0].text, SV("Content-Language: ru\r\n")) < m[0].text.n);
	assert_true(sv_find(m[1].text, SV("Content-Language: en\r\n")) < m[1].text.n);
	/* A repeat is the same message, also much later. */
	OK(f, renderer_render(r, rows, 5, T_NOW + 9999, f->arena, again, &f->e));
	assert_sv(again[1].text, m[1].text);
	/* Who is not concerned any more is told something else. */
	rows[0] = row(alert, 2, false);
	OK(f, renderer_render(r, rows, 1, T_NOW, f->arena, again, &f->e));
	assert_true(sv_find(again[0].text,
			    SV("Subject: This alert has changed and no longer concerns you")) <
		    again[0].text.n);
	/* Enrolled again since: another address, under another number, in place of the old one. */
	t_people(f, "p5,Eve,IT,en,eve.new@example.org,+390669812345,GE,,,2020-01-01,,\n");
	t_exec(f, "UPDATE contact SET n = n + ?1 WHERE person = ?2", 5, 5);
	rows[0] = row(alert, 5, true);
	OK(f, renderer_render(r, rows, 1, T_NOW, f->arena, again, &f->e));
	assert_int_equal(again[0].verdict, RENDER_SEND);
	assert_sv(again[0].to, SV("eve.new@example.org"));
	t_exec(f, "UPDATE contact SET n = n - ?1 WHERE person = ?2", 5, 5);
	/* Opted out since the row was written. */
	t_exec(f, "UPDATE contact SET state = ?1 WHERE person = ?2", CONTACT_OPTED_OUT, 5);
	rows[0] = row(alert, 5, true);
	OK(f, renderer_render(r, rows, 1, T_NOW, f->arena, again, &f->e));
	assert_int_equal(again[0].verdict, RENDER_NOBODY);
	renderer_close(&r);
}

/* Without its audit row nothing is opened; the batch waits. */
static void
no_audit(void **state)
{
	struct fixture *f = &all.f;
	struct renderer *r = open_renderer();
	struct render_message m;
	struct outbox_row one;

	(void)state;
	one = row(t_live(f, t_cap(f, "Actual", "GE"), 0), 1, true);
	t_exec(f, "UPDATE audit SET seq = seq + ?1 WHERE seq > ?2", 1000000, 0);
	assert_int_not_equal(renderer_render(r, &one, 1, T_NOW, f->arena, &m, &f->e), RC_OK);
	t_exec(f, "UPDATE audit SET seq = seq - ?1 WHERE seq > ?2", 1000000, 0);
	OK(f, renderer_render(r, &one, 1, T_NOW, f->arena, &m, &f->e));
	assert_int_equal(m.verdict, RENDER_SEND);
	renderer_close(&r);
}

#define ASKED 50

static void *
client(void *arg)
{
	struct sealer_reason why = {7, SV("two at once")};
	struct arena *a = arena_new();
	struct sealer *s = NULL;
	struct err e = ERR_INIT;
	int i, *good = arg;

	if (sealer_remote_open(&s, all.socket, 5000, &e) != RC_OK)
		return NULL;
	for (i = 0; i < ASKED; i++) {
		struct sv name = arena_fmt(a, "name %d of %d", i, *good);
		struct sealer_item item = {.person = 1 + i % 4, .kind = SEALED_NOTE, .in = name};

		if (sealer_seal(s, &item, 1, a, &e) != RC_OK)
			break;
		item.in = item.out;
		if (sealer_open(s, &why, &item, 1, a, &e) != RC_OK || item.rc != RC_OK ||
		    !sv_eq(item.out, name))
			break;
	}
	*good = i;
	sealer_close(&s);
	arena_free(&a);
	return NULL;
}

static void
two_clients(void **state)
{
	int good[2] = {-1, -2};
	pthread_t threads[2];
	int64_t rows;
	int i;

	(void)state;
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, client, &good[i]), 0);
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(good[0], ASKED);
	assert_int_equal(good[1], ASKED);
	rows = t_get(&all.f, "SELECT count(*) FROM audit WHERE officer = ?1 AND at > ?2", 7, 0);
	assert_int_equal(rows, 2 * ASKED);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(batch),
		cmocka_unit_test(no_audit),
		cmocka_unit_test(two_clients),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, stop);
}
