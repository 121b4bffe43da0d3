/*
 * figures.c — /metrics in the text form of Prometheus (exposition format 0.0.4).
 * Counts only: nothing of a person. What costs a look into the store is kept for
 * some seconds, so that asking often is cheap.
 */
#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/time.h"
#include "delivery/fanout_store.h"
#include "web/answer.h"
#include "web/public.h"
#include "web/web_int.h"

#define KEEP_MS   5000
#define ALERT_MAX 10000

#define TYPE      "text/plain; version=0.0.4; charset=utf-8"

static void
add_head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_addf(b, "# HELP tocsin_%s %s\n# TYPE tocsin_%s %s\n", name, help, name, type);
}

static void
add_figure(struct buf *b, const char *name, const char *type, const char *help, int64_t value)
{
	add_head(b, name, type, help);
	buf_addf(b, "tocsin_%s %lld\n", name, (long long)value);
}

static void
add_own(struct buf *b, struct web *w)
{
	struct http_counts c;

	http_server_counts(w->http, &c);
	add_head(b, "build_info", "gauge", "The running program.");
	buf_adds(b, "tocsin_build_info{version=\"" TOCSIN_VERSION "\"} 1\n");
	add_figure(b, "http_requests_total", "counter", "Requests.", (int64_t)c.requests);
	add_figure(b, "http_not_modified_total", "counter", "Answered with 304.",
		   (int64_t)c.not_modified);
	add_figure(b, "http_refused_total", "counter", "Refused before they were read.",
		   (int64_t)c.refused);
	add_figure(b, "http_timed_out_total", "counter", "Cut at their deadline.",
		   (int64_t)c.timed_out);
	add_figure(b, "http_turned_away_total", "counter", "Connections over a limit.",
		   (int64_t)c.turned_away);
	add_figure(b, "http_connections", "gauge", "Open connections.", (int64_t)c.open);
	add_figure(b, "look_age_seconds", "gauge", "Since the store was last asked for changes.",
		   (time_mono_ms() - atomic_load(&w->looked_ms)) / 1000);
	add_figure(b, "store_up", "gauge", "1 when that worked.", !atomic_load(&w->look_failed));
}

static void
add_outbox(struct buf *b, const struct outbox_open *o, int64_t now)
{
	add_figure(b, "outbox_due", "gauge", "Messages to be sent or tried again.", o->due);
	add_figure(b, "outbox_oldest_due_seconds", "gauge", "For how long the oldest has been due.",
		   o->oldest_due != 0 && o->oldest_due < now ? now - o->oldest_due : 0);
	add_figure(b, "outbox_held", "gauge", "Messages that a dispatcher holds.", o->held);
	add_figure(b, "outbox_pieces", "gauge", "Pieces of audiences not yet in the outbox.",
		   o->pieces);
}

static void
add_states(struct buf *b, const struct alert_list *list)
{
	size_t i;

	add_head(b, "alerts", "gauge", "Alerts by state.");
#define X(name, number, text)                                                          \
	{                                                                              \
		int64_t n = 0;                                                         \
		for (i = 0; i < list->n; i++)                                          \
			n += list->v[i].state == ALERT_##name;                         \
		buf_addf(b, "tocsin_alerts{state=\"" text "\"} %lld\n", (long long)n); \
	}
	ALERT_STATES(X)
#undef X
}

static void
add_deliveries(struct buf *b, int64_t alert, const struct outbox_counts *c)
{
	int i;

	for (i = 0; i < OUTBOX_STATE_COUNT; i++)
		buf_addf(b, "tocsin_deliveries{alert=\"%lld\",state=\"%s\"} %lld\n",
			 (long long)alert, outbox_name(outbox_at(i)), (long long)c->rows_by[i]);
}

struct figures {
	struct arena *arena;
	struct buf *text;
	int64_t now;
};

static enum rc
read_figures(struct store *st, void *arg, struct err *e)
{
	struct figures *k = arg;
	struct outbox_counts c;
	struct outbox_open open;
	struct alert_list list;
	int64_t unaccounted = 0;
	enum rc rc = outbox_open_work(st, &open, e);
	size_t i;

	if (rc == RC_OK)
		rc = alert_all(&list, k->arena, st, ALERT_MAX, e);
	if (rc != RC_OK)
		return rc;
	add_outbox(k->text, &open, k->now);
	add_states(k->text, &list);
	add_head(k->text, "deliveries", "gauge", "Messages of alerts in force by state.");
	for (i = 0; rc == RC_OK && i < list.n; i++) {
		if (list.v[i].state != ALERT_LIVE)
			continue;
		rc = outbox_count(st, list.v[i].id, &c, e);
		if (rc == RC_OK) {
			add_deliveries(k->text, list.v[i].id, &c);
			unaccounted += c.unaccounted;
		}
	}
	add_figure(k->text, "persons_unaccounted", "gauge",
		   "Persons of audiences of alerts in force that are in no state: always 0.",
		   unaccounted);
	return rc;
}

/* New figures into web->figures; when the store cannot be asked there are none. */
static void
read_anew(struct web *w)
{
	struct buf text = BUF_INIT(w->figures.max);
	struct figures k = {.arena = arena_new(), .text = &text, .now = time_now()};
	struct err e = ERR_INIT;
	enum rc rc = store_thread_read(w->store, read_figures, &k, &e);

	pthread_mutex_lock(&w->lock);
	buf_reset(&w->figures);
	if (rc == RC_OK) {
		buf_add(&w->figures, buf_sv(&text));
		w->figures_ms = time_mono_ms();
	}
	pthread_mutex_unlock(&w->lock);
	arena_free(&k.arena);
	buf_fini(&text);
}

void
public_metrics(const struct visit *v)
{
	struct web *w = v->web;
	bool old;

	pthread_mutex_lock(&w->lock);
	old = w->figures.n == 0 || time_mono_ms() - w->figures_ms > KEEP_MS;
	pthread_mutex_unlock(&w->lock);
	if (old)
		read_anew(w);
	answer_private_headers(v->res, TYPE);
	add_own(&v->res->body, w);
	pthread_mutex_lock(&w->lock);
	buf_add(&v->res->body, buf_sv(&w->figures));
	pthread_mutex_unlock(&w->lock);
}
