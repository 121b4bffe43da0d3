/*
 * desk_export.c — see desk_export.h. A fetch is marked before the first byte
 * leaves: one that breaks off has to be asked for again.
 */
#include "desk/desk_export.h"
#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/mem.h"
#include "crypt/box.h"
#include "crypt/key.h"
#include "desk/desk.h"
#include "desk/export_store.h"
#include "people/person_export_store.h"
#include "people/person_store.h"
#include "people/sealer.h"
#include "store/store.h"

#define MAY_EXPORT \
	(ROLE_BIT(ROLE_CASEWORKER) | ROLE_BIT(ROLE_APPROVER) | ROLE_BIT(ROLE_ADMINISTRATOR))

enum rc
desk_export_request(struct desk *d, const struct officer *o, int64_t alert, struct sv recipient,
		    struct sv reason, int64_t now, int64_t *ret_id, struct err *e)
{
	struct export_request x = {.officer = o->id,
				   .alert = alert,
				   .recipient = recipient,
				   .reason = reason,
				   .requested = now};
	const struct alert *unused;
	struct crypt_key key;
	enum rc rc = desk_allow(o, MAY_EXPORT, "ask for an export", e);

	if (rc == RC_OK)
		rc = box_parse_public(&key, recipient, e);
	if (rc == RC_OK && reason.n == 0)
		rc = err_set(e, RC_SYNTAX, "an export needs a reason");
	if (rc == RC_OK && alert != 0)
		rc = alert_load(&unused, d->arena, d->st, alert, e);
	if (rc == RC_OK)
		rc = store_begin(d->st, e);
	if (rc != RC_OK)
		return rc;
	rc = export_insert(d->st, &x, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "export.request", "export", x.id, reason, now, e);
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	if (rc != RC_OK)
		store_rollback(d->st);
	else
		*ret_id = x.id;
	return rc;
}

enum rc
desk_export_approve(struct desk *d, const struct officer *o, int64_t id, int64_t now, struct err *e)
{
	struct export_request x;
	enum rc rc = desk_allow(o, ROLE_BIT(ROLE_APPROVER), "approve an export", e);

	if (rc == RC_OK)
		rc = store_begin(d->st, e);
	if (rc != RC_OK)
		return rc;
	rc = export_load(&x, d->arena, d->st, id, e);
	if (rc == RC_OK && x.officer == o->id)
		rc = err_set(e, RC_DENIED,
			     "export %lld must be approved by somebody else than "
			     "who asked for it",
			     (long long)id);
	if (rc == RC_OK && x.approved != 0)
		rc = err_set(e, RC_CONFLICT, "export %lld was approved before", (long long)id);
	if (rc == RC_OK)
		rc = export_put_approved(d->st, id, o->id, now, now + EXPORT_SECONDS, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "export.approve", "export", id, SV_NONE, now, e);
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	if (rc != RC_OK)
		store_rollback(d->st);
	return rc;
}

/* Check and mark, in one transaction. */
static enum rc
take_export(struct export_request *ret, struct desk *d, const struct officer *o, int64_t id,
	    int64_t now, struct err *e)
{
	struct export_request x;
	enum rc rc = store_begin(d->st, e);

	if (rc == RC_OK)
		rc = export_load(&x, d->arena, d->st, id, e);
	if (rc == RC_OK && x.officer != o->id)
		rc = err_set(e, RC_DENIED, "export %lld can be fetched only by who asked for it",
			     (long long)id);
	if (rc == RC_OK && x.approved == 0)
		rc = err_set(e, RC_CONFLICT, "export %lld is not approved yet", (long long)id);
	if (rc == RC_OK && (x.fetched != 0 || x.expires <= now))
		rc = err_set(e, RC_CONFLICT, "export %lld %s: ask again", (long long)id,
			     x.fetched != 0 ? "was fetched before" : "is over");
	if (rc == RC_OK)
		rc = export_put_fetched(d->st, id, now, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "export.fetch", "export", id, SV_NONE, now, e);
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	if (rc != RC_OK)
		store_rollback(d->st);
	else
		*ret = x;
	return rc;
}

static enum rc
to_box(void *arg, struct sv csv, struct err *e)
{
	return box_write(arg, csv, e);
}

enum rc
desk_export_fetch(struct desk *d, const struct officer *o, struct sealer *sealer, int64_t id,
		  int64_t now, desk_sink_fn *sink, void *arg, int64_t *ret_persons, struct err *e)
{
	struct sealer_reason why = {o->id, arena_fmt(d->arena, "export %lld", (long long)id)};
	struct box_writer *box = NULL;
	struct export_request x;
	struct crypt_key key;
	int64_t *ids = NULL;
	size_t n = 0;
	enum rc rc = take_export(&x, d, o, id, now, e);

	if (rc == RC_OK)
		rc = x.alert == 0 ? person_all_ids(d->st, &ids, &n, e)
				  : audience_of_alert(&ids, &n, d->st, x.alert, e);
	if (rc == RC_OK)
		rc = box_parse_public(&key, x.recipient, e);
	if (rc == RC_OK)
		rc = box_writer_open(&box, &key, sink, arg, e);
	if (rc == RC_OK)
		rc = person_export(d->st, sealer, &why, ids, n, to_box, box, e);
	if (rc == RC_OK)
		rc = box_finish(box, e);
	if (rc == RC_OK)
		*ret_persons = (int64_t)n;
	box_writer_free(&box);
	mem_free(ids);
	return rc;
}
