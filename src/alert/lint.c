/*
 * lint.c — see lint.h. A complete warning names source, hazard and impact,
 * place, what to do, and until when. What the reader of messages found besides is passed
 * on where it matters to people.
 */
#include "alert/lint.h"
#include "alert/lint_int.h"
#include "base/arena.h"
#include "base/mem.h"
#include "cap/cap_block.h"
#include "cap/cap_read.h"

#define FINDINGS_PASSED 20

void
lint_add(struct lint_list *l, const char *name, bool stop, struct sv text)
{
	if (l->n == l->cap) {
		size_t cap = l->cap * 2 + 16;
		struct lint_finding *v = ARENA_NEW_N(l->arena, struct lint_finding, cap);

		if (l->n > 0)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = (struct lint_finding){name, stop, text};
	l->stops += stop;
}

static void
check_text(struct lint_list *l, const char *name, bool stop, struct sv value, size_t number,
	   const char *what)
{
	if (sv_trim(value).n == 0)
		lint_add(l, name, stop, arena_fmt(l->arena, "info %zu: %s", number, what));
}

static void
check_end(struct lint_list *l, const struct cap_info *info, size_t number, bool stop, int64_t now)
{
	if (!info->expires.ok)
		lint_add(l, "no-expiry", stop,
			 arena_fmt(l->arena,
				   "info %zu: there is no expires: say until when it holds",
				   number));
	else if (info->expires.at.utc <= now)
		lint_add(l, "is-over", true,
			 arena_fmt(l->arena, "info %zu: expires %.*s has passed: set a later end",
				   number, SV_ARG(info->expires.text)));
}

static void
check_info(struct lint_list *l, const struct cap_alert *alert, size_t i, int64_t now)
{
	const struct cap_info *info = &alert->infos[i];
	bool warns = alert->msgtype != CAP_MSGTYPE_CANCEL;

	check_text(l, "no-headline", true, info->headline.n > 0 ? info->headline : info->event,
		   i + 1, "there is no headline: say in one line what the reader must know");
	check_text(l, "no-source", true, info->sender_name, i + 1,
		   "there is no senderName: readers must see who issues this");
	check_text(l, "no-threat", false, info->description, i + 1,
		   "there is no description: what happens, and what it means for the reader");
	check_text(l, "no-action", warns, info->instruction, i + 1,
		   "there is no instruction: say what to do");
	check_text(l, "no-contact", false, info->contact, i + 1,
		   "there is no contact: how to reach the desk, and what it cannot do");
	check_end(l, info, i + 1, warns, now);
	if (info->n_areas == 0)
		lint_add(l, "no-place", true,
			 arena_fmt(l->arena, "info %zu: there is no area: say which place is meant",
				   i + 1));
}

/* Whether the path leads into an info that an earlier one repeats in another language: what is
 * odd about its place was said of that one. */
static bool
is_repeated(const struct cap_alert *alert, struct sv path)
{
	static const struct sv head = SV_INIT("/alert/info[");
	struct sv number = sv_from(path, head.n);
	uint64_t n;
	size_t i;

	if (!sv_starts(path, head) || !sv_to_u64(sv_head(number, sv_find_char(number, ']')), &n) ||
	    n < 1 || n > alert->n_infos)
		return false;
	for (i = 0; i + 1 < n; i++)
		if (cap_block_differences(&alert->infos[i], &alert->infos[n - 1]) == 0)
			return true;
	return false;
}

/* What people would see: shapes and places, and texts that came out wrong. That something is
 * missing is said above in our words; a country by its code alone is how we name countries. */
static bool
matters(const struct cap_alert *alert, const struct cap_finding *f)
{
	static const char *const texts[] = {
		"html-tags",         "html-entities",
		"damaged-text",      "headline-too-long",
		"headline-repeated", "description-repeated",
		"web-not-http",      "onset-not-before-expires",
		"unusual-language",
	};
	size_t i;

	if (!f->warning || f->level != CAP_LEVEL_SPEC ||
	    sv_starts(sv_of(f->rule), SV("missing-")) || strcmp(f->rule, "geocode-alone") == 0)
		return false;
	for (i = 0; i < ARRAY_LEN(texts); i++)
		if (strcmp(f->rule, texts[i]) == 0)
			return true;
	return sv_find(f->path, SV("/area")) < f->path.n && !is_repeated(alert, f->path);
}

static void
pass_findings(struct lint_list *l, const struct cap_alert *alert,
	      const struct cap_findings *findings)
{
	size_t i, passed = 0;

	for (i = 0; findings != NULL && i < findings->n; i++) {
		const struct cap_finding *f = &findings->v[i];

		if (!matters(alert, f) || passed++ >= FINDINGS_PASSED)
			continue;
		lint_add(l, f->rule, false,
			 arena_fmt(l->arena, "line %d, %.*s: %.*s", f->line, SV_ARG(f->path),
				   SV_ARG(f->message)));
	}
	if (passed > FINDINGS_PASSED)
		lint_add(l, "more-findings", false,
			 arena_fmt(l->arena, "%zu more of this kind: see tocsin cap check",
				   passed - FINDINGS_PASSED));
}

const struct lint *
alert_lint(struct arena *a, const struct cap_alert *alert, const struct lint_rules *rules)
{
	struct lint_list l = {a, NULL, 0, 0, 0};
	struct lint *ret = ARENA_NEW(a, struct lint);
	size_t i;

	if (!rules->practice && alert->status != CAP_STATUS_ACTUAL &&
	    alert->status != CAP_STATUS_EXERCISE && alert->status != CAP_STATUS_TEST)
		lint_add(&l, "status", true,
			 arena_fmt(a, "status is %.*s: expected Actual, Exercise or Test",
				   SV_ARG(alert->status_text)));
	if (alert->n_infos == 0)
		lint_add(&l, "no-info", true, SV("there is no info block: nothing to tell"));
	for (i = 0; i < alert->n_infos; i++)
		check_info(&l, alert, i, rules->now);
	lint_languages(&l, alert, rules->languages);
	pass_findings(&l, alert, rules->findings);
	*ret = (struct lint){l.v, l.n, l.stops};
	return ret;
}
