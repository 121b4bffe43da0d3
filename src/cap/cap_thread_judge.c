/*
 * cap_thread_judge.c — what the messages of a sorted world do to each other, and
 * what they are worth. First circles, then the fate of each group by status, then states.
 */
#include "base/arena.h"
#include "cap/cap_thread_int.h"

bool
thread_could_act(const struct thread_world *w, const struct thread_edge *edge)
{
	const struct thread_node *from = &w->nodes[edge->from], *to;
	const struct thread_group *g;

	if (edge->to == NODE_NONE || !thread_may_end(from) || !from->sent_ok ||
	    from->alert->status == CAP_STATUS_NONE || edge->to == from->group)
		return false;
	g = &w->groups[edge->to];
	to = &w->nodes[g->first];
	return sv_eq(from->alert->sender, to->alert->sender) && to->sent <= from->sent &&
	       (g->statuses & 1u << from->alert->status) != 0;
}

/* One of the references that could close a circle. */
static bool
is_level(const struct thread_world *w, const struct thread_edge *edge)
{
	return thread_could_act(w, edge) &&
	       w->nodes[edge->from].sent == w->nodes[w->groups[edge->to].first].sent;
}

/* A group on its way through Tarjan's algorithm. */
struct visit {
	uint32_t order, low; /* from 1; 0: not seen */
	uint32_t next;       /* of its edges */
	bool open;           /* its part is not complete */
};

struct walk {
	struct visit *visits;
	uint32_t *path; /* from the start to where we are */
	uint32_t *stack;
	uint32_t n_path, n_stack, seen;
};

static void
enter(struct walk *k, uint32_t g)
{
	k->seen++;
	k->visits[g] = (struct visit){k->seen, k->seen, 0, true};
	k->path[k->n_path++] = g;
	k->stack[k->n_stack++] = g;
}

/* All below g has been seen: when it is the head of a part, the part is complete. */
static void
leave(struct thread_world *w, struct walk *k, uint32_t g)
{
	struct visit *v = &k->visits[g];
	uint32_t top;

	k->n_path--;
	if (k->n_path > 0) {
		struct visit *up = &k->visits[k->path[k->n_path - 1]];

		if (v->low < up->low)
			up->low = v->low;
	}
	if (v->low != v->order)
		return;
	do {
		top = k->stack[--k->n_stack];
		k->visits[top].open = false;
		w->groups[top].circle = g;
	} while (top != g);
}

static void
walk_from(struct thread_world *w, struct walk *k, uint32_t start)
{
	enter(k, start);
	while (k->n_path > 0) {
		uint32_t g = k->path[k->n_path - 1];
		struct visit *v = &k->visits[g];
		const struct thread_edge *edge;

		if (v->next == w->groups[g].n_edges) {
			leave(w, k, g);
			continue;
		}
		edge = &w->edges[w->groups[g].first_edge + v->next++];
		if (!is_level(w, edge))
			continue;
		if (k->visits[edge->to].order == 0)
			enter(k, edge->to);
		else if (k->visits[edge->to].open && k->visits[edge->to].order < v->low)
			v->low = k->visits[edge->to].order;
	}
}

void
thread_find_circles(struct thread_world *w)
{
	struct walk k = {
		.visits = ARENA_NEW_N(w->arena, struct visit, w->n_groups),
		.path = ARENA_NEW_N(w->arena, uint32_t, w->n_groups),
		.stack = ARENA_NEW_N(w->arena, uint32_t, w->n_groups),
	};
	uint32_t g;

	for (g = 0; g < w->n_groups; g++)
		if (k.visits[g].order == 0)
			walk_from(w, &k, g);
}

/* The earlier of two messages; of one second the first by identity. */
static bool
is_earlier(const struct thread_world *w, uint32_t a, uint32_t b)
{
	if (b == NODE_NONE || w->nodes[a].sent != w->nodes[b].sent)
		return b == NODE_NONE || w->nodes[a].sent < w->nodes[b].sent;
	return a < b;
}

static void
settle_fates(struct thread_world *w)
{
	uint32_t i;

	for (i = 0; i < w->n_edges; i++) {
		struct thread_edge *edge = &w->edges[i];
		const struct thread_node *from = &w->nodes[edge->from];
		struct thread_fate *fate;
		uint32_t *by;

		edge->acts = from->sent_ok && from->sent <= w->at && thread_could_act(w, edge) &&
			     w->groups[edge->to].circle != w->groups[from->group].circle;
		if (!edge->acts)
			continue;
		fate = &w->groups[edge->to].fate[from->alert->status];
		by = from->alert->msgtype == CAP_MSGTYPE_CANCEL ? &fate->cancel : &fate->update;
		if (is_earlier(w, edge->from, *by))
			*by = edge->from;
	}
}

/* By time alone. */
static enum cap_thread_state
state_by_time(const struct thread_world *w, const struct thread_node *n)
{
	enum cap_thread_state state = CAP_THREAD_EXPIRED;
	size_t i;

	if (n->alert->n_infos == 0)
		return w->at < n->until ? CAP_THREAD_IN_FORCE : CAP_THREAD_EXPIRED;
	for (i = 0; i < n->alert->n_infos; i++) {
		if (n->spans[i].state == CAP_THREAD_SPAN_HOLDS)
			return CAP_THREAD_IN_FORCE;
		if (n->spans[i].state == CAP_THREAD_SPAN_WAITS)
			state = CAP_THREAD_NOT_EFFECTIVE;
	}
	return state;
}

static enum cap_thread_state
state_of(const struct thread_world *w, struct thread_node *n)
{
	const struct thread_fate *fate = &w->groups[n->group].fate[n->alert->status];

	if (!n->sent_ok || n->alert->status == CAP_STATUS_NONE ||
	    n->alert->msgtype == CAP_MSGTYPE_NONE)
		return CAP_THREAD_UNCLEAR;
	if (n->same != NODE_NONE) {
		n->by = n->same;
		return CAP_THREAD_DUPLICATE;
	}
	if (n->sent > w->at)
		return CAP_THREAD_NOT_SENT;
	if (thread_is_remark(n))
		return CAP_THREAD_REMARK;
	n->by = fate->cancel != NODE_NONE ? fate->cancel : fate->update;
	if (fate->cancel != NODE_NONE)
		return CAP_THREAD_CANCELLED;
	if (fate->update != NODE_NONE)
		return CAP_THREAD_SUPERSEDED;
	return n->alert->msgtype == CAP_MSGTYPE_CANCEL ? CAP_THREAD_WITHDRAWAL
						       : state_by_time(w, n);
}

void
thread_judge(struct thread_world *w)
{
	uint32_t i;

	settle_fates(w);
	for (i = 0; i < w->n; i++)
		w->nodes[i].state = state_of(w, &w->nodes[i]);
}
