/*
 * f_polygon.c — any bytes as a polygon and as a circle: each point that is read
 * is what the C library reads at the same place, the ring is closed and in range.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "cap/cap_values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
same(double a, double b)
{
	return !(a < b) && !(a > b);
}

static bool
in_range(struct geo_point p)
{
	return p.lat >= -90 && p.lat <= 90 && p.lon >= -180 && p.lon <= 180;
}

/* The point at *at, which moves behind it. */
static struct geo_point
read_point(char **at)
{
	struct geo_point p;
	char *end;

	p.lat = strtod(*at, &end);
	BUG_ON(end == *at || *end != ',');
	*at = end + 1;
	p.lon = strtod(*at, &end);
	BUG_ON(end == *at);
	*at = end;
	return p;
}

static void
check_polygon(struct arena *a, struct sv v, char *text)
{
	struct geo_point p;
	struct geo_ring ring;
	struct err e = ERR_INIT;
	size_t i;
	enum rc rc = cap_parse_polygon(&ring, a, v, LIMIT_CAP_POINTS, &e);

	BUG_ON(rc != RC_OK && e.text[0] == '\0');
	if (rc != RC_OK)
		return;
	BUG_ON(ring.n < 4);
	for (i = 0; i < ring.n; i++) {
		p = read_point(&text);
		BUG_ON(!same(p.lat, ring.points[i].lat) || !same(p.lon, ring.points[i].lon));
		BUG_ON(!in_range(p));
	}
	BUG_ON(text[strspn(text, " \t\r\n")] != '\0');
	BUG_ON(!same(ring.points[0].lat, ring.points[ring.n - 1].lat));
	BUG_ON(!same(ring.points[0].lon, ring.points[ring.n - 1].lon));
}

static void
check_circle(struct sv v, char *text)
{
	struct geo_circle c;
	struct geo_point p;
	struct err e = ERR_INIT;
	enum rc rc = cap_parse_circle(&c, v, &e);

	BUG_ON(rc != RC_OK && e.text[0] == '\0');
	if (rc != RC_OK)
		return;
	p = read_point(&text);
	BUG_ON(!same(p.lat, c.centre.lat) || !same(p.lon, c.centre.lon) || !in_range(p));
	BUG_ON(!same(strtod(text, NULL), c.radius_km) || c.radius_km < 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *text = malloc(size + 1);

	BUG_ON(text == NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	check_polygon(a, (struct sv){(const char *)data, size}, text);
	check_circle((struct sv){(const char *)data, size}, text);
	free(text);
	arena_free(&a);
	return 0;
}
