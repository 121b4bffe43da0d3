/*
 * t_index_store.c — the index from the store, and after changes: what it says
 * must be what a freshly loaded one says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#include "answers/reach.h"
#include "audience/index.h"
#include "audience/index_store.h"
#include "audience/status_store.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "cap/cap.h"
#include "people/contact.h"
#include "store/change.h"
#include "store/migrate.h"
#include "store/store.h"

static struct store *st;
static char folder[] = "/tmp/t_index_store.XXXXXX";
static char path[64];

static int
setup(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/s", folder);
	if (store_open(&st, path, STORE_CREATE, &e) != RC_OK ||
	    migrate_run(st, "main", &e) != RC_OK) {
		fprintf(stderr, "%s\n", e.text);
		return -1;
	}
	return 0;
}

static int
teardown(void **state)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	char name[80];
	size_t i;

	(void)state;
	store_close(&st);
	for (i = 0; i < ARRAY_LEN(tails); i++) {
		snprintf(name, sizeof(name), "%s%s", path, tails[i]);
		(void)unlink(name);
	}
	return rmdir(folder);
}

static void
run(const char *sql, const struct store_arg *args, size_t n)
{
	struct err e = ERR_INIT;

	if (store_exec(st, sql, args, n, NULL, &e) != RC_OK)
		fail_msg("%s", e.text);
}

/* A person with one stay (and a second without coordinates when two), reachable by
 * e-mail unless the contact point is out of use. */
static void
enrol(int64_t id, const char *citizenships, double lat, bool two, enum contact_state contact)
{
	char ref[16];
	int64_t ids[1] = {id};

	snprintf(ref, sizeof(ref), "p%d", (int)id);
	assert_int_equal(store_begin(st, NULL), RC_OK);
	run("DELETE FROM person WHERE id = ?1", ARGS(ARG_INT(id)));
	run("DELETE FROM stay WHERE person = ?1", ARGS(ARG_INT(id)));
	run("DELETE FROM contact WHERE person = ?1", ARGS(ARG_INT(id)));
	run("INSERT INTO person (id, ref, citizenships, languages, groups, sealed, updated) "
	    "VALUES (?1, ?2, ?3, 'ru;en', 'staff', NULL, 0)",
	    ARGS(ARG_INT(id), ARG_TEXT(sv_of(ref)), ARG_TEXT(sv_of(citizenships))));
	run("INSERT INTO stay (person, n, country, subdivision, lat, lon, from_day, to_day) "
	    "VALUES (?1, 1, 'RU', 'RU-MOW', ?2, 37.5, 100, 200)",
	    ARGS(ARG_INT(id), ARG_REAL(lat)));
	if (two)
		run("INSERT INTO stay (person, n, country, subdivision, lat, lon, from_day, to_day) "
		    "VALUES (?1, 2, 'GE', '', NULL, NULL, 300, NULL)",
		    ARGS(ARG_INT(id)));
	run("INSERT INTO contact (person, n, channel, hash, sealed, state) "
	    "VALUES (?1, 1, ?2, ?3, ?3, ?4)",
	    ARGS(ARG_INT(id), ARG_INT(CHANNEL_EMAIL), ARG_BLOB(sv_of(ref)), ARG_INT(contact)));
	assert_int_equal(change_add(st, CHANGE_PERSON, ids, 1, NULL), RC_OK);
	assert_int_equal(store_commit(st, NULL), RC_OK);
}

static void
forget(int64_t id)
{
	int64_t ids[1] = {id};

	assert_int_equal(store_begin(st, NULL), RC_OK);
	run("DELETE FROM person WHERE id = ?1", ARGS(ARG_INT(id)));
	run("DELETE FROM stay WHERE person = ?1", ARGS(ARG_INT(id)));
	assert_int_equal(change_add(st, CHANGE_PERSON, ids, 1, NULL), RC_OK);
	assert_int_equal(store_commit(st, NULL), RC_OK);
}

static void
put_stay(void *arg, uint32_t stay, const struct index_stay *s)
{
	(void)stay;
	buf_addf(arg, " [%.*s %.*s %.9f %d-%d]", SV_ARG(s->country), SV_ARG(s->subdivision),
		 s->has_point ? s->point.lat : 99, s->from, s->to);
}

/* Everything about a person, as text. */
static void
assert_person(const struct index *ix, const char *ref, const char *want)
{
	struct buf out = BUF_INIT(KIB);
	struct index_person p;
	uint32_t row;

	if (!index_find(ix, sv_of(ref), &row)) {
		assert_null(want);
		return;
	}
	index_get(ix, row, &p);
	buf_addf(&out, "%d %.*s %.*s %.*s %u", (int)p.id, SV_ARG(p.citizenships),
		 SV_ARG(p.languages), SV_ARG(p.groups), p.channels);
	index_each_stay(ix, row, put_stay, &out);
	assert_non_null(want);
	assert_string_equal(buf_str(&out), want);
	buf_fini(&out);
}

static void
test_load_and_apply(void **state)
{
	struct index *ix = NULL;
	struct err e = ERR_INIT;
	int64_t seq = -1, last;

	(void)state;
	enrol(1, "FR;RU", 55.123456789, true, CONTACT_USED);
	enrol(2, "DE", 55.5, false, CONTACT_BOUNCED);
	assert_int_equal(index_store_load(&ix, &seq, st, &e), RC_OK);
	assert_int_equal(seq, 2);
	assert_int_equal(index_persons(ix), 2);
	assert_int_equal(index_stays(ix), 3);
	assert_person(ix, "p1",
		      "1 FR;RU ru;en staff 2 [RU RU-MOW 55.123456789 100-200] "
		      "[GE  99.000000000 300-2147483647]");
	assert_person(ix, "p2", "2 DE ru;en staff 0 [RU RU-MOW 55.500000000 100-200]");

	/* nothing new */
	assert_int_equal(index_store_apply(&ix, &seq, st, &e), RC_OK);
	assert_int_equal(seq, 2);

	enrol(3, "US", 56.25, false, CONTACT_USED); /* new */
	enrol(1, "RU", 57.5, false, CONTACT_USED);  /* changed, twice */
	enrol(1, "RU", 58.5, false, CONTACT_USED);
	forget(2);
	assert_int_equal(index_store_apply(&ix, &seq, st, &e), RC_OK);
	assert_int_equal(change_last(st, &last, &e), RC_OK);
	assert_int_equal(seq, last);
	assert_int_equal(index_persons(ix), 2);
	assert_int_equal(index_stays(ix), 2);
	assert_person(ix, "p1", "1 RU ru;en staff 2 [RU RU-MOW 58.500000000 100-200]");
	assert_person(ix, "p2", NULL);
	assert_person(ix, "p3", "3 US ru;en staff 2 [RU RU-MOW 56.250000000 100-200]");

	/* again, on one that stands in the tail */
	enrol(3, "US", 56.75, false, CONTACT_OPTED_OUT);
	assert_int_equal(index_store_apply(&ix, &seq, st, &e), RC_OK);
	assert_int_equal(index_persons(ix), 2);
	assert_person(ix, "p3", "3 US ru;en staff 0 [RU RU-MOW 56.750000000 100-200]");

	/* rows swept away before they were read: everything is read afresh */
	enrol(4, "US", 56.75, false, CONTACT_USED);
	run("DELETE FROM change", NO_ARGS);
	assert_int_equal(index_store_apply(&ix, &seq, st, &e), RC_OK);
	assert_int_equal(index_persons(ix), 3);
	assert_person(ix, "p4", "4 US ru;en staff 2 [RU RU-MOW 56.750000000 100-200]");
	index_free(&ix);
}

static void
test_statuses(void **state)
{
	static const struct {
		int64_t person;
		enum reach_state state;
		enum expr_status want;
	} rows[] = {
		{3, REACH_ANSWERED, EXPR_STATUS_ANSWERED},
		{1, REACH_HANDED_OVER, EXPR_STATUS_HANDED_OVER},
		{2, REACH_REACHED, EXPR_STATUS_REACHED},
		{9, REACH_UNREACHED, EXPR_STATUS_UNREACHED},
	};
	struct cap_reference known = {.identifier = SV("one")};
	struct cap_alert alert = {.identifier = SV("two"), .references = &known, .n_references = 1};
	struct status_set *set = NULL;
	struct audience_statuses view;
	struct err e = ERR_INIT;
	int64_t thread = -1;
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++)
		run("INSERT INTO reach (thread, person, state, updated) VALUES (7, ?1, ?2, 0)",
		    ARGS(ARG_INT(rows[i].person), ARG_INT(rows[i].state)));
	run("INSERT INTO reach (thread, person, state, updated) VALUES (8, 5, 10, 0)", NO_ARGS);
	assert_int_equal(status_store_load(&set, st, 7, &e), RC_OK);
	view = status_set_view(set);
	assert_int_equal(view.n, 4);
	for (i = 0; i < view.n; i++)
		for (k = 0; k < ARRAY_LEN(rows); k++)
			if (rows[k].person == view.persons[i])
				assert_int_equal(view.status[i], rows[k].want);
	for (i = 1; i < view.n; i++)
		assert_true(view.persons[i - 1] < view.persons[i]);
	status_set_free(&set);

	assert_int_equal(status_store_thread(&thread, st, &alert, &e), RC_OK);
	assert_int_equal(thread, 0);
	run("INSERT INTO alert (id, thread, version, state, author, identifier, msgtype, status, scope, "
	    "effective, expires, headline, xml, created) "
	    "VALUES (12, 7, 1, 0, 1, 'one', 1, 1, 1, 0, 0, '', '', 0)",
	    NO_ARGS);
	assert_int_equal(status_store_thread(&thread, st, &alert, &e), RC_OK);
	assert_int_equal(thread, 7);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load_and_apply),
		cmocka_unit_test(test_statuses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("audience/index_store", tests, setup, teardown);
}
