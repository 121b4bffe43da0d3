/* See t_delivery.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "t_delivery.h"

#include "alert/alert_state.h"
#include "alert/alert_store.h"
#include "base/mem.h"
#include "store/migrate.h"
#include "store/store.h"

void
t_ok(struct fixture *f, enum rc rc, const char *file, int line)
{
	if (rc != RC_OK)
		print_error("%s: %s\n", rc_name(rc), f->e.text);
	_assert_int_equal((unsigned long)rc, RC_OK, file, line);
}

void
t_open(struct fixture *f)
{
	const char *pg = getenv("TOCSIN_TEST_PG");

	*f = (struct fixture){.e = ERR_INIT};
	snprintf(f->folder, sizeof(f->folder), "/tmp/tocsin-test-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	if (pg != NULL && pg[0] != '\0')
		snprintf(f->where, sizeof(f->where), "%s", pg);
	else
		snprintf(f->where, sizeof(f->where), "%s/main.db", f->folder);
	OK(f, store_open(&f->st, f->where, STORE_CREATE, &f->e));
	if (store_is_postgres(f->st))
		OK(f,
		   store_script(f->st, SV("DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"),
				&f->e));
	OK(f, migrate_run(f->st, "main", &f->e));
}

void
t_close(struct fixture *f)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[128];
	size_t i;

	store_close(&f->st);
	for (i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s/main.db%s", f->folder, ends[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/lock", f->folder);
	unlink(path);
	rmdir(f->folder);
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

void
t_alert(struct fixture *f, int64_t id, int64_t thread, int64_t expires)
{
	OK(f,
	   store_exec(
		   f->st,
		   "INSERT INTO alert (id, thread, version, state, author, msgtype, status, scope, effective, "
		   "expires, headline, xml, created) VALUES (?1, ?2, ?1, ?3, 1, 0, 0, 0, 0, ?4, 'h', ?5, 0)",
		   ARGS(ARG_INT(id), ARG_INT(thread), ARG_INT(ALERT_LIVE), ARG_INT(expires),
			ARG_BLOB(SV("<alert/>"))),
		   NULL, &f->e));
}

void
t_contact(struct fixture *f, int64_t person, int64_t n, enum channel ch, enum contact_state state)
{
	OK(f,
	   store_exec(
		   f->st,
		   "INSERT INTO contact (person, n, channel, hash, sealed, state) VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
		   ARGS(ARG_INT(person), ARG_INT(n), ARG_INT(ch), ARG_BLOB(SV("x")),
			ARG_INT(state)),
		   NULL, &f->e));
}

void
t_audience(struct fixture *f, int64_t alert, int64_t lo, int64_t hi, int64_t step)
{
	size_t n = 0, max = (size_t)((hi - lo) / step + 1);
	int64_t *ids = MEM_NEW_N(int64_t, max), id;
	struct store_arg *args = MEM_NEW_N(struct store_arg, max * 2);

	for (id = lo; id <= hi; id += step) {
		args[n * 2] = ARG_INT(id);
		args[n * 2 + 1] = ARG_BLOB(SV("x"));
		ids[n++] = id;
	}
	OK(f, store_begin(f->st, &f->e));
	OK(f,
	   store_exec_many(
		   f->st,
		   "INSERT INTO contact (person, n, channel, hash, sealed, state) VALUES (?1, 1, 1, ?2, ?2, 0) "
		   "ON CONFLICT (person, n) DO NOTHING",
		   args, 2, n, NULL, &f->e));
	OK(f, audience_put(f->st, alert, true, ids, n, &f->e));
	OK(f, store_commit(f->st, &f->e));
	mem_free(ids);
	mem_free(args);
}

int64_t
t_fan_out(struct fixture *f, int64_t now)
{
	static const struct outbox_ladder ladder = {1U << CHANNEL_EMAIL, false};
	struct outbox_fanned fanned;
	int64_t rows = 0;

	do {
		OK(f, store_begin(f->st, &f->e));
		OK(f, outbox_fan_out(f->st, &ladder, now, &fanned, &f->e));
		OK(f, store_commit(f->st, &f->e));
		rows += fanned.rows;
	} while (fanned.alert != 0);
	return rows;
}

int64_t
t_count(struct fixture *f, int64_t alert, enum outbox_state s)
{
	return t_get(f, "SELECT count(*) FROM delivery WHERE alert = ?1 AND state = ?2", alert, s);
}
