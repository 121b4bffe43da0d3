/*
 * smtp_run.h — an SMTP session run to its end, with a log of all events, and a
 * scripted peer for it.
 */
#ifndef TEST_SMTP_RUN_H
#define TEST_SMTP_RUN_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "net/smtp.h"

#define PATIENCE_MS 20000

struct loop;

int listen_somewhere(uint16_t *ret_port);

/*
 * The scripted peer takes one connection and follows its steps:
 *   S text   send text and CR LF         L text   a line must come, exactly so
 *   D text   data up to the final dot must come and, undotted, be text
 *   H text   text must come (no more is read)      N   nothing more may have come yet
 *   C        close                        W        wait for the client to close
 */
struct peer {
	int listener;
	const char *const *steps;
	struct buf in;
	struct buf wrong; /* the first step that went wrong */
	int fd;
};

void *peer_run(void *peer); /* as a thread */

/* The client's side: sends n messages as slots allow, writes a log of all events. */
struct run {
	struct loop *loop;
	struct smtp_session *s;
	struct smtp_message *m;
	int n, next, back;
	struct buf log;
	bool quiet;      /* counts only */
	bool keep_open;  /* no quit when all are back */
	bool free_early; /* free the session at the first settled message */
	int accepted, retry, refused, returned, in_doubt, closed;
	enum smtp_end_why why;
	unsigned pause_s;
};

extern const struct smtp_events run_events;

void run_session(struct run *, const struct smtp_settings *);
void make_messages(struct smtp_message *, int n, struct sv body);

#endif
