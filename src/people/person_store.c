/*
 * person_store.c — persons and contact points: reading, counting, forgetting.
 *
 * Forgetting, in order: the key is destroyed and that is on disk; the rows go,
 * the tombstone and the change row come, in one transaction; the log is
 * written back, so that stays and citizenships leave the disk too.
 */
#include "people/person_store.h"

#include "base/fault.h"
#include "base/map.h"
#include "base/mem.h"
#include "people/id_chunk.h"
#include "people/sealer.h"
#include "store/change.h"
#include "store/store.h"

static struct person_row
person_of(const struct store_rows *r)
{
	return (struct person_row){store_int(r, 0),  store_text(r, 1), store_text(r, 2),
				   store_text(r, 3), store_text(r, 4), store_text(r, 5)};
}

enum rc
person_rows(struct store *st, const int64_t *ids, size_t n, person_row_fn *fn, void *arg,
	    struct err *e)
{
	struct store_arg args[ID_CHUNK];
	struct store_rows *rows = NULL;
	enum rc rc = RC_OK;

	while (rc == RC_OK && n > 0) {
		size_t took = id_chunk(args, ids, n);

		rc = store_query(&rows, st,
				 "SELECT id, ref, citizenships, languages, groups, sealed "
				 "FROM person WHERE id IN " ID_PARAMS " ORDER BY id",
				 args, ID_CHUNK, e);
		while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
			struct person_row row = person_of(rows);

			rc = fn(arg, &row, e);
		}
		store_rows_free(&rows);
		if (rc == RC_NOTFOUND)
			rc = RC_OK;
		ids += took;
		n -= took;
	}
	return rc;
}

enum rc
person_contacts(struct store *st, const int64_t *ids, size_t n, contact_row_fn *fn, void *arg,
		struct err *e)
{
	struct store_arg args[ID_CHUNK];
	struct store_rows *rows = NULL;
	enum rc rc = RC_OK;

	while (rc == RC_OK && n > 0) {
		size_t took = id_chunk(args, ids, n);

		rc = store_query(&rows, st,
				 "SELECT person, n, channel, state, sealed FROM contact "
				 "WHERE person IN " ID_PARAMS " ORDER BY person, n",
				 args, ID_CHUNK, e);
		while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
			struct contact_row row = {store_int(rows, 0), store_int(rows, 1),
						  (enum channel)store_int(rows, 2),
						  (enum contact_state)store_int(rows, 3),
						  store_text(rows, 4)};

			rc = fn(arg, &row, e);
		}
		store_rows_free(&rows);
		if (rc == RC_NOTFOUND)
			rc = RC_OK;
		ids += took;
		n -= took;
	}
	return rc;
}

int
contact_sealed_kind(enum channel channel)
{
	BUG_ON(channel != CHANNEL_EMAIL && channel != CHANNEL_SMS);
	return channel == CHANNEL_EMAIL ? SEALED_EMAIL : SEALED_PHONE;
}

enum rc
person_find(struct store *st, struct sv ref, int64_t *ret_id, struct err *e)
{
	enum rc rc = store_get_int(st, "SELECT id FROM person WHERE ref = ?1", ARGS(ARG_TEXT(ref)),
				   ret_id, e);

	if (rc == RC_NOTFOUND)
		return err_set(e, rc, "nobody is enrolled under the ref \"%.*s\"",
			       SV_ARG(sv_head(ref, 64)));
	return rc;
}

enum rc
person_contact_set(struct store *st, int64_t person, int64_t n, enum contact_state state,
		   struct err *e)
{
	int64_t changed = 0;
	enum rc rc;

	rc = store_exec(st, "UPDATE contact SET state = ?3 WHERE person = ?1 AND n = ?2",
			ARGS(ARG_INT(person), ARG_INT(n), ARG_INT(state)), &changed, e);
	if (rc == RC_OK && changed == 0)
		rc = err_set(e, RC_NOTFOUND, "person %lld has no contact point %lld",
			     (long long)person, (long long)n);
	if (rc == RC_OK)
		rc = change_add(st, CHANGE_PERSON, &person, 1, e);
	return rc;
}

static void
count_add(struct map *m, struct sv key, int64_t n)
{
	*map_at(m, key, 0, NULL) += n;
}

static void
count_citizenships(struct person_counts *c, struct sv list, int64_t n)
{
	struct sv_split split = sv_split_of(list, ';');
	struct sv part;
	int parts = 0;

	while (list.n > 0 && sv_split_next(&split, &part)) {
		count_add(c->by_citizenship, part, n);
		parts++;
	}
	if (parts >= 2)
		c->dual += n;
}

static void
count_country(struct person_counts *c, struct sv key, int64_t n)
{
	count_add(c->by_country, key, n);
}

static void
count_language(struct person_counts *c, struct sv list, int64_t n)
{
	count_add(c->by_language, sv_head(list, sv_find_char(list, ';')), n);
}

static void
count_channel(struct person_counts *c, struct sv number, int64_t n)
{
	int64_t channel = 0;

	if (sv_to_i64(number, &channel))
		count_add(c->by_channel, sv_of(channel_name((enum channel)channel)), n);
}

/* Rows of a text and a number, each given to fn. */
static enum rc
count_groups(struct store *st, const char *sql, struct person_counts *c,
	     void (*fn)(struct person_counts *, struct sv, int64_t), struct err *e)
{
	struct store_rows *rows = NULL;
	enum rc rc = store_query(&rows, st, sql, NO_ARGS, e);

	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK)
		fn(c, store_text(rows, 0), store_int(rows, 1));
	store_rows_free(&rows);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc
count_all(struct store *st, struct person_counts *c, struct err *e)
{
	const struct {
		const char *sql;
		int64_t *to;
	} totals[] = {
		{"SELECT count(*) FROM person", &c->persons},
		{"SELECT count(*) FROM stay", &c->stays},
		{"SELECT count(DISTINCT person) FROM stay WHERE to_day IS NULL", &c->residents},
		{"SELECT count(*) FROM person WHERE NOT EXISTS (SELECT 1 FROM contact "
		 "WHERE contact.person = person.id AND contact.state = 0)",
		 &c->no_channel},
	};
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; i < ARRAY_LEN(totals) && rc == RC_OK; i++)
		rc = store_get_int(st, totals[i].sql, NO_ARGS, totals[i].to, e);
	if (rc == RC_OK)
		rc = count_groups(st,
				  "SELECT country, count(DISTINCT person) FROM stay "
				  "GROUP BY country ORDER BY country",
				  c, count_country, e);
	if (rc == RC_OK)
		rc = count_groups(st,
				  "SELECT citizenships, count(*) FROM person "
				  "GROUP BY citizenships ORDER BY citizenships",
				  c, count_citizenships, e);
	if (rc == RC_OK)
		rc = count_groups(st,
				  "SELECT languages, count(*) FROM person "
				  "GROUP BY languages ORDER BY languages",
				  c, count_language, e);
	if (rc == RC_OK)
		rc = count_groups(st,
				  "SELECT CAST(channel AS TEXT), count(DISTINCT person) "
				  "FROM contact WHERE state = 0 GROUP BY channel "
				  "ORDER BY channel",
				  c, count_channel, e);
	return rc;
}

enum rc
person_count(struct store *st, struct person_counts *ret, struct err *e)
{
	struct person_counts c = {0};
	enum rc rc;

	c.by_country = map_new(0);
	c.by_citizenship = map_new(0);
	c.by_language = map_new(0);
	c.by_channel = map_new(0);
	rc = count_all(st, &c, e);
	if (rc == RC_OK)
		*ret = c;
	else
		person_counts_fini(&c);
	return rc;
}

void
person_counts_fini(struct person_counts *c)
{
	map_free(&c->by_country);
	map_free(&c->by_citizenship);
	map_free(&c->by_language);
	map_free(&c->by_channel);
}

enum rc
person_remove(struct store *st, int64_t id, int64_t now, struct err *e)
{
	enum rc rc;

	rc = store_exec(st, "DELETE FROM contact WHERE person = ?1", ARGS(ARG_INT(id)), NULL, e);
	if (rc == RC_OK)
		rc = store_exec(st, "DELETE FROM stay WHERE person = ?1", ARGS(ARG_INT(id)), NULL,
				e);
	if (rc == RC_OK)
		rc = store_exec(st, "DELETE FROM person WHERE id = ?1", ARGS(ARG_INT(id)), NULL, e);
	if (rc == RC_OK)
		rc = store_exec(st,
				"INSERT INTO tombstone (person, at) VALUES (?1, ?2) "
				"ON CONFLICT (person) DO NOTHING",
				ARGS(ARG_INT(id), ARG_INT(now)), NULL, e);
	if (rc == RC_OK)
		rc = change_add(st, CHANGE_PERSON, &id, 1, e);
	return rc;
}

enum rc
person_forget(struct store *st, struct sealer *s, struct sv ref, int64_t now, int64_t *ret_id,
	      struct err *e)
{
	int64_t id;
	enum rc rc = person_find(st, ref, &id, e);

	if (rc == RC_OK)
		rc = sealer_forget(s, &id, 1, now, e);
	if (rc != RC_OK)
		return rc;
	FAULT("people.forgotten");
	rc = store_begin(st, e);
	if (rc != RC_OK)
		return rc;
	rc = person_remove(st, id, now, e);
	if (rc == RC_OK)
		rc = store_commit(st, e);
	if (rc != RC_OK) {
		store_rollback(st);
		return rc;
	}
	if (!store_is_postgres(st))
		rc = store_checkpoint(st, e);
	if (rc == RC_OK)
		*ret_id = id;
	return rc;
}

/* Remove those of the tombstones' persons that are there. */
static enum rc
replay_page(struct store *st, const struct tombstone *list, size_t n, int64_t *gone, struct err *e)
{
	enum rc rc = store_begin(st, e);
	int64_t removed = 0;
	size_t i;

	for (i = 0; i < n && rc == RC_OK; i++) {
		int64_t there = 0;

		rc = store_get_int(st, "SELECT 1 FROM person WHERE id = ?1",
				   ARGS(ARG_INT(list[i].person)), &there, e);
		if (rc == RC_NOTFOUND) {
			rc = RC_OK;
			continue;
		}
		if (rc == RC_OK)
			rc = person_remove(st, list[i].person, list[i].at, e);
		removed++;
	}
	if (rc == RC_OK)
		rc = store_commit(st, e);
	if (rc == RC_OK)
		*gone += removed;
	else
		store_rollback(st);
	return rc;
}

enum rc
person_replay(struct store *st, struct sealer *s, int64_t *ret_gone, struct err *e)
{
	struct tombstone page[256];
	int64_t highest = 0, after = 0, gone = 0;
	size_t n = 0;
	enum rc rc = sealer_highest(s, &highest, e);

	if (rc == RC_OK)
		rc = store_exec(st,
				"UPDATE counter SET value = ?1 "
				"WHERE name = 'person' AND value < ?1",
				ARGS(ARG_INT(highest)), NULL, e);
	while (rc == RC_OK) {
		rc = sealer_tombstones(s, after, page, ARRAY_LEN(page), &n, e);
		if (rc != RC_OK || n == 0)
			break;
		rc = replay_page(st, page, n, &gone, e);
		after = page[n - 1].person;
	}
	if (rc == RC_OK && gone > 0 && !store_is_postgres(st))
		rc = store_checkpoint(st, e);
	if (rc == RC_OK)
		*ret_gone = gone;
	return rc;
}

enum rc
person_all_ids(struct store *st, int64_t **ret, size_t *ret_n, struct err *e)
{
	struct store_rows *rows = NULL;
	int64_t *ids = NULL;
	size_t n = 0, cap = 0;
	enum rc rc = store_query(&rows, st, "SELECT id FROM person ORDER BY id", NO_ARGS, e);

	while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK) {
		ids = mem_grow(ids, &cap, n + 1, sizeof(*ids));
		ids[n++] = store_int(rows, 0);
	}
	store_rows_free(&rows);
	if (rc != RC_NOTFOUND) {
		mem_free(ids);
		return rc;
	}
	*ret = ids;
	*ret_n = n;
	return RC_OK;
}
