/* Signing in, staying in, signing out; and that opening a page changes nothing. */
#include <stdio.h>

#include "lib/unit.h"
#include "t_site.h"

#include "base/arena.h"
#include "base/time.h"
#include "crypt/password.h"
#include "store/store.h"
#include "web/route.h"

#define FROM_HERE "Origin: http://site.example\r\n"
#define ALL_ROWS                                                                                    \
	"SELECT (SELECT COUNT(*) FROM session) * 1000000 + (SELECT COUNT(*) FROM audit) * 10000 + " \
	"(SELECT COUNT(*) FROM signin WHERE used IS NOT NULL) * 100 + (SELECT COUNT(*) FROM change)"

static const struct site_alert leave = {
	"0123abcd-1-1", 0, CAP_MSGTYPE_ALERT, CAP_SCOPE_PUBLIC, "Exercise",
	"Leave now",    0, ALERT_LIVE,
};

static void
make_link(struct site *s, int64_t expires, char form[128])
{
	struct token token;

	OK(s, signin_make(s->st, s->anna, expires, &token, &s->e));
	snprintf(form, 128, "token=%s", token.text);
}

/* "Cookie: tocsin=…" of the last answer, as a header line. */
static void
keep_cookie(const struct site *s, char cookie[256])
{
	struct sv set = site_header(s, "Set-Cookie");

	assert_true(set.n > 0);
	snprintf(cookie, 256, "Cookie: %.*s\r\n", SV_ARG(sv_head(set, sv_find_char(set, ';'))));
}

static void
sign_in(struct site *s, char cookie[256])
{
	char form[128];

	make_link(s, time_now() + 60, form);
	assert_int_equal(site_ask(s, "POST", "/desk/signin", FROM_HERE, form), 303);
	keep_cookie(s, cookie);
}

static void
keep_form(const struct site *s, char form[128])
{
	struct sv body = site_body(s);
	size_t at = sv_find(body, SV("name=\"form\" value=\""));
	struct sv value = sv_from(body, at + sizeof("name=\"form\" value=\"") - 1);

	assert_true(at < body.n);
	snprintf(form, 128, "form=%.*s", SV_ARG(sv_head(value, sv_find_char(value, '"'))));
}

static void
test_link(void **state)
{
	char form[128], over[128], path[256], cookie[256];
	struct site s;

	(void)state;
	site_open(&s, true);
	site_alert(&s, &leave);
	site_start(&s);
	make_link(&s, time_now() + 60, form);
	make_link(&s, time_now() - 1, over);
	/* A scanner opens it twice; it still works, once. */
	snprintf(path, sizeof(path), "/desk/signin?%s", form);
	assert_int_equal(site_get(&s, path), 200);
	assert_int_equal(site_get(&s, path), 200);
	assert_int_equal(site_ask(&s, "POST", "/desk/signin", FROM_HERE, over), 403);
	assert_int_equal(site_ask(&s, "POST", "/desk/signin", FROM_HERE, form), 303);
	assert_sv(site_header(&s, "Location"), SV("/desk"));
	assert_true(sv_ends(site_header(&s, "Set-Cookie"),
			    SV("; Path=/desk; HttpOnly; SameSite=Strict; Max-Age=43200")));
	keep_cookie(&s, cookie);
	assert_int_equal(site_ask(&s, "GET", "/desk", cookie, NULL), 200);
	assert_true(site_says(&s, "Leave now") && site_says(&s, "anna"));
	assert_int_equal(site_ask(&s, "GET", "/desk/alert/1", cookie, NULL), 200);
	assert_true(site_says(&s, "boris"));
	assert_int_equal(site_ask(&s, "GET", "/desk/alert/99", cookie, NULL), 404);
	assert_int_equal(site_ask(&s, "GET", "/desk/alert/x", cookie, NULL), 404);
	assert_int_equal(site_ask(&s, "POST", "/desk/signin", FROM_HERE, form), 403);
	assert_true(site_header(&s, "Set-Cookie").p == NULL);
	assert_int_equal(
		site_count(&s, "SELECT COUNT(*) FROM audit WHERE action = 'officer.signin'"), 1);
	site_close(&s);
}

/* The same form, sent from elsewhere. */
static void
test_from_elsewhere(void **state)
{
	static const char *const headers[] = {
		"Origin: http://evil.example\r\n",
		"Origin: null\r\n",
		"Origin: http://site.example.evil.example\r\n",
		"Sec-Fetch-Site: cross-site\r\n",
		"Sec-Fetch-Site: same-site\r\n",
		"Origin: http://site.example\r\nSec-Fetch-Site: cross-site\r\n",
	};
	char form[128], cookie[256], line[512];
	struct site s;
	size_t i;

	(void)state;
	site_open(&s, true);
	site_start(&s);
	make_link(&s, time_now() + 60, form);
	for (i = 0; i < ARRAY_LEN(headers); i++)
		assert_int_equal(site_ask(&s, "POST", "/desk/signin", headers[i], form), 403);
	sign_in(&s, cookie);
	assert_int_equal(site_ask(&s, "GET", "/desk", cookie, NULL), 200);
	keep_form(&s, form);
	for (i = 0; i < ARRAY_LEN(headers); i++) {
		snprintf(line, sizeof(line), "%s%s", cookie, headers[i]);
		assert_int_equal(site_ask(&s, "POST", "/desk/signout", line, form), 403);
	}
	assert_int_equal(site_ask(&s, "GET", "/desk", cookie, NULL), 200);
	site_close(&s);
}

static void
test_sign_out(void **state)
{
	char form[128], other[128], cookie[256], second[256], line[512];
	struct site s;

	(void)state;
	site_open(&s, true);
	site_start(&s);
	sign_in(&s, cookie);
	sign_in(&s, second);
	assert_int_equal(site_ask(&s, "GET", "/desk", second, NULL), 200);
	keep_form(&s, other);
	assert_int_equal(site_ask(&s, "GET", "/desk", cookie, NULL), 200);
	keep_form(&s, form);
	assert_string_not_equal(form, other);
	snprintf(line, sizeof(line), "%s" FROM_HERE, cookie);
	assert_int_equal(site_ask(&s, "POST", "/desk/signout", line, ""), 403);
	assert_int_equal(site_ask(&s, "POST", "/desk/signout", line, other), 403);
	assert_int_equal(site_ask(&s, "GET", "/desk/signout", cookie, NULL), 405);
	assert_int_equal(site_ask(&s, "POST", "/desk/signout", line, form), 303);
	assert_true(sv_find(site_header(&s, "Set-Cookie"), SV("Max-Age=0")) <
		    site_header(&s, "Set-Cookie").n);
	assert_int_equal(site_ask(&s, "GET", "/desk", cookie, NULL), 303);
	assert_int_equal(site_ask(&s, "GET", "/desk", second, NULL), 200);
	site_close(&s);
}

/* An officer who was disabled is out at once. */
static void
test_disabled(void **state)
{
	char cookie[256];
	struct site s;

	(void)state;
	site_open(&s, true);
	site_start(&s);
	sign_in(&s, cookie);
	assert_int_equal(site_ask(&s, "GET", "/desk", cookie, NULL), 200);
	OK(&s, store_exec(s.st, "UPDATE officer SET disabled = 1 WHERE name = 'anna'", NO_ARGS,
			  NULL, &s.e));
	assert_int_equal(site_ask(&s, "GET", "/desk", cookie, NULL), 303);
	site_close(&s);
}

static void
test_get_changes_nothing(void **state)
{
	char form[128], cookie[256], path[256];
	struct site s;
	int64_t before;
	size_t i;

	(void)state;
	site_open(&s, true);
	site_alert(&s, &leave);
	site_start(&s);
	sign_in(&s, cookie);
	make_link(&s, time_now() + 60, form);
	before = site_count(&s, ALL_ROWS);
	for (i = 0; i < routes_n; i++) {
		struct sv pattern = sv_of(routes[i].pattern);
		size_t star = sv_find_char(pattern, '*');

		snprintf(path, sizeof(path), "%.*s%s%.*s?%s", SV_ARG(sv_head(pattern, star)),
			 star < pattern.n ? "1" : "", SV_ARG(sv_from(pattern, star + 1)), form);
		site_ask(&s, "GET", path, cookie, NULL);
		site_ask(&s, "HEAD", path, cookie, NULL);
	}
	assert_int_equal(site_count(&s, ALL_ROWS), before);
	site_close(&s);
}

static void
test_password(void **state)
{
	struct buf hash = BUF_INIT(1024);
	char cookie[256];
	struct site s;
	int i;

	(void)state;
	site_open(&s, false);
	OK(&s, password_hash(&hash, SV("right horse"), &s.e));
	OK(&s, officer_set_password(s.st, s.anna, buf_sv(&hash), &s.e));
	site_start(&s);
	assert_int_equal(site_get(&s, "/desk/signin"), 200);
	assert_true(site_says(&s, "type=\"password\""));
	assert_int_equal(site_ask(&s, "POST", "/desk/signin", FROM_HERE,
				  "name=anna&password=right+horse"),
			 303);
	keep_cookie(&s, cookie);
	assert_int_equal(site_ask(&s, "GET", "/desk", cookie, NULL), 200);
	/* Wrong name and wrong password answer alike; then the window closes. */
	assert_int_equal(site_ask(&s, "POST", "/desk/signin", FROM_HERE,
				  "name=nobody&password=right+horse"),
			 403);
	assert_true(site_says(&s, "The name or the password is wrong."));
	for (i = 0; i < 10; i++)
		assert_int_equal(site_ask(&s, "POST", "/desk/signin", FROM_HERE,
					  "name=anna&password=wrong"),
				 403);
	assert_true(site_says(&s, "The name or the password is wrong."));
	assert_int_equal(site_ask(&s, "POST", "/desk/signin", FROM_HERE,
				  "name=anna&password=right+horse"),
			 429);
	assert_true(site_header(&s, "Retry-After").n > 0);
	buf_fini(&hash);
	site_close(&s);
}

/* In a practice installation the page takes links only: it may be open to many. */
static void
test_practice_has_no_password(void **state)
{
	struct site s;

	(void)state;
	site_open(&s, true);
	site_start(&s);
	assert_int_equal(site_get(&s, "/desk/signin"), 200);
	assert_false(site_says(&s, "type=\"password\""));
	assert_int_equal(site_ask(&s, "POST", "/desk/signin", FROM_HERE, "name=anna&password="),
			 403);
	site_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_from_elsewhere),
		cmocka_unit_test(test_sign_out),
		cmocka_unit_test(test_disabled),
		cmocka_unit_test(test_get_changes_nothing),
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_practice_has_no_password),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("web/officer", tests, NULL, NULL);
}
