/*
 * t_records.c — the audit log that shows when it was tampered with, and
 * exports by two people.
 */
#include "test/lib/unit.h"
#include "t_desk.h"

#include "base/arena.h"
#include "base/limits.h"
#include "crypt/box.h"
#include "desk/audit_store.h"
#include "desk/desk_export.h"
#include "store/store.h"

static void
write_rows(struct fixture *f, int n)
{
	static const int64_t persons[] = {1, 2, 900};
	struct audit_entry entry = {.at = T_NOW,
				    .officer = 1,
				    .action = "details.open",
				    .object = SV("persons"),
				    .detail = SV("delivery of alert 7"),
				    .persons = persons,
				    .n_persons = ARRAY_LEN(persons)};
	int i;

	OK(f, store_begin(f->st, &f->e));
	for (i = 0; i < n; i++)
		OK(f, audit_add(f->st, &entry, &f->e));
	OK(f, store_commit(f->st, &f->e));
}

static void
tampering(void **state)
{
	/* What is done to row 3 of 6, and what the check says. */
	static const struct {
		const char *sql, *says;
	} cases[] = {
		{"UPDATE audit SET at = at + 1 WHERE seq = 3", "row 3"},
		{"UPDATE audit SET officer = 2 WHERE seq = 3", "row 3"},
		{"UPDATE audit SET action = 'details.see' WHERE seq = 3", "row 3"},
		{"UPDATE audit SET object = 'person' WHERE seq = 3", "row 3"},
		{"UPDATE audit SET detail = '' WHERE seq = 3", "row 3"},
		{"UPDATE audit SET persons = hash WHERE seq = 3", "row 3"},
		{"UPDATE audit SET object = 'personsd', detail = 'elivery of alert 7' WHERE seq = 3",
		 "row 3"},
		{"UPDATE audit SET hash = persons WHERE seq = 6", "row 6"},
		{"DELETE FROM audit WHERE seq = 3", "row 3 of the audit log is missing"},
		{"DELETE FROM audit WHERE seq = 1", "row 1 of the audit log is missing"},
		{"DELETE FROM audit WHERE seq > 4", "ends at row 4, but 6 rows were written"},
	};
	struct fixture f;
	int64_t n = 0;
	size_t i;

	(void)state;
	t_open(&f, false);
	OK(&f, audit_verify(f.st, &n, &f.e));
	assert_int_equal(n, 0);
	write_rows(&f, 6);
	OK(&f, audit_verify(f.st, &n, &f.e));
	assert_int_equal(n, 6);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		OK(&f, store_begin(f.st, &f.e));
		OK(&f, store_exec(f.st, cases[i].sql, NO_ARGS, NULL, &f.e));
		assert_int_equal(audit_verify(f.st, &n, &f.e), RC_CONFLICT);
		if (strstr(f.e.text, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].sql, f.e.text);
		store_rollback(f.st);
	}
	/* Nothing is written behind a cut. */
	t_exec(&f, "DELETE FROM audit WHERE seq = ?1 + ?2", 6, 0);
	OK(&f, store_begin(f.st, &f.e));
	assert_int_equal(audit_add(f.st,
				   &(struct audit_entry){
					   .action = "x", .object = SV("y"), .detail = SV("z")},
				   &f.e),
			 RC_CONFLICT);
	store_rollback(f.st);
	t_close(&f);
}

static enum rc
to_buf(void *arg, struct sv bytes, struct err *e)
{
	(void)e;
	buf_add(arg, bytes);
	return RC_OK;
}

static enum rc
fetch(struct fixture *f, const struct officer *o, int64_t id, int64_t now, struct buf *file)
{
	int64_t persons = -1;
	enum rc rc =
		desk_export_fetch(&f->desk, o, f->sealer, id, now, to_buf, file, &persons, &f->e);

	if (rc == RC_OK)
		assert_int_equal(persons, 4);
	else
		assert_int_equal(file->n, 0);
	return rc;
}

static void
export_by_two(void **state)
{
	struct buf pub = BUF_INIT(256), sec = BUF_INIT(256), pub2 = BUF_INIT(256),
		   sec2 = BUF_INIT(256);
	struct buf file = BUF_INIT(MIB), csv = BUF_INIT(MIB);
	struct crypt_key key;
	struct fixture f;
	int64_t id, late;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	box_make_pair(&pub, &sec);
	box_make_pair(&pub2, &sec2);
	assert_int_equal(desk_export_request(&f.desk, &f.anna, 0, buf_sv(&pub), SV("list"), T_NOW,
					     &id, &f.e),
			 RC_DENIED);
	assert_int_equal(desk_export_request(&f.desk, &f.eve, 0, buf_sv(&sec), SV("list"), T_NOW,
					     &id, &f.e),
			 RC_SYNTAX);
	assert_int_equal(desk_export_request(&f.desk, &f.eve, 0, buf_sv(&pub), SV(""), T_NOW, &id,
					     &f.e),
			 RC_SYNTAX);
	assert_int_equal(desk_export_request(&f.desk, &f.eve, 77, buf_sv(&pub), SV("x"), T_NOW, &id,
					     &f.e),
			 RC_NOTFOUND);
	OK(&f, desk_export_request(&f.desk, &f.eve, 0, buf_sv(&pub), SV("list"), T_NOW, &id, &f.e));
	assert_int_equal(fetch(&f, &f.eve, id, T_NOW, &file), RC_CONFLICT);
	f.eve.roles |= ROLE_BIT(ROLE_APPROVER);
	assert_int_equal(desk_export_approve(&f.desk, &f.eve, id, T_NOW, &f.e), RC_DENIED);
	assert_int_equal(desk_export_approve(&f.desk, &f.carol, id, T_NOW, &f.e), RC_DENIED);
	OK(&f, desk_export_approve(&f.desk, &f.boris, id, T_NOW, &f.e));
	assert_int_equal(desk_export_approve(&f.desk, &f.boris, id, T_NOW, &f.e), RC_CONFLICT);
	assert_int_equal(fetch(&f, &f.boris, id, T_NOW, &file), RC_DENIED);
	/* Another request, that runs out. */
	OK(&f, desk_export_request(&f.desk, &f.eve, 0, buf_sv(&pub), SV("x"), T_NOW, &late, &f.e));
	OK(&f, desk_export_approve(&f.desk, &f.boris, late, T_NOW, &f.e));
	assert_int_equal(fetch(&f, &f.eve, late, T_NOW + EXPORT_SECONDS, &file), RC_CONFLICT);
	OK(&f, fetch(&f, &f.eve, id, T_NOW + EXPORT_SECONDS - 1, &file));
	/* Who opened whose details is on record. */
	assert_int_equal(t_get(&f,
			       "SELECT count(*) FROM audit WHERE action = 'details.open' AND "
			       "officer = ?1 AND at > ?2",
			       f.eve.id, 0),
			 1);
	assert_true(sv_find(buf_sv(&file), SV("ada@example.org")) == file.n);
	OK(&f, box_parse_secret(&key, buf_sv(&sec2), &f.e));
	assert_int_equal(box_read(buf_sv(&file), &key, to_buf, &csv, &f.e), RC_DENIED);
	assert_int_equal(csv.n, 0);
	OK(&f, box_parse_secret(&key, buf_sv(&sec), &f.e));
	OK(&f, box_read(buf_sv(&file), &key, to_buf, &csv, &f.e));
	assert_true(sv_find(buf_sv(&csv), SV("p1,Ada,FR,ru;en,ada@example.org,")) < csv.n);
	assert_true(sv_find(buf_sv(&csv), SV("p4,Dan,DE,en,dan@example.org,")) < csv.n);
	/* Once. */
	buf_reset(&file);
	assert_int_equal(fetch(&f, &f.eve, id, T_NOW, &file), RC_CONFLICT);
	buf_fini(&pub);
	buf_fini(&sec);
	buf_fini(&pub2);
	buf_fini(&sec2);
	buf_fini(&file);
	buf_fini(&csv);
	t_close(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tampering),
		cmocka_unit_test(export_by_two),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
