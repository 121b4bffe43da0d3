/*
 * desk.c — see desk.h.
 */
#include "desk/desk.h"
#include "base/arena.h"
#include "base/buf.h"
#include "crypt/password.h"
#include "desk/audit_store.h"
#include "desk/setting_store.h"

enum rc
desk_open(struct desk *ret, struct store *st, struct arena *a, const struct desk_settings *set,
	  struct err *e)
{
	struct buf text = BUF_INIT(256);
	struct desk d = {st, a, *set, false, SV_NONE};
	enum rc rc = setting_is_practice(st, &d.practice, e);

	if (rc == RC_OK)
		rc = setting_get(&text, st, SETTING_INSTALLATION, e);
	if (rc == RC_OK) {
		d.installation = arena_sv(a, buf_sv(&text));
		*ret = d;
	}
	buf_fini(&text);
	return rc;
}

enum rc
desk_sign_in(struct desk *d, struct sv name, struct sv password, struct officer *ret, struct err *e)
{
	/* Verified in place of an unknown officer's, so that both take the same time. */
	static const char nobody[] = "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
				     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	struct officer o = {0, SV_NONE, SV_NONE, 0, true};
	struct err ignored = ERR_INIT;
	enum rc rc = officer_find(&o, d->arena, d->st, name, &ignored);

	if (rc == RC_IO || rc == RC_TIMEOUT) {
		*e = ignored;
		return rc;
	}
	if (d->practice) {
		if (rc != RC_OK)
			return err_set(e, RC_DENIED, "there is no officer named %.*s",
				       SV_ARG(sv_head(name, 80)));
	} else if (!password_verify(rc == RC_OK && o.password.n > 0 ? o.password : sv_of(nobody),
				    password) ||
		   rc != RC_OK) {
		return err_set(e, RC_DENIED, "the name or the password is wrong");
	}
	if (o.disabled)
		return err_set(e, RC_DENIED, "the officer %.*s is disabled", SV_ARG(o.name));
	*ret = o;
	return RC_OK;
}

enum rc
desk_allow(const struct officer *o, unsigned roles, const char *what, struct err *e)
{
	char names[160] = "";
	size_t n = 0;
	unsigned r;

	if ((o->roles & roles) != 0)
		return RC_OK;
	for (r = 1; r < 32; r++) {
		if ((roles & ROLE_BIT(r)) == 0)
			continue;
		snprintf(names + n, sizeof(names) - n, "%s%s", n > 0 ? " or " : "",
			 role_name((enum role)r));
		n = strlen(names);
	}
	return err_set(e, RC_DENIED, "%.*s may not %s: that needs the role %s", SV_ARG(o->name),
		       what, names);
}

enum rc
desk_note(struct desk *d, const struct officer *o, const char *action, const char *kind, int64_t id,
	  struct sv detail, int64_t now, struct err *e)
{
	struct audit_entry entry = {
		.at = now,
		.officer = o != NULL ? o->id : 0,
		.action = action,
		.object = arena_fmt(d->arena, "%s %lld", kind, (long long)id),
		.detail = detail,
	};

	return audit_add(d->st, &entry, e);
}
