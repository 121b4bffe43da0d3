/*
 * desk_audience.c — see desk_audience.h.
 */
#include "desk/desk_audience.h"
#include "audience/index.h"
#include "audience/index_store.h"
#include "audience/plan.h"
#include "audience/resolve.h"
#include "audience/status_store.h"
#include "base/arena.h"
#include "cap/cap.h"
#include "desk/desk.h"

#define GROUP_DRILL "drill"

static bool
in_group(struct sv groups, struct sv name)
{
	struct sv_split split = sv_split_of(groups, ';');
	struct sv group;

	while (sv_split_next(&split, &group))
		if (sv_eq(group, name))
			return true;
	return false;
}

static void
keep(struct desk_audience *out, struct desk *d, const struct index *ix, struct audience *found,
     bool drill)
{
	size_t n, i;
	const int64_t *ids = audience_ids(found, &n);
	int64_t *kept = ARENA_NEW_N(d->arena, int64_t, n);
	struct index_person p;
	uint32_t row;

	out->n = 0;
	out->no_channel = 0;
	for (i = 0; i < n; i++) {
		BUG_ON(!index_find_id(ix, ids[i], &row));
		index_get(ix, row, &p);
		if (drill && !in_group(p.groups, SV(GROUP_DRILL)))
			continue;
		kept[out->n++] = ids[i];
		out->no_channel += p.channels == 0;
	}
	out->ids = kept;
}

enum rc
desk_audience(struct desk_audience *ret, struct desk *d, const struct cap_alert *alert,
	      int64_t thread, struct err *e)
{
	bool drill = !d->practice && alert->status != CAP_STATUS_ACTUAL;
	struct status_set *statuses = NULL;
	struct audience_statuses view;
	struct audience *found = NULL;
	struct index *ix = NULL;
	struct plan *plan = NULL;
	int64_t seq;
	enum rc rc = plan_new(&plan, alert, NULL, e);

	if (rc == RC_OK)
		rc = index_store_load(&ix, &seq, d->st, e);
	if (rc == RC_OK && plan_asks_status(plan))
		rc = status_store_load(&statuses, d->st, thread, e);
	if (rc != RC_OK)
		goto out;
	if (statuses != NULL)
		view = status_set_view(statuses);
	found = audience_resolve(ix, plan, statuses != NULL ? &view : NULL);
	keep(ret, d, ix, found, drill);
out:
	audience_free(&found);
	status_set_free(&statuses);
	index_free(&ix);
	plan_free(&plan);
	return rc;
}
