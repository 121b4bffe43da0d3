/*
 * postgres_value.c — arguments and columns in PostgreSQL's binary form.
 *
 * Numbers are big-endian; a numeric (what sum() of integers gives) is groups
 * of four decimal digits: count, weight of the first, sign, scale, groups. The
 * types' numbers are those of the server's catalogue (pg_type.dat) and fixed.
 */
#include <inttypes.h>
#include <math.h>

#include "base/err.h"
#include "store/postgres_int.h"

enum {
	T_BOOL = 16,
	T_BYTEA = 17,
	T_NAME = 19,
	T_INT8 = 20,
	T_INT2 = 21,
	T_INT4 = 23,
	T_TEXT = 25,
	T_FLOAT4 = 700,
	T_FLOAT8 = 701,
	T_BPCHAR = 1042,
	T_VARCHAR = 1043,
	T_NUMERIC = 1700,
};

Oid
pg_type_of(enum store_type t)
{
	switch (t) {
	case STORE_INT:
		return T_INT8;
	case STORE_REAL:
		return T_FLOAT8;
	case STORE_TEXT:
		return T_TEXT;
	case STORE_BLOB:
		return T_BYTEA;
	case STORE_NULL:
		break;
	}
	return 0;
}

static void
put_be(char *to, uint64_t v, int bytes)
{
	while (bytes-- > 0) {
		to[bytes] = (char)(v & 0xff);
		v >>= 8;
	}
}

static uint64_t
get_be(const char *p, int bytes)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < bytes; i++)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

static void
put_double(char *to, double f)
{
	uint64_t bits;

	memcpy(&bits, &f, sizeof(bits));
	put_be(to, bits, 8);
}

/* Returns the length, or 0 for "as text". */
static int
encode_int(char number[32], int64_t v, Oid type)
{
	switch (type) {
	case T_INT8:
		put_be(number, (uint64_t)v, 8);
		return 8;
	case T_INT4:
		BUG_ON(v < INT32_MIN || v > INT32_MAX);
		put_be(number, (uint64_t)v, 4);
		return 4;
	case T_FLOAT8:
		put_double(number, (double)v);
		return 8;
	default:
		snprintf(number, 32, "%" PRId64, v);
		return 0;
	}
}

static int
encode_real(char number[32], double v, Oid type)
{
	if (type == T_FLOAT8) {
		put_double(number, v);
		return 8;
	}
	/* Declared from an earlier integer in its place: it would be rounded in silence. */
	BUG_ON(type == T_INT8 || type == T_INT4);
	snprintf(number, 32, "%.17g", v);
	return 0;
}

static bool
is_text(Oid type)
{
	return type == T_TEXT || type == T_VARCHAR || type == T_BPCHAR || type == T_NAME;
}

void
pg_encode(struct pg_params *p, const struct store_arg *a, const Oid *types, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		p->values[i] = p->numbers[i];
		switch (a[i].type) {
		case STORE_NULL:
			p->values[i] = NULL;
			p->lengths[i] = 0;
			break;
		case STORE_INT:
			p->lengths[i] = encode_int(p->numbers[i], a[i].u.i, types[i]);
			break;
		case STORE_REAL:
			p->lengths[i] = encode_real(p->numbers[i], a[i].u.f, types[i]);
			break;
		case STORE_TEXT:
		case STORE_BLOB:
			BUG_ON(a[i].type == STORE_TEXT ? !is_text(types[i]) : types[i] != T_BYTEA);
			BUG_ON(a[i].u.s.n > INT32_MAX);
			p->values[i] = a[i].u.s.n > 0 ? a[i].u.s.p : "";
			p->lengths[i] = (int)a[i].u.s.n;
			p->formats[i] = 1;
			continue;
		}
		p->formats[i] = p->lengths[i] > 0;
	}
}

enum store_type
pg_column_type(const PGresult *r, int column)
{
	BUG_ON(column < 0 || column >= PQnfields(r));
	if (PQgetisnull(r, 0, column))
		return STORE_NULL;
	switch (PQftype(r, column)) {
	case T_BOOL:
	case T_INT2:
	case T_INT4:
	case T_INT8:
		return STORE_INT;
	case T_FLOAT4:
	case T_FLOAT8:
	case T_NUMERIC:
		return STORE_REAL;
	case T_BYTEA:
		return STORE_BLOB;
	default:
		return STORE_TEXT;
	}
}

static double
numeric_real(const char *p)
{
	int count = (int)get_be(p, 2), weight = (int16_t)get_be(p + 2, 2), i;
	double v = 0;

	for (i = 0; i < count; i++)
		v += (double)get_be(p + 8 + 2 * i, 2) * pow(10000, weight - i);
	return get_be(p + 4, 2) == 0x4000 ? -v : v;
}

/* The whole part; SQLite refuses a sum that large, here it is a bug. */
static int64_t
numeric_int(const char *p)
{
	int count = (int)get_be(p, 2), weight = (int16_t)get_be(p + 2, 2), i;
	int64_t v = 0;

	BUG_ON(weight > 4 || (weight == 4 && get_be(p + 8, 2) > 921));
	for (i = 0; i <= weight; i++)
		v = v * 10000 + (i < count ? (int64_t)get_be(p + 8 + 2 * i, 2) : 0);
	return get_be(p + 4, 2) == 0x4000 ? -v : v;
}

static double
float_value(const PGresult *r, int column)
{
	const char *p = PQgetvalue(r, 0, column);
	uint64_t bits = get_be(p, PQgetlength(r, 0, column));
	uint32_t half = (uint32_t)bits;
	double d;
	float f;

	if (PQftype(r, column) == T_FLOAT8) {
		memcpy(&d, &bits, sizeof(d));
		return d;
	}
	memcpy(&f, &half, sizeof(f));
	return (double)f;
}

static int64_t
int_value(const PGresult *r, int column)
{
	uint64_t v = get_be(PQgetvalue(r, 0, column), PQgetlength(r, 0, column));

	switch (PQgetlength(r, 0, column)) {
	case 2:
		return (int16_t)v;
	case 4:
		return (int32_t)v;
	default: /* 8, and a bool's 1 */
		return (int64_t)v;
	}
}

int64_t
pg_column_int(const PGresult *r, int column)
{
	enum store_type t = pg_column_type(r, column);

	BUG_ON(t != STORE_INT && t != STORE_REAL);
	if (t == STORE_INT)
		return int_value(r, column);
	if (PQftype(r, column) == T_NUMERIC)
		return numeric_int(PQgetvalue(r, 0, column));
	return (int64_t)float_value(r, column);
}

double
pg_column_real(const PGresult *r, int column)
{
	enum store_type t = pg_column_type(r, column);

	BUG_ON(t != STORE_INT && t != STORE_REAL);
	if (t == STORE_INT)
		return (double)int_value(r, column);
	if (PQftype(r, column) == T_NUMERIC)
		return numeric_real(PQgetvalue(r, 0, column));
	return float_value(r, column);
}

struct sv
pg_column_text(const PGresult *r, int column)
{
	enum store_type t = pg_column_type(r, column);

	BUG_ON(t != STORE_TEXT && t != STORE_BLOB);
	return (struct sv){PQgetvalue(r, 0, column), (size_t)PQgetlength(r, 0, column)};
}
