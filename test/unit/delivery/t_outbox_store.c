/*
 * The table `delivery` on the store that the environment names: fan-out,
 * claim, start, settle, and what a crash between two commits leaves behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "t_delivery.h"

#include "alert/alert_state.h"
#include "answers/reach_store.h"
#include "base/limits.h"
#include "store/store.h"

static struct fixture fx;
static struct outbox_row rows[BATCH_CLAIM];

static int
setup(void **state)
{
	(void)state;
	t_open(&fx);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	t_close(&fx);
	return 0;
}

static int64_t
begin_run(const char *name, int64_t until)
{
	int64_t epoch = 0;

	OK(&fx, store_begin(fx.st, &fx.e));
	OK(&fx, outbox_run_begin(fx.st, sv_of(name), until, &epoch, &fx.e));
	OK(&fx, store_commit(fx.st, &fx.e));
	return epoch;
}

static struct outbox_claim
claim(int64_t epoch, int64_t after, size_t most, int64_t now, int64_t *look_at)
{
	struct outbox_claim c = {.rows = rows};

	OK(&fx, store_begin(fx.st, &fx.e));
	OK(&fx, outbox_claim(fx.st, epoch, after, most, now, &c, look_at, &fx.e));
	OK(&fx, store_commit(fx.st, &fx.e));
	return c;
}

static enum outbox_go
start(int64_t epoch, const struct outbox_claim *c, int64_t now)
{
	enum outbox_go go = OUTBOX_LOST;

	OK(&fx, store_begin(fx.st, &fx.e));
	OK(&fx, outbox_start(fx.st, epoch, c, now, &go, &fx.e));
	OK(&fx, store_commit(fx.st, &fx.e));
	return go;
}

/* The same outcome for all rows of the claim; returns how many were lost. */
static int64_t
settle(const struct outbox_claim *c, enum outbox_event on, int64_t next_at)
{
	static struct outbox_result r[BATCH_CLAIM];
	int64_t lost = -1;
	size_t i;

	for (i = 0; i < c->n; i++)
		r[i] = (struct outbox_result){.claim = c->id,
					      .alert = c->alert,
					      .person = c->rows[i].person,
					      .contact = c->rows[i].contact,
					      .thread = c->rows[i].thread,
					      .from = OUTBOX_IN_FLIGHT,
					      .on = on,
					      .next_at = next_at,
					      .counts = true,
					      .ref = SV("queue-id")};
	OK(&fx, store_begin(fx.st, &fx.e));
	OK(&fx, outbox_settle(fx.st, r, c->n, T_NOW, &lost, &fx.e));
	OK(&fx, outbox_claim_end(fx.st, c->id, &fx.e));
	OK(&fx, store_commit(fx.st, &fx.e));
	return lost;
}

static struct outbox_recovered
recover(int64_t now)
{
	struct outbox_recovered r = {-1, -1};

	OK(&fx, store_begin(fx.st, &fx.e));
	OK(&fx, outbox_recover(fx.st, now, &r, &fx.e));
	OK(&fx, store_commit(fx.st, &fx.e));
	return r;
}

static void
check_sums(int64_t alert, int64_t audience)
{
	struct outbox_counts c;
	int64_t rows_sum = 0, persons = 0;
	int i;

	OK(&fx, outbox_count(fx.st, alert, &c, &fx.e));
	for (i = 0; i < OUTBOX_STATE_COUNT; i++) {
		rows_sum += c.rows_by[i];
		persons += c.persons_by[i];
	}
	assert_int_equal(rows_sum, c.rows);
	assert_int_equal(c.audience, audience);
	assert_int_equal(persons + c.not_fanned_out, audience);
	assert_int_equal(c.unaccounted, 0);
	/* What may be claimed has a time, what is held has a claim, nothing else has either. */
	assert_int_equal(t_get(&fx,
			       "SELECT count(*) FROM delivery WHERE "
			       "(next_at IS NOT NULL) <> (state >= ?1 AND state <= ?2)",
			       OUTBOX_RETRY_WAIT, OUTBOX_IN_DOUBT),
			 0);
	assert_int_equal(t_get(&fx,
			       "SELECT count(*) FROM delivery WHERE "
			       "(claim <> 0) <> (state = ?1 OR state = ?2)",
			       OUTBOX_CLAIMED, OUTBOX_IN_FLIGHT),
			 0);
}

static void
ladder(void **state)
{
	static const struct {
		int64_t person;
		struct {
			enum channel ch;
			enum contact_state state;
		} points[2];
		enum outbox_state want;
		int64_t contact;
	} cases[] = {
		{1, {{CHANNEL_EMAIL, CONTACT_USED}}, OUTBOX_READY, 1},
		{2, {{CHANNEL_SMS, CONTACT_USED}}, OUTBOX_NO_CHANNEL, 0},
		{3, {{CHANNEL_NONE, CONTACT_USED}}, OUTBOX_NO_CHANNEL, 0},
		{4, {{CHANNEL_EMAIL, CONTACT_OPTED_OUT}}, OUTBOX_OPTED_OUT, 0},
		{5,
		 {{CHANNEL_EMAIL, CONTACT_BOUNCED}, {CHANNEL_EMAIL, CONTACT_USED}},
		 OUTBOX_READY,
		 2},
		{6, {{CHANNEL_EMAIL, CONTACT_BOUNCED}}, OUTBOX_NO_CHANNEL, 0},
		{7,
		 {{CHANNEL_EMAIL, CONTACT_OPTED_OUT}, {CHANNEL_EMAIL, CONTACT_USED}},
		 OUTBOX_READY,
		 2},
		{8, {{CHANNEL_SMS, CONTACT_USED}, {CHANNEL_EMAIL, CONTACT_USED}}, OUTBOX_READY, 2},
	};
	size_t i, k;

	(void)state;
	t_alert(&fx, 1, 1, T_NOW + 1000);
	for (i = 0; i < ARRAY_LEN(cases); i++)
		for (k = 0; k < 2; k++)
			if (cases[i].points[k].ch != CHANNEL_NONE)
				t_contact(&fx, cases[i].person, (int64_t)k + 1,
					  cases[i].points[k].ch, cases[i].points[k].state);
	t_contact(&fx, 100, 1, CHANNEL_EMAIL, CONTACT_USED); /* not concerned */
	OK(&fx, store_exec(fx.st,
			   "INSERT INTO audience_piece (alert, piece, n, persons, done) "
			   "VALUES (1, 1, 8, ?1, 0)",
			   ARGS(ARG_BLOB(SV("\1\1\1\1\1\1\1\1"))), NULL, &fx.e));
	check_sums(1, 8);
	assert_int_equal(t_fan_out(&fx, T_NOW), 8);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(
			t_get(&fx, "SELECT state FROM delivery WHERE alert = ?1 AND person = ?2", 1,
			      cases[i].person),
			cases[i].want);
		assert_int_equal(
			t_get(&fx, "SELECT contact FROM delivery WHERE alert = ?1 AND person = ?2",
			      1, cases[i].person),
			cases[i].contact);
	}
	check_sums(1, 8);
	assert_int_equal(t_fan_out(&fx, T_NOW), 0);
}

/* Dense, and so thin that contact points are read one by one. */
static void
fan_out_sizes(void **state)
{
	(void)state;
	t_alert(&fx, 1, 1, T_NOW + 1000);
	t_alert(&fx, 2, 2, T_NOW + 1000);
	t_audience(&fx, 1, 1, 4500, 1);
	t_audience(&fx, 2, 5000, 105000, 100);
	assert_int_equal(t_fan_out(&fx, T_NOW), 4500 + 1001);
	assert_int_equal(t_count(&fx, 1, OUTBOX_READY), 4500);
	assert_int_equal(t_count(&fx, 2, OUTBOX_READY), 1001);
	check_sums(1, 4500);
	check_sums(2, 1001);
}

/* A crash before the commit leaves nothing; the piece is done again as a whole. */
static void
fan_out_cut(void **state)
{
	static const struct outbox_ladder l = {1U << CHANNEL_EMAIL, false};
	struct outbox_fanned f;

	(void)state;
	t_alert(&fx, 1, 1, T_NOW + 1000);
	t_audience(&fx, 1, 1, 3000, 1);
	OK(&fx, store_begin(fx.st, &fx.e));
	OK(&fx, outbox_fan_out(fx.st, &l, T_NOW, &f, &fx.e));
	assert_int_equal(f.rows, BATCH_ROWS);
	store_rollback(fx.st);
	check_sums(1, 3000);
	assert_int_equal(t_fan_out(&fx, T_NOW), 3000);
	check_sums(1, 3000);
}

static void
to_the_end(void **state)
{
	struct outbox_claim c;
	enum reach_state reach = REACH_UNREACHED;
	int64_t epoch, look = 0, left = 1200, counts[REACH_STATE_COUNT];
	size_t i;

	(void)state;
	t_alert(&fx, 1, 1, T_NOW + 1000);
	t_audience(&fx, 1, 1, 1200, 1);
	t_fan_out(&fx, T_NOW);
	epoch = begin_run("one", T_NOW + 60);
	while ((c = claim(epoch, 0, BATCH_CLAIM, T_NOW, &look)).n > 0) {
		assert_int_equal(c.n, left < BATCH_CLAIM ? left : BATCH_CLAIM);
		for (i = 1; i < c.n; i++)
			assert_true(c.rows[i - 1].person < c.rows[i].person);
		assert_int_equal(t_count(&fx, 1, OUTBOX_CLAIMED), c.n);
		assert_int_equal(start(epoch, &c, T_NOW), OUTBOX_GO);
		assert_int_equal(t_count(&fx, 1, OUTBOX_IN_FLIGHT), c.n);
		check_sums(1, 1200);
		assert_int_equal(settle(&c, OUTBOX_ON_ACCEPT, 0), 0);
		left -= (int64_t)c.n;
		assert_int_equal(t_count(&fx, 1, OUTBOX_ACCEPTED), 1200 - left);
	}
	assert_int_equal(left, 0);
	assert_int_equal(look, 0);
	assert_int_equal(t_get(&fx, "SELECT count(*) FROM claim WHERE id > ?1 - ?2", 0, 0), 0);
	OK(&fx, reach_counts(fx.st, 1, counts, &fx.e));
	assert_int_equal(counts[reach_index(REACH_HANDED_OVER)], 1200);
	OK(&fx, reach_get(fx.st, 1, 700, &reach, &fx.e));
	assert_int_equal(reach, REACH_HANDED_OVER);
	OK(&fx, reach_get(fx.st, 1, 1201, &reach, &fx.e));
	assert_int_equal(reach, REACH_UNREACHED);
	check_sums(1, 1200);
}

static void
crash(void **state)
{
	struct outbox_claim a, b, again;
	struct outbox_recovered r;
	int64_t epoch, look;
	size_t i;

	(void)state;
	t_alert(&fx, 1, 1, T_NOW + 1000);
	t_audience(&fx, 1, 1, 30, 1);
	t_fan_out(&fx, T_NOW);
	epoch = begin_run("one", T_NOW + 60);
	a = claim(epoch, 0, 10, T_NOW, &look);
	assert_int_equal(start(epoch, &a, T_NOW), OUTBOX_GO);
	b = claim(epoch, 0, 10, T_NOW, &look);
	assert_int_equal(b.n, 10);

	/* Alive: nothing is taken from it. */
	r = recover(T_NOW + 1);
	assert_int_equal(r.ready + r.in_doubt, 0);

	/* The same name again: at once. */
	epoch = begin_run("one", T_NOW + 60);
	r = recover(T_NOW + 1);
	assert_int_equal(r.ready, 10);
	assert_int_equal(r.in_doubt, 10);
	assert_int_equal(t_count(&fx, 1, OUTBOX_READY), 20);
	assert_int_equal(t_count(&fx, 1, OUTBOX_IN_DOUBT), 10);
	check_sums(1, 30);

	/* The dead one's words count no more; what was in doubt is known as such when it goes again. */
	a.rows = rows;
	for (i = 0; i < a.n; i++)
		rows[i].person = (int64_t)i + 1;
	assert_int_equal(settle(&a, OUTBOX_ON_ACCEPT, 0), 10);
	assert_int_equal(t_count(&fx, 1, OUTBOX_IN_DOUBT), 10);
	again = claim(epoch, 0, BATCH_CLAIM, T_NOW + 1, &look);
	assert_int_equal(again.n, 30);
	for (i = 0; i < again.n; i++)
		assert_int_equal(again.rows[i].doubts, again.rows[i].person <= 10 ? 1 : 0);
	assert_int_equal(start(epoch, &again, T_NOW + 1), OUTBOX_GO);
	assert_int_equal(settle(&again, OUTBOX_ON_ACCEPT, 0), 0);
	assert_int_equal(t_count(&fx, 1, OUTBOX_ACCEPTED), 30);
}

static void
lease(void **state)
{
	struct outbox_claim c;
	struct outbox_recovered r;
	int64_t epoch, look;

	(void)state;
	t_alert(&fx, 1, 1, T_NOW + 1000);
	t_audience(&fx, 1, 1, 5, 1);
	t_fan_out(&fx, T_NOW);
	epoch = begin_run("one", T_NOW + 60);
	begin_run("two", T_NOW + 600);
	c = claim(epoch, 0, 5, T_NOW, &look);
	r = recover(T_NOW + 59);
	assert_int_equal(r.ready, 0);
	OK(&fx, outbox_run_renew(fx.st, epoch, T_NOW + 100, &fx.e));
	r = recover(T_NOW + 60);
	assert_int_equal(r.ready, 0);
	r = recover(T_NOW + 100);
	assert_int_equal(r.ready, 5);
	assert_int_equal(start(epoch, &c, T_NOW + 100), OUTBOX_LOST);
	assert_int_equal(outbox_run_renew(fx.st, epoch, T_NOW + 200, &fx.e), RC_CONFLICT);
	assert_int_equal(t_count(&fx, 1, OUTBOX_READY), 5);
}

/* The alert ends between claim and start, and while rows wait. */
static void
ends(void **state)
{
	static const struct {
		enum alert_state state;
		int64_t after;
		enum outbox_state want;
	} cases[] = {
		{ALERT_CANCELLED, 0, OUTBOX_CANCELLED},
		{ALERT_UPDATED, 0, OUTBOX_SUPERSEDED},
		{ALERT_EXPIRED, 0, OUTBOX_EXPIRED},
		{ALERT_LIVE, 1000, OUTBOX_EXPIRED},
	};
	struct outbox_claim c;
	int64_t epoch, look, id, now;
	size_t i;

	(void)state;
	epoch = begin_run("one", T_NOW + 6000);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		id = (int64_t)i + 1;
		t_alert(&fx, id, id, T_NOW + 1000);
		t_audience(&fx, id, 1, 20, 1);
		t_fan_out(&fx, T_NOW);
		c = claim(epoch, 0, 10, T_NOW, &look);
		assert_int_equal(c.n, 10);
		t_exec(&fx, "UPDATE alert SET state = ?2 WHERE id = ?1", id, cases[i].state);
		now = T_NOW + cases[i].after;
		assert_int_equal(start(epoch, &c, now), OUTBOX_ENDED);
		assert_int_equal(t_count(&fx, id, cases[i].want), 10);
		c = claim(epoch, 0, 10, now, &look);
		assert_int_equal(c.n, 0);
		assert_int_equal(t_count(&fx, id, cases[i].want), 20);
		check_sums(id, 20);
	}
}

static void
hold(void **state)
{
	struct outbox_claim c;
	int64_t epoch, look;

	(void)state;
	t_alert(&fx, 1, 1, T_NOW + 1000);
	t_audience(&fx, 1, 1, 20, 1);
	t_fan_out(&fx, T_NOW);
	epoch = begin_run("one", T_NOW + 60);
	c = claim(epoch, 0, 10, T_NOW, &look);
	OK(&fx, store_exec(fx.st, "INSERT INTO setting (name, value) VALUES ('hold', '1')", NO_ARGS,
			   NULL, &fx.e));
	assert_int_equal(start(epoch, &c, T_NOW), OUTBOX_HELD);
	c = claim(epoch, 0, 10, T_NOW, &look);
	assert_int_equal(c.n, 0);
	assert_int_equal(t_count(&fx, 1, OUTBOX_READY), 20);
	OK(&fx, store_exec(fx.st, "UPDATE setting SET value = '0' WHERE name = 'hold'", NO_ARGS,
			   NULL, &fx.e));
	c = claim(epoch, 0, BATCH_CLAIM, T_NOW, &look);
	assert_int_equal(c.n, 20);
}

/* Retries come when they are due, and alerts take turns. */
static void
turns(void **state)
{
	struct outbox_claim c;
	int64_t epoch, look = 0;

	(void)state;
	t_alert(&fx, 1, 1, T_NOW + 1000);
	t_alert(&fx, 2, 2, T_NOW + 1000);
	t_audience(&fx, 1, 1, 20, 1);
	t_audience(&fx, 2, 1, 100000, 9000); /* thin: started row by row */
	t_fan_out(&fx, T_NOW);
	epoch = begin_run("one", T_NOW + 600);
	c = claim(epoch, 0, 20, T_NOW, &look);
	assert_int_equal(c.alert, 1);
	assert_int_equal(start(epoch, &c, T_NOW), OUTBOX_GO);
	assert_int_equal(settle(&c, OUTBOX_ON_RETRY, T_NOW + 30), 0);
	c = claim(epoch, c.alert, 500, T_NOW, &look);
	assert_int_equal(c.alert, 2);
	assert_int_equal(c.n, 12);
	assert_int_equal(start(epoch, &c, T_NOW), OUTBOX_GO);
	assert_int_equal(t_count(&fx, 2, OUTBOX_IN_FLIGHT), 12);
	assert_int_equal(settle(&c, OUTBOX_ON_BOUNCE, 0), 0);
	c = claim(epoch, c.alert, 500, T_NOW + 29, &look);
	assert_int_equal(c.n, 0);
	assert_int_equal(look, T_NOW + 30);
	c = claim(epoch, 2, 500, T_NOW + 30, &look);
	assert_int_equal(c.n, 20);
	assert_int_equal(c.rows[0].attempts, 1);
	check_sums(1, 20);
	check_sums(2, 12);
}

static void
release(void **state)
{
	struct outbox_claim a, b;
	int64_t epoch, look, ready = 0;

	(void)state;
	t_alert(&fx, 1, 1, T_NOW + 1000);
	t_audience(&fx, 1, 1, 30, 1);
	t_fan_out(&fx, T_NOW);
	epoch = begin_run("one", T_NOW + 60);
	a = claim(epoch, 0, 10, T_NOW, &look);
	assert_int_equal(start(epoch, &a, T_NOW), OUTBOX_GO);
	b = claim(epoch, 0, 10, T_NOW, &look);
	OK(&fx, outbox_release_others(fx.st, epoch, &a.id, 1, T_NOW + 5, T_NOW, &ready, &fx.e));
	assert_int_equal(ready, b.n);
	assert_int_equal(t_count(&fx, 1, OUTBOX_IN_FLIGHT), 10);
	OK(&fx, outbox_release_others(fx.st, epoch, NULL, 0, T_NOW + 5, T_NOW, &ready, &fx.e));
	assert_int_equal(ready, 10);
	assert_int_equal(t_count(&fx, 1, OUTBOX_READY), 30);
	assert_int_equal(t_get(&fx,
			       "SELECT sum(doubts) FROM delivery WHERE alert = ?1 AND person > ?2",
			       1, 0),
			 0);
	check_sums(1, 30);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(ladder), T(fan_out_sizes), T(fan_out_cut), T(to_the_end), T(crash),
		T(lease),  T(ends),          T(hold),        T(turns),      T(release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
