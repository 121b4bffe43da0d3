/*
 * officer_store.h — officers, their roles, how they prove who they are.
 *
 * Granting `approver` or `administrator` needs two administrators (DESIGN
 * 3.1): one asks, another confirms. The two first officers are made by init.
 */
#ifndef DESK_OFFICER_STORE_H
#define DESK_OFFICER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "crypt/token.h"

struct arena;
struct store;

/* The numbers are stored: never change one. */
#define ROLES(X)                       \
	X(AUTHOR, 1, "author")         \
	X(APPROVER, 2, "approver")     \
	X(CASEWORKER, 3, "caseworker") \
	X(WARDEN, 4, "warden")         \
	X(AUDITOR, 5, "auditor")       \
	X(ADMINISTRATOR, 6, "administrator")

enum role {
#define X(name, number, text) ROLE_##name = (number),
	ROLES(X)
#undef X
};

const char *role_name(enum role);
bool role_of_name(struct sv, enum role *ret) CHECKED;

#define ROLE_BIT(role) (1u << (role))

struct officer {
	int64_t id;
	struct sv name;
	struct sv password; /* argon2id; empty: none */
	unsigned roles;     /* ROLE_BITs */
	bool disabled;
};

struct officer_list {
	const struct officer *v;
	size_t n;
};

/* A name is 1 to 64 of a-z 0-9 . - _ @. RC_SYNTAX. */
enum rc officer_check_name(struct sv name, struct err *) CHECKED;

/* Inside a transaction. RC_CONFLICT when the name is taken; RC_SYNTAX. */
enum rc officer_insert(struct store *, struct sv name, struct sv password_hash, int64_t now,
		       int64_t *ret_id, struct err *) CHECKED;
enum rc officer_set_password(struct store *, int64_t id, struct sv password_hash, struct err *)
	CHECKED;
enum rc officer_put_role(struct store *, int64_t id, enum role, int64_t now, struct err *) CHECKED;

/* RC_NOTFOUND. Texts in the arena. */
enum rc officer_find(struct officer *ret, struct arena *, struct store *, struct sv name,
		     struct err *) CHECKED;
enum rc officer_load(struct officer *ret, struct arena *, struct store *, int64_t id, struct err *)
	CHECKED;
enum rc officer_all(struct officer_list *ret, struct arena *, struct store *, struct err *) CHECKED;

/* The two-person grant. confirm: RC_DENIED when it is the one who asked. */
enum rc role_ask(struct store *, int64_t officer, enum role, int64_t by, int64_t now,
		 int64_t *ret_request, struct err *) CHECKED;
enum rc role_confirm(struct store *, int64_t request, int64_t by, int64_t now, int64_t *ret_officer,
		     enum role *ret_role, struct err *) CHECKED;

/* One-time sign-in links and sessions. The token is returned once; the store has its hash. */
enum rc signin_make(struct store *, int64_t officer, int64_t expires, struct token *ret,
		    struct err *) CHECKED;
/* Use it up: RC_DENIED when it is unknown, used or over, or its officer is disabled; the same for
 * sessions. */
enum rc signin_use(struct store *, struct sv token, int64_t now, int64_t *ret_officer, struct err *)
	CHECKED;
enum rc session_make(struct store *, int64_t officer, int64_t expires, struct token *ret,
		     struct err *) CHECKED;
enum rc session_check(struct store *, struct sv token, int64_t now, int64_t *ret_officer,
		      struct err *) CHECKED;
enum rc session_end(struct store *, struct sv token, struct err *) CHECKED;

#endif
