/* See t_desk.h. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "test/lib/unit.h"
#include "t_desk.h"

#include "base/arena.h"
#include "base/limits.h"
#include "crypt/keyfile.h"
#include "crypt/sign.h"
#include "delivery/fanout_store.h"
#include "desk/desk_alert.h"
#include "desk/desk_send.h"
#include "desk/keys_role.h"
#include "desk/setting_store.h"
#include "people/keyring.h"
#include "people/people_import.h"
#include "people/sealer.h"
#include "store/migrate.h"
#include "store/store.h"

#define HEADER \
	"ref,name,citizenships,languages,email,phone,country,latitude,longitude,from,to,groups\n"

void
t_ok(struct fixture *f, enum rc rc, const char *file, int line)
{
	if (rc != RC_OK)
		print_error("%s: %s\n", rc_name(rc), f->e.text);
	_assert_int_equal((unsigned long)rc, RC_OK, file, line);
}

struct store *
t_connect(struct fixture *f)
{
	struct store *st = NULL;

	OK(f, store_open(&st, f->where, STORE_CREATE, &f->e));
	return st;
}

static void
open_store(struct fixture *f)
{
	const char *pg = getenv("TOCSIN_TEST_PG");

	snprintf(f->folder, sizeof(f->folder), "/tmp/tocsin-desk-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	if (pg != NULL && pg[0] != '\0')
		snprintf(f->where, sizeof(f->where), "%s", pg);
	else
		snprintf(f->where, sizeof(f->where), "%s/main.db", f->folder);
	f->st = t_connect(f);
	if (store_is_postgres(f->st))
		OK(f,
		   store_script(f->st, SV("DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"),
				&f->e));
	OK(f, migrate_run(f->st, "main", &f->e));
	f->audit_st = t_connect(f);
}

static void
open_keys(struct fixture *f)
{
	struct keyring *ring = NULL;
	char key[128], path[128];

	snprintf(key, sizeof(key), "%s/master.key", f->folder);
	snprintf(path, sizeof(path), "%s/keys.db", f->folder);
	OK(f, keyfile_make(key, &f->e));
	OK(f, keyring_open(&ring, key, path, true, &f->e));
	keyring_set_audit(ring, keys_audit, f->audit_st);
	OK(f, sealer_local_open(&f->sealer, &ring, &f->e));
}

struct officer
t_officer(struct fixture *f, const char *name)
{
	struct officer o;

	OK(f, officer_find(&o, f->arena, f->st, sv_of(name), &f->e));
	return o;
}

static void
add_officer(struct fixture *f, const char *name, unsigned roles)
{
	int64_t id;
	unsigned r;

	OK(f, officer_insert(f->st, sv_of(name), SV_NONE, T_NOW, &id, &f->e));
	for (r = 1; r < 32; r++)
		if ((roles & ROLE_BIT(r)) != 0)
			OK(f, officer_put_role(f->st, id, (enum role)r, T_NOW, &f->e));
}

void
t_open(struct fixture *f, bool practice)
{
	struct desk_settings set = {
		.authority = SV("Embassy of Example"),
		.sender = SV("alerts@example.org"),
		.url = SV("https://alerts.example.org"),
		.contact = SV("+1 555 0100"),
		.from = SV("alerts@example.org"),
		.hours = 72,
		.drift = 5,
	};

	*f = (struct fixture){.e = ERR_INIT};
	buf_init(&f->key, LIMIT_KEY_FILE);
	buf_init(&f->cert, LIMIT_KEY_FILE);
	f->arena = arena_new();
	open_store(f);
	open_keys(f);
	OK(f, store_begin(f->st, &f->e));
	OK(f, setting_put(f->st, SETTING_MODE, practice ? SV("practice") : SV("live"), &f->e));
	OK(f, setting_put(f->st, SETTING_INSTALLATION, SV("0badcafe"), &f->e));
	OK(f, setting_put(f->st, SETTING_HOLD, SV("0"), &f->e));
	OK(f, setting_put(f->st, SETTING_MESSAGE_KEY,
			  SV("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
			  &f->e));
	add_officer(f, "anna", ROLE_BIT(ROLE_AUTHOR));
	add_officer(f, "boris", ROLE_BIT(ROLE_APPROVER) | ROLE_BIT(ROLE_AUTHOR));
	add_officer(f, "carol", ROLE_BIT(ROLE_ADMINISTRATOR));
	add_officer(f, "dora", ROLE_BIT(ROLE_ADMINISTRATOR));
	add_officer(f, "eve", ROLE_BIT(ROLE_CASEWORKER));
	OK(f, store_commit(f->st, &f->e));
	f->anna = t_officer(f, "anna");
	f->boris = t_officer(f, "boris");
	f->carol = t_officer(f, "carol");
	f->dora = t_officer(f, "dora");
	f->eve = t_officer(f, "eve");
	OK(f, crypt_make_identity(&f->key, &f->cert, SV("Embassy of Example"), T_NOW - 86400, 365,
				  &f->e));
	set.key_pem = buf_sv(&f->key);
	set.cert_pem = buf_sv(&f->cert);
	OK(f, desk_open(&f->desk, f->st, f->arena, &set, &f->e));
	assert_int_equal(f->desk.practice, practice);
}

void
t_close(struct fixture *f)
{
	static const char *const names[] = {"main.db",    "main.db-wal", "main.db-shm",
					    "keys.db",    "keys.db-wal", "keys.db-shm",
					    "master.key", "keys.sock"};
	char path[128];
	size_t i;

	sealer_close(&f->sealer);
	store_close(&f->audit_st);
	store_close(&f->st);
	arena_free(&f->arena);
	buf_fini(&f->key);
	buf_fini(&f->cert);
	for (i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->folder, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(f->folder), 0);
}

struct reading {
	struct sv rest;
};

static enum rc
read_some(void *arg, char *p, size_t cap, size_t *ret_n, struct err *e)
{
	struct reading *r = arg;
	struct sv piece = sv_head(r->rest, cap);

	(void)e;
	if (piece.n > 0)
		memcpy(p, piece.p, piece.n);
	r->rest = sv_from(r->rest, piece.n);
	*ret_n = piece.n;
	return RC_OK;
}

void
t_people(struct fixture *f, const char *lines)
{
	struct sv text = arena_fmt(f->arena, HEADER "%s", lines);
	struct reading r = {text};
	struct import_options options = {.read = read_some, .arg = &r, .now = T_NOW};
	struct import_result result;

	OK(f, people_import(f->st, f->sealer, &options, &result, &f->e));
	assert_int_equal(result.bad, 0);
}

void
t_four(struct fixture *f)
{
	t_people(f, "p1,Ada,FR,ru;en,ada@example.org,,GE,,,2020-01-01,,drill\n"
		    "p2,Bob,DE,en,bob@example.org,,GE,,,2020-01-01,,\n"
		    "p3,Cid,DE,en,,,GE,,,2020-01-01,,\n"
		    "p4,Dan,DE,en,dan@example.org,,AM,,,2020-01-01,,\n");
}

#define INFO(language, headline, text)                                                    \
	"<info><language>" language "</language><category>Security</category>"            \
	"<event>Unrest</event><urgency>Immediate</urgency><severity>Severe</severity>"    \
	"<certainty>Observed</certainty><expires>2026-09-22T14:13:20-00:00</expires>"     \
	"<senderName>Embassy of Example</senderName><headline>" headline "</headline>"    \
	"<description>" text "</description><instruction>" text "</instruction>"          \
	"<contact>+1 555 0100</contact>"                                                  \
	"<area><areaDesc>the country</areaDesc><geocode><valueName>ISO3166-1</valueName>" \
	"<value>%s</value></geocode></area></info>"

struct sv
t_cap(struct fixture *f, const char *status, const char *country)
{
	return arena_fmt(f->arena,
			 "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"
			 "<identifier>draft</identifier><sender>somebody@example.org</sender>"
			 "<sent>2026-09-01T00:00:00-00:00</sent><status>%s</status>"
			 "<msgType>Alert</msgType><scope>Public</scope>" INFO(
				 "en", "Stay inside", "Shots in the centre.")
				 INFO("ru", "Не выходите", "Стрельба в центре.") "</alert>",
			 status, country, country);
}

struct sv
t_cap_with(struct fixture *f, const char *status, const char *country, const char *from,
	   const char *to)
{
	struct sv text = t_cap(f, status, country);
	size_t at = sv_find(text, sv_of(from));

	assert_true(at < text.n);
	return arena_fmt(f->arena, "%.*s%s%.*s", (int)at, text.p, to,
			 SV_ARG(sv_from(text, at + strlen(from))));
}

int64_t
t_approved(struct fixture *f, struct sv xml, int64_t updates)
{
	struct desk_preview p;
	int64_t id;

	OK(f, desk_alert_new(&f->desk, &f->anna, xml, SV_NONE, updates, T_NOW, &id, &f->e));
	OK(f, desk_alert_submit(&f->desk, &f->anna, id, T_NOW, &f->e));
	OK(f, desk_alert_preview(&p, &f->desk, id, T_NOW, &f->e));
	OK(f, desk_alert_approve(&f->desk, &f->boris, id, (int64_t)p.audience.n, T_NOW, &f->e));
	return id;
}

int64_t
t_live(struct fixture *f, struct sv xml, int64_t updates)
{
	int64_t id = t_approved(f, xml, updates);
	struct desk_sent sent;

	OK(f, desk_alert_send(&sent, &f->desk, &f->anna, id, T_NOW, &f->e));
	assert_int_equal(sent.id, id);
	return id;
}

const struct alert *
t_alert(struct fixture *f, int64_t id)
{
	const struct alert *a;

	OK(f, alert_load(&a, f->arena, f->st, id, &f->e));
	return a;
}

void
t_fan_out(struct fixture *f)
{
	static const struct outbox_ladder ladder = {1U << CHANNEL_EMAIL, false};
	struct outbox_fanned fanned;

	do {
		OK(f, store_begin(f->st, &f->e));
		OK(f, outbox_fan_out(f->st, &ladder, T_NOW, &fanned, &f->e));
		OK(f, store_commit(f->st, &f->e));
	} while (fanned.alert != 0);
}

void
t_exec(struct fixture *f, const char *sql, int64_t a, int64_t b)
{
	OK(f, store_exec(f->st, sql, ARGS(ARG_INT(a), ARG_INT(b)), NULL, &f->e));
}

int64_t
t_get(struct fixture *f, const char *sql, int64_t a, int64_t b)
{
	int64_t v = 0;

	OK(f, store_get_int(f->st, sql, ARGS(ARG_INT(a), ARG_INT(b)), &v, &f->e));
	return v;
}
