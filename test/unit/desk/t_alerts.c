/*
 * t_alerts.c — an alert's way to the outbox: two people, what approval
 * freezes, drift, updates, drills.
 */
#include "test/lib/unit.h"
#include "t_desk.h"

#include "base/arena.h"
#include "base/mem.h"
#include "cap/cap_read.h"
#include "crypt/sign.h"
#include "desk/desk_alert.h"
#include "desk/desk_send.h"
#include "store/store.h"

static int64_t
draft(struct fixture *f, const char *status)
{
	int64_t id;

	OK(f, desk_alert_new(&f->desk, &f->anna, t_cap(f, status, "GE"), SV_NONE, 0, T_NOW, &id,
			     &f->e));
	return id;
}

static void
two_people(void **state)
{
	struct desk_sent sent;
	struct fixture f;
	int64_t id;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	assert_int_equal(desk_alert_new(&f.desk, &f.eve, t_cap(&f, "Actual", "GE"), SV_NONE, 0,
					T_NOW, &id, &f.e),
			 RC_DENIED);
	id = draft(&f, "Actual");
	assert_int_equal(desk_alert_approve(&f.desk, &f.boris, id, 3, T_NOW, &f.e), RC_CONFLICT);
	assert_int_equal(desk_alert_submit(&f.desk, &f.eve, id, T_NOW, &f.e), RC_DENIED);
	OK(&f, desk_alert_submit(&f.desk, &f.anna, id, T_NOW, &f.e));
	/* Neither without the role, nor with it one's own. */
	assert_int_equal(desk_alert_approve(&f.desk, &f.anna, id, 3, T_NOW, &f.e), RC_DENIED);
	assert_int_equal(desk_alert_approve(&f.desk, &f.eve, id, 3, T_NOW, &f.e), RC_DENIED);
	f.anna.roles |= ROLE_BIT(ROLE_APPROVER);
	assert_int_equal(desk_alert_approve(&f.desk, &f.anna, id, 3, T_NOW, &f.e), RC_DENIED);
	assert_non_null(strstr(f.e.text, "two people send"));
	/* The size has to be right. */
	assert_int_equal(desk_alert_approve(&f.desk, &f.boris, id, 4, T_NOW, &f.e), RC_CONFLICT);
	assert_non_null(strstr(f.e.text, "concerns 3 persons now, you typed 4"));
	assert_int_equal(desk_alert_send(&sent, &f.desk, &f.anna, id, T_NOW, &f.e), RC_CONFLICT);
	OK(&f, desk_alert_approve(&f.desk, &f.boris, id, 3, T_NOW, &f.e));
	assert_int_equal(t_alert(&f, id)->approver, f.boris.id);
	assert_int_equal(t_alert(&f, id)->size, 3);
	assert_int_equal(desk_alert_send(&sent, &f.desk, &f.eve, id, T_NOW, &f.e), RC_DENIED);
	OK(&f, desk_alert_send(&sent, &f.desk, &f.anna, id, T_NOW, &f.e));
	assert_int_equal(sent.persons, 3);
	assert_int_equal(desk_alert_send(&sent, &f.desk, &f.anna, id, T_NOW, &f.e), RC_CONFLICT);
	assert_int_equal(desk_alert_return(&f.desk, &f.boris, id, SV("no"), T_NOW, &f.e),
			 RC_CONFLICT);
	assert_int_equal(t_get(&f,
			       "SELECT count(*) FROM audit WHERE object = 'alert 1' AND at = ?1 "
			       "AND action IN ('alert.new', 'alert.submit', 'alert.approve', "
			       "'alert.send') AND officer > ?2",
			       T_NOW, 0),
			 4);
	t_close(&f);
}

/* What is sent is what was approved, byte for byte, and signed. */
static void
frozen(void **state)
{
	const struct cap_findings *findings;
	const struct cap_alert *cap;
	struct sign_report report;
	struct desk_sent sent;
	const struct alert *a;
	struct sv approved, broken;
	struct fixture f;
	size_t at;
	int64_t id;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	id = t_approved(&f, t_cap(&f, "Actual", "GE"), 0);
	a = t_alert(&f, id);
	approved = a->xml;
	assert_sv(a->identifier, SV("0badcafe-1-1"));
	assert_sv(a->sender, SV("alerts@example.org"));
	assert_int_equal(a->sent, T_NOW);
	OK(&f, crypt_verify_all(&report, approved, buf_sv(&f.cert), T_NOW, &f.e));
	assert_int_equal(report.outcome, SIGN_VALID_TRUSTED);
	OK(&f, cap_read(&cap, &findings, f.arena, approved, &f.e));
	assert_int_equal(findings->errors, 0);
	assert_sv(cap->identifier, SV("0badcafe-1-1"));
	assert_sv(cap->sent.text, SV("2026-09-21T14:13:20-00:00"));
	assert_int_equal(cap->n_signatures, 1);
	assert_sv(cap->infos[1].headline, SV("Не выходите"));

	at = sv_find(approved, SV("Stay inside"));
	assert_true(at < approved.n);
	broken = arena_sv(f.arena, approved);
	((char *)broken.p)[at + 1] = 'l';
	OK(&f, crypt_verify_all(&report, broken, buf_sv(&f.cert), T_NOW, &f.e));
	assert_int_equal(report.outcome, SIGN_BROKEN);

	OK(&f, desk_alert_send(&sent, &f.desk, &f.boris, id, T_NOW + 600, &f.e));
	assert_sv(t_alert(&f, id)->xml, approved);
	assert_sv(t_alert(&f, id)->identifier, SV("0badcafe-1-1"));
	assert_int_equal(t_alert(&f, id)->sent, T_NOW);
	t_close(&f);
}

static void
drift(void **state)
{
	struct desk_sent sent;
	struct fixture f;
	int64_t id;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	id = t_approved(&f, t_cap(&f, "Actual", "GE"), 0);
	t_people(&f, "p5,E,DE,en,,,GE,,,2020-01-01,,\np6,F,DE,en,,,GE,,,2020-01-01,,\n"
		     "p7,G,DE,en,,,GE,,,2020-01-01,,\np8,H,DE,en,,,GE,,,2020-01-01,,\n");
	assert_int_equal(desk_alert_send(&sent, &f.desk, &f.anna, id, T_NOW, &f.e), RC_CONFLICT);
	assert_non_null(strstr(f.e.text, "approved for 3 persons and concerns 7 now"));
	assert_int_equal(t_alert(&f, id)->state, ALERT_APPROVED);
	assert_int_equal(
		t_get(&f, "SELECT count(*) FROM audience_piece WHERE alert <> ?1 + ?2", 0, 0), 0);
	OK(&f, desk_alert_return(&f.desk, &f.boris, id, SV("more people"), T_NOW, &f.e));
	assert_int_equal(t_alert(&f, id)->state, ALERT_DRAFT);
	assert_int_equal(t_alert(&f, id)->approver, 0);
	assert_int_equal(t_alert(&f, id)->size, -1);
	OK(&f, desk_alert_submit(&f.desk, &f.anna, id, T_NOW, &f.e));
	OK(&f, desk_alert_approve(&f.desk, &f.boris, id, 7, T_NOW, &f.e));
	/* A few more do not make it another audience. */
	t_people(&f, "p9,I,DE,en,,,GE,,,2020-01-01,,\n");
	OK(&f, desk_alert_send(&sent, &f.desk, &f.anna, id, T_NOW, &f.e));
	assert_int_equal(sent.persons, 8);
	t_close(&f);
}

static void
stops(void **state)
{
	struct desk_sent sent;
	struct fixture f;
	int64_t id;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	/* The drafting check, at submission. */
	OK(&f, desk_alert_new(&f.desk, &f.anna,
			      t_cap_with(&f, "Actual", "GE", "2026-09-22T14", "2026-09-20T14"),
			      SV_NONE, 0, T_NOW, &id, &f.e));
	assert_int_equal(desk_alert_submit(&f.desk, &f.anna, id, T_NOW, &f.e), RC_CONFLICT);
	assert_non_null(strstr(f.e.text, "has passed"));
	/* No CAP at all, and CAP with an error. */
	assert_int_equal(desk_alert_new(&f.desk, &f.anna, SV("<alert"), SV_NONE, 0, T_NOW, &id,
					&f.e),
			 RC_SYNTAX);
	assert_int_equal(
		desk_alert_new(&f.desk, &f.anna,
			       t_cap_with(&f, "Actual", "GE", "<urgency>Immediate</urgency>", ""),
			       SV_NONE, 0, T_NOW, &id, &f.e),
		RC_SYNTAX);
	/* Over before it is sent. */
	id = t_approved(&f, t_cap(&f, "Actual", "GE"), 0);
	assert_int_equal(desk_alert_send(&sent, &f.desk, &f.anna, id, T_NOW + 86400, &f.e),
			 RC_CONFLICT);
	assert_non_null(strstr(f.e.text, "run out"));
	t_close(&f);
}

static size_t
pieces_of(struct fixture *f, int64_t alert, bool concerned, int64_t *first)
{
	int64_t n = t_get(f,
			  "SELECT COALESCE(SUM(n), 0) + 0 FROM audience_piece WHERE alert = ?1 AND "
			  "concerned = ?2",
			  alert, concerned);
	int64_t *ids = NULL;
	size_t all = 0;

	OK(f, audience_of_alert(&ids, &all, f->st, alert, &f->e));
	*first = all > 0 ? ids[0] : 0;
	mem_free(ids);
	return (size_t)n;
}

static void
update(void **state)
{
	const struct cap_findings *findings;
	const struct cap_alert *cap;
	struct desk_sent sent;
	struct fixture f;
	int64_t v1, v2, first;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	v1 = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	t_fan_out(&f);
	t_exec(&f, "UPDATE delivery SET state = ?1, next_at = NULL WHERE person = ?2",
	       OUTBOX_ACCEPTED, 1);
	v2 = t_approved(&f, t_cap(&f, "Actual", "AM"), v1);
	assert_int_equal(t_alert(&f, v2)->thread, v1);
	assert_int_equal(t_alert(&f, v2)->version, 2);
	assert_int_equal(t_alert(&f, v1)->state, ALERT_LIVE);
	OK(&f, desk_alert_send(&sent, &f.desk, &f.anna, v2, T_NOW, &f.e));
	/* p4 is concerned now; p1 was written to and is told so; p2 had got nothing. */
	assert_int_equal(sent.persons, 2);
	assert_int_equal(sent.not_concerned, 1);
	assert_int_equal(pieces_of(&f, v2, true, &first), 1);
	assert_int_equal(pieces_of(&f, v2, false, &first), 1);
	assert_int_equal(first, 1);
	assert_int_equal(t_alert(&f, v1)->state, ALERT_UPDATED);
	assert_int_equal(t_alert(&f, v1)->ended, T_NOW);
	OK(&f, cap_read(&cap, &findings, f.arena, t_alert(&f, v2)->xml, &f.e));
	assert_int_equal(findings->errors, 0);
	assert_int_equal(cap->msgtype, CAP_MSGTYPE_UPDATE);
	assert_sv(cap->references_text,
		  SV("alerts@example.org,0badcafe-1-1,2026-09-21T14:13:20-00:00"));
	/* Only what is live can be updated. */
	assert_int_equal(desk_alert_new(&f.desk, &f.anna, t_cap(&f, "Actual", "GE"), SV_NONE, v1,
					T_NOW, &v1, &f.e),
			 RC_CONFLICT);
	t_close(&f);
}

/* Two updates were approved; the one that goes second does not know the first. */
static void
update_out_of_turn(void **state)
{
	struct desk_sent sent;
	struct fixture f;
	int64_t v1, v2, v3;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	v1 = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	v2 = t_approved(&f, t_cap(&f, "Actual", "GE"), v1);
	v3 = t_approved(&f, t_cap(&f, "Actual", "GE"), v1);
	OK(&f, desk_alert_send(&sent, &f.desk, &f.anna, v3, T_NOW, &f.e));
	assert_int_equal(desk_alert_send(&sent, &f.desk, &f.anna, v2, T_NOW, &f.e), RC_CONFLICT);
	assert_non_null(strstr(f.e.text, "went out since"));
	assert_int_equal(t_alert(&f, v3)->state, ALERT_LIVE);
	assert_int_equal(t_alert(&f, v2)->state, ALERT_APPROVED);
	OK(&f, desk_alert_return(&f.desk, &f.boris, v2, SV_NONE, T_NOW, &f.e));
	OK(&f, desk_alert_submit(&f.desk, &f.anna, v2, T_NOW, &f.e));
	OK(&f, desk_alert_approve(&f.desk, &f.boris, v2, 3, T_NOW, &f.e));
	OK(&f, desk_alert_send(&sent, &f.desk, &f.anna, v2, T_NOW, &f.e));
	assert_int_equal(t_alert(&f, v3)->state, ALERT_UPDATED);
	t_close(&f);
}

static void
drill(void **state)
{
	static const char *const statuses[] = {"Exercise", "Test"};
	struct desk_preview p;
	struct alert_list list;
	struct fixture f;
	int64_t id, live;
	size_t i;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	for (i = 0; i < ARRAY_LEN(statuses); i++) {
		id = draft(&f, statuses[i]);
		OK(&f, desk_alert_preview(&p, &f.desk, id, T_NOW, &f.e));
		assert_int_equal(p.audience.n, 1);
		assert_int_equal(p.audience.ids[0], 1);
	}
	id = t_live(&f, t_cap(&f, "Exercise", "GE"), 0);
	assert_int_equal(t_get(&f, "SELECT n FROM audience_piece WHERE alert = ?1 + ?2", id, 0), 1);
	/* Not on the public pages either. */
	OK(&f, alert_published(&list, f.arena, f.st, 0, &f.e));
	assert_int_equal(list.n, 0);
	live = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	OK(&f, alert_published(&list, f.arena, f.st, 0, &f.e));
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].id, live);
	/* A drill is no update of an alert, nor the other way round; nor its correction. */
	assert_int_equal(desk_alert_new(&f.desk, &f.anna, t_cap(&f, "Exercise", "GE"), SV_NONE,
					live, T_NOW, &id, &f.e),
			 RC_CONFLICT);
	assert_int_equal(desk_alert_new(&f.desk, &f.anna, t_cap(&f, "Actual", "GE"), SV_NONE, id,
					T_NOW, &id, &f.e),
			 RC_CONFLICT);
	assert_int_equal(desk_alert_new(&f.desk, &f.anna, t_cap(&f, "Actual", "GE"),
					t_cap(&f, "Exercise", "GE"), 0, T_NOW, &id, &f.e),
			 RC_SYNTAX);
	assert_non_null(strstr(f.e.text, "the correction"));
	/* What is neither never leaves. */
	OK(&f, desk_alert_new(&f.desk, &f.anna, t_cap(&f, "System", "GE"), SV_NONE, 0, T_NOW, &id,
			      &f.e));
	assert_int_equal(desk_alert_submit(&f.desk, &f.anna, id, T_NOW, &f.e), RC_CONFLICT);
	t_close(&f);
}

static void
practice(void **state)
{
	const struct cap_findings *findings;
	const struct cap_alert *cap;
	struct alert_list list;
	struct fixture f;
	int64_t id;

	(void)state;
	t_open(&f, true);
	t_four(&f);
	id = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	assert_int_equal(t_alert(&f, id)->status, CAP_STATUS_EXERCISE);
	OK(&f, cap_read(&cap, &findings, f.arena, t_alert(&f, id)->xml, &f.e));
	assert_int_equal(cap->status, CAP_STATUS_EXERCISE);
	/* Everybody there is a sample person: no drill group is needed. */
	assert_int_equal(t_get(&f, "SELECT n FROM audience_piece WHERE alert = ?1 + ?2", id, 0), 3);
	OK(&f, alert_published(&list, f.arena, f.st, 0, &f.e));
	assert_int_equal(list.n, 1);
	t_close(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_people), cmocka_unit_test(frozen),
		cmocka_unit_test(drift),      cmocka_unit_test(stops),
		cmocka_unit_test(update),     cmocka_unit_test(update_out_of_turn),
		cmocka_unit_test(drill),      cmocka_unit_test(practice),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
