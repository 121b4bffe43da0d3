/*
 * t_alert.c — moves, freezing and corrections.
 */
#include <stdio.h>

#include "test/lib/unit.h"

#include "alert/alert_state.h"
#include "alert/freeze.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_read.h"
#include "cap/cap_write.h"

#define NOW INT64_C(1790000000) /* 2026-09-21T14:13:20Z */

static void
moves(void **state)
{
	/* By hand from the drawing: state × event, '.' where it is not possible. */
	static const enum alert_state states[] = {ALERT_DRAFT,  ALERT_SUBMITTED, ALERT_APPROVED,
						  ALERT_LIVE,   ALERT_UPDATED,   ALERT_CANCELLED,
						  ALERT_EXPIRED};
	static const char letters[] = "dsaluce";
	static const char *const table[] = {
		/* submit return approve send supersede cancel expire */
		"s......",                       /* draft */
		".da....",                       /* submitted */
		".d.l...",                       /* approved */
		"....uce",                       /* live */
		".......", ".......", ".....c.", /* expired: a false one is still corrected */
	};
	enum alert_state to;
	size_t i, on;

	(void)state;
	for (i = 0; i < ARRAY_LEN(states); i++) {
		for (on = 0; on < 7; on++) {
			bool can = alert_move(states[i], (enum alert_event)on, &to);

			if (can != (table[i][on] != '.') ||
			    (can && to != states[strchr(letters, table[i][on]) - letters]))
				fail_msg("%s on %s", alert_state_name(states[i]),
					 alert_event_name((enum alert_event)on));
		}
		assert_true(alert_state_of_number(states[i], &to));
		assert_int_equal(to, states[i]);
	}
	assert_false(alert_state_of_number(5, &to));
	assert_false(alert_state_of_number(-10, &to));
}

#define INFO(language, extra, headline)                                                   \
	"<info><language>" language "</language><category>Security</category>"            \
	"<event>Unrest</event><urgency>Immediate</urgency><severity>Severe</severity>"    \
	"<certainty>Observed</certainty>" extra "<senderName>Embassy</senderName>"        \
	"<headline>" headline "</headline><description>D " headline "</description>"      \
	"<instruction>Stay</instruction><contact>1</contact><area><areaDesc>a</areaDesc>" \
	"<circle>41.7,44.8 20</circle></area></info>"
#define ALERT(status, infos)                                                               \
	"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>i</identifier>" \
	"<sender>s</sender><sent>2026-09-01T00:00:00-00:00</sent><status>" status          \
	"</status><msgType>Alert</msgType><scope>Public</scope>" infos "</alert>"
#define LATER "<expires>2026-09-22T14:13:20-00:00</expires>"

static const struct cap_alert *
read_alert(struct arena *a, struct sv xml, size_t *ret_errors)
{
	const struct cap_findings *findings;
	const struct cap_alert *cap;
	struct err e = ERR_INIT;

	if (cap_read(&cap, &findings, a, xml, &e) != RC_OK)
		fail_msg("%s", e.text);
	*ret_errors = findings->errors;
	return cap;
}

static void
freeze(void **state)
{
	static const struct freeze_reference refs[] = {
		{SV_INIT("s@example.org"), SV_INIT("one"), NOW - 7200},
		{SV_INIT("s@example.org"), SV_INIT("two"), NOW - 3600},
	};
	struct freeze f = {.identifier = SV("three"),
			   .sender = SV("s@example.org"),
			   .now = NOW,
			   .msgtype = CAP_MSGTYPE_UPDATE,
			   .hours = 72,
			   .references = refs,
			   .n_references = 2};
	struct buf out = BUF_INIT(MIB), again = BUF_INIT(MIB);
	struct arena *a = arena_new();
	const struct cap_alert *cap;
	size_t errors;

	(void)state;
	cap = read_alert(a, SV(ALERT("Actual", INFO("en", "", "E") INFO("ru", LATER, "R"))),
			 &errors);
	alert_freeze(&out, a, cap, &f);
	cap = read_alert(a, arena_sv(a, buf_sv(&out)), &errors);
	assert_int_equal(errors, 0);
	assert_sv(cap->identifier, SV("three"));
	assert_sv(cap->sender, SV("s@example.org"));
	assert_sv(cap->sent.text, SV("2026-09-21T14:13:20-00:00"));
	assert_int_equal(cap->status, CAP_STATUS_ACTUAL);
	assert_int_equal(cap->msgtype, CAP_MSGTYPE_UPDATE);
	assert_sv(cap->references_text, SV("s@example.org,one,2026-09-21T12:13:20-00:00 "
					   "s@example.org,two,2026-09-21T13:13:20-00:00"));
	/* 72 h where the author gave no end; the author's where there is one. */
	assert_int_equal(cap->infos[0].expires.at.utc, NOW + 72 * 3600);
	assert_int_equal(cap->infos[1].expires.at.utc, NOW + 86400);
	assert_sv(cap->infos[1].headline, SV("R"));
	cap_write(&again, cap);
	assert_sv(buf_sv(&again), buf_sv(&out));

	f.practice = true;
	f.n_references = 0;
	f.msgtype = CAP_MSGTYPE_ALERT;
	buf_reset(&out);
	alert_freeze(&out, a, cap, &f);
	cap = read_alert(a, arena_sv(a, buf_sv(&out)), &errors);
	assert_int_equal(errors, 0);
	assert_int_equal(cap->status, CAP_STATUS_EXERCISE);
	assert_null(cap->references_text.p);
	buf_fini(&out);
	buf_fini(&again);
	arena_free(&a);
}

static void
correction(void **state)
{
	static const struct {
		const char *language, *begins;
	} cases[] = {
		{"en-GB", "Correction: this alert is withdrawn: H"},
		{"de-AT", "Correction: this alert is withdrawn: H"}, /* no catalogue: English */
	};
	static const struct freeze_reference ref = {SV_INIT("s@example.org"), SV_INIT("one"), NOW};
	struct freeze f = {.identifier = SV("two"),
			   .sender = SV("s@example.org"),
			   .now = NOW,
			   .msgtype = CAP_MSGTYPE_CANCEL,
			   .hours = 72,
			   .references = &ref,
			   .n_references = 1};
	struct buf out = BUF_INIT(MIB);
	struct arena *a = arena_new();
	const struct cap_alert *cap;
	size_t errors, i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct sv xml =
			arena_fmt(a, ALERT("Actual", INFO("%s", LATER, "H") INFO("ru", LATER, "Р")),
				  cases[i].language);

		buf_reset(&out);
		alert_correction(&out, a, read_alert(a, xml, &errors));
		cap = read_alert(a, arena_sv(a, buf_sv(&out)), &errors);
		buf_reset(&out);
		alert_freeze(&out, a, cap, &f);
		cap = read_alert(a, arena_sv(a, buf_sv(&out)), &errors);
		assert_int_equal(errors, 0);
		assert_int_equal(cap->msgtype, CAP_MSGTYPE_CANCEL);
		assert_int_equal(cap->n_infos, 2);
		assert_sv(cap->infos[0].language, sv_of(cases[i].language));
		assert_sv(cap->infos[0].headline, sv_of(cases[i].begins));
		assert_true(sv_ends(cap->infos[1].headline, SV(": Р")));
		assert_false(sv_eq(cap->infos[0].description, cap->infos[1].description));
		/* The old advice is gone, the place is not; it has its hours to arrive. */
		assert_true(sv_find(buf_sv(&out), SV("Stay")) == out.n);
		assert_int_equal(cap->infos[0].areas[0].n_circles, 1);
		assert_int_equal(cap->infos[0].expires.at.utc, NOW + 72 * 3600);
	}
	buf_fini(&out);
	arena_free(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves),
		cmocka_unit_test(freeze),
		cmocka_unit_test(correction),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
