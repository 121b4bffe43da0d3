/*
 * t_resolve.c — the index against brute force on made-up people and alerts,
 * and the meanings of DESIGN 5.1 by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "audience/area.h"
#include "audience/explain.h"
#include "audience/index.h"
#include "audience/plan.h"
#include "audience/resolve.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/time.h"
#include "compare.h"
#include "crowd.h"

#define HEAD                                                                              \
	"<info><category>Security</category><event>e</event><urgency>Immediate</urgency>" \
	"<severity>Severe</severity><certainty>Observed</certainty>"
#define FROM_TO(from, to) "<effective>" from "</effective><expires>" to "</expires>"
#define DAYS              FROM_TO("2026-03-01T12:00:00+00:00", "2026-03-04T12:00:00+00:00")
#define AREA(x)           "<area><areaDesc>a</areaDesc>" x "</area></info>"
#define ONLY(expr)        "<parameter><valueName>audience</valueName><value>" expr "</value></parameter>"
#define GEOCODE(name, value) \
	"<geocode><valueName>" name "</valueName><value>" value "</value></geocode>"
#define WORLD "<circle>0,0 20100</circle>"

static const struct {
	const char *name, *infos;
} alerts[] = {
	{"square", HEAD DAYS AREA("<polygon>40,40 40,60 60,60 60,40 40,40</polygon>")},
	{"across 180",
	 HEAD DAYS AREA("<polygon>-20,175 -20,-175 -10,-175 -10,175 -20,175</polygon>")},
	{"north cap", HEAD DAYS AREA("<polygon>60,-180 65,-60 60,60 65,170 60,-180</polygon>")},
	{"south cap", HEAD DAYS AREA("<polygon>-60,0 -65,120 -60,-120 -60,0</polygon>")},
	{"star", HEAD DAYS AREA("<polygon>0,0 50,20 0,40 35,-5 35,45 0,0</polygon>")},
	{"circles", HEAD DAYS AREA("<circle>41.7,44.8 300</circle><circle>-18,179.9 500</circle>"
				   "<circle>89,10 400</circle>")},
	{"radius 0", HEAD DAYS AREA("<circle>41.7,44.8 0</circle>")},
	{"world", HEAD DAYS AREA(WORLD)},
	{"country", HEAD DAYS AREA(GEOCODE("ISO3166-1", "ru"))},
	{"country words",
	 HEAD DAYS AREA(GEOCODE("country", "GEO") GEOCODE("ISO 3166-2", "au-nsw"))},
	{"subdivision", HEAD DAYS AREA(GEOCODE("ISO3166-2", "RU-MOW"))},
	{"other scheme", HEAD DAYS AREA(GEOCODE("SAME", "006109") GEOCODE("ISO3166-1", "XX"))},
	{"nothing", HEAD DAYS AREA("")},
	{"same-stay", HEAD DAYS ONLY("in:RU and resident or visitor and in:US-CA") AREA(WORLD)},
	{"two infos", HEAD DAYS ONLY("citizen:RU") AREA(GEOCODE("ISO3166-1", "RU"))
			      HEAD DAYS ONLY("not citizen:RU and resident")
				      AREA("<polygon>0,0 0,90 80,90 80,0 0,0</polygon>")},
	{"two times", HEAD FROM_TO("2026-03-01T12:00:00+00:00", "2026-03-01T12:00:01+00:00")
			      AREA(WORLD) HEAD FROM_TO("2026-03-08T12:00:00+00:00",
						       "2026-03-09T12:00:00+00:00") AREA(WORLD)},
	{"ends before it begins",
	 HEAD FROM_TO("2026-03-05T12:00:00+00:00", "2026-03-04T12:00:00+00:00") AREA(WORLD)},
	{"sent, 72 hours", HEAD AREA(WORLD)},
	{"two expressions", HEAD DAYS ONLY("citizen:RU adn dual") AREA(WORLD)},
};

#define N 20000

static void
test_alerts(void **state)
{
	static const struct geo_point near[] = {{40, 40},  {60, 60},     {-15, 180},   {-15, -180},
						{65, -60}, {41.7, 44.8}, {90, 0},      {-90, 0},
						{35, 45},  {50, 20},     {-18, 179.9}, {0, 0},
						{-60, 0}};
	static const char *const exprs[] = {NULL,
					    "citizen:RU and not dual",
					    "language:pt or group:\"a b\"",
					    "arriving",
					    "status:unreached",
					    "not status:reached and visitor",
					    "not (in:RU or resident) or group:\"\\\"q\\\"\""};
	struct brute_person *people =
		crowd_new(N, 1, near, ARRAY_LEN(near), 20513 /* 2026-03-01 */);
	struct index *ix = crowd_index(people, 0, N);
	int64_t instant = (int64_t)20514 * TIME_DAY + 3600;
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(alerts); i++) {
		struct arena *arena = arena_new();
		const struct cap_alert *alert = alert_of(arena, alerts[i].infos);

		for (k = 0; k < ARRAY_LEN(exprs); k++) {
			compare(alerts[i].name, ix, people, N, alert, NULL, exprs[k]);
			compare(alerts[i].name, ix, people, N, alert, &instant, exprs[k]);
		}
		arena_free(&arena);
	}
	index_free(&ix);
	mem_free(people);
}

static void
random_expr(struct rand *r, struct buf *out, int depth)
{
	static const char *const leaves[] = {"citizen:RU",     "citizen:FR",     "dual",
					     "language:ru",    "language:pt-BR", "group:staff",
					     "group:\"a b\"",  "group:\"or\"",   "in:GE",
					     "in:RU",          "in:RU-MOW",      "resident",
					     "visitor",        "arriving",       "status:unreached",
					     "status:answered"};

	switch (depth > 0 ? rand_below(r, 5) : 4) {
	case 0:
		buf_adds(out, "not ");
		random_expr(r, out, 0);
		break;
	case 1:
		buf_adds(out, "(");
		random_expr(r, out, depth - 1);
		buf_adds(out, ")");
		break;
	case 2:
	case 3:
		random_expr(r, out, depth - 1);
		buf_adds(out, rand_below(r, 2) ? " and " : " or ");
		random_expr(r, out, depth - 1);
		break;
	default:
		buf_adds(out, leaves[rand_below(r, ARRAY_LEN(leaves))]);
		break;
	}
}

static void
test_random_expressions(void **state)
{
	struct brute_person *people = crowd_new(3000, 2, NULL, 0, 20513);
	struct index *ix = crowd_index(people, 0, 3000);
	struct arena *arena = arena_new();
	const struct cap_alert *alert = alert_of(arena, HEAD DAYS AREA(WORLD));
	struct buf text = BUF_INIT(4096);
	struct rand r;
	int i;

	(void)state;
	rand_init(&r, 3);
	for (i = 0; i < 400; i++) {
		buf_reset(&text);
		random_expr(&r, &text, 4);
		assert_true(compare(buf_str(&text), ix, people, 3000, alert, NULL,
				    buf_str(&text)) >= 0);
	}
	buf_fini(&text);
	arena_free(&arena);
	index_free(&ix);
	mem_free(people);
}

/* Persons changed after the index was built: dead where they stood, alive in the tail. */
static void
test_changes(void **state)
{
	struct brute_person *people = crowd_new(2000, 4, NULL, 0, 20513);
	struct brute_person *later = crowd_new(2000, 5, NULL, 0, 20513);
	struct index *ix = crowd_index(people, 0, 1800);
	struct arena *arena = arena_new();
	const struct cap_alert *alert = alert_of(
		arena,
		HEAD DAYS AREA(
			"<polygon>-60,-170 -60,120 70,120 70,-170 -60,-170</polygon>" GEOCODE(
				"country", "RU")));
	size_t i;

	(void)state;
	for (i = 0; i < 2000; i++) {
		if (i < 1800 && i % 7)
			continue;
		people[i] = later[i]; /* same ids, other lives */
		if (i % 2)
			people[i].n = 0; /* gone: no stays, as brute force sees it */
		index_remove(ix, people[i].id);
		if (i % 2 == 0)
			crowd_add(ix, &people[i]);
	}
	/* once more: one that stood in the tail already */
	index_remove(ix, people[1998].id);
	crowd_add(ix, &people[1998]);
	assert_true(compare("changed", ix, people, 2000, alert, NULL, NULL) > 100);
	assert_true(compare("changed", ix, people, 2000, alert, NULL, "dual and resident") > 5);
	index_free(&ix);
	arena_free(&arena);
	mem_free(people);
	mem_free(later);
}

static const struct brute_person lea = {
	.id = 1,
	.ref = "lea",
	.citizenships = "FR;RU",
	.languages = "fr",
	.status = "unreached",
	.n = 2,
	.stays =
		{
			{true, {55.75, 37.6}, "RU", "RU-MOW", 20500, 20502},
			{false, {0, 0}, "GE", "", 20512, BRUTE_OPEN},
		},
};

static uint64_t
persons_by_hand(const char *infos, const char *at)
{
	struct arena *arena = arena_new();
	struct index *ix = crowd_index(&lea, 0, 1);
	struct plan_options o = {.has_at = at != NULL};
	struct plan *plan = NULL;
	struct audience *a;
	struct time_at t = {0, 0};
	uint64_t n;

	if (at)
		assert_true(time_parse_rfc3339(sv_of(at), &t));
	o.at = t.utc;
	assert_int_equal(plan_new(&plan, alert_of(arena, infos), &o, NULL), RC_OK);
	a = audience_resolve(ix, plan, NULL);
	n = audience_counts(a)->persons;
	audience_free(&a);
	plan_free(&plan);
	index_free(&ix);
	arena_free(&arena);
	return n;
}

/* Day 20500 is 2026-02-16, day 20502 the 18th: in UTC the stay in Moscow lasts from
 * the 15th, 10:00 until before the 19th, 12:00. */
static void
test_widened_days(void **state)
{
	static const struct {
		const char *at;
		uint64_t want;
	} instants[] = {
		{"2026-02-15T09:59:59Z", 0},
		{"2026-02-15T10:00:00Z", 1},
		{"2026-02-19T11:59:59Z", 1},
		{"2026-02-19T12:00:00Z", 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(instants); i++)
		assert_int_equal(persons_by_hand(HEAD AREA(GEOCODE("ISO3166-2", "RU-MOW")),
						 instants[i].at),
				 instants[i].want);
#define BETWEEN(from, to) \
	persons_by_hand(HEAD FROM_TO(from, to) AREA(GEOCODE("ISO3166-2", "RU-MOW")), NULL)
	assert_int_equal(BETWEEN("2026-02-01T00:00:00-00:00", "2026-02-15T10:00:00-00:00"), 0);
	assert_int_equal(BETWEEN("2026-02-01T00:00:00-00:00", "2026-02-15T10:00:01-00:00"), 1);
	assert_int_equal(BETWEEN("2026-02-19T11:59:59-00:00", "2026-03-15T10:00:01-00:00"), 1);
	assert_int_equal(BETWEEN("2026-02-19T12:00:00-00:00", "2026-03-15T10:00:01-00:00"), 0);
	/* the offset counts: 13:59:59+02:00 is 11:59:59 UTC */
	assert_int_equal(BETWEEN("2026-02-19T13:59:59+02:00", "2026-03-15T10:00:01-00:00"), 1);
#undef BETWEEN
}

/* Lea lives in Georgia without end and was a visitor in Moscow. */
static void
test_same_stay(void **state)
{
	static const struct {
		const char *infos;
		uint64_t want;
	} cases[] = {
		{HEAD DAYS ONLY("in:GE and resident") AREA(WORLD), 1},
		{HEAD DAYS ONLY("in:RU") AREA(WORLD), 0},     /* that stay is over */
		{HEAD DAYS ONLY("not in:GE") AREA(WORLD), 0}, /* the other stay does not count */
		{HEAD FROM_TO("2026-02-17T00:00:00-00:00", "2026-03-04T00:00:00-00:00")
			 ONLY("in:RU and resident") AREA(WORLD),
		 0}, /* never both in one stay */
		{HEAD FROM_TO("2026-02-17T00:00:00-00:00", "2026-03-04T00:00:00-00:00")
			 ONLY("in:RU and visitor") AREA(WORLD),
		 1},
		/* place unknown: by its country, whole */
		{HEAD DAYS AREA("<circle>41.7,44.8 10</circle>"), 1},
		{HEAD DAYS AREA("<circle>47,2 10</circle>"), 0},
		{HEAD DAYS AREA(GEOCODE("ISO3166-1", "GE")), 1},
		{HEAD DAYS AREA(GEOCODE("ISO3166-2", "GE-TB")), 0}, /* recorded codes only */
		/* begun on the 28th of February: not after sent, the 1st of March */
		{HEAD DAYS ONLY("arriving") AREA(WORLD), 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(persons_by_hand(cases[i].infos, NULL), cases[i].want);
}

static void
test_tables(void **state)
{
	static const struct brute_person people[] = {
		{.id = 5,
		 .ref = "b",
		 .citizenships = "FR;RU",
		 .languages = "ru;en",
		 .channels = 6,
		 .n = 3,
		 .stays = {{true, {55.7, 37.6}, "RU", "RU-MOW", 0, BRUTE_OPEN},
			   {true, {55.8, 37.7}, "RU", "", 0, BRUTE_OPEN},
			   {false, {0, 0}, "GE", "", 0, BRUTE_OPEN}}},
		{.id = 2,
		 .ref = "a",
		 .citizenships = "FR",
		 .languages = "",
		 .channels = 2,
		 .n = 1,
		 .stays = {{true, {41.7, 44.8}, "GE", "", 0, BRUTE_OPEN}}},
		{.id = 9,
		 .ref = "c",
		 .citizenships = "DE",
		 .languages = "ru",
		 .channels = 0,
		 .n = 1,
		 .stays = {{true, {2.0, -30.0}, "", "", 0, BRUTE_OPEN}}},
	};
	static const struct {
		enum audience_table table;
		const char *name;
		uint64_t n;
	} want[] = {
		{AUDIENCE_BY_COUNTRY, "", 1},       {AUDIENCE_BY_COUNTRY, "GE", 2},
		{AUDIENCE_BY_COUNTRY, "RU", 1},     {AUDIENCE_BY_CITIZENSHIP, "DE", 1},
		{AUDIENCE_BY_CITIZENSHIP, "FR", 2}, {AUDIENCE_BY_CITIZENSHIP, "RU", 1},
		{AUDIENCE_BY_LANGUAGE, "", 1},      {AUDIENCE_BY_LANGUAGE, "ru", 2},
		{AUDIENCE_BY_CHANNEL, "email", 2},  {AUDIENCE_BY_CHANNEL, "sms", 1},
	};
	struct arena *arena = arena_new();
	struct index *ix = crowd_index(people, 0, 3);
	struct plan *plan = NULL;
	struct audience *a;
	const struct sv *refs;
	const int64_t *ids;
	size_t i, n, at[AUDIENCE_TABLES] = {0};

	(void)state;
	assert_int_equal(plan_new(&plan, alert_of(arena, HEAD DAYS AREA(WORLD)), NULL, NULL),
			 RC_OK);
	a = audience_resolve(ix, plan, NULL);
	assert_int_equal(audience_counts(a)->persons, 3);
	assert_int_equal(audience_counts(a)->stays, 5);
	assert_int_equal(audience_counts(a)->place_unknown, 1);
	assert_int_equal(audience_counts(a)->no_channel, 1);
	for (i = 0; i < ARRAY_LEN(want); i++) {
		uint64_t got;
		struct sv name = audience_entry(a, want[i].table, at[want[i].table]++, &got);

		assert_true(sv_eq(name, sv_of(want[i].name)));
		assert_int_equal(got, want[i].n);
	}
	for (i = 0; i < AUDIENCE_TABLES; i++)
		assert_int_equal(audience_entries(a, (enum audience_table)i), at[i]);
	ids = audience_ids(a, &n);
	assert_int_equal(n, 3);
	assert_true(ids[0] == 2 && ids[1] == 5 && ids[2] == 9);
	refs = audience_refs(a, &n);
	assert_true(sv_eq(refs[0], SV("a")) && sv_eq(refs[1], SV("b")) && sv_eq(refs[2], SV("c")));
	audience_free(&a);
	plan_free(&plan);
	index_free(&ix);
	arena_free(&arena);
}

/* Coordinates with more decimals than the columns hold are kept in full. */
static void
test_exact_coordinates(void **state)
{
	static const double lats[] = {41.123456789012345, 1e-9, -1e-300, 0.1,
				      89.99999999999999,  -90};
	struct brute_person p = {.id = 1, .ref = "x", .status = "unreached", .n = 1};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(lats); i++) {
		struct index *ix;
		struct arena *arena = arena_new();
		struct brute_stay s = {true, {lats[i], -lats[i]}, "", "", 0, BRUTE_OPEN};
		char info[1024];

		p.stays[0] = s;
		ix = crowd_index(&p, 0, 1);
		/* the point itself, to the last bit: a triangle with a corner there */
		snprintf(info, sizeof(info),
			 HEAD DAYS AREA("<polygon>%.17f,%.17f -91,0 0,0 %.17f,%.17f"
					"</polygon><circle>%.17f,%.17f 0</circle>"),
			 lats[i], -lats[i], lats[i], -lats[i], lats[i], -lats[i]);
		assert_true(compare("exact", ix, &p, 1, alert_of(arena, info), NULL, NULL) >= 0);
		index_free(&ix);
		arena_free(&arena);
	}
}

static void
test_blocks_and_problems(void **state)
{
	struct arena *arena = arena_new();
	struct buf out = BUF_INIT(KIB * 16);
	struct plan *plan = NULL;
	struct err e = ERR_INIT;

	(void)state;
	/* two languages of one text, and one for somebody else */
	assert_int_equal(
		plan_new(
			&plan,
			alert_of(
				arena,
				"<info><language>en</language>"
				"<category>Security</category><event>war</event>"
				"<urgency>Past</urgency><severity>Severe</severity><certainty>Observed</certainty>"
				"<headline>a</headline>" AREA(
					WORLD) "<info><language>ru</language>"
					       "<category>Security</category><event>B</event>"
					       "<urgency>Past</urgency><severity>Severe</severity><certainty>Observed</certainty>"
					       "<headline>b</headline><area><areaDesc>other</areaDesc>" WORLD
					       "</area></info>" HEAD ONLY("dual") AREA(GEOCODE(
						       "SAME", "1") GEOCODE("ISO3166-1", "XX"))),
			NULL, &e),
		RC_OK);
	assert_int_equal(plan_blocks(plan), 2);
	assert_int_equal(plan_block(plan, 0)->infos, 2);
	assert_int_equal(plan_block(plan, 1)->first, 2);
	plan_write_problems(&out, plan);
	assert_string_equal(
		buf_str(&out),
		"info 3: line 1: geocode \"SAME\" is of a scheme that is not read (expected ISO3166-1 "
		"or ISO3166-2)\n"
		"info 3: line 1: geocode \"XX\" is not an ISO 3166 code (expected a country such as "
		"\"GE\" or a subdivision such as \"RU-MOW\")\n"
		"info 3: line 1: the area \"a\" has no polygon, circle or country code that can be read "
		"and concerns nobody\n");
	plan_free(&plan);
	assert_int_equal(plan_new(&plan, alert_of(arena, HEAD ONLY("citzen:RU") AREA(WORLD)), NULL,
				  &e),
			 RC_SYNTAX);
	assert_true(sv_starts(sv_of(e.text), SV("info 1: audience expression: column 1: found")));
	assert_int_equal(plan_new(&plan,
				  alert_of(arena, HEAD ONLY("dual") ONLY("dual") AREA(WORLD)), NULL,
				  &e),
			 RC_SYNTAX);
	assert_string_equal(e.text, "info 1 has 2 parameters \"audience\", expected at most one");
	assert_null(plan);
	buf_fini(&out);
	arena_free(&arena);
}

static void
test_explain(void **state)
{
	struct arena *arena = arena_new();
	struct index *ix = crowd_index(&lea, 0, 1);
	struct buf out = BUF_INIT(KIB * 16);
	struct plan *plan = NULL;
	uint32_t row;

	(void)state;
	assert_int_equal(plan_new(&plan,
				  alert_of(arena, HEAD DAYS ONLY("citizen:RU and in:RU")
							  AREA("<circle>41.7,44.8 50</circle>")),
				  NULL, NULL),
			 RC_OK);
	assert_true(index_find(ix, SV("lea"), &row));
	assert_false(index_find(ix, SV("leo"), &row));
	assert_false(audience_explain(&out, ix, plan, row, EXPR_STATUS_UNREACHED));
	assert_string_equal(
		buf_str(&out),
		"lea: not concerned\n"
		"citizenships FR;RU; languages fr; groups \n"
		"info 1, from 2026-03-01T12:00:00Z until 2026-03-04T12:00:00Z, to citizen:RU and in:RU\n"
		"  stay 1: RU-MOW at 55.75000,37.60000, from 2026-02-16 to 2026-02-18\n"
		"    area: no, the point is in no shape and no geocode names its place\n"
		"    time: no, the stay ends before this part of the alert begins\n"
		"    expression: yes; true here: citizen:RU, in:RU\n"
		"  stay 2: GE, place unknown, from 2026-02-28 without end\n"
		"    area: yes, the place is unknown and a shape meets its country\n"
		"    time: yes\n"
		"    expression: no; true here: citizen:RU; not true here: in:RU\n");
	plan_free(&plan);
	buf_fini(&out);
	index_free(&ix);
	arena_free(&arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alerts),
		cmocka_unit_test(test_random_expressions),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_widened_days),
		cmocka_unit_test(test_same_stay),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_exact_coordinates),
		cmocka_unit_test(test_blocks_and_problems),
		cmocka_unit_test(test_explain),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("audience/resolve", tests, NULL, NULL);
}
