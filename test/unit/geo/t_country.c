/*
 * t_country.c — codes, and the country of places that an atlas would show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "geo/country.h"

static const char *
code_or_dash(uint16_t country)
{
	return country == COUNTRY_NONE ? "-" : country_code(country);
}

static void
codes(void **state)
{
	static const struct {
		struct sv code;
		const char *want;
	} cases[] = {
		{SV_INIT("RU"), "RU"},      {SV_INIT("ru"), "RU"},  {SV_INIT("Rus"), "RU"},
		{SV_INIT("643"), "RU"},     {SV_INIT("004"), "AF"}, {SV_INIT("AD"), "AD"},
		{SV_INIT("ZW"), "ZW"},      {SV_INIT("XK"), "XK"},  {SV_INIT("xkx"), "XK"},
		{SV_INIT("RE"), "RE"},      {SV_INIT(""), "-"},     {SV_INIT("R"), "-"},
		{SV_INIT("XX"), "-"},       {SV_INIT("000"), "-"},  {SV_INIT("999"), "-"},
		{SV_INIT("RUSS"), "-"},     {SV_INIT("R\0"), "-"},  {SV_INIT("+04"), "-"},
		{SV_INIT("\xc3\xa9"), "-"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(code_or_dash(country_by_code(cases[i].code)), cases[i].want);
	assert_string_equal(country_name(country_by_code(SV("GE"))), "Georgia");
	assert_in_range(country_count(), 249, 300); /* ISO 3166-1 has 249; and Kosovo */
	for (i = 0; i < country_count(); i++)
		assert_int_equal(country_by_code(sv_of(country_code((uint16_t)i))), i);
}

static void
subdivisions(void **state)
{
	static const struct {
		struct sv code;
		bool known;
		const char *country;
	} cases[] = {
		{SV_INIT("RU-MOW"), true, "RU"}, {SV_INIT("US-CA"), true, "US"},
		{SV_INIT("GE-TB"), true, "GE"},  {SV_INIT("FR-IDF"), true, "FR"},
		{SV_INIT("ru-mow"), false, "-"}, {SV_INIT("RU-XXX"), false, "-"},
		{SV_INIT("RU-"), false, "-"},    {SV_INIT("RU"), false, "RU"},
		{SV_INIT("ge"), false, "GE"},    {SV_INIT("RUS"), false, "-"},
		{SV_INIT(""), false, "-"},       {SV_INIT("ZZ-ZZZ"), false, "-"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(subdivision_known(cases[i].code), cases[i].known);
		assert_string_equal(code_or_dash(place_country(cases[i].code)), cases[i].country);
	}
}

static const struct place {
	const char *name;
	struct geo_point p;
	const char *want;
} places[] = {
	{"Moscow", {55.7558, 37.6173}, "RU"},
	{"Kaliningrad", {54.7104, 20.4522}, "RU"},
	{"Vladivostok", {43.1332, 131.9113}, "RU"},
	{"Anadyr", {64.7337, 177.4968}, "RU"},
	{"Chukotka, east of 180", {66.5, -175}, "RU"},
	{"Uelen", {66.1594, -169.8092}, "RU"},
	{"Chukotka, on 180", {67, 180}, "RU"},
	{"Chukotka, on -180", {67, -180}, "RU"},
	{"Wrangel Island, on 180", {71.2, -180}, "RU"},
	{"Nome", {64.5011, -165.4064}, "US"},
	{"Honolulu", {21.3099, -157.8581}, "US"},
	{"Attu", {52.9, 172.9}, "US"},
	{"Tbilisi", {41.7151, 44.8271}, "GE"},
	{"Yerevan", {40.1872, 44.5152}, "AM"},
	{"Baku", {40.4093, 49.8671}, "AZ"},
	{"Nakhchivan", {39.2089, 45.4122}, "AZ"},
	{"Maseru", {-29.3142, 27.4833}, "LS"},
	{"Bloemfontein", {-29.0852, 26.1596}, "ZA"},
	{"Mbabane", {-26.3054, 31.1367}, "SZ"},
	{"St Peter's", {41.9022, 12.4533}, "VA"},
	{"Rome", {41.8902, 12.4922}, "IT"},
	{"San Marino", {43.9424, 12.4578}, "SM"},
	{"Monaco", {43.7384, 7.4246}, "MC"},
	{"Vaduz", {47.1410, 9.5209}, "LI"},
	{"Andorra la Vella", {42.5063, 1.5218}, "AD"},
	{"Ceuta", {35.8894, -5.3213}, "ES"},
	{"Melilla", {35.2923, -2.9381}, "ES"},
	{"Tetouan", {35.5785, -5.3684}, "MA"},
	{"Gibraltar", {36.1408, -5.3536}, "GI"},
	{"Las Palmas", {28.1235, -15.4363}, "ES"},
	{"Suva", {-18.1248, 178.4501}, "FJ"},
	{"Taveuni, on 180", {-16.85, 180}, "FJ"},
	{"Taveuni, on -180", {-16.85, -180}, "FJ"},
	{"Rabi", {-16.5, -179.98}, "FJ"},
	{"Cayenne", {4.9224, -52.3135}, "GF"},
	{"Saint-Denis", {-20.8823, 55.4504}, "RE"},
	{"Fort-de-France", {14.6161, -61.0588}, "MQ"},
	{"Pointe-a-Pitre", {16.2411, -61.5331}, "GP"},
	{"Mamoudzou", {-12.7806, 45.2278}, "YT"},
	{"Kralendijk", {12.1443, -68.2655}, "BQ"},
	{"Longyearbyen", {78.2232, 15.6267}, "SJ"},
	{"Oslo", {59.9139, 10.7522}, "NO"},
	{"Paris", {48.8566, 2.3522}, "FR"},
	{"Ajaccio", {41.9192, 8.7386}, "FR"},
	{"London", {51.5074, -0.1278}, "GB"},
	{"Tokyo", {35.6762, 139.6503}, "JP"},
	{"Naha", {26.2124, 127.6809}, "JP"},
	{"Singapore", {1.3521, 103.8198}, "SG"},
	{"Johor Bahru", {1.4927, 103.7414}, "MY"},
	{"Bandar Seri Begawan", {4.9031, 114.9398}, "BN"},
	{"Dili", {-8.5569, 125.5603}, "TL"},
	{"Oecusse", {-9.3, 124.3}, "TL"},
	{"Cabinda", {-5.5569, 12.19}, "AO"},
	{"Banjul", {13.4549, -16.579}, "GM"},
	{"Pristina", {42.6629, 21.1655}, "XK"},
	{"Belgrade", {44.7866, 20.4489}, "RS"},
	{"Hargeisa", {9.56, 44.065}, "SO"},
	{"Mogadishu", {2.0469, 45.3182}, "SO"},
	{"Kyrenia", {35.3364, 33.3182}, "CY"},
	{"Limassol", {34.6786, 33.0413}, "CY"},
	{"Baikonur", {45.63, 63.32}, "KZ"},
	{"Jerusalem, west", {31.78, 35.2}, "IL"},
	{"Ramallah", {31.9038, 35.2034}, "PS"},
	{"Gaza", {31.5017, 34.4668}, "PS"},
	{"Taipei", {25.033, 121.5654}, "TW"},
	{"Hong Kong", {22.3193, 114.1694}, "HK"},
	{"Macao", {22.1987, 113.5439}, "MO"},
	{"Reykjavik", {64.1466, -21.9426}, "IS"},
	{"Apia", {-13.8333, -171.7667}, "WS"},
	{"Nuku'alofa", {-21.1394, -175.2018}, "TO"},
	{"Male", {4.1755, 73.5093}, "MV"},
	{"Funafuti", {-8.5211, 179.1983}, "TV"},
	{"Port Stanley", {-51.6977, -57.8517}, "FK"},
	{"Ushuaia", {-54.8019, -68.3030}, "AR"},
	{"the South Pole", {-90, 12}, "AQ"},
	{"McMurdo", {-77.8419, 166.6863}, "AQ"},
	{"Antarctica on 180", {-86, 180}, "AQ"},
	{"Antarctica on -180", {-86, -180}, "AQ"},

	/* off the coast: the nearest land within 10 km */
	{"4 km off Barcelona", {41.36, 2.23}, "ES"},
	{"5 km off Santa Monica", {33.98, -118.54}, "US"},
	{"6 km off Mumbai", {18.92, 72.75}, "IN"},
	{"west of Cabo da Roca", {38.78, -9.58}, "PT"},
	{"between Rabi and Kioa", {-16.6, 179.97}, "FJ"},

	/* no land near */
	{"Atlantic", {0, -30}, "-"},
	{"Pacific", {0, -150}, "-"},
	{"on 180", {30, 180}, "-"},
	{"on -180", {30, -180}, "-"},
	{"the North Pole", {90, 0}, "-"},
	{"30 km off Lisbon", {38.7, -9.85}, "-"},
	{"Southern Ocean", {-60, 100}, "-"},
	{"Point Nemo", {-48.8767, -123.3933}, "-"},
};

static void
places_table(void **state)
{
	int wrong = 0;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(places); i++) {
		const char *got = code_or_dash(country_at(places[i].p));

		if (strcmp(got, places[i].want) == 0)
			continue;
		print_message("# %s: %s, expected %s\n", places[i].name, got, places[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* Every code has a shape: what the atlas calls otherwise is mapped in assets/geo. */
static void
every_shape(void **state)
{
	size_t c, n, r, i;

	(void)state;
	for (c = 0; c < country_count(); c++) {
		const struct geo_ring *rings = country_rings((uint16_t)c, &n);

		assert_int_equal(country_has_shape((uint16_t)c), n > 0);
		if (n == 0)
			fail_msg("%s has no shape", country_code((uint16_t)c));
		for (r = 0; r < n; r++) {
			const struct geo_point *p = rings[r].points;

			assert_true(p[0].lat == p[rings[r].n - 1].lat);
			assert_true(p[0].lon == p[rings[r].n - 1].lon);
			for (i = 0; i < rings[r].n; i++)
				assert_true(geo_point_ok(p[i]));
		}
	}
}

/* The box holds every point of the shape, and no side of it is a whole degree too far. */
static void
boxes_fit(void **state)
{
	uint16_t c;

	(void)state;
	for (c = 0; c < country_count(); c++) {
		struct geo_box box, own = {90, 180, -90, -180};
		size_t n = 0, r, i;
		const struct geo_ring *rings = country_has_shape(c) ? country_rings(c, &n) : NULL;

		assert_int_equal(country_box(c, &box), n > 0);
		for (r = 0; r < n; r++)
			for (i = 0; i < rings[r].n; i++) {
				own.south = fmin(own.south, rings[r].points[i].lat);
				own.north = fmax(own.north, rings[r].points[i].lat);
				own.west = fmin(own.west, rings[r].points[i].lon);
				own.east = fmax(own.east, rings[r].points[i].lon);
			}
		if (n > 0 &&
		    (box.south > own.south || box.south <= own.south - 1 || box.west > own.west ||
		     box.west <= own.west - 1 || box.north < own.north ||
		     box.north >= own.north + 1 || box.east < own.east || box.east >= own.east + 1))
			fail_msg("%s: %g,%g to %g,%g for %g,%g to %g,%g", country_code(c),
				 box.south, box.west, box.north, box.east, own.south, own.west,
				 own.north, own.east);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes),        cmocka_unit_test(subdivisions),
		cmocka_unit_test(places_table), cmocka_unit_test(every_shape),
		cmocka_unit_test(boxes_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
