/*
 * corpus_rows.h — the corpus's rows as what a group of tests shares: none when the corpus
 * is absent.
 */
#ifndef TEST_CAP_CORPUS_ROWS_H
#define TEST_CAP_CORPUS_ROWS_H

#include "corpus.h"

static struct arena *arena; /* rows */
static struct corpus_row *rows;
static size_t n_rows;

static int
open_corpus(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	arena = arena_new();
	if (corpus_here(arena) && corpus_rows(&rows, &n_rows, arena, &e) != RC_OK) {
		printf("# %s\n", e.text);
		return -1;
	}
	return 0;
}

static int
close_corpus(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#endif
