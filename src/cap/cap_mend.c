/*
 * cap_mend.c — the lenient reader from bytes to alerts. Pure.
 *
 *   bytes  → cap_plain_of   what the parser may have
 *          → cap_tree_read  elements and texts
 *          → find_alerts    at the root, in a wrapper, in a text of a wrapper
 *   alert  → cap_mend_alert, cap_tree_write, then the strict reader
 */
#include "cap/cap_mend.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_mend_int.h"
#include "cap/cap_rule.h"

#define CAP_MEND(id, name, what, why) {name, what, why},
static const struct cap_mend_row rows[] = {
#include "cap/cap_mends.def"
};
#undef CAP_MEND

struct found {
	struct cap_node *alert;
	struct sv path; /* where it was; empty for the root itself */
};

struct finding {
	struct arena *arena;
	struct found *v; /* LIMIT_CAP_ALERTS at most; the rest is counted */
	size_t n, room;
};

const struct cap_mend_row *
cap_mend_row(enum cap_mend_kind k)
{
	BUG_ON(k >= CAP_MENDS);
	return &rows[k];
}

void
cap_mend_add(struct cap_mend_list *list, struct arena *a, struct cap_mend mend)
{
	struct cap_mend *grown;

	if (list->n == list->room) {
		list->room = list->room == 0 ? 8 : 2 * list->room;
		grown = ARENA_NEW_N(a, struct cap_mend, list->room);
		if (list->n > 0)
			memcpy(grown, list->v, list->n * sizeof(*grown));
		list->v = grown;
	}
	list->v[list->n++] = mend;
}

/* In the order of lines; those of one line keep their order: a merge of halves. */
static void
sort_mends(struct cap_mend *v, struct cap_mend *spare, size_t n)
{
	size_t half = n / 2, i = 0, j = half, k;

	if (n < 2)
		return;
	sort_mends(v, spare, half);
	sort_mends(v + half, spare, n - half);
	for (k = 0; k < n; k++) {
		if (j == n || (i < half && v[i].line <= v[j].line))
			spare[k] = v[i++];
		else
			spare[k] = v[j++];
	}
	memcpy(v, spare, n * sizeof(*v));
}

static void
add_wrapper_path(struct buf *b, const struct cap_node *n)
{
	if (n->up != NULL)
		add_wrapper_path(b, n->up); /* at most LIMIT_CAP_DEPTH deep */
	buf_addc(b, '/');
	buf_add(b, n->name);
}

static void
found_add(struct finding *f, struct cap_node *alert, const struct cap_node *wrapper)
{
	struct buf b = BUF_INIT(LIMIT_CAP_DEPTH * LIMIT_CAP_TAG);
	struct found *grown;

	if (f->n >= LIMIT_CAP_ALERTS) {
		f->n++;
		return;
	}
	if (f->n == f->room) {
		f->room = f->room == 0 ? 8 : 2 * f->room;
		grown = ARENA_NEW_N(f->arena, struct found, f->room);
		if (f->n > 0)
			memcpy(grown, f->v, f->n * sizeof(*grown));
		f->v = grown;
	}
	if (wrapper != NULL)
		add_wrapper_path(&b, wrapper);
	f->v[f->n++] = (struct found){alert, arena_sv(f->arena, buf_sv(&b))};
	buf_fini(&b);
}

static bool
is_alert(const struct cap_node *n)
{
	return cap_space_is_cap(n->space) && sv_eq(n->name, SV("alert"));
}

/* A message as text inside a wrapper, escaped or as CDATA: only when it is one in full. */
static void
find_in_text(struct finding *f, const struct cap_node *run)
{
	struct sv text = sv_trim(run->text);
	struct cap_mend_list unused = {NULL, 0, 0};
	struct cap_refusal refusal;
	struct cap_node *root;
	struct err e = ERR_INIT;

	if (!sv_starts(text, SV("<")) || sv_find(text, SV("alert")) == text.n)
		return;
	/* Its declaration speaks of bytes that are characters by now. */
	if (sv_starts(text, SV("<?xml")))
		text = sv_from(text, sv_find(text, SV("?>")) + 2);
	if (cap_tree_read(&root, &unused, f->arena, sv_trim(text), run->line - 1, &refusal, &e) ==
		    RC_OK &&
	    is_alert(root))
		found_add(f, root, run->up);
}

/* At most LIMIT_CAP_DEPTH deep. An alert inside an alert is a matter of the outer one. */
static void
find_alerts(struct finding *f, struct cap_node *n)
{
	struct cap_node *c;

	if (n->name.p == NULL) {
		find_in_text(f, n);
		return;
	}
	if (is_alert(n)) {
		found_add(f, n, n->up);
		return;
	}
	for (c = n->first; c != NULL; c = c->next)
		find_alerts(f, c);
}

/* What the strict reader says of the mended text. */
static void
read_strictly(struct cap_lenient *l, struct arena *a)
{
	struct err e = ERR_INIT;

	if (cap_read_told(&l->alert, &l->findings, &l->refusal, a, l->xml, &e) == RC_OK)
		return;
	l->alert = NULL;
	l->findings = NULL;
	l->sentence = arena_sv(a, sv_of(e.text));
}

static void
mend_one(struct cap_lenient *ret, struct arena *a, const struct found *found,
	 const struct cap_mend_list *common, size_t max_points)
{
	/* Escapes and indents make a text at most some six times longer. */
	struct buf b = BUF_INIT(16 * LIMIT_CAP_FILE);
	struct cap_mend_list list = {NULL, 0, 0};
	struct cap_mending m = {a, &list, max_points, found->alert, false};
	struct cap_mend *spare;
	size_t i;

	for (i = 0; i < common->n; i++)
		cap_mend_add(&list, a, common->v[i]);
	if (found->path.n > 0)
		cap_mend_tell(&m, CAP_MEND_WRAPPER, found->alert, found->path, SV("/alert"));
	cap_mend_alert(&m, found->alert);
	cap_tree_write(&b, found->alert);
	ret->xml = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	if (list.n > 1) {
		spare = ARENA_NEW_N(a, struct cap_mend, list.n);
		sort_mends(list.v, spare, list.n);
	}
	ret->mends = list.v;
	ret->n_mends = list.n;
	read_strictly(ret, a);
}

enum rc
cap_read_lenient(const struct cap_lenient **ret, size_t *ret_n, struct cap_refusal *ret_refusal,
		 struct arena *a, struct sv text, size_t max_points, struct err *e)
{
	struct cap_mend_list list = {NULL, 0, 0};
	struct finding f = {a, NULL, 0, 0};
	struct cap_plain plain = cap_plain_of(a, text, &list);
	struct cap_lenient *all;
	struct cap_node *root;
	enum rc rc;
	size_t i;

	rc = cap_tree_read(&root, &list, a, plain.text, plain.lines_before, ret_refusal, e);
	if (rc != RC_OK)
		return rc;
	find_alerts(&f, root);
	if (f.n == 0) {
		*ret_refusal =
			(struct cap_refusal){cap_rule_row(CAP_RULE_NO_ALERT)->name, root->line};
		return err_set(e, RC_SYNTAX,
			       "line %d: no <alert> of a CAP namespace at or below the root "
			       "<%.*s> (expected one of \"" CAP_NS "\")",
			       root->line, SV_ARG(sv_head(root->name, 60)));
	}
	if (f.n > LIMIT_CAP_ALERTS) {
		*ret_refusal =
			(struct cap_refusal){cap_rule_row(CAP_RULE_TOO_MANY)->name, root->line};
		return err_set(e, RC_LIMIT, "line %d: %zu alerts in <%.*s> (expected at most %d)",
			       root->line, f.n, SV_ARG(sv_head(root->name, 60)), LIMIT_CAP_ALERTS);
	}
	all = ARENA_NEW_N(a, struct cap_lenient, f.n);
	for (i = 0; i < f.n; i++)
		mend_one(&all[i], a, &f.v[i], &list, max_points);
	*ret = all;
	*ret_n = f.n;
	return RC_OK;
}
