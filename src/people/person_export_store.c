/*
 * person_export_store.c — stored persons back as lines of the people CSV. Opening and
 * writing go in pieces; what was open is wiped before the next piece.
 */
#include "people/person_export_store.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "people/id_chunk.h"
#include "people/person_csv.h"
#include "people/person_store.h"
#include "people/sealer.h"
#include "store/store.h"

#define PIECE ((size_t)200) /* persons at a time */

struct entry {
	struct person p;
	struct sealer_item items[1 + LIMIT_CONTACTS]; /* the name, then contact points */
	enum channel channels[LIMIT_CONTACTS];
	size_t item_count;
	struct contact contacts[LIMIT_CONTACTS];
	struct stay *stays;
	size_t stays_cap;
};

struct piece {
	struct entry *entries; /* by id, ascending */
	size_t n;
	struct arena *arena;
};

static enum rc
take_person(void *arg, const struct person_row *row, struct err *e)
{
	struct piece *piece = arg;
	struct entry *x = &piece->entries[piece->n++];

	(void)e;
	x->p.id = row->id;
	x->p.ref = arena_sv(piece->arena, row->ref);
	x->p.citizenships = arena_sv(piece->arena, row->citizenships);
	x->p.languages = arena_sv(piece->arena, row->languages);
	x->p.groups = arena_sv(piece->arena, row->groups);
	x->items[0] = (struct sealer_item){
		.person = row->id, .kind = SEALED_NAME, .in = arena_sv(piece->arena, row->sealed)};
	x->item_count = 1;
	return RC_OK;
}

static struct entry *
entry_of(struct piece *piece, int64_t id)
{
	size_t i;

	for (i = 0; i < piece->n; i++)
		if (piece->entries[i].p.id == id)
			return &piece->entries[i];
	return NULL;
}

static enum rc
take_contact(void *arg, const struct contact_row *row, struct err *e)
{
	struct piece *piece = arg;
	struct entry *x = entry_of(piece, row->person);

	(void)e;
	if (x == NULL || x->item_count > LIMIT_CONTACTS)
		return RC_OK;
	x->channels[x->item_count - 1] = row->channel;
	x->items[x->item_count++] =
		(struct sealer_item){.person = row->person,
				     .kind = (enum sealed_kind)contact_sealed_kind(row->channel),
				     .in = arena_sv(piece->arena, row->sealed)};
	return RC_OK;
}

static void
take_stay(struct piece *piece, const struct store_rows *r)
{
	struct entry *x = entry_of(piece, store_int(r, 0));
	struct sv country = store_text(r, 1), subdivision = store_text(r, 2);
	struct stay *s;

	if (x == NULL || country.n >= sizeof(s->country) || subdivision.n >= sizeof(s->subdivision))
		return;
	x->stays = mem_grow(x->stays, &x->stays_cap, x->p.stay_count + 1, sizeof(*x->stays));
	s = &x->stays[x->p.stay_count++];
	memset(s, 0, sizeof(*s));
	memcpy(s->country, country.n > 0 ? country.p : "", country.n);
	memcpy(s->subdivision, subdivision.n > 0 ? subdivision.p : "", subdivision.n);
	s->has_point = !store_is_null(r, 3);
	s->point.lat = store_real(r, 3);
	s->point.lon = store_real(r, 4);
	s->from_day = (int32_t)store_int(r, 5);
	s->to_day = store_is_null(r, 6) ? STAY_OPEN : (int32_t)store_int(r, 6);
	x->p.stays = x->stays;
}

static enum rc
read_stays(struct piece *piece, struct store *st, const int64_t *ids, size_t n, struct err *e)
{
	struct store_arg args[ID_CHUNK];
	struct store_rows *rows = NULL;
	enum rc rc = RC_OK;

	while (rc == RC_OK && n > 0) {
		size_t took = id_chunk(args, ids, n);

		rc = store_query(&rows, st,
				 "SELECT person, country, subdivision, lat, lon, from_day, to_day "
				 "FROM stay WHERE person IN " ID_PARAMS " ORDER BY person, n",
				 args, ID_CHUNK, e);
		while (rc == RC_OK && (rc = store_next(rows, e)) == RC_OK)
			take_stay(piece, rows);
		store_rows_free(&rows);
		if (rc == RC_NOTFOUND)
			rc = RC_OK;
		ids += took;
		n -= took;
	}
	return rc;
}

/* Open all of a piece in one call: the items of every entry that are not empty. */
static enum rc
open_all(struct piece *piece, struct sealer *s, const struct sealer_reason *why, struct err *e)
{
	struct sealer_item *items = MEM_NEW_N(struct sealer_item, piece->n * (1 + LIMIT_CONTACTS));
	size_t n = 0, i, k;
	enum rc rc;

	for (i = 0; i < piece->n; i++)
		for (k = 0; k < piece->entries[i].item_count; k++)
			if (piece->entries[i].items[k].in.n > 0)
				items[n++] = piece->entries[i].items[k];
	rc = sealer_open(s, why, items, n, piece->arena, e);
	for (i = 0, n = 0; i < piece->n && rc == RC_OK; i++) {
		struct entry *x = &piece->entries[i];

		for (k = 0; k < x->item_count; k++) {
			struct sv text = SV_NONE;

			if (x->items[k].in.n > 0)
				text = items[n++].out;
			if (k == 0)
				x->p.name = text;
			else if (text.n > 0)
				x->contacts[x->p.contact_count++] =
					(struct contact){x->channels[k - 1], text};
		}
		x->p.contacts = x->contacts;
	}
	mem_free(items);
	return rc;
}

static void
write_lines(struct buf *ret, const struct piece *piece)
{
	size_t i, k;

	for (i = 0; i < piece->n; i++)
		for (k = 0; k == 0 || k < piece->entries[i].p.stay_count; k++)
			person_csv_add(ret, &piece->entries[i].p, k);
}

static enum rc
export_piece(struct store *st, struct sealer *s, const struct sealer_reason *why,
	     const int64_t *ids, size_t n, export_sink_fn *sink, void *arg, struct err *e)
{
	struct piece piece = {.arena = arena_new()};
	struct buf csv = BUF_INIT(256 * MIB);
	size_t i;
	enum rc rc;

	piece.entries = MEM_NEW_N(struct entry, n);
	rc = person_rows(st, ids, n, take_person, &piece, e);
	if (rc == RC_OK)
		rc = person_contacts(st, ids, n, take_contact, &piece, e);
	if (rc == RC_OK)
		rc = read_stays(&piece, st, ids, n, e);
	if (rc == RC_OK)
		rc = open_all(&piece, s, why, e);
	if (rc == RC_OK) {
		write_lines(&csv, &piece);
		rc = buf_check(&csv, "an export", e);
	}
	if (rc == RC_OK)
		rc = sink(arg, buf_sv(&csv), e);
	for (i = 0; i < n; i++)
		mem_free(piece.entries[i].stays);
	if (csv.p != NULL)
		mem_wipe(csv.p, csv.cap);
	buf_fini(&csv);
	mem_wipe(piece.entries, n * sizeof(*piece.entries));
	mem_free(piece.entries);
	arena_free(&piece.arena);
	return rc;
}

enum rc
person_export(struct store *st, struct sealer *s, const struct sealer_reason *why,
	      const int64_t *ids, size_t n, export_sink_fn *sink, void *arg, struct err *e)
{
	enum rc rc = sink(arg, SV(PERSON_CSV_HEADER "\n"), e);

	while (rc == RC_OK && n > 0) {
		size_t piece = n < PIECE ? n : PIECE;

		rc = export_piece(st, s, why, ids, piece, sink, arg, e);
		ids += piece;
		n -= piece;
	}
	return rc;
}
