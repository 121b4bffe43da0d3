/*
 * country.c — codes and names, looked up in the table of the build.
 */
#include "geo/country.h"

#include "base/err.h"
#include "geo/country_table.h"

size_t
country_count(void)
{
	return country_rows_n;
}

/* Upper case into up[4], NUL-terminated; false when it cannot be a code. */
static bool
code_upper(struct sv code, char up[4])
{
	size_t i;

	if (code.n < 2 || code.n > 3)
		return false;
	for (i = 0; i < code.n; i++) {
		char c = code.p[i];

		up[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		if (up[i] == '\0')
			return false;
	}
	up[i] = '\0';
	return true;
}

static uint16_t
by_alpha2(const char *code)
{
	size_t low = 0, high = country_rows_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int cmp = strcmp(code, country_rows[mid].alpha2);

		if (cmp == 0)
			return (uint16_t)mid;
		if (cmp < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return COUNTRY_NONE;
}

uint16_t
country_by_code(struct sv code)
{
	uint64_t numeric = 0;
	char up[4];
	size_t i;

	if (!code_upper(code, up))
		return COUNTRY_NONE;
	if (code.n == 2)
		return by_alpha2(up);
	if (!sv_to_u64(code, &numeric))
		numeric = 0;
	for (i = 0; i < country_rows_n; i++)
		if (strcmp(up, country_rows[i].alpha3) == 0 ||
		    (numeric != 0 && numeric == country_rows[i].numeric))
			return (uint16_t)i;
	return COUNTRY_NONE;
}

const char *
country_code(uint16_t country)
{
	BUG_ON(country >= country_rows_n);
	return country_rows[country].alpha2;
}

const char *
country_name(uint16_t country)
{
	BUG_ON(country >= country_rows_n);
	return country_rows[country].name;
}

bool
country_box(uint16_t country, struct geo_box *ret)
{
	const signed short *b;

	BUG_ON(country >= country_rows_n);
	b = country_boxes[country];
	if (b[0] > b[2])
		return false;
	*ret = (struct geo_box){b[0], b[1], b[2], b[3]};
	return true;
}

bool
subdivision_known(struct sv code)
{
	size_t low = 0, high = country_subdivisions_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int cmp = sv_cmp(code, sv_of(country_subdivisions[mid]));

		if (cmp == 0)
			return true;
		if (cmp < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

uint16_t
place_country(struct sv code)
{
	if (code.n == 2)
		return country_by_code(code);
	return subdivision_known(code) ? country_by_code(sv_head(code, 2)) : COUNTRY_NONE;
}
