/*
 * freeze.c — see freeze.h. The tree is copied no deeper than what changes.
 */
#include "alert/freeze.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cap/cap_write.h"

static struct cap_time
time_text(struct arena *a, int64_t utc)
{
	struct cap_time t = {SV_NONE, {utc, 0}, true};
	struct buf b = BUF_INIT(64);

	time_add_cap(&b, t.at);
	t.text = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return t;
}

static struct sv
references_text(struct arena *a, const struct freeze *f)
{
	struct buf b = BUF_INIT(LIMIT_CAP_FILE);
	struct sv text = SV_NONE;
	size_t i;

	for (i = 0; i < f->n_references; i++) {
		const struct freeze_reference *r = &f->references[i];
		struct time_at sent = {r->sent, 0};

		buf_addf(&b, "%s%.*s,%.*s,", i > 0 ? " " : "", SV_ARG(r->sender),
			 SV_ARG(r->identifier));
		time_add_cap(&b, sent);
	}
	if (b.n > 0)
		text = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return text;
}

/* Whether the info keeps the end that its author gave it. */
static bool
keeps_end(const struct cap_info *info, const struct freeze *f)
{
	if (!info->expires.ok)
		return false;
	return f->msgtype != CAP_MSGTYPE_CANCEL || info->expires.at.utc >= f->now + f->hours * 3600;
}

void
alert_freeze(struct buf *ret, struct arena *a, const struct cap_alert *draft,
	     const struct freeze *f)
{
	struct cap_info *infos = ARENA_NEW_N(a, struct cap_info, draft->n_infos);
	struct cap_alert out = *draft;
	size_t i;

	out.ns = SV(CAP_NS);
	out.identifier = f->identifier;
	out.sender = f->sender;
	out.sent = time_text(a, f->now);
	out.msgtype = f->msgtype;
	out.msgtype_text = sv_of(cap_msgtype_name(f->msgtype));
	if (f->practice) {
		out.status = CAP_STATUS_EXERCISE;
		out.status_text = sv_of(cap_status_name(CAP_STATUS_EXERCISE));
	}
	out.references_text = references_text(a, f);
	out.n_references = 0;
	out.n_signatures = 0;
	for (i = 0; i < draft->n_infos; i++) {
		infos[i] = draft->infos[i];
		if (!keeps_end(&infos[i], f))
			infos[i].expires = time_text(a, f->now + f->hours * 3600);
	}
	out.infos = infos;
	cap_write(ret, &out);
}

static struct cap_info
correction_info(struct arena *a, const struct cap_info *from)
{
	struct sv language = cap_language(from);
	struct sv headline = from->headline.n > 0 ? from->headline : from->event;
	const char *withdrawn = i18n(language, I18N_CORRECTION);
	struct cap_info to = *from;

	/* Same event, place and time, so that every reader knows what is meant. */
	to.headline = arena_fmt(a, "%s: %.*s", withdrawn, SV_ARG(headline));
	to.description = arena_fmt(a, "%s", i18n(language, I18N_CORRECTION_TEXT));
	to.instruction = arena_fmt(a, "%s", i18n(language, I18N_CORRECTION_ACTION));
	to.responses = (struct cap_texts){NULL, 0};
	to.resources = NULL;
	to.n_resources = 0;
	to.urgency_text = SV("Past");
	to.urgency = CAP_URGENCY_PAST;
	return to;
}

void
alert_correction(struct buf *ret, struct arena *a, const struct cap_alert *draft)
{
	struct cap_info *infos = ARENA_NEW_N(a, struct cap_info, draft->n_infos);
	struct cap_alert out = *draft;
	size_t i;

	for (i = 0; i < draft->n_infos; i++)
		infos[i] = correction_info(a, &draft->infos[i]);
	out.infos = infos;
	out.msgtype = CAP_MSGTYPE_CANCEL;
	out.msgtype_text = SV("Cancel");
	out.references_text = SV_NONE;
	out.n_references = 0;
	out.n_signatures = 0;
	cap_write(ret, &out);
}
