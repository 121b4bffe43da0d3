/*
 * lint.c — see lint.h. A complete warning names source, hazard and impact,
 * place, what to do, and until when.
 */
#include "alert/lint.h"
#include "base/arena.h"
#include "base/mem.h"

struct list {
	struct arena *arena;
	struct lint_finding *v;
	size_t n, cap;
	size_t stops;
};

static void
add(struct list *l, const char *name, bool stop, struct sv text)
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
check_text(struct list *l, const char *name, bool stop, struct sv value, size_t number,
	   const char *what)
{
	if (value.n == 0)
		add(l, name, stop, arena_fmt(l->arena, "info %zu: %s", number, what));
}

static void
check_info(struct list *l, const struct cap_info *info, size_t number, int64_t now)
{
	check_text(l, "no-headline", true, info->headline.n > 0 ? info->headline : info->event,
		   number, "there is no headline: say in one line what the reader must know");
	check_text(l, "no-source", false, info->sender_name, number,
		   "there is no senderName: readers must see who issues this");
	check_text(l, "no-threat", false, info->description, number,
		   "there is no description: what happens, and what it means for the reader");
	check_text(l, "no-action", false, info->instruction, number,
		   "there is no instruction: say what to do");
	check_text(l, "no-contact", false, info->contact, number,
		   "there is no contact: how to reach the desk, and what it cannot do");
	if (!info->expires.ok)
		add(l, "no-expiry", false,
		    arena_fmt(l->arena, "info %zu: there is no expires: say until when it holds",
			      number));
	else if (info->expires.at.utc <= now)
		add(l, "is-over", true,
		    arena_fmt(l->arena, "info %zu: expires %.*s has passed: set a later end",
			      number, SV_ARG(info->expires.text)));
	if (info->n_areas == 0)
		add(l, "no-place", true,
		    arena_fmt(l->arena, "info %zu: there is no area: say which place is meant",
			      number));
}

static void
check_copies(struct list *l, const struct cap_alert *alert)
{
	size_t i, k;

	for (i = 0; i < alert->n_infos; i++) {
		for (k = i + 1; k < alert->n_infos; k++) {
			const struct cap_info *a = &alert->infos[i], *b = &alert->infos[k];

			if (a->description.n == 0 || !sv_eq(a->description, b->description) ||
			    sv_eq_nocase(cap_language(a), cap_language(b)))
				continue;
			add(l, "copied-language", false,
			    arena_fmt(l->arena,
				      "infos %zu and %zu claim to be %.*s and %.*s but have the "
				      "same text: translate it",
				      i + 1, k + 1, SV_ARG(cap_language(a)),
				      SV_ARG(cap_language(b))));
		}
	}
}

const struct lint *
alert_lint(struct arena *a, const struct cap_alert *alert, bool practice, int64_t now)
{
	struct list l = {a, NULL, 0, 0, 0};
	struct lint *ret = ARENA_NEW(a, struct lint);
	size_t i;

	if (!practice && alert->status != CAP_STATUS_ACTUAL &&
	    alert->status != CAP_STATUS_EXERCISE && alert->status != CAP_STATUS_TEST)
		add(&l, "status", true,
		    arena_fmt(a, "status is %.*s: expected Actual, Exercise or Test",
			      SV_ARG(alert->status_text)));
	if (alert->n_infos == 0)
		add(&l, "no-info", true, SV("there is no info block: nothing to tell"));
	for (i = 0; i < alert->n_infos; i++)
		check_info(&l, &alert->infos[i], i + 1, now);
	check_copies(&l, alert);
	*ret = (struct lint){l.v, l.n, l.stops};
	return ret;
}
