/*
 * desk_page.c — see desk_page.h. Counts are of persons by their furthest state;
 * with those not fanned out yet they sum to the audience, and the page says so
 * when they do not.
 */
#include "web/desk_page.h"
#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "cap/cap_read.h"
#include "delivery/fanout_store.h"
#include "web/answer.h"
#include "web/html.h"
#include "web/session.h"
#include "web/web_int.h"

#define LIST_MAX 200

/* Columns of the list: what the states of the outbox mean to an officer. */
#define COLUMNS(X)                    \
	X(NO_CHANNEL, "No channel")   \
	X(NOT_SENT, "Not delivered")  \
	X(WAITING, "Waiting")         \
	X(HANDED_OVER, "Handed over") \
	X(DELIVERED, "Receipt")

enum column {
#define X(name, title) COLUMN_##name,
	COLUMNS(X)
#undef X
		COLUMN_COUNT
};

static const char *const column_titles[] = {
#define X(name, title) title,
	COLUMNS(X)
#undef X
};

static enum column
column_of(enum outbox_state s)
{
	switch (s) {
	case OUTBOX_NO_CHANNEL:
	case OUTBOX_OPTED_OUT:
		return COLUMN_NO_CHANNEL;
	case OUTBOX_SUPPRESSED:
	case OUTBOX_SUPERSEDED:
	case OUTBOX_CANCELLED:
	case OUTBOX_EXPIRED:
	case OUTBOX_FAILED:
	case OUTBOX_BOUNCED:
	case OUTBOX_UNDELIVERED:
		return COLUMN_NOT_SENT;
	case OUTBOX_RETRY_WAIT:
	case OUTBOX_READY:
	case OUTBOX_IN_DOUBT:
	case OUTBOX_CLAIMED:
	case OUTBOX_IN_FLIGHT:
		return COLUMN_WAITING;
	case OUTBOX_ACCEPTED:
		return COLUMN_HANDED_OVER;
	case OUTBOX_DELIVERED:
		return COLUMN_DELIVERED;
	}
	return COLUMN_NOT_SENT;
}

static void
add_number(struct buf *b, int64_t n)
{
	struct buf text = BUF_INIT(32);
	size_t i;

	buf_add_i64(&text, n);
	for (i = 0; i < text.n; i++) {
		if (i > 0 && (text.n - i) % 3 == 0 && text.p[i - 1] != '-')
			buf_addc(b, ',');
		buf_addc(b, text.p[i]);
	}
	buf_fini(&text);
}

static void
add_count(struct buf *b, int64_t n)
{
	buf_adds(b, "<td class=\"n\">");
	add_number(b, n);
	buf_adds(b, "</td>");
}

/* The moment and its age: "2026-11-22 14:05 (UTC) (12 min ago)". */
static void
add_time(struct buf *b, int64_t at, int64_t now)
{
	int64_t age = now > at ? now - at : at - now;
	const char *unit = age < 3600 ? " min" : age < 2 * TIME_DAY ? " h" : " days";
	int64_t per = age < 3600 ? 60 : age < 2 * TIME_DAY ? 3600 : TIME_DAY;

	page_time(b, (struct time_at){at, 0});
	buf_adds(b, now >= at ? " (" : " (in ");
	buf_add_i64(b, age / per);
	buf_adds(b, unit);
	buf_adds(b, now >= at ? " ago)" : ")");
}

static void
add_mark(struct buf *b, enum alert_state s)
{
	struct sv name = sv_of(alert_state_name(s));

	html_put(b, "<span class=\"mark mark-{}\">{}</span>", HTML(name, name));
}

void
desk_page_open(const struct visit *v, struct sv title)
{
	struct page_frame f = {
		.language = SV("en"),
		.title = title,
		.style = SV("/desk.css"),
		.exercise = v->web->site.practice,
	};
	struct buf *b = &v->res->body;

	page_head(b, &f);
	html_put(b, "<header><strong>{}</strong>\n", HTML(v->web->site.authority));
	if (v->session.n > 0) {
		html_put(b,
			 "<nav aria-label=\"Desk\"><a href=\"/desk\">Alerts</a></nav>\n"
			 "<span class=\"who\">{}</span>\n"
			 "<form method=\"post\" action=\"/desk/signout\">\n",
			 HTML(v->officer.name));
		session_add_field(b, v->session);
		buf_adds(b, "<button>Sign out</button></form>\n");
	}
	buf_adds(b, "</header>\n<main>\n");
}

void
desk_page_close(const struct visit *v)
{
	struct page_frame f = {.language = SV("en"), .exercise = v->web->site.practice};

	page_close(&v->res->body, &f);
}

void
desk_page_failed(const struct visit *v, const char *sentence)
{
	v->res->status = 503;
	answer_private_headers(v->res, ANSWER_HTML);
	http_header(v->res, "Retry-After", SV("5"));
	desk_page_open(v, SV("Not now"));
	html_put(&v->res->body, "<h1>Not now</h1>\n<p>{} Try again in a moment.</p>\n",
		 HTML(sv_of(sentence)));
	desk_page_close(v);
}

struct list_view {
	struct arena *arena;
	struct alert_list list;
	struct outbox_counts *counts; /* of live alerts */
};

static enum rc
read_list(struct store *st, void *arg, struct err *e)
{
	struct list_view *k = arg;
	enum rc rc = alert_all(&k->list, k->arena, st, LIST_MAX, e);
	size_t i;

	if (rc != RC_OK)
		return rc;
	k->counts = ARENA_NEW_N(k->arena, struct outbox_counts, k->list.n);
	for (i = 0; rc == RC_OK && i < k->list.n; i++)
		if (k->list.v[i].state == ALERT_LIVE)
			rc = outbox_count(st, k->list.v[i].id, &k->counts[i], e);
	return rc;
}

/* What the parts are short of, or over, the whole. */
static int64_t
missing(const struct outbox_counts *c)
{
	int64_t sum = c->not_fanned_out;
	int i;

	for (i = 0; i < OUTBOX_STATE_COUNT; i++)
		sum += c->persons_by[i];
	return c->audience - sum;
}

static void
add_columns(struct buf *b, const struct outbox_counts *c)
{
	int64_t by[COLUMN_COUNT] = {0};
	int i;

	for (i = 0; i < OUTBOX_STATE_COUNT; i++)
		by[column_of(outbox_at(i))] += c->persons_by[i];
	by[COLUMN_WAITING] += c->not_fanned_out;
	add_count(b, c->audience);
	for (i = 0; i < COLUMN_COUNT; i++)
		add_count(b, by[i]);
}

static void
add_row(struct buf *b, const struct alert *a, const struct outbox_counts *c, int64_t now)
{
	struct buf id = BUF_INIT(32);
	int i;

	buf_add_i64(&id, a->id);
	html_put(b, "<tr><td><a href=\"/desk/alert/{seg}\">{}</a></td><td>",
		 HTML(buf_sv(&id), a->headline));
	buf_fini(&id);
	add_mark(b, a->state);
	html_put(b, "</td><td>{}, {}</td><td>",
		 HTML(sv_of(cap_msgtype_name(a->msgtype)), sv_of(cap_scope_name(a->scope))));
	add_time(b, a->expires, now);
	buf_adds(b, "</td>");
	if (a->state == ALERT_LIVE)
		add_columns(b, c);
	else
		for (i = 0; i <= COLUMN_COUNT; i++)
			buf_adds(b, "<td class=\"n\">–</td>");
	buf_adds(b, "</tr>\n");
}

static void
add_warning(struct buf *b, const struct alert *a, const struct outbox_counts *c)
{
	if (missing(c) == 0)
		return;
	html_put(b, "<p class=\"state\" role=\"alert\">The counts of “{}” do not add up: ",
		 HTML(a->headline));
	add_number(b, missing(c));
	buf_adds(b, " persons of its audience are in no state.</p>\n");
}

static void
add_column_title(struct buf *b, const char *title, const char *kind)
{
	html_put(b, "<th scope=\"col\" class=\"{}\">{}</th>", HTML(sv_of(kind), sv_of(title)));
}

static void
add_table(struct buf *b, const struct list_view *k, int64_t now)
{
	size_t i;

	buf_adds(b, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Alerts\"><table>\n<thead><tr>");
	add_column_title(b, "Alert", "left");
	add_column_title(b, "State", "left");
	add_column_title(b, "Type, scope", "left");
	add_column_title(b, "In force until", "left");
	add_column_title(b, "Persons", "n");
	for (i = 0; i < COLUMN_COUNT; i++)
		add_column_title(b, column_titles[i], "n");
	buf_adds(b, "</tr></thead>\n<tbody>\n");
	for (i = 0; i < k->list.n; i++)
		add_row(b, &k->list.v[i], &k->counts[i], now);
	buf_adds(b, "</tbody></table></div>\n");
}

void
desk_page_list(const struct visit *v)
{
	struct list_view k = {.arena = v->arena};
	struct buf *b = &v->res->body;
	struct err e = ERR_INIT;
	int64_t now = time_now();
	size_t i;

	if (store_thread_read(v->web->store, read_list, &k, &e) != RC_OK) {
		log_event(LOG_WARN, "web.desk", "error=\"%s\"", e.text);
		desk_page_failed(v, "The store does not answer.");
		return;
	}
	answer_private_headers(v->res, ANSWER_HTML);
	desk_page_open(v, SV("Alerts"));
	buf_adds(b, "<h1>Alerts</h1>\n");
	for (i = 0; i < k.list.n; i++)
		if (k.list.v[i].state == ALERT_LIVE)
			add_warning(b, &k.list.v[i], &k.counts[i]);
	if (k.list.n > 0)
		add_table(b, &k, now);
	else
		buf_adds(b, "<p>There is no alert yet. This command makes a draft: "
			    "<code>tocsin alert new FILE.xml --as NAME</code></p>\n");
	desk_page_close(v);
}

struct alert_view {
	struct arena *arena;
	int64_t id;
	const struct alert *alert;
	struct outbox_counts counts;
	struct officer author, approver;
};

static enum rc
read_alert(struct store *st, void *arg, struct err *e)
{
	struct alert_view *k = arg;
	enum rc rc = alert_load(&k->alert, k->arena, st, k->id, e);

	if (rc == RC_OK)
		rc = outbox_count(st, k->id, &k->counts, e);
	if (rc == RC_OK)
		rc = officer_load(&k->author, k->arena, st, k->alert->author, e);
	if (rc == RC_OK && k->alert->approver != 0)
		rc = officer_load(&k->approver, k->arena, st, k->alert->approver, e);
	return rc;
}

static void
add_person(struct buf *b, const char *what, struct sv who, int64_t at, int64_t now)
{
	html_put(b, "<tr><th scope=\"row\">{}</th><td>{}</td><td>", HTML(sv_of(what), who));
	if (at != 0)
		add_time(b, at, now);
	buf_adds(b, "</td></tr>\n");
}

static void
add_history(struct buf *b, const struct alert_view *k, int64_t now)
{
	const struct alert *a = k->alert;

	buf_adds(b, "<h2>Who and when</h2>\n<table>\n");
	add_person(b, "Written", k->author.name, a->created, now);
	if (a->submitted != 0)
		add_person(b, "Submitted", SV_NONE, a->submitted, now);
	if (a->approver != 0)
		add_person(b, "Approved", k->approver.name, a->approved, now);
	if (a->live != 0)
		add_person(b, "Sent", SV_NONE, a->live, now);
	if (a->ended != 0)
		add_person(b, "Ended", SV_NONE, a->ended, now);
	add_person(b, "In force until", SV_NONE, a->expires, now);
	buf_adds(b, "</table>\n");
}

static void
add_count_row(struct buf *b, const char *name, int64_t persons, int64_t rows)
{
	html_put(b, "<tr><th scope=\"row\">{}</th>", HTML(sv_of(name)));
	add_count(b, persons);
	add_count(b, rows);
	buf_adds(b, "</tr>\n");
}

static void
add_counts(struct buf *b, const struct alert_view *k)
{
	const struct outbox_counts *c = &k->counts;
	int i;

	buf_adds(b, "<h2>Persons by how far their message got</h2>\n");
	add_warning(b, k->alert, c);
	buf_adds(b, "<table>\n<thead><tr><th scope=\"col\">State</th>"
		    "<th scope=\"col\" class=\"n\">Persons</th>"
		    "<th scope=\"col\" class=\"n\">Messages</th></tr></thead>\n<tbody>\n");
	for (i = 0; i < OUTBOX_STATE_COUNT; i++)
		if (c->persons_by[i] != 0 || c->rows_by[i] != 0)
			add_count_row(b, outbox_name(outbox_at(i)), c->persons_by[i],
				      c->rows_by[i]);
	if (c->not_fanned_out != 0)
		add_count_row(b, "not yet in the outbox", c->not_fanned_out, 0);
	add_count_row(b, "Audience", c->audience, c->rows);
	buf_adds(b, "</tbody></table>\n");
}

static void
add_text(struct buf *b, struct sv title, struct sv text)
{
	struct sv_split split = sv_split_of(text, '\n');
	struct sv line;

	if (text.n == 0)
		return;
	html_put(b, "<h3>{}</h3>\n", HTML(title));
	while (sv_split_next(&split, &line))
		if (sv_trim(line).n > 0)
			html_put(b, "<p>{}</p>\n", HTML(sv_trim(line)));
}

static void
add_words(struct buf *b, struct arena *arena, const struct alert *a)
{
	const struct cap_findings *findings;
	const struct cap_alert *cap;
	struct err e = ERR_INIT;
	size_t i;

	if (cap_read(&cap, &findings, arena, a->xml, &e) != RC_OK) {
		html_put(b, "<p class=\"state\">Its text cannot be read: {}</p>\n",
			 HTML(sv_of(e.text)));
		return;
	}
	for (i = 0; i < cap->n_infos; i++) {
		const struct cap_info *info = &cap->infos[i];
		struct sv tag = cap_language(info);
		const char *name = i18n_name(tag);

		html_put(b, "<section lang=\"{}\" dir=\"{}\">\n<h2>{}</h2>\n",
			 HTML(tag, i18n_rtl(tag) ? SV("rtl") : SV("ltr"),
			      name != NULL ? sv_of(name) : tag));
		html_put(b, "<p><strong>{}</strong></p>\n", HTML(page_headline(info)));
		add_text(b, sv_of(i18n(tag, I18N_HAPPENING)), info->description);
		add_text(b, sv_of(i18n(tag, I18N_TO_DO)), info->instruction);
		add_text(b, sv_of(i18n(tag, I18N_CONTACT)), info->contact);
		buf_adds(b, "</section>\n");
	}
}

void
desk_page_alert(const struct visit *v)
{
	struct alert_view k = {.arena = v->arena};
	struct buf *b = &v->res->body;
	struct err e = ERR_INIT;
	int64_t now = time_now();
	enum rc rc = RC_NOTFOUND;

	if (sv_to_i64(v->part, &k.id))
		rc = store_thread_read(v->web->store, read_alert, &k, &e);
	if (rc == RC_NOTFOUND) {
		v->res->status = 404;
		answer_private_headers(v->res, ANSWER_HTML);
		desk_page_open(v, SV("No such alert"));
		buf_adds(b, "<h1>There is no such alert</h1>\n"
			    "<p><a href=\"/desk\">All alerts</a></p>\n");
		desk_page_close(v);
		return;
	}
	if (rc != RC_OK) {
		log_event(LOG_WARN, "web.desk", "error=\"%s\"", e.text);
		desk_page_failed(v, "The store does not answer.");
		return;
	}
	answer_private_headers(v->res, ANSWER_HTML);
	desk_page_open(v, k.alert->headline);
	html_put(b, "<h1>{}</h1>\n<p>", HTML(k.alert->headline));
	add_mark(b, k.alert->state);
	html_put(b, " {}, {}",
		 HTML(sv_of(cap_msgtype_name(k.alert->msgtype)),
		      sv_of(cap_scope_name(k.alert->scope))));
	if (k.alert->scope == CAP_SCOPE_PUBLIC && k.alert->live != 0)
		html_put(b, " · <a href=\"/alert/{seg}\">Public page</a>",
			 HTML(k.alert->identifier));
	buf_adds(b, "</p>\n");
	add_history(b, &k, now);
	if (k.alert->live != 0)
		add_counts(b, &k);
	add_words(b, v->arena, k.alert);
	desk_page_close(v);
}
