/*
 * desk_send.c — see desk_send.h.
 *
 * Both hold the thread from their first statement on.
 * Send, one transaction: state live; the thread looked at; earlier versions
 * superseded; audience pieces; audit row. Cancel, one transaction: the newest live version
 * found, all live ones cancelled (which waits for starts under way, and forbids later
 * ones), then who has got something is read, then the Cancel with that audience.
 */
#include "desk/desk_send.h"
#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/fault.h"
#include "base/mem.h"
#include "delivery/written_store.h"
#include "desk/desk.h"
#include "desk/desk_alert.h"
#include "desk/desk_frozen.h"
#include "store/store.h"

/* In persons: a small audience may change by a few without being another one. */
#define DRIFT_PERSONS 3

static enum rc
check_drift(const struct desk *d, const struct desk_preview *p, struct err *e)
{
	int64_t now = (int64_t)p->audience.n, then = p->alert->size;
	int64_t by = now > then ? now - then : then - now;

	if (by <= DRIFT_PERSONS || by * 100 <= then * d->set.drift)
		return RC_OK;
	return err_set(e, RC_CONFLICT,
		       "alert %lld was approved for %lld persons and concerns %lld now: return it "
		       "(tocsin alert return %lld) and have it approved again",
		       (long long)p->alert->id, (long long)then, (long long)now,
		       (long long)p->alert->id);
}

static bool
is_referred(const struct cap_alert *cap, struct sv identifier)
{
	size_t i;

	for (i = 0; i < cap->n_references; i++)
		if (sv_eq(cap->references[i].identifier, identifier))
			return true;
	return false;
}

/* The thread may have moved since the approval: a cancelled one stays cancelled, and what
 * is superseded must be named in <references>, which approval froze. */
static enum rc
check_thread(struct desk *d, const struct desk_preview *p, struct err *e)
{
	const struct alert *a = p->alert;
	struct alert_list list;
	size_t i;
	enum rc rc = alert_of_thread(&list, d->arena, d->st, a->thread, e);

	for (i = 0; rc == RC_OK && i < list.n; i++) {
		const struct alert *v = &list.v[i];

		if (v->state == ALERT_CANCELLED)
			rc = err_set(
				e, RC_CONFLICT,
				"alert %lld was cancelled: its thread has ended, begin a new one",
				(long long)v->id);
		else if (v->state == ALERT_LIVE && v->id != a->id &&
			 !is_referred(p->cap, v->identifier))
			rc = err_set(e, RC_CONFLICT,
				     "alert %lld went out since alert %lld was approved: return it "
				     "(tocsin alert return %lld) and have it approved again",
				     (long long)v->id, (long long)a->id, (long long)a->id);
	}
	return rc;
}

/* End the thread's live versions, `but` aside; *ret_ended of them. */
static enum rc
end_live(struct desk *d, int64_t thread, int64_t but, enum alert_event on, int64_t now,
	 size_t *ret_ended, struct err *e)
{
	struct alert_list list;
	size_t i, ended = 0;
	enum rc rc = alert_of_thread(&list, d->arena, d->st, thread, e);

	for (i = 0; rc == RC_OK && i < list.n; i++) {
		enum alert_state unused;

		if (!alert_move(list.v[i].state, on, &unused) || list.v[i].id == but ||
		    list.v[i].msgtype == CAP_MSGTYPE_CANCEL)
			continue;
		rc = alert_change(d->st, list.v[i].id, on, now, e);
		ended++;
	}
	if (rc == RC_OK)
		*ret_ended = ended;
	return rc;
}

/* Everyone written to before who is not in the new audience, ascending. */
static enum rc
put_not_concerned(struct desk *d, const struct alert *a, const struct desk_audience *audience,
		  int64_t *ret_n, struct err *e)
{
	int64_t *before = NULL;
	size_t n = 0, i, k = 0, kept = 0;
	enum rc rc = outbox_written_to(&before, &n, d->st, a->thread, e);

	for (i = 0; rc == RC_OK && i < n; i++) {
		while (k < audience->n && audience->ids[k] < before[i])
			k++;
		if (k == audience->n || audience->ids[k] != before[i])
			before[kept++] = before[i];
	}
	if (rc == RC_OK && kept > 0)
		rc = audience_put(d->st, a->id, false, before, kept, e);
	if (rc == RC_OK)
		*ret_n = (int64_t)kept;
	mem_free(before);
	return rc;
}

static enum rc
send_in_transaction(struct desk_sent *ret, struct desk *d, const struct officer *o,
		    const struct desk_preview *p, int64_t now, struct err *e)
{
	const struct alert *a = p->alert;
	int64_t not_concerned = 0;
	size_t ended;
	enum rc rc = alert_lock_thread(d->st, a->thread, e);

	if (rc == RC_OK)
		rc = alert_change(d->st, a->id, ALERT_ON_SEND, now, e);
	if (rc == RC_OK)
		rc = check_thread(d, p, e);
	if (rc == RC_OK)
		rc = end_live(d, a->thread, a->id, ALERT_ON_SUPERSEDE, now, &ended, e);
	if (rc == RC_OK)
		rc = audience_put(d->st, a->id, true, p->audience.ids, p->audience.n, e);
	if (rc == RC_OK && a->version > 1)
		rc = put_not_concerned(d, a, &p->audience, &not_concerned, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "alert.send", "alert", a->id,
			       arena_fmt(d->arena, "persons %zu, no longer concerned %lld",
					 p->audience.n, (long long)not_concerned),
			       now, e);
	if (rc == RC_OK)
		*ret = (struct desk_sent){a->id, (int64_t)p->audience.n + not_concerned,
					  not_concerned};
	return rc;
}

/* What was looked at must be what was approved: one who approves meanwhile does not count. */
static enum rc
may_send(const struct desk *d, const struct desk_preview *p, int64_t now, struct err *e)
{
	const struct alert *a = p->alert;
	enum alert_state unused;

	if (!alert_move(a->state, ALERT_ON_SEND, &unused))
		return err_set(e, RC_CONFLICT, "alert %lld is %s: send is not possible now",
			       (long long)a->id, alert_state_name(a->state));
	if (a->expires <= now)
		return err_set(e, RC_CONFLICT, "alert %lld has run out: write it anew",
			       (long long)a->id);
	return check_drift(d, p, e);
}

enum rc
desk_alert_send(struct desk_sent *ret, struct desk *d, const struct officer *o, int64_t id,
		int64_t now, struct err *e)
{
	struct desk_preview p;
	struct desk_sent sent;
	enum rc rc =
		desk_allow(o, ROLE_BIT(ROLE_AUTHOR) | ROLE_BIT(ROLE_APPROVER), "send an alert", e);

	if (rc == RC_OK)
		rc = desk_alert_preview(&p, d, id, now, e);
	if (rc == RC_OK)
		rc = may_send(d, &p, now, e);
	if (rc == RC_OK)
		rc = store_begin(d->st, e);
	if (rc != RC_OK)
		return rc;
	rc = send_in_transaction(&sent, d, o, &p, now, e);
	FAULT("send.before-commit");
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	FAULT("send.committed");
	if (rc != RC_OK)
		store_rollback(d->st);
	else
		*ret = sent;
	return rc;
}

/* The Cancel as a version of its own, live at once. */
static enum rc
insert_cancel(struct alert *ret, struct desk *d, const struct alert *of, int64_t now, struct err *e)
{
	struct alert c = *of;
	const struct cap_alert *text;
	enum rc rc = desk_read_cap(&text, d, of->correction, e);

	if (rc != RC_OK)
		return err_in(e, rc, "the approved correction");
	if (text->infos[0].headline.n > 0)
		c.headline = text->infos[0].headline;
	c.version = 0;
	c.msgtype = CAP_MSGTYPE_CANCEL;
	c.state = ALERT_LIVE;
	c.author = of->author;
	c.approver = of->approver;
	c.created = now;
	c.live = now;
	c.ended = 0;
	c.identifier = SV_NONE;
	c.correction = SV_NONE;
	/* It goes to everyone who got something, also when the alert was about to end. */
	if (c.expires < now + d->set.hours * 3600)
		c.expires = now + d->set.hours * 3600;
	rc = alert_insert(d->st, &c, e);
	if (rc == RC_OK)
		rc = desk_freeze(&c, d, text, now, e);
	c.correction = of->correction;
	if (rc == RC_OK)
		rc = alert_put_frozen(d->st, &c, e);
	if (rc == RC_OK)
		*ret = c;
	return rc;
}

/* The newest version that has left, in a thread that is ours from now on. */
static enum rc
newest_sent(const struct alert **ret, struct desk *d, int64_t id, struct err *e)
{
	const struct alert *a = NULL;
	struct alert_list list;
	size_t i;
	enum rc rc = alert_load(&a, d->arena, d->st, id, e);

	if (rc == RC_OK)
		rc = alert_lock_thread(d->st, a->thread, e);
	if (rc == RC_OK)
		rc = alert_of_thread(&list, d->arena, d->st, a->thread, e);
	if (rc != RC_OK)
		return rc;
	for (i = list.n; i-- > 0;) {
		const struct alert *v = &list.v[i];

		if (v->live != 0 && v->msgtype == CAP_MSGTYPE_CANCEL)
			break;
		if (v->state == ALERT_LIVE || v->state == ALERT_EXPIRED) {
			*ret = v;
			return RC_OK;
		}
	}
	return err_set(e, RC_CONFLICT, "alert %lld is %s: there is nothing sent to cancel",
		       (long long)id, alert_state_name(a->state));
}

static enum rc
cancel_in_transaction(struct desk_sent *ret, struct desk *d, const struct officer *o, int64_t id,
		      int64_t now, struct err *e)
{
	const struct alert *a = NULL;
	struct alert cancel = {0};
	int64_t *got = NULL;
	size_t n = 0, ended = 0;
	enum rc rc = newest_sent(&a, d, id, e);

	if (rc == RC_OK)
		rc = end_live(d, a->thread, 0, ALERT_ON_CANCEL, now, &ended, e);
	if (rc == RC_OK && ended == 0)
		rc = err_set(e, RC_CONFLICT, "alert %lld was ended by somebody else",
			     (long long)a->id);
	if (rc == RC_OK)
		rc = outbox_written_to(&got, &n, d->st, a->thread, e);
	if (rc == RC_OK)
		rc = insert_cancel(&cancel, d, a, now, e);
	if (rc == RC_OK)
		rc = audience_put(d->st, cancel.id, true, got, n, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "alert.cancel", "alert", a->id,
			       arena_fmt(d->arena, "correction %lld to %zu persons",
					 (long long)cancel.id, n),
			       now, e);
	if (rc == RC_OK)
		*ret = (struct desk_sent){cancel.id, (int64_t)n, 0};
	mem_free(got);
	return rc;
}

enum rc
desk_alert_cancel(struct desk_sent *ret, struct desk *d, const struct officer *o, int64_t id,
		  int64_t now, struct err *e)
{
	struct desk_sent sent;
	enum rc rc = desk_allow(o, ROLE_BIT(ROLE_AUTHOR) | ROLE_BIT(ROLE_APPROVER),
				"cancel an alert", e);

	if (rc == RC_OK)
		rc = store_begin(d->st, e);
	if (rc != RC_OK)
		return rc;
	rc = cancel_in_transaction(&sent, d, o, id, now, e);
	FAULT("cancel.before-commit");
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	FAULT("cancel.committed");
	if (rc != RC_OK)
		store_rollback(d->st);
	else
		*ret = sent;
	return rc;
}
