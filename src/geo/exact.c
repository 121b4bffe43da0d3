/*
 * exact.c — orientation by error bound first, by exact expansions if that is
 * not enough.
 *
 * A double difference u - v is exactly hi + lo (Knuth's two-sum), and a whole
 * number of turns adds a third part. The product of two such sums has nine
 * terms, each exactly two doubles (Dekker's product, without a fused multiply,
 * so that it is the same everywhere). The sign of the sum of all 36 parts is
 * that of the largest part once they are made non-overlapping (Shewchuk 1997).
 * Needs round-to-nearest and no contraction: the build says -ffp-contract=off.
 * No coordinate here is far from 1 in size, so nothing overflows; parts below
 * 1e-290 do not come from coordinates that were read from text with 40 bytes.
 */
#include "geo/exact.h"

#include <math.h>

#define PARTS 36

static void
two_sum(double a, double b, double *hi, double *lo)
{
	double s = a + b;
	double bv = s - a;
	double av = s - bv;

	*hi = s;
	*lo = (a - av) + (b - bv);
}

static void
two_product(double a, double b, double *hi, double *lo)
{
	const double split = 134217729.0; /* 2^27 + 1 */
	double p = a * b;
	double c, ah, al, bh, bl;

	c = split * a;
	ah = c - (c - a);
	al = a - ah;
	c = split * b;
	bh = c - (c - b);
	bl = b - bh;
	*hi = p;
	*lo = al * bl - (((p - ah * bh) - al * bh) - ah * bl);
}

/* An exact difference: u - v + 360 * turns. */
struct diff {
	double part[3];
};

static struct diff
diff_of(double u, double v, int turns)
{
	struct diff d;

	two_sum(u, -v, &d.part[0], &d.part[1]);
	d.part[2] = 360.0 * turns;
	return d;
}

/* Add x to the non-overlapping parts e[0 … n-1], small to large. */
static size_t
grow(double *e, size_t n, double x)
{
	size_t i;

	for (i = 0; i < n; i++)
		two_sum(x, e[i], &x, &e[i]);
	e[n] = x;
	return n + 1;
}

static size_t
grow_product(double *e, size_t n, struct diff u, struct diff v, double sign)
{
	double hi, lo;
	int i, j;

	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++) {
			if (u.part[i] == 0 || v.part[j] == 0)
				continue; /* most differences of neighbours need one part */
			two_product(u.part[i], v.part[j], &hi, &lo);
			n = grow(e, n, sign * lo);
			n = grow(e, n, sign * hi);
		}
	return n;
}

static int
sign_of(double x)
{
	return (x > 0) - (x < 0);
}

static int
parts_sign(const double *e, size_t n)
{
	while (n > 0)
		if (e[--n] != 0)
			return sign_of(e[n]);
	return 0;
}

int
exact_lon_cmp(double a, int ta, double b, int tb)
{
	double e[4];
	double hi, lo;
	size_t n;

	if (ta == tb)
		return (a > b) - (a < b);
	two_sum(a, -b, &hi, &lo);
	n = grow(e, 0, lo);
	n = grow(e, n, hi);
	n = grow(e, n, 360.0 * (ta - tb));
	return parts_sign(e, n);
}

int
exact_shorter_turn(double a, double b)
{
	double hi, lo;

	two_sum(b, -a, &hi, &lo);
	if (hi > 180 || (hi == 180 && lo > 0))
		return -1;
	if (hi < -180 || (hi == -180 && lo < 0))
		return 1;
	return 0;
}

int
exact_side(struct geo_point a, int ta, struct geo_point b, int tb, struct geo_point p, int tp)
{
	double bx = (b.lon - a.lon) + 360.0 * (tb - ta);
	double by = b.lat - a.lat;
	double px = (p.lon - a.lon) + 360.0 * (tp - ta);
	double py = p.lat - a.lat;
	double left = bx * py;
	double right = by * px;
	double det = left - right;
	double e[PARTS];
	size_t n = 0;

	/*
	 * Each longitude difference is wrong by at most two roundings of values
	 * below 1081 (1.2e-13 each), a latitude difference by 1.5e-14, and each
	 * product and the difference by 2^-53 of itself.
	 */
	double bound = 2.5e-13 * (fabs(by) + fabs(py)) + 3e-14 * (fabs(bx) + fabs(px)) +
		       4e-16 * (fabs(left) + fabs(right)) + 1e-25;

	if (det > bound)
		return 1;
	if (det < -bound)
		return -1;
	n = grow_product(e, n, diff_of(b.lon, a.lon, tb - ta), diff_of(p.lat, a.lat, 0), 1);
	n = grow_product(e, n, diff_of(b.lat, a.lat, 0), diff_of(p.lon, a.lon, tp - ta), -1);
	return parts_sign(e, n);
}

enum exact_seen
exact_edge(struct geo_point a, struct geo_point b, int tb, struct geo_point p, int tp)
{
	int from_a = exact_lon_cmp(p.lon, tp, a.lon, 0);
	int from_b = exact_lon_cmp(p.lon, tp, b.lon, tb);
	double low = a.lat < b.lat ? a.lat : b.lat;
	double high = a.lat < b.lat ? b.lat : a.lat;
	int side;

	if (from_a * from_b > 0 || p.lat > high)
		return EXACT_APART;
	if (from_a == 0 && from_b == 0) /* a meridian or a single point: only "on" is possible */
		return p.lat >= low ? EXACT_ON : EXACT_APART;
	if (p.lat < low)
		return (from_a >= 0) != (from_b >= 0) ? EXACT_BELOW : EXACT_APART;
	side = exact_side(a, 0, b, tb, p, tp);
	if (side == 0)
		return EXACT_ON;
	if ((from_a >= 0) == (from_b >= 0))
		return EXACT_APART;
	/* a west of b: below is the right-hand side; else the left-hand one */
	return (from_a >= from_b) == (side < 0) ? EXACT_BELOW : EXACT_APART;
}

bool
exact_meet(struct geo_point a, struct geo_point b, int tb, struct geo_point c, struct geo_point d,
	   int tc)
{
	bool east = exact_lon_cmp(a.lon, 0, b.lon, tb) <= 0;
	struct geo_point w1 = east ? a : b, e1 = east ? b : a;
	struct geo_point w2 = c.lon <= d.lon ? c : d, e2 = c.lon <= d.lon ? d : c;

	if (fmax(a.lat, b.lat) < fmin(c.lat, d.lat) || fmax(c.lat, d.lat) < fmin(a.lat, b.lat))
		return false;
	if (exact_lon_cmp(w1.lon, east ? 0 : tb, e2.lon, tc) > 0 ||
	    exact_lon_cmp(w2.lon, tc, e1.lon, east ? tb : 0) > 0)
		return false;
	/* The boxes meet; each must now lie on both sides of the other, or touch it. */
	return exact_side(a, 0, b, tb, c, tc) * exact_side(a, 0, b, tb, d, tc) <= 0 &&
	       exact_side(c, tc, d, tc, a, 0) * exact_side(c, tc, d, tc, b, tb) <= 0;
}
