/*
 * f_expr.c — any bytes as an audience expression: what is read is written back
 * in a form that reads as the same, and means the same on a few persons.
 */
#include <stddef.h>
#include <stdint.h>

#include "audience/expr.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct expr_person persons[] = {
	{SV_INIT("FR;RU"), SV_INIT("ru;pt-BR"), SV_INIT("a;staff"), EXPR_STATUS_HANDED_OVER},
	{SV_INIT("DE"), SV_INIT("de"), SV_INIT(""), EXPR_STATUS_UNREACHED},
	{SV_INIT(""), SV_INIT(""), SV_INIT("drill"), EXPR_STATUS_ANSWERED},
};

static const struct expr_stay stays[] = {
	{SV_INIT("RU"), SV_INIT("RU-MOW"), true, false},
	{SV_INIT("GE"), SV_INIT(""), false, true},
	{SV_INIT(""), SV_INIT(""), false, false},
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct buf one = BUF_INIT(8 * LIMIT_EXPR), two = BUF_INIT(8 * LIMIT_EXPR);
	const struct expr *first, *second;
	struct err e = ERR_INIT;
	size_t i, k;

	if (expr_parse(&first, a, (struct sv){(const char *)data, size}, &e) != RC_OK) {
		BUG_ON(e.text[0] == '\0');
		goto out;
	}
	expr_write(&one, first);
	/* Alpha-2 codes and fewer parentheses: seldom longer, and then perhaps too long. */
	if (expr_parse(&second, a, buf_sv(&one), &e) != RC_OK) {
		BUG_ON(buf_sv(&one).n <= LIMIT_EXPR);
		goto out;
	}
	expr_write(&two, second);
	BUG_ON(!sv_eq(buf_sv(&one), buf_sv(&two)));
	for (i = 0; i < ARRAY_LEN(persons); i++)
		for (k = 0; k < ARRAY_LEN(stays); k++)
			BUG_ON(expr_holds(first, &persons[i], &stays[k]) !=
			       expr_holds(second, &persons[i], &stays[k]));
out:
	buf_fini(&one);
	buf_fini(&two);
	arena_free(&a);
	return 0;
}
