/*
 * render.c — see render.h.
 *
 * A batch: the alert's texts (made once a language and kept), the persons'
 * languages, their contact points, one opening of all of them, one message
 * each. Headers that differ per person come first, the shared rest behind.
 */
#include "desk/render.h"
#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cap/cap_read.h"
#include "crypt/message_code.h"
#include "delivery/message_id.h"
#include "desk/compose.h"
#include "desk/mime.h"
#include "desk/setting_store.h"
#include "people/person_store.h"
#include "people/sealer.h"
#include "store/store.h"

#define ALERTS_KEPT  4
#define KEYS_WAIT_MS 5000

/* The shared part of a message: from Subject to the end of the body. */
struct text {
	struct text *next;
	struct sv language;
	bool concerned;
	struct sv rest;
};

struct kept {
	int64_t alert;
	struct arena *arena;
	const struct alert *row;
	const struct cap_alert *cap;
	char code[MESSAGE_CODE];
	struct text *texts;
};

struct renderer {
	struct renderer_settings set;
	struct store *st;
	struct sealer *sealer; /* NULL: to be connected */
	struct arena *arena;
	struct desk desk;
	struct crypt_key message_key;
	struct kept kept[ALERTS_KEPT];
	size_t next; /* to be replaced */
};

/* One batch on its way through. */
struct batch {
	const struct outbox_row *rows;
	size_t n;
	struct arena *arena;
	size_t at; /* in the callbacks */
	struct sv *languages;
	struct sealer_item *items; /* kind 0: no such contact point */
	int64_t *persons;
	bool *settled; /* the row's own contact point was found, in use or not */
};

static void
drop_kept(struct kept *k)
{
	arena_free(&k->arena);
	*k = (struct kept){0};
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum rc
read_message_key(struct renderer *r, struct err *e)
{
	struct buf text = BUF_INIT(256);
	enum rc rc = setting_get(&text, r->st, SETTING_MESSAGE_KEY, e);
	size_t i;

	if (rc == RC_OK && text.n != 2 * CRYPT_KEY)
		rc = err_set(e, RC_SYNTAX, "the setting %s is not %d hex digits",
			     SETTING_MESSAGE_KEY, 2 * CRYPT_KEY);
	for (i = 0; rc == RC_OK && i < CRYPT_KEY; i++) {
		int high = hex_digit(text.p[2 * i]), low = hex_digit(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			rc = err_set(e, RC_SYNTAX, "the setting %s is not %d hex digits",
				     SETTING_MESSAGE_KEY, 2 * CRYPT_KEY);
		else
			r->message_key.b[i] = (unsigned char)(high * 16 + low);
	}
	buf_fini(&text);
	return rc;
}

enum rc
renderer_open(struct renderer **ret, const struct renderer_settings *set, struct err *e)
{
	struct desk_settings ds = {.authority = set->authority, .contact = set->contact};
	struct renderer *r = MEM_NEW(struct renderer);
	enum rc rc;

	r->set = *set;
	r->arena = arena_new();
	rc = store_open(&r->st, set->store, 0, e);
	if (rc == RC_OK)
		rc = desk_open(&r->desk, r->st, r->arena, &ds, e);
	if (rc == RC_OK)
		rc = read_message_key(r, e);
	if (rc == RC_OK) {
		*ret = r;
		r = NULL;
	}
	renderer_close(&r);
	return rc;
}

void
renderer_close(struct renderer **r)
{
	size_t i;

	if (*r == NULL)
		return;
	for (i = 0; i < ALERTS_KEPT; i++)
		drop_kept(&(*r)->kept[i]);
	sealer_close(&(*r)->sealer);
	store_close(&(*r)->st);
	arena_free(&(*r)->arena);
	mem_wipe(&(*r)->message_key, sizeof((*r)->message_key));
	MEM_FREE(r);
}

static enum rc
keep_alert(struct kept **ret, struct renderer *r, int64_t id, struct err *e)
{
	const struct cap_findings *findings;
	struct kept *k;
	enum rc rc;
	size_t i;

	for (i = 0; i < ALERTS_KEPT; i++) {
		if (r->kept[i].alert == id) {
			*ret = &r->kept[i];
			return RC_OK;
		}
	}
	k = &r->kept[r->next++ % ALERTS_KEPT];
	drop_kept(k);
	k->arena = arena_new();
	rc = alert_load(&k->row, k->arena, r->st, id, e);
	if (rc == RC_OK)
		rc = cap_read(&k->cap, &findings, k->arena, k->row->xml, e);
	if (rc != RC_OK) {
		drop_kept(k);
		return rc;
	}
	crypt_message_code(k->row->xml, k->code);
	k->alert = id; /* frozen: what is kept of it stays true */
	*ret = k;
	return RC_OK;
}

static enum rc
make_rest(struct text *t, struct renderer *r, struct kept *k, const struct compose *c,
	  struct err *e)
{
	struct buf body = BUF_INIT(LIMIT_MESSAGE), rest = BUF_INIT(2 * LIMIT_MESSAGE);
	enum rc rc;

	mime_mailbox(&rest, "From", r->set.authority, r->set.from);
	mime_header(&rest, "Subject", compose_subject(k->arena, c, t->language));
	buf_adds(&rest, "Date: ");
	time_add_rfc5322(&rest, k->row->sent);
	buf_adds(&rest, "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
			"Content-Transfer-Encoding: base64\r\n");
	mime_header(&rest, "Content-Language", t->language);
	buf_adds(&rest, "Auto-Submitted: auto-generated\r\n\r\n");
	compose_body(&body, c, t->language);
	mime_base64(&rest, buf_sv(&body));
	rc = buf_check(&body, "the message's text", e);
	if (rc == RC_OK)
		rc = buf_check(&rest, "the message", e);
	if (rc == RC_OK)
		t->rest = arena_sv(k->arena, buf_sv(&rest));
	buf_fini(&body);
	buf_fini(&rest);
	return rc;
}

/* As alert_published: a drill in a live installation has no public page. */
static bool
is_published(const struct renderer *r, const struct alert *a)
{
	return a->scope == CAP_SCOPE_PUBLIC && (r->desk.practice || a->status == CAP_STATUS_ACTUAL);
}

static enum rc
find_text(const struct text **ret, struct renderer *r, struct kept *k, struct sv languages,
	  bool concerned, struct err *e)
{
	struct compose c = {
		.cap = k->cap,
		.authority = r->set.authority,
		.contact = r->set.contact,
		.practice = r->desk.practice,
		.concerned = concerned,
	};
	struct sv language = compose_language(&c, languages);
	struct text *t;
	enum rc rc;

	for (t = k->texts; t != NULL; t = t->next) {
		if (t->concerned == concerned && sv_eq_nocase(t->language, language)) {
			*ret = t;
			return RC_OK;
		}
	}
	c.code = sv_of(k->code);
	if (r->set.url.n > 0)
		c.check = arena_fmt(k->arena, "%.*s/verify", SV_ARG(r->set.url));
	if (r->set.url.n > 0 && is_published(r, k->row))
		c.link = arena_fmt(k->arena, "%.*s/alert/%.*s", SV_ARG(r->set.url),
				   SV_ARG(k->row->identifier));
	t = ARENA_NEW(k->arena, struct text);
	t->language = arena_sv(k->arena, language);
	t->concerned = concerned;
	rc = make_rest(t, r, k, &c, e);
	if (rc != RC_OK)
		return rc;
	t->next = k->texts;
	k->texts = t;
	*ret = t;
	return RC_OK;
}

static enum rc
take_person(void *arg, const struct person_row *p, struct err *e)
{
	struct batch *b = arg;

	(void)e;
	while (b->at < b->n && b->rows[b->at].person < p->id)
		b->at++;
	for (; b->at < b->n && b->rows[b->at].person == p->id; b->at++)
		b->languages[b->at] = arena_sv(b->arena, p->languages);
	return RC_OK;
}

/* The row's own contact point; where an import has replaced it since, the first of the same
 * channel that is in use: the person is meant, not an address that is gone. */
static enum rc
take_contact(void *arg, const struct contact_row *c, struct err *e)
{
	struct batch *b = arg;
	size_t i;

	(void)e;
	while (b->at < b->n && b->rows[b->at].person < c->person)
		b->at++;
	for (i = b->at; i < b->n && b->rows[i].person == c->person; i++) {
		bool exact = b->rows[i].contact == c->n;

		if (b->rows[i].channel != CHANNEL_FILE && b->rows[i].channel != c->channel)
			continue;
		if (!exact && (b->settled[i] || b->items[i].in.n > 0 || c->state != CONTACT_USED))
			continue;
		b->settled[i] |= exact;
		b->items[i].in = SV_NONE;
		if (c->state != CONTACT_USED)
			continue;
		b->items[i].kind = c->channel == CHANNEL_SMS ? SEALED_PHONE : SEALED_EMAIL;
		b->items[i].in = arena_sv(b->arena, c->sealed);
	}
	return RC_OK;
}

/* Languages and sealed contact points of all rows. */
static enum rc
read_batch(struct batch *b, struct renderer *r, struct err *e)
{
	size_t i, n = 0;
	enum rc rc;

	for (i = 0; i < b->n; i++) {
		b->items[i].person = b->rows[i].person;
		if (n == 0 || b->persons[n - 1] != b->rows[i].person)
			b->persons[n++] = b->rows[i].person;
	}
	b->at = 0;
	rc = person_rows(r->st, b->persons, n, take_person, b, e);
	b->at = 0;
	if (rc == RC_OK)
		rc = person_contacts(r->st, b->persons, n, take_contact, b, e);
	return rc;
}

/* Open what has a seal; the role may have been restarted since the last time. */
static enum rc
open_batch(struct batch *b, struct renderer *r, struct err *e)
{
	struct sealer_item *wanted = ARENA_NEW_N(b->arena, struct sealer_item, b->n);
	struct sealer_reason why = {0, arena_fmt(b->arena, "delivery of alert %lld",
						 (long long)b->rows[0].alert)};
	size_t i, k = 0, n = 0;
	enum rc rc = RC_OK;
	int attempt;

	for (i = 0; i < b->n; i++)
		if (b->items[i].in.n > 0)
			wanted[n++] = b->items[i];
	for (attempt = 0; n > 0 && attempt < 2; attempt++) {
		rc = RC_OK;
		if (r->sealer == NULL)
			rc = sealer_remote_open(&r->sealer, r->set.keys_socket, KEYS_WAIT_MS, e);
		if (rc == RC_OK)
			rc = sealer_open(r->sealer, &why, wanted, n, b->arena, e);
		if (rc == RC_OK)
			break;
		sealer_close(&r->sealer);
	}
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < b->n; i++) {
		if (b->items[i].in.n == 0)
			b->items[i].rc = RC_NOTFOUND;
		else
			b->items[i] = wanted[k++];
	}
	return RC_OK;
}

static struct sv
domain_of(struct sv address)
{
	size_t at = sv_find_char(address, '@');

	return at < address.n ? sv_from(address, at + 1) : SV("localhost");
}

static enum rc
make_message(struct render_message *m, struct renderer *r, struct kept *k, const struct batch *b,
	     size_t i, struct err *e)
{
	const struct outbox_row *row = &b->rows[i];
	const struct sealer_item *item = &b->items[i];
	struct buf text = BUF_INIT(3 * LIMIT_MESSAGE);
	const struct text *t;
	enum rc rc;

	if (item->rc != RC_OK) {
		m->verdict = item->rc == RC_NOTFOUND ? RENDER_NOBODY : RENDER_FAIL;
		m->why = item->rc == RC_NOTFOUND ? SV("the contact point or the person is gone")
						 : SV("the contact point cannot be opened");
		return RC_OK;
	}
	rc = find_text(&t, r, k, b->languages[i], row->concerned, e);
	if (rc == RC_LIMIT) {
		*m = (struct render_message){.verdict = RENDER_FAIL,
					     .why = SV("the alert is too long for a message")};
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	buf_adds(&text, "Message-ID: ");
	message_id_add(&text, &r->message_key, r->desk.installation, domain_of(r->set.from), row);
	buf_addf(&text, "\r\nTo: <%.*s>\r\n", SV_ARG(item->out));
	buf_add(&text, t->rest);
	rc = buf_check(&text, "the message", e);
	if (rc == RC_OK)
		*m = (struct render_message){RENDER_SEND, item->out, r->set.from,
					     arena_sv(b->arena, buf_sv(&text)), SV_NONE};
	buf_fini(&text);
	return rc;
}

enum rc
renderer_render(void *arg, const struct outbox_row *rows, size_t n, int64_t now, struct arena *a,
		struct render_message *ret, struct err *e)
{
	struct renderer *r = arg;
	struct batch b = {
		.rows = rows,
		.n = n,
		.arena = a,
		.languages = ARENA_NEW_N(a, struct sv, n),
		.items = ARENA_NEW_N(a, struct sealer_item, n),
		.persons = ARENA_NEW_N(a, int64_t, n),
		.settled = ARENA_NEW_N(a, bool, n),
	};
	struct kept *k;
	size_t i;
	enum rc rc;

	(void)now; /* a repeat must be the same message */
	if (n == 0)
		return RC_OK;
	rc = keep_alert(&k, r, rows[0].alert, e);
	if (rc == RC_OK)
		rc = read_batch(&b, r, e);
	if (rc == RC_OK)
		rc = open_batch(&b, r, e);
	for (i = 0; rc == RC_OK && i < n; i++)
		rc = make_message(&ret[i], r, k, &b, i, e);
	return rc;
}
