/*
 * desk_alert.c — see desk_alert.h. Approval: resolve the audience and compare
 * the typed size; freeze; sign; then one transaction with frozen bytes, state
 * and audit row.
 */
#include "desk/desk_alert.h"
#include "alert/freeze.h"
#include "audience/plan.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_read.h"
#include "crypt/sign.h"
#include "desk/desk.h"
#include "desk/desk_frozen.h"
#include "store/store.h"

/* The end of an open-ended message, the begin of one without effective. */
static void
interval(const struct cap_alert *cap, int64_t begin, int64_t hours, int64_t *ret_effective,
	 int64_t *ret_expires)
{
	int64_t effective = begin, expires = 0;
	size_t i;

	for (i = 0; i < cap->n_infos; i++) {
		const struct cap_info *info = &cap->infos[i];
		int64_t end = info->expires.ok ? info->expires.at.utc : begin + hours * 3600;
		int64_t from = info->effective.ok ? info->effective.at.utc : begin;

		if (i == 0 || from < effective)
			effective = from;
		if (end > expires)
			expires = end;
	}
	*ret_effective = effective;
	*ret_expires = expires;
}

static enum rc
read_told(const struct cap_alert **ret, const struct cap_findings **ret_findings, struct desk *d,
	  struct sv xml, struct err *e)
{
	const struct cap_findings *findings;
	const struct cap_alert *alert;
	enum rc rc = cap_read(&alert, &findings, d->arena, xml, e);
	size_t i;

	if (rc != RC_OK)
		return rc;
	for (i = 0; i < findings->n; i++) {
		const struct cap_finding *f = &findings->v[i];

		/* References are set at approval, whatever the text says. */
		if (!f->warning && !sv_eq(sv_of(f->rule), SV("missing-references")))
			return err_set(e, RC_SYNTAX, "line %d: %.*s: %.*s", f->line,
				       SV_ARG(f->path), SV_ARG(f->message));
	}
	*ret = alert;
	*ret_findings = findings;
	return RC_OK;
}

enum rc
desk_read_cap(const struct cap_alert **ret, struct desk *d, struct sv xml, struct err *e)
{
	const struct cap_findings *unused;

	return read_told(ret, &unused, d, xml, e);
}

enum rc
desk_lint(const struct lint **ret, struct desk *d, struct sv xml, enum cap_msgtype as, int64_t now,
	  struct err *e)
{
	struct lint_rules rules = {d->practice, now, d->set.languages, NULL};
	const struct cap_alert *alert;
	struct cap_alert copy;
	enum rc rc = read_told(&alert, &rules.findings, d, xml, e);

	if (rc != RC_OK)
		return rc;
	copy = *alert;
	if (as != CAP_MSGTYPE_NONE)
		copy.msgtype = as;
	*ret = alert_lint(d->arena, &copy, &rules);
	return RC_OK;
}

static struct sv
headline_of(const struct cap_alert *cap)
{
	if (cap->n_infos == 0)
		return SV("");
	return cap->infos[0].headline.n > 0 ? cap->infos[0].headline : cap->infos[0].event;
}

static enum rc
make_correction(struct sv *ret, struct desk *d, const struct cap_alert *cap, struct sv given,
		struct err *e)
{
	const struct cap_alert *own;
	struct buf text;
	enum rc rc;

	if (given.n > 0) {
		rc = desk_read_cap(&own, d, given, e);
		if (rc == RC_OK && own->n_infos == 0)
			rc = err_set(e, RC_SYNTAX, "there is no info block: nothing to tell");
		/* Else it would be told as a drill, or to another public, than the alert was. */
		if (rc == RC_OK && (own->status != cap->status || own->scope != cap->scope))
			rc = err_set(e, RC_SYNTAX,
				     "status and scope are %.*s and %.*s: expected %.*s and %.*s, "
				     "as in the alert",
				     SV_ARG(own->status_text), SV_ARG(own->scope_text),
				     SV_ARG(cap->status_text), SV_ARG(cap->scope_text));
		if (rc != RC_OK)
			return err_in(e, rc, "the correction");
		*ret = given;
		return RC_OK;
	}
	buf_init(&text, LIMIT_CAP_FILE);
	alert_correction(&text, d->arena, cap);
	rc = buf_check(&text, "the correction", e);
	if (rc == RC_OK)
		*ret = arena_sv(d->arena, buf_sv(&text));
	buf_fini(&text);
	return rc;
}

/* The thread that a new version joins; it must have a live version. A drill does not
 * update an alert, nor the other way round (DESIGN 3.2). */
static enum rc
join_thread(struct desk *d, int64_t updates, const struct cap_alert *cap, int64_t *ret_thread,
	    struct err *e)
{
	const struct alert *old;
	enum rc rc = alert_load(&old, d->arena, d->st, updates, e);

	if (rc != RC_OK)
		return rc;
	if (old->state != ALERT_LIVE || old->msgtype == CAP_MSGTYPE_CANCEL)
		return err_set(
			e, RC_CONFLICT,
			"alert %lld is %s: only a live alert can be updated; the text under a "
			"number never changes, so write a draft anew (tocsin alert new)",
			(long long)updates, alert_state_name(old->state));
	if (!d->practice && old->status != cap->status)
		return err_set(e, RC_CONFLICT,
			       "alert %lld has status %s, its update has %.*s: expected the same",
			       (long long)updates, cap_status_name(old->status),
			       SV_ARG(cap->status_text));
	*ret_thread = old->thread;
	return RC_OK;
}

/* Whom it addresses: RC_SYNTAX when an expression cannot be read. */
static enum rc
check_plan(struct sv *ret_problems, struct desk *d, const struct cap_alert *cap, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	struct plan *plan = NULL;
	enum rc rc = plan_new(&plan, cap, NULL, e);

	if (rc == RC_OK) {
		plan_write_problems(&text, plan);
		*ret_problems = arena_sv(d->arena, buf_sv(&text));
	}
	plan_free(&plan);
	buf_fini(&text);
	return rc;
}

enum rc
desk_alert_new(struct desk *d, const struct officer *o, struct sv xml, struct sv correction,
	       int64_t updates, int64_t now, int64_t *ret_id, struct err *e)
{
	struct alert a = {.state = ALERT_DRAFT, .author = o->id, .size = -1, .created = now};
	const struct cap_alert *cap;
	struct sv problems;
	enum rc rc = desk_allow(o, ROLE_BIT(ROLE_AUTHOR), "draft an alert", e);

	if (rc == RC_OK)
		rc = desk_read_cap(&cap, d, xml, e);
	if (rc == RC_OK)
		rc = check_plan(&problems, d, cap, e);
	if (rc == RC_OK)
		rc = make_correction(&a.correction, d, cap, correction, e);
	if (rc == RC_OK && updates != 0)
		rc = join_thread(d, updates, cap, &a.thread, e);
	if (rc != RC_OK)
		return rc;
	a.sender = d->set.sender;
	a.msgtype = updates != 0 ? CAP_MSGTYPE_UPDATE : CAP_MSGTYPE_ALERT;
	a.status = d->practice ? CAP_STATUS_EXERCISE : cap->status;
	a.scope = cap->scope;
	interval(cap, now, d->set.hours, &a.effective, &a.expires);
	a.headline = headline_of(cap);
	a.xml = xml;
	rc = store_begin(d->st, e);
	if (rc == RC_OK)
		rc = alert_insert(d->st, &a, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, updates != 0 ? "alert.update" : "alert.new", "alert", a.id,
			       a.headline, now, e);
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	if (rc != RC_OK) {
		store_rollback(d->st);
		return rc;
	}
	*ret_id = a.id;
	return RC_OK;
}

/* The draft as it would leave now: sent, and the end where it has none, decide
 * whom it concerns. */
static enum rc
as_sent_now(const struct cap_alert **ret, struct desk *d, const struct alert *a,
	    const struct cap_alert *draft, int64_t now, struct err *e)
{
	struct freeze f = {.identifier = SV("draft"),
			   .sender = d->set.sender,
			   .now = now,
			   .msgtype = CAP_MSGTYPE_ALERT,
			   .practice = d->practice,
			   .hours = d->set.hours};
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	enum rc rc;

	if (a->state >= ALERT_APPROVED) {
		*ret = draft;
		return RC_OK;
	}
	alert_freeze(&text, d->arena, draft, &f);
	rc = buf_check(&text, "the message", e);
	if (rc == RC_OK)
		rc = desk_read_cap(ret, d, buf_sv(&text), e);
	buf_fini(&text);
	return rc;
}

enum rc
desk_alert_preview(struct desk_preview *ret, struct desk *d, int64_t id, int64_t now, struct err *e)
{
	const struct cap_alert *leaving;
	struct desk_preview p;
	enum rc rc = alert_load(&p.alert, d->arena, d->st, id, e);

	if (rc == RC_OK)
		rc = desk_read_cap(&p.cap, d, p.alert->xml, e);
	if (rc == RC_OK)
		rc = check_plan(&p.problems, d, p.cap, e);
	if (rc == RC_OK)
		rc = as_sent_now(&leaving, d, p.alert, p.cap, now, e);
	if (rc == RC_OK)
		rc = desk_lint(&p.lint, d, p.alert->xml, p.alert->msgtype, now, e);
	if (rc != RC_OK)
		return rc;
	rc = desk_audience(&p.audience, d, leaving, p.alert->thread, e);
	if (rc == RC_OK)
		*ret = p;
	return rc;
}

/* One move of the alert with its audit row, as one transaction. */
static enum rc
change(struct desk *d, const struct officer *o, int64_t id, enum alert_event on, const char *action,
       struct sv detail, int64_t now, struct err *e)
{
	enum rc rc = store_begin(d->st, e);

	if (rc == RC_OK)
		rc = alert_change(d->st, id, on, now, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, action, "alert", id, detail, now, e);
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	if (rc != RC_OK)
		store_rollback(d->st);
	return rc;
}

enum rc
desk_alert_submit(struct desk *d, const struct officer *o, int64_t id, int64_t now, struct err *e)
{
	const struct alert *a;
	const struct lint *lint;
	size_t i;
	enum rc rc = desk_allow(o, ROLE_BIT(ROLE_AUTHOR), "submit an alert", e);

	if (rc == RC_OK)
		rc = alert_load(&a, d->arena, d->st, id, e);
	if (rc == RC_OK)
		rc = desk_lint(&lint, d, a->xml, a->msgtype, now, e);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < lint->n; i++)
		if (lint->v[i].stop)
			return err_set(e, RC_CONFLICT, "alert %lld cannot be submitted: %.*s",
				       (long long)id, SV_ARG(lint->v[i].text));
	return change(d, o, id, ALERT_ON_SUBMIT, "alert.submit", SV_NONE, now, e);
}

enum rc
desk_alert_return(struct desk *d, const struct officer *o, int64_t id, struct sv word, int64_t now,
		  struct err *e)
{
	enum rc rc = desk_allow(o, ROLE_BIT(ROLE_APPROVER) | ROLE_BIT(ROLE_AUTHOR),
				"return an alert", e);

	return rc == RC_OK ? change(d, o, id, ALERT_ON_RETURN, "alert.return", word, now, e) : rc;
}

/* Rights, state, author, size: everything that can say no before anything is made. */
static enum rc
may_approve(const struct officer *o, const struct desk_preview *p, int64_t size, struct err *e)
{
	enum rc rc = desk_allow(o, ROLE_BIT(ROLE_APPROVER), "approve an alert", e);
	enum alert_state unused;

	if (rc != RC_OK)
		return rc;
	if (p->alert->author == o->id)
		return err_set(e, RC_DENIED,
			       "%.*s wrote alert %lld and cannot approve it: two people send",
			       SV_ARG(o->name), (long long)p->alert->id);
	if (!alert_move(p->alert->state, ALERT_ON_APPROVE, &unused))
		return err_set(e, RC_CONFLICT, "alert %lld is %s: approve is not possible now",
			       (long long)p->alert->id, alert_state_name(p->alert->state));
	if (size != (int64_t)p->audience.n)
		return err_set(e, RC_CONFLICT,
			       "alert %lld concerns %zu persons now, you typed %lld: look at it "
			       "again (tocsin alert show %lld)",
			       (long long)p->alert->id, p->audience.n, (long long)size,
			       (long long)p->alert->id);
	return RC_OK;
}

enum rc
desk_alert_approve(struct desk *d, const struct officer *o, int64_t id, int64_t size, int64_t now,
		   struct err *e)
{
	struct desk_preview p;
	struct alert frozen;
	enum rc rc = desk_alert_preview(&p, d, id, now, e);

	if (rc == RC_OK)
		rc = may_approve(o, &p, size, e);
	if (rc != RC_OK)
		return rc;
	frozen = *p.alert;
	frozen.approver = o->id;
	frozen.size = size;
	frozen.status = d->practice ? CAP_STATUS_EXERCISE : p.cap->status;
	rc = desk_freeze(&frozen, d, p.cap, now, e);
	if (rc == RC_OK)
		rc = desk_check_frozen(&frozen, d, now, e);
	if (rc != RC_OK)
		return rc;
	interval(p.cap, now, d->set.hours, &frozen.effective, &frozen.expires);
	rc = store_begin(d->st, e);
	if (rc == RC_OK)
		rc = alert_put_frozen(d->st, &frozen, e);
	if (rc == RC_OK)
		rc = alert_change(d->st, id, ALERT_ON_APPROVE, now, e);
	if (rc == RC_OK)
		rc = desk_note(d, o, "alert.approve", "alert", id,
			       arena_fmt(d->arena, "size %lld", (long long)size), now, e);
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	if (rc != RC_OK)
		store_rollback(d->st);
	return rc;
}
