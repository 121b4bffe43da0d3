/*
 * f_csv.c — any bytes through the CSV reader and the people columns.
 *
 * The first byte sets the size of the chunks; whole and in chunks the same must
 * come out. What is read as a record and written again must read the same.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "people/csv.h"
#include "people/person_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_people(const struct csv_record *r, struct arena *a)
{
	struct person_header header;
	struct person_line line;
	size_t i;

	if (person_csv_header(&header, r, NULL) == RC_OK)
		return;
	for (i = 0; i < PERSON_COLUMN_COUNT; i++)
		header.place[i] = i;
	if (person_csv_line(&line, &header, r, a, NULL) != RC_OK)
		return;
	BUG_ON(line.ref.n == 0 || line.contact_count > LIMIT_CONTACTS);
	BUG_ON(line.stay.to_day < line.stay.from_day);
}

/* All records, written again, into out; "!" for a bad one. */
static void
read_all(struct buf *out, struct sv text, size_t chunk, struct arena *a)
{
	struct csv *c = csv_new();
	struct csv_record r;
	bool more = true;
	enum rc rc;
	size_t i;

	while (more) {
		more = text.n > 0;
		if (more)
			csv_feed(c, sv_head(text, chunk));
		else
			csv_end(c);
		text = sv_from(text, chunk);
		while ((rc = csv_next(c, &r, NULL)) != RC_NOTFOUND) {
			for (i = 0; rc == RC_OK && i < r.n; i++) {
				if (i > 0)
					buf_addc(out, ',');
				csv_add_field(out, r.fields[i]);
			}
			if (rc == RC_OK)
				read_people(&r, a);
			else
				buf_addc(out, '!');
			buf_addc(out, '\n');
		}
	}
	csv_free(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT(16 * MIB), pieces = BUF_INIT(16 * MIB);
	struct buf marked = BUF_INIT(16 * MIB), again = BUF_INIT(16 * MIB);
	struct arena *a;
	struct sv text;

	if (size == 0 || size > MIB / 4)
		return 0;
	a = arena_new();
	text = (struct sv){(const char *)data + 1, size - 1};
	read_all(&whole, text, MIB, a);
	read_all(&pieces, text, (size_t)data[0] + 1, a);
	BUG_ON(!sv_eq(buf_sv(&whole), buf_sv(&pieces)));
	if (sv_find_char(buf_sv(&whole), '!') == whole.n) {
		/* A mark of our own, lest one in the first field be taken for it. */
		buf_adds(&marked, "\xEF\xBB\xBF");
		buf_add(&marked, buf_sv(&whole));
		read_all(&again, buf_sv(&marked), MIB, a);
		BUG_ON(!sv_eq(buf_sv(&whole), buf_sv(&again)));
	}
	arena_free(&a);
	buf_fini(&whole);
	buf_fini(&pieces);
	buf_fini(&marked);
	buf_fini(&again);
	return 0;
}
