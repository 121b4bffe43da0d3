/*
 * t_corpus.c — every well-formed alert of the corpus that has an area, against
 * brute force over 20,000 people who live where the alerts are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "audience/index.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "cap/cap_read.h"
#include "compare.h"
#include "crowd.h"

#define N     20000
#define FILES 4096

static const char *
corpus_top(void)
{
	const char *top = getenv("TOCSIN_CORPUS");

	return top ? top : "../shared";
}

struct corpus {
	struct arena *arena;
	const struct cap_alert *alerts[FILES];
	struct sv names[FILES];
	size_t n;
	struct geo_point *near;
	size_t n_near, cap_near;
};

static void
note_points(struct corpus *c, const struct cap_area *area)
{
	size_t i, k;

	for (i = 0; i < area->n_polygons; i++)
		for (k = 0; area->polygons[i].ok && k < area->polygons[i].ring.n; k += 1 + k / 8) {
			c->near = mem_grow(c->near, &c->cap_near, c->n_near + 1, sizeof(*c->near));
			c->near[c->n_near++] = area->polygons[i].ring.points[k];
		}
	for (i = 0; i < area->n_circles; i++)
		if (area->circles[i].ok) {
			c->near = mem_grow(c->near, &c->cap_near, c->n_near + 1, sizeof(*c->near));
			c->near[c->n_near++] = area->circles[i].circle.centre;
		}
}

static void
load_file(struct corpus *c, struct sv name)
{
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	struct sv path = arena_fmt(c->arena, "%s/cap/corpus/%.*s", corpus_top(), SV_ARG(name));
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	size_t i, k, areas = 0;

	if (file_read(&text, path.p, NULL) == RC_OK &&
	    cap_read(&alert, &findings, c->arena, buf_sv(&text), NULL) == RC_OK) {
		for (i = 0; i < alert->n_infos; i++)
			areas += alert->infos[i].n_areas;
		if (areas > 0 && c->n < FILES) {
			for (i = 0; i < alert->n_infos; i++)
				for (k = 0; k < alert->infos[i].n_areas; k++)
					note_points(c, &alert->infos[i].areas[k]);
			c->names[c->n] = name;
			c->alerts[c->n++] = alert;
		}
	}
	buf_fini(&text);
}

static bool
load(struct corpus *c)
{
	struct buf manifest = BUF_INIT(16 * MIB);
	struct sv_split lines;
	struct sv line = SV_NONE, path;

	path = arena_fmt(c->arena, "%s/cap/MANIFEST.tsv", corpus_top());
	if (file_read(&manifest, path.p, NULL) != RC_OK) {
		buf_fini(&manifest);
		return false;
	}
	lines = sv_split_of(arena_sv(c->arena, buf_sv(&manifest)), '\n');
	while (sv_split_next(&lines, &line))
		if (sv_head(line, sv_find_char(line, '\t')).n)
			load_file(c, sv_head(line, sv_find_char(line, '\t')));
	buf_fini(&manifest);
	return true;
}

static void
test_corpus(void **state)
{
	struct corpus *c = MEM_NEW(struct corpus);
	struct brute_person *people;
	struct index *ix;
	size_t i, somebody = 0, unreadable = 0;
	int64_t persons = 0;

	(void)state;
	c->arena = arena_new();
	if (!load(c)) {
		printf("# skipped: the corpus is absent (TOCSIN_CORPUS=%s)\n", corpus_top());
		arena_free(&c->arena);
		mem_free(c);
		skip();
	}
	assert_true(c->n > 500);
	people = crowd_new(N, 11, c->near, c->n_near, 17000);
	ix = crowd_index(people, 0, N);
	for (i = 0; i < c->n; i++) {
		char name[512];
		int64_t n;

		snprintf(name, sizeof(name), "%.*s", SV_ARG(c->names[i]));
		n = compare(name, ix, people, N, c->alerts[i], NULL, NULL);
		unreadable += n < 0;
		persons += n > 0 ? n : 0;
		somebody += n > 0;
	}
	/* else the people stand in the wrong places and nothing was compared */
	printf("# %zu alerts, %zu concern somebody, %lld persons in all\n", c->n, somebody,
	       (long long)persons);
	assert_true(somebody > c->n / 3);
	assert_true(unreadable < 10); /* those without a usable <sent> */
	index_free(&ix);
	mem_free(people);
	mem_free(c->near);
	arena_free(&c->arena);
	mem_free(c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("audience/corpus", tests, NULL, NULL);
}
