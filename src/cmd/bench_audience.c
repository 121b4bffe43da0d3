/*
 * bench_audience.c — `tocsin bench audience`: how long the question "whom does this
 * alert concern?" takes over N made-up stays.
 *
 * The stays are the same for the same seed: most near large cities, some
 * anywhere, in time round the day on which the alert was sent. What is measured
 * is everything from the parsed alert to persons and counts, the alert's own
 * compilation included; the median of all runs in a second, at least five.
 */
#include "cmd/bench.h"

#include <jansson.h>
#include <math.h>
#include <sys/resource.h>

#include "audience/expr.h"
#include "audience/index.h"
#include "audience/plan.h"
#include "audience/resolve.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/rand.h"
#include "base/time.h"
#include "cap/cap_read.h"

#define RUNS_MIN  5
#define RUNS_MAX  1000
#define RUN_US    1000000
#define STAYS_MAX 200000000LL

static const struct city {
	double lat, lon;
	const char *country;
} cities[] = {
	{55.75, 37.62, "RU"},   {59.94, 30.31, "RU"},   {55.03, 82.92, "RU"},
	{56.84, 60.61, "RU"},   {43.12, 131.89, "RU"},  {52.29, 104.28, "RU"},
	{41.72, 44.83, "GE"},   {40.18, 44.51, "AM"},   {40.41, 49.87, "AZ"},
	{43.24, 76.89, "KZ"},   {41.30, 69.24, "UZ"},   {50.45, 30.52, "UA"},
	{52.23, 21.01, "PL"},   {52.52, 13.40, "DE"},   {48.86, 2.35, "FR"},
	{51.51, -0.13, "GB"},   {40.42, -3.70, "ES"},   {41.90, 12.50, "IT"},
	{41.01, 28.98, "TR"},   {32.09, 34.78, "IL"},   {30.04, 31.24, "EG"},
	{15.50, 32.56, "SD"},   {6.52, 3.38, "NG"},     {-26.20, 28.05, "ZA"},
	{-1.29, 36.82, "KE"},   {25.20, 55.27, "AE"},   {35.69, 51.39, "IR"},
	{34.53, 69.17, "AF"},   {28.61, 77.21, "IN"},   {13.76, 100.50, "TH"},
	{14.60, 120.98, "PH"},  {-6.21, 106.85, "ID"},  {39.90, 116.41, "CN"},
	{35.68, 139.69, "JP"},  {37.57, 126.98, "KR"},  {-33.87, 151.21, "AU"},
	{-18.14, 178.44, "FJ"}, {40.71, -74.01, "US"},  {34.05, -118.24, "US"},
	{19.43, -99.13, "MX"},  {-23.55, -46.63, "BR"}, {-34.60, -58.38, "AR"},
	{45.42, -75.70, "CA"},  {10.49, -66.88, "VE"},
};

#define PICK(r, list) (list)[rand_below((r), ARRAY_LEN(list))]

static void
person_make(struct index_person *p, struct rand *r, struct buf *ref)
{
	static const struct sv citizenships[] = {SV_INIT("DE"),    SV_INIT("FR"), SV_INIT("RU"),
						 SV_INIT("DE;RU"), SV_INIT("US"), SV_INIT("GB"),
						 SV_INIT("AM;RU"), SV_INIT("UA")};
	static const struct sv languages[] = {SV_INIT("de"),    SV_INIT("fr"), SV_INIT("ru"),
					      SV_INIT("de;ru"), SV_INIT("en"), SV_INIT("en;fr")};
	static const struct sv groups[] = {{NULL, 0},           {NULL, 0},
					   {NULL, 0},           SV_INIT("staff"),
					   SV_INIT("students"), SV_INIT("press;staff")};

	p->id++;
	buf_reset(ref);
	buf_addf(ref, "b%lld", (long long)p->id);
	p->ref = buf_sv(ref);
	p->citizenships = PICK(r, citizenships);
	p->languages = PICK(r, languages);
	p->groups = PICK(r, groups);
	p->channels = (uint8_t)(rand_below(r, 4) * 2);
}

static void
stay_make(struct index_stay *s, struct rand *r, int32_t day)
{
	const struct city *c = &cities[rand_below(r, ARRAY_LEN(cities))];
	bool anywhere = rand_below(r, 5) == 0;
	double spread = rand_below(r, 2) ? 1 : 8;

	s->country = sv_of(c->country);
	s->subdivision = SV_NONE;
	s->has_point = rand_below(r, 50) != 0;
	s->point.lat = anywhere ? rand_unit(r) * 140 - 60 : c->lat + (rand_unit(r) - 0.5) * spread;
	s->point.lon = anywhere ? rand_unit(r) * 360 - 180 : c->lon + (rand_unit(r) - 0.5) * spread;
	s->point.lat = nearbyint(s->point.lat * 1e5) / 1e5;
	s->point.lon = nearbyint(remainder(s->point.lon, 360) * 1e5) / 1e5;
	s->from = day - (int32_t)rand_below(r, 90);
	s->to = rand_below(r, 2) ? INDEX_OPEN : s->from + (int32_t)rand_below(r, 120);
}

/* One person in eight has two stays. */
static enum rc
build(struct index **ret, size_t stays, uint64_t seed, int32_t day, struct err *e)
{
	struct index_builder *b = index_builder_new();
	struct index_person p = {.id = 0};
	struct index_stay s;
	struct buf ref = BUF_INIT(64);
	struct rand r;
	size_t i;

	rand_init(&r, seed);
	for (i = 0; i < stays; i++) {
		if (i == 0 || rand_below(&r, 8)) {
			person_make(&p, &r, &ref);
			index_builder_person(b, &p);
		}
		stay_make(&s, &r, day);
		index_builder_stay(b, &s);
	}
	buf_fini(&ref);
	return index_builder_finish(ret, &b, e);
}

static int
us_cmp(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;

	return (a > b) - (a < b);
}

struct result {
	double median_ms;
	struct audience_counts counts;
};

static enum rc
measure(struct result *ret, const struct index *ix, const struct cap_alert *alert,
	const struct plan_options *o, struct err *e)
{
	static int64_t took[RUNS_MAX];
	int64_t begin = time_mono_us(), start;
	size_t n = 0;

	while (n < RUNS_MAX && (n < RUNS_MIN || time_mono_us() - begin < RUN_US)) {
		struct plan *plan = NULL;
		struct audience *a;
		enum rc rc;

		start = time_mono_us();
		rc = plan_new(&plan, alert, o, e);
		if (rc != RC_OK)
			return rc;
		a = audience_resolve(ix, plan, NULL);
		took[n++] = time_mono_us() - start;
		ret->counts = *audience_counts(a);
		audience_free(&a);
		plan_free(&plan);
	}
	qsort(took, n, sizeof(took[0]), us_cmp);
	ret->median_ms = (double)took[n / 2] / 1000;
	return RC_OK;
}

static void
put(const struct result *r, const struct index *ix, size_t stays, double build_ms)
{
	struct rusage used;
	json_t *j;

	(void)getrusage(RUSAGE_SELF, &used);
	j = json_pack("{s:s, s:f, s:s, s:I, s:I, s:f, s:I, s:I, s:I}", "bench", "audience", "value",
		      r->median_ms, "unit", "ms", "n", (json_int_t)stays, "peak_rss_kib",
		      (json_int_t)used.ru_maxrss, "build_ms", build_ms, "index_kib",
		      (json_int_t)(index_bytes(ix) / 1024), "persons",
		      (json_int_t)r->counts.persons, "hits", (json_int_t)r->counts.stays);
	json_dumpf(j, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(j);
}

enum cmd_exit
bench_audience(const struct cmd_args *args, struct err *e)
{
	const char *expr = cmd_value(args, "expr");
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	struct arena *arena = arena_new();
	struct plan_options o = {.expr = NULL};
	const struct cap_alert *alert = NULL;
	const struct cap_findings *findings;
	struct index *ix = NULL;
	struct result result;
	long long stays = 1000000, seed = 1;
	int64_t start;
	double build_ms;
	enum rc rc;

	rc = cmd_count(args) == 2 ? RC_OK
				  : err_set(e, RC_USAGE, "bench audience: expected one ALERT.xml");
	if (rc == RC_OK)
		rc = cmd_number(args, "stays", 1, STAYS_MAX, &stays, e);
	if (rc == RC_OK)
		rc = cmd_number(args, "seed", 0, INT32_MAX, &seed, e);
	if (rc == RC_OK && expr)
		rc = expr_parse(&o.expr, arena, sv_of(expr), e);
	if (rc == RC_OK && (rc = file_read(&text, cmd_arg(args, 1), e)) != RC_OK)
		rc = RC_USAGE; /* the command line names a file that is not there */
	if (rc == RC_OK)
		rc = cap_read(&alert, &findings, arena, buf_sv(&text), e);
	if (rc != RC_OK)
		goto out;
	start = time_mono_us();
	rc = build(&ix, (size_t)stays, (uint64_t)seed,
		   alert->sent.ok ? time_utc_day(alert->sent.at.utc) : 0, e);
	build_ms = (double)(time_mono_us() - start) / 1000;
	if (rc == RC_OK)
		rc = measure(&result, ix, alert, &o, e);
	if (rc == RC_OK)
		put(&result, ix, (size_t)stays, build_ms);
out:
	index_free(&ix);
	arena_free(&arena);
	buf_fini(&text);
	return rc == RC_OK ? EXIT_YES : cmd_exit_of(rc);
}
