/*
 * import_batch.c — lines of one ref become one person. Pure.
 *
 * Lists become their union, contact points those not there yet, the name is the
 * first that is given.
 */
#include "people/import_batch.h"

#include "base/arena.h"
#include "people/person_csv.h"

/* The contact points of both; RC_LIMIT. */
static enum rc
merge_contacts(struct import_person *to, const struct person_line *line, struct err *e)
{
	size_t n = to->p.contact_count, i, k;

	for (i = 0; i < line->contact_count; i++) {
		for (k = 0; k < n; k++)
			if (to->contacts[k].channel == line->contacts[i].channel &&
			    sv_eq(to->contacts[k].text, line->contacts[i].text))
				break;
		if (k < n)
			continue;
		if (n == LIMIT_CONTACTS)
			return err_set(e, RC_LIMIT, "more than %d contact points", LIMIT_CONTACTS);
		to->contacts[n++] = line->contacts[i];
	}
	to->p.contact_count = n;
	to->p.contacts = to->contacts;
	return RC_OK;
}

static void
add_stay(struct import_person *to, const struct stay *stay, struct arena *a)
{
	if (to->p.stay_count == to->stays_cap) {
		size_t cap = to->stays_cap == 0 ? 1 : 2 * to->stays_cap;
		struct stay *more = ARENA_NEW_N(a, struct stay, cap);

		if (to->p.stay_count > 0)
			memcpy(more, to->stays, to->p.stay_count * sizeof(*more));
		to->stays = more;
		to->stays_cap = cap;
	}
	to->stays[to->p.stay_count++] = *stay;
	to->p.stays = to->stays;
}

enum rc
import_merge(struct import_person *to, const struct person_line *line, struct arena *a,
	     struct err *e)
{
	struct sv citizenships, languages, groups;
	enum rc rc;

	rc = person_union(&citizenships, to->p.citizenships, line->citizenships, true,
			  LIMIT_CITIZENSHIPS, a, e);
	if (rc == RC_OK)
		rc = person_union(&languages, to->p.languages, line->languages, false,
				  LIMIT_LANGUAGES, a, e);
	if (rc == RC_OK)
		rc = person_union(&groups, to->p.groups, line->groups, true, LIMIT_GROUPS, a, e);
	if (rc == RC_OK)
		rc = merge_contacts(to, line, e);
	if (rc != RC_OK)
		return err_in(e, rc, "with the lines before of the same ref");
	to->p.ref = line->ref;
	to->line = line->line;
	if (to->p.name.n == 0)
		to->p.name = line->name;
	to->p.citizenships = citizenships;
	to->p.languages = languages;
	to->p.groups = groups;
	add_stay(to, &line->stay, a);
	return RC_OK;
}
