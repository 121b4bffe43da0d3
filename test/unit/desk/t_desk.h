/*
 * t_desk.h — an installation in a temporary folder, for the tests of this room:
 * store (PostgreSQL when TOCSIN_TEST_PG names a scratch database, else SQLite), keyring, signing
 * identity, officers, persons.
 */
#ifndef T_DESK_H
#define T_DESK_H

#include <stdint.h>

#include "alert/alert_store.h"
#include "base/buf.h"
#include "delivery/outbox_store.h"
#include "desk/desk.h"

struct arena;
struct sealer;
struct store;

/* anna: author; boris: approver, author; carol: administrator; dora: administrator;
 * eve: caseworker. */
struct fixture {
	struct store *st, *audit_st;
	struct err e;
	struct arena *arena;
	struct desk desk;
	struct sealer *sealer;
	struct buf key, cert;
	struct officer anna, boris, carol, dora, eve;
	char folder[64];
	char where[256];
};

#define T_NOW       INT64_C(1790000000)
#define OK(f, call) t_ok((f), (call), __FILE__, __LINE__)

void t_ok(struct fixture *, enum rc, const char *file, int line);
void t_open(struct fixture *, bool practice);
void t_close(struct fixture *);
/* Another connection to the same store. */
struct store *t_connect(struct fixture *);
/* The officer as the store has them now. */
struct officer t_officer(struct fixture *, const char *name);

/* Lines of a people CSV, without the header. */
void t_people(struct fixture *, const char *lines);
/* Persons p1 and p2 with e-mail addresses and p3 without one in GE, p4 in AM. p1 is in the
 * group drill. Their ids are 1 to 4. */
void t_four(struct fixture *);

/* A CAP message in English and Russian about a country, ending at T_NOW + 86400. */
struct sv t_cap(struct fixture *, const char *status, const char *country);
/* The same with `from` replaced by `to`. */
struct sv t_cap_with(struct fixture *, const char *status, const char *country, const char *from,
		     const char *to);

/* anna drafts and submits; boris approves the audience as it is. Returns the id. */
int64_t t_approved(struct fixture *, struct sv xml, int64_t updates);
/* The same, and sent. */
int64_t t_live(struct fixture *, struct sv xml, int64_t updates);
const struct alert *t_alert(struct fixture *, int64_t id);

/* All pieces into the outbox. */
void t_fan_out(struct fixture *);
int64_t t_get(struct fixture *, const char *sql, int64_t a, int64_t b);
void t_exec(struct fixture *, const char *sql, int64_t a, int64_t b);

#endif
