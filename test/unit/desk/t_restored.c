/*
 * t_restored.c — a backup made live again uses no number twice: not that of an
 * alert that left after the backup was made.
 */
#include "test/lib/unit.h"
#include "t_desk.h"

#include "desk/backup_store.h"
#include "desk/setting_store.h"
#include "store/store.h"

static void
numbers(void **state)
{
	struct fixture f;
	struct buf hold = BUF_INIT(16);
	int64_t first, lost, lost_update, again, update;
	struct sv lost_name, lost_update_name;

	(void)state;
	t_open(&f, false);
	t_four(&f);
	first = t_live(&f, t_cap(&f, "Actual", "GE"), 0);
	/* These two leave after the backup was made. */
	lost = t_live(&f, t_cap(&f, "Actual", "AM"), 0);
	lost_name = t_alert(&f, lost)->identifier;
	lost_update = t_live(&f, t_cap(&f, "Actual", "GE"), first);
	lost_update_name = t_alert(&f, lost_update)->identifier;
	t_exec(&f, "DELETE FROM alert WHERE id > ?1 + ?2", first, 0);
	t_exec(&f, "DELETE FROM audience_piece WHERE alert > ?1 + ?2", first, 0);
	t_exec(&f, "UPDATE alert SET state = ?1 WHERE id = ?2", ALERT_LIVE, first);
	t_exec(&f, "UPDATE counter SET value = ?1 + ?2 WHERE name = 'alert'", first, 0);

	OK(&f, backup_make_live(f.st, &f.e));
	OK(&f, setting_get(&hold, f.st, SETTING_HOLD, &f.e));
	assert_sv(buf_sv(&hold), SV("1"));
	again = t_live(&f, t_cap(&f, "Actual", "AM"), 0);
	update = t_live(&f, t_cap(&f, "Actual", "GE"), first);
	assert_true(again > lost_update);
	assert_true(update > lost_update);
	assert_false(sv_eq(t_alert(&f, again)->identifier, lost_name));
	assert_false(sv_eq(t_alert(&f, update)->identifier, lost_update_name));
	buf_fini(&hold);
	t_close(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
