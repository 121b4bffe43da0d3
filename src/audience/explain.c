/*
 * explain.c — one person against the plan, judged the plain way, with words for
 * each of area, time and expression.
 */
#include "audience/explain.h"

#include "audience/area.h"
#include "audience/index.h"
#include "audience/plan.h"
#include "audience/shape.h"
#include "base/buf.h"
#include "base/time.h"
#include "cap/cap.h"
#include "geo/country.h"

struct explain {
	struct buf *out;
	const struct plan *plan;
	const struct plan_block *block;
	struct expr_person person;
	size_t stay;
	bool concerned;
};

static void
write_place(struct buf *out, const struct index_stay *s)
{
	if (s->subdivision.n)
		buf_add(out, s->subdivision);
	else if (s->country.n)
		buf_add(out, s->country);
	else
		buf_adds(out, "no known country");
	if (s->has_point)
		buf_addf(out, " at %.5f,%.5f", s->point.lat, s->point.lon);
	else
		buf_adds(out, ", place unknown");
	buf_adds(out, ", from ");
	time_add_date(out, s->from);
	if (s->to == INDEX_OPEN) {
		buf_adds(out, " without end");
	} else {
		buf_adds(out, " to ");
		time_add_date(out, s->to);
	}
}

static bool
explain_area(struct explain *x, const struct index_stay *s)
{
	struct area_stay as = {s->has_point, s->point, country_by_code(s->country), s->subdivision};
	enum area_hit hit = area_test(x->block->area, &as);

	if (hit == AREA_NO) {
		buf_adds(x->out, "    area: no, ");
		buf_adds(x->out,
			 s->has_point
				 ? "the point is in no shape and no geocode names its place\n"
				 : "no geocode names its place and no shape meets its country\n");
		return false;
	}
	buf_adds(x->out, "    area: yes, ");
	if (area_names(x->block->area, as.country, s->subdivision))
		buf_adds(x->out, "a geocode names its place\n");
	else if (hit == AREA_INSIDE)
		buf_adds(x->out, "the point is inside\n");
	else
		buf_adds(x->out, "the place is unknown and a shape meets its country\n");
	return true;
}

static bool
explain_time(struct explain *x, const struct index_stay *s)
{
	const struct plan_block *b = x->block;
	bool early = s->from > b->from_max, late = s->to < b->to_min;

	if (b->empty)
		buf_adds(x->out, "    time: no, this part of the alert expires before it begins\n");
	else if (early)
		buf_adds(x->out,
			 "    time: no, the stay begins after this part of the alert ends\n");
	else if (late)
		buf_adds(x->out,
			 "    time: no, the stay ends before this part of the alert begins\n");
	else
		buf_adds(x->out, "    time: yes\n");
	return !b->empty && !early && !late;
}

/* Name the predicates that are true and those that are not. */
static void
write_leaves(struct explain *x, const struct expr_node *node, const struct expr_stay *stay,
	     bool want, bool *any)
{
	if (node->left) {
		write_leaves(x, node->left, stay, want, any);
		if (node->right)
			write_leaves(x, node->right, stay, want, any);
		return;
	}
	if (expr_leaf_holds(node, &x->person, stay) != want)
		return;
	buf_adds(x->out, *any ? ", " : want ? "; true here: " : "; not true here: ");
	expr_write_leaf(x->out, node);
	*any = true;
}

static bool
explain_expr(struct explain *x, const struct index_stay *s)
{
	struct expr_stay stay = {s->country, s->subdivision, s->to == INDEX_OPEN,
				 s->from >= plan_arriving_from(x->plan)};
	bool holds, any;

	if (!x->block->expr)
		return true;
	holds = expr_holds(x->block->expr, &x->person, &stay);
	buf_addf(x->out, "    expression: %s", holds ? "yes" : "no");
	any = false;
	write_leaves(x, x->block->expr->root, &stay, true, &any);
	any = false;
	write_leaves(x, x->block->expr->root, &stay, false, &any);
	buf_addc(x->out, '\n');
	return holds;
}

static void
explain_stay(void *arg, uint32_t row, const struct index_stay *s)
{
	struct explain *x = arg;
	bool area, time, expr;

	(void)row;
	buf_addf(x->out, "  stay %zu: ", ++x->stay);
	write_place(x->out, s);
	buf_addc(x->out, '\n');
	area = explain_area(x, s);
	time = explain_time(x, s);
	expr = explain_expr(x, s);
	if (area && time && expr)
		x->concerned = true;
}

static void
explain_block(struct explain *x, const struct index *ix, uint32_t row)
{
	const struct plan_block *b = x->block;

	buf_addf(x->out, "info %zu", b->first + 1);
	if (b->infos > 1)
		buf_addf(x->out, " (in %zu languages)", b->infos);
	if (b->info->headline.n)
		buf_addf(x->out, " \"%.*s\"", SV_ARG(b->info->headline));
	buf_adds(x->out, ", from ");
	time_add_rfc3339(x->out, b->start);
	buf_adds(x->out, " until ");
	time_add_rfc3339(x->out, b->end);
	if (b->expr) {
		buf_adds(x->out, ", to ");
		expr_write(x->out, b->expr);
	} else {
		buf_adds(x->out, ", to everybody in the area");
	}
	buf_addc(x->out, '\n');
	x->stay = 0;
	index_each_stay(ix, row, explain_stay, x);
	if (x->stay == 0)
		buf_adds(x->out, "  there is no stay on record\n");
}

bool
audience_explain(struct buf *out, const struct index *ix, const struct plan *plan, uint32_t row,
		 enum expr_status status)
{
	struct buf details = BUF_INIT(out->max);
	struct explain x = {.out = &details, .plan = plan};
	struct index_person p;
	size_t i;

	index_get(ix, row, &p);
	x.person = (struct expr_person){p.citizenships, p.languages, p.groups, status};
	for (i = 0; i < plan_blocks(plan); i++) {
		x.block = plan_block(plan, i);
		explain_block(&x, ix, row);
	}
	buf_addf(out, "%.*s: %s\n", SV_ARG(p.ref), x.concerned ? "concerned" : "not concerned");
	buf_addf(out, "citizenships %.*s; languages %.*s; groups %.*s\n", SV_ARG(p.citizenships),
		 SV_ARG(p.languages), SV_ARG(p.groups));
	buf_add(out, buf_sv(&details));
	buf_fini(&details);
	return x.concerned;
}
