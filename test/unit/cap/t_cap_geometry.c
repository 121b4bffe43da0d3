/*
 * t_cap_geometry.c — shapes put into a valid message and what must be told of them; then
 * every polygon of the corpus against GEOS.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <geos_c.h>

#include "cap/cap_geometry.h"
#include "cap/cap_read.h"
#include "cap/cap_rule.h"
#include "corpus.h"
#include "geo/ring_check.h"
#include "geo/simplify.h"
#include "sample.h"

#define POLYGON "<polygon>50,30 50,31 51,31 50,30</polygon>"
#define CIRCLE  "<circle>55.75,37.62 40</circle>"
#define GEOCODE "<geocode><valueName>ISO3166-1</valueName><value>RU</value></geocode>"
#define CODE(name, value) \
	"<geocode><valueName>" name "</valueName><value>" value "</value></geocode>"
#define P1 " /alert/info[1]/area[1]/polygon[1]"
#define P2 " /alert/info[1]/area[1]/polygon[2]"
#define C1 " /alert/info[1]/area[1]/circle[1]"

/* The shapes of the only area; NULL: as in the sample. */
static const struct {
	const char *name, *polygons, *circles, *geocodes;
	const char *want; /* "rule path" of each finding, '\n' between */
} cases[] = {
	{"the sample", NULL, NULL, NULL, ""},
	{"a bow-tie", "<polygon>50,30 51,31 51,30 50,31 50,30</polygon>", NULL, NULL,
	 "polygon-self-intersects" P1},
	{"crossing in a corner", "<polygon>50,30 51,31 52,32 52,30 51,31 50,32 50,30</polygon>",
	 NULL, NULL, "polygon-self-intersects" P1},
	{"pinched", "<polygon>50,30 51,31 50,32 52,32 51,31 52,30 50,30</polygon>", NULL, NULL,
	 "polygon-touches-itself" P1},
	{"a spike", "<polygon>50,30 50,32 51,32 51,35 51,32 52,32 52,30 50,30</polygon>", NULL,
	 NULL, "polygon-touches-itself" P1},
	{"a corner twice", "<polygon>50,30 50,31 50,31 51,31 50,30</polygon>", NULL, NULL,
	 "polygon-repeated-point" P1},
	{"the last corner twice", "<polygon>50,30 50,31 51,31 50,30 50,30</polygon>", NULL, NULL,
	 "polygon-repeated-point" P1},
	{"one point", "<polygon>50,30 50,30 50,30 50,30</polygon>", NULL, NULL,
	 "polygon-repeated-point" P1 "\npolygon-no-area" P1},
	{"a line", "<polygon>50,30 51,31 52,32 50,30</polygon>", NULL, NULL, "polygon-no-area" P1},
	{"clockwise", "<polygon>50,30 51,30 51,31 50,30</polygon>", NULL, NULL,
	 "polygon-clockwise" P1},
	{"clockwise twice, told once",
	 "<polygon>50,30 51,30 51,31 50,30</polygon><polygon>52,30 53,30 53,31 52,30</polygon>",
	 NULL, NULL, "polygon-clockwise" P1},
	{"over the antimeridian", "<polygon>66,170 66,-170 67,-170 67,170 66,170</polygon>", NULL,
	 NULL, "polygon-over-antimeridian" P1},
	{"up to the antimeridian", "<polygon>66,170 66,180 67,180 67,170 66,170</polygon>", NULL,
	 NULL, ""},
	{"around the north pole", "<polygon>80,0 80,120 80,-120 80,0</polygon>", NULL, NULL,
	 "polygon-around-pole" P1},
	{"half of the earth in one edge", "<polygon>50,0 50,180 60,90 50,0</polygon>", NULL, NULL,
	 "polygon-edge-half-turn" P1},
	{"nearly the whole earth",
	 "<polygon>-80,-180 -80,-90 -80,0 -80,90 -80,180 80,180 80,90 80,0 80,-90 80,-180 "
	 "-80,-180</polygon>",
	 NULL, NULL, "polygon-too-large" P1},
	{"twice around", "<polygon>50,0 50,120 50,-120 51,0 51,120 51,-120 50,0</polygon>", NULL,
	 NULL, "polygon-too-large" P1},
	{"longitude first", "<polygon>150,-33 151,-33 151,-34 150,-33</polygon>", NULL, "",
	 "invalid-polygon" P1 "\nswapped-latitude-longitude" P1},
	{"out of range both ways", "<polygon>150,-133 151,-33 151,-34 150,-133</polygon>", NULL, "",
	 "invalid-polygon" P1},
	{"one latitude out of range", "<polygon>50,30 95,31 51,31 50,30</polygon>", NULL, NULL,
	 "invalid-polygon" P1},
	{"a circle longitude first", NULL, "<circle>151.2,-33.9 40</circle>", "",
	 "invalid-circle" C1 "\nswapped-latitude-longitude" C1},
	{"swapped by the country", "<polygon>9,51 9,52 10,52 9,51</polygon>", "",
	 CODE("ISO 3166-2", "DE-BE"), "swapped-latitude-longitude" P1},
	{"in that country", "<polygon>51,9 51,10 52,10 51,9</polygon>", "", CODE("ISO3166-1", "DE"),
	 ""},
	{"in one of two countries", "<polygon>51,9 51,10 52,10 51,9</polygon>", "",
	 CODE("ISO3166-1", "NZ") CODE("ISO3166-1", "DE"), ""},
	{"off its coast", "<polygon>55,2 55,3 56,3 55,2</polygon>", "", CODE("ISO3166-1", "DE"),
	 ""},
	{"in another country", "<polygon>51,9 51,10 52,10 51,9</polygon>", "",
	 CODE("ISO3166-1", "NZ"), "geocode-shape-mismatch" P1},
	{"a part of a country that is not named",
	 "<polygon>-33,151 -34,151 -34,152 -33,151</polygon>", "",
	 CODE("profile:CAP-AU:1.0:ISO3166-2", "SA"), ""},
	{"east of the antimeridian, of a country over it",
	 "<polygon>-17,-179.9 -17,-179 -16,-179 -17,-179.9</polygon>", "", CODE("ISO3166-1", "FJ"),
	 ""},
	{"swapped by the other shape", "<polygon>51,9 51,10 52,10 51,9</polygon>",
	 "<circle>9.5,51.5 20</circle>", "", "swapped-latitude-longitude" C1},
	{"two shapes far apart", "<polygon>51,9 51,10 52,10 51,9</polygon>",
	 "<circle>-33.9,151.2 20</circle>", "", ""},
	{"radius 0", NULL, "<circle>55.75,37.62 0</circle>", NULL, "circle-radius-zero" C1},
	{"metres", NULL, "<circle>55.75,37.62 40000</circle>", NULL, "circle-radius-too-large" C1},
	{"2000 km", NULL, "<circle>55.75,37.62 2000</circle>", NULL, ""},
	{"a circle at 0,0", NULL, "<circle>0,0 10</circle>", "", "shape-at-zero" C1},
	{"a corner at 0,0", "<polygon>50,30 50,31 0,0 50,30</polygon>", "", "",
	 "polygon-clockwise" P1 "\nshape-at-zero" P1},
	{"a box that begins at 0,0", "<polygon>0,0 0,5 5,5 5,0 0,0</polygon>", "", "", ""},
	{"several faults, the second polygon",
	 POLYGON "<polygon>52,30 53,31 53,31 53,30 52,31 52,30</polygon>", NULL, NULL,
	 "polygon-repeated-point" P2 "\npolygon-self-intersects" P2},
};

static struct sv
replaced(struct arena *a, struct sv text, const char *from, const char *to)
{
	size_t at = sv_find(text, sv_of(from));
	struct buf b = BUF_INIT(MIB);
	struct sv made;

	if (to == NULL)
		return text;
	BUG_ON(at == text.n);
	buf_add(&b, sv_head(text, at));
	buf_adds(&b, to);
	buf_add(&b, sv_from(text, at + strlen(from)));
	made = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return made;
}

static struct sv
told(struct arena *a, const struct cap_findings *f)
{
	struct buf b = BUF_INIT(64 * KIB);
	struct sv made;
	size_t i;

	for (i = 0; i < f->n; i++) {
		/* An area with no shape left, or none but a geocode, is not the matter here. */
		if (strstr(f->v[i].rule, "area-without") != NULL ||
		    strstr(f->v[i].rule, "geocode-alone") != NULL)
			continue;
		if (b.n > 0)
			buf_addc(&b, '\n');
		buf_adds(&b, f->v[i].rule);
		buf_addc(&b, ' ');
		buf_add(&b, f->v[i].path);
	}
	made = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return made;
}

static void
each_shape_gives_its_findings(void **state)
{
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	struct sv text, got;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		arena_reset(a);
		text = replaced(a, SV(SAMPLE), POLYGON, cases[i].polygons);
		text = replaced(a, text, CIRCLE, cases[i].circles);
		text = replaced(a, text, GEOCODE, cases[i].geocodes);
		if (cap_read(&alert, &findings, a, text, &e) != RC_OK)
			fail_msg("%s: %s", cases[i].name, e.text);
		got = told(a, findings);
		if (!sv_eq(got, sv_of(cases[i].want)))
			fail_msg("%s: got \"%.*s\", want \"%s\"", cases[i].name, SV_ARG(got),
				 cases[i].want);
	}
	arena_free(&a);
}

/* A sawtooth of n points along the parallel of 50. */
static struct sv
sawtooth(struct arena *a, int n)
{
	struct buf b = BUF_INIT(MIB);
	struct sv made;
	int i;

	buf_adds(&b, "<polygon>40,30");
	for (i = 1; i < n - 1; i++)
		buf_addf(&b, " %s,%.3f", i % 2 == 0 && i < n - 2 ? "50" : "49.5", 30 - 0.01 * i);
	buf_adds(&b, " 40,30</polygon>");
	made = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return made;
}

static void
points_are_counted(void **state)
{
	static const struct {
		int n;
		const char *want;
	} counts[] = {{100, ""}, {101, "polygon-too-many-points" P1}};
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(counts); i++) {
		struct sv text = replaced(a, SV(SAMPLE), POLYGON, sawtooth(a, counts[i].n).p);
		struct sv got;

		if (cap_read(&alert, &findings, a, text, &e) != RC_OK)
			fail_msg("%s", e.text);
		got = told(a, findings);
		if (!sv_eq(got, sv_of(counts[i].want)))
			fail_msg("%d points: got \"%.*s\"", counts[i].n, SV_ARG(got));
	}
	arena_free(&a);
}

static void
each_rule_has_a_case(void **state)
{
	size_t i;
	int r;

	(void)state;
	for (r = CAP_RULE_POLYGON_CROSSES; r <= CAP_RULE_CIRCLE_RADIUS_LARGE; r++) {
		const char *name = cap_rule_row((enum cap_rule)r)->name;

		assert_true(cap_rule_row((enum cap_rule)r)->warning);
		/* Too many points: above; too complex: t_ring_check has the ring. */
		if (r == CAP_RULE_POLYGON_POINTS || r == CAP_RULE_POLYGON_COMPLEX)
			continue;
		for (i = 0; i < ARRAY_LEN(cases); i++)
			if (strstr(cases[i].want, name) != NULL)
				break;
		if (i == ARRAY_LEN(cases))
			fail_msg("no case for the rule %s", name);
	}
}

static GEOSGeometry *
geos_polygon(const struct geo_ring *r)
{
	GEOSCoordSequence *seq = GEOSCoordSeq_create((unsigned)r->n, 2);
	unsigned i;

	for (i = 0; i < r->n; i++)
		GEOSCoordSeq_setXY(seq, i, r->points[i].lon, r->points[i].lat);
	return GEOSGeom_createPolygon(GEOSGeom_createLinearRing(seq), NULL, 0);
}

static bool
geos_valid(const struct geo_ring *r)
{
	GEOSGeometry *polygon = geos_polygon(r);
	bool valid = GEOSisValid(polygon) == 1;

	GEOSGeom_destroy(polygon);
	return valid;
}

/* A polygon of so many points is simpler and covers the first, says GEOS. */
static void
simpler_covers(struct arena *a, struct sv path, const struct cap_polygon *p, size_t points)
{
	struct err e = ERR_INIT;
	struct simplified s;
	GEOSGeometry *outer, *inner;

	if (ring_simplify(&s, a, &p->ring, points, &e) != RC_OK)
		fail_msg("%.*s, line %d: %s", SV_ARG(path), p->line, e.text);
	outer = geos_polygon(&s.ring);
	inner = geos_polygon(&p->ring);
	if (s.ring.n > points || s.way == SIMPLIFY_BOX || !geos_valid(&s.ring) ||
	    GEOSCovers(outer, GEOSGetExteriorRing(inner)) != 1)
		fail_msg("%.*s, line %d: %zu points, %s", SV_ARG(path), p->line, s.ring.n,
			 simplify_way_name(s.way));
	GEOSGeom_destroy(outer);
	GEOSGeom_destroy(inner);
}

static void
judge_polygon(struct arena *a, struct sv path, const struct cap_polygon *p, size_t *told_of)
{
	struct ring_verdict v;
	bool simple;

	ring_check(&v, a, &p->ring);
	if (v.antimeridian) /* GEOS does not know it */
		return;
	simple = (v.faults & RING_NOT_SIMPLE) == 0;
	if (simple != geos_valid(&p->ring))
		fail_msg("%.*s, line %d: faults %#x, but GEOS finds it %svalid", SV_ARG(path),
			 p->line, v.faults, simple ? "not " : "");
	told_of[simple]++;
	if (p->ring.n > 100)
		simpler_covers(a, path, p, 100);
	if (p->ring.n > 20)
		simpler_covers(a, path, p, 20);
}

static void
corpus_agrees_with_geos(void **state)
{
	struct arena *rows_arena = arena_new(), *a = arena_new();
	struct corpus_row *rows = NULL;
	struct buf b = BUF_INIT(16 * MIB);
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	struct err e = ERR_INIT;
	size_t told_of[2] = {0, 0};
	size_t n = 0, r, i, k, p;

	(void)state;
	if (!corpus_here(rows_arena)) {
		arena_free(&rows_arena);
		arena_free(&a);
		skip();
	}
	initGEOS(NULL, NULL);
	assert_int_equal(corpus_rows(&rows, &n, rows_arena, &e), RC_OK);
	for (r = 0; r < n; r++) {
		arena_reset(a);
		buf_reset(&b);
		if (file_read(&b, corpus_path(a, "corpus/", rows[r].path), &e) != RC_OK ||
		    cap_read(&alert, &findings, a, buf_sv(&b), &e) != RC_OK)
			continue;
		for (i = 0; i < alert->n_infos; i++)
			for (k = 0; k < alert->infos[i].n_areas; k++)
				for (p = 0; p < alert->infos[i].areas[k].n_polygons; p++) {
					const struct cap_polygon *polygon =
						&alert->infos[i].areas[k].polygons[p];

					if (polygon->ok)
						judge_polygon(a, rows[r].path, polygon, told_of);
				}
	}
	print_message("# corpus: %zu simple, %zu not\n", told_of[true], told_of[false]);
	assert_true(told_of[true] > 300);
	finishGEOS();
	buf_fini(&b);
	arena_free(&a);
	arena_free(&rows_arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_shape_gives_its_findings),
		cmocka_unit_test(points_are_counted),
		cmocka_unit_test(each_rule_has_a_case),
		cmocka_unit_test(corpus_agrees_with_geos),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
