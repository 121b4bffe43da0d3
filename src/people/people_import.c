/*
 * people_import.c — from bytes to batches.
 *
 * Strict: the whole file is read once without the store; only when no line is
 * bad it is read again and written. A ref that was met earlier in the file is
 * remembered with its id, so that a later line adds to the person.
 */
#include "people/people_import.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "people/csv.h"
#include "people/import_batch.h"
#include "people/person_csv.h"

#define CHUNK ((size_t)256 * 1024)

/* A ref met in this file. */
struct seen {
	int64_t id; /* 0: still in the batch under way */
	uint32_t stays;
	uint32_t batch; /* the number of the batch that `place` is in */
	uint32_t place;
};

struct import {
	struct store *st;
	struct sealer *sealer;
	const struct import_options *opt;
	bool checking; /* the first pass of strict */
	struct csv *csv;
	bool have_header;
	struct person_header header;
	struct map *refs; /* the place in seen */
	struct seen *seen;
	size_t seen_n, seen_cap;
	struct import_batch batch;
	uint32_t batch_number;
	uint64_t bytes;
	struct import_result result;
};

static void
import_start(struct import *im)
{
	im->csv = csv_new();
	im->refs = map_new(0);
	im->batch.arena = arena_new();
}

static void
import_fini(struct import *im)
{
	csv_free(&im->csv);
	map_free(&im->refs);
	MEM_FREE(&im->seen);
	MEM_FREE(&im->batch.list);
	arena_free(&im->batch.arena);
}

static void
report_bad(void *arg, const struct err *e)
{
	struct import *im = arg;

	im->result.bad++;
	if (im->opt->bad != NULL)
		im->opt->bad(im->opt->arg, e->text);
}

static enum rc
flush(struct import *im, struct err *e)
{
	struct import_batch *b = &im->batch;
	uint64_t created = 0;
	size_t i;
	enum rc rc = RC_OK;

	if (b->n > 0 && !im->checking)
		rc = import_write(im->st, im->sealer, b, im->opt->now, &created, e);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < b->n; i++) {
		struct import_person *p = b->list[i];
		int64_t place = 0;

		im->result.persons += !p->seen_before;
		im->result.stays += p->p.stay_count;
		BUG_ON(!map_get(im->refs, p->p.ref, &place));
		im->seen[place].id = im->checking ? 1 : p->p.id;
	}
	im->result.created += created;
	b->n = b->lines = 0;
	im->batch_number++;
	arena_reset(b->arena);
	return RC_OK;
}

/* The person of the batch under way that a line belongs to. */
static struct import_person *
person_of(struct import *im, struct sv ref)
{
	struct import_batch *b = &im->batch;
	struct import_person *p;
	struct seen *s;
	bool fresh = false;
	int64_t *place = map_at(im->refs, ref, (int64_t)im->seen_n, &fresh);

	if (fresh) {
		im->seen = mem_grow(im->seen, &im->seen_cap, im->seen_n + 1, sizeof(*im->seen));
		im->seen[im->seen_n++] = (struct seen){.batch = UINT32_MAX};
	}
	s = &im->seen[*place];
	if (s->batch == im->batch_number)
		return b->list[s->place];
	p = ARENA_NEW(b->arena, struct import_person);
	p->p.id = s->id;
	p->p.ref = ref;
	p->seen_before = s->id != 0;
	p->next_stay = (int64_t)s->stays + 1;
	b->list = mem_grow(b->list, &b->cap, b->n + 1, sizeof(*b->list));
	s->batch = im->batch_number;
	s->place = (uint32_t)b->n;
	b->list[b->n++] = p;
	return p;
}

static enum rc
take_line(struct import *im, const struct person_line *line, struct err *e)
{
	struct import_person *p;
	int64_t place = 0;
	char where[64];
	enum rc rc;

	/* A line that is refused must not leave a person behind. */
	if (map_get(im->refs, line->ref, &place) && im->seen[place].stays >= LIMIT_STAYS)
		rc = err_set(e, RC_LIMIT, "more than %d stays of one person", LIMIT_STAYS);
	else {
		p = person_of(im, line->ref);
		rc = import_merge(p, line, im->batch.arena, e);
	}
	if (rc != RC_OK) {
		(void)snprintf(where, sizeof(where), "line %llu: ref",
			       (unsigned long long)line->line);
		return err_in(e, rc, where);
	}
	BUG_ON(!map_get(im->refs, line->ref, &place));
	im->seen[place].stays++;
	return RC_OK;
}

/* Only the store's and the header's failures are returned; bad lines are reported. */
static enum rc
take_record(struct import *im, const struct csv_record *record, struct err *e)
{
	struct person_line line;
	struct err bad = ERR_INIT;
	enum rc rc;

	if (!im->have_header) {
		im->have_header = true;
		return person_csv_header(&im->header, record, e);
	}
	im->result.lines++;
	rc = person_csv_line(&line, &im->header, record, im->batch.arena, &bad);
	if (rc == RC_OK)
		rc = take_line(im, &line, &bad);
	if (rc != RC_OK)
		report_bad(im, &bad);
	if (++im->batch.lines == BATCH_ROWS)
		return flush(im, e);
	return RC_OK;
}

static enum rc
drain(struct import *im, struct err *e)
{
	struct csv_record record;
	struct err bad = ERR_INIT;
	enum rc rc;

	while ((rc = csv_next(im->csv, &record, &bad)) != RC_NOTFOUND) {
		if (rc == RC_OK) {
			rc = take_record(im, &record, e);
			if (rc != RC_OK)
				return rc;
		} else if (!im->have_header) {
			return err_set(e, rc, "%s", bad.text);
		} else {
			im->result.lines++;
			report_bad(im, &bad);
		}
	}
	return RC_OK;
}

static enum rc
read_all(struct import *im, struct err *e)
{
	char *chunk = mem_alloc(CHUNK);
	enum rc rc = RC_OK;
	size_t n = 1;

	while (rc == RC_OK && n > 0) {
		rc = im->opt->read(im->opt->arg, chunk, CHUNK, &n, e);
		if (rc != RC_OK)
			break;
		im->bytes += n;
		if (im->bytes > LIMIT_CSV_FILE) {
			rc = err_set(e, RC_LIMIT, "the file is larger than %llu bytes",
				     (unsigned long long)LIMIT_CSV_FILE);
			break;
		}
		if (n > 0)
			csv_feed(im->csv, (struct sv){chunk, n});
		else
			csv_end(im->csv);
		rc = drain(im, e);
		if (im->opt->progress != NULL)
			im->opt->progress(im->opt->arg, im->bytes);
	}
	if (rc == RC_OK && !im->have_header)
		rc = err_set(e, RC_SYNTAX, "the file is empty (expected the header %s)",
			     PERSON_CSV_HEADER);
	if (rc == RC_OK)
		rc = flush(im, e);
	mem_wipe(chunk, CHUNK);
	mem_free(chunk);
	return rc;
}

static enum rc
pass(struct store *st, struct sealer *s, const struct import_options *opt, bool checking,
     struct import_result *ret, struct err *e)
{
	struct import im = {.st = st, .sealer = s, .opt = opt, .checking = checking};
	enum rc rc;

	import_start(&im);
	im.batch.bad = report_bad;
	im.batch.arg = &im;
	rc = read_all(&im, e);
	*ret = im.result;
	import_fini(&im);
	return rc;
}

enum rc
people_import(struct store *st, struct sealer *s, const struct import_options *opt,
	      struct import_result *ret, struct err *e)
{
	enum rc rc;

	memset(ret, 0, sizeof(*ret));
	if (!opt->strict)
		return pass(st, s, opt, false, ret, e);
	if (opt->rewind == NULL)
		return err_set(e, RC_USAGE, "a strict import needs a file that can be read twice");
	rc = pass(st, s, opt, true, ret, e);
	if (rc != RC_OK)
		return rc;
	ret->persons = ret->stays = 0;
	if (ret->bad > 0)
		return err_set(e, RC_CONFLICT, "%llu of %llu lines are bad: nothing was imported",
			       (unsigned long long)ret->bad, (unsigned long long)ret->lines);
	rc = opt->rewind(opt->arg, e);
	if (rc != RC_OK)
		return rc;
	return pass(st, s, opt, false, ret, e);
}
