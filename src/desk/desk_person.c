/*
 * desk_person.c — see desk_person.h. The audit row comes first: the wish is on
 * record even when the machine dies in the middle, and doing it again is safe.
 */
#include "desk/desk_person.h"
#include "desk/desk.h"
#include "people/person_store.h"
#include "store/store.h"

enum rc
desk_person_forget(struct desk *d, const struct officer *o, struct sealer *sealer, struct sv ref,
		   int64_t now, struct err *e)
{
	int64_t id = 0, gone;
	enum rc rc = desk_allow(o, ROLE_BIT(ROLE_CASEWORKER) | ROLE_BIT(ROLE_ADMINISTRATOR),
				"forget a person", e);

	if (rc == RC_OK)
		rc = person_find(d->st, ref, &id, e);
	if (rc == RC_OK)
		rc = store_begin(d->st, e);
	if (rc != RC_OK)
		return rc;
	rc = desk_note(d, o, "person.forget", "person", id, SV_NONE, now, e);
	if (rc == RC_OK)
		rc = store_commit(d->st, e);
	if (rc != RC_OK) {
		store_rollback(d->st);
		return rc;
	}
	return person_forget(d->st, sealer, ref, now, &gone, e);
}
