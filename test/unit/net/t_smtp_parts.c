/* The pure parts of SMTP: replies in, addresses and data out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/limits.h"
#include "net/smtp_reply.h"
#include "net/smtp_wire.h"

/* All replies of a stream: "code[enhanced]text;" each, and how it ended. */
static void
read_all(struct buf *out, struct sv in, size_t step)
{
	struct smtp_reader r;
	struct smtp_reply got;
	size_t at = 0;
	enum smtp_read what = SMTP_READ_MORE;

	smtp_reader_init(&r);
	while (at < in.n && what != SMTP_READ_BAD) {
		struct sv part = sv_head(sv_from(in, at), step);

		at += part.n;
		while ((what = smtp_reader_next(&r, &part, &got)) == SMTP_READ_REPLY) {
			buf_addf(out, "%d[%.*s]", got.code, SV_ARG(got.enhanced));
			smtp_reply_text(out, &got, 200);
			buf_addc(out, ';');
		}
	}
	if (what == SMTP_READ_BAD)
		buf_adds(out, "BAD");
	smtp_reader_fini(&r);
}

static void
replies_are_read(void **state)
{
	static const struct {
		struct sv in;
		const char *want;
	} cases[] = {
		{SV_INIT("220 mx.example.org ESMTP\r\n"), "220[]mx.example.org ESMTP;"},
		{SV_INIT("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go\r\n"),
		 "250[2.1.0]Ok;250[2.1.5]Ok;354[]go;"},
		{SV_INIT("250-a\r\n250-PIPELINING\r\n250 SIZE 1\r\n"), "250[]a PIPELINING SIZE 1;"},
		{SV_INIT("550-5.1.1 No such\r\n550 5.1.1 person\r\n"), "550[5.1.1]No such person;"},
		{SV_INIT("250\r\n"), "250[];"},
		{SV_INIT("250 \r\n"), "250[];"},
		{SV_INIT("250 ok\n"), "250[]ok;"},
		{SV_INIT("250 2.0.0\r\n"), "250[2.0.0];"},
		{SV_INIT("250 4.0.0 class of another\r\n"), "250[]4.0.0 class of another;"},
		{SV_INIT("450 4.1000.0 x\r\n"), "450[]4.1000.0 x;"},
		{SV_INIT("450 4.2.x\r\n"), "450[]4.2.x;"},
		{SV_INIT("550 5.7.1x\r\n"), "550[]5.7.1x;"},
		{SV_INIT("421 \33[31mbusy\7\r\n"), "421[][31mbusy;"},
		{SV_INIT("550 f\374r\r\n"), "550[]f?r;"},
		{SV_INIT("550 f\303\274r\r\n"), "550[]f\303\274r;"},
		{SV_INIT("250 half"), ""},
		{SV_INIT("250-first\r\n"), ""},
		{SV_INIT("250-a\r\n251 b\r\n"), "BAD"},
		{SV_INIT("hello\r\n"), "BAD"},
		{SV_INIT("25\r\n"), "BAD"},
		{SV_INIT("\r\n"), "BAD"},
		{SV_INIT("150 x\r\n"), "BAD"},
		{SV_INIT("650 x\r\n"), "BAD"},
		{SV_INIT("2500 x\r\n"), "BAD"},
		{SV_INIT("250_x\r\n"), "BAD"},
		{SV_INIT("250 ok\r\nHTTP/1.1 400\r\n"), "250[]ok;BAD"},
	};
	static const size_t steps[] = {1, 2, 7, 1000};
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		for (k = 0; k < ARRAY_LEN(steps); k++) {
			struct buf out = BUF_INIT(10000);

			read_all(&out, cases[i].in, steps[k]);
			if (!sv_eq(buf_sv(&out), sv_of(cases[i].want)))
				fail_msg("\"%.*s\" by %zu: got \"%s\"", SV_ARG(cases[i].in),
					 steps[k], buf_str(&out));
			buf_fini(&out);
		}
}

static void
endless_replies_are_refused(void **state)
{
	struct buf in = BUF_INIT(4 * LIMIT_SMTP_REPLY), out = BUF_INIT(10000);
	size_t i;

	(void)state;
	buf_adds(&in, "250 ");
	buf_add_fill(&in, 'a', LIMIT_SMTP_LINE + 10);
	read_all(&out, buf_sv(&in), 100);
	assert_string_equal(buf_str(&out), "BAD");
	buf_adds(&in, "\r\n");
	buf_reset(&out);
	read_all(&out, buf_sv(&in), in.n);
	assert_string_equal(buf_str(&out), "BAD");
	buf_reset(&in);
	for (i = 0; i <= LIMIT_SMTP_REPLY / 100; i++) {
		buf_adds(&in, "250-");
		buf_add_fill(&in, 'a', 99);
		buf_adds(&in, "\r\n");
	}
	buf_reset(&out);
	read_all(&out, buf_sv(&in), 1000);
	assert_string_equal(buf_str(&out), "BAD");
	buf_fini(&in);
	buf_fini(&out);
}

static void
references_are_found(void **state)
{
	/* Endings as Postfix, Exim and sendmail write them. */
	static const struct {
		const char *in, *want;
	} cases[] = {
		{"Ok: queued as 4XyZ0b1cQrz9s", "4XyZ0b1cQrz9s"},
		{"2.0.0 Ok: queued as 9F2C61A03B.", "9F2C61A03B"},
		{"OK id=1qAbCd-0002Xy-3Z", "1qAbCd-0002Xy-3Z"},
		{"Ok: queued as <a@b>", ""},
		{"Message accepted for delivery", ""},
		{"queued as ", ""},
		{"", ""},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		if (!sv_eq(smtp_reply_ref(sv_of(cases[i].in)), sv_of(cases[i].want)))
			fail_msg("%s", cases[i].in);
}

static void
offers_are_read(void **state)
{
	struct smtp_reader r;
	struct smtp_reply got;
	struct smtp_offer o;
	struct sv in = SV("250-PIPELINING.example.org\r\n250-pipelining\r\n250-SIZE 52428800\r\n"
			  "250-AUTH PLAIN LOGIN\r\n250-STARTTLS\r\n250 8BITMIME\r\n");

	(void)state;
	smtp_reader_init(&r);
	assert_int_equal(smtp_reader_next(&r, &in, &got), SMTP_READ_REPLY);
	smtp_offer_read(&o, &got);
	assert_true(o.pipelining && o.eightbitmime && o.starttls && o.size);
	assert_int_equal(o.size_max, 52428800);
	in = SV("250-SIZE 8BITMIME PIPELINING\r\n250 SIZE\r\n"); /* the first line is a greeting */
	assert_int_equal(smtp_reader_next(&r, &in, &got), SMTP_READ_REPLY);
	smtp_offer_read(&o, &got);
	assert_false(o.pipelining || o.eightbitmime || o.starttls);
	assert_true(o.size);
	assert_int_equal(o.size_max, 0);
	smtp_reader_fini(&r);
}

static void
addresses_are_checked(void **state)
{
	static const struct {
		struct sv in;
		bool want;
	} cases[] = {
		{SV_INIT("a@example.org"), true},
		{SV_INIT("a.b+c=d@[192.0.2.1]"), true},
		{SV_INIT("a@[IPv6:2001:db8::1]"), true},
		{SV_INIT("\"a b\"@example.org"), true},
		{SV_INIT("\"a\\\"b\"@example.org"), true},
		{SV_INIT("o'brien@example.org"), true},
		{SV_INIT(""), false},
		{SV_INIT("a"), false},
		{SV_INIT("@example.org"), false},
		{SV_INIT("a@"), false},
		{SV_INIT("a@b@c"), false},
		{SV_INIT("a b@example.org"), false},
		{SV_INIT("a@example.org>"), false},
		{SV_INIT("a@example.org> SIZE=1"), false},
		{SV_INIT("a@example.org\r\nRCPT TO:<b@example.org"), false},
		{SV_INIT("a@example.org\n"), false},
		{SV_INIT("\"a\r\n\"@example.org"), false},
		{SV_INIT("\"a\\\n\"@example.org"), false},
		{SV_INIT("\"a@example.org"), false},
		{SV_INIT("a@exampl\303\251.org"), false},
		{SV_INIT("a@b,c@d"), false},
		{SV_INIT("a\0@example.org"), false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		if (smtp_address_ok(cases[i].in) != cases[i].want)
			fail_msg("address \"%.*s\"", SV_ARG(cases[i].in));
	assert_true(smtp_hello_ok(SV("[192.0.2.1]")));
	assert_false(smtp_hello_ok(SV("a b")));
	assert_false(smtp_hello_ok(SV("a\r\n")));
	assert_false(smtp_hello_ok(SV("")));
}

static void
data_is_stuffed(void **state)
{
	static const struct {
		struct sv in;
		struct sv want;
		uint64_t size; /* of the lines with CR LF: RFC 1870 */
	} cases[] = {
		{SV_INIT("a\r\nb\r\n"), SV_INIT("a\r\nb\r\n.\r\n"), 6},
		{SV_INIT("a\nb\n"), SV_INIT("a\r\nb\r\n.\r\n"), 6},
		{SV_INIT("a"), SV_INIT("a\r\n.\r\n"), 3},
		{SV_INIT("."), SV_INIT("..\r\n.\r\n"), 3},
		{SV_INIT(".\r\n"), SV_INIT("..\r\n.\r\n"), 3},
		{SV_INIT("..a\n.b"), SV_INIT("...a\r\n..b\r\n.\r\n"), 9},
		{SV_INIT("a\n\n.\n\nb\n"), SV_INIT("a\r\n\r\n..\r\n\r\nb\r\n.\r\n"), 13},
		{SV_INIT("a\n.\r\nb"), SV_INIT("a\r\n..\r\nb\r\n.\r\n"), 9},
		{SV_INIT("a\r\n.\rQUIT\r\n"), SV_INIT("a\r\n..\r\nQUIT\r\n.\r\n"), 12},
		{SV_INIT("a\r.\rb"), SV_INIT("a\r\n..\r\nb\r\n.\r\n"), 9},
		{SV_INIT("a\r\r\n"), SV_INIT("a\r\n\r\n.\r\n"), 5},
		{SV_INIT("a\r"), SV_INIT("a\r\n.\r\n"), 3},
		{SV_INIT("\n"), SV_INIT("\r\n.\r\n"), 2},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(1000);
		uint64_t size = smtp_data_size(cases[i].in);

		smtp_add_data(&out, cases[i].in);
		if (!sv_eq(buf_sv(&out), cases[i].want))
			fail_msg("case %zu: got \"%s\"", i, buf_str(&out));
		if (size != cases[i].size)
			fail_msg("case %zu: size %llu", i, (unsigned long long)size);
		buf_fini(&out);
	}
	assert_false(smtp_body_ok(SV("a\0b")));
	assert_false(smtp_body_ok(SV("")));
	assert_true(smtp_is_8bit(SV("a\303\274")));
	assert_false(smtp_is_8bit(SV("a=C3=BC")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read),
		cmocka_unit_test(endless_replies_are_refused),
		cmocka_unit_test(references_are_found),
		cmocka_unit_test(offers_are_read),
		cmocka_unit_test(addresses_are_checked),
		cmocka_unit_test(data_is_stuffed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
