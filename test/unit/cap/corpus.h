/*
 * corpus.h — the rows of the corpus's MANIFEST.tsv, for tests that run over it.
 */
#ifndef TEST_CAP_CORPUS_H
#define TEST_CAP_CORPUS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"

struct corpus_row {
	struct sv path, kind, well_formed, xsd, n_alerts, signatures;
};

static inline const char *
corpus_top(void)
{
	const char *top = getenv("TOCSIN_CORPUS");

	return top != NULL ? top : "../shared";
}

/* "corpus/cap/NAME", as a C string. */
static inline const char *
corpus_path(struct arena *a, const char *folder, struct sv name)
{
	return arena_fmt(a, "%s/cap/%s%.*s", corpus_top(), folder, SV_ARG(name)).p;
}

static inline bool
corpus_here(struct arena *a)
{
	bool here = file_exists(corpus_path(a, "", SV("MANIFEST.tsv")));

	if (!here)
		printf("# skipped: the corpus is absent (TOCSIN_CORPUS=%s)\n", corpus_top());
	return here;
}

/* The rows, without the heading; RC_IO, RC_LIMIT. */
static inline enum rc
corpus_rows(struct corpus_row **ret, size_t *ret_n, struct arena *a, struct err *e)
{
	struct buf b = BUF_INIT(16 * MIB);
	struct sv_split lines, cells;
	struct sv line, cell;
	struct corpus_row *rows;
	size_t n = 0, i;
	enum rc rc = file_read(&b, corpus_path(a, "", SV("MANIFEST.tsv")), e);

	if (rc != RC_OK)
		goto out;
	rows = ARENA_NEW_N(a, struct corpus_row, 4096);
	lines = sv_split_of(arena_sv(a, buf_sv(&b)), '\n');
	(void)sv_split_next(&lines, &line);
	while (n < 4096 && sv_split_next(&lines, &line)) {
		if (line.n == 0)
			continue;
		cells = sv_split_of(line, '\t');
		for (i = 0; sv_split_next(&cells, &cell); i++) {
			if (i == 0)
				rows[n].path = cell;
			else if (i == 3)
				rows[n].kind = cell;
			else if (i == 6)
				rows[n].well_formed = cell;
			else if (i == 7)
				rows[n].xsd = cell;
			else if (i == 8)
				rows[n].n_alerts = cell;
			else if (i == 9)
				rows[n].signatures = cell;
		}
		n++;
	}
	*ret = rows;
	*ret_n = n;
out:
	buf_fini(&b);
	return rc;
}

#endif
