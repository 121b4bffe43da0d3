/*
 * t_contact.c — normal forms of e-mail addresses and phone numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "people/contact.h"

typedef enum rc normal_fn(struct buf *, struct sv, struct err *);

static const struct {
	normal_fn *fn;
	struct sv in;
	const char *want; /* NULL: refused */
} cases[] = {
	{contact_email, SV_INIT("anna@example.org"), "anna@example.org"},
	{contact_email, SV_INIT("  Anna.P+x@Example.ORG "), "Anna.P+x@example.org"},
	{contact_email, SV_INIT("a@xn--bcher-kva.example"), "a@xn--bcher-kva.example"},
	{contact_email, SV_INIT("!#$%&'*+-/=?^_`{|}~@example.org"),
	 "!#$%&'*+-/=?^_`{|}~@example.org"},
	{contact_email, SV_INIT(""), NULL},
	{contact_email, SV_INIT("anna"), NULL},
	{contact_email, SV_INIT("anna@"), NULL},
	{contact_email, SV_INIT("@example.org"), NULL},
	{contact_email, SV_INIT("anna@localhost"), NULL},
	{contact_email, SV_INIT("an na@example.org"), NULL},
	{contact_email, SV_INIT("anna@exa mple.org"), NULL},
	{contact_email, SV_INIT("anna@@example.org"), NULL},
	{contact_email, SV_INIT(".anna@example.org"), NULL},
	{contact_email, SV_INIT("an..na@example.org"), NULL},
	{contact_email, SV_INIT("anna@-x.org"), NULL},
	{contact_email, SV_INIT("anna@x..org"), NULL},
	{contact_email, SV_INIT("anna@bücher.example"), NULL},
	{contact_email, SV_INIT("a\r\nRCPT TO:<b@example.org>@example.org"), NULL},
	{contact_email, SV_INIT("<anna@example.org>"), NULL},
	{contact_email, SV_INIT("a@example.org,b@example.org"), NULL},
	{contact_email, SV_INIT("a\0b@example.org"), NULL},
	{contact_phone, SV_INIT("+447700900123"), "+447700900123"},
	{contact_phone, SV_INIT("+44 (7700) 900-123"), "+447700900123"},
	{contact_phone, SV_INIT("+7.495.123.45.67"), "+74951234567"},
	{contact_phone, SV_INIT("+1234567"), "+1234567"},
	{contact_phone, SV_INIT("+123456789012345"), "+123456789012345"},
	{contact_phone, SV_INIT("+1234567890123456"), NULL},
	{contact_phone, SV_INIT("+123456"), NULL},
	{contact_phone, SV_INIT("447700900123"), NULL},
	{contact_phone, SV_INIT("00447700900123"), NULL},
	{contact_phone, SV_INIT("+047700900123"), NULL},
	{contact_phone, SV_INIT("+44 7700 9001x3"), NULL},
	{contact_phone, SV_INIT("+٤٤٧٧٠٠٩٠٠"), NULL},
	{contact_phone, SV_INIT(""), NULL},
};

static void
normal_forms(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(300);
		struct err e = ERR_INIT;
		enum rc rc = cases[i].fn(&out, cases[i].in, &e);

		if (cases[i].want == NULL) {
			if (rc != RC_SYNTAX || out.n != 0 || strstr(e.text, "expected") == NULL)
				fail_msg("%.*s: not refused", SV_ARG(cases[i].in));
		} else {
			assert_int_equal(rc, RC_OK);
			assert_string_equal(buf_str(&out), cases[i].want);
		}
		buf_fini(&out);
	}
}

static void
lengths(void **state)
{
	struct buf in = BUF_INIT(1000), out = BUF_INIT(1000);
	struct err e = ERR_INIT;

	(void)state;
	buf_add_fill(&in, 'a', 64);
	buf_adds(&in, "@example.org");
	assert_int_equal(contact_email(&out, buf_sv(&in), &e), RC_OK);
	buf_reset(&in);
	buf_add_fill(&in, 'a', 65);
	buf_adds(&in, "@example.org");
	assert_int_equal(contact_email(&out, buf_sv(&in), &e), RC_SYNTAX);
	buf_reset(&in);
	buf_add_fill(&in, 'a', LIMIT_EMAIL + 1);
	assert_int_equal(contact_email(&out, buf_sv(&in), &e), RC_LIMIT);
	buf_fini(&in);
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_forms),
		cmocka_unit_test(lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
