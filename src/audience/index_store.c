/*
 * index_store.c — reading everybody, and those who changed.
 *
 * The newest change is noted before reading begins, so whatever is written
 * meanwhile is read again by the first index_store_apply: a person read twice is right,
 * one missed would not be. Contact points come first, as a short list of who has which
 * channels; then one query gives each person with its stays, by id.
 */
#include "audience/index_store.h"

#include "audience/index.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "people/contact.h"
#include "store/change.h"
#include "store/store.h"

#define RELOAD_FROM 5000 /* changed persons from which reading everybody is quicker */

struct channels {
	int64_t person;
	uint8_t mask;
};

struct channel_list {
	struct channels *v;
	size_t n, cap;
};

static enum rc
load_channels(struct channel_list *list, struct store *st, struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc;

	rc = store_query(&rows, st,
			 "SELECT person, channel FROM contact WHERE state = ?1 "
			 "ORDER BY person, n",
			 ARGS(ARG_INT(CONTACT_USED)), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		int64_t person = store_int(rows, 0), channel = store_int(rows, 1);

		if (channel < 1 || channel > 7)
			continue;
		if (list->n == 0 || list->v[list->n - 1].person != person) {
			list->v = mem_grow(list->v, &list->cap, list->n + 1, sizeof(*list->v));
			list->v[list->n++] = (struct channels){person, 0};
		}
		list->v[list->n - 1].mask |= INDEX_CHANNEL(channel);
	}
	store_rows_free(&rows);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* Columns 0 … 4 of the queries below. */
static struct index_person
row_person(const struct store_rows *rows)
{
	return (struct index_person){
		.id = store_int(rows, 0),
		.ref = store_text(rows, 1),
		.citizenships = store_text(rows, 2),
		.languages = store_text(rows, 3),
		.groups = store_text(rows, 4),
	};
}

/* Columns 5 …; false when the person has no stay. */
static bool
row_stay(const struct store_rows *rows, struct index_stay *ret)
{
	if (store_is_null(rows, 9))
		return false;
	*ret = (struct index_stay){
		.country = store_text(rows, 5),
		.subdivision = store_text(rows, 6),
		.has_point = !store_is_null(rows, 7) && !store_is_null(rows, 8),
		.point = {store_real(rows, 7), store_real(rows, 8)},
		.from = (int32_t)store_int(rows, 9),
		.to = store_is_null(rows, 10) ? INDEX_OPEN : (int32_t)store_int(rows, 10),
	};
	return true;
}

static enum rc
load_persons(struct index_builder *b, const struct channel_list *channels, struct store *st,
	     struct err *e)
{
	struct store_rows *rows = NULL;
	struct index_stay stay;
	int64_t last = INT64_MIN;
	size_t at = 0;
	enum rc rc;

	rc = store_query(&rows, st,
			 "SELECT p.id, p.ref, p.citizenships, p.languages, p.groups, s.country, "
			 "s.subdivision, s.lat, s.lon, s.from_day, s.to_day "
			 "FROM person p LEFT JOIN stay s ON s.person = p.id ORDER BY p.id, s.n",
			 NO_ARGS, e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		if (store_int(rows, 0) != last) {
			struct index_person p = row_person(rows);

			last = p.id;
			while (at < channels->n && channels->v[at].person < p.id)
				at++;
			if (at < channels->n && channels->v[at].person == p.id)
				p.channels = channels->v[at].mask;
			index_builder_person(b, &p);
		}
		if (row_stay(rows, &stay))
			index_builder_stay(b, &stay);
	}
	store_rows_free(&rows);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
index_store_load(struct index **ret, int64_t *ret_seq, struct store *st, struct err *e)
{
	struct index_builder *b = index_builder_new();
	struct channel_list channels = {NULL, 0, 0};
	struct index *ix = NULL;
	int64_t seq;
	enum rc rc;

	rc = change_last(st, &seq, e);
	if (rc == RC_OK)
		rc = load_channels(&channels, st, e);
	if (rc == RC_OK)
		rc = load_persons(b, &channels, st, e);
	if (rc == RC_OK)
		rc = index_builder_finish(&ix, &b, e);
	if (rc == RC_OK) {
		*ret = ix;
		*ret_seq = seq;
	}
	mem_free(channels.v);
	index_builder_free(&b);
	return rc;
}

/* One person as it is now, in memory before the index is touched. */
struct fresh {
	bool there;
	struct index_person person;
	struct index_stay *stays;
	size_t n, cap;
};

static enum rc
read_person(struct fresh *f, struct arena *arena, struct store *st, int64_t id, struct err *e)
{
	struct store_rows *rows = NULL;
	struct index_stay stay;
	enum rc rc;

	rc = store_query(&rows, st,
			 "SELECT p.id, p.ref, p.citizenships, p.languages, p.groups, s.country, "
			 "s.subdivision, s.lat, s.lon, s.from_day, s.to_day "
			 "FROM person p LEFT JOIN stay s ON s.person = p.id WHERE p.id = ?1 "
			 "ORDER BY s.n",
			 ARGS(ARG_INT(id)), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		if (!f->there) {
			f->there = true;
			f->person = row_person(rows);
			f->person.ref = arena_sv(arena, f->person.ref);
			f->person.citizenships = arena_sv(arena, f->person.citizenships);
			f->person.languages = arena_sv(arena, f->person.languages);
			f->person.groups = arena_sv(arena, f->person.groups);
		}
		if (!row_stay(rows, &stay))
			continue;
		stay.country = arena_sv(arena, stay.country);
		stay.subdivision = arena_sv(arena, stay.subdivision);
		f->stays = mem_grow(f->stays, &f->cap, f->n + 1, sizeof(*f->stays));
		f->stays[f->n++] = stay;
	}
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND || !f->there)
		return rc == RC_NOTFOUND ? RC_OK : rc;
	rc = store_query(&rows, st, "SELECT channel FROM contact WHERE person = ?1 AND state = ?2",
			 ARGS(ARG_INT(id), ARG_INT(CONTACT_USED)), e);
	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK)
		if (store_int(rows, 0) >= 1 && store_int(rows, 0) <= 7)
			f->person.channels |= INDEX_CHANNEL(store_int(rows, 0));
	store_rows_free(&rows);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc
apply_person(struct index *ix, struct store *st, int64_t id, struct err *e)
{
	struct arena *arena = arena_new();
	struct fresh f = {.there = false};
	enum rc rc;
	size_t i;

	rc = read_person(&f, arena, st, id, e);
	if (rc == RC_OK) {
		index_remove(ix, id);
		if (f.there) {
			index_add(ix, &f.person);
			for (i = 0; i < f.n; i++)
				index_add_stay(ix, &f.stays[i]);
		}
	}
	mem_free(f.stays);
	arena_free(&arena);
	return rc;
}

struct changed {
	int64_t *ids;
	size_t n, cap;
};

static enum rc
note_change(void *arg, int64_t seq, enum change_kind kind, int64_t id, struct err *e)
{
	struct changed *c = arg;

	(void)seq;
	(void)e;
	if (kind != CHANGE_PERSON || (c->n && c->ids[c->n - 1] == id))
		return RC_OK;
	c->ids = mem_grow(c->ids, &c->cap, c->n + 1, sizeof(*c->ids));
	c->ids[c->n++] = id;
	return RC_OK;
}

static int
id_cmp(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;

	return (a > b) - (a < b);
}

static enum rc
reload(struct index **ix, int64_t *seq, struct store *st, struct err *e)
{
	struct index *fresh = NULL;
	enum rc rc = index_store_load(&fresh, seq, st, e);

	if (rc == RC_OK) {
		index_free(ix);
		*ix = fresh;
	}
	return rc;
}

enum rc
index_store_apply(struct index **ix, int64_t *seq, struct store *st, struct err *e)
{
	struct changed c = {NULL, 0, 0};
	int64_t at = *seq, last = *seq, before;
	enum rc rc;
	size_t i;

	rc = change_last(st, &last, e);
	while (rc == RC_OK && at < last && c.n <= RELOAD_FROM) {
		before = at;
		rc = change_read(st, before, BATCH_ROWS, note_change, &c, &at, e);
		if (at <= before)
			break;
	}
	if (rc != RC_OK)
		goto out;
	/* short of last: the rows between have been swept away, and nobody knows whom they named */
	if (c.n > RELOAD_FROM || at < last || index_stale(*ix)) {
		rc = reload(ix, seq, st, e);
		goto out;
	}
	if (c.n > 1)
		qsort(c.ids, c.n, sizeof(*c.ids), id_cmp);
	for (i = 0; i < c.n && rc == RC_OK; i++)
		if (i == 0 || c.ids[i] != c.ids[i - 1])
			rc = apply_person(*ix, st, c.ids[i], e);
	if (rc == RC_OK)
		*seq = at;
out:
	mem_free(c.ids);
	return rc;
}
