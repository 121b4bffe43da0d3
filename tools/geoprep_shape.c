/*
 * geoprep_shape.c — the half of geoprep that turns the topology into tables.
 *
 * The atlas is sewn together at the antimeridian: Chukotka is one piece and
 * Antarctica a line around the pole. Here every arc is cut where it jumps from
 * one side to the other, the loose ends of a polygon are joined along the
 * antimeridian, neighbour by neighbour from south to north, and an odd end is
 * joined to its twin by way of the south pole. So every ring that is written
 * lies within [-180, 180] and is closed without a jump.
 */
#include "geoprep.h"

#include <stdlib.h>

#define POLE_ENDS 256

struct xy {
	int x, y;
};

/* An arc without a jump. */
struct arc {
	struct xy *points;
	int n;
};

/* Arcs, one behind the other; backwards is ~number. */
struct list {
	int *arc;
	int n;
};

static struct arc *arcs;
static int arcs_n;
static int *first_piece; /* of each arc of the atlas; one more at the end */
static int max_x;
static double lat_step, lat_base, lon_step;

static struct list *lists_of; /* per country: n, arcs, n, arcs … */
static int *rings_of;         /* per country */
static size_t points_n, rings_n;

static void
arc_add_point(struct arc *a, struct xy p)
{
	a->points = prep_grow(a->points, (size_t)a->n + 1, sizeof(*a->points));
	a->points[a->n++] = p;
}

static struct arc *
arc_new(void)
{
	arcs = prep_grow(arcs, (size_t)arcs_n + 1, sizeof(*arcs));
	arcs[arcs_n] = (struct arc){NULL, 0};
	return &arcs[arcs_n++];
}

static struct xy
other_side(struct xy p)
{
	p.x = p.x == 0 ? max_x : 0;
	return p;
}

static int
on_seam(struct xy p)
{
	return p.x == 0 || p.x == max_x;
}

/* One arc of the atlas, delta-coded, as pieces without a jump. */
static void
arc_read(const json_t *points)
{
	struct arc *a = arc_new();
	struct xy at = {0, 0};
	json_t *one;
	size_t i;

	json_array_foreach(points, i, one)
	{
		struct xy last = at;

		at.x += (int)json_integer_value(json_array_get(one, 0));
		at.y += (int)json_integer_value(json_array_get(one, 1));
		if (i > 0 && abs(at.x - last.x) > max_x / 2) {
			if (on_seam(last)) {
				a = arc_new();
				arc_add_point(a, other_side(last));
			} else if (on_seam(at)) {
				arc_add_point(a, other_side(at));
				a = arc_new();
			} else {
				prep_die("an arc crosses the antimeridian between its points");
			}
		}
		arc_add_point(a, at);
	}
}

static void
arcs_read(const json_t *all)
{
	size_t n = json_array_size(all);
	size_t i;

	first_piece = prep_grow(NULL, n + 1, sizeof(*first_piece));
	for (i = 0; i < n; i++) {
		first_piece[i] = arcs_n;
		arc_read(json_array_get(all, i));
	}
	first_piece[n] = arcs_n;
}

static struct xy
arc_end(int arc, int last)
{
	const struct arc *a = &arcs[arc < 0 ? ~arc : arc];

	return a->points[(arc < 0) != last ? a->n - 1 : 0];
}

static int
same(struct xy a, struct xy b)
{
	return a.x == b.x && a.y == b.y;
}

static void
list_add(struct list *l, int value)
{
	l->arc = prep_grow(l->arc, (size_t)l->n + 1, sizeof(*l->arc));
	l->arc[l->n++] = value;
}

/* Arcs that begin and end on the antimeridian, of one polygon. */
struct strand {
	struct list arcs;
	int taken;
};

struct strands {
	struct strand *one;
	int n;
};

/* The box of a country in steps of the grid: what holds all its points. */
static struct box {
	struct xy low, high;
	int any;
} * boxes_of;

static void
box_add(struct box *b, struct xy p)
{
	if (!b->any || p.x < b->low.x)
		b->low.x = p.x;
	if (!b->any || p.y < b->low.y)
		b->low.y = p.y;
	if (!b->any || p.x > b->high.x)
		b->high.x = p.x;
	if (!b->any || p.y > b->high.y)
		b->high.y = p.y;
	b->any = 1;
}

static void
ring_emit(int country, const struct list *ring)
{
	int i, k;

	list_add(&lists_of[country], ring->n);
	for (i = 0; i < ring->n; i++) {
		int arc = ring->arc[i];

		list_add(&lists_of[country], arc);
		points_n += (size_t)arcs[arc < 0 ? ~arc : arc].n - (i > 0);
		for (k = 0; k < (int)arcs[arc < 0 ? ~arc : arc].n; k++)
			box_add(&boxes_of[country], arcs[arc < 0 ? ~arc : arc].points[k]);
	}
	rings_of[country]++;
	rings_n++;
}

static int
strand_closed(const struct list *l)
{
	return same(arc_end(l->arc[0], 0), arc_end(l->arc[l->n - 1], 1));
}

/* Cut a ring into strands; a ring without a cut is written at once. */
static void
ring_cut(int country, const json_t *ring, struct strands *loose)
{
	struct list whole = {NULL, 0};
	json_t *one;
	size_t i;
	int start = -1;
	int k;

	json_array_foreach(ring, i, one)
	{
		int arc = (int)json_integer_value(one);
		int plain = arc < 0 ? ~arc : arc;
		int from = first_piece[plain], to = first_piece[plain + 1];

		for (k = from; k < to; k++)
			list_add(&whole, arc < 0 ? ~(to - 1 - (k - from)) : k);
	}
	for (k = 0; k < whole.n && start < 0; k++)
		if (!same(arc_end(whole.arc[k], 1), arc_end(whole.arc[(k + 1) % whole.n], 0)))
			start = (k + 1) % whole.n;
	if (start < 0) {
		ring_emit(country, &whole);
		free(whole.arc);
		return;
	}
	for (k = 0; k < whole.n; k++) {
		int arc = whole.arc[(start + k) % whole.n];
		int before = whole.arc[(start + k + whole.n - 1) % whole.n];

		if (k == 0 || !same(arc_end(before, 1), arc_end(arc, 0))) {
			loose->one =
				prep_grow(loose->one, (size_t)loose->n + 1, sizeof(*loose->one));
			loose->one[loose->n++] = (struct strand){{NULL, 0}, 0};
		}
		list_add(&loose->one[loose->n - 1].arcs, arc);
	}
	free(whole.arc);
}

static int
xy_compare(const void *a, const void *b)
{
	const struct xy *p = a, *q = b;

	return p->x != q->x ? p->x - q->x : p->y - q->y;
}

/* Where a loose end goes on: the neighbour it is paired with on its side; through the
 * south pole when it has none. ret_via: points in between. */
static struct xy
end_partner(const struct xy *ends, int n, struct xy end, struct list *ret_via)
{
	int first = 0, count = 0;
	int i, odd;

	for (i = 0; i < n; i++) {
		if (ends[i].x != end.x)
			continue;
		if (count++ == 0)
			first = i;
	}
	odd = count % 2;
	for (i = first; i < first + count; i++)
		if (same(ends[i], end))
			break;
	ret_via->n = 0;
	if (odd && i == first) {
		struct xy twin = {0, 0};
		int k;

		for (k = n - 1; k >= 0; k--)
			if (ends[k].x != end.x)
				twin = ends[k]; /* the southernmost of the other side */
		list_add(ret_via, end.x);
		list_add(ret_via, twin.x);
		return twin;
	}
	return ends[(i - first - odd) % 2 == 0 ? i + 1 : i - 1];
}

/* An arc of its own from a loose end to where the ring goes on. */
static int
connector(struct xy from, struct xy to, const struct list *via)
{
	const int pole = (int)((-90 - lat_base) / lat_step) - 1;
	struct arc *a = arc_new();
	int i;

	arc_add_point(a, from);
	for (i = 0; i < via->n; i++)
		arc_add_point(a, (struct xy){via->arc[i], pole});
	arc_add_point(a, to);
	return arcs_n - 1;
}

static struct strand *
strand_at(struct strands *loose, struct xy start)
{
	int i;

	for (i = 0; i < loose->n; i++)
		if (same(arc_end(loose->one[i].arcs.arc[0], 0), start))
			return &loose->one[i];
	prep_die("a loose end at the antimeridian has no partner");
}

static void
strands_join(int country, struct strands *loose)
{
	struct xy ends[POLE_ENDS];
	struct list via = {NULL, 0};
	int n = 0;
	int i;

	for (i = 0; i < loose->n; i++) {
		const struct list *l = &loose->one[i].arcs;

		if (n + 2 > POLE_ENDS)
			prep_die("a polygon crosses the antimeridian too often");
		if (strand_closed(l)) {
			loose->one[i].taken = 1;
			ring_emit(country, l);
			continue;
		}
		ends[n++] = arc_end(l->arc[0], 0);
		ends[n++] = arc_end(l->arc[l->n - 1], 1);
	}
	qsort(ends, (size_t)n, sizeof(ends[0]), xy_compare);
	for (i = 0; i < loose->n; i++) {
		struct list ring = {NULL, 0};
		struct strand *s = &loose->one[i];

		if (s->taken)
			continue;
		while (!s->taken) {
			struct xy from, to;
			int k;

			s->taken = 1;
			for (k = 0; k < s->arcs.n; k++)
				list_add(&ring, s->arcs.arc[k]);
			from = arc_end(s->arcs.arc[s->arcs.n - 1], 1);
			to = end_partner(ends, n, from, &via);
			list_add(&ring, connector(from, to, &via));
			s = strand_at(loose, to);
		}
		ring_emit(country, &ring);
		free(ring.arc);
	}
	free(via.arc);
}

static void
polygon_read(const json_t *rings, const char *name, const char *id)
{
	struct strands loose = {NULL, 0};
	int arc = (int)json_integer_value(json_array_get(json_array_get(rings, 0), 0));
	struct xy p = arc_end(arc < 0 ? ~first_piece[~arc] : first_piece[arc], 0);
	int country = prep_owner(name, id, p.y * lat_step + lat_base, p.x * lon_step - 180);
	json_t *ring;
	size_t i;

	if (country < 0)
		return;
	json_array_foreach(rings, i, ring) ring_cut(country, ring, &loose);
	strands_join(country, &loose);
	for (i = 0; i < (size_t)loose.n; i++)
		free(loose.one[i].arcs.arc);
	free(loose.one);
}

/* Draw a shape of one ring anew. Its arc is shared with the hole around it, which follows. */
static void
shape_redraw(const json_t *shape)
{
	const char *name =
		json_string_value(json_object_get(json_object_get(shape, "properties"), "name"));
	const json_t *ring = json_array_get(json_object_get(shape, "arcs"), 0);
	int n = 0;
	const double *at = name != NULL ? prep_outline(name, &n) : NULL;
	struct arc *a;
	int arc, i;

	if (at == NULL)
		return;
	arc = (int)json_integer_value(json_array_get(ring, 0));
	if (json_array_size(ring) != 1)
		prep_die("the shape \"%s\" is not one ring of one arc", name);
	a = &arcs[first_piece[arc < 0 ? ~arc : arc]];
	a->n = 0;
	for (i = 0; i < n; i += 2) {
		struct xy p;

		p.x = (int)((at[i + 1] + 180) / lon_step + 0.5);
		p.y = (int)((at[i] - lat_base) / lat_step + 0.5);
		arc_add_point(a, p);
	}
	arc_add_point(a, a->points[0]);
}

static void
shape_read(const json_t *shape)
{
	const char *name =
		json_string_value(json_object_get(json_object_get(shape, "properties"), "name"));
	const char *type = json_string_value(json_object_get(shape, "type"));
	const char *id = json_string_value(json_object_get(shape, "id"));
	const json_t *parts = json_object_get(shape, "arcs");
	json_t *one;
	size_t i;

	if (name == NULL || type == NULL || parts == NULL)
		prep_die("a shape has no name, type or arcs");
	if (type[0] == 'P') {
		polygon_read(parts, name, id);
		return;
	}
	json_array_foreach(parts, i, one) polygon_read(one, name, id);
}

static size_t
put_varint(FILE *out, unsigned value, size_t at)
{
	do {
		unsigned byte = value & 0x7f;

		value >>= 7;
		fprintf(out, "%s%u,", at++ % 32 == 0 ? "\n" : "", byte | (value != 0 ? 0x80 : 0));
	} while (value != 0);
	return at;
}

static unsigned
zigzag(int v)
{
	return v < 0 ? (unsigned)~v * 2 + 1 : (unsigned)v * 2;
}

static void
write_arcs(FILE *out)
{
	size_t at = 0;
	int i, k;

	fprintf(out, "const unsigned char country_arcs[] = {");
	for (i = 0; i < arcs_n; i++) {
		struct xy last = {0, 0};

		at = put_varint(out, (unsigned)arcs[i].n, at);
		for (k = 0; k < arcs[i].n; k++) {
			struct xy p = arcs[i].points[k];

			at = put_varint(out, zigzag(p.x - last.x), at);
			at = put_varint(out, zigzag(p.y - last.y), at);
			last = p;
		}
	}
	fprintf(out, "\n};\nconst size_t country_arcs_size = %zu, country_arcs_n = %d;\n", at,
		arcs_n);
}

static void
write_lists(FILE *out)
{
	size_t at = 0;
	int i, k, left;

	fprintf(out, "const unsigned char country_lists[] = {");
	for (i = 0; i < prep_countries(); i++) {
		const struct list *l = &lists_of[i];

		at = put_varint(out, (unsigned)rings_of[i], at);
		for (k = 0; k < l->n;) {
			at = put_varint(out, (unsigned)l->arc[k], at);
			for (left = l->arc[k++]; left > 0; left--)
				at = put_varint(out, zigzag(l->arc[k++]), at);
		}
	}
	fprintf(out, "\n};\nconst size_t country_lists_size = %zu;\n", at);
	fprintf(out, "const size_t country_points_n = %zu, country_rings_n = %zu;\n", points_n,
		rings_n);
}

/* The whole degrees at or below d, held to [-max, max]. */
static int
degrees_below(double d, int max)
{
	int whole = (int)d - (d < (int)d);

	return whole < -max ? -max : whole > max ? max : whole;
}

/* Whole degrees, so that the table stays small; outward. */
static void
write_boxes(FILE *out)
{
	int i;

	fprintf(out, "const signed short country_boxes[][4] = {\n");
	for (i = 0; i < prep_countries(); i++) {
		const struct box *b = &boxes_of[i];

		if (b->any)
			fprintf(out, "\t{%d, %d, %d, %d},\n",
				degrees_below(b->low.y * lat_step + lat_base, 90),
				degrees_below(b->low.x * lon_step - 180, 180),
				-degrees_below(-(b->high.y * lat_step + lat_base), 90),
				-degrees_below(-(b->high.x * lon_step - 180), 180));
		else
			fprintf(out, "\t{1, 1, 0, 0},\n");
	}
	fprintf(out, "};\n");
}

void
prep_shapes(const char *path, FILE *out)
{
	json_t *file = prep_load(path);
	json_t *transform = json_object_get(file, "transform");
	json_t *scale = json_object_get(transform, "scale");
	json_t *shift = json_object_get(transform, "translate");
	json_t *shapes = json_object_get(
		json_object_get(json_object_get(file, "objects"), "countries"), "geometries");
	json_t *one;
	size_t i;

	lon_step = json_number_value(json_array_get(scale, 0));
	lat_step = json_number_value(json_array_get(scale, 1));
	lat_base = json_number_value(json_array_get(shift, 1));
	if (!(lon_step > 0) || !(lat_step > 0) ||
	    json_number_value(json_array_get(shift, 0)) != -180)
		prep_die("%s: expected a quantized topology of the whole earth", path);
	max_x = (int)(360 / lon_step + 0.5);
	lists_of = prep_grow(NULL, (size_t)prep_countries(), sizeof(*lists_of));
	rings_of = prep_grow(NULL, (size_t)prep_countries(), sizeof(*rings_of));
	boxes_of = prep_grow(NULL, (size_t)prep_countries(), sizeof(*boxes_of));
	for (i = 0; i < (size_t)prep_countries(); i++) {
		lists_of[i] = (struct list){NULL, 0};
		rings_of[i] = 0;
		boxes_of[i].any = 0;
	}
	arcs_read(json_object_get(file, "arcs"));
	json_array_foreach(shapes, i, one) shape_redraw(one);
	json_array_foreach(shapes, i, one) shape_read(one);
	fprintf(out, "const int country_grid_x = %d;\n", max_x + 1);
	fprintf(out, "const double country_lat_step = %.17g, country_lat_base = %.17g;\n", lat_step,
		lat_base);
	write_arcs(out);
	write_lists(out);
	write_boxes(out);
	json_decref(file);
}
