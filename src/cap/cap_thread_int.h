/*
 * cap_thread_int.h — between the files cap_thread*.c.
 *
 * Nodes lie by identity; a group is the run of nodes of one identity (one, unless a
 * message was given twice). References lead from a node to a group, so that many
 * copies with many references do not multiply.
 */
#ifndef CAP_CAP_THREAD_INT_H
#define CAP_CAP_THREAD_INT_H

#include "cap/cap_thread.h"

#define NODE_NONE UINT32_MAX
#define STATUSES  6 /* of enum cap_status, NONE included */

struct thread_node {
	const struct cap_alert *alert;
	size_t index;
	int64_t sent;
	uint64_t content; /* a hash, when the identity was given more than once */
	uint32_t group;
	uint32_t up;   /* towards the root of its thread */
	uint32_t same; /* the node that it repeats, or NODE_NONE */
	uint32_t by;
	uint32_t place; /* in the answer */
	int64_t from, until;
	struct cap_thread_span *spans;
	enum cap_thread_state state;
	bool sent_ok;
};

/* What befell those of one status in a group. */
struct thread_fate {
	uint32_t cancel, update; /* the first of each to end it, or NODE_NONE */
	uint32_t stands;         /* an Update of it that was not itself ended */
	bool several;            /* and another one */
};

struct thread_group {
	uint32_t first, n;
	uint32_t first_edge, n_edges;
	uint32_t circle;   /* number of its strongly connected part */
	unsigned statuses; /* bits */
	bool remark;       /* nothing but Acks and Errors */
	struct thread_fate fate[STATUSES];
};

struct thread_edge {
	uint32_t from; /* a node */
	uint32_t to;   /* a group, or NODE_NONE */
	bool readable;
	bool acts; /* ends what it names */
	struct cap_reference reference;
};

struct thread_world {
	struct arena *arena;
	int64_t at, hours;
	struct thread_node *nodes;
	struct thread_group *groups;
	struct thread_edge *edges;
	uint32_t n, n_groups, n_edges;
	size_t edges_cap;
	struct cap_thread_finding *findings; /* message and other are nodes until the end */
	size_t n_findings, findings_cap;
};

static inline bool
thread_is_remark(const struct thread_node *n)
{
	return n->alert->msgtype == CAP_MSGTYPE_ACK || n->alert->msgtype == CAP_MSGTYPE_ERROR;
}

static inline bool
thread_may_end(const struct thread_node *n)
{
	return n->alert->msgtype == CAP_MSGTYPE_UPDATE || n->alert->msgtype == CAP_MSGTYPE_CANCEL;
}

/* Number the parts of the groups that reach each other by references of one and the same
 * second; all others are parts of their own. Newer to older cannot close a circle. */
void thread_find_circles(struct thread_world *);

/* What acts, the states, the spans. */
void thread_judge(struct thread_world *);

/* Everything worth saying, once states are known. */
void thread_tell(struct thread_world *);

/* An edge that would act but for circles: type, sender, status, age. */
bool thread_could_act(const struct thread_world *, const struct thread_edge *);

#endif
