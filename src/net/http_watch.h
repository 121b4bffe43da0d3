/*
 * http_watch.h — the open connections of an HTTP server: which of them are past
 * their deadline, and how many come from one address. For this room only.
 *
 * A thread of its own looks at the deadlines and shuts a late connection's socket
 * down; libmicrohttpd then sees its end and closes it. The descriptor cannot be closed and used
 * again meanwhile, because http_watch_remove takes the same lock first.
 */
#ifndef NET_HTTP_WATCH_H
#define NET_HTTP_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"

struct sockaddr;
struct http_watch;

#define HTTP_PEER_TEXT 48

struct http_watched {
	struct http_watched *prev, *next; /* the watch's */
	int fd;
	bool cut;                 /* under the watch's lock */
	atomic_llong deadline_ms; /* time_mono_ms; any thread may move it */
	unsigned char key[16];
	char peer[HTTP_PEER_TEXT];
};

/* per_address 0: no limit. RC_IO. */
enum rc http_watch_start(struct http_watch **ret, unsigned per_address, unsigned tick_ms,
			 struct err *) CHECKED;
void http_watch_stop(struct http_watch **); /* nothing may be watched any more */

/* False when the address has its number of connections already. Counts nothing. */
bool http_watch_may(struct http_watch *, const struct sockaddr *);

/* Fills in and counts; a connection over its address' limit is cut at once. */
void http_watch_add(struct http_watch *, struct http_watched *, int fd, const struct sockaddr *,
		    long long deadline_ms);
void http_watch_remove(struct http_watch *, struct http_watched *);
void http_watch_cut_all(struct http_watch *);

struct http_watch_counts {
	uint64_t open, timed_out, turned_away;
};
void http_watch_count(struct http_watch *, struct http_watch_counts *ret);

#endif
