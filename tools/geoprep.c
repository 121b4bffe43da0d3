/*
 * geoprep — make the table of countries that the program embeds.
 *
 *   geoprep OUT.c ATLAS.json ISO_3166-1.json ISO_3166-2.json SHAPES.txt
 *
 * Codes and names come from Debian's iso-codes, shapes from world-atlas; the
 * form of the result is told in src/geo/country_table.h. This half does the
 * codes and the rules of SHAPES.txt (assets/geo/shapes.txt).
 */
#include "geoprep.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct row {
	char alpha2[3];
	char alpha3[4];
	int numeric;
	char name[128];
};

/* A line of SHAPES.txt. */
struct rule {
	char shape[64];
	int country; /* -1: nobody */
	int part;    /* only polygons in the box */
	double south, west, north, east;
	int used;
};

/* A line of SHAPES.txt that draws a shape anew. */
struct outline {
	char shape[64];
	double at[64]; /* lat, lon, lat, lon … */
	int n;         /* numbers */
};

static struct outline outlines[8];
static int outlines_n;
static struct row rows[400];
static int rows_n;
static struct rule rules[200];
static int rules_n;

void
prep_die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "geoprep: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	exit(1);
}

json_t *
prep_load(const char *path)
{
	json_error_t e;
	json_t *j = json_load_file(path, 0, &e);

	if (j == NULL)
		prep_die("%s, line %d: %s", path, e.line, e.text);
	return j;
}

void *
prep_grow(void *p, size_t n, size_t size)
{
	p = realloc(p, (n > 0 ? n : 1) * size);
	if (p == NULL)
		prep_die("out of memory");
	return p;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	if (s == NULL)
		prep_die("an entry has no \"%s\"", key);
	return s;
}

static void
row_add(const char *alpha2, const char *alpha3, int numeric, const char *name)
{
	struct row *r = &rows[rows_n];

	if ((size_t)rows_n == sizeof(rows) / sizeof(rows[0]))
		prep_die("more than %d countries", rows_n);
	if (strlen(alpha2) != 2 || strlen(alpha3) != 3 || strlen(name) >= sizeof(r->name))
		prep_die("the entry \"%s\" is not of the expected form", alpha2);
	snprintf(r->alpha2, sizeof(r->alpha2), "%s", alpha2);
	snprintf(r->alpha3, sizeof(r->alpha3), "%s", alpha3);
	snprintf(r->name, sizeof(r->name), "%s", name);
	r->numeric = numeric;
	rows_n++;
}

static int
row_compare(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->alpha2, ((const struct row *)b)->alpha2);
}

static void
read_countries(const char *path)
{
	json_t *file = prep_load(path);
	json_t *list = json_object_get(file, "3166-1");
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *common = json_string_value(json_object_get(one, "common_name"));

		row_add(text_of(one, "alpha_2"), text_of(one, "alpha_3"),
			(int)strtol(text_of(one, "numeric"), NULL, 10),
			common != NULL ? common : text_of(one, "name"));
	}
	/* User-assigned in ISO 3166-1, but what the European Union and others write. */
	row_add("XK", "XKX", 0, "Kosovo");
	qsort(rows, (size_t)rows_n, sizeof(rows[0]), row_compare);
	json_decref(file);
}

int
prep_countries(void)
{
	return rows_n;
}

int
prep_country(const char *code)
{
	int i;

	for (i = 0; i < rows_n; i++) {
		char digits[12];

		snprintf(digits, sizeof(digits), "%03d", rows[i].numeric);
		if (strcmp(code, rows[i].alpha2) == 0 || strcmp(code, digits) == 0)
			return i;
	}
	return -1;
}

/* "ring NAME = LAT LON LAT LON …" */
static int
read_outline(const char *line)
{
	struct outline *o = &outlines[outlines_n];
	const char *at = strchr(line, '=');
	char *end;

	if (at == NULL || sscanf(line, "ring %63[^=]", o->shape) != 1 ||
	    (size_t)outlines_n + 1 == sizeof(outlines) / sizeof(outlines[0]))
		return -1;
	o->shape[strlen(o->shape) - 1] = '\0';
	for (at++; o->n < 64; at = end) {
		o->at[o->n] = strtod(at, &end);
		if (end == at)
			break;
		o->n++;
	}
	outlines_n++;
	return o->n >= 6 && o->n % 2 == 0 && at[0] == '\n' ? 0 : -1;
}

const double *
prep_outline(const char *name, int *ret_n)
{
	int i;

	for (i = 0; i < outlines_n; i++)
		if (strcmp(outlines[i].shape, name) == 0) {
			*ret_n = outlines[i].n;
			return outlines[i].at;
		}
	return NULL;
}

static void
read_rules(const char *path)
{
	FILE *in = fopen(path, "r");
	char line[256];
	int number = 0;

	if (in == NULL)
		prep_die("cannot open %s", path);
	while (fgets(line, sizeof(line), in) != NULL) {
		struct rule *r = &rules[rules_n];
		char kind[8], code[4];
		int got;

		number++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (strncmp(line, "ring ", 5) == 0) {
			if (read_outline(line) != 0)
				prep_die("%s, line %d: expected \"ring NAME = LAT LON LAT LON "
					 "LAT LON ...\"",
					 path, number);
			continue;
		}
		memset(r, 0, sizeof(*r));
		got = sscanf(line, "%7s %63[^=] = %3s %lf %lf %lf %lf", kind, r->shape, code,
			     &r->south, &r->west, &r->north, &r->east);
		r->part = got == 7;
		if ((got != 3 && got != 7) || strcmp(kind, r->part ? "part" : "shape") != 0)
			prep_die("%s, line %d: expected \"shape NAME = CODE\" or "
				 "\"part NAME = CODE S W N E\"",
				 path, number);
		r->shape[strlen(r->shape) - 1] = '\0'; /* the blank before '=' */
		r->country = strcmp(code, "-") == 0 ? -1 : prep_country(code);
		if (r->country < 0 && code[0] != '-')
			prep_die("%s, line %d: \"%s\" is not a country", path, number, code);
		if ((size_t)++rules_n == sizeof(rules) / sizeof(rules[0]))
			prep_die("%s, line %d: too many rules", path, number);
	}
	fclose(in);
}

int
prep_owner(const char *name, const char *id, double lat, double lon)
{
	const struct rule *whole = NULL;
	int country;
	int i;

	for (i = 0; i < rules_n; i++) {
		struct rule *r = &rules[i];

		if (strcmp(r->shape, name) != 0)
			continue;
		if (!r->part)
			whole = r;
		else if (lat < r->south || lat > r->north || lon < r->west || lon > r->east)
			continue;
		r->used = 1;
		if (r->part)
			return r->country;
	}
	if (whole != NULL)
		return whole->country;
	country = id != NULL ? prep_country(id) : -1;
	if (country < 0)
		prep_die("the shape \"%s\" (id %s) is no ISO 3166-1 country and has no rule", name,
			 id != NULL ? id : "none");
	return country;
}

static void
write_codes(FILE *out)
{
	int i;

	fprintf(out, "const struct country_row country_rows[] = {\n");
	for (i = 0; i < rows_n; i++)
		fprintf(out, "\t{\"%s\", \"%s\", %d, \"%s\"},\n", rows[i].alpha2, rows[i].alpha3,
			rows[i].numeric, rows[i].name);
	fprintf(out, "};\nconst size_t country_rows_n = %d;\n\n", rows_n);
}

static int
text_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
write_subdivisions(const char *path, FILE *out)
{
	json_t *file = prep_load(path);
	json_t *list = json_object_get(file, "3166-2");
	size_t n = json_array_size(list);
	const char **codes = prep_grow(NULL, n, sizeof(*codes));
	size_t i;

	for (i = 0; i < n; i++) {
		codes[i] = text_of(json_array_get(list, i), "code");
		if (strlen(codes[i]) > 6 || codes[i][2] != '-')
			prep_die("%s: \"%s\" is not a subdivision code", path, codes[i]);
	}
	qsort(codes, n, sizeof(*codes), text_compare);
	fprintf(out, "const char country_subdivisions[][7] = {\n");
	for (i = 0; i < n; i++)
		fprintf(out, "\t\"%s\",\n", codes[i]);
	fprintf(out, "};\nconst size_t country_subdivisions_n = %zu;\n\n", n);
	free(codes);
	json_decref(file);
}

int
main(int argc, char **argv)
{
	FILE *out;
	int i;

	if (argc != 6) {
		fprintf(stderr, "usage: geoprep OUT.c ATLAS.json ISO1.json ISO2.json SHAPES.txt\n");
		return 2;
	}
	out = fopen(argv[1], "w");
	if (out == NULL)
		prep_die("cannot write %s", argv[1]);
	read_countries(argv[3]);
	read_rules(argv[5]);
	fprintf(out, "#include \"geo/country_table.h\"\n\n");
	write_codes(out);
	write_subdivisions(argv[4], out);
	prep_shapes(argv[2], out);
	for (i = 0; i < rules_n; i++)
		if (!rules[i].used)
			prep_die("%s: no polygon of \"%s\" falls under its rule", argv[5],
				 rules[i].shape);
	return fclose(out) == 0 ? 0 : 1;
}
