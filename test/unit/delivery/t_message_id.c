/* A repeat carries the same Message-ID, anything else another; it has the form of RFC 5322, 3.6.4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "crypt/key.h"
#include "delivery/message_id.h"
#include "delivery/outbox_store.h"

static const struct outbox_row base = {.alert = 7, .person = 12, .contact = 1, .attempts = 0};

static void
make(struct buf *b, const struct outbox_row *row, const char *installation, unsigned char key_byte)
{
	struct crypt_key key;

	memset(key.b, key_byte, sizeof(key.b));
	buf_init(b, KIB);
	message_id_add(b, &key, sv_of(installation), SV("example.org"), row);
	assert_true(buf_ok(b));
}

static void
same(void **state)
{
	struct outbox_row again = base;
	struct buf a, b;

	(void)state;
	again.attempts = 5;
	again.doubts = 1;
	again.state = OUTBOX_IN_DOUBT;
	make(&a, &base, "one", 1);
	make(&b, &again, "one", 1);
	assert_string_equal(buf_str(&a), buf_str(&b));
	assert_int_equal(strspn(buf_str(&a) + 3, "0123456789abcdef"), 32);
	assert_true(sv_starts(buf_sv(&a), SV("<t.")));
	assert_true(sv_ends(buf_sv(&a), SV("@example.org>")));
	buf_fini(&a);
	buf_fini(&b);
}

static void
different(void **state)
{
	static const struct {
		struct outbox_row row;
		const char *installation;
		unsigned char key;
	} others[] = {
		{{.alert = 8, .person = 12, .contact = 1}, "one", 1},
		{{.alert = 7, .person = 13, .contact = 1}, "one", 1},
		{{.alert = 7, .person = 12, .contact = 2}, "one", 1},
		{{.alert = 71, .person = 2, .contact = 1}, "one", 1},
		{{.alert = 7, .person = 12, .contact = 1}, "two", 1},
		{{.alert = 7, .person = 12, .contact = 1}, "one", 2},
	};
	struct buf a, b;
	size_t i;

	(void)state;
	make(&a, &base, "one", 1);
	for (i = 0; i < ARRAY_LEN(others); i++) {
		make(&b, &others[i].row, others[i].installation, others[i].key);
		assert_string_not_equal(buf_str(&a), buf_str(&b));
		buf_fini(&b);
	}
	buf_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same),
		cmocka_unit_test(different),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
