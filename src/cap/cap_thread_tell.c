/*
 * cap_thread_tell.c — what a reader of a thread has to know besides the states, and
 * the sentences for it.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "cap/cap_thread_int.h"

static void
tell(struct thread_world *w, enum cap_thread_kind kind, uint32_t message, uint32_t other,
     const struct cap_reference *r)
{
	struct cap_thread_finding *f;

	if (w->n_findings == w->findings_cap) {
		size_t cap = w->findings_cap * 2 + 64;
		struct cap_thread_finding *v =
			ARENA_NEW_N(w->arena, struct cap_thread_finding, cap);

		if (w->n_findings > 0)
			memcpy(v, w->findings, w->n_findings * sizeof(*v));
		w->findings = v;
		w->findings_cap = cap;
	}
	f = &w->findings[w->n_findings++];
	*f = (struct cap_thread_finding){
		.kind = kind, .message = message, .other = CAP_THREAD_NONE};
	if (other != NODE_NONE)
		f->other = other;
	if (r != NULL)
		f->reference = *r;
}

/* Neither ended nor void: what it says stands, now or later. */
static bool
stands(const struct thread_node *n)
{
	return n->state == CAP_THREAD_IN_FORCE || n->state == CAP_THREAD_NOT_EFFECTIVE;
}

/* A message of that sender and identifier with another sent, or NODE_NONE. */
static uint32_t
namesake_of(const struct thread_world *w, const struct cap_reference *r)
{
	uint32_t low = 0, high = w->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int c = sv_cmp(w->nodes[mid].alert->sender, r->sender);

		if (c == 0)
			c = sv_cmp(w->nodes[mid].alert->identifier, r->identifier);
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < w->n && sv_eq(w->nodes[low].alert->sender, r->sender) &&
	    sv_eq(w->nodes[low].alert->identifier, r->identifier))
		return low;
	return NODE_NONE;
}

/* What is wrong with the reference as such, whatever the time. */
static void
tell_reference(struct thread_world *w, const struct thread_edge *edge)
{
	const struct thread_node *from = &w->nodes[edge->from], *to;
	const struct cap_reference *r = &edge->reference;
	const struct thread_group *g;

	if (!edge->readable) {
		tell(w, CAP_THREAD_FOUND_BAD_REFERENCE, edge->from, NODE_NONE, r);
		return;
	}
	if (edge->to == NODE_NONE) {
		tell(w, CAP_THREAD_FOUND_DANGLING, edge->from, namesake_of(w, r), r);
		if (thread_may_end(from) && !sv_eq(r->sender, from->alert->sender))
			tell(w, CAP_THREAD_FOUND_OTHER_SENDER, edge->from, NODE_NONE, r);
		return;
	}
	g = &w->groups[edge->to];
	to = &w->nodes[g->first];
	if (edge->to == from->group)
		tell(w, CAP_THREAD_FOUND_SELF, edge->from, NODE_NONE, r);
	else if (from->sent_ok && to->sent > from->sent)
		tell(w, CAP_THREAD_FOUND_OLDER, edge->from, g->first, r);
	else if (from->alert->msgtype == CAP_MSGTYPE_ALERT)
		tell(w, CAP_THREAD_FOUND_PLAIN_ALERT, edge->from, g->first, r);
	else if (!thread_may_end(from))
		return;
	else if (!sv_eq(from->alert->sender, to->alert->sender))
		tell(w, CAP_THREAD_FOUND_OTHER_SENDER, edge->from, g->first, r);
	else if ((g->statuses & 1u << from->alert->status) == 0)
		tell(w, CAP_THREAD_FOUND_OTHER_STATUS, edge->from, g->first, r);
	else if (g->circle == w->groups[from->group].circle)
		tell(w, CAP_THREAD_FOUND_CYCLE, edge->from, g->first, r);
}

/* What one that acts does beyond ending what it names. */
static void
tell_effect(struct thread_world *w, const struct thread_edge *edge)
{
	const struct thread_node *from = &w->nodes[edge->from];
	const struct thread_group *g = &w->groups[edge->to];
	const struct thread_fate *fate = &g->fate[from->alert->status];
	const struct cap_reference *r = &edge->reference;

	if (from->alert->msgtype == CAP_MSGTYPE_CANCEL) {
		if (w->nodes[g->first].alert->msgtype == CAP_MSGTYPE_CANCEL)
			tell(w, CAP_THREAD_FOUND_CANCELS_CANCEL, edge->from, g->first, r);
		/* An Update sent after the Cancel was meant to hold. */
		if (fate->stands != NODE_NONE && w->nodes[fate->stands].sent <= from->sent)
			tell(w, CAP_THREAD_FOUND_MISSES_NEWEST, edge->from, fate->stands, r);
		return;
	}
	if (fate->cancel != NODE_NONE && w->nodes[fate->cancel].sent < from->sent && stands(from))
		tell(w, CAP_THREAD_FOUND_AFTER_CANCEL, edge->from, fate->cancel, r);
	if (from->state == CAP_THREAD_NOT_EFFECTIVE && fate->update == edge->from)
		tell(w, CAP_THREAD_FOUND_GAP, edge->from, g->first, r);
}

/* Which Update of each group stands, and whether there are several. */
static void
find_standing(struct thread_world *w)
{
	uint32_t i;

	for (i = 0; i < w->n_edges; i++) {
		const struct thread_edge *edge = &w->edges[i];
		const struct thread_node *from = &w->nodes[edge->from];
		struct thread_fate *fate;

		if (!edge->acts || from->alert->msgtype != CAP_MSGTYPE_UPDATE || !stands(from))
			continue;
		fate = &w->groups[edge->to].fate[from->alert->status];
		fate->several |= fate->stands != NODE_NONE &&
				 w->nodes[fate->stands].group != from->group;
		if (fate->stands == NODE_NONE || from->sent < w->nodes[fate->stands].sent)
			fate->stands = edge->from;
	}
}

static void
tell_message(struct thread_world *w, uint32_t i)
{
	const struct thread_node *n = &w->nodes[i], *before;
	const struct thread_group *g = &w->groups[n->group];

	if (n->same != NODE_NONE)
		return;
	if (n->state == CAP_THREAD_UNCLEAR)
		tell(w, CAP_THREAD_FOUND_UNCLEAR, i, NODE_NONE, NULL);
	if (i != g->first)
		tell(w, CAP_THREAD_FOUND_MOVED, i, g->first, NULL);
	if (thread_may_end(n) && sv_trim(n->alert->references_text).n == 0)
		tell(w, CAP_THREAD_FOUND_NO_REFERENCES, i, NODE_NONE, NULL);
	if (g->fate[n->alert->status].several)
		tell(w, CAP_THREAD_FOUND_BRANCH, i, NODE_NONE, NULL);
	if (i == 0 || i != g->first || n->alert->identifier.n == 0)
		return;
	before = &w->nodes[i - 1];
	if (before->sent_ok && n->sent_ok && sv_eq(before->alert->sender, n->alert->sender) &&
	    sv_eq(before->alert->identifier, n->alert->identifier))
		tell(w, CAP_THREAD_FOUND_REUSED, i, w->groups[before->group].first, NULL);
}

void
thread_tell(struct thread_world *w)
{
	uint32_t i;

	find_standing(w);
	for (i = 0; i < w->n; i++)
		tell_message(w, i);
	for (i = 0; i < w->n_edges; i++) {
		tell_reference(w, &w->edges[i]);
		if (w->edges[i].acts)
			tell_effect(w, &w->edges[i]);
	}
}

const char *
cap_thread_state_name(enum cap_thread_state state)
{
	static const char *const names[] = {
#define X(name, text) text,
		CAP_THREAD_STATES(X)
#undef X
	};

	return names[state];
}

static const struct {
	const char *name;
	bool doubt;
} kinds[] = {
#define X(name, text, doubt) {text, doubt},
	CAP_THREAD_FINDINGS(X)
#undef X
};

const char *
cap_thread_kind_name(enum cap_thread_kind kind)
{
	return kinds[kind].name;
}

bool
cap_thread_doubts(enum cap_thread_kind kind)
{
	return kinds[kind].doubt;
}

/* "refers to R of S" and what that means. */
static const char *
meaning(const struct cap_thread_finding *f)
{
	switch (f->kind) {
	case CAP_THREAD_FOUND_DANGLING:
		return "which was not given: what else it ended cannot be told";
	case CAP_THREAD_FOUND_SELF:
		return "which is itself: that ends nothing";
	case CAP_THREAD_FOUND_CYCLE:
		return "which by references refers back to it: they end nothing of each other";
	case CAP_THREAD_FOUND_OLDER:
		return "which was sent later: it cannot end that";
	case CAP_THREAD_FOUND_OTHER_SENDER:
		return "which is of another sender: only that sender may end it";
	case CAP_THREAD_FOUND_OTHER_STATUS:
		return "which has another status: drills and tests end no alert, nor the other way "
		       "round";
	case CAP_THREAD_FOUND_PLAIN_ALERT:
		return "but is an Alert: that ends nothing, only an Update or Cancel does";
	case CAP_THREAD_FOUND_CANCELS_CANCEL:
		return "which is a Cancel: the warning that it withdrew does not come back";
	case CAP_THREAD_FOUND_AFTER_CANCEL:
		return "which had been cancelled: it holds as a new warning";
	case CAP_THREAD_FOUND_GAP:
		return "which ended when this was sent, though this holds only later";
	default:
		return "";
	}
}

static void
say_message(struct buf *b, const struct cap_alert *a)
{
	buf_addf(b, "%.*s, sent %.*s", SV_ARG(a->identifier), SV_ARG(a->sent.text));
}

void
cap_thread_say(struct buf *b, const struct cap_threads *all, const struct cap_thread_finding *f)
{
	const struct cap_alert *a = all->messages[f->message].alert;
	const struct cap_alert *other = f->other != CAP_THREAD_NONE ? all->messages[f->other].alert
								    : NULL;

	buf_addf(b, "%.*s ", SV_ARG(a->identifier.n > 0 ? a->identifier : SV("(no identifier)")));
	switch (f->kind) {
	case CAP_THREAD_FOUND_UNCLEAR:
		buf_addf(b,
			 "has sent \"%.*s\", status \"%.*s\" and msgType \"%.*s\": at least one "
			 "cannot be read, so it is not clear what it is",
			 SV_ARG(a->sent.text), SV_ARG(a->status_text), SV_ARG(a->msgtype_text));
		break;
	case CAP_THREAD_FOUND_MOVED:
		buf_adds(b, "was given with another text under the same identifier and sent: a "
			    "message must not change after its publication");
		break;
	case CAP_THREAD_FOUND_REUSED:
		buf_adds(b, "has the identifier of another message, ");
		if (other != NULL)
			say_message(b, other);
		buf_adds(b, ": an identifier must not be used again");
		break;
	case CAP_THREAD_FOUND_BAD_REFERENCE:
		buf_addf(b, "has the reference \"%.*s\" (expected sender,identifier,sent)",
			 SV_ARG(f->reference.sender));
		break;
	case CAP_THREAD_FOUND_NO_REFERENCES:
		buf_addf(b,
			 "is of type %.*s but refers to nothing: what it is about cannot be told",
			 SV_ARG(a->msgtype_text));
		break;
	case CAP_THREAD_FOUND_BRANCH:
		buf_adds(b,
			 "has several updates that do not refer to each other: all of them hold");
		break;
	case CAP_THREAD_FOUND_MISSES_NEWEST:
		buf_addf(b, "cancels %.*s but not ", SV_ARG(f->reference.identifier));
		if (other != NULL)
			say_message(b, other);
		buf_adds(b, ", which updated it and still holds");
		break;
	default:
		buf_addf(b, "refers to %.*s of %.*s, sent %.*s, %s",
			 SV_ARG(f->reference.identifier), SV_ARG(f->reference.sender),
			 SV_ARG(f->reference.sent.text), meaning(f));
		if (f->kind == CAP_THREAD_FOUND_DANGLING && other != NULL)
			buf_addf(b, "; the message of that identifier was sent %.*s",
				 SV_ARG(other->sent.text));
		break;
	}
}
