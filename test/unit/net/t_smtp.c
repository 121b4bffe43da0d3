/*
 * SMTP sessions against a scripted peer: what exactly is said, and what each
 * cut means.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/loop.h"
#include "smtp_run.h"

#define HELLO  "S 220 mx ESMTP", "L EHLO desk.example"
#define PIPE   HELLO, "S 250-mx\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 8BITMIME"
#define ENV    "L MAIL FROM:<alerts@desk.example> SIZE=12", "L RCPT TO:<p@example.org>", "L DATA"
#define ENV_OK "S 250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go on"
#define BODY   "D S: a\r\n\r\n..b"
#define BYE    "L QUIT", "S 221 bye", "W"

static const struct {
	const char *name;
	int n;
	struct sv body; /* empty: "S: a\n\n.b" without its last end: 12 octets on the wire, the doubled dot apart */
	bool one_by_one;
	const char *steps[40];
	const char *want;
} dialogues[] = {
	{"one message, no extensions",
	 1,
	 {NULL, 0},
	 false,
	 {HELLO, "S 250 mx", "L MAIL FROM:<alerts@desk.example>", "N", "S 250 ok",
	  "L RCPT TO:<p@example.org>", "N", "S 250 ok", "L DATA", "N", "S 354 go", BODY,
	  "S 250 2.0.0 Ok: queued as 4XyZ", BYE},
	 "started 1; accepted 1: 250 [2.0.0] Ok: queued as 4XyZ {4XyZ}; closed done 221"},
	{"HELO where EHLO is unknown",
	 1,
	 {NULL, 0},
	 false,
	 {"S 220 mx", "L EHLO desk.example", "S 502 what", "L HELO desk.example", "S 250 mx",
	  "L MAIL FROM:<alerts@desk.example>", "S 250 ok", "L RCPT TO:<p@example.org>", "S 250 ok",
	  "L DATA", "S 354 go", BODY, "S 250 ok", BYE},
	 "started 1; accepted 1: 250 [] ok {}; closed done 221"},
	{"the next envelope goes with the data",
	 3,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, ENV_OK, BODY, ENV, "N", "S 250 Ok: queued as A", ENV_OK, BODY, ENV,
	  "S 250 Ok: queued as B", ENV_OK, BODY, "S 250 Ok: queued as C", BYE},
	 "started 1; accepted 1: 250 [] Ok: queued as A {A}; started 2; accepted 2: 250 [] Ok: queued as B {B}; "
	 "started 3; accepted 3: 250 [] Ok: queued as C {C}; closed done 221"},
	{"one by one",
	 2,
	 {NULL, 0},
	 true,
	 {PIPE, ENV, ENV_OK, BODY, "N", "S 250 ok", ENV, ENV_OK, BODY, "S 250 ok", BYE},
	 "started 1; accepted 1: 250 [] ok {}; started 2; accepted 2: 250 [] ok {}; closed done 221"},
	{"8-bit data is declared",
	 1,
	 SV_INIT("\303\274\r\n"),
	 false,
	 {PIPE, "L MAIL FROM:<alerts@desk.example> SIZE=4 BODY=8BITMIME",
	  "L RCPT TO:<p@example.org>", "L DATA", ENV_OK, "D \303\274", "S 250 ok", BYE},
	 "started 1; accepted 1: 250 [] ok {}; closed done 221"},
	{"too large for the peer",
	 2,
	 SV_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"),
	 false,
	 {HELLO, "S 250-mx\r\n250 SIZE 40", BYE},
	 "refused 1: 0 [5.3.4] the message has 46 bytes; the server takes at most 40 {}; "
	 "refused 2: 0 [5.3.4] the message has 46 bytes; the server takes at most 40 {}; closed done 221"},
	{"recipient refused, then RSET",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 250 ok\r\n550 5.1.1 No such person\r\n554 5.5.1 no valid recipients",
	  "L RSET", ENV, "S 250 ok", ENV_OK, BODY, "S 250 ok", BYE},
	 "refused 1: 550 [5.1.1] No such person {}; started 2; accepted 2: 250 [] ok {}; closed done 221"},
	{"recipient refused without pipelining",
	 2,
	 {NULL, 0},
	 false,
	 {HELLO, "S 250 mx", "L MAIL FROM:<alerts@desk.example>", "S 250 ok",
	  "L RCPT TO:<p@example.org>", "S 450 4.2.1 later", "L RSET", "S 250 ok",
	  "L MAIL FROM:<alerts@desk.example>", "S 452 full", BYE},
	 "retry 1: 450 [4.2.1] later {}; retry 2: 452 [] full {}; closed done 221"},
	{"sender refused: no RSET",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 451 4.3.0 try later\r\n503 MAIL first\r\n503 MAIL first", ENV, ENV_OK, BODY,
	  "S 250 ok", BYE},
	 "retry 1: 451 [4.3.0] try later {}; started 2; accepted 2: 250 [] ok {}; closed done 221"},
	{"354 to a refused envelope gets an empty message",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 250 ok\r\n550 no\r\n354 go on", "L .", "S 554 nobody to send to", ENV,
	  ENV_OK, BODY, "S 250 ok", BYE},
	 "refused 1: 550 [] no {}; started 2; accepted 2: 250 [] ok {}; closed done 221"},
	{"DATA refused",
	 1,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 250 ok\r\n250 ok\r\n451 4.3.2 not now", BYE},
	 "retry 1: 451 [4.3.2] not now {}; closed done 221"},
	{"data refused at its end",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, ENV_OK, BODY, ENV,
	  "S 554-5.7.1 looks like\r\n554 5.7.1 spam\r\n250 ok\r\n250 ok\r\n354 go", BODY,
	  "S 452 4.3.1 disk full", BYE},
	 "started 1; refused 1: 554 [5.7.1] looks like spam {}; started 2; retry 2: 452 [4.3.1] disk full {}; "
	 "closed done 221"},
	{"421 in place of a greeting",
	 2,
	 {NULL, 0},
	 false,
	 {"S 421 too many connections", "W"},
	 "closed busy 421"},
	{"4xx greeting", 1, {NULL, 0}, false, {"S 450 later", "W"}, "closed busy 450"},
	{"5xx greeting", 1, {NULL, 0}, false, {"S 554 go away", "W"}, "closed refused 554"},
	{"HELO refused too",
	 1,
	 {NULL, 0},
	 false,
	 {HELLO, "S 550 no", "L HELO desk.example", "S 550 no", "W"},
	 "closed refused 550"},
	{"421 to EHLO", 1, {NULL, 0}, false, {HELLO, "S 421 no", "W"}, "closed busy 421"},
	{"no to our sender is no to the session, and costs no attempt",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 554 5.7.1 you may not send here\r\n503 no\r\n503 no", "W"},
	 "returned 1; returned 2; closed refused 554"},
	{"TLS is asked for",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 250 ok\r\n530 5.7.0 STARTTLS first\r\n503 no", "W"},
	 "returned 1; returned 2; closed refused 530"},
	{"552 to MAIL is about the message",
	 1,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 552 5.3.4 too big\r\n503 no\r\n503 no", BYE},
	 "refused 1: 552 [5.3.4] too big {}; closed done 221"},
	{"421 to an envelope costs no attempt",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 421 4.3.2 closing", "W"},
	 "returned 1; returned 2; closed busy 421"},
	{"421 to the end of the data",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, ENV_OK, BODY, ENV, "S 421 4.3.2 closing", "W"},
	 "started 1; retry 1: 421 [4.3.2] closing {}; returned 2; closed busy 421"},
	{"421 between messages",
	 1,
	 {NULL, 0},
	 false,
	 {PIPE, "S 421 idle too long", "W"},
	 "returned 1; closed busy 421"},
	{"cut before the greeting", 1, {NULL, 0}, false, {"C"}, "closed lost 0"},
	{"cut in the envelope",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 250 ok", "C"},
	 "returned 1 begun; returned 2; closed lost 0"},
	{"cut between the final dot and its reply",
	 2,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, ENV_OK, BODY, ENV, "C"},
	 "started 1; in doubt 1; returned 2 begun; closed lost 0"},
	{"cut in the middle of the reply",
	 1,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, ENV_OK, BODY, "S 250-half", "C"},
	 "started 1; in doubt 1; closed lost 0"},
	{"the reply, then the cut",
	 1,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, ENV_OK, BODY, "S 250 ok", "C"},
	 "started 1; accepted 1: 250 [] ok {}; closed done 0"},
	{"no SMTP", 1, {NULL, 0}, false, {"S HTTP/1.1 400 Bad Request", "W"}, "closed protocol 0"},
	{"an answer too many",
	 1,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, "S 250 ok\r\n250 ok\r\n451 no\r\n250 what", "W"},
	 "retry 1: 451 [] no {}; closed protocol 250"},
	{"354 to the end of the data",
	 1,
	 {NULL, 0},
	 false,
	 {PIPE, ENV, ENV_OK, BODY, "S 354 more", "W"},
	 "started 1; in doubt 1; closed protocol 354"},
};

static void
dialogues_go_as_written(void **state)
{
	struct smtp_message m[4];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(dialogues); i++) {
		struct smtp_settings set = {.host = "127.0.0.1",
					    .hello = "desk.example",
					    .one_by_one = dialogues[i].one_by_one};
		struct peer p = {.steps = dialogues[i].steps};
		struct run r = {.m = m, .n = dialogues[i].n};
		pthread_t t;

		make_messages(m, r.n, dialogues[i].body.n ? dialogues[i].body : SV("S: a\n\n.b"));
		p.listener = listen_somewhere(&set.port);
		pthread_create(&t, NULL, peer_run, &p);
		run_session(&r, &set);
		pthread_join(t, NULL);
		if (p.wrong.n > 0)
			fail_msg("%s: the peer: %s (log: %s)", dialogues[i].name, buf_str(&p.wrong),
				 buf_str(&r.log));
		if (!sv_eq(buf_sv(&r.log), sv_of(dialogues[i].want)))
			fail_msg("%s: got \"%s\"", dialogues[i].name, buf_str(&r.log));
		assert_int_equal(r.closed, 1);
		assert_int_equal(r.pause_s > 0, r.why != SMTP_END_DONE);
		close(p.listener);
		buf_fini(&p.wrong);
		buf_fini(&r.log);
	}
}

static void
slow_peers_are_left(void **state)
{
	static const struct {
		const char *name;
		const char *steps[12];
		const char *want;
	} cases[] = {
		{"no greeting", {"W"}, "closed timeout 0"},
		{"no answer to EHLO", {HELLO, "W"}, "closed timeout 0"},
		{"no answer to the envelope",
		 {PIPE, ENV, "W"},
		 "returned 1 begun; closed timeout 0"},
		{"no answer to the data",
		 {PIPE, ENV, ENV_OK, BODY, "W"},
		 "started 1; in doubt 1; closed timeout 0"},
		{"no answer to QUIT",
		 {PIPE, ENV, ENV_OK, BODY, "S 250 ok", "L QUIT", "W"},
		 "started 1; accepted 1: 250 [] ok {}; closed done 0"},
	};
	struct smtp_message m[1];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct smtp_settings set = {.host = "127.0.0.1",
					    .hello = "desk.example",
					    .timeouts = {1, 1, 1, 1, 1, 1}};
		struct peer p = {.steps = cases[i].steps};
		struct run r = {.m = m, .n = 1};
		pthread_t t;

		make_messages(m, 1, SV("S: a\n\n.b"));
		p.listener = listen_somewhere(&set.port);
		pthread_create(&t, NULL, peer_run, &p);
		run_session(&r, &set);
		pthread_join(t, NULL);
		if (p.wrong.n > 0 || !sv_eq(buf_sv(&r.log), sv_of(cases[i].want)))
			fail_msg("%s: got \"%s\" (%s)", cases[i].name, buf_str(&r.log),
				 buf_str(&p.wrong));
		close(p.listener);
		buf_fini(&p.wrong);
		buf_fini(&r.log);
	}
}

static void
unreachable_peers_are_told(void **state)
{
	struct smtp_settings set = {.host = "127.0.0.1", .hello = "desk.example"};
	struct smtp_session *s = NULL;
	struct run r = {.n = 0};
	struct err e = ERR_INIT;
	struct loop *l = NULL;

	(void)state;
	close(listen_somewhere(&set.port)); /* nobody is there now */
	run_session(&r, &set);
	assert_string_equal(buf_str(&r.log), "closed connect 0");
	assert_int_equal(r.pause_s, 1);
	buf_fini(&r.log);
	r = (struct run){.n = 0};
	set.host = "no-such-host.invalid";
	run_session(&r, &set);
	assert_string_equal(buf_str(&r.log), "closed connect 0");
	buf_fini(&r.log);
	assert_int_equal(loop_new(&l, &e), RC_OK);
	set.tls = SMTP_TLS_REQUIRED;
	assert_int_equal(smtp_session_new(&s, l, &set, &run_events, &r, &e), RC_SYNTAX);
	set.tls = SMTP_TLS_NEVER;
	set.hello = "a b";
	assert_int_equal(smtp_session_new(&s, l, &set, &run_events, &r, &e), RC_SYNTAX);
	assert_null(s);
	/* Freed while the name is looked up and while connecting: nothing is left over. */
	set.hello = "a";
	assert_int_equal(smtp_session_new(&s, l, &set, &run_events, &r, &e), RC_OK);
	smtp_session_free(&s);
	set.host = "127.0.0.1";
	assert_int_equal(smtp_session_new(&s, l, &set, &run_events, &r, &e), RC_OK);
	smtp_session_free(&s);
	loop_free(&l);
}

static void
a_session_may_be_freed_inside_an_event(void **state)
{
	static const char *const steps[] = {PIPE, ENV, ENV_OK, BODY, ENV, "S 250 ok", "W", NULL};
	struct smtp_settings set = {.host = "127.0.0.1", .hello = "desk.example"};
	struct peer p = {.steps = steps};
	struct smtp_message m[2];
	struct run r = {.m = m, .n = 2, .free_early = true};
	pthread_t t;

	(void)state;
	make_messages(m, 2, SV("S: a\n\n.b"));
	p.listener = listen_somewhere(&set.port);
	pthread_create(&t, NULL, peer_run, &p);
	run_session(&r, &set);
	pthread_join(t, NULL);
	assert_string_equal(buf_str(&p.wrong), "");
	assert_string_equal(buf_str(&r.log), "started 1; accepted 1: 250 [] ok {}; ");
	close(p.listener);
	buf_fini(&p.wrong);
	buf_fini(&r.log);
}

/* Nobody reads: a message larger than all buffers is never wholly sent, so it is not in doubt. */
static void
a_message_not_wholly_sent_is_returned(void **state)
{
	static const char *const steps[] = {HELLO,
					    "S 250 mx",
					    "L MAIL FROM:<alerts@desk.example>",
					    "S 250 ok",
					    "L RCPT TO:<p@example.org>",
					    "S 250 ok",
					    "L DATA",
					    "S 354 go",
					    "H xxxx",
					    "C",
					    NULL};
	struct smtp_settings set = {.host = "127.0.0.1", .hello = "desk.example"};
	struct peer p = {.steps = steps};
	struct smtp_message m[1];
	struct run r = {.m = m, .n = 1};
	size_t n = 1000000;
	char *big = mem_alloc(n);
	int small = 4096;
	pthread_t t;

	(void)state;
	memset(big, 'x', n);
	make_messages(m, 1, (struct sv){big, n});
	p.listener = listen_somewhere(&set.port);
	setsockopt(p.listener, SOL_SOCKET, SO_RCVBUF, &small,
		   sizeof(small)); /* inherited by the connection */
	pthread_create(&t, NULL, peer_run, &p);
	run_session(&r, &set);
	pthread_join(t, NULL);
	assert_string_equal(buf_str(&p.wrong), "");
	/* The sending system's buffer may have taken all of it: then it is in doubt, never accepted. */
	if (strcmp(buf_str(&r.log), "started 1; returned 1 begun; closed lost 0") != 0)
		assert_string_equal(buf_str(&r.log), "started 1; in doubt 1; closed lost 0");
	close(p.listener);
	buf_fini(&p.wrong);
	buf_fini(&r.log);
	mem_free(big);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialogues_go_as_written),
		cmocka_unit_test(slow_peers_are_left),
		cmocka_unit_test(unreachable_peers_are_told),
		cmocka_unit_test(a_session_may_be_freed_inside_an_event),
		cmocka_unit_test(a_message_not_wholly_sent_is_returned),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
