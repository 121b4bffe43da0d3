/*
 * cap_thread.h — alerts in any order sorted into threads, and what each of them is
 * worth at an instant. Pure.
 *
 * Source: CAP 1.2, 3.2.1 (identifier, sender, sent, status, msgType, references).
 *
 * Identity is sender, identifier and sent, the last as an instant. A thread is what
 * references of one sender tie together; an Ack or Error stands in the thread of the first
 * message it refers to. Only an Update or Cancel ends something, and only a message that is
 * of the same sender, of the same status, not newer, and named by its whole identity.
 * What was ended stays ended: a Cancel of a Cancel does not bring a warning back,
 * and what has run out or was itself ended keeps its effect. Messages that refer to each other in
 * a circle end nothing. A message whose sent lies after the instant has no effect yet.
 *
 * The answer does not depend on the order of the input. O(n log n) in messages and references.
 */
#ifndef CAP_CAP_THREAD_H
#define CAP_CAP_THREAD_H

#include "cap/cap.h"

#define CAP_THREAD_HOURS 72 /* in force without expires (DESIGN 5.1) */
#define CAP_THREAD_NONE  SIZE_MAX

/* What a message is worth. The first that applies, in this order. */
#define CAP_THREAD_STATES(X)                                                               \
	X(UNCLEAR, "unclear")                 /* sent, status or msgType cannot be read */ \
	X(DUPLICATE, "duplicate")             /* the same message given again */           \
	X(NOT_SENT, "not-yet-sent")           /* its sent is after the instant */          \
	X(REMARK, "remark")                   /* an Ack or Error: changes nothing */       \
	X(CANCELLED, "cancelled")             /* a Cancel names it */                      \
	X(SUPERSEDED, "superseded")           /* an Update names it, no Cancel does */     \
	X(WITHDRAWAL, "withdrawal")           /* a Cancel: holds, and warns of nothing */  \
	X(IN_FORCE, "in-force")               /* while any of its infos is */              \
	X(NOT_EFFECTIVE, "not-yet-effective") /* an info begins later, none holds */       \
	X(EXPIRED, "expired")                 /* all its infos have ended */

#define X(name, text) CAP_THREAD_##name,
enum cap_thread_state { CAP_THREAD_STATES(X) };
#undef X

/* What a reader of the thread has to know besides. Those with doubt leave open what holds. */
#define CAP_THREAD_FINDINGS(X)                                                                  \
	X(UNCLEAR, "unclear", true)                    /* sent, status or msgType unreadable */ \
	X(MOVED, "moved", true)                        /* one identity, two contents */         \
	X(REUSED, "identifier-reused", false)          /* one identifier, another sent */       \
	X(BAD_REFERENCE, "bad-reference", true)        /* not sender,identifier,sent */         \
	X(DANGLING, "dangling", true)                  /* refers to what was not given */       \
	X(NO_REFERENCES, "no-references", true)        /* an Update or Cancel of nothing */     \
	X(SELF, "self-reference", true)                /* refers to itself */                   \
	X(CYCLE, "cycle", true)                        /* refer to each other in a circle */    \
	X(OLDER, "older-than-its-reference", true)     /* refers to what was sent later */      \
	X(OTHER_SENDER, "other-sender", false)         /* only the sender may end it */         \
	X(OTHER_STATUS, "other-status", false)         /* a Test ends nothing Actual */         \
	X(PLAIN_ALERT, "alert-with-references", false) /* an Alert ends nothing */              \
	X(CANCELS_CANCEL, "cancel-of-cancel", false)   /* the warning stays withdrawn */        \
	X(AFTER_CANCEL, "update-after-cancel", false)  /* holds as a new warning */             \
	X(MISSES_NEWEST, "cancel-misses-newest", true) /* a newer version still holds */        \
	X(BRANCH, "branch", false)                     /* several updates hold side by side */  \
	X(GAP, "gap", false)                           /* superseded by what holds later */

#define X(name, text, doubt) CAP_THREAD_FOUND_##name,
enum cap_thread_kind { CAP_THREAD_FINDINGS(X) };
#undef X

/* index: the caller's own number for it, each another. */
struct cap_thread_input {
	const struct cap_alert *alert;
	size_t index;
};

enum cap_thread_span_state { CAP_THREAD_SPAN_WAITS, CAP_THREAD_SPAN_HOLDS, CAP_THREAD_SPAN_ENDED };

/* [from, until) of an info: effective, else sent; expires, else so many hours later. */
struct cap_thread_span {
	int64_t from, until;
	enum cap_thread_span_state state;
};

struct cap_thread_message {
	const struct cap_alert *alert;
	size_t index;
	enum cap_thread_state state;
	size_t by;           /* in messages: what ended it first, or what it is a duplicate of */
	bool sent_ok;        /* sent, from and until are known */
	int64_t sent;        /* UTC */
	int64_t from, until; /* from the first info's begin to the last one's end */
	const struct cap_thread_span *spans; /* one an info */
};

struct cap_thread_finding {
	enum cap_thread_kind kind;
	size_t message;                 /* in messages: of which it is said */
	size_t other;                   /* in messages: what it meets, or CAP_THREAD_NONE */
	struct cap_reference reference; /* as written; of a bad one only sender, the whole item */
};

/* Messages and findings of a thread are neighbours in the lists. */
struct cap_thread {
	struct sv sender;
	size_t first, n; /* in messages, by sent */
	size_t first_finding, n_findings;
	size_t in_force; /* how many of status Actual are */
};

struct cap_threads {
	const struct cap_thread *threads; /* by sender, then by their first sent */
	size_t n_threads;
	const struct cap_thread_message *messages;
	size_t n_messages;
	const struct cap_thread_finding *findings;
	size_t n_findings;
};

/* at: the instant, UTC. hours: how long an info without expires holds. Everything lives in the
 * arena, the alerts must outlive it. RC_LIMIT: more than LIMIT_THREAD_MESSAGES, or more than
 * LIMIT_THREAD_REFERENCES in all. */
enum rc cap_thread_sort(const struct cap_threads **ret, struct arena *,
			const struct cap_thread_input *, size_t n, int64_t at, int64_t hours,
			struct err *) CHECKED;

const char *cap_thread_state_name(enum cap_thread_state);
const char *cap_thread_kind_name(enum cap_thread_kind);
/* Whether it leaves open what holds. */
bool cap_thread_doubts(enum cap_thread_kind);
/* Append one sentence about a finding. */
void cap_thread_say(struct buf *, const struct cap_threads *, const struct cap_thread_finding *);

#endif
