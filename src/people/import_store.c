/*
 * import_store.c — writing a batch of persons.
 *
 * In one transaction, in this order: who is known already; ids for the others;
 * what known contact points have been told (an opt-out outlives a new file);
 * sealing, with new keys on disk before anything sealed under them; the rows; the
 * change log.
 */
#include "base/arena.h"
#include "base/fault.h"
#include "base/map.h"
#include "base/mem.h"
#include "people/id_chunk.h"
#include "people/import_batch.h"
#include "people/person_csv.h"
#include "people/person_store.h"
#include "people/sealer.h"
#include "store/change.h"
#include "store/store.h"

/* Arguments of many rows, one after the other. */
struct rows {
	struct store_arg *v;
	size_t n, cap;
};

/* One batch on its way into the store. */
struct writing {
	struct store *st;
	struct import_batch *b;
	struct map *by_ref; /* of those without an id: the place in b->list */
	struct map *by_id;  /* of those known: the place in b->list */
	struct map *told;   /* id, channel and hash of contact points there: state */
	struct sealer_item *items;
	size_t item_count;
	int64_t now;
	uint64_t created;
};

static void
row_add(struct rows *r, const struct store_arg *args, size_t n)
{
	r->v = mem_grow(r->v, &r->cap, r->n + n, sizeof(*r->v));
	memcpy(r->v + r->n, args, n * sizeof(*args));
	r->n += n;
}

static enum rc
rows_write(struct writing *w, struct rows *r, const char *sql, size_t columns, struct err *e)
{
	enum rc rc = RC_OK;

	if (r->n > 0)
		rc = store_exec_many(w->st, sql, r->v, columns, r->n / columns, NULL, e);
	MEM_FREE(&r->v);
	r->n = r->cap = 0;
	return rc;
}

static struct sv
bytes(const void *p, size_t n)
{
	return (struct sv){p, n};
}

/* Ids of those refs that the store has. */
static enum rc
find_known(struct writing *w, struct err *e)
{
	struct store_arg args[ID_CHUNK];
	struct store_rows *rows = NULL;
	size_t at = 0, i, n = map_count(w->by_ref);
	enum rc rc = RC_OK;

	for (; at < n && rc == RC_OK; at += ID_CHUNK) {
		for (i = 0; i < ID_CHUNK; i++)
			args[i] = ARG_TEXT(map_key(w->by_ref, at + i < n ? at + i : n - 1));
		rc = store_query(&rows, w->st, "SELECT id, ref FROM person WHERE ref IN " ID_PARAMS,
				 args, ID_CHUNK, e);
		while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
			int64_t place = 0;

			if (!map_get(w->by_ref, store_text(rows, 1), &place))
				continue;
			w->b->list[place]->p.id = store_int(rows, 0);
			w->b->list[place]->known = true;
		}
		store_rows_free(&rows);
		if (rc == RC_NOTFOUND)
			rc = RC_OK;
	}
	return rc;
}

static enum rc
give_ids(struct writing *w, struct err *e)
{
	int64_t id = 0, n = 0;
	size_t i;
	enum rc rc;

	for (i = 0; i < w->b->n; i++)
		n += w->b->list[i]->p.id == 0;
	if (n == 0)
		return RC_OK;
	rc = counter_take(w->st, "person", n, &id, e);
	for (i = 0; i < w->b->n && rc == RC_OK; i++)
		if (w->b->list[i]->p.id == 0)
			w->b->list[i]->p.id = id++;
	if (rc == RC_OK)
		w->created = (uint64_t)n;
	return rc;
}

/* The key of a contact point in `told`. */
struct told_key {
	int64_t person;
	int64_t channel;
	unsigned char hash[SEALER_HASH];
};

static struct told_key
told_key(int64_t person, int64_t channel, const void *hash)
{
	struct told_key k;

	memset(&k, 0, sizeof(k));
	k.person = person;
	k.channel = channel;
	memcpy(k.hash, hash, SEALER_HASH);
	return k;
}

/* The contact points that known persons have now. */
static enum rc
read_contacts(struct writing *w, const int64_t *ids, size_t n, struct err *e)
{
	struct store_arg args[ID_CHUNK];
	struct store_rows *rows = NULL;
	enum rc rc = RC_OK;

	while (rc == RC_OK && n > 0) {
		size_t took = id_chunk(args, ids, n);

		rc = store_query(&rows, w->st,
				 "SELECT person, n, channel, state, hash FROM contact "
				 "WHERE person IN " ID_PARAMS,
				 args, ID_CHUNK, e);
		while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
			struct import_person *p;
			int64_t place = 0, person = store_int(rows, 0);
			struct told_key key;

			if (store_text(rows, 4).n != SEALER_HASH ||
			    !map_get(w->by_id, bytes(&person, sizeof(person)), &place))
				continue;
			key = told_key(person, store_int(rows, 2), store_text(rows, 4).p);
			*map_at(w->told, bytes(&key, sizeof(key)), 0, NULL) = store_int(rows, 3);
			p = w->b->list[place];
			if (p->next_contact <= store_int(rows, 1))
				p->next_contact = store_int(rows, 1) + 1;
		}
		store_rows_free(&rows);
		if (rc == RC_NOTFOUND)
			rc = RC_OK;
		ids += took;
		n -= took;
	}
	return rc;
}

/* What an earlier line of the file wrote of a person, joined with the batch's. Lists that
 * together pass a limit stay as they were, and the line is named. */
static enum rc
join_row(void *arg, const struct person_row *row, struct err *e)
{
	struct writing *w = arg;
	struct arena *a = w->b->arena;
	struct sv citizenships, languages, groups;
	struct err bad = ERR_INIT;
	struct import_person *p;
	int64_t place = 0;
	char where[64];
	enum rc rc;

	(void)e;
	if (!map_get(w->by_id, bytes(&row->id, sizeof(row->id)), &place) ||
	    !w->b->list[place]->seen_before)
		return RC_OK;
	p = w->b->list[place];
	if (row->sealed.n > 0)
		p->p.name = SV_NONE; /* the first name stays */
	rc = person_union(&citizenships, row->citizenships, p->p.citizenships, true,
			  LIMIT_CITIZENSHIPS, a, &bad);
	if (rc == RC_OK)
		rc = person_union(&languages, row->languages, p->p.languages, false,
				  LIMIT_LANGUAGES, a, &bad);
	if (rc == RC_OK)
		rc = person_union(&groups, row->groups, p->p.groups, true, LIMIT_GROUPS, a, &bad);
	if (rc != RC_OK) {
		citizenships = arena_sv(a, row->citizenships);
		languages = arena_sv(a, row->languages);
		groups = arena_sv(a, row->groups);
		(void)snprintf(where, sizeof(where), "line %llu: lists not added",
			       (unsigned long long)p->line);
		(void)err_in(&bad, rc, where);
		w->b->bad(w->b->arg, &bad);
	}
	p->p.citizenships = citizenships;
	p->p.languages = languages;
	p->p.groups = groups;
	return RC_OK;
}

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static enum rc
read_known(struct writing *w, struct err *e)
{
	int64_t *ids = mem_zero(w->b->n, sizeof(*ids));
	size_t n = 0, i;
	enum rc rc;

	for (i = 0; i < w->b->n; i++) {
		struct import_person *p = w->b->list[i];

		if (!p->known)
			continue;
		*map_at(w->by_id, bytes(&p->p.id, sizeof(p->p.id)), 0, NULL) = (int64_t)i;
		ids[n++] = p->p.id;
	}
	qsort(ids, n, sizeof(*ids), compare_ids);
	rc = read_contacts(w, ids, n, e);
	if (rc == RC_OK)
		rc = person_rows(w->st, ids, n, join_row, w, e);
	mem_free(ids);
	return rc;
}

static enum rc
seal_all(struct writing *w, struct sealer *s, struct err *e)
{
	size_t n = 0, i, k;

	for (i = 0; i < w->b->n; i++)
		n += 1 + w->b->list[i]->p.contact_count;
	w->items = ARENA_NEW_N(w->b->arena, struct sealer_item, n);
	for (i = 0; i < w->b->n; i++) {
		const struct person *p = &w->b->list[i]->p;

		if (p->name.n > 0)
			w->items[w->item_count++] = (struct sealer_item){
				.person = p->id, .kind = SEALED_NAME, .in = p->name};
		for (k = 0; k < p->contact_count; k++)
			w->items[w->item_count++] =
				(struct sealer_item){.person = p->id,
						     .kind = (enum sealed_kind)contact_sealed_kind(
							     p->contacts[k].channel),
						     .in = p->contacts[k].text};
	}
	return sealer_seal(s, w->items, w->item_count, w->b->arena, e);
}

static void
add_contact_row(struct rows *r, const struct writing *w, struct import_person *p,
		enum channel channel, const struct sealer_item *item)
{
	struct told_key key = told_key(p->p.id, channel, item->hash);
	int64_t state = CONTACT_USED;
	bool there = map_get(w->told, bytes(&key, sizeof(key)), &state);

	if (there && p->seen_before)
		return;
	row_add(r, ARGS(ARG_INT(p->p.id), ARG_INT(p->next_contact++), ARG_INT(channel),
			ARG_BLOB(bytes(item->hash, sizeof(item->hash))), ARG_BLOB(item->out),
			ARG_INT(state)));
}

/* The rows of person and contact; items come in the order of seal_all. */
static enum rc
write_persons(struct writing *w, struct err *e)
{
	struct rows made = {0}, changed = {0}, renamed = {0}, contacts = {0};
	const struct sealer_item *item = w->items;
	size_t i, k;
	enum rc rc;

	for (i = 0; i < w->b->n; i++) {
		struct import_person *p = w->b->list[i];
		struct store_arg name = ARG_NULL;

		if (p->p.name.n > 0)
			name = ARG_BLOB(item++->out);
		if (!p->known)
			row_add(&made, ARGS(ARG_INT(p->p.id), ARG_TEXT(p->p.ref),
					    ARG_TEXT(p->p.citizenships), ARG_TEXT(p->p.languages),
					    ARG_TEXT(p->p.groups), name, ARG_INT(w->now)));
		else
			row_add(&changed, ARGS(ARG_INT(p->p.id), ARG_TEXT(p->p.citizenships),
					       ARG_TEXT(p->p.languages), ARG_TEXT(p->p.groups),
					       ARG_INT(w->now)));
		if (p->known && (!p->seen_before || name.type != STORE_NULL))
			row_add(&renamed, ARGS(ARG_INT(p->p.id), name));
		for (k = 0; k < p->p.contact_count; k++)
			add_contact_row(&contacts, w, p, p->contacts[k].channel, item++);
	}
	rc = rows_write(w, &made,
			"INSERT INTO person (id, ref, citizenships, languages, groups, sealed, "
			"updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			7, e);
	if (rc == RC_OK)
		rc = rows_write(w, &changed,
				"UPDATE person SET citizenships = ?2, languages = ?3, groups = ?4, "
				"updated = ?5 WHERE id = ?1",
				5, e);
	if (rc == RC_OK)
		rc = rows_write(w, &renamed, "UPDATE person SET sealed = ?2 WHERE id = ?1", 2, e);
	if (rc == RC_OK)
		rc = rows_write(w, &contacts,
				"INSERT INTO contact (person, n, channel, hash, sealed, state) "
				"VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
				6, e);
	mem_free(made.v);
	mem_free(changed.v);
	mem_free(renamed.v);
	mem_free(contacts.v);
	return rc;
}

/* Old stays and contact points of those that the file replaces. */
static enum rc
drop_replaced(struct writing *w, struct err *e)
{
	struct rows ids = {0}, again = {0};
	size_t i;
	enum rc rc;

	for (i = 0; i < w->b->n; i++) {
		struct import_person *p = w->b->list[i];

		if (!p->known || p->seen_before)
			continue;
		p->next_contact = 1;
		row_add(&ids, ARGS(ARG_INT(p->p.id)));
		row_add(&again, ARGS(ARG_INT(p->p.id)));
	}
	rc = rows_write(w, &ids, "DELETE FROM stay WHERE person = ?1", 1, e);
	if (rc == RC_OK)
		rc = rows_write(w, &again, "DELETE FROM contact WHERE person = ?1", 1, e);
	mem_free(ids.v);
	mem_free(again.v);
	return rc;
}

static enum rc
write_stays(struct writing *w, struct err *e)
{
	struct rows stays = {0};
	size_t i, k;

	for (i = 0; i < w->b->n; i++) {
		const struct import_person *p = w->b->list[i];

		for (k = 0; k < p->p.stay_count; k++) {
			const struct stay *s = &p->p.stays[k];

			row_add(&stays,
				ARGS(ARG_INT(p->p.id), ARG_INT(p->next_stay + (int64_t)k),
				     ARG_TEXT(sv_of(s->country)), ARG_TEXT(sv_of(s->subdivision)),
				     s->has_point ? ARG_REAL(s->point.lat) : ARG_NULL,
				     s->has_point ? ARG_REAL(s->point.lon) : ARG_NULL,
				     ARG_INT(s->from_day),
				     s->to_day == STAY_OPEN ? ARG_NULL : ARG_INT(s->to_day)));
		}
	}
	return rows_write(w, &stays,
			  "INSERT INTO stay (person, n, country, subdivision, lat, lon, from_day, "
			  "to_day) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
			  8, e);
}

static enum rc
log_changes(struct writing *w, struct err *e)
{
	int64_t *ids = mem_zero(w->b->n, sizeof(*ids));
	size_t i;
	enum rc rc;

	for (i = 0; i < w->b->n; i++)
		ids[i] = w->b->list[i]->p.id;
	rc = change_add(w->st, CHANGE_PERSON, ids, w->b->n, e);
	mem_free(ids);
	return rc;
}

static enum rc
write_all(struct writing *w, struct sealer *s, struct err *e)
{
	enum rc rc = find_known(w, e);

	if (rc == RC_OK)
		rc = give_ids(w, e);
	if (rc == RC_OK)
		rc = read_known(w, e);
	if (rc == RC_OK)
		rc = seal_all(w, s, e);
	if (rc == RC_OK)
		rc = drop_replaced(w, e);
	if (rc == RC_OK)
		rc = write_persons(w, e);
	if (rc == RC_OK)
		rc = write_stays(w, e);
	if (rc == RC_OK)
		rc = log_changes(w, e);
	return rc;
}

enum rc
import_write(struct store *st, struct sealer *s, struct import_batch *b, int64_t now,
	     uint64_t *ret_created, struct err *e)
{
	struct writing w = {.st = st, .b = b, .now = now};
	size_t i;
	enum rc rc;

	w.by_ref = map_new(0);
	w.by_id = map_new(0);
	w.told = map_new(0);
	for (i = 0; i < b->n; i++) {
		b->list[i]->known = b->list[i]->p.id != 0;
		b->list[i]->next_contact = 1;
		if (b->list[i]->p.id == 0)
			*map_at(w.by_ref, b->list[i]->p.ref, 0, NULL) = (int64_t)i;
	}
	rc = store_begin(st, e);
	if (rc == RC_OK) {
		rc = write_all(&w, s, e);
		FAULT("people.import_written");
		if (rc == RC_OK)
			rc = store_commit(st, e);
		if (rc != RC_OK)
			store_rollback(st);
	}
	if (rc == RC_OK)
		*ret_created = w.created;
	map_free(&w.by_ref);
	map_free(&w.by_id);
	map_free(&w.told);
	return rc;
}
