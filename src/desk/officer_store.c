/*
 * officer_store.c — officers and roles; see officer_store.h.
 */
#include "base/arena.h"
#include "base/mem.h"
#include "desk/officer_store.h"
#include "store/change.h"
#include "store/store.h"

static const struct {
	enum role role;
	const char *name;
} role_names[] = {
#define X(name, number, text) {ROLE_##name, text},
	ROLES(X)
#undef X
};

const char *
role_name(enum role r)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(role_names); i++)
		if (role_names[i].role == r)
			return role_names[i].name;
	return "unknown";
}

bool
role_of_name(struct sv name, enum role *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(role_names); i++) {
		if (sv_eq(name, sv_of(role_names[i].name))) {
			*ret = role_names[i].role;
			return true;
		}
	}
	return false;
}

enum rc
officer_check_name(struct sv name, struct err *e)
{
	size_t i;

	for (i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
		      c == '_' || c == '@'))
			break;
	}
	if (name.n == 0 || name.n > 64 || i < name.n)
		return err_set(e, RC_SYNTAX,
			       "\"%.*s\" is no name for an officer (expected 1 to 64 of a-z, 0-9, "
			       "'.', '-', '_', '@')",
			       SV_ARG(sv_head(name, 80)));
	return RC_OK;
}

enum rc
officer_insert(struct store *st, struct sv name, struct sv password_hash, int64_t now,
	       int64_t *ret_id, struct err *e)
{
	int64_t id;
	enum rc rc = officer_check_name(name, e);

	if (rc == RC_OK)
		rc = counter_take(st, "officer", 1, &id, e);
	if (rc == RC_OK)
		rc = store_exec(st,
				"INSERT INTO officer (id, name, password, disabled, created) "
				"VALUES (?1, ?2, ?3, 0, ?4)",
				ARGS(ARG_INT(id), ARG_TEXT(name),
				     password_hash.n > 0 ? ARG_TEXT(password_hash) : ARG_NULL,
				     ARG_INT(now)),
				NULL, e);
	if (rc == RC_CONFLICT)
		rc = err_set(e, rc, "there is an officer named %.*s already", SV_ARG(name));
	if (rc == RC_OK)
		*ret_id = id;
	return rc;
}

enum rc
officer_set_password(struct store *st, int64_t id, struct sv password_hash, struct err *e)
{
	return store_exec(st, "UPDATE officer SET password = ?2 WHERE id = ?1",
			  ARGS(ARG_INT(id), ARG_TEXT(password_hash)), NULL, e);
}

enum rc
officer_put_role(struct store *st, int64_t id, enum role role, int64_t now, struct err *e)
{
	return store_exec(st,
			  "INSERT INTO officer_role (officer, role, granted) VALUES (?1, ?2, ?3) "
			  "ON CONFLICT (officer, role) DO NOTHING",
			  ARGS(ARG_INT(id), ARG_INT(role), ARG_INT(now)), NULL, e);
}

#define OFFICER_QUERY                                                                   \
	"SELECT o.id, o.name, o.password, o.disabled, r.role FROM officer o LEFT JOIN " \
	"officer_role r ON r.officer = o.id "

/* One row a role, the rows of an officer one after the other. */
static enum rc
read_officers(struct officer_list *ret, struct arena *a, struct store *st, const char *sql,
	      const struct store_arg *args, size_t n_args, struct err *e)
{
	struct store_rows *rows = NULL;
	struct officer *v = NULL, *kept;
	size_t n = 0, cap = 0;
	enum rc rc = store_query(&rows, st, sql, args, n_args, e);

	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		int64_t id = store_int(rows, 0);

		if (n == 0 || v[n - 1].id != id) {
			v = mem_grow(v, &cap, n + 1, sizeof(*v));
			v[n++] = (struct officer){id, arena_sv(a, store_text(rows, 1)),
						  arena_sv(a, store_text(rows, 2)), 0,
						  store_int(rows, 3) != 0};
		}
		if (!store_is_null(rows, 4))
			v[n - 1].roles |= ROLE_BIT((unsigned)store_int(rows, 4) & 31u);
	}
	store_rows_free(&rows);
	if (rc == RC_NOTFOUND) {
		kept = ARENA_NEW_N(a, struct officer, n);
		if (n > 0)
			memcpy(kept, v, n * sizeof(*v));
		*ret = (struct officer_list){kept, n};
		rc = RC_OK;
	}
	mem_free(v);
	return rc;
}

enum rc
officer_find(struct officer *ret, struct arena *a, struct store *st, struct sv name, struct err *e)
{
	struct officer_list list;
	enum rc rc = read_officers(&list, a, st, OFFICER_QUERY "WHERE o.name = ?1",
				   ARGS(ARG_TEXT(name)), e);

	if (rc == RC_OK && list.n == 0)
		rc = err_set(e, RC_NOTFOUND, "there is no officer named %.*s",
			     SV_ARG(sv_head(name, 80)));
	if (rc == RC_OK)
		*ret = list.v[0];
	return rc;
}

enum rc
officer_load(struct officer *ret, struct arena *a, struct store *st, int64_t id, struct err *e)
{
	struct officer_list list;
	enum rc rc =
		read_officers(&list, a, st, OFFICER_QUERY "WHERE o.id = ?1", ARGS(ARG_INT(id)), e);

	if (rc == RC_OK && list.n == 0)
		rc = err_set(e, RC_NOTFOUND, "there is no officer %lld", (long long)id);
	if (rc == RC_OK)
		*ret = list.v[0];
	return rc;
}

enum rc
officer_all(struct officer_list *ret, struct arena *a, struct store *st, struct err *e)
{
	return read_officers(ret, a, st, OFFICER_QUERY "ORDER BY o.id, r.role", NO_ARGS, e);
}

enum rc
role_ask(struct store *st, int64_t officer, enum role role, int64_t by, int64_t now,
	 int64_t *ret_request, struct err *e)
{
	int64_t id;
	enum rc rc = counter_take(st, "role_request", 1, &id, e);

	if (rc == RC_OK)
		rc = store_exec(st,
				"INSERT INTO role_request (id, officer, role, requested_by, "
				"requested) VALUES (?1, ?2, ?3, ?4, ?5)",
				ARGS(ARG_INT(id), ARG_INT(officer), ARG_INT(role), ARG_INT(by),
				     ARG_INT(now)),
				NULL, e);
	if (rc == RC_OK)
		*ret_request = id;
	return rc;
}

/* The open request's officer, role and asker. */
static enum rc
open_request(struct store *st, int64_t request, int64_t *ret_officer, int64_t *ret_role,
	     int64_t *ret_by, struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc = store_query(&rows, st,
				 "SELECT officer, role, requested_by FROM role_request WHERE "
				 "id = ?1 AND decided IS NULL {lock}",
				 ARGS(ARG_INT(request)), e);

	if (rc == RC_OK)
		rc = store_next(rows, e);
	if (rc == RC_OK) {
		*ret_officer = store_int(rows, 0);
		*ret_role = store_int(rows, 1);
		*ret_by = store_int(rows, 2);
	} else if (rc == RC_NOTFOUND) {
		rc = err_set(e, rc, "there is no open role request %lld", (long long)request);
	}
	store_rows_free(&rows);
	return rc;
}

enum rc
role_confirm(struct store *st, int64_t request, int64_t by, int64_t now, int64_t *ret_officer,
	     enum role *ret_role, struct err *e)
{
	int64_t officer = 0, role = 0, asked_by = 0;
	enum rc rc = open_request(st, request, &officer, &role, &asked_by, e);

	if (rc != RC_OK)
		return rc;
	if (asked_by == by || officer == by)
		return err_set(e, RC_DENIED,
			       "role request %lld must be confirmed by an administrator who "
			       "neither made it nor gains by it",
			       (long long)request);
	rc = store_exec(st,
			"UPDATE role_request SET decided_by = ?2, decided = ?3, granted = 1 "
			"WHERE id = ?1",
			ARGS(ARG_INT(request), ARG_INT(by), ARG_INT(now)), NULL, e);
	if (rc == RC_OK)
		rc = officer_put_role(st, officer, (enum role)role, now, e);
	if (rc == RC_OK) {
		*ret_officer = officer;
		*ret_role = (enum role)role;
	}
	return rc;
}
