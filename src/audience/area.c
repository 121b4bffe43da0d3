/*
 * area.c — the areas of one info: shapes prepared, geocodes looked up, and a
 * note of everything that could not be used.
 */
#include "audience/area.h"

#include "audience/shape.h"
#include "base/arena.h"
#include "base/mem.h"
#include "cap/cap.h"
#include "geo/country.h"

#define PROBLEMS_MAX 100 /* noted one by one; a broken file has thousands of the same kind */

enum meets { MEETS_UNKNOWN, MEETS_NOT, MEETS_YES };

struct area {
	struct arena *arena;
	struct shape **shapes;
	size_t n_shapes;
	size_t cap_shapes;
	uint8_t *named; /* for each country: a geocode names it */
	uint8_t *meets; /* for each country: enum meets, found out when asked */
	struct sv *subdivisions;
	size_t n_subdivisions;
	size_t cap_subdivisions;
	struct sv *problems;
	size_t n_problems;
	size_t cap_problems;
};

static void
problem(struct area *a, struct sv text)
{
	if (a->n_problems == PROBLEMS_MAX)
		text = SV("and more of the same kind");
	if (a->n_problems > PROBLEMS_MAX)
		return;
	a->problems = mem_grow(a->problems, &a->cap_problems, a->n_problems + 1, sizeof(struct sv));
	a->problems[a->n_problems++] = text;
}

/* The valueNames that mean ISO 3166, letters and digits only: "ISO3166-1",
 * "ISO 3166-2", "iso3166", "country" … */
static bool
scheme_is_iso(struct sv name)
{
	static const struct sv known[] = {
		SV_INIT("iso3166"),
		SV_INIT("iso31661"),
		SV_INIT("iso31662"),
		SV_INIT("country"),
	};
	char plain[16];
	size_t i, n = 0;

	for (i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c == ' ' || c == '-' || c == '_')
			continue;
		if (n == sizeof(plain))
			return false;
		plain[n++] = c;
	}
	for (i = 0; i < ARRAY_LEN(known); i++)
		if (sv_eq_nocase((struct sv){plain, n}, known[i]))
			return true;
	return false;
}

static struct sv
upper(struct area *a, struct sv v)
{
	char *s = arena_str(a->arena, v);
	size_t i;

	for (i = 0; i < v.n; i++)
		if (s[i] >= 'a' && s[i] <= 'z')
			s[i] = (char)(s[i] - 'a' + 'A');
	return (struct sv){s, v.n};
}

/* True when the geocode concerns somebody. */
static bool
add_geocode(struct area *a, const struct cap_pair *code)
{
	uint16_t country;
	struct sv subdivision;

	if (!scheme_is_iso(code->name)) {
		problem(a, arena_fmt(a->arena,
				     "line %d: geocode \"%.*s\" is of a scheme that is not "
				     "read (expected ISO3166-1 or ISO3166-2)",
				     code->line, SV_ARG(sv_head(code->name, 80))));
		return false;
	}
	country = country_by_code(sv_trim(code->value));
	if (country != COUNTRY_NONE) {
		a->named[country] = 1;
		return true;
	}
	subdivision = upper(a, sv_trim(code->value));
	if (!subdivision_known(subdivision)) {
		problem(a, arena_fmt(a->arena,
				     "line %d: geocode \"%.*s\" is not an ISO 3166 code "
				     "(expected a country such as \"GE\" or a subdivision such as "
				     "\"RU-MOW\")",
				     code->line, SV_ARG(sv_head(code->value, 80))));
		return false;
	}
	a->subdivisions = mem_grow(a->subdivisions, &a->cap_subdivisions, a->n_subdivisions + 1,
				   sizeof(struct sv));
	a->subdivisions[a->n_subdivisions++] = subdivision;
	return true;
}

static void
add_shape(struct area *a, struct shape *s)
{
	a->shapes = mem_grow(a->shapes, &a->cap_shapes, a->n_shapes + 1, sizeof(struct shape *));
	a->shapes[a->n_shapes++] = s;
}

static void
add_area(struct area *a, const struct cap_area *from)
{
	size_t i, used = 0;

	for (i = 0; i < from->n_polygons; i++) {
		if (from->polygons[i].ok) {
			add_shape(a, shape_of_ring(&from->polygons[i].ring));
			used++;
			continue;
		}
		problem(a, arena_fmt(a->arena,
				     "line %d: the polygon cannot be read and concerns "
				     "nobody",
				     from->polygons[i].line));
	}
	for (i = 0; i < from->n_circles; i++) {
		if (from->circles[i].ok) {
			add_shape(a, shape_of_circle(&from->circles[i].circle));
			used++;
			continue;
		}
		problem(a, arena_fmt(a->arena,
				     "line %d: the circle cannot be read and concerns "
				     "nobody",
				     from->circles[i].line));
	}
	for (i = 0; i < from->geocodes.n; i++)
		used += add_geocode(a, &from->geocodes.v[i]);
	if (used == 0)
		problem(a, arena_fmt(a->arena,
				     "line %d: the area \"%.*s\" has no polygon, circle or "
				     "country code that can be read and concerns nobody",
				     from->line, SV_ARG(sv_head(from->desc, 80))));
}

struct area *
area_new(const struct cap_info *info)
{
	struct area *a = MEM_NEW(struct area);
	size_t i;

	a->arena = arena_new();
	a->named = mem_zero(country_count(), 1);
	a->meets = mem_zero(country_count(), 1);
	for (i = 0; i < info->n_areas; i++)
		add_area(a, &info->areas[i]);
	if (info->n_areas == 0)
		problem(a, SV("there is no area, so it concerns nobody"));
	return a;
}

void
area_free(struct area **pa)
{
	struct area *a = *pa;
	size_t i;

	if (!a)
		return;
	for (i = 0; i < a->n_shapes; i++)
		shape_free(&a->shapes[i]);
	mem_free(a->shapes);
	mem_free(a->named);
	mem_free(a->meets);
	mem_free(a->subdivisions);
	mem_free(a->problems);
	arena_free(&a->arena);
	MEM_FREE(pa);
}

bool
area_names(const struct area *a, uint16_t country, struct sv subdivision)
{
	size_t i;

	if (country != COUNTRY_NONE && a->named[country])
		return true;
	for (i = 0; i < a->n_subdivisions && subdivision.n; i++)
		if (sv_eq(a->subdivisions[i], subdivision))
			return true;
	return false;
}

bool
area_meets(const struct area *a, uint16_t country)
{
	size_t i;

	if (country == COUNTRY_NONE)
		return false;
	if (a->meets[country] == MEETS_UNKNOWN) {
		a->meets[country] = MEETS_NOT;
		for (i = 0; i < a->n_shapes && a->meets[country] == MEETS_NOT; i++)
			if (shape_meets_country(a->shapes[i], country))
				a->meets[country] = MEETS_YES;
	}
	return a->meets[country] == MEETS_YES;
}

enum area_hit
area_test(const struct area *a, const struct area_stay *stay)
{
	size_t i;

	if (area_names(a, stay->country, stay->subdivision))
		return stay->has_point ? AREA_INSIDE : AREA_PLACE_UNKNOWN;
	if (!stay->has_point)
		return area_meets(a, stay->country) ? AREA_PLACE_UNKNOWN : AREA_NO;
	for (i = 0; i < a->n_shapes; i++)
		if (shape_contains(a->shapes[i], stay->point))
			return AREA_INSIDE;
	return AREA_NO;
}

size_t
area_shapes(const struct area *a)
{
	return a->n_shapes;
}

const struct shape *
area_shape(const struct area *a, size_t i)
{
	BUG_ON(i >= a->n_shapes);
	return a->shapes[i];
}

size_t
area_problems(const struct area *a)
{
	return a->n_problems;
}

struct sv
area_problem(const struct area *a, size_t i)
{
	BUG_ON(i >= a->n_problems);
	return a->problems[i];
}
