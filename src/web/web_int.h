/*
 * web_int.h — what the files of this room share.
 */
#ifndef WEB_WEB_INT_H
#define WEB_WEB_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "net/http_server.h"
#include "store/store_thread.h"
#include "web/attempts.h"
#include "web/page.h"
#include "web/published.h"
#include "web/web.h"

#define WEB_STALE_MS 10000 /* a look older than this: we do not know any more */

struct web {
	struct web_settings set;
	struct page_site site;
	struct arena *arena; /* what site points to */
	struct store_thread *store;
	struct http_server *http;
	struct http_body *style, *desk_style, *certificate;

	pthread_mutex_t lock; /* of published, attempts and figures */
	struct published *published;
	struct attempts attempts; /* to sign in */
	struct attempts asked;    /* whether something is genuine */
	struct buf figures;       /* of /metrics that cost a look into the store */
	int64_t figures_ms;

	pthread_mutex_t password_lock; /* one verification at a time */
	pthread_mutex_t verify_lock;   /* one large message at a time */

	/* Of the thread that looks. */
	int64_t seq;
	int64_t due;

	/* Of the last look that worked. */
	_Atomic int64_t looked_ms, looked;
	_Atomic int64_t restored; /* when the backup was made that nobody released yet; 0: none */
	atomic_bool look_failed;
};

#define WEB_KEEP_DAYS 400 /* an ended alert's page stays for so long */

/* "style.css", "desk.css". */
struct sv web_style(const char *name);
/* Of the first certificate, in the arena. RC_SYNTAX. */
enum rc web_fingerprint(struct sv *ret, struct arena *, struct sv cert_pem, struct err *) CHECKED;

/* A reference to what is public now. */
struct published *web_published(struct web *);
/* The last look worked and is not too old. */
bool web_is_fresh(struct web *);

#endif
