/*
 * desk_officer.c — see desk_officer.h.
 */
#include "desk/desk_officer.h"
#include "base/arena.h"
#include "desk/desk.h"
#include "store/store.h"

/* Commit when rc is RC_OK, else roll back. */
static enum rc
finish(struct desk *d, enum rc rc, struct err *e)
{
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	if (rc != RC_OK)
		store_rollback(d->st);
	return rc;
}

static enum rc
begin_as_administrator(struct desk *d, const struct officer *o, const char *what, struct err *e)
{
	enum rc rc = desk_allow(o, ROLE_BIT(ROLE_ADMINISTRATOR), what, e);

	return rc == RC_OK ? store_begin(d->st, e) : rc;
}

bool
desk_role_needs_two(enum role r)
{
	return r == ROLE_APPROVER || r == ROLE_ADMINISTRATOR;
}

enum rc
desk_officer_add(struct desk *d, const struct officer *o, struct sv name, struct sv password_hash,
		 int64_t now, int64_t *ret_id, struct err *e)
{
	int64_t id = 0;
	enum rc rc = begin_as_administrator(d, o, "add an officer", e);

	if (rc != RC_OK)
		return rc;
	rc = officer_insert(d->st, name, password_hash, now, &id, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "officer.add", "officer", id, name, now, e);
	rc = finish(d, rc, e);
	if (rc == RC_OK)
		*ret_id = id;
	return rc;
}

enum rc
desk_role_grant(struct desk *d, const struct officer *o, struct sv name, enum role role,
		int64_t now, int64_t *ret_request, struct err *e)
{
	bool two = desk_role_needs_two(role);
	int64_t request = 0;
	struct officer to;
	enum rc rc = begin_as_administrator(d, o, "grant a role", e);

	if (rc != RC_OK)
		return rc;
	rc = officer_find(&to, d->arena, d->st, name, e);
	if (rc == RC_OK && two)
		rc = role_ask(d->st, to.id, role, o->id, now, &request, e);
	else if (rc == RC_OK)
		rc = officer_put_role(d->st, to.id, role, now, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, two ? "role.ask" : "role.grant", "officer", to.id,
			       sv_of(role_name(role)), now, e);
	rc = finish(d, rc, e);
	if (rc == RC_OK)
		*ret_request = request;
	return rc;
}

enum rc
desk_role_confirm(struct desk *d, const struct officer *o, int64_t request, int64_t now,
		  int64_t *ret_officer, enum role *ret_role, struct err *e)
{
	enum role role = ROLE_AUTHOR;
	int64_t officer = 0;
	enum rc rc = begin_as_administrator(d, o, "confirm a role", e);

	if (rc != RC_OK)
		return rc;
	rc = role_confirm(d->st, request, o->id, now, &officer, &role, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "role.confirm", "officer", officer, sv_of(role_name(role)),
			       now, e);
	rc = finish(d, rc, e);
	if (rc == RC_OK) {
		*ret_officer = officer;
		*ret_role = role;
	}
	return rc;
}

enum rc
desk_officer_password(struct desk *d, const struct officer *o, struct sv password_hash, int64_t now,
		      struct err *e)
{
	enum rc rc = store_begin(d->st, e);

	if (rc != RC_OK)
		return rc;
	rc = officer_set_password(d->st, o->id, password_hash, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "officer.password", "officer", o->id, SV_NONE, now, e);
	return finish(d, rc, e);
}

enum rc
desk_signin_link(struct desk *d, const struct officer *o, int64_t now, int64_t expires,
		 struct token *ret, struct err *e)
{
	struct token token;
	enum rc rc = store_begin(d->st, e);

	if (rc != RC_OK)
		return rc;
	rc = signin_make(d->st, o->id, expires, &token, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "officer.signin-link", "officer", o->id, SV_NONE, now, e);
	rc = finish(d, rc, e);
	if (rc == RC_OK)
		*ret = token;
	return rc;
}
