/*
 * compare.c — see compare.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "compare.h"

#include "audience/expr.h"
#include "audience/index.h"
#include "audience/plan.h"
#include "audience/resolve.h"
#include "base/arena.h"
#include "base/mem.h"
#include "cap/cap_read.h"

static void
statuses_of(const struct brute_person *people, size_t n, struct audience_statuses *ret)
{
	int64_t *ids = MEM_NEW_N(int64_t, n);
	uint8_t *status = MEM_NEW_N(uint8_t, n);
	size_t i, k;

	ret->n = 0;
	for (i = 0; i < n; i++)
		for (k = 1; k < EXPR_STATUS_COUNT; k++) /* the unreached have no row */
			if (strcmp(people[i].status, expr_status_name((enum expr_status)k)) == 0) {
				ids[ret->n] = people[i].id;
				status[ret->n++] = (uint8_t)k;
			}
	ret->persons = ids;
	ret->status = status;
}

static void
check_lists(struct audience *a, const char *what)
{
	const int64_t *ids;
	const struct sv *refs;
	size_t n, n_refs, i;

	ids = audience_ids(a, &n);
	refs = audience_refs(a, &n_refs);
	assert_int_equal(n, audience_counts(a)->persons);
	assert_int_equal(n, n_refs);
	for (i = 1; i < n; i++)
		if (ids[i - 1] >= ids[i] || sv_cmp(refs[i - 1], refs[i]) >= 0)
			fail_msg("%s: entry %zu is out of order", what, i);
	for (i = 0; i < n; i++)
		assert_true(audience_has_id(a, ids[i]));
}

int64_t
compare(const char *what, const struct index *ix, const struct brute_person *people, size_t n,
	const struct cap_alert *alert, const int64_t *at, const char *expr)
{
	struct arena *arena = arena_new();
	struct plan_options options = {at != NULL, at ? *at : 0, NULL};
	struct audience_statuses statuses;
	struct brute_counts want;
	const struct audience_counts *got;
	struct audience *a;
	struct plan *plan = NULL;
	bool *hit = MEM_NEW_N(bool, n);
	struct err e = ERR_INIT;
	bool readable = brute_audience(alert, people, n, at, expr, hit, &want);
	int64_t result = -1;
	size_t i;
	enum rc rc = RC_OK;

	if (expr)
		rc = expr_parse(&options.expr, arena, sv_of(expr), &e);
	if (rc == RC_OK)
		rc = plan_new(&plan, alert, &options, &e);
	if ((rc == RC_OK) != readable)
		fail_msg("%s: brute force %s the expression, the plan says \"%s\"", what,
			 readable ? "reads" : "cannot read", e.text);
	if (readable) {
		statuses_of(people, n, &statuses);
		a = audience_resolve(ix, plan, &statuses);
		got = audience_counts(a);
		for (i = 0; i < n; i++)
			if (audience_has_id(a, people[i].id) != hit[i])
				fail_msg("%s: %s: brute force says %d (stay %.17g,%.17g %s %d-%d)",
					 what, people[i].ref, hit[i], people[i].stays[0].point.lat,
					 people[i].stays[0].point.lon, people[i].stays[0].country,
					 people[i].stays[0].from, people[i].stays[0].to);
		assert_int_equal(got->persons, want.persons);
		assert_int_equal(got->stays, want.stays);
		assert_int_equal(got->place_unknown, want.place_unknown);
		check_lists(a, what);
		result = (int64_t)got->persons;
		audience_free(&a);
		mem_free((void *)(uintptr_t)statuses.persons);
		mem_free((void *)(uintptr_t)statuses.status);
	}
	plan_free(&plan);
	mem_free(hit);
	arena_free(&arena);
	return result;
}

const struct cap_alert *
alert_of(struct arena *arena, const char *infos)
{
	const struct cap_alert *alert = NULL;
	const struct cap_findings *findings;
	struct err e = ERR_INIT;
	struct sv text = arena_fmt(
		arena,
		"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>t1</identifier>"
		"<sender>desk@example.org</sender><sent>2026-03-01T12:00:00+00:00</sent>"
		"<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>%s</alert>",
		infos);

	if (cap_read(&alert, &findings, arena, text, &e) != RC_OK)
		fail_msg("%s", e.text);
	return alert;
}
