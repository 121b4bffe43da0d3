/*
 * t_delivery.h — a store with alerts, persons' contact points and audiences,
 * for the tests of this room. With TOCSIN_TEST_PG it is that database, emptied
 * first; else a SQLite file in a temporary folder.
 */
#ifndef T_DELIVERY_H
#define T_DELIVERY_H

#include <stdint.h>

#include "delivery/fanout_store.h"
#include "delivery/outbox_store.h"
#include "people/contact.h"

struct store;

struct fixture {
	struct store *st;
	struct err e;
	char folder[64];
	char where[256];
};

#define T_NOW       INT64_C(1790000000)
#define OK(f, call) t_ok((f), (call), __FILE__, __LINE__)

void t_ok(struct fixture *, enum rc, const char *file, int line);
void t_open(struct fixture *);
void t_close(struct fixture *);

void t_exec(struct fixture *, const char *sql, int64_t a, int64_t b);
int64_t t_get(struct fixture *, const char *sql, int64_t a, int64_t b);
void t_alert(struct fixture *, int64_t id, int64_t thread, int64_t expires);
void t_contact(struct fixture *, int64_t person, int64_t n, enum channel, enum contact_state);
/* Persons lo to hi in steps, in pieces; each with one e-mail address. */
void t_audience(struct fixture *, int64_t alert, int64_t lo, int64_t hi, int64_t step);
/* Fan out all there is; returns the rows. */
int64_t t_fan_out(struct fixture *, int64_t now);
/* Rows of the alert in that state. */
int64_t t_count(struct fixture *, int64_t alert, enum outbox_state);

#endif
