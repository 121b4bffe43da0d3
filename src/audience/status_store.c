/*
 * status_store.c — the rows of one thread, as two columns.
 */
#include "audience/status_store.h"

#include "answers/reach.h"
#include "base/mem.h"
#include "cap/cap.h"
#include "store/store.h"

_Static_assert((int)REACH_STATE_COUNT == (int)EXPR_STATUS_COUNT,
	       "status: knows every state of reach, in its order");

struct status_set {
	int64_t *persons;
	uint8_t *status;
	size_t n, cap_persons, cap_status;
};

static enum rc
thread_of(int64_t *ret, struct store *st, struct sv identifier, struct err *e)
{
	return store_get_int(st, "SELECT thread FROM alert WHERE identifier = ?1",
			     ARGS(ARG_TEXT(identifier)), ret, e);
}

enum rc
status_store_thread(int64_t *ret, struct store *st, const struct cap_alert *alert, struct err *e)
{
	int64_t thread = 0;
	enum rc rc = thread_of(&thread, st, alert->identifier, e);
	size_t i;

	for (i = 0; i < alert->n_references && rc == RC_NOTFOUND; i++)
		rc = thread_of(&thread, st, alert->references[i].identifier, e);
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	*ret = rc == RC_OK ? thread : 0;
	return RC_OK;
}

enum rc
status_store_load(struct status_set **ret, struct store *st, int64_t thread, struct err *e)
{
	struct status_set *s = MEM_NEW(struct status_set);
	struct store_rows *rows = NULL;
	enum rc rc;

	rc = store_query(&rows, st,
			 "SELECT person, state FROM reach WHERE thread = ?1 "
			 "ORDER BY person",
			 ARGS(ARG_INT(thread)), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		enum reach_state state;

		if (!reach_of_number(store_int(rows, 1), &state)) {
			rc = err_set(e, RC_IO,
				     "%s: thread %lld: reach state %lld is not known to "
				     "this program",
				     store_where(st), (long long)thread,
				     (long long)store_int(rows, 1));
			break;
		}
		s->persons = mem_grow(s->persons, &s->cap_persons, s->n + 1, sizeof(*s->persons));
		s->status = mem_grow(s->status, &s->cap_status, s->n + 1, sizeof(*s->status));
		s->persons[s->n] = store_int(rows, 0);
		s->status[s->n++] = (uint8_t)reach_index(state);
	}
	store_rows_free(&rows);
	if (rc == RC_NOTFOUND) {
		*ret = s;
		s = NULL;
		rc = RC_OK;
	}
	status_set_free(&s);
	return rc;
}

void
status_set_free(struct status_set **ps)
{
	struct status_set *s = *ps;

	if (!s)
		return;
	mem_free(s->persons);
	mem_free(s->status);
	MEM_FREE(ps);
}

struct audience_statuses
status_set_view(const struct status_set *s)
{
	return (struct audience_statuses){s->persons, s->status, s->n};
}
