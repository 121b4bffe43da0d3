/*
 * t_references.c — what our Updates and Cancels name: every predecessor that has not run
 * out, a Cancel also those that have; and what cap/cap_thread.h makes of the thread.
 */
#include "test/lib/unit.h"
#include "t_desk.h"

#include "base/arena.h"
#include "base/limits.h"
#include "cap/cap_read.h"
#include "cap/cap_thread.h"
#include "desk/desk_alert.h"
#include "desk/desk_send.h"
#include "store/store.h"

#define DAY INT64_C(86400)

/* t_cap with another end in both its infos. */
static struct sv
cap_until(struct fixture *f, const char *expires)
{
	static const struct sv was = SV_INIT("2026-09-22T14:13:20-00:00");
	struct sv xml = t_cap(f, "Actual", "GE"), made;
	struct buf b = BUF_INIT(64 * KIB);
	size_t at;

	for (at = sv_find(xml, was); at < xml.n; at = sv_find(xml, was)) {
		buf_add(&b, sv_head(xml, at));
		buf_adds(&b, expires);
		xml = sv_from(xml, at + was.n);
	}
	buf_add(&b, xml);
	made = arena_sv(f->arena, buf_sv(&b));
	buf_fini(&b);
	return made;
}

static int64_t
draft_at(struct fixture *f, int64_t updates, int64_t now, const char *expires)
{
	struct sv xml = cap_until(f, expires);
	int64_t id;

	OK(f, desk_alert_new(&f->desk, &f->anna, xml, SV_NONE, updates, now, &id, &f->e));
	OK(f, desk_alert_submit(&f->desk, &f->anna, id, now, &f->e));
	return id;
}

static void
leave_at(struct fixture *f, int64_t id, int64_t now)
{
	struct desk_preview p;
	struct desk_sent sent;

	OK(f, desk_alert_preview(&p, &f->desk, id, now, &f->e));
	OK(f, desk_alert_approve(&f->desk, &f->boris, id, (int64_t)p.audience.n, now, &f->e));
	OK(f, desk_alert_send(&sent, &f->desk, &f->anna, id, now, &f->e));
}

static const struct cap_alert *
message(struct fixture *f, int64_t id)
{
	const struct cap_findings *findings;
	const struct cap_alert *cap;

	OK(f, cap_read(&cap, &findings, f->arena, t_alert(f, id)->xml, &f->e));
	assert_int_equal(findings->errors, 0);
	return cap;
}

/* ids: digits, each that of an alert that must be named, and no other. */
static void
assert_names(struct fixture *f, int64_t id, const char *ids)
{
	const struct cap_alert *cap = message(f, id);
	size_t i;

	assert_int_equal(cap->n_references, strlen(ids));
	for (i = 0; i < cap->n_references; i++) {
		const struct alert *a = t_alert(f, ids[i] - '0');

		assert_sv(cap->references[i].identifier, a->identifier);
		assert_sv(cap->references[i].sender, a->sender);
		assert_int_equal(cap->references[i].sent.at.utc, a->sent);
	}
}

/* All versions up to `last`, newest first: only `holds` is in force, 0: none. */
static void
assert_holds(struct fixture *f, int64_t last, int64_t holds, int64_t now)
{
	struct cap_thread_input in[8];
	const struct cap_threads *t;
	size_t i;

	for (i = 0; i < (size_t)last; i++)
		in[i] = (struct cap_thread_input){message(f, last - (int64_t)i), i};
	OK(f, cap_thread_sort(&t, f->arena, in, (size_t)last, now, CAP_THREAD_HOURS, &f->e));
	assert_int_equal(t->n_threads, 1);
	assert_int_equal(t->n_findings, 0);
	assert_int_equal(t->threads[0].in_force, holds != 0);
	for (i = 0; i < t->n_messages; i++)
		assert_int_equal(t->messages[i].state == CAP_THREAD_IN_FORCE,
				 last - (int64_t)t->messages[i].index == holds);
}

static void
chain(void **state)
{
	struct desk_sent sent;
	struct fixture f;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	leave_at(&f, draft_at(&f, 0, T_NOW, "2026-09-22T14:13:20-00:00"), T_NOW);
	leave_at(&f, draft_at(&f, 1, T_NOW + 60, "2026-09-26T14:13:20-00:00"), T_NOW + 60);
	leave_at(&f, draft_at(&f, 2, T_NOW + 120, "2026-09-26T14:13:20-00:00"), T_NOW + 120);
	assert_names(&f, 1, "");
	assert_names(&f, 2, "1");
	assert_names(&f, 3, "12");
	assert_holds(&f, 3, 3, T_NOW + 180);
	/* The first has run out a day later. */
	leave_at(&f, draft_at(&f, 3, T_NOW + DAY, "2026-09-26T14:13:20-00:00"), T_NOW + DAY);
	assert_names(&f, 4, "23");
	assert_holds(&f, 4, 4, T_NOW + DAY);
	OK(&f, desk_alert_cancel(&sent, &f.desk, &f.boris, 4, T_NOW + 2 * DAY, &f.e));
	assert_int_equal(sent.id, 5);
	assert_names(&f, 5, "1234");
	assert_holds(&f, 5, 0, T_NOW + 2 * DAY);
	t_close(&f);
}

/* The alert ran out while its update waited for approval: an Update must name something. */
static void
run_out_meanwhile(void **state)
{
	struct fixture f;
	int64_t update, n;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	leave_at(&f, draft_at(&f, 0, T_NOW, "2026-09-22T14:13:20-00:00"), T_NOW);
	update = draft_at(&f, 1, T_NOW + 60, "2026-09-26T14:13:20-00:00");
	OK(&f, store_begin(f.st, &f.e));
	OK(&f, alert_expire_due(f.st, T_NOW + DAY, &n, &f.e));
	OK(&f, store_commit(f.st, &f.e));
	assert_int_equal(n, 1);
	leave_at(&f, update, T_NOW + DAY);
	assert_names(&f, update, "1");
	assert_holds(&f, 2, 2, T_NOW + DAY);
	t_close(&f);
}

/* A clock that was set back: nothing may be sent before what it names. */
static void
clock_set_back(void **state)
{
	struct desk_sent sent;
	struct fixture f;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	leave_at(&f, draft_at(&f, 0, T_NOW, "2026-09-22T14:13:20-00:00"), T_NOW);
	leave_at(&f, draft_at(&f, 1, T_NOW - 600, "2026-09-23T14:13:20-00:00"), T_NOW - 600);
	assert_int_equal(t_alert(&f, 2)->sent, T_NOW);
	assert_holds(&f, 2, 2, T_NOW);
	OK(&f, desk_alert_cancel(&sent, &f.desk, &f.boris, 2, T_NOW - 500, &f.e));
	assert_int_equal(t_alert(&f, 3)->sent, T_NOW);
	assert_names(&f, 3, "12");
	assert_holds(&f, 3, 0, T_NOW);
	t_close(&f);
}

/* A draft that was never sent is no predecessor. */
static void
unsent(void **state)
{
	struct fixture f;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	leave_at(&f, draft_at(&f, 0, T_NOW, "2026-09-22T14:13:20-00:00"), T_NOW);
	(void)draft_at(&f, 1, T_NOW + 60, "2026-09-26T14:13:20-00:00");
	leave_at(&f, draft_at(&f, 1, T_NOW + 90, "2026-09-26T14:13:20-00:00"), T_NOW + 120);
	assert_names(&f, 3, "1");
	t_close(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(chain),
		cmocka_unit_test(run_out_meanwhile),
		cmocka_unit_test(clock_set_back),
		cmocka_unit_test(unsent),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
