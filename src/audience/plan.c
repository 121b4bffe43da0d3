/*
 * plan.c — an alert's infos gathered into blocks, each with its area, its
 * interval and its expression.
 *
 * Days: a stay is [from 00:00 - 14 h, (to + 1) 00:00 + 12 h). It overlaps
 * [start, end) when it begins before end and ends after start, which in whole
 * days is from <= from_max and to >= to_min.
 */
#include "audience/plan.h"

#include "audience/area.h"
#include "audience/expr.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "cap/cap.h"
#include "cap/cap_block.h"

struct plan {
	const struct cap_alert *alert;
	struct arena *arena;
	struct plan_block *blocks;
	size_t n;
	bool asks_status;
	int64_t sent;
	int32_t arriving_from;
};

/* An instant, also from what is not quite CAP: any RFC 3339 form, and without an
 * offset UTC. Real senders write such times, and plan_write_problems says so. */
static bool
time_usable(const struct cap_time *t, int64_t *ret)
{
	struct time_at at = t->at;
	struct buf zulu = BUF_INIT(64);
	bool ok = t->ok || time_parse_rfc3339(t->text, &at);

	if (!ok) {
		buf_add(&zulu, t->text);
		buf_addc(&zulu, 'Z');
		ok = time_parse_rfc3339(buf_sv(&zulu), &at);
		buf_fini(&zulu);
	}
	if (ok)
		*ret = at.utc;
	return ok;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && a < 0);
}

static int32_t
day_clamp(int64_t day)
{
	if (day < INT32_MIN / 2)
		return INT32_MIN / 2;
	return day > INT32_MAX / 2 ? INT32_MAX / 2 : (int32_t)day;
}

int64_t
plan_day_start(int32_t from)
{
	return (int64_t)from * TIME_DAY - PLAN_DAY_BEFORE;
}

int64_t
plan_day_end(int32_t to)
{
	return ((int64_t)to + 1) * TIME_DAY + PLAN_DAY_AFTER;
}

static struct sv
expression_of(const struct cap_info *info)
{
	return cap_parameter(info, SV(CAP_AUDIENCE));
}

bool
plan_same_block(const struct cap_info *a, const struct cap_info *b)
{
	return cap_block_differences(a, b) == 0;
}

static void
set_interval(struct plan_block *b, int64_t sent, const struct plan_options *o)
{
	const struct cap_info *info = b->info;

	if (!time_usable(&info->effective, &b->start))
		b->start = sent;
	if (!time_usable(&info->expires, &b->end))
		b->end = b->start + PLAN_NO_EXPIRES;
	if (o && o->has_at) {
		b->start = o->at;
		b->end = o->at + 1;
	}
	b->empty = b->end <= b->start;
	b->from_max = day_clamp(floor_div(b->end - 1 + PLAN_DAY_BEFORE, TIME_DAY));
	b->to_min = day_clamp(floor_div(b->start - PLAN_DAY_AFTER, TIME_DAY));
	if (b->empty) {
		b->from_max = INT32_MIN;
		b->to_min = INT32_MAX;
	}
}

static enum rc
set_expression(struct plan *p, struct plan_block *b, const struct plan_options *o, struct err *e)
{
	struct sv text = expression_of(b->info);
	size_t i, seen = 0;
	char where[64];
	enum rc rc;

	if (o && o->expr) {
		b->expr = o->expr;
		return RC_OK;
	}
	for (i = 0; i < b->info->parameters.n; i++)
		seen += sv_eq(b->info->parameters.v[i].name, SV(CAP_AUDIENCE));
	if (seen == 0)
		return RC_OK;
	if (seen > 1)
		return err_set(e, RC_SYNTAX,
			       "info %zu has %zu parameters \"" CAP_AUDIENCE
			       "\", expected at most one",
			       b->first + 1, seen);
	rc = expr_parse(&b->expr, p->arena, text, e);
	if (rc == RC_OK)
		return RC_OK;
	snprintf(where, sizeof(where), "info %zu: audience expression", b->first + 1);
	return err_in(e, rc, where);
}

static struct plan_block *
block_like(struct plan *p, const struct cap_info *info)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (plan_same_block(p->blocks[i].info, info))
			return &p->blocks[i];
	return NULL;
}

enum rc
plan_new(struct plan **ret, const struct cap_alert *alert, const struct plan_options *options,
	 struct err *e)
{
	struct plan *p = MEM_NEW(struct plan);
	enum rc rc = RC_OK;
	size_t i;

	p->alert = alert;
	p->arena = arena_new();
	p->blocks = MEM_NEW_N(struct plan_block, alert->n_infos ? alert->n_infos : 1);
	if (!time_usable(&alert->sent, &p->sent)) {
		rc = err_set(e, RC_SYNTAX,
			     "<sent> is \"%.*s\", expected a time such as "
			     "2026-09-22T02:10:00+03:00",
			     SV_ARG(sv_head(alert->sent.text, 80)));
		goto out;
	}
	/* begins after sent: from * DAY - BEFORE > sent */
	p->arriving_from = day_clamp(floor_div(p->sent + PLAN_DAY_BEFORE, TIME_DAY) + 1);
	for (i = 0; i < alert->n_infos; i++) {
		struct plan_block *b = block_like(p, &alert->infos[i]);

		if (b) {
			b->infos++;
			continue;
		}
		b = &p->blocks[p->n];
		b->info = &alert->infos[i];
		b->first = i;
		b->infos = 1;
		set_interval(b, p->sent, options);
		rc = set_expression(p, b, options, e);
		if (rc != RC_OK)
			goto out;
		b->area = area_new(b->info);
		p->n++;
		if (b->expr && b->expr->asks_status)
			p->asks_status = true;
	}
	*ret = p;
	p = NULL;
out:
	plan_free(&p);
	return rc;
}

void
plan_free(struct plan **pp)
{
	struct plan *p = *pp;
	size_t i;

	if (!p)
		return;
	for (i = 0; i < p->n; i++)
		area_free(&p->blocks[i].area);
	mem_free(p->blocks);
	arena_free(&p->arena);
	MEM_FREE(pp);
}

const struct cap_alert *
plan_alert(const struct plan *p)
{
	return p->alert;
}

size_t
plan_blocks(const struct plan *p)
{
	return p->n;
}

const struct plan_block *
plan_block(const struct plan *p, size_t i)
{
	BUG_ON(i >= p->n);
	return &p->blocks[i];
}

bool
plan_asks_status(const struct plan *p)
{
	return p->asks_status;
}

int32_t
plan_arriving_from(const struct plan *p)
{
	return p->arriving_from;
}

static void
write_time_problem(struct buf *out, const char *element, const struct cap_time *t,
		   const char *taken)
{
	int64_t utc;

	if (!t->text.p || t->ok)
		return;
	buf_addf(out, "%s is \"%.*s\", not in CAP's form: ", element, SV_ARG(sv_head(t->text, 80)));
	if (time_usable(t, &utc))
		time_add_rfc3339(out, utc);
	else
		buf_adds(out, taken);
	buf_adds(out, " is taken\n");
}

void
plan_write_problems(struct buf *out, const struct plan *p)
{
	char name[48];
	size_t i, k;

	write_time_problem(out, "<sent>", &p->alert->sent, "nothing");
	if (p->n == 0)
		buf_adds(out, "the alert has no <info>, so it concerns nobody\n");
	for (i = 0; i < p->n; i++) {
		const struct plan_block *b = &p->blocks[i];

		if (b->empty)
			buf_addf(out,
				 "info %zu: it expires before it takes effect, so it concerns "
				 "nobody\n",
				 b->first + 1);
		snprintf(name, sizeof(name), "info %zu: <effective>", b->first + 1);
		write_time_problem(out, name, &b->info->effective, "<sent>");
		snprintf(name, sizeof(name), "info %zu: <expires>", b->first + 1);
		write_time_problem(out, name, &b->info->expires, "72 hours");
		for (k = 0; k < area_problems(b->area); k++)
			buf_addf(out, "info %zu: %.*s\n", b->first + 1,
				 SV_ARG(area_problem(b->area, k)));
	}
}
