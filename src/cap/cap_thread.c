/*
 * cap_thread.c — see cap_thread.h. The order of work: nodes sorted by identity and
 * gathered into groups; references looked up; threads joined; circles, fates, states and
 * findings (cap_thread_judge.c); then everything put in the order of the answer.
 */
#include "cap/cap_thread.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cap/cap_thread_int.h"
#include "cap/cap_values.h"
#include "cap/cap_write.h"

#define TIME_TEXT 64 /* bytes: more than any instant has, with a fraction of a second */

/* An instant, also from what is not quite CAP: any RFC 3339 form, and without an
 * offset UTC. Real senders write such times; cap_check says so. */
static bool
instant(const struct cap_time *t, int64_t *ret)
{
	struct time_at at = t->at;
	struct buf zulu = BUF_INIT(64);
	bool ok = t->ok || (t->text.n > 0 && time_parse_rfc3339(t->text, &at));

	if (!ok && t->text.n > 0) {
		buf_add(&zulu, t->text);
		buf_addc(&zulu, 'Z');
		ok = buf_ok(&zulu) && time_parse_rfc3339(buf_sv(&zulu), &at);
	}
	buf_fini(&zulu);
	if (ok)
		*ret = at.utc;
	return ok;
}

static int
compare_instants(bool a_ok, int64_t a, bool b_ok, int64_t b)
{
	if (a_ok != b_ok)
		return a_ok ? 1 : -1;
	return a < b ? -1 : a > b;
}

static int
compare_identity(const struct thread_node *a, const struct thread_node *b)
{
	int c = sv_cmp(a->alert->sender, b->alert->sender);

	if (c == 0)
		c = sv_cmp(a->alert->identifier, b->alert->identifier);
	return c != 0 ? c : compare_instants(a->sent_ok, a->sent, b->sent_ok, b->sent);
}

/* What has none cannot be referred to, nor be the same as another. */
static bool
has_identity(const struct thread_node *n)
{
	return n->sent_ok && n->alert->sender.n > 0 && n->alert->identifier.n > 0;
}

static int
by_identity(const void *pa, const void *pb)
{
	const struct thread_node *a = pa, *b = pb;
	int c = compare_identity(a, b);

	if (c == 0)
		c = a->content < b->content ? -1 : a->content > b->content;
	return c != 0 ? c : a->index < b->index ? -1 : a->index > b->index;
}

/* The message as it would be written: what was read, whatever the bytes looked like. */
static struct sv
content_of(struct buf *b, const struct thread_node *n)
{
	buf_reset(b);
	cap_write(b, n->alert);
	return buf_sv(b);
}

/* Copies of one identity: sorted by content, each run of one content has one that counts. */
static void
mark_copies(struct thread_world *w, const struct thread_group *g)
{
	struct thread_node *v = w->nodes + g->first;
	struct buf mine = BUF_INIT(16 * LIMIT_CAP_FILE), other = BUF_INIT(16 * LIMIT_CAP_FILE);
	uint32_t i, head = 0;

	for (i = 0; i < g->n; i++)
		v[i].content = sv_hash(content_of(&mine, &v[i]), 1);
	qsort(v, g->n, sizeof(*v), by_identity);
	content_of(&mine, &v[0]);
	for (i = 1; i < g->n; i++) {
		if (v[i].content == v[head].content &&
		    sv_eq(content_of(&other, &v[i]), buf_sv(&mine))) {
			v[i].same = g->first + head;
			continue;
		}
		head = i;
		content_of(&mine, &v[i]);
	}
	buf_fini(&mine);
	buf_fini(&other);
}

static void
make_nodes(struct thread_world *w, const struct cap_thread_input *in, size_t n)
{
	uint32_t i;

	w->nodes = ARENA_NEW_N(w->arena, struct thread_node, n);
	w->n = (uint32_t)n;
	for (i = 0; i < w->n; i++) {
		struct thread_node *v = &w->nodes[i];

		v->alert = in[i].alert;
		v->index = in[i].index;
		v->sent_ok = instant(&v->alert->sent, &v->sent);
		v->same = v->by = NODE_NONE;
	}
	qsort(w->nodes, n, sizeof(*w->nodes), by_identity);
}

static void
make_groups(struct thread_world *w)
{
	struct thread_group *g = NULL;
	uint32_t i, k;

	w->groups = ARENA_NEW_N(w->arena, struct thread_group, w->n);
	for (i = 0; i < w->n; i++) {
		if (i == 0 || !has_identity(&w->nodes[i]) ||
		    compare_identity(&w->nodes[i - 1], &w->nodes[i]) != 0) {
			g = &w->groups[w->n_groups++];
			g->first = i;
			g->remark = true;
			for (k = 0; k < STATUSES; k++)
				g->fate[k] = (struct thread_fate){NODE_NONE, NODE_NONE, NODE_NONE,
								  false};
		}
		g->n++;
		g->statuses |= 1u << w->nodes[i].alert->status;
		g->remark = g->remark && thread_is_remark(&w->nodes[i]);
	}
	for (k = 0; k < w->n_groups; k++) {
		g = &w->groups[k];
		if (g->n > 1)
			mark_copies(w, g);
		for (i = g->first; i < g->first + g->n; i++) {
			w->nodes[i].group = k;
			w->nodes[i].up = w->nodes[i].same != NODE_NONE ? w->nodes[i].same : i;
		}
	}
}

/* The group of that identity, or NODE_NONE. */
static uint32_t
find_group(const struct thread_world *w, const struct cap_reference *r)
{
	struct cap_alert alert = {.sender = r->sender, .identifier = r->identifier};
	struct thread_node key = {.alert = &alert, .sent = r->sent.at.utc, .sent_ok = true};
	uint32_t low = 0, high = w->n_groups;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int c = compare_identity(&w->nodes[w->groups[mid].first], &key);

		if (c == 0)
			return mid;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NODE_NONE;
}

/* "sender,identifier,sent", where real senders also have spaces in their name: the
 * last two commas count. The time is looked at first and not far back, because this is tried
 * for each word of an item that grows. */
static bool
read_reference(struct sv item, struct cap_reference *ret)
{
	size_t second = item.n, first;

	while (second > 0 && item.n - second <= TIME_TEXT && item.p[second - 1] != ',')
		second--;
	if (second == 0 || item.n - second > TIME_TEXT)
		return false;
	ret->sent = (struct cap_time){.text = sv_from(item, second)};
	ret->sent.ok = instant(&ret->sent, &ret->sent.at.utc);
	if (!ret->sent.ok)
		return false;
	first = second - 1;
	while (first > 0 && item.p[first - 1] != ',')
		first--;
	if (first == 0)
		return false;
	ret->sender = sv_head(item, first - 1);
	ret->identifier = sv_head(sv_from(item, first), second - 1 - first);
	return ret->sender.n > 0 && ret->identifier.n > 0;
}

static enum rc
add_edge(struct thread_world *w, const struct thread_edge *edge, struct err *e)
{
	if (w->n_edges == LIMIT_THREAD_REFERENCES)
		return err_set(e, RC_LIMIT, "more than %d references (expected at most that many)",
			       LIMIT_THREAD_REFERENCES);
	if (w->n_edges == w->edges_cap) {
		size_t cap = w->edges_cap * 2 + 64;
		struct thread_edge *v = ARENA_NEW_N(w->arena, struct thread_edge, cap);

		if (w->n_edges > 0)
			memcpy(v, w->edges, w->n_edges * sizeof(*v));
		w->edges = v;
		w->edges_cap = cap;
	}
	w->edges[w->n_edges++] = *edge;
	return RC_OK;
}

static enum rc
add_unreadable(struct thread_world *w, uint32_t node, struct sv item, struct err *e)
{
	struct thread_edge edge = {.from = node, .to = NODE_NONE};

	edge.reference.sender = sv_trim(item);
	return add_edge(w, &edge, e);
}

/* `word` ends in a time; the words from `item` on may be part of its sender. */
static enum rc
add_reference(struct thread_world *w, uint32_t node, struct sv item, struct sv word, struct err *e)
{
	struct thread_edge edge = {.from = node, .readable = true};
	struct cap_reference alone;
	size_t before = item.n - word.n;
	enum rc rc = RC_OK;

	if (!read_reference(item, &edge.reference))
		return RC_OK;
	edge.to = find_group(w, &edge.reference);
	if (before > 0 && edge.to == NODE_NONE && read_reference(word, &alone)) {
		bool known = find_group(w, &alone) != NODE_NONE;

		/* Words in front that are no part of a name: they are a fault of their own. */
		if (known || sv_find_char(sv_head(item, before), ',') < before) {
			rc = add_unreadable(w, node, sv_head(item, before), e);
			edge.reference = alone;
			edge.to = find_group(w, &alone);
		}
	}
	return rc == RC_OK ? add_edge(w, &edge, e) : rc;
}

static enum rc
add_references(struct thread_world *w, uint32_t node, struct err *e)
{
	struct sv rest = w->nodes[node].alert->references_text, word, item = SV_NONE;
	struct cap_reference unused;
	enum rc rc = RC_OK;

	while (rc == RC_OK && sv_word(&rest, &word)) {
		item = item.n == 0 ? word : sv_range(item.p, word.p + word.n);
		if (!read_reference(item, &unused))
			continue;
		rc = add_reference(w, node, item, word, e);
		item = SV_NONE;
	}
	return rc == RC_OK && item.n > 0 ? add_unreadable(w, node, item, e) : rc;
}

/* Each group's references in one run. A message given twice refers once. */
static enum rc
make_edges(struct thread_world *w, struct err *e)
{
	uint32_t k, i;
	enum rc rc = RC_OK;

	for (k = 0; rc == RC_OK && k < w->n_groups; k++) {
		struct thread_group *g = &w->groups[k];

		g->first_edge = w->n_edges;
		for (i = g->first; rc == RC_OK && i < g->first + g->n; i++)
			if (w->nodes[i].same == NODE_NONE)
				rc = add_references(w, i, e);
		g->n_edges = w->n_edges - g->first_edge;
	}
	return rc;
}

static uint32_t
root_of(struct thread_world *w, uint32_t i)
{
	while (w->nodes[i].up != i) {
		w->nodes[i].up = w->nodes[w->nodes[i].up].up;
		i = w->nodes[i].up;
	}
	return i;
}

static void
join(struct thread_world *w, uint32_t a, uint32_t b)
{
	uint32_t ra = root_of(w, a), rb = root_of(w, b);

	/* By number: who is root does not matter, the answer is sorted. */
	if (ra < rb)
		w->nodes[rb].up = ra;
	else
		w->nodes[ra].up = rb;
}

/* References of one sender tie messages together. An Ack or Error, of whomever, then
 * joins the first that it refers to, so that it cannot tie threads to each other. */
static void
join_threads(struct thread_world *w)
{
	uint32_t i, last = NODE_NONE;

	for (i = 0; i < w->n; i++)
		if (i != w->groups[w->nodes[i].group].first)
			join(w, i, w->groups[w->nodes[i].group].first);
	for (i = 0; i < w->n_edges; i++) {
		const struct thread_edge *edge = &w->edges[i];
		const struct thread_node *from = &w->nodes[edge->from], *to;

		if (edge->to == NODE_NONE)
			continue;
		to = &w->nodes[w->groups[edge->to].first];
		if (!thread_is_remark(from) && !w->groups[edge->to].remark &&
		    sv_eq(from->alert->sender, to->alert->sender))
			join(w, edge->from, w->groups[edge->to].first);
	}
	for (i = 0; i < w->n_edges; i++) {
		const struct thread_edge *edge = &w->edges[i];
		uint32_t from = w->nodes[edge->from].group;

		if (edge->to == NODE_NONE || from == last || !w->groups[from].remark ||
		    w->groups[edge->to].remark)
			continue;
		join(w, edge->from, w->groups[edge->to].first);
		last = from;
	}
}

/* What the answer is sorted by: sender and begin of the thread, then the message itself. */
struct slot {
	const struct thread_node *node;
	const struct thread_node *head; /* the thread's first message */
	uint32_t number, root;
};

static int
by_sent(const struct thread_node *a, const struct thread_node *b)
{
	/* Without a readable sent last, behind what can be placed. */
	if (a->sent_ok != b->sent_ok)
		return a->sent_ok ? -1 : 1;
	if (a->sent != b->sent)
		return a->sent < b->sent ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int
by_answer(const void *pa, const void *pb)
{
	const struct slot *a = pa, *b = pb;
	int c = 0;

	if (a->head != b->head) {
		c = sv_cmp(a->head->alert->sender, b->head->alert->sender);
		if (c == 0)
			c = by_sent(a->head, b->head);
	}
	return c != 0 ? c : by_sent(a->node, b->node);
}

static struct slot *
sort_slots(struct thread_world *w)
{
	struct slot *slots = ARENA_NEW_N(w->arena, struct slot, w->n);
	const struct thread_node **heads = ARENA_NEW_N(w->arena, const struct thread_node *, w->n);
	uint32_t i, root;

	for (i = 0; i < w->n; i++) {
		root = root_of(w, i);
		/* An acknowledgement of somebody else's does not lend the thread its sender. */
		if (heads[root] == NULL ||
		    (thread_is_remark(heads[root]) && !thread_is_remark(&w->nodes[i])) ||
		    (thread_is_remark(heads[root]) == thread_is_remark(&w->nodes[i]) &&
		     by_sent(&w->nodes[i], heads[root]) < 0))
			heads[root] = &w->nodes[i];
	}
	for (i = 0; i < w->n; i++) {
		root = root_of(w, i);
		slots[i] = (struct slot){&w->nodes[i], heads[root], i, root};
	}
	qsort(slots, w->n, sizeof(*slots), by_answer);
	for (i = 0; i < w->n; i++)
		w->nodes[slots[i].number].place = i;
	return slots;
}

static int
by_message(const void *pa, const void *pb)
{
	const struct cap_thread_finding *a = pa, *b = pb;
	int c;

	if (a->message != b->message)
		return a->message < b->message ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	c = sv_cmp(a->reference.sender, b->reference.sender);
	if (c == 0)
		c = sv_cmp(a->reference.identifier, b->reference.identifier);
	if (c == 0)
		c = sv_cmp(a->reference.sent.text, b->reference.sent.text);
	return c != 0 ? c : a->other < b->other ? -1 : a->other > b->other;
}

static struct cap_thread_message
message_of(const struct thread_world *w, const struct thread_node *n)
{
	return (struct cap_thread_message){
		.alert = n->alert,
		.index = n->index,
		.state = n->state,
		.by = n->by != NODE_NONE ? w->nodes[n->by].place : CAP_THREAD_NONE,
		.sent_ok = n->sent_ok,
		.sent = n->sent,
		.from = n->from,
		.until = n->until,
		.spans = n->spans,
	};
}

static const struct cap_threads *
make_answer(struct thread_world *w)
{
	struct slot *slots = sort_slots(w);
	struct cap_thread_message *messages =
		ARENA_NEW_N(w->arena, struct cap_thread_message, w->n);
	struct cap_thread *threads = ARENA_NEW_N(w->arena, struct cap_thread, w->n), *t = NULL;
	struct cap_threads *ret = ARENA_NEW(w->arena, struct cap_threads);
	size_t i, n = 0, f = 0;

	for (i = 0; i < w->n_findings; i++) {
		struct cap_thread_finding *x = &w->findings[i];

		x->message = w->nodes[x->message].place;
		if (x->other != CAP_THREAD_NONE)
			x->other = w->nodes[x->other].place;
	}
	if (w->n_findings > 0)
		qsort(w->findings, w->n_findings, sizeof(*w->findings), by_message);
	for (i = 0; i < w->n; i++) {
		if (i == 0 || slots[i].root != slots[i - 1].root) {
			t = &threads[n++];
			*t = (struct cap_thread){.sender = slots[i].head->alert->sender,
						 .first = i};
		}
		messages[i] = message_of(w, slots[i].node);
		t->n++;
		t->in_force += messages[i].state == CAP_THREAD_IN_FORCE &&
			       messages[i].alert->status == CAP_STATUS_ACTUAL;
	}
	for (i = 0; i < n; i++) {
		threads[i].first_finding = f;
		while (f < w->n_findings &&
		       w->findings[f].message < threads[i].first + threads[i].n)
			f++;
		threads[i].n_findings = f - threads[i].first_finding;
	}
	*ret = (struct cap_threads){threads, n, messages, w->n, w->findings, w->n_findings};
	return ret;
}

static void
make_spans(struct thread_world *w, struct thread_node *n)
{
	size_t i, count = n->alert->n_infos;
	struct cap_thread_span *v = ARENA_NEW_N(w->arena, struct cap_thread_span, count);

	n->spans = v;
	n->from = n->sent;
	n->until = n->sent + w->hours * 3600;
	for (i = 0; i < count && n->sent_ok; i++) {
		const struct cap_info *info = &n->alert->infos[i];

		if (!instant(&info->effective, &v[i].from))
			v[i].from = n->sent;
		if (!instant(&info->expires, &v[i].until))
			v[i].until = v[i].from + w->hours * 3600;
		v[i].state = w->at >= v[i].until ? CAP_THREAD_SPAN_ENDED
			     : w->at < v[i].from ? CAP_THREAD_SPAN_WAITS
						 : CAP_THREAD_SPAN_HOLDS;
		if (i == 0 || v[i].from < n->from)
			n->from = v[i].from;
		if (i == 0 || v[i].until > n->until)
			n->until = v[i].until;
	}
}

enum rc
cap_thread_sort(const struct cap_threads **ret, struct arena *a, const struct cap_thread_input *in,
		size_t n, int64_t at, int64_t hours, struct err *e)
{
	struct thread_world w = {.arena = a, .at = at, .hours = hours};
	uint32_t i;
	enum rc rc;

	if (n > LIMIT_THREAD_MESSAGES)
		return err_set(e, RC_LIMIT, "%zu messages (expected at most %d)", n,
			       LIMIT_THREAD_MESSAGES);
	if (n == 0) {
		*ret = ARENA_NEW(a, struct cap_threads);
		return RC_OK;
	}
	make_nodes(&w, in, n);
	make_groups(&w);
	rc = make_edges(&w, e);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < w.n; i++)
		make_spans(&w, &w.nodes[i]);
	join_threads(&w);
	thread_find_circles(&w);
	thread_judge(&w);
	thread_tell(&w);
	*ret = make_answer(&w);
	return RC_OK;
}
