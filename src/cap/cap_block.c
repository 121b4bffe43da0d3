/*
 * cap_block.c — see cap_block.h. Texts are compared as they are written: an author who
 * copies a block keeps them.
 */
#include "cap/cap_block.h"

static bool
texts_equal(const struct cap_texts *a, const struct cap_texts *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (!sv_eq(a->v[i], b->v[i]))
			return false;
	return true;
}

static bool
pairs_equal(const struct cap_pairs *a, const struct cap_pairs *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (!sv_eq(a->v[i].name, b->v[i].name) || !sv_eq(a->v[i].value, b->v[i].value))
			return false;
	return true;
}

static bool
area_equal(const struct cap_area *a, const struct cap_area *b)
{
	size_t i;

	if (a->n_polygons != b->n_polygons || a->n_circles != b->n_circles ||
	    !sv_eq(a->altitude, b->altitude) || !sv_eq(a->ceiling, b->ceiling) ||
	    !pairs_equal(&a->geocodes, &b->geocodes))
		return false;
	for (i = 0; i < a->n_polygons; i++)
		if (!sv_eq(a->polygons[i].text, b->polygons[i].text))
			return false;
	for (i = 0; i < a->n_circles; i++)
		if (!sv_eq(a->circles[i].text, b->circles[i].text))
			return false;
	return true;
}

static bool
areas_equal(const struct cap_info *a, const struct cap_info *b)
{
	size_t i;

	if (a->n_areas != b->n_areas)
		return false;
	for (i = 0; i < a->n_areas; i++)
		if (!area_equal(&a->areas[i], &b->areas[i]))
			return false;
	return true;
}

unsigned
cap_block_differences(const struct cap_info *a, const struct cap_info *b)
{
	struct sv ea = cap_parameter(a, SV(CAP_AUDIENCE)), eb = cap_parameter(b, SV(CAP_AUDIENCE));
	const bool same[CAP_BLOCK_COUNT] = {
		[CAP_BLOCK_CATEGORY] = texts_equal(&a->categories, &b->categories),
		[CAP_BLOCK_RESPONSE] = texts_equal(&a->responses, &b->responses),
		[CAP_BLOCK_URGENCY] = a->urgency == b->urgency,
		[CAP_BLOCK_SEVERITY] = a->severity == b->severity,
		[CAP_BLOCK_CERTAINTY] = a->certainty == b->certainty,
		[CAP_BLOCK_EVENT_CODE] = pairs_equal(&a->event_codes, &b->event_codes),
		[CAP_BLOCK_EFFECTIVE] = sv_eq(a->effective.text, b->effective.text),
		[CAP_BLOCK_ONSET] = sv_eq(a->onset.text, b->onset.text),
		[CAP_BLOCK_EXPIRES] = sv_eq(a->expires.text, b->expires.text),
		[CAP_BLOCK_AUDIENCE] = (ea.p == NULL) == (eb.p == NULL) && sv_eq(ea, eb),
		[CAP_BLOCK_AREA] = areas_equal(a, b),
	};
	unsigned differences = 0;
	int i;

	for (i = 0; i < CAP_BLOCK_COUNT; i++)
		differences |= (unsigned)!same[i] << i;
	return differences;
}

const char *
cap_block_part_name(enum cap_block_part part)
{
	static const char *const names[] = {
#define X(name, text) text,
		CAP_BLOCK_PARTS(X)
#undef X
	};

	return names[part];
}
