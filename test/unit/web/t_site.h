/*
 * t_site.h — a store in a temporary folder, a web on it, and requests.
 */
#ifndef T_SITE_H
#define T_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "alert/alert_state.h"
#include "base/buf.h"
#include "cap/cap.h"
#include "web/web.h"

struct store;

struct site {
	struct store *st;
	struct web *web;
	struct err e;
	int64_t anna, boris; /* officers */
	char folder[64];
	char where[128];
	struct buf answer;    /* of the last request: head and body */
	struct buf key, cert; /* the authority's, PEM */
};

#define OK(s, call) site_ok((s), (call), __FILE__, __LINE__)

void site_ok(struct site *, enum rc, const char *file, int line);
void site_open(struct site *, bool practice);
void site_start(struct site *); /* the web: after what it shall find at its start */
void site_close(struct site *);
void site_look(struct site *);

/* One version of an alert, in English, French and Arabic. */
struct site_alert {
	const char *identifier;
	int64_t thread; /* 0: a new one */
	enum cap_msgtype msgtype;
	enum cap_scope scope;
	const char *status;    /* "Exercise" */
	const char *headline;  /* of the English info */
	int64_t expires;       /* 0: in an hour */
	enum alert_state upto; /* DRAFT, or LIVE */
};

/* Append the message as it would be signed. */
void site_message(struct buf *, const struct site_alert *);
/* Returns its id (the thread's, for a first version). */
int64_t site_alert(struct site *, const struct site_alert *);
/* Its bytes as the store has them, in s->answer. */
void site_stored(struct site *, int64_t id, struct buf *out);
void site_change(struct site *, int64_t id, enum alert_event);
int64_t site_count(struct site *, const char *sql);

/* Ask, with more header lines (each ended by CRLF) and a body (NULL: none). Returns the status. */
int site_ask(struct site *, const char *method, const char *path, const char *headers,
	     const char *body);
int site_get(struct site *, const char *path);
/* POST a form with one field or file. */
int site_upload(struct site *, const char *path, const char *name, bool file, struct sv data);
/* A header of the last answer, or SV_NONE. */
struct sv site_header(const struct site *, const char *name);
struct sv site_body(const struct site *);
bool site_says(const struct site *, const char *what);

#endif
