/* Small decisions: languages, paths, addresses, attempts. */
#include "lib/unit.h"

#include "base/buf.h"
#include "base/compiler.h"
#include "web/attempts.h"
#include "web/language.h"
#include "web/mirror.h"
#include "web/route.h"

static void
test_language(void **state)
{
	static const struct {
		const char *accept, *want;
	} cases[] = {
		{"", ""},
		{"fr", "fr"},
		{"fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr-CH;fr;en;de"},
		{"en;q=0.2, ru", "ru;en"},
		{"en;q=0.5,ar;q=0.5", "en;ar"},
		{"en;q=0, ru;q=0.001", "ru"},
		{"en;q=1.0,ru;q=1.000,uk;q=0.999", "en;ru;uk"},
		{"en;q=1.5,ru;q=0.5", "en;ru"},
		{"en;q=x,ru", "ru"},
		{"<script>,en", "en"},
		{"-en, e n, es", "es"},
		{" uk ; q=0.3 , ar ", "ar;uk"},
		{"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r", "a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p"},
	};
	struct buf b = BUF_INIT(1024);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&b);
		language_wanted(&b, sv_of(cases[i].accept));
		if (!sv_eq(buf_sv(&b), sv_of(cases[i].want)))
			fail_msg("\"%s\": got %s, want %s", cases[i].accept, buf_str(&b),
				 cases[i].want);
	}
	buf_fini(&b);
}

static void
test_match(void **state)
{
	static const struct {
		const char *pattern;
		struct sv path;
		bool ok;
		const char *part;
	} cases[] = {
		{"/", SV_INIT("/"), true, ""},
		{"/", SV_INIT("//"), false, NULL},
		{"/", SV_INIT(""), false, NULL},
		{"/desk", SV_INIT("/desk/"), false, NULL},
		{"/desk", SV_INIT("/Desk"), false, NULL},
		{"/alert/*", SV_INIT("/alert/a-1"), true, "a-1"},
		{"/alert/*", SV_INIT("/alert/"), false, NULL},
		{"/alert/*", SV_INIT("/alert/a/b"), false, NULL},
		{"/alert/*", SV_INIT("/alert/../desk"), false, NULL},
		{"/alert/*.xml", SV_INIT("/alert/a-1.xml"), true, "a-1"},
		{"/alert/*.xml", SV_INIT("/alert/.xml"), false, NULL},
		{"/alert/*.xml", SV_INIT("/alert/a-1.xml.xml"), true, "a-1.xml"},
	};
	struct sv part;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		bool ok = route_match(cases[i].pattern, cases[i].path, &part);

		if (ok != cases[i].ok)
			fail_msg("%s against %.*s", cases[i].pattern, SV_ARG(cases[i].path));
		if (ok)
			assert_sv(part, sv_of(cases[i].part));
	}
}

static void
test_near(void **state)
{
	static const struct {
		const char *address;
		bool near;
	} cases[] = {
		{"127.0.0.1", true},
		{"::1", true},
		{"10.1.2.3", true},
		{"192.168.7.7", true},
		{"172.16.0.1", true},
		{"172.31.255.1", true},
		{"172.15.0.1", false},
		{"172.32.0.1", false},
		{"192.0.2.1", false},
		{"100.2.3.4", false},
		{"fd00::1", true},
		{"fe80::1", true},
		{"2001:db8::1", false},
		{"::ffff:10.0.0.1", true},
		{"::ffff:192.0.2.1", false},
		{"1.1.1.1", false},
		{"", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		if (route_is_near(sv_of(cases[i].address)) != cases[i].near)
			fail_msg("%s", cases[i].address);
}

static int
tries(struct attempts *t, struct sv name, struct sv address, int64_t now)
{
	int n = 0;

	while (n < 1000 && attempts_allow(t, name, address, now))
		n++;
	return n;
}

static void
test_attempts(void **state)
{
	static struct attempts t = {.seed = 7};

	(void)state;
	assert_int_equal(tries(&t, SV("anna"), SV("192.0.2.1"), 1000), ATTEMPTS_NAME);
	/* From elsewhere the name stays closed; another name is free. */
	assert_int_equal(tries(&t, SV("anna"), SV("192.0.2.2"), 1000), 0);
	assert_int_equal(tries(&t, SV("boris"), SV("192.0.2.2"), 1000), ATTEMPTS_NAME);
	/* Over when the window is. */
	assert_int_equal(tries(&t, SV("anna"), SV("192.0.2.3"), 1000 + ATTEMPTS_WINDOW_S - 1), 0);
	assert_int_equal(tries(&t, SV("anna"), SV("192.0.2.4"), 1000 + ATTEMPTS_WINDOW_S),
			 ATTEMPTS_NAME);
	/* The right password begins anew. */
	attempts_forgive(&t, SV("anna"));
	assert_int_equal(tries(&t, SV("anna"), SV("192.0.2.5"), 1000 + ATTEMPTS_WINDOW_S),
			 ATTEMPTS_NAME);
	/* One address, no name: a network of IPv6 counts as one. */
	assert_int_equal(tries(&t, SV(""), SV("2001:db8:1:2::1"), 5000), ATTEMPTS_ADDRESS);
	assert_int_equal(tries(&t, SV(""), SV("2001:db8:1:2:ffff::9"), 5000), 0);
	assert_int_equal(tries(&t, SV(""), SV("2001:db8:1:3::1"), 5000), ATTEMPTS_ADDRESS);
}

/* Ten thousand addresses do not make the table grow, nor lock out one more. */
static void
test_attempts_flood(void **state)
{
	static struct attempts t = {.seed = 9};
	struct buf name = BUF_INIT(64);
	int i;

	(void)state;
	for (i = 0; i < 10000; i++) {
		buf_reset(&name);
		buf_addf(&name, "10.0.%d.%d", i / 256, i % 256);
		assert_true(attempts_allow(&t, SV_NONE, buf_sv(&name), 1000 + i / 100));
	}
	assert_true(attempts_allow(&t, SV("anna"), SV("192.0.2.1"), 1200));
	buf_fini(&name);
}

/* One address, whatever for: asked first, counted afterwards. */
static void
test_asked(void **state)
{
	static struct attempts t = {.seed = 11};
	int i;

	(void)state;
	for (i = 0; i < ATTEMPTS_ASKED; i++) {
		assert_true(attempts_left(&t, SV("192.0.2.1"), ATTEMPTS_ASKED, 1000));
		attempts_count(&t, SV("192.0.2.1"), 1000);
	}
	assert_false(attempts_left(&t, SV("192.0.2.1"), ATTEMPTS_ASKED, 1000));
	assert_true(attempts_left(&t, SV("192.0.2.2"), ATTEMPTS_ASKED, 1000));
	assert_true(attempts_left(&t, SV("192.0.2.1"), ATTEMPTS_ASKED, 1000 + ATTEMPTS_WINDOW_S));
	attempts_count(&t, SV("2001:db8:1:2::1"), 1000);
	assert_false(attempts_left(&t, SV("2001:db8:1:2:ffff::9"), 1, 1000));
}

/* What a mirror may remove of a folder: its own kinds of names, nowhere else. */
static void
test_mirror_names(void **state)
{
	static const struct {
		const char *name;
		bool page;
	} cases[] = {
		{"alert/0123abcd-1-1.html", true},
		{"alert/0123abcd-1-1.ru.html", true},
		{"alert/0123abcd-1-1.xml", true},
		{"index.html", true},
		{"index.ru.html", true},
		{"verify.en.html", true},
		{"fingerprint.ar.html", true},
		{"alert/", false},
		{"alert/.html", false},
		{"alert/../x.html", false},
		{"alert/a/b.html", false},
		{"alert/a.txt", false},
		{"../alert/a.html", false},
		{"/alert/a.html", false},
		{"index./../../x.html", false},
		{"other.html", false},
		{"certificate.pem", false},
		{"", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		if (mirror_is_page(sv_of(cases[i].name)) != cases[i].page)
			fail_msg("%s", cases[i].name);
}

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void
test_mirror_list(void **state)
{
	struct sv rest = SV(HASH "  index.html\n" HASH "  alert/a b.xml\n" HASH " x\n"), hash, name;

	(void)state;
	assert_true(mirror_list_next(&rest, &hash, &name));
	assert_sv(hash, SV(HASH));
	assert_sv(name, SV("index.html"));
	assert_true(mirror_list_next(&rest, &hash, &name));
	assert_sv(name, SV("alert/a b.xml"));
	assert_false(mirror_list_next(&rest, &hash, &name));
	rest = SV(HASH "  cut");
	assert_false(mirror_list_next(&rest, &hash, &name));
	rest = SV("");
	assert_false(mirror_list_next(&rest, &hash, &name));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_language),       cmocka_unit_test(test_match),
		cmocka_unit_test(test_near),           cmocka_unit_test(test_attempts),
		cmocka_unit_test(test_attempts_flood), cmocka_unit_test(test_asked),
		cmocka_unit_test(test_mirror_names),   cmocka_unit_test(test_mirror_list),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("web/choice", tests, NULL, NULL);
}
