/*
 * desk_frozen.c — see desk_frozen.h.
 */
#include "desk/desk_frozen.h"
#include "alert/alert_store.h"
#include "alert/freeze.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_read.h"
#include "crypt/sign.h"
#include "desk/compose.h"
#include "desk/desk.h"
#include "desk/desk_alert.h"

/* Every message of the thread that left and has not run out (CAP 1.2, 3.2.1); for an Update
 * whose predecessors have all run out meanwhile the newest, because it must name one. It is not
 * sent before what it names, whatever the clock did since. */
static enum rc
add_references(struct freeze *f, struct desk *d, int64_t thread, int64_t self, struct err *e)
{
	struct freeze_reference *refs, newest = {0};
	struct alert_list list;
	int64_t now = f->now;
	size_t i;
	enum rc rc = alert_of_thread(&list, d->arena, d->st, thread, e);

	if (rc != RC_OK)
		return rc;
	refs = ARENA_NEW_N(d->arena, struct freeze_reference, list.n + 1);
	for (i = 0; i < list.n; i++) {
		const struct alert *a = &list.v[i];

		if (a->id == self || a->live == 0)
			continue;
		newest = (struct freeze_reference){a->sender, a->identifier, a->sent};
		/* A Cancel voids what it lists, so it also lists what has run out. */
		if (a->expires > now || f->msgtype == CAP_MSGTYPE_CANCEL)
			refs[f->n_references++] = newest;
		if (a->sent > f->now)
			f->now = a->sent;
	}
	if (f->n_references == 0 && newest.identifier.n > 0)
		refs[f->n_references++] = newest;
	f->references = refs;
	return RC_OK;
}

enum rc
desk_freeze(struct alert *a, struct desk *d, const struct cap_alert *text, int64_t now,
	    struct err *e)
{
	struct buf plain = BUF_INIT(LIMIT_CAP_FILE), bytes = BUF_INIT(LIMIT_CAP_FILE + 64 * KIB);
	/* The row's id, not the version: after a restore only ids are never used again. */
	struct freeze f = {
		.identifier = arena_fmt(d->arena, "%.*s-%lld-%lld", SV_ARG(d->installation),
					(long long)a->thread, (long long)a->id),
		.sender = d->set.sender,
		.now = now,
		.msgtype = a->msgtype,
		.practice = d->practice,
		.hours = d->set.hours,
	};
	enum rc rc = add_references(&f, d, a->thread, a->id, e);

	if (rc != RC_OK)
		goto out;
	alert_freeze(&plain, d->arena, text, &f);
	rc = buf_check(&plain, "the message", e);
	if (rc == RC_OK)
		rc = crypt_sign_xml(&bytes, buf_sv(&plain), d->set.key_pem, d->set.cert_pem, e);
	if (rc == RC_OK)
		rc = buf_check(&bytes, "the signed message", e);
	if (rc == RC_OK) {
		a->identifier = f.identifier;
		a->sender = f.sender;
		a->sent = f.now;
		a->xml = arena_sv(d->arena, buf_sv(&bytes));
	}
out:
	buf_fini(&plain);
	buf_fini(&bytes);
	return rc;
}

static enum rc
check_valid(struct desk *d, struct sv xml, const char *what, struct err *e)
{
	const struct cap_findings *findings;
	const struct cap_alert *unused;
	size_t i;
	enum rc rc = cap_read(&unused, &findings, d->arena, xml, e);

	for (i = 0; rc == RC_OK && i < findings->n; i++)
		if (!findings->v[i].warning)
			rc = err_set(e, RC_SYNTAX, "%.*s: %.*s", SV_ARG(findings->v[i].path),
				     SV_ARG(findings->v[i].message));
	return rc == RC_OK ? rc : err_in(e, rc, what);
}

/* In every language it must fit into a message. */
static enum rc
check_length(struct desk *d, struct sv xml, struct err *e)
{
	const struct cap_findings *unused;
	struct compose c = {
		.authority = d->set.authority,
		.contact = d->set.contact,
		.code = SV("XXXX-XXXX-XXXX"),
		.check = d->set.url,
	};
	struct buf body = BUF_INIT(LIMIT_MESSAGE);
	size_t i;
	enum rc rc = cap_read(&c.cap, &unused, d->arena, xml, e);

	for (i = 0; rc == RC_OK && i < c.cap->n_infos; i++) {
		buf_reset(&body);
		compose_body(&body, &c, cap_language(&c.cap->infos[i]));
		rc = buf_check(&body, "the text of the message", e);
	}
	buf_fini(&body);
	return rc;
}

enum rc
desk_check_frozen(const struct alert *a, struct desk *d, int64_t now, struct err *e)
{
	const struct freeze_reference self = {a->sender, a->identifier, a->sent};
	const struct freeze f = {
		.identifier = SV("correction"),
		.sender = d->set.sender,
		.now = a->sent > now ? a->sent : now,
		.msgtype = CAP_MSGTYPE_CANCEL,
		.practice = d->practice,
		.hours = d->set.hours,
		.references = &self,
		.n_references = 1,
	};
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	const struct cap_alert *correction;
	enum rc rc = check_valid(d, a->xml, "the message", e);

	if (rc == RC_OK)
		rc = check_length(d, a->xml, e);
	if (rc == RC_OK)
		rc = desk_read_cap(&correction, d, a->correction, e);
	if (rc == RC_OK) {
		alert_freeze(&text, d->arena, correction, &f);
		rc = buf_check(&text, "the correction", e);
	}
	if (rc == RC_OK)
		rc = check_valid(d, buf_sv(&text), "the correction", e);
	buf_fini(&text);
	return rc;
}
