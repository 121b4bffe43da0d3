/*
 * t_cancel.c — cancelling: nothing is started afterwards, and the correction
 * goes to everyone who got something and to nobody else.
 */
#include <pthread.h>
#include <stdio.h>

#include "test/lib/unit.h"
#include "t_desk.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cap/cap_read.h"
#include "crypt/sign.h"
#include "desk/desk_alert.h"
#include "desk/desk_send.h"
#include "store/store.h"

/* n persons with e-mail addresses in GE, ids 1 to n. */
static void
crowd(struct fixture *f, int n)
{
	struct buf lines = BUF_INIT(64 * 1024);
	int i;

	for (i = 1; i <= n; i++)
		buf_addf(&lines, "q%d,Q,DE,en,q%d@example.org,,GE,,,2020-01-01,,\n", i, i);
	t_people(f, buf_str(&lines));
	buf_fini(&lines);
}

/* Every state a row can be in, and whether its person got something. */
static const struct {
	enum outbox_state state;
	int64_t doubts;
	bool got;
} rows[] = {
	{OUTBOX_NO_CHANNEL, 0, false}, {OUTBOX_OPTED_OUT, 0, false},  {OUTBOX_SUPPRESSED, 0, false},
	{OUTBOX_FAILED, 0, false},     {OUTBOX_BOUNCED, 0, false},    {OUTBOX_UNDELIVERED, 0, true},
	{OUTBOX_RETRY_WAIT, 0, false}, {OUTBOX_READY, 0, false},      {OUTBOX_IN_DOUBT, 1, true},
	{OUTBOX_CLAIMED, 0, false},    {OUTBOX_IN_FLIGHT, 0, true},   {OUTBOX_ACCEPTED, 0, true},
	{OUTBOX_DELIVERED, 0, true},   {OUTBOX_RETRY_WAIT, 1, true},  {OUTBOX_CLAIMED, 1, true},
	{OUTBOX_FAILED, 1, true},      {OUTBOX_SUPERSEDED, 0, false}, {OUTBOX_EXPIRED, 1, true},
};

static void
set_rows(struct fixture *f)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		t_exec(f, "UPDATE delivery SET state = ?1 WHERE person = ?2", rows[i].state,
		       (int64_t)i + 1);
		t_exec(f, "UPDATE delivery SET doubts = ?1 WHERE person = ?2", rows[i].doubts,
		       (int64_t)i + 1);
		if (!outbox_is_due(rows[i].state))
			t_exec(f, "UPDATE delivery SET next_at = NULL WHERE person = ?1 + ?2",
			       (int64_t)i + 1, 0);
	}
}

static void
assert_correction(struct fixture *f, int64_t id, int64_t of)
{
	const struct cap_findings *findings;
	const struct cap_alert *cap;
	const struct alert *a = t_alert(f, id);
	struct sign_report report;

	assert_int_equal(a->state, ALERT_LIVE);
	assert_int_equal(a->msgtype, CAP_MSGTYPE_CANCEL);
	assert_int_equal(a->thread, t_alert(f, of)->thread);
	OK(f, crypt_verify_all(&report, a->xml, buf_sv(&f->cert), T_NOW, &f->e));
	assert_int_equal(report.outcome, SIGN_VALID_TRUSTED);
	OK(f, cap_read(&cap, &findings, f->arena, a->xml, &f->e));
	assert_int_equal(findings->errors, 0);
	assert_int_equal(cap->msgtype, CAP_MSGTYPE_CANCEL);
	assert_int_equal(cap->status, CAP_STATUS_ACTUAL);
	assert_int_equal(cap->n_infos, 2);
	assert_sv(cap->infos[0].headline, SV("Correction: this alert is withdrawn: Stay inside"));
	assert_true(sv_ends(cap->infos[1].headline, SV(": Не выходите")));
	assert_true(sv_find(cap->infos[0].instruction, SV("Do not act on it")) == 0);
	assert_true(sv_find(cap->references_text, t_alert(f, of)->identifier) <
		    cap->references_text.n);
}

static void
exactly_those(void **state)
{
	struct outbox_row claimed[BATCH_CLAIM];
	struct outbox_claim c = {0, 0, claimed, 0};
	struct desk_sent sent;
	int64_t v1, v2, *ids, look_at, epoch;
	struct fixture f;
	size_t n, i, k = 0;

	(void)state;
	t_open(&f, false);
	crowd(&f, (int)ARRAY_LEN(rows));
	v1 = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	t_fan_out(&f);
	set_rows(&f);
	v2 = t_approved(&f, t_cap(&f, "Actual", "GE"), v1);
	assert_int_equal(desk_alert_cancel(&sent, &f.desk, &f.eve, v1, T_NOW, &f.e), RC_DENIED);
	/* One officer, also the author alone. */
	OK(&f, desk_alert_cancel(&sent, &f.desk, &f.anna, v1, T_NOW, &f.e));
	assert_int_equal(t_alert(&f, v1)->state, ALERT_CANCELLED);
	assert_correction(&f, sent.id, v1);
	OK(&f, audience_of_alert(&ids, &n, f.st, sent.id, &f.e));
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		bool there = k < n && ids[k] == (int64_t)i + 1;

		if (there != rows[i].got)
			fail_msg("%s with %d doubts: %s", outbox_name(rows[i].state),
				 (int)rows[i].doubts, there ? "written to" : "left out");
		k += there;
	}
	assert_int_equal(k, n);
	assert_int_equal(sent.persons, (int64_t)n);
	mem_free(ids);
	/* Nothing of it is claimed; its due rows end. The correction is what remains. */
	OK(&f, store_begin(f.st, &f.e));
	OK(&f, outbox_run_begin(f.st, SV("test"), T_NOW + 100, &epoch, &f.e));
	OK(&f, outbox_claim(f.st, epoch, 0, BATCH_CLAIM, T_NOW, &c, &look_at, &f.e));
	OK(&f, store_commit(f.st, &f.e));
	assert_int_equal(c.n, 0);
	assert_int_equal(t_get(&f,
			       "SELECT count(*) FROM delivery WHERE alert = ?1 AND next_at <= ?2",
			       v1, T_NOW),
			 0);
	t_fan_out(&f);
	assert_int_equal(t_get(&f, "SELECT count(*) FROM delivery WHERE alert = ?1 AND state = ?2",
			       sent.id, OUTBOX_READY),
			 (int64_t)n);
	/* It stays cancelled: neither again, nor revived by the update that was approved. */
	assert_int_equal(desk_alert_cancel(&sent, &f.desk, &f.anna, v1, T_NOW, &f.e), RC_CONFLICT);
	assert_int_equal(desk_alert_send(&sent, &f.desk, &f.anna, v2, T_NOW, &f.e), RC_CONFLICT);
	assert_non_null(strstr(f.e.text, "was cancelled"));
	assert_int_equal(t_alert(&f, v2)->state, ALERT_APPROVED);
	t_close(&f);
}

/* Who was written to by an earlier version gets it too; cancelling any version's id
 * ends the one that is live. */
static void
whole_thread(void **state)
{
	struct desk_sent sent;
	struct fixture f;
	int64_t v1, v2;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	v1 = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	t_fan_out(&f);
	t_exec(&f, "UPDATE delivery SET state = ?1, next_at = NULL WHERE person = ?2",
	       OUTBOX_ACCEPTED, 2);
	v2 = t_live(&f, t_cap(&f, "Actual", "AM"), v1);
	OK(&f, desk_alert_cancel(&sent, &f.desk, &f.boris, v1, T_NOW, &f.e));
	assert_int_equal(sent.persons, 1);
	assert_int_equal(t_alert(&f, v1)->state, ALERT_UPDATED);
	assert_int_equal(t_alert(&f, v2)->state, ALERT_CANCELLED);
	assert_correction(&f, sent.id, v1);
	assert_correction(&f, sent.id, v2);
	t_close(&f);
}

/* What has run out may still turn out false: it is corrected all the same, once. */
static void
after_the_end(void **state)
{
	struct desk_sent sent;
	struct fixture f;
	int64_t v1;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	v1 = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	t_fan_out(&f);
	t_exec(&f, "UPDATE delivery SET state = ?1, next_at = NULL WHERE person = ?2",
	       OUTBOX_ACCEPTED, 2);
	t_exec(&f, "UPDATE alert SET expires = ?2 WHERE id = ?1", v1, T_NOW - 1);
	OK(&f, store_begin(f.st, &f.e));
	OK(&f, alert_change(f.st, v1, ALERT_ON_EXPIRE, T_NOW, &f.e));
	OK(&f, store_commit(f.st, &f.e));
	OK(&f, desk_alert_cancel(&sent, &f.desk, &f.boris, v1, T_NOW, &f.e));
	assert_int_equal(sent.persons, 1);
	assert_int_equal(t_alert(&f, v1)->state, ALERT_CANCELLED);
	assert_correction(&f, sent.id, v1);
	assert_true(t_alert(&f, sent.id)->expires > T_NOW);
	assert_int_equal(desk_alert_cancel(&sent, &f.desk, &f.boris, v1, T_NOW, &f.e), RC_CONFLICT);
	t_close(&f);
}

/* Whoever holds the thread is waited for, also when another version is live: in between a
 * version could leave that the cancellation does not know. */
static void
one_after_the_other(void **state)
{
	struct desk_sent sent;
	struct store *other;
	struct fixture f;
	int64_t v1, v2;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	v1 = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	v2 = t_live(&f, t_cap(&f, "Actual", "GE"), v1);
	other = t_connect(&f);
	OK(&f, store_begin(other, &f.e));
	OK(&f, alert_lock_thread(other, v1, &f.e));
	store_set_wait(f.st, 50);
	assert_int_equal(desk_alert_cancel(&sent, &f.desk, &f.anna, v2, T_NOW, &f.e), RC_TIMEOUT);
	store_rollback(other);
	OK(&f, desk_alert_cancel(&sent, &f.desk, &f.anna, v2, T_NOW, &f.e));
	store_close(&other);
	t_close(&f);
}

/* The correction has time to arrive, though the alert was about to end. */
static void
near_the_end(void **state)
{
	struct desk_sent sent;
	struct fixture f;
	int64_t id, late = T_NOW + 86400 - 5;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	id = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	OK(&f, desk_alert_cancel(&sent, &f.desk, &f.anna, id, late, &f.e));
	assert_int_equal(t_alert(&f, sent.id)->expires, late + 72 * 3600);
	t_close(&f);
}

static void
own_correction(void **state)
{
	const struct cap_findings *findings;
	const struct cap_alert *cap;
	struct desk_sent sent;
	struct fixture f;
	int64_t id;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	OK(&f,
	   desk_alert_new(&f.desk, &f.anna, t_cap(&f, "Actual", "GE"),
			  t_cap_with(&f, "Actual", "GE", "Shots in the centre.", "It was thunder."),
			  0, T_NOW, &id, &f.e));
	OK(&f, desk_alert_submit(&f.desk, &f.anna, id, T_NOW, &f.e));
	OK(&f, desk_alert_approve(&f.desk, &f.boris, id, 3, T_NOW, &f.e));
	OK(&f, desk_alert_send(&sent, &f.desk, &f.anna, id, T_NOW, &f.e));
	OK(&f, desk_alert_cancel(&sent, &f.desk, &f.anna, id, T_NOW, &f.e));
	OK(&f, cap_read(&cap, &findings, f.arena, t_alert(&f, sent.id)->xml, &f.e));
	assert_sv(cap->infos[0].description, SV("It was thunder."));
	assert_int_equal(cap->msgtype, CAP_MSGTYPE_CANCEL);
	t_close(&f);
}

struct race {
	struct fixture *f;
	struct desk desk;
	int64_t alert;
	struct desk_sent sent;
	enum rc rc;
	const struct outbox_claim *claim;
	int64_t epoch;
	enum outbox_go go;
};

static void *
cancel_thread(void *arg)
{
	struct race *r = arg;
	struct err e = ERR_INIT;

	r->rc = desk_alert_cancel(&r->sent, &r->desk, &r->f->anna, r->alert, T_NOW, &e);
	return NULL;
}

/* On PostgreSQL: until another connection waits for a lock. SQLite has one writer at a time. */
static void
wait_for_waiter(struct fixture *f)
{
	struct store *look = t_connect(f);
	int64_t waiting = 0;

	while (store_is_postgres(look) && waiting == 0)
		OK(f,
		   store_get_int(
			   look,
			   "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
			   NO_ARGS, &waiting, &f->e));
	store_close(&look);
}

static void
claim_all(struct fixture *f, struct outbox_claim *c, int64_t *ret_epoch)
{
	int64_t look_at;

	OK(f, store_begin(f->st, &f->e));
	OK(f, outbox_run_begin(f->st, SV("test"), T_NOW + 100, ret_epoch, &f->e));
	OK(f, outbox_claim(f->st, *ret_epoch, 0, BATCH_CLAIM, T_NOW, c, &look_at, &f->e));
	OK(f, store_commit(f->st, &f->e));
}

/* A start that came first and is not committed yet: the cancellation waits for it and
 * counts its rows as written to. */
static void
start_first(void **state)
{
	struct outbox_row claimed[BATCH_CLAIM];
	struct outbox_claim c = {0, 0, claimed, 0};
	struct store *other;
	struct race r = {0};
	struct fixture f;
	enum outbox_go go;
	pthread_t thread;
	int64_t epoch;

	(void)state;
	t_open(&f, false);
	crowd(&f, 5);
	r.alert = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	t_fan_out(&f);
	claim_all(&f, &c, &epoch);
	assert_int_equal(c.n, 5);
	other = t_connect(&f);
	r.f = &f;
	r.desk = f.desk;
	r.desk.st = other;
	r.desk.arena = arena_new();
	OK(&f, store_begin(f.st, &f.e));
	OK(&f, outbox_start(f.st, epoch, &c, T_NOW, &go, &f.e));
	assert_int_equal(go, OUTBOX_GO);
	assert_int_equal(pthread_create(&thread, NULL, cancel_thread, &r), 0);
	wait_for_waiter(&f);
	OK(&f, store_commit(f.st, &f.e));
	pthread_join(thread, NULL);
	assert_int_equal(r.rc, RC_OK);
	assert_int_equal(r.sent.persons, 5);
	arena_free(&r.desk.arena);
	store_close(&other);
	t_close(&f);
}

static void *
start_thread(void *arg)
{
	struct race *r = arg;
	struct err e = ERR_INIT;

	r->rc = store_begin(r->desk.st, &e);
	if (r->rc == RC_OK)
		r->rc = outbox_start(r->desk.st, r->epoch, r->claim, T_NOW, &r->go, &e);
	if (r->rc == RC_OK)
		r->rc = store_commit(r->desk.st, &e);
	return NULL;
}

/* The alert is ended but not committed yet: the start waits and then finds it ended. */
static void
cancel_first(void **state)
{
	struct outbox_row claimed[BATCH_CLAIM];
	struct outbox_claim c = {0, 0, claimed, 0};
	struct store *other;
	struct race r = {.go = OUTBOX_GO};
	struct fixture f;
	pthread_t thread;

	(void)state;
	t_open(&f, false);
	crowd(&f, 5);
	r.alert = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	t_fan_out(&f);
	claim_all(&f, &c, &r.epoch);
	other = t_connect(&f);
	r.desk.st = other;
	r.claim = &c;
	OK(&f, store_begin(f.st, &f.e));
	OK(&f, alert_change(f.st, r.alert, ALERT_ON_CANCEL, T_NOW, &f.e));
	assert_int_equal(pthread_create(&thread, NULL, start_thread, &r), 0);
	wait_for_waiter(&f);
	OK(&f, store_commit(f.st, &f.e));
	pthread_join(thread, NULL);
	assert_int_equal(r.rc, RC_OK);
	assert_int_equal(r.go, OUTBOX_ENDED);
	assert_int_equal(t_get(&f, "SELECT count(*) FROM delivery WHERE alert = ?1 AND state = ?2",
			       r.alert, OUTBOX_CANCELLED),
			 5);
	store_close(&other);
	t_close(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(exactly_those), cmocka_unit_test(whole_thread),
		cmocka_unit_test(after_the_end), cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(near_the_end),  cmocka_unit_test(own_correction),
		cmocka_unit_test(start_first),   cmocka_unit_test(cancel_first),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
