/*
 * unroll.c — see unroll.h.
 */
#include "geo/unroll.h"

#include "geo/ring_check.h"

/* On one latitude and the same meridian, however that is written. */
static bool
same_place(const struct geo_point *a, const struct geo_point *b)
{
	return a->lat == b->lat &&
	       (a->lon == b->lon || (fabs(a->lon) == 180 && fabs(b->lon) == 180));
}

void
ring_unroll(struct unrolled *ret, struct corner *room, const struct geo_ring *r)
{
	struct unrolled u = {.corners = room, .n = 1, .half_turn = r->n};
	struct corner *last = room;
	int turn = 0;
	size_t i;

	room[0] = (struct corner){r->points[0], r->points[0].lon, 0, 0};
	for (i = 1; i <= r->n; i++) {
		const struct geo_point *a = &r->points[i - 1];
		const struct geo_point *b = &r->points[i < r->n ? i : 0];
		double dx = fabs(b->lon - a->lon);

		if (dx >= RING_NEARLY_HALF) {
			int step = exact_shorter_turn(a->lon, b->lon);

			turn += step;
			u.antimeridian = u.antimeridian || step != 0;
			if (dx <= 360 - RING_NEARLY_HALF && u.half_turn == r->n)
				u.half_turn = i - 1;
		}
		if (turn < -2 || turn > 2) {
			u.many_turns = true;
			break;
		}
		if (same_place(a, b)) {
			/* -180 and 180 are one meridian, but that is not the same point twice. */
			if (i < r->n && a->lon == b->lon && u.repeated++ == 0)
				u.first_repeated = i;
			last->at = (uint32_t)i;
			continue;
		}
		last++;
		*last = (struct corner){*b, b->lon + 360.0 * turn, turn, (uint32_t)i};
		u.n++;
	}
	u.turns = turn;
	/* The closing corner was added like any other, unless it stands where the first does. */
	u.n--;
	*ret = u;
}

int
ring_winding(const struct unrolled *u)
{
	const struct corner *v = u->corners;
	struct corner before;
	size_t i, low = 0;

	for (i = 1; i < u->n; i++)
		if (v[i].p.lat < v[low].p.lat ||
		    (v[i].p.lat == v[low].p.lat && corner_cmp_x(&v[i], &v[low]) < 0))
			low = i;
	before = corner_before(u, low);
	return corner_side(&before, &v[low], &v[low + 1]);
}
