/*
 * alert_store.h — the tables `alert` and `audience_piece`.
 *
 * Changes are made inside the caller's transaction and append to the change
 * log. A change of state names the state it expects: RC_CONFLICT when another
 * officer was faster.
 */
#ifndef ALERT_ALERT_STORE_H
#define ALERT_ALERT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert_state.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "cap/cap.h"

struct arena;
struct store;

struct alert {
	int64_t id, thread, version;
	enum alert_state state;
	int64_t author, approver; /* officers; 0: none yet */
	struct sv identifier, sender;
	int64_t sent;
	enum cap_msgtype msgtype;
	enum cap_status status;
	enum cap_scope scope;
	int64_t effective, expires;
	struct sv headline;
	struct sv xml, correction;
	int64_t size;                                      /* typed by the approver; -1: not yet */
	int64_t created, submitted, approved, live, ended; /* UTC seconds; 0: not yet */
};

struct alert_list {
	const struct alert *v;
	size_t n;
};

/* Insert; id comes from the counter, thread 0 begins a new one. Sets id, thread and version. */
enum rc alert_insert(struct store *, struct alert *, struct err *) CHECKED;

/* RC_NOTFOUND. Texts live in the arena. */
enum rc alert_load(const struct alert **ret, struct arena *, struct store *, int64_t id,
		   struct err *) CHECKED;

/* Newest first, without xml and correction; at most `most`. */
enum rc alert_all(struct alert_list *ret, struct arena *, struct store *, int64_t most,
		  struct err *) CHECKED;
/* The versions of a thread, oldest first, with their texts. */
enum rc alert_of_thread(struct alert_list *ret, struct arena *, struct store *, int64_t thread,
			struct err *) CHECKED;
/* Everything that is public now or was since then: live, updated, cancelled and expired
 * versions of scope Public, with their texts, newest first. In a live installation only those of
 * status Actual: a drill is for the group `drill` alone (DESIGN 3.2). */
enum rc alert_published(struct alert_list *ret, struct arena *, struct store *, int64_t since,
			struct err *) CHECKED;
/* In the same way everything that left and is not public. */
enum rc alert_unpublished(struct alert_list *ret, struct arena *, struct store *, int64_t since,
			  struct err *) CHECKED;

/* Hold the thread until the transaction ends: who sends, cancels or adds a version does so one
 * after the other, and what is read of the thread from here on stays true. */
enum rc alert_lock_thread(struct store *, int64_t thread, struct err *) CHECKED;

/* Move one version by the table of moves. RC_CONFLICT when its state does not allow it. */
enum rc alert_change(struct store *, int64_t id, enum alert_event, int64_t now, struct err *)
	CHECKED;

/* Put the frozen message and what is approved with it; the state is changed by alert_change. */
enum rc alert_put_frozen(struct store *, const struct alert *, struct err *) CHECKED;

/* Mark live versions whose end has passed as expired; *ret_n of them. */
enum rc alert_expire_due(struct store *, int64_t now, int64_t *ret_n, struct err *) CHECKED;

/* Append to the audience of an alert, as pieces of at most BATCH_ROWS; ids
 * ascending. concerned false: they were written to before, in the thread, and
 * are told that it no longer concerns them. */
enum rc audience_put(struct store *, int64_t alert, bool concerned, const int64_t *persons,
		     size_t n, struct err *) CHECKED;
/* Persons in its pieces, and in those whose deliveries are not yet in the outbox. */
enum rc audience_size(struct store *, int64_t alert, int64_t *ret_all, int64_t *ret_waiting,
		      struct err *) CHECKED;
/* All persons of the audiences of a thread's alerts, ascending, each once, as
 * an array that the caller releases with mem_free. */
enum rc audience_of_thread(int64_t **ret, size_t *ret_n, struct store *, int64_t thread,
			   struct err *) CHECKED;
/* In the same way the audience of one alert. */
enum rc audience_of_alert(int64_t **ret, size_t *ret_n, struct store *, int64_t alert, struct err *)
	CHECKED;

#endif
