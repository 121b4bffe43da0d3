/*
 * t_officers.c — who may do what: roles that need two, signing in, sessions.
 */
#include <stdio.h>

#include "test/lib/unit.h"
#include "t_desk.h"

#include "base/arena.h"
#include "crypt/password.h"
#include "desk/desk_officer.h"
#include "store/store.h"

static void
roles_by_two(void **state)
{
	static const enum role two[] = {ROLE_APPROVER, ROLE_ADMINISTRATOR};
	enum role role = ROLE_AUTHOR;
	int64_t request, who;
	struct fixture f;
	size_t i;

	(void)state;
	t_open(&f, false);
	assert_int_equal(desk_role_grant(&f.desk, &f.boris, SV("eve"), ROLE_AUTHOR, T_NOW, &request,
					 &f.e),
			 RC_DENIED);
	for (i = 0; i < ARRAY_LEN(two); i++) {
		OK(&f,
		   desk_role_grant(&f.desk, &f.carol, SV("eve"), two[i], T_NOW, &request, &f.e));
		assert_true(request > 0);
		assert_int_equal(t_officer(&f, "eve").roles & ROLE_BIT(two[i]), 0);
		/* Not who asked; not who is no administrator. */
		assert_int_equal(desk_role_confirm(&f.desk, &f.carol, request, T_NOW, &who, &role,
						   &f.e),
				 RC_DENIED);
		assert_int_equal(desk_role_confirm(&f.desk, &f.boris, request, T_NOW, &who, &role,
						   &f.e),
				 RC_DENIED);
		assert_int_equal(t_officer(&f, "eve").roles & ROLE_BIT(two[i]), 0);
		OK(&f, desk_role_confirm(&f.desk, &f.dora, request, T_NOW, &who, &role, &f.e));
		assert_int_equal(who, f.eve.id);
		assert_int_equal(role, two[i]);
		assert_int_equal(t_officer(&f, "eve").roles & ROLE_BIT(two[i]), ROLE_BIT(two[i]));
		/* Once. */
		assert_int_equal(desk_role_confirm(&f.desk, &f.dora, request, T_NOW, &who, &role,
						   &f.e),
				 RC_NOTFOUND);
	}
	/* Not who gains by it, though another asked. */
	OK(&f,
	   desk_role_grant(&f.desk, &f.carol, SV("dora"), ROLE_APPROVER, T_NOW, &request, &f.e));
	assert_int_equal(desk_role_confirm(&f.desk, &f.dora, request, T_NOW, &who, &role, &f.e),
			 RC_DENIED);
	assert_non_null(strstr(f.e.text, "neither made it nor gains by it"));
	t_close(&f);
}

static void
roles_by_one(void **state)
{
	static const enum role one[] = {ROLE_AUTHOR, ROLE_CASEWORKER, ROLE_WARDEN, ROLE_AUDITOR};
	struct fixture f;
	int64_t request, id;
	size_t i;

	(void)state;
	t_open(&f, false);
	assert_int_equal(desk_officer_add(&f.desk, &f.boris, SV("hal"), SV_NONE, T_NOW, &id, &f.e),
			 RC_DENIED);
	OK(&f, desk_officer_add(&f.desk, &f.carol, SV("hal"), SV_NONE, T_NOW, &id, &f.e));
	assert_int_equal(t_officer(&f, "hal").roles, 0);
	for (i = 0; i < ARRAY_LEN(one); i++) {
		OK(&f,
		   desk_role_grant(&f.desk, &f.carol, SV("hal"), one[i], T_NOW, &request, &f.e));
		assert_int_equal(request, 0);
		assert_true((t_officer(&f, "hal").roles & ROLE_BIT(one[i])) != 0);
	}
	assert_int_equal(desk_officer_add(&f.desk, &f.carol, SV("hal"), SV_NONE, T_NOW, &id, &f.e),
			 RC_CONFLICT);
	assert_int_equal(desk_officer_add(&f.desk, &f.carol, SV("Hal 9"), SV_NONE, T_NOW, &id,
					  &f.e),
			 RC_SYNTAX);
	assert_int_equal(desk_role_grant(&f.desk, &f.carol, SV("nobody"), ROLE_AUTHOR, T_NOW,
					 &request, &f.e),
			 RC_NOTFOUND);
	/* Each act left its row, the refused ones none. */
	assert_int_equal(t_get(&f, "SELECT count(*) FROM audit WHERE officer = ?1 AND at = ?2",
			       f.carol.id, T_NOW),
			 5);
	assert_int_equal(
		t_get(&f, "SELECT count(*) FROM audit WHERE officer <> ?1 + ?2", f.carol.id, 0), 0);
	t_close(&f);
}

static void
sign_in(void **state)
{
	static const struct {
		struct sv name, password;
	} wrong[] = {
		{SV_INIT("anna"), SV_INIT("correct horse batterx")},
		{SV_INIT("anna"), SV_INIT("")},
		{SV_INIT("nobody"), SV_INIT("correct horse battery")},
		{SV_INIT(""), SV_INIT("correct horse battery")},
		{SV_INIT("boris"), SV_INIT("")}, /* has no password */
		{SV_INIT("an\xff"), SV_INIT("x")},
	};
	struct buf hash = BUF_INIT(512);
	struct officer o = {0};
	struct fixture f;
	char first[ERR_TEXT] = "";
	size_t i;

	(void)state;
	t_open(&f, false);
	OK(&f, password_hash(&hash, SV("correct horse battery"), &f.e));
	OK(&f, desk_officer_password(&f.desk, &f.anna, buf_sv(&hash), T_NOW, &f.e));
	OK(&f, desk_sign_in(&f.desk, SV("anna"), SV("correct horse battery"), &o, &f.e));
	assert_int_equal(o.id, f.anna.id);
	for (i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_int_equal(desk_sign_in(&f.desk, wrong[i].name, wrong[i].password, &o, &f.e),
				 RC_DENIED);
		if (i == 0)
			snprintf(first, sizeof(first), "%s", f.e.text);
		assert_string_equal(f.e.text, first);
	}
	t_exec(&f, "UPDATE officer SET disabled = ?1 WHERE id = ?2", 1, f.anna.id);
	assert_int_equal(desk_sign_in(&f.desk, SV("anna"), SV("correct horse battery"), &o, &f.e),
			 RC_DENIED);
	buf_fini(&hash);
	t_close(&f);
	/* For practice the name alone. */
	t_open(&f, true);
	OK(&f, desk_sign_in(&f.desk, SV("anna"), SV_NONE, &o, &f.e));
	assert_int_equal(desk_sign_in(&f.desk, SV("nobody"), SV_NONE, &o, &f.e), RC_DENIED);
	t_close(&f);
}

static void
links_and_sessions(void **state)
{
	struct token link, session;
	struct fixture f;
	int64_t who = 0;

	(void)state;
	t_open(&f, false);
	OK(&f, desk_signin_link(&f.desk, &f.anna, T_NOW, T_NOW + 900, &link, &f.e));
	assert_int_equal(signin_use(f.st, sv_head(sv_of(link.text), 42), T_NOW, &who, &f.e),
			 RC_DENIED);
	assert_int_equal(signin_use(f.st, sv_of(link.text), T_NOW + 900, &who, &f.e), RC_DENIED);
	OK(&f, signin_use(f.st, sv_of(link.text), T_NOW + 899, &who, &f.e));
	assert_int_equal(who, f.anna.id);
	assert_int_equal(signin_use(f.st, sv_of(link.text), T_NOW, &who, &f.e), RC_DENIED);
	OK(&f, session_make(f.st, f.anna.id, T_NOW + 3600, &session, &f.e));
	/* The store has no token, only hashes; one kind does not do for the other. */
	assert_int_equal(signin_use(f.st, sv_of(session.text), T_NOW, &who, &f.e), RC_DENIED);
	assert_int_equal(session_check(f.st, sv_of(link.text), T_NOW, &who, &f.e), RC_DENIED);
	who = 0;
	OK(&f, session_check(f.st, sv_of(session.text), T_NOW + 3599, &who, &f.e));
	assert_int_equal(who, f.anna.id);
	assert_int_equal(session_check(f.st, sv_of(session.text), T_NOW + 3600, &who, &f.e),
			 RC_DENIED);
	/* Disabled at once. */
	t_exec(&f, "UPDATE officer SET disabled = ?1 WHERE id = ?2", 1, f.anna.id);
	assert_int_equal(session_check(f.st, sv_of(session.text), T_NOW, &who, &f.e), RC_DENIED);
	OK(&f, signin_make(f.st, f.anna.id, T_NOW + 900, &link, &f.e));
	assert_int_equal(signin_use(f.st, sv_of(link.text), T_NOW, &who, &f.e), RC_DENIED);
	t_exec(&f, "UPDATE officer SET disabled = ?1 WHERE id = ?2", 0, f.anna.id);
	OK(&f, session_check(f.st, sv_of(session.text), T_NOW, &who, &f.e));
	OK(&f, session_end(f.st, sv_of(session.text), &f.e));
	assert_int_equal(session_check(f.st, sv_of(session.text), T_NOW, &who, &f.e), RC_DENIED);
	t_close(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_by_two),
		cmocka_unit_test(roles_by_one),
		cmocka_unit_test(sign_in),
		cmocka_unit_test(links_and_sessions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
